"""A whole campaign, timed: ``python -m tests.bench campaign --units 300``.

Every unit hands in a filled workbook of its own. Beside the time on the clock stands the time of the processors, of
all processes together: what else the machine does lengthens the first, hardly the second. Memory is what all
processes hold together, pages they share counted once (PSS), looked at ten times a second. The plain way (xlsxwriter
whole, openpyxl twice, one row after the other into SQLite) is measured on some of the units in the same run.
"""

from __future__ import annotations

import gc
import io
import os
import resource
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
from xlsxwriter.worksheet import Worksheet

from xltool import rawzip
from xltool.campaign.board import make_board
from xltool.campaign.board_html import board_html
from xltool.campaign.deciding import accept, acceptable
from xltool.campaign.home import Campaign, Settings, create_campaign
from xltool.campaign.issuing import issue
from xltool.campaign.returning import return_units
from xltool.campaign.roster import Roster, RosterUnit
from xltool.campaign.summing import sum_up
from xltool.campaign.taking import take
from xltool.check.filing import examine
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.narrative.joined import with_texts
from xltool.samples import load_sample
from xltool.workbook import writer
from xltool.workbook.consolidated import write_consolidated
from xltool.workbook.identity import form_number
from xltool.workbook.writer import blank_filing, write_workbook
from xltool.xmltext import escape

YEAR = 2025
_PERMITS = FigureId("t2", "permits", "decisions")
_SENTINEL = 912_345_678
_SAMPLE = 6
"""Units done the plain way."""
_WRONG_EVERY = 3
"""Every third unit hands in something that has to go back."""
_IN_ORDER = "工作考核、社会评议、责任追究均按要求开展，没有应当追究责任的情形。"
_ALIKE = ("下发 issue", "登记 take")
"""The steps that the plain way is compared with."""


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and of the processors, for so many units."""

    clock: float
    processors: float
    units: int

    def __str__(self) -> str:
        each = 1000 / max(1, self.units)
        return (
            f"{self.clock:>9.2f}{self.processors:>10.2f}{self.clock * each:>12.2f}{self.processors * each:>12.2f}"
            f"{self.units / max(self.clock, 1e-9):>9.0f}"
        )


@dataclass
class Bench:
    """One run: what each step cost, and the most memory that all processes held."""

    units: int
    costs: dict[str, Cost] = field(default_factory=dict)
    most: int = 0

    def step(self, name: str, units: int, work: Callable[[], object]) -> None:
        """Do it, and print what it cost; files a second stand in the last column."""
        self.most = 0
        with Watch(self):
            clock, processors = time.perf_counter(), _processors()
            work()
            cost = Cost(time.perf_counter() - clock, _processors() - processors, units)
        self.costs[name] = cost
        print(f"{name:<14}{cost}{self.most >> 20:>9}", flush=True)

    def total(self, names: tuple[str, ...] = ()) -> Cost:
        chosen = [cost for name, cost in self.costs.items() if not names or name in names]
        return Cost(sum(c.clock for c in chosen), sum(c.processors for c in chosen), self.units)


class Watch:
    """Looks at the memory of this process and its workers while a step is done."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.over.wait(0.1):
            self.bench.most = max(self.bench.most, _memory())


def _memory() -> int:
    """Bytes held by this process and those it started; 0 where the system does not tell."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    try:
        processes = [str(os.getpid()), *children.read_text().split()]
    except OSError:
        return 0
    return sum(_held(process) for process in processes)


def _held(process: str) -> int:
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:  # it has just ended
        return 0
    return sum(int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("Pss:"))


def _processors() -> float:
    """Seconds that the processors have worked for this process and for its workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(units: int) -> None:
    """Print the table for a campaign of ``units``."""
    gc.set_threshold(500_000)  # as the program runs
    folder = Path(tempfile.mkdtemp(prefix="xltool-bench-"))
    try:
        _run(folder, units)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, units: int) -> None:
    sample = load_sample("suqian-2024")
    campaign = _campaign(folder, units)
    print(f"{units} 个单位，{os.cpu_count()} 个处理器，每 {_WRONG_EVERY} 个单位退回一个")
    print(f"{'步骤':<12}{'秒':>8}{'处理器秒':>7}{'每个 ms':>11}{'处理器 ms':>9}{'个/秒':>7}{'MB':>9}")
    bench, back = Bench(units), folder / "back"
    bench.step("下发 issue", units, lambda: issue(campaign))
    _hand_in(campaign, sample.filing, back)
    bench.step("登记 take", units, lambda: take(campaign, [back]))
    most = bench.most
    bench.step("再次登记 take", units, lambda: take(campaign, [back]))
    again = bench.costs.pop("再次登记 take")
    bench.step("进度 board", units, lambda: board_html(make_board(campaign)))
    bench.step("退回 return", -(-units // _WRONG_EVERY), lambda: return_units(campaign, None))
    most = max(most, bench.most)
    bench.step("审定 accept", units, lambda: accept(campaign, acceptable(campaign)))
    bench.step("汇总 consolidate", units, lambda: _consolidate(campaign, folder))
    most = max(most, bench.most)
    whole, alike = bench.total(), bench.total(_ALIKE)
    print(f"{'合计':<14}{whole}{most >> 20:>9}")
    print(f"再次登记没有重读已登记的（{again.clock * 1000 / units:.2f} ms 一个），不计入合计。")
    clock, processors = (of * 1000 / units for of in (alike.clock, alike.processors))
    plain = _plain(back, sample.filing, folder) * 1000
    print(
        f"下发、登记直接用库，按 {_SAMPLE} 个单位量得每个 {plain:.0f} ms：按钟点是本工具（{clock:.1f} ms）的 "
        f"{plain / clock:.1f} 倍，按处理器时间是本工具（{processors:.1f} ms）的 {plain / processors:.1f} 倍。"
    )


def _campaign(folder: Path, units: int) -> Campaign:
    """A campaign with last year's figures of all units: what was carried over agrees, the rest is this year's."""
    sample = load_sample("suqian-2024")
    now = sample.filing.values
    then = {FigureId("t3", "r4", f.column): now[f] for f in now if f.table == "t3" and f.row == "r2"}
    for row in ("rules", "documents"):
        made, repealed, left = (FigureId("t2", row, column) for column in ("made", "repealed", "in_force"))
        then[left] = now[left] - now[made] + now[repealed]
    then |= {f: now[f] + 1 for f in now if f.table == "t4"}
    prior = Filing(sample.form.id, sample.filing.unit, YEAR - 1, {**now, **then})
    entries = tuple(RosterUnit(n, Unit(f"示范县第{n:05d}局", f"{n:06d}", "市级政府")) for n in range(1, units + 1))
    form = sample.form
    settings = Settings(form.id, YEAR, "示范县人民政府办公室", date(2026, 1, 31), date(2026, 3, 31))
    campaign = create_campaign(folder / "campaign", form, settings, Roster(entries))
    with campaign.store.transaction():
        for entry in entries:
            campaign.store.put_seed(entry.name, replace(prior, unit=entry.unit))
    return campaign


def _consolidate(campaign: Campaign, folder: Path) -> None:
    """The sum of what is accepted, and its workbook."""
    total = sum_up(campaign, None, True)
    data = write_consolidated(
        campaign.form, total.consolidation, total.roster_rows, total.prior, total.draft_note, total.findings
    )
    (folder / "汇总.xlsx").write_bytes(data)


def _hand_in(campaign: Campaign, filing: Filing, back: Path) -> None:
    """Filled workbooks of all units: two are drawn (one right, one wrong), the rest patched. Not timed."""
    back.mkdir()
    somebody = Unit("示范县第00000局", "000000", "市级政府")
    right = replace(filing, unit=somebody, year=YEAR, values={**filing.values, _PERMITS: Decimal(_SENTINEL)})
    prior = campaign.store.seeds()[campaign.roster().units[0].name]
    right = _with_texts_in_order(campaign, right, prior)
    wrong = replace(right, values={**right.values, FigureId("t3", "r1", "company"): Decimal(1)})
    drawn = [rawzip.read(write_workbook(campaign.form, f, replace(prior, unit=somebody))) for f in (right, wrong)]
    for index, entry in enumerate(campaign.roster()):
        members = drawn[index % _WRONG_EVERY == 0]
        data = rawzip.write(_patched(campaign, members, somebody, entry.unit, index))
        (back / f"{index:05d}.xlsx").write_bytes(data)


def _with_texts_in_order(campaign: Campaign, filing: Filing, prior: Filing) -> Filing:
    """``filing`` with a plain word where something is found in a text."""
    found = with_texts(campaign.form, filing, prior, examine(campaign.form, filing, prior).findings)
    about = [f".{finding.key}." for finding in found if finding.is_open]
    texts = {
        part: _IN_ORDER if any(f".{part}." in key for key in about) else text for part, text in filing.texts.items()
    }
    return replace(filing, texts=texts)


def _patched(
    campaign: Campaign, members: dict[str, rawzip.RawMember], was: Unit, unit: Unit, index: int
) -> Iterator[tuple[str, bytes | rawzip.RawMember]]:
    form = campaign.form
    numbers = [form_number(form.code, form.id, u, YEAR, 1) for u in (was, unit)]
    changes = [
        (was.name, escape(unit.name)), (numbers[0], numbers[1]), (f"<t>{was.code}</t>", f"<t>{unit.code}</t>"),
        (f"<v>{_SENTINEL}</v>", f"<v>{1_000_000 + index}</v>"),
    ]  # fmt: skip
    for name, member in members.items():
        text = rawzip.unpack(member).decode()
        fresh = text
        for old, new in changes:
            fresh = fresh.replace(old, new)
        yield name, (member if fresh == text else rawzip.pack(fresh.encode(), level=1))


def _plain(back: Path, filing: Filing, folder: Path) -> float:
    """Seconds a unit: drawing its blank whole, reading its file twice, inserting its figures row by row."""
    # The library as it comes, without our short cut for formulas.
    vars(writer)["_sheet_class"] = lambda: Worksheet
    form = load_sample("suqian-2024").form
    database = sqlite3.connect(folder / "plain.db")
    database.execute("CREATE TABLE figure (unit TEXT, figure TEXT, value TEXT)")
    start = time.process_time()
    for index in range(_SAMPLE):
        write_workbook(form, blank_filing(form, Unit(f"示范县第{index}局"), YEAR))
        data = (back / f"{index:05d}.xlsx").read_bytes()
        for values in (False, True):
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=values)
            _ = [cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        for figure, value in filing.values.items():
            database.execute("INSERT INTO figure VALUES (?, ?, ?)", (str(index), str(figure), str(value)))
        database.commit()
    return (time.process_time() - start) / _SAMPLE


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""A whole campaign, timed: ``python -m tests.bench campaign --units 300``.

Every unit hands in a filled workbook of its own. The plain way (xlsxwriter whole, openpyxl twice, one row after
the other into SQLite) is measured on a sample of the units in the same run.
"""

from __future__ import annotations

import io
import os
import resource
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl

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
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.samples import load_sample
from xltool.workbook.identity import form_number
from xltool.workbook.writer import blank_filing, write_workbook
from xltool.xmltext import escape

YEAR = 2025
_PERMITS = FigureId("t2", "permits", "decisions")
_SENTINEL = 912_345_678
_SAMPLE = 6
"""Units done the plain way."""
_WRONG_EVERY = 10
"""Every tenth unit hands in something that has to go back."""


def main(units: int) -> None:
    """Print the table for a campaign of ``units``."""
    folder = Path(tempfile.mkdtemp(prefix="xltool-bench-"))
    try:
        _run(folder, units)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, units: int) -> None:
    sample = load_sample("suqian-2024")
    form = sample.form
    roster = Roster(
        tuple(RosterUnit(n, Unit(f"示范县第{n:05d}局", f"{n:06d}", "市级政府")) for n in range(1, units + 1))
    )
    settings = Settings(form.id, YEAR, "示范县人民政府办公室", date(2026, 1, 31), date(2026, 3, 31))
    campaign = create_campaign(folder / "campaign", form, settings, roster)
    seed = sample.prior
    assert seed is not None
    with campaign.store.transaction():
        for entry in roster:
            campaign.store.put_seed(entry.name, replace(seed, unit=entry.unit, year=YEAR - 1))
    print(f"{units} 个单位，{os.cpu_count()} 个处理器")
    print(f"{'步骤':<14}{'秒':>8}{'每个单位 ms':>12}{'个/秒':>8}")
    total = 0.0
    total += _timed("下发 issue", units, lambda: issue(campaign))
    back = folder / "back"
    _hand_in(campaign, sample.filing, back)
    total += _timed("登记 take", units, lambda: take(campaign, [back]))
    total += _timed("进度 board", units, lambda: board_html(make_board(campaign)))
    total += _timed("退回 return", units // _WRONG_EVERY, lambda: return_units(campaign, None))
    total += _timed("审定 accept", units, lambda: accept(campaign, acceptable(campaign)))
    total += _timed("汇总 consolidate", units, lambda: sum_up(campaign, None, True))
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(f"{'合计':<14}{total:>8.1f}{total * 1000 / units:>12.2f}{units / total:>8.0f}")
    print(f"内存峰值 {peak:.0f} MB（主进程与最大的一个子进程之和）")
    plain = _plain(back, sample.filing, folder)
    print(
        f"直接用库，按 {_SAMPLE} 个单位量得：每个单位 {plain * 1000:.0f} ms，是本工具的 {plain / (total / units):.1f} 倍"
    )


def _timed(step: str, count: int, work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    took = time.perf_counter() - start
    each = took * 1000 / max(1, count)
    print(f"{step:<14}{took:>8.2f}{each:>12.2f}{count / max(took, 1e-9):>8.0f}", flush=True)
    return took


def _hand_in(campaign: Campaign, filing: Filing, back: Path) -> None:
    """Filled workbooks of all units: two are drawn (one right, one wrong), the rest patched. Not timed."""
    back.mkdir()
    somebody = Unit("示范县第00000局", "000000", "市级政府")
    right = replace(filing, unit=somebody, year=YEAR, values={**filing.values, _PERMITS: Decimal(_SENTINEL)})
    wrong = replace(right, values={**right.values, FigureId("t3", "r1", "company"): Decimal(1)})
    prior = campaign.store.seeds()[campaign.roster().units[0].name]
    drawn = [rawzip.read(write_workbook(campaign.form, f, replace(prior, unit=somebody))) for f in (right, wrong)]
    for index, entry in enumerate(campaign.roster()):
        members = drawn[index % _WRONG_EVERY == 0]
        data = rawzip.write(_patched(campaign, members, somebody, entry.unit, index))
        (back / f"{index:05d}.xlsx").write_bytes(data)


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
    form = load_sample("suqian-2024").form
    database = sqlite3.connect(folder / "plain.db")
    database.execute("CREATE TABLE figure (unit TEXT, figure TEXT, value TEXT)")
    start = time.perf_counter()
    for index in range(_SAMPLE):
        write_workbook(form, blank_filing(form, Unit(f"示范县第{index}局"), YEAR))
        data = (back / f"{index:05d}.xlsx").read_bytes()
        for values in (False, True):
            book = openpyxl.load_workbook(io.BytesIO(data), data_only=values)
            _ = [cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        for figure, value in filing.values.items():
            database.execute("INSERT INTO figure VALUES (?, ?, ?)", (str(index), str(figure), str(value)))
        database.commit()
    return (time.perf_counter() - start) / _SAMPLE


if __name__ == "__main__":
    main(int(sys.argv[1]))

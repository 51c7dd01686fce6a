"""Campaigns and returned workbooks made for tests."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from tests.fills import all_zero
from xltool.campaign.home import Campaign, Settings, create_campaign
from xltool.campaign.roster import Change, Roster, RosterUnit
from xltool.campaign.store import DATABASE
from xltool.campaign.taking import Line, Outcome, Taking, take
from xltool.definition import form_by_id
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.workbook.writer import write_workbook

YEAR = 2024
OFFICE = "宁安县人民政府办公室"
EDUCATION, HEALTH, FINANCE, WATER = "宁安县教育局", "宁安县卫生健康局", "宁安县财政局", "宁安县水利局"
FOUR = (EDUCATION, HEALTH, FINANCE, WATER)
PERMITS = FigureId("t2", "permits", "decisions")
_TELLING = tuple(
    FigureId("t2", row, column)
    for row, column in (
        ("permits", "decisions"), ("penalties", "decisions"), ("coercion", "decisions"), ("fees", "amount"),
        ("documents", "in_force"), ("documents", "repealed"),
    )
)  # fmt: skip
"""Figures that stand in no relation to each other, enough of them to tell units apart."""


def the_form() -> Form:
    form = form_by_id("gkbg-2021")
    assert form is not None
    return form


@dataclass
class Clock:
    """A clock that goes on by a second whenever somebody looks."""

    time: datetime = field(default_factory=lambda: datetime(2025, 1, 6, 9, 0))

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def entry(order: int, name: str, superior: str = "", change: Change = Change.NONE, *others: str) -> RosterUnit:
    """A line of the roster; ``others``: predecessors, or who files for it."""
    filed_by = others[0] if change is Change.FILED_BY else ""
    predecessors = others if change in (Change.MERGED, Change.RENAMED) else ()
    return RosterUnit(order, Unit(name), superior, change=change, predecessors=predecessors, filed_by=filed_by)


def roster_of(units: Iterable[str | RosterUnit]) -> Roster:
    return Roster(tuple(u if isinstance(u, RosterUnit) else entry(n, u) for n, u in enumerate(units, start=1)))


def campaign_in(folder: Path, units: Iterable[str | RosterUnit] = FOUR) -> Campaign:
    """A new campaign in ``folder``, of 2024, with a clock of its own."""
    settings = Settings("gkbg-2021", YEAR, OFFICE, date(2025, 1, 31), date(2025, 3, 31))
    made = create_campaign(folder, the_form(), settings, roster_of(units))
    return replace(made, now=Clock(), who="张三")


def written(year: int) -> str:
    """A text with nothing to find, another one each year."""
    return WRITTEN if year % 2 == 0 else "上门收集的意见逐条登记，能办的当场答复，材料归档备查。"


WRITTEN = "各股室按月报送办理结果，由专人核对以后在网站公布。"


def filing(
    unit: str,
    values: Mapping[FigureId, int | Decimal] | None = None,
    unread: Mapping[FigureId, str] | None = None,
    year: int = YEAR,
    text: str = "",
) -> Filing:
    """All 0 and in order, but for ``values`` and ``unread``; ``text`` in every box in place of one that is in order."""
    form = the_form()
    figures = all_zero(form) | {figure: Decimal(value) for figure, value in (values or {}).items()}
    figures = {figure: value for figure, value in figures.items() if figure not in (unread or {})}
    return Filing(
        form.id,
        Unit(unit),
        year,
        figures,
        texts=dict.fromkeys(form.text_ids, text or written(year)),
        unread=dict(unread or {}),
    )


def telling(number: int) -> dict[FigureId, int]:
    """Enough figures that are not 0 to tell this unit from others; nothing is found in them."""
    return {figure: number + place for place, figure in enumerate(_TELLING)}


def good(unit: str, number: int = 0) -> bytes:
    """A workbook with nothing to find; another ``number`` makes another file."""
    return _written(unit, number, "")


def wrong(unit: str, typed: str = "无") -> bytes:
    """A workbook with one 错误: a text where a number is due."""
    return _written(unit, 0, typed)


@cache
def doubtful(unit: str, number: int = YEAR) -> bytes:
    """A workbook with one 核实: a number that looks like a year (or, 2025, the year after)."""
    assert number in (YEAR, YEAR + 1)
    return book(filing(unit, {PERMITS: number}))


@cache
def _written(unit: str, number: int, typed: str) -> bytes:
    values = telling(number * 10 + 1) if number else None
    return book(filing(unit, values, {PERMITS: typed} if typed else None))


def book(said: Filing, prior: Filing | None = None) -> bytes:
    return write_workbook(the_form(), said, prior)


def begun_in(folder: Path) -> Campaign:
    """教育局 has a 错误, 卫健局 a 核实, 财政局 nothing; 水利局 has not handed in."""
    made = campaign_in(folder / "2024")
    take_files(made, folder / "in", {"a": wrong(EDUCATION), "b": doubtful(HEALTH), "c": good(FINANCE)})
    return made


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write ``files`` by their names below ``folder``; gives the folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip as programs that know UTF-8 make it."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def take_files(campaign: Campaign, folder: Path, files: Mapping[str, bytes], workers: int = 1) -> Taking:
    """Take in these files, all at once."""
    return take(campaign, [put(folder, files)], workers=workers)


def take_one(campaign: Campaign, path: Path, data: bytes) -> Line:
    """Take in one file alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return take(campaign, [path]).lines[0]


def outcomes(taking: Taking) -> dict[str, Outcome]:
    """What became of each file, by its name."""
    return {Path(line.source).name: line.outcome for line in taking.lines}


def states(campaign: Campaign) -> dict[str, list[str]]:
    """Where every round of every unit stands."""
    found: dict[str, list[str]] = {}
    for submission in campaign.store.submissions():
        found.setdefault(submission.unit, []).append(str(submission.state))
    return found


def open_codes(campaign: Campaign, unit: str) -> list[str]:
    """Codes of what is open in the round that counts."""
    return [finding.code for finding in campaign.store.latest()[unit].findings if finding.is_open]


def decisions(campaign: Campaign) -> list[tuple[str, str]]:
    return [(decision.unit, decision.action) for decision in campaign.store.decisions()]


def kept(campaign: Campaign) -> dict[str, bytes]:
    """Every file under 原件 by its name."""
    return {path.name: path.read_bytes() for path in (campaign.folder / "原件").rglob("*") if path.is_file()}


def is_sound(folder: Path) -> bool:
    """Whether the database is whole, as it says itself."""
    connection = sqlite3.connect(folder / DATABASE)
    try:
        answer: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        connection.close()
    return answer == "ok"

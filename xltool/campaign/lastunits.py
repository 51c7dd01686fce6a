"""Whose a report of last year is: by its full name at once, by anything else only when the office has confirmed it.

What is to be confirmed stands in a table in the campaign's folder, one file a row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from xltool.campaign.names import Guess, bare, only_guess, place_of
from xltool.campaign.office_list import table_rows
from xltool.campaign.published import Published
from xltool.campaign.roster import Change, Roster
from xltool.csvtext import inert, said
from xltool.errors import FileRefused

_HEADINGS = ("文件", "读出的名称", "对应单位", "依据", "确认")
_FILE, _READ, _UNIT, _EVIDENCE, _CONFIRMED = _HEADINGS
YES, NO = "是", "否"
_NO_YEAR = "没有写年份"
_YES, _NO = frozenset("是有√yY1"), frozenset("否无×nN0")


@dataclass(frozen=True)
class Match:
    """One row: a file, the name in it, the unit it may be of ("" where nobody can guess), why, 是, 否 or ""."""

    file: str
    read: str
    unit: str
    evidence: str
    confirmed: str = ""

    @property
    def said(self) -> str:
        """The row as a sentence."""
        if not self.unit:
            return f"{self.file} 看不出是哪个单位的（{self.evidence}）"
        return f"{self.file} 像是 {self.unit}（{self.evidence}）"


@dataclass
class KnownNames:
    """Every name that the roster's units have or had. ``of_then``: the name of then, under which figures are kept."""

    roster: Roster
    of_then: dict[str, str] = field(init=False)
    place: str = field(init=False)

    def __post_init__(self) -> None:
        self.of_then = {}
        for unit in self.roster:
            renamed = unit.change is Change.RENAMED and unit.predecessors
            self.of_then[unit.name] = unit.predecessors[0] if renamed else unit.name
        for unit in self.roster:
            self.of_then |= {name: name for name in unit.predecessors}
        self._bare = {bare(name): then for name, then in self.of_then.items()}
        self.place = place_of([unit.name for unit in self.roster])

    def exact(self, name: str) -> str | None:
        """The name of then of the unit with this very name, spaces and brackets apart."""
        return self._bare.get(bare(name))

    def guess(self, name: str) -> Guess | None:
        return only_guess(name, self.of_then, self.place)


def match(read: Published, names: KnownNames, year: int, earlier: Match | None) -> str | Match:
    """The unit's name of then where it is certain; else the row to be confirmed, or the one that says 否.

    ``earlier``: the row of this file that the office has seen. FileRefused where it names no unit of the roster.
    """
    if earlier is not None and earlier.read == read.unit and earlier.confirmed:
        return _as_confirmed(earlier, names)
    exact = names.exact(read.unit) if read.unit else None
    if exact is None:
        guessed = _guessed(read, names)
        return guessed if read.year else replace(guessed, evidence=f"{guessed.evidence}；{_NO_YEAR}")
    named = next((unit for piece in _pieces(read.file) if (unit := names.exact(piece)) is not None), exact)
    if named != exact:
        return Match(read.file, read.unit, exact, f"标题写的是“{read.unit}”，文件名写的是“{named}”")
    if read.year != year:
        return Match(read.file, read.unit, exact, _NO_YEAR)
    return exact


def _as_confirmed(row: Match, names: KnownNames) -> str | Match:
    if row.confirmed == NO:
        return row
    unit = names.exact(row.unit) if row.unit else None
    if unit is None:
        raise FileRefused(f"对应单位写的是“{row.unit}”，名册里没有这个单位。请写名册上的全称。")
    return unit


def _guessed(read: Published, names: KnownNames) -> Match:
    """By the name in it; where that says nothing, by the file's name."""
    guess = names.guess(read.unit) if read.unit else None
    if guess is not None:
        return Match(read.file, read.unit, guess.name, guess.evidence)
    units: dict[str, str] = {}
    for piece in _pieces(read.file):
        exact = names.exact(piece)
        by_name = Guess(exact, "单位全称") if exact is not None else names.guess(piece)
        if by_name is not None:
            units[by_name.name] = f"文件名“{piece}”，{by_name.evidence}"
    why = f"标题写的是“{read.unit}”" if read.unit else "标题里没有单位名称"
    if len(units) == 1:
        ((unit, evidence),) = units.items()
        return Match(read.file, read.unit, unit, f"{why}；{evidence}")
    return Match(read.file, read.unit, "", why)


def _pieces(file: str) -> list[str]:
    """What may be names in a file's name: between digits, underscores and the like."""
    return [piece for piece in re.split(r"[\W\d_]+", PurePosixPath(file).stem) if len(piece) > 1]


def read_matches(data: bytes) -> dict[str, Match]:
    """The rows by file, of the table as the office saved it; FileRefused lists what cannot be understood."""
    rows = table_rows(data, _UNIT, "单位对应表")
    header = next((number for number, row in enumerate(rows) if _UNIT in row), None)
    if header is None or not {_FILE, _READ, _CONFIRMED} <= set(rows[header]):
        raise FileRefused(f"找不到表头。第一行应为：{'、'.join(_HEADINGS)}。")
    places = {heading: place for place, heading in enumerate(rows[header]) if heading in _HEADINGS}
    found: dict[str, Match] = {}
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        cells = {heading: said(row[place]) if place < len(row) else "" for heading, place in places.items()}
        if cells[_FILE]:
            answer = _answer(number, cells[_CONFIRMED])
            evidence = cells.get(_EVIDENCE, "")
            found[cells[_FILE]] = Match(cells[_FILE], cells[_READ], cells[_UNIT], evidence, answer)
    return found


def _answer(number: int, typed: str) -> str:
    if typed and typed not in _YES and typed not in _NO:
        raise FileRefused(f"第 {number} 行的“确认”写的是“{typed}”，应为“是”“否”或留空。")
    return "" if not typed else YES if typed in _YES else NO


def matches_table(matches: Iterable[Match]) -> bytes:
    """The table, as Excel and WPS open it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(_HEADINGS)
    for row in matches:
        writer.writerow(map(inert, (row.file, row.read, row.unit, row.evidence, row.confirmed)))
    return buffer.getvalue().encode("utf-8-sig")


def merged_rows(earlier: Mapping[str, Match], fresh: Iterable[Match]) -> list[Match]:
    """The office's rows with new ones added; what was answered stays as it was answered."""
    rows = dict(earlier)
    for row in fresh:
        before = rows.get(row.file)
        if before is None or not before.confirmed or before.read != row.read:
            # A unit that the office wrote in and has not confirmed yet stays.
            typed = before.unit if before is not None and before.read == row.read and not row.unit else row.unit
            rows[row.file] = replace(row, unit=typed)
    return list(rows.values())

"""A returned .xlsx as plain values: what stands in which cell, how the sheets are set up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal, cast

from xltool.spreadsheet.addresses import Area, area
from xltool.spreadsheet.cells import Cell, CellTable
from xltool.spreadsheet.limits import (
    MAX_COLUMNS,
    MAX_PROPERTIES,
    MAX_ROWS,
    MAX_SHEETS,
    Allowance,
    damaged,
    too_large,
)
from xltool.spreadsheet.package import Package, open_package
from xltool.spreadsheet.plainxml import plain_rows
from xltool.spreadsheet.relationships import relations, target_of
from xltool.spreadsheet.sheetscan import SheetScan
from xltool.spreadsheet.styles import date_styles, shared_strings
from xltool.spreadsheet.xmlscan import attribute, scan

__all__ = ["Cell", "Sheet", "State", "Workbook", "read_workbook"]

State = Literal["visible", "hidden", "veryHidden"]


@dataclass(frozen=True)
class Content:
    """What a sheet holds.

    ``cells`` with content by 0-based (row, column); ``merges`` as 0-based corners, both included.
    ``ignored``: cells with content and merges beyond row 20,000 or column 512.
    """

    cells: dict[tuple[int, int], Cell]
    merges: tuple[Area, ...]
    protected: bool
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    ignored: int


@dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet of a workbook; its content is read when it is first asked for. Equal where its content is.

    ``formulas``: how many cells hold a formula, told without reading the sheet; -1 where that is not known.
    """

    name: str
    state: State
    read: Callable[[], Content]
    formulas: Callable[[], int] = lambda: -1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sheet):
            return False
        return (self.name, self.state) == (other.name, other.state) and self.content == other.content

    def __hash__(self) -> int:
        return hash((self.name, self.state))

    @cached_property
    def content(self) -> Content:
        """FileRefused where the sheet's XML is not in order."""
        return self.read()

    @property
    def cells(self) -> dict[tuple[int, int], Cell]:
        return self.content.cells

    @property
    def merges(self) -> tuple[Area, ...]:
        return self.content.merges

    @property
    def protected(self) -> bool:
        return self.content.protected

    @property
    def hidden_rows(self) -> frozenset[int]:
        return self.content.hidden_rows

    @property
    def hidden_columns(self) -> frozenset[int]:
        return self.content.hidden_columns

    @property
    def ignored(self) -> int:
        return self.content.ignored


@dataclass(frozen=True)
class Workbook:
    """``properties``: the custom ones; ``creator``: the program that saved it, as it calls itself."""

    sheets: tuple[Sheet, ...]
    properties: dict[str, str]
    has_macros: bool
    external_links: int
    creator: str

    @property
    def ignored(self) -> int:
        """Cells with content and merges beyond what is read, in all sheets."""
        return sum(sheet.ignored for sheet in self.sheets)


def read_workbook(data: bytes, lazily: bool = False) -> Workbook:
    """Read an .xlsx or .xlsm; FileRefused, never another exception, for what is none or cannot be read.

    ``lazily``: sheets are read when they are looked at, and only then can they be refused.
    """
    package = open_package(data)
    top = relations(package, "")
    main = target_of(top, "officeDocument")
    related = relations(package, main)
    strings = _optional(package, target_of(related, "sharedStrings"))
    styles = _optional(package, target_of(related, "styles"))
    context = _Context(
        package,
        shared_strings(strings, package.allowance) if strings else {},
        date_styles(styles, package.allowance) if styles else frozenset(),
    )
    sheets = []
    for listed in _listed_sheets(package.part(main), package.allowance):
        relation = related.get(listed.relation)
        if relation is None:
            raise damaged(f"找不到工作表“{listed.name[:40]}”")
        if relation.kind == "worksheet":
            read = partial(_content, context, listed, relation.target)
            formulas = partial(_formulas, context, relation.target)
            sheets.append(Sheet(listed.name, listed.state, read, formulas))
    if not sheets:
        raise damaged("里面没有工作表")
    if not lazily:
        for sheet in sheets:
            _ = sheet.content
    return Workbook(
        sheets=tuple(sheets),
        properties=_custom_properties(_optional(package, target_of(top, "custom-properties")), package.allowance),
        has_macros=any(name.endswith("vbaproject.bin") for name in package.members),
        external_links=sum(relation.kind == "externalLink" for relation in related.values()),
        creator=_application(_optional(package, target_of(top, "extended-properties")), package.allowance),
    )


@dataclass(frozen=True)
class _Context:
    """What all sheets of a workbook share."""

    package: Package
    strings: dict[str, str]
    dates: frozenset[str]


@dataclass(frozen=True)
class _Listed:
    """A sheet as the workbook lists it; ``relation`` leads to its part."""

    name: str
    state: State
    relation: str


def _optional(package: Package, name: str) -> bytes:
    return package.part(name) if name else b""


def _listed_sheets(part: bytes, allowance: Allowance) -> list[_Listed]:
    listed: list[_Listed] = []

    def opened(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            state = attributes.get("state", "")
            known = cast(State, state if state in ("hidden", "veryHidden") else "visible")
            listed.append(_Listed(attributes.get("name", ""), known, attribute(attributes, "id")))
            if len(listed) > MAX_SHEETS:
                raise too_large(f"工作表超过 {MAX_SHEETS} 张")

    scan(part, allowance, opened)
    return listed


def _content(context: _Context, listed: _Listed, target: str) -> Content:
    allowance, part = context.package.allowance, context.package.part(target)
    table = CellTable(context.strings, context.dates, allowance)
    try:
        plain = plain_rows(part)
        if plain:
            allowance.use_cells(len(plain.cells))
            table.add(plain.cells)
        frame = SheetScan(plain.rest if plain else part, allowance, table.add)
        table.finish()
        merges = [_merge(merge) for merge in frame.merges]
        hidden_rows = frame.hidden_rows + (plain.hidden_rows if plain else [])
        return Content(
            cells=table.cells,
            merges=tuple(merge for merge in merges if merge),
            protected=frame.protected,
            hidden_rows=_rows(hidden_rows),
            hidden_columns=_columns(frame.hidden_columns),
            ignored=table.ignored + merges.count(None),
        )
    # A cell that is nowhere, or names a text that is not there.
    except (ValueError, LookupError) as error:
        raise damaged(f"工作表“{listed.name[:40]}”的内容不合规范") from error


_FORMULA = re.compile(rb"<f[\s/>]")


def _formulas(context: _Context, target: str) -> int:
    """Those in the usual spelling, without a prefix."""
    return len(_FORMULA.findall(context.package.part(target)))


def _merge(reference: str) -> Area | None:
    """The corners of a merge; None for one that is beyond the caps or, as LibreOffice may leave it, nowhere."""
    try:
        return area(reference)
    except ValueError:
        return None


def _rows(numbers: Iterable[str]) -> frozenset[int]:
    return frozenset(int(number) - 1 for number in numbers if int(number) <= MAX_ROWS)


def _columns(ranges: Iterable[tuple[str, str]]) -> frozenset[int]:
    columns: set[int] = set()
    for first, last in ranges:
        columns.update(range(max(int(first) - 1, 0), min(int(last), MAX_COLUMNS)))
    return frozenset(columns)


def _custom_properties(part: bytes, allowance: Allowance) -> dict[str, str]:
    properties: dict[str, str] = {}
    current = ""

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal current
        if name == "property":
            current = attributes.get("name", "")

    def closed(name: str, text: str) -> None:
        if name not in ("property", "Properties"):
            properties[current] = text
            if len(properties) > MAX_PROPERTIES:
                raise too_large("文档属性过多")

    if part:
        scan(part, allowance, opened, closed)
    return properties


def _application(part: bytes, allowance: Allowance) -> str:
    found: list[str] = []

    def closed(name: str, text: str) -> None:
        if name == "Application":
            found.append(text)

    if part:
        scan(part, allowance, closed=closed)
    return found[0] if found else ""

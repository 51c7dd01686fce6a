"""The words of a layout: places, and the four kinds of cells."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from xltool.figure import FigureId, Kind
from xltool.spreadsheet.addresses import column_letters


class Place(NamedTuple):
    """One cell; row and column from 0."""

    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        """``D5``, as people read it."""
        return f"{column_letters(self.column)}{self.row + 1}"

    @property
    def absolute(self) -> str:
        """``'表三'!$D$5``, for formulas that point at locked cells."""
        return f"'{self.sheet}'!${column_letters(self.column)}${self.row + 1}"

    def indexed(self) -> str:
        """The cell as a position in a fixed range: cutting or dragging it elsewhere does not drag this along.

        The corners of the range are locked cells, which nobody can move.
        """
        corner = f"${column_letters(INDEX_COLUMNS - 1)}${INDEX_ROWS}"
        return f"INDEX('{self.sheet}'!$A$1:{corner},{self.row + 1},{self.column + 1})"


def stripped(reference: str) -> str:
    """A cell's text for comparing, without spaces and line ends around it, as ``str.strip`` leaves it."""
    return f'TRIM(SUBSTITUTE(SUBSTITUTE({reference},"　"," "),CHAR(10)," "))'


INDEX_ROWS = 1000
INDEX_COLUMNS = 40


@dataclass(frozen=True)
class Area:
    """A rectangle of a sheet, merged where it is more than one cell."""

    place: Place
    height: int = 1
    width: int = 1

    @property
    def last(self) -> Place:
        place = self.place
        return Place(place.sheet, place.row + self.height - 1, place.column + self.width - 1)

    @property
    def range(self) -> str:
        return f"{self.place.cell}:{self.last.cell}"


class Style(Enum):
    """How a cell looks; the writer gives each its format."""

    TITLE = "title"
    SECTION = "section"
    TEXT = "text"
    HINT = "hint"
    LINK = "link"
    LABEL = "label"
    LABEL_LEFT = "label_left"
    CORNER = "corner"
    BAND_LABEL = "band_label"
    BAND = "band"
    HEADER = "header"
    LIST = "list"
    LIST_CENTRE = "list_centre"
    LIST_LINK = "list_link"
    STATE = "state"
    OVERALL = "overall"
    FACT = "fact"
    STAMP = "stamp"
    NUMBER = "number"
    TOTAL = "total"
    INPUT = "input"
    INPUT_CHOICE = "input_choice"
    INPUT_LINE = "input_line"
    INPUT_TEXT = "input_text"
    DRAFT = "draft"
    BLOCKED = "blocked"
    DATA = "data"


@dataclass(frozen=True)
class Fixed:
    """A locked text that is the same for every unit; ``note`` is its 楷体 part; ``link`` a cell it leads to."""

    area: Area
    text: str
    style: Style
    note: str = ""
    link: Place | None = None


@dataclass(frozen=True)
class Stamp:
    """A locked constant of this unit: its name, its number, last year's figures."""

    area: Area
    key: str
    style: Style


@dataclass(frozen=True)
class Input:
    """A cell the unit fills in. ``kind`` for figures; ``limit`` in characters for texts; a prompt when selected."""

    area: Area
    key: str
    style: Style
    kind: Kind | None = None
    limit: int = 0
    prompt: str = ""
    message: str = ""


@dataclass(frozen=True)
class Computed:
    """A locked formula (without "="); its true value at writing is looked up by ``key``.

    ``figure``: the total that the official table shows here, None elsewhere.
    """

    area: Area
    key: str
    formula: str
    style: Style
    figure: FigureId | None = None


Cell = Fixed | Stamp | Input | Computed


@dataclass(frozen=True)
class Highlight:
    """A conditional format: ``formula`` is relative to the area's first cell."""

    area: Area
    formula: str
    style: str


@dataclass(frozen=True)
class Mark:
    """A cell to be put right: ``style`` "wrong" or "open", ``until``: the formula that tells when it is.

    ``comment`` "" where another cell's comment says it.
    """

    area: Area
    style: str
    until: str
    comment: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells, and how it is shown and printed."""

    name: str
    cells: tuple[Cell, ...]
    widths: tuple[float, ...]
    heights: dict[int, float] = field(default_factory=dict)
    highlights: tuple[Highlight, ...] = ()
    freeze: tuple[int, int] = (0, 0)
    print_area: Area | None = None
    landscape: bool = False
    repeat_rows: tuple[int, int] | None = None
    hidden: bool = False
    filter_area: Area | None = None
    tab: str = ""
    """Colour of the sheet's tab, "" for none."""
    marks: tuple[Mark, ...] = ()

    @cached_property
    def printed(self) -> tuple[tuple[int, int, str], ...]:
        """Row, column and text of every locked label."""
        return tuple(
            (cell.area.place.row, cell.area.place.column, cell.text + cell.note)
            for cell in self.cells
            if isinstance(cell, Fixed) and cell.text + cell.note
        )

    @cached_property
    def shown_formulas(self) -> tuple[Place, ...]:
        """Formulas that are not totals of an official table."""
        return tuple(c.area.place for c in self.cells if isinstance(c, Computed) and c.figure is None)

    @cached_property
    def positions(self) -> frozenset[tuple[int, int]]:
        """Row and column of every cell, of merged ones the first."""
        return frozenset((cell.area.place.row, cell.area.place.column) for cell in self.cells)


@dataclass(frozen=True)
class Layout:
    """All sheets in order."""

    sheets: tuple[Sheet, ...]

    def cells(self) -> Iterator[Cell]:
        for sheet in self.sheets:
            yield from sheet.cells

    @cached_property
    def inputs(self) -> dict[str, Input]:
        """Inputs by key."""
        return {cell.key: cell for cell in self.cells() if isinstance(cell, Input)}

    @cached_property
    def figures(self) -> dict[FigureId, Input | Computed]:
        """The cells of the official tables: inputs, and totals."""
        found: dict[FigureId, Input | Computed] = {}
        for cell in self.cells():
            if isinstance(cell, Input) and cell.kind is not None:
                found[FigureId.parse(cell.key)] = cell
            elif isinstance(cell, Computed) and cell.figure is not None:
                found[cell.figure] = cell
        return found

    @cached_property
    def computed(self) -> dict[str, Computed]:
        """Formulas by key; keys that stand in several places keep the first."""
        found: dict[str, Computed] = {}
        for cell in self.cells():
            if isinstance(cell, Computed):
                found.setdefault(cell.key, cell)
        return found


UNITS_PER_CHARACTER = 2.15
"""Width of one Chinese character at 11 pt, in Excel's column width units (one digit of the default font)."""


def text_units(text: str, size: float = 11) -> float:
    """The width of the longest line of ``text`` in column width units."""
    longest = max((sum(_char_units(char) for char in line) for line in text.split("\n")), default=0)
    return longest * size / 11


def _char_units(char: str) -> float:
    return UNITS_PER_CHARACTER if ord(char) >= 0x2000 else 1.05


def lines_needed(text: str, width: float, size: float = 11) -> int:
    """How many lines ``text`` takes in a cell ``width`` column units wide."""
    usable = max(width - 1.2, UNITS_PER_CHARACTER)
    return sum(max(1, math.ceil(text_units(line, size) / usable)) for line in text.split("\n"))


def height_needed(text: str, width: float, size: float = 11) -> float:
    """The row height in points that shows all of ``text``."""
    return lines_needed(text, width, size) * size * 1.45 + 4

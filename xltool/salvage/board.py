"""A table of a document laid out for looking things up: what stands where, which cells are amounts, which labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from xltool.documents.model import Cell, DocTable
from xltool.numerals import read_number
from xltool.salvage.amounts import DOUBTED
from xltool.salvage.labels import Likeness, Said, Wanted, said, tightened
from xltool.spreadsheet.addresses import column_letters

_LONGEST_AMOUNT = 40
_LARGEST_SPAN, _MOST_PLACES = 2_000, 1_000_000
_UNREADABLE = ("#", DOUBTED)


@dataclass(frozen=True)
class Span:
    """Lines of a grid from ``start`` up to but not including ``end``."""

    start: int
    end: int

    def meets(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, eq=False)
class Board:
    """One table. ``complete``: the source gives empty cells too, so that a row that is too short can be seen."""

    table: DocTable
    order: int
    complete: bool

    @cached_property
    def at(self) -> dict[tuple[int, int], Cell]:
        """Which cell covers each place; huge spans, that only a broken file has, cover their first place alone."""
        places: dict[tuple[int, int], Cell] = {}
        for cell in self.table.cells:
            whole = cell.rows * cell.columns <= _LARGEST_SPAN and len(places) < _MOST_PLACES
            for row in range(cell.row, cell.row + (cell.rows if whole else 1)):
                for column in range(cell.column, cell.column + (cell.columns if whole else 1)):
                    places[row, column] = cell
        return places

    @cached_property
    def height(self) -> int:
        return self.table.height

    @cached_property
    def width(self) -> int:
        return self.table.width

    @cached_property
    def labels(self) -> tuple[tuple[Cell, Said], ...]:
        """Every cell that could be a label."""
        spoken = ((cell, said(cell.text)) for cell in self.table.cells if cell.text and not is_amount(cell))
        return tuple((cell, label) for cell, label in spoken if label.words)

    def having(self, label: Wanted) -> tuple[tuple[Cell, Said], ...]:
        """The cells that are this label of the form."""
        if label not in self._found:
            words = {*label.spellings, label.plain.whole, label.printed.whole}
            places = sorted({place for word in words for place in self._by_word.get(word, ())})
            near = (self.labels[place] for place in places)
            self._found[label] = tuple(spot for spot in near if label.likeness(spot[1]) is Likeness.SAME)
        return self._found[label]

    @cached_property
    def _found(self) -> dict[Wanted, tuple[tuple[Cell, Said], ...]]:
        return {}

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for place, (_, label) in enumerate(self.labels):
            for word in {label.words, label.core, label.whole}:
                index.setdefault(word, []).append(place)
        return index

    @cached_property
    def amounts(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.table.cells if is_amount(cell))

    @cached_property
    def ragged(self) -> frozenset[int]:
        """Rows that do not reach the table's full width: cells in them may have moved."""
        if not self.complete:
            return frozenset()
        width = range(self.width)
        return frozenset(row for row in range(self.height) if any((row, column) not in self.at for column in width))

    def words_in(self, row: int) -> Iterator[Cell]:
        """Labels that begin in this row."""
        return (cell for cell, _ in self.labels if cell.row == row)

    def in_row(self, rows: Span, columns: Span) -> Iterator[Cell]:
        """Cells within both spans, each once, from left to right."""
        met: set[Cell] = set()
        for row in range(rows.start, rows.end):
            for column in range(columns.start, columns.end):
                cell = self.at.get((row, column))
                if cell is not None and cell not in met:
                    met.add(cell)
                    yield cell

    def place(self, cell: Cell) -> str:
        """Where a person finds the cell: sheet and address, or the table and its row and column."""
        if self.table.spreadsheet:
            return f"{self.table.place} {column_letters(cell.column)}{cell.row + 1}"
        return f"{self.table.place} 第{cell.row + 1}行第{cell.column + 1}列"


def is_amount(cell: Cell) -> bool:
    """Whether a number is meant to stand here: one does, or a dash, an error, 无."""
    return cell.number is not None or (len(cell.text) <= 2 * _LONGEST_AMOUNT and _means_amount(cell.text))


@lru_cache(maxsize=10_000)
def _means_amount(typed: str) -> bool:
    text = tightened(typed)
    if not text or len(text) > _LONGEST_AMOUNT:
        return False
    read = read_number(text)
    return read.value is not None or read.likely is not None or text.startswith(_UNREADABLE)


def rows_of(cell: Cell) -> Span:
    return Span(cell.row, cell.row + cell.rows)


def columns_of(cell: Cell) -> Span:
    return Span(cell.column, cell.column + cell.columns)

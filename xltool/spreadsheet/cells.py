"""From what a cell's XML says to what the cell means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, cast

from xltool.spreadsheet.addresses import within_limits
from xltool.spreadsheet.limits import Allowance
from xltool.spreadsheet.plainxml import LESS_THAN
from xltool.spreadsheet.shift import shifted
from xltool.spreadsheet.styles import plain_text

Position = tuple[int, int]
CellKind = Literal["n", "s", "b", "e", "d"]
# What Excel shows for a data table, which has no formula text of its own.
_DATA_TABLE = "TABLE()"


# A tuple, because making thousands of frozen dataclasses takes longer than reading the file.
class Cell(NamedTuple):
    """A cell with content.

    ``kind``: n number, s text, b truth value, e error, d date written in ISO 8601. ``text``: the value as
    the file stores it (`72701.257799999992`, `1` for TRUE, `#REF!`), for a text the text itself, '' when a
    formula has no stored result. ``formula``: without the equals sign. ``is_date``: a number shown as date or
    time.
    """

    kind: CellKind
    text: str
    formula: str | None
    is_date: bool


class CellTable:
    """The cells of one sheet as they come in; the last of two at the same place counts."""

    def __init__(self, strings: dict[str, str], dates: frozenset[str], allowance: Allowance) -> None:
        self.cells: dict[Position, Cell] = {}
        self.ignored = 0
        self._strings = strings
        self._dates = dates
        self._allowance = allowance
        self._masters: dict[str, tuple[Position, str]] = {}
        self._repeats: list[tuple[Position, str]] = []

    def add(self, raw_cells: Iterable[tuple[str, ...]]) -> None:
        """Take in ``RawCell``s or tuples like them, perhaps with ``LESS_THAN`` for <, empty ones left out.

        LookupError or ValueError for a cell that is nowhere or names a text that does not exist.
        """
        # Past the constructor's wrapper, which takes as long again as making the cell.
        new = tuple.__new__
        cells, strings, dates = self.cells, self._strings, self._dates
        for reference, style, kind, formula_kind, group, formula, value, _ in raw_cells:
            if not (value or formula or formula_kind):
                continue
            where = within_limits(reference)
            if where is None:
                self.ignored += 1
                continue
            if formula_kind or LESS_THAN in formula or LESS_THAN in value:
                formula = self._formula(where, formula_kind, group, formula)
                value = value.replace(LESS_THAN, "<")
            if kind == "s":
                cell = new(Cell, ("s", strings[value], formula or None, False))
            elif not kind or kind == "n":
                cell = new(Cell, ("n", value, formula or None, style in dates))
            else:
                cell = _other_cell(kind, value, formula)
            if cell.text or formula:
                cells[where] = cell

    def finish(self) -> None:
        """Write out the shared formulas in the cells that repeat them, which may come before the original."""
        for where, group in self._repeats:
            origin, original = self._masters.get(group, (where, "#REF!"))
            formula = shifted(original, where[0] - origin[0], where[1] - origin[1])
            self._allowance.use_formula_text(len(formula))
            self._allowance.use_time()
            self.cells[where] = self.cells[where]._replace(formula=formula)

    def _formula(self, where: Position, formula_kind: str, group: str, formula: str) -> str:
        formula = formula.replace(LESS_THAN, "<")
        if formula_kind == "dataTable":
            return formula or _DATA_TABLE
        if formula_kind == "shared":
            if not formula:
                self._repeats.append((where, group))
                return "#REF!"
            self._masters.setdefault(group, (where, formula))
        return formula


def _other_cell(kind: str, value: str, formula: str) -> Cell:
    """A cell of a less frequent kind; one that no program writes is taken as text."""
    if kind in ("b", "e", "d"):
        return Cell(cast(CellKind, kind), value, formula or None, kind == "d")
    return Cell("s", plain_text(value), formula or None, False)

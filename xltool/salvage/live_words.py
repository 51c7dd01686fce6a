"""What formulas of the form's own workbook say, known by its words where the source has only their results.

A CSV, or a copy pasted as values, does not tell a live count of characters from what somebody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xltool.documents.model import DocTable
from xltool.form import Form
from xltool.salvage.labels import letters
from xltool.workbook.layout import Computed, Fixed, Sheet, Style, make_layout

_ANY_YEAR = 2021
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_LEAST_LETTERS = 2
_LONGEST = 120


@dataclass(frozen=True)
class LiveWords:
    """``counted``: what formulas put together of their pieces of text; ``hints``: what stands above a draft."""

    counted: re.Pattern[str]
    hints: frozenset[str]

    def in_table(self, table: DocTable) -> frozenset[tuple[int, int]]:
        """Where cells hold such results."""
        above = {
            (cell.row + cell.rows, cell.column): letters(cell.text) in self.hints for cell in table.cells if cell.text
        }
        counted = {text for text in {cell.text for cell in table.cells} if self._is_counted(text)}
        return frozenset(
            (cell.row, cell.column)
            for cell in table.cells
            if above.get((cell.row, cell.column)) or cell.text in counted
        )

    def _is_counted(self, text: str) -> bool:
        said = letters(text) if len(text) <= _LONGEST else ""
        return len(said) >= _LEAST_LETTERS and self.counted.fullmatch(said) is not None


@lru_cache(maxsize=8)
def live_words(form: Form) -> LiveWords:
    """Those of the sheets that people see."""
    sheets = [sheet for sheet in make_layout(form, _ANY_YEAR, True).sheets if not sheet.hidden]
    patterns = dict.fromkeys(pattern for sheet in sheets for pattern in _patterns(sheet))
    hints = frozenset(hint for sheet in sheets for hint in _hints(sheet))
    return LiveWords(re.compile("|".join(patterns)), hints)


def _patterns(sheet: Sheet) -> Iterator[str]:
    """Numbers and the words of one formula, in whatever order."""
    for cell in sheet.cells:
        if isinstance(cell, Computed) and cell.style is not Style.DRAFT:
            words = sorted({letters(word) for word in _QUOTED.findall(cell.formula)} - {""}, key=len, reverse=True)
            if words:
                yield f"(?:[0-9]|{'|'.join(map(re.escape, words))})+"


def _hints(sheet: Sheet) -> Iterator[str]:
    drafts = {cell.area.place for cell in sheet.cells if isinstance(cell, Computed) and cell.style is Style.DRAFT}
    for cell in sheet.cells:
        if isinstance(cell, Fixed) and cell.area.last._replace(column=cell.area.place.column) in {
            place._replace(row=place.row - 1) for place in drafts
        }:
            yield letters(cell.text)

"""Where a cell stands: 0-based row and column for what the file writes as B12."""

from __future__ import annotations

import re
from functools import lru_cache

from xltool.spreadsheet.limits import MAX_COLUMNS, MAX_ROWS

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")

#: First row, first column, last row, last column; 0-based, the last ones included.
Area = tuple[int, int, int, int]


# A form's cells have the same references in every file that is read.
@lru_cache(1 << 15)
def within_limits(reference: str) -> tuple[int, int] | None:
    """Row and column of B12, None when beyond what is read; ValueError when it is no reference."""
    row, column = position(reference)
    return (row, column) if row < MAX_ROWS and column < MAX_COLUMNS else None


def position(reference: str) -> tuple[int, int]:
    """Row and column of B12; ValueError when it is no reference."""
    found = _REFERENCE.fullmatch(reference)
    if not found or int(found.group(2)) == 0:
        raise ValueError(f"not a cell: {reference[:20]!r}")
    return int(found.group(2)) - 1, column_number(found.group(1))


def area(reference: str) -> Area | None:
    """The corners of B2:C3; None when it reaches beyond what is read. ValueError: no such reference."""
    first, _, last = reference.partition(":")
    start, end = within_limits(first), within_limits(last or first)
    if start is None or end is None:
        return None
    rows, columns = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return rows[0], columns[0], rows[1], columns[1]


def column_number(letters: str) -> int:
    """0 for A, 27 for AB."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


@lru_cache(1024)
def column_letters(column: int) -> str:
    """A for 0, AB for 27."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

"""Shared formulas written out: Excel stores them once and only names them in the cells that repeat them."""

from __future__ import annotations

import re

from xltool.spreadsheet.addresses import column_letters, column_number

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
# What Excel allows; the time for a longer one would not be in proportion.
_LONGEST = 8_192

# What must not be touched (text, quoted sheet names, [1] and table columns, names and functions) is matched
# first; then whole columns, whole rows and cells.
_TOKEN = re.compile(
    r"""(?:"[^"]*"|'[^']*'!?|\[[^\]]*\]"""
    r"""|[A-Za-z_\\\u0080-\uffff][\w.\\]*+(?=[(!])"""
    r"""|\d++\.?+\d*+[eE][+-]?\d++"""
    r"""|\d*+\.\d++)"""
    r"""|(?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.(!]))"""
    r"""|(?P<rows>\$?\d{1,7}:\$?\d{1,7}(?![\w.(!]))"""
    r"""|(?P<cell>\$?[A-Za-z]{1,3}\$?\d{1,7}(?![\w.(!\\]))"""
    r"""|[\w.\\$]++"""
)
_PART = re.compile(r"(\$?)([A-Za-z]+)|(\$?)(\d+)")


def shifted(formula: str, rows: int, columns: int) -> str:
    """``formula`` as it reads so many rows below and columns to the right: relative references move.

    A reference that leaves the sheet becomes #REF!, and so does a formula longer than any program allows.
    """
    if len(formula) > _LONGEST:
        return "#REF!"

    def moved(found: re.Match[str]) -> str:
        return _moved(found.group(), rows, columns) if found.lastgroup else found.group()

    return _TOKEN.sub(moved, formula)


def _moved(reference: str, rows: int, columns: int) -> str:
    inside = True

    def part(found: re.Match[str]) -> str:
        nonlocal inside
        fixed_column, letters, fixed_row, digits = found.groups()
        if letters:
            column = column_number(letters) + (0 if fixed_column else columns)
            inside = inside and 0 <= column < _LAST_COLUMN
            return fixed_column + (letters if fixed_column or not inside else column_letters(column))
        row = int(digits) + (0 if fixed_row else rows)
        inside = inside and 1 <= row <= _LAST_ROW
        return f"{fixed_row}{row}"

    result = _PART.sub(part, reference)
    return result if inside else "#REF!"

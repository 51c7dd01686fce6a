"""Values as programs store them → the text that people see, and the exact number."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from xltool.documents.model import Cell
from xltool.figure import plain
from xltool.numerals import exact

_DAY_ZERO = date(1899, 12, 30)
_DAY_ZERO_1904 = date(1904, 1, 1)


def number_cell(stored: str, row: int, column: int, formula: bool = False) -> Cell:
    """A cell with the number that ``stored`` says, without the noise of binary fractions; a text if it is none."""
    try:
        number = exact(stored)
    except ValueError:
        return Cell(stored.strip(), row, column, formula=formula)
    return Cell(plain(number), row, column, number=number, formula=formula)


def date_text(serial: float, since_1904: bool = False) -> str:
    """2022年1月20日 for 44581; the number as it is where no date has it."""
    try:
        day = (_DAY_ZERO_1904 if since_1904 else _DAY_ZERO) + timedelta(days=int(serial))
    except (OverflowError, ValueError):
        return f"{serial:g}"
    return day_text(day)


def day_text(day: date) -> str:
    """2022年1月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def python_cell(value: object, row: int, column: int, formula: bool = False) -> Cell | None:
    """A cell with a value as libraries give it; None for an empty one."""
    match value:
        case None | "":
            return None
        case bool():
            return Cell("TRUE" if value else "FALSE", row, column, formula=formula)
        case int() | float() | Decimal():
            return number_cell(repr(value) if isinstance(value, float) else str(value), row, column, formula)
        case datetime() | date():
            return Cell(day_text(value), row, column, formula=formula)
        case time() | timedelta():
            return Cell(str(value), row, column, formula=formula)
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return Cell(text, row, column, formula=formula) if text else None

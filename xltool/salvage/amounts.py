"""One cell of a document → one figure, by the same readings as a cell of a workbook."""

from __future__ import annotations

import re
from decimal import Decimal

from xltool.documents.model import Cell
from xltool.figure import Kind, plain
from xltool.form import Figure
from xltool.salvage.certainty import Certainty, Lack, Sureness, missing
from xltool.salvage.labels import Said
from xltool.spreadsheet.cells import Cell as RawCell
from xltool.workbook.entries import read_figure

_SPLIT = re.compile(r"\d\s+\d")
_MULTIPLES = re.compile("[十百千万亿]")
DOUBTED = "待核"
"""Stands before a doubtful number in its cell of the workbook: it is no number until a person takes this away."""


def read_amount(cell: Cell | None, figure: Figure, place: str) -> Certainty:
    """What ``cell`` says; the labels' part in how sure it is comes later."""
    if cell is None or not (cell.text.strip() or cell.number is not None):
        return missing(Lack.BLANK, "", place)
    quoted = " ".join(cell.text.split()) or plain(cell.number or Decimal(0))
    value = cell.number
    if value is None:
        value = _typed(cell.text, figure, place)
    if value is None:
        return missing(Lack.NOT_A_NUMBER, quoted, place)
    read = Certainty(Sureness.SURE, value, quoted, "", place)
    if cell.number is None and _SPLIT.search(cell.text.strip()):
        return read.doubted("数字中间断开了，可能是两个数")
    if not figure.kind.accepts(value):
        return read.doubted(f"应为{figure.kind.expectation}")
    return read


def _typed(text: str, figure: Figure, place: str) -> Decimal | None:
    if text.startswith(DOUBTED):
        return None
    return read_figure(RawCell("s", text, None, False), figure, "", place, {}).value


def unit_doubt(figure: Figure, expected: Said, printed: Said) -> str:
    """Why the measure may be another than the form's, "" where it is the same; ``expected``: the form's label."""
    if figure.kind.unit == Kind.COUNT.unit:
        return f"原件的单位是“{printed.unit}”" if _MULTIPLES.match(printed.unit) else ""
    if printed.unit == expected.unit:
        return ""
    if printed.unit:
        agreed = printed.unit == figure.kind.unit
        return "" if agreed else f"原件的单位是“{printed.unit}”，应为“{figure.kind.unit}”"
    return f"原件没有写明单位是“{figure.kind.unit}”"

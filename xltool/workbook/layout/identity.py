"""The hidden 标识 sheet: which workbook this is, and last year's figures as they were seeded."""

from __future__ import annotations

from xltool.form import Form
from xltool.workbook.layout.addresses import IDENTITY, IDENTITY_KEYS, Addresses, Column
from xltool.workbook.layout.model import Area, Cell, Fixed, Place, Sheet, Stamp, Style

YES = "是"
"""What is chosen in the cell 本表空白格均为 0."""


def identity_sheet(form: Form, at: Addresses, year: int) -> Sheet:
    """Names and values: identity, powers, last year's figures."""
    cells: list[Cell] = [_fixed(0, Column.NAME, "xltool"), _fixed(0, Column.VALUE, "1")]
    constants = {"form": form.id, "digest": form.digest, "year": str(year)}
    for key in (*IDENTITY_KEYS, *(f"power.{name}" for name in form.powers)):
        row = at.identity[key]
        cells.append(_fixed(row, Column.NAME, key))
        if key in constants:
            cells.append(_fixed(row, Column.VALUE, constants[key]))
        else:
            cells.append(_stamp(row, key))
    for figure, row in at.prior.items():
        cells.append(_fixed(row, Column.NAME, str(figure)))
        cells.append(_stamp(row, f"prior.{figure}"))
    return Sheet(IDENTITY, tuple(cells), (24, 44), hidden=True)


def _fixed(row: int, column: int, text: str) -> Fixed:
    return Fixed(Area(Place(IDENTITY, row, column)), text, Style.DATA)


def _stamp(row: int, key: str) -> Stamp:
    return Stamp(Area(Place(IDENTITY, row, Column.VALUE)), key, Style.DATA)

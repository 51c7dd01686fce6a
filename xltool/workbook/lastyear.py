"""Last year's figures as a returned workbook shows them: nothing is read there, but they are locked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from xltool.check.finding import Finding, made
from xltool.figure import FigureId, plain
from xltool.form import Form
from xltool.numerals import exact
from xltool.spreadsheet import sheets as raw
from xltool.workbook.layout import Computed, Sheet, make_layout
from xltool.workbook.layout.addresses import PRIOR
from xltool.workbook.locate import locate
from xltool.workbook.stamps import Stamps

_DRESS = re.compile(r"['$ ]")
_LONGEST_QUOTE = 30


def is_ours(cell: raw.Cell, drawn: Computed) -> bool:
    """Whether the cell still holds the formula it was drawn with, as other programs spell it."""
    return cell.formula is not None and _bare(cell.formula) == _bare(drawn.formula)


def _bare(formula: str) -> str:
    return _DRESS.sub("", formula.removeprefix("+"))


def last_year_retyped(form: Form, stamps: Stamps, book: raw.Workbook) -> Iterator[Finding]:
    """One finding where figures on the sheet of last year are others than those that were handed out with it."""
    shown = next((sheet for sheet in book.sheets if sheet.name == PRIOR), None)
    if shown is None or not stamps.prior_values:
        return
    drawn = _figures(form, stamps.year)
    # What is typed over is a formula less; where none is gone the sheet need not be read.
    if shown.formulas() == sum(isinstance(cell, Computed) for cell in _drawn(form, stamps.year).cells):
        return
    located = locate(_drawn(form, stamps.year), [shown], ())
    if located is None:
        return
    retyped = []
    for figure, cell in drawn:
        typed = located.cell(cell.area.place)
        if typed is not None and is_ours(typed, cell):
            continue
        given = stamps.prior_values.get(str(figure))
        right = plain(given) if given is not None else ""
        written = _said(typed)
        if written != right:
            retyped.append((figure, located.name(cell.area.place), written, right))
    if retyped:
        figure, where, written, right = retyped[0]
        more = f"等 {len(retyped)} 处" if len(retyped) > 1 else ""
        fact = f"上年数写的是“{written[:_LONGEST_QUOTE]}”，下发时是“{right}”{more}"
        yield made("W09", located.sheet.name, where, form.figures[figure].spoken, key="W09.shown", fact=fact)


def _said(cell: raw.Cell | None) -> str:
    if cell is None:
        return ""
    return plain(exact(cell.text)) if cell.kind == "n" and cell.text else cell.text.strip()


@lru_cache(maxsize=8)
def _drawn(form: Form, year: int) -> Sheet:
    return next(sheet for sheet in make_layout(form, year, has_prior=True).sheets if sheet.name == PRIOR)


@lru_cache(maxsize=8)
def _figures(form: Form, year: int) -> tuple[tuple[FigureId, Computed], ...]:
    """The cells that show last year's figures."""
    cells = (cell for cell in _drawn(form, year).cells if isinstance(cell, Computed))
    shown = ((cell.key.removeprefix("prior."), cell) for cell in cells if cell.key.startswith("prior."))
    return tuple((FigureId.parse(name), cell) for name, cell in shown)

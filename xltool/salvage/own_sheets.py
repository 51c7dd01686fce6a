"""The sheets of a document as the reader of our own workbooks takes them: cells by position, formulas as drawn.

A document tells which cells are formulas, not what they say; where our formula belongs, it is taken for ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xltool.documents.model import Cell, DocTable, Document
from xltool.figure import plain
from xltool.form import Form
from xltool.spreadsheet.sheets import Cell as RawCell
from xltool.spreadsheet.sheets import Content, Sheet, Workbook
from xltool.workbook.found import Found
from xltool.workbook.identity import is_form_number
from xltool.workbook.layout import Computed, make_layout
from xltool.workbook.layout import Sheet as Drawn
from xltool.workbook.layout.addresses import IDENTITY, PRIOR
from xltool.workbook.locate import Located, locate

_NUMBER = re.compile(r"([0-9A-Z]+)-(\d{4})-[0-9A-Z]+-[0-9A-Z]")
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
_WITHOUT_FORMULAS = ("xlsb", "xls")
"""As calamine reads them."""
_NO_RESULT = RawCell("s", "", "", False)


def as_workbook(document: Document, forms: Sequence[Form]) -> Workbook:
    """Every sheet of ``document``. Where its hidden sheets are gone, the 表单编号 on the cover tells form and year."""
    shown = [_sheet(block) for block in document.blocks if isinstance(block, DocTable) and block.spreadsheet]
    hidden = [_sheet(table) for table in document.hidden]
    is_lost = IDENTITY not in {sheet.name for sheet in hidden}
    properties = next(_numbered(document, forms), {}) if shown and is_lost else {}
    return Workbook((*shown, *hidden), properties, has_macros=False, external_links=0, creator="")


def _numbered(document: Document, forms: Sequence[Form]) -> Iterator[dict[str, str]]:
    for block in document.blocks:
        for cell in block.cells if isinstance(block, DocTable) else ():
            match = _NUMBER.fullmatch(cell.text)
            form = next((form for form in forms if match and form.code == match[1]), None)
            if match and form is not None and is_form_number(cell.text):
                yield {
                    "xltool.form": form.id,
                    "xltool.digest": form.digest,
                    "xltool.number": cell.text,
                    "xltool.year": match[2],
                }


def _sheet(table: DocTable) -> Sheet:
    cells = {(cell.row, cell.column): _stored(cell) for cell in table.cells if cell.text or cell.number is not None}
    return _holding(table.name, cells)


def _stored(cell: Cell) -> RawCell:
    formula = "" if cell.formula else None
    if cell.number is not None:
        return RawCell("n", plain(cell.number), formula, False)
    return RawCell("e" if cell.text in _ERRORS else "s", cell.text, formula, False)


def _holding(name: str, cells: dict[tuple[int, int], RawCell]) -> Sheet:
    content = Content(cells, (), protected=True, hidden_rows=frozenset(), hidden_columns=frozenset(), ignored=0)
    return Sheet(name, "visible", lambda: content)


def with_formulas(found: Found, kind: str) -> Found:
    """``found`` with our formulas back where they belong; a ``kind`` of file may tell nothing of formulas at all."""
    told = any(cell.formula is not None for sheet in found.book.sheets for cell in sheet.cells.values())
    known = told or kind not in _WITHOUT_FORMULAS
    drawn = {sheet.name: sheet for sheet in found.layout.sheets}
    sheets = {name: _restored(located, drawn[name], known) for name, located in found.sheets.items()}
    last_year = make_layout(found.form, found.stamps.year, has_prior=True)
    shown = next(sheet for sheet in last_year.sheets if sheet.name == PRIOR)
    everything = tuple(_last_year(sheet, shown, known) if sheet.name == PRIOR else sheet for sheet in found.book.sheets)
    return replace(found, sheets=sheets, book=replace(found.book, sheets=everything))


def _last_year(sheet: Sheet, drawn: Drawn, known: bool) -> Sheet:
    located = locate(drawn, [sheet], ())
    return sheet if located is None else _restored(located, drawn, known).sheet


def _restored(located: Located, drawn: Drawn, known: bool) -> Located:
    """Where nothing stands, the formula has no result: a document leaves it out."""
    cells = dict(located.sheet.cells)
    for cell in drawn.cells:
        position = located.position(cell.area.place) if isinstance(cell, Computed) else None
        if not isinstance(cell, Computed) or position is None:
            continue
        stored = cells.get(position, _NO_RESULT)
        if stored.formula is not None or not known:
            cells[position] = stored._replace(formula=cell.formula)
    return replace(located, sheet=_holding(located.sheet.name, cells))

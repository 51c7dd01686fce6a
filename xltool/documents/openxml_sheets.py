"""Workbooks (.xlsx, .xlsm) as tables, through the bounded reader: merged cells are spans, numbers exact."""

from __future__ import annotations

from functools import partial

from xltool.documents.hidden import hidden_note, hidden_tables
from xltool.documents.limits import Measure
from xltool.documents.model import Cell, DocTable, Document
from xltool.documents.spans import spanned
from xltool.documents.stored import date_text, number_cell
from xltool.numerals import exact
from xltool.spreadsheet.sheets import Cell as StoredCell
from xltool.spreadsheet.sheets import Sheet, read_workbook


def read_openxml_sheets(data: bytes, kind: str) -> Document:
    """Visible sheets as blocks, hidden ones apart; FileRefused for a workbook that is none."""
    book = read_workbook(data, lazily=True)
    measure = Measure()
    tables = tuple(_table(sheet, measure) for sheet in book.sheets if sheet.state == "visible")
    hidden = [sheet for sheet in book.sheets if sheet.state != "visible"]
    notes = hidden_note(sheet.name for sheet in hidden)
    if book.ignored:
        notes += (f"有 {book.ignored} 个单元格离表格太远（第 2 万行以下或第 512 列以右），没有读。",)
    apart = hidden_tables(partial(_table, sheet) for sheet in hidden)
    return Document(kind, tuple(table for table in tables if table.cells), notes, apart)


def _table(sheet: Sheet, measure: Measure) -> DocTable:
    cells = {}
    for (row, column), stored in sheet.cells.items():
        cell = _cell(stored, row, column)
        if cell.text:
            measure.cell(cell.text)
            cells[row, column] = cell
    return DocTable(spanned(cells, sheet.merges), sheet.name, sheet.name, spreadsheet=True)


def _cell(stored: StoredCell, row: int, column: int) -> Cell:
    formula = stored.formula is not None
    match stored.kind:
        case "n" if stored.is_date and stored.text:
            return Cell(_shown_date(stored.text), row, column, formula=formula)
        case "n":
            return number_cell(stored.text, row, column, formula)
        case "b":
            return Cell("TRUE" if stored.text == "1" else "FALSE", row, column, formula=formula)
    text = stored.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return Cell(text, row, column, formula=formula)


def _shown_date(serial: str) -> str:
    try:
        return date_text(float(exact(serial)))
    except ValueError:
        return serial

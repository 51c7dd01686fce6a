"""Workbooks of the old kind, .xls and WPS's .et (BIFF), through xlrd; only called in a process of its own."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING

from xltool.documents.binary_sheets import read_binary_sheets
from xltool.documents.decrypt import decrypted
from xltool.documents.limits import Measure
from xltool.documents.model import Cell, DocTable, Document
from xltool.documents.openxml_sheets import hidden_note
from xltool.documents.spans import Area, spanned
from xltool.documents.stored import date_text, number_cell, python_cell

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_FORMULA_RECORDS = (0x0006, 0x0206, 0x0406)
_START_RECORDS = (0x0809, 0x0409, 0x0209, 0x0009)
_END_RECORD = 0x000A
_RECORD = struct.Struct("<HH")
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def read_old_sheets(data: bytes, password: str | None = None) -> Document:
    """Visible sheets of a BIFF workbook; FileRefused asks for the password where it is encrypted."""
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,  # merged cells
            on_demand=True,  # keeps the bytes, in which formulas are looked for
            ignore_workbook_corruption=True,
            logfile=io.StringIO(),
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            return read_old_sheets(decrypted(data, password))
        return read_binary_sheets(data, "xls")
    # xlrd runs over whatever a broken record says.
    except (AssertionError, LookupError, ValueError, TypeError, AttributeError, struct.error, ArithmeticError):
        return read_binary_sheets(data, "xls")
    measure = Measure()
    sheets = [book.sheet_by_index(number) for number in range(book.nsheets)]
    tables = [_table(book, number, sheet, measure) for number, sheet in enumerate(sheets) if sheet.visibility == 0]
    notes = hidden_note(sheet.name for sheet in sheets if sheet.visibility != 0)
    return Document("xls", tuple(table for table in tables if table.cells), notes)


def _table(book: Book, number: int, sheet: Sheet, measure: Measure) -> DocTable:
    formulas = _formulas(book, number)
    cells = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = _cell(book, sheet, row, column, (row, column) in formulas)
            if cell is not None and cell.text:
                measure.cell(cell.text)
                cells[row, column] = cell
    merges: Iterable[Area] = ((r, c, r_end - 1, c_end - 1) for r, r_end, c, c_end in sheet.merged_cells)
    return DocTable(spanned(cells, list(merges)), sheet.name, sheet.name, spreadsheet=True)


def _cell(book: Book, sheet: Sheet, row: int, column: int, formula: bool) -> Cell | None:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    match kind:
        case 2:
            return number_cell(repr(value), row, column, formula)
        case 3:
            return Cell(date_text(value, book.datemode == 1), row, column, formula=formula)
        case 4:
            return Cell("TRUE" if value else "FALSE", row, column, formula=formula)
        case 5:
            return Cell(_ERRORS.get(value, "#N/A"), row, column, formula=formula)
        case 1:
            return python_cell(value, row, column, formula)
    return None


def _formulas(book: Book, number: int) -> frozenset[tuple[int, int]]:
    """Where a sheet has formulas: xlrd gives their results and does not say so."""
    memory, at = book.mem, book._sh_abs_posn[number]
    places: set[tuple[int, int]] = set()
    depth = 0
    while at + 4 <= len(memory):
        record, length = _RECORD.unpack_from(memory, at)
        if record in _START_RECORDS:
            depth += 1
        elif record == _END_RECORD:
            depth -= 1
            if depth <= 0:
                break
        elif record in _FORMULA_RECORDS and length >= 4:
            places.add(_RECORD.unpack_from(memory, at + 4))
        at += 4 + length
    return frozenset(places)

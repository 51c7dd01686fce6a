"""Workbooks of the old kind, .xls and WPS's .et (BIFF), through xlrd; only called in a process of its own."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from xltool.documents.binary_sheets import read_binary_sheets
from xltool.documents.decrypt import decrypted
from xltool.documents.hidden import hidden_note, hidden_tables
from xltool.documents.limits import Measure
from xltool.documents.model import Cell, DocTable, Document
from xltool.documents.old_formulas import formulas_of, has_lost_texts
from xltool.documents.spans import Area, spanned
from xltool.documents.stored import date_text, number_cell, python_cell

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Sheet

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def read_old_sheets(data: bytes, password: str | None = None) -> Document:
    """The sheets of a BIFF workbook, hidden ones apart; FileRefused asks for the password where it is encrypted."""
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,  # merged cells
            on_demand=True,  # keeps the bytes, in which formulas are looked for
            ignore_workbook_corruption=True,
            logfile=io.StringIO(),
        )
        return _document(book)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            return read_old_sheets(decrypted(data, password))
        return read_binary_sheets(data, "xls")
    # xlrd runs over whatever a broken record says.
    except (AssertionError, LookupError, ValueError, TypeError, AttributeError, struct.error, ArithmeticError):
        return read_binary_sheets(data, "xls")


def _document(book: Book) -> Document:
    measure = Measure()
    # Links to other files and the like may come before; xlrd begins where the book does.
    lost = has_lost_texts(book.mem[book.base :])
    sheets = [book.sheet_by_index(number) for number in range(book.nsheets)]
    read = [partial(_table, book, number, sheet, lost) for number, sheet in enumerate(sheets)]
    tables = [table(measure) for sheet, table in zip(sheets, read, strict=True) if sheet.visibility == 0]
    notes = hidden_note(sheet.name for sheet in sheets if sheet.visibility != 0)
    apart = hidden_tables(table for sheet, table in zip(sheets, read, strict=True) if sheet.visibility != 0)
    return Document("xls", tuple(table for table in tables if table.cells), notes, apart)


def _table(book: Book, number: int, sheet: Sheet, lost: bool, measure: Measure) -> DocTable:
    formulas = formulas_of(book.mem, book._sh_abs_posn[number], lost)
    cells = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = _cell(book, sheet, row, column, (row, column) in formulas.places)
            # Nobody knows what stood there: a blank is asked about, a 0 would be believed.
            if (row, column) not in formulas.lost and cell is not None and cell.text:
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

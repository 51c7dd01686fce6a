"""Workbooks that calamine reads: .xlsb, and an .xls that xlrd gives up on.

It aborts the whole process over some files, and so is only called in a process of its own.
"""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

from xltool.documents.hidden import hidden_note, hidden_tables
from xltool.documents.limits import Measure, damaged
from xltool.documents.model import DocTable, Document
from xltool.documents.passwords import needs_password
from xltool.documents.spans import spanned
from xltool.documents.stored import python_cell

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def read_binary_sheets(data: bytes, kind: str = "xlsb") -> Document:
    """Sheets, hidden ones apart. Calamine does not tell which cells are formulas, nor what an .xlsb merges."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return _document(book, kind)
    except python_calamine.PasswordError as error:
        raise needs_password() from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged("工作簿") from error


def _document(book: CalamineWorkbook, kind: str) -> Document:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    measure = Measure()
    sheets = [about for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
    hidden = [about.name for about in sheets if about.visible != SheetVisibleEnum.Visible]
    tables = [_table(book.get_sheet_by_name(about.name), measure) for about in sheets if about.name not in hidden]
    apart = hidden_tables(partial(_table, book.get_sheet_by_name(name)) for name in hidden)
    return Document(kind, tuple(table for table in tables if table.cells), hidden_note(hidden), apart)


def _table(sheet: CalamineSheet, measure: Measure) -> DocTable:
    cells = {}
    # Rows and columns that are empty before the first content are not given.
    first_row, first_column = sheet.start or (0, 0)
    for row, values in enumerate(sheet.iter_rows(), first_row):
        for column, value in enumerate(values, first_column):
            cell = python_cell(value, row, column)
            if cell is not None:
                measure.cell(cell.text)
                cells[row, column] = cell
    merges = [(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
    return DocTable(spanned(cells, merges), sheet.name, sheet.name, spreadsheet=True)

"""Workbooks and documents saved as one XML file: Excel's and Word's of 2003, Word's flat package, flat OpenDocument."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from xltool.documents.hidden import hidden_note, hidden_tables
from xltool.documents.limits import Measure
from xltool.documents.model import Cell, DocTable, Document
from xltool.documents.opendocument import opendocument_of
from xltool.documents.spans import Area, spanned
from xltool.documents.stored import number_cell
from xltool.documents.word import word_of
from xltool.documents.xmltree import child, descendants, local, number, parsed, value
from xltool.errors import FileRefused

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WHAT = "XML 文件"


def read_one_xml(data: bytes) -> Document:
    """What the root element says that it is; FileRefused for any other XML."""
    root = parsed(data, _WHAT)
    match local(root):
        case "Workbook":
            return _sheets(root)
        case "wordDocument":
            return word_of(root, child(root, "styles"), None)
        case "package":
            main, styles, numbering = (
                next(descendants(root, name), None) for name in ("document", "styles", "numbering")
            )
            if main is not None:
                return word_of(main, styles, numbering)
        case "document":
            return opendocument_of(root)
    raise FileRefused("这是 XML 文件，里面没有认得的文档或表格。请用 WPS 打开，另存为 .xlsx 或 .docx 后再试。")


def _sheets(root: Element) -> Document:
    """Visible sheets as blocks, hidden ones apart."""
    measure = Measure()
    tables, hidden = [], {}
    for sheet in descendants(root, "Worksheet"):
        name = value(sheet, "Name")
        state = child(sheet, "WorksheetOptions", "Visible")
        if state is not None and (state.text or "").strip() in ("SheetHidden", "SheetVeryHidden"):
            hidden[name] = sheet
            continue
        tables.append(_table(sheet, name, measure))
    apart = hidden_tables(partial(_table, sheet, name) for name, sheet in hidden.items())
    return Document("xml", tuple(table for table in tables if table.cells), hidden_note(hidden), apart)


def _table(sheet: Element, name: str, measure: Measure) -> DocTable:
    cells: dict[tuple[int, int], Cell] = {}
    merges: list[Area] = []
    row = -1
    for line in _named(child(sheet, "Table"), "Row"):
        row = _index(line, row + 1)
        column = -1
        for stored in _named(line, "Cell"):
            column = _index(stored, column + 1)
            cell = _cell(stored, row, column)
            if cell.text:
                measure.cell(cell.text)
                cells[row, column] = cell
            across, down = (max(0, number(stored, side)) for side in ("MergeAcross", "MergeDown"))
            if across or down:
                merges.append((row, column, row + down, column + across))
            column += across
    return DocTable(spanned(cells, merges), name, name, spreadsheet=True)


def _cell(stored: Element, row: int, column: int) -> Cell:
    data = child(stored, "Data")
    text = "".join(str(piece) for piece in data.itertext()).strip() if data is not None else ""
    formula = bool(value(stored, "Formula"))
    if value(data, "Type") == "Number":
        return number_cell(text, row, column, formula)
    if value(data, "Type") == "Boolean":
        text = "TRUE" if text == "1" else "FALSE"
    return Cell(text, row, column, formula=formula)


def _index(element: Element, following: int) -> int:
    """0-based place of a row or cell, which the file only says where some are left out before it."""
    return max(following, number(element, "Index") - 1)


def _named(parent: Element | None, wanted: str) -> Iterator[Element]:
    return (one for one in (parent if parent is not None else ()) if local(one) == wanted)

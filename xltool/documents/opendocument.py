"""OpenDocument files (.ods, .odt) as paragraphs and tables: one content, text and sheets alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from xltool.documents.archive import opened, part
from xltool.documents.flow import MAX_SPAN, Flow, tidy
from xltool.documents.hidden import hidden_note, hidden_tables
from xltool.documents.limits import MAX_NESTING, Measure, damaged
from xltool.documents.model import Cell, DocTable, Document
from xltool.documents.stored import number_cell
from xltool.documents.xmltree import child, descendants, local, number, parsed, value
from xltool.errors import FileRefused

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WHAT = "OpenDocument 文件"
_ROWS_AROUND = {"table-rows", "table-header-rows", "table-row-group"}
_AROUND = {"section", "list", "list-item", "list-header", "index-body", "numbered-paragraph", "table-of-content"}
_LEFT_OUT = {"note", "annotation", "tracked-changes", "ruby-text"}
_NUMBERS = ("float", "percentage", "currency")
# Rows and columns that only carry formats are repeated to the end of the sheet.
_MOST_REPEATED = 1_000
_LAST_ROW, _LAST_COLUMN = 20_000, 512


def read_opendocument(data: bytes) -> Document:
    """Text or sheets as the file holds them; FileRefused for drawings, and where a password is needed."""
    package = opened(data, _WHAT)
    if "META-INF/manifest.xml" in package and b"encryption-data" in part(package, "META-INF/manifest.xml", _WHAT):
        raise FileRefused("文件设了打开密码，这种格式不能直接读取。请取消密码，另存一份后再试。")
    return opendocument_of(parsed(part(package, "content.xml", _WHAT), _WHAT))


def opendocument_of(root: Element) -> Document:
    """The same for content that is parsed already."""
    body = child(root, "body")
    for content in body if body is not None else ():
        if local(content) == "text":
            flow = Flow()
            _Text(flow).blocks(content, 0)
            return Document("odt", tuple(flow.blocks))
        if local(content) == "spreadsheet":
            return _sheets(root, content)
    raise FileRefused("这是 OpenDocument 的图形或演示文稿，里面没有可读的表格。请另存为 .xlsx 或 .docx 后再试。")


@dataclass
class _Text:
    """A text document on its way into ``flow``."""

    flow: Flow

    def blocks(self, parent: Element, depth: int) -> None:
        if depth > MAX_NESTING:
            raise damaged(_WHAT)
        for element in parent:
            match local(element):
                case "p" | "h":
                    self.flow.text("".join(_texts(element, 0)), local(element) == "h")
                    for box in descendants(element, "text-box"):
                        self.blocks(box, depth + 1)
                case "table":
                    self._table(element, depth)
                case name if name in _AROUND:
                    self.blocks(element, depth + 1)

    def _table(self, table: Element, depth: int) -> None:
        rows = [row for row, _ in _rows(table)]
        if sum(1 for row in rows for _ in _cells(row)) == 1:
            self.blocks(next(_cells(rows[0])), depth + 1)
            return
        self.flow.cells(tuple(self._placed(rows)))

    def _placed(self, rows: list[Element]) -> Iterator[Cell]:
        """Covered cells are listed too, so that the place of a cell is its number."""
        for row, element in enumerate(rows):
            column = 0
            for cell in _cells(element):
                if local(cell) == "table-cell":
                    text = self.flow.measure.cell(tidy(_cell_text(cell)))
                    height = max(1, min(number(cell, "number-rows-spanned", 1), len(rows) - row))
                    yield Cell(text, row, column, height, _width(cell, "number-columns-spanned"))
                column += _width(cell, "number-columns-repeated")


def _width(cell: Element, attribute: str) -> int:
    return max(1, min(number(cell, attribute, 1), MAX_SPAN))


def _sheets(root: Element, content: Element) -> Document:
    hidden_styles = {
        value(style, "name")
        for style in descendants(root, "style")
        if value(child(style, "table-properties"), "display") == "false"
    }
    measure = Measure()
    tables, hidden = [], {}
    for table in content:
        if local(table) != "table":
            continue
        name = value(table, "name")
        if value(table, "style-name") in hidden_styles:
            hidden[name] = table
            continue
        tables.append(_sheet(table, name, measure))
    apart = hidden_tables(partial(_sheet, table, name) for name, table in hidden.items())
    return Document("ods", tuple(table for table in tables if table.cells), hidden_note(hidden), apart)


def _sheet(table: Element, name: str, measure: Measure) -> DocTable:
    return DocTable(tuple(_Sheet(measure).cells(table)), name, name, spreadsheet=True)


@dataclass
class _Sheet:
    """Cells of one sheet with their own places; those without content are left out."""

    measure: Measure
    _taken: set[tuple[int, int]] = field(default_factory=set)

    def cells(self, table: Element) -> Iterator[Cell]:
        at = 0
        for row, repeated in _rows(table):
            for again in range(min(repeated, _MOST_REPEATED)):
                found = list(self._row(row, at + again))
                yield from found
                if not found:
                    break
            at += repeated
            if at > _LAST_ROW:
                return

    def _row(self, row: Element, at: int) -> Iterator[Cell]:
        column = 0
        for cell in _cells(row):
            repeated = max(1, number(cell, "number-columns-repeated", 1))
            if local(cell) == "table-cell":
                made = _stored(cell, at, column)
                if made.text:
                    for again in range(min(repeated, _MOST_REPEATED)):
                        self.measure.cell(made.text)
                        yield Cell(made.text, at, column + again, made.rows, made.columns, made.number, made.formula)
            column += repeated
            if column > _LAST_COLUMN:
                return


def _stored(cell: Element, row: int, column: int) -> Cell:
    text, formula = _cell_text(cell), bool(value(cell, "formula"))
    rows = max(1, min(number(cell, "number-rows-spanned", 1), _LAST_ROW))
    columns = max(1, min(number(cell, "number-columns-spanned", 1), MAX_SPAN))
    if value(cell, "value-type") in _NUMBERS:
        exact = number_cell(value(cell, "value"), row, column)
        return Cell(exact.text or text, row, column, rows, columns, exact.number, formula)
    return Cell(text, row, column, rows, columns, None, formula)


def _rows(table: Element) -> Iterator[tuple[Element, int]]:
    """The rows, and how often each is repeated."""
    for element in table:
        if local(element) == "table-row":
            yield element, max(1, number(element, "number-rows-repeated", 1))
        elif local(element) in _ROWS_AROUND:
            yield from _rows(element)


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in row if local(cell) in ("table-cell", "covered-table-cell"))


def _cell_text(cell: Element) -> str:
    lines = ("".join(_texts(line, 0)) for line in _paragraphs(cell, 0))
    return "\n".join(lines).strip()


def _paragraphs(parent: Element, depth: int) -> Iterator[Element]:
    """Those of tables inside the cell too."""
    if depth > MAX_NESTING:
        raise damaged(_WHAT)
    for element in parent:
        if local(element) in ("p", "h"):
            yield element
        elif local(element) not in _LEFT_OUT:
            yield from _paragraphs(element, depth + 1)


def _texts(element: Element, depth: int) -> Iterator[str]:
    """What a paragraph says: spaces are elements of their own; notes, comments and text boxes are left out."""
    if depth > MAX_NESTING:
        raise damaged(_WHAT)
    yield _folded(element.text)
    for one in element:
        match local(one):
            case "s":
                yield " " * min(number(one, "c", 1), 100)
            case "tab":
                yield " "
            case "line-break":
                yield "\n"
            case name if name and name not in _LEFT_OUT and name != "frame":
                yield from _texts(one, depth + 1)
        yield _folded(one.tail)


def _folded(text: str | None) -> str:
    return " ".join((text or "").split("\n"))

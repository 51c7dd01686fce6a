"""What every reader gives: paragraphs and tables of text in reading order. It knows nothing of forms."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph, or one line of it where the source breaks lines; never empty, no spaces at the ends.

    ``place``: where a person finds it, 第3页, 第12段, 第12行. ``heading``: the source marks it as a heading (a style,
    <h2>), not a guess.
    """

    text: str
    place: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; ``row`` and ``column`` 0-based in the table's own grid, the upper left corner of its span.

    ``text``: as shown, stripped, lines kept as ``\\n``; '' for an empty cell. ``number``: the exact value where the
    source stores a number (workbooks), None where there is only text. ``formula``: a stored result of a formula.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    number: Decimal | None = None
    formula: bool = False


@dataclass(frozen=True, slots=True)
class DocTable:
    """A table. ``cells`` by row, then column, never overlapping; workbooks and CSV leave out cells without content,
    the others give empty cells too.

    ``place``: 第2页, 第3个表格, or the sheet's name. ``name``: the sheet's name or the caption, else ''.
    ``spreadsheet``: row and column are those of the sheet, so that a cell has an address; else they count within
    the table.
    """

    cells: tuple[Cell, ...]
    place: str
    name: str = ""
    spreadsheet: bool = False

    @property
    def height(self) -> int:
        """Rows of the grid."""
        return max((cell.row + cell.rows for cell in self.cells), default=0)

    @property
    def width(self) -> int:
        """Columns of the grid."""
        return max((cell.column + cell.columns for cell in self.cells), default=0)


@dataclass(frozen=True, slots=True)
class Document:
    """``kind``: as ``spreadsheet.filekind.identify`` calls it (xlsx, xls, ods, docx, doc, html, pdf, text, …), csv for
    separated values. ``notes``: sentences about what was left out or is uncertain in the document as a whole.
    ``hidden``: a workbook's hidden sheets, which say nothing to its readers, only to programs that know them.
    ``heads``: what a Word or PDF file repeats at the edge of its pages, which is no part of its text.
    """

    kind: str
    blocks: tuple[Text | DocTable, ...]
    notes: tuple[str, ...] = ()
    hidden: tuple[DocTable, ...] = ()
    heads: tuple[str, ...] = ()

"""An official table as WordprocessingML: the grid's merges, the official proportions of its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from xltool.figure import FigureId
from xltool.form import Table
from xltool.grid import Grid, GridCell, Role, table_grid
from xltool.report import word_styles
from xltool.report.table_look import (
    BESIDE_NUMBERS,
    DENSE_ROW_HEIGHT,
    ROW_HEIGHT,
    cell_style,
    column_widths,
    is_note,
    is_tall,
    number_size,
)
from xltool.report.word_pattern import Pattern
from xltool.xmltext import escape, quoteattr

_RUN_FONT = '<w:rFonts w:hint="eastAsia"/>'


@dataclass(frozen=True)
class TableLook:
    """What the style file says.

    ``ids`` of styles by name; ``fill``: the colour behind the small headings; ``number_size``: points of a figure.
    """

    ids: Mapping[str, str]
    fill: str
    number_size: float


@dataclass(frozen=True)
class TablePattern:
    """A table to be filled. ``rooms``: by place, which is a figure, twips of its cell; ``usual``: points of figures."""

    pattern: Pattern
    rooms: Mapping[str, int]
    usual: float

    @cached_property
    def _fitting(self) -> Mapping[str, int]:
        """How many digits of the usual size have room in each cell."""
        return {place: int((room - BESIDE_NUMBERS) / 10 / self.usual) for place, room in self.rooms.items()}

    def filled(self, texts: Mapping[str, str]) -> str:
        """The XML with ``texts`` in their places; one too long for its cell is set smaller, not in two lines."""
        fitting = self._fitting
        sizes = {
            place: number_size(text, self.rooms[place], self.usual)
            for place, text in texts.items()
            if len(text) > fitting[place]
        }
        smaller = {place: points for place, points in sizes.items() if 0 < points < self.usual}
        return (self.pattern.resized(smaller) if smaller else self.pattern).filled(texts)


def table_pattern(table: Table, pattern: Pattern, look: TableLook) -> TablePattern:
    """``pattern`` of ``table_xml``, with the room for every figure."""
    widths = column_widths(table)
    rooms = {
        str(cell.figure): sum(widths[cell.column : cell.column + cell.width])
        for cell in table_grid(table).cells
        if cell.figure is not None
    }
    return TablePattern(pattern, rooms, look.number_size)


def table_xml(table: Table, caption: str, look: TableLook, value: Callable[[FigureId], str]) -> str:
    """The ``w:tbl``, its prefix w left undeclared; ``value`` is the text of a figure."""
    grid = table_grid(table)
    widths = column_widths(table)
    starts = {(cell.row + down, cell.column): cell for cell in grid.cells for down in range(cell.height)}
    rows = []
    for row in range(grid.rows):
        cells = [starts[row, column] for column in range(grid.columns) if (row, column) in starts]
        drawn = [_cell_properties(cell, row, widths, look) + _paragraph(cell, row, grid, look, value) for cell in cells]
        inner = "".join(f"<w:tc>{cell}</w:tc>" for cell in drawn)
        rows.append(f"<w:tr>{_row_properties(grid, row)}{inner}</w:tr>")
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{look.ids[word_styles.TABLE]}"/>'
        f'<w:tblW w:w="{word_styles.TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/>'
        f"<w:tblCaption w:val={quoteattr(caption)}/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{''.join(rows)}</w:tbl>"
    )


def _row_properties(grid: Grid, row: int) -> str:
    height = DENSE_ROW_HEIGHT if is_tall(grid) else ROW_HEIGHT
    header = "<w:tblHeader/>" if row < grid.header_rows else ""
    return f'<w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{header}</w:trPr>'


def _cell_properties(cell: GridCell, row: int, widths: list[int], look: TableLook) -> str:
    wide = sum(widths[cell.column : cell.column + cell.width])
    span = f'<w:gridSpan w:val="{cell.width}"/>' if cell.width > 1 else ""
    merge = ""
    if cell.height > 1:
        merge = '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
    shade = ""
    if cell.role is Role.HEADING and look.fill:
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>'
    properties = f'<w:tcW w:w="{wide}" w:type="dxa"/>{span}{merge}{shade}<w:vAlign w:val="center"/>'
    return f"<w:tcPr>{properties}</w:tcPr>"


def _paragraph(cell: GridCell, row: int, grid: Grid, look: TableLook, value: Callable[[FigureId], str]) -> str:
    """The one paragraph of a cell; empty where the cell continues one above. Short tables keep together."""
    keep = "" if is_tall(grid) or row == grid.rows - 1 else "<w:keepNext/>"
    style = look.ids[cell_style(cell, grid)]
    content = _content(cell, look, value) if row == cell.row else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}</w:pPr>{content}</w:p>'


def _content(cell: GridCell, look: TableLook, value: Callable[[FigureId], str]) -> str:
    if cell.figure is not None:
        return _run(value(cell.figure))
    assert cell.label is not None
    note = f'<w:rStyle w:val="{look.ids[word_styles.NOTE]}"/>'
    if cell.role is Role.CORNER and is_note(cell.label):
        return _run(cell.label.printed, note)
    return _run(cell.label.text) + _run(cell.label.note, note)


def _run(text: str, style: str = "") -> str:
    if not text:
        return ""
    return f'<w:r><w:rPr>{style}{_RUN_FONT}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'

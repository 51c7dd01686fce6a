"""What the official tables look like on a page, whatever the format of the file."""

from __future__ import annotations

import math
from itertools import accumulate

from xltool.form import Label, Table
from xltool.grid import Grid, GridCell, Role
from xltool.report import word_styles
from xltool.report.title import width

_TEXT_HEIGHT = 22 * word_styles.LINE
ROW_HEIGHT, DENSE_ROW_HEIGHT = 400, 340
"""Twips of a row: usual, and in a table that is tall."""
BESIDE_NUMBERS = 36
"""Twips kept free beside a number, both sides together."""
_LEAST_SIZE = 5.0


def is_tall(grid: Grid) -> bool:
    """Whether the table takes more than half a page: it then begins a page and its rows stand closer."""
    return grid.rows * ROW_HEIGHT > _TEXT_HEIGHT / 2


def column_widths(table: Table) -> list[int]:
    """The official widths scaled to the width of the text, in twips; they add up to it exactly."""
    total = sum(table.widths)
    ends = [round(end * word_styles.TEXT_WIDTH / total) for end in accumulate(table.widths)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def number_size(text: str, room: int, usual: float) -> float:
    """Points, by halves, at which a number stands on one line of a cell ``room`` twips wide; at most ``usual``.

    0 where it would be too small to be read.
    """
    fitting = math.floor((room - BESIDE_NUMBERS) / 10 / max(width(text), 0.5)) / 2
    return min(usual, fitting) if fitting >= _LEAST_SIZE else 0.0


def cell_style(cell: GridCell, grid: Grid) -> str:
    """The name of the style of a cell's text."""
    match cell.role:
        case Role.VALUE:
            return word_styles.TABLE_VALUE
        case Role.HEADING:
            return word_styles.TABLE_HEADING
        case Role.HEADER:
            return word_styles.TABLE_HEADER
        case Role.CORNER:
            return word_styles.TABLE_STUB if is_note(cell.label) else word_styles.TABLE_HEADER
    if cell.height > 1:
        return word_styles.TABLE_TALL_STUB
    return word_styles.TABLE_HEADER if has_one_stub(grid) else word_styles.TABLE_STUB


def has_one_stub(grid: Grid) -> bool:
    """Whether the headings of rows stand in one column, and so are set like those of columns."""
    return all(cell.column == 0 for cell in grid.cells if cell.role is Role.STUB)


def is_note(label: Label | None) -> bool:
    """Whether the whole label is a remark in brackets, printed as notes are."""
    return label is not None and label.text.startswith("（")

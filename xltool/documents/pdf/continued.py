"""Tables that a page end has cut in two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from xltool.documents.model import Cell
from xltool.documents.pdf.lines import joined
from xltool.documents.pdf.ruled import levels

_SIDE = 6.0
_BORDER = 4.0
_MOST_HEADER_ROWS = 5
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[)）.、．]")


@dataclass(frozen=True)
class Part:
    """A table of one page, or of several when joined: the borders of its columns, its cells, its pages.

    ``exact``: the borders are drawn, not concluded from the words.
    """

    xs: tuple[float, ...]
    cells: tuple[Cell, ...]
    pages: tuple[int, ...]
    exact: bool = True

    @property
    def height(self) -> int:
        return max((cell.row + cell.rows for cell in self.cells), default=0)


def agree(upper: Part, lower: Part) -> bool:
    """Whether ``lower`` is the same table on the next page, by its columns."""
    if lower.pages[0] != upper.pages[-1] + 1 or upper.exact != lower.exact:
        return False
    if not upper.exact:
        return len(upper.xs) == len(lower.xs) and _inside(upper.xs, lower.xs, 5 * _SIDE)
    sides = abs(upper.xs[0] - lower.xs[0]) < _SIDE and abs(upper.xs[-1] - lower.xs[-1]) < _SIDE
    inner_up, inner_low = upper.xs[1:-1], lower.xs[1:-1]
    return sides and (_inside(inner_up, inner_low, _BORDER) or _inside(inner_low, inner_up, _BORDER))


def _inside(few: Sequence[float], many: Sequence[float], near: float) -> bool:
    return all(any(abs(x - other) <= near for other in many) for x in few)


def stitched(upper: Part, lower: Part) -> Part:
    """Both as one table; a head printed again is left out, a cell cut in two is one."""
    if upper.exact:
        xs = tuple(levels([*upper.xs, *lower.xs]))
        above, below = _laid(upper, xs), _laid(lower, xs)
    else:
        xs, above, below = upper.xs, list(upper.cells), list(lower.cells)
    below = _without_head(above, below)
    height = max((cell.row + cell.rows for cell in above), default=0)
    below = [replace(cell, row=cell.row + height) for cell in below]
    if _is_rest_of_row(above, below, height):
        return Part(xs, tuple(_ordered(_row_completed(above, below, height))), upper.pages + lower.pages, upper.exact)
    return Part(xs, tuple(_ordered(_spans_completed(above, below, height))), upper.pages + lower.pages, upper.exact)


def _laid(part: Part, xs: tuple[float, ...]) -> list[Cell]:
    """The cells in the columns of ``xs``, which has at least those of ``part``."""

    def place(x: float) -> int:
        return min(range(len(xs)), key=lambda number: abs(xs[number] - x))

    laid = []
    for cell in part.cells:
        first, end = place(part.xs[cell.column]), place(part.xs[cell.column + cell.columns])
        laid.append(replace(cell, column=first, columns=max(1, end - first)))
    return laid


def _without_head(above: Sequence[Cell], below: Sequence[Cell]) -> list[Cell]:
    repeated = 0
    for row in range(_MOST_HEADER_ROWS):
        said = _said(below, row)
        if not any(text for _, text in said) or said != _said(above, row):
            break
        repeated = row + 1
    if repeated and all(cell.row + cell.rows <= repeated for cell in below if cell.row < repeated):
        return [replace(cell, row=cell.row - repeated) for cell in below if cell.row >= repeated]
    return list(below)


def _said(cells: Sequence[Cell], row: int) -> list[tuple[int, str]]:
    return [(cell.column, "".join(cell.text.split())) for cell in cells if cell.row == row]


def _bottom(above: Sequence[Cell], height: int) -> dict[tuple[int, int], Cell]:
    """The cells that reach down to the page end, by their columns."""
    return {(cell.column, cell.columns): cell for cell in above if cell.row + cell.rows == height}


def _is_rest_of_row(above: Sequence[Cell], below: Sequence[Cell], height: int) -> bool:
    """Whether the first row on the new page only ends a label, whose figures stand on the page before."""
    first = [cell for cell in below if cell.row == height]
    written = [cell for cell in first if cell.text]
    bottom = _bottom(above, height)
    if len(written) != 1 or _NUMBERED.match(written[0].text) or any(cell.rows > 1 for cell in written):
        return False
    upper = bottom.get((written[0].column, written[0].columns))
    figures = [cell for cell in bottom.values() if cell.column > written[0].column]
    return upper is not None and bool(upper.text and figures) and all(cell.text for cell in figures)


def _row_completed(above: list[Cell], below: list[Cell], height: int) -> list[Cell]:
    rest = next(cell for cell in below if cell.row == height and cell.text)
    kept = [
        replace(cell, text=joined(cell.text, rest.text))
        if (cell.column, cell.columns, cell.row + cell.rows) == (rest.column, rest.columns, height)
        else cell
        for cell in above
    ]
    reaching = [cell for cell in below if cell.row == height and cell.rows > 1]
    moved = [replace(cell, row=cell.row - 1) for cell in below if cell.row > height]
    moved += [replace(cell, rows=cell.rows - 1) for cell in reaching]
    return _spans_completed(kept, moved, height)


def _spans_completed(above: list[Cell], below: list[Cell], height: int) -> list[Cell]:
    """An empty cell under one that reaches down to the page end, either of them over several rows, is its rest."""
    bottom = _bottom(above, height)
    kept = list(above)
    for cell in below:
        upper = bottom.get((cell.column, cell.columns)) if cell.row == height else None
        if upper is not None and not cell.text and max(upper.rows, cell.rows) > 1:
            kept[kept.index(upper)] = replace(upper, rows=upper.rows + cell.rows)
        elif upper is not None and not upper.text and cell.text and max(upper.rows, cell.rows) > 1:
            kept[kept.index(upper)] = replace(upper, rows=upper.rows + cell.rows, text=cell.text)
        else:
            kept.append(cell)
    return kept


def _ordered(cells: Sequence[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: (cell.row, cell.column))

"""Cells and merged areas of a sheet → the cells of a table, none of them overlapping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from xltool.documents.model import Cell

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column; 0-based, the last ones included."""

# A merge beyond this is a slip of the mouse over whole rows or columns, and is taken only as far as there is content.
_MODEST_ROWS, _MODEST_COLUMNS = 200, 60
_MAX_COVERED = 400_000


def spanned(cells: Mapping[tuple[int, int], Cell], merges: Iterable[Area]) -> tuple[Cell, ...]:
    """``cells`` by position, with the spans that ``merges`` give them; what lies under a merge is left out."""
    modest = [area for area in merges if _is_modest(area)]
    oversize = [area for area in merges if not _is_modest(area)]
    bottom = max([row for row, _ in cells] + [area[2] for area in modest], default=0)
    right = max([column for _, column in cells] + [area[3] for area in modest], default=0)
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for first_row, first_column, last_row, last_column in modest + oversize:
        corner = first_row, first_column
        rows = min(last_row, bottom) - first_row + 1
        columns = min(last_column, right) - first_column + 1
        if rows < 1 or columns < 1 or len(covered) + rows * columns > _MAX_COVERED:
            continue
        area = [(first_row + r, first_column + c) for r in range(rows) for c in range(columns)]
        if not any(place in covered for place in area):
            covered |= dict.fromkeys(area, corner)
            spans[corner] = rows, columns
    return tuple(
        replace(cell, rows=spans[place][0], columns=spans[place][1]) if place in spans else cell
        for place, cell in sorted(cells.items())
        if covered.get(place, place) == place
    )


def _is_modest(area: Area) -> bool:
    return area[2] - area[0] < _MODEST_ROWS and area[3] - area[1] < _MODEST_COLUMNS

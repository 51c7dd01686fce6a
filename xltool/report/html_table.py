"""An official table as HTML sees it: header cells that say what they head, figures that say what heads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xltool.figure import FigureId
from xltool.form import Table
from xltool.grid import Grid, GridCell, Role, table_grid
from xltool.report.table_look import has_one_stub, is_tall

TALL_STUB = "tall stub"
_NUMBERED = re.compile("(（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、)(.+)")
_MOST_UPRIGHT_COLUMNS = 6
"""A telephone shows no more of them at a readable size."""
_OUTER, _INNER, _FIGURE = 1.7, 7.0, 3.6
"""Widths of columns on a telephone in characters: headings on end, headings that are read across, figures."""


@dataclass(frozen=True)
class HtmlCell:
    """A ``th`` with ``id`` and ``scope``, or a ``td`` with ``headers``; a remark in the corner is a bare ``td``.

    ``kind`` is its CSS class; ``width``: its share of the table's width in per cent. ``inner``: of a heading of rows,
    how many columns of such headings stand before it.
    """

    tag: str
    kind: str
    rows: int
    columns: int
    width: float
    text: str = ""
    note: str = ""
    figure: FigureId | None = None
    id: str = ""
    scope: str = ""
    headers: str = ""
    inner: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """The text; in a narrow cell the number stands above the words: （三） 不予公开."""
        match = _NUMBERED.fullmatch(self.text) if self.kind == TALL_STUB else None
        return match.groups() if match else (self.text,)


@dataclass(frozen=True)
class HtmlGroup:
    """Rows that belong together: ``thead``, repeated on every page, or ``tbody``, one for each block of the form."""

    tag: str
    rows: tuple[tuple[HtmlCell, ...], ...]


@dataclass(frozen=True)
class HtmlTable:
    """``widths`` of the columns in per cent; ``narrow_widths``: in characters, for a table that is wider than a
    telephone and scrolls there, else empty. ``tall``: it begins a printed page.
    """

    id: str
    groups: tuple[HtmlGroup, ...]
    widths: tuple[float, ...]
    narrow_widths: tuple[float, ...]
    tall: bool


@lru_cache(maxsize=64)
def html_table(table: Table) -> HtmlTable:
    """All of ``table`` that is the same in every report; made once."""
    grid = table_grid(table)
    tops = _block_tops(grid)
    total = sum(table.widths)
    widths = tuple(round(width * 100 / total, 2) for width in table.widths)
    rows: list[list[HtmlCell]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(_cell(cell, table.id, grid, tops, widths))
    ends = [*tops[1:], grid.rows]
    bodies = [("tbody", rows[max(top, grid.header_rows) : end]) for top, end in zip(tops, ends, strict=True)]
    groups = [("thead", rows[: grid.header_rows]), *bodies]
    return HtmlTable(
        id=table.id,
        groups=tuple(HtmlGroup(tag, tuple(map(tuple, group))) for tag, group in groups if group),
        widths=widths,
        narrow_widths=_narrow_widths(grid),
        tall=is_tall(grid),
    )


def _block_tops(grid: Grid) -> list[int]:
    """The first row of each block: headings below figures begin a new one."""
    roles = [{cell.role for cell in grid.cells if cell.row == row} for row in range(grid.rows)]
    below = [row for row in range(1, grid.rows) if Role.VALUE in roles[row - 1] and roles[row] & _BEGINNING]
    return [0, *below]


_BEGINNING = {Role.HEADING, Role.CORNER, Role.HEADER}


def _cell(cell: GridCell, table: str, grid: Grid, tops: list[int], widths: tuple[float, ...]) -> HtmlCell:
    share = _share(widths, cell.column + cell.width) - _share(widths, cell.column)
    place = (cell.height, cell.width, round(share, 1))
    if cell.figure is not None:
        headers = " ".join(_id(table, header) for header in _headers(cell, grid, tops))
        return HtmlCell("td", "value", *place, figure=cell.figure, headers=headers)
    assert cell.label is not None
    text, note = cell.label.text, cell.label.note
    if cell.role is Role.CORNER and not text:
        return HtmlCell("td", "remark", *place, note=note)
    scope = {Role.HEADING: "rowgroup", Role.STUB: "row"}.get(cell.role, "col")
    inner = cell.column if cell.role is Role.STUB else 0
    return HtmlCell("th", _kind(cell, grid), *place, text, note, id=_id(table, cell), scope=scope, inner=inner)


def _share(widths: tuple[float, ...], columns: int) -> float:
    """Of the first ``columns``, to a tenth of a per cent: rounded from the left, so that all together are 100."""
    return round(sum(widths[:columns]), 1)


def _kind(cell: GridCell, grid: Grid) -> str:
    if cell.role is not Role.STUB:
        return str(cell.role.value)
    if cell.height > 1:
        return TALL_STUB
    return "single stub" if has_one_stub(grid) else "stub"


def _id(table: str, cell: GridCell) -> str:
    """Unlike any id of a form, which has no hyphen."""
    return f"{table}-{cell.row + 1}-{cell.column + 1}"


def _headers(value: GridCell, grid: Grid, tops: list[int]) -> Iterator[GridCell]:
    """What heads a figure, in the order it is read out: its block, its row from outside in, its column."""
    top = max(row for row in tops if row <= value.row)
    yield from (c for c in grid.cells if c.role is Role.HEADING and c.row == top)
    yield from (c for c in grid.cells if c.role is Role.STUB and c.row <= value.row < c.row + c.height)
    over = (c for c in grid.cells if c.role is Role.HEADER and top <= c.row < value.row)
    yield from (c for c in over if c.column <= value.column < c.column + c.width)


def _narrow_widths(grid: Grid) -> tuple[float, ...]:
    if grid.columns <= _MOST_UPRIGHT_COLUMNS:
        return ()
    stubs = max((c.column + c.width for c in grid.cells if c.role is Role.STUB), default=0)
    outer, inner = [_OUTER] * max(0, stubs - 1), [_INNER] * min(1, stubs)
    return (*outer, *inner, *[_FIGURE] * (grid.columns - stubs))

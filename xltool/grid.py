"""Label paths → merged cells, once, for Excel, Word, HTML and PDF alike.

A table is a grid of ``len(table.widths)`` columns. Every rectangle of it is covered by exactly one ``GridCell``::

    ┌───────────────────────────┬──────────────────────────┐
    │ corner                    │ 申请人情况                │ HEADER
    │                           ├────────┬─────────┬───────┤
    │                           │ 自然人  │ 法人…    │ 总计   │
    ├───────────────────────────┼────────┼─────────┼───────┤
    │ 一、本年新收…      STUB     │ VALUE  │ VALUE   │ VALUE │
    ├────────┬──────────────────┼────────┼─────────┼───────┤
    │ 三、…   │ （一）予以公开      │        │         │       │
    │        ├────────┬─────────┤        │         │       │
    │        │（三）…  │ 1.…     │        │         │       │
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from xltool.figure import FigureId
from xltool.form import Block, Label, Line, Table


class Role(Enum):
    """What a cell of a table is."""

    HEADING = "heading"
    CORNER = "corner"
    HEADER = "header"
    STUB = "stub"
    VALUE = "value"


@dataclass(frozen=True)
class GridCell:
    """A rectangle, rows and columns counted from 0; exactly one of ``label`` and ``figure`` is given."""

    row: int
    column: int
    height: int
    width: int
    role: Role
    label: Label | None = None
    figure: FigureId | None = None


@dataclass(frozen=True)
class Grid:
    """A whole table: its cells in reading order, and how many rows at the top are headers."""

    rows: int
    columns: int
    cells: tuple[GridCell, ...]
    header_rows: int


@lru_cache(maxsize=64)
def table_grid(table: Table) -> Grid:
    """The official layout of ``table``, made once for all its reports."""
    cells: list[GridCell] = []
    row = 0
    for block in table.blocks:
        block_cells = list(_block(table, block, len(table.widths)))
        cells += [replace(cell, row=cell.row + row) for cell in block_cells]
        row += max(cell.row + cell.height for cell in block_cells)
    first_value = min(cell.row for cell in cells if cell.role is Role.VALUE)
    header_rows = first_value if len(table.blocks) == 1 else 0
    return Grid(row, len(table.widths), tuple(sorted(cells, key=lambda c: (c.row, c.column))), header_rows)


def _depth(lines: Sequence[Line]) -> int:
    return max(len(line.path) for line in lines)


def _block(table: Table, block: Block, width: int) -> Iterator[GridCell]:
    top = 0
    if block.heading:
        yield GridCell(0, 0, 1, width, Role.HEADING, Label(block.heading))
        top = 1
    if block.across:
        yield from _across(table, block, top, width)
        return
    depth, stub = _depth(block.columns), _depth(block.rows)
    value_widths = _shares(width - stub, len(block.columns))
    starts = _starts(value_widths, stub)
    yield GridCell(top, 0, depth, stub, Role.CORNER, block.corner)
    for first, last, level, span, label in _runs([column.path for column in block.columns], depth):
        yield GridCell(top + level, starts[first], span, sum(value_widths[first : last + 1]), Role.HEADER, label)
    top += depth
    for first, last, level, span, label in _runs([row.path for row in block.rows], stub):
        yield GridCell(top + first, level, last - first + 1, span, Role.STUB, label)
    for index, row in enumerate(block.rows):
        for place, column in enumerate(block.columns):
            figure = FigureId(table.id, row.id, column.id)
            yield GridCell(top + index, starts[place], 1, value_widths[place], Role.VALUE, figure=figure)


def _shares(width: int, count: int) -> list[int]:
    """``width`` grid columns shared among ``count`` values, the last ones taking what is over."""
    each, over = divmod(width, count)
    return [each + (1 if index >= count - over else 0) for index in range(count)]


def _starts(widths: list[int], first: int) -> list[int]:
    """The first grid column of each of ``widths``, beginning at ``first``."""
    return [first + sum(widths[:index]) for index in range(len(widths))]


def _across(table: Table, block: Block, top: int, width: int) -> Iterator[GridCell]:
    paths = [(*row.path, *column.path) for row in block.rows for column in block.columns]
    # A row with fewer headings than the others: its columns' labels reach up, not its own heading down.
    depth = max(len(path) for path in paths)
    value_widths = _shares(width, len(paths))
    starts = _starts(value_widths, 0)
    for first, last, level, span, label in _runs(paths, depth):
        yield GridCell(top + level, starts[first], span, sum(value_widths[first : last + 1]), Role.HEADER, label)
    ids = (FigureId(table.id, row.id, column.id) for row in block.rows for column in block.columns)
    for figure, start, share in zip(ids, starts, value_widths, strict=True):
        yield GridCell(top + depth, start, 1, share, Role.VALUE, figure=figure)


def _runs(paths: Sequence[tuple[Label, ...]], depth: int) -> Iterator[tuple[int, int, int, int, Label]]:
    """Merged headings: (first, last, level, levels spanned, label), lines counted along the other direction.

    Neighbours that share all headings down to a level share that heading's cell; the last heading of a path
    takes all levels that are left.
    """
    for index, path in enumerate(paths):
        for level, label in enumerate(path):
            is_last = level == len(path) - 1
            shared = path[: level + 1]
            if index and not is_last and paths[index - 1][: level + 1] == shared:
                continue
            end = index
            while not is_last and end + 1 < len(paths) and paths[end + 1][: level + 1] == shared:
                end += 1
            yield index, end, level, depth - level if is_last else 1, label

"""Lines of a block that end in a hole, or go on below it: a cell may have been lost, and others moved up to it."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.expr.model import mentioned
from xltool.figure import FigureId
from xltool.form import Block, Form, Table
from xltool.salvage.block import Placed
from xltool.salvage.board import Span, columns_of, is_amount
from xltool.salvage.certainty import Lack, missing
from xltool.salvage.reading import EDGE_ROW, Reading, confirms, is_hole

_EDGE_COLUMN = "这一列有空白，数可能错了一格"
_BELOW = "这一列在表的行以外还有数，可能错了一格"
_MOSTLY = 0.6


def doubt_ends(form: Form, table: Table, block: Block, pieces: Sequence[Placed], reading: Reading) -> Reading:
    """``reading`` of all pieces of a block with doubts about lines that end in a hole, or go on below the block.

    Where a cell was deleted those behind it move up to it, and the last place of the row or column is left empty.
    """
    columns = next((placed.columns for placed in pieces if placed.columns), {})
    across = sorted(columns, key=lambda place: columns[place].span.start)
    down = [(placed, i) for placed in pieces for i in sorted(placed.rows, key=lambda i: placed.rows[i].span.start)]
    grid = [[FigureId(table.id, block.rows[i].id, block.columns[place].id) for place in across] for _, i in down]
    if not grid or not across:
        return reading
    last, row = down[-1]
    doubts: dict[FigureId, str] = {}
    rows = [line for (placed, _), line in zip(down, grid, strict=True) if not placed.board.complete]
    doubts |= _after_holes(form, rows, reading, EDGE_ROW)
    lines = [list(line) for line in zip(*grid, strict=True)]
    early = [line[-1] for line, place in zip(lines, across, strict=True) if _ends_early(last, row, columns[place].span)]
    ending = reading | dict.fromkeys(early, missing(Lack.BLANK))
    if last.board.complete:
        lines = [
            line for line, place in zip(lines, across, strict=True) if not _is_there(last, row, columns[place].span)
        ]
    doubts |= _after_holes(form, lines, ending, _EDGE_COLUMN)
    overfull = {column for placed in pieces for column in placed.overfull}
    for place in across:
        if any(columns[place].span.meets(Span(column, column + 1)) for column in overfull):
            doubts |= {line[across.index(place)]: _BELOW for line in grid}
    return reading | {figure: reading[figure].doubted(why) for figure, why in doubts.items() if figure in reading}


def _is_there(placed: Placed, row: int, columns: Span) -> bool:
    rows = placed.rows[row].span
    return any(
        (r, c) in placed.board.at for r in range(rows.start, rows.end) for c in range(columns.start, columns.end)
    )


def _ends_early(placed: Placed, row: int, columns: Span) -> bool:
    """Whether the last label has several rows of numbers, and this column has none in the lowest of them."""
    rows = placed.rows[row].span
    lowest = Span(rows.end - 1, rows.end)
    behind = Span(columns_of(placed.rows[row].cell).end, placed.board.width)
    others = any(is_amount(cell) for cell in placed.board.in_row(lowest, behind))
    here = any(is_amount(cell) for cell in placed.board.in_row(lowest, columns))
    return rows.end - rows.start > 1 and others and not here


def _after_holes(form: Form, lines: Sequence[Sequence[FigureId]], reading: Reading, why: str) -> dict[FigureId, str]:
    """Figures of lines with a hole that no total of the line accounts for, except those that confirm themselves."""
    places = range(len(lines[0])) if lines else range(0)
    blank = {place for place in places if len(lines) > 1 and all(is_hole(line[place], reading) for line in lines)}
    # Of a row that is too short nobody knows which place is empty.
    blank -= {place for place in blank if any(_is_short(line[place], reading) for line in lines)}
    ending = [line for line in lines if is_hole(line[-1], reading)]
    only_ends = len(lines) > 1 and len(ending) > _MOSTLY * len(lines)
    if only_ends and all(reading[line[-1]].lack is Lack.BLANK for line in ending if line[-1] in reading):
        blank.add(len(lines[0]) - 1)
    doubts: dict[FigureId, str] = {}
    for line in lines:
        holes = [place for place in places if place not in blank and is_hole(line[place], reading)]
        # Zeros may change places; only at the end of a line a hole is what another number has left behind.
        if not any(reading[figure].value for figure in line if figure in reading):
            holes = [place for place in holes if place == len(line) - 1]
        settled = _settled(form, line, reading)
        if any(place >= settled for place in holes):
            doubts |= {figure: why for figure in line[settled:] if not confirms(form, figure, reading)}
    return doubts


def _is_short(figure: FigureId, reading: Reading) -> bool:
    return figure in reading and reading[figure].lack is Lack.SHORT_ROW


def _settled(form: Form, line: Sequence[FigureId], reading: Reading) -> int:
    """Up to which place the line is as it should be: a total of its own figures is the sum of what was read, holes
    being 0, so that nothing has moved before it.
    """
    totals = (place for place, figure in enumerate(line) if _of_its_own(form, figure, line))
    return max((place + 1 for place in totals if confirms(form, line[place], reading, holes=True)), default=0)


def _of_its_own(form: Form, total: FigureId, line: Sequence[FigureId]) -> bool:
    computed = form.figures[total].computed
    return computed is not None and {term.figure for term in mentioned(computed)} <= set(line)

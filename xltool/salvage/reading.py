"""Figures of one placed block: the cell where row and column meet, and what speaks against trusting it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xltool.documents.model import Cell
from xltool.expr.evaluate import evaluate
from xltool.expr.model import Operand, Term, mentioned
from xltool.figure import FigureId
from xltool.form import Block, Form, Table
from xltool.salvage.across import PlacedAcross, as_lines
from xltool.salvage.amounts import BLANK, NOT_A_NUMBER, read_amount, unit_doubt
from xltool.salvage.block import Placed
from xltool.salvage.board import Span, columns_of, is_amount, rows_of
from xltool.salvage.certainty import Certainty, missing
from xltool.salvage.labels import said
from xltool.salvage.lines import Found

Reading = dict[FigureId, Certainty]

_MERGED = "合并单元格，可能属于几格"
_BESIDE = "数没有写在表头下面的第一格"
_SEVERAL = "这一格对着几个数"
_SEVERAL_IN_ROW = "这一行有的格没有对准一列，数可能错了一格"
_TOO_SHORT = "这一行的格数与别的行不同"
_OVERFLOW = "这一行在表的列以外还有数"
_EDGE_ROW = "这一行有空白，数可能错了一格"
_EDGE_COLUMN = "这一列有空白，数可能错了一格"
_BELOW = "这一列在表的行以外还有数，可能错了一格"
_BY_ORDER = "没有表头，列是按顺序认的"
_NO_ROW, _NO_COLUMN = "没有找到这一行", "没有找到这一列"
_MOSTLY = 0.6
_BELOW_ZERO = Decimal(-1)


def read_block(form: Form, table: Table, block: Block, placed: Placed) -> Reading:
    """Every figure of the rows that were found here; columns that were not are said to be missing."""
    reading: Reading = {}
    for index, row in placed.rows.items():
        cells = _row_cells(placed, block, row)
        doubt = row.why or _row_doubt(placed, row)
        if any(why in (_SEVERAL, _MERGED) for _, why in cells.values()):
            doubt = doubt or _SEVERAL_IN_ROW
        for place, column in enumerate(block.columns):
            figure = form.figures[FigureId(table.id, block.rows[index].id, column.id)]
            cell, why = cells.get(place, (None, _NO_COLUMN))
            if why == _NO_COLUMN:
                lost = _TOO_SHORT if placed.by_order or place in placed.columns else _NO_COLUMN
                reading[figure.id] = missing(lost, place=placed.board.place(row.cell))
                continue
            header = placed.columns.get(place)
            read = read_amount(cell, figure, placed.board.place(cell or row.cell))
            unit = unit_doubt(figure, said(column.label.printed), header.label) if header is not None else ""
            for reason in (why, doubt, header.why if header is not None else _BY_ORDER, unit if read.value else ""):
                read = read.doubted(reason) if reason else read
            reading[figure.id] = read
    return reading | _collapsed(form, table, block, placed)


def _row_cells(placed: Placed, block: Block, row: Found) -> dict[int, tuple[Cell | None, str]]:
    """Column index → its cell in this row and what is odd about that."""
    behind = [cell for cell in placed.board.in_row(row.span, Span(columns_of(row.cell).end, placed.board.width))]
    short = placed.board.ragged & frozenset(range(row.span.start, row.span.end))
    if placed.by_order or (short and len(behind) == len(block.columns)):
        values = behind if placed.board.complete else [cell for cell in behind if is_amount(cell)]
        sequence = placed.sequence or tuple(range(len(block.columns)))
        if placed.columns:
            sequence = tuple(sorted(placed.columns, key=lambda place: placed.columns[place].span.start))
        if len(values) == len(block.columns) == len(sequence):
            return {place: (cell, _TOO_SHORT if short else "") for place, cell in zip(sequence, values, strict=True)}
        return {}
    return {place: _crossing(placed, row, place) for place in placed.columns}


def _crossing(placed: Placed, row: Found, place: int) -> tuple[Cell | None, str]:
    column = placed.columns[place]
    inside = [
        cell
        for cell in placed.board.in_row(row.span, column.span)
        if (cell.text or cell.number is not None) and cell.column + cell.columns > columns_of(row.cell).end
    ]
    if not inside:
        return None, ""
    if len(inside) > 1:
        return inside[0], _SEVERAL
    taller = inside[0].row < row.span.start or rows_of(inside[0]).end > row.span.end
    if taller or not _within(inside[0], column.span):
        return inside[0], _MERGED
    if placed.board.table.spreadsheet and inside[0].column != column.span.start:
        return inside[0], _BESIDE
    return inside[0], ""


def _within(cell: Cell, span: Span) -> bool:
    return span.start <= cell.column and cell.column + cell.columns <= span.end


def _row_doubt(placed: Placed, row: Found) -> str:
    """What makes every number of the row doubtful: it is too short, or has numbers outside the columns."""
    if placed.board.ragged & frozenset(range(row.span.start, row.span.end)):
        return _TOO_SHORT
    if placed.by_order:
        return ""
    spans = [f.span for f in placed.columns.values()]
    spans += [Span(column, column + 1) for column in placed.extra_columns]
    behind = placed.board.in_row(row.span, Span(columns_of(row.cell).end, placed.board.width))
    outside = [cell for cell in behind if is_amount(cell) and not any(columns_of(cell).meets(s) for s in spans)]
    return _OVERFLOW if outside else ""


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
    doubts |= _after_holes(form, rows, reading, _EDGE_ROW)
    lines = [list(line) for line in zip(*grid, strict=True)]
    if last.board.complete:
        lines = [
            line for line, place in zip(lines, across, strict=True) if not _is_there(last, row, columns[place].span)
        ]
    doubts |= _after_holes(form, lines, reading, _EDGE_COLUMN)
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


def _after_holes(form: Form, lines: Sequence[Sequence[FigureId]], reading: Reading, why: str) -> dict[FigureId, str]:
    """Figures of lines with a hole that no total of the line accounts for, except those that confirm themselves."""
    places = range(len(lines[0])) if lines else range(0)
    blank = {place for place in places if len(lines) > 1 and all(_is_hole(line[place], reading) for line in lines)}
    ending = [line for line in lines if _is_hole(line[-1], reading)]
    only_ends = len(lines) > 1 and len(ending) > _MOSTLY * len(lines)
    if only_ends and all(reading[line[-1]].why == BLANK for line in ending if line[-1] in reading):
        blank.add(len(lines[0]) - 1)
    doubts: dict[FigureId, str] = {}
    for line in lines:
        holes = [place for place in places if place not in blank and _is_hole(line[place], reading)]
        # Zeros may change places; only at the end of a line a hole is what another number has left behind.
        if not any(reading[figure].value for figure in line if figure in reading):
            holes = [place for place in holes if place == len(line) - 1]
        settled = _settled(form, line, reading)
        if any(place >= settled for place in holes):
            doubts |= {figure: why for figure in line[settled:] if not confirms(form, figure, reading)}
    return doubts


def _is_hole(figure: FigureId, reading: Reading, complete: bool = False) -> bool:
    """Whether nothing stands there, or words that have no business there; of a ``complete`` table only words."""
    read = reading.get(figure, missing(BLANK))
    words = read.why == NOT_A_NUMBER and not is_amount(Cell(read.quoted, 0, 0))
    return words or (read.why in (BLANK, _TOO_SHORT) and not complete)


def _settled(form: Form, line: Sequence[FigureId], reading: Reading) -> int:
    """Up to which place the line is as it should be: a total of its own figures is the sum of what was read, holes
    being 0, so that nothing has moved before it.
    """
    totals = (place for place, figure in enumerate(line) if _of_its_own(form, figure, line))
    return max((place + 1 for place in totals if confirms(form, line[place], reading, holes=True)), default=0)


def _of_its_own(form: Form, total: FigureId, line: Sequence[FigureId]) -> bool:
    computed = form.figures[total].computed
    return computed is not None and {term.figure for term in mentioned(computed)} <= set(line)


def confirms(form: Form, total: FigureId, reading: Reading, holes: bool = False) -> bool:
    """Whether ``total`` was read and equals what the form computes from the other figures read; 0 confirms nothing.

    ``holes``: what is blank counts as 0.
    """
    stated, computed = reading.get(total), form.figures[total].computed
    if stated is None or not stated.value or computed is None:
        return False

    def value(operand: Operand) -> Decimal | None:
        known = reading.get(operand.figure) if isinstance(operand, Term) else None
        if holes and known is not None and known.why == BLANK:
            return Decimal(0)
        return known.value if known is not None else None

    return evaluate(computed, value) == stated.value


def _collapsed(form: Form, table: Table, block: Block, placed: Placed) -> Reading:
    """One row for several: of no negative numbers that add up to 0 each is 0, any other sum says nothing of them."""
    reading: Reading = {}
    for found, below in placed.collapsed:
        cells = _row_cells(placed, block, found)
        name = " ".join(found.cell.text.split())
        for place, column in enumerate(block.columns):
            cell, why = cells.get(place, (None, _NO_COLUMN))
            for index in below:
                figure = form.figures[FigureId(table.id, block.rows[index].id, column.id)]
                read = read_amount(cell, figure, placed.board.place(cell or found.cell))
                reason = why or found.why or _row_doubt(placed, found)
                header = placed.columns.get(place)
                reason = reason or (header.why if header is not None else _BY_ORDER)
                if read.value != 0 or figure.kind.accepts(_BELOW_ZERO):
                    told = f"原件只有“{name}”一行，是 {read.quoted}，没有分到各行" if read.quoted else read.why
                    read = missing(told, read.quoted, read.place)
                reading[figure.id] = read.doubted(reason) if reason else read
    return reading


def read_across(form: Form, table: Table, block: Block, placed: PlacedAcross) -> Reading:
    """Every figure whose heading was found."""
    ids = [FigureId(table.id, row.id, column.id) for row in block.rows for column in block.columns]
    labels = [line.label.printed for line in as_lines(block)]
    reading: Reading = {}
    for index, name in enumerate(ids):
        column = placed.columns.get(index)
        if column is None:
            reading[name] = missing(_NO_COLUMN)
            continue
        figure = form.figures[name]
        cell, why = _below(placed, column)
        read = read_amount(cell, figure, placed.board.place(cell or column.cell))
        unit = unit_doubt(figure, said(labels[index]), column.label) if read.value else ""
        for reason in (why, column.why, unit):
            read = read.doubted(reason) if reason else read
        reading[name] = read
    moved = any(_below(placed, column)[1] for column in placed.columns.values())
    holes = [ids[place] for place in placed.columns if _is_hole(ids[place], reading, placed.board.complete)]
    totals = [name for name in ids if form.figures[name].computed is not None]
    holes = [] if set(holes) == set(totals) else holes  # formulas without results
    if moved or holes:
        reading = {name: read.doubted(_SEVERAL_IN_ROW if moved else _EDGE_ROW) for name, read in reading.items()}
    return reading


def _below(placed: PlacedAcross, column: Found) -> tuple[Cell | None, str]:
    rows = Span(min(placed.rows), min(placed.rows) + 1) if placed.rows else Span(0, 0)
    inside = [cell for cell in placed.board.in_row(rows, column.span) if cell.text or cell.number is not None]
    if not inside:
        return None, ""
    merged = inside[0].rows > 1 or not _within(inside[0], column.span)
    return inside[0], _SEVERAL if len(inside) > 1 else _MERGED if merged else ""

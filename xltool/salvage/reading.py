"""Figures of one placed block: the cell where row and column meet, and what speaks against trusting it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xltool.documents.model import Cell
from xltool.expr.evaluate import evaluate
from xltool.expr.model import Operand, Term
from xltool.figure import FigureId
from xltool.form import Block, Form, Table
from xltool.salvage.across import PlacedAcross, as_lines
from xltool.salvage.amounts import read_amount, unit_doubt
from xltool.salvage.block import Placed
from xltool.salvage.board import Span, columns_of, is_amount, rows_of
from xltool.salvage.certainty import Certainty, Lack, missing
from xltool.salvage.labels import said
from xltool.salvage.lines import Found

Reading = dict[FigureId, Certainty]

_MERGED = "合并单元格，可能属于几格"
_BESIDE = "数没有写在表头下面的第一格"
_SEVERAL = "这一格对着几个数"
_SEVERAL_IN_ROW = "这一行有的格没有对准一列，数可能错了一格"
_OVERFLOW = "这一行在表的列以外还有数"
EDGE_ROW = "这一行有空白，数可能错了一格"
_BY_ORDER = "没有表头，列是按顺序认的"
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
            cell, why = cells.get(place, (None, Lack.COLUMN))
            if why is Lack.COLUMN:
                lost = Lack.SHORT_ROW if placed.by_order or place in placed.columns else Lack.COLUMN
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
            return {
                place: (cell, Lack.SHORT_ROW if short else "") for place, cell in zip(sequence, values, strict=True)
            }
        return {}
    in_order = _in_order(placed, block, row, behind)
    return in_order or {place: _crossing(placed, row, place) for place in placed.columns}


def _in_order(placed: Placed, block: Block, row: Found, behind: Sequence[Cell]) -> dict[int, tuple[Cell | None, str]]:
    """One cell for each column, and each under its own, though they may not begin where it does; {} otherwise."""
    places = sorted(placed.columns, key=lambda place: placed.columns[place].span.start)
    if not (placed.board.complete and len(behind) == len(places) == len(block.columns)):
        return {}
    pairs = list(zip(places, behind, strict=True))
    own = all(columns_of(cell).meets(placed.columns[place].span) and rows_of(cell) == row.span for place, cell in pairs)
    return {place: (cell, "") for place, cell in pairs} if own else {}


def _crossing(placed: Placed, row: Found, place: int) -> tuple[Cell | None, str]:
    column = placed.columns[place]
    inside = [
        cell
        for cell in placed.board.in_row(row.span, column.span)
        if (cell.text or cell.number is not None) and cell.column + cell.columns > columns_of(row.cell).end
    ]
    if not inside:
        return None, ""
    if len(inside) > 1 and not _repeated(inside, column.span):
        return inside[0], _SEVERAL
    taller = inside[0].row < row.span.start or rows_of(inside[0]).end > row.span.end
    if taller or not _within(inside[0], column.span):
        return inside[0], _MERGED
    if placed.board.table.spreadsheet and inside[0].column != column.span.start:
        return inside[0], _BESIDE
    return inside[0], ""


def _repeated(cells: Sequence[Cell], span: Span) -> bool:
    """Whether one number stands there again for each column that it spans, as some programs write merged cells."""
    single = all(cell.columns == 1 for cell in cells) and len(cells) == span.end - span.start
    return single and len({cell.text for cell in cells}) == 1


def _within(cell: Cell, span: Span) -> bool:
    return span.start <= cell.column and cell.column + cell.columns <= span.end


def _row_doubt(placed: Placed, row: Found) -> str:
    """What makes every number of the row doubtful: it is too short, or has numbers outside the columns."""
    if placed.board.ragged & frozenset(range(row.span.start, row.span.end)):
        return Lack.SHORT_ROW
    if placed.by_order:
        return ""
    spans = [found.span for found in placed.columns.values()]
    extra = {_under(placed, column) for column in placed.extra_columns}
    behind = placed.board.in_row(row.span, Span(columns_of(row.cell).end, placed.board.width))
    amounts = [columns_of(cell) for cell in behind if is_amount(cell)]
    outside = any(not any(amount.meets(span) for span in (*spans, *extra)) for amount in amounts)
    double = any(sum(amount.meets(span) for amount in amounts) > 1 for span in extra)
    return _OVERFLOW if outside or double else ""


def _under(placed: Placed, column: int) -> Span:
    """The columns of the heading that stands over ``column``, which is none of the form's."""
    rows = {found.cell.row for found in placed.columns.values()}
    above = [cell for row in rows if (cell := placed.board.at.get((row, column))) is not None and cell.text]
    return columns_of(above[0]) if above else Span(column, column + 1)


def is_hole(figure: FigureId, reading: Reading, complete: bool = False) -> bool:
    """Whether nothing stands there, or words that have no business there; of a ``complete`` table only words."""
    read = reading.get(figure, missing(Lack.BLANK))
    words = read.lack is Lack.NOT_A_NUMBER and not is_amount(Cell(read.quoted, 0, 0))
    return words or (read.lack in (Lack.BLANK, Lack.SHORT_ROW) and not complete)


def confirms(form: Form, total: FigureId, reading: Reading, holes: bool = False) -> bool:
    """Whether ``total`` was read and equals what the form computes from the other figures read; 0 confirms nothing.

    ``holes``: what is blank counts as 0, and so does a dash.
    """
    stated, computed = reading.get(total), form.figures[total].computed
    if stated is None or not stated.value or computed is None:
        return False

    def value(operand: Operand) -> Decimal | None:
        known = reading.get(operand.figure) if isinstance(operand, Term) else None
        if holes and known is not None and (known.lack is Lack.BLANK or _is_dash(known)):
            return Decimal(0)
        return known.value if known is not None else None

    return evaluate(computed, value) == stated.value


def _is_dash(read: Certainty) -> bool:
    """Whether a sign stands in place of a number: no words, no digits."""
    return read.lack is Lack.NOT_A_NUMBER and not any(char.isalnum() for char in read.quoted)


def _collapsed(form: Form, table: Table, block: Block, placed: Placed) -> Reading:
    """One row for several: of no negative numbers that add up to 0 each is 0, any other sum says nothing of them."""
    reading: Reading = {}
    for found, below in placed.collapsed:
        cells = _row_cells(placed, block, found)
        name = " ".join(found.cell.text.split())
        for place, column in enumerate(block.columns):
            cell, why = cells.get(place, (None, Lack.COLUMN))
            for index in below:
                figure = form.figures[FigureId(table.id, block.rows[index].id, column.id)]
                read = read_amount(cell, figure, placed.board.place(cell or found.cell))
                reason = why or found.why or _row_doubt(placed, found)
                header = placed.columns.get(place)
                reason = reason or (header.why if header is not None else _BY_ORDER)
                if read.quoted and (read.value != 0 or figure.kind.accepts(_BELOW_ZERO)):
                    told = f"原件只有“{name}”一行，是 {read.quoted}，没有分到各行"
                    read = missing(Lack.ONE_ROW_FOR_SEVERAL, read.quoted, read.place, told)
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
            reading[name] = missing(Lack.COLUMN)
            continue
        figure = form.figures[name]
        cell, why = _below(placed, column)
        read = read_amount(cell, figure, placed.board.place(cell or column.cell))
        unit = unit_doubt(figure, said(labels[index]), column.label) if read.value else ""
        for reason in (why, column.why, unit):
            read = read.doubted(reason) if reason else read
        reading[name] = read
    moved = any(_below(placed, column)[1] for column in placed.columns.values())
    holes = [ids[place] for place in placed.columns if is_hole(ids[place], reading, placed.board.complete)]
    totals = [name for name in ids if form.figures[name].computed is not None]
    holes = [] if set(holes) == set(totals) else holes  # formulas without results
    if moved or holes:
        reading = {name: read.doubted(_SEVERAL_IN_ROW if moved else EDGE_ROW) for name, read in reading.items()}
    return reading


def _below(placed: PlacedAcross, column: Found) -> tuple[Cell | None, str]:
    rows = Span(min(placed.rows), min(placed.rows) + 1) if placed.rows else Span(0, 0)
    inside = [cell for cell in placed.board.in_row(rows, column.span) if cell.text or cell.number is not None]
    if not inside:
        return None, ""
    merged = inside[0].rows > 1 or not _within(inside[0], column.span)
    several = len(inside) > 1 and not _repeated(inside, column.span)
    return inside[0], _SEVERAL if several else _MERGED if merged else ""

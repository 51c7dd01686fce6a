"""One block of a form's table found in one table of a document: which rows and columns stand where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from xltool.documents.model import Cell
from xltool.form import Block, Line
from xltool.salvage.board import Board, Span, columns_of, is_amount, rows_of
from xltool.salvage.labels import Likeness, Said, Wanted, said, wanted
from xltool.salvage.lines import Found, Spot, column_axis, find_lines, row_axis
from xltool.salvage.shape import compare

_TALLEST = 1_000
"""No block has so many rows: the same words far below are another list."""
MOVED = "行数与表样不符，标题与数可能错开"
_COLUMNS_MOVED = "列数与表样不符，标题与数可能错开"
NO_LABEL = "没有标题，是按位置认的"


@dataclass(frozen=True)
class Placed:
    """Rows and columns of one block by index. ``nameless``: rows with numbers that no label of the form claims;
    ``extra_rows``, ``extra_columns``: where numbers stand besides.

    ``collapsed``: the outer heading that has one row for all below it → that row, and the lines it stands for.
    ``by_order``: the columns have no header here; each row's numbers are taken in order, that of ``sequence`` if given.
    ``overfull``: grid columns with a number below the block that no label claims: what stands above may have moved.
    """

    board: Board
    rows: dict[int, Found]
    columns: dict[int, Found]
    stub: int
    nameless: tuple[int, ...] = ()
    extra_rows: tuple[int, ...] = ()
    extra_columns: tuple[int, ...] = ()
    collapsed: tuple[tuple[Found, tuple[int, ...]], ...] = ()
    by_order: bool = False
    sequence: tuple[int, ...] = ()
    overfull: frozenset[int] = frozenset()

    @property
    def top(self) -> int:
        return min(found.span.start for found in self.rows.values())


def place_block(board: Board, block: Block, foreign: Collection[int]) -> Placed | None:
    """Where ``block`` stands on ``board``; None where not one of its rows is there. ``foreign``: others' rows."""
    rows = _rows(board, block) or _rows_withoutnumbers_behind(board, block, foreign)
    if not rows:
        return None
    rows = _with_moved_labels_doubted(board, rows)
    stub = max(columns_of(f.cell).end for f in [f for f in rows.values() if f.why != MOVED] or rows.values())
    top = min(found.span.start for found in rows.values())
    floor = max((row + 1 for row in foreign if row < top), default=0)
    columns = _columns(board, block, Span(floor, top), stub)
    placed = Placed(board, rows, columns, stub, by_order=not columns)
    if max(found.span.end for found in rows.values()) - top > _TALLEST:
        return None
    nameless = _nameless_rows(placed, block, foreign)
    collapsed = tuple(_collapsed(placed, block, nameless))
    singles = {found.span.start for found, _ in collapsed}
    rest = tuple(row for row in nameless if row not in singles)
    return _with_columns_judged(replace(placed, nameless=rest, collapsed=collapsed), block)


def _with_moved_labels_doubted(board: Board, rows: dict[int, Found]) -> dict[int, Found]:
    """``rows`` with a doubt about those whose label stands where the others have their numbers."""
    filled = Counter(
        cell.column for f in rows.values() for cell in board.in_row(f.span, Span(0, board.width)) if is_amount(cell)
    )
    often = {column for column, times in filled.items() if times > len(rows) / 2}
    own = {i: range(f.cell.column, f.cell.column + f.cell.columns) for i, f in rows.items()}
    return {i: doubted(f, MOVED if often.intersection(own[i]) else "") for i, f in rows.items()}


def row_cells(board: Board, lines: Sequence[Line]) -> Iterator[Cell]:
    """Cells that are labels of ``lines`` with a number behind them."""
    for line in lines:
        yield from (cell for cell, _ in board.having(wanted(line.label)) if _leads(board, cell))


def _leads(board: Board, cell: Cell) -> bool:
    """Whether what comes behind ``cell`` in its row is a number."""
    behind = board.in_row(rows_of(cell), Span(cell.column + cell.columns, board.width))
    first = next((other for other in behind if other.text or other.number is not None), None)
    return first is not None and is_amount(first)


def _rows(board: Board, block: Block) -> dict[int, Found]:
    axis = row_axis(board)
    taken = [said(column.label.text) for column in block.columns]
    leading = [spot for spot in board.labels if _leads(board, spot[0])]
    found = find_lines(axis, block.rows, leading, taken)
    if not found:
        return {}
    lost = {index: line for index, line in enumerate(block.rows) if index not in found}
    if lost:
        found |= _blank_rows(board, block, found)
    return {index: _one_row(board, line) for index, line in sorted(found.items())}


def _rows_withoutnumbers_behind(board: Board, block: Block, foreign: Collection[int]) -> dict[int, Found]:
    """Of a block that was left blank, the rows under its own header."""
    found = find_lines(row_axis(board), block.rows, [spot for spot in board.labels if not _behind(board, spot[0])])
    if not found:
        return {}
    top, stub = min(f.span.start for f in found.values()), max(columns_of(f.cell).end for f in found.values())
    floor = max((row + 1 for row in foreign if row < top), default=0)
    return found if _columns(board, block, Span(floor, top), stub) else {}


def _behind(board: Board, cell: Cell) -> bool:
    behind = board.in_row(rows_of(cell), Span(cell.column + cell.columns, board.width))
    return any(other.text for other in behind)


def _blank_rows(board: Board, block: Block, found: dict[int, Found]) -> dict[int, Found]:
    """Rows whose label is there and no number: beside the others, below the first of them."""
    edge = max(columns_of(line.cell).end for line in found.values())
    top, bottom = min(f.span.start for f in found.values()), max(f.span.end for f in found.values())
    names = [wanted(line.label) for line in block.columns]
    spots = [
        spot
        for spot in board.labels
        if top - 1 <= spot[0].row <= bottom and columns_of(spot[0]).end <= edge and not _is_one(spot[1], names)
    ]
    used = {id(line.cell) for line in found.values()}
    free = [spot for spot in spots if id(spot[0]) not in used and not _leads(board, spot[0])]
    again = find_lines(row_axis(board), block.rows, free)
    return {index: line for index, line in again.items() if index not in found and not line.why}


def _is_one(label: Said, names: Sequence[Wanted]) -> bool:
    return any(name.likeness(label) is Likeness.SAME for name in names)


def _one_row(board: Board, line: Found) -> Found:
    """A label that reaches over several rows of numbers belongs to none of them for certain."""
    behind = Span(columns_of(line.cell).end, board.width)
    shorter = [cell for cell in board.in_row(line.span, behind) if is_amount(cell) and cell.rows < line.cell.rows]
    return replace(line, why="一个标题对着几行") if shorter else line


def _columns(board: Board, block: Block, header: Span, stub: int) -> dict[int, Found]:
    spots = [
        spot
        for spot in board.labels
        if header.start <= spot[0].row and rows_of(spot[0]).end <= header.end and spot[0].column >= stub
    ]
    return find_lines(column_axis(board), block.columns, _nearest(spots, block))


def _nearest(spots: Sequence[Spot], block: Block) -> list[Spot]:
    """Of a header that is printed twice, the one that is nearer to the rows."""
    leaves = [wanted(line.label) for line in block.columns]
    chosen: list[Spot] = []
    for spot in spots:
        same = [leaf for leaf in leaves if leaf.likeness(spot[1]) is Likeness.SAME]
        below = any(
            other[0].row > spot[0].row
            and other[0].column == spot[0].column
            and leaf.likeness(other[1]) is Likeness.SAME
            for other in spots
            for leaf in same
        )
        if not below:
            chosen.append(spot)
    return chosen


def nameless_piece(board: Board, before: Placed) -> Placed | None:
    """A table of numbers without a label, right behind a piece of a block that lacks rows: these may be they."""
    rows = sorted({cell.row for cell in board.amounts})
    if board.labels or not rows or len(rows) > _TALLEST:
        return None
    return Placed(board, {}, {}, 0, tuple(rows), by_order=True, sequence=before.sequence)


def doubted(found: Found, why: str) -> Found:
    return replace(found, why=found.why or why) if why else found


def numbers_behind(placed: Placed, rows: Span) -> list[Cell]:
    """Amounts behind the labels of these rows."""
    behind = Span(placed.stub, placed.board.width)
    return [cell for cell in placed.board.in_row(rows, behind) if is_amount(cell)]


def _nameless_rows(placed: Placed, block: Block, foreign: Collection[int]) -> list[int]:
    """Rows with numbers among the block's rows, right above or below them, that no label of the form claims."""
    claimed = {row for found in placed.rows.values() for row in range(found.span.start, found.span.end)}
    top, bottom = min(claimed), max(claimed) + 1
    inside = [row for row in range(top, bottom) if row not in claimed and row not in foreign]
    above, below = [], []
    row = top - 1
    while row >= max(0, top - _TALLEST) and row not in foreign and numbers_behind(placed, Span(row, row + 1)):
        above.append(row)
        row -= 1
    row = bottom
    lowest = min(placed.board.height, bottom + _TALLEST)
    while row < lowest and row not in foreign and numbers_behind(placed, Span(row, row + 1)):
        below.append(row)
        row += 1
    rows = [*above, *inside, *below]
    return sorted(
        row
        for row in rows
        if any(cell.row == row for cell in numbers_behind(placed, Span(row, row + 1)))
        and not _is_counting(placed, row, len(block.columns))
    )


def _is_counting(placed: Placed, row: int, count: int) -> bool:
    """A row 1 2 3 … that only numbers the columns, as offices' own forms have below the header."""
    texts = [cell.text for cell in numbers_behind(placed, Span(row, row + 1))]
    return (
        len(texts) >= min(count, 2) and texts == [str(n) for n in range(int(texts[0]), int(texts[0]) + len(texts))]
        if texts and texts[0] in ("1", "2", "3")
        else False
    )


def _collapsed(placed: Placed, block: Block, nameless: Sequence[int]) -> Iterator[tuple[Found, tuple[int, ...]]]:
    """Rows that bear an outer heading of the form alone, none of the rows below which is there."""
    for heading in dict.fromkeys(line.path[-2] for line in block.rows if len(line.path) > 1):
        below = tuple(i for i, line in enumerate(block.rows) if len(line.path) > 1 and line.path[-2] == heading)
        if any(index in placed.rows for index in below):
            continue
        name = wanted(heading)
        spots = [
            (cell, label)
            for cell, label in placed.board.having(name)
            if cell.row in nameless and _leads(placed.board, cell)
        ]
        if len(spots) == 1 and sum(row in nameless for row in range(*_reach(spots[0][0], nameless))) == 1:
            yield Found(spots[0][0], rows_of(spots[0][0]), spots[0][1]), below


def _reach(cell: Cell, nameless: Sequence[int]) -> tuple[int, int]:
    """The rows that could belong to the heading: its own, and nameless ones right behind it."""
    end = cell.row + cell.rows
    while end in nameless:
        end += 1
    return cell.row, end


def _with_columns_judged(placed: Placed, block: Block) -> Placed:
    if not placed.columns:
        return placed
    board = placed.board
    rows = [found.span for found in placed.rows.values()]
    filled: dict[int, int] = {}
    for span in rows:
        for column in {cell.column for cell in numbers_behind(placed, span)}:
            filled[column] = filled.get(column, 0) + 1
    claimed = {c for found in placed.columns.values() for c in range(found.span.start, found.span.end)}
    mostly = max(2, len(rows) // 2 + 1)
    often = 1 if len(placed.columns) < len(block.columns) else mostly
    nameless = [column for column, times in sorted(filled.items()) if column not in claimed and times >= often]
    starts = {index: found.span.start for index, found in placed.columns.items()}
    empty = [i for i, f in placed.columns.items() if not any(c in filled for c in range(f.span.start, f.span.end))]
    shape = compare(len(block.columns), starts, empty, nameless)
    columns = dict(placed.columns)
    for index, column in shape.by_place.items():
        columns[index] = Found(Cell("", placed.top, column), Span(column, column + 1), said(""), NO_LABEL)
    header_rows = {row for f in placed.columns.values() for row in range(f.cell.row, f.cell.row + f.cell.rows)}
    free = [column for column in filled if column not in claimed and column not in nameless]
    headed = [c for c in (*free, *shape.extra) if _has_heading(placed, header_rows, c, claimed)]
    lasting = [column for column in shape.extra if filled[column] >= mostly]
    spans = [found.span for found in columns.values()]
    shared = any(one.meets(other) for one, other in combinations(spans, 2))
    moved = set(range(len(block.columns))) if shared or header_rows & board.ragged else set(shape.moved)
    judged = {i: doubted(found, _COLUMNS_MOVED if i in moved else "") for i, found in sorted(columns.items())}
    return replace(placed, columns=judged, extra_columns=tuple(sorted({*lasting, *headed})))


def _has_heading(placed: Placed, header_rows: Collection[int], column: int, claimed: Collection[int]) -> bool:
    """Whether words stand over this column alone: it is one that the form has not, and nothing has moved into it."""
    above = (placed.board.at.get((row, column)) for row in header_rows)
    headings = [c for c in above if c is not None and c.text and not is_amount(c) and c.column >= placed.stub]
    return any(all(c not in claimed for c in range(h.column, h.column + h.columns)) for h in headings)

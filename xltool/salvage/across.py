"""A block whose rows stand side by side in one printed row, found by the headings over each number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from xltool.form import Block, Line
from xltool.salvage.board import Board, Span, columns_of, is_amount, rows_of
from xltool.salvage.labels import Likeness, wanted
from xltool.salvage.lines import Found, Spot, column_axis, find_lines

_LEAST_FOUND = 0.5
_HIGHEST_HEADER = 4
_MOVED = "列数与表样不符，标题与数可能错开"
_BY_SEQUENCE = "上一级标题没有对准，是按顺序认的"
_SEVERAL_ROWS = "表头上下有几行数"


@dataclass(frozen=True)
class PlacedAcross:
    """Which column each number of the block has, by index in reading order, and the row they stand in.

    ``rows``: every row below the header that holds numbers; more than one leaves it open which is meant.
    """

    board: Board
    columns: dict[int, Found]
    rows: tuple[int, ...]
    extra_columns: tuple[int, ...] = ()


def as_lines(block: Block) -> tuple[Line, ...]:
    """Every number of the block as a column of its own, with all its headings."""
    return tuple(replace(column, path=(*row.path, *column.path)) for row in block.rows for column in block.columns)


def place_across(board: Board, block: Block, foreign: Collection[int]) -> PlacedAcross | None:
    """Where ``block`` stands on ``board``; None where less than half of its headings are there."""
    lines = as_lines(block)
    spots = _lowest_headings(board, lines, foreign)
    if not spots:
        return None
    columns = _by_heading(board, lines, spots) or _by_sequence(lines, spots)
    if len(columns) < len(lines) * _LEAST_FOUND:
        return None
    bottom = max(rows_of(found.cell).end for found in columns.values())
    rows = _value_rows(board, columns, bottom, foreign)
    return _judged(PlacedAcross(board, columns, rows), lines)


def _lowest_headings(board: Board, lines: Sequence[Line], foreign: Collection[int]) -> list[Spot]:
    """The headings right over the numbers, from left to right: those of the row in which most of them stand."""
    by_bottom: dict[int, list[Spot]] = {}
    for leaf in dict.fromkeys(wanted(line.label) for line in lines):
        for cell, label in board.having(leaf):
            if rows_of(cell).end - 1 not in foreign:
                by_bottom.setdefault(rows_of(cell).end, []).append((cell, label))
    best = max(by_bottom, key=lambda bottom: len(by_bottom[bottom]), default=None)
    if best is None:
        return []
    spots = list(by_bottom[best])
    taken = {column for cell, _ in spots for column in range(cell.column, cell.column + cell.columns)}
    # Cells that were not merged downwards end higher, as long as nothing of the kind stands below them.
    for bottom in sorted((b for b in by_bottom if best - 3 <= b < best), reverse=True):
        free = [spot for spot in by_bottom[bottom] if spot[0].column not in taken]
        spots += free
        taken |= {cell.column for cell, _ in free}
    return sorted(spots, key=lambda spot: spot[0].column)


def _by_heading(board: Board, lines: Sequence[Line], spots: Sequence[Spot]) -> dict[int, Found]:
    """Each by the headings that stand over it; {} where it cannot be told which of them do."""
    leaves = [wanted(line.label) for line in lines]
    if len(spots) == len(lines) and all(
        leaf.likeness(label) is Likeness.SAME for leaf, (_, label) in zip(leaves, spots, strict=True)
    ):
        return _as_printed(board, lines, spots)
    found = find_lines(column_axis(board), lines, spots)
    shared = len({leaf.plain.words for leaf in leaves}) < len(leaves)
    return {} if shared and not _spans_cover(board, lines, found) else found


def _as_printed(board: Board, lines: Sequence[Line], spots: Sequence[Spot]) -> dict[int, Found]:
    """All headings in the form's order; {} where an outer heading stands over others than its own."""
    outer = {wanted(line.path[-2]) for line in lines if len(line.path) > 1}
    axis = column_axis(board)
    found: dict[int, Found] = {}
    for index, (line, spot) in enumerate(zip(lines, spots, strict=True)):
        over = axis.heading_over(spot[0], outer)
        own = wanted(line.path[-2]) if len(line.path) > 1 else None
        if over and own not in over:
            return {}
        found[index] = _plain(spot, "" if over or own is None else _BY_SEQUENCE)
    return found


def _spans_cover(board: Board, lines: Sequence[Line], found: dict[int, Found]) -> bool:
    """Whether every outer heading really spans what was found below it: its place alone could be another's."""
    for index, line in found.items():
        outer = [wanted(label) for label in lines[index].path[:-1]][-1:]
        above = [
            cell
            for name in outer
            for cell, _ in board.having(name)
            if columns_of(cell).start <= line.span.start < columns_of(cell).end and rows_of(cell).end <= line.cell.row
        ]
        if outer and not above:
            return False
    return True


def _plain(spot: Spot, why: str = "") -> Found:
    return Found(spot[0], columns_of(spot[0]), spot[1], why)


def _by_sequence(lines: Sequence[Line], spots: Sequence[Spot]) -> dict[int, Found]:
    """Headings in the order of the form, each line taking the next that is like it; never certain."""
    found: dict[int, Found] = {}
    start = 0
    for index, line in enumerate(lines):
        leaf = wanted(line.label)
        fitting = (k for k in range(start, len(spots)) if leaf.likeness(spots[k][1]) is Likeness.SAME)
        place = next(fitting, None)
        if place is not None and place - start <= 1:
            found[index] = _plain(spots[place], _BY_SEQUENCE)
            start = place + 1
    return found


def _value_rows(board: Board, columns: dict[int, Found], bottom: int, foreign: Collection[int]) -> tuple[int, ...]:
    """Rows below the header that hold numbers under it, down to the first that holds words instead."""
    left = min(found.span.start for found in columns.values())
    right = max(found.span.end for found in columns.values())
    rows: list[int] = []
    for row in range(bottom, board.height):
        cells = [cell for cell in board.in_row(Span(row, row + 1), Span(left, right)) if cell.row == row]
        written = [cell for cell in cells if cell.text or cell.number is not None]
        amounts = [cell for cell in written if is_amount(cell)]
        words = any(board.words_in(row))
        if row in foreign or (written and not amounts) or (rows and words):
            break
        if amounts and not _is_counting([cell.text for cell in amounts], len(columns)):
            rows.append(row)
    return tuple(rows)


def _is_counting(texts: Sequence[str], count: int) -> bool:
    """Whether the row only numbers the columns, though a number or a column may be lost."""
    numbers = [int(text) for text in texts[:count] if text.isdigit() and len(text) < 3]
    rising = all(one < other for one, other in pairwise(numbers)) and numbers[:1] <= [3]
    others = [text for text in texts[:count] if any(char.isdigit() for char in text) and not text.isdigit()]
    small = bool(numbers) and numbers[0] > 0 and numbers[-1] <= count + 1
    return len(texts) >= count > 2 and 2 * len(numbers) > count and small and rising and not others


def _judged(placed: PlacedAcross, lines: Sequence[Line]) -> PlacedAcross:
    """Doubts where columns without heading hold numbers, cells are lacking, or several rows could be meant."""
    board = placed.board
    claimed = {c for found in placed.columns.values() for c in range(found.span.start, found.span.end)}
    amounts = [cell for row in placed.rows for cell in board.in_row(Span(row, row + 1), Span(0, board.width))]
    extra = tuple(sorted({c.column for c in amounts if is_amount(c) and not _any(c.column, c.columns, claimed)}))
    header = {row for found in placed.columns.values() for row in range(found.cell.row, found.cell.row + 1)}
    short = board.ragged & (header | set(placed.rows))
    several = len(placed.rows) > 1 or _numbers_above(placed, claimed)
    why = _SEVERAL_ROWS if several else _MOVED if extra or short else ""
    columns = {i: replace(f, why=f.why or why) if why else f for i, f in placed.columns.items()}
    if placed.rows and len(columns) < len(lines):
        columns = {i: replace(f, why=f.why or _lost(board, placed)) for i, f in columns.items()}
    return replace(placed, columns=columns, extra_columns=extra)


def _numbers_above(placed: PlacedAcross, columns: Collection[int]) -> bool:
    """Whether a row of numbers without a label stands right above the header: which is meant?"""
    board = placed.board
    top = min(found.cell.row for found in placed.columns.values())
    for row in range(max(0, top - _HIGHEST_HEADER), top):
        if not any(board.words_in(row)):
            amounts = [cell for cell in board.in_row(Span(row, row + 1), Span(0, board.width)) if is_amount(cell)]
            if 2 * len(amounts) >= len(columns):
                return True
    return False


def _lost(board: Board, placed: PlacedAcross) -> str:
    """With a heading lost, a number that stands under one is still its own unless its cell is blank elsewhere."""
    row = Span(placed.rows[0], placed.rows[0] + 1)
    blank = [
        other for other in placed.columns.values() if not any(is_amount(cell) for cell in board.in_row(row, other.span))
    ]
    return _MOVED if blank else ""


def _any(start: int, width: int, columns: Collection[int]) -> bool:
    return any(column in columns for column in range(start, start + width))

"""The pieces of a block compared with the form: rows without a label, lost ones, those that may have moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xltool.documents.model import Cell
from xltool.form import Block
from xltool.salvage.block import MOVED, NO_LABEL, Placed, doubted, numbers_behind
from xltool.salvage.board import Board, Span, is_amount
from xltool.salvage.labels import said
from xltool.salvage.lines import Found
from xltool.salvage.shape import Shape, compare

_NOT_ALL = "只有一行，别的行也没有找全"


def judged(pieces: Sequence[Placed], block: Block) -> list[Placed]:
    """All pieces of a block with their shape compared with the form's: what has no label, what may have moved."""
    offsets = [sum(piece.board.height + 1 for piece in pieces[:number]) for number in range(len(pieces))]
    starts: dict[int, int] = {}
    empty: list[int] = []
    for offset, piece in zip(offsets, pieces, strict=True):
        starts |= {index: offset + found.span.start for index, found in piece.rows.items()}
        starts |= {index: offset + found.span.start for found, lines in piece.collapsed for index in lines}
        empty += [index for index, found in piece.rows.items() if not numbers_behind(piece, found.span)]
        empty += [index for index in piece.rows if _shares_its_row(piece, index)]
    nameless = [offset + row for offset, piece in zip(offsets, pieces, strict=True) for row in piece.nameless]
    shape = compare(len(block.rows), starts, empty, nameless)
    doubt = _NOT_ALL if nameless or len(starts) < len(block.rows) else ""
    return [_with_shape(piece, shape, offset, doubt) for offset, piece in zip(offsets, pieces, strict=True)]


def _shares_its_row(piece: Placed, index: int) -> bool:
    own = piece.rows[index].span
    return any(found.span.meets(own) for other, found in piece.rows.items() if other != index)


def _with_shape(piece: Placed, shape: Shape, offset: int, doubt: str) -> Placed:
    """``doubt``: why one row may not stand for several, as others are not what they should be either."""
    own = range(offset, offset + piece.board.height)
    by_place = {index: place - offset for index, place in shape.by_place.items() if place in own}
    rows = dict(piece.rows) | {index: _stand_in(piece.board, row, piece.stub) for index, row in by_place.items()}
    shared = {index for index in piece.rows if _shares_its_row(piece, index)}
    rows = {i: doubted(found, MOVED if i in shape.moved | shared else "") for i, found in sorted(rows.items())}
    extra = tuple(place - offset for place in shape.extra if place in own)
    overfull = frozenset(column for row in extra for column in _lonely(piece, row))
    collapsed = tuple((doubted(found, doubt), lines) for found, lines in piece.collapsed)
    return replace(piece, rows=rows, collapsed=collapsed, extra_rows=extra, overfull=overfull)


def _stand_in(board: Board, row: int, stub: int) -> Found:
    labels = [cell for cell in board.in_row(Span(row, row + 1), Span(0, stub)) if cell.text and not is_amount(cell)]
    why = f"标题写作“{' '.join(labels[-1].text.split())}”，是按位置认的" if labels else NO_LABEL
    cell = labels[-1] if labels else Cell("", row, max(0, stub - 1))
    return Found(cell, Span(row, row + 1), said(cell.text), why)


def _lonely(placed: Placed, row: int) -> set[int]:
    """Columns of the numbers in a row that is none of the form's and has not a number in every column."""
    columns = {cell.column for cell in numbers_behind(placed, Span(row, row + 1)) if cell.row == row}
    labels = [cell for cell in placed.board.in_row(Span(row, row + 1), Span(0, placed.stub)) if cell.text]
    return set() if len(columns) >= max(1 if labels else 2, len(placed.columns)) else columns

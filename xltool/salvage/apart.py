"""A block whose rows stand side by side in the form, but here in tables of their own or one below the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xltool.form import Block, Label, Line
from xltool.salvage.across import PlacedAcross, place_across
from xltool.salvage.board import Board
from xltool.salvage.labels import wanted


@dataclass(frozen=True)
class Part:
    """Some rows of a block, all their numbers found."""

    block: Block
    placed: PlacedAcross


def place_apart(boards: Sequence[Board], block: Block, foreign: Mapping[int, Collection[int]]) -> list[Part]:
    """The parts in the order of the document; [] where some row of the block is in none of them."""
    parts = [part for board in boards for part in _parts(board, block, foreign[board.order])]
    found = {row.id for part in parts for row in part.block.rows}
    return parts if found == {row.id for row in block.rows} else []


def _parts(board: Board, block: Block, foreign: Collection[int]) -> Iterator[Part]:
    for band in _bands(board):
        rows = tuple(named for row in block.rows if (named := _named(band, row)) is not None)
        if not rows:
            continue
        part = replace(block, rows=rows)
        placed = place_across(band, part, foreign)
        if placed is not None and placed.rows and len(placed.columns) == len(rows) * len(block.columns):
            yield Part(part, placed)


def _named(board: Board, row: Line) -> Line | None:
    """The row as it is called here: by its own name, or by all its names in one."""
    if board.having(wanted(row.label)):
        return row
    whole = Label("".join(label.text for label in row.path))
    return replace(row, path=(whole,)) if len(row.path) > 1 and board.having(wanted(whole)) else None


def _bands(board: Board) -> Iterator[Board]:
    """Headings with the numbers below them, down to the next headings."""
    filled = {cell.row for cell in board.amounts}
    spoken = {cell.row for cell, _ in board.labels}
    top = 0
    for row in range(1, board.height + 1):
        if row == board.height or (row in spoken and row not in filled and row - 1 in filled):
            cells = tuple(cell for cell in board.table.cells if top <= cell.row < row)
            yield replace(board, table=replace(board.table, cells=cells))
            top = row

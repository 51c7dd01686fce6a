"""Labels broken over cells that stand one below the other: 商业 above 企业, each in a row of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from xltool.documents.model import Cell
from xltool.form import Form
from xltool.salvage.board import Board, is_amount
from xltool.salvage.labels import said

_MOST_PIECES = 4


def joined_labels(form: Form, board: Board) -> Board:
    """The same table with each broken label of ``form`` in one cell; ``board`` itself where there is none."""
    chains = list(_chains(form, board))
    if not chains:
        return board
    gone = {id(cell) for chain in chains for cell in chain}
    kept = [cell for cell in board.table.cells if id(cell) not in gone]
    cells = sorted([*kept, *map(_joined, chains)], key=lambda cell: (cell.row, cell.column))
    return replace(board, table=replace(board.table, cells=tuple(cells)))


def _chains(form: Form, board: Board) -> Iterator[list[Cell]]:
    names = _names(form)
    filled = {cell.row for cell in board.amounts}
    below = {(cell.row, cell.column, cell.columns): cell for cell, _ in board.labels}
    for cell, _ in board.labels:
        chain = [cell]
        while len(chain) < _MOST_PIECES and chain[-1].row not in filled:
            last = chain[-1]
            following = below.get((last.row + last.rows, last.column, last.columns))
            if following is None or following.row in filled or said(following.text).words in names:
                break
            chain.append(following)
            if said("".join(piece.text for piece in chain)).words in names:
                yield chain
                break


def _joined(chain: list[Cell]) -> Cell:
    rows = sum(cell.rows for cell in chain)
    return replace(chain[0], text="\n".join(cell.text for cell in chain), rows=rows)


@lru_cache(maxsize=8)
def _names(form: Form) -> frozenset[str]:
    blocks = [block for table in form.tables for block in table.blocks]
    lines = [line for block in blocks for line in (*block.rows, *block.columns)]
    return frozenset(
        said(label.text).words for line in lines for label in line.path if not is_amount(Cell(label.text, 0, 0))
    )

"""A block that goes on from one table of a document to the next, as over pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from xltool.form import Block
from xltool.salvage.block import Placed, nameless_piece, place_block
from xltool.salvage.board import Board, Span, columns_of, is_amount
from xltool.salvage.shaped import judged

_NEAR = 2
"""A table that goes on may have this many others between: page headers and footers that became tables."""


def chosen_pieces(
    block: Block, boards: Sequence[Board], foreign: Mapping[int, Collection[int]]
) -> tuple[list[Placed], list[Placed]]:
    """The placing with most of the block, and what goes on from it; and others that claim the same rows."""
    placings = [place_block(board, block, foreign[board.order]) for board in boards]
    present = [placed for placed in placings if placed is not None]
    chains = [_chain(present[start:]) for start in range(len(present))]
    parts = max(chains, key=lambda chain: (bool(chain[0].columns), *_found(chain)), default=[])
    if not parts:
        return [], []
    rivals = [placed for placed in present if not any(placed is part for part in parts)]
    chosen = [parts[0], *(_going_on(parts[0], part, block) for part in parts[1:])]
    if _found(parts)[0] < len(block.rows):
        chosen += _nameless(boards, chosen)
    return judged(chosen, block), [one for rival in rivals for one in judged([rival], block)]


def _chain(present: Sequence[Placed]) -> list[Placed]:
    """The first, and those soon behind it that have other rows."""
    chain = [present[0]]
    for placed in present[1:]:
        follows = 0 < placed.board.order - chain[-1].board.order <= _NEAR
        if follows and not any(placed.rows.keys() & other.rows.keys() for other in chain):
            chain.append(placed)
    return chain


def _found(chain: Sequence[Placed]) -> tuple[int, int]:
    """How many rows and columns of the block there are."""
    return sum(len(placed.rows) for placed in chain), len(chain[0].columns)


def _nameless(boards: Sequence[Board], chosen: Sequence[Placed]) -> Iterator[Placed]:
    last = chosen[-1]
    for board in boards:
        if 0 < board.order - last.board.order <= _NEAR and (piece := nameless_piece(board, last)) is not None:
            yield piece


def _going_on(main: Placed, placed: Placed, block: Block) -> Placed:
    """A table without header gets the columns of the one it goes on from, where its numbers stand right in them."""
    if placed.columns or not main.columns:
        return placed
    sequence = tuple(sorted(main.columns, key=lambda place: main.columns[place].span.start))
    placed = replace(placed, sequence=sequence)
    if main.board.width != placed.board.width:
        return placed
    spans = [found.span for found in main.columns.values()]
    whole = 0
    for row in placed.rows.values():
        behind = list(placed.board.in_row(row.span, Span(columns_of(row.cell).end, placed.board.width)))
        # Of a table that gives its empty cells, too, they say as much as the others.
        cells = behind if placed.board.complete else [cell for cell in behind if is_amount(cell)]
        hit = [[i for i, s in enumerate(spans) if columns_of(cell).meets(s)] for cell in cells]
        if any(len(met) != 1 for met in hit) or len({met[0] for met in hit}) < len(hit):
            return placed
        whole += len(hit) == len(block.columns)
    if 2 * whole < len(placed.rows):
        return placed
    return replace(placed, columns=dict(main.columns), by_order=False)

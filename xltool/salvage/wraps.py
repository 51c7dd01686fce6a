"""Numbers that did not fit into their cell and went on in the next line, there or in what looks like another row."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from xltool.documents.model import Cell
from xltool.figure import FigureId
from xltool.form import Block, Form, Table
from xltool.salvage.block import Placed
from xltool.salvage.board import Board, Span, is_amount
from xltool.salvage.certainty import Sureness
from xltool.salvage.reading import Reading, confirms

_WRAPPED = re.compile(r"\s*([0-9]+)\s*\n\s*[0-9.]+\s*")
_ROOM = "这张表里有的数分成了两行，这个数可能不全"
_TAIL = "下面一行没有标题的数，可能是这一行的数换行剩下的"


def doubt_wraps(form: Form, table: Table, block: Block, pieces: Sequence[Placed], reading: Reading) -> Reading:
    """``reading`` with doubts about numbers as long as those that were broken; what a total confirms is trusted."""
    confirmed = _confirmed(form, reading)
    room = min((digits for piece in pieces if (digits := _room(piece.board)) is not None), default=None)
    doubted = dict(reading)
    for figure, read in reading.items():
        if figure in confirmed and "\n" in _text(pieces, read.place) and read.sureness is Sureness.DOUBTFUL:
            doubted[figure] = replace(read, sureness=Sureness.SURE, why="")
        elif room is not None and figure not in confirmed and sum(c.isdigit() for c in read.quoted) >= room:
            doubted[figure] = read.doubted(_ROOM)
    for index in {index for piece in pieces for index in _above_tails(piece)}:
        figures = [FigureId(table.id, block.rows[index].id, column.id) for column in block.columns]
        doubted |= {figure: doubted[figure].doubted(_TAIL) for figure in figures if figure in doubted}
    return doubted


def _room(board: Board) -> int | None:
    """How many digits fit into a cell, where some number was broken; None where none was."""
    broken = [match for cell in board.table.cells if (match := _WRAPPED.fullmatch(cell.text))]
    return min((len(match[1]) for match in broken), default=None)


def _text(pieces: Sequence[Placed], place: str) -> str:
    return next((c.text for p in pieces for c in p.board.table.cells if p.board.place(c) == place), "")


def _confirmed(form: Form, reading: Reading) -> Collection[FigureId]:
    """Totals that are the sum of what was read in their row, and that row."""
    totals = [figure for figure in reading if form.figures[figure].computed is not None]
    rows = {figure.row for figure in totals if confirms(form, figure, _in_row(reading, figure))}
    return {figure for figure in reading if figure.row in rows}


def _in_row(reading: Reading, total: FigureId) -> Reading:
    return {figure: read for figure, read in reading.items() if figure.row == total.row}


def _above_tails(piece: Placed) -> set[int]:
    """Rows right above one that has numbers and no label: of a page these may be the ends of their numbers."""
    if piece.board.table.spreadsheet:
        return set()
    lonely = [row for row in piece.extra_rows if not _labels(piece, row)]
    return {index for index, found in piece.rows.items() if found.span.end in lonely}


def _labels(piece: Placed, row: int) -> list[Cell]:
    cells = piece.board.in_row(Span(row, row + 1), Span(0, piece.board.width))
    return [cell for cell in cells if cell.text and not is_amount(cell)]

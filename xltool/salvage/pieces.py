"""The texts of a document in reading order, those in its tables too, without what the form itself prints there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from xltool.documents.model import DocTable, Document, Text
from xltool.form import Form
from xltool.salvage.board import Board
from xltool.salvage.labels import letters
from xltool.salvage.live_words import live_words
from xltool.workbook.layout import Fixed, make_layout

_PAGE_NUMBER = re.compile(r"[-—–－\s]*第?\s*\d{1,3}\s*页?(?:\s*[/共]\s*\d{1,3}\s*页?)?[-—–－\s]*")
_BOOKMARK = re.compile(r"\[bookmark: \w*\]")
"""What some converters of Word documents leave in the text."""
_AMOUNT = re.compile(r"[-+]?[0-9,]+(?:\.[0-9]+)?")
"""A number in a CSV, where it is text as everything else."""
_ANY_YEAR = 2021


@dataclass(frozen=True)
class Piece:
    """One paragraph. ``sheet``: of a workbook's cell, its sheet; ``heading``: the source marks it as one."""

    text: str
    place: str
    heading: bool = False
    sheet: str = ""


def pieces_of(form: Form, document: Document, boards: Sequence[Board], used: Collection[int]) -> tuple[Piece, ...]:
    """Every paragraph; cells of a workbook that the form prints itself are left out, tables in ``used`` too."""
    printed = printed_labels(form) if any(board.table.spreadsheet for board in boards) else frozenset()
    tables = iter(boards)
    pieces: list[Piece] = []
    for block in document.blocks:
        if isinstance(block, Text):
            text = _BOOKMARK.sub("", block.text).strip()
            if text and not _PAGE_NUMBER.fullmatch(text):
                pieces.append(Piece(text, block.place, block.heading))
            continue
        board = next(tables)
        if block.spreadsheet or board.order not in used:
            live = live_words(form).in_table(board.table) if block.spreadsheet else frozenset()
            pieces += _in_table(board.table, board, printed, live)
    return tuple(pieces)


def _in_table(
    table: DocTable, board: Board, printed: frozenset[str], live: frozenset[tuple[int, int]]
) -> Iterator[Piece]:
    for cell in table.cells:
        if not cell.text.strip() or cell.formula or cell.number is not None or (cell.row, cell.column) in live:
            continue
        if table.spreadsheet:
            if _AMOUNT.fullmatch(cell.text):
                continue
            if letters(cell.text) not in printed and letters(cell.text):
                yield Piece(cell.text, board.place(cell), sheet=table.place)
        else:
            yield from (Piece(line.strip(), board.place(cell)) for line in cell.text.split("\n") if line.strip())


@lru_cache(maxsize=8)
def printed_labels(form: Form) -> frozenset[str]:
    """Letters of everything that the form's own workbook prints, besides headings and titles of parts."""
    kept = {letters(section.heading) for section in form.sections}
    kept |= {letters(part.title) for section in form.sections for part in section.parts}
    sheets = make_layout(form, _ANY_YEAR, True).sheets
    fixed = (cell for sheet in sheets for cell in sheet.cells if isinstance(cell, Fixed))
    return frozenset({letters(cell.text + cell.note) for cell in fixed} - kept)

"""The texts of a document as labels and numbers in turn, where tables were pasted as text.

Where cells are divided by bars or tabs, an empty one leaves its trace between the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, pairwise

from xltool.documents.delimited import Row, cells_of
from xltool.documents.model import DocTable, Document
from xltool.salvage.labels import letters, of_one_name

_NUMBER = re.compile(
    r"[+-]?[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?:[.．][0-9０-９]+)?|[+-]?[0-9０-９]+(?:[.．][0-9０-９]+)?"
)
_UNITS = re.compile(r"(?:万元|[件条个项次宗元])$")
_NONE = "无"
_NOTHING = frozenset(f"/ ／ - — —— － – {_NONE} \\".split())
_POINTS = (".", "．", "、", ")", "）")
_LONGEST_RUN = 4000
_MOSTLY = 0.8


@dataclass(frozen=True)
class Token:
    """A word, a number or what stands in place of one. ``text`` "" for an empty cell; ``celled``: in a cell divided
    from others; ``weak``: out of a table that is laid out otherwise; ``filler``: an empty cell of a line that has no
    number, so that it is none of the numbers on the next.
    """

    text: str
    place: str
    number: bool
    celled: bool = False
    weak: bool = False
    filler: bool = False

    @property
    def blank(self) -> bool:
        return not self.text


@dataclass(frozen=True)
class Run:
    """Words without a number between them, as letters, and the numbers and empty cells behind."""

    words: str
    numbers: tuple[Token, ...]

    @property
    def celled(self) -> bool:
        return all(token.celled for token in self.numbers)

    @property
    def written(self) -> int:
        """How many of the numbers are there."""
        return sum(not token.blank for token in self.numbers)


def runs_of(document: Document, used: Collection[int]) -> Iterator[Run]:
    """All texts, and the tables whose order numbers are not in ``used``."""
    words: list[str] = []
    numbers: list[Token] = []
    for token in _tokens(document, used):
        if token.number or token.blank:
            if numbers and numbers[0].filler and not token.filler:
                numbers = list(dropwhile(_is_filler, numbers))
            numbers.append(token)
        elif letters(token.text):
            if any(number.number for number in numbers):
                yield _run(words, numbers)
                words = []
            numbers = []
            words.append(letters(token.text))
    yield _run(words, numbers)


def _is_filler(token: Token) -> bool:
    return token.filler


def _run(words: Sequence[str], numbers: Sequence[Token]) -> Run:
    return Run(of_one_name("".join(words)[-_LONGEST_RUN:]), tuple(numbers))


def _tokens(document: Document, used: Collection[int]) -> Iterator[Token]:
    every = list(_pieces(document, used))
    numbers_before = False
    for index, piece in enumerate(every):
        behind = every[index + 1].text if index + 1 < len(every) else ""
        number = piece.number
        if not piece.celled and not piece.blank:
            # A numbering cut off from its point: 1 .属于…
            number = number and not behind.startswith(_POINTS)
            # 无 cut out of 申请人无正当理由 is no answer; between numbers it is one.
            number = number and (piece.text != _NONE or numbers_before or is_number(behind))
        yield replace(piece, number=number)
        numbers_before = number or (numbers_before and not letters(piece.text))


def _pieces(document: Document, used: Collection[int]) -> Iterator[Token]:
    order = -1
    rows = [cells_of(block.text) for block in document.blocks if not isinstance(block, DocTable)]
    bordered, repeating = _is_bordered(rows), any(_repeats(row) for row in rows)
    for block in document.blocks:
        if not isinstance(block, DocTable):
            cells = cells_of(block.text)
            yield from _in_cells(cells, block.place, bordered, repeating) if cells else _words(block.text, block.place)
            continue
        order += 1
        if order not in used:
            lonely = block.width == 1
            for cell in block.cells:
                yield from _words(cell.text, block.place, weak=not lonely)


def _is_bordered(rows: Sequence[Row]) -> bool:
    """Whether lines of cells begin with a bar that only closes the frame."""
    written = [row for row in rows if any(row)]
    return sum(not row[0] for row in written) > _MOSTLY * len(written)


def _repeats(row: Row) -> bool:
    """Whether words stand there again for each column that they span; so may numbers, then."""
    return any(one == other and len(one) > 1 and not _are_numbers(one) for one, other in pairwise(row))


def _in_cells(cells: Row, place: str, bordered: bool, weak: bool) -> Iterator[Token]:
    """Empty cells count behind the last label of the line: before it they only keep the place of a merged one."""
    if bordered and any(cells) and not cells[0]:
        cells = cells[1:]
    labels = [index for index, cell in enumerate(cells) if cell and not _are_numbers(cell)]
    filler = len(cells) > 1 and not any(cell and _are_numbers(cell) for cell in cells)
    for index, cell in enumerate(cells):
        if not cell or _are_numbers(cell):
            if cell or index > max(labels, default=-1):
                yield Token(cell, place, bool(cell), celled=True, weak=weak, filler=filler and not cell)
        else:
            yield from _words(cell, place)


def _words(text: str, place: str, weak: bool = False) -> Iterator[Token]:
    yield from (Token(word, place, is_number(word), weak=weak) for word in text.split())


def _are_numbers(cell: str) -> bool:
    """One, or one that is broken in two."""
    return all(is_number(word) for word in cell.split())


def is_number(word: str) -> bool:
    """Whether it is a number or stands for one."""
    return word in _NOTHING or bool(_NUMBER.fullmatch(_UNITS.sub("", word).rstrip()))

"""Characters → lines of text, with spaces where people see them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xltool.documents.pdf.marks import Char

_WIDE = re.compile("[⺀-鿿豈-﫿！-～　-〿“”‘’—…]")
_WORD_GAP = 0.22
# A gap wider than this many characters is no space but the way to the next column.
COLUMN_GAP = 1.0


@dataclass(frozen=True)
class Line:
    """Characters of one line, from left to right; never empty."""

    chars: tuple[Char, ...]

    @property
    def x0(self) -> float:
        return self.chars[0].x0

    @property
    def x1(self) -> float:
        return max(char.x1 for char in self.chars)

    @property
    def top(self) -> float:
        return min(char.top for char in self.chars)

    @property
    def bottom(self) -> float:
        return max(char.bottom for char in self.chars)

    @property
    def size(self) -> float:
        sizes = sorted(char.size for char in self.chars)
        return sizes[len(sizes) // 2]

    @property
    def text(self) -> str:
        return spaced(self.chars)


def lines_of(chars: Iterable[Char]) -> list[Line]:
    """Upright characters gathered into lines, from top to bottom."""
    rows: list[list[Char]] = []
    middle = reach = 0.0
    for char in sorted(chars, key=lambda char: (char.y, char.x0)):
        if not rows or char.y - middle > max(reach, 0.4 * char.size):
            rows.append([])
            middle, reach = char.y, 0.4 * char.size
        rows[-1].append(char)
    return [Line(tuple(sorted(row, key=lambda char: char.x0))) for row in rows]


def segments(line: Line, gap: float = COLUMN_GAP) -> list[Line]:
    """The line cut where a gap is wider than ``gap`` characters."""
    parts: list[list[Char]] = [[line.chars[0]]]
    size = line.size
    for left, right in pairwise(line.chars):
        if right.x0 - left.x1 > gap * size:
            parts.append([])
        parts[-1].append(right)
    return [Line(tuple(part)) for part in parts]


def spaced(chars: Sequence[Char]) -> str:
    """The text of characters in reading order; Chinese is set without spaces, however far it is stretched."""
    pieces = [chars[0].text]
    for left, right in pairwise(chars):
        apart = right.x0 - left.x1 > _WORD_GAP * max(left.size, right.size)
        if apart and not _WIDE.match(left.text[-1:]) and not _WIDE.match(right.text[:1]):
            pieces.append(" ")
        pieces.append(right.text)
    return "".join(pieces)


def joined(upper: str, lower: str) -> str:
    """Two lines of one paragraph; words of letters keep a space between them."""
    if upper.endswith("-") and lower[:1].islower():
        return upper[:-1] + lower
    letters = upper[-1:].isascii() and lower[:1].isascii() and upper[-1:].isalpha() and lower[:1].isalpha()
    return f"{upper} {lower}" if letters else upper + lower


def cell_text(chars: Sequence[Char], x0: float, x1: float) -> str:
    """The text of a cell between ``x0`` and ``x1``: full lines go on in the next, others end there."""
    upright = [char for char in chars if not char.turned]
    text = _turned_text([char for char in chars if char.turned])
    lines = lines_of(upright)
    stacked = len(lines) > 1 and max(len(line.chars) for line in lines) <= 2
    for number, line in enumerate(lines):
        said = line.text
        if number and (stacked or _is_full(lines[number - 1], x0, x1)):
            text = joined(text, said)
        else:
            text = f"{text}\n{said}" if text else said
    return text


def _is_full(line: Line, x0: float, x1: float) -> bool:
    """Whether a further character would not have fitted into the cell, margins counted."""
    return x1 - x0 - (line.x1 - line.x0) < 2.2 * line.size


def _turned_text(chars: Sequence[Char]) -> str:
    """Text that runs up or down: its lines stand side by side."""
    if not chars:
        return ""
    turned = chars[0].turned
    flat = [_laid_flat(char, turned) for char in chars]
    return "".join(line.text for line in lines_of(flat))


def _laid_flat(char: Char, turned: int) -> Char:
    """The character as if the page were turned back."""
    x0, x1 = sorted((turned * char.top, turned * char.bottom))
    top, bottom = sorted((-turned * char.x0, -turned * char.x1))
    return Char(char.text, x0, x1, top, bottom, 0)

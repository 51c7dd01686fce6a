"""A report as people paste it into a text: one cell a line or one row a line; and what may happen to the lines."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from xltool.documents.model import DocTable, Document, Text

Change = Callable[[list[str], Random], list[str]]


def lines_of(document: Document, by_row: bool, separator: str = " ") -> list[str]:
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, DocTable):
            rows: dict[int, list[str]] = {}
            for cell in block.cells:
                rows.setdefault(cell.row, []).append(cell.text)
            for _, texts in sorted(rows.items()):
                lines += [separator.join(texts)] if by_row else texts
        else:
            lines.append(block.text)
    return lines


def as_text(lines: list[str]) -> Document:
    places = [(line.strip(), f"第{number}行") for number, line in enumerate(lines, 1)]
    return Document("text", tuple(Text(line, place) for line, place in places if line))


def lose(lines: list[str], chance: Random) -> list[str]:
    at = chance.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def double(lines: list[str], chance: Random) -> list[str]:
    at = chance.randrange(len(lines))
    return [*lines[:at], lines[at], *lines[at:]]


def put_in(lines: list[str], chance: Random) -> list[str]:
    """A number, a page number, words."""
    at = chance.randrange(len(lines))
    return [*lines[:at], chance.choice((str(chance.randrange(99)), "- 3 -", "3", "— 3 —", "其他说明")), *lines[at:]]


def break_up(lines: list[str], chance: Random) -> list[str]:
    """Labels, never numbers."""
    return [piece for line in lines for piece in _broken(line, chance).split("\n")]


def _broken(line: str, chance: Random) -> str:
    if any(word.isdigit() for word in line.split()):
        return line
    return "".join(char + chance.choice(("", "", "", " ", "\n")) for char in line)


def empty(lines: list[str], chance: Random) -> list[str]:
    numbers = [at for at, line in enumerate(lines) if line.isdigit()]
    if numbers:
        lines[chance.choice(numbers)] = chance.choice(("", "/", "-", "无"))
    return lines


CHANGES: tuple[Change, ...] = (lose, double, put_in, break_up, empty)

"""Narrative as units write it: paragraphs, their levels （一） 1. （1）, and the headings over the parts.

Units either write plain text, which gets the title of its part, or bring their own （一） headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from xltool.numerals import chinese, chinese_number


class Level(Enum):
    """Levels of text below a section's heading, by how they are numbered."""

    BODY = ""
    SECOND = "（一）"
    THIRD = "1."
    FOURTH = "（1）"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: ``lead`` is its heading of the second level, ``text`` what follows on the same line.

    A heading that stands alone has no ``text``. ``drafted``: made from the figures, not written by the unit.
    """

    text: str
    lead: str = ""
    level: Level = Level.BODY
    drafted: bool = False

    @property
    def whole(self) -> str:
        return self.lead + self.text


_ORDINAL = re.compile(r"[（(]([一二三四五六七八九十]{1,3})[)）]")
_THIRD = re.compile(r"\d{1,2}(?:[、．]|\.(?!\d))")
_FOURTH = re.compile(r"[（(]\d{1,2}[)）]")
_LONGEST_LEAD = 30
_GOES_ON = ("；", ";", "，", ",")


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of ``text`` (one a line), without blank lines and typed indents; wording untouched."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(_paragraph(line) for line in lines if line)


def _paragraph(line: str) -> Paragraph:
    if _ORDINAL.match(line):
        end = line.find("。") + 1 or len(line)
        if end <= _LONGEST_LEAD and not line[:end].endswith(_GOES_ON):
            return Paragraph(line[end:], line[:end], Level.SECOND)
        return Paragraph(line, level=Level.SECOND)
    if _THIRD.match(line):
        return Paragraph(line, level=Level.THIRD)
    return Paragraph(line, level=Level.FOURTH if _FOURTH.match(line) else Level.BODY)


def in_one_look(bodies: Sequence[tuple[Paragraph, ...]]) -> tuple[tuple[Paragraph, ...], ...]:
    """The parts of a section, in which points of one list all have headings or none: else a single long one among
    them would look like a mistake. A list begins with （一） and may go on from part to part.
    """
    points = [point for body in bodies for point in body if point.level is Level.SECOND]
    lists = list(accumulate(_own_ordinal(point) == 1 for point in points))
    running_text = {number for number, point in zip(lists, points, strict=True) if not point.lead}
    number = iter(lists)

    def alike(paragraph: Paragraph) -> Paragraph:
        if paragraph.level is Level.SECOND and next(number) in running_text:
            return Paragraph(paragraph.whole, level=Level.SECOND)
        return paragraph

    return tuple(tuple(map(alike, body)) for body in bodies)


def ordinal(number: int) -> str:
    """（一）, （十二）: the number of a second-level heading; 1 to 99."""
    return f"（{chinese(number)}）"


def under_titles(parts: Sequence[tuple[str, tuple[Paragraph, ...]]]) -> tuple[Paragraph, ...]:
    """The parts (title, paragraphs) one after another, each under its title unless it brings its own heading.

    Own headings are kept where they count on from one part to the next: （一）… then （二）…; a part without
    one then gets its title with the next number. Where they do not (every part starts again at （一）), or are no
    headings, they are points within a part: the titles stand above them without a number.
    """
    own = [[_own_ordinal(p) for p in body if p.level is Level.SECOND] for _, body in parts]
    counts_on = _counts_on(parts, own)
    out: list[Paragraph] = []
    number = 0
    for (title, body), ordinals in zip(parts, own, strict=True):
        if not counts_on:
            out.append(Paragraph("", title, Level.SECOND))
        elif ordinals:
            number += len(ordinals)
        else:
            number += 1
            out.append(Paragraph("", ordinal(number) + title, Level.SECOND))
        out += body
    return tuple(out)


def _own_ordinal(paragraph: Paragraph) -> int:
    match = _ORDINAL.match(paragraph.whole)
    assert match is not None
    return int(chinese_number(match[1]) or 0)


def _counts_on(parts: Sequence[tuple[str, tuple[Paragraph, ...]]], own: Sequence[Sequence[int]]) -> bool:
    some_plain = not all(own)
    number = 0
    for (_, body), ordinals in zip(parts, own, strict=True):
        if not ordinals:
            number += 1
            continue
        expected = list(range(number + 1, number + 1 + len(ordinals)))
        if body[0].level is not Level.SECOND or list(ordinals) != expected:
            return False
        # Several points in one part beside a part without any, or whole sentences: no headings of parts.
        if some_plain and (len(ordinals) > 1 or not body[0].lead):
            return False
        number += len(ordinals)
    return True

"""What differs, and how texts are compared: spaces and line ends do not count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xltool.figure import FigureId
from xltool.report.printable import printable

NOTHING = "（没有）"
UNREAD = "（没有读到）"
_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")


@dataclass(frozen=True)
class Difference:
    """One thing that was published otherwise. ``place``: what it is; ``where``: where it stands in the document."""

    place: str
    published: str
    expected: str
    where: str = ""
    figure: FigureId | None = None


def tight(text: str) -> str:
    """``text`` without anything that is not seen."""
    return _SPACE.sub("", printable(text))


def text_differences(name: str, expected: Sequence[str], lines: Sequence[tuple[str, str]]) -> Iterator[Difference]:
    """The paragraphs in order against the published text as one string: readers divide it into lines as they can.

    ``lines``: with the place of each.
    """
    published = "".join(tight(line) for line, _ in lines)
    at = 0
    lost: list[str] = []
    for paragraph in expected:
        wanted = tight(paragraph)
        found = published.find(wanted, at)
        if found < 0:
            lost.append(paragraph)
            continue
        yield from _between(name, published[at:found], lost, lines)
        at, lost = found + len(wanted), []
    yield from _between(name, published[at:], lost, lines)


def _between(name: str, extra: str, lost: Sequence[str], lines: Sequence[tuple[str, str]]) -> Iterator[Difference]:
    """What stands between two paragraphs that agree, against what should."""
    for number, paragraph in enumerate(lost):
        own = extra if number == len(lost) - 1 else _share_of(extra, paragraph)
        extra = extra[len(own) :]
        yield Difference(name, own or NOTHING, paragraph, _where(own, lines))
    if extra:
        yield Difference(name, extra, NOTHING, _where(extra, lines))


def _share_of(extra: str, paragraph: str) -> str:
    """About as much of the text as the paragraph is long, to the end of a sentence."""
    end = extra.find("。", max(0, len(tight(paragraph)) - 10))
    return extra if end < 0 else extra[: end + 1]


def _where(text: str, lines: Sequence[tuple[str, str]]) -> str:
    return next((place for line, place in lines if text and tight(line)[:8] == text[:8]), "")

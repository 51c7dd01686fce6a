"""How much of a text repeats another text, word for word, official wording not counted.

A text is looked at as its characters alone: no punctuation, every number 0, the unit's own name 我. What stands in
both for ``RUN`` characters or more is repeated; the share is that of the characters left when official wording is
cut out. Two texts that are the same from beginning to end are repeated whole, however short the pieces between official
wording. ``share`` is the same both ways: the larger of the two, so that a short text taken whole from a long one counts
in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from xltool.draft.model import Case, Draft, Growth, Listing, Mention
from xltool.form import Form
from xltool.narrative.spelling import NUMBERED
from xltool.narrative.wording_private import masked
from xltool.narrative.wording_words import Repetition

RUN = 12
"""Characters in a row that two texts must have in common; fewer is how everybody writes."""
CUT = "\n"
"""Stands for every character that does not count; nothing is repeated across it."""
_SHORTEST_PHRASE = 4

Span = tuple[int, int]


@dataclass(frozen=True)
class Comparable:
    """A unit's texts, ready to be compared. ``parts``: as written; ``text``: what is compared (see above)."""

    unit: str
    parts: tuple[str, ...]
    text: str

    @property
    def length(self) -> int:
        """Characters that count."""
        return len(self.text) - self.text.count(CUT)


def comparable(unit: str, parts: Sequence[str], official: re.Pattern[str]) -> Comparable:
    """``parts`` of a unit's narrative, what ``official`` finds cut out."""
    text = CUT.join(_plain(part, unit) for part in parts)
    return Comparable(unit, tuple(parts), official.sub(lambda found: CUT * len(found[0]), text))


def with_cut(one: Comparable, spans: Iterable[Span]) -> Comparable:
    """``one`` without these characters of its compared text."""
    characters = list(one.text)
    for start, end in spans:
        characters[start:end] = CUT * (end - start)
    return replace(one, text="".join(characters))


_OWN = r"[我本](?:单位|街道|中心|机关|[局委办镇乡县市区院校站队])"
_NUMBER = r"\d+(?:[.．]\d+)?"
_WORDS = re.compile(r"[A-Za-z\u3400-\u9fff]+")
_OTHER = re.compile(r"[^A-Za-z\u3400-\u9fff0]+")
_SELF = "我"


def _plain(text: str, unit: str) -> str:
    """What is compared of ``text``: its ``_pieces`` put together, faster."""
    marked = _named(unit).sub(lambda found: _SELF if found.lastgroup else "0", text)
    return _OTHER.sub("", marked)


def _pieces(text: str, unit: str) -> Iterator[tuple[str, int, int]]:
    """What is compared of ``text``, piece by piece, with where each stands in ``text``."""
    rest = 0
    for found in _named(unit).finditer(text):
        yield from ((word[0], *word.span()) for word in _WORDS.finditer(text, rest, found.start()))
        yield (_SELF if found.lastgroup else "0"), found.start(), found.end()
        rest = found.end()
    yield from ((word[0], *word.span()) for word in _WORDS.finditer(text, rest))


@lru_cache(maxsize=64)
def _named(unit: str) -> re.Pattern[str]:
    """Finds the unit where it speaks of itself, and numbers."""
    own = f"{re.escape(unit)}|{_OWN}" if unit else _OWN
    return re.compile(f"(?P<own>{own})|{_NUMBER}")


def repeated(one: Comparable, other: Comparable) -> list[Span]:
    """Where the compared text of ``one`` stands in ``other``: spans of ``RUN`` characters or more, in order.

    All of it where the two are the same, unless that is less than ``RUN`` altogether.
    """
    if one.text == other.text and one.length >= RUN:
        return [found.span() for found in _PIECE.finditer(one.text)]
    return _spans(one.text, _runs(other.text))


_PIECE = re.compile(f"[^{CUT}]+")


def _runs(text: str) -> frozenset[str]:
    pieces = text.split(CUT)
    return frozenset([piece[at : at + RUN] for piece in pieces for at in range(len(piece) - RUN + 1)])


def _spans(text: str, runs: frozenset[str]) -> list[Span]:
    spans: list[Span] = []
    for at in range(len(text) - RUN + 1):
        if text[at : at + RUN] in runs:
            if spans and at <= spans[-1][1]:
                spans[-1] = spans[-1][0], at + RUN
            else:
                spans.append((at, at + RUN))
    return spans


def part_of(one: Comparable, spans: Iterable[Span]) -> float:
    """The part of ``one`` that these spans of it are, 0 to 1."""
    return sum(end - start for start, end in spans) / one.length if one.length else 0.0


def part_repeated(one: Comparable, other: Comparable) -> float:
    """The part of ``one`` that stands in ``other``, 0 to 1."""
    return part_of(one, repeated(one, other))


def share(one: Comparable, other: Comparable) -> float:
    """How much the two repeat each other, 0 to 1: the same whichever comes first."""
    return max(part_repeated(one, other), part_repeated(other, one))


# --- back to what was written ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """A stretch of a part as it was written, repeated or not."""

    text: str
    repeated: bool


def stretches(one: Comparable, spans: Sequence[Span]) -> tuple[tuple[Stretch, ...], ...]:
    """Each part of ``one`` as written, cut where repetition (``spans`` of its compared text) begins and ends."""
    inside = bytearray(len(one.text))
    for start, end in spans:
        inside[start:end] = b"\1" * (end - start)
    result, offset = [], 0
    for part in one.parts:
        marked: list[Span] = []
        for piece, start, end in _pieces(part, one.unit):
            for first, last in _marked(inside, offset, offset + len(piece)):
                # A name or a number is marked whole, of a stretch of words what is repeated.
                span = (start + first - offset, start + last - offset) if len(piece) == end - start else (start, end)
                joins = marked and inside[first - 1] and span[0] - marked[-1][1] <= _GAP
                marked[-1:] = [(marked[-1][0], span[1])] if joins else [*marked[-1:], span]
            offset += len(piece)
        offset += len(CUT)
        result.append(tuple(_cut(part, marked)))
    return tuple(result)


def _marked(inside: bytearray, start: int, end: int) -> Iterator[Span]:
    """Where ``inside`` is set between ``start`` and ``end``."""
    while (first := inside.find(1, start, end)) >= 0:
        last = inside.find(0, first, end)
        start = last if last >= 0 else end
        yield first, start


_GAP = 4
"""Punctuation and spaces between two repeated characters belong to the repetition."""


def _cut(part: str, marked: Sequence[Span]) -> Iterator[Stretch]:
    at = 0
    for start, end in marked:
        if start > at:
            yield Stretch(part[at:start], False)
        yield Stretch(part[start:end], True)
        at = end
    if at < len(part):
        yield Stretch(part[at:], False)


def longest_repeated(one: Comparable, spans: Sequence[Span]) -> str:
    """The longest repeated passage of ``one`` in one line, personal numbers starred; "" where there is none."""
    pieces = (piece.text for part in stretches(one, spans) for piece in part if piece.repeated)
    return masked(" ".join(max(pieces, key=len, default="").split()))


# --- official wording --------------------------------------------------------------------------------------


def official_wording(form: Form, declared: Repetition) -> re.Pattern[str]:
    """What does not count: the declared phrases, the form's own headings and labels, the sentences it drafts."""
    phrases = {_plain(phrase, "") for phrase in (*declared.phrases, *_of_form(form))}
    kept = sorted((phrase for phrase in phrases if len(phrase) >= _SHORTEST_PHRASE), key=lambda p: (-len(p), p))
    return re.compile("|".join(map(re.escape, kept)) or "(?!)")


_NUMBERED = re.compile(rf"\A{NUMBERED}")


def _of_form(form: Form) -> Iterator[str]:
    for section in form.sections:
        yield _NUMBERED.sub("", section.heading)
        yield from (part.title for part in section.parts)
        drafts = (section.draft, *(part.draft for part in section.parts))
        for draft in drafts:
            yield from _of_draft(draft) if draft is not None else ()
    for table in form.tables:
        for block in table.blocks:
            for line in (*block.rows, *block.columns):
                yield from (_NUMBERED.sub("", label.text) for label in line.path)


def _of_draft(draft: Draft) -> Iterator[str]:
    cases = [case for sentence in draft.sentences for case in sentence.cases]
    cases += [case for _, phrase in draft.phrases for case in phrase]
    for case in cases:
        yield from _said(case)


def _said(case: Case) -> Iterator[str]:
    """What a case says, with 0 for its numbers, in pieces where what follows differs from unit to unit."""
    said = ""
    for piece in case.pieces:
        if isinstance(piece, Mention | Listing | Growth):
            yield said
            said = ""
        else:
            said += piece if isinstance(piece, str) else "0"
    yield said

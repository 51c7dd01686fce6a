"""Phrases: how a statement about a number is worded, and whether words and a number in a text say it.

::

    phrase := ["^"] slot (" " slot)*
    slot   := group | group "?" | "数"

A group is a list of words of the vocabulary, or a word itself; one with ``?`` may be left out; ``数`` is the number
with its unit, once; ``^`` is the beginning of a clause. Between two slots only words may stand that change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from xltool.narrative.claims.tokens import Token

NUMBER = "数"
_SLOT = re.compile(r"(?P<group>[^\s?^#%\[\]]+)(?P<optional>\??)")


class Slot(NamedTuple):
    group: str
    optional: bool = False


class Phrase(NamedTuple):
    """Slots ``before`` and ``after`` the number. ``first``: it must begin a clause.

    ``groups``: those without which it cannot be said; ``next_to``: that of them which must be the nearest to the
    number, before it if there are any before; "" where that one may be left out.
    """

    before: tuple[Slot, ...]
    after: tuple[Slot, ...]
    first: bool
    groups: frozenset[str]
    next_to: str


def parse_slots(text: str) -> tuple[Slot, ...]:
    """The slots of a phrase; ValueError for what is no slot."""
    slots = []
    for word in text.split():
        match = _SLOT.fullmatch(word)
        if match is None:
            raise ValueError(f"“{word}”不是说法里的一个词")
        slots.append(Slot(match["group"], bool(match["optional"])))
    return tuple(slots)


def parse_phrase(text: str, numbered: bool = True) -> Phrase:
    """Read a phrase; ``numbered``: it must say where the number stands. ValueError says what is wrong."""
    first = text.startswith("^")
    slots = parse_slots(text.removeprefix("^"))
    places = [place for place, slot in enumerate(slots) if slot.group == NUMBER and not slot.optional]
    if len(places) != (1 if numbered else 0):
        raise ValueError(f"说法里应当{'有一个' if numbered else '没有'}“{NUMBER}”")
    if len(slots) < 2 if numbered else not slots:
        raise ValueError("说法里没有词")
    place = places[0] if numbered else len(slots)
    needed = frozenset(slot.group for slot in slots if not slot.optional) - {NUMBER}
    nearest = slots[place - 1] if place else slots[place + 1]
    return Phrase(slots[:place], slots[place + 1 :], first, needed, "" if nearest.optional else nearest.group)


def said_around(phrase: Phrase, tokens: Sequence[Token], at: int) -> range | None:
    """The tokens that ``phrase`` takes with its number at ``at``; None where it is not said there."""
    depth = tokens[at].depth
    start = backwards(phrase.before, tokens, at, depth)
    if start is None:
        return None
    end = forwards(phrase.after, tokens, at, depth)
    if end is None:
        return None
    if phrase.first and not begins_clause(tokens, start, depth):
        return None
    return range(start, end + 1)


def backwards(slots: Sequence[Slot], tokens: Sequence[Token], at: int, depth: int) -> int | None:
    """Where the slots begin that end right before ``at``."""
    reached = at
    for slot in reversed(slots):
        place = reached - 1
        while place >= 0 and not tokens[place].says(slot.group, depth) and tokens[place].passes(depth):
            place -= 1
        if place >= 0 and tokens[place].says(slot.group, depth):
            reached = place
        elif not slot.optional:
            return None
    return reached


def forwards(slots: Sequence[Slot], tokens: Sequence[Token], at: int, depth: int) -> int | None:
    """Where the slots end that begin right behind ``at``."""
    reached = at
    for slot in slots:
        place = reached + 1
        while place < len(tokens) and not tokens[place].says(slot.group, depth) and tokens[place].passes(depth):
            place += 1
        if place < len(tokens) and tokens[place].says(slot.group, depth):
            reached = place
        elif not slot.optional:
            return None
    return reached


_COLONS = "：:"
_SPEAKER = {"areas", "ours", "bodies"}


def begins_clause(tokens: Sequence[Token], at: int, depth: int) -> bool:
    """Whether no more than who speaks stands between ``at`` and a clause, a colon, or a number of a list before it."""
    place = at - 1
    while place >= 0 and (tokens[place].passes(depth) or tokens[place].groups & _SPEAKER):
        if tokens[place].text in _COLONS and tokens[place].depth == depth:
            return True
        place -= 1
    if place < 0 or tokens[place].ends_clause or tokens[place].depth < depth or "breakdown" in tokens[place].groups:
        return True
    return "joiners" in tokens[place].groups and place > 0 and tokens[place - 1].amount is not None

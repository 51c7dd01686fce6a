"""What an edition calls things in running text, ready for matching."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from xltool.expr.evaluate import Evaluator
from xltool.figure import FigureId
from xltool.narrative.claims.phrases import Phrase, Slot
from xltool.narrative.claims.tokens import Lexicon

SIGNALS = (
    "fillers", "total", "none", "joiners", "each", "zero", "this_year", "last_year", "next_year",
    "other_times", "compare", "compare_to", "up", "down", "share", "about", "nearly", "over", "part",
    "channels", "all_channels", "breakdown", "resume", "plans", "doubtful", "bodies", "areas", "ours",
    "prepositions", "governments", "seats", "levels", "selves", "asides", "asides_end", "narrower",
    "quantities", "plain",
)  # fmt: skip
"""Groups of words that the program itself has a use for; the file says which words they are."""


class Sum(NamedTuple):
    """A sum of figures that a number in a text may equal; ``name`` is what people are told.

    ``figures`` in the order of the expression; ``factor``: 元 in one unit of it where it is money, else 1.
    """

    name: str
    figures: tuple[FigureId, ...]
    value: Evaluator
    money: bool
    factor: int


@dataclass(frozen=True, eq=False)
class Item:
    """A kind of statement about a number: how it is said, and what it may equal.

    ``topics``: what must be spoken of, empty where the words themselves say it. ``after``: the items one of which
    must stand before it, empty for any. Codes are those of messages; "" where there is none. ``units``: those it is
    counted in, empty for any. ``none_topics``: what must be spoken of where there was none of it, empty for anything.
    """

    name: str
    says: tuple[Phrase, ...]
    equals: tuple[Sum, ...]
    topics: frozenset[str]
    amount: str
    code: str
    doubtful: str
    none: tuple[tuple[Slot, ...], ...]
    when_none: str
    while_zero: str
    after: frozenset[str]
    basis: str
    units: frozenset[str] = frozenset()
    none_topics: frozenset[str] = frozenset()

    def may_be_counted_in(self, unit: str) -> bool:
        """Whether numbers of it may have this unit; none at all is as good as any."""
        return not self.units or not unit or unit in self.units

    @property
    def is_brought(self) -> bool:
        """Whether others bring it before the unit (申请, 复议): any at all where the table has 0 is told apart."""
        return bool(self.while_zero)

    @property
    def is_money(self) -> bool:
        return self.equals[0].money


@dataclass(frozen=True, eq=False)
class Done:
    """“Everything was dealt with”: false while ``left`` is not 0, idle while ``of`` is 0.

    ``after``: the item that it is said of; ``beside``: those that may stand between.
    """

    name: str
    says: tuple[Phrase, ...]
    subject: str
    after: str
    beside: frozenset[str]
    unless: frozenset[str]
    left: Sum
    of: Sum
    code: str
    while_none: str


@dataclass(frozen=True, eq=False)
class Rate:
    """A percentage: ``equals`` of any of ``of``; ``equals`` None: whatever was spoken of before it.

    ``unless``: where one of these is said in the same sentence, all of the rest is meant by 100 %.
    """

    name: str
    word: str
    topics: frozenset[str]
    equals: Sum | None
    of: tuple[Sum, ...]
    code: str
    unless: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Everything in the file.

    ``vague_units``: those of ``units`` that count things of all kinds (个, 份).
    ``governments``: how the names of units end that speak for an area; ``seats``: what may be left off the end of a
    unit's name (大云镇 for 大云镇人民政府); ``selves``: what a unit calls itself without a name (学校). ``telling``:
    finds any word that names a topic. ``labels``: the groups that phrases are made of; ``none_verbs``: those that may
    be said, and left out again, in what there was none of (发生, 收到); ``all_words``: those that may stand before
    requests that are all of them (全部, 收到的).
    """

    units: tuple[str, ...]
    vague_units: frozenset[str]
    lexicon: Lexicon
    governments: tuple[str, ...]
    seats: tuple[str, ...]
    selves: tuple[str, ...]
    topics: frozenset[str]
    telling: re.Pattern[str]
    labels: frozenset[str]
    none_verbs: frozenset[str]
    all_words: tuple[str, ...]
    other_topic: str
    parts: Mapping[str, str]
    items: tuple[Item, ...]
    done: Done | None
    done_words: frozenset[str]
    rates: tuple[Rate, ...]
    share: Rate | None
    growth: str
    last_year: str

"""What holds at a place of a sentence: of which year, of whom, of what it speaks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from xltool.narrative.claims.amounts import Sort
from xltool.narrative.claims.statement import Statement
from xltool.narrative.claims.tokens import Token
from xltool.narrative.claims.vocabulary import Vocabulary


class Period(Enum):
    THIS = auto()
    LAST = auto()
    OTHER = auto()


@dataclass
class Standing:
    """``scoped``: only a part, or somebody else. ``alien``: an item of a list whose total is no figure of the form.

    ``channel``, ``planned`` and ``doubtful`` hold to the end of the clause: what came in by one channel is a part.
    ``comparing``: with last year;
    ``versus``: the next number is last year's. ``parent``: the count that is broken down here (其中).
    """

    period: Period = Period.THIS
    scoped: bool = False
    alien: bool = False
    channel: bool = False
    planned: bool = False
    doubtful: bool = False
    comparing: bool = False
    versus: bool = False
    parent: Statement | None = None

    @property
    def is_open(self) -> bool:
        """Whether numbers said here are the unit's own of a whole year."""
        return not (self.scoped or self.alien or self.channel or self.planned or self.period is Period.OTHER)


class Whereabouts:
    """The standing while the tokens of one sentence are gone through."""

    def __init__(self, tokens: Sequence[Token], unit: str, vocabulary: Vocabulary) -> None:
        self.tokens = tokens
        self.unit = unit
        self.names = names_of(unit, vocabulary.seats)
        self.is_government = unit.endswith(vocabulary.governments)
        self.is_office = not self.is_government and any(name.endswith(vocabulary.governments) for name in self.names)
        self.selves = vocabulary.selves
        self.now = Standing()
        self._named_to = 0
        self._outside: list[Standing] = []

    def step(self, at: int, consumed: bool) -> None:
        """Go on to the token at ``at``; ``consumed``: a phrase about a number has taken it."""
        token = self.tokens[at]
        self._brackets(token.depth)
        if token.ends_clause:
            self.now.channel = self.now.planned = self.now.doubtful = self.now.versus = False
        if at == 0 or self.tokens[at - 1].ends_clause:
            self._subject(at)
        if not consumed:
            self._time(at, token)
        self._marks(token)
        if "areas" in token.groups and at >= self._named_to:
            self.now.scoped = not self._owns_area(token.text)

    def _brackets(self, depth: int) -> None:
        while depth > len(self._outside):
            self._outside.append(replace(self.now))
        while depth < len(self._outside):
            self.now = self._outside.pop()

    def _time(self, at: int, token: Token) -> None:
        if "last_year" in token.groups:
            before = self.tokens[at - 1].groups if at else frozenset()
            if "compare_to" in before:
                self.now.comparing = self.now.versus = True
            else:
                self.now.period = Period.LAST
        elif "this_year" in token.groups:
            if not (at and _is_another_year(self.tokens[at - 1])):  # 去年全年, 2022年全年
                self.now.period = Period.THIS
        elif token.groups & {"next_year", "other_times"} or _is_other_date(token):
            self.now.period = Period.OTHER

    def _marks(self, token: Token) -> None:
        groups = token.groups
        if "compare" in groups:
            self.now.comparing = True
            self.now.versus = token.text[0] in _THAN
        if "part" in groups and not (self.is_office and "levels" in groups):
            self.now.scoped = True
        if groups & {"channels", "all_channels"}:
            self.now.channel = "channels" in groups
        if "plans" in groups:
            self.now.planned = True
        if "doubtful" in groups:
            self.now.doubtful = True

    def _owns_area(self, text: str) -> bool:
        """Whether 全县 is all that this unit speaks for: a government's own area, or a body's own house."""
        is_area = text[-1] in "省市县区州旗"
        return text[-1] in self.unit and (self.is_government or not is_area)

    def _subject(self, at: int) -> None:
        own_to = self._own_name_at(at)
        if own_to is not None:
            self.now.scoped, self._named_to = False, own_to
            return
        name, self._named_to = subject_at(self.tokens, at)
        if len(name) > 1:
            self.now.scoped = not is_own(name, self.names, self.selves)

    def _own_name_at(self, at: int) -> int | None:
        """Where the unit's name ends that begins the clause, whole or without the area in front; else None."""
        while at < len(self.tokens) and (self.tokens[at].amount is not None or self.tokens[at].filler):
            at += 1
        text = ""
        for place in range(at, len(self.tokens)):
            text += self.tokens[place].text
            if len(text) >= len(self.unit):
                break
        names = (self.unit[start:] for start in range(len(self.unit) - _SHORTEST_NAME + 1))
        found = next((name for name in names if text.startswith(name)), "")
        return self._place_behind(at, len(found)) if found else None

    def _place_behind(self, at: int, length: int) -> int:
        while at < len(self.tokens) and length > 0:
            length -= len(self.tokens[at].text)
            at += 1
        return at


_SHORTEST_NAME = 3
_THAN = "较比与"


def _is_another_year(token: Token) -> bool:
    return "last_year" in token.groups or _is_other_date(token)


def _is_other_date(token: Token) -> bool:
    return token.amount is not None and token.amount.sort is Sort.DATE and not token.groups and not token.filler


def subject_at(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """The office named at the beginning of a clause, as written, and where its name ends; "" where none is."""
    words: list[Token] = []
    place = at
    for place in range(at, len(tokens)):
        token = tokens[place]
        if token.depth > tokens[at].depth or token.is_bracket:
            continue
        known = token.groups - {"plain"}
        if not words and (token.amount is not None or token.filler or "breakdown" in known):
            continue
        if token.amount is not None or token.ends_clause or (known and not known & _NAMING):
            break
        words.append(token)
    return _office(words), place


_NAMING = {"bodies", "areas", "ours"}


_LONGEST_NAME = 20


def _office(words: Sequence[Token]) -> str:
    """The words up to the last that ends an office's name, nothing much between one office and the next."""
    name, reached = "", ""
    for word in words:
        reached += word.text
        if "bodies" in word.groups:
            if len(name) > 1 and len(reached) - len(name) > _LONGEST_BETWEEN + len(word.text):
                break
            name = reached
    return name if len(name) <= _LONGEST_NAME else ""


_LONGEST_BETWEEN = 3


def names_of(unit: str, seats: Sequence[str]) -> tuple[str, ...]:
    """The unit's name, and what is left of it without what may be left off: 大云镇 of 大云镇人民政府."""
    shorter = {unit.removesuffix(seat) for seat in seats} - {unit, ""}
    return unit, *sorted(shorter)


def is_own(name: str, names: Sequence[str], selves: Collection[str]) -> bool:
    """Whether ``name`` is what the unit calls itself: 我局, 学校, 县教体局 for 临川县教育体育局, 市科委."""
    bare = name.lstrip("我本该")
    if bare in selves or (bare != name and len(bare) <= _LONGEST_KIND):
        return True
    return bool(bare) and any(_within(bare, own) for own in names)


_LONGEST_KIND = 2


def _within(short: str, name: str) -> bool:
    """Whether the characters of ``short`` stand in ``name`` in this order, and its kind of office is the unit's."""
    rest = iter(name)
    return all(char in rest for char in short) and (short[-1] in name[-3:] or name.startswith(short))

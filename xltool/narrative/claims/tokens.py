"""A sentence as words of the vocabulary, numbers, marks, and stretches of anything else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from xltool.narrative.claims.amounts import Amount, Sort

_WIDE = str.maketrans("０１２３４５６７８９．％＋－﹪", "0123456789.%+-%")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200d\u202f\u3000\ufeff]+")
# Nobody writes longer sentences; what a program pasted is read in pieces, so that the time stays in proportion.
_SENTENCE = re.compile(r"[^。！？!?\n]{1,800}[。！？!?]?")
_MARKS = frozenset("，,；;。！？!?")
_OPEN, _CLOSE = frozenset("（([【"), frozenset("）)]】")
_IDLE = frozenset('“”‘’"「」：:') | _OPEN | _CLOSE
_SIGNS = frozenset(_MARKS) | _IDLE
_SINCE = "以来"
_POINT = re.compile("(?<=[\u4e00-\u9fff])[.．](?=[\u4e00-\u9fff\\s]|$)")
_TITLE = re.compile("《[^》]{0,80}》")


class Token(NamedTuple):
    """A word, a number, a mark, or a stretch of anything else; a tuple, because a text has hundreds of them.

    ``groups``: the groups its word is in; of dates, the years they are. ``filler``: it changes nothing.

    ``depth``: how many brackets it stands in.
    """

    text: str
    start: int
    groups: frozenset[str] = frozenset()
    amount: Amount | None = None
    filler: bool = False
    depth: int = 0

    def passes(self, depth: int) -> bool:
        """Whether a phrase at ``depth`` may reach over it."""
        return self.depth > depth or (self.filler and self.depth == depth)

    def says(self, group: str, depth: int) -> bool:
        """Whether it is a word of ``group`` at ``depth``."""
        return group in self.groups and self.depth == depth

    @property
    def ends_clause(self) -> bool:
        return self.text in _MARKS

    @property
    def is_bracket(self) -> bool:
        return self.text in _OPEN or self.text in _CLOSE

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation of any kind."""
        return self.text in _SIGNS

    @property
    def is_count(self) -> bool:
        return self.amount is not None and self.amount.sort is Sort.COUNT


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Every word with the groups it is in. ``lengths``: by first character, the longest first.

    ``fillers``: the group of words that change nothing.
    """

    groups: Mapping[str, frozenset[str]]
    lengths: Mapping[str, tuple[int, ...]]
    fillers: str

    def word_at(self, text: str, place: int) -> str:
        """The longest word at ``place``; "" where none begins there."""
        for length in self.lengths.get(text[place], ()):
            word = text[place : place + length]
            if word in self.groups:
                return word
        return ""


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence: ``text`` as written; ``squeezed``: without any spaces, its digits in one spelling."""

    text: str
    squeezed: str
    opens_paragraph: bool

    def written(self, start: int, end: int) -> str:
        """What stands in ``text`` where ``squeezed`` has ``start`` to ``end``."""
        if len(self.text) == len(self.squeezed):
            return self.text[start:end]
        places = [place for place, char in enumerate(self.text) if not _SPACES.fullmatch(char)]
        return self.text[places[start] : places[end - 1] + 1]


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text, paragraph by paragraph."""
    for paragraph in _POINT.sub("。", text).split("\n"):
        opens = True
        for match in _SENTENCE.finditer(paragraph):
            written = match[0].strip()
            if written:
                yield Sentence(written, _SPACES.sub("", written.translate(_WIDE)), opens)
                opens = False


def tokenise(text: str, found: Iterable[Amount], lexicon: Lexicon) -> list[Token]:
    """Cut ``text`` at numbers, and elsewhere into the longest words known."""
    tokens: list[Token] = []
    depth = rest = 0
    for start, end, groups, amount in _pieces(text, {amount.start: amount for amount in found}, lexicon):
        if rest < start:
            tokens.append(Token(text[rest:start], rest, depth=depth))
        said, rest = text[start:end], end
        depth = max(0, depth - (said in _CLOSE))  # “1）” closes what was never opened
        idle = lexicon.fillers in groups or said in _IDLE
        tokens.append(Token(said, start, groups, amount, idle, depth))
        depth += said in _OPEN
    if rest < len(text):
        tokens.append(Token(text[rest:], rest, depth=depth))
    return tokens


_NONE: frozenset[str] = frozenset()


def _pieces(
    text: str, numbers: Mapping[int, Amount], lexicon: Lexicon
) -> Iterator[tuple[int, int, frozenset[str], Amount | None]]:
    """Start and end of every number, known word and mark; titles in 《》 hold none."""
    place = 0
    while place < len(text):
        word, amount = lexicon.word_at(text, place), numbers.get(place)
        if amount is not None and amount.end - place > len(word):
            yield place, amount.end, _NONE, amount
            place = amount.end
        elif word:
            yield place, place + len(word), lexicon.groups[word], None
            place += len(word)
        elif text[place] in _SIGNS:
            yield place, place + 1, _NONE, None
            place += 1
        else:
            title = _TITLE.match(text, place) if text[place] == "《" else None
            place = title.end() if title else place + 1


def with_years(tokens: Iterable[Token], year: int, groups: tuple[str, str, str]) -> Iterator[Token]:
    """Dates get the group of last, this or next year (``groups``); those of this year change nothing."""
    last, this, following = groups
    for token in tokens:
        amount = token.amount
        if amount is None or amount.sort is not Sort.DATE or not amount.whole:
            yield token
            continue
        if amount.year is None:  # the last day of a year that is not named
            yield token._replace(filler=True)
            continue
        name = {year - 1: last, year: this, year + 1: following}.get(amount.year, "")
        if token.text.endswith(_SINCE) and name != this:
            name = ""
        yield token._replace(groups=frozenset((name,)) if name else _NONE, filler=name == this)

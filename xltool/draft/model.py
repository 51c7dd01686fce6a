"""What a draft is made of: sentences, each with cases tried in order, each case words and figures in a row.

========================  ===============================================================================
a form writes             and gets
========================  ===============================================================================
``{t3.r1.total}``         the number as ``figure.plain`` prints it; any expression of the rules
``{growth(a, prior.a)}``  比上年增长12.5%, 比上年下降3.13%, 与上年持平, 与上年基本持平 (changed, but rounds to 0 %)
``{percent(a, b)}``       66.67%
``{items}``               the ``items`` above 0: 予以公开8件、部分公开2件; each as ``each`` says
``{names}``               their names alone: 予以公开、部分公开
``{applicants}``          the phrase of that name: cases again, or nothing where none of them holds
========================  ===============================================================================

A case is said where everything it mentions is known, its conditions hold, its numbers can be printed (not negative,
below 1 000 000 000) and what it divides by is above 0; else the next case is tried, and after the last one nothing is
said. ``growth`` asks for at most tenfold: beyond, no clerk speaks of percent.

Both readings round alike, halves up, because they take the same two steps: to six decimals of a hundredth of a
percent, where the noise of binary fractions is gone, then to a whole hundredth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xltool.expr.model import Comparison, Expr, Term, figures, mentioned
from xltool.figure import FigureId


@dataclass(frozen=True)
class Printed:
    """A number."""

    amount: Expr


@dataclass(frozen=True)
class Share:
    """``part`` as a percentage of ``whole``, to two decimals; said where it is at most 100 %."""

    part: Expr
    whole: Expr


@dataclass(frozen=True)
class Growth:
    """How ``now`` compares with last year's ``before``, in words, to two decimals."""

    now: Expr
    before: Expr


@dataclass(frozen=True)
class Item:
    """One entry of a list, there where ``amount`` is above 0; the number stands between the words if at all."""

    amount: Expr
    before: str
    numbered: bool
    after: str


@dataclass(frozen=True)
class Listing:
    """The items above 0, joined by 、; said where there is one."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Mention:
    """What the phrase of this name says, perhaps nothing."""

    phrase: str


Piece = str | Printed | Share | Growth | Listing | Mention


@dataclass(frozen=True)
class Case:
    """Said where all of ``when`` hold."""

    when: tuple[Comparison, ...]
    pieces: tuple[Piece, ...]

    @property
    def amounts(self) -> tuple[Expr, ...]:
        """Every expression it prints, divides or lists; its phrases are asked on their own."""
        return tuple(amount for piece in self.pieces for amount in _amounts(piece))

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every figure that it mentions itself."""
        printed = (term for amount in self.amounts for term in mentioned(amount))
        return tuple(dict.fromkeys((*figures(*self.when), *printed)))


Cases = tuple[Case, ...]


@dataclass(frozen=True)
class Sentence:
    """The first case that holds is said.

    ``unless_mentions``: it is also said beside what the unit wrote, where that does not mention these words.
    """

    cases: Cases
    unless_mentions: str = ""


@dataclass(frozen=True, eq=False)
class Draft:
    """What can be said from the figures alone; drafts are compared by identity, so that what is made of them keeps.

    ``needs``: figures without which nothing at all is said (those of the tables it speaks of).
    """

    sentences: tuple[Sentence, ...]
    phrases: tuple[tuple[str, Cases], ...] = ()
    needs: tuple[FigureId, ...] = ()

    @property
    def cells(self) -> tuple[tuple[str, Cases], ...]:
        """Phrases by name, then sentences by number from 1: what stands in one cell each of a workbook."""
        numbered = ((str(number), sentence.cases) for number, sentence in enumerate(self.sentences, 1))
        return *self.phrases, *numbered


def _amounts(piece: Piece) -> tuple[Expr, ...]:
    match piece:
        case Printed(amount):
            return (amount,)
        case Share(part, whole):
            return part, whole
        case Growth(now, before):
            return now, before
        case Listing(items):
            return tuple(item.amount for item in items)
    return ()


_DIGITS = 3
"""Characters that a number mostly takes, in the width of Chinese characters."""


def longest(draft: Draft) -> int:
    """About how many characters the draft has where every sentence says as much as it can."""
    phrases = {name: _longest(cases, {}) for name, cases in draft.phrases}
    return sum(_longest(sentence.cases, phrases) for sentence in draft.sentences)


def _longest(cases: Cases, phrases: Mapping[str, int]) -> int:
    return max(sum(_length(piece, phrases) for piece in case.pieces) for case in cases)


def _length(piece: Piece, phrases: Mapping[str, int]) -> int:
    match piece:
        case str():
            return len(piece)
        case Mention(name):
            return phrases[name]
        case Listing(items):
            return sum(len(item.before) + len(item.after) + 1 + _DIGITS * item.numbered for item in items)
        case Growth():
            return 5 + _DIGITS
    return _DIGITS

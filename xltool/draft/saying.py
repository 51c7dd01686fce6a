"""The Python reading: what a draft says of the figures, the words of the Excel reading exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

from xltool.draft.model import Case, Cases, Draft, Growth, Listing, Mention, Piece, Printed, Share
from xltool.expr.evaluate import Evaluator, Lookup, compared, compiled, holds
from xltool.expr.model import Expr, Term
from xltool.figure import plain

MORE, LESS, SAME, NEARLY_SAME = "比上年增长", "比上年下降", "与上年持平", "与上年基本持平"
COMMA = "、"
MOST_GROWTH = 10
"""As a multiple of last year's number: what grew by more is not said in percent."""
LARGEST = Decimal(10) ** 9
"""Numbers from here on are not printed: with six decimals they have more than the 15 digits that programs keep."""
PARTS = 10_000
"""Hundredths of a percent in the whole."""

_ZERO, _HALF, _PER_CENT = Decimal(0), Decimal("0.5"), Decimal(100)


def draft_text(draft: Draft, value: Lookup) -> str:
    """All that the draft says, one paragraph; "" while not all of ``draft.needs`` is known."""
    if any(value(Term(figure)) is None for figure in draft.needs):
        return ""
    return "".join(sentence for sentence, _ in said_sentences(draft, value))


def said_sentences(draft: Draft, value: Lookup) -> Iterator[tuple[str, str]]:
    """Each sentence that is said, and what text must mention for it to be left out ("" where nothing does)."""
    cells = draft_cells(draft, value)
    for number, sentence in enumerate(draft.sentences, 1):
        if text := cells[str(number)]:
            yield text, sentence.unless_mentions


def draft_cells(draft: Draft, value: Lookup) -> dict[str, str]:
    """What every phrase and sentence says, by the names of ``draft.cells``; "" where it says nothing."""
    said: dict[str, str] = {}
    for name, cases in _ready(draft):
        said[name] = next((text for case in cases if (text := case(value, said)) is not None), "")
    return said


_Reading = Callable[[Lookup, Mapping[str, str]], str | None]
"""What a case or a piece says, None where it does not hold; the mapping is what the phrases say."""


@lru_cache(maxsize=64)
def _ready(draft: Draft) -> tuple[tuple[str, tuple[_Reading, ...]], ...]:
    return tuple((name, _readings(cases)) for name, cases in draft.cells)


def _readings(cases: Cases) -> tuple[_Reading, ...]:
    return tuple(_case(case) for case in cases)


def _case(case: Case) -> _Reading:
    conditions = tuple((comparison, compiled(comparison.left), compiled(comparison.right)) for comparison in case.when)
    pieces = tuple(_piece(piece) for piece in case.pieces)

    def reading(value: Lookup, phrases: Mapping[str, str]) -> str | None:
        for comparison, left_of, right_of in conditions:
            if (left := left_of(value)) is None or (right := right_of(value)) is None:
                return None
            if not holds(comparison, left, right):
                return None
        texts = []
        for piece in pieces:
            if (text := piece(value, phrases)) is None:
                return None
            texts.append(text)
        return "".join(texts)

    return reading


def _piece(piece: Piece) -> _Reading:
    match piece:
        case str():
            return lambda _value, _phrases: piece
        case Mention(phrase):
            return lambda _value, phrases: phrases[phrase]
        case Listing():
            return _listing(piece)
        case Printed(amount):
            return _of((amount,), lambda known: printed(known[0]))
        case Share(part, whole):
            return _of((part, whole), lambda known: share(*known))
        case Growth(now, before):
            return _of((now, before), lambda known: growth(*known))


def _of(amounts: tuple[Expr, ...], words: Callable[[list[Decimal]], str | None]) -> _Reading:
    evaluators = tuple(compiled(amount) for amount in amounts)

    def reading(value: Lookup, _phrases: Mapping[str, str]) -> str | None:
        known = _known(evaluators, value)
        return None if known is None else words(known)

    return reading


def _known(evaluators: tuple[Evaluator, ...], value: Lookup) -> list[Decimal] | None:
    known = []
    for evaluator in evaluators:
        if (one := evaluator(value)) is None:
            return None
        known.append(one)
    return known


def _listing(listing: Listing) -> _Reading:
    evaluators = tuple(compiled(item.amount) for item in listing.items)

    def reading(value: Lookup, _phrases: Mapping[str, str]) -> str | None:
        known = _known(evaluators, value)
        if known is None or max(known) >= LARGEST:
            return None
        texts = [
            item.before + (plain(compared(amount)) if item.numbered else "") + item.after
            for item, amount in zip(listing.items, known, strict=True)
            if compared(amount) > 0
        ]
        return COMMA.join(texts) or None

    return reading


def printed(amount: Decimal) -> str | None:
    """The number to six decimals; None where it is negative or too large."""
    return plain(compared(amount)) if compared(amount) >= 0 and amount < LARGEST else None


def share(part: Decimal, whole: Decimal) -> str | None:
    """66.67%; None where ``part`` is negative or more than ``whole``, or where there is nothing to share."""
    if not 0 <= compared(part) <= compared(whole) or compared(whole) == 0:
        return None
    return _percent(_hundredths(part, whole))


def growth(now: Decimal, before: Decimal) -> str | None:
    """比上年增长12.5%; None where last year has nothing to compare with, or the change is beyond MOST_GROWTH."""
    change = compared(now - before)
    if compared(now) < 0 or compared(before) <= 0 or compared(now - before - MOST_GROWTH * before) > 0:
        return None
    if change == 0:
        return SAME
    hundredths = _hundredths(abs(now - before), before)
    if hundredths == 0:
        return NEARLY_SAME
    return (MORE if change > 0 else LESS) + _percent(hundredths)


def _hundredths(part: Decimal, whole: Decimal) -> Decimal:
    return (compared(PARTS * part / whole) + _HALF).to_integral_value(ROUND_FLOOR)


def _percent(hundredths: Decimal) -> str:
    return f"{plain(hundredths / _PER_CENT)}%"

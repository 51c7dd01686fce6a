"""Whether what a text says is what the tables say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from xltool.check.judge import amount_of
from xltool.expr.evaluate import Lookup
from xltool.expr.model import Operand, Term
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Form
from xltool.narrative.claims.statement import Statement, Way
from xltool.narrative.claims.vocabulary import Done, Rate, Sum, Vocabulary

_HUNDRED = Decimal(100)


@dataclass(frozen=True, eq=False)
class Verdict:
    """``holds`` None: it cannot be told. ``code``: of the finding where it does not hold.

    ``right``: what it should have been, in words, each with its name; ``figures``: where to look.
    """

    statement: Statement
    holds: bool | None
    code: str = ""
    right: tuple[tuple[str, str], ...] = ()
    figures: tuple[FigureId, ...] = ()


@dataclass(frozen=True, eq=False)
class Books:
    """This year's and last year's figures, totals included; a total that last year's report only states counts.

    ``counts``: of every count in the texts, whether it holds; what is said about a count depends on it.
    """

    now: Lookup
    before: Lookup
    counts: Mapping[Statement, bool | None]


def books(form: Form, filing: Filing, prior: Filing | None, said: Iterable[Statement]) -> Books:
    """The figures that the statements of a text are held against, the counts among them already judged."""
    now, before = amount_of(form, filing), _before(form, prior)
    return Books(now, before, {one: _holds(one, now, before) for one in said if one.way is Way.COUNT})


def _before(form: Form, prior: Filing | None) -> Lookup:
    if prior is None:
        return lambda _: None
    known, stated = amount_of(form, prior), prior.stated

    def value(operand: Operand) -> Decimal | None:
        found = known(operand)
        return stated.get(operand.figure) if found is None and isinstance(operand, Term) else found

    return value


def verdict(statement: Statement, known: Books, vocabulary: Vocabulary) -> Verdict:
    """What is to be said of one statement."""
    return _OF[statement.way](statement, known, vocabulary)


# --- counts ---------------------------------------------------------------------------------------------------


def _count(statement: Statement, known: Books, vocabulary: Vocabulary) -> Verdict:
    holds, true = known.counts[statement], _true(statement, known.now, known.before)
    code = "" if holds is not False else _count_code(statement, true, known, vocabulary)
    return Verdict(statement, holds, code, _told(true), statement.item.equals[0].figures)


def _holds(statement: Statement, now: Lookup, before: Lookup) -> bool | None:
    """Whether a count is any of what it may equal; None where it is none of those that are known."""
    true = _true(statement, now, before)
    if any(_agrees(statement, amount) for _, amount in true):
        return True
    return False if len(true) == len(statement.item.equals) else None


def _true(statement: Statement, now: Lookup, before: Lookup) -> list[tuple[Sum, Decimal]]:
    """What a count may equal, as far as it is known."""
    value = before if statement.last_year else now
    return [(one, amount * one.factor) for one in statement.item.equals if (amount := one.value(value)) is not None]


def _agrees(statement: Statement, true: Decimal) -> bool:
    said, amount = statement.value, statement.amount
    if amount is None or not statement.hedge:
        return said == true if amount is None else amount.says(true)
    room = max(amount.grain, said / 10)
    match statement.hedge:
        case "about":
            return abs(true - said) < room
        case "nearly":
            return said - room <= true <= said
        case _:
            return said <= true <= said + max(room, said / 5)


def _count_code(statement: Statement, true: list[tuple[Sum, Decimal]], known: Books, vocabulary: Vocabulary) -> str:
    item = statement.item
    if statement.last_year:
        return vocabulary.last_year
    if item.while_zero and all(amount == 0 for _, amount in true):
        return item.while_zero
    if item.when_none and statement.value == 0:
        return item.when_none
    rough = statement.hedge or statement.doubtful
    of_doubtful_whole = statement.of is not None and known.counts.get(statement.of) is False
    return item.doubtful if rough or of_doubtful_whole else item.code


def _told(true: list[tuple[Sum, Decimal]]) -> tuple[tuple[str, str], ...]:
    """Each number with the name of the first sum that has it."""
    told: dict[str, str] = {}
    for one, amount in true:
        told.setdefault(plain(amount / one.factor), one.name)
    return tuple((name, number) for number, name in told.items())


# --- without a number -----------------------------------------------------------------------------------------


def _none(statement: Statement, known: Books, _: Vocabulary) -> Verdict:
    """Against the whole sum; where part of it is not known, any part that is not 0 will do."""
    item = statement.item
    for one in item.equals:
        amount = one.value(known.now)
        if amount is not None and (amount or one is item.equals[0]):
            return Verdict(statement, amount == 0, item.when_none, ((one.name, plain(amount)),), one.figures)
    return Verdict(statement, None)


def _done(statement: Statement, known: Books, _: Vocabulary) -> Verdict:
    done = statement.about
    assert isinstance(done, Done)
    left, of = done.left.value(known.now), done.of.value(known.now)
    if left is None or of is None:
        return Verdict(statement, None)
    if left > 0:
        return Verdict(statement, False, done.code, ((done.left.name, plain(left)),), done.left.figures)
    return Verdict(statement, of > 0, done.while_none, ((done.of.name, plain(of)),), done.of.figures)


# --- comparisons ----------------------------------------------------------------------------------------------


def _growth(statement: Statement, known: Books, vocabulary: Vocabulary) -> Verdict:
    return _compared(statement, known, vocabulary, _per_cent_more)


def _per_cent_more(now: Decimal, before: Decimal) -> Decimal | None:
    return (now - before) / before * _HUNDRED if before else None


def _change(statement: Statement, known: Books, vocabulary: Vocabulary) -> Verdict:
    return _compared(statement, known, vocabulary, lambda now, before: now - before)


def _compared(
    statement: Statement, known: Books, vocabulary: Vocabulary, by: Callable[[Decimal, Decimal], Decimal | None]
) -> Verdict:
    """Against the same sum of last year; a number in the text that is wrong itself is not held against it twice."""
    told: list[tuple[str, Decimal]] = []
    accepted: list[Decimal] = []
    of = statement.of
    for one in statement.item.equals:
        now, before = one.value(known.now), one.value(known.before)
        if now is None or before is None:
            return Verdict(statement, None)
        if (true := by(now * one.factor, before * one.factor)) is not None:
            told.append((one.name, true))
            accepted.append(true)
        if of is not None and known.counts.get(of) is False:
            own = by(of.value, before * one.factor)
            accepted += [own] if own is not None else []
    return _against(statement, accepted, told, vocabulary.growth, statement.item.equals[0].figures)


def _share(statement: Statement, known: Books, _: Vocabulary) -> Verdict:
    share = statement.about
    assert isinstance(share, Rate)
    of = statement.of
    assert of is not None, "a share is the share of something"
    told: list[tuple[str, Decimal]] = []
    accepted: list[Decimal] = []
    parts = [*([] if of.amount is None else [of.value]), *_true_parts(of, known)]
    for whole in share.of if parts else ():
        amount = whole.value(known.now)
        if amount is None:
            return Verdict(statement, None)
        if amount:
            accepted += [part / amount * _HUNDRED for part in parts]
            told.append((whole.name, parts[-1 if known.counts.get(of) is False else 0] / amount * _HUNDRED))
    return _against(statement, accepted, told, share.code, of.item.equals[0].figures)


def _true_parts(of: Statement, known: Books) -> Iterator[Decimal]:
    """What the number should have been whose share is given."""
    amounts_of = (one.value(known.now) for one in of.item.equals)
    return (amount for amount in amounts_of if amount is not None)


def _rate(statement: Statement, known: Books, _: Vocabulary) -> Verdict:
    rate = statement.about
    assert isinstance(rate, Rate)
    assert rate.equals is not None, "a rate says what it is the rate of"
    part = rate.equals.value(known.now)
    wholes = [whole.value(known.now) for whole in rate.of]
    if part is None or None in wholes:
        return Verdict(statement, None)
    true = [part / whole * _HUNDRED for whole in wholes if whole]
    return _against(statement, true, [(rate.name, one) for one in true], rate.code, rate.equals.figures)


def _against(
    statement: Statement,
    accepted: list[Decimal],
    told: list[tuple[str, Decimal]],
    code: str,
    figures: tuple[FigureId, ...],
) -> Verdict:
    """Against any of the ``accepted`` numbers; ``told``: those to tell people, with their names."""
    if not accepted:
        return Verdict(statement, None)
    holds = any(_close(statement, number) for number in accepted)
    places = _places(statement)
    right = {name: plain(number.quantize(places, ROUND_HALF_UP)) for name, number in told}
    return Verdict(statement, holds, "" if holds else code, tuple(right.items()), figures)


def _close(statement: Statement, true: Decimal) -> bool:
    """Growth said as a number above 0 with “下降” is negative; hedges leave room as for counts."""
    amount = statement.amount
    assert amount is not None
    if (statement.value < 0) != (true < 0) and true and statement.value:
        return False
    return _agrees(_positive(statement), abs(true))


def _positive(statement: Statement) -> Statement:
    return statement if statement.value >= 0 else replace(statement, value=-statement.value)


def _places(statement: Statement) -> Decimal:
    """Two decimals, or as many as were said."""
    step = statement.amount.step if statement.amount is not None else Decimal(1)
    return min(step, Decimal("0.01")) if statement.way is not Way.CHANGE else Decimal(1)


_OF: Mapping[Way, Callable[[Statement, Books, Vocabulary], Verdict]] = {
    Way.COUNT: _count,
    Way.NONE: _none,
    Way.DONE: _done,
    Way.GROWTH: _growth,
    Way.CHANGE: _change,
    Way.RATE: _rate,
    Way.SHARE: _share,
}

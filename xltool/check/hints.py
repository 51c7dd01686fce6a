"""Hints beside a broken sum: the slip of the hand that would explain it, where exactly one of a kind does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from xltool.check.finding import Finding, made
from xltool.check.judge import Judgement, Ledger, Outcome
from xltool.check.slips import Guess, Sheet, Slip, guesses
from xltool.check.sums import Sum, Sums, sums
from xltool.expr.model import Operator
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Check, Form

_MOST = 2
"""Hints for one check: who is told three things is told nothing."""

PlaceOf = Callable[[FigureId], tuple[str, str]]
"""Sheet and cell of a figure."""


def hints(
    form: Form, filing: Filing, books: Ledger, judgements: Iterable[Judgement], place: PlaceOf
) -> Iterator[Finding]:
    """Hints for the failed equalities among ``judgements``; what explains several of them is said once."""
    judgements = tuple(judgements)
    failed = [judgement.check for judgement in judgements if _asks_for_a_hint(judgement, filing)]
    if not failed:
        return
    known = sums(form, books, judgements)
    sheet = Sheet(form, filing, books.look_up)
    said: set[object] = set()
    for broken in _narrowest([one for one in known.sums if one.check in failed]):
        for guess in likely(known, broken, guesses(sheet, broken)):
            if guess.identity not in said:
                said.add(guess.identity)
                yield _told(form, books, broken.check, guess, place)


def _asks_for_a_hint(judgement: Judgement, filing: Filing) -> bool:
    """An equality nobody has explained, with figures on both sides: a slip does not make a figure 0."""
    check = judgement.check
    return (
        judgement.outcome is Outcome.FAILED
        and check.comparison.operator is Operator.EQUAL
        and not filing.explanations.get(check.key, "").strip()
    )


def _narrowest(broken: list[Sum]) -> list[Sum]:
    """Without those that hold a whole other one: the total of a row is wrong because one of its columns is."""
    return [one for one in broken if not any(set(other.weights) < set(one.weights) for other in broken)]


def likely(known: Sums, broken: Sum, guessed: Iterable[Guess]) -> list[Guess]:
    """The guesses that explain ``broken``: of each kind the only one, and none that puts less right than another."""
    explaining = [(known.come_right(broken, guess.corrected), guess) for guess in guessed]
    most = max((count for count, _ in explaining), default=0)
    best = [guess for count, guess in explaining if count == most > 0]
    chosen = [_only([guess for guess in best if guess.slip is slip]) for slip in Slip]
    return [guess for guess in chosen if guess is not None][:_MOST]


def _only(alike: list[Guess]) -> Guess | None:
    """The one that corrects fewest figures; None where two do and say different things."""
    fewest = min((len(guess.corrected) for guess in alike), default=0)
    simple = {guess.identity: guess for guess in alike if len(guess.corrected) == fewest}
    return next(iter(simple.values())) if len(simple) == 1 else None


def _told(form: Form, books: Ledger, check: Check, guess: Guess, place: PlaceOf) -> Finding:
    sheet, cell = place(guess.figure)
    label = form.figures[guess.figure].spoken
    first = next(term for term in guess.corrected if term.figure == guess.figure)
    quoted = plain(books.look_up(first) or Decimal(0))
    relation = f"{check.mark}（{check.element}）" if check.element else check.mark
    figures = tuple(dict.fromkeys((guess.figure, *(term.figure for term in guess.corrected))))
    key = f"{guess.slip}.{check.key}"
    if guess.slip is Slip.TRANSPOSED:
        return made("A90", sheet, cell, label, figures, key=key, quoted=quoted, read=guess.how, relation=relation)
    if guess.slip is Slip.DIGITS:
        return made("A91", sheet, cell, label, figures, key=key, quoted=quoted, how=guess.how, relation=relation)
    return made("A92", sheet, cell, label, figures, key=key, quoted=quoted, how=guess.how, relation=relation)

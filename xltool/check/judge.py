"""Declared checks: what every figure is, and what each check says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from xltool.expr.evaluate import Evaluator, Lookup, compiled, holds
from xltool.expr.model import Fact, Operand, Source, Term, operands
from xltool.expr.sentence import asks_whether_given
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Check, Form, Level

_ZERO = Decimal(0)


class Outcome(StrEnum):
    """The three outcomes of a check."""

    PASSED = "通过"
    FAILED = "不符"
    INCOMPLETE = "未填全"


class State(StrEnum):
    """What the 校验 sheet and the lists of findings say of a check."""

    PASSED = "通过"
    FAILED = "不符"
    TO_EXPLAIN = "待说明"
    EXPLAINED = "已说明"
    HINT = "提示"
    INCOMPLETE = "未填全"
    NO_PRIOR = "无上年数据"


@dataclass(frozen=True)
class Judgement:
    """What one check says: both sides as far as they are known, and whether last year's figures are missing.

    ``condition``: the check's ``when``: True where it has none, None where it cannot be judged.
    """

    check: Check
    outcome: Outcome
    left: Decimal | None
    right: Decimal | None
    condition: bool | None
    lacks_prior: bool

    @property
    def gap(self) -> Decimal | None:
        """left − right."""
        return None if self.left is None or self.right is None else self.left - self.right


@dataclass(frozen=True)
class Ledger:
    """Every known number behind a filing: this year's, last year's and the stated totals; facts of the unit."""

    current: Mapping[FigureId, Decimal]
    prior: Mapping[FigureId, Decimal]
    stated: Mapping[FigureId, Decimal]
    facts: Mapping[Fact, bool]

    def look_up(self, operand: Operand) -> Decimal | None:
        if isinstance(operand, Fact):
            known = self.facts.get(operand)
            return None if known is None else Decimal(known)
        figure, source = operand
        if source is Source.CURRENT:
            return self.current.get(figure)
        if source is Source.PRIOR:
            return self.prior.get(figure)
        stated = self.stated.get(figure)
        return self.current.get(figure) if stated is None else stated


def amounts(form: Form, filing: Filing | None) -> dict[FigureId, Decimal]:
    """Every known figure, totals recomputed and declared zeros included; absent is unknown."""
    if filing is None:
        return {}
    adding = _Adding(_given(form, filing), _totals(form))
    for total in adding.totals:
        adding(Term(total))
    return adding.known


def amount_of(form: Form, filing: Filing) -> Lookup:
    """What ``amounts`` has, for those who ask for a few: a total is added up when it is asked for."""
    return _Adding(_given(form, filing), _totals(form))


def _given(form: Form, filing: Filing) -> dict[FigureId, Decimal]:
    """What was filled in, or declared to be zero."""
    known: dict[FigureId, Decimal] = {}
    for figure in form.inputs:
        value_given = filing.values.get(figure.id)
        if value_given is not None:
            known[figure.id] = value_given
        elif figure.id.table in filing.zero_declared and figure.id not in filing.unread:
            known[figure.id] = _ZERO
    return known


class _Adding:
    """A total may stand on totals that come after it in the form (a total row crossing a total column).

    Not a function inside a function: one that calls itself lives on, with all its numbers, until somebody looks for
    garbage.
    """

    __slots__ = ("known", "totals")

    def __init__(self, known: dict[FigureId, Decimal], totals: Mapping[FigureId, Evaluator]) -> None:
        self.known = known
        self.totals = totals

    def __call__(self, operand: Operand) -> Decimal | None:
        assert isinstance(operand, Term)
        figure, known = operand.figure, self.known
        if figure in self.totals and figure not in known and (total := self.totals[figure](self)) is not None:
            known[figure] = total
        return known.get(figure)


@lru_cache(maxsize=16)
def _totals(form: Form) -> dict[FigureId, Evaluator]:
    return {f.id: compiled(f.computed) for f in form.figures.values() if f.computed is not None}


def facts(form: Form, unit: Unit) -> dict[Fact, bool]:
    """What is known of the unit's powers: its type's, overridden by its own."""
    return {**form.facts_of(unit.type), **{Fact(name): has for name, has in unit.powers.items()}}


def ledger(form: Form, filing: Filing, prior: Filing | None = None) -> Ledger:
    """All numbers behind ``filing``; ``prior`` is last year's filing of the same form."""
    before = known_before(form, prior)
    return Ledger(amounts(form, filing), before, dict(filing.stated), facts(form, filing.unit))


def known_before(form: Form, prior: Filing | None) -> dict[FigureId, Decimal]:
    """Every number of last year.

    Its totals as stated stand in where they cannot be added up: it was another form's, or partly illegible.
    """
    return {**prior.stated, **amounts(form, prior)} if prior is not None else {}


@dataclass(frozen=True)
class _Ready:
    """A check with its sides as functions."""

    check: Check
    left: Evaluator
    right: Evaluator
    when: tuple[Evaluator, Evaluator] | None
    facts: tuple[Fact, ...]
    prior: tuple[Term, ...]


@lru_cache(maxsize=16)
def _ready(form: Form) -> tuple[_Ready, ...]:
    return tuple(_make_ready(check) for check in form.checks)


def _make_ready(check: Check) -> _Ready:
    when = check.when
    facts = () if when is None else (*operands(when.left), *operands(when.right))
    return _Ready(
        check,
        compiled(check.comparison.left),
        compiled(check.comparison.right),
        None if when is None else (compiled(when.left), compiled(when.right)),
        tuple(fact for fact in facts if isinstance(fact, Fact)),
        tuple(term for term in check.needs if term.source is Source.PRIOR),
    )


def judge(form: Form, books: Ledger) -> tuple[Judgement, ...]:
    """Every check of the form, in the form's order. Judging never fails: rules were resolved at load."""
    value = books.look_up
    return tuple(_judge_one(ready, value) for ready in _ready(form))


def _judge_one(ready: _Ready, value: Lookup) -> Judgement:
    left, right, condition = ready.left(value), ready.right(value), _condition(ready, value)
    lacks_prior = False
    if condition is False:
        outcome = Outcome.PASSED
    elif condition is None or left is None or right is None:
        outcome = Outcome.INCOMPLETE
        lacks_prior = any(value(term) is None for term in ready.prior)
    else:
        outcome = Outcome.PASSED if holds(ready.check.comparison, left, right) else Outcome.FAILED
    return Judgement(ready.check, outcome, left, right, condition, lacks_prior)


def _condition(ready: _Ready, value: Lookup) -> bool | None:
    """True where the check has none; False while a fact about the unit is unknown: it does not apply then."""
    when = ready.check.when
    if when is None or ready.when is None:
        return True
    if any(value(fact) is None for fact in ready.facts):
        return False
    left, right = ready.when[0](value), ready.when[1](value)
    return None if left is None or right is None else holds(when, left, right)


def state(judgement: Judgement, explanation: str = "") -> State:
    """The word for a judgement; the workbook's formulas say the same (tests compare them)."""
    check = judgement.check
    match judgement.outcome:
        case Outcome.PASSED:
            return State.PASSED
        case Outcome.INCOMPLETE:
            return State.NO_PRIOR if judgement.lacks_prior else State.INCOMPLETE
    if check.trial or check.level is Level.HINT:
        return State.HINT
    if check.level is Level.ERROR:
        return State.FAILED
    if explanation.strip():
        return State.EXPLAINED
    return State.INCOMPLETE if asks_whether_given(check.comparison) else State.TO_EXPLAIN

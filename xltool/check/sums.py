"""Declared checks as sums: how much each figure weighs in them, and what a correction would do to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.check.judge import Judgement, Ledger
from xltool.expr.evaluate import holds
from xltool.expr.model import Binary, Call, Expr, Number, Source, Term
from xltool.form import Check, Form

Weights = Mapping[Term | None, Decimal]
"""By term; under None what does not depend on any figure."""

Correction = Mapping[Term, Decimal]
"""What the figures should be instead."""

_ZERO, _ONE = Decimal(0), Decimal(1)
_SIGN = {"+": _ONE, "-": -_ONE}


@dataclass(frozen=True, eq=False)
class Sum:
    """A check as ``left − right``, a weighted sum of what people typed, of last year's and of stated figures."""

    check: Check
    weights: Weights

    def gap(self, value: Mapping[Term, Decimal | None], corrected: Correction) -> Decimal | None:
        """left − right with ``corrected`` in place; None while something is not known."""
        total = self.weights.get(None, _ZERO)
        for term, weight in self.weights.items():
            if term is not None:
                known = corrected[term] if term in corrected else value.get(term)
                if known is None:
                    return None
                total += weight * known
        return total

    def is_right(self, gap: Decimal | None) -> bool:
        return gap is not None and holds(self.check.comparison, gap, _ZERO)


@dataclass(frozen=True)
class Sums:
    """Every check of a filing that is a sum, with the numbers it stands on."""

    sums: tuple[Sum, ...]
    value: Mapping[Term, Decimal | None]
    touching: Mapping[Term, tuple[Sum, ...]]

    def come_right(self, broken: Sum, corrected: Correction) -> int:
        """How many checks, ``broken`` among them, ``corrected`` puts right; 0 where it does not explain ``broken``.

        It does not where another check goes wrong, where a narrower one stays wrong, or where a figure is corrected
        that no check asks to be.
        """
        if not self._closes(broken, corrected):
            return 0
        righted: set[Term | None] = set()
        count = 0
        for one in dict.fromkeys(one for term in corrected for one in self.touching.get(term, ())):
            after = one.gap(self.value, corrected)
            was_right = one.is_right(one.gap(self.value, {}))
            if one.is_right(after):
                count += not was_right
                righted.update(() if was_right else one.weights)
            elif after is not None and (was_right or len(one.weights) <= len(broken.weights)):
                return 0
        return count if righted >= set(corrected) else 0

    def _closes(self, broken: Sum, corrected: Correction) -> bool:
        """The quick answer, before all the others are asked."""
        gap = broken.gap(self.value, {})
        for term, new in corrected.items():
            if gap is not None and term in broken.weights:
                gap += broken.weights[term] * (new - (self.value.get(term) or _ZERO))
        return broken.is_right(gap)


def sums(form: Form, books: Ledger, judgements: Iterable[Judgement]) -> Sums:
    """The checks among ``judgements`` that apply and only add, subtract and multiply by constants."""
    reader = _Reader(form, books)
    found = tuple(reader.sums(judgements))
    touching: dict[Term, tuple[Sum, ...]] = {}
    for one in found:
        for term in one.weights:
            if term is not None:
                touching[term] = (*touching.get(term, ()), one)
    return Sums(found, {term: books.look_up(term) for term in touching}, touching)


@dataclass(frozen=True)
class _Reader:
    form: Form
    books: Ledger
    totals: dict[Term, Weights | None] = field(default_factory=dict)

    def sums(self, judgements: Iterable[Judgement]) -> Iterator[Sum]:
        for judgement in judgements:
            if judgement.condition:
                comparison = judgement.check.comparison
                weights = self.weights(Binary("-", comparison.left, comparison.right))
                if weights is not None:
                    yield Sum(judgement.check, {term: weight for term, weight in weights.items() if weight})

    def weights(self, expr: Expr) -> Weights | None:
        """None for what is not a sum."""
        match expr:
            case Number(number):
                return {None: number}
            case Term():
                return self._term(expr)
            case Binary("*", left, right):
                return _product(self.weights(left), self.weights(right))
            case Binary(op, left, right):
                return _added(((_ONE, self.weights(left)), (_SIGN[op], self.weights(right))))
            case Call("sum", arguments):
                return _added((_ONE, self.weights(argument)) for argument in arguments)
        return None

    def _term(self, term: Term) -> Weights | None:
        """A total is what it adds up, unless it is last year's or stands in a document."""
        computed = self.form.figures[term.figure].computed
        is_stated = term.source is Source.STATED and term.figure in self.books.stated
        if computed is None or term.source is Source.PRIOR or is_stated:
            return {term: _ONE}
        if term not in self.totals:
            self.totals[term] = self.weights(computed)
        return self.totals[term]


def _added(parts: Iterable[tuple[Decimal, Weights | None]]) -> Weights | None:
    total: dict[Term | None, Decimal] = {}
    for sign, weights in parts:
        if weights is None:
            return None
        for term, weight in weights.items():
            total[term] = total.get(term, _ZERO) + sign * weight
    return total


def _product(left: Weights | None, right: Weights | None) -> Weights | None:
    for one, other in ((left, right), (right, left)):
        if one is not None and other is not None and set(one) <= {None}:
            return {term: weight * one.get(None, _ZERO) for term, weight in other.items()}
    return None

"""The Python verdict: an expression's value, or None where something it needs is not known."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from xltool.expr.model import Binary, Call, Changed, Comparison, Expr, Fact, Number, Operand, Source, Term
from xltool.figure import FigureId

Lookup = Callable[[Operand], Decimal | None]
Evaluator = Callable[[Lookup], Decimal | None]

COMPARED_PLACES = 6
"""Both sides are compared to this many decimals, in Python and in Excel: money is kept to 0.000001 万元."""

_ONE, _ZERO = Decimal(1), Decimal(0)
_LAST_PLACE = Decimal(1).scaleb(-COMPARED_PLACES)
_ROUNDED_BELOW = Decimal(10) ** 20  # beyond, the digits of a Decimal end before its sixth place


def compared(value: Decimal) -> Decimal:
    """``value`` to COMPARED_PLACES decimals, halves away from zero as in Excel's ROUND."""
    return value.quantize(_LAST_PLACE, ROUND_HALF_UP) if abs(value) < _ROUNDED_BELOW else value


def evaluate(expr: Expr, value: Lookup) -> Decimal | None:
    """The value of a resolved ``expr``; None travels upwards from any operand ``value`` does not know."""
    return compiled(expr)(value)


def compiled(expr: Expr) -> Evaluator:
    """``expr`` as a function, made once and called for every filing: three times as fast as walking the tree."""
    match expr:
        case Term() | Fact():
            return lambda value: value(expr)
        case Number(number):
            return lambda _value: number
        case Binary(op, left, right):
            return _binary(_ARITHMETIC[op], compiled(left), compiled(right))
        case Call("given", (argument,)):
            given = compiled(argument)
            return lambda value: _ZERO if given(value) is None else _ONE
        case Call(function, arguments):
            return _call(_FUNCTIONS[function], tuple(compiled(argument) for argument in arguments))
        case Changed(figures):
            return _changed(figures)
    raise AssertionError(f"not resolved: {expr}")


def holds(comparison: Comparison, left: Decimal, right: Decimal) -> bool:
    """Whether the two sides, already evaluated, satisfy the comparison (to COMPARED_PLACES decimals)."""
    return comparison.operator.value.holds(compared(left - right), _ZERO)


_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_FUNCTIONS: dict[str, Callable[[list[Decimal]], Decimal]] = {
    "sum": lambda known: sum(known, _ZERO),
    "min": min,
    "max": max,
    "abs": lambda known: abs(known[0]),
}


def _binary(arithmetic: Callable[[Decimal, Decimal], Decimal], left: Evaluator, right: Evaluator) -> Evaluator:
    def evaluator(value: Lookup) -> Decimal | None:
        if (a := left(value)) is None or (b := right(value)) is None:
            return None
        return arithmetic(a, b)

    return evaluator


def _call(function: Callable[[list[Decimal]], Decimal], arguments: tuple[Evaluator, ...]) -> Evaluator:
    def evaluator(value: Lookup) -> Decimal | None:
        known: list[Decimal] = []
        for argument in arguments:
            if (one := argument(value)) is None:
                return None
            known.append(one)
        return function(known)

    return evaluator


def _changed(figures: tuple[FigureId, ...]) -> Evaluator:
    pairs = [(Term(figure), Term(figure, Source.PRIOR)) for figure in figures]

    def evaluator(value: Lookup) -> Decimal | None:
        different = 0
        for current, prior in pairs:
            if (now := value(current)) is None or (before := value(prior)) is None:
                return None
            different += compared(now - before) != 0
        return Decimal(different)

    return evaluator

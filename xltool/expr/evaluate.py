"""The Python verdict: an expression's value, or None where something it needs is not known."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from xltool.figure import FigureId
from xltool.expr.model import Binary, Call, Changed, Comparison, Expr, Fact, Number, Operand, Source, Term

Lookup = Callable[[Operand], Decimal | None]

COMPARED_PLACES = 6
"""Both sides are compared to this many decimals, in Python and in Excel: money is kept to 0.000001 万元."""

_ONE, _ZERO = Decimal(1), Decimal(0)


def evaluate(expr: Expr, value: Lookup) -> Decimal | None:
    """The value of a resolved ``expr``; None travels upwards from any operand that ``value`` does not know."""
    match expr:
        case Term() | Fact():
            return value(expr)
        case Number(number):
            return number
        case Binary(op, left, right):
            if (a := evaluate(left, value)) is None or (b := evaluate(right, value)) is None:
                return None
            return _arithmetic(op, a, b)
        case Call("given", (argument,)):
            return _ZERO if evaluate(argument, value) is None else _ONE
        case Call(function, arguments):
            return _call(function, arguments, value)
        case Changed(figures):
            return _changed(figures, value)
    raise AssertionError(f"not resolved: {expr}")


def holds(comparison: Comparison, left: Decimal, right: Decimal) -> bool:
    """Whether the two sides, already evaluated, satisfy the comparison (to COMPARED_PLACES decimals)."""
    return comparison.operator.value.holds(round(left - right, COMPARED_PLACES), _ZERO)


def _arithmetic(op: str, a: Decimal, b: Decimal) -> Decimal:
    if op == "+":
        return a + b
    return a - b if op == "-" else a * b


def _call(function: str, arguments: tuple[Expr, ...], value: Lookup) -> Decimal | None:
    known: list[Decimal] = []
    for argument in arguments:
        if (one := evaluate(argument, value)) is None:
            return None
        known.append(one)
    match function:
        case "sum":
            return sum(known, _ZERO)
        case "min":
            return min(known)
        case "max":
            return max(known)
        case _:
            return abs(known[0])


def _changed(figures: tuple[FigureId, ...], value: Lookup) -> Decimal | None:
    different = 0
    for figure in figures:
        now = value(Term(figure))
        before = None if now is None else value(Term(figure, Source.PRIOR))
        if now is None or before is None:
            return None
        different += round(now - before, COMPARED_PLACES) != 0
    return Decimal(different)

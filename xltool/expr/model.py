"""The tree of an expression. Names are what was typed; after ``resolve`` only terms are left."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from xltool.figure import FigureId


class Source(Enum):
    """Which filing a term speaks of: this year's, last year's, or the totals as the document states them."""

    CURRENT = ""
    PRIOR = "prior"
    STATED = "stated"


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Name:
    """A dotted path as typed; ``offset`` is its place in the rule's text, for the caret."""

    source: Source
    path: tuple[str, ...]
    offset: int


class Term(NamedTuple):
    """A figure's value in one of the sources; hashed for every look-up, hence a tuple."""

    figure: FigureId
    source: Source = Source.CURRENT


class Fact(NamedTuple):
    """A fact about the unit, 1 or 0, or unknown: ``power.rules`` (may it make 规章?)."""

    name: str


@dataclass(frozen=True)
class Binary:
    """``left op right`` with op one of + - *."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Span:
    """``first .. last`` as typed inside ``sum``: all figures between the two, in the form's order."""

    first: Name
    last: Name


@dataclass(frozen=True)
class Call:
    """A function of FUNCTIONS over its arguments; ``run``: all figures from the first to the last, typed ``..``."""

    function: str
    arguments: tuple[Expr, ...]
    run: bool = False


@dataclass(frozen=True)
class Changed:
    """How many of a table's figures differ from last year's."""

    figures: tuple[FigureId, ...]


Expr = Number | Name | Term | Fact | Binary | Span | Call | Changed

FUNCTIONS = {"sum": (1, 99), "min": (2, 2), "max": (2, 2), "abs": (1, 1), "given": (1, 1), "changed": (1, 1)}
"""Name → least and most arguments. ``given(x)`` is 1 where x was filled in, else 0, and never incomplete."""


@dataclass(frozen=True)
class OperatorTraits:
    symbol: str
    excel: str
    says: str
    holds: Callable[[Decimal, Decimal], bool]


class Operator(Enum):
    """How two sides are compared: the rule's symbol, Excel's, the words people read, and the verdict."""

    EQUAL = OperatorTraits("==", "=", "等于", operator.eq)
    UNEQUAL = OperatorTraits("!=", "<>", "不等于", operator.ne)
    AT_MOST = OperatorTraits("<=", "<=", "不大于", operator.le)
    AT_LEAST = OperatorTraits(">=", ">=", "不小于", operator.ge)
    LESS = OperatorTraits("<", "<", "小于", operator.lt)
    MORE = OperatorTraits(">", ">", "大于", operator.gt)

    @classmethod
    def of(cls, symbol: str) -> Operator:
        return next(member for member in cls if member.value.symbol == symbol)


@dataclass(frozen=True)
class Comparison:
    left: Expr
    operator: Operator
    right: Expr


Operand = Term | Fact


def operands(expr: Expr) -> tuple[Operand, ...]:
    """What must be known before ``expr`` has a value, in order, each once (arguments of ``given`` need not be)."""
    return tuple(dict.fromkeys(_operands(expr)))


def _operands(expr: Expr) -> Iterator[Operand]:
    match expr:
        case Term() | Fact():
            yield expr
        case Binary(_, left, right):
            yield from _operands(left)
            yield from _operands(right)
        case Call(function, arguments) if function != "given":
            for argument in arguments:
                yield from _operands(argument)
        case Changed(figures):
            for figure in figures:
                yield Term(figure)
            for figure in figures:
                yield Term(figure, Source.PRIOR)


def figures(*comparisons: Comparison | None) -> tuple[Term, ...]:
    """Every term that the comparisons mention, ``given`` arguments included, in order, each once."""
    sides = (side for c in comparisons if c is not None for side in (c.left, c.right))
    return tuple(dict.fromkeys(term for side in sides for term in mentioned(side)))


def mentioned(expr: Expr) -> Iterator[Term]:
    """Every term in ``expr``, ``given`` arguments included, as often as it stands there."""
    match expr:
        case Term():
            yield expr
        case Binary(_, left, right):
            yield from mentioned(left)
            yield from mentioned(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from mentioned(argument)
        case Changed():
            yield from (operand for operand in _operands(expr) if isinstance(operand, Term))

"""The Excel reading: formulas in the functions that Excel, WPS, LibreOffice and Gnumeric share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from xltool.expr.evaluate import COMPARED_PLACES
from xltool.expr.model import (
    Binary,
    Call,
    Changed,
    Comparison,
    Expr,
    Fact,
    Number,
    Operand,
    Source,
    Term,
    operands,
)
from xltool.figure import plain

Reference = Callable[[Operand], str]
_HALF_SQUARED = f"25E-{2 * COMPARED_PLACES + 2}"
_CELL = re.compile(r"(.*\$)([A-Z]+)\$(\d+)$")


def value_formula(expr: Expr, reference: Reference) -> str:
    """``expr`` as a formula's text without "=", or "" (an empty text) while an operand is not a number."""
    needed = [reference(operand) for operand in operands(expr)]
    body = formula(expr, reference)
    return f'IF({all_known(needed)},{body},"")' if needed else body


def condition_formula(comparison: Comparison, reference: Reference) -> str:
    """``comparison`` as TRUE or FALSE; FALSE while a fact about the unit is unknown; "" while a figure is."""
    both = dict.fromkeys(operands(comparison.left) + operands(comparison.right))
    facts = [reference(operand) for operand in both if isinstance(operand, Fact)]
    terms = [reference(operand) for operand in both if not isinstance(operand, Fact)]
    left, right = formula(comparison.left, reference), formula(comparison.right, reference)
    text = holds_formula(comparison, left, right)
    if terms:
        text = f'IF({all_known(terms)},{text},"")'
    return f"IF({all_known(facts)},{text},FALSE)" if facts else text


def holds_formula(comparison: Comparison, left: str, right: str) -> str:
    """The comparison of two formula texts, to COMPARED_PLACES decimals."""
    return f"ROUND({left}-({right}),{COMPARED_PLACES}){comparison.operator.value.excel}0"


def all_known(references: list[str]) -> str:
    """TRUE while every one of ``references`` holds a number."""
    return f"COUNT({','.join(_ranges(references))})={len(references)}"


def formula(expr: Expr, reference: Reference) -> str:
    """The bare formula of a resolved ``expr``; wrong while an operand is not a number."""
    match expr:
        case Term() | Fact():
            return reference(expr)
        case Number(number):
            return plain(number)
        case Binary(op, left, right):
            return f"{_operand(left, op, reference)}{op}{_operand(right, op, reference, right=True)}"
        case Call("given", (argument,)):
            return f"COUNT({formula(argument, reference)})"
        case Call("sum", arguments):
            return f"SUM({','.join(_ranges(formula(argument, reference) for argument in arguments))})"
        case Call(function, arguments):
            return f"{function.upper()}({','.join(formula(argument, reference) for argument in arguments)})"
        case Changed(figures):
            now = _single([reference(Term(f)) for f in figures])
            before = _single([reference(Term(f, Source.PRIOR)) for f in figures])
            # More than half of the last place compared, squared: not every program takes ROUND of a whole range.
            return f"SUMPRODUCT(--(({now}-{before})^2>{_HALF_SQUARED}))"
    raise AssertionError(f"not resolved: {expr}")


def _operand(expr: Expr, op: str, reference: Reference, right: bool = False) -> str:
    text = formula(expr, reference)
    if isinstance(expr, Binary) and ((op == "*" and expr.op != "*") or (op == "-" and right)):
        return f"({text})"
    return text


def _ranges(references: Iterable[str]) -> list[str]:
    """References to consecutive cells of one column drawn together: A$1, A$2, A$3 → A$1:A$3."""
    runs: list[list[str]] = []
    last: tuple[str, str, int] | None = None
    for text in references:
        match = _CELL.match(text)
        here = (match[1], match[2], int(match[3])) if match else None
        if here and last and here == (last[0], last[1], last[2] + 1):
            runs[-1].append(text)
        else:
            runs.append([text])
        last = here
    return [run[0] if len(run) == 1 else f"{run[0]}:{run[-1].rpartition('!')[2]}" for run in runs]


def _single(references: list[str]) -> str:
    ranges = _ranges(references)
    assert len(ranges) == 1, "the figures of a table stand in consecutive cells"
    return ranges[0]

"""Totals that stand one line too high or too low: each is another line's sum, not its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from xltool.expr.evaluate import evaluate
from xltool.expr.model import Operand, Term
from xltool.figure import FigureId
from xltool.form import Form
from xltool.salvage.reading import Reading

_DISPLACED = "这一合计与本行（列）各数之和不等，却等于别的行（列）之和，可能错了一格"


def doubt_displaced(form: Form, reading: Reading) -> Reading:
    """``reading`` with doubts about the wrong totals of a line in which one of them is another's sum."""
    sums = {figure: total for figure in reading if (total := _sum(form, figure, reading)) is not None}
    doubted: set[FigureId] = set()
    for line in _lines(sums):
        wrong = [figure for figure in line if reading[figure].value not in (None, sums[figure])]
        due = {sums[figure] for figure in line} - {Decimal(0)}
        if any(reading[figure].value in due for figure in wrong):
            doubted |= set(wrong)
    return reading | {figure: reading[figure].doubted(_DISPLACED) for figure in doubted}


def _lines(figures: Iterable[FigureId]) -> Iterator[list[FigureId]]:
    """Those of one column, and those of one row."""
    groups: dict[tuple[str, str, str], list[FigureId]] = {}
    for figure in figures:
        groups.setdefault((figure.table, "row", figure.row), []).append(figure)
        groups.setdefault((figure.table, "column", figure.column), []).append(figure)
    yield from groups.values()


def _sum(form: Form, figure: FigureId, reading: Reading) -> Decimal | None:
    computed = form.figures[figure].computed

    def value(operand: Operand) -> Decimal | None:
        known = reading.get(operand.figure) if isinstance(operand, Term) else None
        return known.value if known is not None else None

    return evaluate(computed, value) if computed is not None else None

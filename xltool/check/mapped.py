"""A filing of one edition as one of another, so that last year's figures serve although the form has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from xltool.check.judge import amounts
from xltool.definition.mapping import Mapping, mapping_between
from xltool.expr.evaluate import evaluate
from xltool.expr.model import Operand, Term
from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Form
from xltool.messages import listed

_LISTED = 5


def mapped(filing: Filing, source: Form, target: Form) -> tuple[Filing, tuple[FigureId, ...]] | None:
    """``filing`` (of ``source``) as a filing of ``target``, and the target's figures that it cannot tell.

    None where no mapping is declared. Totals that cannot be added up from what is known are ``stated``; texts are
    carried where the part is the same.
    """
    mapping = mapping_between(source, target)
    if mapping is None:
        return None
    known = {**filing.stated, **amounts(source, filing)}
    told = dict(_told(mapping, known))
    values = {figure.id: told[figure.id] for figure in target.inputs if figure.id in told}
    undivided = {f for one in mapping.shared if known.get(one.total) for f in one.figures}
    parts = set(target.text_ids)
    made = replace(
        filing,
        form=target.id,
        values=values,
        zero_declared=frozenset(),
        texts={part: text for part, text in filing.texts.items() if part in parts},
        explanations={},
        unread={},
        stated={},
        sources={},
    )
    computable = amounts(target, made)
    stated = {figure: value for figure, value in told.items() if figure not in computable}
    untold = {*mapping.lacking, *(f for f in undivided if target.figures[f].computed is None)}
    return replace(made, stated=stated), tuple(figure for figure in target.figures if figure in untold)


def _told(mapping: Mapping, known: dict[FigureId, Decimal]) -> Iterator[tuple[FigureId, Decimal]]:
    def look_up(operand: Operand) -> Decimal | None:
        return known.get(operand.figure) if isinstance(operand, Term) else None

    for figure, expr in mapping.figures:
        value = evaluate(expr, look_up)
        if value is not None:
            yield figure, value
    for one in mapping.shared:
        if known.get(one.total) == 0:
            yield from ((figure, Decimal(0)) for figure in one.figures)


def untold_sentence(form: Form, untold: Sequence[FigureId]) -> str:
    """What has no counterpart, by table, the first few of each named: “表二 规章 · 本年制发件数 等 7 个数”."""
    said = []
    for table in form.tables:
        mine = [figure for figure in untold if figure.table == table.id]
        if mine:
            named = listed([form.figures[figure].spoken for figure in mine], _LISTED, "个数")
            said.append(f"{table.name}：{named}")
    return "；".join(said)

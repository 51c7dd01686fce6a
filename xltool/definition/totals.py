"""All figures of a form, and the formulas of those that are totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from xltool.definition.resolve import Scope
from xltool.definition.structure import figures_of, formula_node
from xltool.expr.model import Expr, Term, operands
from xltool.expr.parse import ExpressionError
from xltool.figure import FigureId
from xltool.form import Figure, Line, Section, Table
from xltool.yamlfile import Node


@dataclass(frozen=True)
class _Total:
    """A figure that ``line`` computes: its formula speaks of the figures along ``axis`` ("row": of one row)."""

    axis: str
    line: Line
    table: Node

    def formula(self) -> Node:
        """Where the formula stands in the file."""
        return formula_node(self.table, "columns" if self.axis == "row" else "rows", self.line.id)


@dataclass
class _Collected:
    tables: dict[str, Table] = field(default_factory=dict)
    figures: dict[FigureId, Figure] = field(default_factory=dict)
    totals: dict[FigureId, _Total] = field(default_factory=dict)


def form_scope(sections: tuple[Section, ...], node: Node, powers: Mapping[str, str]) -> Scope:
    """The scope of the whole form, totals resolved; ``node`` is the definition's ``sections``."""
    found = _Collected()
    for section in sections:
        if section.table is not None:
            _collect(section.table, node.mapping()[section.id].mapping()["table"], found)
    scope = Scope(found.tables, dict(found.figures), powers)
    for figure_id, total in found.totals.items():
        found.figures[figure_id] = replace(found.figures[figure_id], computed=_resolved(figure_id, total, scope))
    _refuse_circles(found)
    return replace(scope, figures=found.figures)


def _collect(table: Table, node: Node, found: _Collected) -> None:
    if table.id in found.tables:
        raise node.mapping()["id"].error(f"表号“{table.id}”重复")
    found.tables[table.id] = table
    for figure, axis, line in figures_of(table):
        if figure.id in found.figures:
            raise node.error(f"指标“{figure.id}”重复：两块里有同号的行和列")
        found.figures[figure.id] = figure
        if line is not None:
            found.totals[figure.id] = _Total(axis, line, node)


def _resolved(figure_id: FigureId, total: _Total, scope: Scope) -> Expr:
    over = figure_id.row if total.axis == "row" else figure_id.column
    assert total.line.computed is not None
    try:
        return scope.over(figure_id.table, total.axis, over).total(total.line.computed, "computed 里")
    except ExpressionError as error:
        raise total.formula().error(error.fact, error.offset) from error


def _refuse_circles(found: _Collected) -> None:
    done: set[FigureId] = set()

    def visit(figure_id: FigureId, above: tuple[FigureId, ...]) -> None:
        if figure_id in above:
            raise found.totals[figure_id].formula().error(f"“{figure_id}”的 computed 绕回了自己", 0)
        if figure_id in done:
            return
        for below in _summed(found.figures[figure_id]):
            visit(below, (*above, figure_id))
        done.add(figure_id)

    for figure_id in found.totals:
        visit(figure_id, ())


def _summed(figure: Figure) -> Iterator[FigureId]:
    for operand in operands(figure.computed) if figure.computed is not None else ():
        if isinstance(operand, Term):
            yield operand.figure

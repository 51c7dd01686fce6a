"""Names in rules → figures of the form. All of it at load: judging cannot fail for a reason that is ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from xltool.expr.model import Binary, Call, Changed, Comparison, Expr, Fact, Name, Number, Source, Span, Term
from xltool.expr.parse import ExpressionError
from xltool.figure import FigureId
from xltool.form import Figure, Table


@dataclass(frozen=True)
class Scope:
    """What a name can mean: the form's figures, and the row, column or figure that a rule runs over.

    ``row`` bound: a bare id is a column of that row; ``column`` bound: a bare id is a row of that column.
    """

    tables: Mapping[str, Table]
    figures: Mapping[FigureId, Figure]
    powers: Mapping[str, str] = field(default_factory=dict)
    table: str = ""
    row: str | None = None
    column: str | None = None
    this: FigureId | None = None
    constants: Mapping[str, Decimal] = field(default_factory=dict)

    def over(self, table: str, axis: str, line: str) -> Scope:
        """The scope of one row or column ("row", "column") of a table."""
        if axis == "row":
            return replace(self, table=table, row=line)
        return replace(self, table=table, column=line)

    def resolve(self, expr: Expr) -> Expr:
        """``expr`` with every name replaced by its term; ExpressionError where a name means nothing."""
        match expr:
            case Name():
                return self._name(expr)
            case Binary(op, left, right):
                return Binary(op, self.resolve(left), self.resolve(right))
            case Call("changed", (argument,)):
                return self._changed(argument)
            case Call("given", (Name() as argument,)):
                return Call("given", (Term(self.figure(argument), argument.source),))
            case Call(function, arguments):
                parts = tuple(part for argument in arguments for part in self._argument(argument))
                return Call(function, parts, run=len(arguments) == 1 and isinstance(arguments[0], Span))
            case _:
                return expr

    def total(self, expr: Expr, inside: str, allowed: str = "本表式本年的") -> Expr:
        """A formula resolved that adds up figures as they are filled in, at least one, and nothing else.

        ``inside`` is where it stands, ``allowed`` whose figures they are, in the words of the error.
        """
        for name in names(expr):
            if name.source is not Source.CURRENT or name.path[0] == "power":
                raise ExpressionError(f"{inside}只能用{allowed}指标", name.offset)
        if not any(names(expr)):
            raise ExpressionError(f"{inside}没有指标", 0)
        return self.resolve(expr)

    def comparison(self, comparison: Comparison) -> Comparison:
        left, right = self.resolve(comparison.left), self.resolve(comparison.right)
        return Comparison(left, comparison.operator, right)

    def figure(self, name: Name) -> FigureId:
        """The figure that ``name`` means here; ExpressionError says what could be written instead."""
        match name.path:
            case ("this",) if self.this is not None:
                found = self.this
            case (one,) if self.row is not None:
                found = FigureId(self.table, self.row, one)
            case (one,) if self.column is not None:
                found = FigureId(self.table, one, self.column)
            case (table, row, column):
                found = FigureId(table, row, column)
            case _:
                raise ExpressionError(f"“{'.'.join(name.path)}”不是指标，应写作 表.行.列", name.offset)
        if found not in self.figures:
            raise ExpressionError(f"表式里没有指标“{found}”", name.offset)
        return found

    def _name(self, name: Name) -> Expr:
        if name.path[0] == "power" and len(name.path) == 2 and name.source is Source.CURRENT:
            if name.path[1] not in self.powers:
                raise ExpressionError(f"没有声明职权“{name.path[1]}”", name.offset)
            return Fact(name.path[1])
        if len(name.path) == 1 and name.path[0] in self.constants and name.source is Source.CURRENT:
            return Number(self.constants[name.path[0]])
        return self._term(name)

    def _term(self, name: Name) -> Term:
        figure = self.figure(name)
        if name.source is Source.STATED and self.figures[figure].computed is None:
            raise ExpressionError(f"stated 只用于自动计算的合计，“{figure}”是填写的", name.offset)
        return Term(figure, name.source)

    def _argument(self, argument: Expr) -> tuple[Expr, ...]:
        if not isinstance(argument, Span):
            return (self.resolve(argument),)
        if argument.first.source is not argument.last.source:
            raise ExpressionError("“..”的两边应同为本年或同为上年", argument.last.offset)
        first, last = self._term(argument.first).figure, self._term(argument.last).figure
        order = [f for f in self.figures if f.table == first.table and _parallel(f, first, last)]
        if last not in order or order.index(first) >= order.index(last):
            raise ExpressionError("“..”的两边应在同一行或同一列，前一个在先", argument.first.offset)
        chosen = order[order.index(first) : order.index(last) + 1]
        return tuple(Term(figure, argument.first.source) for figure in chosen)

    def _changed(self, argument: Expr) -> Changed:
        assert isinstance(argument, Name), "the grammar admits nothing else"
        is_table = len(argument.path) == 1 and argument.source is Source.CURRENT
        if not is_table or argument.path[0] not in self.tables:
            known = "、".join(self.tables)
            raise ExpressionError(f"changed 里应为一个表号（{known}）", argument.offset)
        return Changed(tuple(f for f in self.figures if f.table == argument.path[0]))


def names(expr: Expr) -> Iterator[Name]:
    """Every name that ``expr`` mentions, as typed, in order."""
    match expr:
        case Name():
            yield expr
        case Binary(_, left, right):
            yield from (*names(left), *names(right))
        case Span(first, last):
            yield from (first, last)
        case Call(_, arguments):
            for argument in arguments:
                yield from names(argument)


def _parallel(figure: FigureId, first: FigureId, last: FigureId) -> bool:
    if first.column == last.column:
        return figure.column == first.column
    return first.row == last.row and figure.row == first.row

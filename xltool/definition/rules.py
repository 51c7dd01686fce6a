"""Rules of a definition → checks: each rule is resolved once for every element it runs over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from xltool.definition.resolve import Scope, names
from xltool.definition.structure import checked_id, yes
from xltool.expr.model import Comparison, Fact, Operand, Source, Term, figures, operands
from xltool.expr.parse import ExpressionError, parse_comparison
from xltool.expr.sentence import Naming, comparison_sentence, expression_words
from xltool.figure import FigureId
from xltool.form import Check, Figure, Level, Line, Rule, Table
from xltool.messages import MESSAGES
from xltool.yamlfile import Node

_KEYS = (
    "code", "title", "mark", "sides", "each", "only", "except", "among", "let",
    "when", "assert", "level", "action", "basis", "trial",
)  # fmt: skip
_CODE = re.compile(r"[A-Z][0-9]{2}")
_REQUIRED = ("code", "title", "assert", "level", "action", "basis")
_PREFIX = {Source.CURRENT: "", Source.PRIOR: "上年", Source.STATED: "所填"}


@dataclass(frozen=True)
class Element:
    """One thing a rule runs over: its key suffix, its name for people, and the scope bound to it."""

    key: str
    name: str
    scope: Scope
    axis: tuple[str, str, str] | None = None


def read_rule(node: Node, scope: Scope) -> tuple[Rule, tuple[Check, ...]]:
    """One declared rule and its checks, or a DefinitionError at the rule's line."""
    keys = node.mapping(_KEYS, _REQUIRED)
    code = _code(keys["code"])
    _refuse_without_effect(keys)
    scope = replace(scope, constants=_constants(keys.get("let"), scope))
    elements = tuple(_elements(keys, scope))
    checks = tuple(_check(keys, element, len(elements) == 1) for element in elements)
    if not checks:
        raise node.error("这条规则没有可以核对的行列，请看 only、except、among")
    rule = Rule(
        code=code,
        level=_level(keys["level"]),
        title=keys["title"].filled(),
        says=checks[0].says,
        basis=keys["basis"].filled(),
        line=node.line,
        instances=len(checks),
        trial=yes(keys.get("trial"), False),
    )
    return rule, checks


def _level(node: Node) -> Level:
    if node.text() not in [level.value for level in Level]:
        raise node.error(f"level 应为 {'、'.join(Level)} 之一，写的是“{node.text()}”")
    return Level(node.text())


def _code(node: Node) -> str:
    code = node.text()
    if not _CODE.fullmatch(code):
        raise node.error(f"规则编号应为一个大写字母加两位数字，如 A01，写的是“{code}”")
    if code in MESSAGES:
        raise node.error(f"编号“{code}”已用于自带的检查（{MESSAGES[code].title}），请换一个")
    return code


_NEEDED_BY = {"only": ("row", "column"), "except": ("row", "column"), "among": ("figure",)}


def _refuse_without_effect(keys: dict[str, Node]) -> None:
    """A key that changes nothing is a misunderstanding."""
    over = keys["each"].text().rpartition(".")[2] if "each" in keys else ""
    for key, kinds in _NEEDED_BY.items():
        if key in keys and over not in kinds:
            wanted = "each: 表号.row 或 each: 表号.column" if key != "among" else "each: figure"
            raise keys[key].error(f"{key} 只能与 {wanted} 一起用")


def _constants(node: Node | None, scope: Scope) -> dict[str, Decimal]:
    taken = {line for figure in scope.figures for line in (figure.row, figure.column)}
    constants: dict[str, Decimal] = {}
    for key, value in node.mapping().items() if node else ():
        if checked_id(key, value) in taken:
            raise value.error(f"let 里的“{key}”与行列的编号相同，请换一个名称")
        constants[key] = Decimal(value.number())
    return constants


def _check(keys: dict[str, Node], element: Element, alone: bool) -> Check:
    comparison = _comparison(keys["assert"], element.scope, facts=False)
    when = _comparison(keys["when"], element.scope) if "when" in keys else None
    if not figures(comparison):
        raise keys["assert"].error("assert 里没有指标", 0)
    name = _naming(element.scope)
    code = keys["code"].text()
    return Check(
        key=f"{code}.{element.key}" if element.key else code,
        code=code,
        level=_level(keys["level"]),
        title=keys["title"].text(),
        element="" if alone else element.name,
        says=comparison_sentence(comparison, name),
        mark=keys["mark"].text() if "mark" in keys else comparison_sentence(comparison, name),
        sides=_sides(keys.get("sides"), comparison, name),
        action=keys["action"].filled(),
        comparison=comparison,
        when=when,
        figures=figures(comparison, when),
        needs=tuple(o for o in _needed(comparison, when) if isinstance(o, Term)),
        axis=element.axis,
        trial=yes(keys.get("trial"), False),
    )


def _sides(node: Node | None, comparison: Comparison, name: Naming) -> tuple[str, str]:
    if node is None:
        return expression_words(comparison.left, name), expression_words(comparison.right, name)
    if len(node.items()) != 2:
        raise node.error("sides 应为两个名称：[左边, 右边]")
    left, right = node.texts()
    return left, right


def _needed(*comparisons: Comparison | None) -> tuple[Operand, ...]:
    sides = (side for c in comparisons if c is not None for side in (c.left, c.right))
    return tuple(dict.fromkeys(operand for side in sides for operand in operands(side)))


def _comparison(node: Node, scope: Scope, facts: bool = True) -> Comparison:
    try:
        typed = parse_comparison(node.text())
        for name in (*names(typed.left), *names(typed.right)):
            if name.path[0] == "power" and not facts:
                raise ExpressionError("职权（power）只能写在 when 里", name.offset)
        return scope.comparison(typed)
    except ExpressionError as error:
        raise node.error(error.fact, error.offset) from error


def _naming(scope: Scope) -> Naming:
    def name(operand: Operand) -> str:
        if isinstance(operand, Fact):
            return scope.powers[operand.name]
        figure = scope.figures[operand.figure]
        assert isinstance(figure, Figure)
        row, _, column = figure.spoken.partition(" · ")
        # In a rule that runs over the columns the row is what tells figures apart, and the other way round.
        spoken = row if scope.column is not None else column if scope.row is not None else f"{row}{column}"
        return _PREFIX[operand.source] + spoken

    return name


def _elements(keys: dict[str, Node], scope: Scope) -> Iterator[Element]:
    if "each" not in keys:
        yield Element("", "", scope)
        return
    each = keys["each"].text()
    if each == "figure":
        yield from _each_figure(keys, scope)
        return
    table_id, _, axis = each.partition(".")
    if table_id not in scope.tables or axis not in ("row", "column"):
        raise keys["each"].error(f"each 应为 figure、表号.row 或 表号.column，写的是“{each}”")
    for line in _chosen(keys, scope.tables[table_id], axis):
        bound = scope.over(table_id, axis, line.id)
        yield Element(line.id, line.label.spoken, bound, (table_id, axis, line.id))


def _chosen(keys: dict[str, Node], table: Table, axis: str) -> list[Line]:
    lines = {line.id: line for block in table.blocks for line in (block.rows if axis == "row" else block.columns)}
    for key in ("only", "except"):
        for name in keys.get(key, ()):
            if name.text() not in lines:
                raise name.error(f"{table.name}没有“{name.text()}”")
    only = keys["only"].texts() if "only" in keys else tuple(lines)
    left_out = keys["except"].texts() if "except" in keys else ()
    return [line for line_id, line in lines.items() if line_id in only and line_id not in left_out]


def _each_figure(keys: dict[str, Node], scope: Scope) -> Iterator[Element]:
    if "among" not in keys:
        raise keys["each"].error("each: figure 应写明 among：哪些表（表号）或哪些列（表号.列）")
    for name in keys["among"]:
        table_id, _, column = name.text().partition(".")
        chosen = [f for f in scope.figures if f.table == table_id and column in ("", f.column)]
        if not chosen:
            raise name.error(f"“{name.text()}”不是表，也不是表的一列")
        for figure_id in chosen:
            yield Element(str(figure_id), _figure_name(scope, figure_id), replace(scope, this=figure_id))


def _figure_name(scope: Scope, figure_id: FigureId) -> str:
    figure = scope.figures[figure_id]
    assert isinstance(figure, Figure)
    return figure.spoken

"""Charts of the consolidated workbook: which figures they show is the form's to say."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.definition.resolve import Scope
from xltool.definition.structure import expression, yes
from xltool.expr.model import Expr
from xltool.expr.parse import ExpressionError
from xltool.form import Chart, ChartKind
from xltool.yamlfile import Node

_KEYS = ("title", "kind", "figures", "each", "of", "top", "prior")
_TOP = 10


def read_charts(node: Node | None, scope: Scope) -> tuple[Chart, ...]:
    """The charts in their order; DefinitionError where one is not to be drawn."""
    return tuple(_chart(item, scope) for item in node) if node else ()


def _chart(node: Node, scope: Scope) -> Chart:
    keys = node.mapping(_KEYS, ("title", "kind"))
    if ("figures" in keys) == ("each" in keys):
        raise node.error("figures（图里的各项）和 each（逐个单位）应写一个，也只写一个")
    title, kind = keys["title"].filled(), _kind(keys["kind"])
    if "figures" in keys:
        for key in ("of", "top"):
            if key in keys:
                raise keys[key].error(f"“{key}”只用于 each: unit")
        bars = tuple(_bars(keys["figures"], scope))
        return Chart(title, kind, bars=bars, with_prior=yes(keys.get("prior"), False))
    return _by_unit(title, kind, keys, scope)


def _by_unit(title: str, kind: ChartKind, keys: dict[str, Node], scope: Scope) -> Chart:
    each = keys["each"]
    if each.text() != "unit":
        raise each.error(f"each 应为 unit，写的是“{each.text()}”")
    if "of" not in keys:
        raise each.error("each: unit 应写明 of：每个单位的哪个数")
    if "prior" in keys:
        raise keys["prior"].error("“prior”只用于 figures：单位与上年不一定相同")
    top = keys["top"].positive() if "top" in keys else _TOP
    return Chart(title, kind, of=_sum(keys["of"], scope), top=top)


def _bars(node: Node, scope: Scope) -> Iterator[tuple[str, Expr]]:
    for label, child in node.mapping().items():
        yield label, _sum(child, scope)
    if not node.mapping():
        raise node.error("figures 里没有任何一项")


def _sum(node: Node, scope: Scope) -> Expr:
    typed = expression(node)
    try:
        return scope.total(typed, "图里")
    except ExpressionError as error:
        raise node.error(error.fact, error.offset) from error


def _kind(node: Node) -> ChartKind:
    if node.text() not in tuple(ChartKind):
        raise node.error(f"没有“{node.text()}”这种图，可以用：{'、'.join(ChartKind)}")
    return ChartKind(node.text())

"""The Chinese reading: a comparison in the words of the form."""

from __future__ import annotations

from collections.abc import Callable

from xltool.expr.model import Binary, Call, Changed, Comparison, Expr, Fact, Number, Operand
from xltool.figure import plain

Naming = Callable[[Operand], str]

_SIGNS = {"+": " ＋ ", "-": " － ", "*": " × "}
_FUNCTIONS = {"min": "{}中较小的", "max": "{}中较大的", "abs": "{}的差额（不计正负）", "given": "已填写{}"}


def comparison_sentence(comparison: Comparison, name: Naming) -> str:
    """``A ＋ B 等于 C``; what is ``given`` is said in words instead of as 1 or 0."""
    left = expression_words(comparison.left, name)
    if _only_given(comparison.left):
        return left
    return f"{left} {comparison.operator.value.says} {expression_words(comparison.right, name)}"


def expression_words(expr: Expr, name: Naming) -> str:
    """A resolved ``expr`` in words; long sums are drawn together as “从 A 到 B 各项之和”."""
    match expr:
        case Number(number):
            return plain(number)
        case Binary(op, left, right):
            if _only_given(expr):
                return f"{expression_words(left, name)}、{expression_words(right, name)}"
            return f"{expression_words(left, name)}{_SIGNS[op]}{expression_words(right, name)}"
        case Call("sum", arguments):
            if len(arguments) > 3:
                first, last = expression_words(arguments[0], name), expression_words(arguments[-1], name)
                return f"从“{first}”到“{last}”各项之和"
            return " ＋ ".join(expression_words(argument, name) for argument in arguments)
        case Call(function, arguments):
            return _FUNCTIONS[function].format("、".join(expression_words(a, name) for a in arguments))
        case Changed(figures):
            return f"与上年不同的数（共 {len(figures)} 个）"
        case _:
            assert isinstance(expr, Operand), f"not resolved: {expr}"
            return name(expr)


def _only_given(expr: Expr) -> bool:
    if isinstance(expr, Binary):
        return expr.op == "+" and _only_given(expr.left) and _only_given(expr.right)
    return isinstance(expr, Call) and expr.function == "given"

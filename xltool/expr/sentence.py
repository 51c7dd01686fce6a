"""The Chinese reading: a comparison in the words of the form."""

from __future__ import annotations

from collections.abc import Callable

from xltool.expr.model import Binary, Call, Changed, Comparison, Expr, Number, Operand, Operator
from xltool.figure import plain

Naming = Callable[[Operand], str]

_SIGNS = {"+": " ＋ ", "-": " － ", "*": " × "}
_FUNCTIONS = {"min": "{}中较小的", "max": "{}中较大的", "abs": "{}的差额（不计正负）"}
_LONGEST_LISTED = 3


def comparison_sentence(comparison: Comparison, name: Naming) -> str:
    """``A ＋ B 等于 C``; what is ``given`` is said in words instead of as 1 or 0."""
    asked = _given(comparison.left)
    if asked and asks_whether_given(comparison):
        return f"已填写{_listed(asked, name)}"
    if asked and _equals(comparison, 0):
        return f"没有填写{_listed(asked, name)}"
    left, right = expression_words(comparison.left, name), expression_words(comparison.right, name)
    return f"{left} {comparison.operator.value.says} {right}"


def asks_whether_given(comparison: Comparison) -> bool:
    """Whether the comparison only demands that figures are filled in, all of them."""
    asked = _given(comparison.left)
    return bool(asked) and _equals(comparison, len(asked))


def expression_words(expr: Expr, name: Naming) -> str:
    """A resolved ``expr`` in words; a long run of figures is said as “从 A 到 B 各项之和”."""
    if asked := _given(expr):
        return f"已填写的个数（{_listed(asked, name)}）"
    match expr:
        case Number(number):
            return plain(number)
        case Binary(op, left, right):
            return f"{_operand(left, op, name)}{_SIGNS[op]}{_operand(right, op, name, right=True)}"
        case Call("sum", arguments, run):
            if run and len(arguments) > _LONGEST_LISTED:
                first, last = expression_words(arguments[0], name), expression_words(arguments[-1], name)
                return f"从“{first}”到“{last}”各项之和"
            return _SIGNS["+"].join(expression_words(argument, name) for argument in arguments)
        case Call(function, arguments):
            return _FUNCTIONS[function].format(_listed(arguments, name))
        case Changed(figures):
            return f"与上年不同的数（共 {len(figures)} 个）"
        case _:
            assert isinstance(expr, Operand), f"not resolved: {expr}"
            return name(expr)


def _listed(exprs: tuple[Expr, ...], name: Naming) -> str:
    return "、".join(expression_words(expr, name) for expr in exprs)


def _operand(expr: Expr, op: str, name: Naming, right: bool = False) -> str:
    """The words for one side of ``op``, in brackets where they would be read otherwise without."""
    words = expression_words(expr, name)
    is_sum = (isinstance(expr, Binary) and expr.op != "*") or (isinstance(expr, Call) and expr.function == "sum")
    if is_sum and (op == "*" or (op == "-" and right)):
        return f"（{words}）"
    return words


def _given(expr: Expr) -> tuple[Expr, ...]:
    """What a sum of nothing but ``given(…)`` asks for; empty for any other expression."""
    match expr:
        case Call("given", arguments):
            return arguments
        case Binary("+", left, right) if _given(left) and _given(right):
            return (*_given(left), *_given(right))
    return ()


def _equals(comparison: Comparison, number: int) -> bool:
    right = comparison.right
    return comparison.operator is Operator.EQUAL and isinstance(right, Number) and right.value == number

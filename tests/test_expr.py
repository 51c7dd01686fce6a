"""xltool.expr: the three readings of a rule's text (Excel formula, Python value, Chinese sentence) agree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.definition.resolve import Scope
from xltool.expr.evaluate import evaluate, holds
from xltool.expr.excel import condition_formula, formula, value_formula
from xltool.expr.model import (
    FUNCTIONS,
    Binary,
    Call,
    Comparison,
    Expr,
    Fact,
    Name,
    Number,
    Operand,
    Operator,
    Source,
    Term,
    figures,
    operands,
)
from xltool.expr.parse import ExpressionError, parse_comparison, parse_expression
from xltool.expr.sentence import comparison_sentence, expression_words
from xltool.figure import FigureId, Kind
from xltool.form import Block, Figure, Label, Line, Table

ROWS = ("a", "b", "c", "d", "e", "total")
# Nobody filled in e, this year or last.
NOW = {"a": 7, "b": 3, "c": 2, "d": 5, "total": 17}
BEFORE = {"a": 6, "b": 3, "c": 2, "d": 1, "total": 12}


def figure_id(row: str) -> FigureId:
    return FigureId("t", row, "x")


def _scope() -> Scope:
    """Table t: column x; a rule over that column."""
    lines = tuple(Line(row, (Label(row),)) for row in ROWS)
    table = Table("t", "表", (Block(lines, (Line("x", (Label("x"),)),)),), (1, 1))
    known = {figure_id(row): Figure(figure_id(row), (row, "x"), row, Kind.COUNT) for row in ROWS}
    total = Binary("+", Term(figure_id("a")), Term(figure_id("b")))
    known[figure_id("total")] = Figure(figure_id("total"), ("total", "x"), "total", Kind.COUNT, total)
    constants = {"times": Decimal(5)}
    return Scope({"t": table}, known, {"rules": "规章"}, "t", column="x", constants=constants)


SCOPE = _scope()


def value(operand: Operand) -> Decimal | None:
    if isinstance(operand, Fact):
        return Decimal(1)
    found = {Source.CURRENT: NOW, Source.PRIOR: BEFORE, Source.STATED: {"total": 16}}[operand.source]
    number = found.get(operand.figure.row)
    return None if number is None else Decimal(number)


def reference(operand: Operand) -> str:
    """Cells S!$A$1, $A$2, … this year; $B last year; $C as stated; $D facts."""
    if isinstance(operand, Fact):
        return "S!$D$1"
    column = {Source.CURRENT: "A", Source.PRIOR: "B", Source.STATED: "C"}[operand.source]
    return f"S!${column}${ROWS.index(operand.figure.row) + 1}"


def name(operand: Operand) -> str:
    if isinstance(operand, Fact):
        return operand.name
    return {"": "", "prior": "上年", "stated": "所填"}[operand.source.value] + operand.figure.row


EXPRESSIONS = [
    # text, Excel, value, words
    ("a", "S!$A$1", 7, "a"),
    ("12", "12", 12, "12"),
    ("1.50", "1.5", "1.5", "1.5"),
    ("times", "5", 5, "5"),
    ("t.b.x", "S!$A$2", 3, "b"),
    ("e", "S!$A$5", None, "e"),
    ("prior.a", "S!$B$1", 6, "上年a"),
    ("stated.total", "S!$C$6", 16, "所填total"),
    ("power.rules", "S!$D$1", 1, "rules"),
    ("a + b - c", "S!$A$1+S!$A$2-S!$A$3", 8, "a ＋ b － c"),
    ("a - (b - c)", "S!$A$1-(S!$A$2-S!$A$3)", 6, "a － （b － c）"),
    ("a - b - c", "S!$A$1-S!$A$2-S!$A$3", 2, "a － b － c"),
    ("a + (b - c)", "S!$A$1+S!$A$2-S!$A$3", 8, "a ＋ b － c"),
    ("a * (b + c)", "S!$A$1*(S!$A$2+S!$A$3)", 35, "a × （b ＋ c）"),
    ("(a + b) * c", "(S!$A$1+S!$A$2)*S!$A$3", 20, "（a ＋ b） × c"),
    ("a + b * c", "S!$A$1+S!$A$2*S!$A$3", 13, "a ＋ b × c"),
    ("a * b * c", "S!$A$1*S!$A$2*S!$A$3", 42, "a × b × c"),
    ("a * (b * c)", "S!$A$1*S!$A$2*S!$A$3", 42, "a × b × c"),
    ("a - b * c", "S!$A$1-(S!$A$2*S!$A$3)", 1, "a － b × c"),
    ("a + e", "S!$A$1+S!$A$5", None, "a ＋ e"),
    ("sum(a .. d)", "SUM(S!$A$1:$A$4)", 17, "从“a”到“d”各项之和"),
    ("sum(a .. c)", "SUM(S!$A$1:$A$3)", 12, "a ＋ b ＋ c"),
    ("sum(a, b, c, d)", "SUM(S!$A$1:$A$4)", 17, "a ＋ b ＋ c ＋ d"),
    ("sum(a, c, total, d)", "SUM(S!$A$1,S!$A$3,S!$A$6,S!$A$4)", 31, "a ＋ c ＋ total ＋ d"),
    ("sum(a .. b, d)", "SUM(S!$A$1:$A$2,S!$A$4)", 15, "a ＋ b ＋ d"),
    ("sum(prior.a .. prior.d)", "SUM(S!$B$1:$B$4)", 12, "从“上年a”到“上年d”各项之和"),
    ("a - sum(b .. c)", "S!$A$1-SUM(S!$A$2:$A$3)", 2, "a － （b ＋ c）"),
    ("sum(a .. e)", "SUM(S!$A$1:$A$5)", None, "从“a”到“e”各项之和"),
    ("sum(a)", "SUM(S!$A$1)", 7, "a"),
    ("min(a, b)", "MIN(S!$A$1,S!$A$2)", 3, "a、b中较小的"),
    ("max(a, prior.a)", "MAX(S!$A$1,S!$B$1)", 7, "a、上年a中较大的"),
    ("times * min(b, c)", "5*MIN(S!$A$2,S!$A$3)", 10, "5 × b、c中较小的"),
    ("abs(b - a)", "ABS(S!$A$2-S!$A$1)", 4, "b － a的差额（不计正负）"),
    ("given(a)", "COUNT(S!$A$1)", 1, "已填写的个数（a）"),
    ("given(e)", "COUNT(S!$A$5)", 0, "已填写的个数（e）"),
    ("given(a) + given(e)", "COUNT(S!$A$1)+COUNT(S!$A$5)", 1, "已填写的个数（a、e）"),
    ("changed(t)", "SUMPRODUCT(--((S!$A$1:$A$6-S!$B$1:$B$6)^2>25E-14))", None, "与上年不同的数（共 6 个）"),
]


@pytest.mark.parametrize(("text", "excel", "expected", "words"), EXPRESSIONS)
def test_an_expression_in_its_three_readings(text: str, excel: str, expected: Any, words: str) -> None:
    """One text means the same in Excel, in Python and in Chinese."""
    expr = SCOPE.resolve(parse_expression(text))
    assert formula(expr, reference) == excel
    assert evaluate(expr, value) == (None if expected is None else Decimal(expected))
    assert expression_words(expr, name) == words


COMPARISONS = [
    # text, Excel (TRUE, FALSE, or "" while something is missing), verdict, sentence
    ("a == b", 'IF(COUNT(S!$A$1:$A$2)=2,ROUND(S!$A$1-(S!$A$2),6)=0,"")', False, "a 等于 b"),
    ("a - b != c", 'IF(COUNT(S!$A$1:$A$3)=3,ROUND(S!$A$1-S!$A$2-(S!$A$3),6)<>0,"")', True, "a － b 不等于 c"),
    ("b <= a", 'IF(COUNT(S!$A$2,S!$A$1)=2,ROUND(S!$A$2-(S!$A$1),6)<=0,"")', True, "b 不大于 a"),
    ("b >= a", 'IF(COUNT(S!$A$2,S!$A$1)=2,ROUND(S!$A$2-(S!$A$1),6)>=0,"")', False, "b 不小于 a"),
    ("b < 4", 'IF(COUNT(S!$A$2)=1,ROUND(S!$A$2-(4),6)<0,"")', True, "b 小于 4"),
    ("b > 3", 'IF(COUNT(S!$A$2)=1,ROUND(S!$A$2-(3),6)>0,"")', False, "b 大于 3"),
    ("e > 3", 'IF(COUNT(S!$A$5)=1,ROUND(S!$A$5-(3),6)>0,"")', None, "e 大于 3"),
    ("power.rules == 1", "IF(COUNT(S!$D$1)=1,ROUND(S!$D$1-(1),6)=0,FALSE)", True, "rules 等于 1"),
    (
        "given(a) + given(b) == 2",
        "ROUND(COUNT(S!$A$1)+COUNT(S!$A$2)-(2),6)=0",
        True,
        "已填写a、b",
    ),
    ("given(e) == 0", "ROUND(COUNT(S!$A$5)-(0),6)=0", True, "没有填写e"),
    ("given(e) >= 1", "ROUND(COUNT(S!$A$5)-(1),6)>=0", False, "已填写的个数（e） 不小于 1"),
]


@pytest.mark.parametrize(("text", "excel", "verdict", "sentence"), COMPARISONS)
def test_a_comparison_in_its_three_readings(text: str, excel: str, verdict: bool | None, sentence: str) -> None:
    """A comparison holds, fails, or cannot be told yet, alike in Excel and in Python; and is said in words."""
    comparison = SCOPE.comparison(parse_comparison(text))
    left, right = evaluate(comparison.left, value), evaluate(comparison.right, value)
    assert condition_formula(comparison, reference) == excel
    told = None if left is None or right is None else holds(comparison, left, right)
    assert told is verdict
    assert comparison_sentence(comparison, name) == sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b", 'IF(COUNT(S!$A$1:$A$2)=2,S!$A$1+S!$A$2,"")'),
        ("sum(a, c)", 'IF(COUNT(S!$A$1,S!$A$3)=2,SUM(S!$A$1,S!$A$3),"")'),
        ("given(a) + b", 'IF(COUNT(S!$A$2)=1,COUNT(S!$A$1)+S!$A$2,"")'),
        ("5", "5"),
    ],
)
def test_a_total_stays_empty_until_its_operands_are_there(text: str, expected: str) -> None:
    """The cell's formula gives an empty text, never 0, while an operand is blank."""
    assert value_formula(SCOPE.resolve(parse_expression(text)), reference) == expected


def test_only_neighbours_in_one_column_are_drawn_together() -> None:
    """Cells one below the other become a range; others stay single; sheets and columns are kept apart."""
    terms = tuple(Term(figure_id(row)) for row in "abcd")
    cells = dict(zip(terms, ["S!$A$1", "S!$A$2", "S!$B$3", "T!$A$3"], strict=True))
    drawn = formula(Call("sum", terms), lambda operand: cells[operand])  # type: ignore[index]
    assert drawn == "SUM(S!$A$1:$A$2,S!$B$3,T!$A$3)"


MISTAKES = [
    # text, column, fact
    ("", 0, "这里应为数、指标或括号，却到头了"),
    ("a", 1, "这里应为比较符号（== != <= >= < >）"),
    ("a b", 2, "这里应为比较符号（== != <= >= < >）"),
    ("a ==", 4, "这里应为数、指标或括号，却到头了"),
    ("a == b == c", 7, "一条规则只能有一个比较符号"),
    ("a == b c", 7, "到这里应当结束，却还有“c”"),
    ("a == b)", 6, "到这里应当结束，却还有“)”"),
    ("a == 1,5", 6, "到这里应当结束，却还有“,”"),
    ("a = b", 2, "规则里不能有“=”，请改用“==”"),
    ("a ≤ b", 2, "规则里不能有“≤”，请改用“<=”"),
    ("a（b） == 1", 1, "规则里不能有“（”，请改用“(”"),
    ("a == １", 5, "规则里不能有“１”，请改用“1”"),
    ("a / b == 1", 2, "规则里不能有“/”"),
    ("规章 == 1", 0, "规则里不能有“规”"),
    ("A1 == 1", 0, "“A1”不是数，也不是编号（编号以小写字母开头，只含小写字母、数字和下划线）"),
    ("1a == b", 0, "“1a”不是数，也不是编号（编号以小写字母开头，只含小写字母、数字和下划线）"),
    ("1. == b", 0, "“1.”不是数，也不是编号（编号以小写字母开头，只含小写字母、数字和下划线）"),
    ("(a == b", 3, "这里应为“)”，写的是“==”"),
    ("a == (b", 7, "这里应为“)”，却到头了"),
    ("a + == b", 4, "这里应为数、指标或括号，写的是“==”"),
    ("-a == b", 0, "这里应为数、指标或括号，写的是“-”"),
    ("foo(a) == 1", 0, "没有函数“foo”，可以用：sum、min、max、abs、given、changed"),
    ("sum() == 1", 4, "这里应为数、指标或括号，写的是“)”"),
    ("b == min(a)", 5, "min 应有 2 个参数，写了 1 个"),
    ("abs(a, b) == 1", 0, "abs 应有 1 个参数，写了 2 个"),
    ("given(1) == 1", 0, "given 里应为一个指标"),
    ("given(a + b) == 1", 0, "given 里应为一个指标"),
    ("changed(a + b) > 0", 0, "changed 里应为一个表号"),
    ("sum(a .. ) == 1", 9, "这里应为数、指标或括号，写的是“)”"),
    ("sum(1 .. 3) == 1", 4, "“..”两边应各为一个指标"),
    ("max(a .. b, 1) == 2", 0, "“..”只能用在 sum 里"),
    ("a .. b == 1", 2, "“..”只能用在 sum 里"),
    ("(" * 31 + "a", 0, "写得太长，最多 1000 个字符、30 对括号"),
    ("a == b" + " + b" * 300, 0, "写得太长，最多 1000 个字符、30 对括号"),
]


@pytest.mark.parametrize(("text", "column", "fact"), MISTAKES)
def test_a_mistake_in_the_grammar_names_its_place(text: str, column: int, fact: str) -> None:
    """Whatever is not in the grammar is refused, with the column and what should stand there."""
    with pytest.raises(ExpressionError) as caught:
        parse_comparison(text)
    assert (caught.value.offset, caught.value.fact) == (column, fact)


UNRESOLVED = [
    ("f == 1", 0, "表式里没有指标“t.f.x”"),
    ("a == t.b.y", 5, "表式里没有指标“t.b.y”"),
    ("a == b.x", 5, "“b.x”不是指标，应写作 表.行.列"),
    ("power.fines == 1", 0, "没有声明职权“fines”"),
    ("stated.a == 1", 0, "stated 只用于自动计算的合计，“t.a.x”是填写的"),
    ("given(times) == 1", 6, "表式里没有指标“t.times.x”"),
    ("given(power.rules) == 1", 6, "“power.rules”不是指标，应写作 表.行.列"),
    ("prior.times == a", 0, "表式里没有指标“t.times.x”"),
    ("sum(c .. a) == 1", 4, "“..”的两边应在同一行或同一列，前一个在先"),
    ("sum(a .. a) == 1", 4, "“..”的两边应在同一行或同一列，前一个在先"),
    ("sum(a .. prior.b) == 1", 9, "“..”的两边应同为本年或同为上年"),
    ("sum(stated.a .. stated.total) == 1", 4, "stated 只用于自动计算的合计，“t.a.x”是填写的"),
    ("sum(a .. f) == 1", 9, "表式里没有指标“t.f.x”"),
    ("changed(a) > 0", 8, "changed 里应为一个表号（t）"),
    ("changed(prior.t) > 0", 8, "changed 里应为一个表号（t）"),
]


@pytest.mark.parametrize(("text", "column", "fact"), UNRESOLVED)
def test_a_name_that_means_nothing_names_its_place(text: str, column: int, fact: str) -> None:
    """Names are resolved before anything is judged; one that means nothing is refused with its column."""
    with pytest.raises(ExpressionError) as caught:
        SCOPE.comparison(parse_comparison(text))
    assert (caught.value.offset, caught.value.fact) == (column, fact)


# --- laws -------------------------------------------------------------------------------------------------


def _expressions(leaves: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        pairs = st.tuples(inner, inner)
        return (
            st.builds(Binary, st.sampled_from("+-*"), inner, inner)
            | st.builds(Call, st.sampled_from(["min", "max"]), pairs)
            | st.builds(Call, st.just("sum"), st.lists(inner, min_size=1, max_size=5).map(tuple))
            | st.builds(Call, st.just("abs"), st.tuples(inner))
        )

    return st.recursive(leaves, grown, max_leaves=12)


TERMS: st.SearchStrategy[Expr] = st.sampled_from("abcde").map(lambda row: Term(figure_id(row)))
NUMBERS: st.SearchStrategy[Expr] = st.integers(0, 99).map(lambda number: Number(Decimal(number)))
VALUES = st.fixed_dictionaries({row: st.none() | st.integers(0, 1000).map(Decimal) for row in "abcde"})
KNOWN = st.fixed_dictionaries({row: st.integers(0, 1000).map(Decimal) for row in "abcde"})
PYTHON: dict[str, Callable[..., Any]] = {
    "SUM": lambda *numbers: sum(numbers),
    "MIN": min,
    "MAX": max,
    "ABS": abs,
}


def _row(operand: Operand) -> str:
    assert isinstance(operand, Term)
    return operand.figure.row


@given(_expressions(TERMS | NUMBERS), KNOWN)
def test_the_formula_computes_what_python_computes(expr: Expr, known: dict[str, Decimal]) -> None:
    """Python's own parser, given the formula's text, arrives at the value of ``evaluate``."""
    text = formula(expr, _row)
    assert eval(text, {**PYTHON, **known}) == evaluate(expr, lambda operand: known[_row(operand)])


@given(_expressions(TERMS | NUMBERS), KNOWN)
def test_what_is_printed_is_read_back(expr: Expr, known: dict[str, Decimal]) -> None:
    """The formula's text in lower case is in the grammar, and means the same when parsed."""
    again = SCOPE.resolve(parse_expression(formula(expr, _row).lower()))
    look_up = lambda operand: known[_row(operand)]  # noqa: E731 -- used twice in one line
    assert evaluate(again, look_up) == evaluate(expr, look_up)


@given(_expressions(TERMS | NUMBERS), VALUES)
def test_a_value_is_known_when_all_its_operands_are(expr: Expr, known: dict[str, Decimal | None]) -> None:
    """Blank travels upwards from any operand, and from nowhere else."""
    missing = any(known[_row(operand)] is None for operand in operands(expr))
    assert (evaluate(expr, lambda operand: known[_row(operand)]) is None) is missing


@given(st.recursive(TERMS | NUMBERS, lambda e: st.builds(Binary, st.sampled_from("+-*"), e, e)), KNOWN)
def test_the_words_have_the_brackets_they_need(expr: Expr, known: dict[str, Decimal]) -> None:
    """Read with the usual precedence, the words give the value."""
    words = expression_words(expr, _row).translate(str.maketrans("＋－×（）", "+-*()"))
    assert eval(words, dict(known)) == evaluate(expr, lambda operand: known[_row(operand)])


@given(st.sampled_from(Operator), st.integers(-5, 5), st.integers(-5, 5))
def test_operators_compare_as_their_symbols_say(operator: Operator, left: int, right: int) -> None:
    """Each operator's verdict is Python's for its symbol."""
    comparison = Comparison(Number(Decimal(left)), operator, Number(Decimal(right)))
    assert holds(comparison, Decimal(left), Decimal(right)) is eval(f"{left} {operator.value.symbol} {right}")


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("0.3", "0.1", False),
        ("0.0000004", "0", True),
        ("0.0000005", "0", False),
        ("-0.0000005", "0", False),
        ("1E+300", "1E+300", True),
        ("1E+300", "0", False),
    ],
)
def test_sides_are_compared_to_six_decimals(left: str, right: str, equal: bool) -> None:
    """Halves are rounded away from zero as Excel's ROUND does; absurd numbers do not break the comparison."""
    comparison = parse_comparison("1 == 1")
    assert holds(comparison, Decimal(left), Decimal(right)) is equal


def test_every_function_is_read_in_all_three_ways() -> None:
    """A function of the grammar has an Excel formula, a value and words."""
    typed = {
        "sum": "sum(a)", "min": "min(a, b)", "max": "max(a, b)",
        "abs": "abs(a)", "given": "given(a)", "changed": "changed(t)",
    }  # fmt: skip
    assert set(typed) == set(FUNCTIONS)
    for text in typed.values():
        expr = SCOPE.resolve(parse_expression(text))
        assert formula(expr, reference)
        assert expression_words(expr, name)
        assert evaluate(expr, lambda operand: Decimal(1)) is not None


def test_figures_include_what_given_asks_for() -> None:
    """``given`` needs nothing, yet the figures it asks about are concerned."""
    comparison = SCOPE.comparison(parse_comparison("given(a) + b == prior.c"))
    assert figures(comparison, None) == (
        Term(figure_id("a")),
        Term(figure_id("b")),
        Term(figure_id("c"), Source.PRIOR),
    )
    assert operands(comparison.left) == (Term(figure_id("b")),)


def test_a_name_keeps_its_place() -> None:
    """The parser remembers where each name stood, for the caret."""
    comparison = parse_comparison("a == prior.t.b.x")
    assert comparison.left == Name(Source.CURRENT, ("a",), 0)
    assert comparison.right == Name(Source.PRIOR, ("t", "b", "x"), 5)

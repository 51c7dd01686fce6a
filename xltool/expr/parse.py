"""The grammar of rules.

::

    comparison := sum ("==" | "!=" | "<=" | ">=" | "<" | ">") sum
    sum        := product (("+" | "-") product)*
    product    := factor ("*" factor)*
    factor     := NUMBER | call | name | "(" sum ")"
    call       := "sum" "(" part ("," part)* ")" | ("min" | "max") "(" sum "," sum ")" | "abs" "(" sum ")"
                | ("given" | "changed") "(" name ")"
    part       := name ".." name | sum
    name       := ["prior." | "stated."] ID ("." ID)*
    ID         := a letter a–z, then letters, digits and "_"
    NUMBER     := digits 0–9, with a decimal point if need be

``prior.`` is last year's accepted figure, ``stated.`` a total as the document states it. ``a .. b`` only inside
``sum``. A name is ``table.row.column``, or a row or a column alone where the rule runs over the other.
There is no division and no text: a rule compares sums of figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from xltool.expr.model import (
    FUNCTIONS,
    Binary,
    Call,
    Comparison,
    Expr,
    Name,
    Number,
    Operator,
    Source,
    Span,
)

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))"
    r"|(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)"
    r"|(?P<symbol>\.\.|==|!=|<=|>=|[-+*(),<>])"
)
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
_MEANT = {
    "=": "==", "＝": "==", "≠": "!=", "≤": "<=", "≥": ">=", "＜": "<", "＞": ">", "（": "(", "）": ")", "，": ",",
    "、": ",", "＋": "+", "－": "-", "—": "-", "−": "-", "×": "*", "＊": "*", "．": ".", "。": ".",
}  # fmt: skip
_MEANT |= dict(zip("０１２３４５６７８９", "0123456789", strict=True))
_ONLY_IN_SUM = "“..”只能用在 sum 里"
_LONGEST = 1000
_DEEPEST = 30


class ExpressionError(Exception):
    """A mistake in a rule's text at ``offset`` characters from its start."""

    def __init__(self, fact: str, offset: int) -> None:
        self.fact = fact
        self.offset = offset
        super().__init__(fact)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    offset: int


@lru_cache(maxsize=512)
def parse_expression(text: str) -> Expr:
    """Read ``text`` as a ``sum`` of the grammar; ExpressionError names the place of a mistake."""
    parser = _Parser(_tokens(text))
    expr = parser.sum()
    parser.end()
    return expr


@lru_cache(maxsize=512)
def parse_comparison(text: str) -> Comparison:
    """Read ``text`` as a ``comparison`` of the grammar; ExpressionError names the place of a mistake."""
    parser = _Parser(_tokens(text))
    left = parser.sum()
    symbol = parser.take(*_COMPARISONS)
    if symbol is None:
        fact = _ONLY_IN_SUM if parser.current.text == ".." else f"这里应为比较符号（{' '.join(_COMPARISONS)}）"
        raise ExpressionError(fact, parser.current.offset)
    comparison = Comparison(left, Operator.of(symbol.text), parser.sum())
    if parser.current.text in _COMPARISONS:
        raise ExpressionError("一条规则只能有一个比较符号", parser.current.offset)
    parser.end()
    return comparison


def _tokens(text: str) -> list[_Token]:
    if len(text) > _LONGEST or text.count("(") > _DEEPEST:
        raise ExpressionError(f"写得太长，最多 {_LONGEST} 个字符、{_DEEPEST} 对括号", 0)
    tokens: list[_Token] = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise ExpressionError(_unknown(text, offset), offset)
        if match.lastgroup != "space":
            tokens.append(_Token(str(match.lastgroup), match.group(), offset))
        offset = match.end()
    tokens.append(_Token("end", "", len(text)))
    return tokens


def _unknown(text: str, offset: int) -> str:
    """Why there is no token at ``offset``, with the sign that was probably meant."""
    word = re.match(r"[\w.]+", text[offset:], re.ASCII)
    if word:
        return f"“{word[0]}”不是数，也不是编号（编号以小写字母开头，只含小写字母、数字和下划线）"
    meant = _MEANT.get(text[offset])
    return f"规则里不能有“{text[offset]}”" + (f"，请改用“{meant}”" if meant else "")


@dataclass
class _Parser:
    tokens: list[_Token]
    position: int = field(default=0)

    @property
    def current(self) -> _Token:
        return self.tokens[self.position]

    def take(self, *symbols: str) -> _Token | None:
        token = self.current
        if token.kind == "symbol" and token.text in symbols:
            self.position += 1
            return token
        return None

    def expect(self, symbol: str) -> None:
        if self.take(symbol) is None:
            raise ExpressionError(f"这里应为“{symbol}”{self._instead()}", self.current.offset)

    def end(self) -> None:
        if self.current.kind != "end":
            raise ExpressionError(f"到这里应当结束，却还有“{self.current.text}”", self.current.offset)

    def _instead(self) -> str:
        token = self.current
        return f"，写的是“{token.text}”" if token.text else "，却到头了"

    def sum(self) -> Expr:
        left = self.product()
        while (token := self.take("+", "-")) is not None:
            left = Binary(token.text, left, self.product())
        return left

    def product(self) -> Expr:
        left = self.factor()
        while self.take("*") is not None:
            left = Binary("*", left, self.factor())
        return left

    def factor(self) -> Expr:
        token = self.current
        if self.take("("):
            inner = self.sum()
            self.expect(")")
            return inner
        if token.kind not in ("number", "name"):
            raise ExpressionError(f"这里应为数、指标或括号{self._instead()}", token.offset)
        self.position += 1
        if token.kind == "number":
            return Number(Decimal(token.text))
        return self.call(token) if self.take("(") else _name(token)

    def call(self, function: _Token) -> Expr:
        if function.text not in FUNCTIONS:
            raise ExpressionError(f"没有函数“{function.text}”，可以用：{'、'.join(FUNCTIONS)}", function.offset)
        arguments = [self.argument()]
        while self.take(","):
            arguments.append(self.argument())
        self.expect(")")
        _check_call(function, arguments)
        return Call(function.text, tuple(arguments))

    def argument(self) -> Expr:
        token = self.current
        first = self.sum()
        if self.take("..") is None:
            return first
        last = self.factor()
        if not isinstance(first, Name) or not isinstance(last, Name):
            raise ExpressionError("“..”两边应各为一个指标", token.offset)
        return Span(first, last)


def _check_call(function: _Token, arguments: list[Expr]) -> None:
    least, most = FUNCTIONS[function.text]
    if not least <= len(arguments) <= most:
        wanted = str(least) if least == most else f"{least} 至 {most}"
        raise ExpressionError(f"{function.text} 应有 {wanted} 个参数，写了 {len(arguments)} 个", function.offset)
    if function.text != "sum" and any(isinstance(argument, Span) for argument in arguments):
        raise ExpressionError(_ONLY_IN_SUM, function.offset)
    if function.text in ("given", "changed") and not isinstance(arguments[0], Name):
        wanted = "指标" if function.text == "given" else "表号"
        raise ExpressionError(f"{function.text} 里应为一个{wanted}", function.offset)


def _name(token: _Token) -> Name:
    path = tuple(token.text.split("."))
    for source in (Source.PRIOR, Source.STATED):
        if path[0] == source.value and len(path) > 1:
            return Name(source, path[1:], token.offset)
    return Name(Source.CURRENT, path, token.offset)

"""The grammar of rules.

::

    comparison := sum ("==" | "!=" | "<=" | ">=" | "<" | ">") sum
    sum        := product (("+" | "-") product)*
    product    := factor ("*" factor)*
    factor     := NUMBER | call | name | "(" sum ")"
    call       := ("sum" | "min" | "max" | "abs" | "given" | "changed") "(" argument ("," argument)* ")"
    argument   := name ".." name | sum
    name       := ["prior." | "stated."] ID ("." ID)*
    ID         := a letter a–z, then letters, digits and "_"
    NUMBER     := digits, with a decimal point if need be

``prior.`` is last year's accepted figure, ``stated.`` a total as the document states it. ``a .. b`` only inside
``sum``. A name is ``table.row.column``, or a row or a column alone where the rule runs over the other.
There is no division and no text: a rule compares sums of figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

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
    r"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?(?![\w.]))"
    r"|(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)"
    r"|(?P<symbol>\.\.|==|!=|<=|>=|[-+*(),<>])"
)
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")


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


def parse_expression(text: str) -> Expr:
    """Read ``text`` as a ``sum`` of the grammar; ExpressionError names the place of a mistake."""
    parser = _Parser(_tokens(text))
    expr = parser.sum()
    parser.end()
    return expr


def parse_comparison(text: str) -> Comparison:
    """Read ``text`` as a ``comparison`` of the grammar; ExpressionError names the place of a mistake."""
    parser = _Parser(_tokens(text))
    left = parser.sum()
    symbol = parser.take(*_COMPARISONS)
    if symbol is None:
        raise ExpressionError(f"这里应为比较符号（{' '.join(_COMPARISONS)}）", parser.current.offset)
    comparison = Comparison(left, Operator.of(symbol.text), parser.sum())
    parser.end()
    return comparison


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    offset = 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise ExpressionError(f"规则里不能有“{text[offset]}”", offset)
        if match.lastgroup != "space":
            tokens.append(_Token(str(match.lastgroup), match.group(), offset))
        offset = match.end()
    tokens.append(_Token("end", "", len(text)))
    return tokens


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
            raise ExpressionError(f"这里应为“{symbol}”", self.current.offset)

    def end(self) -> None:
        if self.current.kind != "end":
            raise ExpressionError(f"到这里应当结束，却还有“{self.current.text}”", self.current.offset)

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
            raise ExpressionError("这里应为数、指标或括号", token.offset)
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
        least, most = FUNCTIONS[function.text]
        if not least <= len(arguments) <= most:
            raise ExpressionError(f"{function.text} 应有 {least} 至 {most} 个参数", function.offset)
        if function.text != "sum" and any(isinstance(argument, Span) for argument in arguments):
            raise ExpressionError("“..”只能用在 sum 里", function.offset)
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


def _name(token: _Token) -> Name:
    path = tuple(token.text.split("."))
    for source in (Source.PRIOR, Source.STATED):
        if path[0] == source.value and len(path) > 1:
            return Name(source, path[1:], token.offset)
    return Name(Source.CURRENT, path, token.offset)

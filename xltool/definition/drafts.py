"""Drafts of a definition: sentences with figures in braces, their cases, phrases and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from xltool.definition.resolve import Scope, names
from xltool.definition.structure import checked_id
from xltool.draft.model import Case, Cases, Draft, Growth, Item, Listing, Mention, Piece, Printed, Sentence, Share
from xltool.expr.model import Binary, Call, Comparison, Expr, Name, Number, Source, mentioned
from xltool.expr.parse import ExpressionError, parse_comparison, parse_expression
from xltool.figure import FigureId
from xltool.form import Section
from xltool.yamlfile import Node

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[a-z][a-z0-9_]*")
_FUNCTION = re.compile(r"\s*(growth|percent)(\(.*\)\s*)")
_ITEMS, _NAMES = "items", "names"
_ITEM, _NUMBER = "{item}", "{number}"
_EACH = f"{_ITEM}{_NUMBER}件"
_CASE_KEYS = ("when", "say", "items", "each")
_MOST_CASES = 20
"""Cases are nested in a formula, and programs take 64 levels."""


@dataclass(frozen=True)
class _Words:
    """What braces may hold: figures of ``scope``, the phrases declared, and the items of the sentence at hand."""

    scope: Scope
    phrases: frozenset[str] = frozenset()
    items: Mapping[str, Expr] = field(default_factory=dict)
    each: str = _EACH


def with_drafts(section: Section, node: Node, scope: Scope) -> Section:
    """``section`` and its parts with what can be said from the figures where nobody wrote it."""
    keys = node.mapping()
    parts = keys["parts"].mapping() if "parts" in keys else {}
    drafted = tuple(
        replace(part, draft=_draft(parts[part.id.rpartition(".")[2]], scope, of_part=True)) for part in section.parts
    )
    return replace(section, parts=drafted, draft=_draft(node, scope, of_part=False))


def _draft(node: Node, scope: Scope, of_part: bool) -> Draft | None:
    keys = node.mapping()
    if "drafts" not in keys:
        if "phrases" in keys:
            raise keys["phrases"].error("写了 phrases，却没有用它的 drafts")
        return None
    declared = keys["phrases"].mapping() if "phrases" in keys else {}
    for name, phrase in declared.items():
        if checked_id(name, phrase) in (_ITEMS, _NAMES):
            raise phrase.error(f"短语不能叫“{name}”，它另有用处")
    plain = _Words(scope)
    phrases = tuple((name, _cases(phrase, plain, ())) for name, phrase in declared.items())
    words = replace(plain, phrases=frozenset(declared))
    sentences = tuple(_sentence(item, words, of_part) for item in keys["drafts"])
    _refuse_unused(declared, sentences)
    needs = _tables_whole(scope, (*(cases for _, cases in phrases), *(s.cases for s in sentences))) if of_part else ()
    return Draft(sentences, phrases, needs)


def _refuse_unused(declared: Mapping[str, Node], sentences: tuple[Sentence, ...]) -> None:
    used = {piece.phrase for s in sentences for c in s.cases for piece in c.pieces if isinstance(piece, Mention)}
    for name, phrase in declared.items():
        if name not in used:
            raise phrase.error(f"短语“{name}”没有一句用到，应写作 {{{name}}}")


def _tables_whole(scope: Scope, spoken: tuple[Cases, ...]) -> tuple[FigureId, ...]:
    """All figures of the tables that are spoken of: of a table half filled in nothing is said."""
    terms = {term for cases in spoken for case in cases for term in case.terms}
    tables = {term.figure.table for term in terms if term.source is Source.CURRENT}
    return tuple(figure for figure in scope.figures if figure.table in tables)


def _sentence(node: Node, words: _Words, of_part: bool) -> Sentence:
    keys = node.mapping()
    mentions = keys.get("unless_mentions")
    if mentions is not None and of_part:
        raise mentions.error("“unless_mentions”只用于整个部分的 drafts：各段的草稿只在没有写时采用")
    cases = _cases(node, words, ("unless_mentions",))
    for case in cases:
        if not any(term.source is Source.CURRENT for term in case.terms):
            raise node.error("这句话里没有本表式本年的指标")
    return Sentence(cases, mentions.filled() if mentions is not None else "")


def _cases(node: Node, words: _Words, also: tuple[str, ...]) -> Cases:
    """A sentence or phrase: one case (``say``), or several below ``cases``."""
    if "cases" not in node.mapping():
        keys = node.mapping((*_CASE_KEYS, "cases", *also), ("say",))
        return (_case(keys, _with_items(keys, words)),)
    keys = node.mapping(("cases", "items", "each", *also))
    words = _with_items(keys, words)
    cases = keys["cases"].items()
    if not 0 < len(cases) <= _MOST_CASES:
        raise keys["cases"].error(f"应有 1 至 {_MOST_CASES} 种情形，写了 {len(cases)} 种")
    return tuple(_case(case.mapping(("when", "say"), ("say",)), words) for case in cases)


def _with_items(keys: Mapping[str, Node], words: _Words) -> _Words:
    each = keys.get("each")
    if each is not None and (each.text().count(_ITEM), each.text().count(_NUMBER)) != (1, 1):
        raise each.error(f"each 里 {_ITEM}（名称）和 {_NUMBER}（数）应各有一个，{_ITEM} 在先")
    if "items" not in keys:
        return replace(words, each=each.text()) if each is not None else words
    items = {name: _resolved(item, words.scope) for name, item in keys["items"].mapping().items()}
    if not items:
        raise keys["items"].error("items 里没有任何一项")
    return replace(words, items=items, each=each.text() if each is not None else _EACH)


def _case(keys: Mapping[str, Node], words: _Words) -> Case:
    when = keys.get("when")
    conditions = () if when is None else when.items() if isinstance(when.value, tuple) else (when,)
    return Case(tuple(_condition(node, words) for node in conditions), tuple(_pieces(keys["say"], words)))


def _condition(node: Node, words: _Words) -> Comparison:
    try:
        typed = parse_comparison(node.text())
        _refuse_stated(typed.left, typed.right)
        left, right = (_resolve(side, words) for side in (typed.left, typed.right))
    except ExpressionError as error:
        raise node.error(error.fact, error.offset) from error
    return Comparison(left, typed.operator, right)


def _resolve(expr: Expr, words: _Words) -> Expr:
    """``expr`` resolved; ``items`` in it is how many items are above 0."""
    match expr:
        case Name(Source.CURRENT, (name,)) if name == _ITEMS and words.items:
            ones = tuple(Call("min", (amount, Number(Decimal(1)))) for amount in words.items.values())
            return Call("sum", ones)
        case Binary(op, left, right):
            return Binary(op, _resolve(left, words), _resolve(right, words))
    return words.scope.resolve(expr)


def _pieces(node: Node, words: _Words) -> Iterator[Piece]:
    text, end = node.filled(), 0
    for match in _PLACEHOLDER.finditer(text):
        yield from _plain_words(node, end, match.start())
        try:
            yield _placed(match[1], words)
        except ExpressionError as error:
            raise node.error(error.fact, match.start(1) + error.offset) from error
        end = match.end()
    yield from _plain_words(node, end, len(text))


def _plain_words(node: Node, start: int, end: int) -> Iterator[str]:
    text = node.text()[start:end]
    for offset, sign in enumerate(text):
        if sign in "{}":
            raise node.error("花括号没有成对", start + offset)
    if text:
        yield text


def _placed(text: str, words: _Words) -> Piece:
    """What stands in braces."""
    name = text.strip()
    if name in (_ITEMS, _NAMES):
        if not words.items:
            raise ExpressionError(f"用 {{{name}}} 应写明 items：各项的名称和数", 0)
        return Listing(tuple(_item(label, amount, words, name) for label, amount in words.items.items()))
    if name in words.phrases:
        return Mention(name)
    if _WORD.fullmatch(name):
        raise ExpressionError(f"“{name}”不是指标（应写作 表.行.列），也不是这里能用的短语", 0)
    if match := _FUNCTION.fullmatch(text):
        first, second = _two(match, words.scope)
        return Growth(first, second) if match[1] == "growth" else Share(first, second)
    return Printed(_figures_of(parse_expression(text), words.scope))


def _item(label: str, amount: Expr, words: _Words, name: str) -> Item:
    if name == _NAMES:
        return Item(amount, label, False, "")
    before, _, rest = words.each.partition(_ITEM)
    between, _, after = rest.partition(_NUMBER)
    return Item(amount, before + label + between, True, after)


def _two(match: re.Match[str], scope: Scope) -> tuple[Expr, Expr]:
    """The arguments of growth or percent: read as those of a function of the rules, padded to keep every offset."""
    typed = parse_expression("sum".rjust(match.start(2)) + match[2])
    if not isinstance(typed, Call) or len(typed.arguments) != 2:
        raise ExpressionError(f"{match[1]} 应有两个数：{match[1]}(甲, 乙)", match.start(1))
    first, second = (_figures_of(argument, scope) for argument in typed.arguments)
    return first, second


def _resolved(node: Node, scope: Scope) -> Expr:
    try:
        return _figures_of(parse_expression(node.text()), scope)
    except ExpressionError as error:
        raise node.error(error.fact, error.offset) from error


def _figures_of(typed: Expr, scope: Scope) -> Expr:
    """``typed`` resolved: figures of this year and last year, at least one."""
    _refuse_stated(typed)
    for name in names(typed):
        if name.path[0] == "power":
            raise ExpressionError("职权（power）只能写在 when 里", name.offset)
    resolved = scope.resolve(typed)
    if not any(mentioned(resolved)):
        raise ExpressionError("这里没有指标", 0)
    return resolved


def _refuse_stated(*sides: Expr) -> None:
    for name in (name for side in sides for name in names(side)):
        if name.source is Source.STATED:
            raise ExpressionError("这里不能用 stated", name.offset)

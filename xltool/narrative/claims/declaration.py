"""Reading ``claims.yaml``: words, and which statements about numbers are to be compared with which figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from xltool.definition.resolve import Scope
from xltool.expr.evaluate import compiled
from xltool.expr.model import Term, operands
from xltool.expr.parse import ExpressionError, parse_expression
from xltool.figure import Kind
from xltool.form import Form
from xltool.messages import MESSAGES
from xltool.narrative.claims.phrases import NUMBER, Phrase, parse_phrase
from xltool.narrative.claims.tokens import Lexicon
from xltool.narrative.claims.vocabulary import SIGNALS, Done, Item, Rate, Sum, Vocabulary
from xltool.narrative.claims.words import spelled_out
from xltool.narrative.declared import declared
from xltool.yamlfile import Node

FILE = "claims.yaml"
_KEYS = (
    "units", "vague_units", "signals", "words", "topics", "other_topic", "parts", "claims", "done", "rate", "share",
    "growth", "last_year",
)  # fmt: skip
_ITEM = (
    "name", "says", "equals", "topic", "amount", "code", "doubtful", "none", "when_none", "while_zero", "after",
    "basis", "units", "none_topic",
)  # fmt: skip
_DONE = ("name", "says", "subject", "all", "after", "beside", "unless", "left", "of", "code", "while_none")
_IDLE = ("about", "nearly", "over", "doubtful", "total", "each", "this_year")
"""Groups whose words stand between others without changing what is said."""
_YUAN = {Kind.MONEY: 10_000, Kind.YUAN: 1}


@lru_cache(maxsize=16)
def vocabulary_of(form: Form) -> Vocabulary | None:
    """What the form's edition declares; None where it declares nothing. DefinitionError for a broken file."""
    if form.folder is None:
        return None
    path = form.folder / FILE
    return read_vocabulary(declared(path), form) if path.is_file() else None


def read_vocabulary(document: Node, form: Form) -> Vocabulary:
    """The vocabulary that a whole file declares."""
    keys = document.mapping(_KEYS, ("units", "signals", "words", "claims"))
    reading = _Reading(form, _groups(keys["signals"], keys["words"]))
    items = tuple(reading.item(node) for node in keys["claims"])
    done = reading.done(keys["done"]) if "done" in keys else None
    return Vocabulary(
        units=_words(keys["units"]),
        vague_units=frozenset(_words(keys.get("vague_units"))),
        lexicon=_lexicon(reading),
        governments=reading.groups["governments"],
        seats=reading.groups["seats"],
        selves=reading.groups["selves"],
        topics=frozenset(_words(keys.get("topics"))),
        telling=_any_of(word for name in _words(keys.get("topics")) for word in reading.groups.get(name, ())),
        all_words=_words(keys["done"].mapping().get("all")) if "done" in keys else (),
        labels=_labels(items),
        none_verbs=_none_verbs(items),
        other_topic=keys["other_topic"].text() if "other_topic" in keys else "",
        parts={part: node.text() for part, node in keys["parts"].mapping().items()} if "parts" in keys else {},
        items=items,
        done=done,
        done_words=frozenset(phrase.before[0].group for phrase in done.says) if done else frozenset(),
        rates=(reading.rate(keys["rate"]),) if "rate" in keys else (),
        share=reading.rate(keys["share"]) if "share" in keys else None,
        growth=_code(keys.get("growth")),
        last_year=_code(keys.get("last_year")),
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the words; those that contain another are found by it."""
    known = set(words)
    stems = [word for word in sorted(known) if not any(other in word for other in known - {word})]
    return re.compile("|".join(map(re.escape, stems)))


def _labels(items: Iterable[Item]) -> frozenset[str]:
    """The groups that name what is counted."""
    slots = (slot for item in items for phrase in item.says for slot in (*phrase.before, *phrase.after))
    return frozenset(slot.group for slot in slots) - {"total", "joiners"}


def _none_verbs(items: Iterable[Item]) -> frozenset[str]:
    """The groups that stand before the last word of what there was none of."""
    return frozenset(slot.group for item in items for slots in item.none for slot in slots[:-1])


def _words(node: Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    try:
        return spelled_out(node.text())
    except ValueError as error:
        raise node.error(str(error)) from error


def _groups(signals: Node, words: Node) -> dict[str, tuple[str, ...]]:
    groups = {name: _words(node) for name, node in signals.mapping(SIGNALS, SIGNALS).items()}
    for name, node in words.mapping().items():
        if name in groups or name == NUMBER:
            raise node.error(f"组名“{name}”已经有用处，请换一个")
        groups[name] = _words(node)
    return groups


def _lexicon(reading: _Reading) -> Lexicon:
    """Every word of every group, and the words that stand in phrases themselves."""
    known: dict[str, set[str]] = {}
    for name, words in reading.groups.items():
        for word in words:
            known.setdefault(word, set()).add(name)
    for name in _IDLE:
        for word in reading.groups[name]:
            known[word].add("fillers")
    for word in reading.literal:
        known.setdefault(word, set()).add(word)
    lengths: dict[str, set[int]] = {}
    for word in known:
        lengths.setdefault(word[0], set()).add(len(word))
    return Lexicon(
        {word: frozenset(groups) for word, groups in known.items()},
        {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        "fillers",
    )


def _code(node: Node | None) -> str:
    if node is None:
        return ""
    if node.text() not in MESSAGES:
        raise node.error(f"没有编号“{node.text()}”")
    return node.text()


class _Reading:
    """The form and the groups of words while the statements are read; ``literal``: words used as they are."""

    def __init__(self, form: Form, groups: Mapping[str, tuple[str, ...]]) -> None:
        self.groups = groups
        self.literal: set[str] = set()
        self.scope = Scope({table.id: table for table in form.tables}, form.figures)

    def item(self, node: Node) -> Item:
        keys = node.mapping(_ITEM, ("name", "equals", "code", "basis"))
        if "says" not in keys and "none" not in keys:
            raise node.error("says、none 至少要有一个")
        sums = tuple(self.sum(name, item) for name, item in keys["equals"].mapping().items())
        if len({one.money for one in sums}) != 1:
            raise keys["equals"].error("各项应同为件数或同为金额")
        return Item(
            name=keys["name"].filled(),
            says=self.phrases(keys["says"]) if "says" in keys else (),
            equals=sums,
            topics=frozenset(_words(keys.get("topic"))),
            amount=keys["amount"].text() if "amount" in keys else "",
            code=_code(keys["code"]),
            doubtful=_code(keys.get("doubtful")) or _code(keys["code"]),
            none=tuple(phrase.before for phrase in self.phrases(keys["none"], False)) if "none" in keys else (),
            when_none=_code(keys.get("when_none")),
            while_zero=_code(keys.get("while_zero")),
            after=frozenset(_words(keys.get("after"))),
            basis=keys["basis"].filled(),
            units=frozenset(_words(keys.get("units"))),
            none_topics=frozenset(_words(keys.get("none_topic"))),
        )

    def sum(self, name: str, node: Node) -> Sum:
        try:
            expr = self.scope.resolve(parse_expression(node.text()))
        except ExpressionError as error:
            raise node.error(error.fact, error.offset) from error
        terms = [operand for operand in operands(expr) if isinstance(operand, Term)]
        kinds = {self.scope.figures[term.figure].kind for term in terms}
        if len(kinds) != 1 or any(term.source.value for term in terms):
            raise node.error("只能用本年的指标，并且计量单位相同")
        kind = kinds.pop()
        return Sum(name, tuple(term.figure for term in terms), compiled(expr), kind in _YUAN, _YUAN.get(kind, 1))

    def phrases(self, node: Node, numbered: bool = True) -> tuple[Phrase, ...]:
        """The phrases of one line, between semicolons."""
        try:
            phrases = tuple(parse_phrase(text.strip(), numbered) for text in node.filled().split("；"))
        except ValueError as error:
            raise node.error(str(error)) from error
        slots = [slot for phrase in phrases for slot in (*phrase.before, *phrase.after)]
        self.literal |= {slot.group for slot in slots if slot.group not in self.groups}
        return phrases

    def done(self, node: Node) -> Done:
        keys = node.mapping(_DONE)
        return Done(
            name=keys["name"].filled(),
            says=self.phrases(keys["says"], numbered=False),
            subject=keys["subject"].text(),
            after=keys["after"].text(),
            beside=frozenset(_words(keys.get("beside"))),
            unless=frozenset(_words(keys.get("unless"))),
            left=next(self._sums(keys["left"])),
            of=next(self._sums(keys["of"])),
            code=_code(keys["code"]),
            while_none=_code(keys["while_none"]),
        )

    def _sums(self, node: Node) -> Iterator[Sum]:
        return (self.sum(name, item) for name, item in node.mapping().items())

    def rate(self, node: Node) -> Rate:
        keys = node.mapping(("name", "says", "topic", "equals", "of", "unless", "code"), ("of", "code", "topic"))
        return Rate(
            name=keys["name"].text() if "name" in keys else "",
            word=keys["says"].text() if "says" in keys else "",
            topics=frozenset(_words(keys["topic"])),
            equals=self.sum("", keys["equals"]) if "equals" in keys else None,
            of=tuple(self._sums(keys["of"])),
            code=_code(keys["code"]),
            unless=frozenset(_words(keys.get("unless"))),
        )

"""Numbers that count something: which item of the vocabulary a number is, if any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from xltool.narrative.claims.phrases import Phrase, said_around
from xltool.narrative.claims.standing import Period
from xltool.narrative.claims.statement import Way
from xltool.narrative.claims.tokens import Token
from xltool.narrative.claims.utterance import Utterance
from xltool.narrative.claims.vocabulary import Item


class Choice(NamedTuple):
    """The item that a number was taken for, and the tokens that say so; ``rank``: how well they say it.

    ``bare``: no more than its name says so, at the beginning of a clause.
    """

    item: Item
    span: range
    rank: tuple[bool, int]
    bare: bool


def choices(utterance: Utterance) -> Mapping[int, Choice]:
    """By place of the number: the item whose words stand before it, else behind it, and reach furthest."""
    items = utterance.vocabulary.items
    possible = [(item, phrase) for item in items for phrase in item.says if phrase.groups <= utterance.groups]
    found = {}
    for at, token in enumerate(utterance.tokens):
        if token.is_count and _can_be_read(utterance, at):
            is_money = utterance.amount_at(at).is_money
            fitting = list(_fitting(utterance, (one for one in possible if one[0].is_money == is_money), at))
            if fitting:
                found[at] = max(fitting, key=lambda choice: choice.rank)
    return found


def _can_be_read(utterance: Utterance, at: int) -> bool:
    """Whether it has a unit; without one it must end its clause."""
    return bool(utterance.amount_at(at).unit) or utterance.ends_at(at)


def _fitting(utterance: Utterance, possible: Iterable[tuple[Item, Phrase]], at: int) -> Iterator[Choice]:
    near = {True: _reached(utterance, at, -1), False: _reached(utterance, at, 1)}
    of_something_else, unit = _counts_something_else(utterance, at), utterance.amount_at(at).unit
    for item, phrase in possible:
        if phrase.next_to and phrase.next_to not in near[bool(phrase.before)]:
            continue
        if (of_something_else and not phrase.after) or not item.may_be_counted_in(unit):
            continue
        span = said_around(phrase, utterance.tokens, at)
        if span is not None and _is_topic(utterance, item, span):
            yield Choice(item, span, (bool(phrase.before), len(span)), phrase.first)


def _counts_something_else(utterance: Utterance, at: int) -> bool:
    """Whether the number has its noun behind it: 依申请公开等 4 个板块, 收到 1 份征询件."""
    if at + 1 == len(utterance.tokens) or utterance.amount_at(at).unit not in utterance.vocabulary.vague_units:
        return False
    behind = utterance.tokens[at + 1]
    is_noun = behind.groups <= _NO_WORD and not behind.filler and not behind.is_mark and behind.amount is None
    return is_noun and behind.depth == utterance.tokens[at].depth


_NO_WORD = frozenset(("plain", "prepositions", "bodies"))


def _reached(utterance: Utterance, at: int, way: int) -> set[str]:
    """The groups of the tokens on one side of ``at``, up to the first that matters."""
    depth, place, groups = utterance.tokens[at].depth, at + way, set[str]()
    while 0 <= place < len(utterance.tokens):
        groups |= utterance.tokens[place].groups
        if not utterance.tokens[place].passes(depth):
            break
        place += way
    return groups


def _is_topic(utterance: Utterance, item: Item, span: range) -> bool:
    return not item.topics or utterance.topics[span[-1]] in item.topics


def count(utterance: Utterance, at: int, choice: Choice | None) -> None:
    """Take in the count at ``at``."""
    now = utterance.where.now
    if now.versus and now.is_open and utterance.subject is not None:
        said = utterance.statement(Way.COUNT, at, utterance.amount_at(at).value, utterance.subject.item)
        utterance.count(at, said, is_subject=False)
        return
    if choice is not None and _is_joint(utterance, choice.span):
        utterance.know_a_joint()
    item = choice.item if choice is not None and _holds(utterance, choice) else _continued(utterance, at, choice)
    if utterance.wider is not None and _narrows(utterance, at):
        item, now.alien = utterance.wider, False
    if item is None or not now.is_open:
        utterance.pass_over(at, scoped=item is not None and now.scoped)
        return
    if _is_narrowed_behind(utterance, at, item):
        utterance.leave_for_its_part(at, item)
        return
    said = utterance.statement(Way.COUNT, at, utterance.amount_at(at).value, item, of=now.parent)
    utterance.count(at, said, is_subject=now.period is Period.THIS)


def _continued(utterance: Utterance, at: int, choice: Choice | None) -> Item | None:
    """2022年收到 9 件，2023年为 16 件: what was said before is said of another year."""
    start, last = utterance.clause_start(at), utterance.last
    if choice is not None or last is None or last.way is not Way.COUNT or not _can_be_read(utterance, at):
        return None
    clause = utterance.tokens[start:at]
    only_a_year = all(token.filler or token.groups & {"last_year", "this_year"} for token in clause)
    return last.item if only_a_year and any(token.amount is not None for token in clause) else None


def _is_narrowed_behind(utterance: Utterance, at: int, item: Item) -> bool:
    """复议 56 件，受理 50 件，其中涉及政府信息公开 3 件: the 56 are of more than the form counts, the 3 are meant."""
    tokens = utterance.tokens
    clause = tokens[utterance.clause_start(at) : at]
    if item.topics or not item.is_brought or any("narrower" in token.groups for token in clause):
        return False
    behind = (place for place in range(at + 1, len(tokens)) if tokens[place].is_count)
    return any(_narrows(utterance, place) for place in behind)


def _narrows(utterance: Utterance, at: int) -> bool:
    """Whether “其中涉及政府信息公开” and nothing else stands before the number at ``at``."""
    is_narrower = False
    for token in reversed(utterance.tokens[:at]):
        if "breakdown" in token.groups:
            return is_narrower
        is_narrower = is_narrower or "narrower" in token.groups
        if not (
            token.filler or token.ends_clause or token.groups & _NARROWING or token.groups & utterance.vocabulary.topics
        ):
            return False
    return False


_NARROWING = frozenset(("narrower", "asides"))


def _holds(utterance: Utterance, choice: Choice) -> bool:
    """Whether the words mean the item here: not two items together, not an item of another list."""
    if _is_joint(utterance, choice.span):
        return False
    item, tokens = choice.item, utterance.tokens
    if item.after:
        return _follows(utterance, item, choice.span)
    if not item.topics and utterance.speaks_of_others(choice.span[0], anywhere=choice.bare):
        return False
    names_it = any(tokens[place].groups & utterance.vocabulary.topics for place in choice.span)
    return names_it or utterance.knows_its_numbers


def _follows(utterance: Utterance, item: Item, span: range) -> bool:
    """Whether one of the items it comes after stands right before it, or its topic without any number."""
    if utterance.number_at is not None:
        return utterance.last is not None and utterance.last.item.name in item.after
    return any(token.groups & item.topics for token in utterance.tokens[: span[0]])


def _is_joint(utterance: Utterance, span: range) -> bool:
    """Whether the number is said of several things together: 许可、处罚共 9 件, 复议和诉讼各 1 件."""
    tokens = utterance.tokens
    if any("joiners" in tokens[at].groups for at in span) and any("each" in tokens[at].groups for at in span):
        return True
    reaches_on = tokens[span[-1]].amount is None
    return _joined(utterance, span[0], -1) or (reaches_on and _joined(utterance, span[-1], 1))


def _joined(utterance: Utterance, at: int, way: int) -> bool:
    """Whether 、 or 和 and another item stand next to ``at``, in the direction ``way``."""
    joiner = _next(utterance, at, way)
    if joiner is None or "joiners" not in joiner[1].groups:
        return False
    other = _next(utterance, joiner[0], way)
    return other is not None and other[1].amount is None and bool(other[1].groups & utterance.vocabulary.labels)


def _next(utterance: Utterance, at: int, way: int) -> tuple[int, Token] | None:
    """The next token that matters."""
    depth, place = utterance.tokens[at].depth, at + way
    while 0 <= place < len(utterance.tokens):
        if not utterance.tokens[place].passes(depth):
            return place, utterance.tokens[place]
        place += way
    return None

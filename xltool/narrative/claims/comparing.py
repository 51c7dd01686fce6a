"""Numbers that compare: growth, change, share and rate."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from xltool.narrative.claims.phrases import backwards, begins_clause
from xltool.narrative.claims.statement import Statement, Way
from xltool.narrative.claims.utterance import Utterance
from xltool.narrative.claims.vocabulary import Item

_ALL = 100
_UP_OR_DOWN = ("up", "down")


def is_change(utterance: Utterance, at: int) -> bool:
    """Whether the number at ``at`` says by how much something has grown or shrunk since last year."""
    clause = utterance.tokens[utterance.clause_start(at) : at]
    if any("each" in token.groups for token in clause):
        return False
    has_unit = bool(utterance.amount_at(at).unit) or utterance.ends_at(at)
    return has_unit and utterance.where.now.comparing and utterance.before(at, _UP_OR_DOWN) is not None


def change(utterance: Utterance, at: int) -> None:
    """Take in “增加 3 件”."""
    _grown(utterance, at, Way.CHANGE)


def percent(utterance: Utterance, at: int) -> None:
    """Take in the percentage at ``at``, where it is known of what it is one."""
    if not utterance.is_of_this_year:
        return
    if is_change(utterance, at):
        _grown(utterance, at, Way.GROWTH)
    elif _says_share(utterance, at):
        _share(utterance, at)
    else:
        _rate(utterance, at)


def _grown(utterance: Utterance, at: int, way: Way) -> None:
    item, of = _grown_item(utterance, at)
    if item is None or not utterance.is_open or not utterance.vocabulary.growth:
        return
    direction = utterance.before(at, _UP_OR_DOWN)
    assert direction is not None, "is_change was asked before"
    sign = -1 if "down" in utterance.tokens[direction].groups else 1
    utterance.say(utterance.statement(way, at, sign * utterance.amount_at(at).value, item, of))


def _grown_item(utterance: Utterance, at: int) -> tuple[Item | None, Statement | None]:
    """What has grown: the quantity that is named, else what was counted before."""
    for token in reversed(utterance.tokens[:at]):
        for item in utterance.vocabulary.items:
            if item.amount and item.amount in token.groups:
                return item, None
    named, subject = _named_before(utterance, at), utterance.subject
    if named is not None:
        return named, None
    return (subject.item, subject) if subject is not None else (None, None)


_MEASURING = frozenset(
    ("quantities", "compare", "compare_to", "last_year", "up", "down", "share", "about", "nearly", "over")
)


def _named_before(utterance: Utterance, at: int) -> Item | None:
    """What the clause names and nothing else, with no number of its own: 行政处罚数量同比下降 15%, 予以公开占 45%."""
    tokens, depth, place = utterance.tokens, utterance.tokens[at].depth, at
    while place > 0 and tokens[place - 1].groups & _MEASURING:
        place -= 1
    if place in (0, at) or utterance.speaks_of_others(at, anywhere=True) or not utterance.knows_its_numbers:
        return None
    for item in utterance.vocabulary.items:
        if item.is_money or item.after or (item.topics and utterance.topics[place - 1] not in item.topics):
            continue
        for phrase in item.says:
            if phrase.after or not any(tokens[place - 1].says(slot.group, depth) for slot in phrase.before):
                continue
            start = backwards(phrase.before, tokens, place, depth)
            if start is not None and begins_clause(tokens, start, depth):
                return item
    return None


def _says_share(utterance: Utterance, at: int) -> bool:
    """Whether “占” stands before the percentage, in its clause, with no number between."""
    for place in range(at - 1, utterance.clause_start(at) - 1, -1):
        if utterance.tokens[place].is_count:
            return False
        if "share" in utterance.tokens[place].groups:
            return True
    return False


def _is_of_the_requests(utterance: Utterance, at: int) -> bool:
    """Whether nothing unknown opens the sentence: in “评议公众中，自然人占 45%” it is the share of something else."""
    start = utterance.clause_start(at)
    opening = utterance.tokens[:start]
    return not start or bool(utterance.said) or any(token.groups & utterance.vocabulary.topics for token in opening)


def _share(utterance: Utterance, at: int) -> None:
    share, of = utterance.vocabulary.share, utterance.last
    named = _named_before(utterance, at)
    if named is not None and _is_of_the_requests(utterance, at):
        of = replace(utterance.statement(Way.COUNT, at, Decimal(0), named), amount=None)
    if share is None or of is None or of.last_year or of.way is not Way.COUNT:
        return
    if not of.item.topics or not of.item.topics <= share.topics or utterance.topics[at] not in share.topics:
        return  # 占行政复议案件总数的 5%: of something that is no total of the requests
    utterance.say(utterance.statement(Way.SHARE, at, utterance.amount_at(at).value, share, of))


def _rate(utterance: Utterance, at: int) -> None:
    for rate in utterance.vocabulary.rates:
        if rate.unless & (utterance.groups | utterance.counted) and utterance.amount_at(at).value == _ALL:
            continue
        named = utterance.before(at, (rate.word,))
        if named is not None and utterance.topics[named] in rate.topics and utterance.knows_its_numbers:
            utterance.say(utterance.statement(Way.RATE, at, utterance.amount_at(at).value, rate))

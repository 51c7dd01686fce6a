"""Numbers that compare: growth, change, share and rate."""

from __future__ import annotations

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
    subject = utterance.subject
    return (subject.item, subject) if subject is not None else (None, None)


def _says_share(utterance: Utterance, at: int) -> bool:
    """Whether “占” stands before the percentage, in its clause, with no number between."""
    for place in range(at - 1, utterance.clause_start(at) - 1, -1):
        if utterance.tokens[place].is_count:
            return False
        if "share" in utterance.tokens[place].groups:
            return True
    return False


def _share(utterance: Utterance, at: int) -> None:
    share, of = utterance.vocabulary.share, utterance.last
    if share is None or of is None or of.last_year or of.way is not Way.COUNT or not of.item.topics <= share.topics:
        return
    utterance.say(utterance.statement(Way.SHARE, at, utterance.amount_at(at).value, share, of))


def _rate(utterance: Utterance, at: int) -> None:
    for rate in utterance.vocabulary.rates:
        if rate.unless & (utterance.groups | utterance.counted) and utterance.amount_at(at).value == _ALL:
            continue
        named = utterance.before(at, (rate.word,))
        if named is not None and utterance.topics[named] in rate.topics and utterance.knows_its_numbers:
            utterance.say(utterance.statement(Way.RATE, at, utterance.amount_at(at).value, rate))

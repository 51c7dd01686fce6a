"""Statements without a number: nothing was received; everything was dealt with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xltool.narrative.claims.phrases import Slot, backwards, begins_clause, forwards
from xltool.narrative.claims.statement import Statement, Way
from xltool.narrative.claims.tokens import Token
from xltool.narrative.claims.utterance import Utterance
from xltool.narrative.claims.vocabulary import Done, Item

_ZERO = Decimal(0)
_OF = "的"
_MOST_WORDS = 40


def nothing(utterance: Utterance, at: int) -> Iterator[Statement]:
    """What “没有” at ``at`` says there was none of: 未发生行政复议、行政诉讼 says it of two things.

    未制发、废止规范性文件 has one object for two verbs.
    """
    segments = _segments(utterance, at)
    for number, segment in enumerate(segments):
        item = _named(utterance, segment, number > 0)
        if item is None and segment and number + 1 < len(segments):
            item = _named(utterance, [*segment, *segments[-1][1:]], number > 0)
        if item is not None and (not item.none_topics or utterance.topics[at] in item.none_topics):
            yield utterance.statement(Way.NONE, at, _ZERO, item, words=_written(utterance, at, segment))
        elif not _is_passed_over(utterance, segment):
            return


def _named(utterance: Utterance, segment: list[Token], later: bool) -> Item | None:
    """The item that the segment names and nothing else; a later one need not say the verb again."""
    for item in utterance.vocabulary.items:
        for slots in item.none:
            if _whole(slots, segment) or (later and len(slots) > 1 and _whole(slots[1:], segment)):
                return item
    return None


def _is_passed_over(utterance: Utterance, segment: list[Token]) -> bool:
    """Whether the segment is no more than a verb, or some other matter that there was none of either: 举报、复议."""
    known = utterance.vocabulary.none_verbs | {utterance.vocabulary.other_topic}
    return all(token.filler or token.groups & known for token in segment)


def _segments(utterance: Utterance, at: int) -> list[list[Token]]:
    """What stands behind ``at`` in its clause, cut at 、 and 和."""
    segments: list[list[Token]] = [[]]
    depth = utterance.tokens[at].depth
    for token in utterance.tokens[at + 1 : at + 1 + _MOST_WORDS]:
        if token.ends_clause or token.depth < depth or token.groups & {"none", "zero"}:
            break
        if token.depth > depth:
            continue
        if "joiners" in token.groups:
            segments.append([])
        else:
            segments[-1].append(token)
    return segments


def _whole(slots: Sequence[Slot], segment: list[Token]) -> bool:
    if not segment:
        return False
    end = forwards(slots, segment, -1, segment[0].depth)
    return end is not None and end >= 0 and all(token.filler for token in segment[end + 1 :])


def _written(utterance: Utterance, at: int, segment: list[Token]) -> str:
    """The words from “没有” to the end of the segment."""
    end = segment[-1].start + len(segment[-1].text)
    return utterance.sentence.written(utterance.tokens[at].start, end)


def zero(utterance: Utterance, at: int) -> Iterator[Statement]:
    """What “零” at ``at`` says there was none of: 零复议、零诉讼; or of what is named before it (均为零)."""
    behind = _segments(utterance, at)[0]
    verbs = utterance.vocabulary.none_verbs - utterance.vocabulary.topics
    if all(token.filler or token.groups & verbs for token in behind):
        yield from nothing_of_each(utterance, at)
        return
    item = _named(utterance, behind, later=False)
    if item is not None and item.is_brought:
        yield utterance.statement(Way.NONE, at, _ZERO, item, words=_written(utterance, at, behind))


def nothing_of_each(utterance: Utterance, at: int) -> Iterator[Statement]:
    """What “均为 0 件” or “均为零” at ``at`` says there was none of."""
    start = utterance.clause_start(at)
    segments: list[list[Token]] = [[]]
    for token in utterance.tokens[start:at]:
        if "joiners" in token.groups:
            segments.append([])
        else:
            segments[-1].append(token)
    if len(segments) == 1 and "zero" not in utterance.tokens[at].groups:
        return
    for segment in segments:
        item = _named(utterance, segment, later=True)
        if item is not None:
            yield utterance.statement(Way.NONE, at, _ZERO, item)


def all_done(utterance: Utterance, at: int) -> Iterator[Statement]:
    """“均已办结” at ``at``, said of all that was received."""
    done = utterance.vocabulary.done
    if done is None or done.unless & (utterance.groups | utterance.counted):
        return
    for phrase in done.says:
        if phrase.before[0].group in utterance.tokens[at].groups:
            end = forwards(phrase.before, utterance.tokens, at - 1, utterance.tokens[at].depth)
            if end is not None and _ends(utterance, end) and _is_said_of_all(utterance, at, done):
                words = utterance.sentence.written(
                    utterance.tokens[at].start, utterance.tokens[end].start + len(utterance.tokens[end].text)
                )
                yield utterance.statement(Way.DONE, at, _ZERO, done, words=words)
                return


def _ends(utterance: Utterance, at: int) -> bool:
    """Whether nothing that matters follows in the clause: “均已答复 3 件” is a count."""
    for token in utterance.tokens[at + 1 :]:
        if token.ends_clause:
            return True
        if not token.passes(utterance.tokens[at].depth):
            return False
    return True


def _is_said_of_all(utterance: Utterance, at: int, done: Done) -> bool:
    """Whether “all” is all that was received: named in the clause, or the number right before it."""
    if utterance.topics[at] != done.subject:
        return False
    clause = range(utterance.clause_start(at), at)
    named = next((place for place in clause if done.subject in utterance.tokens[place].groups), None)
    is_counted = any(utterance.tokens[place].is_count for place in clause)
    if named is not None and not is_counted:
        return _opens(utterance, named)
    last = utterance.last
    if last is None or last.way is not Way.COUNT or last.last_year:
        return False
    if last.item.name in done.beside and not is_counted:
        return _is_beside_all(utterance, at, last, done)
    return last.item.name == done.after or _is_full_list_of(utterance, last.of, done.after)


def _is_beside_all(utterance: Utterance, at: int, last: Statement, done: Done) -> bool:
    """收到 20 件，上年结转 1 件，均已办结 is said of both; 收到 20 件，其中上年结转 3 件，均已办结 maybe of the 3."""
    counts = [one for one in utterance.said if one.way is Way.COUNT]
    others = [one for one in counts if one.item.name not in done.beside]
    are_all_known = len(counts) == sum(token.is_count for token in utterance.tokens[:at])
    may_be_of_last = last.of is not None and last.value > 1
    return are_all_known and not may_be_of_last and bool(others) and others[-1].item.name == done.after


def _is_full_list_of(utterance: Utterance, whole: Statement | None, after: str) -> bool:
    """Whether the numbers before are all parts of ``whole``: 收到 5 件，其中予以公开 4 件，无法提供 1 件，均已办结."""
    if whole is None or whole.way is not Way.COUNT or whole.item.name != after:
        return False
    return sum(one.value for one in utterance.said if one.of is whole and one.way is Way.COUNT) == whole.value


def _opens(utterance: Utterance, named: int) -> bool:
    """Whether the requests named are all requests, not some kind of them, nor something about them."""
    if utterance.tokens[named + 1].text == _OF:
        return False
    slots = [Slot(group, optional=True) for group in utterance.vocabulary.all_words]
    start = backwards(slots, utterance.tokens, named, utterance.tokens[named].depth)
    return start is not None and begins_clause(utterance.tokens, start, utterance.tokens[named].depth)

"""What a text says about numbers: sentence by sentence, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xltool.narrative.claims.absence import all_done, nothing, nothing_of_each, zero
from xltool.narrative.claims.amounts import Sort, amounts
from xltool.narrative.claims.asides import without_asides
from xltool.narrative.claims.comparing import change, is_change, percent
from xltool.narrative.claims.counting import Choice, choices, count
from xltool.narrative.claims.statement import Statement
from xltool.narrative.claims.tokens import Token, sentences, tokenise, with_years
from xltool.narrative.claims.utterance import Utterance
from xltool.narrative.claims.vocabulary import Vocabulary
from xltool.narrative.spelling import NUMBERED

_NUMBERS = re.compile("[0-9０-９一二三四五六七八九十百两零未无没均都全]|不存在")
_HEADING = re.compile(f"{NUMBERED}[^，；：]{{0,22}}")
_BEHIND_MARKS = frozenset(".．、)）")
_YEARS = ("last_year", "this_year", "next_year")


@dataclass(frozen=True, eq=False)
class _Carried:
    """What one sentence hands on to the next: its topic, whether it spoke of somebody else, its last number."""

    topic: str
    scoped: bool = False
    last: Statement | None = None


def statements(vocabulary: Vocabulary, part: str, text: str, unit: str, year: int) -> Iterator[Statement]:
    """Everything that the text of ``part`` says about figures of the year ``year`` or the one before."""
    carried = _Carried(vocabulary.parts.get(part, ""))
    for sentence in sentences(text):
        if sentence.opens_paragraph:
            carried = _Carried(carried.topic)
        if not _is_worth_reading(vocabulary, sentence.squeezed, carried.topic):
            carried = _Carried(carried.topic)
            continue
        found = amounts(sentence.squeezed, vocabulary.units)
        dated = with_years(tokenise(sentence.squeezed, found, vocabulary.lexicon), year, _YEARS)
        tokens = _unnumbered(without_asides(dated, vocabulary.labels))
        utterance = Utterance(vocabulary, part, sentence, tokens, unit)
        _read(utterance, carried)
        yield from utterance.said
        carried = _Carried(_topic_after(utterance, carried.topic), utterance.was_scoped, utterance.last)


def _unnumbered(tokens: list[Token]) -> list[Token]:
    """The tokens, the number that only numbers the sentence turned into fillers: 2.收到申请, （2）收到申请."""
    at = 1 if tokens[0].is_bracket else 0
    mark = tokens[at : at + 2]
    if len(mark) < 2 or mark[0].amount is None or mark[0].amount.unit or mark[1].text not in _BEHIND_MARKS:
        return tokens
    idle = [token._replace(groups=frozenset(), amount=None, filler=True) for token in mark]
    return [*tokens[:at], *idle, *tokens[at + 2 :]]


def _is_worth_reading(vocabulary: Vocabulary, text: str, topic: str) -> bool:
    """Whether anything can be read: there is a number or a word that stands for one, and a topic."""
    return bool(_NUMBERS.search(text) and (topic or vocabulary.telling.search(text)))


def _topic_after(utterance: Utterance, topic: str) -> str:
    """A heading says what the sentences behind it are about."""
    is_heading = _HEADING.fullmatch(utterance.sentence.squeezed.rstrip("。"))
    return utterance.topics[-1] if is_heading and utterance.topics else topic


def _read(utterance: Utterance, carried: _Carried) -> None:
    utterance.go_on_from(carried.topic, carried.last, carried.scoped and not _begins_anew(utterance))
    chosen = choices(utterance)
    utterance.expect(choice.item.name for choice in chosen.values())
    consumed = {place for choice in chosen.values() for place in choice.span}
    for at, token in enumerate(utterance.tokens):
        utterance.where.step(at, at in consumed)
        if "breakdown" in token.groups:
            utterance.break_down()
        if token.amount is not None:
            _number(utterance, at, chosen.get(at))
        elif token.groups and utterance.is_open:
            _words(utterance, at)


def _begins_anew(utterance: Utterance) -> bool:
    """Whether the sentence no longer goes on about what the one before spoke of."""
    if utterance.resumes:
        return False
    opening = utterance.tokens[: _first_mark(utterance)]
    return any(token.groups & {"this_year", "areas", "ours"} for token in opening)


def _first_mark(utterance: Utterance) -> int:
    return next((at for at, token in enumerate(utterance.tokens) if token.ends_clause), len(utterance.tokens))


def _number(utterance: Utterance, at: int, choice: Choice | None) -> None:
    amount = utterance.amount_at(at)
    if amount.sort is Sort.PERCENT:
        percent(utterance, at)
    elif amount.sort is Sort.COUNT:
        if amount.value == 0 and utterance.is_of_this_year and (none := list(nothing_of_each(utterance, at))):
            utterance.say(*none)
        elif is_change(utterance, at):
            change(utterance, at)
        else:
            count(utterance, at, choice)


def _words(utterance: Utterance, at: int) -> None:
    groups = utterance.tokens[at].groups
    if groups & _SAYING_NOTHING and utterance.is_of_this_year and not utterance.speaks_of_others(at):
        utterance.say(*(nothing if "none" in groups else zero)(utterance, at))
    if groups & utterance.vocabulary.done_words:
        utterance.say(*all_done(utterance, at))


_SAYING_NOTHING = frozenset(("none", "zero"))

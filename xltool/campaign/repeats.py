"""Repetition between the units of a campaign: all newest rounds compared, and what is found recorded with each unit.

Nobody knows who copied from whom: a unit is asked wherever the part of its own text that stands in another's is large
enough. What was found stands beside the unit's other findings until this is run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from xltool.campaign.home import Campaign
from xltool.campaign.lasttexts import LAST_YEAR_LIMIT, UNITS_LIMIT, limit_of
from xltool.campaign.records import counting
from xltool.campaign.refreshing import UNACCEPT, refreshed
from xltool.check.finding import Finding
from xltool.errors import CampaignTrouble
from xltool.narrative.repetition import (
    Comparable,
    Span,
    Stretch,
    longest_repeated,
    part_of,
    part_repeated,
    repeated,
    stretches,
)
from xltool.narrative.repetition_findings import Likeness, comparable_texts, repeats_another
from xltool.narrative.repetition_index import Comparison, compare_all
from xltool.narrative.wording_words import Repetition, wording_of

SET_REPEATS = "定重复的界限"
CODE = "S21"
PERCENTS = range(1, 101)


@dataclass(frozen=True)
class Side:
    """One of two texts: what part of it (0 to 1) stands in the other one, and its ``parts`` with that marked."""

    unit: str
    part: float
    parts: tuple[tuple[Stretch, ...], ...]
    passage: str


@dataclass(frozen=True)
class Alike:
    """Two units whose texts repeat each other; ``share`` is the larger of the two parts."""

    share: float
    one: Side
    other: Side


@dataclass(frozen=True)
class Repeats:
    """``pairs``: (share, unit, other unit), the most alike first. ``limit``: per cent from which a pair is one.

    ``common``: passages that most units have, which do not count, by how many have them. ``asked``: units that have
    something to verify on account of this.
    """

    limit: int
    compared: int
    pairs: tuple[tuple[float, str, str], ...]
    common: tuple[tuple[str, int], ...]
    asked: tuple[str, ...]
    _comparison: Comparison

    def side_by_side(self, most: int) -> list[Alike]:
        """The first ``most`` pairs with their texts."""
        texts = self._comparison.texts
        return [_alike(texts[p.one], texts[p.other], p.share) for p in self._comparison.pairs[:most]]


def set_limits(campaign: Campaign, units: int | None, last_year: int | None) -> None:
    """From now on this campaign's limits, in per cent; None leaves one as it is. CampaignTrouble for nonsense."""
    given = {name: value for name, value in ((UNITS_LIMIT, units), (LAST_YEAR_LIMIT, last_year)) if value is not None}
    if any(value not in PERCENTS for value in given.values()):
        raise CampaignTrouble("重复的界限是百分数，应在 1 到 100 之间，如 50。")
    store = campaign.store
    with store.transaction():
        settings = store.settings()
        for name, value in given.items():
            if settings.get(name) != str(value):
                store.put_setting(name, str(value))
                store.decide(campaign.stamp(), campaign.who, "", SET_REPEATS, None, "", {name: value})


def compare_units(campaign: Campaign, watch: Callable[[str], None] | None = None) -> Repeats:
    """Compare the newest round of every unit with that of every other, and record what each one has to verify.

    ``watch`` is told of every unit that is done. CampaignTrouble where the edition declares no wording.
    """
    declared = _declared(campaign)
    limit = limit_of(campaign.store.settings(), UNITS_LIMIT) or declared.units
    texts = _texts(campaign)
    comparison = compare_all(texts, limit / 100, declared.least, watch)
    likenesses = _likenesses(comparison, limit)
    for unit in campaign.store.latest_standings():
        _record(campaign, unit, likenesses.get(unit), limit)
    named = comparison.texts
    return Repeats(
        limit=limit,
        compared=len(texts),
        pairs=tuple((pair.share, named[pair.one].unit, named[pair.other].unit) for pair in comparison.pairs),
        common=comparison.common,
        asked=tuple(sorted(likenesses)),
        _comparison=comparison,
    )


def _declared(campaign: Campaign) -> Repetition:
    wording = wording_of(campaign.form)
    if wording is None:
        raise CampaignTrouble(f"表式“{campaign.form.id}”没有文字核对的用词（wording.yaml），不能比较文字。")
    return wording.repetition


def _texts(campaign: Campaign) -> list[Comparable]:
    store = campaign.store
    standings = store.latest_standings()
    return [
        comparable_texts(campaign.form, unit.name, store.filing(standings[unit.name].id).texts)
        for unit in campaign.roster()
        if unit.name in standings
    ]


def _likenesses(comparison: Comparison, limit: int) -> Mapping[str, Likeness]:
    """For every unit the other one that it repeats most, where that is ``limit`` per cent of its own text."""
    found: dict[str, list[tuple[float, Comparable, Comparable]]] = {}
    for pair in comparison.pairs:
        one, other = comparison.texts[pair.one], comparison.texts[pair.other]
        for own, theirs in ((one, other), (other, one)):
            part = part_repeated(own, theirs)
            if part * 100 >= limit:
                found.setdefault(own.unit, []).append((part, own, theirs))
    return {unit: _likeness(others) for unit, others in found.items()}


def _likeness(others: Sequence[tuple[float, Comparable, Comparable]]) -> Likeness:
    part, own, most = min(others, key=lambda entry: (-entry[0], entry[2].unit))
    return Likeness(most.unit, part, longest_repeated(own, repeated(own, most)), len(others) - 1)


def _record(campaign: Campaign, unit: str, likeness: Likeness | None, limit: int) -> None:
    store = campaign.store
    with store.transaction():
        newest = counting(store.submissions(unit))
        if newest is None:
            return
        own = [finding for finding in newest.findings if finding.code != CODE]
        before = [finding for finding in newest.findings if finding.code == CODE]
        if likeness is None and not before:
            return
        now = [_finding(campaign, newest.id, likeness, limit)] if likeness is not None else []
        if [_said(finding) for finding in before] == [_said(finding) for finding in now]:
            return
        after = refreshed(campaign, newest, [*own, *now])
        if newest.is_accepted and not after.is_accepted and likeness is not None:
            said = {"errors": after.errors, "waiting": after.waiting}
            note = f"文字与{likeness.other}的大段相同"
            store.decide(campaign.stamp(), campaign.who, unit, UNACCEPT, newest.id, note, said)


def _finding(campaign: Campaign, submission: int, likeness: Likeness, limit: int) -> Finding:
    return repeats_another(campaign.form, campaign.store.filing(submission), likeness, limit)


def _said(finding: Finding) -> tuple[str, str]:
    return finding.key, finding.said


def _alike(one: Comparable, other: Comparable, share: float) -> Alike:
    return Alike(share, _side(one, repeated(one, other)), _side(other, repeated(other, one)))


def _side(text: Comparable, spans: list[Span]) -> Side:
    return Side(text.unit, part_of(text, spans), stretches(text, spans), longest_repeated(text, spans))

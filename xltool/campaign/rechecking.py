"""Checking again what is in, after the rules, their levels or last year's figures changed: what came of it, by unit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace

from xltool.campaign.home import Campaign
from xltool.campaign.reading import Reader, begin_reading, read_again
from xltool.campaign.records import Submission
from xltool.campaign.refreshing import SAME_TEXTS, UNCHANGED, refreshed, same_figures
from xltool.campaign.workers import batches, pool_of, result_of, submitted
from xltool.check.finding import Finding
from xltool.errors import CampaignTrouble
from xltool.form import Level

RECHECK = "重新核对"
_WORTH_A_POOL = 12
_AHEAD = 64
_TOGETHER = 20
_EXPLAINED = "已说明"
_Found = tuple[Finding, ...] | str


@dataclass(frozen=True)
class Rechecked:
    """A unit of which something else is said now. ``before``, ``after``: its newest round, without the findings.

    ``came``, ``went``: keys of findings that people have to look at. ``changed``: level before and now, by key.
    """

    before: Submission
    after: Submission
    came: tuple[str, ...]
    went: tuple[str, ...]
    changed: Mapping[str, tuple[str, str]]

    @property
    def unit(self) -> str:
        return self.after.unit


def check_again(campaign: Campaign, watch: Callable[[str], None] | None = None, workers: int = 2) -> list[Rechecked]:
    """Re-check every unit's newest round against the rules as they are now; what is said of units that changed.

    ``watch`` is told of every unit that is done. CampaignTrouble where an original is lost or damaged.
    """
    changed = []
    for batch in batches(_found(campaign, workers), _TOGETHER):
        with campaign.store.transaction():
            settled = [_settle(campaign, *found) for found in batch]
        changed += [one for one in settled if one is not None]
        if watch is not None:
            for unit, _, _ in batch:
                watch(unit)
    return changed


def _found(campaign: Campaign, workers: int) -> Iterator[tuple[str, str, _Found]]:
    """Unit, hash, and all findings of the original as the rules are now, or why it cannot be read."""
    due = [(unit, submission.hash) for unit, submission in campaign.store.latest_standings().items()]
    if len(due) < _WORTH_A_POOL or workers < 2:
        reader = Reader(campaign)
        for unit, digest in due:
            yield unit, digest, reader.again(digest)
        return
    with pool_of(workers, begin_reading, campaign.folder) as pool:
        under_way: deque[tuple[str, str, Future[_Found]]] = deque()
        for unit, digest in due:
            under_way.append((unit, digest, submitted(pool, read_again, digest)))
            if len(under_way) >= _AHEAD:
                yield _done(*under_way.popleft())
        while under_way:
            yield _done(*under_way.popleft())


def _done(unit: str, digest: str, future: Future[_Found]) -> tuple[str, str, _Found]:
    return unit, digest, result_of(future)


def _settle(campaign: Campaign, unit: str, digest: str, found: _Found) -> Rechecked | None:
    """Record what is found now; None where nobody has to know."""
    if isinstance(found, str):
        raise CampaignTrouble(f"“{unit}”的原件读不出来：{found}")
    store = campaign.store
    before = store.by_hash(digest)  # somebody may have decided meanwhile
    # That it was the same as what was returned, or as another's texts, is not seen again here.
    kept = [finding for finding in before.findings if finding.code in (UNCHANGED, SAME_TEXTS)]
    now = [*found, *same_figures(store, before.unit, before.figures), *kept]
    after = refreshed(campaign, before, now)
    old, new = _levels(before), _levels(after)
    if before.state == after.state and old == new:
        return None
    said = {"errors": after.errors, "waiting": after.waiting, "state": [before.state, after.state]}
    store.decide(campaign.stamp(), campaign.who, before.unit, RECHECK, before.id, "", said)
    return Rechecked(
        replace(before, findings=()),
        replace(after, findings=()),
        tuple(key for key in new if key not in old),
        tuple(key for key in old if key not in new),
        {key: (old[key], new[key]) for key in new if key in old and old[key] != new[key]},
    )


def _levels(submission: Submission) -> dict[str, str]:
    """What people have to look at, or have explained."""
    # After any change of the form every workbook bears another digest: a 提示 nobody has to look at.
    said = [finding for finding in submission.findings if finding.level is not Level.HINT]
    return {finding.key: str(finding.level) if finding.is_open else _EXPLAINED for finding in said}

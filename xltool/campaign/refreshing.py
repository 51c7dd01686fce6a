"""Where a return stands, worked out again: after a decision, a change of rules, or what a neighbour handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xltool.campaign.explaining import explained
from xltool.campaign.home import Campaign
from xltool.campaign.records import State, Submission, counting
from xltool.campaign.store import Store
from xltool.check.finding import Finding, made
from xltool.form import Level
from xltool.sheetnames import COVER

UNACCEPT = "撤回审定"
SAME_FIGURES, UNCHANGED, SAME_TEXTS = "W14", "W15", "S21"
BESIDE_OTHERS = (SAME_FIGURES, UNCHANGED, SAME_TEXTS)
"""Codes of what only shows beside other files, and is not in the file itself."""


def state_of(errors: int, waiting: int) -> State:
    """Where a return stands by what is open."""
    if errors:
        return State.ERRORS
    return State.WAITING if waiting else State.CLEAN


def counts(findings: Iterable[Finding]) -> tuple[int, int, int]:
    """How many are open 错误, open 核实, and 提示."""
    errors = waiting = hints = 0
    for finding in findings:
        errors += finding.is_open and finding.level is Level.ERROR
        waiting += finding.is_open and finding.level is Level.VERIFY
        hints += finding.level is Level.HINT
    return errors, waiting, hints


def refreshed(campaign: Campaign, submission: Submission, findings: Iterable[Finding]) -> Submission:
    """The round with the office's explanations put in.

    An accepted one that has errors now is accepted no more; one that was returned and has nothing open any more can be.
    """
    filing = campaign.store.filing(submission.id)
    now = explained(findings, submission.unit, filing, campaign.store.decisions(submission.unit))
    errors, waiting, hints = counts(now)
    is_out = submission.state == State.RETURNED and bool(errors or waiting)
    keeps = is_out or submission.state == State.DOUBLE or (submission.is_accepted and not errors)
    state = submission.state if keeps else state_of(errors, waiting)
    fresh = replace(submission, findings=now, errors=errors, waiting=waiting, hints=hints, state=state)
    campaign.store.update_findings(fresh)
    return fresh


def same_figures(store: Store, unit: str, figures: str) -> Iterator[Finding]:
    """The finding that another unit's newest round has these figures too, whoever was first."""
    for other in store.units_with(figures) if figures else ():
        if other != unit:
            newest = counting(store.submissions(other))
            if newest is not None and newest.figures == figures:
                yield made(SAME_FIGURES, COVER, other=other)
                return


def refresh_neighbours(campaign: Campaign, unit: str, figures: Iterable[str]) -> None:
    """Judge anew, beside what ``unit`` has just handed in, every other unit with one of these fingerprints."""
    store = campaign.store
    neighbours = {other for one in figures if one for other in store.units_with(one)} - {unit}
    for neighbour in sorted(neighbours):
        newest = counting(store.submissions(neighbour))
        if newest is not None:
            own = [finding for finding in newest.findings if finding.code != SAME_FIGURES]
            beside = list(same_figures(store, neighbour, newest.figures))
            if [f.said for f in beside] != [f.said for f in newest.findings if f.code == SAME_FIGURES]:
                now = refreshed(campaign, newest, [*own, *beside])
                if newest.is_accepted and not now.is_accepted:
                    said = {"errors": now.errors, "waiting": now.waiting}
                    note = f"{unit}交来的数与它完全相同"
                    store.decide(campaign.stamp(), campaign.who, neighbour, UNACCEPT, newest.id, note, said)

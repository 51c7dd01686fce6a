"""Where a return stands, worked out again: after a decision, a change of rules, or what a neighbour handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from xltool.campaign.explaining import explained
from xltool.campaign.home import Campaign
from xltool.campaign.records import State, Submission
from xltool.campaign.store import Store
from xltool.check.finding import finding_data, made

UNACCEPT = "撤回审定"
SAME_FIGURES, UNCHANGED, SAME_TEXTS = "W14", "W15", "S21"
BESIDE_OTHERS = (SAME_FIGURES, UNCHANGED, SAME_TEXTS)
"""Codes of what only shows beside other files, and is not in the file itself."""


def state_of(errors: int, waiting: int) -> State:
    """Where a return stands by what is open."""
    if errors:
        return State.ERRORS
    return State.WAITING if waiting else State.CLEAN


def counting(rounds: Sequence[Submission]) -> Submission | None:
    """The newest round that was not put aside."""
    return next((s for s in reversed(rounds) if s.state != State.REJECTED), None)


def refreshed(campaign: Campaign, submission: Submission, findings: list[dict[str, Any]]) -> Submission:
    """The round with the office's explanations put in; an accepted one that has errors now is accepted no more."""
    filing = campaign.store.filing(submission.id)
    now = explained(findings, submission.unit, filing, campaign.store.decisions(submission.unit))
    errors = sum(f["open"] and f["level"] == "错误" for f in now)
    waiting = sum(f["open"] and f["level"] == "核实" for f in now)
    keeps = submission.state in (State.RETURNED, State.DOUBLE) or (submission.is_accepted and not errors)
    state = submission.state if keeps else state_of(errors, waiting)
    fresh = replace(submission, findings=now, errors=errors, waiting=waiting, state=state)
    campaign.store.update_findings(fresh)
    return fresh


def same_figures(store: Store, unit: str, figures: str) -> Iterator[dict[str, Any]]:
    """The finding that another unit's newest round has these figures too, whoever was first."""
    for other in store.units_with(figures) if figures else ():
        if other != unit:
            newest = counting(store.submissions(other))
            if newest is not None and newest.figures == figures:
                yield finding_data(made(SAME_FIGURES, "封面", other=other))
                return


def refresh_neighbours(campaign: Campaign, unit: str, figures: Iterable[str]) -> None:
    """Judge anew, beside what ``unit`` has just handed in, every other unit with one of these fingerprints."""
    store = campaign.store
    neighbours = {other for one in figures if one for other in store.units_with(one)} - {unit}
    for neighbour in sorted(neighbours):
        newest = counting(store.submissions(neighbour))
        if newest is not None:
            own = [finding for finding in newest.findings if finding["code"] != SAME_FIGURES]
            beside = list(same_figures(store, neighbour, newest.figures))
            if [f["text"] for f in beside] != [f["text"] for f in newest.findings if f["code"] == SAME_FIGURES]:
                now = refreshed(campaign, newest, [*own, *beside])
                if newest.is_accepted and not now.is_accepted:
                    said = {"errors": now.errors, "waiting": now.waiting}
                    note = f"{unit}交来的数与它完全相同"
                    store.decide(campaign.stamp(), campaign.who, neighbour, UNACCEPT, newest.id, note, said)

"""What the database holds of a campaign, one line each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from xltool.check.finding import Finding


@dataclass(frozen=True)
class Submission:
    """One return of a unit that was read: its round, what was found, and where it stands (``State``).

    ``errors``, ``waiting``, ``hints``: how many findings are open 错误, open 核实, 提示. ``figures``: a
    fingerprint of its figures, "" where too few are not 0 to tell units apart. ``findings``: everything found, at the
    levels of this campaign and with the office's explanations.
    """

    id: int
    hash: str
    unit: str
    round: int
    at: str
    file: str
    state: str
    errors: int
    waiting: int
    hints: int
    figures: str
    findings: tuple[Finding, ...]

    @property
    def is_accepted(self) -> bool:
        return self.state == State.ACCEPTED


class State(StrEnum):
    """Where a return stands."""

    ERRORS = "有错误"
    WAITING = "待核实"
    CLEAN = "待审定"
    RETURNED = "已退回"
    DOUBLE = "有两份"
    ACCEPTED = "已审定"
    REJECTED = "不予采用"


@dataclass(frozen=True)
class Issued:
    """A workbook handed out; ``fingerprint`` fixes what was seeded into it."""

    unit: str
    issue: int
    number: str
    fingerprint: str
    file: str
    at: str


@dataclass(frozen=True)
class Decision:
    """One line of the log."""

    id: int
    at: str
    who: str
    unit: str
    action: str
    submission: int | None
    note: str
    data: dict[str, Any]


def counting(rounds: Sequence[Submission]) -> Submission | None:
    """Of a unit's rounds, oldest first, the newest that was not put aside."""
    return next((s for s in reversed(rounds) if s.state != State.REJECTED), None)


def accepted(rounds: Sequence[Submission]) -> Submission | None:
    """Of a unit's rounds, oldest first, the newest that is accepted, even where a newer one waits."""
    return next((s for s in reversed(rounds) if s.is_accepted), None)


def by_unit(rounds: Iterable[Submission]) -> Mapping[str, list[Submission]]:
    """Rounds by their units, in the order given."""
    found: dict[str, list[Submission]] = {}
    for submission in rounds:
        found.setdefault(submission.unit, []).append(submission)
    return found


def counting_by_unit(rounds: Iterable[Submission]) -> dict[str, Submission]:
    """``counting`` of every unit that has such a round."""
    newest = ((unit, counting(own)) for unit, own in by_unit(rounds).items())
    return {unit: submission for unit, submission in newest if submission is not None}

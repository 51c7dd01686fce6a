"""What the database holds of a campaign, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Submission:
    """One return of a unit that was read: its round, what was found, and where it stands (``State``).

    ``errors``, ``waiting``, ``hints``: how many findings are open 错误, open 核实, 提示. ``figures``: a
    fingerprint of its figures, "" where all are 0 or blank. ``findings``: as ``xltool check --json`` gives them.
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
    findings: list[dict[str, Any]]

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

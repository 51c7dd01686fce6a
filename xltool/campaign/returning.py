"""Sending back: a marked copy and a notice for every unit whose newest return has something open.

Files are written first, whole or not at all, and recorded afterwards. A run that was interrupted is simply run
again: what is recorded is left alone, what is not is written over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from xltool.campaign.home import Campaign
from xltool.campaign.records import Decision, State, Submission
from xltool.campaign.return_files import ReturnTask, files_of, make_return, open_findings
from xltool.campaign.roster import RosterUnit
from xltool.campaign.seeding import seed_of
from xltool.campaign.workers import batches, pool_of, result_of, submitted
from xltool.errors import CampaignTrouble
from xltool.workbook.identity import form_number

RETURN = "退回"
_RECORDED_TOGETHER = 20
_WORTH_A_POOL = 6
"""Fewer copies are drawn sooner than worker processes start."""
_AHEAD = 32
_LEAST_DAYS = 5


@dataclass(frozen=True)
class ReturnedUnit:
    """One unit's line: its two files, or in ``refused`` why there are none.

    ``is_new``: False where both files stand as they were returned before.
    """

    unit: str
    round: int = 0
    errors: int = 0
    waiting: int = 0
    workbook: Path | None = None
    notice: Path | None = None
    is_new: bool = False
    refused: str = ""


def return_units(
    campaign: Campaign,
    names: Sequence[str] | None = None,
    deadline: date | None = None,
    dry_run: bool = False,
    watch: Callable[[ReturnedUnit], None] | None = None,
    workers: int = 2,
) -> list[ReturnedUnit]:
    """Return the named units, or all with something open; ``watch`` is told of each that was made.

    ``dry_run``: only say what would be. ``deadline``: when to hand in again; by default the campaign's, or five
    days from now where that is past. CampaignTrouble where a name is not on the roster, before anything is
    written; every other obstacle is the unit's line, and the others go on.
    """
    desk = _Desk(campaign, deadline)
    units = desk.chosen(names)
    lines = {unit.name: desk.line(unit) for unit in units}
    if not dry_run:
        due = [unit for unit in units if lines[unit.name].is_new]
        # Tasks are made when a worker is free for them: all findings at once would fill the memory.
        for batch in batches(_made(map(desk.task, due), len(due), workers), _RECORDED_TOGETHER):
            for line in desk.record(batch):
                lines[line.unit] = line
                if watch is not None:
                    watch(line)
    return list(lines.values())


def _line(task: ReturnTask, refused: str = "") -> ReturnedUnit:
    s = task.submission
    if refused:
        return ReturnedUnit(s.unit, s.round, s.errors, s.waiting, refused=refused)
    return ReturnedUnit(s.unit, s.round, s.errors, s.waiting, *task.files, is_new=True)


class _Desk:
    """What is known of the campaign when a run starts, and where its results are recorded."""

    def __init__(self, campaign: Campaign, deadline: date | None) -> None:
        self._campaign = campaign
        self._wanted = deadline
        self._today = campaign.now().date()
        self._roster = campaign.roster()
        self._known = self._roster.by_name
        self._latest = campaign.store.latest_standings()
        self._seeds = campaign.store.seeds()
        self._issues = {unit: issued.issue for unit, issued in campaign.store.last_issued().items()}
        self._returns: dict[int, Decision] = {}
        for decision in campaign.store.decisions():
            if decision.action == RETURN and decision.submission is not None:
                self._returns[decision.submission] = decision
                self._issues[decision.unit] = max(self._issues.get(decision.unit, 0), decision.data["issue"])

    def chosen(self, names: Sequence[str] | None) -> list[RosterUnit]:
        if names is None:
            return [unit for unit in self._roster if not self._why_not(unit.name)]
        known = self._known
        unknown = [name for name in names if name not in known]
        if unknown:
            raise CampaignTrouble(f"没有退回任何单位：名册里没有“{'”“'.join(unknown)}”。请写名册上的全称。")
        return [known[name] for name in dict.fromkeys(names)]

    def _why_not(self, name: str) -> str:
        submission = self._latest.get(name)
        if submission is None:
            return f"{self._known[name].said_not_due or '还没有交'}，没有可以退回的。"
        if submission.state == State.DOUBLE:
            return "有两份不同的文件，请先确认用哪一份，单独再收一次。"
        if submission.is_accepted:
            return "已经审定，没有退回。"
        is_open = submission.errors or submission.waiting
        return "" if is_open else "没有要处理的问题，不用退回，可以审定。"

    def line(self, unit: RosterUnit) -> ReturnedUnit:
        """What is to be said of ``unit`` beforehand; ``is_new`` where something is to be made."""
        why_not = self._why_not(unit.name)
        if why_not:
            return ReturnedUnit(unit.name, refused=why_not)
        s = self._latest[unit.name]
        files = files_of(self._campaign.folder, unit, self._campaign.year, s.round)
        stand = s.state == State.RETURNED and all(file.exists() for file in files) and self.task(unit).earlier
        return ReturnedUnit(s.unit, s.round, s.errors, s.waiting, *files, is_new=not stand)

    def task(self, unit: RosterUnit) -> ReturnTask:
        """What is to be made for ``unit``."""
        submission = self._campaign.store.by_hash(self._latest[unit.name].hash)
        before = self._returns.get(submission.id)
        stands = before is not None and submission.state == State.RETURNED and self._says_the_same(before, submission)
        return self._task(unit, submission, before if stands else None)

    def _says_the_same(self, before: Decision, submission: Submission) -> bool:
        data = before.data
        other_day = self._wanted is not None and self._wanted.isoformat() != data["deadline"]
        return not other_day and bool(data["findings"] == _fingerprint(submission))

    def _task(self, unit: RosterUnit, submission: Submission, before: Decision | None) -> ReturnTask:
        campaign, today = self._campaign, self._today
        deadline = self._wanted or max(campaign.settings.hand_in, today + timedelta(days=_LEAST_DAYS))
        issue = self._issues.get(unit.name, 0) + 1
        if before is not None:
            issue = before.data["issue"]
            deadline, today = date.fromisoformat(before.data["deadline"]), date.fromisoformat(before.data["on"])
        return ReturnTask(
            campaign.folder, campaign.form.id, campaign.settings.office, unit, campaign.year, submission,
            campaign.store.filing(submission.id), seed_of(campaign.form, unit, campaign.year, self._seeds),
            issue, deadline, today, before is not None,
        )  # fmt: skip

    def record(self, batch: Iterable[tuple[ReturnTask, str]]) -> list[ReturnedUnit]:
        """Enter what was written, all at once; a line for each."""
        with self._campaign.store.transaction():
            return [_line(task, trouble or self._enter(task)) for task, trouble in batch]

    def _enter(self, task: ReturnTask) -> str:
        store, submission = self._campaign.store, task.submission
        if task.earlier:
            return ""
        if store.by_hash(submission.hash).state != submission.state:
            return "正在退回时，有人对这一次作了别的处理，没有登记退回。请再运行一次。"
        store.set_state(submission.id, State.RETURNED)
        store.decide(
            self._campaign.stamp(), self._campaign.who, submission.unit, RETURN, submission.id, "",
            {
                "round": submission.round, "issue": task.issue, "number": _number(self._campaign, task),
                "errors": submission.errors, "waiting": submission.waiting, "findings": _fingerprint(submission),
                "deadline": task.deadline.isoformat(), "on": task.on.isoformat(),
                "files": [path.relative_to(task.folder).as_posix() for path in task.files],
            },
        )  # fmt: skip
        return ""


def _number(campaign: Campaign, task: ReturnTask) -> str:
    form = campaign.form
    return form_number(form.code, form.id, task.unit.unit, task.year, task.issue)


def _fingerprint(submission: Submission) -> str:
    """What the unit is told: a copy is made anew where this changes."""
    said = [(finding.key, finding.level, finding.said) for finding in open_findings(submission)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _made(tasks: Iterable[ReturnTask], count: int, workers: int) -> Iterator[tuple[ReturnTask, str]]:
    """Every task with what went wrong, "" where its files stand; in the order of the tasks."""
    if count < _WORTH_A_POOL or workers < 2:
        for task in tasks:
            yield task, make_return(task)
        return
    # One is made here: what every worker needs is then there before they start, and they share it.
    tasks = iter(tasks)
    first = next(tasks)
    yield first, make_return(first)
    with pool_of(workers) as pool:
        under_way: list[tuple[ReturnTask, Future[str]]] = []
        for task in tasks:
            under_way.append((task, submitted(pool, make_return, task)))
            if len(under_way) >= _AHEAD:
                first, future = under_way.pop(0)
                yield first, result_of(future)
        for task, future in under_way:
            yield task, result_of(future)

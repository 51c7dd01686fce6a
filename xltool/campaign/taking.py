"""Taking back: every file kept, read, checked, and filed to its unit by what the workbook itself says it is.

Files are read in parallel and recorded one by one as they come, so that a run can be killed at any moment and
simply be run again: what is recorded is recorded once (by its hash), what is not is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any

from xltool.campaign.explaining import explained
from xltool.campaign.gathering import Gathered, Noise, gather
from xltool.campaign.home import Campaign
from xltool.campaign.reading import Reading, read_one
from xltool.campaign.records import State, Submission
from xltool.check.finding import finding_data, made
from xltool.errors import CampaignTrouble
from xltool.filing import Filing

_WORTH_A_POOL = 12
"""Fewer files are read sooner than worker processes start."""
_AHEAD = 64
"""Files under way at once: enough to keep workers busy, few enough to keep memory flat."""


class Outcome(StrEnum):
    """What became of one file."""

    TAKEN = "已登记"
    REFUSED = "没有登记"
    DOUBLE = "有两份"
    AGAIN = "收过了"


@dataclass(frozen=True)
class Line:
    """One file's line: what became of it and why."""

    source: str
    outcome: Outcome
    unit: str = ""
    said: str = ""
    errors: int = 0
    waiting: int = 0


@dataclass
class Taking:
    """The summary of a run."""

    lines: list[Line] = field(default_factory=list)
    noise: int = 0

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome is outcome for line in self.lines)


def take(
    campaign: Campaign, paths: Iterable[Path], watch: Callable[[Line], None] | None = None, workers: int = 2
) -> Taking:
    """Take in all files under ``paths``; ``watch`` is told of every file as soon as it is done."""
    taking, noise = Taking(), Noise()
    desk = _Desk(campaign)
    for reading in _readings(campaign, gather(paths, noise), workers):
        line = desk.record(reading)
        taking.lines.append(line)
        if watch is not None:
            watch(line)
    desk.close()
    taking.noise = noise.count
    return taking


def _readings(campaign: Campaign, files: Iterator[Gathered], workers: int) -> Iterator[Reading]:
    first = list(islice(files, _WORTH_A_POOL))
    if len(first) < _WORTH_A_POOL or workers < 2:
        for file in (*first, *files):
            yield _read(campaign.folder, file)
        return
    with ProcessPoolExecutor(workers) as pool:
        under_way: list[Future[Reading]] = []
        for file in _chain(first, files):
            under_way.append(pool.submit(_read, campaign.folder, file))
            if len(under_way) >= _AHEAD:
                yield under_way.pop(0).result()
        for future in under_way:
            yield future.result()


def _chain(first: list[Gathered], rest: Iterator[Gathered]) -> Iterator[Gathered]:
    yield from first
    yield from rest


def _read(folder: Path, file: Gathered) -> Reading:
    if file.trouble:
        return Reading(file.source, "", 0, file.trouble)
    try:
        return read_one(folder, file)
    except OSError as error:
        return Reading(file.source, "", 0, f"原件存不进去：{error.strerror}。请检查磁盘空间和权限后再收一次。")


class _Desk:
    """Where readings are filed: knows the roster, the rounds so far, and whose figures are whose."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._roster = campaign.roster().by_name
        self._latest: dict[str, Submission] = {}
        self._hashes: dict[str, Submission] = {}
        self._figures: dict[str, str] = {}
        for submission in campaign.store.submissions():
            self._know(submission)
        self._decisions = campaign.store.decisions()
        # A run that was killed goes on as the same run: two files of one unit in it are still two at once.
        settings = campaign.store.settings()
        self._session = settings.get("taking") or campaign.stamp()
        campaign.store.put_setting("taking", self._session)

    def close(self) -> None:
        self._campaign.store.put_setting("taking", "")

    def _know(self, submission: Submission) -> None:
        self._latest[submission.unit] = submission
        self._hashes[submission.hash] = submission
        if submission.figures:
            self._figures[submission.figures] = submission.unit

    def record(self, reading: Reading) -> Line:
        """File one reading to its unit, or say why not."""
        refusal = reading.refused or self._unwanted(reading)
        if refusal or reading.filing is None:
            if reading.hash:
                store = self._campaign.store
                store.add_refused(reading.hash, reading.source, self._campaign.stamp(), refusal)
            return Line(reading.source, Outcome.REFUSED, _unit(reading), refusal)
        known = self._hashes.get(reading.hash)
        if known is not None:
            return self._again(reading, known)
        return self._file(reading, reading.filing)

    def _unwanted(self, reading: Reading) -> str:
        """Why this workbook is not one of this campaign's."""
        campaign, filing = self._campaign, reading.filing
        if filing is None:
            return ""
        if filing.form != campaign.form.id:
            return f"是“{filing.form}”的工作簿，本次收的是“{campaign.form.id}”。请换用本次下发的工作簿。"
        if filing.year != campaign.year:
            return f"是 {filing.year} 年的工作簿，本次收的是 {campaign.year} 年的。请换用本次下发的工作簿。"
        if filing.unit.name not in self._roster:
            return f"名册里没有“{filing.unit.name}”。请核对单位名称，或在名册中加上这个单位。"
        if not self._roster[filing.unit.name].files:
            return f"“{filing.unit.name}”今年不单独填报（{self._roster[filing.unit.name].change}）。请核对名册。"
        return ""

    def _again(self, reading: Reading, known: Submission) -> Line:
        if known.state == State.DOUBLE:
            return self._choose(reading, known)
        said = f"与第 {known.round} 次交的是同一个文件，没有重复登记"
        return Line(reading.source, Outcome.AGAIN, known.unit, said)

    def _choose(self, reading: Reading, known: Submission) -> Line:
        """One of two files that came at once was handed in again alone: that is the one."""
        if known.at >= self._session:
            return Line(reading.source, Outcome.DOUBLE, known.unit, _DOUBLE)
        store = self._campaign.store
        with store.transaction():
            for other in store.submissions(known.unit):
                if other.state == State.DOUBLE:
                    chosen = other.id == known.id
                    state = state_of(other.errors, other.waiting) if chosen else State.REJECTED
                    store.set_state(other.id, state)
            said = {"hash": known.hash}
            store.decide(self._campaign.stamp(), self._campaign.who, known.unit, "选用", known.id, "", said)
        return Line(reading.source, Outcome.TAKEN, known.unit, f"选用第 {known.round} 次交的这一份")

    def _file(self, reading: Reading, filing: Filing) -> Line:
        unit, store = filing.unit.name, self._campaign.store
        before = self._latest.get(unit)
        findings = [*explained(reading.findings, unit, filing, self._decisions), *self._beside_others(reading, before)]
        errors, waiting = _open(findings, "错误"), _open(findings, "核实")
        double = before is not None and before.at >= self._session and before.state != State.RETURNED
        submission = Submission(
            id=0,
            hash=reading.hash,
            unit=unit,
            round=1 if before is None else before.round + 1,
            at=self._campaign.stamp(),
            file=reading.source,
            state=State.DOUBLE if double else state_of(errors, waiting),
            errors=errors,
            waiting=waiting,
            hints=sum(finding["level"] == "提示" for finding in findings),
            figures=reading.figures,
            findings=findings,
        )
        with store.transaction():
            store.add_original(reading.hash, reading.source, reading.size, submission.at)
            store.add_submission(submission, filing)
            if double and before is not None:
                store.set_state(store.by_hash(before.hash).id, State.DOUBLE)
        self._know(store.by_hash(reading.hash))
        if double:
            return Line(reading.source, Outcome.DOUBLE, unit, _DOUBLE, errors, waiting)
        return Line(reading.source, Outcome.TAKEN, unit, f"第 {submission.round} 次", errors, waiting)

    def _beside_others(self, reading: Reading, before: Submission | None) -> Iterator[dict[str, Any]]:
        """What only shows beside other files: a neighbour's figures, or the same figures as last time."""
        owner = self._figures.get(reading.figures) if reading.figures else None
        if owner is not None and owner != _unit(reading):
            yield finding_data(made("W14", "封面", other=owner))
        if before is not None and before.state == State.RETURNED and before.figures == reading.figures:
            previous = self._campaign.store.filing(before.id)
            if previous == reading.filing:
                yield finding_data(made("W15", "封面", round=str(before.round)))


_DOUBLE = "同时收到这个单位的两份不同的文件，都没有采用。请确认用哪一份，单独再收一次。"


def state_of(errors: int, waiting: int) -> State:
    """Where a return stands by what is open."""
    if errors:
        return State.ERRORS
    return State.WAITING if waiting else State.CLEAN


def _open(findings: list[dict[str, Any]], level: str) -> int:
    return sum(finding["open"] and finding["level"] == level for finding in findings)


def _unit(reading: Reading) -> str:
    return reading.filing.unit.name if reading.filing is not None else ""


def refuse_without_roster(campaign: Campaign) -> None:
    """CampaignTrouble where the roster is empty."""
    if not campaign.roster().units:
        raise CampaignTrouble("名册是空的，收来的文件没有单位可归。")

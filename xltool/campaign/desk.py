"""Where files are filed to their units: by what the workbook says it is, beside what came before it.

Everything about some files is looked up and recorded in one transaction, so that two people may take at the same
time and a run may be killed at any moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from xltool.campaign.explaining import explained
from xltool.campaign.home import Campaign
from xltool.campaign.reading import Reading
from xltool.campaign.records import State, Submission, counting
from xltool.campaign.refreshing import (
    BESIDE_OTHERS,
    UNCHANGED,
    counts,
    refresh_neighbours,
    same_figures,
    state_of,
)
from xltool.check.finding import Finding, made
from xltool.filing import Filing
from xltool.sheetnames import COVER

CHOOSE = "选用"
_UNSETTLED = (State.ERRORS, State.WAITING, State.CLEAN, State.DOUBLE)
"""Nobody has acted on it yet: another file that comes at the same time makes two of them."""
_SESSION = "taking"
"""The setting that a run leaves behind until it is through."""


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


class Desk:
    """One run of taking in."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._roster = campaign.roster().by_name
        self._seen: dict[str, set[int]] = {}
        self._in_doubt: set[str] = set()
        # A run that was killed goes on as the same run: two files of one unit in it are still two at once.
        store = campaign.store
        with store.transaction():
            left = store.settings().get(_SESSION)
            self._since = int(left) if left else store.newest_id()
            store.put_setting(_SESSION, str(self._since))

    def record(self, readings: Iterable[Reading]) -> list[Line]:
        """File each to its unit, or say why not; all of them are recorded, or none."""
        with self._campaign.store.transaction():
            return [self._record(reading) for reading in readings]

    def _record(self, reading: Reading) -> Line:
        store, at = self._campaign.store, self._campaign.stamp()
        if reading.hash:
            store.add_original(reading.hash, reading.source, reading.size, at)
        known = store.by_hash(reading.hash) if store.knows(reading.hash) else None
        unit = known.unit if known is not None else _unit(reading)
        refusal = reading.refused or self._unwanted(reading) or self._not_due(unit)
        if refusal:
            if reading.hash:
                store.add_refused(reading.hash, reading.source, at, refusal)
            return Line(reading.source, Outcome.REFUSED, unit, refusal)
        if known is not None:
            return self._again(reading, known)
        assert reading.filing is not None
        return self._file(reading, reading.filing, at)

    def close(self) -> dict[str, tuple[Outcome, str]]:
        """End the run: of two files the one that came alone this time is chosen. Final words by the files' hashes."""
        store = self._campaign.store
        verdicts: dict[str, tuple[Outcome, str]] = {}
        for unit in sorted(self._in_doubt):
            with store.transaction():
                rivals = [s for s in store.submissions(unit) if s.state == State.DOUBLE]
                here = [s for s in rivals if s.id in self._seen[unit]]
                if len(here) == 1:
                    self._choose(here[0], rivals)
                    verdicts[here[0].hash] = (Outcome.TAKEN, f"选用第 {here[0].round} 次交的这一份")
                else:
                    verdicts |= {s.hash: (Outcome.DOUBLE, _DOUBLE) for s in here}
        store.put_setting(_SESSION, "")
        return verdicts

    def _choose(self, chosen: Submission, rivals: Sequence[Submission]) -> None:
        store = self._campaign.store
        for rival in rivals:
            state = state_of(rival.errors, rival.waiting) if rival is chosen else State.REJECTED
            store.set_state(rival.id, state)
        said = {"hash": chosen.hash}
        store.decide(self._campaign.stamp(), self._campaign.who, chosen.unit, CHOOSE, chosen.id, "", said)
        refresh_neighbours(self._campaign, chosen.unit, {rival.figures for rival in rivals})

    def _unwanted(self, reading: Reading) -> str:
        """Why this workbook is not one of this campaign's, or nobody knows whose it is."""
        campaign, filing = self._campaign, reading.filing
        if filing is None:
            return ""
        if filing.form != campaign.form.id:
            return f"是“{filing.form}”的工作簿，本次收的是“{campaign.form.id}”。请换用本次下发的工作簿。"
        if filing.year != campaign.year:
            return f"是 {filing.year} 年的工作簿，本次收的是 {campaign.year} 年的。请换用本次下发的工作簿。"
        others = [name for name in reading.also if name in self._roster]
        if others and filing.unit.name in self._roster:
            # Whose figures these are, nobody can say; filed, they would stand against the neighbour's own.
            own = filing.unit.name
            return f"是下发给“{own}”的工作簿，却写着“{'”“'.join(others)}”。请用下发给自己单位的工作簿填好再交。"
        return ""

    def _not_due(self, unit: str) -> str:
        """Why nothing is taken from ``unit``."""
        if unit not in self._roster:
            return f"名册里没有“{unit}”。请核对单位名称，或在名册中加上这个单位。"
        if not self._roster[unit].files:
            return f"“{unit}”今年不单独填报（{self._roster[unit].change_said}）。请核对名册。"
        return ""

    def _again(self, reading: Reading, known: Submission) -> Line:
        """The very same file once more."""
        if known.state == State.DOUBLE or (known.id > self._since and known.state in _UNSETTLED):
            self._seen.setdefault(known.unit, set()).add(known.id)
        if known.state == State.DOUBLE:
            self._in_doubt.add(known.unit)
            return Line(reading.source, Outcome.DOUBLE, known.unit, _DOUBLE, known.errors, known.waiting)
        said = _AGAIN.get(known.state, "没有重复登记").format(unit=known.unit)
        return Line(reading.source, Outcome.AGAIN, known.unit, f"与第 {known.round} 次交的是同一个文件，{said}")

    def _file(self, reading: Reading, filing: Filing, at: str) -> Line:
        unit, store = filing.unit.name, self._campaign.store
        rounds = store.submissions(unit)
        before = counting(rounds)
        seen = self._seen.setdefault(unit, set())
        rivals = [s for s in rounds if s.id in seen and s.state in _UNSETTLED]
        doubt = bool(rivals) or (before is not None and before.state == State.DOUBLE)
        submission = self._submission(reading, filing, rounds, at)
        seen.add(store.add_submission(replace(submission, state=State.DOUBLE) if doubt else submission, filing))
        refresh_neighbours(self._campaign, unit, {reading.figures, before.figures if before is not None else ""})
        found = (submission.errors, submission.waiting)
        if not doubt:
            return Line(reading.source, Outcome.TAKEN, unit, f"第 {submission.round} 次", *found)
        self._in_doubt.add(unit)
        for rival in rivals:
            store.set_state(rival.id, State.DOUBLE)
        return Line(reading.source, Outcome.DOUBLE, unit, _DOUBLE, *found)

    def _submission(self, reading: Reading, filing: Filing, rounds: Sequence[Submission], at: str) -> Submission:
        unit, store = filing.unit.name, self._campaign.store
        beside = self._beside_others(reading, filing, counting(rounds))
        findings = explained([*reading.findings, *beside], unit, filing, store.decisions(unit))
        errors, waiting, hints = counts(findings)
        return Submission(
            id=0,
            hash=reading.hash,
            unit=unit,
            round=rounds[-1].round + 1 if rounds else 1,
            at=at,
            file=reading.source,
            state=state_of(errors, waiting),
            errors=errors,
            waiting=waiting,
            hints=hints,
            figures=reading.figures,
            findings=findings,
        )

    def _beside_others(self, reading: Reading, filing: Filing, before: Submission | None) -> Iterator[Finding]:
        """What only shows beside other files: a neighbour's figures, or the same as was returned."""
        store = self._campaign.store
        yield from same_figures(store, filing.unit.name, reading.figures)
        if before is not None and before.state == State.RETURNED and before.figures == reading.figures:
            same_found = _open_keys(before.findings) == _open_keys(reading.findings)
            if same_found and store.filing(before.id) == filing:
                yield made(UNCHANGED, COVER, round=str(before.round))


_DOUBLE = "同时收到这个单位的两份不同的文件，都没有采用。请确认用哪一份，单独再收一次。"
_AGAIN: dict[str, str] = {
    State.RETURNED: "退回后没有改动，没有重复登记",
    State.REJECTED: "那一次已不予采用，没有重复登记；要重新采用，请运行 xltool reject {unit} --undo --note 原因",
}


def _open_keys(findings: Sequence[Finding]) -> set[str]:
    """What has to be put right in the file itself: what only shows beside other files is left out."""
    return {finding.key for finding in findings if finding.is_open and finding.code not in BESIDE_OTHERS}


def _unit(reading: Reading) -> str:
    return reading.filing.unit.name if reading.filing is not None else ""

"""One unit's marked copy and notice, made by a worker: the original is read again, two files are written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from xltool.campaign.home import RETURNED
from xltool.campaign.reading import original_path
from xltool.campaign.records import Submission
from xltool.campaign.roster import RosterUnit
from xltool.check.finding import Finding
from xltool.check.judge import Outcome
from xltool.definition import form_by_id
from xltool.errors import FileRefused, NotWritten
from xltool.figure import FigureId
from xltool.files import file_name, read_bytes, write_new
from xltool.filing import Filing
from xltool.form import Level
from xltool.report.word_notice import write_notice
from xltool.workbook.marked import marked_copy
from xltool.workbook.reader import read_filing

_LONGEST_NAME = 45
"""Characters of a unit's name in a file's name: three bytes each, and a name has at most 255."""


@dataclass(frozen=True)
class ReturnTask:
    """What a worker needs to make one unit's files. ``earlier``: they are recorded and only missing on disk."""

    folder: Path
    form: str
    office: str
    unit: RosterUnit
    year: int
    submission: Submission
    prior: Filing | None
    issue: int
    deadline: date
    on: date
    earlier: bool

    @property
    def workbook(self) -> Path:
        return self._file("填报表_退回修改.xlsx")

    @property
    def notice(self) -> Path:
        return self._file("退回修改通知.docx")

    def _file(self, ending: str) -> Path:
        name = self.unit.name
        if len(name) > _LONGEST_NAME:
            name = f"{name[:_LONGEST_NAME]}{self.unit.order}"
        return self.folder / RETURNED / f"第{self.submission.round}轮" / file_name(f"{name}_{self.year}年{ending}")


def open_findings(submission: Submission) -> list[dict[str, Any]]:
    """What the unit has to act on."""
    return [finding for finding in submission.findings if finding["open"]]


def make_return(task: ReturnTask) -> str:
    """Write one unit's two files; gives the sentence that says why not, "" where they stand."""
    try:
        returned = read_filing(_original(task), form_by_id)
        form, s = returned.form, task.submission
        filing = replace(returned.filing, unit=task.unit.unit)
        findings = [_finding(data) for data in open_findings(s)]
        prior = task.prior or returned.prior
        copy = marked_copy(form, filing, findings, prior, task.issue, s.round)
        notice = write_notice(form, task.office, s.unit, task.year, s.round, findings, task.deadline, task.on)
        _put(task.workbook, copy)
        _put(task.notice, notice)
    except (FileRefused, NotWritten) as trouble:
        return trouble.sentence
    return ""


def _original(task: ReturnTask) -> bytes:
    path = original_path(task.folder, task.submission.hash)
    data = read_bytes(path)
    if hashlib.sha256(data).hexdigest() != task.submission.hash:
        raise FileRefused(f"原件 {path} 与登记时不同，可能损坏。请用备份恢复，或请单位再交一次。")
    return data


def _put(path: Path, data: bytes) -> None:
    # What stands there and is not recorded is of an interrupted run, or of findings that have changed since.
    if not (path.is_file() and path.read_bytes() == data):
        write_new(path, data, overwrite=True)


def _finding(data: Mapping[str, Any]) -> Finding:
    """The finding that ``finding_data`` wrote; only open ones are read back."""
    return Finding(
        code=data["code"],
        key=data["key"],
        level=Level(data["level"]),
        outcome=Outcome.FAILED,
        sheet=data["sheet"],
        cell=data["cell"],
        label=data["label"],
        said=data["text"],
        figures=tuple(FigureId.parse(figure) for figure in data["figures"]),
        facts=data["facts"],
        explanation=data["explanation"],
    )

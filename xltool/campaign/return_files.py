"""One unit's marked copy and notice, made by a worker: the original is read again, two files are written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from xltool.campaign.home import RETURNED
from xltool.campaign.reading import original_path
from xltool.campaign.records import Submission
from xltool.campaign.roster import RosterUnit
from xltool.check.finding import Finding
from xltool.definition import form_by_id
from xltool.errors import FileRefused, NotWritten
from xltool.files import file_name, read_bytes, write_new
from xltool.filing import Filing
from xltool.form import Form
from xltool.report.word_notice import write_notice
from xltool.workbook.marked import marked_copy
from xltool.workbook.readdressed import as_drawn_anew
from xltool.workbook.reader import read_filing

_MOVED = "W06"
_LONGEST_NAME = 45
"""Characters of a unit's name in a file's name: three bytes each, and a name has at most 255."""


@dataclass(frozen=True)
class ReturnTask:
    """What a worker needs to make one unit's files.

    ``filing``: what was recorded of the submission. ``seed``: last year's figures as far as the campaign knows them.
    ``earlier``: the files are recorded and only missing on disk.
    """

    folder: Path
    form: str
    office: str
    unit: RosterUnit
    year: int
    submission: Submission
    filing: Filing
    seed: Filing | None
    issue: int
    deadline: date
    on: date
    earlier: bool

    @property
    def files(self) -> tuple[Path, Path]:
        return files_of(self.folder, self.unit, self.year, self.submission.round)


def files_of(folder: Path, unit: RosterUnit, year: int, round_number: int) -> tuple[Path, Path]:
    """Where the marked copy and the notice of one round stand."""
    name = short_name(unit)
    where = folder / RETURNED / f"第{round_number}轮"
    workbook, notice = (
        file_name(f"{name}_{year}年{ending}") for ending in ("填报表_退回修改.xlsx", "退回修改通知.docx")
    )
    return where / workbook, where / notice


def short_name(unit: RosterUnit) -> str:
    """The unit's name as far as the name of a file has room for it, still one of a kind."""
    return unit.name if len(unit.name) <= _LONGEST_NAME else f"{unit.name[:_LONGEST_NAME]}{unit.order}"


def open_findings(submission: Submission) -> list[Finding]:
    """What the unit has to act on."""
    return [finding for finding in submission.findings if finding.is_open]


def make_return(task: ReturnTask) -> str:
    """Write one unit's two files; gives the sentence that says why not, "" where they stand."""
    try:
        original, form, s = _original(task), _form(task), task.submission
        filing = replace(task.filing, unit=task.unit.unit)
        findings, prior = open_findings(s), task.seed
        # Only where something moved or the campaign knows nothing of last year, the workbook is read once more.
        moved = any(finding.code == _MOVED for finding in s.findings)
        if moved or prior is None:
            again = read_filing(original, form_by_id)
            findings = as_drawn_anew(form, again.filing, findings)
            prior = again.prior if prior is None else prior
        copy = marked_copy(form, filing, findings, prior, task.issue, s.round)
        notice = write_notice(form, task.office, s.unit, task.year, s.round, findings, task.deadline, task.on)
        for path, content in zip(task.files, (copy, notice), strict=True):
            _put(path, content)
    except (FileRefused, NotWritten) as trouble:
        return trouble.sentence
    return ""


def _form(task: ReturnTask) -> Form:
    form = form_by_id(task.form)
    assert form is not None
    return form


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

"""What a worker does with one file: keep the original, read it, check it, and send back only what is recorded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xltool.campaign.gathering import Gathered
from xltool.campaign.home import ORIGINALS
from xltool.check.filing import examine
from xltool.check.finding import Finding, finding_data
from xltool.definition import form_by_id
from xltool.errors import FileRefused, NotWritten
from xltool.files import write_new
from xltool.filing import Filing
from xltool.workbook.identity import figures_digest
from xltool.workbook.reader import read_filing

_TELLING = 5
"""With fewer figures that are not 0, two small units may well have the same."""


@dataclass(frozen=True)
class Reading:
    """One file read and checked. ``refused``: why it could not be used, "" where it could.

    ``figures``: a fingerprint of its figures, "" where too few are not 0 to tell units apart.
    """

    source: str
    hash: str
    size: int
    refused: str = ""
    form: str = ""
    filing: Filing | None = None
    figures: str = ""
    findings: tuple[dict[str, Any], ...] = ()


def original_path(folder: Path, digest: str) -> Path:
    """Where the file with this hash is kept; some thousand files share a folder at most."""
    return folder / ORIGINALS / digest[:2] / digest


def keep_original(folder: Path, data: bytes) -> str:
    """The hash under which the file now stands, whole, in the archive; NotWritten where it cannot."""
    digest = hashlib.sha256(data).hexdigest()
    path = original_path(folder, digest)
    if _stands(path, data):
        return digest
    try:
        write_new(path, data, overwrite=True)
    except NotWritten:
        if not _stands(path, data):  # else somebody else has kept it at the same moment
            raise
    # What a run left that was killed while it wrote this file.
    for part in path.parent.glob(f".{digest[:40]}*.part"):
        part.unlink(missing_ok=True)
    return digest


def _stands(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data)


def read_one(folder: Path, file: Gathered) -> Reading:
    """Keep, read and check one file; never raises for what is in it, NotWritten where it cannot be kept."""
    digest = keep_original(folder, file.data)
    try:
        return _read(file, digest)
    except FileRefused as refused:
        said = refused.sentence
    except Exception as error:  # whatever is in one file, the others go on
        said = f"读取时出了意外（{type(error).__name__}），原件已经存好。请把这个文件交给维护人员。"
    return Reading(file.source, digest, len(file.data), said)


def _read(file: Gathered, digest: str) -> Reading:
    returned = read_filing(file.data, form_by_id)
    filing = returned.filing
    examined = examine(returned.form, filing, returned.prior)
    findings: tuple[Finding, ...] = (*returned.findings, *examined.findings)
    nonzero = {figure: value for figure, value in filing.values.items() if value}
    return Reading(
        source=file.source,
        hash=digest,
        size=len(file.data),
        form=filing.form,
        filing=filing,
        figures=figures_digest(nonzero) if len(nonzero) >= _TELLING else "",
        findings=tuple(finding_data(finding) for finding in findings),
    )

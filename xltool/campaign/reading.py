"""What a worker does with one file: keep the original, read it, check it, and send back only what is recorded."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from xltool.campaign.gathering import Gathered
from xltool.campaign.home import ORIGINALS, Campaign, open_campaign
from xltool.campaign.lasttexts import LAST_YEAR_LIMIT, limit_of, with_last_texts
from xltool.campaign.seeding import prior_of
from xltool.check.filing import examine
from xltool.check.finding import Finding
from xltool.definition import form_by_id
from xltool.errors import CampaignTrouble, FileRefused, NotWritten
from xltool.files import os_reason, read_bytes, write_new
from xltool.filing import Filing
from xltool.narrative.joined import with_texts
from xltool.workbook.identity import figures_digest
from xltool.workbook.reader import Returned, read_filing

_TELLING = 5
"""With fewer figures that are not 0, two small units may well have the same."""


@dataclass(frozen=True)
class Reading:
    """One file read and checked. ``refused``: why it could not be used, "" where it could.

    ``is_known``: it was filed before, and is not read again. ``figures``: a fingerprint of its figures, "" where
    too few are not 0 to tell units apart. ``also``: other units that the workbook says it is of.
    """

    source: str
    hash: str
    size: int
    refused: str = ""
    is_known: bool = False
    filing: Filing | None = None
    figures: str = ""
    findings: tuple[Finding, ...] = ()
    also: tuple[str, ...] = ()


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
    for name in os.listdir(path.parent):
        if name.startswith(f".{digest[:40]}") and name.endswith(".part"):
            (path.parent / name).unlink(missing_ok=True)
    return digest


def _stands(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data)


class Reader:
    """Keeps, reads and checks files of one campaign."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._seeds = campaign.store.seeds()
        self._units = frozenset(unit.name for unit in campaign.roster())
        self._repeats = limit_of(campaign.store.settings(), LAST_YEAR_LIMIT)

    def read(self, file: Gathered) -> Reading:
        """One file; never raises for what is in it, nor where it cannot be kept."""
        if file.trouble:
            return Reading(file.source, "", 0, file.trouble)
        try:
            digest = keep_original(self._campaign.folder, file.data)
        except NotWritten as error:
            return Reading(file.source, "", 0, f"原件存不进去，没有登记：{error.sentence}")
        except OSError as error:
            said = f"原件存不进去，没有登记：{os_reason(error)}。请检查权限后再收一次。"
            return Reading(file.source, "", 0, said)
        if self._campaign.store.knows(digest):
            return Reading(file.source, digest, len(file.data), is_known=True)
        return self._read(file, digest)

    def _read(self, file: Gathered, digest: str) -> Reading:
        try:
            returned = read_filing(file.data, form_by_id)
            findings = self._found(returned)
        except FileRefused as refused:
            return Reading(file.source, digest, len(file.data), refused.sentence)
        except CampaignTrouble:
            raise  # of the campaign itself, not of this file
        except Exception as error:  # whatever is in one file, the others go on
            said = f"读取时出了意外（{type(error).__name__}），原件已经存好。请把这个文件交给维护人员。"
            return Reading(file.source, digest, len(file.data), said)
        nonzero = {figure: value for figure, value in returned.filing.values.items() if value}
        return Reading(
            source=file.source,
            hash=digest,
            size=len(file.data),
            filing=returned.filing,
            figures=figures_digest(nonzero) if len(nonzero) >= _TELLING else "",
            findings=findings,
            also=returned.names[1:],
        )

    def again(self, digest: str) -> tuple[Finding, ...] | str:
        """Everything that is found in a kept original now, or the sentence that says why it cannot be read."""
        try:
            return self._found(read_filing(read_bytes(original_path(self._campaign.folder, digest)), form_by_id))
        except FileRefused as refused:
            return refused.sentence

    def _found(self, returned: Returned) -> tuple[Finding, ...]:
        """What is found in a workbook by itself, when it is taken and whenever it is checked again."""
        campaign = self._campaign
        entry = campaign.store.entry(returned.filing.unit.name)
        prior = prior_of(campaign.form, entry, campaign.year, self._seeds, returned.prior)
        examined = examine(returned.form, returned.filing, prior)
        told = with_last_texts(campaign.form, prior, entry, campaign.year, self._seeds)
        found = with_texts(returned.form, returned.filing, told, examined.findings, self._units, self._repeats)
        return (*returned.findings, *returned.placed(found))


_own: list[Reader] = []
"""A worker's reader, opened once."""


def begin_reading(folder: Path) -> None:
    """What a worker does first."""
    _own[:] = [Reader(open_campaign(folder))]


def read_gathered(file: Gathered) -> Reading:
    """``Reader.read`` in a worker."""
    return _own[0].read(file)


def read_again(digest: str) -> tuple[Finding, ...] | str:
    """``Reader.again`` in a worker."""
    return _own[0].again(digest)

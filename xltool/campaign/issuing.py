"""Handing out: one workbook per unit, seeded with last year's figures; again only where something changed."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from xltool.campaign.covering import COVERING_NOTE, put_covering_note
from xltool.campaign.home import ISSUED, Campaign
from xltool.campaign.records import Issued
from xltool.campaign.roster import RosterUnit
from xltool.campaign.seeding import seed_of
from xltool.check.judge import known_before
from xltool.errors import CampaignTrouble, FileRefused, NotWritten
from xltool.files import file_name, os_reason, read_bytes, replaced, write_new
from xltool.filing import Filing
from xltool.workbook.identity import figures_digest, form_number
from xltool.workbook.skeleton import blank_workbook

_BATCH = 200
_LONGEST_NAME = 40
"""Characters of a unit's name in a file's name: three bytes each, and a name has at most 255."""


@dataclass(frozen=True)
class HandOut:
    """One unit's line: ``issued`` None where its current workbook stands there already."""

    unit: RosterUnit
    issued: Issued | None
    seeded: bool


def issue(campaign: Campaign, dry_run: bool = False) -> list[HandOut]:
    """Make the workbooks and the covering note where missing or out of date; files first, then the record."""
    seeds = campaign.store.seeds()
    last = campaign.store.last_issued()
    returned = {d.unit: int(d.data["issue"]) for d in campaign.store.decisions() if "issue" in d.data}
    outs: list[HandOut] = []
    pending: list[Issued] = []
    for unit in campaign.roster():
        if not unit.files:
            continue
        prior = seed_of(campaign.form, unit, campaign.year, seeds)
        made = _make(campaign, unit, prior, last.get(unit.name), returned.get(unit.name, 0), dry_run)
        outs.append(HandOut(unit, made, prior is not None))
        if made is not None and made != last.get(unit.name) and not dry_run:
            pending.append(made)
        if len(pending) >= _BATCH:
            campaign.store.put_issued(pending)
            pending = []
    campaign.store.put_issued(pending)
    if not dry_run:
        put_covering_note(campaign)
    return outs


def _make(
    campaign: Campaign, unit: RosterUnit, prior: Filing | None, last: Issued | None, returned: int, dry_run: bool
) -> Issued | None:
    """``returned``: the highest issue number that went out with a marked copy."""
    fingerprint = _fingerprint(campaign, unit, prior)
    folder = campaign.folder / ISSUED
    if last is not None and last.fingerprint == fingerprint:
        if (folder / last.file).exists():
            return None
        current = last
    else:
        current = _next(campaign, unit, fingerprint, max(last.issue if last else 0, returned) + 1)
    if not dry_run:
        data = blank_workbook(campaign.form, unit.unit, campaign.year, prior, current.issue)
        # What was handed out under this name and not recorded is of an interrupted run.
        write_new(folder / current.file, data, overwrite=True)
    return current


def _next(campaign: Campaign, unit: RosterUnit, fingerprint: str, issue_number: int) -> Issued:
    form = campaign.form
    number = form_number(form.code, form.id, unit.unit, campaign.year, issue_number)
    again = f"_第{issue_number}次" if issue_number > 1 else ""
    # Long names that begin alike keep apart by the number's body.
    name = unit.name if len(unit.name) <= _LONGEST_NAME else f"{unit.name[:_LONGEST_NAME]}_{number[-9:-2]}"
    title = file_name(f"{name}_{campaign.year}年{form.short_title}填报表{again}")
    file = f"{unit.order:03d}_{title}.xlsx"
    return Issued(unit.name, issue_number, number, fingerprint, file, campaign.stamp())


def _fingerprint(campaign: Campaign, unit: RosterUnit, prior: Filing | None) -> str:
    u = unit.unit
    said = [
        campaign.form.digest, u.name, u.code or "", u.type or "", str(sorted(u.powers.items())),
        figures_digest(known_before(campaign.form, prior)),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def zip_by_superior(campaign: Campaign) -> list[str]:
    """One zip per superior: the covering note and the workbooks of the units right under it; names of the zips."""
    last = campaign.store.last_issued()
    groups: dict[str, list[str]] = {}
    for unit in campaign.roster():
        if unit.files and unit.name in last:
            groups.setdefault(unit.superior or campaign.settings.office, []).append(last[unit.name].file)
    if not groups:
        raise CampaignTrouble("还没有下发过填报表，没有可以打包的。请先运行 xltool issue。")
    put_covering_note(campaign)
    folder = campaign.folder / ISSUED
    names = []
    for superior, files in groups.items():
        name = f"{file_name(superior)}.zip"
        _write_zip(folder / name, ((file, _handed_out(folder / file)) for file in (COVERING_NOTE, *files)))
        names.append(name)
    return names


def _handed_out(path: Path) -> bytes:
    try:
        return read_bytes(path)
    except FileRefused as refused:
        raise CampaignTrouble(f"{path}  {refused.sentence}没有打包。请再运行一次 xltool issue。") from refused


def _write_zip(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """The zip, whole or not at all; one file after the other, a province's workbooks are more than the memory has."""
    try:
        with replaced(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, data in files:
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    except OSError as error:
        raise NotWritten(f"{path}  写不进去：{os_reason(error)}。请关闭打开它的程序，或腾出空间后再试。") from error

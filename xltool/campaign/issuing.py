"""Handing out: one workbook per unit, seeded with last year's figures; again only where something changed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from xltool.campaign.home import ISSUED, Campaign
from xltool.campaign.records import Issued
from xltool.campaign.roster import RosterUnit
from xltool.campaign.seeding import seed_of
from xltool.check.judge import amounts
from xltool.errors import CampaignTrouble
from xltool.files import file_name, write_new
from xltool.filing import Filing
from xltool.workbook.identity import figures_digest, form_number
from xltool.workbook.skeleton import blank_workbook

_BATCH = 200


@dataclass(frozen=True)
class HandOut:
    """One unit's line: ``issued`` None where it has its current workbook already."""

    unit: RosterUnit
    issued: Issued | None
    seeded: bool


def issue(campaign: Campaign, dry_run: bool = False) -> list[HandOut]:
    """Make the workbooks that are missing or out of date; files first, then the record of them."""
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
        if made is not None and not dry_run:
            pending.append(made)
        if len(pending) >= _BATCH:
            campaign.store.put_issued(pending)
            pending = []
    campaign.store.put_issued(pending)
    return outs


def _make(
    campaign: Campaign, unit: RosterUnit, prior: Filing | None, last: Issued | None, returned: int, dry_run: bool
) -> Issued | None:
    """``returned``: the highest issue number that went out with a marked copy."""
    fingerprint = _fingerprint(campaign, unit, prior)
    folder = campaign.folder / ISSUED
    if last is not None and last.fingerprint == fingerprint and (folder / last.file).exists():
        return None
    same = last is not None and last.fingerprint == fingerprint
    number_of_issue = last.issue if last is not None and same else max(last.issue if last else 0, returned) + 1
    form = campaign.form
    name = _file(campaign, unit, number_of_issue)
    number = form_number(form.code, form.id, unit.unit, campaign.year, number_of_issue)
    if not dry_run:
        data = blank_workbook(form, unit.unit, campaign.year, prior, number_of_issue)
        # What was handed out under this name and not recorded is of an interrupted run.
        write_new(folder / name, data, overwrite=True)
    return None if same else Issued(unit.name, number_of_issue, number, fingerprint, name, campaign.stamp())


def _file(campaign: Campaign, unit: RosterUnit, issue_number: int) -> str:
    again = f"_第{issue_number}次" if issue_number > 1 else ""
    title = f"{unit.name}_{campaign.year}年{campaign.form.short_title}填报表{again}"
    return f"{unit.order:03d}_{file_name(title)}.xlsx"


def _fingerprint(campaign: Campaign, unit: RosterUnit, prior: Filing | None) -> str:
    u = unit.unit
    said = [
        campaign.form.digest, u.name, u.code or "", u.type or "", str(sorted(u.powers.items())),
        figures_digest(amounts(campaign.form, prior)),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def zip_by_superior(campaign: Campaign) -> list[str]:
    """One zip per superior with the current workbooks of the units right under it; names of the zips."""
    last = campaign.store.last_issued()
    groups: dict[str, list[str]] = {}
    for unit in campaign.roster():
        if unit.name in last:
            groups.setdefault(unit.superior or campaign.settings.office, []).append(last[unit.name].file)
    if not groups:
        raise CampaignTrouble("还没有下发过填报表，没有可以打包的。请先运行 xltool issue。")
    folder = campaign.folder / ISSUED
    names = []
    for superior, files in groups.items():
        name = f"{file_name(superior)}.zip"
        write_new(folder / name, _zipped((file, (folder / file).read_bytes()) for file in files), overwrite=True)
        names.append(name)
    return names


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()

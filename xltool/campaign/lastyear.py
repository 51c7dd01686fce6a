"""Last year's filings: from last year's campaign, or from a folder of workbooks, data files and published reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from xltool.campaign.gathering import is_noise
from xltool.campaign.history import differences
from xltool.campaign.home import LAST_UNITS, Campaign, open_campaign
from xltool.campaign.lastunits import KnownNames, Match
from xltool.campaign.published import Published, read_published
from xltool.campaign.reports import Reports
from xltool.campaign.roster import Change, Roster
from xltool.campaign.store import DATABASE
from xltool.errors import CampaignTrouble, FileRefused
from xltool.files import read_bytes
from xltool.filing import Filing, from_data
from xltool.form import Form
from xltool.intake import has_counterparts, last_year_as, read_any_filing

_LISTED = 10


@dataclass
class LastYear:
    """Filings by the units' names of then; ``doubts`` are sentences about what was not taken.

    ``read``: a sentence about each published report that was. ``matches``: of those whose unit is to be confirmed.
    """

    filings: dict[str, Filing] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)


def last_year(
    source: Path,
    form: Form,
    year: int,
    roster: Roster,
    confirmed: Mapping[str, Match] | None = None,
    watch: Callable[[str], None] | None = None,
) -> LastYear:
    """Filings of ``year`` - 1 in ``source``; what is not one of them is told, never taken silently.

    ``confirmed``: what the office says of files whose unit was not certain. ``watch`` is told of each report read.
    """
    others: list[Path] = []
    if (source / DATABASE).is_file():
        found = _from_campaign(source)
    elif source.is_dir():
        found = _from_folder(source, others)
    else:
        raise CampaignTrouble(f"{source} 既不是上年的任务文件夹，也不是放填报数据的文件夹。")
    expected = {name for unit in roster for name in (unit.name, *unit.predecessors)}
    result = LastYear()
    for where, filing in _of_this_form(found, form, year - 1, result.doubts):
        if isinstance(filing, str):
            result.doubts.append(f"{where}：{filing}")
        elif filing.form != form.id or filing.year != year - 1:
            result.doubts.append(
                f"{where}：是“{filing.form}” {filing.year} 年的，应为“{form.id}” {year - 1} 年的，没有采用"
            )
        elif filing.unit.name in result.filings:
            result.doubts.append(f"{where}：“{filing.unit.name}”已有一份，没有采用这一份")
        else:
            result.filings[filing.unit.name] = filing
            if filing.unit.name not in expected:
                result.doubts.append(f"{where}：今年的名册里没有“{filing.unit.name}”，也没有单位由它合并或更名")
    reports = _reports(form, year, roster, confirmed, result)
    _add_reports(result, reports, read_published(others, source, form, watch))
    result.doubts += _lacking(roster, result)
    return result


def _of_this_form(
    found: Iterator[tuple[str, Filing | str]], form: Form, year: int, doubts: list[str]
) -> Iterator[tuple[str, Filing | str]]:
    """Filings of ``year`` of another edition as those of ``form`` where that is declared; all else as it is."""
    for where, filing in found:
        if isinstance(filing, str) or filing.year != year or not has_counterparts(form, filing):
            yield where, filing
            continue
        become, told = last_year_as(form, filing)
        doubts += [f"{where}：{finding.said.rstrip('。')}" for finding in told]
        yield where, become


def _reports(form: Form, year: int, roster: Roster, confirmed: Mapping[str, Match] | None, known: LastYear) -> Reports:
    return Reports(form, year - 1, KnownNames(roster), confirmed or {}, frozenset(known.filings))


def _add_reports(result: LastYear, reports: Reports, read: Iterator[Published]) -> None:
    for published in read:
        reports.add(published)
    result.filings |= reports.filings
    result.doubts += reports.doubts
    result.read, result.matches = reports.read, reports.matches


def _lacking(roster: Roster, found: LastYear) -> list[str]:
    """Who will have no figures of last year, in one sentence."""
    due = [unit for unit in roster if unit.files and unit.change is not Change.NEW]
    missing = [unit.name for unit in due if not _known(unit.name, unit.predecessors, found)]
    if not missing:
        return []
    listed = "、".join(missing[:_LISTED]) + ("等" if len(missing) > _LISTED else "")
    return [f"{len(missing)} 个单位没有上年数据，它们的跨年核对做不了：{listed}"]


def _known(name: str, predecessors: tuple[str, ...], found: LastYear) -> bool:
    return all(one in found.filings for one in (predecessors or (name,)))


def _from_campaign(folder: Path) -> Iterator[tuple[str, Filing | str]]:
    campaign = open_campaign(folder)
    for unit, submission in campaign.store.latest().items():
        if submission.is_accepted:
            yield unit, campaign.store.filing(submission.id)
        else:
            yield unit, "上年没有审定，没有采用"
    campaign.store.close()


def _from_folder(folder: Path, others: list[Path] | None = None) -> Iterator[tuple[str, Filing | str]]:
    """Own workbooks and data; the files that are neither are added to ``others``, where that is given."""
    for path in sorted(folder.rglob("*")):
        kind = path.suffix.lower()
        if kind not in (".json", ".xlsx"):
            if others is not None and path.is_file() and not is_noise(path.as_posix()) and path.name != LAST_UNITS:
                others.append(path)
            continue
        try:
            many = _list_of_filings(path) if kind == ".json" else None
            for filing in many if many is not None else [read_any_filing(path)]:
                yield path.name, filing
        except FileRefused as refused:
            if others is None or kind == ".json":
                yield path.name, refused.sentence
            elif not is_noise(path.as_posix()):
                others.append(path)


def _list_of_filings(path: Path) -> list[Filing] | None:
    """The filings of a file that holds a list of them, None for any other file."""
    data = read_bytes(path).lstrip(b"\xef\xbb\xbf \r\n\t")
    if data[:1] != b"[":
        return None
    try:
        items = json.loads(data, parse_float=Decimal)
    except ValueError as error:
        raise FileRefused(f"不是有效的 JSON：{error}。") from error
    return [from_data(item) for item in items]


def published_differences(campaign: Campaign, folder: Path) -> list[tuple[str, str, str, str]]:
    """Unit, figure, accepted, published: where last year's published figures are not the accepted ones.

    CampaignTrouble where ``folder`` holds nothing of last year.
    """
    form, seeds = campaign.form, campaign.store.seeds()
    published: dict[str, Filing] = {}
    for where, filing in _from_folder(folder):
        if isinstance(filing, str):
            raise CampaignTrouble(f"{where}  {filing}")
        if filing.year == campaign.year - 1 and filing.unit.name in seeds:
            if filing.unit.name in published:
                raise CampaignTrouble(f"{where}  “{filing.unit.name}”有两份，请只留公布的那一份。")
            published[filing.unit.name] = filing
    if not published:
        raise CampaignTrouble(f"{folder} 里没有本任务各单位的上年数据（.xlsx 或 .json）。")
    found = [
        (unit, difference)
        for unit, filing in published.items()
        for difference in differences(form, seeds[unit], filing, texts=False)
    ]
    return [(unit, d.what, d.before, d.after) for unit, d in found]

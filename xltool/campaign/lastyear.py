"""Last year's filings: from last year's campaign, or from a folder of workbooks, data files and published reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path, PurePosixPath

from xltool.campaign.gathering import Gathered, Noise, gather
from xltool.campaign.home import LAST_UNITS, open_campaign
from xltool.campaign.lastunits import KnownNames, Match
from xltool.campaign.published import Published, read_published
from xltool.campaign.reports import Reports
from xltool.campaign.roster import Change, Roster
from xltool.campaign.store import DATABASE
from xltool.errors import CampaignTrouble, FileRefused
from xltool.filing import Filing, from_data
from xltool.form import Form
from xltool.intake import filing_of, has_counterparts, last_year_as
from xltool.messages import listed

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
    known: Collection[str] = (),
) -> LastYear:
    """Filings of ``year`` - 1 in ``source``; what is not one of them is told, never taken silently.

    ``confirmed``: what the office says of files whose unit was not certain. ``watch`` is told of each report read.
    ``known``: names of then whose figures are there already.
    """
    others: list[str] = []
    if (source / DATABASE).is_file():
        found = _from_campaign(source)
    elif source.exists():
        found = own_data(source, others)
    else:
        raise CampaignTrouble(
            f"{source} 没有这个文件夹。请写明上年的任务文件夹，或者放着上年填报数据、已公布的报告的文件夹。"
        )
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
    _add_reports(result, reports, read_published(others_in(source, others), form, watch))
    result.doubts += _lacking(roster, {*result.filings, *known})
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


def _lacking(roster: Roster, found: Set[str]) -> list[str]:
    """Who will have no figures of last year, in one sentence."""
    due = [unit for unit in roster if unit.files and unit.change is not Change.NEW]
    missing = [unit.name for unit in due if not found >= set(unit.predecessors or (unit.name,))]
    if not missing:
        return []
    return [f"{len(missing)} 个单位没有上年数据，它们的跨年核对做不了：{listed(missing, _LISTED)}"]


def _from_campaign(folder: Path) -> Iterator[tuple[str, Filing | str]]:
    campaign = open_campaign(folder)
    for unit, submission in campaign.store.latest().items():
        if submission.is_accepted:
            yield unit, campaign.store.filing(submission.id)
        else:
            yield unit, "上年没有审定，没有采用"
    campaign.store.close()


def own_data(source: Path, others: list[str]) -> Iterator[tuple[str, Filing | str]]:
    """Own workbooks and data in a folder or zip, or the sentence about one; what is neither is added to ``others``."""
    for file in _files(source):
        kind = PurePosixPath(file.source).suffix.lower()
        if kind not in (".json", ".xlsx") or file.trouble:
            others.append(file.source)
            continue
        try:
            many = _list_of_filings(file.data) if kind == ".json" else None
            for filing in many if many is not None else [filing_of(file.data)]:
                yield file.source, filing
        except FileRefused as refused:
            if kind == ".json":
                yield file.source, refused.sentence
            else:
                others.append(file.source)


def others_in(source: Path, others: Collection[str]) -> Iterator[Gathered]:
    """The files of these names, read once more: all at once they would fill the memory."""
    wanted = frozenset(others)
    return (file for file in _files(source) if file.source in wanted)


def _files(source: Path) -> Iterator[Gathered]:
    """Every file, those in zips too, named as seen from ``source``."""
    inside = source if source.is_dir() else source.parent
    for file in gather([source], Noise()):
        name = Path(file.source).relative_to(inside).as_posix()
        if name != LAST_UNITS:
            yield replace(file, source=name)


def _list_of_filings(data: bytes) -> list[Filing] | None:
    """The filings of a file that holds a list of them, None for any other file."""
    data = data.lstrip(b"\xef\xbb\xbf \r\n\t")
    if data[:1] != b"[":
        return None
    try:
        items = json.loads(data, parse_float=Decimal)
    except ValueError as error:
        raise FileRefused(f"不是有效的 JSON：{error}。") from error
    return [from_data(item) for item in items]

"""Reports of a campaign's units and of the government itself; many of them made side by side."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from xltool.campaign.home import Campaign
from xltool.campaign.outputs import digest_of
from xltool.campaign.records import Submission, accepted, by_unit, counting
from xltool.campaign.seeding import seed_of
from xltool.campaign.summing import sum_up
from xltool.campaign.workers import pool_of
from xltool.check.finding import Finding
from xltool.definition import form_by_id
from xltool.errors import CampaignTrouble, DefinitionError, FileRefused, NotWritten
from xltool.files import write_new
from xltool.filing import Filing, Unit
from xltool.form import Form, Level
from xltool.narrative import examine_texts
from xltool.narrative.wording_words import wording_of
from xltool.report.publishing import ENDINGS, Wanted, publish, report_name

_WORTH_A_POOL = 12
"""Fewer reports are made sooner than worker processes start."""
_AHEAD = 32
"""Reports under way at once."""


@dataclass(frozen=True)
class Job:
    """One report to be made. ``waiting``: open 核实 of the filing. ``remark``: what is to be known of its source."""

    filing: Filing
    prior: Filing | None
    draft: bool = False
    waiting: int = 0
    remark: str = ""


@dataclass(frozen=True)
class Made:
    """What became of a job: its files and whether each is new; ``trouble`` says why one was not written.

    ``digests``: of what was written, by the file's name.
    """

    unit: str
    files: tuple[tuple[Path, bool], ...] = ()
    digests: tuple[tuple[str, str], ...] = ()
    drafted: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    waiting: int = 0
    remark: str = ""
    trouble: str = ""


@dataclass
class Choice:
    """Rounds of which reports are made, and for every unit left out the reason."""

    rounds: list[Submission] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    newer: dict[str, int] = field(default_factory=dict)
    """Unit → the number of a round that came after the accepted one."""


# --- which rounds -----------------------------------------------------------------------------------------


def choose_rounds(campaign: Campaign, units: Iterable[str] | None = None, draft: bool = False) -> Choice:
    """The accepted round of each of ``units``, of all that file where None; a ``draft`` takes the newest one else.

    CampaignTrouble where a name is not on the roster.
    """
    roster = campaign.roster()
    names = list(dict.fromkeys(units)) if units is not None else [unit.name for unit in roster if unit.files]
    unknown = [name for name in names if name not in roster.by_name]
    if unknown:
        raise CampaignTrouble(f"没有文件“{unknown[0]}”，名册里也没有这个单位。请写文件名，或名册上的全称。")
    rounds, known = by_unit(campaign.store.standings()), roster.by_name
    choice = Choice()
    for name in names:
        if not known[name].files:
            choice.refused[name] = f"{known[name].change_said}，没有自己的报告"
        else:
            _choose(choice, name, rounds.get(name, []), draft)
    return choice


def _choose(choice: Choice, unit: str, rounds: Sequence[Submission], draft: bool) -> None:
    newest = counting(rounds)
    chosen = accepted(rounds) or (newest if draft else None)
    if chosen is None or newest is None:
        choice.refused[unit] = f"第 {newest.round} 次{newest.state}，没有审定" if newest is not None else "还没有交"
    elif chosen.errors and not draft:
        choice.refused[unit] = f"还有 {chosen.errors} 处错误"
    else:
        choice.rounds.append(chosen)
        if newest is not chosen:
            choice.newer[unit] = newest.round


def jobs_of(campaign: Campaign, choice: Choice, draft: bool = False) -> Iterator[Job]:
    """A job for every chosen round; filings are read one by one."""
    seeds, known = campaign.store.seeds(), campaign.roster().by_name
    for submission in choice.rounds:
        unit = submission.unit
        prior = seed_of(campaign.form, known[unit], campaign.year, seeds)
        newer = choice.newer.get(unit)
        remark = f"审定之后又交了第 {newer} 次，报告按审定的第 {submission.round} 次。" if newer else ""
        yield Job(campaign.store.filing(submission.id), prior, draft, submission.waiting, remark)


# --- the government's own ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountyReport:
    """The report of the government: ``errors`` stand in its way, ``waiting`` is to be looked at before publishing.

    ``lacking``: units that are not in a draft.
    """

    job: Job
    errors: tuple[Finding, ...]
    waiting: tuple[Finding, ...]
    lacking: tuple[str, ...]


def county_report(campaign: Campaign, texts: Filing | None, draft: bool = False) -> CountyReport:
    """The report of all units' sum, in the words of ``texts``, the government's own filing, of which no figure is used.

    CampaignTrouble names units that are missing or not accepted; a ``draft`` goes on without them, and without
    ``texts`` under the name that follows from the office's. FileRefused where
    ``texts`` is not the government's of this year, or where there is none: the law asks for more than figures.
    """
    if texts is not None:
        refuse_other_texts(campaign, texts)
    elif not draft:
        raise FileRefused(_no_texts(campaign.form))
    total = sum_up(campaign, None, draft)
    filing = total.consolidation.filing
    if texts is not None:
        filing = replace(filing, unit=texts.unit, texts=texts.texts, explanations=texts.explanations)
    else:
        filing = replace(filing, unit=Unit(_government_of(filing.unit.name)))
    found = (*total.findings, *(examine_texts(campaign.form, filing, total.prior) if texts is not None else ()))
    errors = tuple(finding for finding in found if finding.level is Level.ERROR and finding.is_open)
    waiting = tuple(finding for finding in found if finding.level is Level.VERIFY and finding.is_open)
    lacking = tuple(row.unit.name for row in total.lacking)
    return CountyReport(
        Job(filing, total.prior, draft, remark=_same_name(campaign, filing.unit)), errors, waiting, lacking
    )


def _government_of(office: str) -> str:
    """Whose report the sum is: not that of ``office``, which has one of its own."""
    government = re.sub("(?<=人民政府)办公[室厅]$", "", office)
    return government if government != office else f"{office}（汇总）"


def _same_name(campaign: Campaign, government: Unit) -> str:
    """What is to be known where the roster lists the government itself as a unit."""
    if government.name not in campaign.roster().by_name:
        return ""
    return "也是名册上的一个单位：这份是全部单位的汇总，与它自己的报告同名，请分开放，明年不要当作它的上年数据。"


def refuse_other_texts(campaign: Campaign, texts: Filing) -> None:
    """FileRefused where ``texts`` is not the government's own filing of this year."""
    government, name = _government_of(campaign.settings.office), texts.unit.name
    if name in campaign.roster().by_name and name != government:
        meant = government if government.endswith("人民政府") else "政府的全称"
        raise FileRefused(
            f"--texts 的“{name}”是名册上的一个单位，有它自己的报告；政府的报告是全部单位的汇总，要另填一份文字。"
            f"请用 xltool blank --unit {meant} --year {campaign.year} --type 类型 生成空白表，写好文字再用。"
        )
    if (texts.form, texts.year) != (campaign.form.id, campaign.year):
        raise FileRefused(
            f"--texts 给的是“{texts.form}” {texts.year} 年的，应为“{campaign.form.id}” {campaign.year} 年的。"
        )
    wording = wording_of(campaign.form)
    if wording is not None and wording.council.types and texts.unit.type not in wording.council.types:
        types = "、".join(sorted(wording.council.types))
        said = f"单位类型是“{texts.unit.type}”" if texts.unit.type else "没有写单位类型"
        raise FileRefused(f"--texts 的“{texts.unit.name}”{said}，应为政府自己的填报表，类型是 {types} 之一。")


def _no_texts(form: Form) -> str:
    wording = wording_of(form)
    topics = "、".join(wording.council.topics) if wording is not None else ""
    asked = f"，其中应写到{topics}" if topics else ""
    said = f"政府的报告不只是汇总数，还要有文字{asked}。"
    return f"{said}请用 --texts 给出政府自己填了文字的填报表；只看样子请加 --draft。"


# --- making them ------------------------------------------------------------------------------------------


def publish_all(
    jobs: Iterable[Job],
    folder: Path,
    wanted: Wanted,
    overwrite: bool = False,
    workers: int = 2,
    earlier: Mapping[str, str] | None = None,
) -> Iterator[Made]:
    """Make every report and write its files into ``folder``; what became of each, in the order of ``jobs``.

    ``earlier``: digests of earlier outputs by name, which give way.
    """
    earlier = earlier or {}
    named = _named(iter(jobs))
    first = list(islice(named, _WORTH_A_POOL))
    if len(first) < _WORTH_A_POOL or workers < 2:
        for job, double in chain(first, named):
            yield double or make_report(job, folder, wanted, overwrite, _earlier(job, earlier))
        return
    # Copies of a program that has set a PDF before would wait for ever for threads that they do not have.
    with pool_of(min(workers, os.cpu_count() or 1), afresh=True) as pool:
        under_way: deque[Made | Future[Made]] = deque()
        try:
            for job, double in chain(first, named):
                replaceable = _earlier(job, earlier)
                under_way.append(double or pool.submit(make_report, job, folder, wanted, overwrite, replaceable))
                while len(under_way) >= _AHEAD:
                    yield _result(under_way.popleft())
            while under_way:
                yield _result(under_way.popleft())
        except BrokenProcessPool as error:
            raise CampaignTrouble("生成报告的进程意外中断了，可能是内存不够。请再运行一次。") from error
        finally:
            pool.shutdown(cancel_futures=True)


def _result(made: Made | Future[Made]) -> Made:
    return made if isinstance(made, Made) else made.result()


def _named(jobs: Iterator[Job]) -> Iterator[tuple[Job, Made | None]]:
    """Each job; one whose files would have the names of another one's is not made but told."""
    names: set[str] = set()
    for job in jobs:
        name = report_name(_form(job.filing.form), job.filing, job.draft)
        trouble = f"{name}  另有一份同名的报告，这一份没有生成。请分开文件夹生成。"
        yield job, Made(job.filing.unit.name, trouble=trouble) if name in names else None
        names.add(name)


def _form(form_id: str) -> Form:
    form = form_by_id(form_id)
    assert form is not None, form_id
    return form


def _earlier(job: Job, earlier: Mapping[str, str]) -> dict[str, str]:
    """Those of ``earlier`` that are of this report."""
    name = report_name(_form(job.filing.form), job.filing, job.draft)
    return {name + ending: earlier[name + ending] for ending in ENDINGS if name + ending in earlier}


def make_report(job: Job, folder: Path, wanted: Wanted, overwrite: bool, earlier: Mapping[str, str]) -> Made:
    """One report and its files; never raises for what keeps it from being written."""
    form = _form(job.filing.form)
    made = Made(job.filing.unit.name, waiting=job.waiting, remark=job.remark)
    files: list[tuple[Path, bool]] = []
    digests: list[tuple[str, str]] = []
    try:
        published = publish(form, job.filing, job.prior, job.draft, wanted)
        for ending, data in published.files:
            path = folder / f"{report_name(form, job.filing, job.draft)}{ending}"
            files.append((path, write_new(path, data, overwrite, earlier.get(path.name, ""))))
            digests.append((path.name, digest_of(data)))
    except (NotWritten, DefinitionError) as error:
        return replace(made, files=tuple(files), digests=tuple(digests), trouble=str(error))
    made = replace(made, files=tuple(files), digests=tuple(digests))
    return replace(made, drafted=published.drafted, stand_ins=published.stand_ins)

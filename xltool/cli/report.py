"""xltool report: reports of filings, of a campaign's units, of the government itself; in every format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

import typer

from xltool.campaign.home import REPORTS, Campaign, find_campaign
from xltool.campaign.outputs import own_outputs, remember_outputs
from xltool.campaign.reporting import Choice, Job, Made, choose_rounds, county_report, jobs_of, publish_all
from xltool.check.filing import examine
from xltool.check.finding import Finding
from xltool.cli.chinese import program
from xltool.cli.here import shown, this_campaign
from xltool.cli.options import OVERWRITE_HELP, PRIOR_HELP, chosen_form, prior_filing, refuse_wrong_prior
from xltool.cli.output import COULD_NOT_RUN, FINDINGS, counting, from_here, note, progress, say
from xltool.errors import CampaignTrouble, FileRefused, NotWritten
from xltool.files import chosen_files, read_bytes, write_new
from xltool.filing import Filing
from xltool.form import Level
from xltool.intake import is_json, last_year_as, read_any_filing, take_in
from xltool.messages import listed
from xltool.narrative.joined import with_texts
from xltool.report.data import SCHEMA_ID
from xltool.report.publishing import SCHEMA_FILE, Format, Wanted

_Read = tuple[Filing, Filing | None, Sequence[Finding]]
_LISTED = 20
_NAMED_HELP = "填好并核对过的工作簿，也可以是填报数据 JSON；或已审定的单位全称。"
_FORMATS_HELP = "格式，用逗号隔开：docx、html、pdf、json、csv、txt；默认 docx。"
_OPEN_DATA = "这是公布用的开放数据，只有印出来的内容，不能再生成报告。请给工作簿，或填报数据 JSON。"
_FOLDER_HELP = "放在哪个文件夹；默认当前文件夹，在收报任务里则是“报告”文件夹。"
_TEXTS_HELP = "与 --county 合用：政府自己的填报表（工作簿或 JSON），用它的文字和落款。"


def report(
    named: list[str] = typer.Argument(None, metavar="文件或单位…", help=_NAMED_HELP),
    every: bool = typer.Option(False, "--all", help="收报任务里已审定的全部单位。"),
    county: bool = typer.Option(False, "--county", help="政府自己的报告：数是全部单位的汇总。"),
    texts: Path | None = typer.Option(None, "--texts", metavar="文件", help=_TEXTS_HELP),
    formats: str = typer.Option("docx", "--format", metavar="格式", help=_FORMATS_HELP),
    fragment: bool = typer.Option(False, "--fragment", help="另做一份网页内容，供粘贴到网站的编辑框。"),
    charts: bool = typer.Option(False, "--charts", help="加上图表；全为 0 的不画。"),
    folder: Path | None = typer.Option(None, "-o", "--out", metavar="文件夹", help=_FOLDER_HELP),
    draft: bool = typer.Option(False, "--draft", help="有“错误”、没有审定也生成，每页标明“草稿”。"),
    prior: Path | None = typer.Option(None, "--prior", metavar="文件", help=PRIOR_HELP),
    overwrite: bool = typer.Option(False, "--overwrite", help=OVERWRITE_HELP),
) -> None:
    """生成年度报告：Word、网页、PDF、开放数据。

    还有“错误”的、没有审定的不生成（退出码 1），先改正、审定；要看样子用 --draft。
    """
    names = list(named or [])
    wanted = Wanted(_formats(formats), fragment, charts)
    _refuse_mixture(names, every, county, texts, prior)
    if county:
        jobs, code = [_county_job(texts, draft)], 0
    elif every:
        _all_units(folder, wanted, draft, overwrite)
        return
    else:
        jobs, code = _named_jobs(names, prior, draft)
    made = _made(jobs, len(jobs), _target(folder), wanted, overwrite)
    for one in made:
        _say_made(one, len(made) > 1)
    _say_common(made, _target(folder), wanted)
    raise typer.Exit(_worst(code, _tell_troubles(made, len(names) > 1)))


def _formats(text: str) -> tuple[Format, ...]:
    known = {str(chosen) for chosen in Format}
    names = [name.strip().lower().lstrip(".") for name in text.replace("，", ",").split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise FileRefused(f"没有格式“{unknown[0] if unknown else text}”。可以用：{'、'.join(Format)}，用逗号隔开。")
    return tuple(Format(name) for name in dict.fromkeys(names))


def _refuse_mixture(names: Sequence[str], every: bool, county: bool, texts: Path | None, prior: Path | None) -> None:
    if bool(names) + every + county != 1:
        raise FileRefused("请写文件或单位，或用 --all、--county，只用其中一种。")
    if texts is not None and not county:
        raise FileRefused("--texts 只与 --county 合用。")
    if prior is not None and (every or county or len(names) > 1):
        raise FileRefused("--prior 只与一个文件合用：收报任务里有各单位的上年数据。")


def _target(folder: Path | None) -> Path:
    if folder is not None:
        return folder
    campaign = _campaign_here()
    return Path() if campaign is None else campaign.folder / REPORTS


def _campaign_here() -> Campaign | None:
    try:
        return find_campaign(Path.cwd())
    except CampaignTrouble:
        return None


# --- what is to be made -----------------------------------------------------------------------------------


def _named_jobs(names: Sequence[str], prior: Path | None, draft: bool) -> tuple[list[Job], int]:
    """Jobs for files and units, and the exit code as far as it follows from what was refused."""
    units = _units_among(names)
    files = [name for name in names if name not in units]
    if units and prior is not None:
        raise FileRefused("--prior 只与一个文件合用：收报任务里有各单位的上年数据。")
    jobs, code = [], 0
    last_year = prior_filing(prior)
    for path in progress(chosen_files(map(Path, files)), "正在核对"):
        try:
            job = _file_job(path, last_year, draft)
        except FileRefused as refused:
            if len(names) == 1:
                raise
            note(f"× {refused.sentence}")
            code = COULD_NOT_RUN
            continue
        jobs += [job] if job is not None else []
        code = code if job is not None else _worst(code, FINDINGS)
    if units:
        here = this_campaign()
        choice = choose_rounds(here, units, draft)
        _tell_refused(choice)
        jobs += jobs_of(here, choice, draft)
        code = _worst(code, FINDINGS if choice.refused else 0)
    return jobs, code


def _units_among(names: Sequence[str]) -> list[str]:
    """The names that are units of this campaign or look like it; what looks like a path is told about as a file."""
    missing = [name for name in names if not Path(name).exists()]
    here = _campaign_here() if missing else None
    if here is None:
        return []
    roster = here.roster().by_name
    return [name for name in missing if name in roster or not (Path(name).suffix or set(name) & set("*?/\\"))]


def _file_job(path: Path, last_year: Filing | None, draft: bool) -> Job | None:
    """The job of one file; None, with every open 错误 told, where that keeps it from being made."""
    as_json = path.is_file() and is_json(read_bytes(path))
    filing, prior, findings = (_read_json if as_json else _read_workbook)(path, last_year)
    refuse_wrong_prior(last_year, filing.year, filing.unit.name)
    still_open = [finding for finding in findings if finding.is_open]
    errors = [finding for finding in still_open if finding.level is Level.ERROR]
    if errors and not draft:
        _tell_errors(str(path), errors)
        return None
    waiting = [finding for finding in still_open if finding.level is Level.VERIFY]
    if as_json and waiting:
        # xltool check, to which the others are sent, takes no JSON.
        note(f"{path} 还有 {len(waiting)} 处“核实”没有说明，公布前请核对：")
        _list(waiting)
        waiting = []
    return Job(filing, prior, draft, len(waiting))


def _read_workbook(path: Path, last_year: Filing | None) -> _Read:
    intake = take_in(path, last_year)
    if intake.returned is None:
        raise FileRefused(f"{path}  {intake.findings[0].said}")
    return intake.returned.filing, intake.returned.prior, intake.findings


def _read_json(path: Path, last_year: Filing | None) -> _Read:
    try:
        filing = read_any_filing(path)
    except FileRefused as refused:
        sentence = _OPEN_DATA if SCHEMA_ID.encode() in read_bytes(path)[:200] else refused.sentence
        raise FileRefused(f"{path}  {sentence}") from refused
    form = chosen_form(filing.form)
    prior, told = last_year_as(form, last_year) if last_year is not None else (None, ())
    findings = with_texts(form, filing, prior, examine(form, filing, prior).findings)
    return filing, prior, (*findings, *told)


def _county_job(texts: Path | None, draft: bool) -> Job:
    here = this_campaign()
    try:
        said = read_any_filing(texts) if texts is not None else None
    except FileRefused as refused:
        raise FileRefused(f"{texts}  {refused.sentence}") from refused
    made = county_report(here, said, draft)
    if made.errors and not draft:
        _tell_errors(f"“{made.job.filing.unit.name}”的报告", made.errors)
        raise typer.Exit(FINDINGS)
    if made.lacking:
        note(f"没有计入的 {len(made.lacking)} 个单位：{listed(made.lacking, _LISTED)}")
    if made.waiting:
        note(f"还有 {len(made.waiting)} 处“核实”没有改正或说明，公布前请核对：")
        _list(made.waiting)
    if said is None:
        note(f"没有用 --texts 给出文字：报告的单位暂作“{made.job.filing.unit.name}”，文字只有按表自动生成的。")
    return made.job


def _all_units(folder: Path | None, wanted: Wanted, draft: bool, overwrite: bool) -> None:
    here = this_campaign()
    choice = choose_rounds(here, None, draft)
    target = folder or here.folder / REPORTS
    made = _made(jobs_of(here, choice, draft), len(choice.rounds), target, wanted, overwrite)
    files = [is_new for one in made for _, is_new in one.files]
    same = f"，其中 {files.count(False)} 个与已有的相同" if False in files else ""
    say(f"{sum(not one.trouble for one in made)} 个单位的报告，共 {len(files)} 个文件，在 {shown(target)}{same}。")
    for title, units in _by_drafted(made).items():
        say(f"“{title}”一段按表自动生成的 {len(units)} 个单位，请核对：{listed(units, _LISTED)}")
    for one in (one for one in made if one.remark):
        say(f"“{one.unit}”{one.remark}")
    _say_common(made, target, wanted)
    _tell_refused(choice)
    raise typer.Exit(_worst(FINDINGS if choice.refused else 0, _tell_troubles(made, True)))


def _made(jobs: Iterable[Job], count: int, target: Path, wanted: Wanted, overwrite: bool) -> list[Made]:
    """Make them; a campaign remembers what it wrote."""
    here = _campaign_here()
    earlier = own_outputs(here) if here is not None else {}
    made: list[Made] = []
    with counting("正在生成报告", count) if count > 1 else nullcontext(_untold) as tick:
        for one in publish_all(jobs, target, wanted, overwrite, earlier=earlier):
            made.append(one)
            tick(one.unit)
    if here is not None:
        remember_outputs(here, [written for one in made for written in one.digests], earlier)
    return made


def _untold(_: str) -> None:
    """A single report needs no counter."""


# --- what is said -----------------------------------------------------------------------------------------


def _tell_errors(whose: str, errors: Iterable[Finding]) -> None:
    errors = list(errors)
    note(f"{whose} 还有 {len(errors)} 处错误，没有生成报告：")
    _list(errors)
    note("改正后再生成；只看样子请加 --draft。")


def _list(findings: Iterable[Finding]) -> None:
    for finding in findings:
        note(f"  {finding.place}  {finding.said}〔{finding.key}〕")


def _tell_refused(choice: Choice) -> None:
    if choice.refused:
        note(f"没有生成报告的 {len(choice.refused)} 个单位：")
        for unit, reason in choice.refused.items():
            note(f"  {unit}  {reason}")


def _tell_troubles(made: Iterable[Made], several: bool) -> int:
    """Say what was not written; the exit code. A single one is the command's own trouble."""
    troubles = [one.trouble for one in made if one.trouble]
    if troubles and not several:
        raise NotWritten(troubles[0])
    for trouble in troubles:
        note(f"× {from_here(trouble)}")
    return COULD_NOT_RUN if troubles else 0


def _say_made(made: Made, several: bool) -> None:
    whose = f"“{made.unit}”" if several else ""
    for path, is_new in made.files:
        say(f"{'已生成' if is_new else '已有相同的文件'}：{shown(path)}")
    if made.drafted:
        parts = "一段" if len(made.drafted) == 1 else "这几段"
        say(f"{whose}{'、'.join(f'“{title}”' for title in made.drafted)}{parts}是按表自动生成的，请核对。")
    if made.remark:
        say(f"{whose}{made.remark}")
    if made.waiting:
        say(f"{whose}还有 {made.waiting} 处“核实”没有改正或说明，公布前请用 xltool check 查看。")


def _say_common(made: Sequence[Made], target: Path, wanted: Wanted) -> None:
    """Once for all reports: which font stood in for which, and the schema that goes with JSON."""
    stand_ins = list(dict.fromkeys(name for one in made for name in one.stand_ins))
    if stand_ins:
        say(f"PDF 用别的字体代替的：{'；'.join(stand_ins)}。")
    if wanted.schema is not None and any(one.files for one in made):
        path = target / SCHEMA_FILE
        if write_new(path, wanted.schema.encode(), overwrite=True):
            say(f"JSON 的格式说明：{shown(path)}")


def _by_drafted(made: Iterable[Made]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in made:
        for title in one.drafted:
            found.setdefault(title, []).append(one.unit)
    return found


def _worst(*codes: int) -> int:
    return max(codes)


app = program(report)

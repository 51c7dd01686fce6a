"""xltool verify: a published report against the data it was made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import typer

from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.reporting import choose_rounds, jobs_of, refuse_other_texts
from xltool.campaign.summing import frozen_sum, sum_up
from xltool.cli.chinese import program
from xltool.cli.options import JSON_HELP, chosen_form
from xltool.cli.output import FINDINGS, NOTHING_WRONG, say, say_json
from xltool.definition import form_by_id
from xltool.errors import CampaignTrouble, FileRefused
from xltool.files import read_bytes
from xltool.filing import Filing
from xltool.form import Form
from xltool.intake import is_json, read_any_filing
from xltool.verify import Difference, Verified, verify_published
from xltool.workbook.reader import read_filing

_TEXTS_HELP = "与 FREEZE 合用：政府自己的填报表（工作簿或 JSON），连文字一起核对。"
_FROZEN = ("FREEZE", "freeze", "定版")


@dataclass(frozen=True)
class _Against:
    """What the published report is held against."""

    form: Form
    filing: Filing
    prior: Filing | None = None
    is_sum: bool = False


def verify(
    published: Path = typer.Argument(..., metavar="报告", help="公布的报告：Word、网页、PDF、文本、JSON 或 CSV 文件。"),
    against: str = typer.Option(
        ..., "--against", metavar="依据", help="工作簿或填报数据文件；或者收报任务里的单位全称；FREEZE 是定版的汇总数。"
    ),
    texts: Path | None = typer.Option(None, "--texts", metavar="文件", help=_TEXTS_HELP),
    password: str | None = typer.Option(None, "--password", metavar="密码", help="报告文件的打开密码。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """把公布的报告读回来，与数据逐项核对，列出每个不同的数和每段不同的文字。

    完全一致时退出码为 0，有不同为 1，不能运行为 2。
    """
    base = _against(against, texts)
    found = verify_published(
        base.form, base.filing, read_bytes(published), published.name, password, base.prior, base.is_sum
    )
    if as_json:
        say_json([_data(difference) for difference in found.differences])
    else:
        _print(published, base, found)
    raise typer.Exit(FINDINGS if found.differences else NOTHING_WRONG)


def _against(name: str, texts: Path | None) -> _Against:
    path = Path(name)
    if texts is not None and (path.is_file() or name not in _FROZEN):
        raise FileRefused("--texts 只与 --against FREEZE 合用。")
    if path.is_file():
        return _from_file(path)
    campaign = _campaign(name)
    if name in _FROZEN:
        return _frozen(campaign, texts)
    choice = choose_rounds(campaign, [name])
    if name in choice.refused:
        raise CampaignTrouble(f"“{name}”没有审定的数可以核对：{choice.refused[name]}。")
    (job,) = jobs_of(campaign, choice)
    return _Against(campaign.form, job.filing, job.prior)


def _campaign(name: str) -> Campaign:
    try:
        return find_campaign(Path.cwd())
    except CampaignTrouble as trouble:
        raise FileRefused(f"没有文件“{name}”；当前文件夹也不在收报任务里，不能按单位核对。") from trouble


def _from_file(path: Path) -> _Against:
    data = read_bytes(path)
    if is_json(data):
        filing = read_any_filing(path)
        return _Against(chosen_form(filing.form), filing)
    try:
        returned = read_filing(data, form_by_id)
    except FileRefused as refused:
        raise FileRefused(f"{path}  {refused.sentence}") from refused
    return _Against(returned.form, returned.filing, returned.prior)


def _frozen(campaign: Campaign, texts: Path | None) -> _Against:
    """The sum that the last freeze fixed, in the words of ``texts`` where they are given."""
    total = frozen_sum(campaign).filing
    if texts is None:
        return _Against(campaign.form, total, is_sum=True)
    try:
        said = read_any_filing(texts)
    except FileRefused as refused:
        raise FileRefused(f"{texts}  {refused.sentence}") from refused
    refuse_other_texts(campaign, said)
    prior = sum_up(campaign, None, draft=True).prior
    return _Against(campaign.form, replace(total, unit=said.unit, texts=said.texts), prior)


def _print(published: Path, base: _Against, found: Verified) -> None:
    say(f"{published}  {base.filing.unit.name}  {base.filing.year} 年")
    if found.remark:
        say(f"  {found.remark}")
    for difference in found.differences:
        where = f"（{difference.where}）" if difference.where else ""
        say(f"  × {difference.place}{where}")
        say(f"      公布的：{difference.published}")
        say(f"      应为：　{difference.expected}")
    compared = "各个数和各段文字" if found.has_texts and not base.is_sum else "各个数"
    said = f"共 {len(found.differences)} 处不同。" if found.differences else f"√ {compared}都一致。"
    say(f"  {said}")


def _data(difference: Difference) -> dict[str, str | None]:
    return {
        "place": difference.place,
        "figure": str(difference.figure) if difference.figure is not None else None,
        "where": difference.where,
        "published": difference.published,
        "expected": difference.expected,
    }


app = program(verify)

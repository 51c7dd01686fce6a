"""xltool verify: a published report against the data it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import typer

from xltool.campaign.deciding import FREEZE
from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.records import State
from xltool.cli.chinese import program
from xltool.cli.options import JSON_HELP, chosen_form
from xltool.cli.output import FINDINGS, NOTHING_WRONG, say, say_json
from xltool.consolidate import Contribution, consolidate
from xltool.definition import form_by_id
from xltool.documents import read_document
from xltool.errors import CampaignTrouble, FileRefused
from xltool.files import read_bytes
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.intake import read_any_filing
from xltool.verify import Difference, verify_report
from xltool.workbook.reader import read_filing

_FROZEN = ("FREEZE", "freeze", "定版")


@dataclass(frozen=True)
class _Against:
    """What the published report is held against."""

    form: Form
    filing: Filing
    prior: Filing | None = None
    is_sum: bool = False


def verify(
    published: Path = typer.Argument(..., metavar="报告", help="公布的报告：Word、网页或 PDF 文件。"),
    against: str = typer.Option(
        ..., "--against", metavar="依据", help="工作簿或填报数据文件；或者收报任务里的单位全称；FREEZE 是定版的汇总数。"
    ),
    password: str | None = typer.Option(None, "--password", metavar="密码", help="报告文件的打开密码。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """把公布的报告读回来，与数据逐项核对，列出每个不同的数和每段不同的文字。

    完全一致时退出码为 0，有不同为 1，不能运行为 2。
    """
    base = _against(against)
    document = read_document(read_bytes(published), published.name, password)
    differences = verify_report(base.form, base.filing, document, base.prior, base.is_sum)
    if as_json:
        say_json([_data(difference) for difference in differences])
    else:
        _print(published, base, differences)
    raise typer.Exit(FINDINGS if differences else NOTHING_WRONG)


def _against(name: str) -> _Against:
    path = Path(name)
    if path.is_file():
        return _from_file(path)
    campaign = _campaign(name)
    if name in _FROZEN:
        return _frozen(campaign)
    rounds = [s for s in campaign.store.submissions(name) if s.state != State.REJECTED]
    accepted = next((s for s in reversed(rounds) if s.is_accepted), None)
    if accepted is None:
        raise CampaignTrouble(f"没有文件“{name}”，收报任务里也没有审定的“{name}”。请写文件名，或名册上的全称。")
    return _Against(campaign.form, campaign.store.filing(accepted.id), campaign.store.seed(name))


def _campaign(name: str) -> Campaign:
    try:
        return find_campaign(Path.cwd())
    except CampaignTrouble as trouble:
        raise FileRefused(f"没有文件“{name}”；当前文件夹也不在收报任务里，不能按单位核对。") from trouble


def _from_file(path: Path) -> _Against:
    data = read_bytes(path)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        filing = read_any_filing(path)
        return _Against(chosen_form(filing.form), filing)
    try:
        returned = read_filing(data, form_by_id)
    except FileRefused as refused:
        raise FileRefused(f"{path}  {refused.sentence}") from refused
    return _Against(returned.form, returned.filing, returned.prior)


def _frozen(campaign: Campaign) -> _Against:
    """The sum of exactly the rounds that the last freeze fixed."""
    freezes = [decision for decision in campaign.store.decisions() if decision.action == FREEZE]
    if not freezes:
        raise CampaignTrouble("还没有定版。请先用 xltool freeze 定版。")
    filings = [campaign.store.filing(number) for number in freezes[-1].data["submissions"]]
    contributions = [Contribution(filing.unit, filing) for filing in filings]
    unit = Unit(campaign.settings.office)
    return _Against(campaign.form, consolidate(campaign.form, unit, campaign.year, contributions).filing, is_sum=True)


def _print(published: Path, base: _Against, differences: tuple[Difference, ...]) -> None:
    say(f"{published}  {base.filing.unit.name}  {base.filing.year} 年")
    for difference in differences:
        where = f"（{difference.where}）" if difference.where else ""
        say(f"  × {difference.place}{where}")
        say(f"      公布的：{difference.published}")
        say(f"      应为：　{difference.expected}")
    compared = "各个数" if base.is_sum else "各个数和各段文字"
    said = f"共 {len(differences)} 处不同。" if differences else f"√ {compared}都一致。"
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

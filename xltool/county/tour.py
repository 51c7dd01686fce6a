"""The whole campaign on the made-up county, as an office goes through it: three rounds, then the sum."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from xltool.campaign.board import make_board
from xltool.campaign.board_html import board_html
from xltool.campaign.deciding import accept, acceptable, explain
from xltool.campaign.home import ORIGINALS, REPORTS, Campaign, Settings, create_campaign
from xltool.campaign.issuing import issue
from xltool.campaign.lastyear import last_year
from xltool.campaign.returning import return_units
from xltool.campaign.summing import sum_up
from xltool.campaign.taking import Outcome, take
from xltool.county import sources
from xltool.county.returned import returned_files
from xltool.files import write_new
from xltool.workbook.consolidated import write_consolidated

YEAR = 2025
ROUNDS = (1, 2, 3)
LOOK_AT = (
    ("下发", "下发给各单位的填报表，带上年数据"),
    ("退回", "标红的填报表和退回修改通知"),
    (REPORTS, "汇总工作簿和收报进度网页"),
    (ORIGINALS, "收到的每个文件，原样保存"),
)


def tour(folder: Path) -> Iterator[str]:
    """Go through it in ``folder``, which must not hold a campaign; a line after each step."""
    form, roster = sources.form(), sources.roster()
    settings = Settings(form.id, YEAR, "青岭县人民政府办公室", date(YEAR + 1, 1, 31), date(YEAR + 1, 3, 31))
    campaign = create_campaign(folder / str(YEAR), form, settings, roster)
    found = last_year(sources.folder(), form, YEAR, roster)
    with campaign.store.transaction():
        for name, filing in found.filings.items():
            campaign.store.put_seed(name, filing)
    yield f"新建任务：名册 {len(roster.units)} 个单位，上年数据 {len(found.filings)} 份。"
    yield f"下发：{sum(out.issued is not None for out in issue(campaign))} 份填报表。"
    for number in ROUNDS:
        yield from _round(campaign, folder, number)
    yield from _rest(campaign)
    yield _sum(campaign)
    page = folder / str(YEAR) / REPORTS / "收报进度.html"
    write_new(page, board_html(make_board(campaign)).encode(), overwrite=True)
    campaign.store.close()


def _round(campaign: Campaign, folder: Path, number: int) -> Iterator[str]:
    back = folder / f"第{number}轮收到"
    for name, data in returned_files(number):
        write_new(back / name, data, overwrite=True)
    taking = take(campaign, [back])
    counts = "，".join(f"{o} {taking.count(o)}" for o in Outcome if taking.count(o))
    yield f"第 {number} 轮收到 {len(taking.lines)} 个文件：{counts}，略过临时文件 {taking.noise} 个。"
    returned = [line for line in return_units(campaign) if not line.refused and line.is_new]
    if returned:
        yield f"  退回 {len(returned)} 个单位。"
    accepted = acceptable(campaign)
    if accepted:
        accept(campaign, accepted)
        yield f"  审定 {len(accepted)} 个单位。"


def _rest(campaign: Campaign) -> Iterator[str]:
    """核实 that the office itself can answer for is explained, then accepted."""
    explained = []
    for unit, submission in campaign.store.latest().items():
        if submission.waiting and not submission.errors:
            for key in {finding.key for finding in submission.findings if finding.is_open}:
                explain(campaign, unit, key, "电话核实，确系如此。")
            explained.append(unit)
    if explained:
        accept(campaign, explained)
        yield f"电话核实后登记说明并审定 {len(explained)} 个单位。"


def _sum(campaign: Campaign) -> str:
    total = sum_up(campaign, None, draft=True)
    data = write_consolidated(
        campaign.form, total.consolidation, total.roster_rows, total.prior, total.draft_note, total.findings
    )
    name = f"{campaign.settings.office}{YEAR}年{campaign.form.short_title}汇总.xlsx"
    write_new(campaign.folder / REPORTS / name, data, overwrite=True)
    lacking = "、".join(row.unit.name for row in total.lacking)
    rest = f"；没有计入的：{lacking}（每页标明草稿）" if lacking else ""
    return f"汇总 {len(total.consolidation.shares)} 个单位{rest}。"

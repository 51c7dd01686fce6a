"""xltool return and consolidate: what goes back to units, and what all of them add up to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

from xltool.campaign.adjusting import adjust, drop_adjustments, read_adjustments
from xltool.campaign.home import REPORTS, RETURNED, Campaign
from xltool.campaign.outputs import write_output
from xltool.campaign.returning import ReturnedUnit, return_units
from xltool.campaign.summing import Sum, sum_up
from xltool.cli.chinese import program
from xltool.cli.here import shown, this_campaign
from xltool.cli.options import JSON_HELP, OVERWRITE_HELP
from xltool.cli.output import FINDINGS, counting, say, say_json
from xltool.errors import FileRefused
from xltool.files import file_name, read_bytes
from xltool.filing import to_json
from xltool.form import Level
from xltool.workbook.consolidated import write_consolidated


def return_command(
    units: list[str] = typer.Argument(None, metavar="单位…", help="单位全称；不写则是所有有问题的单位。"),
    deadline: str | None = typer.Option(None, "--deadline", metavar="日期", help="重新报送的期限，如 2026-01-28。"),
    dry_run: bool = typer.Option(False, "--dry-run", help="只列出要退回的，不写文件。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """退回：给有问题的单位生成标红的填报表和退回修改通知。"""
    here = this_campaign()
    with counting("正在退回") as tick:
        lines = return_units(here, units or None, _day(deadline), dry_run, lambda line: tick(line.unit))
    if as_json:
        say_json([_data(line) for line in lines])
    else:
        for line in lines:
            _say_line(line, dry_run)
        done = sum(not line.refused and (line.is_new or dry_run) for line in lines)
        verb = "要退回" if dry_run else "已退回"
        say(f"{verb} {done} 个单位。" if lines else "没有要退回的单位。")
        if done and not dry_run:
            where = shown(here.folder / RETURNED)
            say(f"都在 {where} 里：工作簿发给单位照着改，通知一并发出；改好交回后再 xltool take。")
    if any(line.refused for line in lines):
        raise typer.Exit(FINDINGS)


def _say_line(line: ReturnedUnit, dry_run: bool) -> None:
    if line.refused:
        say(f"× {line.unit}  {line.refused}")
        return
    again = "" if line.is_new or dry_run else "（上次已生成，没有变化）"
    say(f"√ {line.unit}  第 {line.round} 次交的，错误 {line.errors}，核实 {line.waiting}{again}")


def _data(line: ReturnedUnit) -> dict[str, object]:
    said = {name: getattr(line, name) for name in ("unit", "round", "errors", "waiting", "is_new", "refused")}
    files = {"workbook": line.workbook, "notice": line.notice}
    return said | {name: str(path) if path is not None else None for name, path in files.items()}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise FileRefused(f"日期“{text}”应写成 2026-01-28 这样。") from error


def consolidate_command(
    under: str | None = typer.Option(None, "--under", metavar="单位", help="只汇总这个单位和它下面的各级单位。"),
    draft: bool = typer.Option(False, "--draft", help="有单位没交或没审定也汇总，每页标明“草稿”。"),
    adjusted: Path | None = typer.Option(
        None, "--adjust", metavar="文件", help="调整表，每行一个调整；记入任务，以后的汇总、定版都按它。"
    ),
    drop: bool = typer.Option(False, "--drop-adjustments", help="撤销记下的调整；要用 --reason 写明原因。"),
    reason: str = typer.Option("", "--reason", metavar="文字", help="与 --drop-adjustments 合用：为什么撤销。"),
    folder: Path | None = typer.Option(None, "-o", "--out", metavar="文件夹", help="写到哪里，默认“报告”文件夹。"),
    overwrite: bool = typer.Option(False, "--overwrite", help=OVERWRITE_HELP),
) -> None:
    """汇总：已审定的全部加起来，生成带单位明细和图表的汇总工作簿。

    有单位没交或没审定的不汇总，并列出是哪些；先看样子用 --draft。
    """
    here = this_campaign()
    if reason and not drop:
        raise FileRefused("--reason 只与 --drop-adjustments 合用：每条调整的原因写在调整表里。")
    if drop and adjusted is not None:
        raise FileRefused("--adjust 和 --drop-adjustments 只用一个：给一份新的调整表，就替换了原来的。")
    if drop:
        say(f"已撤销调整 {drop_adjustments(here, reason, under)} 条。")
    if adjusted is not None:
        _adjust(here, adjusted, under)
    total = sum_up(here, under, draft)
    data = write_consolidated(
        here.form, total.consolidation, total.roster_rows, total.prior, total.draft_note, total.findings
    )
    filing = total.consolidation.filing
    mark = "（草稿）" if total.draft_note else ""
    stem = file_name(f"{filing.unit.name}{here.year}年{here.form.short_title}汇总{mark}")
    target = folder or here.folder / REPORTS
    for path, content in ((target / f"{stem}.xlsx", data), (target / f"{stem}.json", to_json(filing).encode())):
        written = write_output(here, path, content, overwrite)
        say(f"{'已生成' if written else '已有相同的文件'}：{shown(path)}")
    _say_sum(total)
    if any(finding.level is Level.ERROR and finding.is_open for finding in total.findings):
        raise typer.Exit(FINDINGS)


def _say_sum(total: Sum) -> None:
    """What was added up, who is not in it, and what is to be looked at."""
    corrections = len(total.consolidation.adjustments)
    say(f"汇总了 {len(total.consolidation.shares)} 个单位{f'，含 {corrections} 条调整' if corrections else ''}。")
    if total.lacking:
        say(f"没有计入的 {len(total.lacking)} 个：{'、'.join(row.unit.name for row in total.lacking)}")
    for finding in total.findings:
        say(f"  {finding.state} {finding.place}  {finding.said}〔{finding.key}〕")


def _adjust(here: Campaign, path: Path, under: str | None) -> None:
    try:
        adjustments = read_adjustments(read_bytes(path), here.form)
    except FileRefused as refused:
        raise FileRefused(f"{path}  {refused.sentence}") from refused
    is_new = adjust(here, adjustments, under)
    say(f"{'已记下' if is_new else '原来已记下'}调整 {len(adjustments)} 条，以后的汇总、政府的报告和定版都按它。")


return_app = program(return_command)
consolidate_app = program(consolidate_command)

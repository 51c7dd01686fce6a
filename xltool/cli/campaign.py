"""xltool campaign: a year's collection as a whole, from its making to its backup."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import typer

from xltool.campaign.deciding import replace_roster, set_level
from xltool.campaign.held import HeldReport, held_against
from xltool.campaign.home import LAST_UNITS, Settings, create_campaign
from xltool.campaign.keeping import back_up, restore
from xltool.campaign.lastyear import last_year
from xltool.campaign.rechecking import Rechecked, check_again
from xltool.campaign.roster import Roster, read_roster, roster_template
from xltool.cli.chinese import ChineseCommand, program
from xltool.cli.here import this_campaign
from xltool.cli.last import confirmed_matches, say_last, seed
from xltool.cli.options import FORM_HELP, JSON_HELP, chosen_form
from xltool.cli.output import FINDINGS, counting, say, say_json
from xltool.cli.writable import FIRST_YEAR, LAST_YEAR
from xltool.definition import DEFAULT_EDITION
from xltool.errors import FileRefused
from xltool.files import read_bytes, write_new
from xltool.form import Form

campaign_app = program(help="收报任务：新建、补上年数据、换名册、重新核对、改级别、对照公布数、备份、恢复。")


@campaign_app.callback()
def campaign() -> None:
    """收报任务：新建、补上年数据、换名册、重新核对、改级别、对照公布数、备份、恢复。"""


@campaign_app.command("new", cls=ChineseCommand)
def new(
    year: int = typer.Argument(..., metavar="年份", min=FIRST_YEAR, max=LAST_YEAR, help="报告年度，如 2025。"),
    roster: Path | None = typer.Option(None, "--roster", metavar="文件", help="单位名册（.xlsx 或 CSV）。"),
    last: Path | None = typer.Option(
        None, "--last", metavar="文件夹", help="上年的任务文件夹，或放上年填报数据、已公布的报告（任何格式）的文件夹。"
    ),
    office: str = typer.Option(
        "政府信息公开工作主管部门", "--office", metavar="名称", help="主管部门的名称，用于通知落款。"
    ),
    hand_in: str | None = typer.Option(None, "--hand-in", metavar="日期", help="报送期限，如 2026-01-31。"),
    publish: str | None = typer.Option(None, "--publish", metavar="日期", help="公布期限，如 2026-03-31。"),
    folder: Path | None = typer.Option(None, "-o", "--out", metavar="文件夹", help="任务文件夹，默认以年份命名。"),
    form_id: str = typer.Option(DEFAULT_EDITION, "--form", metavar="表式", help=FORM_HELP),
    template: Path | None = typer.Option(None, "--roster-template", metavar="文件.xlsx", help="只生成一份空白名册。"),
) -> None:
    """新建一个年度的收报任务。"""
    form = chosen_form(form_id)
    if template is not None:
        fresh = _blank_roster(template, form)
        say(f"{'已生成空白名册' if fresh else '已经有一份相同的空白名册'}：{template}")
        say(f"下一步：填好后用 xltool campaign new {year} --roster {template}")
        return
    if roster is None:
        raise FileRefused("请用 --roster 指定单位名册；还没有的，用 --roster-template 名册.xlsx 生成一份空白的。")
    due, published_by = _deadlines(year, hand_in, publish)
    units = _roster(roster, form)
    with counting("正在读取上年数据") as tick:
        seeds = last_year(last, form, year, units, watch=tick) if last is not None else None
    settings = Settings(form.id, year, office, due, published_by)
    made = create_campaign(folder or Path(str(year)), form, settings, units)
    say(f"已新建：{made.folder}，{len(units.units)} 个单位，其中 {sum(u.files for u in units)} 个要填报。")
    if seeds is not None:
        seed(made, seeds)
        say_last(made, seeds)
    say(f"下一步：cd {made.folder}，然后 xltool issue 下发。")


def _blank_roster(path: Path, form: Form) -> bool:
    """Whether it was written; FileRefused where another file stands there: it may be the one that was filled in."""
    data = roster_template(form)
    if path.exists() and read_bytes(path) != data:
        raise FileRefused(f"{path}  已经存在，内容不同（可能是填好的名册），没有覆盖。请换一个文件名。")
    return write_new(path, data)


def _roster(path: Path, form: Form) -> Roster:
    try:
        return read_roster(read_bytes(path), form)
    except FileRefused as refused:
        raise FileRefused(f"{path}  {refused.sentence}") from refused


def _deadlines(year: int, hand_in: str | None, publish: str | None) -> tuple[date, date]:
    """The two days; FileRefused where they cannot be meant: in the report's own year, or the wrong way round."""
    due, published_by = _day(hand_in, date(year + 1, 1, 31)), _day(publish, date(year + 1, 3, 31))
    for what, day in (("报送期限", due), ("公布期限", published_by)):
        if day.year <= year:
            raise FileRefused(f"{what} {day} 在 {year} 年度结束以前，应为 {year + 1} 年的日期。请核对年份。")
    if published_by < due:
        raise FileRefused(
            f"公布期限 {published_by} 早于报送期限 {due}，应当不早于它。请用 --hand-in、--publish 写明两个日期。"
        )
    return due, published_by


def _day(text: str | None, default: date) -> date:
    if text is None:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise FileRefused(f"日期“{text}”应写成 2026-01-31 这样。") from error


@campaign_app.command("check", cls=ChineseCommand)
def recheck(as_json: bool = typer.Option(False, "--json", help=JSON_HELP)) -> None:
    """规则改动后，把各单位最近一次交的全部重新核对。"""
    with counting("正在核对") as tick:
        changed = check_again(this_campaign(), tick)
    if as_json:
        say_json([_rechecked_data(one) for one in changed])
        return
    say(f"结果有变化的 {len(changed)} 个单位。")
    for (before, after), count in Counter((c.before.state, c.after.state) for c in changed).items():
        if before != after:
            say(f"{before} → {after}：{count} 个单位")
    for one in changed:
        _say_rechecked(one)


def _rechecked_data(one: Rechecked) -> dict[str, object]:
    before, after = ({"state": s.state, "errors": s.errors, "waiting": s.waiting} for s in (one.before, one.after))
    found = {"came": list(one.came), "went": list(one.went), "changed": dict(one.changed)}
    return {"unit": one.unit, "round": one.after.round, **after, "before": before, "after": after, **found}


def _say_rechecked(one: Rechecked) -> None:
    before, after = one.before, one.after
    say(
        f"  {one.unit}：错误 {before.errors} → {after.errors}，核实 {before.waiting} → {after.waiting}，"
        f"{before.state} → {after.state}"
    )
    changed = [f"{key} {was} → {now}" for key, (was, now) in one.changed.items()]
    for what, keys in (("新出现", one.came), ("不再有", one.went), ("级别有变化", changed)):
        if keys:
            say(f"    {what}：{'、'.join(keys)}")


@campaign_app.command("backup", cls=ChineseCommand)
def backup(file: Path = typer.Argument(..., metavar="文件.zip", help="备份写成哪个文件。")) -> None:
    """把整个任务备份成一个文件。"""
    count = back_up(this_campaign(), file)
    say(f"已备份 {count} 个文件：{file}\n在别处恢复：xltool campaign restore {file} 文件夹")


@campaign_app.command("restore", cls=ChineseCommand)
def restored(
    file: Path = typer.Argument(..., metavar="文件.zip", help="xltool campaign backup 的备份。"),
    folder: Path = typer.Argument(..., metavar="文件夹", help="恢复到哪个文件夹（空的）。"),
) -> None:
    """从备份恢复一个任务。"""
    say(f"已恢复 {restore(file, folder)} 个文件：{folder}")


@campaign_app.command("level", cls=ChineseCommand)
def level(
    code: str = typer.Argument(..., metavar="编号", help="核对规则的编号，如 Y05；xltool rules 列出全部。"),
    chosen: str = typer.Argument(..., metavar="级别", help="错误、核实、提示，或 试行（只报告，不影响审定）。"),
    reason: str = typer.Option(..., "--reason", metavar="文字", help="为什么改。"),
) -> None:
    """改一条核对规则在本次任务里的级别，原因记入记录。"""
    here = this_campaign()
    set_level(here, code, chosen, reason)
    say(f"{code} 在本次任务里是“{chosen}”。下一步：xltool campaign check，使已收的按新级别重算。")


@campaign_app.command("roster", cls=ChineseCommand)
def change_roster(
    file: Path = typer.Argument(..., metavar="文件", help="改好的单位名册（.xlsx 或 CSV），整份。"),
) -> None:
    """换用改好的单位名册；已收的不受影响。"""
    here = this_campaign()
    units = _roster(file, here.form)
    gone = [unit.name for unit in here.roster() if unit.name not in units.by_name]
    replace_roster(here, units)
    say(f"已换用新名册：{len(units.units)} 个单位，其中 {sum(u.files for u in units)} 个要填报。")
    if gone:
        say(f"不在新名册里的：{'、'.join(gone)}")
    say("下一步：xltool issue，补发新增和有变化的。")


@campaign_app.command("last", cls=ChineseCommand)
def last(
    folder: Path = typer.Argument(..., metavar="文件夹", help="放上年填报数据、已公布的报告（任何格式）的文件夹。"),
    matched: Path | None = typer.Option(
        None, "--match", metavar="文件.csv", help=f"确认过的单位对应表；不写则用任务文件夹里的“{LAST_UNITS}”。"
    ),
    overwrite: bool = typer.Option(False, "--overwrite", help="已有上年数据的单位，也换成这次读到的。"),
) -> None:
    """补上年数据：读上年公布的报告，按单位名称对应；确认过的对应关系也采用。"""
    here = this_campaign()
    confirmed = confirmed_matches(here, matched)
    with counting("正在读取上年数据") as tick:
        before = frozenset(here.store.seed_names())
        found = last_year(folder, here.form, here.year, here.roster(), confirmed, tick, before)
    left = seed(here, found, overwrite)
    say_last(here, found, confirmed)
    kept = len(before.difference(found.filings))
    if kept:
        say(f"原来已有上年数据、这次没有读到的 {kept} 个单位，照旧不变。")
    if left:
        say(f"原来已有上年数据、没有替换的 {len(left)} 个单位；要替换请加 --overwrite。")
    say("下一步：xltool issue，补发有变化的。")


@campaign_app.command("published", cls=ChineseCommand)
def published(
    folder: Path = typer.Argument(..., metavar="文件夹", help="放公布的报告（任何格式）、填报数据的文件夹。"),
) -> None:
    """核对公布的报告与审定的数是否一致：上年的、本年已经审定的。"""
    here = this_campaign()
    with counting("正在读取公布的报告") as tick:
        held = held_against(here, folder, confirmed_matches(here, None), tick)
    for report in held.reports:
        _say_held(report, len(here.form.inputs))
    for doubt in held.doubts:
        say(f"! {doubt}")
    count = sum(len(report.differences) for report in held.reports)
    left = f"，{len(held.doubts)} 份没有核对" if held.doubts else ""
    say(f"核对了 {len(held.reports)} 份：{f'不一致的 {count} 处' if count else '没有不一致的'}{left}。")
    if count or held.doubts:
        raise typer.Exit(FINDINGS)


def _say_held(report: HeldReport, inputs: int) -> None:
    left = f"，没有把握、没有读到的 {report.left_out} 个数没有核对" if report.left_out else ""
    mark, said = ("!", f"不一致的 {len(report.differences)} 处") if report.differences else ("√", "一致")
    if not report.differences and 2 * report.left_out > inputs:
        mark, said = "!", "大部分没有核对，其余的一致"
    say(f"{mark} {report.unit}  {report.year} 年  {said}{left}  〔{report.file}〕")
    for one in report.differences:
        say(f"    {one.what}  审定 {one.before or '空白'}，公布 {one.after or '空白'}")

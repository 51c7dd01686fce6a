"""xltool accept, explain, reject, history, diff, freeze: decisions and what led to them."""

from __future__ import annotations

from typing import Any

import typer

from xltool.campaign.deciding import accept, acceptable, explain, freeze, reject, take_up_again
from xltool.campaign.history import Difference, differences_of_rounds, differences_of_years, history_of, unit_named
from xltool.campaign.home import Campaign
from xltool.campaign.records import Decision, State, Submission, counting
from xltool.check.finding import Finding, finding_data
from xltool.cli.chinese import program
from xltool.cli.here import this_campaign
from xltool.cli.options import JSON_HELP
from xltool.cli.output import say, say_json
from xltool.errors import CampaignTrouble


def accept_command(
    units: list[str] = typer.Argument(None, metavar="单位…", help="单位全称，可以多个。"),
    every: bool = typer.Option(False, "--all", help="没有问题的全部审定。"),
    note_text: str = typer.Option("", "--note", metavar="文字", help="附记。"),
    dry_run: bool = typer.Option(False, "--dry-run", help="只列出可以审定的。"),
) -> None:
    """审定。有“错误”的、“核实”没有说明的不能审定，没有例外。"""
    here = this_campaign()
    if every and units:
        raise CampaignTrouble("请写单位全称，或用 --all，只用其中一种。")
    chosen = acceptable(here) if every else list(units or [])
    if every and not chosen:
        say("没有可以审定的单位。")
        return
    if not chosen:
        raise CampaignTrouble("请写单位全称，或用 --all 审定全部没有问题的。")
    if dry_run:
        say(f"可以审定 {len(chosen)} 个：{'、'.join(chosen)}")
        return
    done = accept(here, chosen, note_text)
    say(f"已审定 {len(done)} 个单位：{'、'.join(done)}")
    if every:
        latest = here.store.latest_standings()
        left = sum(unit.files and not (unit.name in latest and latest[unit.name].is_accepted) for unit in here.roster())
        if left:
            say(f"还有 {left} 个单位没有审定，用 xltool board 查看。")


def explain_command(
    unit: str = typer.Argument(..., metavar="单位", help="单位全称。"),
    code: str = typer.Argument(..., metavar="编号", help="核实意见的编号，如 Y02.natural；写 Y02 则对它的全部。"),
    text: str = typer.Option(..., "--text", metavar="文字", help="原因。"),
) -> None:
    """替单位登记一条核实说明；有关的数不变，说明一直有效。"""
    after = explain(this_campaign(), unit, code, text)
    say(f"已登记。“{unit}”现在错误 {after.errors}，待核实 {after.waiting}，{after.state}。")
    if after.state == State.CLEAN:
        say(f"下一步：xltool accept {unit}。")


def reject_command(
    unit: str = typer.Argument(..., metavar="单位", help="单位全称。"),
    note_text: str = typer.Option(..., "--note", metavar="文字", help="原因。"),
    undo: bool = typer.Option(False, "--undo", help="反过来：不予采用的重新采用，两次处理都留在记录里。"),
    round_number: int | None = typer.Option(None, "--round", metavar="次", help="与 --undo 合用：第几次交的。"),
) -> None:
    """不予采用最近一次交的；再前一次的仍然有效。"""
    if round_number is not None and not undo:
        raise CampaignTrouble("--round 只与 --undo 合用：不予采用的总是最近一次。")
    if undo:
        taken = take_up_again(this_campaign(), unit, note_text, round_number)
        say(f"“{unit}”第 {taken.round} 次交的重新采用：错误 {taken.errors}，待核实 {taken.waiting}，{taken.state}。")
        return
    here = this_campaign()
    put_aside = reject(here, unit, note_text)
    say(f"“{unit}”第 {put_aside.round} 次交的不予采用。")
    say(_after_reject(here, unit))


def _after_reject(here: Campaign, unit: str) -> str:
    """Which round counts now, and what is to be done."""
    now = counting(here.store.submissions(unit))
    if now is None:
        return f"“{unit}”现在没有采用的。下一步：请单位重新交，收到后 xltool take。"
    return f"现在采用的是第 {now.round} 次交的：错误 {now.errors}，待核实 {now.waiting}，{now.state}。"


def history_command(
    named: str = typer.Argument(..., metavar="单位", help="单位全称，或表上的表单编号（电话里念错了的会说明）。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """一个单位的各次报送、现在的问题和全部处理记录。"""
    here = this_campaign()
    history = history_of(here, unit_named(here, named))
    if as_json:
        rounds = [_round_data(submission) for submission in history.rounds]
        decisions = [_decision_data(decision) for decision in history.decisions]
        say_json({"unit": history.unit, "rounds": rounds, "decisions": decisions})
        return
    say(f"{history.unit}  交过 {len(history.rounds)} 次")
    for submission in history.rounds:
        say(f"第 {submission.round} 次  {_minute(submission.at)}  {submission.state}  〔{submission.file}〕")
    for finding in history.counting.findings if history.counting is not None else ():
        if finding.is_open or finding.explanation:
            _say_finding(finding)
    for decision in history.decisions:
        key = decision.data.get("key", "")
        said = " ".join(part for part in (decision.action, key, decision.note) if part)
        say(f"{_minute(decision.at)}  {decision.who}  {said}")


def _round_data(s: Submission) -> dict[str, Any]:
    return {
        "id": s.id, "hash": s.hash, "unit": s.unit, "round": s.round, "at": s.at, "file": s.file, "state": s.state,
        "errors": s.errors, "waiting": s.waiting, "hints": s.hints, "figures": s.figures,
        "findings": [finding_data(finding) for finding in s.findings],
    }  # fmt: skip


def _decision_data(d: Decision) -> dict[str, Any]:
    return {
        "id": d.id, "at": d.at, "who": d.who, "unit": d.unit, "action": d.action, "submission": d.submission,
        "note": d.note, "data": d.data,
    }  # fmt: skip


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")


def _say_finding(finding: Finding) -> None:
    say(f"    {finding.level} {finding.place} {finding.said}〔{finding.key}〕")
    if finding.explanation:
        say(f"      已说明：{finding.explanation}")


def diff_command(
    unit: str = typer.Argument(..., metavar="单位", help="单位全称。"),
    rounds: tuple[int, int] = typer.Option((0, 0), "--round", metavar="次 次", help="比较哪两次，默认最近两次。"),
    year: bool = typer.Option(False, "--year", help="与上年比较。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """两次之间、或与上年相比，哪些数和文字变了。"""
    pair = rounds if rounds != (0, 0) else None
    if year and pair is not None:
        raise CampaignTrouble("--year 和 --round 只用一个：与上年比较的是最近一次。")
    here = this_campaign()
    found = differences_of_years(here, unit) if year else differences_of_rounds(here, unit, pair)
    if as_json:
        say_json([{"what": one.what, "before": one.before, "after": one.after} for one in found])
        return
    say(f"{unit}：{len(found)} 处不同" if found else f"{unit}：没有不同")
    for difference in found:
        _say_difference(difference)


def _say_difference(difference: Difference) -> None:
    before, after = (text or "（空白）" for text in (difference.before, difference.after))
    if "\n" in before + after or len(before + after) > 80:
        say(f"  {difference.what}\n    原：{before}\n    今：{after}")
    else:
        say(f"  {difference.what}  {before} → {after}")


def freeze_command(
    reason: str = typer.Option("", "--reason", metavar="文字", help="第二次起，写明为什么有改动。"),
) -> None:
    """定版：把已审定的全部数据固定下来，用于公布。"""
    frozen = freeze(this_campaign(), reason)
    say(f"已定版：{frozen.units} 个单位，指纹 {frozen.hash[:16]}。")
    if frozen.is_again:
        say("下一步：重新运行 xltool consolidate、xltool report，已经公布的换成新的。")
    else:
        say("下一步：xltool report --all 生成各单位的报告，xltool report --county 生成政府的报告。")


accept_app = program(accept_command)
explain_app = program(explain_command)
reject_app = program(reject_command)
history_app = program(history_command)
diff_app = program(diff_command)
freeze_app = program(freeze_command)

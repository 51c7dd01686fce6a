"""xltool issue, take, board: handing out, taking back, where it stands."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import typer

from xltool.campaign.board import Board, Row, deadlines, make_board, reminder
from xltool.campaign.board_html import board_html
from xltool.campaign.covering import COVERING_NOTE, note_is_due
from xltool.campaign.gathering import count_files
from xltool.campaign.home import ISSUED, Campaign
from xltool.campaign.issuing import issue, zip_by_superior
from xltool.campaign.listing_xlsx import write_listing
from xltool.campaign.outputs import write_output
from xltool.campaign.taking import Line, Outcome, take
from xltool.cli.chinese import program
from xltool.cli.here import shown, this_campaign
from xltool.cli.options import JSON_HELP, OVERWRITE_HELP
from xltool.cli.output import FINDINGS, counting, refuse_other_kind, say, say_json, say_table
from xltool.errors import CampaignTrouble, FileRefused
from xltool.files import chosen_files


def issue_command(
    zipped: bool = typer.Option(False, "--zip", help="按上级单位打包。"),
    dry_run: bool = typer.Option(False, "--dry-run", help="只列出要下发的，不写文件。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """下发：给每个单位生成带上年数据的填报表，附填报通知；再次运行只补缺的和有变化的。"""
    here = this_campaign()
    note_due = note_is_due(here)
    outs = issue(here, dry_run)
    fresh = [out for out in outs if out.issued is not None]
    zips = zip_by_superior(here) if zipped and not dry_run else []
    if as_json:
        say_json(
            [{"unit": o.unit.name, "issued": o.issued.file if o.issued else None, "seeded": o.seeded} for o in outs]
        )
        return
    verb = "要下发" if dry_run else "已下发"
    say(f"{verb} {len(fresh)} 份，{len(outs) - len(fresh)} 份已是最新。带上年数据的 {sum(o.seeded for o in outs)} 份。")
    note = verb if note_due else "没有变化，未重写"
    say(f"{COVERING_NOTE}（报送期限 {here.settings.hand_in.isoformat()}）：{note}。")
    if zips:
        say(f"按上级单位打包：{'、'.join(zips)}")
    if dry_run:
        say("这次没有写文件。下一步：去掉 --dry-run 再运行一次，就下发。")
        return
    say(f"都在 {shown(here.folder / ISSUED)} 里。下一步：发给各单位，收回后用 xltool take 登记。")


def take_command(
    paths: list[Path] = typer.Argument(..., metavar="文件或文件夹…", help="收回的文件、文件夹、压缩包，可以混在一起。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """收回：原样存档、读取、核对，按表里的单位归档。

    可以随时中断，再运行一次就接着做，不会重复登记。
    """
    here = this_campaign()
    paths = [file for path in paths for file in _named(path)]
    done: list[Line] = []
    try:
        with counting("正在登记", count_files(paths, here.own_files())) as tick:

            def watch(line: Line) -> None:
                done.append(line)
                tick(line.source)

            taking = take(here, paths, watch, salvaging=partial(tick.after, "正在读没有登记的"))
    except (CampaignTrouble, KeyboardInterrupt):
        for line in () if as_json else done:  # they are recorded, whatever ended the run
            _say_line(line)
        raise
    if as_json:
        say_json([_line_data(line) for line in taking.lines])
    else:
        for line in taking.lines:
            _say_line(line)
        counts = "，".join(f"{outcome} {taking.count(outcome)}" for outcome in Outcome if taking.count(outcome))
        noise = f"，略过临时文件 {taking.noise} 个" if taking.noise else ""
        say(f"{len(taking.lines)} 个文件：{counts or '没有文件'}{noise}。")
        say("下一步：xltool board 看进度，xltool return 退回有问题的。")
    if any(line.outcome in (Outcome.REFUSED, Outcome.DOUBLE) for line in taking.lines):
        raise typer.Exit(FINDINGS)


def _named(path: Path) -> list[Path]:
    """Patterns expanded, for shells that do not; what is named is taken as it is."""
    return chosen_files([path]) if any(char in path.name for char in "*?") and not path.exists() else [path]


def _line_data(line: Line) -> dict[str, str | int]:
    return {
        "source": line.source, "outcome": line.outcome, "unit": line.unit, "said": line.said,
        "errors": line.errors, "waiting": line.waiting,
    }  # fmt: skip


_MARKS = {Outcome.TAKEN: "√", Outcome.AGAIN: "○", Outcome.DOUBLE: "!", Outcome.REFUSED: "×"}


def _say_line(line: Line) -> None:
    found = "、".join(f"{word} {count}" for word, count in (("错误", line.errors), ("核实", line.waiting)) if count)
    parts = [line.unit or Path(line.source).name, line.said, found or ("" if line.said else "没有问题")]
    say(f"{_MARKS[line.outcome]} {'  '.join(part for part in parts if part)}  〔{line.source}〕")


def board_command(
    missing: bool = typer.Option(False, "--missing", help="只列催报名单，可贴到群里。"),
    html: Path | None = typer.Option(None, "--html", metavar="文件.html", help="写成一页网页。"),
    xlsx: Path | None = typer.Option(None, "--xlsx", metavar="文件.xlsx", help="写成表格。"),
    overwrite: bool = typer.Option(False, "--overwrite", help=OVERWRITE_HELP),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """进度：谁没交、谁有错误、谁待核实、谁已审定、退回几次、离期限几天。"""
    if as_json and missing:
        raise FileRefused("--json 和 --missing 只用一个：--json 里有全部单位的状态。")
    refuse_other_kind("--html", html, ".html", ".htm")
    refuse_other_kind("--xlsx", xlsx, ".xlsx")
    here = this_campaign()
    board = make_board(here)
    written = _written(here, board, html, xlsx, overwrite)
    if as_json:
        say_json(board.data())
        return
    if missing:
        say(reminder(board))
    for path in written:
        say(f"已写成：{path}")
    if not missing and not written:
        say(f"{board.office}  {board.year}年{board.title}")
        say(f"{deadlines(board)}。应报 {board.due} 个单位：")
        say("  " + "，".join(f"{state} {count}" for state, count in board.counts.items()))
        header = ("单位", "状态", "错误", "核实", "退回", "次", "交来时间")
        for superior, rows in board.by_superior().items():
            say(f"\n〔{superior}〕")
            say_table(header, [_cells(row) for row in rows])


def _cells(row: Row) -> tuple[str, ...]:
    numbers = (str(n) if n else "" for n in (row.errors, row.waiting, row.returned, row.round))
    return (row.unit + (f"（{row.change}）" if row.change else ""), row.state, *numbers, row.at)


def _written(here: Campaign, board: Board, html: Path | None, xlsx: Path | None, overwrite: bool) -> list[Path]:
    """Write what is asked for; where it went."""
    if html is not None:
        write_output(here, html, board_html(board).encode(), overwrite)
    if xlsx is not None:
        rows = [(*_cells(row), row.superior, row.contact, row.phone) for row in board.rows]
        header = ("单位", "状态", "错误", "核实", "退回次数", "交的次数", "交来时间", "上级单位", "联系人", "电话")
        title = f"{board.office} {board.year}年{board.title}收报进度（{board.today.isoformat()}，{deadlines(board)}）"
        write_output(here, xlsx, write_listing("进度", title, header, rows, as_text=("电话",)), overwrite)
    return [path for path in (html, xlsx) if path is not None]


issue_app = program(issue_command)
take_app = program(take_command)
board_app = program(board_command)

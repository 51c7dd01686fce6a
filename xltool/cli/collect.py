"""xltool issue, take, board: handing out, taking back, where it stands."""

from __future__ import annotations

from pathlib import Path

import typer

from xltool.campaign.board import Board, Row, deadlines, make_board, reminder
from xltool.campaign.board_html import board_html
from xltool.campaign.board_xlsx import write_listing
from xltool.campaign.covering import COVERING_NOTE, note_is_due
from xltool.campaign.gathering import count_files
from xltool.campaign.home import ISSUED
from xltool.campaign.issuing import issue, zip_by_superior
from xltool.campaign.taking import Line, Outcome, take
from xltool.cli.chinese import program
from xltool.cli.here import shown, this_campaign
from xltool.cli.options import JSON_HELP
from xltool.cli.output import FINDINGS, counting, say, say_json, say_table
from xltool.errors import CampaignTrouble
from xltool.files import chosen_files, write_new


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
    if as_json:
        say_json(
            [{"unit": o.unit.name, "issued": o.issued.file if o.issued else None, "seeded": o.seeded} for o in outs]
        )
        return
    verb = "要下发" if dry_run else "已下发"
    say(f"{verb} {len(fresh)} 份，{len(outs) - len(fresh)} 份已是最新。带上年数据的 {sum(o.seeded for o in outs)} 份。")
    note = verb if note_due else "没有变化，未重写"
    say(f"{COVERING_NOTE}（报送期限 {here.settings.hand_in.isoformat()}）：{note}。")
    if zipped and not dry_run:
        say(f"按上级单位打包：{'、'.join(zip_by_superior(here))}")
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

            taking = take(here, paths, watch)
    except (CampaignTrouble, KeyboardInterrupt):
        for line in () if as_json else done:  # they are recorded, whatever ended the run
            _say_line(line)
        raise
    if as_json:
        say_json([line.__dict__ for line in taking.lines])
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


_MARKS = {Outcome.TAKEN: "√", Outcome.AGAIN: "○", Outcome.DOUBLE: "!", Outcome.REFUSED: "×"}


def _say_line(line: Line) -> None:
    found = "、".join(f"{word} {count}" for word, count in (("错误", line.errors), ("核实", line.waiting)) if count)
    parts = [line.unit or Path(line.source).name, line.said, found or ("" if line.said else "没有问题")]
    say(f"{_MARKS[line.outcome]} {'  '.join(part for part in parts if part)}  〔{line.source}〕")


def board_command(
    missing: bool = typer.Option(False, "--missing", help="只列催报名单，可贴到群里。"),
    html: Path | None = typer.Option(None, "--html", metavar="文件.html", help="写成一页网页。"),
    xlsx: Path | None = typer.Option(None, "--xlsx", metavar="文件.xlsx", help="写成表格。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """进度：谁没交、谁有错误、谁待核实、谁已审定、退回几次、离期限几天。"""
    board = make_board(this_campaign())
    if as_json:
        say_json(board.data())
    elif missing:
        say(reminder(board))
    elif html is not None or xlsx is not None:
        _write_board(board, html, xlsx)
    else:
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


def _write_board(board: Board, html: Path | None, xlsx: Path | None) -> None:
    if html is not None:
        write_new(html, board_html(board).encode(), overwrite=True)
        say(f"已写成：{html}")
    if xlsx is not None:
        rows = [_cells(row) for row in board.rows]
        header = ("单位", "状态", "错误", "核实", "退回次数", "交的次数", "交来时间")
        title = f"{board.office} {board.year}年{board.title}收报进度（{board.today.isoformat()}，{deadlines(board)}）"
        write_new(xlsx, write_listing(title, header, rows), overwrite=True)
        say(f"已写成：{xlsx}")


issue_app = program(issue_command)
take_app = program(take_command)
board_app = program(board_command)

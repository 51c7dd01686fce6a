"""xltool repeats: which units' texts are the same, and where."""

from __future__ import annotations

from pathlib import Path

import typer

from xltool.campaign.outputs import write_output
from xltool.campaign.repeats import Repeats, compare_units, set_limits
from xltool.campaign.repeats_page import MOST_SHOWN, repeats_page
from xltool.cli.chinese import program
from xltool.cli.here import this_campaign
from xltool.cli.options import JSON_HELP, OVERWRITE_HELP
from xltool.cli.output import FINDINGS, counting, refuse_other_kind, say, say_json, say_table
from xltool.narrative.wording_private import masked
from xltool.report.repeats_html import write_repeats

_LISTED = 50


def repeats(
    threshold: int | None = typer.Option(
        None, "--threshold", metavar="百分数", help="与别的单位相同的文字占多少要核实；给一次，以后都按它。默认 50。"
    ),
    last_year: int | None = typer.Option(
        None, "--last-year", metavar="百分数", help="与本单位上年相同的占多少要核实；给一次，以后都按它。默认 50。"
    ),
    html: Path | None = typer.Option(None, "--html", metavar="文件.html", help="写成一页网页，对照标出相同的文字。"),
    overwrite: bool = typer.Option(False, "--overwrite", help=OVERWRITE_HELP),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """雷同：比较各单位最近一次交的文字，列出大段相同的，记入核实。

    套话（文件名称、固定的话、多数单位都有的话）不计。收齐一批或改正后再运行一次，结果按最新的。
    """
    refuse_other_kind("--html", html, ".html", ".htm")
    here = this_campaign()
    set_limits(here, threshold, last_year)
    with counting("正在比较", len(here.store.latest_standings())) as tick:
        found = compare_units(here, tick)
    if html is not None:
        write_output(here, html, write_repeats(repeats_page(here, found)).encode(), overwrite)
    if as_json:
        say_json(_data(found))
    else:
        _say(found, html, last_year)
    if found.pairs:
        raise typer.Exit(FINDINGS)


def _say(found: Repeats, html: Path | None, last_year: int | None) -> None:
    say(f"比较了 {found.compared} 个单位，相同文字占 {found.limit}% 以上的 {len(found.pairs)} 对。")
    if found.pairs:
        rows = [(f"{int(share * 100)}%", one, other) for share, one, other in found.pairs[:_LISTED]]
        say_table(("占比", "单位", "单位"), rows)
    if len(found.pairs) > _LISTED:
        say(f"其余 {len(found.pairs) - _LISTED} 对见 --html 或 --json。")
    if html is not None:
        shown = f"，对照列出前 {MOST_SHOWN} 对" if len(found.pairs) > MOST_SHOWN else ""
        say(f"已写成：{html}{shown}")
    if found.asked:
        say(f"已给 {len(found.asked)} 个单位记入核实（S21）。")
        say("下一步：xltool return 退回，或用 xltool explain 登记说明。")
    if last_year is not None:
        say("与上年相同的界限改了：请运行 xltool campaign check，使已收的按新界限重新核对。")


def _data(found: Repeats) -> dict[str, object]:
    return {
        "threshold": found.limit,
        "compared": found.compared,
        "asked": list(found.asked),
        "pairs": [
            {
                "share": round(pair.share, 4),
                "units": [
                    {"unit": side.unit, "share": round(side.part, 4), "passage": side.passage}
                    for side in (pair.one, pair.other)
                ],
            }
            for pair in found.side_by_side(len(found.pairs))
        ],
        "common": [{"passage": masked(passage), "units": count} for passage, count in found.common],
    }


app = program(repeats)

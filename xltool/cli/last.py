"""Last year's figures put into a campaign, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xltool.campaign.home import LAST_UNITS, Campaign
from xltool.campaign.lastunits import Match, matches_table, merged_rows, read_matches
from xltool.campaign.lastyear import LastYear
from xltool.cli.here import shown
from xltool.cli.output import say
from xltool.errors import FileRefused
from xltool.files import read_bytes, write_new

_SEEDED = "上年数据"


def confirmed_matches(campaign: Campaign, named: Path | None) -> dict[str, Match]:
    """The table of units that the office was given, or the one it names; none where there is none yet."""
    path = named or campaign.folder / LAST_UNITS
    if named is None and not path.exists():
        return {}
    try:
        return read_matches(read_bytes(path))
    except FileRefused as refused:
        raise FileRefused(f"{path}  {refused.sentence}") from refused


def seed(campaign: Campaign, found: LastYear, overwrite: bool = True) -> list[str]:
    """Put the filings into the campaign, all or none; gives the units that had others, which stay."""
    store = campaign.store
    left: list[str] = []
    with store.transaction():
        known = frozenset(store.seed_names())
        for name, filing in found.filings.items():
            if name in known and store.seed(name) == filing:
                continue
            if name in known and not overwrite:
                left.append(name)
                continue
            store.put_seed(name, filing)
            if name in known:
                store.decide(campaign.stamp(), campaign.who, name, _SEEDED, None, "换成另外读到的", {})
    return left


def say_last(campaign: Campaign, found: LastYear, earlier: Mapping[str, Match] | None = None) -> None:
    """What was read, what is doubted, and the table of what is to be confirmed, which is written."""
    say(f"上年数据：{len(found.filings)} 个单位。")
    for line in found.read:
        say(f"  √ {line}")
    for doubt in found.doubts:
        say(f"  ! {doubt}")
    rows = merged_rows(earlier or {}, found.matches)
    if not rows:
        return
    path = campaign.folder / LAST_UNITS
    write_new(path, matches_table(rows), overwrite=True)
    waiting = sum(not match.confirmed for match in found.matches)
    if waiting:
        say(
            f"{waiting} 个文件要确认是哪个单位的，列在 {shown(path)}：在“确认”一栏写“是”或“否”，单位不对的改成全称，"
            "保存后在任务文件夹里运行 xltool campaign last 上年的文件夹。"
        )

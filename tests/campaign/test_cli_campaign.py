"""The commands of a campaign: exit codes, what they say and where, what they write and refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import openpyxl
import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    OFFICE,
    PERMITS,
    WATER,
    WRITTEN,
    book,
    doubtful,
    filing,
    good,
    put,
    telling,
    wrong,
    zipped,
)
from tests.test_cli import Said, Xltool, xltool
from tests.test_cli_robust import KNOWN_WORDS, WORD
from xltool.campaign.home import Campaign
from xltool.campaign.taking import Line, take
from xltool.cli import campaign as campaign_commands
from xltool.cli import collect
from xltool.errors import display_width
from xltool.filing import to_json

__all__ = ["xltool"]

ROSTER = f"""序号,单位名称,上级单位,变动情况
1,{EDUCATION},,
2,{HEALTH},{EDUCATION},
3,{FINANCE},,
"""
COMMANDS = [
    ("issue",), ("take", "x"), ("board",), ("return",), ("accept", EDUCATION), ("explain", EDUCATION, "T05", "--text", "x"),
    ("reject", EDUCATION, "--note", "x"), ("history", EDUCATION), ("diff", EDUCATION), ("consolidate",), ("freeze",),
    ("campaign", "check"), ("campaign", "backup", "x.zip"),
]  # fmt: skip
SUBCOMMANDS = ["new", "check", "level", "roster", "last", "published", "backup", "restore"]


@pytest.fixture
def county(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Xltool:
    """Commands in the folder of a new campaign of 2024 with three units."""
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="gbk")
    said = xltool("campaign", "new", "2024", "--roster", "名册.csv", "--office", OFFICE)
    assert (said.code, said.err) == (0, "")
    monkeypatch.chdir(tmp_path / "2024")
    return xltool


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """教育局 with a 错误, 卫健局 with a 核实, 财政局 in order, and a file of nobody."""
    files = {"a.xlsx": wrong(EDUCATION), "b.zip": zipped({"b.xlsx": doubtful(HEALTH)}), "c.xlsx": good(FINANCE)}
    return put(tmp_path / "收件", {**files, "d.xlsx": good(WATER), "~$a.xlsx": b"x"})


# a new campaign


def test_new(xltool: Xltool, tmp_path: Path) -> None:
    """A folder named by the year, and what comes next; a second one is refused, elsewhere is fine."""
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-16")
    said = xltool("campaign", "new", "2024", "--roster", "名册.csv")
    assert (said.code, said.err) == (0, "")
    assert "已新建：2024，3 个单位，其中 3 个要填报" in said.out
    assert "下一步：cd 2024" in said.out
    assert {path.name for path in (tmp_path / "2024").iterdir()} >= {"campaign.db", "下发", "原件", "退回", "报告"}
    again = xltool("campaign", "new", "2024", "--roster", "名册.csv")
    assert (again.code, again.out) == (2, "")
    assert "已经有一个收报任务" in again.err
    assert xltool("campaign", "new", "2024", "--roster", "名册.csv", "-o", "另一个").code == 0


def test_new_lists_all_mistakes(xltool: Xltool, tmp_path: Path) -> None:
    """The file, and every mistake with its row and column; nothing is made."""
    (tmp_path / "名册.csv").write_text(f"{ROSTER}x,{EDUCATION},没有的局,也许\n", encoding="utf-8")
    said = xltool("campaign", "new", "2024", "--roster", "名册.csv")
    assert (said.code, said.out) == (2, "")
    assert "名册.csv  单位名册有 4 处要改正：\n第 5 行 " in said.err
    assert not (tmp_path / "2024").exists()


def test_new_without_a_roster(xltool: Xltool, tmp_path: Path) -> None:
    """It says how to get a blank one, and makes it on request."""
    said = xltool("campaign", "new", "2024")
    assert said.code == 2
    assert "--roster-template" in said.err
    made = xltool("campaign", "new", "2024", "--roster-template", "空白.xlsx")
    assert made.code == 0
    assert "xltool campaign new 2024 --roster 空白.xlsx" in made.out
    assert openpyxl.load_workbook(tmp_path / "空白.xlsx").sheetnames == ["单位名册", "填写说明"]
    assert xltool("campaign", "new", "2024", "--roster", "空白.xlsx").code == 2
    assert xltool("campaign", "new", "2024", "--roster", "没有.xlsx").code == 2


def test_new_with_last_year(xltool: Xltool, tmp_path: Path) -> None:
    """Last year's filings are seeded; what is not one of them, and who has none, is said."""
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-8")
    put(
        tmp_path / "上年",
        {
            "a.xlsx": book(filing(EDUCATION, telling(3), year=2023)),
            "b.json": to_json(filing(HEALTH, telling(9), year=2023)).encode(),
            "c.xlsx": good(FINANCE),
            "d.xlsx": b"no workbook",
        },
    )
    said = xltool("campaign", "new", "2024", "--roster", "名册.csv", "--last", "上年")
    assert said.code == 0
    assert "上年数据：2 个单位" in said.out
    assert "c.xlsx：是“gkbg-2021” 2024 年的" in said.out
    assert "d.xlsx：" in said.out
    assert f"1 个单位没有上年数据，它们的跨年核对做不了：{FINANCE}" in said.out
    assert xltool("campaign", "new", "2024", "--roster", "名册.csv", "--last", "没有", "-o", "x").code == 2
    assert not (tmp_path / "x").exists()


def test_last_year_s_campaign(county: Xltool, inbox: Path) -> None:
    """Accepted filings of last year's campaign are next year's seeds; what was not accepted is said."""
    county("take", inbox)
    county("accept", FINANCE)
    said = county("campaign", "new", "2025", "--roster", "../名册.csv", "--last", ".", "-o", "../2025")
    assert said.code == 0
    assert "上年数据：1 个单位" in said.out
    assert f"{EDUCATION}：上年没有审定，没有采用" in said.out


def test_deadlines(xltool: Xltool, tmp_path: Path) -> None:
    """Settable; a date in other words is refused."""
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-8")
    said = xltool("campaign", "new", "2024", "--roster", "名册.csv", "--hand-in", "1月31日")
    assert (said.code, "应写成 2026-01-31 这样" in said.err) == (2, True)
    assert (
        xltool(
            "campaign", "new", "2024", "--roster", "名册.csv", "--hand-in", "2199-01-26", "--publish", "2199-03-31"
        ).code
        == 0
    )


# where the campaign is


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: "-".join(command[:2]))
def test_outside_a_campaign(command: tuple[str, ...], xltool: Xltool) -> None:
    """Outside a campaign every command says where to go, with exit code 2."""
    said = xltool(*command)
    assert (said.code, said.out) == (2, "")
    assert "这里不在收报任务的文件夹里" in said.err


def test_from_a_folder_below(county: Xltool, tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the campaign from any folder below it."""
    deep = tmp_path / "2024" / "下发" / "x"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert county("issue").code == 0
    assert county("take", inbox).code == 1
    assert county("board").code == 0
    assert len(list((tmp_path / "2024" / "下发").glob("*.xlsx"))) == 3
    assert list(deep.iterdir()) == []


# issue, take, board


def test_issue(county: Xltool, tmp_path: Path) -> None:
    """It says how many, with last year's figures or not, and what comes next; again it issues nothing."""
    dry = county("issue", "--dry-run")
    assert (dry.code, "要下发 3 份" in dry.out) == (0, True)
    assert list((tmp_path / "2024" / "下发").iterdir()) == []
    said = county("issue", "--zip")
    assert "已下发 3 份，0 份已是最新。带上年数据的 0 份" in said.out
    assert f"按上级单位打包：{OFFICE}.zip、{EDUCATION}.zip" in said.out
    assert "下一步：" in said.out
    again = json.loads(county("issue", "--json").out)
    assert again == [{"unit": unit, "issued": None, "seeded": False} for unit in (EDUCATION, HEALTH, FINANCE)]


def test_take(county: Xltool, inbox: Path) -> None:
    """One line per file, a summary, exit code 1 where something was not taken; noise is counted."""
    said = county("take", inbox)
    assert (said.code, said.err) == (1, "")
    lines = said.out.splitlines()
    assert lines[0].startswith(f"√ {EDUCATION}  第 1 次  错误 1  〔")
    assert lines[1].startswith(f"√ {HEALTH}  第 1 次  核实 1  〔")
    assert lines[1].endswith("b.zip!b.xlsx〕")
    assert lines[3].startswith(f"× {WATER}  名册里没有“{WATER}”")
    assert lines[4] == "4 个文件：已登记 3，没有登记 1，略过临时文件 1 个。"
    assert lines[5].startswith("下一步：")
    again = county("take", inbox / "a.xlsx")
    assert (again.code, again.out.splitlines()[0][:1]) == (0, "○")


def test_take_as_json(county: Xltool, inbox: Path) -> None:
    """The same lines as data."""
    said = county("take", inbox, "--json")
    assert said.code == 1
    assert [(line["unit"], line["outcome"], line["errors"]) for line in json.loads(said.out)] == [
        (EDUCATION, "已登记", 1), (HEALTH, "已登记", 0), (FINANCE, "已登记", 0), (WATER, "没有登记", 0),
    ]  # fmt: skip


def test_take_two_at_once(county: Xltool, tmp_path: Path) -> None:
    """Both lines say that neither was chosen, and the exit code is 1."""
    said = county("take", put(tmp_path / "二", {"a": good(EDUCATION, 1), "b": good(EDUCATION, 2)}))
    assert said.code == 1
    assert [line[:1] for line in said.out.splitlines()[:2]] == ["!", "!"]
    assert said.out.count("都没有采用") == 2
    assert "有两份 2" in said.out


def test_take_nothing(county: Xltool, tmp_path: Path) -> None:
    """An empty folder, and a file that is not there."""
    (tmp_path / "空").mkdir()
    said = county("take", tmp_path / "空")
    assert (said.code, said.out.splitlines()[0]) == (0, "0 个文件：没有文件。")
    missing = county("take", "没有.xlsx")
    assert (missing.code, "没有这个文件" in missing.out) == (1, True)


def test_what_is_recorded_is_said(county: Xltool, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a run ends early, the lines of what was recorded still come."""

    def broken(campaign: Campaign, paths: list[Path], watch: Callable[[Line], None], **_: object) -> NoReturn:
        take(campaign, paths, watch)
        raise KeyboardInterrupt

    monkeypatch.setattr(collect, "take", broken)
    said = county("take", inbox)
    assert (said.code, said.err) == (2, "× 已中断。\n")
    assert said.out.count("第 1 次") == 3


def test_board(county: Xltool, inbox: Path) -> None:
    """Counts, deadlines, units by superior; columns stand below each other."""
    county("take", inbox)
    said = county("board")
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].startswith(f"{OFFICE}  2024年")
    assert lines[2] == "  有错误 1，待核实 1，待审定 1"
    assert f"〔{EDUCATION}〕" in lines
    rows = [line for line in lines if line.startswith("宁安县") and "2024年" not in line]
    assert len({display_width(line[: re.search(r"有错误|待核实|待审定", line).start()]) for line in rows[:2]}) == 1  # type: ignore[union-attr]


def test_board_as_files(county: Xltool, tmp_path: Path) -> None:
    """HTML and .xlsx, both at once, written over the earlier ones; JSON to stdout; the reminder as text."""
    missing = county("board", "--missing")
    assert missing.out.count("\n") == 7
    assert f"1. {EDUCATION}" in missing.out
    for _ in range(2):
        said = county("board", "--html", "进度.html", "--xlsx", "进度.xlsx")
        assert (said.code, said.out) == (0, "已写成：进度.html\n已写成：进度.xlsx\n")
    assert "<!DOCTYPE html>" in (tmp_path / "2024" / "进度.html").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(tmp_path / "2024" / "进度.xlsx").active
    assert sheet is not None
    assert sheet["A3"].value == EDUCATION
    assert sheet["B3"].value == "未交"
    assert json.loads(county("board", "--json").out)["counts"] == {"未交": 3}
    assert county("board", "--html", "没有/这个/夹/进度.html").code == 0
    (tmp_path / "2024" / "file").write_bytes(b"")
    refused = county("board", "--html", "file/进度.html")
    assert (refused.code, "写不进去" in refused.err) == (2, True)


# decisions


def test_accept(county: Xltool, inbox: Path) -> None:
    """Units by name or all that are in order; --dry-run only says; who cannot be accepted is named, exit code 2."""
    county("take", inbox)
    dry = county("accept", "--all", "--dry-run")
    assert (dry.code, dry.out) == (0, f"可以审定 1 个：{FINANCE}\n")
    refused = county("accept", FINANCE, EDUCATION, HEALTH)
    assert (refused.code, refused.out) == (2, "")
    assert f"{EDUCATION}：还有 1 处错误" in refused.err
    assert f"{HEALTH}：还有 1 处核实" in refused.err
    said = county("accept", "--all", "--note", "齐了")
    assert (said.code, said.out) == (0, f"已审定 1 个单位：{FINANCE}\n还有 2 个单位没有审定，用 xltool board 查看。\n")
    assert county("accept").code == 2
    assert "没有选项 --force" in county("accept", EDUCATION, "--force").err


def test_explain_and_reject(county: Xltool, inbox: Path) -> None:
    """Recorded, with the state after it; without a reason they do not start."""
    county("take", inbox)
    assert "缺少 --text" in county("explain", HEALTH, "T05").err
    said = county("explain", HEALTH, "T05", "--text", "属实")
    next_step = f"下一步：xltool accept {HEALTH}。\n"
    assert (said.code, said.out) == (0, f"已登记。“{HEALTH}”现在错误 0，待核实 0，待审定。\n{next_step}")
    assert county("explain", EDUCATION, "T02", "--text", "属实").code == 2
    assert "缺少 --note" in county("reject", HEALTH).err
    assert f"“{HEALTH}”第 1 次交的不予采用" in county("reject", HEALTH, "--note", "误交").out
    assert county("reject", HEALTH, "--note", "误交").code == 2


def test_history_and_diff(county: Xltool, tmp_path: Path, inbox: Path) -> None:
    """Rounds, what is open, decisions; what changed; all of it as JSON too."""
    county("take", inbox)
    county("explain", HEALTH, "T05", "--text", "有台账")
    county(
        "take",
        put(
            tmp_path / "二",
            {"b": book(filing(HEALTH, {PERMITS: 2024}, text="改过了，由专人重新核对，结果按月在网站公布。"))},
        ),
    )
    said = county("history", HEALTH)
    assert (said.code, said.out.splitlines()[0]) == (0, f"{HEALTH}  交过 2 次")
    assert "已说明：有台账" in said.out
    assert re.search(r"说明 T05\.\S+ 有台账", said.out)
    data = json.loads(county("history", HEALTH, "--json").out)
    assert ([r["round"] for r in data["rounds"]], data["decisions"][0]["action"]) == ([1, 2], "说明")
    assert json.loads(county("history", FINANCE, "--json").out)["decisions"] == []
    said = county("diff", HEALTH)
    assert f"{WRITTEN} → 改过了，由专人重新核对，结果按月在网站公布。" in said.out
    assert len(json.loads(county("diff", HEALTH, "--json", "--round", "1", "2").out)) == said.out.count("改过了")
    assert county("diff", HEALTH, "--round", "1", "1").out == f"{HEALTH}：没有不同\n"
    assert county("diff", FINANCE).code == 2
    assert county("diff", HEALTH, "--year").code == 2
    assert county("history", "没有的局").code == 2


def test_freeze(county: Xltool, tmp_path: Path, inbox: Path) -> None:
    """Refused while units are open; then fixed; again only with a change and a reason."""
    county("take", inbox)
    refused = county("freeze")
    assert (refused.code, "还有 3 个单位没有审定" in refused.err) == (2, True)
    county("take", put(tmp_path / "二", {"a": good(EDUCATION, 1), "b": good(HEALTH, 2)}))
    county("accept", "--all")
    assert re.fullmatch(r"已定版：3 个单位，指纹 [0-9a-f]{16}。\n下一步：.+\n", county("freeze").out)
    assert county("freeze").code == 2
    county("take", put(tmp_path / "三", {"a": good(EDUCATION, 3)}))
    county("accept", "--all")
    assert "--reason" in county("freeze").err
    assert county("freeze", "--reason", "更正").code == 0


# keeping


def test_check_again(county: Xltool, inbox: Path) -> None:
    """Nothing changes when no rule has; a level of the campaign changes what is in."""
    county("take", inbox)
    assert county("campaign", "check").out == "结果有变化的 0 个单位。\n"
    assert county("campaign", "level", "T05", "错误", "--reason", "从严").code == 0
    said = county("campaign", "check").out.splitlines()
    assert said[:3] == [
        "结果有变化的 1 个单位。",
        "待核实 → 有错误：1 个单位",
        f"  {HEALTH}：错误 0 → 1，核实 1 → 0，待核实 → 有错误",
    ]
    assert said[3].startswith("    级别有变化：T05.")
    assert said[3].endswith(" 核实 → 错误")
    assert json.loads(county("campaign", "check", "--json").out) == []
    county("campaign", "level", "T05", "提示", "--reason", "从宽")
    (one,) = json.loads(county("campaign", "check", "--json").out)
    assert (one["unit"], one["before"]["state"], one["after"]["state"]) == (HEALTH, "有错误", "待审定")
    assert [key.partition(".")[0] for key in one["went"]] == ["T05"]
    assert (one["came"], one["changed"], one["errors"], one["waiting"]) == ([], {}, 0, 0)


def test_rejecting_and_back(county: Xltool, inbox: Path) -> None:
    """The very same file, handed in again, says how to take it up; that is done, and logged."""
    county("take", inbox)
    assert county("reject", FINANCE, "--note", "作废").code == 0
    assert f"xltool reject {FINANCE} --undo --note 原因" in county("take", inbox / "c.xlsx").out
    assert county("reject", FINANCE, "--round", "1", "--note", "x").code == 2
    assert county("reject", FINANCE, "--undo", "--note", "误操作").out == (
        f"“{FINANCE}”第 1 次交的重新采用：错误 0，待核实 0，待审定。\n"
    )
    assert "重新采用 误操作" in county("history", FINANCE).out
    assert county("reject", FINANCE, "--undo", "--round", "1", "--note", "x").code == 2


def test_patterns_that_the_shell_has_not_expanded(county: Xltool, inbox: Path) -> None:
    """``*.xlsx`` is what lies there, as on Windows; a pattern that fits nothing is told like a missing file."""
    said = county("take", inbox / "*.xlsx")
    locks = [path for path in inbox.glob("*.xlsx") if path.name.startswith("~$")]
    assert said.out.count("〔") == len(list(inbox.glob("*.xlsx"))) - len(locks)
    assert "没有这个文件" in county("take", inbox / "*.pdf").out


def test_places_are_shown_from_here(
    county: Xltool, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where files stand is said from the current folder where that is shorter."""
    county("take", inbox)
    assert "都在 下发 里" in county("issue").out
    assert "都在 退回 里" in county("return").out
    county("accept", FINANCE)
    assert "已生成：报告/" in county("consolidate", "--draft").out
    below = tmp_path / "2024" / "报告"
    monkeypatch.chdir(below)
    assert "都在 ../下发 里" in county("issue").out


def test_another_roster(county: Xltool, tmp_path: Path, inbox: Path) -> None:
    """A corrected roster is used from now on; who is no longer on it is said."""
    county("take", inbox)
    (tmp_path / "新.csv").write_text(f"单位名称\n{EDUCATION}\n{FINANCE}\n{WATER}\n", encoding="utf-8")
    said = county("campaign", "roster", "../新.csv")
    assert said.code == 0
    assert f"不在新名册里的：{HEALTH}" in said.out
    assert "√" in county("take", inbox / "d.xlsx").out
    (tmp_path / "坏.csv").write_text(f"单位名称\n{EDUCATION}\n{EDUCATION}\n", encoding="utf-8")
    assert county("campaign", "roster", "../坏.csv").code == 2
    assert json.loads(county("board", "--json").out)["counts"]["待审定"] == 2


def test_backup_and_restore(county: Xltool, tmp_path: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file, restored elsewhere, works on; neither overwrites."""
    county("take", inbox)
    assert "在别处恢复：xltool campaign restore" in county("campaign", "backup", "../备份.zip").out
    assert county("campaign", "backup", "../备份.zip").code == 2
    assert county("campaign", "restore", "../备份.zip", ".").code == 2
    assert county("campaign", "restore", "../备份.zip", "../别处").code == 0
    monkeypatch.chdir(tmp_path / "别处")
    assert json.loads(county("board", "--json").out)["counts"] == {"有错误": 1, "待核实": 1, "待审定": 1}


# help


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_help_of_the_group(name: str, xltool: Xltool) -> None:
    """Each command of the group explains itself in Chinese."""
    said: Said = xltool("campaign", name, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"用法：xltool campaign {name} [选项]")
    assert set(WORD.findall(said.out)) - KNOWN_WORDS - {"match"} == set()


def test_the_group_lists_its_commands(xltool: Xltool) -> None:
    """``xltool campaign`` names all of them."""
    said = xltool("campaign", "--help").out
    assert all(re.search(rf"^  {name} +\S", said, re.MULTILINE) for name in SUBCOMMANDS)
    names = {command.name for command in campaign_commands.campaign_app.registered_commands}
    assert names == set(SUBCOMMANDS)

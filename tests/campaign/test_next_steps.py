"""Small things on which people stumble: what a command says of what it kept, of where, of what comes next."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, FINANCE, HEALTH, OFFICE, YEAR, doubtful, filing, good, put
from tests.test_cli import Xltool, xltool
from xltool.filing import to_json

__all__ = ["xltool"]

FILED_BY_ANOTHER = "宁安县粮食局"
ROSTER = f"序号,单位名称,变动情况\n1,{EDUCATION},\n2,{HEALTH},\n3,{FINANCE},\n4,{FILED_BY_ANOTHER},由{EDUCATION}代编\n"


@pytest.fixture
def county(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Xltool:
    """Commands in a new campaign of three units, two of which have last year's figures."""
    (tmp_path / "名册.csv").write_text(ROSTER, encoding="utf-8")
    _last_year(tmp_path / "上年", EDUCATION, HEALTH)
    arguments = ("campaign", "new", str(YEAR), "--roster", "名册.csv", "--last", "上年", "--office", OFFICE)
    assert xltool(*arguments).code == 0
    monkeypatch.chdir(tmp_path / str(YEAR))
    return xltool


def _last_year(folder: Path, *units: str) -> None:
    folder.mkdir()
    for unit in units:
        (folder / f"{unit}.json").write_text(to_json(filing(unit, year=YEAR - 1)), encoding="utf-8")


def test_adding_last_year_s_figures_of_one_unit(county: Xltool, tmp_path: Path) -> None:
    """No word that the others have none: they have, and what stays is said."""
    _last_year(tmp_path / "补", FINANCE)
    said = county("campaign", "last", "../补")
    assert said.code == 0
    assert "没有上年数据" not in said.out
    assert "原来已有上年数据、这次没有读到的 2 个单位，照旧不变。" in said.out
    (tmp_path / "又补").mkdir()
    assert "没有上年数据" not in county("campaign", "last", "../又补").out


def test_a_unit_without_last_year_s_figures_is_still_told(county: Xltool, tmp_path: Path) -> None:
    """One of three has none, and it is named."""
    (tmp_path / "空").mkdir()
    said = county("campaign", "last", "../空")
    assert f"1 个单位没有上年数据，它们的跨年核对做不了：{FINANCE}" in said.out


@pytest.mark.parametrize("command", ["last", "published"])
def test_a_folder_that_is_not_there(command: str, county: Xltool) -> None:
    """The sentence says so, and what folder is meant."""
    said = county("campaign", command, "../没有的")
    assert said.code == 2
    assert "../没有的" in said.err
    assert "没有这个文件夹" in said.err or "不存在" in said.err
    assert "公布的报告" in said.err


def test_the_blank_roster_twice(xltool: Xltool) -> None:
    """The second time it is the same file; one that was filled in is never replaced, and no option is named that
    there is not.
    """
    first = xltool("campaign", "new", "2025", "--roster-template", "名册.xlsx")
    data = Path("名册.xlsx").read_bytes()
    again = xltool("campaign", "new", "2025", "--roster-template", "名册.xlsx")
    assert ("已生成空白名册" in first.out, "已经有一份相同的" in again.out) == (True, True)
    assert (again.code, Path("名册.xlsx").read_bytes()) == (0, data)
    Path("名册.xlsx").write_bytes(data + b" ")
    filled = xltool("campaign", "new", "2025", "--roster-template", "名册.xlsx")
    assert (filled.code, Path("名册.xlsx").read_bytes()) == (2, data + b" ")
    assert "没有覆盖" in filled.err
    assert "--overwrite" not in filled.err


def test_files_are_named_from_here(county: Xltool, tmp_path: Path) -> None:
    """What could not be written is named as the user stands to it, not from the root."""
    county("take", put(tmp_path / "in", {f"{n}.xlsx": good(u, n) for n, u in enumerate((EDUCATION, HEALTH, FINANCE))}))
    assert county("accept", "--all").code == 0
    assert county("report", EDUCATION).code == 0
    (path,) = Path("报告").glob("*.docx")
    path.write_bytes(b"somebody's")
    assert county("report", EDUCATION).err.startswith(f"× {path}  已经存在")
    assert f"× {path}  已经存在" in county("report", "--all").err


def test_nothing_to_be_found_is_said_once(xltool: Xltool, tmp_path: Path) -> None:
    """One line with the tick, which has the next step."""
    put(tmp_path / "in", {"1.xlsx": good(EDUCATION, 1)})
    said = xltool("check", "in/1.xlsx")
    assert said.out.count("√") == 1
    assert "下一步：" in said.out


@pytest.mark.parametrize(
    "command",
    [
        ("accept", FILED_BY_ANOTHER),
        ("reject", FILED_BY_ANOTHER, "--note", "x"),
        ("return", FILED_BY_ANOTHER),
        ("diff", FILED_BY_ANOTHER),
        ("diff", FILED_BY_ANOTHER, "--year"),
    ],
    ids=lambda command: command[0],
)
def test_a_unit_that_another_one_files_for(command: tuple[str, ...], county: Xltool) -> None:
    """It is not told that it has not handed in, but who does it for it."""
    said = county(*command)
    assert said.code != 0
    assert f"由“{EDUCATION}”代编，不单独填报" in said.out + said.err
    assert "交过" not in said.out + said.err
    assert "还没有交" not in said.out + said.err


def test_explaining_the_last_thing_of_a_returned_unit(county: Xltool, tmp_path: Path) -> None:
    """Then it can be accepted: state, board and next step say so, and it is accepted."""
    county("take", put(tmp_path / "in", {"1.xlsx": doubtful(EDUCATION)}))
    assert county("return").code == 0
    assert "未交 2，已退回 1" in county("board").out
    keys = re.findall("^    核实 .*〔(.+?)〕$", county("history", EDUCATION).out, re.M)
    assert keys
    for key in keys:
        said = county("explain", EDUCATION, key, "--text", "确系如此")
        assert ("下一步" in said.out) == (key == keys[-1])
    assert "错误 0，待核实 0，待审定" in said.out
    assert f"下一步：xltool accept {EDUCATION}" in said.out
    assert "未交 2，待审定 1" in county("board").out
    assert county("accept", EDUCATION).code == 0


def test_after_a_round_was_put_aside(county: Xltool, tmp_path: Path) -> None:
    """Which one counts now, or that there is none."""
    county("take", put(tmp_path / "in", {"1.xlsx": good(EDUCATION, 1)}))
    county("take", put(tmp_path / "more", {"1.xlsx": good(EDUCATION, 2)}))
    assert "现在采用的是第 1 次交的：错误 0" in county("reject", EDUCATION, "--note", "发错了").out
    assert "请单位重新交" in county("reject", EDUCATION, "--note", "也不对").out

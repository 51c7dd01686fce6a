"""Options of commands together: all that is asked for is done, or refused; --json only chooses what is printed."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, HEALTH, begun_in, campaign_in
from tests.test_cli import Xltool, xltool
from xltool.campaign.home import Campaign
from xltool.campaign.returning import return_units

__all__ = ["xltool"]


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """Commands run in the folder of this campaign."""
    made = begun_in(tmp_path)
    monkeypatch.chdir(made.folder)
    return made


def test_zips_with_json(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """issue --zip --json writes the zips, and prints nothing but JSON."""
    made = campaign_in(tmp_path / "2024", (EDUCATION,))
    monkeypatch.chdir(made.folder)
    said = xltool("issue", "--zip", "--json")
    assert [line["unit"] for line in json.loads(said.out)] == [EDUCATION]
    assert len(list((made.folder / "下发").glob("*.zip"))) == 1


@pytest.mark.parametrize("also", ["--json", "--missing"])
def test_the_board_s_files_with_other_output(xltool: Xltool, county: Campaign, also: str) -> None:
    """board --html --xlsx writes both, whatever is printed; JSON is not mixed with where they are."""
    alone = xltool("board", also)
    said = xltool("board", also, "--html", "进度.html", "--xlsx", "进度.xlsx")
    where = "" if also == "--json" else "已写成：进度.html\n已写成：进度.xlsx\n"
    assert (said.code, said.out) == (0, alone.out + where)
    assert {"进度.html", "进度.xlsx"} <= {path.name for path in county.folder.iterdir()}
    assert "已写成：进度.html" in xltool("board", "--html", "进度.html").out


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("board", "--json", "--missing"), "--json 和 --missing 只用一个"),
        (("diff", EDUCATION, "--year", "--round", "1", "2"), "--year 和 --round 只用一个"),
        (("accept", EDUCATION, "--all"), "请写单位全称，或用 --all，只用其中一种"),
    ],
)
def test_what_cannot_be_together(xltool: Xltool, county: Campaign, command: tuple[str, ...], said: str) -> None:
    """Neither of two is silently left out."""
    before = county.store.decisions()
    answer = xltool(*command)
    assert (answer.code, answer.out, said in answer.err) == (2, "", True)
    assert county.store.decisions() == before


def test_json_is_what_it_was(xltool: Xltool, county: Campaign) -> None:
    """The keys of what history, diff and take print are written down: programs of others rely on them."""
    told = json.loads(xltool("history", EDUCATION, "--json").out)
    assert set(told) == {"unit", "rounds", "decisions"}
    assert list(told["rounds"][0]) == [
        "id", "hash", "unit", "round", "at", "file", "state", "errors", "waiting", "hints", "figures", "findings",
    ]  # fmt: skip
    assert list(told["rounds"][0]["findings"][0]) == [
        "code", "key", "level", "open", "sheet", "cell", "label", "figures", "text", "facts", "explanation",
    ]  # fmt: skip
    return_units(county, [EDUCATION])
    (decision,) = json.loads(xltool("history", EDUCATION, "--json").out)["decisions"]
    assert list(decision) == ["id", "at", "who", "unit", "action", "submission", "note", "data"]
    (county.folder / "x.xlsx").write_bytes(b"x")
    (line,) = json.loads(xltool("take", "x.xlsx", "--json").out)
    assert list(line) == ["source", "outcome", "unit", "said", "errors", "waiting"]


# --- deadlines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--hand-in", "2025-03-31", "--publish", "2025-01-31"), "公布期限 2025-01-31 早于报送期限 2025-03-31"),
        (("--hand-in", "2025-04-01"), "公布期限 2025-03-31 早于报送期限 2025-04-01"),
        (("--hand-in", "2024-01-31"), "报送期限 2024-01-31 在 2024 年度结束以前，应为 2025 年的日期"),
        (("--publish", "2020-03-31"), "公布期限 2020-03-31 在 2024 年度结束以前"),
    ],
)
def test_deadlines_that_cannot_be_meant(xltool: Xltool, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """The wrong way round, or of the wrong year: refused, and nothing is made."""
    (tmp_path / "名册.csv").write_text(f"单位名称\n{EDUCATION}\n", encoding="utf-8")
    answer = xltool("campaign", "new", "2024", "--roster", "名册.csv", *options)
    assert (answer.code, said in answer.err) == (2, True)
    assert not (tmp_path / "2024").exists()


# --- a form number instead of the name --------------------------------------------------------------------


def test_a_number_read_out_on_the_telephone(xltool: Xltool, county: Campaign) -> None:
    """history takes the number of a workbook handed out, however it is typed; one wrong character is told."""
    xltool("issue")
    number = county.store.last_issued()[HEALTH].number
    named = xltool("history", HEALTH)
    for typed in (number, number.lower(), f" {number} ", number.replace("-", "－")):
        assert xltool("history", typed) == named
    other = "B" if number[-3] != "B" else "C"
    said = xltool("history", f"{number[:-3]}{other}{number[-2:]}")
    assert (said.code, "校验字符不符，有一个字念错或者抄错了" in said.err) == (2, True)


def test_a_number_of_a_marked_copy(xltool: Xltool, county: Campaign) -> None:
    """Copies that were sent back have numbers of their own."""
    return_units(county, [EDUCATION])
    (returned,) = [d for d in county.store.decisions() if d.action == "退回"]
    assert xltool("history", returned.data["number"]).out.startswith(f"{EDUCATION}  交过 1 次")


def test_a_number_of_another_campaign(xltool: Xltool, county: Campaign) -> None:
    """Right in itself, and told to be of elsewhere."""
    xltool("issue")
    number = county.store.last_issued()[HEALTH].number
    connection = sqlite3.connect(county.folder / "campaign.db")
    with connection:
        connection.execute("DELETE FROM issued")
    connection.close()
    said = xltool("history", number)
    assert (said.code, "写得没有错，但不是本次任务下发的" in said.err) == (2, True)

"""Where the campaign stands: as data, text, a page of HTML, a workbook."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    OFFICE,
    WATER,
    campaign_in,
    doubtful,
    entry,
    good,
    take_files,
    take_one,
    wrong,
)
from xltool.campaign.board import Board, deadlines, make_board, reminder
from xltool.campaign.board_html import board_html
from xltool.campaign.deciding import accept, reject
from xltool.campaign.home import Campaign
from xltool.campaign.listing_xlsx import write_listing
from xltool.campaign.returning import return_units
from xltool.campaign.roster import Change

FORESTRY, SCHOOL, GRAIN = "宁安县林业局", "第一中学", "宁安县粮食局"


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """One unit in every state, below two superiors."""
    units = (
        entry(1, OFFICE),
        entry(2, EDUCATION, OFFICE),
        entry(3, HEALTH, OFFICE),
        entry(4, FINANCE, OFFICE),
        replace(entry(5, WATER, OFFICE), contact="李四", phone="13900000000"),
        entry(6, FORESTRY, OFFICE, Change.MERGED, "林业站", "林场"),
        entry(7, SCHOOL, EDUCATION),
        entry(8, "第二中学", EDUCATION, Change.FILED_BY, SCHOOL),
        entry(9, GRAIN, OFFICE, Change.ABOLISHED),
    )
    made = campaign_in(tmp_path / "2024", units)
    files = {"a": good(OFFICE), "b": wrong(EDUCATION), "c": doubtful(HEALTH), "d": wrong(FINANCE), "e": good(SCHOOL)}
    take_files(made, tmp_path / "in", files)
    return_units(made, [FINANCE])
    accept(made, [SCHOOL])
    take_files(made, tmp_path / "two", {"x": good(FORESTRY, 1), "y": good(FORESTRY, 2)})
    return made


def on(campaign: Campaign, day: datetime) -> Board:
    """The board on a fixed day."""
    return make_board(replace(campaign, now=lambda: day))


def test_every_state(campaign: Campaign) -> None:
    """Who has not handed in, has errors, waits, is accepted, was returned how often."""
    board = make_board(campaign)
    rows = {row.unit: row for row in board.rows}
    assert {name: row.state for name, row in rows.items()} == {
        OFFICE: "待审定",
        EDUCATION: "有错误",
        HEALTH: "待核实",
        FINANCE: "已退回",
        WATER: "未交",
        FORESTRY: "有两份",
        SCHOOL: "已审定",
        "第二中学": "不单独填报",
        GRAIN: "不单独填报",
    }
    assert (rows[EDUCATION].errors, rows[HEALTH].waiting, rows[FINANCE].returned, rows[FORESTRY].round) == (1, 1, 1, 2)
    assert (rows[FORESTRY].change, rows["第二中学"].change, rows[GRAIN].change) == (
        "合并自林业站、林场",
        "由第一中学代编",
        "撤销",
    )
    assert rows[SCHOOL].at.startswith("2025-01-06 09:")
    assert [row.order for row in board.rows] == list(range(1, 10))


def test_counts(campaign: Campaign) -> None:
    """In the order of work; those who file nothing are not counted; states nobody is in are left out."""
    board = make_board(campaign)
    assert board.due == 7
    assert list(board.counts) == ["未交", "有错误", "待核实", "待审定", "已退回", "有两份", "已审定"]
    assert sum(board.counts.values()) == board.due
    assert [row.unit for row in board.missing] == [WATER]


def test_by_superior(campaign: Campaign) -> None:
    """Units stand below the unit above them, the topmost below the office, in the roster's order."""
    groups = {name: [row.unit for row in rows] for name, rows in make_board(campaign).by_superior().items()}
    assert groups == {
        OFFICE: [OFFICE, EDUCATION, HEALTH, FINANCE, WATER, FORESTRY, GRAIN],
        EDUCATION: [SCHOOL, "第二中学"],
    }


def test_what_was_put_aside_does_not_count(campaign: Campaign, tmp_path: Path) -> None:
    """A rejected round leaves the state of the one before, or none."""
    take_one(campaign, tmp_path / "f", wrong(SCHOOL))
    assert {row.unit: row.state for row in make_board(campaign).rows}[SCHOOL] == "有错误"
    reject(campaign, SCHOOL, "误交")
    reject(campaign, OFFICE, "误交")
    states = {row.unit: row.state for row in make_board(campaign).rows}
    assert (states[SCHOOL], states[OFFICE]) == ("已审定", "未交")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (datetime(2025, 1, 6, 23, 59), "离报送期限还有 25 天，离公布期限还有 84 天"),
        (datetime(2025, 1, 30), "离报送期限还有 1 天，离公布期限还有 60 天"),
        (datetime(2025, 1, 31, 8), "今天是报送期限，离公布期限还有 59 天"),
        (datetime(2025, 2, 1), "报送期限已过 1 天，离公布期限还有 58 天"),
        (datetime(2025, 4, 2), "报送期限已过 61 天，公布期限已过 2 天"),
    ],
)
def test_days_to_the_deadlines(day: datetime, said: str, campaign: Campaign) -> None:
    """By the day, not by the hour; past deadlines are said to be past."""
    assert deadlines(on(campaign, day)) == said


def test_the_reminder(campaign: Campaign) -> None:
    """Text to paste: how many days, who is missing below whom, whom to call; units that file nothing are not in it."""
    assert reminder(on(campaign, datetime(2025, 1, 20))) == (
        "【催报】2024年政府信息公开工作年度报告，离报送期限还有 11 天，下列 1 个单位还没有交：\n"
        f"〔{OFFICE}〕\n"
        f"1. {WATER}（李四 13900000000）\n"
        "请尽快填好交回，有问题请联系我们。"
    )
    reject(campaign, SCHOOL, "误交")
    said = reminder(on(campaign, datetime(2025, 2, 1))).splitlines()
    assert "报送期限已过 1 天，下列 2 个单位" in said[0]
    assert said[1:5] == [f"〔{OFFICE}〕", f"1. {WATER}（李四 13900000000）", f"〔{EDUCATION}〕", f"2. {SCHOOL}"]


def test_nobody_is_missing(tmp_path: Path) -> None:
    """Thanks."""
    campaign = campaign_in(tmp_path / "2024", (EDUCATION,))
    take_one(campaign, tmp_path / "a", good(EDUCATION))
    assert reminder(make_board(campaign)) == "2024年政府信息公开工作年度报告：1 个单位都已交。谢谢！"


def test_as_json(campaign: Campaign) -> None:
    """Everything on the board, ready to be written."""
    data = json.loads(json.dumps(on(campaign, datetime(2025, 1, 6)).data()))
    assert (data["office"], data["year"], data["today"], data["days_to_hand_in"]) == (OFFICE, 2024, "2025-01-06", 25)
    assert data["counts"]["未交"] == 1
    assert [unit["unit"] for unit in data["units"]][:2] == [OFFICE, EDUCATION]
    assert data["units"][1] | {"at": ""} == {
        "order": 2, "unit": EDUCATION, "superior": OFFICE, "contact": "", "phone": "", "state": "有错误", "round": 1,
        "errors": 1, "waiting": 0, "returned": 0, "at": "", "change": "",
    }  # fmt: skip


# HTML


class Page(HTMLParser):
    """What stands in a page; every tag must be closed."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page(campaign: Campaign) -> None:
    """One page, readable on a telephone, with everything; its own policy forbids scripts and anything fetched."""
    html = board_html(on(campaign, datetime(2025, 1, 6)))
    page = Page(html)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "a", "svg", "video", "base"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"]
    assert not re.search(r"https?:|url\(|@import|javascript:", html)
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert any(a.get("name") == "viewport" for _, a in page.tags)
    assert ("html", {"lang": "zh-CN"}) in page.tags
    for row in make_board(campaign).rows:
        assert row.unit in page.text
    assert "应报 7 个单位。离报送期限还有 25 天" in page.text
    assert "1未交" in page.text
    assert page.text.count("合并自林业站、林场") == 1


def test_names_are_only_names_on_the_page(tmp_path: Path) -> None:
    """What somebody writes into the roster stays text."""
    name = "<script>alert('x')</script>&\"局\""
    campaign = campaign_in(tmp_path / "2024", (entry(1, name), entry(2, "乙", name)))
    html = board_html(make_board(campaign))
    assert "<script" not in html
    assert Page(html).text.count(name) == 2


# workbooks


def test_as_a_workbook() -> None:
    """Opens with a title, headings and a filter; numbers are numbers, names that look like formulas are names."""
    rows = [("=1+1", "有错误", "3", ""), ("@甲局", "未交", "", "²"), ("+86", "007", "12", "13900000000")]
    sheet = openpyxl.load_workbook(
        io.BytesIO(write_listing("进度", "进度", ("单位", "状态", "错误", "注"), rows))
    ).active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)] == [
        ["=1+1", "有错误", 3, None],
        ["@甲局", "未交", None, "²"],
        ["+86", "007", 12, "13900000000"],
    ]
    assert sheet["A3"].data_type == "s"
    assert sheet["A1"].value == "进度"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B3", "A2:D5")


def test_an_empty_listing() -> None:
    """No rows make a sheet with headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(write_listing("进度", "无", ("单位",), []))).active
    assert sheet is not None
    assert [cell.value for cell in sheet["A"]] == ["无", "单位"]

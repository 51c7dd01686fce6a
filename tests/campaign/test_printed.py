"""The office's own lists on paper and on the screen."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.campaign.making import HEALTH, begun_in, the_form
from tests.test_cli import Xltool, xltool
from xltool.campaign.board import make_board
from xltool.campaign.board_html import board_html
from xltool.campaign.listing_xlsx import write_listing
from xltool.campaign.returning import return_units
from xltool.campaign.roster import roster_template

__all__ = ["xltool"]


def is_one_page_across(sheet: Worksheet) -> bool:
    setup, properties = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    across = (setup.orientation, str(setup.paperSize), setup.fitToWidth, setup.fitToHeight)
    return properties is not None and bool(properties.fitToPage) and across == ("landscape", "9", 1, 0)


def test_a_listing_is_printed_one_page_wide() -> None:
    """However many columns; its title has room for two lines, and is repeated with the headings."""
    data = write_listing("进度", "标题" * 30, ("单位", "电话"), [("甲局", "8123456")], as_text=("电话",))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert is_one_page_across(sheet)
    assert sheet.print_title_rows == "$1:$2"
    assert (sheet.row_dimensions[1].height or 0) >= 40
    assert sheet["A1"].alignment.wrap_text
    assert sheet["B3"].value == "8123456"


def test_a_blank_roster_is_printed_one_page_wide() -> None:
    """All its columns are on one sheet of paper."""
    sheet = openpyxl.load_workbook(io.BytesIO(roster_template(the_form()))).worksheets[0]
    assert is_one_page_across(sheet)
    assert sheet.print_title_rows == "$1:$1"


def test_the_board_as_a_workbook_says_whom_to_call(
    xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Besides where a unit stands: the unit above it, whom to ask for, and the telephone."""
    (tmp_path / "名册.csv").write_text(
        "单位名称,上级单位,联系人,电话\n甲局,,张三,8123456\n乙所,甲局,,\n", encoding="utf-8"
    )
    assert xltool("campaign", "new", "2024", "--roster", "名册.csv").code == 0
    monkeypatch.chdir(tmp_path / "2024")
    assert xltool("board", "--xlsx", "进度.xlsx").code == 0
    sheet = openpyxl.load_workbook("进度.xlsx").worksheets[0]
    rows = [[cell.value for cell in row][-3:] for row in sheet.iter_rows(min_row=2)]
    assert rows == [["上级单位", "联系人", "电话"], [None, "张三", "8123456"], ["甲局", None, None]]


def test_numbers_stand_below_their_headings(tmp_path: Path) -> None:
    """On the page a heading is aligned as the numbers below it; times handed in and returned are told as such."""
    made = begun_in(tmp_path)
    return_units(made)
    page = board_html(make_board(made))
    header, row = (re.search(pattern, page) for pattern in ("<thead>.*?</thead>", f"<tr>[^/]*{HEALTH}.*?</tr>"))
    assert header is not None
    assert row is not None
    numbers = [cell for cell in re.findall("<t[dh][^>]*>", row[0]) if re.search(r'class="n\b', cell)]
    headings = [cell for cell in re.findall("<th[^>]*>", header[0]) if re.search(r'class="n\b', cell)]
    assert len(numbers) == len(headings) == 4
    assert row[0].count(">1 次<") == 2

"""Titles as people write and break them: whose report of which year a document is."""

from __future__ import annotations

import pytest

from xltool.form import Form
from xltool.salvage.cover import Title, find_title
from xltool.salvage.pieces import Piece

UNIT = "宁安县民政局"


def title_of(form: Form, *lines: str) -> Title | None:
    return find_title(form, [Piece(line, f"第 {number} 段") for number, line in enumerate(lines, 1)])


def told(form: Form, *lines: str) -> tuple[str, int] | None:
    title = title_of(form, *lines)
    return None if title is None else (title.unit, title.year)


@pytest.mark.parametrize(
    "line",
    [
        f"{UNIT}2023年政府信息公开工作年度报告",
        f"{UNIT}2023年度政府信息公开工作年度报告",
        f"2023年{UNIT}政府信息公开工作年度报告",
        f"2023年度{UNIT}政府信息公开年报",
        f"{UNIT}2023年政府信息公开年度报告",
        f"{UNIT}政府信息公开工作2023年度报告",
        f"{UNIT}政府信息公开2023年年度报告",
        f"{UNIT}2023年政府信息公开工作报告",
        f"{UNIT}2023年政府信息公开工作年报",
        f"{UNIT}二〇二三年政府信息公开工作情况报告",
        f"{UNIT}关于2023年政府信息公开工作的年度报告",
        f"关于{UNIT}2023年政府信息公开工作情况的报告",
        f"2023年{UNIT}2023年政府信息公开工作年度报告",
    ],
)
def test_usual_titles_name_unit_and_year(form: Form, line: str) -> None:
    """Whatever the order of its words, the title says both; the year is no part of the name."""
    assert told(form, line, "一、总体情况") == (UNIT, 2023)


@pytest.mark.parametrize(
    "line", ["2023年度政府信息公开工作报告", "关于2023年政府信息公开工作的年度报告", "政府信息公开工作2023年度报告"]
)
def test_a_title_without_a_unit_tells_the_year(form: Form, line: str) -> None:
    """The line above gives the name; where there is none, the year is known all the same."""
    assert told(form, line, "一、总体情况") == ("", 2023)
    assert told(form, UNIT, line, "一、总体情况") == (UNIT, 2023)


@pytest.mark.parametrize("broken", [-1, -2, -3, -6, -9])
def test_a_title_broken_anywhere(form: Form, broken: int) -> None:
    """The last line may be a single letter."""
    whole = f"{UNIT}2023年政府信息公开工作年度报告"
    assert told(form, whole[:broken], whole[broken:], "一、总体情况") == (UNIT, 2023)


@pytest.mark.parametrize("unit", ["宁安县第4中学", "宁安县第１２小学", "宁安县 101 医院"])
def test_names_with_a_number(form: Form, unit: str) -> None:
    """A digit does not keep a line from being a name."""
    title = title_of(form, unit, "2023年政府信息公开工作年度报告", "一、总体情况")
    assert title is not None
    assert (title.unit, title.year) == ("".join(unit.split()).translate({0xFF11: "1", 0xFF12: "2"}), 2023)


@pytest.mark.parametrize("line", ["2024年1月15日", "宁政办发2024年5号", "浏览123次", "3 政府信息公开"])
def test_lines_above_that_are_no_names(form: Form, line: str) -> None:
    """Dates, numbers of documents, what a page counts."""
    assert told(form, line, "2023年政府信息公开工作年度报告", "一、总体情况") == ("", 2023)


@pytest.mark.parametrize(
    "line",
    [
        "按照要求，我局编制了2023年政府信息公开年度报告。",
        "现将宁安县财政局2023年政府信息公开工作报告",
        "根据条例编制2023年政府信息公开年度报告",
        "上一篇：宁安县财政局2022年政府信息公开工作年度报告",
        "宁安县财政局2023年政府信息公开工作年度报告公布如下",
        "宁安县财政局2023年政府工作报告",
    ],
)
def test_running_text_is_no_title(form: Form, line: str) -> None:
    """A sentence that names the report, or what else ends alike, says nothing about whose it is."""
    assert title_of(form, line, "一、总体情况") is None


def test_others_titles_below_the_text(form: Form) -> None:
    """Other units' reports that a page lists under this one are not taken for it."""
    other = "宁安县财政局2022年政府信息公开年度报告"
    assert told(form, "2023年政府信息公开工作年度报告", "一、总体情况", "工作正常。", other) == ("", 2023)
    assert told(form, "一、总体情况", "工作正常。", other) is None


def test_a_title_between_contents_and_text(form: Form) -> None:
    """A table of contents above it does not hide the title."""
    title = f"{UNIT}2023年政府信息公开年度报告"
    assert told(form, "目录", "一、总体情况", "六、其他需要报告的事项", title, "一、总体情况") == (UNIT, 2023)

"""Tables as offices' web pages and documents have them: headings broken, tables divided, what the page prints below."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest

from tests.salvage.manglings import cut
from tests.salvage.printed import complete, document, printed, random_values, typed
from tests.salvage.test_tables import FIGURES_2, TABLE_2, of, read, said
from xltool.documents.model import Cell, DocTable, Document, Text
from xltool.figure import FigureId
from xltool.form import Form
from xltool.salvage import Salvage, Sureness, salvage

FIVE = "结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计"
FIGURES_4 = {
    "review.upheld": "9", "review.corrected": "1", "review.other": "0", "review.pending": "2", "review.total": "12",
    "direct.upheld": "8", "direct.corrected": "0", "direct.other": "0", "direct.pending": "1", "direct.total": "9",
    "after.upheld": "0", "after.corrected": "3", "after.other": "0", "after.pending": "0", "after.total": "3",
}  # fmt: skip
REVIEW = f"行政复议 | ‹ | ‹ | ‹ | ‹\n{FIVE}\n9 | 1 | 0 | 2 | 12\n"
SUITS = f"""
行政诉讼 | ‹ | ‹ | ‹ | ‹ | ‹ | ‹ | ‹ | ‹ | ‹
未经复议直接起诉 | ‹ | ‹ | ‹ | ‹ | 复议后起诉 | ‹ | ‹ | ‹ | ‹
{FIVE} | {FIVE}
8 | 0 | 0 | 1 | 9 | 0 | 3 | 0 | 0 | 3
"""
DIRECT = f"行政诉讼（未经复议直接起诉） | ‹ | ‹ | ‹ | ‹\n{FIVE}\n8 | 0 | 0 | 1 | 9\n"
AFTER = f"行政诉讼（复议后起诉） | ‹ | ‹ | ‹ | ‹\n{FIVE}\n0 | 3 | 0 | 0 | 3\n"


@pytest.mark.parametrize("tables", [(REVIEW, SUITS), (REVIEW, DIRECT, AFTER), (REVIEW + AFTER + DIRECT,)])
def test_what_stands_side_by_side_may_stand_apart(form: Form, tables: tuple[str, ...]) -> None:
    """Table 4 in two tables, in three, or with its parts one below the other."""
    assert said(read(form, *tables), "t4") == FIGURES_4


def test_a_part_that_is_there_twice_is_doubted(form: Form) -> None:
    """Two tables for the same figures, with other numbers."""
    salvaged = read(form, REVIEW, SUITS, REVIEW.replace("9 | 1", "7 | 3"))
    assert of(salvaged, "t4.review.upheld").sureness is Sureness.DOUBTFUL


def test_headings_over_two_cells(form: Form) -> None:
    """商业 in one row of the header and 企业 in the next."""
    truth = complete(form, random_values(form, Random(2)))
    third = printed(form.table("t3"), truth)
    cells: list[Cell] = []
    for cell in third.cells:
        below = replace(cell, row=cell.row + (cell.row > 2))
        if cell.row == 2:
            middle = (len(cell.text) + 1) // 2
            cells += [replace(cell, text=cell.text[:middle]), replace(cell, row=3, text=cell.text[middle:])]
        elif cell.row < 2 and cell.row + cell.rows == 3:
            cells.append(replace(cell, rows=cell.rows + 1))
        else:
            cells.append(below)
    salvaged = salvage(Document("html", (replace(third, cells=tuple(cells)),)), (form,), "某局", 2024)
    read_ones = {f: one.value for f, one in salvaged.certainty.items() if f.table == "t3" and one.is_sure}
    assert read_ones == {f: value for f, value in truth.items() if f.table == "t3"}


def test_cells_that_do_not_begin_where_their_heading_does(form: Form) -> None:
    """One cell for each heading and each below its own; with one cell fewer the row is doubted."""
    rows = "信息内容 | 本年制发件数 | 本年废止件数 | ‹ | 现行有效件数\n规章 | 1 | 2 | ‹ | 3\n行政规范性文件 | 4 | ‹ | 5 | 6\n"
    assert said(read(form, rows), "t2") == {
        "rules.made": "1", "rules.repealed": "2", "rules.in_force": "3",
        "documents.made": "4", "documents.repealed": "5", "documents.in_force": "6",
    }  # fmt: skip
    fewer = read(form, rows.replace("4 | ‹ | 5 | 6", "4 | ‹ | 5 | ‹"))
    assert not {name for name in said(fewer, "t2") if name.startswith("documents")}


def test_totals_by_another_name(form: Form) -> None:
    """合计 for 总计 is the same word."""
    truth = complete(form, random_values(form, Random(4)))
    whole = document(form, truth, "html")

    def renamed(table: DocTable) -> DocTable:
        return replace(table, cells=tuple(replace(c, text=c.text.replace("总计", "合计")) for c in table.cells))

    blocks = tuple(renamed(block) if isinstance(block, DocTable) else block for block in whole.blocks)
    salvaged = salvage(Document("html", blocks), (form,))
    assert {f: one.value for f, one in salvaged.certainty.items() if one.is_sure} == truth


def test_the_larger_part_behind_the_smaller(form: Form) -> None:
    """A page that ends early in the table, the header printed again on the next."""
    truth = complete(form, random_values(form, Random(6)))
    whole = document(form, truth)
    for at in (5, 9, 20):
        blocks: list[Text | DocTable] = []
        for block in whole.blocks:
            large = isinstance(block, DocTable) and block.height > 20
            blocks += cut(block, at, 3) if isinstance(block, DocTable) and large else [block]
        certainty = salvage(Document("docx", tuple(blocks)), (form,)).certainty
        assert {f: one.value for f, one in certainty.items() if one.is_sure} == truth


def test_a_total_that_is_the_next_line_s(form: Form) -> None:
    """A cell deleted in the column of totals: each stands one line too high, and none of them is trusted."""
    values = {figure.id: Decimal(number) for number, figure in enumerate(form.inputs, 1)}
    truth = complete(form, values)
    rows = [row.id for block in form.table("t3").blocks for row in block.rows]
    moved = dict(truth)
    for here, below in pairwise(rows[4:10]):
        moved[FigureId("t3", here, "total")] = truth[FigureId("t3", below, "total")]
    certainty = salvage(document(form, moved), (form,)).certainty
    assert not [row for row in rows[4:9] if certainty[FigureId("t3", row, "total")].is_sure]
    assert certainty[FigureId("t3", rows[0], "total")].is_sure


# --- texts ------------------------------------------------------------------------------------------------


def texts(form: Form, *lines: str) -> Salvage:
    table = typed(TABLE_2)
    title = f"某县水务局2024年{form.title}"
    blocks = [Text(line, f"第{number}段") for number, line in enumerate((title, "一、总体情况", *lines), 1)]
    return salvage(Document("html", (*blocks[:-1], table, blocks[-1])), (form,))


@pytest.mark.parametrize(
    "below",
    [
        ["分享到：微信 微博", "主办：某县人民政府"],
        ["打印 关闭"],
        ["【打印】【关闭】", "上一篇：某局的报告"],
        ["扫一扫在手机打开当前页", "某ICP备00000001号"],
        ["相关链接", "某县水务局2023年政府信息公开工作年度报告"],
    ],
)
def test_what_the_page_prints_below(form: Form, below: list[str]) -> None:
    """It is no part of the last section."""
    salvaged = texts(form, "工作平稳。", "六、其他需要报告的事项", "无其他需要报告的事项。", *below)
    assert salvaged.filing.texts["s6.other"] == "无其他需要报告的事项。"
    assert said(salvaged, "t2") == FIGURES_2


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (
            [
                "1.主动公开。公开6条。",
                "2.依申请公开。没有。",
                "3.政府信息管理。有序。",
                "4.平台管理。有号。",
                "5.监督保障。开会。",
            ],
            ["disclosure", "requests", "management", "platform", "supervision"],
        ),
        (
            ["政府信息主动公开情况：", "政府信息依申请公开情况：", "政府信息管理情况："],
            ["disclosure", "requests", "management"],
        ),
        (
            ["（一）主动公开情况", "（二）依申请公开", "（三）政府信息管理方面"],
            ["disclosure", "requests", "management"],
        ),
    ],
)
def test_parts_under_headings_of_their_own(form: Form, lines: list[str], parts: list[str]) -> None:
    """Numbered 1. 2. 3., before a colon, or （一） with some of the titles as the form has them."""
    body = [piece for number, line in enumerate(lines) for piece in (line, f"第{number}件事做了。")]
    found = texts(form, *body, "六、其他需要报告的事项", "无。").filing.texts
    assert [name for name in found if name.startswith("s1.")] == [f"s1.{part}" for part in parts]
    assert all(f"第{number}件事做了。" in found[f"s1.{part}"] for number, part in enumerate(parts))


def test_problems_and_improvements_before_a_colon(form: Form) -> None:
    """Divided where both are named; a text that names one of them stays whole."""
    divided = texts(form, "五、存在的主要问题及改进情况", "存在问题：人手少。", "改进措施：加人手。").filing.texts
    assert (divided["s5.problems"], divided["s5.improvements"]) == ("存在问题：人手少。", "改进措施：加人手。")
    whole = texts(form, "五、存在的主要问题及改进情况", "存在问题：人手少。", "下一步加人手。").filing.texts
    assert whole["s5.problems"] == "存在问题：人手少。\n下一步加人手。"

"""Reports that were really published, typed here: what is in them is read right, and nothing of it is doubted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.salvage.printed import typed
from tests.salvage.test_tables import TABLE_4
from xltool.documents.model import Document, Text
from xltool.figure import FigureId
from xltool.form import Form
from xltool.salvage import all_findings, salvage

# The report of a district for 2023: one row for （六）, a label with characters missing, two wrong totals.
HONGZE_2 = """
第二十条第（一）项 | ‹ | ‹ | ‹
信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数
规章 | 0 | 0 | 0
行政规范性文件 | 0 | 5 | 5
第二十条第（五）项 | ‹ | ‹ | ‹
信息内容 | 本年处理决定数量 | ‹ | ‹
行政许可 | 550 | ‹ | ‹
第二十条第（六）项 | ‹ | ‹ | ‹
信息内容 | 本年处理决定数量 | ‹ | ‹
行政处罚 | 4119 | ‹ | ‹
行政强制 | 195 | ‹ | ‹
第二十条第（八）项 | ‹ | ‹ | ‹
信息内容 | 本年收费金额（单位：万元） | ‹ | ‹
行政事业性收费 | 7730.28 | ‹ | ‹
"""
HONGZE_3 = """
（本列数据的勾稽关系为：第一项加第二项之和， 等\\n于第三项加第四项之和） | ‹ | ‹ | 申请人情况 | ‹ | ‹ | ‹ | ‹ | ‹ | ‹
^ | ^ | ^ | 自然人 | 法人或其他组织 | ‹ | ‹ | ‹ | ‹ | 总计
^ | ^ | ^ | ^ | 商业\\n企业 | 科研\\n机构 | 社会\\n公益\\n组织 | 法律\\n服务\\n机构 | 其他 | ^
一、本年新收政府信息公开申请数量 | ‹ | ‹ | 21 | 0 | 0 | 0 | 0 | 0 | 21
二、上年结转政府信息公开申请数量 | ‹ | ‹ | 0 | 0 | 0 | 0 | 0 | 0 | 0
三 、本 年 度办 理 结果 | （一）予以公开 | ‹ | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （二）部分公开（区分处理的，只计这一情 形，不\\n计其他情形） | ‹ | 4 | 0 | 0 | 0 | 0 | 0 | 4
^ | （三）不予公开 | 1.属于国家秘密 | 1 | 0 | 0 | 0 | 0 | 0 | 1
^ | ^ | 2.其他法律行政止公开 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 3.危及“三安全一稳定” | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 4.保护第三方合法权益 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 5.属于三类内部事务信息 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 6.属于四类过程性信息 | 1 | 0 | 0 | 0 | 0 | 0 | 1
^ | ^ | 7.属于行政执法案卷 | 1 | 0 | 0 | 0 | 0 | 0 | 1
^ | ^ | 8.属于行政查询事项 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （四）无法提供 | 1.本机关不掌握相关政府信息 | 10 | 0 | 0 | 0 | 0 | 0 | 10
^ | ^ | 2.没有现成信息需要另行制作 | 3 | 0 | 0 | 0 | 0 | 0 | 3
^ | ^ | 3.补正后申请内容仍不明确 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （五）不予处理 | 1.信访举报投诉类申请 | 1 | 0 | 0 | 0 | 0 | 0 | 1
^ | ^ | 2.重复申请 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 3.要求提供公开出版物 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 4.无正当理由大量反复 申请 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 5.要求行政机关确认或重 新出具\\n已获取信息 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （六）其他处理 | ‹ | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （七）总计 | ‹ | 21 | 0 | 0 | 0 | 0 | 0 | 21
四、结转下年度继续办理 | ‹ | ‹ | 0 | 0 | 0 | 0 | 0 | 0 | 0
"""
NOT_ZERO = {
    "t2.documents.repealed": "5", "t2.documents.in_force": "5", "t2.permits.decisions": "550",
    "t2.penalties.decisions": "4119", "t2.coercion.decisions": "195", "t2.fees.amount": "7730.28",
    "t3.r1.natural": "21", "t3.r3_2.natural": "4", "t3.r3_3_1.natural": "1", "t3.r3_3_6.natural": "1",
    "t3.r3_3_7.natural": "1", "t3.r3_4_1.natural": "10", "t3.r3_4_2.natural": "3", "t3.r3_5_1.natural": "1",
    "t4.review.upheld": "10", "t4.review.corrected": "1", "t4.after.upheld": "5",
}  # fmt: skip


def inputs(form: Form, not_zero: dict[str, str]) -> dict[FigureId, Decimal]:
    shown = {table.id for table in form.tables if table.printed}
    zero = {figure.id: Decimal(0) for figure in form.inputs if figure.id.table in shown}
    return zero | {FigureId.parse(name): Decimal(value) for name, value in not_zero.items()}


def test_a_district_s_report(form: Form) -> None:
    """All 200 figures, the two totals as they were printed, and a word about each of its oddities."""
    tables = [typed(text, f"第{number}个表格") for number, text in enumerate((HONGZE_2, HONGZE_3, TABLE_4), 1)]
    lines = [
        Text(line, f"第{n}段") for n, line in enumerate(["洪泽区人民政府", f"2023 年{form.title}", *headings(form)], 1)
    ]
    salvaged = salvage(Document("pdf", (*lines, *tables)), (form,))
    assert salvaged.filing.values == inputs(form, NOT_ZERO)
    assert all(salvaged.certainty[figure].is_sure for figure in form.figures if figure.table != "s6")
    stated = {str(figure): value for figure, value in salvaged.filing.stated.items() if value}
    rows = {name.split(".")[1]: value for name, value in NOT_ZERO.items() if name.startswith("t3")}
    totals = {f"t3.{row}.total": Decimal(value) for row, value in rows.items()}
    assert stated == totals | {"t3.r3_7.natural": 21, "t3.r3_7.total": 21}
    keys = [finding.key for finding in all_findings(salvaged)]
    assert {"A04.review", "A04.after", "R06.t3.r3_6_1"} <= set(keys)
    assert not [key for key in keys if key.startswith(("R01", "R02", "A01", "A02", "A03"))]


def headings(form: Form) -> list[str]:
    return [section.heading for section in form.sections]


# A centre's report for 2021, pasted as text: one cell a line, labels broken wherever the columns were narrow.
YANCHI_2 = """
2、 主动公开政府信息情况
\t第二十条第（一）项
\t信息内容
\t本年制发件数
\t本年废止件数
\t现行有效件数
\t规章
\t0
\t0
\t0
\t行政规范性文件
\t0
\t0
\t7
\t第二十条第（五） 项
\t信息内容
\t本年处理决定数量
\t行政许可
\t0
\t第二十条第（六） 项
\t信息内容
\t本年处理决定数量
\t行政处罚
\t3
\t行政强制
\t0
\t第二十条第（八） 项
\t信息内容
\t本年收费金额（单位：万元）
\t行政事业性收费
\t0.5
"""
YANCHI_4 = """
四、政府信息公开行政复议、行政诉讼情况
\t行政复议
\t行政诉讼
\t结果 维持
\t结果 纠正
\t其他 结果
\t尚未 审结

总计
\t未经复议直接起诉
\t复议后起诉
\t结果 维持
\t结果 纠正
\t其他 结果
\t尚未 审结
\t总计
\t结果 维持
\t结果 纠正
\t其他 结果
\t尚未 审结
\t总计
\t0
\t1
\t0
\t0
\t1
\t0
\t0
\t0
\t0
\t0
\t0
\t0
\t0
\t2
\t2
"""


def pasted(*parts: str) -> Document:
    lines = [line.strip() for part in parts for line in part.splitlines()]
    return Document("text", tuple(Text(line, f"第{n}行") for n, line in enumerate(lines, 1) if line))


def test_a_report_pasted_as_text(form: Form) -> None:
    """Headings that are lines like any other, labels cut by spaces and line ends."""
    salvaged = salvage(pasted("某县机关事务服务中心", f"2021年{form.title}", YANCHI_2, YANCHI_4), (form,))
    assert {str(f): str(v) for f, v in salvaged.filing.values.items() if v} == {
        "t2.documents.in_force": "7", "t2.penalties.decisions": "3", "t2.fees.amount": "0.5",
        "t4.review.corrected": "1", "t4.after.pending": "2",
    }  # fmt: skip
    assert all(read.is_sure for figure, read in salvaged.certainty.items() if figure.table in ("t2", "t4"))
    assert (salvaged.filing.unit.name, salvaged.filing.year) == ("某县机关事务服务中心", 2021)


@pytest.mark.parametrize(
    ("line", "instead", "lost"),
    [
        ("\t7\n", "", {"documents.made", "documents.repealed", "documents.in_force"}),
        ("\t7\n", "\t7\n\t8\n", {"documents.made", "documents.repealed", "documents.in_force"}),
        ("\t行政强制\n", "", {"penalties.decisions", "coercion.decisions"}),
        (
            "\t本年废止件数\n",
            "",
            {f"{r}.{c}" for r in ("rules", "documents") for c in ("made", "repealed", "in_force")},
        ),
    ],
)
def test_a_line_too_few_or_too_many(form: Form, line: str, instead: str, lost: set[str]) -> None:
    """Where numbers and labels do not come out even, none of those concerned is sure."""
    salvaged = salvage(pasted(f"某局2021年{form.title}", YANCHI_2.replace(line, instead), YANCHI_4), (form,))
    sure = {f"{f.row}.{f.column}" for f, read in salvaged.certainty.items() if f.table == "t2" and read.is_sure}
    assert not sure & lost
    assert "fees.amount" in sure

"""Tables as people send them, each shown as text, and what is read from them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.salvage.printed import typed
from xltool.documents.model import DocTable, Document, Text
from xltool.figure import FigureId, plain
from xltool.form import Form
from xltool.salvage import Certainty, Salvage, Sureness, salvage

TABLE_2 = """
第二十条第（一）项 | ‹ | ‹ | ‹
信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数
规章 | 0 | 0 | 0
行政规范性文件 | 3 | 1 | 25
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
TABLE_4 = """
行政复议 | ‹ | ‹ | ‹ | ‹ | 行政诉讼 | ‹ | ‹ | ‹ | ‹ | ‹ | ‹ | ‹ | ‹ | ‹
结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 未经复议直接起诉 | ‹ | ‹ | ‹ | ‹ | 复议后起诉 | ‹ | ‹ | ‹ | ‹
^ | ^ | ^ | ^ | ^ | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计
10 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 5 | 0 | 0 | 0 | 0
"""
FIGURES_2 = {
    "rules.made": "0", "rules.repealed": "0", "rules.in_force": "0",
    "documents.made": "3", "documents.repealed": "1", "documents.in_force": "25",
    "permits.decisions": "550", "penalties.decisions": "4119", "coercion.decisions": "195", "fees.amount": "7730.28",
}  # fmt: skip


def read(form: Form, *tables: DocTable | str, kind: str = "docx") -> Salvage:
    blocks: Iterable[Text | DocTable] = (t if isinstance(t, DocTable) else typed(t) for t in tables)
    return salvage(Document(kind, tuple(blocks)), (form,), "某局", 2024)


def of(salvaged: Salvage, name: str) -> Certainty:
    return salvaged.certainty[FigureId.parse(name)]


def said(salvaged: Salvage, table: str, sureness: Sureness = Sureness.SURE) -> dict[str, str]:
    """Row and column of the figures that are as sure, and what was read."""
    return {
        f"{figure.row}.{figure.column}": plain(one.value) if one.value is not None else ""
        for figure, one in salvaged.certainty.items()
        if figure.table == table and one.sureness is sureness
    }


def test_the_official_table(form: Form) -> None:
    """Every figure, with the place where it stands."""
    salvaged = read(form, TABLE_2)
    assert said(salvaged, "t2") == FIGURES_2
    assert of(salvaged, "t2.fees.amount").place == "第1个表格 第14行第2列"
    assert salvaged.filing.sources[FigureId.parse("t2.rules.made")] == "第1个表格 第3行第2列"


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("行政规范性文件", "行 政\\n规范性文件"),
        ("行政规范性文件", "行政规范性文性"),
        ("行政规范性文件", "行政规范文件"),
        ("行政许可", "行政许可（件）"),
        ("本年处理决定数量", "本年处理决\\n定数 量"),
        ("本年制发件数", "本年制发 件数（件）"),
        ("现行有效件数", "现行有效件數"),
        ("7730.28", "７７３０．２８"),
        ("4119", "4,119"),
        ("550", "550件"),
    ],
)
def test_spelling_does_not_matter(form: Form, printed: str, written: str) -> None:
    """Spaces, line ends, brackets, widths, misprints that can only be one label: read as if nothing were."""
    assert said(read(form, TABLE_2.replace(printed, written)), "t2") == FIGURES_2


@pytest.mark.parametrize(
    ("printed", "written", "doubtful"),
    [
        ("本年收费金额（单位：万元）", "本年收费金额（单位：元）", {"fees.amount"}),
        ("本年收费金额（单位：万元）", "本年收费金额", {"fees.amount"}),
        ("| 3 | 1 | 25", "| 3 | 1 2 | 25", {"documents.repealed"}),
        ("| 3 | 1 | 25", "| 3 | 1.5 | 25", {"documents.repealed"}),
        ("行政规范性文件", "", {"documents.made", "documents.repealed", "documents.in_force"}),
        ("本年废止件数", "", {"rules.repealed", "documents.repealed"}),
        ("规章 |", "其他文件 |", {"rules.made", "rules.repealed", "rules.in_force"}),
    ],
)
def test_what_is_not_certain_is_doubtful(form: Form, printed: str, written: str, doubtful: set[str]) -> None:
    """The figure is read and offered, and never taken for the unit's word."""
    salvaged = read(form, TABLE_2.replace(printed, written))
    assert set(said(salvaged, "t2", Sureness.DOUBTFUL)) == doubtful
    assert set(said(salvaged, "t2")) == set(FIGURES_2) - doubtful
    assert not doubtful & {f"{f.row}.{f.column}" for f in salvaged.filing.values}
    assert all(salvaged.filing.unread[FigureId.parse(f"t2.{name}")].startswith("待核") for name in doubtful)


@pytest.mark.parametrize("written", ["", "/", "—", "无", "22（其中修订16件）"])
def test_what_is_no_number_stays_a_question(form: Form, written: str) -> None:
    """Blank is not 0, and / is not 0 either."""
    salvaged = read(form, TABLE_2.replace("550", written))
    assert of(salvaged, "t2.permits.decisions").sureness is Sureness.MISSING
    assert FigureId.parse("t2.permits.decisions") not in salvaged.filing.values
    assert salvaged.filing.unread.get(FigureId.parse("t2.permits.decisions"), "") == written
    assert "R02.t2.permits.decisions" in [finding.key for finding in salvaged.findings]


def test_a_lost_row_is_missing_and_named(form: Form) -> None:
    """All others are read as before."""
    salvaged = read(form, TABLE_2.replace("行政处罚 | 4119 | ‹ | ‹\n", ""))
    assert set(said(salvaged, "t2")) == set(FIGURES_2) - {"penalties.decisions"}
    finding = next(f for f in salvaged.findings if f.code == "R02" and f.figures[0].row == "penalties")
    assert "没有找到这一行" in finding.said


def test_an_extra_row_is_named_and_left_out(form: Form) -> None:
    """A row of the office's own takes nothing away from the others."""
    salvaged = read(form, TABLE_2.replace("行政强制 |", "行政检查 | 77 | ‹ | ‹\n行政强制 |"))
    assert said(salvaged, "t2") == FIGURES_2
    assert [f.said for f in salvaged.findings if f.code == "R03"] == [
        "原件的表比表样多出一行：“行政检查”，其中的数没有读取。请看一看其中的数该不该计入别的行列；不该的，写明一下即可。"
    ]


def test_labels_that_moved_up_give_nothing_away_as_sure(form: Form) -> None:
    """A label deleted and those below moved up: every label is right, and every number belongs to another."""
    moved = TABLE_2.replace("行政处罚 | 4119 | ‹ | ‹\n行政强制 | 195", "行政强制 | 4119 | ‹ | ‹\n | 195")
    salvaged = read(form, typed(moved, spreadsheet=True), kind="xlsx")
    assert not {"penalties.decisions", "coercion.decisions"} & set(said(salvaged, "t2"))
    assert said(salvaged, "t2", Sureness.DOUBTFUL)["coercion.decisions"] == "4119"


def test_a_row_that_slipped_to_the_left(form: Form) -> None:
    """One cell deleted in a workbook: what is behind it stands under the wrong headings."""
    slipped = TABLE_2.replace("行政规范性文件 | 3 | 1 | 25", "行政规范性文件 | 1 | 25 |")
    salvaged = read(form, typed(slipped, spreadsheet=True), kind="xlsx")
    doubtful = said(salvaged, "t2", Sureness.DOUBTFUL)
    assert (doubtful["documents.made"], doubtful["documents.repealed"]) == ("1", "25")


def test_totals_are_kept_as_stated(form: Form) -> None:
    """Wrong totals are the report's own mistake: said by the check, not doubted by the reader."""
    salvaged = read(form, TABLE_4)
    assert len(said(salvaged, "t4")) == 15
    stated = salvaged.filing.stated
    assert stated[FigureId.parse("t4.review.total")] == 0
    assert FigureId.parse("t4.review.total") not in salvaged.filing.values


def test_headings_without_their_spans(form: Form) -> None:
    """A workbook in which nothing is merged any more: outer headings stand over the first of their columns."""
    loose = """
    行政复议 | | | | | 行政诉讼 | | | | | | | | |
    结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 未经复议直接起诉 | | | | | 复议后起诉 | | | |
    | | | | | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计 | 结果维持 | 结果纠正 | 其他结果 | 尚未审结 | 总计
    1 | 2 | 3 | 4 | 10 | 5 | 0 | 0 | 0 | 5 | 6 | 0 | 0 | 1 | 7
    """
    salvaged = read(form, typed(loose, spreadsheet=True), kind="xlsx")
    assert len(said(salvaged, "t4")) == 15
    assert of(salvaged, "t4.after.pending").value == 1


def test_outer_headings_that_changed_places(form: Form) -> None:
    """The same lowest headings in the same order belong to others: by the headings above them."""
    swapped = (
        TABLE_4.replace("未经复议直接起诉", "甲").replace("复议后起诉", "未经复议直接起诉").replace("甲", "复议后起诉")
    )
    salvaged = read(form, swapped)
    assert of(salvaged, "t4.direct.upheld").value != 0 or not of(salvaged, "t4.direct.upheld").is_sure
    assert not (of(salvaged, "t4.after.upheld").is_sure and of(salvaged, "t4.after.upheld").value == 5)


def test_two_tables_that_do_not_agree(form: Form) -> None:
    """Last year's table in the same file: nobody knows which of the two is meant."""
    salvaged = read(form, TABLE_2, TABLE_2.replace("550", "551"))
    assert not of(salvaged, "t2.permits.decisions").is_sure
    assert of(salvaged, "t2.penalties.decisions").is_sure


HEAD_3 = """
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和） | ‹ | ‹ | 申请人情况 | ‹ | ‹ | ‹ | ‹ | ‹ | ‹
^ | ^ | ^ | 自然人 | 法人或其他组织 | ‹ | ‹ | ‹ | ‹ | 总计
^ | ^ | ^ | ^ | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | ^
"""


TABLE_3 = (
    HEAD_3
    + """
一、本年新收政府信息公开申请数量 | ‹ | ‹ | 2 | 0 | 0 | 0 | 0 | 0 | 2
二、上年结转政府信息公开申请数量 | ‹ | ‹ | 0 | 0 | 0 | 0 | 0 | 0 | 0
三、本年度办理结果 | （一）予以公开 | ‹ | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （二）部分公开（区分处理的，只计这一情形，不计其他情形） | ‹ | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （三）不予公开 | 1.属于国家秘密 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 2.其他法律行政法规禁止公开 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 3.危及“三安全一稳定” | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 4.保护第三方合法权益 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 5.属于三类内部事务信息 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 6.属于四类过程性信息 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 7.属于行政执法案卷 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 8.属于行政查询事项 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （四）无法提供 | 1.本机关不掌握相关政府信息 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 2.没有现成信息需要另行制作 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 3.补正后申请内容仍不明确 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （五）不予处理 | 1.信访举报投诉类申请 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 2.重复申请 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 3.要求提供公开出版物 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 4.无正当理由大量反复申请 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | ^ | 5.要求行政机关确认或重新出具已获取信息 | 0 | 0 | 0 | 0 | 0 | 0 | 0
^ | （六）其他处理 | ‹ | 2 | 0 | 0 | 0 | 0 | 0 | 2
^ | （七）总计 | ‹ | 2 | 0 | 0 | 0 | 0 | 0 | 2
四、结转下年度继续办理 | ‹ | ‹ | 0 | 0 | 0 | 0 | 0 | 0 | 0
"""
)
ROWS_6 = ("r3_6_1", "r3_6_2", "r3_6_3")


@pytest.mark.parametrize(("number", "sureness"), [("0", Sureness.SURE), ("2", Sureness.MISSING)])
def test_one_row_for_several(form: Form, number: str, sureness: Sureness) -> None:
    """（六）其他处理 as one row: 0 says 0 of each of the three; any other number nobody can divide."""
    salvaged = read(form, TABLE_3.replace("| 2 |", f"| {number} |"))
    assert {of(salvaged, f"t3.{name}.natural").sureness for name in ROWS_6} == {sureness}
    assert {of(salvaged, f"t3.{name}.legal").value for name in ROWS_6} == {0}
    assert of(salvaged, "t3.r3_7.natural").is_sure
    codes = [finding.code for finding in salvaged.findings]
    assert ("R06" in codes, "R05" in codes) == (sureness is Sureness.SURE, sureness is Sureness.MISSING)


def test_one_row_among_others_that_are_lost(form: Form) -> None:
    """Where labels are lost besides, nobody knows whether the row stands for all three."""
    whole = TABLE_3.replace("^ | ^ | 8.属于行政查询事项 | 0 | 0 | 0 | 0 | 0 | 0 | 0\n", "")
    salvaged = read(form, whole)
    assert not any(of(salvaged, f"t3.{name}.legal").is_sure for name in ROWS_6)


def test_a_page_that_goes_on_without_its_header(form: Form) -> None:
    """The columns are those of the page before."""
    top = f"{HEAD_3}\n一、本年新收政府信息公开申请数量 | ‹ | ‹ | 21 | 0 | 3 | 0 | 0 | 0 | 24"
    below = "四、结转下年度继续办理 | ‹ | ‹ | 4 | 0 | 1 | 0 | 0 | 0 | 5"
    salvaged = read(form, typed(top), typed(below, "第2个表格"))
    assert said(salvaged, "t3")["r4.research"] == "1"
    alone = read(form, below)
    assert set(said(alone, "t3", Sureness.DOUBTFUL).values()) == {"4", "0", "1", "5"}
    assert not said(alone, "t3")

"""Published pages as text: tables with bars or tabs, their empty cells, their broken and misprinted headings."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random

import pytest

from tests.salvage.lines_of import CHANGES
from tests.salvage.pasted import CELLED, SHAPES, Shape, as_lines, without_cell
from tests.salvage.printed import complete, document, random_values
from tests.salvage.test_mangled import judged
from xltool.documents.plaintext import read_plain_text
from xltool.figure import FigureId
from xltool.form import Form
from xltool.salvage import Certainty, Salvage, Sureness, salvage

Truth = dict[FigureId, Decimal]


def read(form: Form, lines: list[str]) -> Salvage:
    return salvage(read_plain_text("\n".join(lines).encode()), (form,))


def sure(salvaged: Salvage) -> Truth:
    return {figure: one.value for figure, one in salvaged.certainty.items() if one.is_sure and one.value is not None}


def shapes(chosen: tuple[Shape, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("shape", chosen, ids=lambda shape: shape.__name__)


@shapes(SHAPES)
def test_every_number_is_sure(form: Form, shape: Shape) -> None:
    """Whatever stands between the cells, and whatever became of the merged ones."""
    for seed in range(4):
        truth = complete(form, random_values(form, Random(seed)))
        assert sure(read(form, as_lines(document(form, truth), shape))) == truth


@shapes(CELLED)
@pytest.mark.parametrize("written", ["", "/", "—"])
def test_what_stands_in_place_of_a_zero(form: Form, shape: Shape, written: str) -> None:
    """Offices leave the zeros out: these stay questions, the numbers beside them are sure."""
    chance = Random(5)
    values = {figure.id: Decimal(chance.choice((0, 0, 7, 31))) for figure in form.inputs}
    truth = complete(form, values)
    shown = document(form, {figure: value or _MARK for figure, value in truth.items()})
    salvaged = read(form, [line.replace(str(_MARK), written) for line in as_lines(shown, shape)])
    zeros = {figure for figure, value in truth.items() if not value}
    assert len(zeros) > 50
    assert not [figure for figure in zeros if salvaged.certainty[figure].value is not None]
    unsure = {figure for figure in truth.keys() - zeros if not salvaged.certainty[figure].is_sure}
    # Of a line without a total that ends in empty cells nobody knows whether they are its own.
    assert {f"{figure.table}.{figure.row}" for figure in unsure} <= {"t2.rules", "t2.documents"}
    assert sure(salvaged) == {figure: truth[figure] for figure in truth.keys() - zeros - unsure}


_MARK = Decimal(70707)


@pytest.mark.parametrize("name", ["form", "village"])
def test_no_wrong_figure_is_sure(name: str, request: pytest.FixtureRequest) -> None:
    """Cells and lines lost, doubled, put in and broken up."""
    form: Form = request.getfixturevalue(name)
    counted: Counter[str] = Counter()
    for seed in range(90):
        chance = Random(seed)
        truth = complete(form, random_values(form, chance))
        shape = chance.choice(SHAPES)
        change = chance.choice((*CHANGES, without_cell, without_cell))
        lines = change(as_lines(document(form, truth), shape), chance)
        counts, wrong = judged(form, read_plain_text("\n".join(lines).encode()), truth)
        assert not wrong, f"seed {seed}, {shape.__name__}, {change.__name__}: {wrong[:3]}"
        counted += counts
    assert counted["right"] >= 0.9 * counted.total(), counted


# --- headings ---------------------------------------------------------------------------------------------

SECOND = """
二、主动公开政府信息情况
全年公开信息124条。
第二十条第(一)项
信息内容
本年制发件数
本年废止件数
现行有效件数
规章
0
0
0
行政规范性文件
3
1
25
第二十条第(五)项
信息内容
本年处理决定数量
行政许可
550
第二十条第(六)项
信息内容
本年处理决定数量
行政处罚
41
行政强制
0
第二十条第(八)项
信息内容
本年收费金额(单位:万元)
行政事业性收费
12.5
"""


def second(form: Form, printed: str, written: str) -> dict[str, Certainty]:
    text = f"某局2023年{form.title}\n{SECOND}"
    assert printed in text
    salvaged = read(form, text.replace(printed, written).splitlines())
    return {f"{f.row}.{f.column}": one for f, one in salvaged.certainty.items() if f.table == "t2"}


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("现行有效件数", "现行有效件"),
        ("本年制发件数\n本年废止件数\n现行有效件数", "本年度制发数\n本年废止数\n现行有效数"),
        ("本年制发件数", "本年\n制发件数"),
        ("本年收费金额(单位:万元)", "本年收费金额(万元)"),
    ],
)
def test_misprinted_headings(form: Form, printed: str, written: str) -> None:
    """As long as each can only be the one that should stand there."""
    read_ones = second(form, printed, written)
    assert all(one.is_sure for one in read_ones.values())
    assert read_ones["documents.in_force"].value == 25


@pytest.mark.parametrize(
    ("printed", "written", "doubtful"),
    [
        ("本年收费金额(单位:万元)", "本年收费金额(单位:元)", "fees.amount"),
        ("本年收费金额(单位:万元)", "本年收费金额(百万元)", "fees.amount"),
        ("本年收费金额(单位:万元)", "本年收费金额", "fees.amount"),
        ("本年制发件数\n本年废止件数", "本年废止件数\n本年制发件数", "documents.made"),
        ("本年制发件数\n本年废止件数", "本年废止数\n本年制发数", "documents.made"),
        ("本年废止件数", "其他", "documents.repealed"),
    ],
)
def test_other_headings(form: Form, printed: str, written: str, doubtful: str) -> None:
    """Another measure, another order, another column."""
    assert second(form, printed, written)[doubtful].sureness is Sureness.DOUBTFUL


FOURTH = """
四、因政府信息公开工作被申请行政复议、提起行政诉讼情况
2023 年没有发生。
行政复议 行政诉讼
未经复议直接起诉 复议后起诉
{header}
5 1 0 2 8 0 0 0 0 0 0 3 0 0 3
"""
UPRIGHT = """
结 结 其 尚
结 结 其 尚 结 结 其 尚
果 果 他 未
总计 果 果 他 未 总 果 果 他 未 总
维 纠 结 审
维 纠 结 审 计 维 纠 结 审 计
持 正 果 结
持 正 果 结 持 正 果 结
"""
IN_TWO_LINES = """
结果 结果 其他 尚未 总
维持 纠正 结果 审结 计 结果 结果 其他 尚未 总 结果 结果 其他 尚未 总
维持 纠正 结果 审结 计 维持 纠正 结果 审结 计
"""


@pytest.mark.parametrize("header", [UPRIGHT, IN_TWO_LINES])
def test_headings_taken_down_line_by_line(form: Form, header: str) -> None:
    """A page of a PDF as text: parts of one heading stand between parts of the others."""
    salvaged = read(form, f"某局2023年{form.title}\n{FOURTH.format(header=header)}".splitlines())
    found = {f: one.value for f, one in salvaged.certainty.items() if f.table == "t4" and one.is_sure}
    assert len(found) == 15
    assert {f"{f.row}.{f.column}": value for f, value in found.items() if value} == {
        "review.upheld": 5, "review.corrected": 1, "review.pending": 2, "review.total": 8,
        "after.corrected": 3, "after.total": 3,
    }  # fmt: skip


def test_headings_in_another_order_are_doubted(form: Form) -> None:
    """维 and 纠 changed places: the letters are the same, the columns are not."""
    header = UPRIGHT.replace("维 纠", "纠 维").replace("持 正", "正 持")
    salvaged = read(form, f"某局2023年{form.title}\n{SECOND}{FOURTH.format(header=header)}".splitlines())
    assert salvaged.certainty[FigureId("t2", "permits", "decisions")].is_sure
    assert not [f for f, one in salvaged.certainty.items() if f.table == "t4" and one.is_sure]


def test_marks_of_markdown_are_no_words(form: Form) -> None:
    """# before a heading, ** around a title."""
    lines = [f"# 某局2023年{form.title}", "## 一、总体情况", "**（一）主动公开。** 公开6条。"]
    salvaged = read(form, [*lines, "|---|", "## 六、其他需要报告的事项", "无。"])
    assert (salvaged.filing.unit.name, salvaged.filing.year) == ("某局", 2023)
    assert salvaged.filing.texts == {"s1.disclosure": "（一）主动公开。 公开6条。", "s6.other": "无。"}

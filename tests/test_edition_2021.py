"""templates/gkbg-2021: the edition of 国办公开办函〔2021〕30号, its headings, figures and rules."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fills import all_zero
from xltool.check.filing import check_filing
from xltool.check.judge import Outcome, amounts, judge, ledger
from xltool.figure import FigureId, Kind
from xltool.filing import Filing, Unit, from_json
from xltool.form import Form

SAMPLES = Path(__file__).parents[1] / "samples"

HEADINGS = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]
COLUMNS_OF_THREE = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
ROWS_OF_THREE = """
一、本年新收政府信息公开申请数量
二、上年结转政府信息公开申请数量
三、本年度办理结果 | （一）予以公开
三、本年度办理结果 | （二）部分公开（区分处理的，只计这一情形，不计其他情形）
三、本年度办理结果 | （三）不予公开 | 1.属于国家秘密
三、本年度办理结果 | （三）不予公开 | 2.其他法律行政法规禁止公开
三、本年度办理结果 | （三）不予公开 | 3.危及“三安全一稳定”
三、本年度办理结果 | （三）不予公开 | 4.保护第三方合法权益
三、本年度办理结果 | （三）不予公开 | 5.属于三类内部事务信息
三、本年度办理结果 | （三）不予公开 | 6.属于四类过程性信息
三、本年度办理结果 | （三）不予公开 | 7.属于行政执法案卷
三、本年度办理结果 | （三）不予公开 | 8.属于行政查询事项
三、本年度办理结果 | （四）无法提供 | 1.本机关不掌握相关政府信息
三、本年度办理结果 | （四）无法提供 | 2.没有现成信息需要另行制作
三、本年度办理结果 | （四）无法提供 | 3.补正后申请内容仍不明确
三、本年度办理结果 | （五）不予处理 | 1.信访举报投诉类申请
三、本年度办理结果 | （五）不予处理 | 2.重复申请
三、本年度办理结果 | （五）不予处理 | 3.要求提供公开出版物
三、本年度办理结果 | （五）不予处理 | 4.无正当理由大量反复申请
三、本年度办理结果 | （五）不予处理 | 5.要求行政机关确认或重新出具已获取信息
三、本年度办理结果 | （六）其他处理 | 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
三、本年度办理结果 | （六）其他处理 | 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
三、本年度办理结果 | （六）其他处理 | 3.其他
三、本年度办理结果 | （七）总计
四、结转下年度继续办理
""".strip().splitlines()
FIGURES_OF_TWO = """
t2.rules.made 规章 本年制发件数
t2.rules.repealed 规章 本年废止件数
t2.rules.in_force 规章 现行有效件数
t2.documents.made 行政规范性文件 本年制发件数
t2.documents.repealed 行政规范性文件 本年废止件数
t2.documents.in_force 行政规范性文件 现行有效件数
t2.permits.decisions 行政许可 本年处理决定数量
t2.penalties.decisions 行政处罚 本年处理决定数量
t2.coercion.decisions 行政强制 本年处理决定数量
t2.fees.amount 行政事业性收费 本年收费金额（单位：万元）
""".strip().splitlines()
GROUPS_OF_FOUR = ["行政复议", "行政诉讼 | 未经复议直接起诉", "行政诉讼 | 复议后起诉"]
RESULTS_OF_FOUR = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]

RULES = {
    "A01": (25, "错误"), "A02": (7, "错误"), "A03": (7, "错误"), "A04": (3, "错误"), "A05": (2, "核实"),
    "X01": (1, "核实"), "X02": (1, "核实"), "X03": (1, "核实"), "X04": (1, "核实"), "X05": (1, "核实"),
    "X06": (1, "核实"), "X07": (1, "错误"), "X08": (1, "核实"), "X09": (1, "核实"), "X10": (1, "核实"),
    "X11": (1, "核实"), "X12": (1, "核实"), "X13": (1, "核实"),
    "X14": (1, "核实"), "X15": (1, "核实"),
    "Y01": (1, "错误"), "Y02": (6, "核实"), "Y03": (2, "核实"), "Y04": (3, "核实"), "Y05": (38, "核实"),
    "Y06": (1, "核实"), "Y07": (1, "核实"), "Y08": (1, "核实"), "Y09": (1, "核实"), "Y10": (1, "核实"),
}  # fmt: skip
"""Code → instances and level."""


def test_six_sections_in_official_order(form: Form) -> None:
    """The headings to the letter; three printed tables, and a small one for 信息处理费 that is not printed."""
    assert [section.heading for section in form.sections] == HEADINGS
    assert [table.id for table in form.tables if table.printed] == ["t2", "t3", "t4"]
    assert [table.id for table in form.tables if table.required] == ["t2", "t3", "t4"]
    assert [table.id for table in form.tables if not table.printed] == ["s6"]
    assert "国办公开办函〔2021〕30号" in form.basis


def test_how_many_figures(form: Form) -> None:
    """10, 175 and 15 figures, and two of 信息处理费; totals are computed, both ways in table 3."""
    counted = Counter(figure.table for figure in form.figures)
    assert counted == {"t2": 10, "t3": 175, "t4": 15, "s6": 2}
    computed = Counter(figure.id.table for figure in form.figures.values() if figure.computed is not None)
    assert computed == {"t3": 25 + 7 - 1, "t4": 3}


def test_table_two(form: Form) -> None:
    """Ten figures under their own headings; the fees in 万元, everything else counts."""
    figures = form.figures_of("t2")
    assert [f"{f.id} {' '.join(f.labels)}" for f in figures] == FIGURES_OF_TWO
    assert [f.kind for f in figures] == [Kind.COUNT] * 9 + [Kind.MONEY]
    headings = [block.heading for block in form.table("t2").blocks]
    assert headings == [f"第二十条第（{number}）项" for number in "一五六八"]
    assert {block.corner.text for block in form.table("t2").blocks} == {"信息内容"}


def test_table_three(form: Form) -> None:
    """25 rows × 7 columns, labels to the letter, the printed relation in the corner, official widths."""
    table = form.table("t3")
    (block,) = table.blocks
    assert [" | ".join(label.printed for label in row.path) for row in block.rows] == ROWS_OF_THREE
    assert [column.label.printed for column in block.columns] == COLUMNS_OF_THREE
    assert {column.path[0].text for column in block.columns} == {"申请人情况"}
    assert [column.path[1].text for column in block.columns[1:6]] == ["法人或其他组织"] * 5
    assert block.corner.printed == "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    assert table.widths == (754, 921, 3271, *[685] * 7)


def test_ids_follow_the_official_numbering(form: Form) -> None:
    """r3_3_5 is 三（三）5."""
    for row in form.table("t3").blocks[0].rows:
        digits = [
            "一二三四五六七八".index(match) + 1 for match in re.findall(r"^[（]?([一二三四五六七八])", row.path[0].text)
        ]
        for label in row.path[1:]:
            number = re.match(r"（([一二三四五六七])）|(\d)\.", label.text)
            assert number is not None
            digits.append("一二三四五六七".index(number[1]) + 1 if number[1] else int(number[2]))
        assert row.id == "r" + "_".join(map(str, digits))


def test_table_four(form: Form) -> None:
    """Three groups of five, side by side."""
    (block,) = form.table("t4").blocks
    assert block.across
    assert [" | ".join(label.text for label in row.path) for row in block.rows] == GROUPS_OF_FOUR
    assert [column.label.text for column in block.columns] == RESULTS_OF_FOUR
    assert len(form.table("t4").widths) == 15


def test_the_five_aspects_and_the_narrative_parts(form: Form) -> None:
    """Section one covers the five aspects, section five problems and improvements; every part has guidance."""
    titles = {section.id: [part.title for part in section.parts if not part.optional] for section in form.sections}
    assert titles["s1"] == ["主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障"]
    assert titles["s5"] == ["存在的主要问题", "改进情况"]
    assert titles["s6"] == ["其他事项"]
    assert form.sections[0].limit == 1000
    assert all(part.guidance and part.limit > 0 for section in form.sections for part in section.parts)


def test_the_catalogue_of_rules(form: Form) -> None:
    """Every relation between figures that is worth a check, how many instances of it there are, and its level."""
    assert {rule.code: (rule.instances, str(rule.level)) for rule in form.rules} == RULES
    assert Counter(check.code for check in form.checks) == {rule.code: rule.instances for rule in form.rules}


def test_every_rule_has_its_basis_and_says_what_to_do(form: Form) -> None:
    """A clause or a source, a title, a plain sentence, and an action; keys are unique."""
    for rule in form.rules:
        assert rule.basis.strip()
        assert re.search("号|条|表|办法|经验", rule.basis), f"{rule.code}: {rule.basis}"
        assert not rule.trial
    for check in form.checks:
        assert check.title
        assert check.says
        assert check.action.endswith("。")
    assert len({check.key for check in form.checks}) == len(form.checks)


# --- each rule fires, and does not --------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """An all-zero filing with some figures, against an all-zero last year with some figures."""

    now: str = ""
    before: str = ""
    powers: dict[str, bool] = field(default_factory=dict)
    blank: str = ""
    stated: str = ""


def figures(shown: str) -> dict[FigureId, Decimal]:
    pairs = (pair.split() for pair in shown.split(",") if pair.strip())
    return {FigureId.parse(name): Decimal(number) for name, number in pairs}


NO = {"rules": False, "permits": False, "penalties": False, "coercion": False, "fees": False}
HAS = {power: True for power in NO}
FIRING = [
    # check, a case where it fires, a case next to it where it does not
    ("A01.r1", Case("t3.r1.natural 2", stated="t3.r1.total 3"), Case("t3.r1.natural 2", stated="t3.r1.total 2")),
    (
        "A02.natural",
        Case("t3.r3_1.natural 2", stated="t3.r3_7.natural 1"),
        Case("t3.r3_1.natural 2, t3.r3_6_3.natural 1", stated="t3.r3_7.natural 3"),
    ),
    (
        "A03.natural",
        Case("t3.r1.natural 5, t3.r3_1.natural 3, t3.r4.natural 1"),
        Case("t3.r1.natural 4, t3.r2.natural 2, t3.r3_3_5.natural 5, t3.r4.natural 1"),
    ),
    ("A03.total", Case("t3.r4.other 1"), Case("t3.r1.other 1, t3.r4.natural 1")),
    (
        "A04.review",
        Case("t4.review.upheld 10", stated="t4.review.total 0"),
        Case("t4.review.upheld 10", stated="t4.review.total 10"),
    ),
    (
        "A05.documents",
        Case("t2.documents.made 3, t2.documents.in_force 1, t2.documents.repealed 1"),
        Case("t2.documents.made 2, t2.documents.in_force 1, t2.documents.repealed 1"),
    ),
    ("X01", Case("t3.r3_6_2.company 1", blank="s6.fee.amount"), Case("t3.r3_6_2.company 1")),
    ("X02", Case(blank="s6.fee.requests"), Case("s6.fee.requests 0, s6.fee.amount 0")),
    ("X03", Case("s6.fee.amount 5"), Case("s6.fee.requests 1, s6.fee.amount 5")),
    ("X04", Case("s6.fee.requests 1"), Case("s6.fee.requests 1, s6.fee.amount 0.01")),
    ("X05", Case("t4.direct.other 1"), Case("t4.direct.other 1", "t3.r1.natural 1")),
    (
        "X06",
        Case("t4.after.upheld 3, t4.review.other 1", "t4.review.other 1"),
        Case("t4.after.upheld 2, t4.review.other 1", "t4.review.other 1"),
    ),
    ("X07", Case("t2.rules.in_force 1", powers=NO), Case("t2.rules.in_force 1", powers=HAS)),
    ("X08", Case("t2.permits.decisions 1", powers=NO), Case("t2.permits.decisions 1", powers=HAS)),
    ("X09", Case(powers=HAS), Case("t2.permits.decisions 1", powers=HAS)),
    ("X10", Case("t2.penalties.decisions 1", powers=NO), Case("t2.penalties.decisions 1")),
    ("X11", Case(powers=HAS), Case("t2.penalties.decisions 1", powers=HAS)),
    ("X12", Case("t2.coercion.decisions 1", powers=NO), Case("t2.coercion.decisions 1")),
    ("X13", Case(powers=HAS), Case(powers=NO)),
    ("X14", Case("t2.fees.amount 1", powers=NO), Case("t2.fees.amount 1")),
    ("X15", Case(powers=HAS), Case(powers=NO)),
    ("Y01.total", Case("t3.r2.natural 2", "t3.r4.natural 1"), Case("t3.r2.natural 1", "t3.r4.company 1")),
    ("Y02.company", Case("t3.r2.natural 1", "t3.r4.company 1"), Case("t3.r2.company 1", "t3.r4.company 1")),
    (
        "Y03.rules",
        Case("t2.rules.in_force 12, t2.rules.made 2", "t2.rules.in_force 11"),
        Case("t2.rules.in_force 12, t2.rules.made 2, t2.rules.repealed 1", "t2.rules.in_force 11"),
    ),
    (
        "Y04.review",
        Case("t4.review.upheld 1", "t4.review.pending 2"),
        Case("t4.review.upheld 1, t4.review.pending 1", "t4.review.pending 2"),
    ),
    (
        "Y05.t2.permits.decisions",
        Case("t2.permits.decisions 120", "t2.permits.decisions 20"),
        Case("t2.permits.decisions 100", "t2.permits.decisions 20"),
    ),
    ("Y05.t3.r1.total", Case("t3.r1.natural 20"), Case("t3.r1.natural 19")),
    ("Y06", Case("t2.fees.amount 2000", "t2.fees.amount 2"), Case("t2.fees.amount 1999.999999", "t2.fees.amount 2")),
    ("Y07", Case("t2.fees.amount 0.5", "t2.fees.amount 500"), Case("t2.fees.amount 0", "t2.fees.amount 500")),
    ("Y08", Case("t2.permits.decisions 7", "t2.permits.decisions 7"), Case()),
    ("Y09", Case("t3.r1.natural 7", "t3.r1.natural 7"), Case("t3.r1.company 7", "t3.r1.natural 7")),
    ("Y10", Case("t4.direct.pending 7", "t4.direct.pending 7"), Case("t4.direct.upheld 7", "t4.direct.pending 7")),
]


def outcome(form: Form, key: str, case: Case) -> Outcome:
    unit = Unit("某单位", powers=case.powers)
    values = {f: v for f, v in (all_zero(form) | figures(case.now)).items() if str(f) not in case.blank.split()}
    now = Filing(form.id, unit, 2024, values, stated=figures(case.stated))
    prior = Filing(form.id, unit, 2023, all_zero(form) | figures(case.before))
    judgements = {judgement.check.key: judgement for judgement in judge(form, ledger(form, now, prior))}
    return judgements[key].outcome


@pytest.mark.parametrize(("key", "wrong", "right"), FIRING, ids=[key for key, *_ in FIRING])
def test_a_rule_fires_where_it_should_and_only_there(form: Form, key: str, wrong: Case, right: Case) -> None:
    """Each rule finds the mistake it is there for, and lets pass what is next to it."""
    assert outcome(form, key, wrong) is Outcome.FAILED
    assert outcome(form, key, right) is Outcome.PASSED


def test_no_rule_is_left_out(form: Form) -> None:
    """The table above has a case for every rule."""
    assert {key.partition(".")[0] for key, *_ in FIRING} == {rule.code for rule in form.rules}


def test_all_zero_is_right(form: Form) -> None:
    """A unit where nothing happened, two years in a row, has nothing to answer."""
    for check in form.checks:
        assert outcome(form, check.key, Case()) is Outcome.PASSED


@pytest.mark.parametrize(
    ("unit_type", "rules"),
    [
        ("省级政府", True),
        ("市级政府", True),
        ("县级政府", False),
        ("部门", False),
        ("乡镇街道", False),
        ("事业单位", False),
    ],
)
def test_who_may_make_rules(form: Form, unit_type: str, rules: bool) -> None:
    """规章 above 0 are wrong for a unit that cannot make them."""
    values = all_zero(form) | figures("t2.rules.in_force 1")
    now = Filing(form.id, Unit("某单位", type=unit_type), 2024, values)
    assert ("X07" in [finding.code for finding in check_filing(form, now)]) is not rules


def test_a_real_report_adds_up(form: Form) -> None:
    """宿迁市 2024, the whole city: the totals printed in its report, and nothing to answer."""
    now = from_json((SAMPLES / "suqian-2024" / "filing.json").read_text("utf-8"))
    prior = from_json((SAMPLES / "suqian-2024" / "prior.json").read_text("utf-8"))
    known = amounts(form, now)
    printed = figures(
        "t3.r1.total 3525, t3.r2.total 121, t3.r3_1.total 1431, t3.r3_2.total 471, t3.r3_7.total 3521, t3.r4.total 125,"
        "t3.r3_7.natural 3440, t3.r3_7.company 73, t4.review.total 170, t4.direct.total 25, t4.after.total 52"
    )
    assert {figure: known[figure] for figure in printed} == printed
    assert [finding.key for finding in check_filing(form, now, prior) if finding.is_open] == []

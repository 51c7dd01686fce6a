"""xltool.report.view: what a report says, in order, before any file format."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from xltool.days import official_date
from xltool.definition import parse_form
from xltool.figure import FigureId
from xltool.filing import Filing, Unit, from_json
from xltool.form import Form
from xltool.report.outline import Level, Paragraph, ordinal, paragraphs
from xltool.report.title import LINE_WIDTH, title_lines, width
from xltool.report.view import SectionView, TableView, build_view

ROOT = Path(__file__).parents[1]
REST = "2024年政府信息公开工作年度报告"

# Nothing of the annual report: other sections, another table, other words.
SMALL_FORM = """
id: flood-1
title: 防汛物资盘点表
short_title: 盘点表
code: FX01
basis: 内部规定
deadline: 5月31日
foreword:
  - 本表由{unit}填报，{year}年汛前有效。
cover:
  contact: {label: 联系人, sample: 张三}
sections:
  stock:
    heading: 一、库存
    sheet: 库存
    table:
      id: s
      name: 库存
      widths: [3000, 1500, 1500, 1500]
      blocks:
        - corner: 物资
          columns: {bags: 编织袋, pumps: 水泵, all: {label: 合计, computed: bags + pumps}}
          rows: {town: 镇级, village: 村级}
  notes:
    heading: 二、说明
    parts:
      text: {title: 说明, guidance: 写明缺口。, limit: 200, titled: 否}
"""


def filing(texts: dict[str, str] | None = None, **values: int) -> Filing:
    """A filing with texts by part and figures as ``t3__r1__natural=12``."""
    figures = {FigureId.parse(key.replace("__", ".")): Decimal(value) for key, value in values.items()}
    return Filing("gkbg-2021", Unit("宁安区教育局"), 2024, figures, texts=texts or {})


def section(form: Form, said: Filing, name: str, draft: bool = False) -> SectionView:
    return next(s for s in build_view(form, said, draft).sections if s.id == name)


def lines(view: SectionView) -> list[str]:
    return [block.whole for block in view.blocks if isinstance(block, Paragraph)]


def test_sections_stand_in_official_order_under_exact_headings(form: Form) -> None:
    """Title, then all sections with their headings, whatever was filled in."""
    view = build_view(form, filing())
    assert view.title == "宁安区教育局2024年政府信息公开工作年度报告"
    assert [s.heading for s in view.sections] == [s.heading for s in form.sections]
    assert [type(b) for s in view.sections for b in s.blocks].count(TableView) == 3


CONTACT = "如对本报告有疑问，请与宁安区教育局联系"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({}, None),
        ({"cover.contact": "张三"}, None),
        ({"cover.phone": "0953-6012345"}, f"{CONTACT}（电话：0953-6012345）。"),
        (
            {"cover.address": "解放路 1 号\n ", "cover.email": "a@b.cn"},
            f"{CONTACT}（地址：解放路 1 号，电子邮箱：a@b.cn）。",
        ),
        (
            {"cover.address": "{unit}", "cover.phone": "1", "cover.email": "2"},
            f"{CONTACT}（地址：{{unit}}，电话：1，电子邮箱：2）。",
        ),
    ],
)
def test_foreword_mentions_only_the_contacts_given(form: Form, texts: dict[str, str], expected: str | None) -> None:
    """Clauses of fields that are blank are left out; without any contact the sentence is not there."""
    foreword = [p.text for p in build_view(form, filing(texts)).foreword]
    assert foreword[1] == "本报告所列数据的统计期限从2024年1月1日起，至2024年12月31日止。"
    assert "〔2021〕30号）" in foreword[0]
    assert foreword[2:] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        # plain text: numbered titles over the parts that are there, none over the opening
        (
            {"s1.lead": "开头。", "s1.disclosure": "甲。", "s1.supervision": "乙。\n丙。"},
            ["开头。", "（一）主动公开", "甲。", "（二）监督保障", "乙。", "丙。"],
        ),
        # own headings that count on
        (
            {"s1.disclosure": "（一）公开情况。甲。", "s1.requests": "（二）申请。\n乙。"},
            ["（一）公开情况。甲。", "（二）申请。", "乙。"],
        ),
        # one part without its own heading gets its title with the next number
        (
            {"s1.disclosure": "(一)公开情况。甲。", "s1.requests": "乙。", "s1.platform": "（三）平台。丙。"},
            ["(一)公开情况。甲。", "（二）依申请公开", "乙。", "（三）平台。丙。"],
        ),
        # points inside the parts: titles without numbers above them
        (
            {"s5.problems": "（一）甲。\n（二）乙。", "s5.improvements": "（一）丙。\n（二）丁。"},
            ["存在的主要问题", "（一）甲。", "（二）乙。", "改进情况", "（一）丙。", "（二）丁。"],
        ),
        (
            {"s5.problems": "（一）甲。\n（二）乙。", "s5.improvements": "丙。"},
            ["存在的主要问题", "（一）甲。", "（二）乙。", "改进情况", "丙。"],
        ),
        # a whole sentence beside a part without a number is a point, no title
        (
            {"s5.problems": f"（一）{'甲' * 40}。", "s5.improvements": "丙。"},
            ["存在的主要问题", f"（一）{'甲' * 40}。", "改进情况", "丙。"],
        ),
        # numbered through by the unit
        (
            {"s5.problems": "（一）甲。\n（二）乙。", "s5.improvements": "（三）丙。"},
            ["（一）甲。", "（二）乙。", "（三）丙。"],
        ),
    ],
)
def test_titles_over_the_parts(form: Form, texts: dict[str, str], expected: list[str]) -> None:
    """Parts get numbered titles unless the unit brings its own headings; its wording is never changed."""
    name = next(iter(texts)).split(".")[0]
    assert lines(section(form, filing(texts), name)) == expected


@pytest.mark.parametrize(
    ("line", "lead", "level"),
    [
        ("（一）存在问题。我中心……", "（一）存在问题。", Level.SECOND),
        ("（十二）监督保障", "（十二）监督保障", Level.SECOND),
        (
            "（一）全面推进主动公开并切实做好重点领域的信息公开工作以及政策解读工作。",
            "",
            Level.SECOND,
        ),
        ("1.属于国家秘密", "", Level.THIRD),
        ("1、信息公开情况：……", "", Level.THIRD),
        ("1.05%的增长", "", Level.BODY),
        ("（1）指标", "", Level.FOURTH),
        ("2021年以来，……", "", Level.BODY),
        ("\u3000\u3000一是内部监督。", "", Level.BODY),
    ],
)
def test_levels_of_paragraphs(line: str, lead: str, level: Level) -> None:
    """（一）…。 up to its 。 within 30 characters is a heading; 1. and （1） are recognised, 1.05% is not."""
    (paragraph,) = paragraphs(f"\n{line}\r\n\n")
    assert (paragraph.lead, paragraph.level) == (lead, level)
    assert paragraph.whole == line.strip()


SHORT, LONG = "（一）学习不够。", f"（二）{'学习' * 15}还不够。"


@pytest.mark.parametrize(
    ("texts", "leads"),
    [
        # headings, all of them
        ({"s5.problems": "（一）存在问题。甲。\n（二）原因。乙。"}, ["（一）存在问题。", "（二）原因。"]),
        # one of the points is a whole sentence: all are
        ({"s5.problems": f"{SHORT}\n{LONG}\n（三）人手不足。"}, ["", "", ""]),
        # points of one sentence
        ({"s5.problems": "（一）学习不够；\n（二）人手不足。"}, ["", ""]),
        # another list is another matter
        (
            {"s5.problems": f"{SHORT}\n{LONG}", "s5.improvements": "（一）学习。丙。\n（二）招人。丁。"},
            ["", "", "（一）学习。", "（二）招人。"],
        ),
        # a list that goes on in the next part is one
        ({"s5.problems": "（一）存在问题。甲。", "s5.improvements": LONG}, ["", ""]),
    ],
)
def test_points_of_a_list_look_alike(form: Form, texts: dict[str, str], leads: list[str]) -> None:
    """Either every point of a list has a heading of its own, or they all are running text; the words stay."""
    points = [
        block
        for block in section(form, filing(texts), "s5").blocks
        if isinstance(block, Paragraph) and block.level is Level.SECOND and block.whole.startswith("（")
    ]
    assert [point.lead for point in points] == leads
    assert [point.whole for point in points] == "\n".join(texts.values()).split("\n")


def test_ordinals() -> None:
    """Numbers of second-level headings as they are written."""
    assert [ordinal(n) for n in (1, 10, 11, 20, 35)] == [
        "（一）",
        "（十）",
        "（十一）",
        "（二十）",
        "（三十五）",
    ]


FEE = "s6__fee__requests", "s6__fee__amount"


@pytest.mark.parametrize(
    ("figures", "text", "expected"),
    [
        ((0, 0), "", ["本年度未收取信息处理费。"]),
        ((3, 2230), "无其他需要报告的事项。",
         ["本年度共对3件政府信息公开申请收取信息处理费，金额2230元。", "无其他需要报告的事项。"]),
        ((3, 2230), "全年收取信息处理费2230元。", ["全年收取信息处理费2230元。"]),
        ((0, None), "", ["本年度无需要报告的内容。"]),
        ((None, 5), "无其他事项。", ["无其他事项。"]),
    ],
)  # fmt: skip
def test_fees_are_reported_once(
    form: Form, figures: tuple[int | None, int | None], text: str, expected: list[str]
) -> None:
    """The sentence on 信息处理费 is made from known figures, and only where the unit does not say it."""
    values = {key: value for key, value in zip(FEE, figures, strict=True) if value is not None}
    assert lines(section(form, filing({"s6.other": text}, **values), "s6")) == expected


def test_an_empty_section_shows_only_in_a_draft(form: Form) -> None:
    """A draft shows that nothing was filled in; a report to be published has a neutral sentence."""
    assert lines(section(form, filing(), "s5", draft=True)) == ["无（未填写）"]
    assert lines(section(form, filing(), "s5")) == ["本年度无需要报告的内容。"]


def test_blanks_stay_blank_and_totals_are_recomputed(form: Form) -> None:
    """A blank is printed blank, never 0; a declared table prints its zeros; money keeps its decimals."""
    said = Filing(
        "gkbg-2021",
        Unit("某局"),
        2024,
        {
            FigureId("t2", "fees", "amount"): Decimal("72701.2578"),
            FigureId("t3", "r1", "natural"): Decimal(12),
            FigureId("t4", "review", "upheld"): Decimal("1573179"),
        },
        zero_declared=frozenset({"t4"}),
    )
    values = {
        str(figure): text
        for view in build_view(form, said).sections
        for block in view.blocks
        if isinstance(block, TableView)
        for figure, text in block.values.items()
    }
    assert len(values) == 200
    assert {key: text for key, text in values.items() if text not in ("", "0")} == {
        "t2.fees.amount": "72701.2578",
        "t3.r1.natural": "12",
        "t4.review.upheld": "1573179",
        "t4.review.total": "1573179",
    }
    assert values["t3.r1.total"] == values["t2.rules.made"] == ""
    assert values["t4.after.total"] == "0"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("某市某局", ["某市某局"]),
        ("盐池县机关事务服务中心", ["盐池县机关事务服务中心"]),
        ("枣庄市市中区人民政府办公室", ["枣庄市市中区人民政府办公室"]),
        ("宁夏回族自治区吴忠市盐池县机关事务服务中心", ["宁夏回族自治区吴忠市", "盐池县机关事务服务中心"]),
        (
            "延边朝鲜族自治州和龙市市场监督管理局综合行政执法大队",
            ["延边朝鲜族自治州和龙市", "市场监督管理局综合行政执法大队"],
        ),
        (
            "内蒙古自治区呼和浩特市和林格尔县人力资源和社会保障局",
            ["内蒙古自治区呼和浩特市", "和林格尔县人力资源和社会保障局"],
        ),
        (
            "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县退役军人事务管理局（双拥工作领导小组办公室）",
            ["新疆维吾尔自治区伊犁哈萨克自治州", "察布查尔锡伯自治县退役军人事务管理局", "（双拥工作领导小组办公室）"],
        ),
        (
            "宁安朝鲜族自治县人民政府办公室（宁安朝鲜族自治县人民政府外事办公室）",
            ["宁安朝鲜族自治县人民政府办公室", "（宁安朝鲜族自治县人民政府外事办公室）"],
        ),
        (
            "宁安县人民政府办公室（宁安县人民政府外事办公室、宁安县政务公开领导小组办公室）",
            ["宁安县人民政府办公室", "（宁安县人民政府外事办公室、", "宁安县政务公开领导小组办公室）"],
        ),
        ("青岭县城市管理综合行政执法局（青岭县城市管理局）", ["青岭县城市管理综合行政执法局", "（青岭县城市管理局）"]),
        ("江苏省盐城市城市管理综合行政执法监督局直属大队", ["江苏省盐城市", "城市管理综合行政执法监督局直属大队"]),
        (
            "长沙高新技术产业开发区管理委员会城市管理与综合执法局",
            ["长沙高新技术产业开发区", "管理委员会城市管理与综合执法局"],
        ),
        ("北京市朝阳区人民政府望京街道办事处综合行政执法队", ["北京市朝阳区人民政府", "望京街道办事处综合行政执法队"]),
        ("西双版纳傣族自治州勐海县布朗山布朗族乡人民政府", ["西双版纳傣族自治州", "勐海县布朗山布朗族乡人民政府"]),
    ],
)
def test_title_lines(unit: str, expected: list[str]) -> None:
    """Unit, then year and name; a long unit is broken after a place, never inside a word."""
    assert title_lines(unit, REST) == (*expected, REST)


@pytest.mark.parametrize("unit", ["甲" * 50, "中国ABC" * 12, "某省某市某县" * 6, "甲" * 30 + "a" * 18])
def test_title_lines_always_fit(unit: str) -> None:
    """No line is wider than the page, whatever the name; nothing is lost."""
    broken = title_lines(unit, REST)
    assert "".join(broken) == unit + REST
    assert max(map(width, broken)) <= LINE_WIDTH


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2025年1月15日", "2025年1月15日"),
        ("2025-01-15", "2025年1月15日"),
        ("２０２５．１．１５", "2025年1月15日"),
        (" 2025年 1月 5 日", "2025年1月5日"),
        ("2025年1月", "2025年1月"),
        ("", ""),
    ],
)
def test_dates(typed: str, expected: str) -> None:
    """A date is signed as officials write it; what is not a date stays as typed."""
    assert official_date(typed) == expected


def test_another_form() -> None:
    """Nothing here knows the annual report: a made-up form gives its own report."""
    form = parse_form(SMALL_FORM)
    said = Filing("flood-1", Unit("甲镇"), 2023, {FigureId("s", "town", "bags"): Decimal(7),
                                                FigureId("s", "town", "pumps"): Decimal(2)})  # fmt: skip
    view = build_view(form, said)
    assert view.title_lines == ("甲镇", "2023年防汛物资盘点表")
    assert [p.text for p in view.foreword] == ["本表由甲镇填报，2023年汛前有效。"]
    (table,) = (b for b in view.sections[0].blocks if isinstance(b, TableView))
    assert list(table.values.values()) == ["7", "2", "9", "", "", ""]


def test_a_real_report_keeps_its_own_headings(form: Form) -> None:
    """盐池 2021: the unit's （一）（二）（三） stand, no title is put above them."""
    said = from_json((ROOT / "samples/yanchi-2021/filing.json").read_text("utf-8"))
    headings = [p.lead for p in section(form, said, "s1").blocks if isinstance(p, Paragraph) and p.lead]
    assert headings == [
        "（一）主动公开政府信息情况。",
        "（二）依申请公开政府信息情况。",
        "（三）政府信息监督保障情况。",
    ]
    leads = [p.lead for p in section(form, said, "s5").blocks if isinstance(p, Paragraph)]
    assert leads == ["（一）存在问题。", "（二）改进措施。"]

"""xltool.draft: a case of figures → the sentence a clerk would write; the same words in a workbook and in a report."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests.fills import all_zero, random_fill
from tests.programs.libreoffice import Cell, Office
from xltool.check.filing import check_filing
from xltool.check.judge import ledger
from xltool.definition import load_form, parse_form
from xltool.draft.excel import LONGEST_FORMULA, LONGEST_LITERAL, literal
from xltool.draft.model import Draft
from xltool.draft.saying import draft_cells, draft_text, growth, printed, share
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form, Part
from xltool.report.outline import Paragraph
from xltool.report.view import build_view
from xltool.workbook.layout import Computed, Stamp, make_layout
from xltool.workbook.layout.addresses import LEDGER, draft_key, shown_drafts
from xltool.workbook.reader import read_filing
from xltool.workbook.writer import write_workbook

SEED = int(os.environ.get("XLTOOL_SEED", "20210430"))
YEAR = 2024
VILLAGE = load_form(Path(__file__).parent / "forms" / "village-9")


def part(form: Form, part_id: str) -> Part:
    return next(part for section in form.sections for part in section.parts if part.id == part_id)


def draft_of(form: Form, part_id: str) -> Draft:
    found = part(form, part_id).draft
    assert found is not None
    return found


def filing(form: Form, shown: str = "", year: int = YEAR, texts: Mapping[str, str] | None = None) -> Filing:
    """Everything 0 but what is shown: ``t3.r1.natural 3, t3.r1.company 1``."""
    values = all_zero(form)
    for entry in shown.split(",") if shown else ():
        name, number = entry.split()
        assert FigureId.parse(name) in values, name
        values[FigureId.parse(name)] = Decimal(number)
    return Filing(form.id, Unit("宁安区教育局"), year, values, texts=texts or {})


def before(form: Form, received: int | None) -> Filing | None:
    """Last year's figures with this many new requests; None: they are not at hand."""
    return None if received is None else filing(form, f"t3.r1.natural {received}", YEAR - 1)


def sentence(form: Form, number: int, shown: str, received: int | None = None, of: str = "s1.requests") -> str:
    books = ledger(form, filing(form, shown), before(form, received))
    return draft_cells(draft_of(form, of), books.look_up)[str(number)]


RECEIVED = [
    # this year's table 3, last year's new requests (None: not known), the sentence
    ("", None, "全年未收到政府信息公开申请。"),
    ("", 0, "全年未收到政府信息公开申请。"),
    ("", 3, "全年未收到政府信息公开申请（上年收到3件）。"),
    ("t3.r2.natural 2", None, "全年未收到新的政府信息公开申请，上年结转2件。"),
    ("t3.r2.natural 2", 5, "全年未收到新的政府信息公开申请（上年收到5件），上年结转2件。"),
    ("t3.r1.natural 1", None, "全年收到政府信息公开申请1件，由自然人提出。"),
    ("t3.r1.legal 1", None, "全年收到政府信息公开申请1件，由法律服务机构提出。"),
    ("t3.r1.natural 9", None, "全年收到政府信息公开申请9件，均由自然人提出。"),
    ("t3.r1.other 2", None, "全年收到政府信息公开申请2件，均由其他法人或组织提出。"),
    (
        "t3.r1.natural 8, t3.r1.company 3, t3.r1.legal 1",
        None,
        "全年收到政府信息公开申请12件，其中自然人申请8件、商业企业申请3件、法律服务机构申请1件。",
    ),
    (
        "t3.r1.research 2, t3.r1.charity 1",
        None,
        "全年收到政府信息公开申请3件，其中科研机构申请2件、社会公益组织申请1件。",
    ),
    ("t3.r1.natural 9", 8, "全年收到政府信息公开申请9件，比上年增长12.5%，均由自然人提出。"),
    ("t3.r1.natural 31", 32, "全年收到政府信息公开申请31件，比上年下降3.13%，均由自然人提出。"),
    ("t3.r1.natural 12", 12, "全年收到政府信息公开申请12件，与上年持平，均由自然人提出。"),
    ("t3.r1.natural 100001", 100000, "全年收到政府信息公开申请100001件，与上年基本持平，均由自然人提出。"),
    ("t3.r1.natural 4", 0, "全年收到政府信息公开申请4件（上年未收到），均由自然人提出。"),
    ("t3.r1.natural 22", 2, "全年收到政府信息公开申请22件，比上年增长1000%，均由自然人提出。"),
    ("t3.r1.natural 23", 2, "全年收到政府信息公开申请23件，比上年增加21件，均由自然人提出。"),
    (
        "t3.r1.natural 5, t3.r2.company 2",
        None,
        "全年新收政府信息公开申请5件，均由自然人提出；上年结转2件，两项合计7件。",
    ),
    (
        "t3.r1.natural 5, t3.r1.company 1, t3.r2.natural 1",
        4,
        "全年新收政府信息公开申请6件，比上年增长50%，其中自然人申请5件、商业企业申请1件；上年结转1件，两项合计7件。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "received", "expected"), RECEIVED)
def test_what_was_received(form: Form, shown: str, received: int | None, expected: str) -> None:
    """None, one, all from one kind of applicant, several kinds; carried over; more, less, as many as last year."""
    assert sentence(form, 1, shown, received) == expected


HANDLED = [
    ("", ""),
    ("t3.r1.natural 1, t3.r3_1.natural 1", "该申请已办结，办理结果为予以公开。"),
    ("t3.r2.natural 1, t3.r3_4_1.natural 1", "该申请已办结，办理结果为无法提供。"),
    ("t3.r1.natural 3, t3.r3_1.natural 3", "上述申请已全部办结，办理结果均为予以公开。"),
    ("t3.r1.natural 3, t3.r3_3_2.natural 1, t3.r3_3_7.natural 2", "上述申请已全部办结，办理结果均为不予公开。"),
    (
        "t3.r1.natural 5, t3.r2.natural 4, t3.r3_1.natural 4, t3.r3_2.natural 2, t3.r3_6_3.natural 3",
        "上述申请已全部办结，其中予以公开4件、部分公开2件、其他处理3件。",
    ),
    (
        "t3.r1.natural 7, t3.r3_3_1.natural 1, t3.r3_4_2.natural 2, t3.r3_5_1.natural 3, t3.r4.natural 1",
        "年内办结6件，其中不予公开1件、无法提供2件、不予处理3件；结转下年度继续办理1件。",
    ),
    (
        "t3.r1.natural 2, t3.r3_1.natural 1, t3.r4.natural 1",
        "年内办结1件，办理结果为予以公开；结转下年度继续办理1件。",
    ),
    (
        "t3.r1.natural 5, t3.r3_2.natural 2, t3.r4.natural 3",
        "年内办结2件，办理结果均为部分公开；结转下年度继续办理3件。",
    ),
    ("t3.r1.natural 2, t3.r4.natural 2", "截至年底尚未办结，结转下年度继续办理2件。"),
    # Numbers that do not add up: nothing is claimed of all requests.
    ("t3.r1.natural 9, t3.r3_1.natural 2", "年内办结2件，办理结果均为予以公开。"),
    ("t3.r1.natural 9", ""),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "expected"), HANDLED)
def test_what_became_of_the_requests(form: Form, shown: str, expected: str) -> None:
    """Only the outcomes that there were; carried over, or all done; nothing where there was nothing to do."""
    assert sentence(form, 2, shown) == expected


DISPUTES = [
    ("", "未发生因政府信息公开引发的行政复议、行政诉讼。"),
    ("t4.review.upheld 1", "因政府信息公开引发的行政复议1件（结果维持），未发生行政诉讼。"),
    ("t4.review.pending 3", "因政府信息公开引发的行政复议3件（均为尚未审结），未发生行政诉讼。"),
    (
        "t4.review.upheld 3, t4.review.corrected 1",
        "因政府信息公开引发的行政复议4件（结果维持3件、结果纠正1件），未发生行政诉讼。",
    ),
    ("t4.after.other 1", "因政府信息公开引发的行政诉讼1件（其他结果），未发生行政复议。"),
    (
        "t4.direct.upheld 2, t4.after.upheld 1, t4.after.pending 1",
        "因政府信息公开引发的行政诉讼4件（结果维持3件、尚未审结1件），未发生行政复议。",
    ),
    (
        "t4.review.upheld 5, t4.direct.pending 1",
        "因政府信息公开引发的行政复议5件（均为结果维持），行政诉讼1件（尚未审结）。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "expected"), DISPUTES)
def test_what_was_disputed(form: Form, shown: str, expected: str) -> None:
    """None, one, several, of both kinds, with their results."""
    assert sentence(form, 3, shown) == expected


NO_DECISIONS = "未作出行政许可、行政处罚、行政强制决定"
DISCLOSED = [
    ("", f"全年未制发行政规范性文件。{NO_DECISIONS}，未收取行政事业性收费。"),
    (
        "t2.documents.in_force 2",
        f"全年未制发、废止行政规范性文件，现行有效的行政规范性文件2件。{NO_DECISIONS}，未收取行政事业性收费。",
    ),
    (
        "t2.documents.made 2, t2.documents.in_force 15, t2.permits.decisions 12",
        "全年制发行政规范性文件2件，现行有效15件。作出行政许可决定12件，未收取行政事业性收费。",
    ),
    (
        "t2.documents.made 2, t2.documents.repealed 1, t2.documents.in_force 15, t2.penalties.decisions 3",
        "全年制发行政规范性文件2件，废止1件，现行有效15件。作出行政处罚决定3件，未收取行政事业性收费。",
    ),
    (
        "t2.documents.repealed 1",
        f"全年未制发行政规范性文件，废止1件，没有现行有效的行政规范性文件。{NO_DECISIONS}，未收取行政事业性收费。",
    ),
    (
        "t2.permits.decisions 12, t2.penalties.decisions 3, t2.coercion.decisions 1, t2.fees.amount 59237.2449",
        "全年未制发行政规范性文件。作出行政许可决定12件、行政处罚决定3件、行政强制决定1件，"
        "收取行政事业性收费59237.2449万元。",
    ),
    (
        "t2.fees.amount 0.5",
        f"全年未制发行政规范性文件。{NO_DECISIONS}，收取行政事业性收费0.5万元。",
    ),
    (
        "t2.rules.made 2, t2.rules.repealed 1, t2.rules.in_force 12, t2.documents.made 50, t2.documents.in_force 420",
        "全年制发规章2件，废止1件，现行有效12件。制发行政规范性文件50件，现行有效420件。"
        f"{NO_DECISIONS}，未收取行政事业性收费。",
    ),
    (
        "t2.rules.in_force 3",
        f"全年未制发、废止规章，现行有效的规章3件。未制发行政规范性文件。{NO_DECISIONS}，未收取行政事业性收费。",
    ),
    (
        "t2.rules.repealed 1, t2.rules.in_force 3, t2.documents.repealed 2, t2.documents.in_force 8",
        "全年未制发规章，废止1件，现行有效3件。未制发行政规范性文件，废止2件，现行有效8件。"
        f"{NO_DECISIONS}，未收取行政事业性收费。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "expected"), DISCLOSED)
def test_what_was_disclosed(form: Form, shown: str, expected: str) -> None:
    """规章 only where there are any; documents, decisions and fees said or denied, each in the words of the table."""
    books = ledger(form, filing(form, shown))
    assert draft_text(draft_of(form, "s1.disclosure"), books.look_up) == expected


EMPTY_PHRASES = re.compile(
    r"(?<![\d.])0件|[，；：、（]{2}|[，；、][。）]|（）|。。|\{|\}|(?<![\d.])0[.万元%]*(?![\d.])"
)


def test_every_case_reads_well(form: Form) -> None:
    """Whatever the figures are, no sentence counts nothing, none is empty or broken off."""
    chance = Random(SEED)
    said: set[str] = set()
    for number in range(400):
        fill = random_fill(form, chance, with_prior=number % 2 > 0)
        values = {figure: abs(value.quantize(Decimal(1))) for figure, value in fill.filing.values.items()}
        whole = replace(fill.filing, values={**all_zero(form), **values}, unread={})
        books = ledger(form, whole, fill.prior)
        for _, draft in shown_drafts(form):
            text = draft_text(draft, books.look_up)
            assert text.endswith("。") or not text, text
            assert not EMPTY_PHRASES.search(text), text
            said.add(text)
    assert len(said) > 300


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        ("9", "8", "比上年增长12.5%"),
        ("801", "800", "比上年增长0.13%"),  # 0.125: halves go up
        ("799", "800", "比上年下降0.13%"),
        ("20029", "20000", "比上年增长0.15%"),  # 0.145, which no binary fraction is
        ("20001", "20000", "比上年增长0.01%"),  # 0.005
        ("20000.9", "20000", "与上年基本持平"),
        ("2", "3", "比上年下降33.33%"),
        ("0", "3", "比上年下降100%"),
        ("33", "3", "比上年增长1000%"),
        ("34", "3", None),
        ("7", "7", "与上年持平"),
        ("0", "0", None),
        ("3", "0", None),
        ("3", "-1", None),
        ("-1", "3", None),
        ("0.3", "0.2", "比上年增长50%"),
    ],
)
def test_growth(now: str, then: str, expected: str | None) -> None:
    """To two decimals, halves up; nothing where last year was 0, below it, or exceeded more than elevenfold."""
    assert growth(Decimal(now), Decimal(then)) == expected


@pytest.mark.parametrize(
    ("of", "whole", "expected"),
    [
        ("2", "3", "66.67%"),
        ("1", "8", "12.5%"),
        ("1", "800", "0.13%"),
        ("29", "20000", "0.15%"),
        ("3", "3", "100%"),
        ("0", "3", "0%"),
        ("4", "3", None),
        ("0", "0", None),
        ("-1", "3", None),
    ],
)
def test_share(of: str, whole: str, expected: str | None) -> None:
    """To two decimals, halves up; nothing where there is no whole, or the part is no part of it."""
    assert share(Decimal(of), Decimal(whole)) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0", "0"),
        ("12.50", "12.5"),
        ("59237.2449", "59237.2449"),
        ("0.0000005", "0.000001"),
        ("0.0000004", "0"),
        ("999999999.999999", "999999999.999999"),
        ("1E+8", "100000000"),
        ("1E+9", None),
        ("-1", None),
    ],
)
def test_printed(number: str, expected: str | None) -> None:
    """As the tables print it; what no program can show with all its digits is not said."""
    assert printed(Decimal(number)) == expected


# --- what is known ----------------------------------------------------------------------------------------


def test_nothing_is_said_of_a_table_half_filled_in(form: Form) -> None:
    """One blank cell in a table and the draft waits; declared zero, it is there; a text for a number keeps it away."""
    draft, whole = draft_of(form, "s1.requests"), filing(form, "t3.r1.natural 2, t3.r3_1.natural 2")
    blank = replace(whole, values={f: v for f, v in whole.values.items() if f != FigureId("t3", "r4", "legal")})
    odd = replace(blank, zero_declared=frozenset({"t3"}), unread={FigureId("t3", "r4", "legal"): "无"})
    declared = replace(blank, zero_declared=frozenset({"t3"}))
    texts = [draft_text(draft, ledger(form, said).look_up) for said in (whole, blank, odd, declared)]
    assert texts[0].startswith("全年收到政府信息公开申请2件，均由自然人提出。上述申请已全部办结")
    assert texts[1:] == ["", "", texts[0]]


def test_only_aspects_with_figures_have_a_draft(form: Form) -> None:
    """Figures say nothing of how a unit manages, publishes and supervises: nobody puts words into its mouth."""
    assert [about.id for about, _ in shown_drafts(form)] == ["s1.disclosure", "s1.requests", "s6"]


# --- the report -------------------------------------------------------------------------------------------


def said_in(view_part: str, form: Form, said: Filing, prior: Filing | None = None) -> list[Paragraph]:
    view = build_view(form, said, prior=prior)
    section = next(section for section in view.sections if section.id == view_part)
    return [block for block in section.blocks if isinstance(block, Paragraph)]


def test_the_report_fills_what_the_unit_left_empty(form: Form) -> None:
    """Each part as the unit wrote it, else its draft, marked; parts without a draft stay out as before."""
    said = filing(form, "t3.r1.natural 3, t3.r3_1.natural 3", texts={"s1.disclosure": "甲。", "s1.platform": " \n"})
    paragraphs = said_in("s1", form, said, before(form, 2))
    assert [p.whole for p in paragraphs] == [
        "（一）主动公开",
        "甲。",
        "（二）依申请公开",
        "全年收到政府信息公开申请3件，比上年增长50%，均由自然人提出。上述申请已全部办结，办理结果均为予以公开。"
        "未发生因政府信息公开引发的行政复议、行政诉讼。",
    ]
    assert [p.drafted for p in paragraphs] == [False, False, False, True]
    assert build_view(form, said).drafted == ("依申请公开",)
    assert build_view(form, replace(said, texts={"s1.disclosure": "甲。", "s1.requests": "乙。"})).drafted == ()


def test_a_sentence_of_a_section_stands_beside_what_the_unit_wrote(form: Form) -> None:
    """信息处理费 is said in section six unless the unit says it itself."""
    own = {"s6.other": "无其他需要报告的事项。"}
    paragraphs = said_in("s6", form, filing(form, texts=own))
    assert [(p.text, p.drafted) for p in paragraphs] == [("本年度未收取信息处理费。", True), (own["s6.other"], False)]
    mentioned = {"s6.other": "未收取信息处理费。"}
    assert [p.text for p in said_in("s6", form, filing(form, texts=mentioned))] == ["未收取信息处理费。"]


def test_what_the_report_will_say_is_a_hint(form: Form) -> None:
    """A part left to its draft is nothing to explain; one without stays a question."""
    keys = {f.key: f for f in check_filing(form, filing(form)) if f.code in ("S02", "S90")}
    assert set(keys) == {
        "S90.s1.disclosure", "S90.s1.requests", "S02.s1.management", "S02.s1.platform", "S02.s1.supervision",
        "S02.s5.problems", "S02.s5.improvements", "S02.s6.other",
    }  # fmt: skip
    found = keys["S90.s1.requests"]
    assert not found.is_open
    assert found.said == (
        "没有写，报告里将采用按表自动生成的文字：“全年未收到政府信息公开申请。未发生因政府信息公开引发的行政复…”。"
        "请看一看；要自己写的，请写在方框里。"
    )
    assert "S02.s1.requests" in {f.key for f in check_filing(form, Filing(form.id, Unit("甲"), YEAR))}


# --- the workbook -----------------------------------------------------------------------------------------


def test_the_draft_stands_below_the_room_to_write(form: Form) -> None:
    """On the part's own sheet, and nothing of it is read back as the unit's words."""
    layout = make_layout(form, YEAR, False)
    sheet = next(
        sheet for sheet in layout.sheets if "shown.s1.requests" in {getattr(c, "key", "") for c in sheet.cells}
    )
    shown, room = layout.computed["shown.s1.requests"].area, layout.inputs["s1.requests"].area
    assert (shown.place.sheet, shown.place.column) == (room.place.sheet, room.place.column)
    assert shown.place.row == room.last.row + 2
    label = next(text for row, _, text in sheet.printed if row == shown.place.row - 1)
    assert label.startswith("可参考（按表中数自动生成）")
    said = filing(form, "t3.r1.natural 3")
    returned = read_filing(write_workbook(form, said), lambda _: form).filing
    assert dict(returned.texts) == {}


@pytest.mark.parametrize("which", ["form", "village"])
def test_formulas_are_such_as_excel_takes(form: Form, which: str) -> None:
    """No text in a formula above 255 characters, no formula above 8192; longer words are put together."""
    checked = form if which == "form" else VILLAGE
    for cell in make_layout(checked, YEAR, True).computed.values():
        assert len(cell.formula) <= LONGEST_FORMULA, cell.key
        texts = re.findall(r'"((?:[^"]|"")*)"', cell.formula)
        assert all(len(text) <= LONGEST_LITERAL for text in texts), cell.key
    quoted = literal('甲“乙"丙' * 100)
    assert max(len(text) for text in re.findall(r'"((?:[^"]|"")*)"', quoted)) <= LONGEST_LITERAL
    assert quoted.count("&") == 3


MADE_UP = """
id: well-1
title: 水井表
short_title: 水井表
code: SJ01
basis: 内部规定
deadline: 5月31日
unit:
  powers: {pump: 有水泵}
  types: {村: {pump: 有}}
sections:
  wells:
    heading: 一、水井
    sheet: 水井
    table:
      id: w
      name: 水井
      widths: [3000, 1500, 1500, 1500]
      blocks:
        - columns: {old: 老井, new: {label: 新井, kind: 万元}, all: {label: 合计, computed: old + new}}
          rows: {east: 东, west: 西}
  notes:
    heading: 二、说明
    parts:
      text:
        title: 说明
        guidance: 写明。
        limit: 200
        drafts:
          - say: 老井{w.east.old}口，{growth(w.east.old, prior.w.east.old)}{share}。
          - say: 新井{w.east.new}口"，"{growth(w.east.new, prior.w.east.new)}。
          - items: {东: w.east.all, 西: w.west.all - w.east.old}
            each: "{item}边{number}口"
            cases:
              - when: [items == 2, power.pump == 1]
                say: 都有泵：{items}。
              - when: items == 2
                say: "{names}都有井。"
              - when: given(w.west.old) == 0
                say: 西边没有填，东边{w.east.old}口。
              - say: 只有{items}。
        phrases:
          share:
            say: ，占{percent(w.east.old, w.east.old + w.west.old)}
"""


def _tricky(chance: Random) -> tuple[Decimal, Decimal]:
    """Two numbers to compare: halves of a hundredth of a percent often, and near to one another."""
    whole = Decimal(chance.choice((3, 7, 8, 16, 32, 80, 160, 800, 2000, 20000, 62500, 400000, 123456)))
    how = chance.random()
    if how < 0.4:
        return whole + chance.randrange(-3, 30), whole
    if how < 0.6:
        return (whole * chance.randrange(0, 30000, 1) / 20000).quantize(Decimal("0.000001")), whole
    if how < 0.8:
        return Decimal(chance.randrange(1, 10**6)).scaleb(-chance.randrange(7)), whole / 1000
    return Decimal(chance.choice((-1, 0, 0, 5, 10**9, 999999999))), Decimal(chance.choice((0, 1, 3, 10**9)))


def test_libreoffice_says_what_python_says(office: Office, tmp_path: Path) -> None:
    """Growth, shares, lists and plain numbers: the formulas give Python's words for any figures, halves as well."""
    form, chance = parse_form(MADE_UP), Random(SEED)
    layout, unit = make_layout(form, YEAR, True), Unit("柳树村")
    path = tmp_path / "wells.xlsx"
    path.write_bytes(write_workbook(form, Filing(form.id, unit, YEAR), Filing(form.id, unit, YEAR - 1, all_zero(form))))
    inputs = {figure.id: layout.inputs[str(figure.id)].area.place for figure in form.inputs}
    stamped = {cell.key: cell.area.place for cell in layout.cells() if isinstance(cell, Stamp)}
    draft, said = draft_of(form, "notes.text"), set()
    keys = [draft_key(part(form, "notes.text"), name) for name in ("", *(name for name, _ in draft.cells))]
    with office.open(path) as document:
        for sheet in layout.sheets:
            document.unprotect(sheet.name)
        for _ in range(250):
            pairs = {figure.id: _tricky(chance) for figure in form.inputs}
            now = {f: pair[0] for f, pair in pairs.items() if chance.random() < 0.95}
            then = {f: pair[1] for f, pair in pairs.items() if chance.random() < 0.9}
            has_pump = chance.choice((True, False, None))
            powers = {} if has_pump is None else {"pump": has_pump}
            books = ledger(
                form, Filing(form.id, replace(unit, powers=powers), YEAR, now), Filing(form.id, unit, YEAR - 1, then)
            )
            cells = {place: now.get(f, "") for f, place in inputs.items()}
            cells |= {stamped[f"prior.{f}"]: books.prior.get(f, "") for f in form.figures}
            cells[stamped["power.pump"]] = "" if has_pump is None else Decimal(has_pump)
            document.put([(p.sheet, p.cell, [[v if isinstance(v, str) else float(v)]]) for p, v in cells.items()])
            held = document.read(LEDGER)
            expected = {draft_key(part(form, "notes.text"), n): t for n, t in draft_cells(draft, books.look_up).items()}
            expected[keys[0]] = draft_text(draft, books.look_up)
            found = {key: held.get(layout.computed[key].area.place.cell, Cell()).value for key in keys}
            assert found == expected, f"seed {SEED}: {now} {then} {has_pump}"
            said |= set(expected.values())
    assert len(said) > 400
    assert any("增长" in text for text in said)
    assert any("都有井" in text for text in said)


def test_drafts_are_computed_cells_with_keys_of_their_own(form: Form) -> None:
    """Every phrase, sentence and draft has one cell, so that its cached value can be told."""
    layout = make_layout(form, YEAR, False)
    cells = [
        cell for cell in layout.cells() if isinstance(cell, Computed) and cell.key.startswith(("draft.", "shown."))
    ]
    expected = [draft_key(about, name) for about, draft in shown_drafts(form) for name in ("", *dict(draft.cells))]
    expected += [f"shown.{about.id}" for about, _ in shown_drafts(form)]
    assert sorted(cell.key for cell in cells) == sorted(expected)

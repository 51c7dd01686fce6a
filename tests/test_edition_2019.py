"""templates/gkbg-2019: the edition of 国办公开办函〔2019〕60号, where it differs from the one after it, and its way through."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from random import Random

import docx
import openpyxl
import pytest

from tests.fills import all_zero
from tests.salvage.printed import complete, document, random_values
from tests.test_edition_2021 import COLUMNS_OF_THREE, RESULTS_OF_FOUR, ROWS_OF_THREE, Case, figures, outcome
from xltool.check.filing import check_filing
from xltool.check.judge import Outcome
from xltool.definition import form_by_id
from xltool.documents.model import DocTable, Text
from xltool.figure import FigureId, Kind
from xltool.filing import Filing, Unit, from_json, to_json
from xltool.form import Form
from xltool.narrative import examine_texts
from xltool.report.word import write_word
from xltool.salvage import salvage
from xltool.workbook.layout import make_layout
from xltool.workbook.reader import read_filing
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.writer import write_workbook

UNIT = Unit("某县水务局", type="部门")
FIGURES_OF_TWO = """
t2.rules.made 规章 本年新制作数量
t2.rules.opened 规章 本年新公开数量
t2.rules.disclosed 规章 对外公开总数量
t2.documents.made 规范性文件 本年新制作数量
t2.documents.opened 规范性文件 本年新公开数量
t2.documents.disclosed 规范性文件 对外公开总数量
t2.permits.before 行政许可 上一年项目数量
t2.permits.change 行政许可 本年增/减
t2.permits.decisions 行政许可 处理决定数量
t2.services.before 其他对外管理服务事项 上一年项目数量
t2.services.change 其他对外管理服务事项 本年增/减
t2.services.decisions 其他对外管理服务事项 处理决定数量
t2.penalties.before 行政处罚 上一年项目数量
t2.penalties.change 行政处罚 本年增/减
t2.penalties.decisions 行政处罚 处理决定数量
t2.coercion.before 行政强制 上一年项目数量
t2.coercion.change 行政强制 本年增/减
t2.coercion.decisions 行政强制 处理决定数量
t2.fees.before 行政事业性收费 上一年项目数量
t2.fees.change 行政事业性收费 本年增/减
t2.purchases.count 政府集中采购 采购项目数量
t2.purchases.amount 政府集中采购 采购总金额（单位：万元）
""".strip().splitlines()


@pytest.fixture(scope="module")
def older() -> Form:
    found = form_by_id("gkbg-2019")
    assert found is not None
    return found


def filled(form: Form) -> Filing:
    """Table 2 with items that became fewer; the rest 0."""
    some = (
        "t2.permits.before 120, t2.permits.change -6, t2.fees.before 2, t2.purchases.count 1, t2.purchases.amount 0.5"
    )
    texts = {part.id: f"{part.title}的工作正常开展。" for section in form.sections for part in section.parts}
    return Filing(form.id, UNIT, 2020, all_zero(form) | figures(some), texts=texts)


def test_its_own_basis_and_headings(older: Form) -> None:
    """60号, never 30号; section five is headed otherwise; 信息处理费 was not asked for yet."""
    assert (older.id, older.code) == ("gkbg-2019", "GK19")
    assert "国办公开办函〔2019〕60号" in older.basis
    bases = (*older.foreword, *(rule.basis for rule in older.rules), older.basis)
    assert not [said for said in bases if "30号" in said]
    headings = [section.heading for section in older.sections]
    assert headings[4] == "五、政府信息公开工作存在的主要问题及改进情况"
    assert [table.id for table in older.tables] == ["t2", "t3", "t4"]


def test_table_two(older: Form) -> None:
    """22 figures in five blocks; changes may be negative, the purchases are in 万元."""
    found = older.figures_of("t2")
    assert [f"{f.id} {' '.join(f.labels)}" for f in found] == FIGURES_OF_TWO
    kinds = {"change": Kind.CHANGE, "amount": Kind.MONEY}
    assert [f.kind for f in found] == [kinds.get(f.id.column, Kind.COUNT) for f in found]
    assert [b.heading for b in older.table("t2").blocks] == [f"第二十条第（{number}）项" for number in "一五六八九"]


def test_tables_three_and_four(older: Form) -> None:
    """As in the edition after it, but （六）其他处理 is one row."""
    (block,) = older.table("t3").blocks
    rows = [row for row in ROWS_OF_THREE if "（六）" not in row]
    rows.insert(-2, "三、本年度办理结果 | （六）其他处理")
    assert [" | ".join(label.printed for label in row.path) for row in block.rows] == rows
    assert [column.label.printed for column in block.columns] == COLUMNS_OF_THREE
    assert [column.label.text for column in older.table("t4").blocks[0].columns] == RESULTS_OF_FOUR
    assert Counter(figure.table for figure in older.figures) == {"t2": 22, "t3": 23 * 7, "t4": 15}


def test_a_change_may_be_negative(older: Form) -> None:
    """-6 is a figure, -6.5 and a negative count are none; the cell says so and takes it."""
    assert Kind.CHANGE.accepts(Decimal(-6))
    assert not Kind.CHANGE.accepts(Decimal("-6.5"))
    assert not Kind.CHANGE.accepts(Decimal(-(10**15)))
    assert not Kind.COUNT.accepts(Decimal(-6))
    wrong = all_zero(older) | figures("t2.permits.change -1.5, t2.permits.before -1")
    found = check_filing(older, Filing(older.id, UNIT, 2020, wrong))
    assert {str(f.figures[0]) for f in found if f.code == "T04"} == {"t2.permits.change", "t2.permits.before"}
    place = make_layout(older, 2020, has_prior=False).figures[FigureId("t2", "permits", "change")].area.place
    book = openpyxl.load_workbook(BytesIO(blank_workbook(older, UNIT, 2020)))
    (rule,) = [v for v in book[place.sheet].data_validations.dataValidation if place.cell in v.sqref]
    assert rule.operator == "greaterThanOrEqual"
    assert int(rule.formula1) < -1_000_000
    assert "负数" in rule.error


def test_from_workbook_to_report(older: Form) -> None:
    """Written, read back whole, nothing wrong, and in the report as the tables of this edition."""
    written = filled(older)
    returned = read_filing(write_workbook(older, written), form_by_id)
    assert (returned.form.id, returned.filing) == (older.id, written)
    assert from_json(to_json(written)) == written
    assert [f.key for f in check_filing(older, returned.filing) if f.is_open and f.code[0] in "ATX"] == []
    report = docx.Document(BytesIO(write_word(older, written)))
    cells = [[cell.text for cell in row.cells] for row in report.tables[0].rows]
    assert ["行政许可", "120", "-6", "0"] in cells
    said = "\n".join(paragraph.text for paragraph in report.paragraphs)
    assert "国办公开办函〔2019〕60号" in said
    assert "〔2021〕30号" not in said


def test_texts_are_compared_with_its_figures(older: Form) -> None:
    """Claims and wording of this edition load and find what they are there for."""
    texts = {
        "s1.requests": "全年收到政府信息公开申请5件。",
        "s6.other": "按国办公开办函〔2021〕30号的年度报告格式编制。",
    }
    filing = Filing(older.id, UNIT, 2020, all_zero(older) | figures("t3.r1.natural 3, t3.r3_6.natural 3"), texts=texts)
    assert {"N01", "S13"} <= {finding.code for finding in examine_texts(older, filing, None)}


ALL = dict.fromkeys(("permits", "penalties", "coercion", "fees"), True)
NONE = dict.fromkeys(("rules", *ALL), False)
FIRING = [
    ("A02.natural", Case("t3.r3_6.natural 2", stated="t3.r3_7.natural 1"), Case("t3.r3_6.natural 2")),
    ("A05.rules", Case("t2.rules.opened 2, t2.rules.disclosed 1"), Case("t2.rules.opened 2, t2.rules.disclosed 2")),
    ("A06.permits", Case("t2.permits.before 2, t2.permits.change -3"), Case("t2.permits.before 3, t2.permits.change -3")),
    ("X07", Case("t2.rules.made 1", powers=NONE), Case("t2.rules.opened 1", powers=NONE)),
    ("X14", Case("t2.fees.before 1", powers=NONE), Case("t2.fees.before 1", powers=ALL)),
    ("X15", Case(powers=ALL), Case("t2.fees.change 1", powers=ALL)),
    ("X16", Case("t2.purchases.amount 1"), Case("t2.purchases.count 1, t2.purchases.amount 1")),
    ("X17", Case("t2.purchases.count 1"), Case()),
    (
        "Y03.permits",
        Case("t2.permits.before 5", "t2.permits.before 7, t2.permits.change 2"),
        Case("t2.permits.before 5", "t2.permits.before 7, t2.permits.change -2"),
    ),
    ("Y06", Case("t2.purchases.amount 2000", "t2.purchases.amount 2"), Case("t2.purchases.amount 2", "t2.purchases.amount 2")),
    ("Y07", Case("t2.purchases.amount 2", "t2.purchases.amount 2000"), Case("t2.purchases.amount 2", "t2.purchases.amount 2")),
]  # fmt: skip


@pytest.mark.parametrize(("key", "wrong", "right"), FIRING, ids=[key for key, *_ in FIRING])
def test_a_rule_of_this_edition_fires_where_it_should(older: Form, key: str, wrong: Case, right: Case) -> None:
    """The rules that the other edition has not, or has otherwise."""
    assert outcome(older, key, wrong) is Outcome.FAILED
    assert outcome(older, key, right) is Outcome.PASSED


def test_all_zero_is_right(older: Form) -> None:
    """A unit where nothing happened, two years in a row, has nothing to answer."""
    for check in older.checks:
        assert outcome(older, check.key, Case()) is Outcome.PASSED


@pytest.mark.parametrize(("year", "due"), [(2020, "gkbg-2019"), (2023, "gkbg-2021")])
def test_its_tables_are_recognised(form: Form, older: Form, year: int, due: str) -> None:
    """Up to 2020 they are the right ones; after it R04 says so, and the single row （六） is told apart into its three."""
    truth = complete(older, random_values(older, Random(3)))
    salvaged = salvage(document(older, truth), (form, older), UNIT.name, year)
    assert (salvaged.form.id, salvaged.found.id) == (due, older.id)
    codes = [finding.code for finding in salvaged.findings]
    assert ("R04" in codes) is (year > 2020)
    sure = {figure: read.value for figure, read in salvaged.certainty.items() if read.is_sure}
    assert {figure: value for figure, value in sure.items() if figure in truth} == {
        figure: truth[figure] for figure in sure if figure in truth
    }
    if year > 2020:
        (single,) = [finding for finding in salvaged.findings if finding.code == "R05"]
        assert "3.其他" in single.said
    else:
        assert sure == truth


def test_purchases_without_a_unit_are_doubted(older: Form) -> None:
    """The official table prints none, and reports use both: a number alone does not say which."""
    path = Path(older.folder or "") / "form.yaml"
    assert "note: （单位：万元）" in path.read_text("utf-8")
    truth = complete(older, random_values(older, Random(3)))
    whole = document(older, truth)
    bare = type(whole)(whole.kind, tuple(_without_unit(block) for block in whole.blocks))
    salvaged = salvage(bare, (older,), UNIT.name, 2020)
    doubted = [str(f) for f, read in salvaged.certainty.items() if not read.is_sure]
    assert doubted == ["t2.purchases.amount"]


def _without_unit(block: Text | DocTable) -> Text | DocTable:
    if isinstance(block, Text):
        return block
    cells = tuple(replace(cell, text=cell.text.replace("（单位：万元）", "")) for cell in block.cells)
    return replace(block, cells=cells)

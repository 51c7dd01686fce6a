"""Whole documents: unit, year, texts, the workbook to confirm; and what became of the office programs' own formats."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from openpyxl import load_workbook

from tests.salvage.conftest import Convert
from tests.salvage.printed import complete, document, random_values
from xltool.documents import read_document
from xltool.documents.model import DocTable, Document, Text
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report.word import write_word
from xltool.salvage import Sureness, all_findings, salvage, stamped, to_confirm, with_identity
from xltool.workbook.reader import read_filing
from xltool.workbook.writer import write_workbook

UNIT = "某县教育局"


def filing(form: Form, seed: int = 1) -> Filing:
    texts = {
        part.id: f"{part.title}的工作正常开展，没有发生问题。\n第二段说到{number}件事。"
        for section in form.sections
        for number, part in enumerate(section.parts)
    }
    cover = {field.id: "2025年1月15日" if field.id == "cover.date" else f"某处{field.label}" for field in form.cover}
    values = random_values(form, Random(seed))
    return Filing(form.id, Unit(UNIT, "X1", "部门"), 2024, values, texts={**cover, **texts})


def by_id(form: Form):  # type: ignore[no-untyped-def]
    return lambda form_id: form if form_id == form.id else None


# --- our own reports and workbooks ------------------------------------------------------------------------


def test_our_report_comes_back_whole(form: Form) -> None:
    """Figures, texts by part, unit, year, and what the foreword and the signature say."""
    written = filing(form)
    salvaged = salvage(read_document(write_word(form, written)), (form,))
    truth = complete(form, written.values)
    assert {f: c.value for f, c in salvaged.certainty.items() if c.is_sure and f in truth} == truth
    assert (salvaged.filing.unit.name, salvaged.filing.year) == (UNIT, 2024)
    unsaid = {"cover.contact", "cover.compiler", "cover.reviewer"}
    assert salvaged.filing.texts == {key: text for key, text in written.texts.items() if key not in unsaid}
    assert [finding.code for finding in salvaged.findings] == []


def test_our_workbook_comes_back_whole(form: Form) -> None:
    """By labels alone, without the identity; with it, unit and last year's figures are known, too."""
    written = filing(form)
    prior = Filing(form.id, written.unit, 2023, {FigureId("t3", "r4", "natural"): Decimal(3)})
    data = write_workbook(form, written, prior)
    salvaged = salvage(read_document(data), (form,))
    assert salvaged.filing.values == written.values
    assert salvaged.filing.texts == written.texts
    assert salvaged.findings == ()
    stamps = stamped(data)
    assert stamps is not None
    assert with_identity(form, salvaged.filing, stamps) == (written, prior)


def test_another_file_bears_no_identity(form: Form) -> None:
    """A report is no workbook of ours."""
    assert stamped(write_word(form, filing(form))) is None


@pytest.mark.parametrize("suffix", ["pdf", "html", "odt"])
def test_reports_saved_by_libreoffice(form: Form, convert: Convert, tmp_path: Path, suffix: str) -> None:
    """Every figure right and none uncertain, every text where it belongs."""
    written = filing(form, 3)
    path = tmp_path / "report.docx"
    path.write_bytes(write_word(form, written))
    saved = convert(path, suffix)
    salvaged = salvage(read_document(saved.read_bytes(), saved.name), (form,))
    truth = complete(form, written.values)
    assert {f: c.value for f, c in salvaged.certainty.items() if c.is_sure and f in truth} == truth
    for part in (part for section in form.sections for part in section.parts):
        assert salvaged.filing.texts[part.id].replace(" ", "") == written.texts[part.id]


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_workbooks_saved_by_libreoffice(form: Form, convert: Convert, tmp_path: Path, suffix: str) -> None:
    """Saved as another kind of workbook, nothing is lost and nothing is doubtful."""
    written = filing(form, 4)
    path = tmp_path / "book.xlsx"
    path.write_bytes(write_workbook(form, written))
    saved = convert(path, suffix)
    salvaged = salvage(read_document(saved.read_bytes(), saved.name), (form,))
    assert salvaged.filing.values == written.values
    assert salvaged.filing.texts == written.texts


def test_a_workbook_with_rows_put_in_and_taken_out(form: Form) -> None:
    """What cannot be read as a workbook of ours any more: the rest is read, the lost row is named."""
    written = filing(form)
    book = load_workbook(io.BytesIO(write_workbook(form, written)))
    sheet = next(sheet for sheet in book if any(cell.value == "行政许可" for row in sheet.iter_rows() for cell in row))
    row = next(cell.row for cells in sheet.iter_rows() for cell in cells if cell.value == "行政许可")
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(row)
    sheet.title = "乱改的名字"
    saved = io.BytesIO()
    book.save(saved)
    with pytest.raises(FileRefused):
        read_filing(saved.getvalue(), by_id(form))
    salvaged = salvage(read_document(saved.getvalue()), (form,))
    lost = FigureId("t2", "permits", "decisions")
    assert salvaged.filing.values == {f: value for f, value in written.values.items() if f != lost}
    assert "R02.t2.permits.decisions" in [finding.key for finding in salvaged.findings]


# --- the workbook to confirm ------------------------------------------------------------------------------


def doubtful_report(form: Form, written: Filing) -> Document:
    """A number broken in two, and a / in place of one."""
    whole = read_document(write_word(form, written))

    def spoiled(table: DocTable) -> DocTable:
        cells = list(table.cells)
        numbers = [place for place, cell in enumerate(cells) if cell.text.isdigit() and len(cell.text) > 1]
        first, second = numbers[:2]
        cells[first] = type(cells[first])(
            "1 2", cells[first].row, cells[first].column, cells[first].rows, cells[first].columns
        )
        cells[second] = type(cells[second])(
            "/", cells[second].row, cells[second].column, cells[second].rows, cells[second].columns
        )
        return DocTable(tuple(cells), table.place)

    tables = [block for block in whole.blocks if isinstance(block, DocTable)]
    return Document(whole.kind, tuple(spoiled(b) if b is tables[0] else b for b in whole.blocks))


def test_a_confirmed_workbook_closes_the_matter(form: Form) -> None:
    """What is doubtful is no number until somebody takes 待核 away; then the workbook is like any other."""
    written = filing(form, 7)
    salvaged = salvage(doubtful_report(form, written), (form,))
    doubtful = [figure for figure, one in salvaged.certainty.items() if one.sureness is Sureness.DOUBTFUL]
    assert len(doubtful) == 1
    returned = read_filing(to_confirm(salvaged), by_id(form))
    assert returned.filing.values == salvaged.filing.values
    assert returned.filing.unread == salvaged.filing.unread
    assert returned.filing.unread[doubtful[0]] == "待核12"
    assert sorted(returned.filing.unread.values()) == ["/", "待核12"]
    assert {f"T02.{figure}" for figure in returned.filing.unread} <= {finding.key for finding in returned.findings}


def test_the_doubts_are_listed(form: Form) -> None:
    """The list at the front of the workbook says what was read, why it is doubted and what to do."""
    salvaged = salvage(doubtful_report(form, filing(form, 7)), (form,))
    book = load_workbook(io.BytesIO(to_confirm(salvaged)))
    listed = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    assert "读作 12（数字中间断开了，可能是两个数）" in listed
    assert "原件写的是“/”，不是数字" in listed


def test_totals_that_do_not_add_up_are_said(form: Form) -> None:
    """A published report is held against its own arithmetic."""
    written = filing(form)
    truth = complete(form, written.values)
    total = FigureId("t4", "review", "total")
    salvaged = salvage(document(form, {**truth, total: truth[total] + 1}), (form,))
    assert "A04.review" in [finding.key for finding in all_findings(salvaged)]
    assert salvaged.filing.stated[total] == truth[total] + 1


# --- texts ------------------------------------------------------------------------------------------------


def report(form: Form, *lines: str) -> Filing:
    texts = [Text(line.lstrip("#"), f"第{number}段", line.startswith("#")) for number, line in enumerate(lines, 1)]
    tables = [
        b for b in document(form, complete(form, random_values(form, Random(1)))).blocks if isinstance(b, DocTable)
    ]
    return salvage(Document("docx", (*texts, *tables)), (form,)).filing


def test_headings_in_other_words(form: Form) -> None:
    """Arabic numbering, a section renamed, a heading with its text right behind it, subheadings that look alike."""
    read = report(
        form,
        "某县水务局",
        "2024年政府信息公开工作年度报告",
        "一、总体情况",
        "全年工作平稳。",
        "（一）主动公开政府信息情况。公开了6条。",
        "（二）依申请公开情况",
        "没有收到申请。",
        "（五）监督保障方面。开了会。",
        "2、 主动公开政府信息情况",
        "五、存在的主要问题及整改措施",
        "（一）存在问题。人手少。",
        "（二）改进措施。加人手。",
        "六、其他需要报告事项：无其他需要报告的事项。",
        "某县水务局",
        "2025年1月9日",
        "版权所有　某县人民政府",
    )
    assert (read.unit.name, read.year) == ("某县水务局", 2024)
    assert read.texts == {
        "s1.lead": "全年工作平稳。",
        "s1.disclosure": "（一）主动公开政府信息情况。公开了6条。",
        "s1.requests": "（二）依申请公开情况\n没有收到申请。",
        "s1.supervision": "（五）监督保障方面。开了会。",
        "s5.problems": "（一）存在问题。人手少。",
        "s5.improvements": "（二）改进措施。加人手。",
        "cover.date": "2025年1月9日",
    } | ({"s6.other": "无其他需要报告的事项。"} if "s6.other" in read.texts else {})


def test_a_table_of_contents_is_no_report(form: Form) -> None:
    """The headings count where the text stands below them."""
    contents = [section.heading for section in form.sections]
    body = [line for section in form.sections for line in (f"#{section.heading}", f"{section.id}的正文。")]
    read = report(form, f"某局2024年{form.title}", *contents, *body)
    assert read.texts["s1.lead"] == "s1的正文。"
    assert read.texts["s5.problems"] == "s5的正文。"


@pytest.mark.parametrize(
    "title",
    [
        ["某市某区商务局2023年政府信息公开工作年度报告"],
        ["某市某区商务局", "2023 年政府信息公开工作年度报告"],
        ["某市某区", "商务局", "二〇二三年度政府信息公开工作年度报告"],
        ["首页 > 政府信息公开", "某市某区商务局2023年政府信息公开工作年度报告", "发布时间：2024-01-20"],
        ["现发布《某市某区商务局2023年政府信息公开工作年度报告》，请查阅。"],
    ],
)
def test_unit_and_year_of_the_title(form: Form, title: list[str]) -> None:
    """On one line or several, among the words of a page, or quoted in the text."""
    read = report(form, *title, "一、总体情况", "平稳。")
    assert (read.unit.name, read.year) == ("某市某区商务局", 2023)


def test_who_it_should_be(form: Form) -> None:
    """Another unit's or another year's report is said; the caller's word counts."""
    written = read_document(write_word(form, filing(form)))
    salvaged = salvage(written, (form,), "某县水务局", 2023)
    assert (salvaged.filing.unit.name, salvaged.filing.year) == ("某县水务局", 2023)
    assert {"R09.unit", "R09.year"} <= {finding.key for finding in salvaged.findings}


def test_a_file_without_anything_of_the_form(form: Form) -> None:
    """One sentence, not an empty workbook."""
    with pytest.raises(FileRefused, match="没有找到"):
        salvage(Document("text", (Text("会议通知", "第1行"),)), (form,))


def test_the_second_form_goes_the_same_way(village: Form) -> None:
    """Report, workbook and confirmation of a form that nobody thought of when this was written."""
    values = random_values(village, Random(5))
    texts = {"cover.clerk": "钱七", "fees.use": "修路。", "closing.praise": "有好人好事。", "closing.plans": "再修。"}
    written = Filing(village.id, Unit("柳树村"), 2025, values, texts=texts)
    salvaged = salvage(read_document(write_word(village, written)), (village,))
    truth = complete(village, values)
    assert {f: c.value for f, c in salvaged.certainty.items() if c.is_sure and f in truth} == truth
    assert salvaged.certainty[FigureId("aid", "aid", "sum")].value == values[FigureId("aid", "aid", "sum")]
    assert salvaged.filing.texts == texts
    assert salvage(read_document(write_workbook(village, written)), (village,)).filing.values == values

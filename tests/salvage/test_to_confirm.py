"""The first sheet of a workbook that was filled from another document, and what the command says of it."""

from __future__ import annotations

import io
from pathlib import Path

from openpyxl import load_workbook

from tests.salvage.test_cli import Xltool, put, xltool
from tests.salvage.test_reports import doubtful_report, filing
from xltool.documents import read_document
from xltool.form import Form
from xltool.report.word import write_word
from xltool.salvage import Salvage, salvage, to_confirm
from xltool.workbook.layout.addresses import TO_CONFIRM
from xltool.workbook.reader import read_filing

__all__ = ["xltool"]


def first_sheet(salvaged: Salvage, source: str = "") -> tuple[str, str]:
    """Its name, and what stands above the list."""
    sheet = load_workbook(io.BytesIO(to_confirm(salvaged, source=source))).worksheets[0]
    return sheet.title, "\n".join(str(row[0].value) for row in sheet.iter_rows(max_row=4))


def test_where_the_figures_are_from_and_how_sure_they_are(form: Form) -> None:
    """It says from which file it was filled, how many figures are doubtful, and to compare; not that it returns."""
    salvaged = salvage(doubtful_report(form, filing(form, 7)), (form,))
    name, said = first_sheet(salvaged, "年报 终稿.doc")
    assert name == TO_CONFIRM
    assert "从文件“年报 终稿.doc”读出填写" in said
    assert "没有把握（写成“待核……”并标色） 1 个" in said
    assert "请对照原件核对" in said
    assert "退回" not in said


def test_where_nothing_is_doubtful(form: Form) -> None:
    """Nothing is said of coloured cells; the figures are to be compared all the same."""
    salvaged = salvage(read_document(write_word(form, filing(form))), (form,))
    said = first_sheet(salvaged)[1]
    assert f"应填 {len(form.inputs)} 个数：有把握 {len(form.inputs)} 个。请对照原件核对" in said


def test_handed_in_it_is_like_any_other(form: Form) -> None:
    """The sheet is passed over when the workbook is read."""
    salvaged = salvage(read_document(write_word(form, filing(form))), (form,))
    returned = read_filing(to_confirm(salvaged, source="年报.docx"), lambda _: form)
    assert returned.findings == ()
    assert returned.filing.values == salvaged.filing.values


def test_the_command_speaks_of_what_there_is(xltool: Xltool, tmp_path: Path, form: Form) -> None:
    """Where nothing is doubtful, there is no coloured cell to look at."""
    said = xltool("salvage", put(tmp_path / "年报.docx", write_word(form, filing(form))), "-o", "out")
    assert "存疑 0" in said.out
    assert "下一步：对照原件核对；再用 xltool check 核对。" in said.out
    assert "待核”" not in said.out
    (made,) = (tmp_path / "out").iterdir()
    assert "文件“年报.docx”" in str(load_workbook(made).worksheets[0]["A2"].value)

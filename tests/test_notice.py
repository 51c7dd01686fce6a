"""退回修改通知: one page that says what to correct until when."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document

from tests.programs import pdf
from tests.programs.libreoffice import Office
from tests.programs.validator import Validator
from xltool.check.finding import Finding, made
from xltool.figure import FigureId
from xltool.form import Form
from xltool.report import word_styles
from xltool.report.word_notice import write_notice

OFFICE, UNIT = "宁安县人民政府办公室", "宁安县教育局"
DEADLINE, ON = date(2025, 1, 20), date(2025, 1, 3)
LONG = "宁安朝鲜族自治县人民政府办公室（宁安朝鲜族自治县人民政府外事办公室、宁安朝鲜族自治县政务公开领导小组办公室）"


def errors(count: int) -> list[Finding]:
    figures = [FigureId("t2", "documents", f"c{number}") for number in range(count)]
    return [
        made("T02", "表二", f"C{number}", "行政规范性文件 · 本年废止件数", (figure,), quoted=f"约{number}",
             expected="不小于 0 的整数", action="请改填数字，没有发生的填 0。")
        for number, figure in enumerate(figures, start=1)
    ]  # fmt: skip


def doubts(count: int) -> list[Finding]:
    return [
        made("T05", "表三", f"D{number}", "一、本年新收 · 自然人", key=f"T05.t3.{number}", quoted=str(45300 + number),
             looks="日期（Excel 的日期序号）", expected="不小于 0 的整数")
        for number in range(1, count + 1)
    ]  # fmt: skip


def notice(form: Form, findings: list[Finding], unit: str = UNIT, office: str = OFFICE) -> bytes:
    return write_notice(form, office, unit, 2024, 1, findings, DEADLINE, ON)


def opened(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def paragraphs(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(data).paragraphs]


def rows(data: bytes) -> list[list[str]]:
    """The list: a heading gives one cell, a correction three."""
    return [list(dict.fromkeys(cell.text for cell in row.cells)) for row in opened(data).tables[0].rows]


def test_it_says_who_what_and_until_when(form: Form) -> None:
    """Title, addressee, reason with the counts, deadline, office and date."""
    title, addressee, opening, closing, office, day = paragraphs(notice(form, errors(2) + doubts(1)))
    assert title.split("\n") == ["2024年政府信息公开工作年度报告", "退回修改通知"]
    assert addressee == "宁安县教育局："
    assert "第1次交来" in opening
    assert "有2处错误、1处需要核实" in opening
    assert "2025年1月20日前交回" in opening
    assert "退回修改清单" in closing
    assert (office, day) == (OFFICE, "2025年1月3日")


def test_errors_and_doubts_stand_apart(form: Form) -> None:
    """Numbered through, errors first, each kind under its heading, with place, fact and what to do."""
    found = rows(notice(form, doubts(1) + errors(2)))
    assert found[0] == ["错误：2处，必须改正"]
    assert [row[0] for row in found[1:3]] == ["1", "2"]
    assert found[1][1] == "表二 C1（行政规范性文件 · 本年废止件数）"
    assert found[1][2] == "填的是“约1”，应为不小于 0 的整数。请改填数字，没有发生的填 0。"
    assert found[3] == ["核实：1处，请改正，或者写明原因"]
    assert found[4][0] == "3"
    assert "45301" in found[4][2]


def test_what_is_not_there_is_not_spoken_of(form: Form) -> None:
    """Without doubts nothing is said of reasons, without errors nothing of errors."""
    only_errors, only_doubts = notice(form, errors(1)), notice(form, doubts(1))
    assert "核实" not in "".join(paragraphs(only_errors)) + str(rows(only_errors))
    assert "错误" not in "".join(paragraphs(only_doubts)) + str(rows(only_doubts))
    assert ["请改正后于" in paragraphs(said)[2] for said in (only_errors, only_doubts)] == [True, False]
    assert "请核实后于2025年1月20日前交回" in paragraphs(only_doubts)[2]


def test_what_does_not_fit_is_counted(form: Form) -> None:
    """A long list is cut, and the last line says how many of each kind are left and where they stand."""
    found = rows(notice(form, errors(30) + doubts(7)))
    listed = sum(len(row) == 3 for row in found)
    assert 5 <= listed < 30
    assert found[-1] == [f"其余{30 - listed}处错误、7处需要核实，见退回的工作簿首页“退回修改清单”。"]


def test_it_uses_the_styles_of_the_report(form: Form) -> None:
    """An office that restyled its reports gets its notices in the same styles."""
    document = opened(notice(form, errors(1)))
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style is not None]
    assert styles == ["Title", *[word_styles.BODY] * 3, word_styles.SIGNATURE, word_styles.SIGNATURE]
    assert document.core_properties.author == OFFICE


def test_equal_input_gives_equal_bytes(form: Form) -> None:
    """A run that is repeated writes nothing new."""
    assert notice(form, errors(3)) == notice(form, errors(3))


def test_foreign_text_is_text(form: Form) -> None:
    """Angle brackets and control characters in a unit's text do no harm."""
    finding = made("T02", "表二", "C1", quoted="<w:p>&\x01", expected="数", action="请改。")
    assert "<w:p>&" in rows(notice(form, [finding], unit="甲<乙>&局"))[1][2]


@pytest.mark.parametrize(("wrong", "doubtful"), [(1, 0), (0, 1), (8, 8), (60, 60)])
@pytest.mark.parametrize("name", [UNIT, LONG])
def test_it_is_one_page(form: Form, office: Office, tmp_path: Path, wrong: int, doubtful: int, name: str) -> None:
    """However much there is to say, and however long the names are."""
    path = tmp_path / "notice.docx"
    path.write_bytes(notice(form, errors(wrong) + doubts(doubtful), unit=name, office=name))
    text = pdf.text(office.to_pdf(path, tmp_path / "notice.pdf"))
    assert text.count("\f") == 1
    assert "2025 年 1 月 3 日" in text or "2025年1月3日" in text.replace(" ", "")


def test_it_is_a_valid_file(form: Form, validator: Validator, tmp_path: Path) -> None:
    """Microsoft's validator finds nothing in it."""
    path = tmp_path / "notice.docx"
    path.write_bytes(notice(form, errors(12) + doubts(3)))
    assert validator.problems([path]) == {path: []}

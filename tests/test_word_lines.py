"""xltool.report.word: numbers stay on one line of their cells, lines before an address are not stretched."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import pdfplumber
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from tests.programs.libreoffice import Office
from tests.programs.validator import Validator
from tests.test_word import EDITION, opened, sample
from xltool.definition import load_form
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report import word_styles
from xltool.report.view import TableView, build_view
from xltool.report.word import write_word

ADDRESS = "xinxigongkai@ningan.example.gov.cn"


def long_numbers(form: Form) -> Filing:
    """Numbers of one to nine digits in turns, nine in every table and group."""
    digits = ("123456789", "12345678", "1234567", "123456", "12345", "7")
    values = {f.id: Decimal(digits[place % len(digits)]) for place, f in enumerate(form.inputs)}
    return Filing(form.id, Unit("甲局"), 2024, values)


def sizes(document: Document) -> dict[tuple[int, int], set[float | None]]:
    """Sizes of the figures' own, by the table's columns and the number of digits."""
    found: dict[tuple[int, int], set[float | None]] = {}
    for table in document.tables:
        for cell in (cell for row in table.rows for cell in row.cells if cell.text.isdecimal()):
            (run,) = cell.paragraphs[0].runs
            own = run.font.size.pt if run.font.size is not None else None
            found.setdefault((len(table.columns), len(cell.text)), set()).add(own)
    return found


def test_a_number_too_long_for_its_cell_is_set_smaller(form: Form) -> None:
    """Only such a number, and only as much as it needs; all others keep the size of the style."""
    found = sizes(opened(write_word(form, long_numbers(form))))
    assert {digits: found[10, digits] for digits in (5, 6, 7, 8, 9)} == {5: {None}, 6: {9.5}, 7: {8}, 8: {7}, 9: {6.5}}
    assert {digits: found[15, digits] for digits in (1, 9)} == {1: {None}, 9: {6}}
    assert all(own == {None} for (columns, _), own in found.items() if columns == 4)
    assert all(own == {None} for own in sizes(opened(write_word(form, sample("suqian-2024")))).values())


def test_an_offices_own_size_counts(tmp_path: Path) -> None:
    """With larger figures in report.docx, numbers are made smaller sooner."""
    restyled = docx.Document(str(EDITION / "report.docx"))
    restyled.styles[word_styles.TABLE_VALUE].font.size = Pt(14)
    restyled.save(str(tmp_path / "report.docx"))
    (tmp_path / "form.yaml").write_bytes((EDITION / "form.yaml").read_bytes())
    form = load_form(tmp_path)
    found = sizes(opened(write_word(form, long_numbers(form))))
    assert (found[10, 1], found[10, 5], found[10, 9]) == ({None}, {11.5}, {6.5})


@pytest.mark.parametrize(
    ("text", "stretched"),
    [
        ("电话：0500-87222222，邮编223100。", True),
        ("采用HTML5、PDF/A与WeChat等形式，同比增长12.55%，计1,234,567件。", True),
        (f"邮箱：{ADDRESS}。", False),
        (f"（一）渠道。邮箱：{ADDRESS}。", False),
        (f"1.邮箱：{ADDRESS}。", False),
        ("（1）网址：www.ningan.gov.cn。", False),
    ],
)
def test_a_line_before_an_address_is_not_stretched(form: Form, text: str, stretched: bool) -> None:
    """A paragraph with a word that Word cannot break is not justified; the others are, as the style says."""
    part = form.sections[-1].parts[-1].id
    for after in ("", "\n末段。"):
        said = Filing(form.id, Unit("甲局"), 2024, texts={part: text + after})
        (found,) = [p for p in opened(write_word(form, said)).paragraphs if p.text == text]
        assert found.alignment == (None if stretched else WD_ALIGN_PARAGRAPH.LEFT)
        assert bool(found.paragraph_format.keep_with_next) is not bool(after)


def written(form: Form, folder: Path) -> Path:
    """A report with long numbers and an address as a file."""
    path = folder / "long.docx"
    path.write_bytes(write_word(form, replace(long_numbers(form), texts={form.text_ids[0]: f"邮箱：{ADDRESS}"})))
    return path


def test_microsofts_validator_has_nothing_to_say(form: Form, validator: Validator, tmp_path: Path) -> None:
    """Smaller figures and paragraphs flush left are valid after Microsoft's Open XML SDK."""
    path = written(form, tmp_path)
    assert validator.problems([path]) == {path: []}


def test_long_numbers_stand_on_one_line(form: Form, office: Office, tmp_path: Path) -> None:
    """As printed: each figure is one word in its cell, and table 3 stays on its page."""
    path = written(form, tmp_path)
    said = build_view(form, long_numbers(form))
    tables = [block for section in said.sections for block in section.blocks if isinstance(block, TableView)]
    long = Counter(text for table in tables for text in table.values.values() if len(text) > 5)
    with pdfplumber.open(office.to_pdf(path, tmp_path / "long.pdf")) as printed:
        cells = [page.filter(lambda drawn: drawn.get("size", 0) < 11) for page in printed.pages]
        words = Counter(word["text"] for page in cells for word in page.extract_words(x_tolerance=0.5))
        rows = [page.extract_text() for page in printed.pages]
    assert {text: words[text] for text in long} == long
    (page,) = [text for text in rows if "一、本年新收政府信息公开申请数量" in text]
    assert "四、结转下年度继续办理" in page

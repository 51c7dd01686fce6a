"""What the unit explains that has no row of its own: where to write it, and under which number."""

from __future__ import annotations

import io

import openpyxl

from tests.fills import all_zero
from tests.workbook.reading import FORM, read
from xltool.check.finding import made
from xltool.filing import Filing, Unit
from xltool.workbook.layout.addresses import CHECKS, CORRECTIONS
from xltool.workbook.layout.marking import CORRECTION_HEADERS
from xltool.workbook.marked import marked_copy
from xltool.workbook.writer import write_workbook

UNIT = Unit("宁安区教育局", "311", "部门")
FILING = Filing(FORM.id, UNIT, 2024, all_zero(FORM), texts=dict.fromkeys(FORM.text_ids, "已按要求办理。"))
KEYS = [f"T05.t2.x{number}.decisions" for number in range(19)]
COPY = marked_copy(FORM, FILING, [made("T05", key=key, quoted="", looks="", expected="") for key in KEYS])


def test_nineteen_questions_have_nineteen_lines() -> None:
    """Every line of the list leads to a cell of its own, where its number stands already."""
    book = openpyxl.load_workbook(io.BytesIO(COPY))
    rows = list(book[CORRECTIONS].iter_rows(min_row=7, max_row=6 + len(KEYS)))
    column = CORRECTION_HEADERS.index("原因写在")
    links = [row[column].hyperlink for row in rows]
    cells = [str(link.location).rpartition("!")[2] for link in links if link is not None]
    assert len(set(cells)) == len(KEYS)
    numbers = [book[CHECKS].cell(book[CHECKS][cell].row, 1).value for cell in cells]
    assert numbers == KEYS


def test_the_list_shows_the_numbers() -> None:
    """Who has to write a number sees it in the list."""
    sheet = openpyxl.load_workbook(io.BytesIO(COPY))[CORRECTIONS]
    column = CORRECTION_HEADERS.index("编号") + 1
    assert [sheet.cell(7 + index, column).value for index in range(len(KEYS))] == KEYS


def test_all_of_them_are_read_back() -> None:
    """Reasons written in the lines count, all of them."""
    reasons = dict.fromkeys(KEYS, "统计口径如此")
    filing = Filing(FORM.id, UNIT, 2024, all_zero(FORM), explanations=reasons)
    assert read(write_workbook(FORM, filing)).filing.explanations == reasons


def test_lists_of_earlier_versions_are_still_passed_over() -> None:
    """A copy handed out before the list had its last column comes back without a word about the list."""
    book = openpyxl.load_workbook(io.BytesIO(COPY))
    for row in book[CORRECTIONS].iter_rows(min_col=len(CORRECTION_HEADERS), max_col=len(CORRECTION_HEADERS)):
        if row[0].value is not None:
            row[0].value = None
    target = io.BytesIO()
    book.save(target)
    assert not [finding for finding in read(target.getvalue()).findings if finding.code == "W11"]


def test_what_goes_back_about_the_cover_leads_to_its_cell() -> None:
    """A question about one field of the cover leads to the field, not to the corner of the sheet."""
    field = FORM.cover[-1]
    due = [made("S22", "封面", "C25", field.label, quoted="2026年1月20日", why="", limit="")]
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(FORM, FILING, due)))
    link = book[CORRECTIONS].cell(7, 3).hyperlink
    assert link is not None
    row = int(str(link.location).rpartition("C")[2])
    assert book["封面"].cell(row, 2).value == field.label

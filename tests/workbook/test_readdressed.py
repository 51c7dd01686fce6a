"""Where rows were inserted, findings that go back name the cells of the copy that goes with them."""

from __future__ import annotations

import io

import openpyxl

from tests.fills import all_zero
from tests.workbook.reading import FORM, read
from xltool.check.filing import examine
from xltool.check.finding import Finding
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.workbook.layout import make_layout
from xltool.workbook.readdressed import as_drawn_anew
from xltool.workbook.reader import Returned
from xltool.workbook.writer import write_workbook

T3 = FORM.section_of("t3").sheet
NEW, CARRIED = FigureId("t3", "r1", "natural"), FigureId("t3", "r2", "natural")
LAYOUT = make_layout(FORM, 2024, has_prior=False)
TEXTS = dict.fromkeys(FORM.text_ids, "已按要求办理。")


def cell(figure: FigureId) -> str:
    return LAYOUT.figures[figure].area.place.cell


def with_a_row_inserted(*blank: FigureId, label: str = "") -> Returned:
    """A workbook in which a row was inserted above the table of 表三, and these figures are blank."""
    values = {figure: value for figure, value in all_zero(FORM).items() if figure not in blank}
    filing = Filing(FORM.id, Unit("宁安区教育局"), 2024, values | {} if blank else values, texts=TEXTS)
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(FORM, filing)))
    if label:
        book[T3]["A3"] = label
    book[T3].insert_rows(2)
    for merged in list(book[T3].merged_cells.ranges):
        if merged.min_row >= 2:
            merged.shift(row_shift=1)
    target = io.BytesIO()
    book.save(target)
    return read(target.getvalue())


def found(returned: Returned) -> tuple[Finding, ...]:
    return (*returned.findings, *examine(FORM, returned.filing).findings)


def test_blank_cells_are_those_of_the_copy() -> None:
    """Place and list of the cells left blank are where the copy has them, one row above where the file has them."""
    returned = with_a_row_inserted(NEW, CARRIED)
    before = next(finding for finding in found(returned) if finding.code == "T01")
    after = next(f for f in as_drawn_anew(FORM, returned.filing, found(returned)) if f.code == "T01")
    assert before.cell != cell(NEW)
    assert (after.sheet, after.cell) == (T3, cell(NEW))
    assert after.facts["cells"] == f"{cell(NEW)}、{cell(CARRIED)}"
    assert f"没有填：{cell(NEW)}、{cell(CARRIED)}" in after.said


def test_a_changed_label_is_where_it_is_drawn() -> None:
    """A locked text that was changed stands where the copy has it."""
    returned = with_a_row_inserted(label="空白的都是零")
    (before,) = (finding for finding in returned.findings if finding.code == "W10")
    (after,) = (f for f in as_drawn_anew(FORM, returned.filing, returned.findings) if f.code == "W10")
    assert (before.cell, after.cell) == ("A4", "A3")


def test_cells_named_in_a_sentence_move_too() -> None:
    """A sentence that names a cell with its sheet names the copy's; what is no cell of a figure is left alone."""
    returned = with_a_row_inserted(NEW)
    there = returned.filing.sources[NEW]
    finding = Finding(**{**found(returned)[0].__dict__, "code": "N01", "said": f"{there} 是 8，{T3} A1 不是；A10"})
    (after,) = as_drawn_anew(FORM, returned.filing, [finding])
    assert after.said == f"{T3} {cell(NEW)} 是 8，{T3} A1 不是；A10"


def test_what_stands_as_drawn_is_left_as_it_is() -> None:
    """Nothing is changed where nothing moved."""
    values = {figure: value for figure, value in all_zero(FORM).items() if figure != NEW}
    returned = read(write_workbook(FORM, Filing(FORM.id, Unit("宁安区教育局"), 2024, values)))
    assert as_drawn_anew(FORM, returned.filing, found(returned)) == list(found(returned))

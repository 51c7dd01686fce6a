"""Blanks are filled into a skeleton drawn once: the result is what drawing the whole workbook gives."""

from __future__ import annotations

import io
import zipfile

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.fills import priors, units, whole_workbooks
from tests.workbook.reading import FORM
from xltool.filing import Filing, Unit
from xltool.workbook.layout import Fixed, make_layout
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.writer import blank_filing, write_workbook

# Equal texts are stored once. Where a unit is called like something else in the workbook, drawing it whole finds
# that out and the skeleton does not: the same cells, other bytes.
STORED = {(cell.text + cell.note).lower() for cell in make_layout(FORM, 2024, True).cells() if isinstance(cell, Fixed)}


def parts(data: bytes) -> dict[str, bytes]:
    """The members of a ZIP file, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


@whole_workbooks(40)
@given(st.data())
def test_a_filled_skeleton_is_a_drawn_workbook(data: st.DataObject) -> None:
    """For any unit, with and without last year's figures, every part is the same, byte for byte."""
    unit = data.draw(units(FORM))
    said = [text.lower() for text in (unit.name, unit.code, unit.type) if text]
    assume(len(set(said)) == len(said) and not STORED & set(said))
    prior = data.draw(priors(FORM, Filing(FORM.id, unit, 2024)))
    issue = data.draw(st.integers(1, 3))
    filled = parts(blank_workbook(FORM, unit, 2024, prior, issue))
    drawn = parts(write_workbook(FORM, blank_filing(FORM, unit, 2024), prior, issue))
    assert list(filled) == list(drawn)
    assert [name for name in filled if filled[name] != drawn[name]] == []


def test_equal_input_gives_equal_bytes() -> None:
    """Neither time nor chance is in a blank: it can be compared, and issued again."""
    unit = Unit("宁安区教育局", "640101", "部门", {"permits": True})
    assert blank_workbook(FORM, unit, 2024) == blank_workbook(FORM, unit, 2024)
    filing = Filing(FORM.id, unit, 2024, texts={"s1.lead": "全年"})
    assert write_workbook(FORM, filing) == write_workbook(FORM, filing)


def test_filling_one_unit_leaves_no_trace_in_the_next() -> None:
    """The skeleton is not changed by what is filled into it."""
    first = blank_workbook(FORM, Unit("甲局"), 2024)
    blank_workbook(FORM, Unit("乙局", "002", "市级政府", {"permits": True}), 2024, issue=4)
    assert blank_workbook(FORM, Unit("甲局"), 2024) == first
    assert b"\xe4\xb9\x99\xe5\xb1\x80" not in b"".join(parts(first).values())

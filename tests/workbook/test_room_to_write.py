"""The boxes for texts: what a unit may write is seen without making rows higher."""

from __future__ import annotations

import pytest

from tests.workbook.reading import FORM
from xltool.form import Part
from xltool.workbook.layout import make_layout
from xltool.workbook.layout.model import height_needed

LAYOUT = make_layout(FORM, 2024, has_prior=False)
PARTS = [part for section in FORM.sections for part in section.parts]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_a_text_as_long_as_it_may_be_in_six_paragraphs(part: Part) -> None:
    """All of its lines are in the box: rows of a merged cell do not grow by themselves."""
    cell = LAYOUT.inputs[part.id]
    sheet = next(sheet for sheet in LAYOUT.sheets if sheet.name == cell.area.place.sheet)
    width = sum(sheet.widths[cell.area.place.column : cell.area.last.column + 1])
    room = sum(sheet.heights[row] for row in range(cell.area.place.row, cell.area.last.row + 1))
    text = "\n".join(["字" * (part.limit // 6)] * 6)
    assert height_needed(text, width) <= room

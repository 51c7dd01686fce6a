"""Places that units and the office are told: cells of the copy that goes back, the box a text stands in."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.campaign.making import EDUCATION, campaign_in, filing, take_one, the_form
from tests.test_cli import Xltool, xltool
from xltool.campaign.returning import return_units
from xltool.figure import FigureId
from xltool.workbook.layout import make_layout
from xltool.workbook.writer import write_workbook

__all__ = ["xltool"]

FORM = the_form()
T3 = FORM.section_of("t3").sheet
NEW = FigureId("t3", "r1", "natural")
SECTION = FORM.sections[0]
BOX = next(part for part in SECTION.parts if part.draft is None and not part.optional)


def with_a_row_inserted() -> bytes:
    """A workbook with a text where a number is due, on a sheet with one row more."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(FORM, filing(EDUCATION, unread={NEW: "无"}))))
    sheet = book[T3]
    for merged in list(sheet.merged_cells.ranges):
        merged.shift(row_shift=1)
    sheet.insert_rows(1)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_notice_names_the_cells_of_the_copy(tmp_path: Path) -> None:
    """A row was inserted: notice and list of the copy agree on the cell, which is the copy's."""
    campaign = campaign_in(tmp_path / "2024")
    assert take_one(campaign, tmp_path / "a.xlsx", with_a_row_inserted()).unit == EDUCATION
    place = make_layout(FORM, 2024, False).figures[NEW].area.place
    submission = campaign.store.latest()[EDUCATION]
    assert [f.cell for f in submission.findings if f.code == "T02"] == [f"{place.cell[0]}{place.row + 2}"]
    (line,) = return_units(campaign)
    assert line.notice is not None
    assert line.workbook is not None
    notice = "\n".join(c.text for t in docx.Document(str(line.notice)).tables for row in t.rows for c in row.cells)
    assert f"{T3} {place.cell}" in notice
    listed = openpyxl.load_workbook(line.workbook).worksheets[0].cell(7, 3).value
    assert listed == f"{T3} {place.cell}"


def test_a_date_on_the_cover_has_its_cell(xltool: Xltool, tmp_path: Path) -> None:
    """`xltool check` names the cell of the date that it doubts."""
    texts = dict(filing(EDUCATION).texts) | {"cover.date": "2025年12月20日"}
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook(FORM, replace(filing(EDUCATION), texts=texts)))
    place = make_layout(FORM, 2024, False).inputs["cover.date"].area.place
    assert f"核实 {place.cell} （填报日期）" in xltool("check", path).out


def test_history_names_the_box(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of the boxes of a sheet a text finding is about."""
    campaign = campaign_in(tmp_path / "2024")
    texts = {key: text for key, text in filing(EDUCATION).texts.items() if key != BOX.id}
    take_one(campaign, tmp_path / "a.xlsx", write_workbook(FORM, replace(filing(EDUCATION), texts=texts)))
    monkeypatch.chdir(tmp_path / "2024")
    said = xltool("history", EDUCATION).out
    assert f"{SECTION.sheet}（{BOX.title}）" in said

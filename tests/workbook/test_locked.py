"""What is locked and was changed all the same is told: the cover, last year's figures; a sheet that is gone."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest

from tests.fills import all_zero
from tests.workbook.reading import FORM, codes, read
from xltool.errors import FileRefused
from xltool.filing import Filing, Unit
from xltool.workbook.layout.addresses import COVER, PRIOR
from xltool.workbook.reader import Returned
from xltool.workbook.writer import write_workbook

UNIT = Unit("云溪县水务局", "311", "部门")
FILLED = write_workbook(FORM, Filing(FORM.id, UNIT, 2024, all_zero(FORM)), Filing(FORM.id, UNIT, 2023, all_zero(FORM)))


def changed(change: Callable[[openpyxl.Workbook], None]) -> Returned:
    book = openpyxl.load_workbook(io.BytesIO(FILLED))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return read(target.getvalue())


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("B2", f"云溪县教育局2024年{FORM.title}"),
        ("B2", f"云溪县水务局2023年{FORM.title}"),
        ("B2", None),
        ("C6", "999"),
        ("E6", "县级政府"),
    ],
)
def test_what_is_printed_on_the_cover(cell: str, text: str | None) -> None:
    """Title, code and type of the unit are told like every other locked text: what stands there, what should."""

    def change(book: openpyxl.Workbook) -> None:
        book[COVER][cell] = text

    returned = changed(change)
    (finding,) = (finding for finding in returned.findings if finding.code == "W10")
    assert (finding.sheet, finding.cell) == (COVER, cell)
    assert f"写的是“{text or ''}”" in finding.said


def test_last_year_s_figures_on_their_sheet() -> None:
    """A figure of last year that was typed over is an error, though nothing is read from that sheet."""

    def change(book: openpyxl.Workbook) -> None:
        book[PRIOR]["D11"], book[PRIOR]["D12"] = 70, "八十"

    returned = changed(change)
    (finding,) = (finding for finding in returned.findings if finding.code == "W09")
    assert (finding.sheet, finding.cell, str(finding.level)) == (PRIOR, "D11", "错误")
    assert "上年数写的是“70”，下发时是“0”等 2 处" in finding.said
    assert returned.prior is not None
    assert set(returned.prior.values.values()) == {0}


def test_the_same_figure_in_place_of_its_formula() -> None:
    """Whoever pastes values over the sheet changed nothing."""

    def change(book: openpyxl.Workbook) -> None:
        book[PRIOR]["D11"] = 0

    assert codes(changed(change)) == {}


def test_a_sheet_that_is_gone() -> None:
    """With last year's figures in the file, whose sheet has the labels of all tables, a missing sheet is missed."""
    name = FORM.section_of("t4").sheet

    def change(book: openpyxl.Workbook) -> None:
        del book[name]

    with pytest.raises(FileRefused, match=f"找不到工作表“{name}”"):
        changed(change)

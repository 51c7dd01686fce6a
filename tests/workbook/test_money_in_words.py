"""Amounts typed with 万 into a cell that asks for 万元: the hint names the amount that was meant."""

from __future__ import annotations

import pytest

from xltool.figure import FigureId
from xltool.form import Form
from xltool.spreadsheet.sheets import Cell
from xltool.workbook.entries import Entry, read_figure


def typed(form: Form, text: str, figure: str = "t2.fees.amount") -> Entry:
    return read_figure(Cell("s", text, None, False), form.figures[FigureId.parse(figure)], "表二", "B19", {})


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1.2万", "1.2"), ("4.2 万", "4.2"), ("约3万", "3"), ("一万", "1"), ("1.5亿", "15000"), ("12000元", "1.2")],
)
def test_ten_thousands_are_the_unit(form: Form, text: str, meant: str) -> None:
    """1.2万 means 1.2（万元）: it is never taken, and the hint is not 12000, which would be ten thousand times it."""
    entry = typed(form, text)
    assert entry.value is None
    assert f"如果是 {meant}（万元），请只填数字 {meant}。" in entry.findings[0].said


def test_the_unit_itself_is_no_scale(form: Form) -> None:
    """1.2万元 is read as 1.2, with a word about the unit that stands beside it."""
    entry = typed(form, "1.2万元")
    assert (str(entry.value), [finding.code for finding in entry.findings]) == ("1.2", ["T03"])


def test_counts_are_scaled_as_they_are_written(form: Form) -> None:
    """In a cell that asks for a count 1.2万 means 12000."""
    assert "如果是 12000，请只填数字 12000。" in typed(form, "1.2万", "t2.permits.decisions").findings[0].said

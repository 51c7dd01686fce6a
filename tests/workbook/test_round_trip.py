"""Writing a filing into a workbook and reading it back changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fills import all_zero, filings, fill, priors, units, whole_workbooks
from tests.workbook.reading import FORM, read
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.writer import WorkbookNotWritten, write_workbook

UNIT = Unit("宁安区教育局")


@whole_workbooks(40)
@given(st.data())
def test_any_filing_comes_back(data: st.DataObject) -> None:
    """Figures, texts, declarations, explanations, unit and last year's figures are what was written."""
    filing = data.draw(filings(FORM))
    prior = data.draw(priors(FORM, filing))
    returned = read(write_workbook(FORM, filing, prior))
    assert returned.filing == filing
    assert returned.prior == prior
    assert [finding.code for finding in returned.findings] == ["T02"] * len(filing.unread)


@whole_workbooks(40)
@given(st.data())
def test_blanks_say_whose_they_are(data: st.DataObject) -> None:
    """A blank made from the skeleton carries unit, year, issue and last year's figures, and nothing else."""
    unit = data.draw(units(FORM))
    empty = Filing(FORM.id, unit, data.draw(st.sampled_from((2021, 2024))))
    prior, issue = data.draw(priors(FORM, empty)), data.draw(st.integers(1, 9))
    returned = read(blank_workbook(FORM, unit, empty.year, prior, issue))
    assert (returned.filing, returned.prior, returned.identity.issue) == (empty, prior, issue)
    assert returned.findings == ()


def test_a_table_comes_back() -> None:
    """Zeros stay zeros, blanks stay blanks, decimals stay as typed."""
    values = fill(
        FORM,
        "t3",
        """
            自然人  商业企业  research
        r1    12       3        .
        r2     0       .        0
        r4   2.5       0  1573179
        """,
    )
    values |= fill(FORM, "t2", "amount\nfees 72701.257801")
    values |= fill(FORM, "s6", "requests amount\nfee 3 2230.05")
    assert values[FigureId("t3", "r4", "natural")] == Decimal("2.5")
    filing = Filing(FORM.id, UNIT, 2024, values)
    assert read(write_workbook(FORM, filing)).filing.values == values


def test_declared_zeros_of_last_year_come_back_as_figures() -> None:
    """What last year's blank cells were declared to be is seeded as a number."""
    prior = Filing(FORM.id, UNIT, 2023, {}, frozenset({"t4"}))
    returned = read(write_workbook(FORM, Filing(FORM.id, UNIT, 2024), prior))
    assert returned.prior is not None
    assert returned.prior.values == all_zero(FORM, "t4")
    assert returned.findings == ()


def test_last_year_without_a_figure_is_no_last_year() -> None:
    """A prior filing in which nothing is said leads to no contradiction on return."""
    returned = read(write_workbook(FORM, Filing(FORM.id, UNIT, 2024), Filing(FORM.id, UNIT, 2023)))
    assert returned.prior is None
    assert returned.findings == ()


def test_explanations_of_anything_else_have_lines_of_their_own() -> None:
    """Findings without a row of their own are explained below the list, as many as there are lines; not dropped."""
    error = next(check.key for check in FORM.checks if check.code == "A03")
    explanations = {"S01.s1": "重点工作多", error: "上级文件如此", "T05.t2.permits.decisions": "确为 2024 件"}
    filing = Filing(FORM.id, UNIT, 2024, explanations=explanations)
    assert read(write_workbook(FORM, filing)).filing.explanations == explanations
    many = {f"T05.{index}": "属实" for index in range(OTHER_EXPLANATIONS + 1)}
    with pytest.raises(WorkbookNotWritten, match="其他说明"):
        write_workbook(FORM, Filing(FORM.id, UNIT, 2024, explanations=many))


def test_line_ends_of_windows_become_plain_ones() -> None:
    """Texts from Windows files come back with the line ends that every spreadsheet uses."""
    filing = Filing(FORM.id, UNIT, 2024, texts={"s1.disclosure": "第一段\r\n第二段\r第三段"})
    assert read(write_workbook(FORM, filing)).filing.texts == {"s1.disclosure": "第一段\n第二段\n第三段"}

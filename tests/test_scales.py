"""Amounts beyond the scale of a type of unit: declared in the form, asked about as T09."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.fills import all_zero
from xltool.check.filing import check_filing
from xltool.check.finding import Finding
from xltool.definition import form_by_id, parse_form
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form, Level
from xltool.shelf import editions_folder

FEES = FigureId("t2", "fees", "amount")
PERMITS = FigureId("t2", "permits", "decisions")


def asked(form: Form, kind: str | None, shown: dict[FigureId, str], **explained: str) -> list[Finding]:
    """The T09 of a filing that is 0 but for the figures shown."""
    values = {**all_zero(form), **{figure: Decimal(number) for figure, number in shown.items()}}
    filing = Filing(form.id, Unit("某单位", type=kind), 2024, values, explanations=explained)
    return [finding for finding in check_filing(form, filing) if finding.code == "T09"]


@pytest.mark.parametrize(
    ("kind", "amount", "is_asked"),
    [
        ("乡镇街道", "500", False),
        ("乡镇街道", "500.000001", True),
        ("乡镇街道", "38500", True),
        ("事业单位", "38500", True),
        ("部门", "38500", False),
        ("部门", "50000.01", True),
        ("县级政府", "300001", True),
        ("市级政府", "72701.2578", False),
        (None, "99999999", False),
        ("学校", "99999999", False),
        ("乡镇街道", "-501", False),
        ("乡镇街道", "1e300", False),
    ],
)
def test_what_is_beyond_the_scale_is_asked_about(form: Form, kind: str | None, amount: str, is_asked: bool) -> None:
    """Above the amount of its type a unit is asked; a type without one, or a figure that is none, is not."""
    assert bool(asked(form, kind, {FEES: amount})) is is_asked


def test_the_question_says_what_was_probably_meant(form: Form) -> None:
    """Read as 元 the amount is given in 万元; an explanation closes the question."""
    (found,) = asked(form, "乡镇街道", {FEES: "38500"})
    assert (found.key, found.level, found.is_open) == ("T09.t2.fees.amount", Level.VERIFY, True)
    assert found.said == (
        "填的是 38500 万元，超出乡镇街道一般的 500 万元，若是按“元”填写的，应为 3.85 万元。"
        "请核对计量单位和位数；确实如此的，请写明。"
    )
    (explained,) = asked(form, "乡镇街道", {FEES: "38500"}, **{"T09.t2.fees.amount": "确有其事。"})
    assert not explained.is_open


def test_a_count_has_a_scale_but_no_other_unit() -> None:
    """Scales are declared for any figure that people fill in; only 万元 can have been 元."""
    text = (editions_folder() / "gkbg-2021" / "form.yaml").read_text("utf-8")
    form = parse_form(text.replace("  scales:\n", "  scales:\n    t2.permits.decisions: {乡镇街道: 100}\n"))
    assert form.scale_of(PERMITS, "乡镇街道") == 100
    assert form.scale_of(PERMITS, "部门") is None
    (found,) = asked(form, "乡镇街道", {PERMITS: "101"})
    assert found.said == "填的是 101 件，超出乡镇街道一般的 100 件。请核对计量单位和位数；确实如此的，请写明。"


def test_a_form_may_do_without() -> None:
    """Without ``scales`` nobody is asked."""
    text = (editions_folder() / "gkbg-2021" / "form.yaml").read_text("utf-8")
    before, _, behind = text.partition("  scales:\n")
    form = parse_form(before + behind.partition("\n")[2])
    assert form.scales == {}
    assert asked(form, "乡镇街道", {FEES: "38500"}) == []


def test_the_edition_in_force_has_scales() -> None:
    """Fees, by the types of units whose scale is known."""
    form = form_by_id("gkbg-2021")
    assert form is not None
    assert set(form.scales) == {FEES}
    assert set(form.scales[FEES]) <= set(form.unit_types)

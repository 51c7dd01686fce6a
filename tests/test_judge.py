"""xltool.check.judge: what every figure is, and the verdict of each declared check."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fills import all_zero, filings, fill, priors
from xltool.check.judge import Outcome, State, amounts, judge, ledger, state
from xltool.definition import load_form
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form

VILLAGE = load_form(Path(__file__).parent / "forms" / "village-9")
Figures = dict[FigureId, Decimal]


def figures(shown: str) -> Figures:
    """``meet.men.spring 3, aid.aid.sum 0``"""
    pairs = (pair.split() for pair in shown.split(",") if pair.strip())
    return {FigureId.parse(name): Decimal(number) for name, number in pairs}


def said(shown: str, declared: str = "", stated: str = "") -> Filing:
    zeros = frozenset(declared.split())
    return Filing(VILLAGE.id, Unit("柳树村"), 2025, figures(shown), zeros, stated=figures(stated))


def judged(key: str, now: Filing, prior: Filing | None = None, explanation: str = "") -> str:
    judgement = next(j for j in judge(VILLAGE, ledger(VILLAGE, now, prior)) if j.check.key == key)
    return f"{judgement.outcome} {state(judgement, explanation)}"


CASES = [
    # check, filled in, last year, explanation, outcome and word
    ("M02.spring", "meet.passed.spring 1, meet.raised.spring 2", None, "", "通过 通过"),
    ("M02.spring", "meet.passed.spring 2, meet.raised.spring 2", None, "", "通过 通过"),
    ("M02.spring", "meet.passed.spring 3, meet.raised.spring 2", None, "", "不符 不符"),
    ("M02.spring", "meet.passed.spring 3, meet.raised.spring 2", None, "有缘故", "不符 不符"),
    ("M02.spring", "meet.passed.spring 3", None, "", "未填全 未填全"),
    ("M02.spring", "", None, "", "未填全 未填全"),
    # the condition decides first; what the rule then compares may be blank
    ("M03.spring", "meet.held.spring 0", None, "", "通过 通过"),
    ("M03.spring", "meet.held.spring 1", None, "", "未填全 未填全"),
    ("M03.spring", "meet.men.spring 0, meet.women.spring 0", None, "", "未填全 未填全"),
    ("M03.spring", "meet.held.spring 1, meet.men.spring 0, meet.women.spring 0", None, "", "不符 待说明"),
    ("M03.spring", "meet.held.spring 1, meet.men.spring 0, meet.women.spring 0", None, "没签到", "不符 已说明"),
    ("M03.spring", "meet.held.spring 1, meet.men.spring 0, meet.women.spring 0", None, " \n", "不符 待说明"),
    ("M03.spring", "meet.held.spring 1, meet.men.spring 2, meet.women.spring 0", None, "", "通过 通过"),
    # last year's figures: missing altogether, missing in part, there
    ("C01.cash", "cash.cash.opening 5", None, "", "未填全 无上年数据"),
    ("C01.cash", "cash.cash.opening 5", "cash.bank.closing 5", "", "未填全 无上年数据"),
    ("C01.cash", "", "cash.cash.closing 5", "", "未填全 未填全"),
    ("C01.cash", "cash.cash.opening 5.00", "cash.cash.closing 5", "", "通过 通过"),
    ("C01.cash", "cash.cash.opening 5.01", "cash.cash.closing 5", "", "不符 待说明"),
    ("C01.all", "cash.cash.opening 5, cash.bank.opening 1", "cash.cash.closing 6", "", "未填全 无上年数据"),
    (
        "C01.all",
        "cash.cash.opening 5, cash.bank.opening 1",
        "cash.cash.closing 6, cash.bank.closing 0",
        "",
        "通过 通过",
    ),
    # what is asked is whether something was filled in: it can be judged, and what is to be done is to fill it in
    ("L02", "", None, "", "不符 未填全"),
    ("L02", "", None, "没有这笔钱", "不符 已说明"),
    ("L02", "aid.aid.sum 0", None, "", "通过 通过"),
    # hints and rules on trial never ask for anything
    ("Q01.land.paddy.plots", "land.paddy.plots 9", "land.paddy.plots 1", "", "不符 提示"),
    ("Q01.land.paddy.plots", "land.paddy.plots 2", "land.paddy.plots 1", "", "通过 通过"),
    ("Q01.land.paddy.plots", "land.paddy.plots 9", "land.paddy.plots 0", "", "通过 通过"),
    ("Q02", "land.paddy.plots 9", "land.paddy.plots 9", "", "未填全 无上年数据"),
]


@pytest.mark.parametrize(("key", "now", "before", "explanation", "expected"), CASES)
def test_a_verdict(key: str, now: str, before: str | None, explanation: str, expected: str) -> None:
    """The outcome, and the word the 校验 sheet shows for it; blank is never 0."""
    prior = None if before is None else said(before)
    assert judged(key, said(now), prior, explanation) == expected


@pytest.mark.parametrize(
    ("unit_type", "powers", "expected"),
    [
        (None, {}, "通过 通过"),
        ("学校", {}, "通过 通过"),
        ("行政村", {}, "通过 通过"),
        ("居委会", {}, "不符 不符"),
        ("居委会", {"company": True}, "通过 通过"),
        (None, {"company": False}, "不符 不符"),
        (None, {"forest": False}, "通过 通过"),
    ],
)
def test_powers(unit_type: str | None, powers: dict[str, bool], expected: str) -> None:
    """A rule about a power applies where the power is known, the unit's own word above its type's."""
    values = figures("cash.firms.count 1, cash.firms.amount 0")
    assert judged("C02", Filing(VILLAGE.id, Unit("某处", None, unit_type, powers), 2025, values)) == expected


def test_a_rule_on_trial_is_a_hint() -> None:
    """All figures as last year: a level of 错误, but on trial."""
    same = Filing(VILLAGE.id, Unit("柳树村"), 2025, all_zero(VILLAGE))
    assert judged("Q02", same, same) == "不符 提示"


def test_blank_is_not_zero_until_declared() -> None:
    """A blank has no amount; a declaration makes the blanks of its table 0, and only those."""
    now = said("cash.cash.opening 5", "cash")
    known = amounts(VILLAGE, now)
    assert known[FigureId("cash", "cash", "opening")] == 5
    assert known[FigureId("cash", "bank", "opening")] == 0
    assert known[FigureId("cash", "all", "opening")] == 5
    assert FigureId("meet", "held", "spring") not in known
    assert FigureId("meet", "held", "total") not in known


def test_what_cannot_be_read_is_not_blank() -> None:
    """A cell with a text in it is not made 0 by the declaration; its totals are unknown."""
    odd = FigureId("cash", "bank", "opening")
    known = amounts(VILLAGE, replace(said("", "cash"), unread={odd: "约5"}))
    assert odd not in known
    assert FigureId("cash", "all", "opening") not in known
    assert known[FigureId("cash", "all", "closing")] == 0


def test_totals_wait_for_their_operands() -> None:
    """A total is known when all it adds up is known, also where totals add up totals."""
    values = fill(VILLAGE, "meet", "  spring autumn other\n men 1 2 3\n women 4 5 .")
    known = amounts(VILLAGE, Filing(VILLAGE.id, Unit("柳树村"), 2025, values))
    assert known[FigureId("meet", "men", "total")] == 6
    assert known[FigureId("meet", "total", "autumn")] == 7
    for row, column in (("women", "total"), ("total", "other"), ("total", "total")):
        assert FigureId("meet", row, column) not in known


def test_totals_are_recomputed_never_read() -> None:
    """A value under a computed figure's id is not taken for the total."""
    now = said("meet.men.spring 1, meet.women.spring 2, meet.total.spring 99")
    assert amounts(VILLAGE, now)[FigureId("meet", "total", "spring")] == 3


def test_stated_totals_are_judged_apart() -> None:
    """A stated total is held against the sum; where none is stated there is nothing to hold against it."""
    filled = "meet.men.spring 1, meet.women.spring 2"
    assert judged("M01.spring", said(filled)) == "通过 通过"
    assert judged("M01.spring", said(filled, stated="meet.total.spring 3")) == "通过 通过"
    assert judged("M01.spring", said(filled, stated="meet.total.spring 4")) == "不符 不符"


def test_no_filing_no_figures() -> None:
    """Without last year's filing nothing is known of last year."""
    assert amounts(VILLAGE, None) == {}


def test_a_judgement_shows_both_sides() -> None:
    """Left, right and their difference, as far as they are known."""
    now = said("meet.passed.spring 3, meet.raised.spring 1")
    judgement = next(j for j in judge(VILLAGE, ledger(VILLAGE, now)) if j.check.key == "M02.spring")
    assert (judgement.left, judgement.right, judgement.gap) == (Decimal(3), Decimal(1), Decimal(2))
    assert judgement.condition is True
    blank = next(j for j in judge(VILLAGE, ledger(VILLAGE, said(""))) if j.check.key == "M02.spring")
    assert (blank.left, blank.right, blank.gap, blank.outcome) == (None, None, None, Outcome.INCOMPLETE)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_judging_never_fails(form: Form, data: st.DataObject) -> None:
    """Whatever was filled in, every check of the form has one of three outcomes and a word for it."""
    filing = data.draw(filings(form))
    judgements = judge(form, ledger(form, filing, data.draw(priors(form, filing))))
    assert len(judgements) == len(form.checks)
    for judgement in judgements:
        assert isinstance(state(judgement), State)
        unknown = judgement.left is None or judgement.right is None or judgement.condition is None
        assert (judgement.outcome is Outcome.INCOMPLETE) is (unknown and judgement.condition is not False)


def test_absurd_numbers_are_judged() -> None:
    """Numbers no one counts, as a spreadsheet may hold them, break nothing."""
    huge = said("meet.passed.spring 1e300, meet.raised.spring 1e-300, meet.men.spring -1e308")
    assert judged("M02.spring", huge) == "不符 不符"

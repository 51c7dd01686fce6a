"""xltool.check.hints: beside a broken sum, the slip of the hand that would explain it, and nothing where none does."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fills import all_zero, random_fill
from xltool.check.filing import check_filing, examine
from xltool.check.finding import Finding
from xltool.check.judge import Outcome
from xltool.definition import form_by_id, load_form
from xltool.expr.model import Operator
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form, Level

OFFICIAL = form_by_id("gkbg-2021")
assert OFFICIAL is not None
VILLAGE = load_form(Path(__file__).parent / "forms" / "village-9")
CODES = ("A90", "A91", "A92")

RIGHT = """
    t3.r1.natural 45   t3.r2.natural 3   t3.r3_1.natural 30   t3.r3_2.natural 11   t3.r4.natural 7
    t3.r2.charity 12   t3.r4.charity 12
    t3.r1.company 16   t3.r3_1.company 14   t3.r4.company 2
    t2.documents.made 4   t2.documents.repealed 1   t2.documents.in_force 83
"""
LAST_YEAR = "t3.r4.charity 12   t3.r4.natural 3   t2.documents.in_force 80"


def filing(form: Form, shown: str, **more: object) -> Filing:
    """All 0 but the figures shown, each ``id number``."""
    words = shown.split()
    pairs = {FigureId.parse(name): Decimal(number) for name, number in zip(words[::2], words[1::2], strict=True)}
    given_as = {"form": form.id, "unit": Unit("某局", type="部门"), "year": 2024, "values": {**all_zero(form), **pairs}}
    return Filing(**{**given_as, **more})  # type: ignore[arg-type]


def hints(shown: str, **more: object) -> list[Finding]:
    """The hints about RIGHT with some figures typed otherwise."""
    assert OFFICIAL is not None
    found = check_filing(OFFICIAL, filing(OFFICIAL, f"{RIGHT} {shown}", **more), filing(OFFICIAL, LAST_YEAR))
    return [finding for finding in found if finding.code in CODES]


def test_nothing_is_hinted_at_where_all_is_right() -> None:
    """A filing whose sums hold has no hints."""
    assert hints("") == []


FIRING = {
    "two digits the wrong way round": (
        "t3.r1.natural 54",
        "A90.A03.natural t3.r1.natural",
        "填的是 54，像是两位数字颠倒，改为 45，“一＋二＝三（七）＋四（自然人）”就相符。请看一看这一格。",
    ),
    "on the other side of the sum": (
        "t3.r3_1.company 41",
        "A90.A03.company t3.r3_1.company",
        "填的是 41，像是两位数字颠倒，改为 14，“一＋二＝三（七）＋四（商业企业）”就相符。请看一看这一格。",
    ),
    "against last year": (
        "t2.documents.in_force 38",
        "A90.Y03.documents t2.documents.in_force",
        "填的是 38，像是两位数字颠倒，改为 83，“现行有效＝上年＋制发－废止（行政规范性文件）”就相符。请看一看这一格。",
    ),
    "one number in two cells, one above the other": (
        "t3.r3_1.company 1  t3.r3_2.company 4",
        "A91.A03.company t3.r3_1.company",
        "填的是 1，与下边“（二）部分公开 · 商业企业”的 4 像是一个数 14 拆在了两格，这样“一＋二＝三（七）＋四（商业企业）”就相符。"
        "请看一看这一格。",
    ),
    "one number in two cells side by side": (
        "t3.r1.company 1  t3.r1.research 6",
        "A91.A03.company t3.r1.company",
        "填的是 1，与右边“一、本年新收 · 科研机构”的 6 像是一个数 16 拆在了两格，这样“一＋二＝三（七）＋四（商业企业）”就相符。"
        "请看一看这一格。",
    ),
    "two numbers in one cell": (
        "t3.r1.company 163  t3.r1.research 0  t3.r4.research 3",
        "A91.A03.company t3.r1.company",
        "填的是 163，像是 16 和 3 两个数打在了一格，3 应在右边“一、本年新收 · 科研机构”，"
        "这样“一＋二＝三（七）＋四（商业企业）”就相符。请看一看这一格。",
    ),
    "a digit too many": (
        "t3.r1.company 166",
        "A91.A03.company t3.r1.company",
        "填的是 166，像是多打了一位，应为 16，这样“一＋二＝三（七）＋四（商业企业）”就相符。请看一看这一格。",
    ),
    "a 0 too few": (
        "t3.r1.legal 125  t3.r3_1.legal 12  t3.r4.legal 5",
        "A91.A03.legal t3.r3_1.legal",
        "填的是 12，像是少打了一位，应为 120，这样“一＋二＝三（七）＋四（法律服务机构）”就相符。请看一看这一格。",
    ),
    "one row too low": (
        "t3.r2.natural 0  t3.r3_1.natural 3  t3.r3_2.natural 30  t3.r3_3_1.natural 11",
        "A92.A03.natural t3.r3_1.natural",
        "填的是 3，像是填错了格，应填在上边“二、上年结转 · 自然人”（后面的数可能也错了一格），这样“一＋二＝三（七）＋四（自然人）”"
        "就相符。请看一看这几格。",
    ),
    "one column beside": (
        "t3.r4.company 0  t3.r4.research 2",
        "A92.A03.company t3.r4.research",
        "填的是 2，像是填错了格，应填在左边“四、结转下年度 · 商业企业”，这样“一＋二＝三（七）＋四（商业企业）”就相符。",
    ),
}


@pytest.mark.parametrize(("shown", "where", "said"), FIRING.values(), ids=FIRING)
def test_the_slip_that_explains_is_named(shown: str, where: str, said: str) -> None:
    """One hint: keyed by code and check, at the figure to look at; it says what stands there and what it may be."""
    found = hints(shown)
    assert [f"{hint.key} {hint.figures[0]}" for hint in found] == [where]
    assert found[0].said.startswith(said)
    assert (found[0].level, found[0].is_open, found[0].outcome) == (Level.HINT, False, Outcome.FAILED)


SILENT = {
    "two figures could be the wrong way round": "t3.r1.natural 54  t3.r3_2.natural 12  t3.r4.natural 6",
    "a 0 too many here or too few there": "t3.r1.legal 120  t3.r3_1.legal 12",
    "no slip explains": "t3.r1.natural 49",
    "a gap of 9 and no digits to swap": "t3.r1.natural 0  t3.r2.natural 3  t3.r3_1.natural 0  t3.r3_2.natural 0  t3.r4.natural 12",
    "03 is not a number people write": "t3.r1.natural 18  t3.r3_2.natural 11",
    "what would put this right makes last year wrong": "t3.r3_1.charity 9",
    "both rows add up to the same": "t3.r1.natural 3  t3.r2.natural 0  t3.r3_1.natural 0  t3.r3_2.natural 0  t3.r4.natural 3",
    "a figure that has to be 0": "t2.rules.made 12",
    "small numbers double easily": "t3.r1.legal 1  t3.r3_1.legal 11",
    "the column beside would be wrong then": "t3.r1.research 2  t3.r3_1.research 2  t3.r4.company 0",
    "a negative number is wrong wherever it stands": "t2.documents.made 0  t2.documents.repealed -1  t2.documents.in_force 79",
    "14 could be 1 and 4 in any case": "t3.r1.company 7",
}


@pytest.mark.parametrize("shown", SILENT.values(), ids=SILENT)
def test_nothing_is_hinted_at_where_it_is_not_plain(shown: str) -> None:
    """Better no hint than a wrong one."""
    assert hints(shown) == []


def test_what_is_explained_needs_no_hint() -> None:
    """A unit that has said why is not told that it mistyped."""
    wrong = "t2.documents.in_force 38"
    assert [hint.key for hint in hints(wrong)] == ["A90.Y03.documents"]
    assert hints(wrong, explanations={"Y03.documents": "清理失效。"}) == []


def test_one_slip_is_told_once() -> None:
    """The totals that it makes wrong, too, do not repeat it; the cell is where it was found."""
    cell = FigureId("t3", "r1", "natural")
    found = hints("t3.r1.natural 54", sources={cell: "表三 D5"})
    assert [(hint.sheet, hint.cell, hint.label) for hint in found] == [("表三", "D5", "一、本年新收 · 自然人")]


def test_a_total_in_a_document_can_be_mistyped() -> None:
    """A printed total with two digits the wrong way round is where to look, not what it adds up."""
    total = FigureId("t3", "r1", "total")
    assert hints("", stated={total: Decimal(61)}) == []
    found = hints("", stated={total: Decimal(16)})
    assert [(hint.key, hint.figures, hint.facts["read"]) for hint in found] == [("A90.A01.r1", (total,), "61")]


def test_the_totals_of_a_document_show_how_much_was_shifted() -> None:
    """Where every row's total is known, the whole run of shifted figures is named."""
    stated = {FigureId("t3", row, "total"): Decimal(n) for row, n in (("r3_1", 44), ("r3_2", 11), ("r3_3_1", 0))}
    assert hints("", stated=stated) == []
    found = hints("t3.r3_1.natural 0  t3.r3_2.natural 30  t3.r3_3_1.natural 11", stated=stated)
    assert [hint.key for hint in found] == ["A92.A01.r3_2"]
    assert found[0].said == (
        "填的是 11，像是从这一格到“（二）部分公开 · 自然人”的 2 个数错了一格，都应往上移一格，"
        "这样“总计＝六类申请人之和（（二）部分公开）”就相符。请看一看这几格。"
    )


def test_hints_know_no_form() -> None:
    """Another form's sums are served as well."""
    last = filing(VILLAGE, "cash.cash.closing 520  cash.bank.closing 7", year=2023)
    now = filing(VILLAGE, "cash.cash.opening 250  cash.bank.opening 7  cash.cash.closing 1")
    found = [finding for finding in check_filing(VILLAGE, now, last) if finding.code in CODES]
    assert [(hint.key, hint.facts["read"]) for hint in found] == [("A90.C01.cash", "520")]


@pytest.mark.parametrize("form", [OFFICIAL, VILLAGE], ids=["gkbg-2021", "village-9"])
@given(seed=st.integers(0, 10**6))
def test_at_most_two_for_each_failed_equality(form: Form, seed: int) -> None:
    """Whatever is typed: nothing is raised, no check has more than two hints, and no other check has any."""
    chance = Random(seed)
    if form is OFFICIAL:
        fill = random_fill(form, chance, with_prior=True)
        now, prior = fill.filing, fill.prior
    else:
        now, prior = (replace(filing(form, ""), values=any_numbers(form, chance)) for _ in range(2))
    examined = examine(form, now, prior)
    failed = {j.check.key for j in examined.judgements if j.outcome is Outcome.FAILED}
    equalities = {c.key for c in form.checks if c.comparison.operator is Operator.EQUAL}
    keys = [f.key.partition(".")[2] for f in examined.findings if f.code in CODES]
    assert set(keys) <= failed & equalities
    assert all(count <= 2 for count in Counter(keys).values())


def any_numbers(form: Form, chance: Random) -> dict[FigureId, Decimal]:
    """Numbers of every size, also those that no figure can be; some cells blank."""
    odd = ("0", "0", "1", "12", "21", "120", "-3", "2.5", "1e300", "1e-300", "123456789012345678")
    return {f.id: Decimal(chance.choice(odd)) for f in form.inputs if chance.random() < 0.9}

"""xltool.consolidate: sums are exact, order and grouping do not matter, the incomplete are named; group H."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fills import all_zero, filings, fill
from tests.workbook.reading import FORM
from xltool.check.filing import check_filing
from xltool.check.finding import Finding
from xltool.check.judge import amounts
from xltool.consolidate import (
    Adjustment,
    Consolidation,
    Contribution,
    Lack,
    Presence,
    RosterRow,
    check_carried_over,
    check_consolidation,
    check_sums,
    consolidate,
)
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit

COUNTY = Unit("宁安县")
NEW, CARRIED, LEFT = (FigureId("t3", row, "natural") for row in ("r1", "r2", "r4"))
FEE = FigureId("s6", "fee", "amount")
Values = dict[FigureId, Decimal]


def unit_of(name: str, values: Values | None = None, kind: str | None = None, year: int = 2024) -> Contribution:
    """A unit that filled in everything: 0 but for ``values``."""
    unit = Unit(name, type=kind)
    return Contribution(unit, Filing(FORM.id, unit, year, {**all_zero(FORM), **(values or {})}))


def added(*contributions: Contribution, adjustments: Sequence[Adjustment] = (), year: int = 2024) -> Consolidation:
    return consolidate(FORM, COUNTY, year, contributions, adjustments)


def rows(consolidation: Consolidation) -> list[RosterRow]:
    return [RosterRow(share.unit, Presence.IN, round=1) for share in consolidation.shares]


def keys(found: Sequence[Finding]) -> list[str]:
    return [finding.key for finding in found]


def found(consolidation: Consolidation, roster: Sequence[RosterRow] | None = None) -> list[str]:
    return keys(check_consolidation(FORM, consolidation, rows(consolidation) if roster is None else roster))


# --- laws -------------------------------------------------------------------------------------------------

CONTRIBUTIONS = st.lists(filings(FORM), max_size=6).map(
    lambda made: [Contribution(Unit(f"第{n}单位"), filing) for n, filing in enumerate(made)]
)
ADJUSTMENTS = st.lists(
    st.builds(
        Adjustment,
        figure=st.sampled_from([figure.id for figure in FORM.inputs]),
        amount=st.integers(-(10**12), 10**12).map(lambda number: Decimal(number).scaleb(-6)),
        reason=st.just("重复统计"),
        who=st.just("张三"),
    ),
    max_size=3,
)
slowly = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slowly
@given(CONTRIBUTIONS, ADJUSTMENTS, st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(
    contributions: list[Contribution], adjustments: list[Adjustment], chance: Random
) -> None:
    """Any order of units and adjustments gives the same filing, and names the same blanks."""
    straight = consolidate(FORM, COUNTY, 2024, contributions, adjustments)
    mixed, turned = list(contributions), list(reversed(adjustments))
    chance.shuffle(mixed)
    other = consolidate(FORM, COUNTY, 2024, mixed, turned)
    assert other.filing == straight.filing
    assert set(other.incomplete) == set(straight.incomplete)
    assert {share.unit.name: share for share in other.shares} == {s.unit.name: s for s in straight.shares}


@slowly
@given(CONTRIBUTIONS, ADJUSTMENTS, st.data())
def test_grouping_does_not_matter(
    contributions: list[Contribution], adjustments: list[Adjustment], data: st.DataObject
) -> None:
    """Sums of groups added up are the sum of all, with the same blanks named, wherever adjustments are made."""
    straight = consolidate(FORM, COUNTY, 2024, contributions, adjustments)
    groups = st.lists(st.integers(0, 2), min_size=len(contributions), max_size=len(contributions))
    pairs = sorted(zip(data.draw(groups), contributions, strict=True), key=lambda pair: pair[0])
    below = data.draw(st.integers(0, len(adjustments)))
    parts: list[Contribution] = []
    for number, members in groupby(pairs, key=lambda pair: pair[0]):
        own = adjustments[:below] if not parts else []
        part = consolidate(FORM, Unit(f"第{number}组"), 2024, [member for _, member in members], own)
        parts.append(part.contribution())
    rest = adjustments[below:] if parts else adjustments
    grouped = consolidate(FORM, COUNTY, 2024, parts, rest)
    assert grouped.filing == straight.filing
    assert set(grouped.incomplete) == set(straight.incomplete)


@slowly
@given(CONTRIBUTIONS)
def test_every_figure_is_the_sum_of_its_shares(contributions: list[Contribution]) -> None:
    """Inputs are sums of what is known of them; totals of a complete sum are the sums of the units' totals."""
    made = consolidate(FORM, COUNTY, 2024, contributions)
    known = amounts(FORM, made.filing)
    for figure in FORM.figures:
        given = made.share(figure)
        if figure in made.filing.values:
            assert known[figure] == sum(given.values())
        elif len(given) == len(contributions) > 0:
            assert abs(known[figure] - sum(given.values())) < Decimal("1e-9")
    assert not check_sums(FORM, made.filing, made)


def test_sums_are_exact() -> None:
    """Neither binary fractions nor a limit of digits change a sum: 3 × 0.1 is 0.3, and nothing small is lost."""
    tenths = [unit_of(f"第{n}单位", {FEE: Decimal("0.1")}) for n in range(3)]
    assert added(*tenths).filing.values[FEE] == Decimal("0.3")
    far = [unit_of("甲", {FEE: Decimal(10) ** 300}), unit_of("乙", {FEE: Decimal(10) ** -300})]
    assert added(*far).filing.values[FEE] - Decimal(10) ** 300 != 0


# --- blanks -----------------------------------------------------------------------------------------------


def test_a_declared_zero_is_0_and_a_blank_is_named() -> None:
    """The unit that declared its blanks to be 0 is complete; the other one is named with its figure."""
    values = fill(FORM, "t3", "自然人\nr1 5")
    declared = Filing(FORM.id, Unit("甲局"), 2024, values, zero_declared=frozenset({"t2", "t3", "t4"}))
    blank = replace(declared, unit=Unit("乙局"), zero_declared=frozenset({"t2", "t4"}))
    contributions = [Contribution(filing.unit, filing) for filing in (declared, blank)]
    made = added(*contributions)
    assert made.filing.values[NEW] == 10
    assert made.filing.values[LEFT] == 0
    assert Lack("乙局", LEFT) in made.incomplete
    assert Lack("乙局", NEW) not in made.incomplete
    assert {lack.unit for lack in made.incomplete if lack.figure.table == "t3"} == {"乙局"}
    assert {"H05.乙局", "H06.甲局", "H06.乙局"} <= set(found(made))
    assert "H05.甲局" not in found(made)


def test_what_nobody_filled_in_stays_blank() -> None:
    """No 0 out of nothing: neither from blanks nor from no units at all."""
    empty = Filing(FORM.id, Unit("甲局"), 2024)
    assert added(Contribution(empty.unit, empty)).filing.values == {}
    assert added().filing.values == {}


def test_texts_are_not_merged() -> None:
    """A sum has no narrative of its own."""
    one = unit_of("甲局")
    said = Contribution(one.unit, replace(one.filing, texts={"s5.problems": "人手不足。"}))
    assert added(said).filing.texts == {}


# --- adjustments ------------------------------------------------------------------------------------------


def test_an_adjustment_is_added() -> None:
    """The sum of the units and the correction, which the sum keeps with its reason."""
    correction = Adjustment(NEW, Decimal(-2), "两局重复统计", "张三")
    made = added(unit_of("甲局", {NEW: Decimal(7)}), adjustments=[correction])
    assert made.filing.values[NEW] == 5
    assert made.adjustments == (correction,)
    assert "H04.1" not in found(made)


@pytest.mark.parametrize(("figure", "amount"), [("t3.r1.total", "1"), ("t9.r1.natural", "1"), ("t3.r1.natural", "NaN")])
def test_what_cannot_be_adjusted_is_refused(figure: str, amount: str) -> None:
    """Totals are computed, unknown figures are nowhere, and NaN is no number."""
    correction = Adjustment(FigureId.parse(figure), Decimal(amount), "原因", "张三")
    with pytest.raises(FileRefused, match=figure):
        added(unit_of("甲局"), adjustments=[correction])


# --- group H ----------------------------------------------------------------------------------------------


def test_a_good_sum_has_no_findings() -> None:
    """Three like units, all in, all filled in: nothing to say, neither by group H nor by the rules."""
    values = {NEW: Decimal(9), FigureId("t3", "r3_1", "natural"): Decimal(9)}
    made = added(*(unit_of(f"第{n}局", values, "部门") for n in range(4)))
    assert found(made) == []
    assert not [f for f in check_filing(FORM, made.filing) if f.figures and f.level == "错误"]


def test_h01_names_who_is_not_in() -> None:
    """The missing and the not accepted are errors; who is not due is none."""
    made = added(unit_of("甲局"))
    roster = [
        *rows(made),
        RosterRow(Unit("乙局"), Presence.MISSING),
        RosterRow(Unit("丙局"), Presence.NOT_ACCEPTED, remark="第 2 次有错误"),
        RosterRow(Unit("丁局"), Presence.NOT_DUE, remark="由甲局代编"),
        RosterRow(Unit("戊局"), Presence.IN),
    ]
    by_key = {finding.key: finding for finding in check_consolidation(FORM, made, roster)}
    assert set(by_key) == {"H01.乙局", "H01.丙局", "H01.戊局"}
    assert by_key["H01.丙局"].said.startswith("“丙局”没有汇总：未审定，第 2 次有错误。")
    assert by_key["H01.乙局"].is_open


def test_h02_a_unit_is_added_once_and_belongs_here() -> None:
    """Twice the same unit, or one that the roster does not know, is an error."""
    made = added(unit_of("甲局"), unit_of("甲局"), unit_of("外县局"))
    by_key = {f.key: f for f in check_consolidation(FORM, made, [RosterRow(Unit("甲局"), Presence.IN)])}
    assert set(by_key) == {"H02.甲局", "H02.外县局"}
    assert "汇总了 2 次" in by_key["H02.甲局"].said


def test_h03_a_filing_of_the_superior_is_held_against_the_units() -> None:
    """A number changed without an adjustment is found, in the cell and in the totals that stand on it."""
    made = added(unit_of("甲局", {NEW: Decimal(3)}), unit_of("乙局", {NEW: Decimal(4)}))
    typed = replace(made.filing, values={**made.filing.values, NEW: Decimal(8)})
    wrong = check_sums(FORM, typed, made)
    assert keys(wrong) == ["H03.t3.r1.natural", "H03.t3.r1.total"]
    assert "汇总数是 8，各单位之和加调整是 7" in wrong[0].said
    assert check_sums(FORM, made.filing, made) == ()


def test_h04_an_adjustment_says_why_and_who() -> None:
    """Blank reasons and names are errors."""
    made = added(unit_of("甲局"), adjustments=[Adjustment(NEW, Decimal(1), " ", "")])
    (finding,) = [f for f in check_consolidation(FORM, made, rows(made)) if f.code == "H04"]
    assert finding.said.startswith("调整 1 没有写理由和调整人")


def test_h08_a_newer_round_waits() -> None:
    """What came in after acceptance is named; the accepted round is what was added."""
    made = added(unit_of("甲局"))
    roster = [RosterRow(Unit("甲局"), Presence.IN, round=2, newer_round=3)]
    (finding,) = check_consolidation(FORM, made, roster)
    assert (finding.key, finding.level) == ("H08.甲局", "核实")


def test_h09_one_unit_gives_more_than_half() -> None:
    """A typing mistake of two digits stands out; a small number or an even share does not."""
    parts = [unit_of(f"第{n}局", {NEW: Decimal(10), LEFT: Decimal(2)}) for n in range(3)]
    assert found(added(*parts)) == []
    heavy = unit_of("甲局", {NEW: Decimal(1000), LEFT: Decimal(9)})
    assert found(added(*parts, heavy)) == ["H09.甲局"]


def test_h10_a_table_all_0_among_peers_that_are_not() -> None:
    """Only where most of its type have something to say."""
    busy = [unit_of(f"第{n}局", {NEW: Decimal(3)}, "部门") for n in range(3)]
    quiet = unit_of("甲局", kind="部门")
    assert found(added(*busy, quiet)) == ["H10.甲局"]
    assert found(added(*busy, unit_of("某镇", kind="乡镇街道"))) == []
    assert found(added(busy[0], *(unit_of(f"静{n}局", kind="部门") for n in range(3)))) == []


def last_year(**left: int) -> Consolidation:
    """Units with what they left over last year."""
    return added(*(unit_of(name, {LEFT: Decimal(count)}, year=2023) for name, count in left.items()), year=2023)


def carried(**now: int) -> Consolidation:
    return added(*(unit_of(name, {CARRIED: Decimal(count)}) for name, count in now.items()))


def test_h07_what_is_carried_over_fits_after_roster_changes() -> None:
    """Merged, renamed and abolished units: their numbers are looked for where they went."""
    before, heirs = last_year(甲局=3, 乙局=4, 老丙局=5), {"甲局": "新局", "乙局": "新局", "老丙局": "丙局"}
    assert check_carried_over(FORM, carried(新局=7, 丙局=5), before, heirs) == ()
    wrong = check_carried_over(FORM, carried(新局=6, 丙局=5), before, heirs)
    assert keys(wrong) == ["H07.Y01.total", "H07.Y02.natural"]
    assert "是 11，上年“四、结转下年度 · 总计”之和是 12，相差 1（新局 6，上年 7）" in wrong[0].said


def test_h07_names_what_nobody_continues() -> None:
    """An abolished unit's open requests do not vanish unnoticed."""
    wrong = check_carried_over(FORM, carried(乙局=4), last_year(甲局=3, 乙局=4), {"乙局": "乙局"})
    assert "甲局 上年 3，今年没有单位承接" in wrong[0].said


def test_h11_without_a_last_year_nothing_is_compared() -> None:
    """A hint says of how many units it is missing; no sums are compared that cannot fit."""
    (finding,) = check_carried_over(FORM, carried(甲局=9), last_year(), {}, ["甲局"])
    assert (finding.code, finding.level) == ("H11", "提示")
    assert "甲局" in finding.said

"""Adding up a campaign: everybody in, or named; last year's figures follow the roster's changes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaign.making import OFFICE, campaign_in
from tests.fills import all_zero
from xltool.campaign.adjusting import adjust
from xltool.campaign.deciding import accept, reject
from xltool.campaign.home import Campaign
from xltool.campaign.records import State, Submission
from xltool.campaign.roster import Change, RosterUnit
from xltool.campaign.summing import Sum, sum_up
from xltool.consolidate import Adjustment, Presence
from xltool.errors import CampaignTrouble
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.workbook.consolidated import write_consolidated

EDUCATION, SCHOOL, HEALTH, CITY = "教育局", "实验小学", "卫生健康局", "城区街道"
NEW, CARRIED, LEFT, DONE = (FigureId("t3", row, "natural") for row in ("r1", "r2", "r4", "r3_1"))

UNITS = (
    RosterUnit(1, Unit(OFFICE, type="部门")),
    RosterUnit(2, Unit(EDUCATION, type="部门")),
    RosterUnit(3, Unit(SCHOOL, type="事业单位"), superior=EDUCATION),
    RosterUnit(4, Unit(HEALTH, type="部门"), change=Change.MERGED, predecessors=("卫生局", "计生局")),
    RosterUnit(5, Unit(CITY, type="乡镇街道"), change=Change.RENAMED, predecessors=("城关镇",)),
    RosterUnit(6, Unit("开发办"), change=Change.NEW),
    RosterUnit(7, Unit("老干部局"), change=Change.FILED_BY, filed_by=OFFICE),
    RosterUnit(8, Unit("烟草办"), change=Change.ABOLISHED),
)
DUE = [unit.name for unit in UNITS if unit.files]


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return campaign_in(tmp_path / "2024", UNITS)


def hand_in(campaign: Campaign, unit: str, new: int = 0, carried: int = 0) -> None:
    """One more round of ``unit``, nothing wrong with it."""
    values = {NEW: Decimal(new), CARRIED: Decimal(carried), DONE: Decimal(new + carried)}
    filing = Filing(campaign.form.id, Unit(unit), 2024, {**all_zero(campaign.form), **values})
    number = len(campaign.store.submissions(unit)) + 1
    submission = Submission(
        0, f"{unit}{number}", unit, number, campaign.stamp(), f"{unit}.xlsx", State.CLEAN, 0, 0, 0, "", ()
    )
    campaign.store.add_submission(submission, filing)


def last_year(campaign: Campaign, **left: int) -> None:
    for name, count in left.items():
        values = {**all_zero(campaign.form), LEFT: Decimal(count)}
        campaign.store.put_seed(name, Filing(campaign.form.id, Unit(name), 2023, values))


def everybody_in(campaign: Campaign, carried: dict[str, int] | None = None) -> None:
    for number, unit in enumerate(DUE, start=1):
        hand_in(campaign, unit, number, (carried or {}).get(unit, 0))
    accept(campaign, DUE)


def presences(made: Sum) -> dict[str, Presence]:
    return {row.unit.name: row.presence for row in made.roster_rows}


def codes(made: Sum) -> list[str]:
    return sorted({finding.code for finding in made.findings})


def test_everybody_in_is_added_up(campaign: Campaign) -> None:
    """All who file, in the roster's order; who does not file is said, and is no gap."""
    everybody_in(campaign)
    made = sum_up(campaign)
    assert made.consolidation.filing.unit == Unit(OFFICE)
    assert made.consolidation.filing.values[NEW] == 1 + 2 + 3 + 4 + 5 + 6
    assert [share.unit.name for share in made.consolidation.shares] == DUE
    assert (made.draft_note, made.lacking) == ("", ())
    assert presences(made)["老干部局"] is Presence.NOT_DUE
    assert {row.accepted_on for row in made.roster_rows} == {"2025-01-06", ""}


def test_all_who_are_lacking_are_named_at_once(campaign: Campaign) -> None:
    """Missing, not accepted, and a newer round after acceptance: each with what is the matter."""
    for unit in (OFFICE, EDUCATION, HEALTH):
        hand_in(campaign, unit)
    accept(campaign, [OFFICE, EDUCATION])
    hand_in(campaign, EDUCATION, 9)
    with pytest.raises(CampaignTrouble) as caught:
        sum_up(campaign)
    head, *lines = caught.value.sentence.split("\n")
    assert head.startswith("还有 5 个单位没有审定，不能汇总")
    assert sorted(lines) == [
        f"未交 3 个：{SCHOOL}、{CITY}、开发办",
        f"未审定 2 个：{EDUCATION}（审定之后又交了第 2 次）、{HEALTH}（第 1 次待审定）",
    ]


def test_a_draft_goes_on_and_says_so(campaign: Campaign) -> None:
    """The accepted rounds alone are added up, an older one where a newer one waits; the others are errors."""
    hand_in(campaign, OFFICE, 1)
    hand_in(campaign, EDUCATION, 2)
    accept(campaign, [OFFICE, EDUCATION])
    hand_in(campaign, EDUCATION, 90)
    hand_in(campaign, HEALTH, 50)
    made = sum_up(campaign, draft=True)
    assert made.consolidation.filing.values[NEW] == 3
    assert made.draft_note == "草稿：应报 6 个单位，还有 4 个没有审定，1 个单位审定之后又交了新的，数字不全，不作定稿"
    assert [f.key for f in made.findings if f.level == "错误"] == [
        f"H01.{unit}" for unit in (SCHOOL, HEALTH, CITY, "开发办")
    ]
    assert f"H08.{EDUCATION}" in [finding.key for finding in made.findings]


def test_a_round_put_aside_does_not_count(campaign: Campaign) -> None:
    """After a rejection the accepted round before it is the unit's newest again."""
    everybody_in(campaign)
    hand_in(campaign, EDUCATION, 500)
    reject(campaign, EDUCATION, "交错了")
    assert sum_up(campaign).consolidation.filing.values[NEW] == 21


def test_nobody_accepted_is_nothing_to_add(campaign: Campaign) -> None:
    """Even a draft needs one unit."""
    hand_in(campaign, OFFICE)
    with pytest.raises(CampaignTrouble, match="还没有一个单位审定"):
        sum_up(campaign, draft=True)


def test_below_a_superior(campaign: Campaign) -> None:
    """The superior itself and those below it; the others may be lacking."""
    for unit in (EDUCATION, SCHOOL):
        hand_in(campaign, unit, 5)
    accept(campaign, [EDUCATION, SCHOOL])
    made = sum_up(campaign, under=EDUCATION)
    assert made.consolidation.filing.unit == Unit(EDUCATION)
    assert made.consolidation.filing.values[NEW] == 10
    assert list(presences(made)) == [EDUCATION, SCHOOL]
    with pytest.raises(CampaignTrouble, match="名册里没有“气象局”"):
        sum_up(campaign, under="气象局")


def test_groups_add_up_to_the_whole(campaign: Campaign) -> None:
    """The office's sum is that of its parts, however the roster groups them."""
    everybody_in(campaign)
    parts = [sum_up(campaign, under=unit.name) for unit in UNITS if unit.files and not unit.superior]
    whole = sum_up(campaign).consolidation.filing
    for figure, value in whole.values.items():
        assert value == sum(part.consolidation.filing.values[figure] for part in parts)


def test_adjustments_are_part_of_the_sum(campaign: Campaign) -> None:
    """With its reason it is no finding; the sum contains it."""
    everybody_in(campaign)
    adjust(campaign, [Adjustment(NEW, Decimal(-1), "重复", "张三")])
    made = sum_up(campaign)
    assert made.consolidation.filing.values[NEW] == 20
    assert "H04" not in codes(made)


LEFT_OVER = {"卫生局": 2, "计生局": 3, "城关镇": 4, OFFICE: 1, "老干部局": 1, EDUCATION: 0, SCHOOL: 0}
CONTINUED = {HEALTH: 5, CITY: 4, OFFICE: 2}


def test_last_year_follows_the_roster(campaign: Campaign) -> None:
    """Merged, renamed and filed-by units are compared with what they were; the new one with nothing."""
    last_year(campaign, **LEFT_OVER)
    everybody_in(campaign, CONTINUED)
    made = sum_up(campaign)
    assert made.prior is not None
    assert made.prior.values[LEFT] == 11
    assert "H07" not in codes(made)
    assert "H11" not in codes(made)


@pytest.mark.parametrize(
    ("left", "carried", "named"),
    [
        ({}, {CITY: 3}, f"{CITY} 3，上年 4"),
        ({"烟草办": 6}, {}, "烟草办 上年 6，今年没有单位承接"),
        ({}, {"开发办": 2}, "开发办 2，上年 0"),
    ],
)
def test_h07_what_does_not_continue_is_named(
    campaign: Campaign, left: dict[str, int], carried: dict[str, int], named: str
) -> None:
    """A wrong number, an abolished unit that nobody continues, a new unit that carries something over."""
    last_year(campaign, **LEFT_OVER | left)
    everybody_in(campaign, CONTINUED | carried)
    said = [finding.said for finding in sum_up(campaign).findings if finding.code == "H07"]
    assert len(said) == 2
    assert all(named in sentence for sentence in said)


def test_h11_an_incomplete_last_year_is_not_compared(campaign: Campaign) -> None:
    """Half a sum is worse than none: no last year, and a hint that says whose is missing."""
    last_year(campaign, **{name: count for name, count in LEFT_OVER.items() if name != "计生局"})
    everybody_in(campaign, CONTINUED)
    made = sum_up(campaign)
    assert made.prior is None
    (finding,) = [f for f in made.findings if f.code == "H11"]
    assert finding.facts["cells"] == HEALTH


def test_a_blank_of_last_year_is_not_compared(campaign: Campaign) -> None:
    """One unit's blank makes that figure unknown for the sum, and no other."""
    last_year(campaign, **LEFT_OVER)
    form = campaign.form
    values = {figure: value for figure, value in all_zero(form).items() if figure != NEW}
    campaign.store.put_seed(SCHOOL, Filing(form.id, Unit(SCHOOL), 2023, values))
    everybody_in(campaign, CONTINUED)
    prior = sum_up(campaign).prior
    assert prior is not None
    assert NEW not in prior.values
    assert prior.values[LEFT] == 11


def test_the_sum_is_written(campaign: Campaign) -> None:
    """What ``sum_up`` gives is what the workbook takes."""
    last_year(campaign, **LEFT_OVER)
    everybody_in(campaign, CONTINUED)
    made = sum_up(campaign)
    data = write_consolidated(
        campaign.form, made.consolidation, made.roster_rows, made.prior, made.draft_note, made.findings
    )
    assert data.startswith(b"PK")


def test_filings_are_read_one_by_one(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than one unit's filing and one unit's rounds are asked of the database at a time, without findings."""
    everybody_in(campaign)
    asked: list[Sequence[object]] = []
    standings = campaign.store.standings

    def one_unit(unit: str | None = None) -> list[Submission]:
        asked.append((unit,))
        return standings(unit)

    monkeypatch.setattr(campaign.store, "standings", one_unit)
    for whole in ("latest", "submissions", "seeds", "filings"):
        monkeypatch.delattr(type(campaign.store), whole)
    sum_up(campaign)
    assert asked == [(unit,) for unit in DUE]

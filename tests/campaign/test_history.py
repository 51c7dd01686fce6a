"""What happened with a unit, and what changed from one round, or year, to the next."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    PERMITS,
    WRITTEN,
    YEAR,
    book,
    campaign_in,
    entry,
    filing,
    good,
    take_one,
    wrong,
)
from xltool.campaign.deciding import accept, reject
from xltool.campaign.history import Difference, differences_of_rounds, differences_of_years, history_of
from xltool.campaign.home import Campaign
from xltool.campaign.returning import return_units
from xltool.campaign.roster import Change
from xltool.errors import CampaignTrouble
from xltool.figure import FigureId

FEES = FigureId("t2", "fees", "amount")


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """教育局: handed in, returned, handed in with other figures and texts, accepted."""
    made = campaign_in(tmp_path / "2024")
    take_one(made, tmp_path / "a", wrong(EDUCATION))
    return_units(made)
    second = filing(EDUCATION, {PERMITS: 12, FEES: Decimal("3.5"), FigureId("t3", "r1", "natural"): 2,
                                FigureId("t3", "r3_1", "natural"): 2}, text="改过了，由专人重新核对，结果按月在网站公布。")  # fmt: skip
    take_one(made, tmp_path / "b", book(second))
    accept(made, [EDUCATION], "可以")
    return made


def test_rounds_and_decisions(campaign: Campaign) -> None:
    """All rounds and all decisions, oldest first, with the round that counts."""
    history = history_of(campaign, EDUCATION)
    assert [(s.round, s.state) for s in history.rounds] == [(1, "已退回"), (2, "已审定")]
    assert [(d.action, d.submission, d.note) for d in history.decisions] == [("退回", 1, ""), ("审定", 2, "可以")]
    assert history.counting == history.rounds[1]
    assert history_of(campaign, FINANCE).rounds == ()
    assert history_of(campaign, FINANCE).counting is None


def test_a_round_that_was_put_aside(campaign: Campaign) -> None:
    """It stays in the history; the one before counts."""
    reject(campaign, EDUCATION, "不对")
    history = history_of(campaign, EDUCATION)
    assert [s.state for s in history.rounds] == ["已退回", "不予采用"]
    assert history.counting == history.rounds[0]


def test_what_changed_between_rounds(campaign: Campaign) -> None:
    """Figures with their totals, and texts; blanks are blanks; in the form's order; either way round."""
    found = differences_of_rounds(campaign, EDUCATION)
    figures = [(d.what, d.before, d.after) for d in found if d.after != "改过了，由专人重新核对，结果按月在网站公布。"]
    assert [(before, after) for _, before, after in figures] == [
        ("", "12"), ("0", "3.5"), ("0", "2"), ("0", "2"), ("0", "2"), ("0", "2"), ("0", "2"), ("0", "2"),
    ]  # fmt: skip
    assert "行政许可" in figures[0][0]
    assert "行政事业性收费" in figures[1][0]
    assert sum("总计" in what for what, _, _ in figures) == 4
    texts = [d for d in found if d.after == "改过了，由专人重新核对，结果按月在网站公布。"]
    assert {d.before for d in texts} == {WRITTEN}
    assert len(texts) == len(campaign.form.text_ids)
    back = differences_of_rounds(campaign, EDUCATION, (2, 1))
    assert back == [Difference(d.what, d.after, d.before) for d in found]
    assert differences_of_rounds(campaign, EDUCATION, (1, 1)) == []


def test_what_changed_against_last_year(campaign: Campaign) -> None:
    """Figures of last year against the round that counts; texts are not compared."""
    campaign.store.put_seed(EDUCATION, filing(EDUCATION, {PERMITS: 10, FEES: Decimal("3.5")}, year=YEAR - 1, text="旧"))
    found = differences_of_years(campaign, EDUCATION)
    assert (found[0].before, found[0].after) == ("10", "12")
    assert not [d for d in found if "行政事业性收费" in d.what]
    assert len(found) == 7
    reject(campaign, EDUCATION, "不对")
    first = differences_of_years(campaign, EDUCATION)[0]
    assert (first.before, first.after) == ("10", "")


def test_last_year_of_a_merger(tmp_path: Path) -> None:
    """Predecessors are added up."""
    campaign = campaign_in(tmp_path / "2024", (entry(1, HEALTH, "", Change.MERGED, "甲", "乙"),))
    for name, permits in (("甲", 3), ("乙", 4)):
        campaign.store.put_seed(name, filing(name, {PERMITS: permits}, year=YEAR - 1))
    take_one(campaign, tmp_path / "a", good(HEALTH))
    (difference,) = differences_of_years(campaign, HEALTH)
    assert (difference.before, difference.after) == ("7", "0")


def test_what_cannot_be_compared(campaign: Campaign, tmp_path: Path) -> None:
    """Too few rounds, no such round, no such unit, no last year: a sentence each."""
    take_one(campaign, tmp_path / "c", good(FINANCE))
    for call, sentence in (
        (lambda: differences_of_rounds(campaign, FINANCE), "只交过 1 次"),
        (lambda: differences_of_rounds(campaign, EDUCATION, (1, 3)), "没有第 3 次，交过 2 次"),
        (lambda: differences_of_years(campaign, EDUCATION), "没有“宁安县教育局”的上年数据"),
        (lambda: differences_of_years(campaign, HEALTH), "还没有交"),
        (lambda: history_of(campaign, "宁安县教育菊"), "名册里没有“宁安县教育菊”"),
    ):
        with pytest.raises(CampaignTrouble, match=sentence):
            call()

"""Two different files of a unit in one run: neither is chosen until somebody says which."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from tests.campaign.making import (
    EDUCATION,
    HEALTH,
    decisions,
    good,
    outcomes,
    put,
    states,
    take_files,
    take_one,
    wrong,
)
from xltool.campaign.deciding import accept, reject
from xltool.campaign.home import Campaign
from xltool.campaign.taking import Line, Outcome, take
from xltool.errors import CampaignTrouble


def test_two_different_files_at_once(campaign: Campaign, inbox: Path) -> None:
    """Neither is chosen, both lines say so; the others are taken; nothing of it can be accepted."""
    files = {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(HEALTH), "c.xlsx": good(EDUCATION, 2)}
    watched: list[Line] = []
    put(inbox, files)
    taking = take(campaign, [inbox], watched.append)
    assert [line.source for line in watched] == [line.source for line in taking.lines]
    double, other = Outcome.DOUBLE, Outcome.TAKEN
    assert outcomes(taking) == {"a.xlsx": double, "b.xlsx": other, "c.xlsx": double}
    assert "两份不同的文件" in taking.lines[0].said
    assert states(campaign) == {EDUCATION: ["有两份", "有两份"], HEALTH: ["待审定"]}
    with pytest.raises(CampaignTrouble, match="有两份不同的文件"):
        accept(campaign, [EDUCATION])


@pytest.mark.parametrize(("chosen", "found"), [("a", ["待审定", "不予采用"]), ("c", ["不予采用", "有错误"])])
def test_choosing_by_handing_one_in_alone(chosen: str, found: list[str], campaign: Campaign, inbox: Path) -> None:
    """The one that comes again alone counts, the other is put aside, and the log says who chose."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION), "c.xlsx": wrong(EDUCATION)})
    (line,) = take(campaign, [inbox / f"{chosen}.xlsx"]).lines
    assert line.outcome is Outcome.TAKEN
    assert line.said.startswith("选用第 ")
    assert states(campaign) == {EDUCATION: found}
    decision = campaign.store.decisions(EDUCATION)[-1]
    assert (decision.action, decision.who, decision.submission) == ("选用", "张三", 1 if chosen == "a" else 2)
    again = take(campaign, [inbox])
    assert {line.outcome for line in again.lines} == {Outcome.AGAIN}
    assert states(campaign) == {EDUCATION: found}


def test_both_again_chooses_neither(campaign: Campaign, inbox: Path) -> None:
    """The same folder taken once more leaves both where they are, in whatever order they come."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(EDUCATION, 2)})
    for paths in ([inbox], [inbox / "b.xlsx", inbox / "a.xlsx"], [inbox / "a.xlsx", inbox / "b.xlsx"]):
        taking = take(campaign, paths)
        assert [line.outcome for line in taking.lines] == [Outcome.DOUBLE] * 2
        assert states(campaign) == {EDUCATION: ["有两份", "有两份"]}
    assert decisions(campaign) == []


def test_one_again_under_two_names(campaign: Campaign, inbox: Path) -> None:
    """The very same file twice is still one file alone."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(EDUCATION, 2)})
    alone = put(inbox.with_name("选定"), {"x.xlsx": good(EDUCATION, 2), "y.xlsx": good(EDUCATION, 2)})
    assert [line.outcome for line in take(campaign, [alone]).lines] == [Outcome.TAKEN] * 2
    assert states(campaign) == {EDUCATION: ["不予采用", "待审定"]}


def test_a_third_file_alone(campaign: Campaign, inbox: Path) -> None:
    """A new file that comes alone after two at once is the one; together with one of them it is not."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(EDUCATION, 2)})
    third = {"c.xlsx": good(EDUCATION, 3)}
    both = put(inbox.with_name("两份"), {**third, "b.xlsx": good(EDUCATION, 2)})
    assert {line.outcome for line in take(campaign, [both]).lines} == {Outcome.DOUBLE}
    assert states(campaign) == {EDUCATION: ["有两份"] * 3}
    (line,) = take_files(campaign, inbox.with_name("一份"), third).lines
    assert (line.outcome, line.said) == (Outcome.TAKEN, "选用第 3 次交的这一份")
    assert states(campaign) == {EDUCATION: ["不予采用", "不予采用", "待审定"]}


def test_putting_one_of_two_aside(campaign: Campaign, inbox: Path) -> None:
    """Rejecting one of two leaves the other."""
    take_files(campaign, inbox, {"a.xlsx": wrong(EDUCATION), "b.xlsx": good(EDUCATION)})
    assert reject(campaign, EDUCATION, "单位来电确认").round == 2
    assert states(campaign) == {EDUCATION: ["有错误", "不予采用"]}
    line = take_one(campaign, inbox / "b.xlsx", good(EDUCATION))
    assert (line.outcome, line.said) == (
        Outcome.AGAIN,
        "与第 2 次交的是同一个文件，那一次已不予采用，没有重复登记；"
        f"要重新采用，请运行 xltool reject {EDUCATION} --undo --note 原因",
    )


@pytest.mark.usefixtures("one_by_one")
def test_two_in_a_run_that_was_cut_short(campaign: Campaign, inbox: Path) -> None:
    """A run that ended between the two and is run again knows that they came at once."""
    put(inbox, {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(EDUCATION, 2)})

    def killed(_: object) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(campaign, [inbox], killed)
    assert states(campaign) == {EDUCATION: ["待审定"]}
    assert {line.outcome for line in take(campaign, [inbox]).lines} == {Outcome.DOUBLE}
    assert states(campaign) == {EDUCATION: ["有两份", "有两份"]}


@pytest.mark.usefixtures("one_by_one")
def test_a_correction_after_a_run_that_was_cut_short(campaign: Campaign, inbox: Path) -> None:
    """What comes days after a run was cut short, without the first file, is the next round and no second at once."""
    put(inbox, {"a.xlsx": wrong(EDUCATION), "b.xlsx": good(HEALTH)})

    def killed(_: object) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(campaign, [inbox], killed)
    line = take_one(campaign, inbox.with_name("更正") / "a.xlsx", good(EDUCATION))
    assert (line.outcome, line.said) == (Outcome.TAKEN, "第 2 次")


def test_a_clock_that_goes_back(campaign: Campaign, inbox: Path) -> None:
    """What came at once is known by order, not by the clocks of two computers."""
    take_one(campaign, inbox / "a.xlsx", wrong(EDUCATION))
    earlier = replace(campaign, now=lambda: campaign.now().replace(year=2020))
    assert take_one(earlier, inbox / "b.xlsx", good(EDUCATION)).outcome is Outcome.TAKEN
    stopped = replace(campaign, now=lambda: campaign.now().replace(hour=1, minute=0, second=0))
    assert take_one(stopped, inbox / "c.xlsx", good(HEALTH, 1)).outcome is Outcome.TAKEN
    assert take_one(stopped, inbox / "d.xlsx", good(HEALTH, 2)).outcome is Outcome.TAKEN

"""Another unit's workbook, another unit's figures: told with both names, and the neighbour is not held up by it."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    WATER,
    book,
    decisions,
    filing,
    good,
    kept,
    open_codes,
    states,
    take_files,
    take_one,
    telling,
)
from xltool.campaign.deciding import accept, reject
from xltool.campaign.home import Campaign
from xltool.campaign.taking import Outcome


def on_the_cover(data: bytes, name: str) -> bytes:
    """The workbook with another name typed over the unit's on the cover."""
    copy = openpyxl.load_workbook(io.BytesIO(data))
    (cell,) = [cell for row in copy["封面"] for cell in row if cell.value == EDUCATION]
    cell.value = name
    buffer = io.BytesIO()
    copy.save(buffer)
    return buffer.getvalue()


def test_a_neighbour_s_workbook(campaign: Campaign, inbox: Path) -> None:
    """A workbook of one unit that says it is another's is nobody's: told with both names, kept, and the owner's own
    file stands alone, in whatever order they come."""
    borrowed, own = on_the_cover(good(EDUCATION, 1), HEALTH), good(EDUCATION, 2)
    for number, names in enumerate((("a.xlsx", "b.xlsx"), ("c.xlsx", "d.xlsx"))):
        data = (borrowed, own) if number else (own, borrowed)
        taking = take_files(campaign, inbox / str(number), dict(zip(names, data, strict=True)))
        said = {line.outcome: line.said for line in taking.lines}
        assert set(said) == {Outcome.REFUSED, Outcome.AGAIN if number else Outcome.TAKEN}
        assert said[Outcome.REFUSED] == (
            f"是下发给“{EDUCATION}”的工作簿，却写着“{HEALTH}”。请用下发给自己单位的工作簿填好再交。"
        )
    assert states(campaign) == {EDUCATION: ["待审定"]}
    assert {borrowed, own} == set(kept(campaign).values())
    assert [reason for _, _, _, reason in campaign.store.refused()] == [said[Outcome.REFUSED]] * 2


def test_a_neighbour_s_workbook_changes_nothing_of_the_neighbour_s(campaign: Campaign, inbox: Path) -> None:
    """A borrowed workbook, figures and all, leaves what its owner handed in as it was: accepted, without a finding or
    a line in the log; the borrower has handed in nothing, and a workbook of its own is its first."""
    own = book(filing(EDUCATION, telling(40)))
    take_one(campaign, inbox / "a.xlsx", own)
    accept(campaign, [EDUCATION])
    before = campaign.store.submissions()
    assert take_one(campaign, inbox / "b.xlsx", on_the_cover(own, HEALTH)).outcome is Outcome.REFUSED
    assert campaign.store.submissions() == before
    assert states(campaign) == {EDUCATION: ["已审定"]}
    assert open_codes(campaign, EDUCATION) == []
    assert decisions(campaign) == [(EDUCATION, "审定")]
    assert take_one(campaign, inbox / "c.xlsx", good(HEALTH)).said == "第 1 次"
    assert [campaign.store.latest()[EDUCATION]] == before


def test_a_name_that_nobody_has(campaign: Campaign, inbox: Path) -> None:
    """Another spelling of the unit's own name is an error to put right, and the file is the unit's."""
    line = take_one(campaign, inbox / "a.xlsx", on_the_cover(good(EDUCATION), "教育局"))
    assert (line.outcome, line.unit) == (Outcome.TAKEN, EDUCATION)
    assert "W03" in open_codes(campaign, EDUCATION)


def neighbour(unit: str) -> bytes:
    return book(filing(unit, telling(40)))


def test_figures_of_a_neighbour(campaign: Campaign, inbox: Path) -> None:
    """Two units with the same figures both have W14: which is the copy, nobody knows. Few figures tell nothing."""
    files = {
        "a.xlsx": neighbour(EDUCATION),
        "b.xlsx": neighbour(HEALTH),
        "c.xlsx": good(FINANCE),
        "d.xlsx": good(WATER),
    }
    taking = take_files(campaign, inbox, files)
    assert [line.errors for line in taking.lines] == [0, 1, 0, 0]
    (finding,) = [f for f in campaign.store.latest()[HEALTH].findings if f.code == "W14"]
    assert EDUCATION in finding.said
    assert open_codes(campaign, EDUCATION) == ["W14"]


def test_the_same_figures_until_one_has_others(campaign: Campaign, inbox: Path) -> None:
    """W14 stands with both while their figures are the same, and goes from both as soon as one has others."""
    take_one(campaign, inbox / "a.xlsx", neighbour(EDUCATION))
    take_one(campaign, inbox / "b.xlsx", neighbour(HEALTH))
    take_one(
        campaign,
        inbox / "c.xlsx",
        book(filing(EDUCATION, telling(40), text="改了一处，由专人重新核对，结果在网站公布。")),
    )
    assert open_codes(campaign, EDUCATION) == open_codes(campaign, HEALTH) == ["W14"]
    take_one(campaign, inbox / "d.xlsx", book(filing(HEALTH, telling(41))))
    assert open_codes(campaign, EDUCATION) == open_codes(campaign, HEALTH) == []


def test_figures_that_were_replaced(campaign: Campaign, inbox: Path) -> None:
    """Figures that the neighbour has corrected or that were put aside are no longer the neighbour's."""
    take_one(campaign, inbox / "a.xlsx", neighbour(EDUCATION))
    take_one(campaign, inbox / "b.xlsx", good(EDUCATION))
    assert take_one(campaign, inbox / "c.xlsx", neighbour(HEALTH)).errors == 0
    reject(campaign, HEALTH, "弄错了")
    assert take_one(campaign, inbox / "d.xlsx", neighbour(WATER)).errors == 0


def test_a_copy_that_is_put_aside(campaign: Campaign, inbox: Path) -> None:
    """Accepting is taken back, and logged, when a neighbour hands in the same; putting the copy aside clears it."""
    take_one(campaign, inbox / "a.xlsx", neighbour(EDUCATION))
    accept(campaign, [EDUCATION])
    take_one(campaign, inbox / "b.xlsx", neighbour(HEALTH))
    assert open_codes(campaign, EDUCATION) == open_codes(campaign, HEALTH) == ["W14"]
    assert campaign.store.decisions(EDUCATION)[-1].action == "撤回审定"
    reject(campaign, HEALTH, "误用了教育局的表")
    assert open_codes(campaign, EDUCATION) == []
    assert accept(campaign, [EDUCATION]) == [EDUCATION]

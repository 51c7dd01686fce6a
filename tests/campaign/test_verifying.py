"""A unit's published report is held against what its own report was made from, last year's figures included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, FINANCE, HEALTH, WATER, campaign_in, entry, filing
from tests.test_cli import Xltool, xltool
from xltool.campaign.deciding import accept
from xltool.campaign.home import Campaign
from xltool.campaign.records import State, Submission
from xltool.campaign.reporting import choose_rounds, jobs_of, publish_all
from xltool.campaign.roster import Change, RosterUnit
from xltool.figure import FigureId
from xltool.report.publishing import Wanted

__all__ = ["xltool"]

RECEIVED, OPENED = FigureId("t3", "r1", "natural"), FigureId("t3", "r3_1", "natural")


def accepted_in(folder: Path, unit: RosterUnit, formers: list[str]) -> Campaign:
    """The unit left its narrative to the drafts, which compare with what its predecessors received last year."""
    made = campaign_in(folder / "2024", (unit,))
    for former in formers:
        made.store.put_seed(former, filing(former, {RECEIVED: 3, OPENED: 3}, year=2023))
    said = replace(filing(unit.name, {RECEIVED: 10, OPENED: 10}), texts={})
    row = Submission(0, "x", unit.name, 1, made.stamp(), "x.xlsx", State.CLEAN, 0, 0, 0, "", ())
    made.store.add_submission(row, said)
    accept(made, [unit.name])
    return made


@pytest.mark.parametrize(
    ("unit", "formers"),
    [
        (entry(1, EDUCATION), [EDUCATION]),
        (entry(1, EDUCATION, "", Change.RENAMED, HEALTH), [HEALTH]),
        (entry(1, EDUCATION, "", Change.MERGED, FINANCE, WATER), [FINANCE, WATER]),
        (entry(1, EDUCATION, "", Change.NEW), [EDUCATION]),
    ],
    ids=["same", "renamed", "merged", "new"],
)
def test_our_own_report_agrees(
    unit: RosterUnit, formers: list[str], tmp_path: Path, xltool: Xltool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the roster says became of the unit: its report agrees with what it was made from."""
    made = accepted_in(tmp_path, unit, formers)
    monkeypatch.chdir(made.folder)
    (report,) = publish_all(jobs_of(made, choose_rounds(made)), made.folder / "报告", Wanted())
    said = xltool("verify", report.files[0][0], "--against", EDUCATION)
    assert (said.code, "× " in said.out) == (0, False), said.out


def test_why_there_is_nothing_to_hold_it_against(
    tmp_path: Path, xltool: Xltool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit without an accepted round, and a name that is none, in one sentence each."""
    made = campaign_in(tmp_path / "2024", (entry(1, EDUCATION), entry(2, HEALTH, "", Change.ABOLISHED)))
    monkeypatch.chdir(made.folder)
    Path("x.txt").write_text("x", encoding="utf-8")
    for name, why in (
        (EDUCATION, f"“{EDUCATION}”没有审定的数可以核对：还没有交。"),
        (HEALTH, f"“{HEALTH}”没有审定的数可以核对：撤销，没有自己的报告。"),
        ("没有的局", "没有文件“没有的局”，名册里也没有这个单位。"),
        ("FREEZE", "还没有定版。"),
    ):
        said = xltool("verify", "x.txt", "--against", name)
        assert (said.code, why in said.err) == (2, True), said.err

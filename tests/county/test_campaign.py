"""The county's three rounds through a whole campaign: what only shows beside other files is said, all ends accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from xltool.campaign.deciding import accept, acceptable
from xltool.campaign.home import Campaign, Settings, create_campaign
from xltool.campaign.issuing import issue
from xltool.campaign.records import State, Submission
from xltool.campaign.repeats import compare_units
from xltool.campaign.returning import return_units
from xltool.campaign.taking import Outcome, Taking, take
from xltool.county.plan import ROUNDS, HandIn, hand_ins, issued_name, noise_files
from xltool.county.returned import returned_files
from xltool.county.sources import FORM_ID, YEAR, form, last_filings, roster, true_filings

OUTCOMES = {
    "copy": Outcome.AGAIN,
    "unchanged": Outcome.TAKEN,
    "same content": Outcome.TAKEN,
    "the one to use": Outcome.TAKEN,
    "other year": Outcome.REFUSED,
    "other unit's workbook": Outcome.REFUSED,
    "not on the roster": Outcome.REFUSED,
}


@dataclass(frozen=True)
class Story:
    """The campaign after the last round, and what was said in each before anything was returned."""

    campaign: Campaign
    taken: dict[int, Taking]
    latest: dict[int, dict[str, Submission]]

    def with_code(self, number: int, code: str) -> set[str]:
        """Units whose newest return of a round has a finding of ``code``."""
        found = self.latest[number].items()
        return {unit for unit, s in found if any(finding.code == code for finding in s.findings)}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Issue, then three times: take, return what is open, accept the rest."""
    where = tmp_path_factory.mktemp("campaign")
    days = (date(YEAR + 1, 1, 31), date(YEAR + 1, 3, 31))
    campaign = create_campaign(where, form(), Settings(FORM_ID, YEAR, roster().units[0].name, *days), roster())
    for name, filing in last_filings().items():
        campaign.store.put_seed(name, filing)
    issue(campaign)
    taken, latest = {}, {}
    for number in ROUNDS:
        for name, data in returned_files(number):
            path = where / "交来" / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        taken[number] = take(campaign, [where / "交来" / str(number)])
        latest[number] = dict(campaign.store.latest())
        return_units(campaign)
        accept(campaign, acceptable(campaign))
    return Story(campaign, taken, latest)


def by_path(story: Story, number: int) -> dict[str, str]:
    root = f"{story.campaign.folder / '交来' / str(number)}/"
    return {line.source.removeprefix(root): line.outcome for line in story.taken[number].lines}


SPECIAL = [hand_in for hand_in in hand_ins() if hand_in.campaign in OUTCOMES]


@pytest.mark.parametrize("hand_in", SPECIAL, ids=lambda hand_in: f"{hand_in.round}-{hand_in.file}")
def test_each_file_becomes_what_it_must(hand_in: HandIn, story: Story) -> None:
    """A copy is told, strangers and other years are refused, the rest is taken."""
    assert by_path(story, hand_in.round)[hand_in.file] == OUTCOMES[hand_in.campaign]


def test_of_two_at_once_none_is_chosen(story: Story) -> None:
    """Two different files of a unit: the office has to say which."""
    for hand_in in hand_ins():
        if hand_in.campaign == "two at once":
            assert story.latest[1][hand_in.unit].state == State.DOUBLE, hand_in.unit


def test_a_neighbour_s_workbook_is_nobody_s(story: Story) -> None:
    """It is refused and names both units; whose workbook it was is not held up by it."""
    for hand_in in hand_ins():
        if hand_in.campaign == "other unit's workbook":
            (line,) = [line for line in story.taken[1].lines if line.source.endswith(hand_in.file)]
            assert f"是下发给“{hand_in.other}”的工作簿" in line.said
            assert f"“{hand_in.unit}”" in line.said
            assert hand_in.unit not in story.latest[1]
            assert story.latest[1][hand_in.other].state != State.DOUBLE


def test_what_cannot_be_read_is_refused(story: Story) -> None:
    """Each file with W01 in the plan is refused, every other one is not for that reason."""
    refused = {h.file for h in hand_ins() if h.round == 1 and ("W01" in h.findings or h.campaign in OUTCOMES)}
    refused = {file for file in refused if by_path(story, 1)[file] == Outcome.REFUSED}
    assert refused == {file for file, outcome in by_path(story, 1).items() if outcome == Outcome.REFUSED}
    assert {h.file for h in hand_ins() if "W01" in h.findings} <= refused


def test_the_same_content_is_said_of_both(story: Story) -> None:
    """Nobody knows which of two units copied, so neither is taken as right."""
    pairs = [(h.unit, h.other) for h in hand_ins() if h.campaign == "same content"]
    assert story.with_code(1, "W14") == {unit for pair in pairs for unit in pair}


def test_an_unchanged_return_is_told(story: Story) -> None:
    """Saved again without a change: told; whoever put something right, be it the workbook itself, is not told so."""
    assert story.with_code(2, "W15") == {h.unit for h in hand_ins() if h.campaign == "unchanged"}


def test_noise_is_counted(story: Story) -> None:
    """Lock files and the like are passed over, each counted."""
    for number in ROUNDS:
        assert story.taken[number].noise == len(noise_files()[number])


def test_all_units_are_accepted_in_the_end(story: Story) -> None:
    """After three rounds every unit's true figures are accepted."""
    latest = story.campaign.store.latest()
    assert {unit: s.state for unit, s in latest.items() if s.state != State.ACCEPTED} == {}
    for unit, truth in true_filings().items():
        assert story.campaign.store.filing(latest[unit].id).values == truth.values, unit


def test_workbooks_are_handed_out_under_the_names_that_come_back(story: Story) -> None:
    """The plan's file names are those of the campaign."""
    issued = story.campaign.store.last_issued()
    assert {unit: issued[unit].file for unit in true_filings()} == {unit: issued_name(unit) for unit in true_filings()}


def test_no_unit_copied_from_another_in_the_end(story: Story) -> None:
    """All newest rounds compared: what is left of the neighbour's report taken over in the first round is nothing."""
    found = compare_units(story.campaign)
    assert found.compared == len(true_filings())
    assert found.pairs == ()

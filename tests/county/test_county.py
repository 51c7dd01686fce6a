"""The made-up county: its sources are in order, and each planted mistake gives its finding, and nothing else does.

The table is ``samples/county/mistakes.json``. Every file is taken in twice: as the package draws it, and as real
programs fill it in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.county.fill import Filler, issue_blanks
from tests.county.make import made_files
from tests.programs.gnumeric import Gnumeric
from tests.programs.libreoffice import Office
from tests.programs.node import ExcelJS
from xltool.campaign.gathering import Noise, gather
from xltool.campaign.roster import Change
from xltool.check.filing import check_filing
from xltool.county.drawn import drawn
from xltool.county.plan import ROUNDS, HandIn, hand_ins, noise_files
from xltool.county.returned import returned_files
from xltool.county.sources import FORM_ID, YEAR, folder, form, last_filings, prior_of, roster, true_filings
from xltool.county.substitutes import compound_file
from xltool.filing import Filing
from xltool.intake import Expected, Intake, take_in
from xltool.messages import MESSAGES
from xltool.spreadsheet.filekind import identify

NOT_PLANTED = {
    "W02": "there is one edition",
    "W05": "the campaign goes by the unit in the workbook",
    "W13": "there is one revision of the edition",
    "W14": "only the campaign sees it",
    "W15": "only the campaign sees it",
    "P02": "last year's filings are of the same edition",
    "S06": "the edition asks for the figures",
    "S20": "only the campaign knows last year's texts",
    "S21": "only the campaign sees it",
}
ALIKE = 0.5
"""The share of eight characters in a row from which offices hold two reports to be the same."""


@dataclass(frozen=True)
class Round:
    """What came back in a round: what was read of each file, by the path it was sent under, and the noise."""

    intakes: Mapping[str, Intake]
    contents: Mapping[str, bytes]
    noise: int
    troubles: tuple[str, ...]


def taken(folder: Path, number: int, make: Callable[[HandIn], bytes]) -> Round:
    """Write the round's files, open the zips, take everything in."""
    sent, scratch = folder / str(number), folder / "one.xlsx"
    for name, data in returned_files(number, make):
        path = sent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    noise, intakes, contents, troubles = Noise(), {}, {}, []
    for file in gather([sent], noise):
        name = file.source.removeprefix(f"{sent}/")
        scratch.write_bytes(file.data)
        contents[name], intakes[name] = file.data, take_in(scratch, expected=Expected(FORM_ID, None, YEAR))
        troubles += [file.trouble] if file.trouble else []
    return Round(intakes, contents, noise.count, tuple(troubles))


@pytest.fixture(scope="module")
def by_package(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Round]:
    """All rounds as the package draws them."""
    where = tmp_path_factory.mktemp("drawn")
    return {number: taken(where, number, drawn) for number in ROUNDS}


@pytest.fixture(scope="module")
def by_programs(
    tmp_path_factory: pytest.TempPathFactory, office: Office, gnumeric: Gnumeric, exceljs: ExcelJS
) -> dict[int, Round]:
    """All rounds with real programs; what is put right afterwards is not typed a second time."""
    where = tmp_path_factory.mktemp("filled")
    issue_blanks(where / "issued")
    (where / "work").mkdir()
    filler = Filler(office, gnumeric, exceljs, where / "issued", where / "work")

    def make(hand_in: HandIn) -> bytes:
        return filler.file_of(hand_in) if hand_in.round == 1 or hand_in.mistakes else drawn(hand_in)

    return {number: taken(where, number, make) for number in ROUNDS}


def name_of(hand_in: HandIn) -> str:
    return f"{hand_in.round}-{hand_in.unit}-{'、'.join(m.kind for m in hand_in.mistakes) or '无误'}"


def assert_found(hand_in: HandIn, rounds: dict[int, Round]) -> None:
    findings = rounds[hand_in.round].intakes[hand_in.file].findings
    said = {finding.key: finding.said for finding in findings}
    assert Counter(finding.key for finding in findings) == Counter(hand_in.findings), said
    for mistake in hand_in.mistakes:
        assert not mistake.says or any(mistake.says in said[key] for key in mistake.findings), said


@pytest.mark.parametrize("hand_in", hand_ins(), ids=name_of)
def test_mistakes_are_found_and_nothing_else(hand_in: HandIn, by_package: dict[int, Round]) -> None:
    """Mistake → finding, for each file of the plan as the package draws it."""
    assert_found(hand_in, by_package)


@pytest.mark.parametrize("hand_in", [h for h in hand_ins() if h.round == 1 or h.mistakes], ids=name_of)
def test_mistakes_are_found_in_what_programs_saved(hand_in: HandIn, by_programs: dict[int, Round]) -> None:
    """The same of the files that LibreOffice, Gnumeric, ExcelJS and openpyxl filled in and saved."""
    assert_found(hand_in, by_programs)


def test_nothing_is_lost_on_the_way(by_package: dict[int, Round]) -> None:
    """Zips in zips with GBK names give every file its name back; lock files and the like are all passed over."""
    for number, came in by_package.items():
        assert set(came.intakes) == {hand_in.file for hand_in in hand_ins() if hand_in.round == number}
        assert came.noise == len(noise_files()[number])
        assert came.troubles == ()


def test_every_kind_of_finding_is_planted() -> None:
    """The table has each code of the catalogue that a unit can bring about; H is about adding up, R about documents."""
    catalogue = {code for code in MESSAGES if code[0] not in "HR"} | {check.code for check in form().checks}
    planted = {key.split(".")[0] for hand_in in hand_ins() for key in hand_in.findings}
    assert catalogue - planted == set(NOT_PLANTED)


def test_every_unit_is_right_in_the_end(by_package: dict[int, Round]) -> None:
    """After the last round each unit has handed in its true figures with nothing open: the county can be added up."""
    last = {h.unit: by_package[h.round].intakes[h.file] for h in hand_ins() if h.unit in true_filings()}
    for unit, truth in true_filings().items():
        returned = last[unit].returned
        assert not last[unit].open_findings, unit
        assert returned is not None
        assert returned.filing == truth, unit


def test_what_only_the_campaign_sees_is_there(by_package: dict[int, Round]) -> None:
    """Copies, borrowed contents and workbooks, files saved again are what the plan says they are."""
    came = {(h.round, h.file): by_package[h.round].contents[h.file] for h in hand_ins()}
    for hand_in in [h for h in hand_ins() if h.campaign]:
        mine = came[hand_in.round, hand_in.file]
        others = [
            h for h in hand_ins() if h.unit == hand_in.unit and (h.round, h.file) != (hand_in.round, hand_in.file)
        ]
        same = {came[h.round, h.file] == mine for h in others}
        match hand_in.campaign:
            case "copy" | "the one to use":
                assert True in same
            case "unchanged" | "two at once" if hand_in.file.startswith(("乡镇", "QQ群")):
                assert same == {False}
            case "same content":
                assert hand_in.filing.values == true_filings()[hand_in.other].values
            case "other unit's workbook":
                assert hand_in.owner.name == hand_in.other


def test_made_files_are_made_from_their_sources() -> None:
    """last.json and this.json are what ``python -m tests.county.make`` makes now, and small enough to read."""
    for path, text in made_files().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run python -m tests.county.make"
        assert path.stat().st_size < 300_000


def test_the_roster_has_every_kind_of_unit() -> None:
    """All types that a county has, every change, powers said and unsaid, superiors two levels deep."""
    units = roster().units
    assert {unit.unit.type for unit in units} == set(form().unit_types) - {"省级政府", "市级政府"}
    assert {unit.change for unit in units} == set(Change)
    top = [unit.name for unit in units if not unit.superior]
    assert len(top) == 1
    assert len({roster().by_name[unit.superior].superior for unit in units if unit.superior}) == 2
    assert 60 <= sum(unit.files for unit in units) <= 70
    assert {name for unit in units for name in unit.unit.powers} == set(form().powers) - {"rules"}


def test_true_filings_are_in_order() -> None:
    """Without mistakes nothing is found in either year, but what is explained and what has no last year."""
    for name, filing in true_filings().items():
        findings = check_filing(form(), filing, prior_of(name))
        assert [f.key for f in findings if f.is_open] == [], name
    for name, filing in last_filings().items():
        assert {f.key for f in check_filing(form(), filing)} <= {"P01"}, name


def test_last_year_covers_everybody_who_was_there() -> None:
    """Each unit has its figures of last year, its own or its predecessors', but for the new one."""
    without = [unit.name for unit in roster() if unit.files and prior_of(unit.name) is None]
    assert without == [unit.name for unit in roster() if unit.change is Change.NEW]
    assert set(true_filings()) == {unit.name for unit in roster() if unit.files}


def test_no_two_reports_are_alike() -> None:
    """Texts differ between units and from the unit's own of last year."""
    this = {name: _pieces(filing) for name, filing in true_filings().items()}
    last = {name: _pieces(filing) for name, filing in last_filings().items()}
    shares = {(a, b): _share(this[a], this[b]) for a in this for b in this if a < b}
    shares |= {(a, "last year"): _share(this[a], last[a]) for a in this if a in last}
    assert {pair: share for pair, share in shares.items() if share >= ALIKE} == {}


def _pieces(filing: Filing) -> set[str]:
    text = "".join(text for part, text in filing.texts.items() if not part.startswith("cover."))
    return {text[at : at + 8] for at in range(len(text) - 7)}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other))


def test_drawing_twice_gives_the_same() -> None:
    """Equal sources, equal bytes: the demonstration is the same everywhere."""
    assert dict(returned_files(3)) == dict(returned_files(3))


def test_stand_ins_are_what_they_are_called() -> None:
    """A compound file is recognised by its stream, as the real ones are."""
    assert identify(compound_file("Workbook", bytes(5000))) == "xls"
    assert identify(compound_file("EncryptedPackage", bytes(4096))) == "encrypted"


def test_the_county_folder_holds_nothing_else() -> None:
    """Typed sources, made files, and the page that explains them."""
    typed = {"名册.csv", "profile.json", "phrases.json", "mistakes.json", "README.md"}
    assert {path.name for path in folder().iterdir()} == typed | {path.name for path in made_files()}

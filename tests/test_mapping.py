"""mapping.yaml: last year's figures of one edition as figures of the other, and what is said of those that have none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from tests.fills import all_zero
from tests.salvage.printed import random_values
from tests.test_definition import expected_message
from tests.test_edition_2021 import figures
from xltool.campaign.home import Settings, create_campaign
from xltool.campaign.issuing import issue
from xltool.campaign.lastyear import last_year
from xltool.campaign.roster import Change, Roster, RosterUnit
from xltool.campaign.seeding import seed_of
from xltool.campaign.taking import take
from xltool.check.filing import check_filing
from xltool.check.judge import amounts
from xltool.check.mapped import mapped
from xltool.cli import app
from xltool.definition import form_by_id, load_form
from xltool.definition.mapping import mapping_between, parse_mapping
from xltool.errors import DefinitionError, FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit, to_json
from xltool.form import Form
from xltool.intake import last_year_as, take_in
from xltool.report.word import write_word
from xltool.workbook.reader import read_filing
from xltool.workbook.writer import write_workbook

BROKEN = sorted((Path(__file__).parent / "broken_mappings").glob("*.yaml"))
UNIT = Unit("某县水务局", type="部门")
OTHER = ("r3_6_1", "r3_6_2", "r3_6_3")


@pytest.fixture(scope="module")
def older() -> Form:
    found = form_by_id("gkbg-2019")
    assert found is not None
    return found


def as_other(filing: Filing, source: Form, target: Form) -> tuple[Filing, tuple[FigureId, ...]]:
    found = mapped(filing, source, target)
    assert found is not None
    return found


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_a_broken_mapping_says_what_is_wrong(form: Form, older: Form, path: Path) -> None:
    """File, line and fact; in an expression the text with a caret."""
    text = path.read_text("utf-8")
    with pytest.raises(DefinitionError) as caught:
        parse_mapping(text, path.name, older, form)
    assert str(caught.value) == expected_message(text)


def test_the_older_filing_in_the_newer_form(form: Form, older: Form) -> None:
    """Tables 3 and 4 by row; where only the sum of （六） is known, its rows are 0 or unknown, the total is as stated."""
    some = figures("t3.r1.natural 9, t3.r3_1.natural 5, t3.r3_6.natural 4, t3.r1.company 2, t3.r3_1.company 2")
    some |= figures("t2.permits.decisions 8, t2.rules.disclosed 7, t2.services.decisions 3")
    texts = {"s1.platform": "网站改版。", "cover.contact": "张三"}
    made, untold = as_other(Filing(older.id, UNIT, 2020, all_zero(older) | some, texts=texts), older, form)
    known = amounts(form, made)
    assert (made.form, made.unit, made.year, made.texts) == (form.id, UNIT, 2020, texts)
    assert known[FigureId("t3", "r3_1", "total")] == 7
    assert [known.get(FigureId("t3", row, "natural")) for row in OTHER] == [None] * 3
    assert [known[FigureId("t3", row, "company")] for row in OTHER] == [0] * 3
    assert made.stated == {FigureId("t3", "r3_7", "natural"): 9, FigureId("t3", "r3_7", "total"): 11}
    assert known[FigureId("t3", "r3_7", "company")] == 2
    assert {str(figure): value for figure, value in known.items() if figure.table == "t2"} == {
        "t2.permits.decisions": 8,
        "t2.penalties.decisions": 0,
        "t2.coercion.decisions": 0,
    }
    lacking = {str(figure) for figure in untold}
    assert {"t2.rules.in_force", "t2.fees.amount", "s6.fee.amount", "t3.r3_6_2.natural"} <= lacking
    assert "t3.r3_6_2.company" not in lacking


def test_the_newer_filing_in_the_older_form(form: Form, older: Form) -> None:
    """The three rows added up; every total can be added up, so none is stated."""
    values = random_values(form, Random(5))
    made, untold = as_other(Filing(form.id, UNIT, 2021, values), form, older)
    known, before = amounts(older, made), amounts(form, Filing(form.id, UNIT, 2021, values))
    for column in ("natural", "other", "total"):
        assert known[FigureId("t3", "r3_6", column)] == sum(before[FigureId("t3", row, column)] for row in OTHER)
        assert known[FigureId("t3", "r3_7", column)] == before[FigureId("t3", "r3_7", column)]
    assert made.stated == {}
    assert {figure.table for figure in untold} == {"t2"}
    assert len(untold) == 22 - 3


def test_a_sum_of_the_source_is_unknown_where_a_part_is(form: Form, older: Form) -> None:
    """Blank is not 0; a declared zero is."""
    values = figures("t3.r3_6_1.natural 2, t3.r3_6_2.natural 1")
    blank, _ = as_other(Filing(form.id, UNIT, 2021, values), form, older)
    declared, _ = as_other(Filing(form.id, UNIT, 2021, values, zero_declared=frozenset({"t3"})), form, older)
    figure = FigureId("t3", "r3_6", "natural")
    assert blank.values.get(figure) is None
    assert declared.values[figure] == 3


def test_only_where_it_is_declared(form: Form, older: Form, village_form: Form) -> None:
    """Both editions know the other; another form knows neither, and its filing is refused by name."""
    assert mapping_between(older, form) is not None
    assert mapping_between(form, older) is not None
    assert mapping_between(form, village_form) is None
    assert mapping_between(village_form, form) is None
    with pytest.raises(FileRefused, match="village-9"):
        last_year_as(form, Filing("village-9", UNIT, 2020))


@pytest.fixture(scope="module")
def village_form() -> Form:
    return load_form(Path(__file__).parent / "forms" / "village-9")


def test_cross_year_checks_go_on(form: Form, older: Form, tmp_path: Path) -> None:
    """What was carried over in 2020 is asked for in 2021; what has no counterpart is listed, in one hint."""
    before = Filing(older.id, UNIT, 2020, all_zero(older) | figures("t3.r1.natural 4, t3.r4.natural 4"))
    now = Filing(form.id, UNIT, 2021, all_zero(form) | figures("t3.r2.natural 3, t3.r3_1.natural 3"))
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook(form, now))
    intake = take_in(path, before)
    codes = {finding.code for finding in intake.findings}
    assert {"Y01", "Y02", "P02"} <= codes
    (told,) = [finding for finding in intake.findings if finding.code == "P02"]
    assert "现行有效件数" in told.said
    assert not told.is_open
    right = Filing(form.id, UNIT, 2021, all_zero(form) | figures("t3.r2.natural 4, t3.r3_1.natural 4"))
    become, _ = last_year_as(form, before)
    assert {"Y01", "Y02"}.isdisjoint(finding.code for finding in check_filing(form, right, become))


def test_a_stated_total_serves_where_its_parts_are_unknown(form: Form, older: Form) -> None:
    """办结 of last year is compared although nobody knows how （六） was divided."""
    before = Filing(older.id, UNIT, 2020, all_zero(older) | figures("t3.r1.natural 90, t3.r3_6.natural 90"))
    become, _ = last_year_as(form, before)
    found = {finding.key for finding in check_filing(form, Filing(form.id, UNIT, 2021, all_zero(form)), become)}
    assert "Y05.t3.r3_7.total" in found


def test_a_blank_is_seeded_from_the_other_edition(older: Form, tmp_path: Path) -> None:
    """xltool blank --prior with last year's data of the older edition: what there is goes in, the rest is told."""
    data = tmp_path / "2020.json"
    values = all_zero(older) | figures("t3.r4.natural 4, t2.permits.decisions 8")
    data.write_text(to_json(Filing(older.id, UNIT, 2020, values)), encoding="utf-8")
    arguments = ["--unit", UNIT.name, "--type", "部门", "--year", "2021", "--prior", str(data), "-o", str(tmp_path)]
    done = CliRunner().invoke(app, ["blank", *arguments])
    assert done.exit_code == 0
    assert "已换算成“gkbg-2021”的" in done.stderr
    (made,) = tmp_path.glob("*.xlsx")
    prior = read_filing(made.read_bytes(), form_by_id).prior
    assert prior is not None
    assert prior.values[FigureId("t3", "r4", "natural")] == Decimal(4)
    assert prior.values[FigureId("t2", "permits", "decisions")] == Decimal(8)
    assert FigureId("t2", "rules", "in_force") not in prior.values


def test_a_campaign_keeps_totals_known_only_as_stated(form: Form, older: Form, tmp_path: Path) -> None:
    """They are seeded, stand among last year's figures of the blank, are checked against, and come back with it."""
    total = FigureId("t3", "r3_7", "total")
    before = Filing(older.id, UNIT, 2020, all_zero(older) | figures("t3.r1.natural 90, t3.r3_6.natural 90"))
    (tmp_path / "上年").mkdir()
    (tmp_path / "上年" / "a.docx").write_bytes(write_word(older, before))
    roster = Roster((RosterUnit(1, UNIT),))
    day = date(2022, 1, 31)
    campaign = create_campaign(tmp_path / "2021", form, Settings(form.id, 2021, "某县", day, day), roster)
    for name, filing in last_year(tmp_path / "上年", form, 2021, roster).filings.items():
        campaign.store.put_seed(name, filing)
    issue(campaign)
    (blank,) = (campaign.folder / "下发").glob("*.xlsx")
    carried = read_filing(blank.read_bytes(), form_by_id)
    assert carried.prior is not None
    assert carried.prior.stated[total] == 90
    assert total not in amounts(form, carried.prior)
    assert not any(finding.code == "W09" for finding in carried.findings)

    path = tmp_path / "收到.xlsx"
    path.write_bytes(write_workbook(form, Filing(form.id, UNIT, 2021, all_zero(form)), carried.prior))
    assert "Y05.t3.r3_7.total" in {finding.key for finding in take_in(path).findings}
    take(campaign, [path])
    assert "Y05.t3.r3_7.total" in {finding.key for finding in campaign.store.latest()[UNIT.name].findings}


def test_stated_totals_of_merged_units(form: Form, older: Form) -> None:
    """Added up where they are known of each; where one is known by its parts alone, too."""
    total = FigureId("t3", "r3_7", "total")
    units = [Unit(name) for name in ("甲局", "乙局")]
    undivided, _ = last_year_as(form, Filing(older.id, units[0], 2020, all_zero(older) | figures("t3.r3_6.natural 5")))
    whole = Filing(form.id, units[1], 2020, all_zero(form) | figures("t3.r3_1.natural 2"))
    merged = RosterUnit(1, UNIT, change=Change.MERGED, predecessors=("甲局", "乙局"))
    seed = seed_of(form, merged, 2021, {"甲局": undivided, "乙局": whole})
    assert seed is not None
    assert seed.stated[total] == 7
    half = seed_of(form, merged, 2021, {"甲局": undivided, "乙局": Filing(form.id, units[1], 2020)})
    assert half is not None
    assert half.stated == {}


def test_a_campaign_takes_last_year_s_data_of_the_older_edition(form: Form, older: Form, tmp_path: Path) -> None:
    """A folder of last year's data: mapped, with a doubt about what has no counterpart; a wrong year stays refused."""
    values = all_zero(older) | figures("t3.r4.natural 4, t3.r1.natural 4")
    for name, year in (("甲局", 2020), ("乙局", 2018)):
        data = to_json(Filing(older.id, Unit(name), year, values))
        (tmp_path / f"{name}.json").write_text(data, encoding="utf-8")
    roster = Roster(tuple(RosterUnit(order, Unit(name)) for order, name in enumerate(("甲局", "乙局"), 1)))
    found = last_year(tmp_path, form, 2021, roster)
    assert {name: filing.form for name, filing in found.filings.items()} == {"甲局": form.id}
    assert found.filings["甲局"].values[FigureId("t3", "r4", "natural")] == 4
    assert any(doubt.startswith("甲局.json：") and "现行有效件数" in doubt for doubt in found.doubts)
    assert any("乙局.json：是“gkbg-2019” 2018 年的，应为“gkbg-2021” 2020 年的" in doubt for doubt in found.doubts)


def test_a_campaign_takes_reports_published_in_the_older_form(form: Form, older: Form, tmp_path: Path) -> None:
    """A Word report for 2020 is read by the edition of its year, and then mapped."""
    said = Filing(older.id, UNIT, 2020, all_zero(older) | figures("t3.r4.natural 4, t3.r1.natural 4"))
    (tmp_path / "a.docx").write_bytes(write_word(older, said))
    found = last_year(tmp_path, form, 2021, Roster((RosterUnit(1, UNIT),)))
    assert found.filings[UNIT.name].form == form.id
    assert found.filings[UNIT.name].values[FigureId("t3", "r4", "natural")] == 4
    assert any("现行有效件数" in doubt for doubt in found.doubts)


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ({"t3.r4": "t3.r4"}, ""),
        ({"  gkbg-2019:": "  gkbg-2091:"}, "mapping.yaml:9: 来源“gkbg-2091”不是已有的别的表式，应为：gkbg-2019"),
        ({"  gkbg-2019:": "  gkbg-2021:"}, "mapping.yaml:9: 来源“gkbg-2021”不是已有的别的表式，应为：gkbg-2019"),
        ({"t4: {same: t4}": "t4: {same: t9}"}, "mapping.yaml:15: 表式“gkbg-2019”里没有表“t9”"),
    ],
)
def test_lint_reads_the_mapping(form: Form, tmp_path: Path, mistake: dict[str, str], said: str) -> None:
    """xltool forms lint: what is wrong in mapping.yaml with its line; else how much has counterparts."""
    assert form.folder is not None
    folder = tmp_path / form.id
    folder.mkdir()
    (folder / "form.yaml").write_bytes((form.folder / "form.yaml").read_bytes())
    text = (form.folder / "mapping.yaml").read_text("utf-8")
    for right, wrong in mistake.items():
        text = text.replace(right, wrong)
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["forms", "lint", str(folder)])
    if said:
        assert said in str(done.exception)
    else:
        assert done.exit_code == 0
        assert "mapping.yaml：从“gkbg-2019”换算，168 个数中 159 个有对应。" in done.stdout

"""Handing out: one workbook per unit with last year's figures; again only what is missing or has changed."""

from __future__ import annotations

import errno
import os
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    FOUR,
    HEALTH,
    OFFICE,
    PERMITS,
    WATER,
    YEAR,
    campaign_in,
    entry,
    filing,
    telling,
    the_form,
)
from xltool.campaign.home import Campaign
from xltool.campaign.issuing import HandOut, issue, zip_by_superior
from xltool.campaign.roster import Change, RosterUnit
from xltool.definition import form_by_id
from xltool.errors import CampaignTrouble, NotWritten
from xltool.figure import FigureId
from xltool.filing import Unit
from xltool.workbook.identity import is_form_number
from xltool.workbook.reader import Returned, read_filing


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """Four units; of 教育局 last year is known."""
    made = campaign_in(tmp_path / "2024")
    made.store.put_seed(EDUCATION, filing(EDUCATION, telling(5), year=YEAR - 1))
    return made


def issued(outs: list[HandOut]) -> dict[str, str]:
    """Files that were written, by unit."""
    return {out.unit.name: out.issued.file for out in outs if out.issued is not None}


def workbooks(campaign: Campaign) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (campaign.folder / "下发").glob("*.xlsx")}


def read(campaign: Campaign, file: str) -> Returned:
    return read_filing((campaign.folder / "下发" / file).read_bytes(), form_by_id)


def change(campaign: Campaign, name: str, **changes: object) -> None:
    """Change a line of the roster."""
    roster = campaign.roster()
    units = tuple(replace(unit, **changes) if unit.name == name else unit for unit in roster)  # type: ignore[arg-type]
    campaign.store.put_roster(replace(roster, units=units))


def test_what_is_handed_out_reads_back(campaign: Campaign) -> None:
    """Form, unit, year, issue 1 and last year's figures stand in the workbook; it is blank otherwise."""
    outs = issue(campaign)
    assert [(out.unit.name, out.seeded) for out in outs] == [(name, name == EDUCATION) for name in FOUR]
    for out in outs:
        assert out.issued is not None
        returned = read(campaign, out.issued.file)
        assert (returned.filing.form, returned.filing.unit, returned.filing.year) == ("gkbg-2021", out.unit.unit, YEAR)
        assert (returned.identity.issue, returned.identity.number) == (1, out.issued.number)
        assert is_form_number(out.issued.number)
        assert (dict(returned.filing.values), returned.findings) == ({}, ())
    prior = read(campaign, issued(outs)[EDUCATION]).prior
    assert prior is not None
    assert (prior.year, dict(prior.values)) == (YEAR - 1, dict(filing(EDUCATION, telling(5)).values))


def test_names_people_recognise(tmp_path: Path) -> None:
    """Order, unit, year; what no file name can have is replaced; long names that begin alike keep apart."""
    long = ["宁安朝鲜族自治县" * 12 + end for end in ("东局", "西局")]
    campaign = campaign_in(tmp_path / "2024", (entry(7, EDUCATION), *(entry(12, name) for name in ("甲/乙:局", *long))))
    files = issued(issue(campaign))
    assert files[EDUCATION] == "007_宁安县教育局_2024年年度报告填报表.xlsx"
    assert files["甲/乙:局"] == "012_甲_乙_局_2024年年度报告填报表.xlsx"
    assert len(workbooks(campaign)) == 4
    assert all(len(name.encode()) <= 255 for name in workbooks(campaign))
    assert {read(campaign, files[name]).filing.unit.name for name in long} == set(long)


def test_again_hands_out_nothing(campaign: Campaign) -> None:
    """A second run writes nothing, records nothing and says so."""
    issue(campaign)
    before, recorded = workbooks(campaign), campaign.store.last_issued()
    assert issued(issue(campaign)) == {}
    assert (workbooks(campaign), campaign.store.last_issued()) == (before, recorded)


def test_a_missing_file_is_written_again(campaign: Campaign) -> None:
    """The same workbook, byte for byte, with the same number; it is said to be handed out, and no second issue."""
    files = issued(issue(campaign))
    before = workbooks(campaign)
    (campaign.folder / "下发" / files[HEALTH]).unlink()
    change(campaign, HEALTH, order=99)  # its place in the list is no reason for another name
    assert issued(issue(campaign, dry_run=True)) == {HEALTH: files[HEALTH]}
    assert issued(issue(campaign)) == {HEALTH: files[HEALTH]}
    assert workbooks(campaign) == before
    assert campaign.store.last_issued()[HEALTH].issue == 1
    assert issued(issue(campaign)) == {}


@pytest.mark.parametrize("what", ["type", "powers", "code", "seed", "change"])
def test_a_changed_line_is_a_second_issue(what: str, campaign: Campaign) -> None:
    """Type, powers, code, last year's figures or the change against last year: issue 2 under another number."""
    first = issue(campaign)[0].issued
    assert first is not None
    unit = {"type": Unit(EDUCATION, None, "部门"), "powers": Unit(EDUCATION, powers={"permits": True})}
    if what == "seed":
        campaign.store.put_seed(EDUCATION, filing(EDUCATION, telling(6), year=YEAR - 1))
    elif what == "change":
        change(campaign, EDUCATION, change=Change.NEW)
    else:
        change(campaign, EDUCATION, unit=unit.get(what, Unit(EDUCATION, "1102")))
    (second,) = [out.issued for out in issue(campaign) if out.issued is not None]
    assert (second.unit, second.issue) == (EDUCATION, 2)
    assert second.number != first.number
    assert second.file == "001_宁安县教育局_2024年年度报告填报表_第2次.xlsx"
    returned = read(campaign, second.file)
    assert (returned.identity.issue, returned.identity.number) == (2, second.number)
    assert (campaign.folder / "下发" / first.file).exists()
    assert issued(issue(campaign)) == {}


def test_a_contact_is_no_reason(campaign: Campaign) -> None:
    """Another telephone number makes no new workbook."""
    issue(campaign)
    change(campaign, EDUCATION, contact="王五", phone="12345")
    assert issued(issue(campaign)) == {}


def test_a_dry_run(campaign: Campaign) -> None:
    """It lists what would be handed out and writes nothing."""
    assert list(issued(issue(campaign, dry_run=True))) == list(FOUR)
    assert workbooks(campaign) == {}
    assert campaign.store.last_issued() == {}


# changes against last year


def seeded(campaign: Campaign, **known: int | None) -> None:
    """Last year's filings: 行政许可 by the name of then, None left blank."""
    for name, permits in known.items():
        values = {} if permits is None else {PERMITS: permits}
        unread = {PERMITS: "无"} if permits is None else None
        campaign.store.put_seed(name, filing(name, values, unread, YEAR - 1))


def prior_of(tmp_path: Path, unit: RosterUnit, **known: int | None) -> Decimal | str | None:
    """行政许可 of last year in the workbook of ``unit``; "none" where nothing was seeded."""
    campaign = campaign_in(tmp_path / "2024", (unit,))
    seeded(campaign, **known)
    (out,) = issue(campaign)
    assert out.issued is not None
    prior = read(campaign, out.issued.file).prior
    assert out.seeded == (prior is not None)
    return "none" if prior is None else prior.values.get(PERMITS)


@pytest.mark.parametrize(
    ("unit", "known", "expected"),
    [
        (entry(1, "甲局"), {"甲局": 3}, 3),
        (entry(1, "甲局"), {"乙局": 3}, "none"),
        (entry(1, "甲局", "", Change.NEW), {"甲局": 3}, "none"),
        (entry(1, "丙局", "", Change.MERGED, "甲局", "乙局"), {"甲局": 3, "乙局": 4}, 7),
        (entry(1, "丙局", "", Change.MERGED, "甲局", "乙局"), {"甲局": 3}, "none"),
        (entry(1, "丙局", "", Change.MERGED, "甲局", "乙局"), {"甲局": 3, "乙局": None}, None),
        (entry(1, "丙局", "", Change.MERGED, "甲局"), {"甲局": 3, "丙局": 5}, 8),
        (entry(1, "丙局", "", Change.RENAMED, "甲局"), {"甲局": 3, "丙局": 5}, 3),
    ],
)
def test_last_year_of_changed_units(
    unit: RosterUnit, known: dict[str, int | None], expected: int | str | None, tmp_path: Path
) -> None:
    """The new have none; the renamed their own; the merged the sum, and where one is unknown none at all."""
    assert prior_of(tmp_path, unit, **known) == expected


def test_every_figure_of_a_merger_is_added(tmp_path: Path) -> None:
    """Each applicant column by itself."""
    campaign = campaign_in(tmp_path / "2024", (entry(1, "丙局", "", Change.MERGED, "甲局", "乙局"),))
    figures = [figure.id for figure in the_form().inputs]
    for name, factor in (("甲局", 1), ("乙局", 100)):
        values: dict[FigureId, int | Decimal] = {figure: factor * n for n, figure in enumerate(figures)}
        campaign.store.put_seed(name, filing(name, values, year=YEAR - 1))
    (out,) = issue(campaign)
    assert out.issued is not None
    prior = read(campaign, out.issued.file).prior
    assert prior is not None
    assert dict(prior.values) == {figure: 101 * n for n, figure in enumerate(figures)}


def test_who_gets_none(tmp_path: Path) -> None:
    """The abolished, and those others file for, get no workbook."""
    units = (
        entry(1, EDUCATION),
        entry(2, HEALTH, "", Change.ABOLISHED),
        entry(3, WATER, "", Change.FILED_BY, EDUCATION),
    )
    campaign = campaign_in(tmp_path / "2024", units)
    assert list(issued(issue(campaign))) == [EDUCATION]


# zips


def test_zips_by_superior(tmp_path: Path) -> None:
    """Each superior's zip holds the current workbooks of the units right under it and the note; names in UTF-8."""
    units = (entry(1, OFFICE), entry(2, EDUCATION, OFFICE), entry(3, "第一中学", EDUCATION), entry(4, HEALTH, OFFICE))
    campaign = campaign_in(tmp_path / "2024", units)
    with pytest.raises(CampaignTrouble, match="还没有下发过"):
        zip_by_superior(campaign)
    issue(campaign)
    change(campaign, HEALTH, unit=Unit(HEALTH, "9"))
    files = {**issued(issue(campaign))}
    assert zip_by_superior(campaign) == [f"{OFFICE}.zip", f"{EDUCATION}.zip"]
    with zipfile.ZipFile(campaign.folder / "下发" / f"{OFFICE}.zip") as archive:
        inside = [name for name in archive.namelist() if name.endswith(".xlsx")]
        assert len(inside) == 3
        assert files[HEALTH] in inside
        assert all(info.flag_bits & 0x800 for info in archive.infolist())
        assert archive.read(files[HEALTH]) == workbooks(campaign)[files[HEALTH]]
        assert any(name.endswith(".docx") for name in archive.namelist())


def test_a_unit_abolished_after_it_was_handed_out(campaign: Campaign) -> None:
    """A unit that files no more does not keep the zips from being made; a lost workbook is said."""
    files = issued(issue(campaign))
    change(campaign, WATER, change=Change.ABOLISHED)
    (campaign.folder / "下发" / files[WATER]).unlink()
    assert zip_by_superior(campaign) == [f"{OFFICE}.zip"]
    (campaign.folder / "下发" / files[FINANCE]).unlink()
    with pytest.raises(CampaignTrouble, match="再运行一次 xltool issue"):
        zip_by_superior(campaign)


# trouble


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_where_nothing_can_be_written(code: int, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, a read-only folder, a workbook open in another program: a sentence, nothing half written."""

    def full(_: int) -> NoReturn:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritten, match="写不进去"):
        issue(campaign)
    assert list((campaign.folder / "下发").iterdir()) == []
    assert campaign.store.last_issued() == {}
    monkeypatch.undo()
    assert len(issued(issue(campaign))) == 4


def test_interrupted_while_handing_out(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written before an interruption is written again; every unit has one workbook under one number."""
    really, count = os.fsync, []

    def interrupted(handle: int) -> None:
        count.append(handle)
        if len(count) == 3:
            raise KeyboardInterrupt
        really(handle)

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        issue(campaign)
    monkeypatch.undo()
    issue(campaign)
    assert len(workbooks(campaign)) == 4
    assert {issued.issue for issued in campaign.store.last_issued().values()} == {1}
    assert not list((campaign.folder / "下发").glob("*.part"))

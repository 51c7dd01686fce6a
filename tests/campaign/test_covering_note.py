"""The covering note in a campaign: written once with the workbooks, packed with them, again where it changed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from tests.campaign.making import OFFICE, campaign_in, entry
from xltool.campaign.covering import COVERING_NOTE, note_is_due, put_covering_note
from xltool.campaign.home import ISSUED, Campaign
from xltool.campaign.issuing import issue, zip_by_superior
from xltool.cli.collect import issue_app

TOWN, SCHOOL = "宁安县东京镇", "宁安县东京镇中心小学"


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A town right under the office, a school under the town."""
    return on_day(campaign_in(tmp_path / "2024", (TOWN, entry(2, SCHOOL, TOWN))), 3)


def on_day(campaign: Campaign, day: int) -> Campaign:
    """The campaign in January of 2025."""
    return replace(campaign, now=lambda: datetime(2025, 1, day, 9, 0))


def path(campaign: Campaign) -> Path:
    return campaign.folder / ISSUED / COVERING_NOTE


def said(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def edited(data: bytes) -> bytes:
    """As the office saves it after adding its telephone number."""
    document = docx.Document(io.BytesIO(data))
    document.add_paragraph("电话：0453-1234567")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_it_goes_out_with_the_workbooks(campaign: Campaign) -> None:
    """One note for all: how many units, the campaign's deadline, the office, the day it was issued."""
    issue(campaign)
    text = said(path(campaign).read_bytes())
    assert "本次共有2个单位" in text
    assert "请于2025年1月31日（星期五）前交回。" in text
    assert text.endswith(f"{OFFICE}\n2025年1月3日")


def test_a_dry_run_writes_nothing(campaign: Campaign) -> None:
    """Neither the file nor the record of it."""
    issue(campaign, dry_run=True)
    assert not path(campaign).exists()
    assert note_is_due(campaign)


def test_again_makes_nothing_new(campaign: Campaign) -> None:
    """On another day, and after the office has edited it, the note stays as it is, byte for byte and in time."""
    issue(campaign)
    path(campaign).write_bytes(edited(path(campaign).read_bytes()))
    before = path(campaign).read_bytes(), path(campaign).stat().st_mtime_ns
    issue(on_day(campaign, 9))
    assert not put_covering_note(on_day(campaign, 9))
    assert (path(campaign).read_bytes(), path(campaign).stat().st_mtime_ns) == before


def test_a_lost_note_comes_back_as_it_was(campaign: Campaign) -> None:
    """With the date it had: equal to the one that was sent."""
    issue(campaign)
    before = path(campaign).read_bytes()
    path(campaign).unlink()
    issue(on_day(campaign, 9))
    assert path(campaign).read_bytes() == before


def test_a_new_deadline_makes_a_new_note(campaign: Campaign) -> None:
    """It bears the new day, and nothing of the old one is kept that nobody edited."""
    issue(campaign)
    issue(on_day(replace(campaign, settings=replace(campaign.settings, hand_in=date(2025, 2, 10))), 9))
    text = said(path(campaign).read_bytes())
    assert "2025年2月10日（星期一）前" in text
    assert text.endswith("2025年1月9日")
    assert [file.name for file in path(campaign).parent.glob("*.docx")] == [COVERING_NOTE]


def test_what_the_office_edited_is_never_lost(campaign: Campaign) -> None:
    """A new note is written, the edited one stands beside it."""
    issue(campaign)
    own = edited(path(campaign).read_bytes())
    path(campaign).write_bytes(own)
    issue(on_day(replace(campaign, settings=replace(campaign.settings, hand_in=date(2025, 2, 10))), 9))
    (kept,) = [file for file in path(campaign).parent.glob("*.docx") if file.name != COVERING_NOTE]
    assert kept.name.startswith("填报通知_2025-01-03改过的")
    assert kept.read_bytes() == own
    assert "2月10日" in said(path(campaign).read_bytes())


def test_every_zip_holds_it(campaign: Campaign) -> None:
    """Once in each, as it stands in the folder, edited or not."""
    issue(campaign)
    path(campaign).write_bytes(edited(path(campaign).read_bytes()))
    names = zip_by_superior(campaign)
    assert len(names) == 2
    for name in names:
        with zipfile.ZipFile(campaign.folder / ISSUED / name) as archive:
            assert archive.namelist()[0] == COVERING_NOTE
            assert archive.read(COVERING_NOTE) == path(campaign).read_bytes()
            assert len(archive.namelist()) == 2


def test_the_command_says_so(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """First that it was issued, then that it has not changed; with the deadline."""
    monkeypatch.chdir(campaign.folder)
    lines = [CliRunner().invoke(issue_app, arguments).output for arguments in (["--dry-run"], [], [])]
    found = [next(line for line in output.splitlines() if COVERING_NOTE in line) for output in lines]
    assert found == [
        "填报通知.docx（报送期限 2025-01-31）：要下发。",
        "填报通知.docx（报送期限 2025-01-31）：已下发。",
        "填报通知.docx（报送期限 2025-01-31）：没有变化，未重写。",
    ]

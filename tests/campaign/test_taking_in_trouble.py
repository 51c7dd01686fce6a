"""Accidents while taking in: what cannot be kept, read or recorded is told in a sentence, the rest goes on."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path
from typing import NoReturn

import openpyxl
import pytest

from tests.campaign.making import (
    EDUCATION,
    FOUR,
    HEALTH,
    OFFICE,
    book,
    campaign_in,
    filing,
    good,
    is_sound,
    kept,
    open_codes,
    put,
    states,
    take_files,
    take_one,
)
from xltool.campaign import reading
from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.taking import Outcome, take
from xltool.errors import CampaignTrouble
from xltool.workbook.layout.addresses import IDENTITY
from xltool.workbook.reader import FormById, Returned, read_filing


def test_a_reader_s_accident(campaign: Campaign, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should one file bring the reader down, the file is kept, a sentence says so, and the others go on."""

    def stumbling(data: bytes, forms: FormById) -> Returned:
        if data == good(HEALTH):
            raise RecursionError
        return read_filing(data, forms)

    monkeypatch.setattr(reading, "read_filing", stumbling)
    taking = take_files(campaign, inbox, {"a.xlsx": good(HEALTH), "b.xlsx": good(EDUCATION)})
    assert [line.outcome for line in taking.lines] == [Outcome.REFUSED, Outcome.TAKEN]
    assert "读取时出了意外" in taking.lines[0].said
    assert good(HEALTH) in kept(campaign).values()


@pytest.mark.parametrize(
    ("code", "reason"),
    [(errno.ENOSPC, "磁盘已满"), (errno.EROFS, "这个位置是只读的"), (errno.EACCES, "没有权限，或者正被别的程序打开")],
)
def test_where_originals_cannot_be_written(
    code: int, reason: str, campaign: Campaign, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a read-only folder, a file held by another program: a sentence, nothing half written or recorded."""

    def full(_: int) -> NoReturn:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    taking = take_files(campaign, inbox, {"a.xlsx": good(EDUCATION)})
    (line,) = taking.lines
    assert line.outcome is Outcome.REFUSED
    assert line.said.startswith("原件存不进去，没有登记：")
    assert reason in line.said
    assert (kept(campaign), states(campaign)) == ({}, {})
    monkeypatch.undo()
    assert take(campaign, [inbox]).lines[0].outcome is Outcome.TAKEN


def test_a_read_only_database(campaign: Campaign, inbox: Path) -> None:
    """Where the database cannot be written: one sentence in Chinese, nothing recorded."""
    campaign.store._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(CampaignTrouble, match="只读"):
        take_files(campaign, inbox, {"a.xlsx": good(EDUCATION)})
    campaign.store._connection.execute("PRAGMA query_only = 0")
    assert states(campaign) == {}


@pytest.mark.usefixtures("one_by_one")
def test_a_database_that_is_full(campaign: Campaign, inbox: Path) -> None:
    """The disk is full in the middle of a run: one sentence; what was recorded stays whole, the rest comes later."""
    connection = campaign.store._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 40}")
    put(inbox, {f"{n}.xlsx": book(filing(unit, text="办" * 900)) for n, unit in enumerate(FOUR)})
    with pytest.raises(CampaignTrouble, match="磁盘已满"):
        take(campaign, [inbox])
    assert not connection.in_transaction
    assert is_sound(campaign.folder)
    recorded = states(campaign)
    assert 0 < len(recorded) < 4
    connection.execute("PRAGMA max_page_count = 1000000")
    assert take(campaign, [inbox]).count(Outcome.TAKEN) == 4 - len(recorded)
    assert {len(rounds) for rounds in states(campaign).values()} == {1}


def test_a_database_that_is_none(campaign: Campaign) -> None:
    """A damaged database: a sentence that points to the backup."""
    campaign.store.close()
    (campaign.folder / "campaign.db").write_bytes(b"not a database" * 400)
    with pytest.raises(CampaignTrouble, match="数据库损坏"):
        find_campaign(campaign.folder)
    (campaign.folder / "campaign.db").write_bytes(b"")
    with pytest.raises(CampaignTrouble, match="内容不完整"):
        find_campaign(campaign.folder)
    assert OFFICE in campaign_in(campaign.folder).settings.office


def test_the_hidden_sheet_is_gone(campaign: Campaign, inbox: Path) -> None:
    """A workbook whose identity was taken away is refused or told as W16; it is never filed by its name."""
    copy = openpyxl.load_workbook(io.BytesIO(good(EDUCATION)))
    del copy[IDENTITY]
    buffer = io.BytesIO()
    copy.save(buffer)
    line = take_one(campaign, inbox / f"{HEALTH}.xlsx", buffer.getvalue())
    assert HEALTH not in states(campaign)
    assert line.outcome is Outcome.REFUSED or "W16" in open_codes(campaign, EDUCATION)

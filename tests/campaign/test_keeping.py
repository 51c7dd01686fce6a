"""Backup and restore: one file that works on elsewhere; all or nothing, and nothing overwritten."""

from __future__ import annotations

import errno
import os
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    Clock,
    campaign_in,
    good,
    is_sound,
    kept,
    put,
    states,
    take_one,
    wrong,
    zipped,
)
from xltool.campaign.board import make_board
from xltool.campaign.deciding import accept
from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.issuing import issue
from xltool.campaign.keeping import back_up, restore
from xltool.campaign.returning import return_units
from xltool.errors import CampaignTrouble


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """Handed out, taken in, returned, accepted."""
    made = campaign_in(tmp_path / "2024")
    issue(made)
    take_one(made, tmp_path / "a", wrong(EDUCATION))
    take_one(made, tmp_path / "b", good(FINANCE))
    return_units(made)
    accept(made, [FINANCE])
    return made


def everything(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith("campaign.db")}


def test_a_backup_restores_and_works_on(campaign: Campaign, tmp_path: Path) -> None:
    """Every file and every row is there; the restored campaign takes in, decides and shows its board."""
    backup = tmp_path / "备份.zip"
    count = back_up(campaign, backup)
    assert count == len(everything(campaign.folder)) + 1
    assert restore(backup, tmp_path / "别处" / "2024") == count
    again = replace(find_campaign(tmp_path / "别处" / "2024"), now=Clock(), who="李四")
    assert everything(again.folder) == everything(campaign.folder)
    assert is_sound(again.folder)
    assert (states(again), kept(again)) == (states(campaign), kept(campaign))
    assert again.store.decisions() == campaign.store.decisions()
    assert make_board(again).counts == {"未交": 2, "已退回": 1, "已审定": 1}
    assert take_one(again, tmp_path / "c", good(EDUCATION)).said == "第 2 次"
    accept(again, [EDUCATION])
    assert take_one(again, tmp_path / "b", good(FINANCE)).said.startswith("与第 1 次交的是同一个文件")
    assert states(campaign)[EDUCATION] == ["已退回"]
    with pytest.raises(sqlite3.IntegrityError):
        again.store._connection.execute("DELETE FROM decision")


def test_into_an_empty_folder(campaign: Campaign, tmp_path: Path) -> None:
    """A folder that is there and empty will do."""
    (tmp_path / "empty").mkdir()
    back_up(campaign, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "empty")
    assert find_campaign(tmp_path / "empty").year == 2024


def test_while_somebody_writes(campaign: Campaign, tmp_path: Path) -> None:
    """A backup in the middle of somebody else's transaction has the state before it."""
    other = find_campaign(campaign.folder)
    with other.store.transaction():
        other.store.set_state(1, "不予采用")
        back_up(campaign, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "r")
    assert is_sound(tmp_path / "r")
    assert states(find_campaign(tmp_path / "r"))[EDUCATION] == ["已退回"]
    assert states(campaign)[EDUCATION] == ["不予采用"]


def test_a_backup_beside_the_database(campaign: Campaign) -> None:
    """Backups kept in the campaign's folder are not packed into the next one; other files there are."""
    put(campaign.folder, {"说明.txt": b"x", "收件.zip": zipped({"a.xlsx": good(HEALTH)})})
    first, second = campaign.folder / "1.zip", campaign.folder / "2.zip"
    assert back_up(campaign, first) == back_up(campaign, second)
    with zipfile.ZipFile(second) as archive:
        names = archive.namelist()
    assert {"说明.txt", "收件.zip"} < set(names)
    assert not {"1.zip", "2.zip", "2.zip.part"} & set(names)
    assert not [name for name in names if name.endswith((".part", "-journal"))]


def test_nothing_is_overwritten(campaign: Campaign, tmp_path: Path) -> None:
    """Neither a file by a backup, nor a campaign, nor any folder that has something in it, by a restore."""
    backup = tmp_path / "b.zip"
    backup.write_bytes(b"precious")
    with pytest.raises(CampaignTrouble, match="已经存在，没有覆盖"):
        back_up(campaign, backup)
    assert backup.read_bytes() == b"precious"
    backup.unlink()
    back_up(campaign, backup)
    with pytest.raises(CampaignTrouble, match="里已经有一个收报任务"):
        restore(backup, campaign.folder)
    full = put(tmp_path / "full", {"a.txt": b"x"})
    for target in (full, full / "a.txt"):
        with pytest.raises(CampaignTrouble, match="不是空文件夹"):
            restore(backup, target)
    assert [path.name for path in full.iterdir()] == ["a.txt"]


def test_old_files(campaign: Campaign, tmp_path: Path) -> None:
    """Files with the date of 1970, as some programs leave them, are packed too."""
    os.utime(next((campaign.folder / "下发").glob("*.xlsx")), (0, 0))
    assert back_up(campaign, tmp_path / "b.zip") > 1


@pytest.mark.parametrize("name", ["../out.txt", "/tmp/out.txt", "a/../../out.txt", "..", "原件/../../x"])
def test_names_that_lead_outside(name: str, tmp_path: Path) -> None:
    """A backup with a name that leads out of the folder is refused whole."""
    put(tmp_path, {"b.zip": zipped({"campaign.db": b"x", name: b"evil"})})
    with pytest.raises(CampaignTrouble, match="不合规范的文件名"):
        restore(tmp_path / "b.zip", tmp_path / "r")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip"]


@pytest.mark.parametrize("damage", ["none", "text", "cut", "content", "another zip"])
def test_backups_that_are_none(damage: str, campaign: Campaign, tmp_path: Path) -> None:
    """A missing, foreign, cut or damaged file: a sentence, and no half campaign."""
    path = tmp_path / "b.zip"
    back_up(campaign, path)
    data = bytearray(path.read_bytes())
    if damage == "none":
        path.unlink()
    elif damage == "text":
        path.write_bytes(b"no zip")
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "content":
        data[len(data) // 2 : len(data) // 2 + 200] = bytes(200)
        path.write_bytes(data)
    else:
        path.write_bytes(zipped({"a.xlsx": b"x"}))
    with pytest.raises(CampaignTrouble, match="恢复不了|不是收报任务的备份"):  # noqa: RUF043
        restore(path, tmp_path / "r")
    assert not (tmp_path / "r").exists()


def test_a_full_disk(campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backup and restore stop with a sentence, and leave nothing half written."""
    back_up(campaign, tmp_path / "b.zip")

    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    monkeypatch.setattr(zipfile.ZipFile, "extractall", full)
    with pytest.raises(CampaignTrouble, match="磁盘已满"):
        back_up(campaign, tmp_path / "c.zip")
    with pytest.raises(CampaignTrouble, match="磁盘已满"):
        restore(tmp_path / "b.zip", tmp_path / "r")
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir() or "zip" in path.name) == ["2024", "b.zip"]


def test_a_new_campaign_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is a campaign already is left alone; what an interruption left empty can be made again."""
    made = campaign_in(tmp_path / "2024")
    with pytest.raises(CampaignTrouble, match="已经有一个收报任务"):
        campaign_in(tmp_path / "2024", (EDUCATION,))
    assert len(made.roster().units) == 4
    put(tmp_path / "2025", {"campaign.db": b""})
    assert len(campaign_in(tmp_path / "2025", (EDUCATION,)).roster().units) == 1

    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("xltool.campaign.store.Store.put_roster", interrupted)
    with pytest.raises(KeyboardInterrupt):
        campaign_in(tmp_path / "2026")
    monkeypatch.undo()
    assert not (tmp_path / "2026" / "campaign.db").exists()
    put(tmp_path, {"file": b"x"})
    with pytest.raises(CampaignTrouble, match="建不了"):
        campaign_in(tmp_path / "file" / "2024")

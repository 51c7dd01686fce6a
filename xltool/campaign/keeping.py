"""One file that holds a whole campaign and restores elsewhere."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from xltool.campaign.home import Campaign
from xltool.campaign.store import DATABASE
from xltool.errors import CampaignTrouble
from xltool.files import os_reason, replaced


def back_up(campaign: Campaign, target: Path) -> int:
    """Write ``target``, a zip of the folder with a consistent copy of the database; how many files it holds."""
    if target.exists():
        raise CampaignTrouble(f"{target} 已经存在，没有覆盖。请换一个文件名。")
    try:
        with replaced(target) as file:
            return _packed(campaign, file)
    except OSError as error:
        said = f"{target} 写不进去：{os_reason(error)}。请换一个位置，或腾出空间后再试。"
        raise CampaignTrouble(said) from error


def _packed(campaign: Campaign, target: BinaryIO) -> int:
    count = 1
    with (
        tempfile.TemporaryDirectory() as scratch,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
    ):
        copy = Path(scratch) / DATABASE
        campaign.store.backup(copy)
        archive.write(copy, DATABASE)
        for path in _files(campaign.folder):
            archive.write(path, path.relative_to(campaign.folder).as_posix())
            count += 1
    return count


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        is_database = path.parent == folder and path.name.startswith(DATABASE)
        is_passing = path.suffix == ".part" or is_database or _is_backup(path, folder)
        if path.is_file() and not is_passing:
            yield path


def _is_backup(path: Path, folder: Path) -> bool:
    """An earlier backup beside the database: each would hold all those before it."""
    if path.parent != folder or not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return DATABASE in archive.namelist()


def restore(backup: Path, folder: Path) -> int:
    """Unpack a backup into ``folder``, which must be empty or not there yet; how many files it gave.

    Unpacked and checked apart, then moved, the database last: a folder half done is no campaign.
    """
    if (folder / DATABASE).exists():
        raise CampaignTrouble(f"{folder} 里已经有一个收报任务，没有改动。请换一个空文件夹。")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CampaignTrouble(f"{folder} 不是空文件夹，没有改动。请换一个空文件夹。")
    try:
        with zipfile.ZipFile(backup) as archive:
            _refuse_odd(archive, backup)
            return _unpacked(archive, folder)
    except OSError as error:
        raise CampaignTrouble(f"{backup} 恢复不了：{os_reason(error)}。") from error
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise CampaignTrouble(f"{backup} 恢复不了：文件损坏，或不是收报任务的备份。") from error


def _refuse_odd(archive: zipfile.ZipFile, backup: Path) -> None:
    names = archive.namelist()
    if DATABASE not in names:
        raise CampaignTrouble(f"{backup} 不是收报任务的备份（里面没有 {DATABASE}）。")
    root = Path("/backup").resolve()
    for name in names:
        if root not in (root / name).resolve().parents:
            raise CampaignTrouble(f"{backup} 里有不合规范的文件名“{name[:60]}”，没有恢复。")


def _unpacked(archive: zipfile.ZipFile, folder: Path) -> int:
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".restore-", dir=folder))
    try:
        archive.extractall(scratch)
        # The database last: without it the folder is no campaign yet.
        for path in sorted(scratch.iterdir(), key=lambda path: path.name == DATABASE):
            path.rename(folder / path.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if is_new and not any(folder.iterdir()):
            folder.rmdir()
    return len(archive.namelist())

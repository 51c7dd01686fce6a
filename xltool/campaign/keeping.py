"""One file that holds a whole campaign and restores elsewhere."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from xltool.campaign.home import Campaign
from xltool.campaign.store import DATABASE
from xltool.errors import CampaignTrouble


def back_up(campaign: Campaign, target: Path) -> int:
    """Write ``target``, a zip of the folder with a consistent copy of the database; how many files it holds."""
    if target.exists():
        raise CampaignTrouble(f"{target} 已经存在，没有覆盖。请换一个文件名。")
    part = target.with_name(target.name + ".part")
    count = 0
    try:
        with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            copy = Path(scratch) / DATABASE
            campaign.store.backup(copy)
            archive.write(copy, DATABASE)
            for path in _files(campaign.folder, target):
                archive.write(path, path.relative_to(campaign.folder).as_posix())
                count += 1
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CampaignTrouble(f"{target} 写不进去：{error.strerror}。请换一个位置，或腾出空间后再试。") from error
    return count + 1


def _files(folder: Path, target: Path) -> Iterator[Path]:
    passed_over = {(folder / DATABASE).resolve(), target.resolve()}
    for path in sorted(folder.rglob("*")):
        is_journal = path.name.startswith(DATABASE + "-")
        if path.is_file() and path.suffix != ".part" and not is_journal and path.resolve() not in passed_over:
            yield path


def restore(backup: Path, folder: Path) -> int:
    """Unpack a backup into ``folder``, which must not hold a campaign; how many files it gave."""
    if (folder / DATABASE).exists():
        raise CampaignTrouble(f"{folder} 里已经有一个收报任务，没有改动。请换一个空文件夹。")
    try:
        with zipfile.ZipFile(backup) as archive:
            names = archive.namelist()
            if DATABASE not in names:
                raise CampaignTrouble(f"{backup} 不是收报任务的备份（里面没有 {DATABASE}）。")
            root = folder.resolve()
            for name in names:
                inside = (root / name).resolve()
                if root not in inside.parents:
                    raise CampaignTrouble(f"{backup} 里有不合规范的文件名“{name[:60]}”，没有恢复。")
            archive.extractall(folder)
            return len(names)
    except (OSError, zipfile.BadZipFile) as error:
        raise CampaignTrouble(f"{backup} 恢复不了：文件损坏或读不出来。") from error

"""A campaign as a folder: found from anywhere inside it, with its form, its roster and its clock."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from xltool.campaign.roster import Roster
from xltool.campaign.store import DATABASE, Store
from xltool.definition import form_by_id
from xltool.errors import CampaignTrouble
from xltool.files import os_reason
from xltool.form import Form

ISSUED, ORIGINALS, RETURNED, REPORTS = "下发", "原件", "退回", "报告"
LAST_UNITS = "上年单位对应.csv"
"""Whose last year's reports are, as far as the office has to confirm it."""


@dataclass(frozen=True)
class Settings:
    """What is fixed for a campaign. ``hand_in``, ``publish``: the two deadlines."""

    form: str
    year: int
    office: str
    hand_in: date
    publish: date


@dataclass(frozen=True)
class Campaign:
    """One year's collection, opened. ``now`` is replaced in tests; ``who`` stands in the log."""

    folder: Path
    form: Form
    settings: Settings
    store: Store
    who: str
    now: Callable[[], datetime]

    @property
    def year(self) -> int:
        return self.settings.year

    def roster(self) -> Roster:
        return self.store.roster()

    def own_files(self) -> frozenset[Path]:
        """What the campaign itself keeps in its folder: nothing to be taken in."""
        names = (DATABASE, f"{DATABASE}-journal", ISSUED, ORIGINALS, RETURNED, REPORTS, LAST_UNITS)
        return frozenset(Path(os.path.realpath(self.folder / name)) for name in names)

    def stamp(self) -> str:
        """The time for the log."""
        return self.now().isoformat(timespec="milliseconds")


def create_campaign(folder: Path, form: Form, settings: Settings, roster: Roster) -> Campaign:
    """Make ``folder`` a campaign; CampaignTrouble where it is one already or cannot be written."""
    try:
        for part in (ISSUED, ORIGINALS, RETURNED, REPORTS):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CampaignTrouble(f"{folder} 建不了：{os_reason(error)}。请换一个位置。") from error
    said = {
        "form": settings.form,
        "year": str(settings.year),
        "office": settings.office,
        "hand_in": settings.hand_in.isoformat(),
        "publish": settings.publish.isoformat(),
    }
    return _opened(folder, form, settings, Store.create(folder, form, said, roster))


def find_campaign(start: Path) -> Campaign:
    """The campaign that ``start`` lies in; CampaignTrouble where there is none upwards."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / DATABASE).is_file():
            return open_campaign(folder)
    raise CampaignTrouble("这里不在收报任务的文件夹里。请先 cd 到任务文件夹，或用 xltool campaign new 新建一个。")


def open_campaign(folder: Path) -> Campaign:
    """The campaign in ``folder``."""
    settings = _settings(folder, Store.settings_of(folder))
    form = form_by_id(settings.form)
    if form is None:
        raise CampaignTrouble(f"这个任务用的表式“{settings.form}”没有安装。请换用有这个表式的版本。")
    return _opened(folder, form, settings, Store.open(folder, form))


def _settings(folder: Path, said: Mapping[str, str]) -> Settings:
    try:
        days = (date.fromisoformat(said[name]) for name in ("hand_in", "publish"))
        return Settings(said["form"], int(said["year"]), said["office"], *days)
    except (KeyError, ValueError) as error:
        lost = f"缺少“{error.args[0]}”" if isinstance(error, KeyError) else "里的日期或年份写得不对"
        trouble = f"{folder} 的收报任务不完整：设置{lost}。"
        raise CampaignTrouble(f"{trouble}请用 xltool campaign backup 的备份恢复。") from error


def _opened(folder: Path, form: Form, settings: Settings, store: Store) -> Campaign:
    return Campaign(folder, form, settings, store, _user(), datetime.now)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "未知"

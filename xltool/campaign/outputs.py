"""What the program itself wrote out: such a file is written anew without asking as long as nobody has changed it.

A campaign remembers by the file's name what it wrote last; another file of that name is somebody's work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from xltool.campaign.home import Campaign
from xltool.campaign.store import DATABASE
from xltool.errors import CampaignTrouble, NotWritten
from xltool.files import write_new

_WROTE = "wrote."


def own_outputs(campaign: Campaign) -> dict[str, str]:
    """Name → digest of what the campaign wrote last under it."""
    settings = campaign.store.settings()
    return {name.removeprefix(_WROTE): value for name, value in settings.items() if name.startswith(_WROTE)}


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def remember_outputs(campaign: Campaign, written: Iterable[tuple[str, str]], known: Mapping[str, str]) -> None:
    """Remember names and digests, those that are not ``known`` yet."""
    fresh = [(name, digest) for name, digest in written if known.get(name) != digest]
    if not fresh:
        return
    # Whoever may only read the campaign gets the file all the same; next time it is asked about.
    with suppress(CampaignTrouble), campaign.store.transaction():
        for name, digest in fresh:
            campaign.store.put_setting(_WROTE + name, digest)


def write_output(campaign: Campaign, path: Path, data: bytes, overwrite: bool = False) -> bool:
    """``write_new``, where an unchanged earlier output of this campaign of the same name gives way.

    NotWritten for the campaign's own database, whatever is asked for.
    """
    if path.name in (DATABASE, f"{DATABASE}-journal"):
        raise NotWritten(f"{path} 是收报任务的数据库，不能覆盖。请换一个文件名。")
    known = own_outputs(campaign)
    written = write_new(path, data, overwrite, known.get(path.name, ""))
    remember_outputs(campaign, [(path.name, digest_of(data))], known)
    return written

"""The covering note that goes out with the workbooks: written once, again only where what it says has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xltool.campaign.home import ISSUED, Campaign
from xltool.files import read_bytes, write_new
from xltool.report.word_covering import write_covering_note

COVERING_NOTE = "填报通知.docx"
_SETTING = "covering note"


@dataclass(frozen=True)
class _Written:
    """The note last written: what it says and its content, as hashes, and the date it bears."""

    says: str
    content: str
    on: str


def note_is_due(campaign: Campaign) -> bool:
    """Whether the note is missing, or says what the settings and the roster no longer say.

    A note that the office has edited is as good as the one written.
    """
    written = _written(campaign)
    return written is None or written.says != _says(campaign) or not _path(campaign).exists()


def put_covering_note(campaign: Campaign) -> bool:
    """Write the note where it is due, and tell whether it was; an edited one is kept beside it, never lost.

    A note that went missing comes back with the date it had.
    """
    if not note_is_due(campaign):
        return False
    with campaign.store.transaction():  # of two people who run this at once, the second finds it done
        if not note_is_due(campaign):
            return False
        _write(campaign)
    return True


def _write(campaign: Campaign) -> None:
    path, settings, says, before = _path(campaign), campaign.settings, _says(campaign), _written(campaign)
    on = date.fromisoformat(before.on) if before and before.says == says else campaign.now().date()
    data = write_covering_note(campaign.form, settings.office, settings.year, settings.hand_in, on, _units(campaign))
    if before and path.exists():
        _keep_edited(path, before)
    write_new(path, data, overwrite=True)
    campaign.store.put_setting(_SETTING, f"{says} {_hash(data)} {on.isoformat()}")


def _keep_edited(path: Path, before: _Written) -> None:
    found = read_bytes(path)
    if _hash(found) != before.content:
        write_new(path.with_stem(f"{path.stem}_{before.on}改过的_{_hash(found)[:4]}"), found)


def _path(campaign: Campaign) -> Path:
    return campaign.folder / ISSUED / COVERING_NOTE


def _written(campaign: Campaign) -> _Written | None:
    said = campaign.store.settings().get(_SETTING)
    return _Written(*said.split(" ")) if said else None


def _says(campaign: Campaign) -> str:
    s = campaign.settings
    said = (campaign.form.digest, s.office, str(s.year), s.hand_in.isoformat(), str(_units(campaign)))
    return _hash("\n".join(said).encode())


def _units(campaign: Campaign) -> int:
    return sum(unit.files for unit in campaign.roster())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]

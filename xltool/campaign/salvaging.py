"""Files that cannot be filed: what can be read of them goes into a fresh workbook that the unit confirms.

Nothing of such a file counts for the campaign. It is looked at once; a unit that has handed in already is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from xltool.campaign.home import RETURNED, Campaign
from xltool.campaign.published import inputs_counted
from xltool.campaign.reading import original_path
from xltool.campaign.return_files import short_name
from xltool.campaign.roster import RosterUnit
from xltool.campaign.seeding import prior_of
from xltool.documents import read_document
from xltool.errors import NotWritten
from xltool.files import file_name, read_bytes, write_new
from xltool.salvage import Salvage, Sureness, salvage, stamped, to_confirm, with_identity
from xltool.workbook.stamps import Stamps

TO_CONFIRM = "待核对"
_DONE = "salvaged."
"""A setting with this and the file's hash holds what was said of it."""


@dataclass(frozen=True)
class Note:
    """What is to be said beside why a file was refused; "" is nothing. ``is_made``: a workbook was made of it."""

    said: str = ""
    is_made: bool = False


_NOTHING = Note()


def salvaged_note(campaign: Campaign, digest: str, source: str) -> Note:
    """What could be made of the original with hash ``digest``, made now or by an earlier run.

    Never raises for what is in the file.
    """
    done = campaign.store.settings().get(_DONE + digest)
    if done:
        return Note(done, True)
    try:
        note = _salvaged(campaign, digest, source)
    except NotWritten as trouble:
        return Note(trouble.sentence)
    except Exception:  # FileRefused, or whatever is in one file: why it was refused is said already
        return _NOTHING
    if note.is_made:
        campaign.store.put_setting(_DONE + digest, note.said)
    return note


def _salvaged(campaign: Campaign, digest: str, source: str) -> Note:
    data = read_bytes(original_path(campaign.folder, digest))
    document = read_document(data, PurePosixPath(source.replace("\\", "/")).name)
    stamps = stamped(data) if document.kind in ("xlsx", "xlsm") else None
    if stamps is not None and (stamps.form != campaign.form.id or len(set(stamps.names)) > 1):
        return _NOTHING
    told = (stamps.unit, stamps.year) if stamps is not None else (None, None)
    salvaged = salvage(document, (campaign.form,), *told)
    entry = campaign.roster().by_name.get(salvaged.filing.unit.name)
    if salvaged.filing.year not in (0, campaign.year) or (entry is not None and not entry.files):
        return _NOTHING
    if entry is None or not salvaged.filing.year:
        return Note(_HINT.format(year=campaign.year))
    if entry.name in campaign.store.latest_standings():
        return _NOTHING
    return _made(campaign, entry, salvaged, stamps)


def _made(campaign: Campaign, entry: RosterUnit, salvaged: Salvage, stamps: Stamps | None) -> Note:
    """Write the workbook of a unit; last year's figures in it are the campaign's, else those of the file."""
    carried = with_identity(campaign.form, salvaged.filing, stamps)[1] if stamps is not None else None
    salvaged = replace(salvaged, filing=replace(salvaged.filing, unit=entry.unit))
    prior = prior_of(campaign.form, entry, campaign.year, campaign.store.seeds(), carried)
    issued = campaign.store.last_issued().get(entry.name)
    path = _put(campaign, entry, to_confirm(salvaged, prior, issued.issue if issued is not None else 1))
    return Note(_told(salvaged, path.relative_to(campaign.folder)), True)


_HINT = "看不出是哪个单位、哪一年的；可以用 xltool salvage 文件 --unit 单位全称 --year {year} 读出其中的数。"


def _put(campaign: Campaign, entry: RosterUnit, data: bytes) -> Path:
    """Write the workbook beside those of other originals of the unit."""
    folder = campaign.folder / RETURNED / TO_CONFIRM
    for name in _names(f"{short_name(entry)}_{campaign.year}年填报表"):
        # The same of an interrupted run is as good as new.
        if not (folder / name).exists() or (folder / name).read_bytes() == data:
            write_new(folder / name, data)
            return folder / name
    raise AssertionError("names without end")


def _names(name: str) -> Iterator[str]:
    yield file_name(f"{name}（{TO_CONFIRM}）.xlsx")
    number = 2
    while True:
        yield file_name(f"{name}（{TO_CONFIRM}{number}）.xlsx")
        number += 1


def _told(salvaged: Salvage, path: Path) -> str:
    counted = inputs_counted(salvaged)
    words = ((Sureness.DOUBTFUL, "存疑的标成“待核”"), (Sureness.MISSING, "没有读到"))
    unsure = "".join(f"，{word} {counted[sureness]} 个" for sureness, word in words if counted[sureness])
    return f"已读出 {counted[Sureness.SURE]} 个数{unsure}，填入 {path.as_posix()}，请单位核对后交回。"

"""What a worker does with a file that could not be taken: whose report it is, and the workbook it fills."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from xltool.campaign.home import Campaign, open_campaign
from xltool.campaign.reading import original_path
from xltool.campaign.records import State
from xltool.campaign.roster import RosterUnit
from xltool.campaign.seeding import prior_of
from xltool.documents import NotHere, read_document
from xltool.errors import FileRefused
from xltool.files import read_bytes
from xltool.salvage import Salvage, Sureness, inputs_counted, salvage, stamped, to_confirm, with_identity
from xltool.workbook.stamps import Stamps

Original = tuple[str, str]
"""The hash of a refused file, and where it came from."""


@dataclass(frozen=True)
class Looked:
    """What is in a file. ``unit``, ``year``: as the document says, "" and 0 where it does not.

    ``workbook``: filled where the unit is to be asked; ``told``: how much of the file was read.
    """

    is_report: bool
    unit: str = ""
    year: int = 0
    workbook: bytes = b""
    told: str = ""


def to_be_asked(campaign: Campaign, unit: str, year: int) -> RosterUnit | None:
    """The unit with this very name, where it is to hand in ``year`` and has not yet."""
    entry = campaign.store.entry(unit)
    if entry is None or not entry.files or year != campaign.year:
        return None
    has_handed_in = any(standing.state != State.REJECTED for standing in campaign.store.standings(unit))
    return None if has_handed_in else entry


def look(campaign: Campaign, original: Original) -> Looked | str | None:
    """What is in the file, whatever that is.

    Where that cannot be said here and now: the sentence about what is lacking here, None where there is none.
    """
    digest, source = original
    try:
        data = read_bytes(original_path(campaign.folder, digest))
        name = PurePosixPath(source.replace("\\", "/")).name
        document = read_document(data, name)
        stamps = stamped(data) if document.kind in ("xlsx", "xlsm") else None
        if stamps is not None and (stamps.form != campaign.form.id or len(set(stamps.names)) > 1):
            return Looked(False)
        told = (stamps.unit, stamps.year) if stamps is not None else (None, None)
        salvaged = salvage(document, (campaign.form,), *told)
        if salvaged.stamps is not None and len(set(salvaged.stamps.names)) > 1:
            return Looked(False)
        return _looked(campaign, salvaged, stamps or salvaged.stamps, name)
    except NotHere as lacking:
        return lacking.sentence
    except FileRefused:
        return Looked(False)
    except Exception:  # whatever is in one file: why it was refused is said already
        return None


def _looked(campaign: Campaign, salvaged: Salvage, stamps: Stamps | None, name: str) -> Looked:
    found = Looked(True, salvaged.filing.unit.name, salvaged.filing.year)
    entry = to_be_asked(campaign, found.unit, found.year)
    if entry is None:
        return found
    return replace(found, workbook=_filled(campaign, entry, salvaged, stamps, name), told=_told(salvaged))


def _filled(campaign: Campaign, entry: RosterUnit, salvaged: Salvage, stamps: Stamps | None, name: str) -> bytes:
    """The workbook of a unit, filled from the file ``name``.

    Last year's figures in it are the campaign's, else those of the file.
    """
    carried = with_identity(campaign.form, salvaged.filing, stamps)[1] if stamps is not None else None
    salvaged = replace(salvaged, filing=replace(salvaged.filing, unit=entry.unit))
    prior = prior_of(campaign.form, entry, campaign.year, campaign.store.seeds(), carried)
    issued = campaign.store.last_issued().get(entry.name)
    return to_confirm(salvaged, prior, issued.issue if issued is not None else 1, name)


def _told(salvaged: Salvage) -> str:
    counted = inputs_counted(salvaged)
    words = ((Sureness.DOUBTFUL, "存疑的标成“待核”"), (Sureness.MISSING, "没有读到"))
    unsure = "".join(f"，{word} {counted[sureness]} 个" for sureness, word in words if counted[sureness])
    return f"已读出 {counted[Sureness.SURE]} 个数{unsure}"


_own: list[Campaign] = []
"""A worker's campaign, opened once."""


def begin_looking(folder: Path) -> None:
    """What a worker does first."""
    _own[:] = [open_campaign(folder)]


def look_into(original: Original) -> Looked | str | None:
    """``look`` in a worker."""
    return look(_own[0], original)

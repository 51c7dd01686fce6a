"""Files that cannot be filed: what can be read of them goes into a fresh workbook that the unit confirms.

Nothing of such a file counts for the campaign. It is looked into once; a unit that has handed in already is left
alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xltool import __version__
from xltool.campaign.home import RETURNED, Campaign
from xltool.campaign.looking import Looked, Original, begin_looking, look, look_into, to_be_asked
from xltool.campaign.return_files import short_name
from xltool.campaign.roster import RosterUnit
from xltool.campaign.workers import Crew, in_order
from xltool.errors import NotWritten
from xltool.files import file_name, write_new

TO_CONFIRM = "待核对"
_DONE, _SEEN = "salvaged.", "looked."
"""Settings with one of these and the hash of a file: what was said of its workbook; whose report it is."""
_WORTH_A_POOL = 3
_AHEAD = 8
_HINT = "看不出是哪个单位、哪一年的；可以用 xltool salvage 文件 --unit 单位全称 --year {year} 读出其中的数。"


_AS_BEFORE = "其中的数没有读出，原因同上。"


@dataclass(frozen=True)
class Note:
    """What is to be said beside why a file was refused; "" is nothing. ``is_made``: a workbook was made of it."""

    said: str = ""
    is_made: bool = False


def salvaged_notes(
    campaign: Campaign, refused: Sequence[Original], workers: int = 1, watch: Callable[[str], None] | None = None
) -> Iterator[Note]:
    """What could be made of each of these originals, in order, now or by an earlier run; ``watch`` is told of each.

    Never raises for what is in a file.
    """
    desk = _Desk(campaign)
    fresh = {digest: (digest, source) for digest, source in dict(refused).items() if desk.is_new(digest)}
    looked = _looked_into(campaign, list(fresh.values()), workers)
    notes: dict[str, Note] = {}
    told: set[str] = set()
    for digest, source in refused:
        if digest not in notes:
            found = next(looked) if digest in fresh else None
            if isinstance(found, str):  # the same of many files, and long: told in full once
                notes[digest] = Note(_AS_BEFORE if found in told else found)
                told.add(found)
            else:
                notes[digest] = desk.concluded(digest, found) if digest in fresh else desk.known(digest)
        if watch is not None:
            watch(source)
        yield notes[digest]


def _looked_into(campaign: Campaign, originals: Sequence[Original], workers: int) -> Iterator[Looked | str | None]:
    if len(originals) < _WORTH_A_POOL or workers < 2:
        yield from (look(campaign, original) for original in originals)
        return
    with Crew(workers, begin_looking, campaign.folder) as crew:
        yield from (looked for _, looked in in_order(crew, look_into, originals, _AHEAD))


class _Desk:
    """What earlier runs found, and where this one's findings are recorded."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._settings = campaign.store.settings()
        # What another version finds in a file may be something else.
        self._reader = f"{__version__} {campaign.form.digest}"

    def is_new(self, digest: str) -> bool:
        """Whether the file must be looked into."""
        if _DONE + digest in self._settings:
            return False
        seen = self._seen(digest)
        return seen is None or to_be_asked(self._campaign, seen.unit, seen.year) is not None

    def known(self, digest: str) -> Note:
        """What is to be said of a file that need not be looked into."""
        said = self._settings.get(_DONE + digest)
        if said is not None:
            return Note(said, True)
        seen = self._seen(digest)
        return self._without_workbook(seen) if seen is not None else Note()

    def concluded(self, digest: str, looked: Looked | None) -> Note:
        """Write the workbook and record it, or that there is nothing to be made of the file."""
        if looked is None:
            return Note()
        if not looked.workbook:
            self._record(_SEEN + digest, json.dumps([self._reader, looked.is_report, looked.unit, looked.year]))
            return self._without_workbook(looked)
        entry = self._campaign.roster().by_name[looked.unit]
        try:
            path = self._put(entry, looked.workbook).relative_to(self._campaign.folder)
        except NotWritten as trouble:
            return Note(trouble.sentence)
        said = f"{looked.told}，填入 {path.as_posix()}，请单位核对后交回。"
        self._record(_DONE + digest, said)
        return Note(said, True)

    def _seen(self, digest: str) -> Looked | None:
        found = json.loads(self._settings.get(_SEEN + digest, "[]"))
        return Looked(*found[1:]) if found and found[0] == self._reader else None

    def _record(self, name: str, value: str) -> None:
        self._campaign.store.put_setting(name, value)
        self._settings[name] = value

    def _without_workbook(self, looked: Looked) -> Note:
        """A hint where a person can tell whose report it is."""
        campaign = self._campaign
        if not looked.is_report or looked.year not in (0, campaign.year):
            return Note()
        if campaign.store.entry(looked.unit) is not None and looked.year:
            return Note()
        return Note(_HINT.format(year=campaign.year))

    def _put(self, entry: RosterUnit, data: bytes) -> Path:
        """Write the workbook beside those of other originals of the unit."""
        folder = self._campaign.folder / RETURNED / TO_CONFIRM
        for name in _names(f"{short_name(entry)}_{self._campaign.year}年填报表"):
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

"""The folder that comes back in a round: loose files, zips in zips with GBK names, and what programs leave behind."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping

from xltool.county.drawn import drawn
from xltool.county.plan import HandIn, hand_ins, noise_files

_NOISE = b"\0" * 162
"""What Excel's lock files are as long as."""


def returned_files(number: int, make: Callable[[HandIn], bytes] = drawn) -> Iterator[tuple[str, bytes]]:
    """Relative path and content of every file that is handed in in round ``number`` (1 to 3).

    ``make``: how one unit's file comes about; real programs fill in where they are at hand.
    """
    made = {hand_in.file: make(hand_in.original) for hand_in in hand_ins() if hand_in.round == number}
    made |= dict.fromkeys(noise_files()[number], _NOISE)
    yield from packed(made).items()


def packed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``files`` with everything behind a ``!`` put into the zip named before it, at any depth."""
    loose = {path: data for path, data in files.items() if "!" not in path}
    inside: dict[str, dict[str, bytes]] = {}
    for path, data in files.items():
        archive, mark, name = path.partition("!")
        if mark:
            inside.setdefault(archive, {})[name] = data
    return loose | {archive: gbk_zip(packed(members)) for archive, members in inside.items()}


def gbk_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip as Chinese Windows makes it: names in GBK, and nothing that says so. Equal files, equal bytes."""
    names = [(name.encode("gbk"), data) for name, data in files.items()]
    buffer = io.BytesIO()
    stand_ins = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, (name, data) in enumerate(names):
            # zipfile would write the name as UTF-8; one of the same length is put in its place afterwards.
            stand_in = f"@{index:03d}".ljust(len(name), "@")
            stand_ins[stand_in.encode()] = name
            archive.writestr(zipfile.ZipInfo(stand_in, (1980, 1, 1, 0, 0, 0)), data)
    written = buffer.getvalue()
    for stand_in_name, name in stand_ins.items():
        written = _renamed(written, stand_in_name, name)
    return written


def _renamed(archive: bytes, stand_in: bytes, name: bytes) -> bytes:
    """Both places of a member's name: behind its local header (30 bytes) and in the directory (46 bytes)."""
    at = archive.index(stand_in)
    last = archive.rindex(stand_in)
    assert archive[at - 30 : at - 26] == b"PK\x03\x04"
    assert archive[last - 46 : last - 42] == b"PK\x01\x02"
    end = len(stand_in)
    return archive[:at] + name + archive[at + end : last] + name + archive[last + end :]

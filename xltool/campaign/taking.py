"""Taking back: every file kept, read, checked, and filed to its unit by what the workbook itself says it is.

Files are read in parallel and recorded some at a time as they come. A run can be killed at any moment and simply be
run again: what is recorded is recorded once (by its hash) and not read again, what is not is read then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from xltool.campaign.desk import Desk, Line, Outcome
from xltool.campaign.gathering import Gathered, Noise, gather
from xltool.campaign.home import Campaign
from xltool.campaign.reading import Reader, Reading, begin_reading, keep_original, read_gathered
from xltool.campaign.salvaging import Note, salvaged_notes
from xltool.campaign.workers import Crew, batches
from xltool.errors import NotWritten

__all__ = ["Line", "Outcome", "Taking", "take"]

_WORTH_A_POOL = 12
"""Fewer files are read sooner than worker processes start."""
_AHEAD = 64
"""Files under way at once: enough to keep workers busy, few enough to keep memory flat."""
_MOST_BYTES = 96 * 1024 * 1024
"""Bytes under way at once: files as large as they may be come one after the other."""
_TOGETHER = 20
"""Readings recorded at once: the disk is waited for once."""
_DIED = "读取这个文件的进程意外中断了，可能是内存不够。原件已经存好，请把这个文件交给维护人员。"


@dataclass
class Taking:
    """The summary of a run."""

    lines: list[Line] = field(default_factory=list)
    noise: int = 0

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome is outcome for line in self.lines)


def take(
    campaign: Campaign,
    paths: Iterable[Path],
    watch: Callable[[Line], None] | None = None,
    workers: int = 2,
    salvaging: Callable[[int], Callable[[str], None]] | None = None,
) -> Taking:
    """Take in all files under ``paths``; ``watch`` is told of every file as soon as it is recorded.

    What it was told may change at the end: which of two files of a unit counts shows when all have come. Files that
    could not be taken are then looked into for figures: ``salvaging`` is told how many, and what it gives of each.
    """
    noise = Noise()
    hashes: list[str] = []
    lines: list[Line] = []
    unreadable: list[int] = []
    desk = Desk(campaign)
    for batch in batches(_readings(campaign, gather(paths, noise, campaign.own_files()), workers), _TOGETHER):
        for reading, line in zip(batch, desk.record(batch), strict=True):
            if reading.hash and reading.refused not in ("", _DIED):
                unreadable.append(len(lines))
            hashes.append(reading.hash)
            lines.append(line)
            if watch is not None:
                watch(line)
    for index, (outcome, said) in _verdicts(desk, hashes):
        lines[index] = replace(lines[index], outcome=outcome, said=said)
    # Only now is it known of every unit whether it has handed in something better.
    tick = salvaging(len(unreadable)) if salvaging is not None and unreadable else None
    refused = [(hashes[index], lines[index].source) for index in unreadable]
    for index, note in zip(unreadable, salvaged_notes(campaign, refused, workers, tick), strict=True):
        lines[index] = _with_salvaged(lines[index], note)
    return Taking(lines, noise.count)


def _verdicts(desk: Desk, hashes: list[str]) -> Iterator[tuple[int, tuple[Outcome, str]]]:
    verdicts = desk.close()
    return ((index, verdicts[digest]) for index, digest in enumerate(hashes) if digest in verdicts)


def _with_salvaged(line: Line, note: Note) -> Line:
    """The line of a file that could not be read as a workbook of ours, with what was made of it all the same."""
    # What to do instead, which the refusal ends with, is done by then.
    why = f"{line.said.split('。')[0]}。没有登记：" if note.is_made else line.said
    return replace(line, said=why + note.said) if note.said else line


def _readings(campaign: Campaign, files: Iterator[Gathered], workers: int) -> Iterator[Reading]:
    """Every file's reading, in the files' order."""
    first = _some(files)
    if not _are_many(first) or workers < 2:
        reader = Reader(campaign)
        for file in _all(first, files):
            yield reader.read(file)
        return
    # One is read here: what every worker needs is then there before they start, and they share it.
    yield Reader(campaign).read(first.popleft())
    with Crew(workers, begin_reading, campaign.folder) as crew:
        under_way: deque[tuple[Gathered, Future[Reading]]] = deque()
        held = 0

        def done() -> Reading:
            file, future = under_way.popleft()
            return crew.result(future, read_gathered, file) or _refused(campaign.folder, file)

        for file in _all(first, files):
            under_way.append((file, crew.submit(read_gathered, file)))
            held += len(file.data)
            while len(under_way) >= _AHEAD or held > _MOST_BYTES:
                held -= len(under_way[0][0].data)
                yield done()
        while under_way:
            yield done()


def _some(files: Iterator[Gathered]) -> deque[Gathered]:
    """As many of the first files as tell whether workers are worth starting."""
    first: deque[Gathered] = deque()
    for file in files:
        first.append(file)
        if _are_many(first):
            break
    return first


def _are_many(files: deque[Gathered]) -> bool:
    return len(files) >= _WORTH_A_POOL or sum(len(file.data) for file in files) > _MOST_BYTES


def _all(first: deque[Gathered], files: Iterator[Gathered]) -> Iterator[Gathered]:
    """``first``, none of which is kept, then the rest."""
    while first:
        yield first.popleft()
    yield from files


def _refused(folder: Path, file: Gathered) -> Reading:
    try:
        return Reading(file.source, keep_original(folder, file.data), len(file.data), _DIED)
    except (NotWritten, OSError):
        return Reading(file.source, "", 0, _DIED)

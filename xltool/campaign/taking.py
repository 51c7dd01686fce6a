"""Taking back: every file kept, read, checked, and filed to its unit by what the workbook itself says it is.

Files are read in parallel and recorded one by one as they come, so that a run can be killed at any moment and
simply be run again: what is recorded is recorded once (by its hash), what is not is read again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from xltool.campaign.desk import Desk, Line, Outcome
from xltool.campaign.gathering import Gathered, Noise, gather
from xltool.campaign.home import Campaign
from xltool.campaign.reading import Reading, read_one
from xltool.campaign.workers import pool_of
from xltool.errors import CampaignTrouble, NotWritten
from xltool.files import os_reason

__all__ = ["Line", "Outcome", "Taking", "take"]

_WORTH_A_POOL = 12
"""Fewer files are read sooner than worker processes start."""
_AHEAD = 64
"""Files under way at once: enough to keep workers busy, few enough to keep memory flat."""
_MOST_BYTES = 96 * 1024 * 1024
"""Bytes under way at once: files as large as they may be come one after the other."""


@dataclass
class Taking:
    """The summary of a run."""

    lines: list[Line] = field(default_factory=list)
    noise: int = 0

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome is outcome for line in self.lines)


def take(
    campaign: Campaign, paths: Iterable[Path], watch: Callable[[Line], None] | None = None, workers: int = 2
) -> Taking:
    """Take in all files under ``paths``; ``watch`` is told of every file as soon as it is done.

    What it was told may change at the end: which of two files of a unit counts shows when all have come.
    """
    noise, hashes, lines = Noise(), [], []
    desk = Desk(campaign)
    for reading in _readings(campaign, gather(paths, noise, campaign.own_files()), workers):
        line = desk.record(reading)
        hashes.append(reading.hash)
        lines.append(line)
        if watch is not None:
            watch(line)
    for index, (outcome, said) in _verdicts(desk, hashes):
        lines[index] = replace(lines[index], outcome=outcome, said=said)
    return Taking(lines, noise.count)


def _verdicts(desk: Desk, hashes: list[str]) -> Iterator[tuple[int, tuple[Outcome, str]]]:
    verdicts = desk.close()
    return ((index, verdicts[digest]) for index, digest in enumerate(hashes) if digest in verdicts)


def _readings(campaign: Campaign, files: Iterator[Gathered], workers: int) -> Iterator[Reading]:
    """Every file's reading, in the files' order."""
    first = list(islice(files, _WORTH_A_POOL))
    if len(first) < _WORTH_A_POOL or workers < 2:
        for file in chain(first, files):
            yield _read(campaign.folder, file)
        return
    with pool_of(workers) as pool:
        under_way: deque[tuple[Future[Reading], int]] = deque()
        held = 0
        for file in chain(first, files):
            under_way.append((pool.submit(_read, campaign.folder, file), len(file.data)))
            held += len(file.data)
            while len(under_way) >= _AHEAD or held > _MOST_BYTES:
                future, size = under_way.popleft()
                held -= size
                yield _result(future)
        for future, _ in under_way:
            yield _result(future)


def _result(future: Future[Reading]) -> Reading:
    try:
        return future.result()
    except BrokenProcessPool as error:
        said = "读取文件的进程意外中断了，可能是内存不够。已经登记的不受影响，请再运行一次。"
        raise CampaignTrouble(said) from error


def _read(folder: Path, file: Gathered) -> Reading:
    if file.trouble:
        return Reading(file.source, "", 0, file.trouble)
    try:
        return read_one(folder, file)
    except NotWritten as error:
        return Reading(file.source, "", 0, f"原件存不进去，没有登记：{error.sentence}")
    except OSError as error:
        return Reading(file.source, "", 0, f"原件存不进去，没有登记：{os_reason(error)}。请检查权限后再收一次。")

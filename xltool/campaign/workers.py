"""Worker processes that end when the program that started them ends, and what they give taken in batches."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from xltool.errors import CampaignTrouble

_Item = TypeVar("_Item")
_LONGEST_WAIT = 0.5
_OBJECTS = 20_000
"""New objects after which a worker looks for garbage: about one file's."""


def pool_of(
    workers: int, begin: Callable[..., None] | None = None, *arguments: object, afresh: bool = False
) -> ProcessPoolExecutor:
    """Worker processes, in each of which ``begin(*arguments)`` runs first.

    They are killed with the program, they would otherwise wait for work for ever. ``afresh``: they take over nothing
    of it, for libraries with threads of their own, which would stand still in a copy of the program.
    """
    context = multiprocessing.get_context("spawn") if afresh else None
    return ProcessPoolExecutor(workers, context, _begin, (begin, arguments))


def result_of(future: Future[_Item]) -> _Item:
    """What a worker gives; CampaignTrouble where the system has ended it."""
    try:
        return future.result()
    except BrokenProcessPool as error:
        said = "干活的进程意外中断了，可能是内存不够。已经登记的不受影响，请再运行一次。"
        raise CampaignTrouble(said) from error


def batches(items: Iterable[_Item], most: int) -> Iterator[list[_Item]]:
    """``items`` as they come, ``most`` at a time, or as many as came in half a second."""
    batch: list[_Item] = []
    begun = 0.0
    for item in items:
        begun = begun if batch else time.monotonic()
        batch.append(item)
        if len(batch) >= most or time.monotonic() - begun >= _LONGEST_WAIT:
            yield batch
            batch = []
    if batch:
        yield batch


def _begin(begin: Callable[..., None] | None, arguments: tuple[object, ...]) -> None:
    threading.Thread(target=_wait_for_the_end, daemon=True).start()
    # What came from the program is looked through no more, and stays in memory that all of them share; what a
    # worker leaves behind is cleared away early, or thousands of files would fill the memory with it.
    gc.freeze()
    gc.set_threshold(_OBJECTS, 2, 2)
    if begin is not None:
        begin(*arguments)


def _wait_for_the_end() -> None:
    program = multiprocessing.parent_process()
    if program is not None:
        program.join()
        os._exit(1)

"""Worker processes that end when the program that started them ends, and what they give taken in batches."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self, TypeVar

from xltool.errors import CampaignTrouble

_Item = TypeVar("_Item")
_Given = TypeVar("_Given")
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


_DIED = "干活的进程意外中断了，可能是内存不够。已经登记的不受影响，请再运行一次。"


def submitted(pool: ProcessPoolExecutor, work: Callable[[_Item], _Given], item: _Item) -> Future[_Given]:
    """``work`` on ``item`` under way; CampaignTrouble where the system has ended a worker before."""
    try:
        return pool.submit(work, item)
    except BrokenProcessPool as error:
        raise CampaignTrouble(_DIED) from error


def result_of(future: Future[_Item]) -> _Item:
    """What a worker gives; CampaignTrouble where the system has ended it."""
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise CampaignTrouble(_DIED) from error


class Crew:
    """Workers, replaced where one of them dies: the others go on, and what killed it is tried once more, alone."""

    def __init__(self, workers: int, begin: Callable[..., None], *arguments: object) -> None:
        self._workers, self._begin, self._arguments = workers, begin, arguments
        self._pool = self._hire(workers)
        self._single: ProcessPoolExecutor | None = None

    def _hire(self, workers: int) -> ProcessPoolExecutor:
        return pool_of(workers, self._begin, *self._arguments)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for pool in (self._pool, self._single):
            if pool is not None:
                pool.shutdown(cancel_futures=True)

    def submit(self, work: Callable[[_Item], _Given], item: _Item) -> Future[_Given]:
        try:
            return self._pool.submit(work, item)
        except BrokenProcessPool:
            self._pool = self._hire(self._workers)
            return self._pool.submit(work, item)

    def result(self, future: Future[_Given], work: Callable[[_Item], _Given], item: _Item) -> _Given | None:
        """What ``work`` gives for ``item``, for which it was submitted; None where it ends a worker even alone."""
        try:
            return future.result()
        except BrokenProcessPool:  # this one was it, or one of those that were under way at the same time
            return self._alone(work, item)

    def _alone(self, work: Callable[[_Item], _Given], item: _Item) -> _Given | None:
        if self._single is None:
            self._single = self._hire(1)
        try:
            return self._single.submit(work, item).result()
        except BrokenProcessPool:
            self._single = None
            return None


def in_order(
    crew: Crew, work: Callable[[_Item], _Given], items: Iterable[_Item], ahead: int
) -> Iterator[tuple[_Item, _Given | None]]:
    """Every one of ``items`` with what a worker makes of it, as ``Crew.result`` gives it; ``ahead`` are under way."""
    under_way: deque[tuple[_Item, Future[_Given]]] = deque()
    for item in items:
        under_way.append((item, crew.submit(work, item)))
        if len(under_way) >= ahead:
            first, future = under_way.popleft()
            yield first, crew.result(future, work, first)
    while under_way:
        first, future = under_way.popleft()
        yield first, crew.result(future, work, first)


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

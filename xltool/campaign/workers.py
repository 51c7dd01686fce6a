"""Worker processes that end when the program that started them ends, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor


def pool_of(workers: int) -> ProcessPoolExecutor:
    """Worker processes; killed with the program, they would otherwise wait for work for ever."""
    return ProcessPoolExecutor(workers, initializer=_end_with_the_program)


def _end_with_the_program() -> None:
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    program = multiprocessing.parent_process()
    if program is not None:
        program.join()
        os._exit(1)

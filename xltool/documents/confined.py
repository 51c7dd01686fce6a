"""Readers run in a process of their own: what hangs, aborts or swallows memory there harms nobody here.

The process gets the file through its standard input and answers through its standard output: a first byte says
what follows. It limits its own memory and processor time where the system can (not on Windows); the clock is
watched from here, and what it started dies with it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xltool
from xltool.documents.limits import LARGEST_ANSWER, SECONDS, NotHere, damaged, too_large
from xltool.documents.model import Document
from xltool.documents.wire import unpacked
from xltool.errors import FileRefused

DOCUMENT, BYTES, REFUSED, MISSING, FAILED = b"D", b"B", b"R", b"M", b"F"
_WINDOWLESS = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class ReaderFailed(Exception):
    """What went wrong inside a reader, for whoever looks into it: the cause of a ``FileRefused``."""


@dataclass(frozen=True)
class Task:
    """One file to be read: ``what`` it is, for sentences, and when all steps of reading it must be done."""

    what: str
    password: str | None = None
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)


def read_confined(reader: str, data: bytes, task: Task) -> Document:
    """What ``reader``, one of those in ``child``, makes of ``data``."""
    what = task.what
    sort, answer = _asked(reader, data, task)
    if sort != DOCUMENT:
        raise damaged(what)
    try:
        return unpacked(answer)
    except (ValueError, TypeError) as error:
        raise damaged(what) from error


def bytes_confined(reader: str, data: bytes, task: Task) -> bytes:
    """The same for a reader that makes another file of ``data``."""
    sort, answer = _asked(reader, data, task)
    if sort != BYTES:
        raise damaged(task.what)
    return answer


def _asked(reader: str, data: bytes, task: Task) -> tuple[bytes, bytes]:
    what = task.what
    header = json.dumps([reader, what, task.password]).encode() + b"\n"
    # -P: a file beside the user's documents must not be taken for a module.
    command = [sys.executable, "-P", "-m", "xltool.documents.child"]
    answer, said = run_limited(command, header + data, task)
    sort, content = answer[:1], answer[1:]
    if sort == MISSING:
        raise NotHere(content.decode())
    if sort == REFUSED:
        raise FileRefused(content.decode())
    if sort not in (DOCUMENT, BYTES):
        raise damaged(what) from ReaderFailed(content.decode(errors="replace") or said)
    if len(answer) > LARGEST_ANSWER:
        raise too_large(what)
    return sort, content


def run_limited(command: Sequence[str], data: bytes, task: Task) -> tuple[bytes, str]:
    """Standard output and the end of standard error of ``command``; FileRefused where it takes too long.

    Everything that the command has started is killed with it.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,
        creationflags=_WINDOWLESS,
    ) as process:
        try:
            answer, said = process.communicate(data, timeout=max(0.0, task.until - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise NotHere(
                f"{task.what}读了 {SECONDS:.0f} 秒还没有读完，已停止。请只留下报告本身，另存一份后再试。"
            ) from error
        finally:
            kill_group(process)
    return answer, said[-2000:].decode(errors="replace")


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that belong to it."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    else:
        # Windows has no groups; this ends what the process has started, too.
        command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True, check=False, creationflags=_WINDOWLESS)
        process.kill()


def _environment() -> dict[str, str]:
    """As here, with this very package in the path."""
    home = str(Path(xltool.__file__).parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([home, inherited] if inherited else [home])
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}

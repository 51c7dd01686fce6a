"""What the programs have in common: being there or not, answering in time or not, writing a file or not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


class ProgramMissing(Exception):
    """A program is not on this machine; the message names it and says how to get it."""


class ProgramFailed(Exception):
    """A program is there, but did not do what it was asked; the message quotes it."""


class ProgramHung(ProgramFailed):
    """A program did not answer in time and was killed."""


def run(
    command: Sequence[str | Path], *, timeout: float, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, whatever its exit code.

    File names are UTF-8 for the program even where the caller's locale is C.

    Raises:
        ProgramHung: it took longer than `timeout` seconds; it has been killed.
    """
    try:
        return subprocess.run(
            [str(word) for word in command],
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
        )
    except subprocess.TimeoutExpired as error:
        raise ProgramHung(f"{Path(command[0]).name} did not end within {timeout:g} s") from error


def expect_file(path: Path, finished: subprocess.CompletedProcess[str]) -> Path:
    """The file a program was to write; its own words as `ProgramFailed` when it did not."""
    if finished.returncode == 0 and path.is_file():
        return path
    said = (finished.stderr + finished.stdout).strip()
    raise ProgramFailed(f"{Path(finished.args[0]).name} did not write {path.name}: {said[-2000:]}")

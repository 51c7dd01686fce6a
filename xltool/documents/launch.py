"""Limits that a process sets for itself, before it reads or becomes another program; Windows has none of them."""

from __future__ import annotations

import os
import sys

from xltool.documents.limits import DATA_MEMORY, MEMORY, SECONDS


def limit_this_process(data_only: bool = False) -> None:
    """Bound memory and processor time. ``data_only``: not the program's own code, which large programs map much of."""
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds = int(SECONDS) + 1
    memory = (resource.RLIMIT_DATA, DATA_MEMORY) if data_only else (resource.RLIMIT_AS, MEMORY)
    for limit, most in (memory, (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_CORE, 0)):
        # Not everywhere may a process lower these, and macOS knows no limit of memory.
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):
            continue


def with_limits(command: list[str]) -> list[str]:
    """The command that runs ``command`` within the limits, where the system has any."""
    if sys.platform == "win32":
        return command
    return [sys.executable, "-P", "-m", "xltool.documents.launch", *command]


if __name__ == "__main__":
    limit_this_process(data_only=True)
    # The program may bring a Python of its own.
    foreign = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    os.execve(sys.argv[1], sys.argv[1:], foreign)

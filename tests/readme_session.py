"""The sessions in README and manual: run as they stand, in the folder 练习 that ``xltool demo`` prepares.

A ``console`` block holds ``$ xltool …`` lines, each with what it prints below it; a line ``…`` stands for any
lines, ``…`` within a line for anything (dates, folders). ``$ cd 2025`` holds for what follows.
"""

from __future__ import annotations

import os
import posixpath
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xltool.practice import practice_files

ROOT = Path(__file__).parents[1]
README, MANUAL = ROOT / "README.md", ROOT / "docs" / "手册.md"
RETURNED = Path("交回") / "青川岭县水务局_2024年年度报告填报表.xlsx"
ELLIPSIS = "…"


def prepare(folder: Path) -> None:
    """Put into ``folder`` what the program itself puts into 练习, and nothing else."""
    for name, data in practice_files():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def manual_definition() -> str:
    """The whole definition that the manual shows as an example."""
    text = MANUAL.read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return next(str(block) for block in blocks if block.startswith("id:") and "\nsections:" in block)


def readme_roster() -> str:
    """The list of units that README shows."""
    block = re.search(r"```csv\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    return block[1]


@dataclass(frozen=True)
class Step:
    """One command with what the document says it prints; ``where``: the folder it is run in."""

    command: str
    printed: str
    where: str


_BLOCK = re.compile(r"```console\n(?P<body>.*?)```", re.DOTALL)


def steps(document: str) -> Iterator[Step]:
    """Every command of a document's console blocks, in order."""
    where = "."
    for block in _BLOCK.finditer(document):
        for command, printed in _commands(block["body"]):
            if command.startswith("cd "):
                where = posixpath.normpath(posixpath.join(where, command.removeprefix("cd ")))
                continue
            yield Step(command, printed, where)


def _commands(body: str) -> Iterator[tuple[str, str]]:
    """Each command of a block, and what stands below it."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed.strip("\n")


def run(folder: Path, command: str) -> str:
    """What ``xltool …`` prints in ``folder``, on both streams as a terminal shows them."""
    words = shlex.split(command)
    assert words[0] == "xltool", f"only xltool is run: {command}"
    finished = subprocess.run(
        [sys.executable, "-m", "xltool", *words[1:]],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    return finished.stdout.replace("\\", "/").strip("\n")


def run_step(folder: Path, step: Step) -> str:
    """Run one step; gives what it printed."""
    return run(folder / step.where, step.command)


def agrees(printed: str, said: str) -> bool:
    """Whether a document's ``said`` is what was printed, where ``…`` stands for anything."""
    lines = (".*" if line.strip() == ELLIPSIS else _any_within(line) for line in said.split("\n"))
    return re.fullmatch("\n".join(lines), printed, re.DOTALL) is not None


def _any_within(line: str) -> str:
    return r"[^\n]*".join(re.escape(piece) for piece in line.split(ELLIPSIS))


def renewed(document: str, folder: Path) -> str:
    """``document`` with what its commands print now in ``folder``; what still agrees stays as it is."""
    prepare(folder)
    to_run = steps(document)

    def block(match: re.Match[str]) -> str:
        parts = []
        for command, said in _commands(match["body"]):
            if not command.startswith("cd "):
                printed = run_step(folder, next(to_run))
                said = said if agrees(printed, said) else printed
            parts.append(f"$ {command}\n{said}\n" if said else f"$ {command}\n")
        head = match[0][: match.start("body") - match.start()]
        return head + "\n".join(parts) + "```"

    return _BLOCK.sub(block, document)

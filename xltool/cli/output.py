"""Streams: results to stdout, progress and trouble to stderr; nothing a GBK console cannot show stops us."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import typer

from xltool.errors import FileRefused, display_width

_T = TypeVar("_T")
NOTHING_WRONG, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def prepare_streams() -> None:
    """On a GBK console a single unknown character would otherwise end all output."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def say(text: str = "") -> None:
    """A line of the result."""
    typer.echo(text)


def note(text: str) -> None:
    """A line about the work, not of the result."""
    typer.echo(text, err=True)


def fail(sentence: str) -> int:
    """Why it could not run, on stderr; gives the exit code."""
    typer.echo(typer.style("× ", fg=typer.colors.RED) + sentence, err=True)
    return COULD_NOT_RUN


def from_here(sentence: str) -> str:
    """``sentence`` with the files of the current folder named as its user would name them."""
    return sentence.replace(f"{Path.cwd()}{os.sep}", "")


def say_json(data: Any) -> None:
    """Data as JSON, on stdout."""
    say(json.dumps(data, ensure_ascii=False, indent=2))


def say_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns aligned for East Asian text."""
    table = [list(header), *[list(row) for row in rows]]
    widths = [max(display_width(row[i]) for row in table) for i in range(len(header))]
    for row in table:
        cells = (cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True))
        say("  ".join(cells).rstrip())


def progress(items: Sequence[_T], what: str) -> Iterator[_T]:
    """``items``, with a progress display on stderr where that is a terminal and there are several."""
    if len(items) < 2 or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # heavy, and only for people who watch
    from rich.progress import track

    yield from track(items, description=what, console=Console(stderr=True), transient=True)


class Counter:
    """Called once for each thing done. ``after``: a counter of the work that follows, on a line of its own."""

    def __init__(self, add_task: Callable[[str, int | None], Callable[[], None]] | None, what: str, total: int | None):
        self._add_task = add_task
        self._advance = add_task(what, total) if add_task is not None else None

    def __call__(self, _done: str) -> None:
        if self._advance is not None:
            self._advance()

    def after(self, what: str, total: int) -> Counter:
        return Counter(self._add_task, what, total)


@contextmanager
def counting(what: str, total: int | None = None) -> Iterator[Counter]:
    """A counter on stderr where that is a terminal, with the time left where ``total`` is known."""
    if not sys.stderr.isatty():
        yield Counter(None, what, total)
        return
    from rich.console import Console  # heavy, and only for people who watch
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:

        def add_task(what: str, total: int | None) -> Callable[[], None]:
            task = shown.add_task(what, total=total)
            return lambda: shown.advance(task)

        yield Counter(add_task, what, total)


def refuse_other_kind(option: str, path: Path | None, *suffixes: str) -> None:
    """FileRefused where ``path`` is named as a file of another kind than the one that ``option`` writes."""
    if path is not None and path.suffix.lower() not in suffixes:
        raise FileRefused(f"{option} 写的文件应以 {suffixes[0]} 结尾，给的是 {path.name}。请换一个文件名。")

"""Repetition between units as one page of HTML: no script, nothing fetched, readable on paper and on a telephone."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class MarkedText:
    """One unit's text: per part its title and its stretches, each with whether it stands in the other text too."""

    unit: str
    percent: int
    parts: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]


@dataclass(frozen=True)
class PairView:
    """Two texts beside each other."""

    percent: int
    one: MarkedText
    other: MarkedText


@dataclass(frozen=True)
class RepeatsView:
    """The page. ``pairs`` are shown whole; ``more``: further ones, (per cent, unit, unit).

    ``common``: passages that do not count, with how many units have them.
    """

    title: str
    office: str
    at: str
    limit: int
    compared: int
    pairs: tuple[PairView, ...]
    more: tuple[tuple[int, str, str], ...]
    common: Sequence[tuple[str, int]]


_NOTHING = RepeatsView("", "", "", 0, 0, (), (), ())


def write_repeats(view: RepeatsView) -> str:
    """The page, whole. Its styles are admitted by their hash."""
    template = _template()
    style = re.search("<style>(.*?)</style>", template.render(view=_NOTHING, digest=""), re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    return template.render(view=view, digest=digest)


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # heavy: only where a page is written

    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, autoescape=True)
    environment.loader = loader
    return environment.get_template("repeats.html")

"""The numbers that Word puts in front of paragraphs by itself: 一、 （一） 1. stand in no text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xltool.documents.xmltree import child, descendants, local, number, value
from xltool.numerals import chinese

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEVELS = 9
_CHINESE = ("chinese", "ideograph", "japanese", "taiwanese")
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True)
class _Level:
    """How one level counts: ``pattern`` is 第%1章."""

    start: int
    format: str
    pattern: str


@dataclass
class Numbering:
    """Lists by number, each with its levels; counts while the paragraphs are read in order."""

    lists: dict[str, tuple[str, dict[int, _Level]]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _counts: dict[str, list[int]] = field(default_factory=dict)

    def label(self, properties: Element | None) -> str:
        """What stands in front of the next paragraph, which has these properties; '' for most."""
        own = child(properties, "numPr")
        name, depth = self.styles.get(value(child(properties, "pStyle")), ("", 0))
        if own is not None:
            name = value(child(own, "numId")) or name
            depth = number(child(own, "ilvl"), default=depth)
        abstract, levels = self.lists.get(name, ("", {}))
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(abstract, [levels[n].start - 1 if n in levels else 0 for n in range(_LEVELS)])
        counts[depth] += 1
        for deeper in range(depth + 1, _LEVELS):
            counts[deeper] = levels[deeper].start - 1 if deeper in levels else 0
        return _PLACE.sub(lambda found: _counted(int(found.group(1)) - 1, counts, levels), levels[depth].pattern)


def read_numbering(part: Element | None, styles: Element | None) -> Numbering:
    """The lists that a document defines, and the styles that belong to one."""
    if part is None:
        return Numbering()
    abstract = {value(one, "abstractNumId"): _levels(one) for one in part if local(one) == "abstractNum"}
    lists = {}
    for one in part:
        if local(one) == "num":
            kind = value(child(one, "abstractNumId"))
            lists[value(one, "numId")] = (kind, abstract.get(kind, {}))
    with_list = {}
    for style in descendants(styles, "style") if styles is not None else ():
        own = child(style, "pPr", "numPr")
        if own is not None:
            with_list[value(style, "styleId")] = (value(child(own, "numId")), number(child(own, "ilvl")))
    return Numbering(lists, with_list)


def _levels(abstract: Element) -> dict[int, _Level]:
    found = {}
    for level in abstract:
        depth = number(level, "ilvl", default=-1)
        if local(level) == "lvl" and 0 <= depth < _LEVELS:
            start = number(child(level, "start"), default=1)
            found[depth] = _Level(start, value(child(level, "numFmt")), value(child(level, "lvlText")))
    return {depth: level for depth, level in found.items() if level.format not in ("bullet", "none")}


def _counted(depth: int, counts: list[int], levels: dict[int, _Level]) -> str:
    count = counts[depth] if depth < _LEVELS else 0
    form = levels[depth].format if depth in levels else "decimal"
    if form.startswith(_CHINESE) and 0 < count < 100:
        return chinese(count)
    if form in ("lowerLetter", "upperLetter") and 0 < count <= 26:
        letter = chr(96 + count)
        return letter.upper() if form == "upperLetter" else letter
    if form.startswith("decimalEnclosedCircle") and 0 < count <= 20:
        return chr(0x245F + count)
    return str(count)

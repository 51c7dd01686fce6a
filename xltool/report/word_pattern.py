"""XML with places for text: cut once out of a skeleton, filled for every report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xltool.report.printable import printable

# Characters of the private use area, which no label, style or heading contains.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_SPECIAL = re.compile('[&<>"\t\n]')
_TEXT_BEGINS = '<w:t xml:space="preserve">'
_RUN_BEGINS = f"</w:rPr>{_TEXT_BEGINS}"


@dataclass(frozen=True)
class Pattern:
    """``literals``: the XML around the places, one more than ``places``, which are named."""

    literals: tuple[str, ...]
    places: tuple[str, ...]

    def filled(self, texts: Mapping[str, str]) -> str:
        """The XML with ``texts`` (escaped here) in their places; a place without text stays empty."""
        pieces = [""] * (2 * len(self.places) + 1)
        pieces[::2] = self.literals
        pieces[1::2] = [in_xml(texts[place]) if place in texts else "" for place in self.places]
        return "".join(pieces)

    def resized(self, points: Mapping[str, float]) -> Pattern:
        """The same with the text of these places set in so many points, whatever their style says."""
        literals = list(self.literals)
        for index, name in enumerate(self.places):
            if name in points:
                before = literals[index].removesuffix(_RUN_BEGINS)
                assert before != literals[index], f"{name} has no run of its own"
                half = f'w:val="{round(points[name] * 2)}"'
                literals[index] = f"{before}<w:sz {half}/><w:szCs {half}/>{_RUN_BEGINS}"
        return Pattern(tuple(literals), self.places)


def place(name: str) -> str:
    """The sentinel that marks a place in the skeleton."""
    return f"{_OPEN}{name}{_CLOSE}"


def cut(xml: str) -> Pattern:
    """The pattern of ``xml``, in which places are marked with sentinels."""
    pieces = _PLACE.split(xml)
    return Pattern(tuple(pieces[::2]), tuple(pieces[1::2]))


def in_xml(text: str) -> str:
    """``text`` as it stands inside ``<w:t>``: escaped, only what is printable; tab and line break kept."""
    text = printable(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not _SPECIAL.search(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    text = text.replace("\t", f"</w:t><w:tab/>{_TEXT_BEGINS}")
    return text.replace("\n", f"</w:t><w:br/>{_TEXT_BEGINS}")

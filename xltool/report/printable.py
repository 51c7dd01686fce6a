"""Which characters a report may show: the same in every format."""

from __future__ import annotations

import re

# Controls, line separators, halves of pairs and non-characters, of which each plane has two at its end; those of the
# higher planes stand apart because a class that holds them all is ten times as slow.
_LAST_TWO = "".join(chr(plane + last) for plane in range(0x10000, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
# Marks of direction are among them: nobody sees them, and the figures behind them are read backwards.
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NO_TEXT = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{_DIRECTION}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|[{_LAST_TWO}]"
)


def printable(text: str) -> str:
    """``text`` without what no document may hold, or should; tabs and line ends stay, a carriage return does not."""
    return text if text.isprintable() else _NO_TEXT.sub("", text)

"""Where the signature stands: without a seal (GB/T 9704 7.3.5.2), the same in every printed format."""

from __future__ import annotations

from dataclasses import dataclass

from xltool.report.title import broken, width
from xltool.report.view import Signature

_LONGEST = 24.0  # characters: 28 to a line, two kept free at the right, two for good measure
_INDENT = 2.0


@dataclass(frozen=True)
class PlacedSignature:
    """The unit in lines and the date, each with its indent from the right in characters."""

    unit_lines: tuple[str, ...]
    unit_indent: float
    date: str
    date_indent: float


def placed(signature: Signature) -> PlacedSignature:
    """The unit two characters in, the date two to the right of its first character.

    A date too long for that stands two characters in itself, and the unit moves left. A unit too long for a
    line is broken as in the title; its last line counts.
    """
    lines = broken(signature.unit, _LONGEST)
    unit, date = width(lines[-1]), width(signature.date)
    unit_indent = max(_INDENT, 2 * _INDENT + date - unit) if signature.date else _INDENT
    return PlacedSignature(lines, unit_indent, signature.date, unit_indent + unit - _INDENT - date)

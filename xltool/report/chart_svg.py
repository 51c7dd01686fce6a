"""Bars and columns as plain SVG: attributes instead of styles, shades that are told apart in grey print.

Lengths are units of the view box: ``WIDTH`` to the width of a report's text (156 mm), ``NARROW`` to that of a
telephone, where a picture drawn for paper would have letters too small to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xltool.report.title import width
from xltool.xmltext import escape, quoteattr

WIDTH = 624
NARROW = 344
_SIZE = 14
_LINE = 18
_DIGIT = 8.0
_TEXT, _DARK, _LIGHT = "#1a1a1a", "#1f4e79", "#c9d8e8"
_FONTS = "'Microsoft YaHei','PingFang SC','Noto Sans CJK SC','Source Han Sans SC',SimHei,sans-serif"
_LEGEND = 30
_PLOT = 140
"""Height of the longest column."""


@dataclass(frozen=True)
class Entry:
    """One label with its number and how that is printed, this year and, where shown, last year."""

    label: str
    now: Decimal | None
    now_text: str
    then: Decimal | None
    then_text: str


def lines_svg(title: str, description: str, entries: Sequence[Entry], years: tuple[str, str], wide: int = WIDTH) -> str:
    """Lying bars, one below the other; two to a label where ``years`` names a second one."""
    left = max(_width(entry.label) for entry in entries) + 10
    texts = [text for entry in entries for text in (entry.now_text, entry.then_text if years[1] else "")]
    scale = max(40.0, wide - left - max(map(_width, texts)) - 8) / _largest(entries)
    bar, gap = (17, 10) if years[1] else (18, 12)
    top = _LEGEND if years[1] else 4
    height = top + len(entries) * ((2 if years[1] else 1) * bar + gap)
    drawn = list(_legend(years, wide))
    for entry in entries:
        rows = _series(entry, years)
        middle = top + gap / 2 + len(rows) * bar / 2
        drawn.append(_text(left - 8, middle, entry.label, "end"))
        for row, (value, text, fill) in enumerate(rows):
            y, length = top + gap / 2 + row * bar, scale * _length(value)
            if length:
                drawn.append(_box(left, y + 1, length, bar - 2, fill))
            drawn.append(_text(left + length + 6, y + bar / 2, text))
        top += len(rows) * bar + gap
    drawn.append(_axis(left, _LEGEND if years[1] else 4, left, height))
    return _svg(title, description, wide, height, drawn)


def columns_svg(
    title: str, description: str, entries: Sequence[Entry], years: tuple[str, str], wide: int = WIDTH
) -> str:
    """Standing columns side by side, labels below, numbers above."""
    share = wide / len(entries)
    series = 2 if years[1] else 1
    step = min(58.0, (share - 10) / series)
    base = (_LEGEND if years[1] else 4) + _LINE + _PLOT
    scale = _PLOT / _largest(entries)
    drawn = list(_legend(years, wide))
    for index, entry in enumerate(entries):
        centre = (index + 0.5) * share
        rows = _series(entry, years)
        for place, (value, text, fill) in enumerate(rows):
            middle, length = centre + (place - (len(rows) - 1) / 2) * step, scale * _length(value)
            if length:
                drawn.append(_box(middle - step / 2 + 3, base - length, step - 6, length, fill))
            drawn.append(_text(middle, base - length - _LINE / 2, text, "middle", step))
    lines = [_lines(entry.label, share - 8) for entry in entries]
    for index, label in enumerate(lines):
        for number, line in enumerate(label):
            drawn.append(_text((index + 0.5) * share, base + _LINE * (number + 0.7), line, "middle"))
    drawn.append(_axis(0, base, wide, base))
    return _svg(title, description, wide, base + _LINE * max(map(len, lines)) + 6, drawn)


def _series(entry: Entry, years: tuple[str, str]) -> list[tuple[Decimal | None, str, str]]:
    both = [(entry.now, entry.now_text, _DARK), (entry.then, entry.then_text, _LIGHT)]
    return both if years[1] else both[:1]


def _length(value: Decimal | None) -> float:
    return max(float(value or 0), 0.0)


def _largest(entries: Sequence[Entry]) -> float:
    return max(_length(value) for entry in entries for value in (entry.now, entry.then)) or 1.0


def _width(text: str) -> float:
    return sum(_SIZE if char >= "\u2e80" else _DIGIT for char in text)


def _lines(label: str, room: float) -> list[str]:
    """``label`` cut to lines no wider than ``room``."""
    most = max(1, int(room // _SIZE))
    count = -(-round(width(label)) // most)
    step = -(-len(label) // max(1, count))
    return [label[start : start + step] for start in range(0, len(label), step)]


def _legend(years: tuple[str, str], wide: int) -> Iterator[str]:
    if not years[1]:
        return
    x = wide - 12.0
    for year, fill in ((years[1], _LIGHT), (years[0], _DARK)):
        x -= _width(year)
        yield _text(x, 11, year)
        yield _box(x - 20, 5, 14, 12, fill)
        x -= 40


def _text(x: float, middle: float, text: str, anchor: str = "start", room: float = 0.0) -> str:
    """A line of text around the height ``middle``; smaller where it is wider than ``room``."""
    size = _SIZE * min(1.0, room / _width(text)) if room else _SIZE
    anchored = "" if anchor == "start" else f' text-anchor="{anchor}"'
    small = "" if size == _SIZE else f' font-size="{size:.1f}"'
    return f'<text x="{x:.1f}" y="{middle + 0.36 * size:.1f}"{anchored}{small}>{escape(text)}</text>'


def _box(x: float, y: float, wide: float, high: float, fill: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    return f'<rect {place} fill="{fill}" stroke="{_DARK}" stroke-width="0.8"/>'


def _axis(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{_TEXT}" stroke-width="1"/>'


def _svg(title: str, description: str, wide: int, height: float, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {height:.0f}" role="img" lang="zh-CN" '
        f'font-family={quoteattr(_FONTS)} font-size="{_SIZE}" fill="{_TEXT}">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(drawn)}</svg>"
    )

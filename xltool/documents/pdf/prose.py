"""Lines outside the tables → paragraphs, across pages; running heads and page numbers are left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xltool.documents.pdf.lines import Line, joined

_PAGE_NUMBER = re.compile(
    r"[-—–―─·•\s]*(?:第\s*)?[\dIVXivx０-９]{1,4}\s*(?:页)?(?:\s*[/／,，]?\s*(?:共|of)?\s*\d{1,4}\s*(?:页)?)?[-—–―─·•\s]*"
)
# How far from the upper or lower edge running heads stand, in points, and as a part of a small page's height.
_EDGE, _EDGE_OF_SMALL = 110.0, 0.2
# Lines that all are shorter than this part of the width end by themselves.
_SHORT = 0.75
_HEADING = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[、）)．.]|第[一二三四五六七八九十]+[章节部条]")


@dataclass(frozen=True)
class Placed:
    """A line and its page, whose sides are in points. ``in_chart``: it labels bars, and belongs to no table."""

    line: Line
    page: int
    page_height: float
    page_width: float
    in_chart: bool = False


def without_running_heads(lines: Sequence[Placed]) -> list[Placed]:
    """Page numbers, and what stands in the same words at the edge of several pages, left out."""
    pages = {placed.page for placed in lines}
    edge = {(*_key(placed), placed.page) for placed in lines if _at_edge(placed)}
    repeated = Counter((words, at_top) for words, at_top, _ in edge)
    often = max(3, 0.5 * len(pages))
    outermost = _outermost(lines)

    def is_running(placed: Placed) -> bool:
        if not _at_edge(placed):
            return False
        if id(placed) in outermost and _PAGE_NUMBER.fullmatch(placed.line.text):
            return True
        words, at_top = _key(placed)
        return bool(words) and repeated[words, at_top] >= often

    return [placed for placed in lines if not is_running(placed)]


def _key(placed: Placed) -> tuple[str, bool]:
    """The words of a line without its figures, and whether it stands in the upper half."""
    return re.sub(r"\d+|\s+", "", placed.line.text), placed.line.top < placed.page_height / 2


def _at_edge(placed: Placed) -> bool:
    edge = min(_EDGE, _EDGE_OF_SMALL * placed.page_height)
    return placed.line.bottom < edge or placed.line.top > placed.page_height - edge


def _outermost(lines: Sequence[Placed]) -> set[int]:
    """The first and the last line of each page."""
    by_page: dict[int, list[Placed]] = {}
    for placed in lines:
        by_page.setdefault(placed.page, []).append(placed)
    ends = ((min(page, key=_top), max(page, key=_top)) for page in by_page.values())
    return {id(placed) for pair in ends for placed in pair}


def _top(placed: Placed) -> float:
    return placed.line.top


@dataclass(frozen=True)
class Margins:
    """Where full lines start and end."""

    left: float
    right: float


def margins(lines: Iterable[Placed]) -> Margins:
    """The left edge that most lines share, and the right edge of the full ones."""
    listed = list(lines)
    placed = [one.line for one in listed]
    if not placed:
        return Margins(0.0, 0.0)
    rights = sorted(line.x1 for line in placed)
    longest = rights[-1 - len(rights) // 20]
    # Where no line is full, as far from the right edge as from the left.
    outermost = min(line.x0 for line in placed)
    symmetric = max(one.page_width for one in listed) - outermost
    if longest - outermost < _SHORT * (symmetric - outermost):
        longest = symmetric
    full = [line for line in placed if longest - line.x1 < 2 * line.size] or placed
    lefts = Counter(round(line.x0 / 4) for line in full)
    common = max(lefts.values())
    left = min(edge for edge, count in lefts.items() if 3 * count >= common) * 4
    return Margins(left, longest)


def paragraphs(lines: Sequence[Placed], within: Margins) -> list[tuple[str, int]]:
    """The paragraphs that ``lines`` make, each with the page it starts on."""
    found: list[tuple[str, int]] = []
    for number, placed in enumerate(lines):
        if number and _goes_on(lines[number - 1], placed, within):
            text, page = found[-1]
            found[-1] = joined(text, placed.line.text), page
        else:
            found.append((placed.line.text, placed.page))
    return found


def _goes_on(above: Placed, below: Placed, within: Margins) -> bool:
    """Whether the paragraph of ``above`` goes on in ``below``: a full line, then one that is not indented."""
    size = above.line.size
    if abs(below.line.size - size) > 0.25 * size:
        return False
    if within.right - above.line.x1 > 1.8 * size:
        return False
    indented = below.line.x0 - within.left > 0.8 * size
    if indented or (above.page == below.page and below.line.top - above.line.bottom > 1.8 * size):
        return False
    return not _HEADING.match(below.line.text) or above.line.x0 - within.left > 0.8 * size

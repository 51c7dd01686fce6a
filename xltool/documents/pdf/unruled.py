"""Where tables without ruling lines stand among the lines of a page, and in which columns their words.

Columns come from the lines with the most words: narrow words make a column each, a word that reaches over two columns
is a cell that spans them. ``unruled_rows`` finds the rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from xltool.documents.pdf.continued import Part
from xltool.documents.pdf.lines import Line, segments
from xltool.documents.pdf.unruled_rows import Word, is_figure, rows_of

_FINE_GAP = 0.55
# Lines of a table that stand apart by more than this many characters are two tables.
_APART = 5.0
_LONGEST_LABEL = 0.62
_HEAD_APART = 1.3
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、")

Column = tuple[float, float]
"""From its leftmost to its rightmost word."""


def tabular_runs(lines: Sequence[Line], width: float) -> list[tuple[int, int]]:
    """Where tables stand among ``lines``: first and last + 1. ``width``: of the text on the page.

    A table has two lines of three words far from each other, or of a word and a figure, with none between them that
    runs through like prose; then come the lines of its head above, and of its last label below.
    """
    runs: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        if not _is_row(line):
            continue
        if runs and _belong_together(lines[runs[-1][1] - 1 : number + 1], width):
            runs[-1] = runs[-1][0], number + 1
        else:
            runs.append((number, number + 1))
    whole: list[tuple[int, int]] = []
    for run in runs:
        if sum(map(_is_row, lines[slice(*run)])) > 1:
            before = whole[-1][1] if whole else 0
            whole.append(_with_head(lines, _with_last_label(lines, run), before, width))
    return whole


def _is_row(line: Line) -> bool:
    words = segments(line)
    return len(words) > 2 or (len(words) == 2 and is_figure(words[-1].text))


def _belong_together(lines: Sequence[Line], width: float) -> bool:
    if any(below.top - above.bottom > _APART * above.size for above, below in pairwise(lines)):
        return False
    return not any(_is_prose(line, width) for line in lines[1:-1])


def _is_prose(line: Line, width: float) -> bool:
    return len(segments(line)) == 1 and line.x1 - line.x0 > _LONGEST_LABEL * width


def _with_last_label(lines: Sequence[Line], run: tuple[int, int]) -> tuple[int, int]:
    """A label's last lines may stand below the last figures."""
    first, end = run
    left, right = min(line.x0 for line in lines[first:end]), max(line.x1 for line in lines[first:end])
    while end < len(lines):
        line, size = lines[end], lines[end].size
        near = line.top - lines[end - 1].bottom < 0.45 * size
        if not near or line.x1 > (left + right) / 2 or line.x0 < left - size or _SECTION.match(line.text):
            break
        end += 1
    return first, end


def _with_head(lines: Sequence[Line], run: tuple[int, int], before: int, width: float) -> tuple[int, int]:
    """Words above the columns, one in a line, belong to the head; a section's heading does not."""
    first, end = run
    while first > before:
        line, below = lines[first - 1], lines[first]
        apart = below.top - line.bottom > _HEAD_APART * line.size
        if apart or _is_prose(line, width) or _SECTION.match(line.text) or line.size > 1.3 * below.size:
            break
        first -= 1
    return first, end


def unruled_part(lines: Sequence[Line], page: int) -> Part:
    """The table that ``lines`` of a page are."""
    columns = _columns(lines)
    words = [
        Word(first, last, part.x0, part.x1, part.top, part.bottom, part.text)
        for line in lines
        for first, last, part in _placed(line, columns)
    ]
    size = sorted(line.size for line in lines)[len(lines) // 2]
    xs = (*(x0 for x0, _ in columns), columns[-1][1])
    return Part(xs, rows_of(words, size), (page,), exact=False)


def _columns(lines: Sequence[Line]) -> list[Column]:
    words = []
    for line in lines:
        many = len(segments(line))
        words += [(-many, part.x1 - part.x0, part.x0, part.x1) for part in segments(line, _FINE_GAP)]
    columns: list[Column] = []
    for _, _, x0, x1 in sorted(words):
        over = [column for column in columns if _overlap(column, (x0, x1)) > 0]
        if not over:
            columns.append((x0, x1))
        elif len(over) == 1:
            columns.remove(over[0])
            columns.append((min(over[0][0], x0), max(over[0][1], x1)))
    return _without_halves(lines, sorted(columns))


def _overlap(one: Column, other: Column) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


def _without_halves(lines: Sequence[Line], columns: list[Column]) -> list[Column]:
    """Neighbours that no line has both of are one column: figures at its left, their head in its middle."""
    filled = [{number for first, last, _ in _placed(line, columns) for number in {first, last}} for line in lines]
    figures = {first for line in lines for first, last, part in _placed(line, columns) if is_figure(part.text)}
    groups: list[list[int]] = []
    for number in range(len(columns)):
        together = groups and not any(number in line and line & set(groups[-1]) for line in filled)
        if together and (number in figures or figures & set(groups[-1])):
            groups[-1].append(number)
        else:
            groups.append([number])
    return [(columns[group[0]][0], columns[group[-1]][1]) for group in groups]


def _placed(line: Line, columns: Sequence[Column]) -> list[tuple[int, int, Line]]:
    """The words of a line by the columns they stand in, first and last; those of one column together."""
    found: list[tuple[int, int, Line]] = []
    for part in segments(line, _FINE_GAP):
        over = [n for n, column in enumerate(columns) if _overlap(column, (part.x0, part.x1)) > 0] or [0]
        if found and over[0] <= found[-1][1]:
            first, last, before = found.pop()
            found.append((first, max(last, over[-1]), Line(before.chars + part.chars)))
        else:
            found.append((over[0], over[-1], part))
    return found

"""Tables with ruling lines: where no line stands between two fields of the grid, they are one cell.

Lines may be missing at the sides, be drawn twice or in pieces, or be thin rectangles.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xltool.documents.pdf.marks import Char, Stroke

# Lines nearer than this are one.
NEAR = 3.0
# How much of a field's side must be drawn to be a border.
_DRAWN = 0.6
_MAX_FIELDS = 20_000


@dataclass(frozen=True)
class Field:
    """A cell of the grid and what stands in it; row and column 0-based."""

    row: int
    column: int
    rows: int
    columns: int
    chars: tuple[Char, ...]


@dataclass(frozen=True)
class Ruled:
    """A ruled table: ``xs`` and ``ys`` are the borders of its columns and rows, ``fields`` fill it without a gap."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    fields: tuple[Field, ...]


def ruled_tables(across: Sequence[Stroke], down: Sequence[Stroke], chars: Sequence[Char]) -> list[Ruled]:
    """The tables that the lines of a page make, from top to bottom; a frame around everything is none."""
    tables = [_ruled(*group, chars) for group in _groups(merged(across), merged(down))]
    found = [table for table in tables if table is not None and len(table.fields) > 1]
    return sorted(found, key=lambda table: (table.ys[0], table.xs[0]))


def merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Lines drawn in pieces or more than once as one each."""
    levels: list[list[Stroke]] = []
    for stroke in sorted(strokes):
        if not levels or stroke.at - levels[-1][-1].at > NEAR / 2 or stroke.at - levels[-1][0].at > NEAR:
            levels.append([])
        levels[-1].append(stroke)
    whole: list[Stroke] = []
    for level in levels:
        at = sum(stroke.at for stroke in level) / len(level)
        start, end = 0.0, -1.0
        for stroke in sorted(level, key=lambda stroke: stroke.start):
            if end < start:
                start, end = stroke.start, stroke.end
            elif stroke.start > end + NEAR:
                whole.append(Stroke(at, start, end))
                start, end = stroke.start, stroke.end
            end = max(end, stroke.end)
        whole.append(Stroke(at, start, end))
    return [stroke for stroke in whole if stroke.end - stroke.start > NEAR]


def _groups(across: Sequence[Stroke], down: Sequence[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Lines that touch each other belong together."""
    parent = list(range(len(across) + len(down)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for i, line in enumerate(across):
        for j, post in enumerate(down, len(across)):
            if _touch(line, post):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for number, stroke in enumerate([*across, *down]):
        pair = groups.setdefault(root(number), ([], []))
        pair[number >= len(across)].append(stroke)
    return [(lines, posts) for lines, posts in groups.values() if len(lines) > 1]


def _touch(line: Stroke, post: Stroke) -> bool:
    return line.start - NEAR <= post.at <= line.end + NEAR and post.start - NEAR <= line.at <= post.end + NEAR


def _ruled(lines: list[Stroke], posts: list[Stroke], chars: Sequence[Char]) -> Ruled | None:
    # The ends of the lines too: the outer borders are often left out.
    xs = levels([post.at for post in posts] + [min(line.start for line in lines), max(line.end for line in lines)])
    ends = [end for post in posts for end in (min(post.start, lines[0].at), max(post.end, lines[-1].at))]
    ys = levels([line.at for line in lines] + [min(ends, default=lines[0].at), max(ends, default=lines[-1].at)])
    if (len(xs) - 1) * (len(ys) - 1) > _MAX_FIELDS or len(xs) < 2 or len(ys) < 2:
        return None
    inside = [char for char in chars if xs[0] <= char.x <= xs[-1] and ys[0] <= char.y <= ys[-1]]
    rows, columns = len(ys) - 1, len(xs) - 1
    right_open = [[not _drawn(posts, xs[c + 1], ys[r], ys[r + 1]) for c in range(columns - 1)] for r in range(rows)]
    below_open = [[not _drawn(lines, ys[r + 1], xs[c], xs[c + 1]) for c in range(columns)] for r in range(rows - 1)]
    areas = _areas(rows, columns, right_open, below_open)
    content: dict[tuple[int, int], list[Char]] = {}
    owner = {(r, c): area for area in areas for r in range(area[0], area[2]) for c in range(area[1], area[3])}
    for char in inside:
        place = bisect(ys, char.y, 1, rows) - 1, bisect(xs, char.x, 1, columns) - 1
        content.setdefault(owner[place][:2], []).append(char)
    fields = [Field(r, c, r1 - r, c1 - c, tuple(content.get((r, c), ()))) for r, c, r1, c1 in areas]
    return Ruled(tuple(xs), tuple(ys), tuple(fields))


def levels(values: Iterable[float]) -> list[float]:
    """Values that are nearly equal as one, in order."""
    found: list[list[float]] = []
    for value in sorted(values):
        if not found or value - found[-1][-1] > NEAR:
            found.append([])
        found[-1].append(value)
    return [sum(near) / len(near) for near in found]


def _drawn(strokes: Sequence[Stroke], at: float, start: float, end: float) -> bool:
    """Whether a line runs along this side of a field."""
    covered = sum(
        max(0.0, min(stroke.end, end) - max(stroke.start, start)) for stroke in strokes if abs(stroke.at - at) <= NEAR
    )
    return covered >= _DRAWN * (end - start)


Area = tuple[int, int, int, int]
"""First row, first column, the row and the column behind the last."""


def _areas(rows: int, columns: int, right_open: list[list[bool]], below_open: list[list[bool]]) -> list[Area]:
    """The fields that are one, as rectangles, by row and column."""
    taken = [[False] * columns for _ in range(rows)]
    areas: list[Area] = []
    for row in range(rows):
        for column in range(columns):
            if taken[row][column]:
                continue
            right = column + 1
            while right < columns and right_open[row][right - 1] and not taken[row][right]:
                right += 1
            bottom = row + 1
            while bottom < rows and _continues(bottom, column, right, right_open, below_open, taken):
                bottom += 1
            for r in range(row, bottom):
                taken[r][column:right] = [True] * (right - column)
            areas.append((row, column, bottom, right))
    return areas


def _continues(
    row: int, left: int, right: int, right_open: list[list[bool]], below_open: list[list[bool]], taken: list[list[bool]]
) -> bool:
    """Whether the cell above goes on in ``row``: nothing drawn between, nothing drawn inside."""
    return (
        all(below_open[row - 1][left:right])
        and all(right_open[row][left : right - 1])
        and not any(taken[row][left:right])
    )

"""The rows or the columns of a block found by their labels, in whatever order they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from xltool.documents.model import Cell
from xltool.form import Line
from xltool.salvage.board import Board, Span, columns_of, rows_of
from xltool.salvage.labels import Likeness, Said, Wanted, misprinted, wanted

Spot = tuple[Cell, Said]
_MOST_CANDIDATES = 40
"""A label that a table has more often is no label there: it is a list."""


@dataclass(frozen=True)
class Found:
    """One line of the form in the table. ``why``: what makes it doubtful, "" where its label leaves no doubt."""

    cell: Cell
    span: Span
    label: Said
    why: str = ""


@dataclass(frozen=True)
class Axis:
    """Along which way lines are counted; a line's outer headings stand before it on the other axis."""

    board: Board
    of: Callable[[Cell], Span]
    across: Callable[[Cell], Span]

    def heading_over(self, cell: Cell, labels: Iterable[Wanted]) -> set[Wanted]:
        """Which of the outer ``labels`` stand over ``cell``: spanning it, or the last to begin before it."""
        over: set[Wanted] = set()
        last: tuple[int, int] | None = None
        for name in labels:
            for other, _ in self.board.having(name):
                if self.across(other).end > self.across(cell).start or self.of(other).start > self.of(cell).start:
                    continue
                if self.of(cell).start < self.of(other).end:
                    return {name}
                key = (self.of(other).start, self.across(other).start)
                if last is None or key > last:
                    last, over = key, {name}
        return over


def row_axis(board: Board) -> Axis:
    return Axis(board, rows_of, columns_of)


def column_axis(board: Board) -> Axis:
    return Axis(board, columns_of, rows_of)


def find_lines(
    axis: Axis, lines: Sequence[Line], spots: Sequence[Spot], taken: Iterable[Said] = ()
) -> dict[int, Found]:
    """Index of a line → where it is. ``spots``: labels that may be one; ``taken``: labels that are something else.

    A label printed twice belongs to the line whose outer headings stand over it; where these do not decide it, the
    line is not found.
    """
    leaves = [wanted(line.label) for line in lines]
    possible = {id(cell) for cell, _ in spots}
    exact = [[spot for spot in axis.board.having(leaf) if id(spot[0]) in possible] for leaf in leaves]
    shared = Counter(leaf.plain.words for leaf in leaves)
    found: dict[int, Found] = {}
    for index, (line, candidates) in enumerate(zip(lines, exact, strict=True)):
        if len(candidates) > _MOST_CANDIDATES:
            continue
        if len(candidates) > 1 or shared[leaves[index].plain.words] > 1:
            candidates = _under_own_heading(axis, line, lines, candidates)
        if len(candidates) == 1:
            found[index] = _found(axis, candidates[0])
    _without_doubles(found)
    known = {id(cell) for group in exact for cell, _ in group} | {id(f.cell) for f in found.values()}
    left = [(cell, label) for cell, label in spots if id(cell) not in known and label not in set(taken)]
    lost = [leaf for index, leaf in enumerate(leaves) if index not in found and not exact[index]]
    return found | _misprints(axis, leaves, lost, left)


def _found(axis: Axis, spot: Spot, why: str = "") -> Found:
    cell, label = spot
    return Found(cell, axis.of(cell), label, why)


def _under_own_heading(axis: Axis, line: Line, lines: Sequence[Line], candidates: Sequence[Spot]) -> list[Spot]:
    """Those candidates over which the line's own outer heading stands, and not another's."""
    if len(line.path) < 2:
        bare = {wanted(other.path[-2]) for other in lines if len(other.path) > 1}
        return [spot for spot in candidates if not _spanned(axis, spot[0], bare)]
    headings = {wanted(other.path[-2]) for other in lines if len(other.path) > 1}
    own = wanted(line.path[-2])
    return [spot for spot in candidates if own in axis.heading_over(spot[0], headings)]


def _spanned(axis: Axis, cell: Cell, headings: set[Wanted]) -> bool:
    over = axis.heading_over(cell, headings)
    return bool(over)


def _without_doubles(found: dict[int, Found]) -> None:
    """A cell that two lines claim is neither's."""
    claims = Counter(id(line.cell) for line in found.values())
    for index in [index for index, line in found.items() if claims[id(line.cell)] > 1]:
        del found[index]


def _misprints(axis: Axis, leaves: list[Wanted], lost: list[Wanted], left: Sequence[Spot]) -> dict[int, Found]:
    renumbered = {}
    for index, leaf in enumerate(leaves):
        same = [spot for spot in left if leaf.likeness(spot[1]) is Likeness.OTHER_NUMBER]
        if leaf in lost and len(same) == 1:
            renumbered[index] = _found(axis, same[0], f"标题写作“{same[0][0].text}”，序号不同")
    used = {id(line.cell) for line in renumbered.values()}
    rest = [spot for spot in left if id(spot[0]) not in used]
    wanting = [leaf for leaf in lost if leaves.index(leaf) not in renumbered]
    pairs = misprinted(wanting, leaves, [label for _, label in rest])
    return renumbered | {index: _found(axis, rest[k]) for index, k in pairs.items()}

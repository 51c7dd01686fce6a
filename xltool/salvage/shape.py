"""Whether labels and numbers still stand beside each other: lines that are lost, lines that nobody asked for.

A label that was deleted moves those after it by one, and every one of them then reads as if nothing had happened.
What gives it away is a number without a label, and a label lost or without numbers, somewhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Shape:
    """``by_place``: lost line → the nameless line that stands exactly where it should. ``moved``: lines that may have
    been given their neighbours' numbers. ``extra``: nameless lines that stand for nothing of the form.
    """

    by_place: Mapping[int, int] = field(default_factory=dict)
    moved: frozenset[int] = frozenset()
    extra: tuple[int, ...] = ()


def compare(count: int, found: Mapping[int, int], empty: Collection[int], nameless: Sequence[int]) -> Shape:
    """``found``: which of the ``count`` lines stands where; ``empty``: those of them without a single number;
    ``nameless``: where numbers stand without a label of the form.
    """
    if not nameless:
        return Shape()
    lost = [index for index in range(count) if index not in found]
    in_order = sorted(found) == sorted(found, key=lambda index: found[index])
    by_place = _by_place(count, found, lost, nameless) if in_order else {}
    still_lost = [index for index in lost if index not in by_place] + list(empty)
    left = tuple(place for place in nameless if place not in by_place.values())
    if not still_lost or not left:
        return Shape(by_place, frozenset(), left)
    if not in_order:
        return Shape(by_place, frozenset(range(count)), left)
    places = [_place_of(index, found) for index in still_lost] + list(left)
    between = frozenset(i for i, place in found.items() if min(places) <= place <= max(places))
    return Shape(by_place, between, left)


def _by_place(count: int, found: Mapping[int, int], lost: Sequence[int], nameless: Sequence[int]) -> dict[int, int]:
    pairs: dict[int, int] = {}
    edges = [(-1, -1), *sorted(found.items()), (count, 10**9)]
    for (before, top), (after, bottom) in pairwise(edges):
        missing = [index for index in lost if before < index < after]
        standing = [place for place in nameless if top < place < bottom]
        if missing and len(missing) == len(standing):
            pairs |= dict(zip(missing, sorted(standing), strict=True))
    return pairs


def _place_of(index: int, found: Mapping[int, int]) -> float:
    """Where a lost line would stand: behind the last one before it."""
    if index in found:
        return found[index]
    before = [place for other, place in found.items() if other < index]
    return max(before, default=-1) + 0.5

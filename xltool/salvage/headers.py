"""The header of a table in running text: whether its labels stand there as the form has them.

Broken into lines and taken down line by line, parts of one stand between parts of the others:

商业 | 科研 | 其他        结 结 其
企业 | 机构 |      or     果 果 他        →  商业企业, 科研机构, 其他; 结果维持, …
                          维 纠
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from xltool.grid import GridCell, Role
from xltool.salvage.labels import alike, of_one_name, said

_SPARE = 40
"""A header may have so many letters more than the form's."""
_ALIKE, _MARGIN = 0.7, 0.15
_MOST_LOST = 3
_LEAST_FUZZY = 4
_MULTIPLES = ("十", "百", "千", "万", "亿")


@dataclass(frozen=True)
class Header:
    """``corner``: what stands before the labels; ``labels``: all in reading order; ``columns``: those right over the
    numbers from left to right, each with the one over it; ``row``: the label behind the header, with which the first
    row begins; ``units``: of labels that name a measure, the measure.
    """

    corner: str
    labels: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    row: str
    units: Mapping[str, str] = field(default_factory=dict)


def header_of(labels: Sequence[GridCell]) -> Header | None:
    """The header among the labels before a row; None where there is none."""
    cells = [cell for cell in labels if cell.role is Role.HEADER]
    if not cells:
        return None
    lowest = [cell for cell in cells if not any(_over(cell, other) for other in cells)]
    over = {cell: [other for other in cells if _over(other, cell)] for cell in lowest}
    columns = [(printed(above[-1]) if (above := over[cell]) else "", cell) for cell in lowest]
    columns.sort(key=lambda column: column[1].column)
    row = next((printed(cell) for cell in labels if cell.role is Role.STUB), "")
    corner = next((printed(cell) for cell in labels if cell.role is Role.CORNER), "")
    units = {
        printed(cell): unit for cell in cells if cell.label is not None and (unit := said(cell.label.printed).unit)
    }
    under = tuple((name, printed(cell)) for name, cell in columns)
    return Header(corner, tuple(map(printed, cells)), under, row, units)


def printed(cell: GridCell) -> str:
    """The letters of a label, as a text is compared with them."""
    return of_one_name(cell.label.printed) if cell.label is not None else ""


def _over(cell: GridCell, other: GridCell) -> bool:
    return other.row > cell.row and cell.column <= other.column < cell.column + cell.width


def stands_in(header: Header, words: str, between: int = 0) -> bool:
    """Whether ``words`` end in the header and the labels of the first rows; ``between``: letters of these, but the
    first row's.
    """
    length = sum(map(len, header.labels))
    near = words[-between - len(header.row) - length - len(header.corner) - _SPARE :]
    end = near.rfind(header.row) if header.row else len(near)
    above = near[: end if end >= 0 else -between - len(header.row)]
    if above.endswith("".join(header.labels)) or _in_turn(header.labels, above):
        return True
    outer = [label for label in header.labels if label not in {name for _, name in header.columns}]
    tail = above[-length:]
    return _misprinted(header, above) or (_in_turn(outer, tail) and _is_woven(header.columns, _without(outer, tail)))


def _misprinted(header: Header, text: str) -> bool:
    """Whether all labels stand there in turn, those that are lost misprinted between their neighbours."""
    start = text.rfind(header.corner) + len(header.corner) if header.corner and header.corner in text else 0
    labels, at = list(header.labels), start
    while labels:
        if text.startswith(labels[0], at):
            at += len(labels.pop(0))
            continue
        lost = [labels.pop(0)]
        while labels and (end := text.find(labels[0], at)) < 0:
            lost.append(labels.pop(0))
        end = text.find(labels[0], at) if labels else len(text)
        if len(lost) > _MOST_LOST or not _parted(lost, text[at:end], header):
            return False
        at = end
    return True


def _parted(lost: Sequence[str], text: str, header: Header) -> bool:
    """Whether ``text`` divides into the ``lost`` labels, each part by far most like its own."""
    if not lost:
        return not text
    name, rest = lost[0], lost[1:]
    lengths = range(max(1, len(name) - 2), len(name) + 3) if rest else [len(text)]
    return len(name) >= _LEAST_FUZZY and any(
        _is_misprint(name, text[:length], header) and _parted(rest, text[length:], header) for length in lengths
    )


def _is_misprint(name: str, part: str, header: Header) -> bool:
    """Whether ``part`` is like ``name`` and like no other label, and of the same measure."""
    unit = header.units.get(name, "")
    if unit and (not part.endswith(unit) or part[: -len(unit)].endswith(_MULTIPLES)):
        return False
    own = alike(name, part)
    others = max((alike(other, part) for other in header.labels if other != name), default=0.0)
    return own >= _ALIKE and own - others >= _MARGIN


def _is_woven(names: Sequence[tuple[str, str]], text: str) -> bool:
    """Whether ``text`` is nothing but the ``names`` in this order; each with the heading over it, "" for none."""
    rest = [name for _, name in names]
    places: list[list[int]] = [[] for _ in names]
    at = 0
    while at < len(text):
        before = at
        for index, left in enumerate(rest):
            taken = _alike(left, text[at:])
            places[index] += range(at, at + taken)
            rest[index] = left[taken:]
            at += taken
        if at == before:
            return False
    return not any(rest) and _in_order(names, places)


def _alike(one: str, other: str) -> int:
    """How many characters they begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _in_order(names: Sequence[tuple[str, str]], places: Sequence[Sequence[int]]) -> bool:
    """Under one heading the beginnings are in order; what is of one length is broken alike, so that all of it is."""
    for (one, here), (other, there) in combinations(zip(names, places, strict=True), 2):
        together = range(len(here) if len(here) == len(there) else 1)
        if one[0] == other[0] and any(here[k] > there[k] for k in together):
            return False
    return True


def _in_turn(labels: Sequence[str], text: str) -> bool:
    """Whether all of them stand in ``text``, one behind the other."""
    at = 0
    for label in labels:
        at = text.find(label, at)
        if at < 0:
            return False
        at += len(label)
    return True


def _without(labels: Sequence[str], text: str) -> str:
    """``text`` without each of ``labels`` where it first stands whole."""
    for label in labels:
        text = text.replace(label, "", 1)
    return text

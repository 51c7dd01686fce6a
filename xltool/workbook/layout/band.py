"""The live checks beside and below a table: what belongs to a column stands under it, to a row beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xltool.check.judge import State
from xltool.expr.model import Binary, Call, Source
from xltool.form import Check, Figure, Form, Table
from xltool.workbook.layout.addresses import Addresses, Column, column_widths
from xltool.workbook.layout.model import (
    Area,
    Cell,
    Computed,
    Fixed,
    Highlight,
    Place,
    Style,
    height_needed,
)

_GAP_WIDTH = 2.0
_BAND_WIDTH = 21.0
_LABEL_WIDTH = 46.0
MARK_GOOD, MARK_WRONG = "√", "×"


@dataclass
class Band:
    """What stands around a table: cells, widths of the columns added on the right, heights, colours."""

    cells: list[Cell] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    highlights: list[Highlight] = field(default_factory=list)


@dataclass(frozen=True)
class _Strand:
    """One line of the band: a label, and for each table line (row or column id) a key and a formula."""

    label: str
    style: Style
    entries: dict[str, tuple[str, str]]


def band_cells(form: Form, table: Table, at: Addresses) -> Band:
    """All rules that run over the rows or columns of ``table``."""
    band = Band()
    across = table.blocks[0].across
    by_axis: dict[str, list[Check]] = {"row": [], "column": []}
    for check in form.checks:
        if check.axis is not None and check.axis[0] == table.id:
            by_axis[check.axis[1]].append(check)
    below = by_axis["row"] if across else by_axis["column"]
    _below(band, table, list(_strands(form, below, at, with_sides=True)), at)
    if not across:
        _beside(band, table, list(_strands(form, by_axis["row"], at, with_sides=False)), at)
    return band


def _strands(form: Form, checks: list[Check], at: Addresses, with_sides: bool) -> Iterator[_Strand]:
    """Rules that say the same of different lines share their strands."""
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(check.mark, []).append(check)
    shown: set[str] = set()
    for mark, group in groups.items():
        if not any(term.source is Source.STATED for term in group[0].figures):
            for strand in _references(form, group, at):
                if strand.label not in shown:
                    shown.add(strand.label)
                    yield strand
            yield from _sides(group, at, with_sides)
        code = "、".join(dict.fromkeys(check.code for check in group))
        entries = {_line(c): (f"mark.{c.key}", mark_formula(c, at)) for c in group}
        yield _Strand(f"{mark}（{code}）", Style.STATE, entries)


def _line(check: Check) -> str:
    assert check.axis is not None
    return check.axis[2]


def _references(form: Form, group: list[Check], at: Addresses) -> Iterator[_Strand]:
    """Last year's figures that the rule needs, as locked references."""
    by_label: dict[str, dict[str, tuple[str, str]]] = {}
    for check in group:
        for term in check.figures:
            if term.source is Source.PRIOR:
                before = at.before(term.figure).absolute
                entry = (f"prior.{term.figure}", f'IF(ISNUMBER({before}),{before},"")')
                by_label.setdefault(_prior_label(check, form.figures[term.figure]), {})[_line(check)] = entry
    for label, entries in by_label.items():
        yield _Strand(label, Style.BAND, entries)


def _prior_label(check: Check, figure: Figure) -> str:
    assert check.axis is not None
    row, _, column = figure.spoken.partition(" · ")
    return "上年" + (row if check.axis[1] == "column" else column)


def _sides(group: list[Check], at: Addresses, with_sides: bool) -> Iterator[_Strand]:
    """Left, right and difference, where at least one side is a sum; beside a table only the difference."""
    comparison = group[0].comparison
    if not any(isinstance(side, Binary | Call) for side in (comparison.left, comparison.right)):
        return
    left, right = group[0].sides
    sides = ((left, Column.LEFT, "left"), (right, Column.RIGHT, "right")) if with_sides else ()
    gap = "差额" if with_sides else f"差额（{group[0].code}）"
    for label, column, name in (*sides, (gap, Column.GAP, "gap")):
        entries = {_line(c): (f"{name}.{c.key}", at.side(c.key, column).absolute) for c in group}
        yield _Strand(label, Style.BAND, entries)


def mark_formula(check: Check, at: Addresses) -> str:
    """√, ×, 已说明, or nothing while it cannot be judged."""
    state = at.state(check.key).absolute
    wrong = f'OR({state}="{State.FAILED}",{state}="{State.TO_EXPLAIN}")'
    explained = f'IF({state}="{State.EXPLAINED}","{State.EXPLAINED}","")'
    return f'IF({state}="{State.PASSED}","{MARK_GOOD}",IF({wrong},"{MARK_WRONG}",{explained}))'


def _below(band: Band, table: Table, strands: list[_Strand], at: Addresses) -> None:
    origin, grid = at.origins[table.id], at.grids[table.id]
    block = table.blocks[0]
    widths = column_widths(table)
    stub = 0 if block.across else grid.columns - len(block.columns)
    columns = (
        {row.id: index * len(block.columns) for index, row in enumerate(block.rows)}
        if block.across
        else {column.id: stub + index for index, column in enumerate(block.columns)}
    )
    span = len(block.columns) if block.across else 1
    for index, strand in enumerate(strands):
        row = origin.row + grid.rows + 1 + index
        label = Area(Place(origin.sheet, row, 0), 1, stub) if stub else Area(Place(origin.sheet, row, grid.columns + 1))
        band.cells.append(Fixed(label, strand.label, Style.BAND_LABEL))
        for line, column in columns.items():
            area = Area(Place(origin.sheet, row, column), 1, span)
            band.cells.append(_entry(area, strand, line))
        width = sum(widths[:stub]) if stub else _LABEL_WIDTH
        band.heights[row] = max(20.0, height_needed(strand.label, width, 10))
        _colour(band, Area(Place(origin.sheet, row, stub), 1, grid.columns - stub), strand)
    if strands:
        band.heights[origin.row + grid.rows] = 14.0
        if not stub:
            band.widths = [_GAP_WIDTH, _LABEL_WIDTH]


def _beside(band: Band, table: Table, strands: list[_Strand], at: Addresses) -> None:
    if not strands:
        return
    origin, grid = at.origins[table.id], at.grids[table.id]
    rows = {figure.row: area.place.row for figure, area in at.figures.items() if figure.table == table.id}
    band.widths = [_GAP_WIDTH, *([_BAND_WIDTH] * len(strands))]
    for index, strand in enumerate(strands):
        column = grid.columns + 1 + index
        concerned = [row for line, row in rows.items() if line in strand.entries]
        header_height = min(concerned) - origin.row
        header = Area(Place(origin.sheet, origin.row, column), header_height)
        band.cells.append(Fixed(header, strand.label, Style.BAND_LABEL))
        for line, row in rows.items():
            if line in strand.entries:
                band.cells.append(_entry(Area(Place(origin.sheet, row, column)), strand, line))
        last = max(concerned)
        _colour(band, Area(Place(origin.sheet, min(concerned), column), last - min(concerned) + 1), strand)


def _entry(area: Area, strand: _Strand, line: str) -> Cell:
    if line not in strand.entries:
        return Fixed(area, "", Style.BAND)
    key, formula = strand.entries[line]
    return Computed(area, key, formula, strand.style)


def _colour(band: Band, area: Area, strand: _Strand) -> None:
    if strand.style is Style.STATE:
        cell = area.place.cell
        band.highlights.append(Highlight(area, f'{cell}="{MARK_WRONG}"', "wrong"))
        band.highlights.append(Highlight(area, f'{cell}="{MARK_GOOD}"', "good"))

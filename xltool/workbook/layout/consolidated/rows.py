"""Sheets with a row per unit: headings and sums are laid out, the rows themselves come one by one.

Ten thousand units make millions of cells; only one row of them is ever held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from xltool.consolidate import RosterRow, Share
from xltool.expr.excel import formula
from xltool.expr.model import Operand, Term
from xltool.figure import FigureId
from xltool.form import Block, Figure, Line, Table
from xltool.spreadsheet.addresses import column_letters
from xltool.workbook.layout.consolidated.places import (
    DETAIL_SUM,
    DETAIL_TOP,
    FIRST_FIGURE,
    LIST_TOP,
    UNITS,
    Column,
    Places,
)
from xltool.workbook.layout.consolidated.sheets import heading, list_heading, note_highlight
from xltool.workbook.layout.consolidated.summary import Summary
from xltool.workbook.layout.model import (
    Area,
    Cell,
    Computed,
    Fixed,
    Place,
    Sheet,
    Stamp,
    Style,
    height_needed,
)


class Formula(NamedTuple):
    """A formula without "=", and its true value."""

    text: str
    value: Decimal | str


RowValue = Decimal | str | Formula | None
NOT_COMPLETE = "未填全"
"""Stands in a unit's total that cannot be computed; sums pass it over."""


@dataclass(frozen=True)
class UnitRows:
    """A sheet whose row ``top`` is a sample of its style; ``rows`` gives the values of each row, from there on."""

    sheet: Sheet
    top: int
    rows: Callable[[], Iterator[list[RowValue]]]


_FIXED = ("序号", "单位", "类型", "上级单位")
_FIXED_WIDTHS = (6.5, 30.0, 13.0, 24.0)
_FIXED_STYLES = (Style.LIST_LINK, Style.LIST, Style.LIST_CENTRE, Style.LIST)


def unit_list(summary: Summary, at: Places) -> UnitRows:
    """汇总单位: who is in, since when, and who is not and why."""
    tables = summary.form.tables
    headers = [*_FIXED, "状态", "审定日期", "第几次", "说明", *(f"{table.name}的数" for table in tables)]
    styles = [Style.LIST_CENTRE, Style.LIST, Style.LIST_CENTRE, Style.LIST]
    styles += [Style.LIST_CENTRE, Style.LIST_CENTRE, Style.LIST_CENTRE, Style.LIST, *(Style.LIST_LINK for _ in tables)]
    widths = (*_FIXED_WIDTHS, 13.0, 13.0, 9.0, 40.0, *(14.0 for _ in tables))
    cells = [
        *heading(summary, UNITS, "汇总单位：已汇总的、没有汇总的和原因", len(headers)),
        *list_heading(UNITS, headers),
        *(Stamp(Area(Place(UNITS, LIST_TOP, column)), "", style) for column, style in enumerate(styles)),
    ]
    last = LIST_TOP + max(len(summary.roster), 1)
    sheet = Sheet(
        UNITS,
        tuple(cells),
        widths,
        {0: 28.0, LIST_TOP - 1: 22.0},
        highlights=tuple(note_highlight(summary, UNITS, 0, len(headers))),
        freeze=(LIST_TOP, 2),
        print_area=Area(Place(UNITS, 0, 0), last, len(headers)),
        landscape=True,
        repeat_rows=(LIST_TOP - 1, LIST_TOP - 1),
        filter_area=Area(Place(UNITS, LIST_TOP - 1, 0), last - LIST_TOP + 1, len(headers)),
        tab="blue",
    )
    return UnitRows(sheet, LIST_TOP, lambda: _list_rows(summary, at))


def _list_rows(summary: Summary, at: Places) -> Iterator[list[RowValue]]:
    index = {share.unit.name: index for index, share in enumerate(summary.consolidation.shares)}
    for order, row in enumerate(summary.roster, start=1):
        values: list[RowValue] = [Decimal(order), row.unit.name, row.unit.type or "", row.superior]
        values += [str(row.presence), row.accepted_on, Decimal(row.round) if row.round else None, _remark(row)]
        if (place := index.get(row.unit.name)) is not None:
            values += [_link(Place(sheet, DETAIL_TOP + place, Column.UNIT), "查看") for sheet in at.details.values()]
        else:
            values += [None for _ in at.details]
        yield values


def _remark(row: RosterRow) -> str:
    newer = f"又交了第 {row.newer_round} 次，还没有审定" if row.newer_round else ""
    return "；".join(part for part in (row.remark, newer) if part)


def _link(target: Place, shown: str | Decimal) -> Formula:
    text = f'"{shown}"' if isinstance(shown, str) else str(shown)
    sheet = target.sheet.replace('"', '""')
    return Formula(f"HYPERLINK(\"#'{sheet}'!{target.cell}\",{text})", shown)


def details(summary: Summary, table: Table, at: Places) -> UnitRows:
    """One row per unit, one column per figure; totals and sums are live."""
    form, sheet = summary.form, at.details[table.id]
    figures = [form.figures[figure] for figure in at.columns if figure.table == table.id]
    widths = [*_FIXED_WIDTHS, *(_width(table, figure) for figure in figures)]
    cells = [
        *heading(summary, sheet, f"{table.name}：各单位明细", FIRST_FIGURE),
        *_headings(table, sheet, at),
        *_sums(figures, sheet, at),
        *(Stamp(Area(Place(sheet, DETAIL_TOP, c)), "", style) for c, style in enumerate(_FIXED_STYLES)),
        *(Stamp(Area(Place(sheet, DETAIL_TOP, at.columns[f.id])), "", Style.NUMBER) for f in figures),
    ]
    laid_out = Sheet(
        sheet,
        tuple(cells),
        tuple(widths),
        {0: 28.0} | _heights(cells, widths, DETAIL_SUM) | {DETAIL_SUM: 22.0},
        highlights=tuple(note_highlight(summary, sheet, 0, FIRST_FIGURE)),
        freeze=(DETAIL_TOP, Column.UNIT + 1),
        landscape=True,
        repeat_rows=(DETAIL_SUM - 2, DETAIL_SUM),
        filter_area=Area(Place(sheet, DETAIL_SUM, 0), at.units + 1, FIRST_FIGURE + len(figures)),
        tab="gray",
    )
    return UnitRows(laid_out, DETAIL_TOP, lambda: _detail_rows(summary, figures, at))


def _width(table: Table, figure: Figure) -> float:
    """Room for a heading of its own where no other column shares it."""
    alone = sum(len(block.columns) for block in table.blocks if _row_ids(block) & {figure.id.row}) == 1
    return 15.0 if alone or figure.kind.places else 8.6


def _row_ids(block: Block) -> set[str]:
    return {row.id for row in block.rows}


def _headings(table: Table, sheet: str, at: Places) -> Iterator[Cell]:
    top = DETAIL_SUM - 2
    for column, text in enumerate(_FIXED):
        yield Fixed(Area(Place(sheet, top, column), 2), text, Style.HEADER)
    for block in table.blocks:
        for row in block.rows:
            first = at.columns[FigureId(table.id, row.id, block.columns[0].id)]
            yield Fixed(Area(Place(sheet, top, first), 1, len(block.columns)), _spoken(row), Style.HEADER)
            for index, line in enumerate(block.columns):
                yield Fixed(Area(Place(sheet, top + 1, first + index)), line.label.spoken, Style.HEADER)


def _spoken(row: Line) -> str:
    """The row's name with the heading above it: “1.其他” alone says little."""
    if row.label.short or len(row.path) == 1:
        return row.label.spoken
    return f"{row.path[-2].text} {row.label.text}"


def _heights(cells: list[Cell], widths: list[float], below: int) -> dict[int, float]:
    heights: dict[int, float] = {}
    for cell in cells:
        if isinstance(cell, Fixed) and cell.style is Style.HEADER and cell.area.height == 1:
            row, column = cell.area.place.row, cell.area.place.column
            needed = height_needed(cell.text, sum(widths[column : column + cell.area.width]), 10)
            heights[row] = max(heights.get(row, 22.0), needed)
    return {row: height for row, height in heights.items() if row < below}


def _sums(figures: list[Figure], sheet: str, at: Places) -> Iterator[Cell]:
    label = "各单位合计" + ("（未含调整）" if at.adjustments else "")
    yield Fixed(Area(Place(sheet, DETAIL_SUM, 0), 1, FIRST_FIGURE), label, Style.HEADER)
    for figure in figures:
        area = Area(Place(sheet, DETAIL_SUM, at.columns[figure.id]))
        numbers = at.shares(figure.id)
        text = f'IF(COUNT({numbers})=0,"",SUM({numbers}))'
        yield Computed(area, f"sum.{figure.id}", text, Style.TOTAL)


def _detail_rows(summary: Summary, figures: list[Figure], at: Places) -> Iterator[list[RowValue]]:
    consolidation = summary.consolidation
    superiors = {row.unit.name: row.superior for row in summary.roster}
    listed = {row.unit.name: index for index, row in enumerate(summary.roster)}
    places = [consolidation.positions[figure.id] for figure in figures]
    totals = [_row_formula(figure, at) for figure in figures]
    for index, share in enumerate(consolidation.shares):
        name = share.unit.name
        number = Decimal(index + 1)
        order: RowValue = number
        if name in listed:
            order = _link(Place(UNITS, LIST_TOP + listed[name], Column.UNIT), number)
        row = str(DETAIL_TOP + index + 1)
        values: list[RowValue] = [order, name, share.unit.type or "", superiors.get(name, "")]
        for place, total in zip(places, totals, strict=True):
            values.append(_detail(share, place, total, row))
        yield values


def _detail(share: Share, place: int, total: str, row: str) -> RowValue:
    value = share.amounts[place]
    if not total:
        return value
    return NOT_COMPLETE if value is None else Formula(total.replace(_THIS_ROW, row), value)


_THIS_ROW = "\0"


def _row_formula(figure: Figure, at: Places) -> str:
    """A total's formula within a unit's own row, "" for a figure that people fill in."""

    def beside(operand: Operand) -> str:
        assert isinstance(operand, Term)
        return f"{column_letters(at.columns[operand.figure])}{_THIS_ROW}"

    return formula(figure.computed, beside) if figure.computed is not None else ""


def sums_of_units(summary: Summary) -> Mapping[str, Decimal | str]:
    """The true values of the sums over the units, by key."""
    sums: dict[str, Decimal | str] = {}
    for figure in summary.form.figures:
        given = summary.consolidation.share(figure).values()
        sums[f"sum.{figure}"] = sum(given, Decimal(0)) if given else ""
    return sums

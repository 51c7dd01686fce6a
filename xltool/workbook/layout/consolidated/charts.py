"""图表: for every chart of the form the numbers it shows, live, and room beside them to draw it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from xltool.check.judge import amounts
from xltool.consolidate import Share
from xltool.expr.evaluate import Lookup, compiled
from xltool.expr.excel import Reference, value_formula
from xltool.expr.model import Expr, Operand, Term
from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Chart
from xltool.workbook.layout.consolidated.places import CHARTS, NOTE_ROW, Places
from xltool.workbook.layout.consolidated.sheets import heading, note_highlight
from xltool.workbook.layout.consolidated.summary import Summary
from xltool.workbook.layout.model import Area, Cell, Computed, Fixed, Place, Sheet, Style

_WIDTHS = (32.0, 12.0, 12.0, 3.0, *([11.0] * 8))
_LABEL, _NOW, _THEN = range(3)
_DRAWN_AT = 4
_TOP = NOTE_ROW + 2
_ROW_HEIGHT = 20.0
_ROWS_OF_A_CHART = 16
_ZERO = Decimal(0)


@dataclass(frozen=True)
class ChartPlace:
    """A chart to be drawn at ``corner``, over ``height`` rows of points, from the rows of ``labels``.

    ``now``, ``then``: the cells of its numbers, this year's and last year's (None: this year alone).
    """

    chart: Chart
    corner: Place
    height: float
    labels: Area
    now: Area
    then: Area | None
    years: tuple[str, str]


@dataclass(frozen=True)
class _Bar:
    """One entry of a chart: its label, formulas and true values of this and last year."""

    label: str
    now: tuple[str, Decimal | str]
    then: tuple[str, Decimal | str] | None


@dataclass(frozen=True)
class ChartSheet:
    """The sheet, where the charts go, and the values of its formulas by key."""

    sheet: Sheet
    charts: tuple[ChartPlace, ...]
    values: dict[str, Decimal | str]


def charts_sheet(summary: Summary, at: Places, prior: Filing | None) -> ChartSheet:
    """The charts one below the other; those of which every number is 0 or unknown are not drawn."""
    cells: list[Cell] = list(heading(summary, CHARTS, "图表", len(_WIDTHS)))
    heights: dict[int, float] = {0: 28.0}
    places: list[ChartPlace] = []
    values: dict[str, Decimal | str] = {}
    row, year = _TOP, summary.consolidation.filing.year
    for number, chart in enumerate(summary.form.charts):
        bars = list(_bars(chart, summary, at, prior))
        cells.append(Fixed(_area(row, 0, 3), chart.title, Style.SECTION))
        years = (f"{year}年", f"{year - 1}年")
        then = any(bar.then is not None for bar in bars)
        cells += _header(row + 1, years if then else years[:1])
        for index, bar in enumerate(bars):
            cells += _row(row + 2 + index, bar, f"chart.{number}.{index}", values)
        rows = max(_ROWS_OF_A_CHART, len(bars) + 3)
        if any(bar.now[1] not in ("", _ZERO) for bar in bars):
            places.append(_place(chart, row, rows, len(bars), then, years))
        else:
            cells.append(Fixed(_area(row + 1, _DRAWN_AT, 8), "没有可画的数。", Style.HINT))
        heights |= {row + index: _ROW_HEIGHT for index in range(rows)}
        row += rows + 1
    sheet = Sheet(
        CHARTS,
        tuple(cells),
        _WIDTHS,
        heights,
        highlights=tuple(note_highlight(summary, CHARTS, 0, len(_WIDTHS))),
        print_area=Area(Place(CHARTS, 0, 0), max(row, _TOP + 1), len(_WIDTHS)),
        repeat_rows=(0, NOTE_ROW),
        tab="purple",
    )
    return ChartSheet(sheet, tuple(places), values)


def _area(row: int, column: int, width: int = 1) -> Area:
    return Area(Place(CHARTS, row, column), 1, width)


def _header(row: int, years: tuple[str, ...]) -> Iterator[Cell]:
    for column, text in enumerate(("项目", *years)):
        yield Fixed(_area(row, column), text, Style.HEADER)


def _row(row: int, bar: _Bar, key: str, values: dict[str, Decimal | str]) -> Iterator[Cell]:
    yield Fixed(_area(row, _LABEL), bar.label, Style.LIST)
    for column, name, number in ((_NOW, "now", bar.now), (_THEN, "then", bar.then)):
        if number is not None:
            formula, values[f"{key}.{name}"] = number
            yield Computed(_area(row, column), f"{key}.{name}", formula, Style.NUMBER)


def _place(chart: Chart, row: int, rows: int, bars: int, then: bool, years: tuple[str, str]) -> ChartPlace:
    def column(at: int) -> Area:
        return Area(Place(CHARTS, row + 2, at), bars)

    corner = Place(CHARTS, row, _DRAWN_AT)
    before = column(_THEN) if then else None
    return ChartPlace(chart, corner, (rows - 1) * _ROW_HEIGHT, column(_LABEL), column(_NOW), before, years)


def _bars(chart: Chart, summary: Summary, at: Places, prior: Filing | None) -> Iterator[_Bar]:
    form = summary.form
    if chart.of is not None:
        for index, share, value in _largest(chart, chart.of, summary):
            yield _Bar(share.unit.name, (value_formula(chart.of, _of_unit(at, index)), value), None)
        return
    now, then = amounts(form, summary.consolidation.filing), amounts(form, prior)
    for label, expr in chart.bars:
        before = None
        if chart.with_prior and prior is not None:
            before = value_formula(expr, _last_year(at)), _known(expr, then)
        yield _Bar(label, (value_formula(expr, at.reference), _known(expr, now)), before)


def _known(expr: Expr, known: Mapping[FigureId, Decimal]) -> Decimal | str:
    value = compiled(expr)(lambda operand: known.get(cast(Term, operand).figure))
    return "" if value is None else value


def _largest(chart: Chart, expr: Expr, summary: Summary) -> list[tuple[int, Share, Decimal]]:
    """The units with the largest numbers, the largest first; equal ones in the order of the roster."""
    value_of, places = compiled(expr), summary.consolidation.positions
    found = []
    for index, share in enumerate(summary.consolidation.shares):
        value = value_of(_look_up(share, places))
        if value:
            found.append((index, share, value))
    return sorted(found, key=lambda entry: -entry[2])[: chart.top]


def _look_up(share: Share, places: Mapping[FigureId, int]) -> Lookup:
    return lambda operand: share.amounts[places[cast(Term, operand).figure]]


def _of_unit(at: Places, index: int) -> Reference:
    def reference(operand: Operand) -> str:
        assert isinstance(operand, Term)
        return at.share(operand.figure, index).absolute

    return reference


def _last_year(at: Places) -> Reference:
    def reference(operand: Operand) -> str:
        assert isinstance(operand, Term)
        return at.before(operand.figure).absolute

    return reference

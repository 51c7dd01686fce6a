"""The consolidated workbook: official tables with live sums over the units, every unit's figures, charts.

Drawn like the other workbooks, from a layout; what repeats for every unit is filled in afterwards, row by row.
Beside ``writer`` the only module that knows xlsxwriter: charts are drawn nowhere else.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from xltool import rawzip
from xltool.check.filing import check_filing
from xltool.check.finding import Finding
from xltool.check.judge import amounts
from xltool.consolidate import Consolidation, RosterRow, check_consolidation
from xltool.filing import Filing
from xltool.form import ChartKind, Form
from xltool.workbook.formats import DEFAULT, HEI, SONG
from xltool.workbook.layout import Area, Place, Sheet
from xltool.workbook.layout.consolidated import Blueprint, ChartPlace, Summary, make_blueprint
from xltool.workbook.snapshot import Value, take_snapshot
from xltool.workbook.unitrows import with_rows
from xltool.workbook.writer import EMPTY_RESULT, Door, Pen

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_NOW, _THEN = "#2F6DB5", "#B9C4CF"
_SLICES = ("#2F6DB5", "#E08E3C", "#5BA05A", "#C8534F", "#8064A2", "#4BACC6", "#9C8B5E", "#7F8A94")
_CHART_WIDTH = 660
_PIXELS_PER_POINT = 4 / 3
_LONGEST_HEADER = 60
_TENTH = Decimal("0.1")


def write_consolidated(
    form: Form,
    consolidation: Consolidation,
    roster_rows: Sequence[RosterRow],
    prior: Filing | None = None,
    draft_note: str = "",
    findings: Sequence[Finding] | None = None,
) -> bytes:
    """The workbook of ``consolidation``. ``prior``: the superior's last year; ``draft_note`` stands on every sheet.

    ``findings``: what is said of the sum; None: everything that can be said without the units' last year. Equal
    input gives equal bytes.
    """
    if findings is None:
        findings = check_consolidation(form, consolidation, roster_rows)
    # Texts are not added up: what is said of them is of no interest here.
    of_sum = [f for f in check_filing(form, consolidation.filing, prior) if f.figures]
    codes = {rule.code for rule in form.rules}
    listed = (*findings, *(f for f in of_sum if f.code not in codes))
    ruled = tuple(f for f in of_sum if f.code in codes)
    summary = Summary(form, consolidation, tuple(roster_rows), listed, ruled, draft_note)
    blueprint = make_blueprint(summary, prior)
    values = _values(form, consolidation.filing, prior) | dict(blueprint.values)
    return _with_units(_drawn(summary, blueprint, values), blueprint)


def _values(form: Form, filing: Filing, prior: Filing | None) -> dict[str, Value]:
    """The true value of every formula that speaks of sums, and last year's figures."""
    values = dict(take_snapshot(form, filing, prior, 1).values)
    now, then = amounts(form, filing), amounts(form, prior)
    for figure in form.figures:
        values[f"percent.{figure}"] = _percent(now.get(figure), then.get(figure))
    return values


def _percent(now: Decimal | None, before: Decimal | None) -> Decimal | str:
    if now is None or before is None or before <= 0:
        return ""
    return ((now - before) / before * 100).quantize(_TENTH, ROUND_HALF_UP)


def _drawn(summary: Summary, blueprint: Blueprint, values: Mapping[str, Value]) -> bytes:
    """The workbook with one sample row on each sheet that has a row per unit."""
    import xlsxwriter  # heavy: only those who write pay for it

    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_format_properties": dict(DEFAULT)})
        # A fixed date: equal input, equal bytes.
        created = datetime(summary.consolidation.filing.year + 1, 1, 1)
        book.set_properties({"title": summary.title, "author": "xltool", "created": created})
        pen = Pen(book, values)
        wide = set(blueprint.places.details.values())
        targets = {sheet.name: book.add_worksheet(sheet.name) for sheet in blueprint.sheets}
        for sheet in blueprint.sheets:
            target = targets[sheet.name]
            _drill_down(sheet, target, blueprint)
            pen.draw(sheet, target)
            _header(target, summary.draft_note)
            if sheet.name in wide:
                _print_wide(sheet, target)
        for place in blueprint.charts:
            _chart(book, targets[place.corner.sheet], place)
        targets[blueprint.sheets[0].name].activate()
        book.close()
    return buffer.getvalue()


def _drill_down(sheet: Sheet, target: Worksheet, blueprint: Blueprint) -> None:
    """Each sum of an official table leads to its column of units; the formula is written over the link's text."""
    at, door = blueprint.places, Door(target)
    for figure, area in at.figures.items():
        if area.place.sheet == sheet.name:
            units = at.share(figure, 0)
            link = f"internal:'{units.sheet}'!{units.cell}"
            door.call("write_url", area.place.row, area.place.column, link, None, "", "看各单位的数")


def _header(target: Worksheet, draft_note: str) -> None:
    if draft_note:
        note = draft_note[:_LONGEST_HEADER].replace("&", "&&")
        target.set_header(f'&C&"{SONG}"&12&KC00000{note}')


def _print_wide(sheet: Sheet, target: Worksheet) -> None:
    """Sheets with many columns are printed over several pages, the unit's name on each."""
    target.set_print_scale(70)
    target.repeat_columns(0, sheet.freeze[1] - 1)


def _chart(book: Workbook, target: Worksheet, place: ChartPlace) -> None:
    kind = place.chart.kind
    chart = book.add_chart({"type": kind.value})
    series = [(place.now, place.years[0], _NOW)]
    if place.then is not None:
        series.insert(0, (place.then, place.years[1], _THEN))
    for area, name, colour in series:
        chart.add_series(_series(place, area, name, colour))
    chart.set_title({"name": place.chart.title, "name_font": {"name": HEI, "size": 13, "bold": False}})
    chart.set_size({"width": _CHART_WIDTH, "height": round(place.height * _PIXELS_PER_POINT)})
    font = {"name": SONG, "size": 10}
    if kind is ChartKind.PIE:
        chart.set_legend({"position": "right", "font": font})
    else:
        chart.set_legend({"position": "bottom", "font": font} if place.then is not None else {"none": True})
        _axes(chart, lying=kind is ChartKind.BAR)
    target.insert_chart(place.corner.row, place.corner.column, chart, {"object_position": 1})


def _axes(chart: Any, lying: bool) -> None:
    names = {"num_font": {"name": SONG, "size": 10}, "line": {"color": _THEN}, "major_gridlines": {"visible": False}}
    grid = {"visible": True, "line": {"color": "#E3E7EB"}}
    numbers = {"num_font": {"name": SONG, "size": 9}, "major_gridlines": grid, "line": {"none": True}}
    if lying:
        # Read from the top; the axis of numbers would then stand there, too, and every bar has its number.
        chart.set_y_axis(names | {"reverse": True})
        chart.set_x_axis(numbers | {"visible": False})
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(numbers)


def _series(place: ChartPlace, area: Area, name: str, colour: str) -> dict[str, Any]:
    series: dict[str, Any] = {
        "name": name,
        "categories": _cells(place.labels),
        "values": _cells(area),
        "data_labels": {"value": True, "font": {"name": SONG, "size": 9}},
    }
    if place.chart.kind is ChartKind.PIE:
        slices = [{"fill": {"color": _SLICES[index % len(_SLICES)]}} for index in range(area.height)]
        labels = {"percentage": True, "leader_lines": True, "font": {"name": SONG, "size": 9}}
        return series | {"points": slices, "data_labels": labels}
    return series | {"fill": {"color": colour}, "gap": 60, "overlap": 0}


def _cells(area: Area) -> list[Any]:
    place: Place = area.place
    return [place.sheet, place.row, place.column, area.last.row, area.last.column]


def _with_units(data: bytes, blueprint: Blueprint) -> bytes:
    """The drawn workbook with its rows of units; empty results are texts, which xlsxwriter does not say."""
    rows = {unit_rows.sheet.name: unit_rows for unit_rows in blueprint.unit_rows}
    by_member = {f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(blueprint.sheets, start=1)}

    def members() -> Iterator[tuple[str, bytes | rawzip.RawMember]]:
        for name, member in rawzip.read(data).items():
            sheet = by_member.get(name)
            if sheet is None:
                yield name, member
                continue
            xml = EMPTY_RESULT.sub(r'\1 t="str"\2', rawzip.unpack(member).decode())
            unit_rows = rows.get(sheet.name)
            yield name, xml.encode() if unit_rows is None else with_rows(xml, unit_rows.top, unit_rows.rows())

    return rawzip.write(members())

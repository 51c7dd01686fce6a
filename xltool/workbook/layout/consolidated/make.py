"""Second pass: every sheet of the consolidated workbook, in its order, and the true values of its formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xltool.filing import Filing
from xltool.workbook.layout.consolidated.charts import ChartPlace, charts_sheet
from xltool.workbook.layout.consolidated.checks import checks_sheet
from xltool.workbook.layout.consolidated.lists import adjustments_sheet, compared_sheet, cover_sheet
from xltool.workbook.layout.consolidated.places import Places, make_places
from xltool.workbook.layout.consolidated.rows import UnitRows, details, sums_of_units, unit_list
from xltool.workbook.layout.consolidated.sheets import official_table
from xltool.workbook.layout.consolidated.summary import Summary
from xltool.workbook.layout.model import Sheet


@dataclass(frozen=True)
class Blueprint:
    """The whole workbook: sheets in order, those with a row per unit, charts, and values that only it knows."""

    places: Places
    sheets: tuple[Sheet, ...]
    unit_rows: tuple[UnitRows, ...]
    charts: tuple[ChartPlace, ...]
    values: Mapping[str, Decimal | str]


def make_blueprint(summary: Summary, prior: Filing | None) -> Blueprint:
    """Everything about the workbook but the drawing; ``prior`` is the superior's last year."""
    form = summary.form
    at = make_places(summary)
    units = unit_list(summary, at)
    rows = [details(summary, table, at) for table in form.tables]
    sheets = [cover_sheet(summary, at), units.sheet]
    sheets += [official_table(summary, table, at) for table in form.tables]
    sheets += [unit_rows.sheet for unit_rows in rows]
    sheets += [adjustments_sheet(summary, at), checks_sheet(summary, at), compared_sheet(summary, at)]
    values = sums_of_units(summary)
    charts: tuple[ChartPlace, ...] = ()
    if form.charts:
        drawn = charts_sheet(summary, at, prior)
        sheets.append(drawn.sheet)
        charts, values = drawn.charts, {**values, **drawn.values}
    adjusted = summary.consolidation.adjustments
    values = {**values, **{f"adjustment.{index}": a.amount for index, a in enumerate(adjusted)}}
    return Blueprint(at, tuple(sheets), (units, *rows), charts, values)

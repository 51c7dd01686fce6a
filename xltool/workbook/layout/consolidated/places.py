"""First pass: sheets, rows and columns of the consolidated workbook, so that formulas can point at them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xltool.expr.model import Fact, Operand, Source
from xltool.figure import FigureId
from xltool.form import Form, Table
from xltool.grid import Grid, table_grid
from xltool.workbook.layout.addresses import CHECKS, COVER, TABLE_TOP, Addresses
from xltool.workbook.layout.consolidated.summary import Summary
from xltool.workbook.layout.model import Area, Place

UNITS = "汇总单位"
ADJUSTMENTS = "调整"
COMPARED = "本年与上年"
CHARTS = "图表"
_OWN = (COVER, UNITS, ADJUSTMENTS, CHECKS, COMPARED, CHARTS)
_NOT_IN_SHEET = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET = 31
_DETAIL = "明细"

NOTE_ROW = 2
"""The row of the draft note on every sheet."""
LIST_TOP = 5
"""First row of the lists 汇总单位, 调整, 本年与上年; the row above it is their header."""
DETAIL_SUM = 5
DETAIL_TOP = 6
"""First unit on a sheet of details; above it the sums, and two rows of headings."""
FIRST_FIGURE = 4
"""First column of figures on a sheet of details."""


class Column:
    """Columns of the lists."""

    # 明细, 汇总单位
    ORDER, UNIT, TYPE, SUPERIOR, PRESENCE, ACCEPTED, ROUND, REMARK, FIRST_LINK = range(9)
    # 调整
    NUMBER, TABLE, FIGURE, AMOUNT, REASON, WHO, FIGURE_ID = range(7)
    # 本年与上年: TABLE is its second column here, too
    ROW, _, HEADING, PRIOR, CURRENT, CHANGE, PERCENT = range(7)


@dataclass(frozen=True)
class Places:
    """Places by what stands there."""

    tables: dict[str, str]
    """Sheet of the official table, by table."""
    details: dict[str, str]
    """Sheet with a row per unit, by table."""
    grids: dict[str, Grid]
    figures: dict[FigureId, Area]
    columns: dict[FigureId, int]
    """Column on the sheet of details."""
    compared: dict[FigureId, int]
    """Row on 本年与上年."""
    powers: dict[str, int]
    """Row on 本年与上年 of what the superior may do."""
    units: int
    adjusted: frozenset[FigureId]
    adjustments: int

    @property
    def labels(self) -> Addresses:
        """The places that drawing the headings of the official tables needs."""
        origins = {table: Place(sheet, TABLE_TOP, 0) for table, sheet in self.tables.items()}
        return Addresses(self.figures, origins, self.grids, *({} for _ in range(9)))

    def shares(self, figure: FigureId) -> str:
        """The units' numbers of one figure: a column of the sheet of details."""
        sheet, column = self.details[figure.table], self.columns[figure]
        last = Place(sheet, DETAIL_TOP + max(self.units, 1) - 1, column)
        return span(Place(sheet, DETAIL_TOP, column), last)

    def share(self, figure: FigureId, index: int) -> Place:
        """The number of the unit that is ``index``-th on the sheet of details."""
        return Place(self.details[figure.table], DETAIL_TOP + index, self.columns[figure])

    def current(self, figure: FigureId) -> Place:
        """This year's sum where all figures stand one below the other."""
        return Place(COMPARED, self.compared[figure], Column.CURRENT)

    def before(self, figure: FigureId) -> Place:
        return Place(COMPARED, self.compared[figure], Column.PRIOR)

    def reference(self, operand: Operand) -> str:
        """The operand's cell for formulas; totals as stated are totals as computed here."""
        if isinstance(operand, Fact):
            return Place(COMPARED, self.powers[operand.name], Column.CURRENT).absolute
        if operand.source is Source.PRIOR:
            return self.before(operand.figure).absolute
        return self.current(operand.figure).absolute


def span(first: Place, last: Place) -> str:
    """The cells from ``first`` to ``last`` for formulas."""
    return f"{first.absolute}:{last.absolute.rpartition('!')[2]}"


def make_places(summary: Summary) -> Places:
    """All places of the workbook."""
    form = summary.form
    tables, details = _sheet_names(form)
    grids = {table.id: table_grid(table) for table in form.tables}
    rows = {figure: LIST_TOP + index for index, figure in enumerate(form.figures)}
    after = LIST_TOP + len(rows) + 2
    adjustments = summary.consolidation.adjustments
    return Places(
        tables=tables,
        details=details,
        grids=grids,
        figures={f: area for table in form.tables for f, area in _areas(tables[table.id], grids[table.id]).items()},
        columns={f: column for table in form.tables for f, column in _columns(table).items()},
        compared=rows,
        powers={power: after + index for index, power in enumerate(form.powers)},
        units=len(summary.consolidation.shares),
        adjusted=frozenset(adjustment.figure for adjustment in adjustments),
        adjustments=len(adjustments),
    )


def _sheet_names(form: Form) -> tuple[dict[str, str], dict[str, str]]:
    """Sheets named like the tables where that can be, each name once."""
    taken = {name.casefold() for name in _OWN}

    def free(name: str, suffix: str = "") -> str:
        clean = _NOT_IN_SHEET.sub("", name) or "表"
        endings = (suffix, *(f"{suffix}{number}" for number in range(2, 2 + len(taken))))
        candidates = (clean[: _LONGEST_SHEET - len(ending)] + ending for ending in endings)
        found = next(candidate for candidate in candidates if candidate.casefold() not in taken)
        taken.add(found.casefold())
        return found

    tables = {table.id: free(table.name) for table in form.tables}
    return tables, {table.id: free(table.name, _DETAIL) for table in form.tables}


def _areas(sheet: str, grid: Grid) -> dict[FigureId, Area]:
    return {
        cell.figure: Area(Place(sheet, TABLE_TOP + cell.row, cell.column), cell.height, cell.width)
        for cell in grid.cells
        if cell.figure is not None
    }


def _columns(table: Table) -> dict[FigureId, int]:
    """A table's figures in official order, side by side."""
    ids = (FigureId(table.id, row.id, column.id) for b in table.blocks for row in b.rows for column in b.columns)
    return {figure: FIRST_FIGURE + index for index, figure in enumerate(ids)}

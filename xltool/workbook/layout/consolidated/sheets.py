"""What the sheets of the consolidated workbook have in common, and the official tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.expr.excel import Reference, value_formula
from xltool.expr.model import Operand, Term
from xltool.figure import FigureId
from xltool.form import Figure, Table
from xltool.workbook.layout.addresses import COVER, TABLE_TOP, column_widths
from xltool.workbook.layout.consolidated.places import (
    ADJUSTMENTS,
    LIST_TOP,
    NOTE_ROW,
    Column,
    Places,
    span,
)
from xltool.workbook.layout.consolidated.summary import Summary
from xltool.workbook.layout.model import Area, Cell, Computed, Fixed, Highlight, Place, Sheet, Style
from xltool.workbook.layout.table import grid_heights, label_cells


def heading(summary: Summary, sheet: str, title: str, width: int) -> Iterator[Cell]:
    """Title, the way back, whose figures these are, and the draft note, over ``width`` columns (at least 2)."""
    filing = summary.consolidation.filing
    width = max(width, 2)
    link = max(2, width // 4) if width > 4 else 1
    yield Fixed(Area(Place(sheet, 0, 0), 1, width - link), title, Style.SECTION)
    yield Fixed(Area(Place(sheet, 0, width - link), 1, link), "返回封面", Style.LINK, link=Place(COVER, 0, 1))
    whose = f"{filing.unit.name} {filing.year}年，{len(summary.consolidation.shares)} 个单位汇总"
    yield Fixed(Area(Place(sheet, 1, 0), 1, width), whose, Style.HINT)
    if summary.draft_note:
        yield Fixed(Area(Place(sheet, NOTE_ROW, 0), 1, width), summary.draft_note, Style.STATE)


def note_highlight(summary: Summary, sheet: str, left: int, width: int) -> Iterator[Highlight]:
    """The draft note in red."""
    if summary.draft_note:
        area = Area(Place(sheet, NOTE_ROW, left), 1, max(width, 2))
        yield Highlight(area, f'{area.place.cell}<>""', "wrong")


def list_heading(sheet: str, headers: Sequence[str]) -> Iterator[Cell]:
    """The header row of a list."""
    for column, text in enumerate(headers):
        yield Fixed(Area(Place(sheet, LIST_TOP - 1, column)), text, Style.HEADER)


def official_table(summary: Summary, table: Table, at: Places) -> Sheet:
    """The table as officially laid out; each figure a live sum over the units, each total computed here."""
    sheet, grid = at.tables[table.id], at.grids[table.id]
    figures = [summary.form.figures[f] for f in at.columns if f.table == table.id]
    incomplete = [f.id for f in figures if f.id in summary.consolidation.incomplete_figures]
    heading_text = summary.form.section_of(table.id).heading
    cells = [
        *heading(summary, sheet, heading_text, grid.columns),
        Fixed(Area(Place(sheet, 3, 0), 1, grid.columns), _status(len(incomplete), at), Style.HINT),
        *label_cells(table, at.labels),
        *(_figure(figure, at) for figure in figures),
    ]
    highlights = list(note_highlight(summary, sheet, 0, grid.columns))
    for figure in incomplete:
        area = at.figures[figure]
        highlights.append(Highlight(area, f"COUNT({at.shares(figure)})<{at.units}", "open"))
    across = any(block.across for block in table.blocks)
    return Sheet(
        sheet,
        tuple(cells),
        tuple(column_widths(table)),
        {0: 30.0, 1: 20.0, NOTE_ROW: 24.0 if summary.draft_note else 6.0, 3: 20.0, 4: 6.0}
        | grid_heights(table, at.labels),
        highlights=tuple(highlights),
        freeze=(TABLE_TOP + grid.header_rows, 0),
        print_area=Area(Place(sheet, 0, 0), TABLE_TOP + grid.rows, grid.columns),
        landscape=across,
        tab="orange",
    )


def _status(incomplete: int, at: Places) -> str:
    said = "点一个数，可看它由哪些单位的数相加。"
    if incomplete:
        said = f"有 {incomplete} 个数不全（橙色）：有的单位没有填，见“校验”。" + said
    return said + (f"含 {at.adjustments} 条调整，见“调整”。" if at.adjustments else "")


def _figure(figure: Figure, at: Places) -> Cell:
    area = at.figures[figure.id]
    key = f"amount.{figure.id}"
    if figure.computed is not None:
        return Computed(area, key, value_formula(figure.computed, _beside(at)), Style.TOTAL, figure.id)
    return Computed(area, key, _sum(figure.id, at), Style.BAND, figure.id)


def _beside(at: Places) -> Reference:
    def reference(operand: Operand) -> str:
        assert isinstance(operand, Term)
        return at.figures[operand.figure].place.absolute

    return reference


def _sum(figure: FigureId, at: Places) -> str:
    """The units' numbers added up, and the adjustments of this figure; nothing where nobody filled it in."""
    numbers = at.shares(figure)
    if figure not in at.adjusted:
        return f'IF(COUNT({numbers})=0,"",SUM({numbers}))'
    last = LIST_TOP + at.adjustments - 1
    ids = span(Place(ADJUSTMENTS, LIST_TOP, Column.FIGURE_ID), Place(ADJUSTMENTS, last, Column.FIGURE_ID))
    adjusted = span(Place(ADJUSTMENTS, LIST_TOP, Column.AMOUNT), Place(ADJUSTMENTS, last, Column.AMOUNT))
    return f'SUM({numbers})+SUMIF({ids},"{figure}",{adjusted})'

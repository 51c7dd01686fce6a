"""Table sheets: the official table alone in the print area, live checks below and beside it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from xltool.figure import Kind
from xltool.form import Block, Form, Section, Table
from xltool.grid import GridCell, Role
from xltool.workbook.layout.addresses import (
    COVER,
    DECLARATION_LABEL,
    LEDGER,
    TABLE_TOP,
    Addresses,
    Column,
    column_widths,
)
from xltool.workbook.layout.band import band_cells
from xltool.workbook.layout.checks import blank_count, trouble_range
from xltool.workbook.layout.model import (
    Area,
    Cell,
    Computed,
    Fixed,
    Highlight,
    Input,
    Place,
    Sheet,
    Style,
    height_needed,
    stripped,
)

_LEAST_HEIGHT = 21.0
_NARROW = 9.0
"""A value column narrower than this has its numbers shrunk to fit, so that no #### appears."""


def table_sheet(form: Form, section: Section, at: Addresses) -> Sheet:
    """The sheet of one official table."""
    assert section.table is not None
    table = section.table
    widths = column_widths(table)
    cells = [*_head(form, section, table, at), *label_cells(table, at), *figure_cells(table, at)]
    heights = {0: 30.0, 1: 22.0, 2: 26.0, 3: 24.0, 4: 8.0} | grid_heights(table, at)
    band = band_cells(form, table, at)
    heights |= band.heights
    grid = at.grids[table.id]
    official = Area(at.origins[table.id], grid.rows, grid.columns)
    across = any(block.across for block in table.blocks)
    stub = 0 if across or len(table.blocks) > 1 else grid.columns - len(table.blocks[0].columns)
    return Sheet(
        section.sheet,
        (*cells, *band.cells),
        (*widths, *band.widths),
        heights,
        highlights=(*figure_highlights(table, at), *band.highlights),
        freeze=(TABLE_TOP + grid.header_rows, stub),
        print_area=official,
        landscape=across,
        tab="orange",
    )


def _head(form: Form, section: Section, table: Table, at: Addresses) -> Iterator[Cell]:
    sheet, columns = section.sheet, len(table.widths)
    link = max(2, columns // 4) if columns > 4 else 1
    yield Fixed(Area(Place(sheet, 0, 0), 1, columns - link), section.heading, Style.SECTION)
    yield Fixed(Area(Place(sheet, 0, columns - link), 1, link), "返回封面", Style.LINK, link=Place(COVER, 0, 1))
    hint = "填浅黄色的格；灰色的由表自动计算。没有发生的填 0，不要填“无”“/”“—”。"
    yield Fixed(Area(Place(sheet, 1, 0), 1, columns), hint, Style.HINT)
    yield from declaration_cells(table, at)
    yield Computed(
        Area(Place(sheet, 3, 0), 1, columns),
        f"status.{table.id}",
        status_formula(form, table, at),
        Style.STATE,
    )


def declaration_cells(table: Table, at: Addresses) -> Iterator[Cell]:
    """The cell 本表空白格均为 0 and its label before it; nothing where the table may stay blank."""
    zero, left = at.zeros.get(table.id), at.origins[table.id].column
    if zero is None:
        return
    label = Area(zero._replace(column=left), 1, zero.column - left)
    yield Fixed(label, DECLARATION_LABEL, Style.BAND_LABEL)
    message = "这张表空着的格确实都是 0 的，选“是”；不是的，删去“是”，逐格填写。"
    yield Input(Area(zero), f"zero.{table.id}", Style.INPUT_CHOICE, prompt="本表空白格均为 0", message=message)


def status_formula(form: Form, table: Table, at: Addresses) -> str:
    """“已填全” or “还有 3 格未填”, and whether something does not fit."""
    blanks, trouble = blank_count(form, table.id, at), trouble_range(form, table.id, at)
    filled = f'IF({blanks}=0,"已填全","还有 "&{blanks}&" 格未填")'
    wrong = f'IF(COUNTIF({trouble},2)>0,"，有不符的数（红色）","")'
    waiting = f'IF(COUNTIF({trouble},1)>0,"，有待说明的数（橙色）","")'
    return f"{filled}&{wrong}&{waiting}"


def _placed(table: Table, at: Addresses, cell: GridCell) -> Area:
    origin = at.origins[table.id]
    place = Place(origin.sheet, origin.row + cell.row, origin.column + cell.column)
    return Area(place, cell.height, cell.width)


def _label_style(table: Table, cell: GridCell) -> Style:
    """Centred, but for headings, notes and the labels of a stub with several levels."""
    if cell.role is Role.HEADER or (cell.role in (Role.STUB, Role.CORNER) and len(table.blocks) > 1):
        return Style.LABEL
    return Style.CORNER if cell.role is Role.CORNER else Style.LABEL_LEFT


def label_cells(table: Table, at: Addresses) -> Iterator[Cell]:
    """The printed headings, merged as on the official form."""
    for cell in at.grids[table.id].cells:
        if cell.label is not None:
            style = _label_style(table, cell)
            yield Fixed(_placed(table, at, cell), cell.label.text, style, note=cell.label.note)


def figure_cells(table: Table, at: Addresses) -> Iterator[Cell]:
    """Inputs where people fill in, totals where the workbook computes."""
    for block in table.blocks:
        for row in block.rows:
            for column in block.columns:
                figure = next(
                    cell.figure
                    for cell in at.grids[table.id].cells
                    if cell.figure is not None and cell.figure[1:] == (row.id, column.id)
                )
                area = at.figures[figure]
                if row.computed is not None or column.computed is not None:
                    yield Computed(area, f"amount.{figure}", at.amount(figure).absolute, Style.TOTAL, figure)
                    continue
                kind = row.kind or column.kind or Kind.COUNT
                message = f"{row.label.printed}：填{kind.expectation}，没有的填 0。"[:250]
                yield Input(area, str(figure), Style.INPUT, kind=kind, prompt=row.label.spoken[:30], message=message)


def grid_heights(table: Table, at: Addresses) -> dict[int, float]:
    """Row heights at which no label of the table is clipped."""
    widths, origin = column_widths(table), at.origins[table.id]
    heights = {origin.row + row: _LEAST_HEIGHT for row in range(at.grids[table.id].rows)}
    # Low cells first: a tall label only asks for what its rows do not have yet.
    for cell in sorted(at.grids[table.id].cells, key=lambda c: c.height):
        if cell.label is None:
            continue
        width = sum(widths[cell.column : cell.column + cell.width])
        rows = range(origin.row + cell.row, origin.row + cell.row + cell.height)
        lacking = height_needed(cell.label.printed, width) - sum(heights[row] for row in rows)
        if lacking > 0:
            heights[rows[-1]] += lacking
    return heights


def figure_highlights(table: Table, at: Addresses) -> Iterator[Highlight]:
    """Trouble shown at the cell: text where a number is due, wrong kind, and checks that fail."""
    starts = [0, *accumulate(len(block.rows) * len(block.columns) for block in table.blocks)]
    first_row = min(row for figure, row in at.ledger.items() if figure.table == table.id)
    for block, start in zip(table.blocks, starts, strict=False):
        area = _values_area(table, block, at)
        cell = area.place.cell
        yield Highlight(area, f'AND(NOT(ISNUMBER({cell})),{stripped(cell)}<>"")', "wrong")
        ledger = Place(LEDGER, first_row + start, Column.TROUBLE)
        trouble = _trouble_at(area, block, ledger)
        yield Highlight(area, f"{trouble}=2", "wrong")
        yield Highlight(area, f"{trouble}=1", "open")


def _values_area(table: Table, block: Block, at: Addresses) -> Area:
    areas = [
        area
        for figure, area in at.figures.items()
        if figure.table == table.id
        and figure.row in {row.id for row in block.rows}
        and figure.column in {column.id for column in block.columns}
    ]
    first, last = areas[0].place, areas[-1].last
    return Area(first, last.row - first.row + 1, last.column - first.column + 1)


def _trouble_at(area: Area, block: Block, ledger: Place) -> str:
    """The figure's row in the ledger from the cell's own position: figures stand there in reading order."""
    first = area.place
    per_row = len(block.columns) * (len(block.rows) if block.across else 1)
    count = len(block.rows) * len(block.columns)
    end = Place(ledger.sheet, ledger.row + count - 1, ledger.column).absolute.rpartition("!")[2]
    # A value that spans several grid columns is alone in its row, so its own column counts as the first.
    column = f"(COLUMN()-{first.column})" if area.width == per_row else "1"
    return f"INDEX({ledger.absolute}:{end},(ROW()-{first.row + 1})*{per_row}+{column})"

"""A unit's workbook drawn as its program would have left it, for where no spreadsheet program is at hand.

The damage is done to the layout before it is drawn, so what comes out is a whole workbook.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from xltool import rawzip
from xltool.county.plan import HandIn
from xltool.county.sources import form
from xltool.county.substitutes import substitute
from xltool.workbook.layout import Area, Computed, Fixed, Layout, Place, Sheet, Stamp, Style
from xltool.workbook.layout.addresses import COVER
from xltool.workbook.layout.model import Cell
from xltool.workbook.writer import render, workbook_parts


def drawn(hand_in: HandIn) -> bytes:
    """The file that is handed in."""
    data = substitute(hand_in, _workbook)
    return _saved_again(data) if hand_in.campaign == "unchanged" else data


def _saved_again(data: bytes) -> bytes:
    """The same workbook in other bytes, as every program's saving makes it."""
    members = rawzip.read(data)
    return rawzip.write((name, rawzip.pack(rawzip.unpack(member), 1)) for name, member in members.items())


def _workbook(hand_in: HandIn) -> bytes:
    filing, damage = hand_in.filing, hand_in.damage
    results = {figure: result for figure, (_, result) in damage.formulas.items()}
    numbers = {figure: result for figure, result in results.items() if isinstance(result, Decimal)}
    errors = {figure: result for figure, result in results.items() if isinstance(result, str)}
    # The totals are those of when they were last calculated.
    calculated = replace(filing, values={**filing.values, **numbers, **damage.stale})
    typed = {**damage.typed, **damage.pasted, **errors}
    layout, snapshot, values = workbook_parts(form(), calculated, hand_in.prior, 1, typed)
    values |= {str(figure): filing.values[figure] for figure in damage.stale}
    values |= {f"typed.{figure}": value for figure, value in damage.overwrite.items()}
    values |= {f"prior.{figure}": value for figure, value in damage.seeded.items()}
    values |= {f"zero.{table}": text for table, text in damage.declare.items()}
    for damaged in (_cells, _labels, _notes, _rows, _sheets):
        layout = damaged(layout, hand_in)
    return render(layout, snapshot.identity, values)


def _each_cell(layout: Layout, change: Callable[[Cell], Cell]) -> Layout:
    return Layout(tuple(replace(sheet, cells=tuple(map(change, sheet.cells))) for sheet in layout.sheets))


def _cells(layout: Layout, hand_in: HandIn) -> Layout:
    """Formulas where numbers are due, numbers where formulas were, another name on the cover."""
    places: dict[tuple[str, int, int], Cell] = {}
    for figure, cell in layout.figures.items():
        at = (cell.area.place.sheet, cell.area.place.row, cell.area.place.column)
        if figure in hand_in.damage.formulas:
            formula, _ = hand_in.damage.formulas[figure]
            places[at] = Computed(cell.area, str(figure), formula, cell.style)
        elif figure in hand_in.damage.overwrite:
            places[at] = Stamp(cell.area, f"typed.{figure}", cell.style)

    def change(cell: Cell) -> Cell:
        renamed = hand_in.owner.name != hand_in.unit
        if renamed and isinstance(cell, Stamp) and cell.key == "unit.name" and cell.area.place.sheet == COVER:
            return Fixed(cell.area, hand_in.unit, cell.style)
        return places.get((cell.area.place.sheet, cell.area.place.row, cell.area.place.column), cell)

    return _each_cell(layout, change) if places or hand_in.owner.name != hand_in.unit else layout


def _labels(layout: Layout, hand_in: HandIn) -> Layout:
    def change(cell: Cell) -> Cell:
        words = hand_in.damage.labels.get(cell.area.place.sheet, {})
        return replace(cell, text=words[cell.text]) if isinstance(cell, Fixed) and cell.text in words else cell

    return _each_cell(layout, change) if hand_in.damage.labels else layout


def _notes(layout: Layout, hand_in: HandIn) -> Layout:
    def with_notes(sheet: Sheet) -> Sheet:
        notes = hand_in.damage.notes.get(sheet.name, {})
        added = (Fixed(Area(_place(sheet.name, cell)), text, Style.DATA) for cell, text in notes.items())
        return replace(sheet, cells=(*sheet.cells, *added))

    return Layout(tuple(map(with_notes, layout.sheets)))


def _place(sheet: str, cell: str) -> Place:
    """``H4`` of ``sheet``; one letter is enough here."""
    return Place(sheet, int(cell[1:]) - 1, ord(cell[0]) - ord("A"))


def row_of(layout: Layout, sheet: str, line: str) -> int:
    """The row, from 0, where a row of the form's table stands on ``sheet``."""
    figures = layout.figures.items()
    return next(c.area.place.row for f, c in figures if f.row == line and c.area.place.sheet == sheet)


def _rows(layout: Layout, hand_in: HandIn) -> Layout:
    damage = hand_in.damage
    for name, line in damage.insert_row.items():
        layout = _shifted(layout, name, row_of(layout, name, line), 1)
    for name, line in damage.delete_row.items():
        layout = _shifted(layout, name, row_of(layout, name, line), -1)
    return layout


def _shifted(layout: Layout, name: str, row: int, by: int) -> Layout:
    """``layout`` with a row of a sheet inserted (1) or deleted (-1); merged cells across it grow or shrink."""

    def moved(area: Area) -> Area:
        place = area.place
        if place.row > row or (place.row == row and by > 0):
            return replace(area, place=place._replace(row=place.row + by))
        return replace(area, height=area.height + by) if area.last.row >= row else area

    def change(sheet: Sheet) -> Sheet:
        if sheet.name != name:
            return sheet
        cells = tuple(replace(cell, area=moved(cell.area)) for cell in sheet.cells)
        heights = {at + by if at >= row else at: height for at, height in sheet.heights.items()}
        highlights = tuple(replace(mark, area=moved(mark.area)) for mark in sheet.highlights)
        kept = tuple(cell for cell in cells if cell.area.height > 0)
        return replace(sheet, cells=kept, heights=heights, highlights=highlights)

    return Layout(tuple(map(change, layout.sheets)))


def _sheets(layout: Layout, hand_in: HandIn) -> Layout:
    for old, new in hand_in.damage.rename_sheet.items():
        layout = Layout(tuple(_renamed(sheet, old, new) for sheet in layout.sheets))
    kept = (sheet for sheet in layout.sheets if sheet.name not in hand_in.damage.delete_sheet)
    extra = (
        Sheet(name, (Fixed(Area(Place(name, 0, 0)), text, Style.DATA),), (40,))
        for name, text in hand_in.damage.extra_sheet.items()
    )
    return Layout((*kept, *extra))


def _renamed(sheet: Sheet, old: str, new: str) -> Sheet:
    """The sheet after one of the workbook's was renamed: formulas and links follow."""

    def change(cell: Cell) -> Cell:
        if isinstance(cell, Computed):
            return replace(cell, formula=cell.formula.replace(f"'{old}'!", f"'{new}'!"))
        if isinstance(cell, Fixed) and cell.link is not None and cell.link.sheet == old:
            return replace(cell, link=cell.link._replace(sheet=new))
        return cell

    return replace(sheet, name=new if sheet.name == old else sheet.name, cells=tuple(map(change, sheet.cells)))

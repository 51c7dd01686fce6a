"""A view as the data that the typst template reads: texts stay texts, whatever signs are in them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from xltool.days import day_meant
from xltool.grid import Grid, GridCell, Role
from xltool.report.charts import ChartView
from xltool.report.outline import Paragraph
from xltool.report.pdf_fonts import Fonts
from xltool.report.printable import printable
from xltool.report.signature import placed
from xltool.report.table_look import BESIDE_NUMBERS, cell_style, column_widths, is_note, is_tall, number_size
from xltool.report.title import width
from xltool.report.view import DRAFT_NOTICE, ReportView, SectionView, TableView
from xltool.report.word_styles import CELL_SIZE

_TWIPS = 20.0
_NEARLY = 0.001
_BESIDE_LABELS = 2 * 57
"""Twips kept free beside a label."""
_LONG_WORD = re.compile(r"[!-~]{30,}")
_ADDRESS = re.compile(r"[!-~]*[@/][!-~]*")
_IN_ADDRESS = re.compile(r"(?<=[@/.?&=_-])(?=[!-~])")
_BREAK_HERE = "\u200b"


def report_data(view: ReportView, fonts: Fonts) -> dict[str, Any]:
    """What ``report.typ`` gets as JSON; lengths in points, indents of the signature in characters."""
    signature = placed(view.signature)
    return {
        "title": _clean(view.title),
        "title_lines": [_clean(line) for line in view.title_lines],
        "unit": _clean(view.unit),
        "day": day_of(view),
        "fonts": {name: list(families) for name, families in fonts.families.items()},
        "only_characters": list(fonts.only_characters),
        "title_weight": fonts.title_weight,
        "draft": DRAFT_NOTICE if view.draft else "",
        "foreword": [_paragraph(paragraph) for paragraph in view.foreword],
        "sections": list(_sections(view)),
        "signature": {
            "unit_lines": [_clean(line) for line in signature.unit_lines],
            "unit_indent": signature.unit_indent,
            "date": _clean(signature.date),
            "date_indent": signature.date_indent,
        },
    }


def day_of(view: ReportView) -> list[int] | None:
    """Year, month and day of the signature; None where the date is not given as 2025年1月15日."""
    day = day_meant(view.signature.date)
    return None if day is None else [day.year, day.month, day.day]


def _clean(text: str) -> str:
    """Without what no font has; addresses may be broken at their signs, words as long as a line anywhere."""
    text = printable(text).replace("\t", "  ").replace("\n", " ")
    text = _ADDRESS.sub(lambda match: _IN_ADDRESS.sub(_BREAK_HERE, match[0]), text)
    return _LONG_WORD.sub(lambda match: _BREAK_HERE.join(match[0]), text)


def _sections(view: ReportView) -> Iterator[dict[str, Any]]:
    number = 0
    for section in view.sections:
        charts = [chart for chart in view.charts if chart.section == section.id]
        yield {
            "heading": _clean(section.heading),
            "new_page": any(isinstance(block, TableView) and is_tall(block.grid) for block in section.blocks),
            "blocks": list(_blocks(section)),
            "charts": [_chart(chart, number + place) for place, chart in enumerate(charts, 1)],
        }
        number += len(charts)


def _blocks(section: SectionView) -> Iterator[dict[str, Any]]:
    for block in section.blocks:
        yield _table(block) if isinstance(block, TableView) else _paragraph(block)


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {"table": False, "lead": _clean(paragraph.lead), "text": _clean(paragraph.text)}


def _chart(chart: ChartView, number: int) -> dict[str, Any]:
    return {"svg": chart.svg, "caption": f"图{number}　{chart.title}", "spoken": chart.spoken}


# --- tables -----------------------------------------------------------------------------------------------


def _table(view: TableView) -> dict[str, Any]:
    """Rows whose texts need more lines than they have get the height they need; typst is faster for the others."""
    grid, widths = view.grid, column_widths(view.table)
    rooms = [sum(widths[cell.column : cell.column + cell.width]) for cell in grid.cells]
    drawn = [_cell(cell, grid, view, room) for cell, room in zip(grid.cells, rooms, strict=True)]
    higher = {
        row
        for cell, texts, room in zip(grid.cells, drawn, rooms, strict=True)
        if _lines(texts, (room - _beside(cell)) / _TWIPS) > cell.height
        for row in range(cell.row, cell.row + cell.height)
    }
    return {
        "table": True,
        "columns": [twips / _TWIPS for twips in widths],
        "tall": is_tall(grid),
        "grows": [row in higher for row in range(grid.rows)],
        "groups": list(_groups(grid, drawn)),
    }


def _cell(cell: GridCell, grid: Grid, view: TableView, room: int) -> dict[str, Any] | str:
    """A number in a cell of its own is only its text; one too long for its cell is set smaller, not in two lines."""
    label = cell.label
    if cell.figure is not None:
        text = view.values[cell.figure]
        size = number_size(text, room, CELL_SIZE)
        if not size:
            return _merged(cell, grid, _BREAK_HERE.join(text), "")
        plain = cell.width == cell.height == 1 and size == CELL_SIZE
        return text if plain else {**_merged(cell, grid, text, ""), "size": size}
    assert label is not None
    if cell.role is Role.CORNER and is_note(label):
        return _merged(cell, grid, "", label.printed)
    return _merged(cell, grid, label.text, label.note)


def _merged(cell: GridCell, grid: Grid, text: str, note: str) -> dict[str, Any]:
    place = {"rows": cell.height, "columns": cell.width, "style": cell_style(cell, grid)}
    return {**place, "text": _clean(text), "note": _clean(note), "size": CELL_SIZE}


def _beside(cell: GridCell) -> int:
    return BESIDE_NUMBERS if cell.role is Role.VALUE else _BESIDE_LABELS


def _lines(cell: dict[str, Any] | str, room: float) -> int:
    if isinstance(cell, str):
        return 1
    needed: float = width(cell["text"] + cell["note"]) * cell["size"]
    return math.ceil(needed / max(room, CELL_SIZE) - _NEARLY)


def _groups(grid: Grid, drawn: Sequence[dict[str, Any] | str]) -> Iterator[dict[str, Any]]:
    """Runs of header rows and of body rows in turns; only a table's one header is repeated on its next page."""
    bodies = {cell.row for cell in grid.cells if cell.role is Role.VALUE}
    for is_body, rows in groupby(range(grid.rows), lambda row: row in bodies):
        within = set(rows)
        cells = [texts for cell, texts in zip(grid.cells, drawn, strict=True) if cell.row in within]
        yield {"header": not is_body, "repeat": grid.header_rows > 0, "cells": cells}

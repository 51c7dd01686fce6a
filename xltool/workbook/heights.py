"""Row heights grown to what stands in the rows: merged cells never fit themselves."""

from __future__ import annotations

from collections.abc import Mapping

from xltool.workbook.layout import Input, Sheet, Style
from xltool.workbook.layout.model import height_needed
from xltool.workbook.snapshot import Value

HIGHEST_ROW = 409.0
_DEFAULT = 15.0


def grown(sheet: Sheet, values: Mapping[str, Value]) -> dict[int, float]:
    """The sheet's row heights, narrative blocks grown to the texts among ``values`` that stand in them."""
    heights = dict(sheet.heights)
    for cell in sheet.cells:
        if isinstance(cell, Input) and cell.style in (Style.INPUT_TEXT, Style.INPUT_LINE):
            text = str(values.get(cell.key, ""))
            if not text:
                continue
            width = sum(sheet.widths[cell.area.place.column : cell.area.last.column + 1])
            rows = range(cell.area.place.row, cell.area.last.row + 1)
            lacking = height_needed(text, width) - sum(heights.get(row, _DEFAULT) for row in rows)
            if lacking > 0:
                for row in rows:
                    heights[row] = min(HIGHEST_ROW, heights.get(row, _DEFAULT) + lacking / len(rows))
    return heights

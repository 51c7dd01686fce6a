"""A plain list as a workbook: a title, a header, rows of text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

from xltool.errors import display_width

_WIDEST = 60
_COUNT = re.compile("0|[1-9][0-9]{0,8}")
"""Longer, or with a 0 in front, it is a code or a telephone number."""


def write_listing(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet with a filter; texts stay texts, numbers written as digits become numbers."""
    import openpyxl  # heavy: only where a list is written
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "进度"
    sheet.append([title])
    sheet.append(list(header))
    widths = [display_width(text) for text in header]
    for row in rows:
        sheet.append([int(cell) if _COUNT.fullmatch(cell) else cell for cell in row])
        widths = [max(width, display_width(cell)) for width, cell in zip(widths, row, strict=True)]
    side = Side(style="thin", color="AAB4BE")
    line = Border(left=side, right=side, top=side, bottom=side)
    for number, cells in enumerate(sheet.iter_rows(min_row=2), start=2):
        for cell in cells:
            cell.border, cell.alignment = line, Alignment(vertical="center")
            cell.font = Font(name="宋体", bold=number == 2)
            if number == 2:
                cell.fill = PatternFill("solid", start_color="DCE6F0")
            elif isinstance(cell.value, str):
                cell.data_type = "s"  # a name that begins with = is a name
    sheet.cell(row=1, column=1).font = Font(name="黑体", size=14)
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = min(_WIDEST, width + 3)
    sheet.freeze_panes = f"{get_column_letter(2)}3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(widths))}{sheet.max_row}"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()

"""A plain list as a workbook: a title, a header, rows of text."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from xltool.campaign.steady_xlsx import steady
from xltool.errors import display_width

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDEST = 40
_TITLE_HEIGHT = 42
"""Points; two lines."""
_COUNT = re.compile("0|[1-9][0-9]{0,8}")
"""Longer, or with a 0 in front, it is a code."""


def write_listing(
    sheet_name: str,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    as_text: Collection[str] = (),
) -> bytes:
    """One sheet with a filter; texts stay texts, numbers written as digits become numbers.

    ``as_text``: headings below which digits stay text.
    """
    import openpyxl  # heavy: only where a list is written
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = sheet_name
    sheet.append([title])
    sheet.append(list(header))
    widths = [display_width(text) for text in header]
    for row in rows:
        named = zip(header, row, strict=True)
        sheet.append([int(cell) if _COUNT.fullmatch(cell) and name not in as_text else cell for name, cell in named])
        widths = [max(width, display_width(cell)) for width, cell in zip(widths, row, strict=True)]
    side = Side(style="thin", color="AAB4BE")
    line = Border(left=side, right=side, top=side, bottom=side)
    for number, cells in enumerate(sheet.iter_rows(min_row=2), start=2):
        for cell in cells:
            cell.border = line
            across = "center" if number == 2 or isinstance(cell.value, int) else None
            cell.alignment = Alignment(horizontal=across, vertical="center", wrap_text=True)
            cell.font = Font(name="宋体", bold=number == 2)
            if number == 2:
                cell.fill = PatternFill("solid", start_color="DCE6F0")
            elif isinstance(cell.value, str):
                cell.data_type = "s"  # a name that begins with = is a name
    _set_title(sheet, len(widths))
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = min(_WIDEST, width + 3)
    _print_on_one_page_across(sheet)
    sheet.freeze_panes = f"{get_column_letter(2)}3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(widths))}{sheet.max_row}"
    buffer = io.BytesIO()
    book.save(buffer)
    return steady(buffer.getvalue())


def _set_title(sheet: Worksheet, columns: int) -> None:
    """Over the whole width, on two lines where it is long."""
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row=1, column=1)
    cell.font = Font(name="黑体", size=14)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=columns)
    sheet.row_dimensions[1].height = _TITLE_HEIGHT


def _print_on_one_page_across(sheet: Worksheet) -> None:
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:2"

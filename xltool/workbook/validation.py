"""What may be typed into an input, and what is said when it is selected, in the words of xlsxwriter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xltool.figure import LARGEST, Kind
from xltool.workbook.layout import Area, Input, Sheet, Style
from xltool.workbook.layout.identity import YES


def corners(area: Area) -> tuple[int, int, int, int]:
    """First row and column, last row and column, from 0."""
    return area.place.row, area.place.column, area.last.row, area.last.column


def validations(sheet: Sheet) -> Iterator[tuple[dict[str, Any], tuple[int, int, int, int]]]:
    """Validation by runs of neighbouring inputs that ask for the same."""
    inputs = [cell for cell in sheet.cells if isinstance(cell, Input)]
    run: list[Input] = []
    for cell in inputs:
        if run and not _continues(run[-1], cell):
            yield _validation(run[0]), (*corners(run[0].area)[:2], *corners(run[-1].area)[2:])
            run = []
        run.append(cell)
    if run:
        yield _validation(run[0]), (*corners(run[0].area)[:2], *corners(run[-1].area)[2:])


def _continues(last: Input, cell: Input) -> bool:
    same = (last.kind, last.prompt, last.message) == (cell.kind, cell.prompt, cell.message)
    beside = last.area.last.row == cell.area.place.row and last.area.last.column + 1 == cell.area.place.column
    return cell.kind is not None and same and beside


def _least(kind: Kind) -> int:
    return 1 - int(LARGEST) if kind.signed else 0


def _validation(cell: Input) -> dict[str, Any]:
    options: dict[str, Any] = {
        "input_title": cell.prompt,
        "input_message": cell.message,
        "ignore_blank": True,
    }
    if cell.kind is not None:
        whole = cell.kind.places == 0
        options |= {"validate": "integer" if whole else "decimal", "criteria": ">=", "value": _least(cell.kind)}
        options |= {
            "error_title": "填的不对",
            "error_message": f"这里应为{cell.kind.expectation}。没有的填 0。",
        }
    elif cell.style is Style.INPUT_CHOICE:
        options |= {"validate": "list", "source": [YES]}
        options |= {"error_title": "填的不对", "error_message": "空白格都是 0 的选“是”，否则留空。"}
    else:
        options |= {"validate": "length", "criteria": "<=", "value": cell.limit, "error_type": "warning"}
        options |= {"error_title": "字数偏多", "error_message": f"一般不超过 {cell.limit} 字，仍要这样填吗？"}
    return {key: value for key, value in options.items() if value not in ("", None)}

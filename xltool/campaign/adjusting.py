"""Corrections of a consolidation, from a list that the office keeps: figure, amount, reason, who."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from xltool.campaign.roster import table_rows
from xltool.consolidate import Adjustment
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.form import Form

HEADER = ("指标编号", "调整数", "原因", "经办人")


def read_adjustments(data: bytes, form: Form) -> tuple[Adjustment, ...]:
    """The corrections in ``data`` (.xlsx or CSV); FileRefused lists everything wrong at once."""
    rows = table_rows(data)
    if not rows or tuple(rows[0][: len(HEADER)]) != HEADER:
        raise FileRefused(f"调整表的第一行应为：{'、'.join(HEADER)}。")
    adjustments: list[Adjustment] = []
    mistakes: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = [*row, *[""] * len(HEADER)][: len(HEADER)]
        if any(cells):
            found = _adjustment(form, cells)
            if isinstance(found, str):
                mistakes.append(f"第 {number} 行：{found}")
            else:
                adjustments.append(found)
    if mistakes:
        raise FileRefused(f"调整表有 {len(mistakes)} 处要改正：\n" + "\n".join(mistakes))
    return tuple(adjustments)


def _adjustment(form: Form, cells: list[str]) -> Adjustment | str:
    name, amount, reason, who = cells
    inputs = {str(figure.id) for figure in form.inputs}
    if name not in inputs:
        return f"指标编号“{name}”不是要填报的指标，xltool forms show {form.id} 列出全部编号"
    try:
        number = Decimal(amount)
    except InvalidOperation:
        return f"调整数“{amount}”不是数字"
    if not number.is_finite():
        return f"调整数“{amount}”不是数字"
    if not reason:
        return "没有写原因"
    return Adjustment(FigureId.parse(name), number, reason, who)

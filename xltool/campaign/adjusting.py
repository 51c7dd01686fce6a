"""Corrections of a consolidation: read from a list that the office keeps, and kept in the campaign's log.

Every sum of the campaign adds what is recorded, so that workbook, report, freeze and verification say the same. Each
recording replaces what was recorded for the same units before; the log keeps both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from xltool.campaign.home import Campaign
from xltool.campaign.office_list import table_rows
from xltool.campaign.records import Decision
from xltool.consolidate import Adjustment
from xltool.errors import CampaignTrouble, FileRefused
from xltool.figure import FigureId, plain
from xltool.form import Form

HEADER = ("指标编号", "调整数", "原因", "经办人")
ADJUST, DROP_ADJUSTMENTS = "调整", "撤销调整"
_WHAT = "调整表"
_WHOLE = ""
"""The log's lines of no unit: of the whole campaign, or of all below ``under``."""


def read_adjustments(data: bytes, form: Form) -> tuple[Adjustment, ...]:
    """The corrections in ``data`` (.xlsx or CSV); FileRefused lists everything wrong at once."""
    rows = table_rows(data, HEADER[0], _WHAT)
    if not rows or tuple(rows[0][: len(HEADER)]) != HEADER:
        raise FileRefused(f"{_WHAT}的第一行应为：{'、'.join(HEADER)}。")
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
        raise FileRefused(f"{_WHAT}有 {len(mistakes)} 处要改正：\n" + "\n".join(mistakes))
    if not adjustments:
        raise FileRefused(f"{_WHAT}里一条调整也没有。要撤销记下的调整，请用 --drop-adjustments。")
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


# --- in the campaign --------------------------------------------------------------------------------------


def adjust(campaign: Campaign, adjustments: Sequence[Adjustment], under: str | None = None) -> bool:
    """From now on these are the corrections of the whole sum, or of ``under`` and the units below it.

    False where they were before. CampaignTrouble where the roster does not have ``under``.
    """
    with campaign.store.transaction():
        if under is not None and campaign.store.entry(under) is None:
            raise CampaignTrouble(f"名册里没有“{under}”。请写名册上的全称。")
        if _recorded(campaign.store.decisions(_WHOLE)).get(under or "") == tuple(adjustments):
            return False
        said = {"under": under or "", "adjustments": adjustments_data(adjustments)}
        campaign.store.decide(campaign.stamp(), campaign.who, "", ADJUST, None, "", said)
    return True


def drop_adjustments(campaign: Campaign, reason: str, under: str | None = None) -> int:
    """Forget the corrections of the whole sum, or those of ``under``; how many there were.

    CampaignTrouble where there are none, or no reason is given.
    """
    if not reason.strip():
        raise CampaignTrouble("请用 --reason 写明为什么撤销调整。")
    with campaign.store.transaction():
        recorded = _recorded(campaign.store.decisions(_WHOLE))
        if (under or "") not in recorded:
            others = "、".join(f"“{name}”" if name else "整个汇总" for name in recorded)
            raise CampaignTrouble(f"没有记下的调整可以撤销{f'（有调整的是{others}）' if others else ''}。")
        said = {"under": under or "", "adjustments": []}
        campaign.store.decide(campaign.stamp(), campaign.who, "", DROP_ADJUSTMENTS, None, reason.strip(), said)
    return len(recorded[under or ""])


def adjustments_of(campaign: Campaign, units: Collection[str] | None = None) -> tuple[Adjustment, ...]:
    """All corrections that count; of ``units`` only those that were made for one of them and what is below it."""
    recorded = _recorded(campaign.store.decisions(_WHOLE))
    return tuple(a for under, made in recorded.items() if units is None or under in units for a in made)


def _recorded(decisions: Iterable[Decision]) -> Mapping[str, tuple[Adjustment, ...]]:
    """The last word of the log for each ``under``, "" for the whole; those that were dropped are absent."""
    found: dict[str, tuple[Adjustment, ...]] = {}
    for decision in decisions:
        if decision.action in (ADJUST, DROP_ADJUSTMENTS):
            found[decision.data["under"]] = adjustments_from(decision.data["adjustments"])
    return {under: made for under, made in found.items() if made}


def adjustments_data(adjustments: Iterable[Adjustment]) -> list[dict[str, str]]:
    """The corrections as they stand in the log."""
    return [{"figure": str(a.figure), "amount": plain(a.amount), "reason": a.reason, "who": a.who} for a in adjustments]


def adjustments_from(data: Iterable[Mapping[str, Any]]) -> tuple[Adjustment, ...]:
    """What ``adjustments_data`` gave."""
    return tuple(
        Adjustment(FigureId.parse(one["figure"]), Decimal(one["amount"]), one["reason"], one["who"]) for one in data
    )

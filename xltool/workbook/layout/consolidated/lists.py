"""封面, 调整 and 本年与上年 of the consolidated workbook."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.consolidate import Presence, RosterRow
from xltool.form import Level
from xltool.workbook.layout.addresses import CHECKS, COVER
from xltool.workbook.layout.consolidated.places import (
    ADJUSTMENTS,
    CHARTS,
    COMPARED,
    LIST_TOP,
    NOTE_ROW,
    UNITS,
    Column,
    Places,
)
from xltool.workbook.layout.consolidated.sheets import heading, list_heading, note_highlight
from xltool.workbook.layout.consolidated.summary import Summary
from xltool.workbook.layout.model import Area, Cell, Computed, Fixed, Place, Sheet, Stamp, Style, height_needed

_COVER_WIDTHS = (2.0, 22.0, 40.0, 18.0, 46.0)
_LACKING_LISTED = 200
"""Units not in the sum that the cover names; a sheet lists all of them."""


def cover_sheet(summary: Summary, at: Places) -> Sheet:
    """Whose sum it is, whether it is complete, where everything stands, and who is not in."""
    cells: list[Cell] = [Fixed(_cover(1, 1, 4), summary.title, Style.TITLE)]
    heights = {0: 8.0, 1: 44.0, NOTE_ROW: 8.0}
    if summary.draft_note:
        cells.append(Fixed(_cover(NOTE_ROW, 1, 4), summary.draft_note, Style.OVERALL))
        heights[NOTE_ROW] = 32.0
    row = NOTE_ROW + 2
    for label, text in _facts(summary):
        cells += [Fixed(_cover(row, 1), label, Style.BAND_LABEL), Fixed(_cover(row, 2, 3), text, Style.STAMP)]
        heights[row] = max(24.0, height_needed(text, sum(_COVER_WIDTHS[2:]), 11))
        row += 1
    row += 1
    cells.append(Fixed(_cover(row, 1, 4), "各表（点名称可跳转）", Style.SECTION))
    heights[row] = 26.0
    for name, said in _contents(summary, at):
        row += 1
        heights[row] = 21.0
        cells.append(Fixed(_cover(row, 1), name, Style.LIST_LINK, link=Place(name, 0, 0)))
        cells.append(Fixed(_cover(row, 2, 3), said, Style.LIST))
    cells += _lacking(summary, row + 2, heights)
    last = max(cell.area.last.row for cell in cells)
    return Sheet(
        COVER,
        tuple(cells),
        _COVER_WIDTHS,
        heights,
        highlights=tuple(note_highlight(summary, COVER, 1, 4)),
        print_area=Area(Place(COVER, 0, 0), last + 1, len(_COVER_WIDTHS)),
        tab="red",
    )


def _cover(row: int, column: int, width: int = 1) -> Area:
    return Area(Place(COVER, row, column), 1, width)


def _facts(summary: Summary) -> Iterator[tuple[str, str]]:
    filing, roster = summary.consolidation.filing, summary.roster
    yield "汇总单位", filing.unit.name
    yield "统计期限", f"{filing.year}年1月1日至{filing.year}年12月31日"
    counts = {presence: sum(row.presence is presence for row in roster) for presence in Presence}
    due = len(roster) - counts[Presence.NOT_DUE]
    said = [f"应报 {due} 个", *(f"{presence} {count} 个" for presence, count in counts.items() if count)]
    yield "单位", "，".join(said)
    dates = sorted(row.accepted_on for row in roster if row.accepted_on)
    if dates:
        yield "审定日期", dates[0] if dates[0] == dates[-1] else f"{dates[0]} 至 {dates[-1]}"
    adjusted = len(summary.consolidation.adjustments)
    yield "调整", f"{adjusted} 条，每条都有理由，见“{ADJUSTMENTS}”" if adjusted else "没有调整，每个数都是各单位之和"
    yield "核对", _verdict(summary)


def _verdict(summary: Summary) -> str:
    found = (*summary.findings, *summary.ruled)
    counts = ((level, sum(finding.level is level for finding in found)) for level in Level)
    said = "、".join(f"{count} 处{level}" for level, count in counts if count)
    return f"{said}，见“{CHECKS}”" if said else "全部通过"


def _contents(summary: Summary, at: Places) -> Iterator[tuple[str, str]]:
    yield UNITS, "已汇总的、没有汇总的和原因，审定日期"
    for table in summary.form.tables:
        yield at.tables[table.id], summary.form.section_of(table.id).heading
    for table in summary.form.tables:
        yield at.details[table.id], f"{table.name}，每个单位一行"
    yield ADJUSTMENTS, "对汇总数的调整、理由和调整人"
    yield CHECKS, "汇总的核对和表内、表间、跨年的核对结果"
    yield COMPARED, "每个数与上年对照"
    if summary.form.charts:
        yield CHARTS, "、".join(chart.title for chart in summary.form.charts)


def _lacking(summary: Summary, row: int, heights: dict[int, float]) -> Iterator[Cell]:
    lacking = [entry for entry in summary.roster if entry.is_lacking]
    title = f"没有汇总的单位（{len(lacking)} 个）" if lacking else "应报的单位全部审定并汇总"
    yield Fixed(_cover(row, 1, 4), title, Style.SECTION)
    heights[row] = 26.0
    for number, entry in enumerate(lacking[:_LACKING_LISTED], start=1):
        heights[row + number] = 21.0
        yield from _lacking_line(entry, number, row + number)
    if len(lacking) > _LACKING_LISTED:
        text = f"……共 {len(lacking)} 个，其余见“{UNITS}”"
        yield Fixed(_cover(row + _LACKING_LISTED + 1, 1, 4), text, Style.LIST)


def _lacking_line(entry: RosterRow, number: int, row: int) -> Iterator[Cell]:
    yield Fixed(_cover(row, 1), str(number), Style.LIST_CENTRE)
    yield Fixed(_cover(row, 2), entry.unit.name, Style.LIST)
    yield Fixed(_cover(row, 3), str(entry.presence), Style.LIST_CENTRE)
    yield Fixed(_cover(row, 4), entry.remark, Style.LIST)


_ADJUSTMENT_WIDTHS = (7.0, 14.0, 46.0, 16.0, 46.0, 14.0, 22.0)


def adjustments_sheet(summary: Summary, at: Places) -> Sheet:
    """Every correction of a sum, with its reason; the official tables add them by the figure's id."""
    headers = ("序号", "表", "项目", "调整数（＋增－减）", "理由", "调整人", "指标编号")
    cells = [
        *heading(summary, ADJUSTMENTS, "调整：汇总数与各单位之和的差别", len(headers)),
        *list_heading(ADJUSTMENTS, headers),
    ]
    heights = {0: 28.0, LIST_TOP - 1: 22.0}
    for index, adjustment in enumerate(summary.consolidation.adjustments):
        row = LIST_TOP + index
        figure = summary.form.figures[adjustment.figure]
        texts = (
            (Column.NUMBER, str(index + 1), Style.LIST_CENTRE),
            (Column.TABLE, summary.form.table(figure.id.table).name, Style.LIST_CENTRE),
            (Column.REASON, adjustment.reason, Style.LIST),
            (Column.WHO, adjustment.who, Style.LIST_CENTRE),
            (Column.FIGURE_ID, str(figure.id), Style.LIST),
        )
        cells += [Fixed(_at(ADJUSTMENTS, row, column), text, style) for column, text, style in texts]
        place = at.figures[figure.id].place
        cells.append(Fixed(_at(ADJUSTMENTS, row, Column.FIGURE), figure.spoken, Style.LIST_LINK, link=place))
        cells.append(Stamp(_at(ADJUSTMENTS, row, Column.AMOUNT), f"adjustment.{index}", Style.NUMBER))
        lengths = ((figure.spoken, Column.FIGURE), (adjustment.reason, Column.REASON))
        heights[row] = max(20.0, *(height_needed(text, _ADJUSTMENT_WIDTHS[c], 10) for text, c in lengths))
    if not summary.consolidation.adjustments:
        area = Area(Place(ADJUSTMENTS, LIST_TOP, 0), 1, len(headers))
        cells.append(Fixed(area, "没有调整：每个汇总数都是各单位之和。", Style.LIST))
    return _listed(summary, ADJUSTMENTS, cells, _ADJUSTMENT_WIDTHS, heights, max(at.adjustments, 1))


_COMPARED_WIDTHS = (6.0, 14.0, 52.0, 16.0, 16.0, 16.0, 12.0)


def compared_sheet(summary: Summary, at: Places) -> Sheet:
    """Every figure once, with last year's beside it; the checks look here."""
    year = summary.consolidation.filing.year
    headers = ("序号", "表", "项目", f"{year - 1}年", f"{year}年", "增减", "增减（%）")
    cells = [*heading(summary, COMPARED, "本年与上年对照", len(headers)), *list_heading(COMPARED, headers)]
    heights = {0: 28.0, LIST_TOP - 1: 22.0}
    for index, figure in enumerate(summary.form.figures.values()):
        row = at.compared[figure.id]
        heights[row] = max(18.0, height_needed(figure.spoken, _COMPARED_WIDTHS[Column.HEADING], 10))
        before, now = at.before(figure.id).absolute, at.current(figure.id).absolute
        change = f'IF(COUNT({before},{now})=2,ROUND({now}-{before},6),"")'
        percent = f'IF(COUNT({before},{now})=2,IF({before}>0,ROUND(({now}-{before})/{before}*100,1),""),"")'
        shown, name = at.figures[figure.id].place, str(figure.id)
        cells += [
            Fixed(_at(COMPARED, row, Column.ROW), str(index + 1), Style.LIST_CENTRE),
            Fixed(_at(COMPARED, row, Column.TABLE), summary.form.table(figure.id.table).name, Style.LIST_CENTRE),
            Fixed(_at(COMPARED, row, Column.HEADING), figure.spoken, Style.LIST_LINK, link=shown),
            Stamp(_at(COMPARED, row, Column.PRIOR), f"prior.{name}", Style.NUMBER),
            Computed(_at(COMPARED, row, Column.CURRENT), f"amount.{name}", shown.absolute, Style.NUMBER),
            Computed(_at(COMPARED, row, Column.CHANGE), f"change.{name}", change, Style.NUMBER),
            Computed(_at(COMPARED, row, Column.PERCENT), f"percent.{name}", percent, Style.NUMBER),
        ]
    cells += _powers(summary, at)
    return _listed(summary, COMPARED, cells, _COMPARED_WIDTHS, heights, len(at.compared))


def _powers(summary: Summary, at: Places) -> Iterator[Cell]:
    for power, row in at.powers.items():
        yield Fixed(_at(COMPARED, row, Column.TABLE), "职权", Style.LIST_CENTRE)
        text = f"{summary.form.powers[power]}（1 有，0 无，空着是不清楚）"
        yield Fixed(_at(COMPARED, row, Column.HEADING), text, Style.LIST)
        yield Stamp(_at(COMPARED, row, Column.CURRENT), f"power.{power}", Style.NUMBER)


def _at(sheet: str, row: int, column: int) -> Area:
    return Area(Place(sheet, row, column))


def _listed(
    summary: Summary, sheet: str, cells: list[Cell], widths: tuple[float, ...], heights: dict[int, float], rows: int
) -> Sheet:
    return Sheet(
        sheet,
        tuple(cells),
        widths,
        heights,
        highlights=tuple(note_highlight(summary, sheet, 0, len(widths))),
        freeze=(LIST_TOP, 0),
        print_area=Area(Place(sheet, 0, 0), LIST_TOP + rows, len(widths)),
        landscape=True,
        repeat_rows=(LIST_TOP - 1, LIST_TOP - 1),
        tab="green",
    )

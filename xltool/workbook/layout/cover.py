"""The 封面 sheet: who and what, the live overall state with links, the contact fields, how to fill in."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.form import Form, Section
from xltool.workbook.layout.addresses import CHECKS, COVER, Addresses
from xltool.workbook.layout.checks import due_parts
from xltool.workbook.layout.model import (
    Area,
    Cell,
    Computed,
    Fixed,
    Highlight,
    Input,
    Place,
    Sheet,
    Stamp,
    Style,
    height_needed,
    stripped,
)
from xltool.workbook.layout.table import status_formula

_WIDTHS = (2.0, 16.0, 46.0, 14.0, 34.0)


def cover_sheet(form: Form, at: Addresses, year: int) -> Sheet:
    """The sheet that opens first."""
    heights: dict[int, float] = {0: 8.0, 1: 44.0, 2: 8.0}
    cells: list[Cell] = [Stamp(_area(1, 1, 4), "title", Style.TITLE)]
    cells += _facts(form, year)
    heights |= {row: 24.0 for row in range(3, 6)} | {6: 32.0, 7: 8.0}
    cells += [
        _label(6, 1, "填报状态"),
        Computed(_area(6, 2, 3), "overall", Place(CHECKS, 1, 0).absolute, Style.OVERALL),
    ]
    row = 8
    cells.append(Fixed(_area(row, 1, 4), "各部分（点名称可跳转）", Style.SECTION))
    heights[row] = 26.0
    for section in form.sections:
        row += 1
        heights[row] = 21.0
        cells += _section_line(form, section, at, row)
    row += 1
    heights[row] = 21.0
    link = Fixed(_area(row, 1, 2), "校验（全部核对结果与说明）", Style.LIST_LINK, link=Place(CHECKS, 0, 0))
    cells += [link, Fixed(_area(row, 3, 2), "逐条列出，需要说明的在那里写明", Style.LIST)]
    row += 2
    cells.append(Fixed(_area(row, 1, 4), "填报信息", Style.SECTION))
    heights |= {row - 1: 8.0, row: 26.0}
    for field in form.cover:
        row += 1
        heights[row] = 23.0
        cells.append(_label(row, 1, field.label))
        cells.append(Input(_area(row, 2), field.id, Style.INPUT_LINE, limit=200, prompt=field.label))
        sample = f"例：{field.sample}" if field.sample else ""
        cells.append(Fixed(_area(row, 3, 2), sample, Style.HINT))
    row += 2
    cells.append(Fixed(_area(row, 1, 4), "填写说明", Style.SECTION))
    heights |= {row - 1: 8.0, row: 26.0}
    for index, text in enumerate(form.instructions, start=1):
        row += 1
        line = f"{index}. {text}"
        heights[row] = height_needed(line, sum(_WIDTHS[1:]), 10.5) + 2
        cells.append(Fixed(_area(row, 1, 4), line, Style.TEXT))
    return Sheet(
        COVER,
        tuple(cells),
        _WIDTHS,
        heights,
        highlights=tuple(_colours()),
        print_area=Area(Place(COVER, 0, 0), row + 1, len(_WIDTHS)),
        tab="red",
    )


def _area(row: int, column: int, width: int = 1) -> Area:
    return Area(Place(COVER, row, column), 1, width)


def _label(row: int, column: int, text: str) -> Fixed:
    return Fixed(_area(row, column), text, Style.BAND_LABEL)


def _facts(form: Form, year: int) -> Iterator[Cell]:
    yield _label(3, 1, "填报单位")
    yield Stamp(_area(3, 2), "unit.name", Style.STAMP)
    yield _label(3, 3, "表单编号")
    yield Stamp(_area(3, 4), "number", Style.STAMP)
    yield _label(4, 1, "统计期限")
    yield Fixed(_area(4, 2), f"{year}年1月1日至{year}年12月31日", Style.STAMP)
    yield _label(4, 3, "报送期限")
    yield Fixed(_area(4, 4), f"{year + 1}年{form.deadline}前", Style.STAMP)
    yield _label(5, 1, "单位代码")
    yield Stamp(_area(5, 2), "unit.code", Style.STAMP)
    yield _label(5, 3, "单位类型")
    yield Stamp(_area(5, 4), "unit.type", Style.STAMP)


def _section_line(form: Form, section: Section, at: Addresses, row: int) -> Iterator[Cell]:
    target = _target(section, at)
    yield Fixed(_area(row, 1, 2), section.heading, Style.LIST_LINK, link=target)
    yield Computed(_area(row, 3, 2), f"section.{section.id}", _section_formula(form, section, at), Style.LIST)


def _target(section: Section, at: Addresses) -> Place:
    """The first cell to fill in."""
    if section.parts:
        return at.texts[section.parts[0].id].place
    assert section.table is not None
    return next(area.place for figure, area in at.figures.items() if figure.table == section.table.id)


def _section_formula(form: Form, section: Section, at: Addresses) -> str:
    pieces = []
    if section.table is not None:
        pieces.append(status_formula(form, section.table, at))
    due = due_parts(section)
    if due:
        # A comparison alone would be shown as TRUE.
        written = "+".join(f'IF({stripped(at.texts[part.id].place.indexed())}="",0,1)' for part in due)
        pieces.append(f'"文字已写 "&({written})&"/{len(due)} 段"')
    return '&"；"&'.join(pieces)


def _colours() -> Iterator[Highlight]:
    area = _area(6, 2, 3)
    yield Highlight(area, f'{area.place.absolute.rpartition("!")[2]}="全部通过"', "good")
    yield Highlight(area, f'{area.place.absolute.rpartition("!")[2]}<>"全部通过"', "open")

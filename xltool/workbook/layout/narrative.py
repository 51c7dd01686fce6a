"""Narrative sheets: one block per part with guidance, a live count of characters, room to write, and a draft."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.draft.model import Draft, longest
from xltool.form import Part, Section
from xltool.workbook.layout.addresses import COVER, ROWS_PER_TEXT, Addresses, column_widths, draft_key, section_drafts
from xltool.workbook.layout.model import (
    Area,
    Cell,
    Computed,
    Fixed,
    Highlight,
    Input,
    Place,
    Sheet,
    Style,
    height_needed,
)
from xltool.workbook.layout.table import (
    declaration_cells,
    figure_cells,
    figure_highlights,
    grid_heights,
    label_cells,
)

_TEXT_WIDTH = 96.0
_COUNT_WIDTH = 30.0
_PARAGRAPHS = 5
"""So many have room in a box, however they are divided, when the text is as long as it may be; of most texts more."""


def narrative_sheet(section: Section, at: Addresses) -> Sheet:
    """The section's sheet; a small table that belongs to it stands above its narrative."""
    table = section.table
    widths = [2.0, *(column_widths(table) if table is not None else [_TEXT_WIDTH])]
    count_column = len(widths)
    text_width = sum(widths[1:])
    heights = {0: 30.0, 1: 22.0, 2: 20.0}
    cells = list(_head(section, at, count_column))
    highlights: list[Highlight] = []
    if table is not None:
        cells += declaration_cells(table, at)
        cells += label_cells(table, at)
        cells += figure_cells(table, at)
        heights |= grid_heights(table, at)
        highlights += figure_highlights(table, at)
    for about, draft in section_drafts(section):
        cells += _draft_block(about, draft, at)
        heights |= _draft_heights(about, draft, at, text_width)
    for part in section.parts:
        cells += _block(section, part, at, count_column)
        heights |= _heights(part, at, text_width)
        highlights.append(_over_limit(part, at, count_column))
    last = max(cell.area.last.row for cell in cells)
    return Sheet(
        section.sheet,
        tuple(cells),
        (*widths, _COUNT_WIDTH),
        heights,
        highlights=tuple(highlights),
        freeze=(3, 0),
        print_area=Area(Place(section.sheet, 0, 0), last + 1, count_column),
        tab="blue",
    )


def _head(section: Section, at: Addresses, count_column: int) -> Iterator[Cell]:
    sheet, width = section.sheet, count_column - 1
    yield Fixed(Area(Place(sheet, 0, 1), 1, width), section.heading, Style.SECTION)
    yield Fixed(Area(Place(sheet, 0, count_column)), "返回封面", Style.LINK, link=Place(COVER, 0, 1))
    hint = "在浅黄色方框里直接写，换段按 Alt+Enter；每段开头不用空格。"
    yield Fixed(Area(Place(sheet, 1, 1), 1, width), hint, Style.HINT)
    limit = f'&" 字，一般不超过 {section.limit} 字"' if section.limit else '&" 字"'
    counts = "+".join(_count(part, at) for part in section.parts)
    formula = f'"本部分共 "&({counts}){limit}'
    yield Computed(Area(Place(sheet, 2, 1), 1, width), f"total_count.{section.id}", formula, Style.HINT)


def _count(part: Part, at: Addresses) -> str:
    """Characters without spaces and line ends."""
    text = at.texts[part.id].place.indexed()
    return f'LEN(SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({text}," ",""),"　",""),CHAR(10),""))'


def _block(section: Section, part: Part, at: Addresses, count_column: int) -> Iterator[Cell]:
    area = at.texts[part.id]
    sheet, row, width = section.sheet, area.place.row, area.width
    yield Fixed(Area(Place(sheet, row - 2, 1), 1, width), part.title, Style.TEXT)
    yield Fixed(Area(Place(sheet, row - 1, 1), 1, width), part.guidance, Style.HINT)
    count = f'"已写 "&{_count(part, at)}&" 字／不超过 {part.limit} 字"'
    yield Computed(Area(Place(sheet, row - 2, count_column)), f"count.{part.id}", count, Style.HINT)
    message = f"{part.guidance}一般不超过 {part.limit} 字。"[:250]
    yield Input(area, part.id, Style.INPUT_TEXT, limit=part.limit, prompt=part.title[:30], message=message)


_HOW_PART = "可参考（按表中数自动生成）：复制这一格，双击上面的方框后粘贴，再作修改；不写的，报告里就用这段文字。"
_HOW_SECTION = "按上面的数自动生成，报告里会加上这一句，不用再写。"
_HOW_UNLESS = "按上面的数自动生成：下面没有写到“{}”的，报告里会加上这一句。"
_NOT_YET = "（填好有关的表以后，这里自动出现文字。）"


def _draft_block(about: Section | Part, draft: Draft, at: Addresses) -> Iterator[Cell]:
    area = at.shown[about.id]
    above = Area(area.place._replace(row=area.place.row - 1), 1, area.width)
    yield Fixed(above, _how(about, draft), Style.HINT)
    text = at.saying(draft_key(about)).absolute
    yield Computed(area, f"shown.{about.id}", f'IF({text}="","{_NOT_YET}",{text})', Style.DRAFT)


def _how(about: Section | Part, draft: Draft) -> str:
    if isinstance(about, Part):
        return _HOW_PART
    words = dict.fromkeys(s.unless_mentions for s in draft.sentences if s.unless_mentions)
    return _HOW_UNLESS.format("”“".join(words)) if words else _HOW_SECTION


def shown_draft(text: str) -> str:
    """What is shown for a draft that says ``text``."""
    return text or _NOT_YET


def _draft_heights(about: Section | Part, draft: Draft, at: Addresses, width: float) -> dict[int, float]:
    row = at.shown[about.id].place.row
    heights = {row - 1: height_needed(_how(about, draft), width, 10) + 2}
    heights[row] = max(36.0, height_needed("字" * longest(draft), width, 10.5) + 8)
    return heights | {row + 1: 12.0}


def _heights(part: Part, at: Addresses, width: float) -> dict[int, float]:
    row = at.texts[part.id].place.row
    # Every paragraph ends with a line that is not full.
    text = "字" * part.limit + "\n" * (_PARAGRAPHS - 1)
    room = max(90.0, height_needed(text, width, 11) + 16)
    heights = {row + index: room / ROWS_PER_TEXT for index in range(ROWS_PER_TEXT)}
    heights[row - 2] = 24.0
    heights[row - 1] = height_needed(part.guidance, width, 10) + 2
    if part.draft is None:
        heights[row + ROWS_PER_TEXT] = 12.0
    return heights


def _over_limit(part: Part, at: Addresses, count_column: int) -> Highlight:
    area = at.texts[part.id]
    where = Area(Place(area.place.sheet, area.place.row - 2, count_column))
    return Highlight(where, f"{_count(part, at)}>{part.limit}", "open")

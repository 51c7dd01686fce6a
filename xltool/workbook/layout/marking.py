"""What a marked copy adds to the workbook: a first sheet 退回修改清单, and cells coloured until they are put right.

A mark is a colour of its own, so that every program shows it, and below all other conditional formats one that
paints the cell as it was drawn as soon as the mark's condition holds: who corrects a cell sees the colour go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from xltool.workbook.layout.addresses import CORRECTIONS, COVER, TO_CONFIRM
from xltool.workbook.layout.identity import YES
from xltool.workbook.layout.model import (
    Area,
    Cell,
    Computed,
    Fixed,
    Highlight,
    Layout,
    Mark,
    Place,
    Sheet,
    Style,
    height_needed,
    stripped,
)

CORRECTION_HEADERS = ("序号", "级别", "位置", "内容", "问题", "怎样改", "原因写在", "编号")
_WIDTHS = (6.0, 7.0, 11.0, 24.0, 38.0, 36.0, 11.0, 15.0)
_HEADER_ROW = 5
CORRECTION_LISTS = (CORRECTIONS, TO_CONFIRM)
HOW_TO_CORRECT = (
    "直接在本工作簿里改，不用另找原来的表：点“位置”跳到要改的格，把鼠标移到标红、标橙的格上可看批注，改好后颜色会消去。"
    "“核实”的确实如此、不用改的，点“原因写在”跳过去写明原因。改完用原来的方法交回；本页不用填写，也不要删除。"
)


HOW_TO_CONFIRM = (
    "请对照原件逐格核对：写成“待核12”的，对的去掉“待核”两个字，不对的改正；空白的补填，确实没有发生的填 0。"
    "点“位置”跳到要看的格。“核实”的确实如此、不用改的，点“原因写在”跳过去写明原因。改完交回；本页不用填写，也不要删除。"
)


@dataclass(frozen=True)
class Heading:
    """What stands above the list: ``sheet`` is its name, one of CORRECTION_LISTS; two ``facts``, then ``hint``."""

    sheet: str
    title: str
    facts: tuple[str, str]
    hint: str


@dataclass(frozen=True)
class CorrectionLine:
    """One line of the list. ``label``: what stands at the place. ``key``: the number that an explanation is about.

    ``reason``: the cell where the unit may write why nothing is wrong, None where that does not help.
    """

    level: str
    place: Place
    label: str
    problem: str
    action: str
    reason: Place | None
    key: str = ""


def _short_name(place: Place) -> str:
    """``表三 D5``, ``六 C6``: programs do not wrap a link's text, so it must be short."""
    return f"{place.sheet[:2].rstrip('、')} {place.cell}"


def marked_layout(layout: Layout, heading: Heading, lines: Sequence[CorrectionLine], marks: Iterable[Mark]) -> Layout:
    """``layout`` with the list as its first sheet and the marks on the others."""
    by_sheet: dict[str, list[Mark]] = {}
    for mark in marks:
        by_sheet.setdefault(mark.area.place.sheet, []).append(mark)
    sheets = [_marked(sheet, by_sheet.get(sheet.name, [])) for sheet in layout.sheets]
    return Layout((_list_sheet(heading, lines), *sheets))


def _marked(sheet: Sheet, marks: list[Mark]) -> Sheet:
    if not marks:
        return sheet
    drawn = {cell.area.place: cell for cell in sheet.cells}
    restored = [Highlight(mark.area, mark.until, _as_drawn(drawn[mark.area.place])) for mark in marks]
    return replace(sheet, marks=tuple(marks), highlights=(*sheet.highlights, *restored))


def _as_drawn(cell: Cell) -> str:
    return "as_total" if isinstance(cell, Computed) else "as_input"


def until_filled(area: Area, zero: Place | None) -> str:
    """A number stands there, or the table's blanks are declared 0."""
    number = f"ISNUMBER({_absolute(area.place)})"
    return number if zero is None else f'OR({number},{stripped(_absolute(zero))}="{YES}")'


def until_changed(area: Area, value: str) -> str:
    """The cell no longer holds ``value``: a number as text, "" for a blank."""
    held = value or '""'
    return f"{_absolute(area.place)}<>{held}"


def until_rewritten(area: Area, text: str) -> str:
    """A text stands there that is not as long as ``text``."""
    cell = _absolute(area.place)
    if not text.strip():
        return f'{stripped(cell)}<>""'
    # Excel counts UTF-16 units, LibreOffice characters; a correction rarely keeps the length.
    lengths = {len(text), len(text.encode("utf-16-le")) // 2}
    return f"AND({','.join(f'LEN({cell})<>{length}' for length in sorted(lengths))})"


ALWAYS = "TRUE"
"""For cells that the workbook's own checks colour as long as they are wrong."""


def _absolute(place: Place) -> str:
    return place.absolute.rpartition("!")[2]


def _list_sheet(heading: Heading, lines: Sequence[CorrectionLine]) -> Sheet:
    across = len(CORRECTION_HEADERS)
    cells: list[Cell] = [Fixed(_area(0, 0, across), heading.title, Style.TITLE)]
    cells += [Fixed(_area(1 + row, 0, across), fact, Style.FACT) for row, fact in enumerate(heading.facts)]
    cells.append(Fixed(_area(_HEADER_ROW - 2, 0, across), heading.hint, Style.HINT))
    back = Fixed(_area(_HEADER_ROW - 1, across - 1), "转到封面", Style.LINK, link=Place(COVER, 0, 1))
    cells.append(back)
    cells += [Fixed(_area(_HEADER_ROW, column), text, Style.HEADER) for column, text in enumerate(CORRECTION_HEADERS)]
    heights = {0: 40.0, 3: height_needed(heading.hint, sum(_WIDTHS), 10) + 4, 4: 18.0, _HEADER_ROW: 24.0}
    heights |= {row: height_needed(fact, sum(_WIDTHS), 12) + 1 for row, fact in enumerate(heading.facts, start=1)}
    for index, line in enumerate(lines, start=1):
        row = _HEADER_ROW + index
        cells += _line_cells(index, row, line)
        heights[row] = _line_height(line)
    levels = Area(Place(CORRECTIONS, _HEADER_ROW + 1, 1), max(1, len(lines)))
    first = levels.place.cell
    return Sheet(
        heading.sheet,
        tuple(cells),
        _WIDTHS,
        heights,
        highlights=(Highlight(levels, f'{first}="错误"', "wrong"), Highlight(levels, f'{first}="核实"', "open")),
        freeze=(_HEADER_ROW + 1, 0),
        print_area=Area(Place(CORRECTIONS, 0, 0), _HEADER_ROW + 1 + len(lines), across),
        landscape=True,
        repeat_rows=(_HEADER_ROW, _HEADER_ROW),
        tab="#C00000",
    )


def _area(row: int, column: int, width: int = 1) -> Area:
    return Area(Place(CORRECTIONS, row, column), 1, width)


def _line_cells(number: int, row: int, line: CorrectionLine) -> Iterator[Cell]:
    yield Fixed(_area(row, 0), str(number), Style.LIST_CENTRE)
    yield Fixed(_area(row, 1), line.level, Style.LIST_CENTRE)
    yield Fixed(_area(row, 2), _short_name(line.place), Style.LIST_LINK, link=line.place)
    for column, text in enumerate((line.label, line.problem, line.action), start=3):
        yield Fixed(_area(row, column), text, Style.LIST)
    if line.reason is None:
        yield Fixed(_area(row, 6), "", Style.BLOCKED)
    else:
        yield Fixed(_area(row, 6), _short_name(line.reason), Style.LIST_LINK, link=line.reason)
    yield Fixed(_area(row, 7), line.key, Style.LIST)


def _line_height(line: CorrectionLine) -> float:
    texts = zip((line.label, line.problem, line.action, line.key), (*_WIDTHS[3:6], _WIDTHS[7]), strict=True)
    return max(26.0, *(height_needed(text, width, 10) + 4 for text, width in texts))


def is_correction_list(name: str, texts: dict[tuple[int, int], str]) -> bool:
    """Whether a sheet of this name and with these texts by position is a list that was made here."""
    # Lists of earlier versions had no last column.
    kept = CORRECTION_HEADERS[:-1]
    header = tuple(texts.get((_HEADER_ROW, column), "") for column in range(len(kept)))
    return name in CORRECTION_LISTS and header == kept

"""Many marked copies at the price of a few cells each: what all copies share is drawn once per form and year.

A marked copy differs from the next in its first sheet, in the cells that are marked or hold a text, in colours that
go, and in comments. These alone are drawn by the ordinary writer into an otherwise empty workbook. Numbers and
results are filled into the skeleton, and what was drawn is laid over it, sheet by sheet: part by part the same as
drawing the copy whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from xltool import rawzip
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.workbook.identity import Identity
from xltool.workbook.layout import Computed, Input, Layout, Mark, Place, Sheet, Stamp, make_layout
from xltool.workbook.layout.addresses import CORRECTIONS
from xltool.workbook.layout.marking import CorrectionLine, Heading, marked_layout
from xltool.workbook.skeleton import Member, cut, sentinel_of
from xltool.workbook.snapshot import Value, take_snapshot
from xltool.workbook.writer import Look, draw, render

_STRINGS, _LIST = "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"
_UNTITLED = Heading(CORRECTIONS, "", ("", ""), "")
_LEAST_IN_A_LINE, _ROWS_FOR_A_LINE = 10, 2
"""Characters in a line of a comment, 21 as a rule; rows beside it, less than one as a rule."""
_SMALL = 12_000
"""Characters; styles and themes have less."""
_STRING = re.compile(r"<si>.*?</si>", re.DOTALL)
_STRING_CELL = re.compile(r' t="s"><v>(\d+)</v>')
_COUNTS = re.compile(r' count="(\d+)" uniqueCount="(\d+)"')
_CELL_OR_ROW = re.compile(
    r'<c r="(?P<cell>[A-Z]+\d+)"[^>/]*(?:/>|>.*?</c>)|<row r="(?P<row>\d+)"(?: spans="[^"]*")?(?P<height>[^>/]*)/?>',
    re.DOTALL,
)
_HEIGHT = re.compile(' ht="[^"]*" customHeight="1"')
_COLOURS = re.compile(r'<conditionalFormatting sqref="([^"]*)">(.*?)</conditionalFormatting>', re.DOTALL)
_PRIORITY = re.compile(r'(?<= priority=")\d+')
_BEHIND_COLOURS = re.compile("<(?:dataValidations|hyperlinks|printOptions)")
_COMMENTS = re.compile("<legacyDrawing [^>]*/>")


@dataclass(frozen=True)
class _Part:
    """A sheet as all copies share it. ``open``: the cells that may be marked, or hold what the unit wrote."""

    sheet: Sheet
    open: tuple[Input | Computed, ...]
    member: Member

    def own(self, sheet: Sheet, values: Mapping[str, Value]) -> Sheet:
        """Of ``sheet``, which is this one with marks, only what is the copy's own."""
        marked = {mark.area.place for mark in sheet.marks}
        cells = tuple(cell for cell in self.open if cell.area.place in marked or _is_text(cell, values))
        if not cells:
            return replace(sheet, cells=(), widths=(), heights={}, highlights=())
        highlights = sheet.highlights[len(self.sheet.highlights) :]
        return replace(sheet, cells=cells, heights=_heights(sheet, cells), highlights=highlights)


def _heights(sheet: Sheet, cells: Iterable[Input | Computed]) -> dict[int, float]:
    """Heights of the rows that are drawn, and of those that comments stand beside."""
    rows = {row for cell in cells for row in range(cell.area.place.row, cell.area.last.row + 1)}
    below = max((_reach(mark) for mark in sheet.marks), default=0)
    return {row: height for row, height in sheet.heights.items() if row in rows or row < below}


def _reach(mark: Mark) -> int:
    """The row that the comment of ``mark`` does not reach, counted so that it is never too high up."""
    lines = len(mark.comment) // _LEAST_IN_A_LINE + mark.comment.count("\n") + 2
    return mark.area.place.row + lines * _ROWS_FOR_A_LINE


def _is_text(cell: Input | Computed, values: Mapping[str, Value]) -> bool:
    text = values.get(cell.key) if isinstance(cell, Input) else None
    return isinstance(text, str) and bool(text)


@dataclass(frozen=True)
class MarkedSkeleton:
    """What the marked copies of one form and year share; ``parts``: its sheets but the first, by member."""

    palette: tuple[Look, ...]
    parts: Mapping[str, _Part]
    strings: Member
    blank: Mapping[str, Value]

    def fill(self, layout: Layout, identity: Identity, values: Mapping[str, Value]) -> bytes:
        """The workbook of ``layout``, which is this form's with marks; part by part what ``draw_whole`` gives."""
        first, *others = layout.sheets
        own = [part.own(sheet, values) for part, sheet in zip(self.parts.values(), others, strict=True)]
        drawn = draw(Layout((first, *own)), identity, values, self.palette)
        given = {**self.blank, **values}
        strings = _Strings(self.strings.text(given), drawn[_STRINGS])
        if strings.clash:
            return draw_whole(layout, identity, values)
        drawn |= {_STRINGS: strings.xml(), _LIST: strings.renumbered(drawn[_LIST])}
        shared: dict[str, rawzip.RawMember] = {}
        for (name, part), sheet in zip(self.parts.items(), own, strict=True):
            if sheet.cells:
                over = strings.renumbered(drawn[name])
                drawn[name] = _laid_over(part.member.text(given), over, len(part.sheet.highlights))
            else:
                shared[name] = part.member.filled(given)
        return rawzip.write((name, shared.get(name) or _packed(text)) for name, text in drawn.items())


def _packed(text: str) -> rawzip.RawMember:
    # Parts of a few kilobytes are mostly the same in the next copy.
    return _packed_and_kept(text) if len(text) < _SMALL else rawzip.pack(text.encode(), level=1)


@lru_cache(maxsize=64)
def _packed_and_kept(text: str) -> rawzip.RawMember:
    return rawzip.pack(text.encode(), level=1)


class _Strings:
    """The shared texts of a copy: those of the skeleton, then those of ``drawn`` that are not among them."""

    def __init__(self, shared: str, drawn: str) -> None:
        known = _STRING.findall(shared)
        numbers = {text: number for number, text in enumerate(known)}
        own = _STRING.findall(drawn)
        self.clash = len(numbers) < len(known)
        """Whether the unit is called like something else in the workbook: drawn whole, both are one text."""
        self._shared, self._fresh = shared, [text for text in own if text not in numbers]
        numbers |= {text: number for number, text in enumerate(self._fresh, start=len(known))}
        self._numbers = [str(numbers[text]) for text in own]
        self._counts = [sum(map(int, pair)) for pair in zip(_counts(shared), _counts(drawn), strict=True)]
        self._counts[1] = len(numbers)

    def xml(self) -> str:
        total, different = self._counts
        text = _COUNTS.sub(f' count="{total}" uniqueCount="{different}"', self._shared, count=1)
        return text.replace("</sst>", "".join(self._fresh) + "</sst>")

    def renumbered(self, sheet: str) -> str:
        """A drawn sheet with the copy's numbers of texts."""
        return _STRING_CELL.sub(lambda match: f' t="s"><v>{self._numbers[int(match[1])]}</v>', sheet)


def _counts(strings: str) -> tuple[str, ...]:
    match = _COUNTS.search(strings)
    assert match is not None
    return match.groups()


def _laid_over(base: str, drawn: str, rules: int) -> str:
    """``base`` with the cells, row heights, colours and comments of ``drawn``; ``rules``: how many colours it has."""
    pieces: list[str] = []
    end = 0
    for match in _CELL_OR_ROW.finditer(drawn):
        if match["cell"]:
            start, stop = _cell(base, match["cell"], end)
            pieces += base[end:start], match[0]
        else:
            start = base.index(f'<row r="{match["row"]}"', end)
            stop = base.index(">", start) + 1
            pieces += base[end:start], _HEIGHT.sub(match["height"], base[start:stop])
        end = stop
    body, tail = "".join(pieces), base[end:]
    tail = _coloured(tail, drawn, rules)
    comments = _COMMENTS.search(drawn)
    return body + (tail.replace("</worksheet>", f"{comments[0]}</worksheet>") if comments else tail)


def _cell(sheet: str, name: str, begin: int) -> tuple[int, int]:
    """Where a cell's XML begins and ends."""
    start = sheet.index(f'<c r="{name}"', begin)
    stop = sheet.index(">", start) + 1
    return start, stop if sheet[stop - 2] == "/" else sheet.index("</c>", stop) + 4


def _coloured(tail: str, drawn: str, rules: int) -> str:
    """What follows the cells, with the drawn conditional formats behind its own: of one range they stand together."""
    fresh = ""
    for match in _COLOURS.finditer(drawn):
        more = _PRIORITY.sub(lambda number: str(int(number[0]) + rules), match[2])
        begin = tail.find(f'<conditionalFormatting sqref="{match[1]}">')
        if begin < 0:
            fresh += f'<conditionalFormatting sqref="{match[1]}">{more}</conditionalFormatting>'
        else:
            at = tail.index("</conditionalFormatting>", begin)
            tail = tail[:at] + more + tail[at:]
    behind = _BEHIND_COLOURS.search(tail)
    assert behind is not None
    return tail[: behind.start()] + fresh + tail[behind.start() :]


def draw_whole(layout: Layout, identity: Identity, values: Mapping[str, Value]) -> bytes:
    """The copy as the writer draws it, one cell after the other."""
    return render(layout, identity, values, _palette(layout))


def _palette(layout: Layout) -> tuple[Look, ...]:
    """Every look that a cell of such a copy may have, whatever is marked in this one."""
    base = layout.sheets[1:]
    drawn = [cell for sheet in (*_sample_list(), *base) for cell in sheet.cells]
    looks = [(cell.style, cell.kind if isinstance(cell, Input) else None, "") for cell in drawn]
    opened = [cell for sheet in base for cell in _open_cells(sheet)]
    looks += [
        (cell.style, cell.kind if isinstance(cell, Input) else None, mark)
        for cell in opened
        for mark in ("wrong", "open")
    ]
    return tuple(dict.fromkeys(looks))


def _sample_list() -> Iterator[Sheet]:
    """A list with a line of either kind."""
    place = Place("", 0, 0)
    lines = [CorrectionLine("", place, "", "", "", reason) for reason in (place, None)]
    yield marked_layout(Layout(()), _UNTITLED, lines, ()).sheets[0]


def _open_cells(sheet: Sheet) -> tuple[Input | Computed, ...]:
    """Cells that a mark may be laid over: inputs, and totals of the official tables."""
    return tuple(
        cell
        for cell in sheet.cells
        if isinstance(cell, Input) or (isinstance(cell, Computed) and cell.figure is not None)
    )


@lru_cache(maxsize=8)
def make_marked_skeleton(form: Form, year: int, has_prior: bool) -> MarkedSkeleton:
    """Draw what all copies share: as slow as drawing one of them; drawn once, then kept."""
    layout = make_layout(form, year, has_prior)
    unit = Unit("无")
    prior = Filing(form.id, unit, year - 1) if has_prior else None
    snapshot = take_snapshot(form, Filing(form.id, unit, year), prior, 1)
    stamped = {cell.key for cell in layout.cells() if isinstance(cell, Computed | Stamp)} | {"title"}
    numbers = {cell.key for cell in layout.inputs.values() if cell.kind is not None}
    keys = sorted(stamped | numbers)
    values = {key: sentinel_of(index, f"input.{key}" if key in numbers else key) for index, key in enumerate(keys)}
    listed = marked_layout(layout, _UNTITLED, (), ())
    palette = _palette(listed)
    bare = Layout((replace(listed.sheets[0], cells=(), highlights=()), *layout.sheets))
    drawn = draw(bare, snapshot.identity, values, palette)
    blank: dict[str, Value] = {**dict.fromkeys(numbers, ""), **snapshot.values}
    cuts = {name: cut(name, text, keys, blank) for name, text in drawn.items()}
    parts = {}
    for number, sheet in enumerate(layout.sheets, start=2):
        name = f"xl/worksheets/sheet{number}.xml"
        parts[name] = _Part(sheet, _open_cells(sheet), _as_member(cuts[name]))
    return MarkedSkeleton(palette, parts, _as_member(cuts[_STRINGS]), dict.fromkeys(numbers, ""))


def _as_member(made: Member | tuple[str, rawzip.RawMember]) -> Member:
    if isinstance(made, Member):
        return made
    name, member = made
    text = rawzip.unpack(member).decode()
    return Member(name, (), member, text, (), ())

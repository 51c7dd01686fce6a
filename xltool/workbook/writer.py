"""The layout drawn as an .xlsx file. The only home of xlsxwriter, and its one door: whatever it drops, raises."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from xltool import rawzip
from xltool.figure import FigureId, Kind
from xltool.filing import Filing, Unit
from xltool.form import Form, Level
from xltool.workbook.formats import DEFAULT, HIGHLIGHTS, KAI, comment_look, properties
from xltool.workbook.heights import HIGHEST_ROW, grown
from xltool.workbook.identity import Identity
from xltool.workbook.layout import (
    Computed,
    Fixed,
    Input,
    Layout,
    Place,
    Sheet,
    Stamp,
    Style,
    make_layout,
)
from xltool.workbook.layout.addresses import CORRECTIONS
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.layout.identity import YES
from xltool.workbook.snapshot import Snapshot, Value, take_snapshot
from xltool.workbook.validation import corners, validations

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.packager import Packager
    from xlsxwriter.worksheet import Worksheet

_LAST_COLUMN = 51
"""Columns locked beyond the form (to AZ); xlsxwriter walks through every one of them in every row."""
_CONTROL = {code: None for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)} | {13: "\n"}


class WorkbookNotWritten(Exception):
    """xlsxwriter would have dropped something; a mistake of ours, not of the data."""


def write_workbook(
    form: Form,
    filing: Filing,
    prior: Filing | None = None,
    issue: int = 1,
    typed: Mapping[FigureId, str] | None = None,
) -> bytes:
    """A workbook of ``filing``: blank where the filing is, its figures and texts where it has them.

    ``prior``: last year's filing, seeded and locked. ``issue``: which copy for this unit, from 1.
    ``typed``: texts that stand in figures' cells instead of numbers, as people type them (22（其中修订16件）).
    Equal input gives equal bytes.
    """
    layout, snapshot, values = workbook_parts(form, filing, prior, issue, typed or {})
    return render(layout, snapshot.identity, values)


def workbook_parts(
    form: Form, filing: Filing, prior: Filing | None, issue: int, typed: Mapping[FigureId, str]
) -> tuple[Layout, Snapshot, dict[str, Value]]:
    """What ``write_workbook`` draws: the layout, the results, and every value by key."""
    # To the workbook's formulas a text is no number, even where a reader would make one of it.
    typed = {**filing.unread, **typed}
    numbers = {figure: value for figure, value in filing.values.items() if figure not in typed}
    unread = {figure: text for figure, text in typed.items() if text.strip()}
    filing = replace(filing, values=numbers, unread=unread)
    layout = make_layout(form, filing.year, prior is not None and prior.has_figures)
    snapshot = take_snapshot(form, filing, prior, issue)
    values = dict(snapshot.values) | dict(_typed(form, filing))
    values |= {str(figure): text for figure, text in typed.items()}
    return layout, snapshot, values


def blank_filing(form: Form, unit: Unit, year: int) -> Filing:
    """A filing in which nothing is said yet."""
    return Filing(form.id, unit, year)


Look = tuple[Style, Kind | None, str]
"""What a cell's format follows from: its style, its kind of number, and the mark laid over it."""


def render(layout: Layout, identity: Identity, values: Mapping[str, Value], palette: Sequence[Look] = ()) -> bytes:
    """The file of ``draw``."""
    return rawzip.write((name, text.encode()) for name, text in draw(layout, identity, values, palette).items())


def draw(
    layout: Layout, identity: Identity, values: Mapping[str, Value], palette: Sequence[Look] = ()
) -> dict[str, str]:
    """Draw ``layout`` with ``values`` by key, keys without a value blank: the XML of every part by its name.

    ``palette``: looks that are numbered first, in this order, whether cells have them or not. Labels are then
    written before the unit's own texts: renderings with one palette agree in the numbers of what they share.
    """
    import xlsxwriter  # heavy: only those who write pay for it

    options = {"in_memory": True, "default_format_properties": dict(DEFAULT)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = xlsxwriter.Workbook(io.BytesIO(), options)
        book.worksheet_class, packager = _sheet_class(), _packager_class()()
        book._get_packager = lambda: packager
        _properties(book, identity, values)
        pen = Pen(book, values, palette)
        sheets = [(sheet, book.add_worksheet(sheet.name)) for sheet in layout.sheets]
        for sheet, target in sheets:
            pen.draw(sheet, target)
        for write in pen.later:
            write()
        sheets[0][1].activate()
        book.close()
    return _finished({name: buffer.getvalue() for buffer, name, _ in packager.filenames})


@lru_cache(maxsize=1)
def _sheet_class() -> type[Worksheet]:
    """A worksheet that does not search formulas for functions newer than Excel 2007: half the time of a drawing."""
    from xlsxwriter.worksheet import Worksheet

    class PlainFormulas(Worksheet):  # type: ignore[misc]  # xlsxwriter ships no annotations
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
            return formula.removeprefix("=")

    return PlainFormulas


@lru_cache(maxsize=1)
def _packager_class() -> type[Packager]:
    """One that zips nothing: what many workbooks share is compressed once."""
    from xlsxwriter.packager import Packager

    class Parts(Packager):  # type: ignore[misc]  # xlsxwriter ships no annotations
        def _create_package(self) -> list[Any]:
            super()._create_package()
            return []

    return Parts


def _typed(form: Form, filing: Filing) -> Iterator[tuple[str, Value]]:
    """What the unit itself said, by input key."""
    for figure, value in filing.values.items():
        yield str(figure), value
    for table in filing.zero_declared:
        yield f"zero.{table}", YES
    yield from filing.texts.items()
    # Only what can be explained away has an open cell of its own.
    known = {check.key for check in form.checks if check.level is Level.VERIFY}
    others = [(key, text) for key, text in filing.explanations.items() if key not in known]
    for key, text in filing.explanations.items():
        yield f"explain.{key}", text
    if len(others) > OTHER_EXPLANATIONS:
        raise WorkbookNotWritten(f"其他说明只有 {OTHER_EXPLANATIONS} 行，数据里有 {len(others)} 条。")
    for index, (key, text) in enumerate(others):
        yield f"other.{index}.key", key
        yield f"other.{index}.text", text


def _properties(book: Workbook, identity: Identity, values: Mapping[str, Value]) -> None:
    # A fixed date: equal input, equal bytes.
    created = datetime(identity.year + 1, 1, 1)
    title = str(values["title"])
    book.set_properties({"title": title, "author": "xltool", "created": created})
    book.set_custom_property("xltool.form", identity.form)
    book.set_custom_property("xltool.digest", identity.digest)
    book.set_custom_property("xltool.number", identity.number)
    book.set_custom_property("xltool.unit", identity.unit.name)
    book.set_custom_property("xltool.year", str(identity.year))


class Pen:
    """One workbook being drawn: formats are made once, sheets through one door."""

    def __init__(self, book: Workbook, values: Mapping[str, Value], palette: Sequence[Look] = ()) -> None:
        self.book = book
        self.values = values
        self.formats: dict[tuple[Style, Kind | None, str], Format] = {}
        self.marks: dict[Place, str] = {}
        # A conditional format must not carry the font and protection of the default format.
        bare = {"font_name": "", "font_size": 0}
        self.highlights = {name: book.add_format({**style, **bare}) for name, style in HIGHLIGHTS.items()}
        self.kai = book.add_format({"font_name": KAI, "locked": True})
        self.song = book.add_format({"locked": True})
        self.labels_first = bool(palette)
        self.later: list[Callable[[], None]] = []
        if palette:
            # Numbers are given to formats when they are first asked for.
            for look in palette:
                self.format(*look)._get_xf_index()
            for highlight in self.highlights.values():
                highlight._get_dxf_index()

    def format(self, style: Style, kind: Kind | None = None, mark: str = "") -> Format:
        if (style, kind, mark) not in self.formats:
            self.formats[style, kind, mark] = self.book.add_format(properties(style, kind, mark))
        return self.formats[style, kind, mark]

    def draw(self, sheet: Sheet, target: Worksheet) -> None:
        door = Door(target)
        locked = self.format(Style.DATA)
        door.call("set_column", 0, _LAST_COLUMN, 10, locked)
        for column, width in enumerate(sheet.widths):
            door.call("set_column", column, column, width, locked)
        for row, height in grown(sheet, self.values).items():
            door.call("set_row", row, min(height, HIGHEST_ROW))
        self.marks = {mark.area.place: mark.style for mark in sheet.marks}
        for cell in sheet.cells:
            self._cell(door, cell)
        for options, areas in validations(sheet):
            door.call("data_validation", *areas, options)
        for highlight in sheet.highlights:
            criteria = {"type": "formula", "criteria": f"={highlight.formula}", "stop_if_true": True}
            criteria["format"] = self.highlights[highlight.style]
            door.call("conditional_format", *corners(highlight.area), criteria)
        for mark in sheet.marks:
            if mark.comment:
                text = mark.comment.translate(_CONTROL)
                door.call("write_comment", *corners(mark.area)[:2], text, comment_look(text))
        _show_and_print(sheet, door)

    def _cell(self, door: Door, cell: Fixed | Stamp | Input | Computed) -> None:
        kind = cell.kind if isinstance(cell, Input) else None
        form = self.format(cell.style, kind, self.marks.get(cell.area.place, ""))
        row, column = cell.area.place.row, cell.area.place.column
        if cell.area.height > 1 or cell.area.width > 1:
            door.call("merge_range", *corners(cell.area), "", form)
        match cell:
            case Fixed(_, text, _, note, link):
                write = partial(self._fixed, door, row, column, form, text, note, link)
            case Computed(_, key, formula):
                value = _cached(self.values[key])
                write = partial(door.call, "write_formula", row, column, f"={formula}", form, value)
            case _:
                write = partial(_constant, door, row, column, form, self.values.get(cell.key, ""))
        if self.labels_first and (isinstance(cell, Input) or cell.area.place.sheet == CORRECTIONS):
            self.later.append(write)
        else:
            write()

    def _fixed(self, door: Door, row: int, column: int, form: Format, text: str, note: str, link: Place | None) -> None:
        if link is not None:
            target = f"internal:'{link.sheet}'!{link.cell}"
            door.call("write_url", row, column, target, form, text)
        elif note and text:
            door.call("write_rich_string", row, column, self.song, text, self.kai, note, form)
        else:
            _constant(door, row, column, form, text or note)


class Door:
    """The one way to a sheet: xlsxwriter answers trouble with a negative number and goes on; this raises."""

    def __init__(self, target: Worksheet) -> None:
        self.target = target

    def call(self, method: str, *arguments: Any) -> None:
        answer = getattr(self.target, method)(*arguments)
        if isinstance(answer, int) and answer < 0:
            raise WorkbookNotWritten(f"{self.target.name}: {method}{arguments[:2]} → {answer}")


def _constant(door: Door, row: int, column: int, form: Format, value: Value) -> None:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").translate(_CONTROL)
        if text:
            door.call("write_string", row, column, text, form)
        else:
            door.call("write_blank", row, column, None, form)
    else:
        door.call("write_number", row, column, _cached(value), form)


def _cached(value: Value) -> str | int | float | bool:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _show_and_print(sheet: Sheet, door: Door) -> None:
    target = door.target
    target.hide_gridlines(2)
    target.set_paper(9)
    target.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
    target.center_horizontally()
    target.fit_to_pages(1, 0 if sheet.repeat_rows else 1)
    target.set_footer("&C&P / &N")
    if sheet.landscape:
        target.set_landscape()
    if sheet.freeze != (0, 0):
        target.freeze_panes(*sheet.freeze)
    if sheet.print_area is not None:
        door.call("print_area", *corners(sheet.print_area))
    if sheet.repeat_rows is not None:
        target.repeat_rows(*sheet.repeat_rows)
    if sheet.filter_area is not None:
        door.call("autofilter", *corners(sheet.filter_area))
    if sheet.tab:
        target.set_tab_color(sheet.tab)
    if sheet.hidden:
        target.very_hidden()
    # No password: protection is a guard rail, not security. Widths and heights may be changed.
    target.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


_STRUCTURE_LOCK = ("<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>')
EMPTY_RESULT = re.compile(r'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)(><f>[^<]*</f><v></v></c>)')


def _finished(parts: dict[str, str]) -> dict[str, str]:
    """What xlsxwriter cannot say: the structure is locked, and an empty text is a text (it writes no type)."""
    for name, text in parts.items():
        if name == "xl/workbook.xml":
            parts[name] = text.replace(*_STRUCTURE_LOCK)
        elif name.startswith("xl/worksheets/sheet"):
            parts[name] = EMPTY_RESULT.sub(r'\1 t="str"\2', text)
    return parts

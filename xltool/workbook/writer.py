"""The layout drawn as an .xlsx file. The only home of xlsxwriter, and its one door: whatever it drops, raises."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from xltool import rawzip
from xltool.figure import FigureId, Kind
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.workbook.formats import DEFAULT, HIGHLIGHTS, KAI, properties
from xltool.workbook.identity import Identity
from xltool.workbook.layout import (
    Area,
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
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.layout.identity import YES
from xltool.workbook.layout.model import height_needed
from xltool.workbook.snapshot import Value, take_snapshot

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LAST_COLUMN = 51
"""Columns locked beyond the form (to AZ); xlsxwriter walks through every one of them in every row."""
_HIGHEST_ROW = 409.0
_CONTROL = {code: None for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}


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
    typed = typed or {}
    # To the workbook's formulas a text is no number, even where a reader would make one of it.
    numbers = {figure: value for figure, value in filing.values.items() if figure not in typed}
    filing = replace(filing, values=numbers)
    layout = make_layout(form, filing.year, prior is not None)
    snapshot = take_snapshot(form, filing, prior, issue)
    values = dict(snapshot.values) | dict(_typed(form, filing))
    values |= {str(figure): text for figure, text in typed.items()}
    return render(layout, snapshot.identity, values)


def blank_filing(form: Form, unit: Unit, year: int) -> Filing:
    """A filing in which nothing is said yet."""
    return Filing(form.id, unit, year)


def render(layout: Layout, identity: Identity, values: Mapping[str, Value]) -> bytes:
    """Draw ``layout`` with ``values`` by key; keys without a value stay blank."""
    import xlsxwriter  # heavy: only those who write pay for it

    buffer = io.BytesIO()
    options = {"in_memory": True, "default_format_properties": dict(DEFAULT)}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = xlsxwriter.Workbook(buffer, options)
        _properties(book, identity, values)
        pen = _Pen(book, values)
        sheets = [(sheet, book.add_worksheet(sheet.name)) for sheet in layout.sheets]
        for sheet, target in sheets:
            pen.draw(sheet, target)
        sheets[0][1].activate()
        book.close()
    return _finish(buffer.getvalue())


def _typed(form: Form, filing: Filing) -> Iterator[tuple[str, Value]]:
    """What the unit itself said, by input key."""
    for figure, value in filing.values.items():
        yield str(figure), value
    for table in filing.zero_declared:
        yield f"zero.{table}", YES
    yield from filing.texts.items()
    known = {check.key for check in form.checks if f"explain.{check.key}"}
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


class _Pen:
    """One workbook being drawn: formats are made once, sheets through one door."""

    def __init__(self, book: Workbook, values: Mapping[str, Value]) -> None:
        self.book = book
        self.values = values
        self.formats: dict[tuple[Style, Kind | None], Format] = {}
        self.highlights = {name: book.add_format(style) for name, style in _highlight_formats().items()}
        self.kai = book.add_format({"font_name": KAI, "locked": True})
        self.song = book.add_format({"locked": True})

    def format(self, style: Style, kind: Kind | None = None) -> Format:
        if (style, kind) not in self.formats:
            self.formats[style, kind] = self.book.add_format(properties(style, kind))
        return self.formats[style, kind]

    def draw(self, sheet: Sheet, target: Worksheet) -> None:
        door = _Door(target)
        locked = self.format(Style.DATA)
        door.call("set_column", 0, _LAST_COLUMN, 10, locked)
        for column, width in enumerate(sheet.widths):
            door.call("set_column", column, column, width, locked)
        for row, height in _grown(sheet, self.values).items():
            door.call("set_row", row, min(height, _HIGHEST_ROW))
        for cell in sheet.cells:
            self._cell(door, cell)
        for options, areas in _validations(sheet):
            door.call("data_validation", *areas, options)
        for highlight in sheet.highlights:
            criteria = {"type": "formula", "criteria": f"={highlight.formula}", "stop_if_true": True}
            criteria["format"] = self.highlights[highlight.style]
            door.call("conditional_format", *_corners(highlight.area), criteria)
        _show_and_print(sheet, door)

    def _cell(self, door: _Door, cell: Fixed | Stamp | Input | Computed) -> None:
        kind = cell.kind if isinstance(cell, Input) else None
        form = self.format(cell.style, kind)
        row, column = cell.area.place.row, cell.area.place.column
        if cell.area.height > 1 or cell.area.width > 1:
            door.call("merge_range", *_corners(cell.area), "", form)
        match cell:
            case Fixed(_, text, _, note, link):
                self._fixed(door, row, column, form, text, note, link)
            case Computed(_, key, formula):
                value = _cached(self.values[key])
                door.call("write_formula", row, column, f"={formula}", form, value)
            case _:
                _constant(door, row, column, form, self.values.get(cell.key, ""))

    def _fixed(
        self, door: _Door, row: int, column: int, form: Format, text: str, note: str, link: Place | None
    ) -> None:
        if link is not None:
            target = f"internal:'{link.sheet}'!{link.cell}"
            door.call("write_url", row, column, target, form, text)
        elif note and text:
            door.call("write_rich_string", row, column, self.song, text, self.kai, note, form)
        else:
            _constant(door, row, column, form, text or note)


class _Door:
    """The one way to a sheet: xlsxwriter answers trouble with a negative number and goes on; this raises."""

    def __init__(self, target: Worksheet) -> None:
        self.target = target

    def call(self, method: str, *arguments: Any) -> None:
        answer = getattr(self.target, method)(*arguments)
        if isinstance(answer, int) and answer < 0:
            raise WorkbookNotWritten(f"{self.target.name}: {method}{arguments[:2]} → {answer}")


def _constant(door: _Door, row: int, column: int, form: Format, value: Value) -> None:
    if isinstance(value, str):
        text = value.translate(_CONTROL)
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


def _corners(area: Area) -> tuple[int, int, int, int]:
    return area.place.row, area.place.column, area.last.row, area.last.column


def _highlight_formats() -> dict[str, dict[str, Any]]:
    # A conditional format must not carry the font and protection of the default format.
    return {name: {**style, "font_name": "", "font_size": 0} for name, style in HIGHLIGHTS.items()}


def _grown(sheet: Sheet, values: Mapping[str, Value]) -> dict[int, float]:
    """The sheet's row heights, narrative blocks grown to what stands in them: merged cells never fit themselves."""
    heights = dict(sheet.heights)
    for cell in sheet.cells:
        if isinstance(cell, Input) and cell.style in (Style.INPUT_TEXT, Style.INPUT_LINE):
            text = str(values.get(cell.key, ""))
            width = sum(sheet.widths[cell.area.place.column : cell.area.last.column + 1])
            rows = range(cell.area.place.row, cell.area.last.row + 1)
            lacking = height_needed(text, width) - sum(heights.get(row, 15.0) for row in rows)
            if text and lacking > 0:
                for row in rows:
                    heights[row] = min(_HIGHEST_ROW, heights.get(row, 15.0) + lacking / len(rows))
    return heights


def _validations(sheet: Sheet) -> Iterator[tuple[dict[str, Any], tuple[int, int, int, int]]]:
    """Validation by runs of neighbouring inputs that ask for the same."""
    inputs = [cell for cell in sheet.cells if isinstance(cell, Input)]
    run: list[Input] = []
    for cell in inputs:
        if run and not _continues(run[-1], cell):
            yield _validation(run[0]), (*_corners(run[0].area)[:2], *_corners(run[-1].area)[2:])
            run = []
        run.append(cell)
    if run:
        yield _validation(run[0]), (*_corners(run[0].area)[:2], *_corners(run[-1].area)[2:])


def _continues(last: Input, cell: Input) -> bool:
    same = (last.kind, last.prompt, last.message) == (cell.kind, cell.prompt, cell.message)
    beside = last.area.last.row == cell.area.place.row and last.area.last.column + 1 == cell.area.place.column
    return cell.kind is not None and same and beside


def _validation(cell: Input) -> dict[str, Any]:
    options: dict[str, Any] = {
        "input_title": cell.prompt,
        "input_message": cell.message,
        "ignore_blank": True,
    }
    if cell.kind is not None:
        whole = cell.kind.places == 0
        options |= {"validate": "integer" if whole else "decimal", "criteria": ">=", "value": 0}
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


def _show_and_print(sheet: Sheet, door: _Door) -> None:
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
        door.call("print_area", *_corners(sheet.print_area))
    if sheet.repeat_rows is not None:
        target.repeat_rows(*sheet.repeat_rows)
    if sheet.filter_area is not None:
        door.call("autofilter", *_corners(sheet.filter_area))
    if sheet.tab:
        target.set_tab_color(sheet.tab)
    if sheet.hidden:
        target.very_hidden()
    # No password: protection is a guard rail, not security. Widths and heights may be changed.
    target.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


_STRUCTURE_LOCK = (b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>')
_EMPTY_RESULT = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)(><f>[^<]*</f><v></v></c>)')


def _finish(data: bytes) -> bytes:
    """What xlsxwriter cannot say: the structure is locked, and an empty text is a text (it writes no type)."""
    members: dict[str, bytes | rawzip.RawMember] = {}
    for name, member in rawzip.read(data).items():
        members[name] = member
        if name == "xl/workbook.xml":
            members[name] = rawzip.unpack(member).replace(*_STRUCTURE_LOCK)
        elif name.startswith("xl/worksheets/sheet"):
            members[name] = _EMPTY_RESULT.sub(rb'\1 t="str"\2', rawzip.unpack(member))
    return rawzip.write(members.items())

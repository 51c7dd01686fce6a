"""The list of units of a campaign: read from .xlsx or CSV, every mistake told at once."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xltool.campaign.office_list import table_rows
from xltool.campaign.steady_xlsx import steady
from xltool.errors import FileRefused
from xltool.filing import Unit
from xltool.form import Form


class Change(StrEnum):
    """What became of a unit since last year."""

    NONE = ""
    NEW = "新增"
    MERGED = "合并自"
    ABOLISHED = "撤销"
    RENAMED = "更名自"
    FILED_BY = "由…代编"


@dataclass(frozen=True)
class RosterUnit:
    """One line of the roster.

    ``superior``: name of the unit above it, "" at the top. ``predecessors``: last year's names of the units it
    was merged or renamed from. ``filed_by``: the unit that fills in for it.
    """

    order: int
    unit: Unit
    superior: str = ""
    contact: str = ""
    phone: str = ""
    change: Change = Change.NONE
    predecessors: tuple[str, ...] = ()
    filed_by: str = ""

    @property
    def name(self) -> str:
        return self.unit.name

    @property
    def files(self) -> bool:
        """Whether a workbook of its own is expected this year."""
        return self.change not in (Change.ABOLISHED, Change.FILED_BY)

    @property
    def change_said(self) -> str:
        """The change as the roster writes it (“合并自甲局、乙局”, “由丁局代编”); "" where there is none."""
        if self.change is Change.FILED_BY:
            return f"由{self.filed_by}代编"
        return f"{self.change}{'、'.join(self.predecessors)}"

    @property
    def said_not_due(self) -> str:
        """Why no workbook of its own is expected, "" where one is."""
        if self.change is Change.FILED_BY:
            return f"由“{self.filed_by}”代编，不单独填报，数在“{self.filed_by}”的表里"
        return "" if self.files else "今年撤销，不用填报"


@dataclass(frozen=True)
class Roster:
    """All units in order."""

    units: tuple[RosterUnit, ...]

    def __iter__(self) -> Iterator[RosterUnit]:
        return iter(self.units)

    @property
    def by_name(self) -> Mapping[str, RosterUnit]:
        return {unit.name: unit for unit in self.units}

    def under(self, superior: str) -> tuple[RosterUnit, ...]:
        """``superior`` itself and every unit below it, at any depth, in order."""
        chosen = {superior}
        while True:
            more = {unit.name for unit in self.units if unit.superior in chosen} - chosen
            if not more:
                return tuple(unit for unit in self.units if unit.name in chosen)
            chosen |= more


class RosterMistakes(FileRefused):
    """Everything wrong in a roster; ``mistakes`` are (row, column heading, sentence)."""

    def __init__(self, mistakes: list[tuple[int, str, str]]) -> None:
        self.mistakes = mistakes
        lines = [f"第 {row} 行 {column}：{said}" for row, column, said in mistakes]
        super().__init__(f"单位名册有 {len(mistakes)} 处要改正：\n" + "\n".join(lines))


_NAME = "单位名称"
_FIXED = ("序号", _NAME, "单位代码", "单位类型", "上级单位", "联系人", "电话", "变动情况")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ufeff]")
_YES, _NO = frozenset("有是√yY1"), frozenset("无否×nN0")
_CHANGE = re.compile(r"(新增|撤销|合并自|更名自|由)[:：]?\s*(.*?)(?:代编)?$")
_SEPARATOR = re.compile(r"[、，,;；]+")


def columns(form: Form) -> tuple[str, ...]:
    """The headings of a roster: fixed ones, and one per power of the form."""
    return (*_FIXED[:-1], *form.powers.values(), _FIXED[-1])


def read_roster(data: bytes, form: Form) -> Roster:
    """The roster in ``data`` (.xlsx, or CSV in UTF-8, UTF-16 or GBK); RosterMistakes lists all that is wrong."""
    return _Reading(form).roster(table_rows(data, _NAME, "名册"))


def roster_template(form: Form) -> bytes:
    """A blank roster with headings, an example line and a sheet that explains the columns."""
    import openpyxl  # heavy: only where rosters are read or made
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.properties import PageSetupProperties

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "单位名册"
    headings = columns(form)
    sheet.append(list(headings))
    for index, heading in enumerate(headings, start=1):
        cell = sheet.cell(row=1, column=index)
        cell.font = Font(name="宋体", bold=True)
        cell.fill = PatternFill("solid", start_color="DCE6F0")
        sheet.column_dimensions[get_column_letter(index)].width = 30 if heading in ("单位名称", "上级单位") else 13
    for column, choices in ((4, list(form.unit_types)), *((8 + i, ["有", "无"]) for i in range(len(form.powers)))):
        letter = get_column_letter(column)
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        rule.add(f"{letter}2:{letter}20000")
        sheet.add_data_validation(rule)
    sheet.freeze_panes = f"{get_column_letter(3)}2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    notes = book.create_sheet("填写说明")
    for line in _TEMPLATE_NOTES:
        notes.append([line])
    notes.column_dimensions["A"].width = 82
    for cell in notes["A"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    buffer = io.BytesIO()
    book.save(buffer)
    return steady(buffer.getvalue())


_TEMPLATE_NOTES = (
    "每个单位一行；政府办公室（本级）也作为一个单位列上。",
    "序号：汇总和下发的顺序，整数，不写则按行的先后。",
    "单位名称：全称，不能重复，写在报告标题里的就是它。",
    "单位类型：从下拉列表中选，用来判断有没有某项职权。",
    "上级单位：在本名册里的单位名称；最上一级留空。层级不限。",
    "各项职权：有的填“有”，没有的填“无”，不清楚的留空。",
    "变动情况：没有变动的留空；可以写 新增、撤销、合并自甲局、乙局、更名自丙局、由丁局代编。",
)


@dataclass
class _Reading:
    """A roster being read: units so far, and mistakes so far."""

    form: Form
    mistakes: list[tuple[int, str, str]] = field(default_factory=list)

    def roster(self, rows: list[list[str]]) -> Roster:
        header = next((i for i, row in enumerate(rows) if "单位名称" in row), None)
        if header is None:
            raise FileRefused(
                f"名册里找不到表头。第一行应为：{'、'.join(columns(self.form))}。"
                "可以用 xltool campaign new --roster-template 生成一份空白名册。"
            )
        places = self._places(header + 1, rows[header])
        units: list[tuple[int, RosterUnit]] = []
        for number, row in enumerate(rows[header + 1 :], start=header + 2):
            cells = {h: row[i].strip() if i < len(row) else "" for h, i in places.items()}
            if any(cells.values()):
                units.append((number, self._unit(number, len(units) + 1, cells)))
        self._together(units)
        if self.mistakes:
            raise RosterMistakes(sorted(self.mistakes))
        if not units:
            raise FileRefused("名册里没有单位。请在表头下面每行写一个单位。")
        return Roster(tuple(sorted((unit for _, unit in units), key=lambda unit: unit.order)))

    def _places(self, row: int, headings: list[str]) -> dict[str, int]:
        """Heading → column."""
        known = columns(self.form)
        places = {heading: index for index, heading in enumerate(headings) if heading}
        for heading in places:
            if headings.count(heading) > 1:
                self.mistakes.append((row, heading, "有两列叫这个名称，应只有一列"))
            if heading not in known:
                self.mistakes.append((row, heading, f"不认识的列，可以用：{'、'.join(known)}"))
        return places

    def _unit(self, row: int, position: int, cells: dict[str, str]) -> RosterUnit:
        for heading, text in cells.items():
            if _INVISIBLE.search(text) and heading not in ("联系人", "电话"):
                self.mistakes.append((row, heading, "里面有换行或看不见的字符，请删去"))
        name = cells.get("单位名称", "")
        if not name:
            self.mistakes.append((row, "单位名称", "没有写，应为单位全称"))
        kind = cells.get("单位类型", "") or None
        if kind is not None and kind not in self.form.unit_types:
            known = "、".join(self.form.unit_types)
            self.mistakes.append((row, "单位类型", f"写的是“{kind}”，应为 {known} 之一"))
            kind = None
        change, others = self._change(row, cells.get("变动情况", ""))
        unit = Unit(name, cells.get("单位代码") or None, kind, self._powers(row, cells, kind))
        return RosterUnit(
            order=self._order(row, cells.get("序号", ""), position),
            unit=unit,
            superior=cells.get("上级单位", ""),
            contact=" ".join(cells.get("联系人", "").split()),
            phone=" ".join(cells.get("电话", "").split()),
            change=change,
            predecessors=others if change in (Change.MERGED, Change.RENAMED) else (),
            filed_by=others[0] if change is Change.FILED_BY and others else "",
        )

    def _order(self, row: int, text: str, position: int) -> int:
        if not text:
            return position
        if not re.fullmatch(r"\d{1,9}(\.0+)?", text):
            self.mistakes.append((row, "序号", f"写的是“{text}”，应为整数或留空"))
            return position
        return int(float(text))

    def _powers(self, row: int, cells: dict[str, str], kind: str | None) -> dict[str, bool]:
        """What the roster says beyond what the type implies."""
        implied = {fact.name: has for fact, has in self.form.facts_of(kind).items()}
        powers = {}
        for power, heading in self.form.powers.items():
            text = cells.get(heading, "")
            if text and text not in _YES and text not in _NO:
                self.mistakes.append((row, heading, f"写的是“{text}”，应为“有”“无”或留空"))
            elif text and implied.get(power) != (text in _YES):
                powers[power] = text in _YES
        return powers

    def _change(self, row: int, text: str) -> tuple[Change, tuple[str, ...]]:
        if not text:
            return Change.NONE, ()
        match = _CHANGE.fullmatch(text)
        others = tuple(name.strip() for name in _SEPARATOR.split(match[2]) if name.strip()) if match else ()
        change = {"由": Change.FILED_BY}.get(match[1]) or Change(match[1]) if match else None
        if change is None or not _fits(change, len(others)) or (change is Change.FILED_BY) != text.endswith("代编"):
            said = f"写的是“{text}”，应为 新增、撤销、合并自甲局、乙局、更名自丙局、由丁局代编，或留空"
            self.mistakes.append((row, "变动情况", said))
            return Change.NONE, ()
        return change, others

    def _together(self, units: list[tuple[int, RosterUnit]]) -> None:
        """What only shows when all lines are read."""
        names: dict[str, int] = {}
        codes: dict[str, int] = {}
        for row, unit in units:
            if unit.name and unit.name in names:
                self.mistakes.append((row, "单位名称", f"“{unit.name}”与第 {names[unit.name]} 行重复"))
            names.setdefault(unit.name, row)
            code = unit.unit.code
            if code and code in codes:
                self.mistakes.append((row, "单位代码", f"“{code}”与第 {codes[code]} 行重复"))
            if code:
                codes.setdefault(code, row)
        superiors = {unit.name: unit.superior for _, unit in units}
        idle = {unit.name for _, unit in units if not unit.files}
        for row, unit in units:
            self._links(row, unit, superiors)
            if unit.filed_by in idle - {unit.name}:
                self.mistakes.append((row, "变动情况", f"代编单位“{unit.filed_by}”今年自己也不填报"))

    def _links(self, row: int, unit: RosterUnit, superiors: dict[str, str]) -> None:
        if unit.superior and unit.superior not in superiors:
            self.mistakes.append((row, "上级单位", f"名册里没有“{unit.superior}”"))
        elif _circles(unit.name, superiors):
            self.mistakes.append((row, "上级单位", f"“{unit.name}”的上级绕回了自己"))
        if unit.filed_by and (unit.filed_by not in superiors or unit.filed_by == unit.name):
            self.mistakes.append((row, "变动情况", f"名册里没有代编单位“{unit.filed_by}”"))


def _fits(change: Change, names: int) -> bool:
    """Whether so many names belong behind the word."""
    if change is Change.MERGED:
        return names >= 1
    return names == (1 if change in (Change.RENAMED, Change.FILED_BY) else 0)


def _circles(name: str, superiors: dict[str, str]) -> bool:
    seen = set()
    while name and name not in seen:
        seen.add(name)
        name = superiors.get(name, "")
    return bool(name)

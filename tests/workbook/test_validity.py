"""Whatever a unit is called and writes: the file is valid, opens without repair, and shows all of its text."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from itertools import count, cycle
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.fills import all_zero
from tests.programs.libreoffice import Office
from tests.programs.validator import Validator
from tests.workbook.reading import FORM, read
from xltool.figure import FigureId
from xltool.filing import Filing, Unit, from_json
from xltool.form import Level
from xltool.workbook.formats import STYLES
from xltool.workbook.layout import Area, Fixed, Input, Layout, make_layout
from xltool.workbook.layout.model import Cell, Sheet
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.writer import write_workbook

SAMPLES = Path(__file__).parents[2] / "samples"
UNIT = Unit("宁安区教育局", "640101", "部门", {"permits": True})
LONG = "一年来，本单位认真贯彻落实条例，" * 200
HIGHEST_ROW = 408.0
"""Points; programs store heights in whole pixels, so that the highest row is a little less than 409."""
ODD = (
    "😀👨‍👩‍👧 镕堃喆 𠮷 ﷽",
    "=cmd|'/c calc'!A1",
    "=SUM(A1:A9)",
    "+86-953-6012345@x",
    "http://example.com/?a=1&b=<2>",
    "mailto:xxgk@example.gov.cn",
    "'0123",
    "  首行\n\n\t缩进  ",
    "_x000D_ _x0041_ &amp; ]]>",
    "{=1+1}",
    "0123",
    "2025年1月20日",
)


def sample(name: str) -> Filing:
    return from_json((SAMPLES / name).read_text(encoding="utf-8"))


def saying(*texts: str) -> Filing:
    """A filing that says ``texts`` by turns wherever a text can stand."""
    turns = cycle(texts)
    said = {text_id: next(turns) for text_id in FORM.text_ids}
    explained = {check.key: next(turns) for check in FORM.checks if check.level is Level.VERIFY}
    return Filing(FORM.id, UNIT, 2024, all_zero(FORM), frozenset({"t3"}), said, explained | {"S01.s1": next(turns)})


def workbooks() -> dict[str, bytes]:
    suqian, last_year = sample("suqian-2024/filing.json"), sample("suqian-2024/prior.json")
    made = {
        "blank": blank_workbook(FORM, UNIT, 2024),
        "blank with last year": blank_workbook(FORM, suqian.unit, 2024, last_year, issue=3),
        "blank of an odd name": blank_workbook(FORM, Unit("=甲&<乙>\"'局 😀", "_x000D_"), 2024),
        "suqian": write_workbook(FORM, suqian, last_year),
        "yanchi": write_workbook(FORM, sample("yanchi-2021/filing.json")),
        "mistakes": write_workbook(FORM, sample("mistakes/filing.json"), sample("mistakes/prior.json")),
        "texts for numbers": write_workbook(
            FORM, saying("无"), typed={FigureId.parse("t3.r1.natural"): "=cmd|' /C calc'!A0"}
        ),
        "numbers at the limit": write_workbook(
            FORM, Filing(FORM.id, UNIT, 2024, {f: v + 999_999_999_999 for f, v in all_zero(FORM).items()})
        ),
    }
    made["odd texts"] = write_workbook(FORM, saying(*ODD))
    made["long texts"] = write_workbook(FORM, saying(LONG))
    return made


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return workbooks()


def test_the_sdk_finds_nothing(made: dict[str, bytes], validator: Validator, tmp_path: Path) -> None:
    """Microsoft's Open XML SDK has no objection to any of them: no repair prompt."""
    paths = {}
    for number, (name, data) in enumerate(made.items()):
        paths[name] = tmp_path / f"{number}.xlsx"
        paths[name].write_bytes(data)
    problems = validator.problems(paths.values())
    assert {name: problems[path] for name, path in paths.items() if problems[path]} == {}


def test_nothing_runs_and_nothing_is_fetched(made: dict[str, bytes]) -> None:
    """No macro, no external link, no target outside the file, no formula that anybody typed."""
    ours = {cell.formula for cell in make_layout(FORM, 2024, True).computed.values()}
    for name, data in made.items():
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = {part: archive.read(part) for part in archive.namelist()}
        assert not [part for part in parts if re.search("vba|external|ole|activex|connection", part, re.I)], name
        relations = b"".join(content for part, content in parts.items() if part.endswith(".rels"))
        assert b"TargetMode" not in relations, name
        formulas = re.findall(rb"<f>([^<]*)</f>", b"".join(parts.values()))
        assert not [formula for formula in formulas if b"cmd" in formula or b"http" in formula], name
    assert not [formula for formula in ours if "[" in formula or "://" in formula]


def test_odd_texts_come_back_as_texts(made: dict[str, bytes]) -> None:
    """What looks like a formula, a link, a number or an escape is a text like any other."""
    assert read(made["odd texts"]).filing == saying(*ODD)


def test_what_xml_cannot_hold_is_left_out() -> None:
    """Control characters disappear, the text around them stays."""
    data = write_workbook(FORM, saying("甲\x00\x07\x0b\x1f乙\ufffe"))
    assert set(read(data).filing.texts.values()) == {"甲乙"}


def test_texts_fit_into_what_programs_accept() -> None:
    """Prompts ≤ 255 characters under titles ≤ 32; no formula is longer than 8,192; no name is reserved."""
    for has_prior in (True, False):
        layout = make_layout(FORM, 2024, has_prior)
        for cell in layout.inputs.values():
            assert len(cell.prompt) <= 32, cell.key
            assert len(cell.message) <= 255, cell.key
        assert max(len(cell.formula) for cell in layout.computed.values()) < 8192
        for sheet in layout.sheets:
            assert 0 < len(sheet.name) <= 31
            assert not set(sheet.name) & set(":\\/?*[]'")


def test_texts_too_long_for_a_cell_are_not_cut_silently() -> None:
    """More than 32,767 characters do not fit into a cell: that is said, not truncated."""
    with pytest.raises(Exception, match=r"32767|写不下|-2"):
        write_workbook(FORM, saying("长" * 32_768))


WRAPPED = {style for style, look in STYLES.items() if look.get("text_wrap")}


def test_no_text_is_clipped(office: Office, tmp_path: Path) -> None:
    """Rows are as high as LibreOffice needs for what stands in them, or as high as rows can be."""
    needed = _Needed(tmp_path / "heights.xlsx")
    due = []
    for name, filing, prior in (
        ("suqian", sample("suqian-2024/filing.json"), sample("suqian-2024/prior.json")),
        ("very long", saying(LONG), None),
    ):
        layout = make_layout(FORM, filing.year, prior is not None)
        book = openpyxl.load_workbook(BytesIO(write_workbook(FORM, filing, prior)))
        for sheet, cell, text in _shown(layout, filing):
            rows = range(cell.area.place.row + 1, cell.area.last.row + 2)
            heights = [book[sheet.name].row_dimensions[row].height or 15.0 for row in rows]
            size = float(STYLES[cell.style].get("font_size", 11))
            due.append(
                (f"{name} {sheet.name}!{cell.area.range}", needed.add(text, _width(sheet, cell.area), size), heights)
            )
    optimal = needed.heights(office)
    assert max(optimal.values()) > HIGHEST_ROW, "LibreOffice has not fitted the rows"
    clipped = [
        f"{where}: {sum(heights):.0f} pt, needs {optimal[row]:.0f}"
        for where, row, heights in due
        if sum(heights) < optimal[row] and min(heights) < HIGHEST_ROW
    ]
    assert clipped == []


def _shown(layout: Layout, filing: Filing) -> list[tuple[Sheet, Cell, str]]:
    said = {**filing.texts, **{f"explain.{key}": text for key, text in filing.explanations.items()}}
    shown: list[tuple[Sheet, Cell, str]] = []
    for sheet in layout.sheets:
        for cell in sheet.cells:
            if isinstance(cell, Fixed) and cell.style in WRAPPED and cell.text + cell.note:
                shown.append((sheet, cell, cell.text + cell.note))
            elif isinstance(cell, Input) and cell.style in WRAPPED and said.get(cell.key):
                shown.append((sheet, cell, said[cell.key]))
    return shown


def _width(sheet: Sheet, area: Area) -> float:
    return sum(sheet.widths[area.place.column : area.last.column + 1])


class _Needed:
    """A scratch workbook with one text per row, unmerged and without a height, for LibreOffice to fit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._book = xlsxwriter.Workbook(path)
        self._sheet = self._book.add_worksheet("高")
        self._columns: dict[float, int] = {}
        self._rows = count()

    def add(self, text: str, width: float, size: float) -> int:
        column = self._columns.setdefault(round(width, 2), len(self._columns))
        self._sheet.set_column(column, column, width)
        row = next(self._rows)
        look = self._book.add_format({"text_wrap": True, "font_name": "宋体", "font_size": size})
        self._sheet.write_string(row, column, text, look)
        return row + 1

    def heights(self, office: Office) -> dict[int, float]:
        self._book.close()
        with office.open(self._path) as document:
            document.command(".uno:SetOptimalRowHeight", "高", f"A1:A{next(self._rows)}", aExtraHeight=0)
            saved = document.save(self._path.with_name("fitted.xlsx"))
        sheet = openpyxl.load_workbook(saved).worksheets[0]
        return {row: dimension.height or 0.0 for row, dimension in sheet.row_dimensions.items()}

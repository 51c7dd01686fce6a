"""The form in the workbook is the official form: headings, labels, merges and proportions, to the letter."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from xltool.filing import Unit
from xltool.form import Form
from xltool.grid import table_grid
from xltool.workbook.skeleton import blank_workbook

OFFICIAL = Path(__file__).with_name("official_2021.txt")
_CELL = re.compile(r"(t\d) (\d+) (\d+) (\d+) (\d+) ?(.*)")
Box = tuple[int, int, int, int, str]
"""Row, column, height, width, text."""


@cache
def official(start: str) -> list[str]:
    """What the printed form says in the lines that begin with ``start``."""
    lines = OFFICIAL.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(start).strip() for line in lines if line.startswith(f"{start} ")]


def official_cells(table: str) -> set[Box]:
    found = [match for line in OFFICIAL.read_text(encoding="utf-8").splitlines() if (match := _CELL.fullmatch(line))]
    return {
        (int(m[2]), int(m[3]), int(m[4]), int(m[5]), m[6])
        for m in found
        if m[1] == table
    }  # fmt: skip


@pytest.fixture(scope="module")
def blank(form: Form) -> openpyxl.Workbook:
    data = blank_workbook(form, Unit("宁安区教育局"), 2024)
    return openpyxl.load_workbook(BytesIO(data), rich_text=True)


def test_the_dump_is_the_whole_form() -> None:
    """The printed form has 14 × 4, 28 × 10 and 4 × 15 grid cells, all covered once."""
    for table, size in (("t2", 56), ("t3", 280), ("t4", 60)):
        assert sum(height * width for _, _, height, width, _ in official_cells(table)) == size


def test_headings_in_official_order(form: Form) -> None:
    """Six sections with the official headings."""
    assert [section.heading for section in form.sections] == official("heading")


@pytest.mark.parametrize("table_id", ["t2", "t3", "t4"])
def test_the_definition_is_the_printed_table(form: Form, table_id: str) -> None:
    """Every cell of the printed table stands in the definition with its merge and its words, and no other."""
    cells = table_grid(form.table(table_id)).cells
    declared = {(c.row, c.column, c.height, c.width, c.label.printed if c.label is not None else "") for c in cells}
    assert declared == official_cells(table_id)


@pytest.mark.parametrize("table_id", ["t2", "t3", "t4"])
def test_the_sheet_is_the_printed_table(form: Form, blank: openpyxl.Workbook, table_id: str) -> None:
    """What the print area of a table's sheet holds is the printed table: same texts, same merges, nothing else."""
    sheet = blank[form.section_of(table_id).sheet]
    assert drawn_cells(sheet) == official_cells(table_id)


def drawn_cells(sheet: Worksheet) -> set[Box]:
    """The boxes of the print area, counted from its corner; totals and inputs are blank boxes."""
    area = sheet[sheet.print_area.rpartition("!")[2].replace("$", "")]
    merges = {(m.min_row, m.min_col): (m.size["rows"], m.size["columns"]) for m in sheet.merged_cells.ranges}
    inside = {
        (cell.row, cell.column)
        for merge in sheet.merged_cells.ranges
        for row in sheet[merge.coord]
        for cell in row
        if (cell.row, cell.column) != (merge.min_row, merge.min_col)
    }
    top, left = area[0][0].row, area[0][0].column
    boxes = set()
    for row in area:
        for cell in row:
            place = (cell.row, cell.column)
            if place not in inside:
                text = "" if cell.data_type == "f" or cell.value is None else str(cell.value)
                boxes.add((place[0] - top, place[1] - left, *merges.get(place, (1, 1)), text))
    return boxes


@pytest.mark.parametrize("table_id", ["t2", "t3", "t4"])
def test_columns_have_the_printed_proportions(form: Form, blank: openpyxl.Workbook, table_id: str) -> None:
    """On the sheet no column is more than 5 % wider or narrower, relative to the others, than on paper."""
    printed = [int(width) for width in official(f"{table_id} widths")[0].split()]
    sheet = blank[form.section_of(table_id).sheet]
    letters = [get_column_letter(number) for number in range(1, len(printed) + 1)]
    drawn = [width_of(sheet, letter) for letter in letters]
    # Every column has the same padding on top, so that narrow ones come out a little wider.
    for here, there in zip(drawn, printed, strict=True):
        assert here / sum(drawn) == pytest.approx(there / sum(printed), rel=0.05)


def width_of(sheet: Worksheet, letter: str) -> float:
    """Neighbouring columns of one width are stored as one range."""
    number = column_index_from_string(letter)
    return next(
        dimension.width
        for dimension in sheet.column_dimensions.values()
        if (dimension.min or 0) <= number <= (dimension.max or 0)
    )


def test_notes_are_printed_in_kai(form: Form, blank: openpyxl.Workbook) -> None:
    """The two notes of table 3 are set in 楷体 as on the form, their labels are not."""
    sheet = blank[form.section_of("t3").sheet]
    cells = [cell for row in sheet.iter_rows(max_row=33, max_col=4) for cell in row if cell.value]
    in_kai = []
    for cell in cells:
        if isinstance(cell.value, CellRichText):
            in_kai += [str(run) for run in cell.value if isinstance(run, TextBlock) and run.font.rFont == "楷体"]
        elif cell.font.name == "楷体":
            in_kai.append(str(cell.value))
    assert in_kai == official("t3 kai")

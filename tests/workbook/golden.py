"""The layout of a workbook as text that people can read and compare; one file per sheet in golden/.

    python -m tests.workbook.golden        writes the files anew

One line per cell in reading order: its place, what kind of cell it is, and what it holds. In formulas
``表三!D9`` is a plain reference, ``@表三!D9`` one by position (INDEX over a locked range), which no cut and no
drag takes along; places on the same sheet are given without its name.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.workbook.reading import FORM
from xltool.figure import FigureId
from xltool.form import Form
from xltool.workbook.layout import Computed, Fixed, Input, Place, Sheet, Stamp, Style, make_layout
from xltool.workbook.layout.model import Cell

FOLDER = Path(__file__).with_name("golden")
YEAR = 2024
_INDEXED = re.compile(r"INDEX\('([^']+)'!\$A\$1:\$[A-Z]+\$\d+,(\d+),(\d+)\)")
_PLAIN = re.compile(r"'([^']+)'!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?")


def dumps(form: Form) -> dict[str, str]:
    """File name → text, for the blank of 2024 with last year's figures."""
    sheets = make_layout(form, YEAR, has_prior=True).sheets
    return {f"{number:02d}-{sheet.name}.txt": _sheet(form, sheet) for number, sheet in enumerate(sheets, 1)}


def _sheet(form: Form, sheet: Sheet) -> str:
    cells = sorted(sheet.cells, key=lambda cell: cell.area.place)
    lines = [*_frame(sheet), "", *(_line(form, sheet, cell) for cell in cells), "", *_colours(sheet)]
    return "\n".join(lines).rstrip() + "\n"


def _frame(sheet: Sheet) -> list[str]:
    printed = sheet.print_area.range if sheet.print_area is not None else "—"
    frozen = Place(sheet.name, *sheet.freeze).cell if sheet.freeze != (0, 0) else "—"
    lines = [
        f"{sheet.name}{'（隐藏）' if sheet.hidden else ''}",
        f"打印 {printed} {'横向' if sheet.landscape else '纵向'}　冻结 {frozen}",
        f"列宽 {' '.join(f'{width:g}' for width in sheet.widths)}",
    ]
    if sheet.repeat_rows is not None:
        lines.append(f"每页重复第 {sheet.repeat_rows[0] + 1}—{sheet.repeat_rows[1] + 1} 行")
    if sheet.filter_area is not None:
        lines.append(f"筛选 {sheet.filter_area.range}")
    return lines


def _line(form: Form, sheet: Sheet, cell: Cell) -> str:
    area = cell.area.place.cell if (cell.area.height, cell.area.width) == (1, 1) else cell.area.range
    return f"{area} {_content(form, sheet, cell)}".rstrip()


def _content(form: Form, sheet: Sheet, cell: Cell) -> str:
    match cell:
        case Fixed(_, text, _, note, link):
            leads = f" → {link.sheet}!{link.cell}" if link is not None else ""
            kai = f"〈{note}〉" if note else ""
            # The fingerprint of the definition changes with every word of it.
            return f"固定 {text}{kai}{leads}".replace("\n", "⏎").replace(form.digest, "（摘要）")
        case Stamp(_, key):
            return f"印上 {key}"
        case Input():
            return f"输入 {_asks_for(cell)} {cell.key} {_headings(form, cell)}"
        case Computed(_, key, formula):
            return f"算出 {key} ={readable(formula, sheet.name)}"


def _asks_for(cell: Input) -> str:
    if cell.kind is not None:
        return "整数≥0" if cell.kind.places == 0 else f"数≥0（{cell.kind.unit}）"
    return "是/空白" if cell.style is Style.INPUT_CHOICE else f"文字≤{cell.limit}"


def _headings(form: Form, cell: Input) -> str:
    return form.figures[FigureId.parse(cell.key)].spoken if cell.kind is not None else ""


def _colours(sheet: Sheet) -> list[str]:
    return [f"标色 {h.area.range} {h.style} ={readable(h.formula, sheet.name)}" for h in sheet.highlights]


def readable(formula: str, here: str) -> str:
    """Places as people write them."""

    def indexed(match: re.Match[str]) -> str:
        place = Place(match[1], int(match[2]) - 1, int(match[3]) - 1)
        return "@" + _named(place.sheet, place.cell, here)

    def plain(match: re.Match[str]) -> str:
        end = f":{match[4]}{match[5]}" if match[4] else ""
        return _named(match[1], f"{match[2]}{match[3]}{end}", here)

    return _PLAIN.sub(plain, _INDEXED.sub(indexed, formula))


def _named(sheet: str, cell: str, here: str) -> str:
    return cell if sheet == here else f"{sheet}!{cell}"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, text in dumps(FORM).items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

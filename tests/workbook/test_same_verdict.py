"""The live verdicts in the workbook are Python's: LibreOffice recalculates, every formula is compared."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest

from tests.fills import Fill, all_zero, random_fill
from tests.programs.gnumeric import Gnumeric
from tests.programs.libreoffice import Cell, Document, Office
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.spreadsheet import sheets as raw
from xltool.workbook.layout import Area, Computed, Layout, Place, Stamp, make_layout
from xltool.workbook.layout.addresses import IDENTITY
from xltool.workbook.snapshot import Value, take_snapshot
from xltool.workbook.writer import write_workbook

SEED = int(os.environ.get("XLTOOL_SEED", "20210430"))
YEAR = 2024
Held = Mapping[str, Mapping[str, Cell]]


@pytest.mark.parametrize(("with_prior", "fills"), [(True, 120), (False, 80)])
def test_every_formula_says_what_python_says(
    form: Form, office: Office, tmp_path: Path, with_prior: bool, fills: int
) -> None:
    """Whatever is typed, every formula of the workbook recalculates to the value Python gives it."""
    chance = Random(f"{SEED} {with_prior}")
    layout = make_layout(form, YEAR, with_prior)
    nobody = Unit("宁安区教育局")
    prior = Filing(form.id, nobody, YEAR - 1, all_zero(form)) if with_prior else None
    path = tmp_path / "blank.xlsx"
    path.write_bytes(write_workbook(form, Filing(form.id, nobody, YEAR), prior))
    with office.open(path) as document:
        typist = _Typist(document, layout)
        for number in range(fills):
            fill = random_fill(form, chance, with_prior)
            expected = take_snapshot(form, fill.filing, fill.prior, 1).values
            typist.put(fill, expected)
            wrong = list(differences(layout, held(document, layout), expected))
            assert not wrong, f"seed {SEED}, fill {number}: {wrong[:10]} of {len(wrong)}"


def test_values_at_writing_are_those_after_recalculation(form: Form, office: Office, tmp_path: Path) -> None:
    """What is cached with each formula is what the formula gives: programs that never recalculate show the truth."""
    chance = Random(SEED)
    for number in range(8):
        fill = random_fill(form, chance, with_prior=number % 3 > 0)
        data = write_workbook(form, fill.filing, fill.prior)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(data)
        layout = make_layout(form, YEAR, fill.prior is not None)
        expected = take_snapshot(form, fill.filing, fill.prior, 1).values
        cached = {sheet.name: _cached(sheet) for sheet in raw.read_workbook(data).sheets}
        assert not list(differences(layout, cached, expected)), f"cached, seed {SEED}, {number}"
        with office.open(path) as document:
            wrong = list(differences(layout, held(document, layout), expected))
        assert not wrong, f"recalculated, seed {SEED}, {number}: {wrong[:10]} of {len(wrong)}"


def test_gnumeric_says_the_same(form: Form, gnumeric: Gnumeric, tmp_path: Path) -> None:
    """A second program recalculates to the same values: nothing rests on what only LibreOffice understands.

    Like Excel, and unlike LibreOffice, it shows a comparison as TRUE and not as 1.
    """
    chance = Random(SEED)
    for number in range(12):
        fill = random_fill(form, chance, with_prior=number % 2 > 0)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(write_workbook(form, fill.filing, fill.prior))
        recalculated = gnumeric.resave(path, tmp_path / f"{number}-again.xlsx", recalculate=True)
        layout = make_layout(form, YEAR, fill.prior is not None)
        expected = take_snapshot(form, fill.filing, fill.prior, 1).values
        cells = {sheet.name: _cached(sheet) for sheet in raw.read_workbook(recalculated.read_bytes()).sheets}
        wrong = list(differences(layout, cells, expected))
        assert not wrong, f"seed {SEED}, {number}: {wrong[:10]} of {len(wrong)}"


class _Typist:
    """Puts fills one after another into one open document.

    Nothing is protected meanwhile: what differs between units (powers, last year's figures) stands in locked
    cells of the hidden sheet, and asking which cells are locked would take most of the time.
    """

    def __init__(self, document: Document, layout: Layout) -> None:
        self._document = document
        self._drawn: dict[tuple[str, str], list[list[str | float]]] = {}
        for sheet in layout.sheets:
            document.unprotect(sheet.name)
        stamps = (cell for cell in layout.cells() if isinstance(cell, Stamp) and cell.area.place.sheet == IDENTITY)
        self._places = {key: cell.area.place for key, cell in layout.inputs.items()}
        self._places |= {cell.key: cell.area.place for cell in stamps if "." in cell.key}

    def put(self, fill: Fill, expected: Mapping[str, Value]) -> None:
        typed = dict(fill.typed())
        cells = {place: typed.get(key, expected.get(key, "")) for key, place in self._places.items()}
        drawn = {(sheet, area): rows for sheet, area, rows in blocks(cells)}
        changed = [(*where, rows) for where, rows in drawn.items() if self._drawn.get(where) != rows]
        self._document.put(changed)
        self._drawn = drawn


def blocks(cells: Mapping[Place, Value]) -> Iterator[tuple[str, str, list[list[str | float]]]]:
    """Cells as rectangles: neighbours in a row, then equally wide rows below one another."""
    runs: list[tuple[Place, list[str | float]]] = []
    for place in sorted(cells):
        value = cells[place]
        plain = value if isinstance(value, str) else float(value)
        if runs and runs[-1][0]._replace(column=runs[-1][0].column + len(runs[-1][1])) == place:
            runs[-1][1].append(plain)
        else:
            runs.append((place, [plain]))
    open_blocks: dict[tuple[str, int, int], tuple[Place, list[list[str | float]]]] = {}
    for place, run in runs:
        key = (place.sheet, place.column, len(run))
        first, rows = open_blocks.get(key, (place, []))
        if rows and first.row + len(rows) == place.row:
            rows.append(run)
            continue
        if rows:
            yield first.sheet, Area(first, len(rows), len(rows[0])).range, rows
        open_blocks[key] = (place, [run])
    for first, rows in open_blocks.values():
        yield first.sheet, Area(first, len(rows), len(rows[0])).range, rows


def held(document: Document, layout: Layout) -> Held:
    return {sheet.name: document.read(sheet.name) for sheet in layout.sheets}


def _cached(sheet: raw.Sheet) -> dict[str, Cell]:
    cells = {}
    for (row, column), cell in sheet.cells.items():
        value = cell.text if cell.kind in ("s", "e") else float(cell.text)
        cells[raw_address(row, column)] = Cell(value, cell.formula)
    return cells


def raw_address(row: int, column: int) -> str:
    letters = chr(64 + column // 26) if column >= 26 else ""
    return f"{letters}{chr(65 + column % 26)}{row + 1}"


def differences(layout: Layout, held: Held, expected: Mapping[str, Value]) -> Iterator[str]:
    """Formulas whose value in a program is not Python's; numbers may differ by the noise of binary fractions."""
    for cell in layout.cells():
        if not isinstance(cell, Computed):
            continue
        place = cell.area.place
        found = held[place.sheet].get(place.cell, Cell())
        if found.formula is None or not _same(found, expected[cell.key]):
            yield f"{place.sheet}!{place.cell} {cell.key}: {found.value!r} {found.error or ''}, Python {expected[cell.key]!r}"


def _same(found: Cell, expected: Value) -> bool:
    if isinstance(expected, str):
        return found.value == expected
    if not isinstance(found.value, float):
        return False
    return math.isclose(found.value, float(expected), rel_tol=1e-9, abs_tol=1e-9)

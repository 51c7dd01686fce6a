"""The live verdicts in the workbook are Python's: LibreOffice recalculates, every formula is compared."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests.fills import Fill, random_fill
from tests.programs.libreoffice import Cell, Document, Office
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.workbook import sheets as raw
from xltool.workbook.layout import Computed, Layout, Stamp, make_layout
from xltool.workbook.layout.addresses import LEDGER
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
    prior = Filing(form.id, nobody, YEAR - 1) if with_prior else None
    path = tmp_path / "blank.xlsx"
    path.write_bytes(write_workbook(form, Filing(form.id, nobody, YEAR), prior))
    with office.open(path) as document:
        typist = _Typist(document, layout)
        for number in range(fills):
            fill = random_fill(form, chance, with_prior)
            expected = take_snapshot(form, fill.filing, fill.prior, 1, fill.unreadable).values
            typist.type(fill, expected)
            wrong = list(differences(layout, _held(document, layout), expected))
            assert not wrong, f"seed {SEED}, fill {number}: {wrong[:10]} of {len(wrong)}"


def test_values_at_writing_are_those_after_recalculation(form: Form, office: Office, tmp_path: Path) -> None:
    """What is cached with each formula is what the formula gives: programs that never recalculate show the truth."""
    chance = Random(SEED)
    for number in range(12):
        fill = random_fill(form, chance, with_prior=number % 3 > 0)
        data = write_workbook(form, fill.filing, fill.prior)
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(data)
        layout = make_layout(form, YEAR, fill.prior is not None)
        expected = take_snapshot(form, fill.filing, fill.prior, 1).values
        cached = {sheet.name: _cached(sheet) for sheet in raw.read_workbook(data).sheets}
        assert not list(differences(layout, cached, expected)), f"cached, seed {SEED}, {number}"
        with office.open(path) as document:
            wrong = list(differences(layout, _held(document, layout), expected))
        assert not wrong, f"recalculated, seed {SEED}, {number}: {wrong[:10]} of {len(wrong)}"


class _Typist:
    """Types fills one after another into one open document, only what differs from the one before.

    What differs between units and years (powers, last year's figures) stands in locked cells of the hidden
    sheet, which is unlocked for that.
    """

    def __init__(self, document: Document, layout: Layout) -> None:
        self._document = document
        document.unprotect(LEDGER)
        self._inputs = {key: cell.area.place for key, cell in layout.inputs.items()}
        stamps = [cell for sheet in layout.sheets if sheet.name == LEDGER for cell in sheet.cells]
        self._stamps = {c.key: c.area.place for c in stamps if isinstance(c, Stamp) and "." in c.key}
        self._stands: dict[tuple[str, str], str] = {}

    def type(self, fill: Fill, expected: Mapping[str, Value]) -> None:
        wanted: dict[tuple[str, str], str] = {}
        for key, text in fill.typed():
            if key in self._inputs:
                wanted[self._inputs[key].sheet, self._inputs[key].cell] = text
        for key, place in self._stamps.items():
            wanted[place.sheet, place.cell] = str(expected[key])
        changes: dict[str, dict[str, str]] = {}
        for sheet, address in wanted.keys() | self._stands.keys():
            text = wanted.get((sheet, address), "")
            if text != self._stands.get((sheet, address), ""):
                changes.setdefault(sheet, {})[address] = text
        for sheet, cells in changes.items():
            texts = {address: text for address, text in cells.items() if text[:1].isspace() or "\n" in text}
            self._document.set_text(sheet, texts)
            self._document.type(sheet, {address: t for address, t in cells.items() if address not in texts})
        self._stands = wanted


def _held(document: Document, layout: Layout) -> Held:
    return {sheet.name: document.read(sheet.name) for sheet in layout.sheets}


def _cached(sheet: raw.Sheet) -> dict[str, Cell]:
    cells = {}
    for (row, column), cell in sheet.cells.items():
        value = cell.text if cell.kind == "s" else float(cell.text)
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
    return abs(Decimal(found.value) - Decimal(expected)) <= Decimal("1e-9") * max(1, abs(Decimal(expected)))

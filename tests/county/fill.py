"""The county's workbooks filled in by real programs: LibreOffice types, Gnumeric, ExcelJS and openpyxl save.

    filler = Filler(office, gnumeric, exceljs, issued, work)
    for path, data in returned_files(1, filler.file_of): …

``issued`` is the folder of workbooks as they were handed out, under the names of ``issued_name``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from pathlib import Path

import openpyxl

from tests.programs.gnumeric import Gnumeric
from tests.programs.libreoffice import Document, Office
from tests.programs.node import ExcelJS
from tests.programs.program import expect_file, run
from xltool.county.drawn import row_of
from xltool.county.plan import HandIn, issued_name
from xltool.county.sources import YEAR, form, prior_of, roster
from xltool.county.substitutes import substitute
from xltool.figure import FigureId, plain
from xltool.workbook.layout import Fixed, Layout, Place, Stamp, make_layout
from xltool.workbook.layout.addresses import COVER, IDENTITY
from xltool.workbook.layout.identity import YES
from xltool.workbook.skeleton import blank_workbook

HERE = Path(__file__).parent
SAVED_BY_OFFICE = ("xls", "pdf")

Cells = dict[str, dict[str, str]]
"""By sheet and address."""


def issue_blanks(target: Path) -> None:
    """Every unit's blank workbook, as it is handed out."""
    target.mkdir(parents=True, exist_ok=True)
    for unit in roster():
        if unit.files:
            data = blank_workbook(form(), unit.unit, YEAR, prior_of(unit.name))
            (target / issued_name(unit.name)).write_bytes(data)


@dataclass
class Filler:
    """Fills in one workbook after the other. ``work``: a folder for what stands in between."""

    office: Office
    gnumeric: Gnumeric
    exceljs: ExcelJS
    issued: Path
    work: Path
    number: Iterator[int] = field(default_factory=count)
    kept: dict[tuple[int, str], bytes] = field(default_factory=dict)

    def file_of(self, hand_in: HandIn) -> bytes:
        """The file that the unit hands in; the very same when it is asked for again."""
        key = (hand_in.round, hand_in.file)
        if key not in self.kept:
            self.kept[key] = self._made(hand_in)
        return self.kept[key]

    def _made(self, hand_in: HandIn) -> bytes:
        if hand_in.damage.save_as in SAVED_BY_OFFICE:
            return self._typed(hand_in, hand_in.damage.save_as).read_bytes()
        return substitute(hand_in, self._workbook)

    def _workbook(self, hand_in: HandIn) -> bytes:
        if hand_in.by == "openpyxl":
            return self._typed_by_openpyxl(hand_in).read_bytes()
        path = self._typed(hand_in)
        if hand_in.damage.stale:
            path = self._corrected_by_script(hand_in, path)
        elif hand_in.by == "gnumeric":
            path = self.gnumeric.resave(path, self._new("xlsx"))
        elif hand_in.by == "exceljs":
            path = self.exceljs.resave(path, self._new("xlsx"))
        return path.read_bytes()

    def _new(self, suffix: str) -> Path:
        return self.work / f"{next(self.number)}.{suffix}"

    def _blank(self, hand_in: HandIn) -> Path:
        """The workbook the unit has at hand."""
        if hand_in.year == YEAR and hand_in.owner.name in roster().by_name:
            return self.issued / issued_name(hand_in.owner.name)
        path = self._new("xlsx")
        path.write_bytes(blank_workbook(form(), hand_in.owner, hand_in.year, hand_in.prior))
        return path

    def _typed(self, hand_in: HandIn, suffix: str = "xlsx") -> Path:
        layout = make_layout(form(), hand_in.year, hand_in.prior is not None)
        with self.office.open(self._blank(hand_in)) as document:
            for sheet, cells in _numbers(layout, hand_in).items():
                document.type(sheet, cells)
            for sheet, cells in _texts(layout, hand_in).items():
                document.set_text(sheet, cells)
            _damage(document, layout, hand_in)
            return document.save(self._new(suffix))

    def _typed_by_openpyxl(self, hand_in: HandIn) -> Path:
        layout = make_layout(form(), hand_in.year, hand_in.prior is not None)
        book = openpyxl.load_workbook(self._blank(hand_in))
        for figure, value in hand_in.filing.values.items():
            place = layout.figures[figure].area.place
            book[place.sheet][place.cell] = int(value) if value == int(value) else float(value)
        for sheet, cells in _texts(layout, hand_in).items():
            for address, text in cells.items():
                book[sheet][address] = text
        path = self._new("xlsx")
        book.save(path)
        return path

    def _corrected_by_script(self, hand_in: HandIn, path: Path) -> Path:
        layout = make_layout(form(), hand_in.year, hand_in.prior is not None)
        cells: dict[str, dict[str, int]] = {}
        for figure in hand_in.damage.stale:
            place = layout.figures[figure].area.place
            cells.setdefault(place.sheet, {})[place.cell] = int(hand_in.filing.values[figure])
        target = self._new("xlsx")
        script: list[str | Path] = [self.exceljs.node, HERE / "exceljs_type.cjs", path, target, json.dumps(cells)]
        finished = run(script, timeout=120.0, environment={"NODE_PATH": str(self.exceljs.modules)})
        return expect_file(target, finished)


def _numbers(layout: Layout, hand_in: HandIn) -> Cells:
    """What is typed into number cells."""
    damage = hand_in.damage
    said: dict[FigureId, str] = {figure: plain(value) for figure, value in hand_in.filing.values.items()}
    said |= {figure: plain(value) for figure, value in damage.stale.items()}
    said |= {**damage.dates, **damage.typed}
    said |= {figure: f"={formula}" for figure, (formula, _) in damage.formulas.items()}
    cells: Cells = {}
    for figure, text in said.items():
        place = layout.figures[figure].area.place
        cells.setdefault(place.sheet, {})[place.cell] = text
    return cells


def _texts(layout: Layout, hand_in: HandIn) -> Cells:
    """What goes in as text."""
    filing, damage = hand_in.filing, hand_in.damage
    said = {**filing.texts, **{f"zero.{table}": YES for table in filing.zero_declared}}
    said |= {f"zero.{table}": text for table, text in damage.declare.items()}
    said |= {f"explain.{key}": text for key, text in filing.explanations.items()}
    said |= {str(figure): text for figure, text in damage.pasted.items()}
    cells: Cells = {}
    for key, text in said.items():
        place = layout.inputs[key].area.place
        cells.setdefault(place.sheet, {})[place.cell] = text
    return cells


def _damage(document: Document, layout: Layout, hand_in: HandIn) -> None:
    """Everything for which sheets have to be unprotected first; there is no password."""
    damage = hand_in.damage
    for sheet, cells in _forbidden(layout, hand_in).items():
        document.unprotect(sheet)
        document.type(sheet, cells)
        document.protect(sheet)
    for sheet, line in damage.insert_row.items():
        document.unprotect(sheet)
        document.insert_rows(sheet, row_of(layout, sheet, line) + 1)
    for sheet, line in damage.delete_row.items():
        document.unprotect(sheet)
        document.delete_rows(sheet, row_of(layout, sheet, line) + 1)
    for sheet, name in damage.rename_sheet.items():
        document.rename_sheet(sheet, name)
    for sheet in damage.delete_sheet:
        document.delete_sheet(sheet)
    for name, text in damage.extra_sheet.items():
        # The structure of the workbook is locked, without a password too.
        document.command(".uno:ToolProtectionDocument", COVER, "A1")
        document.command(".uno:Insert", COVER, "A1", Name=name, Index=len(document.sheets()) + 1)
        document.type(name, {"A1": text})


def _forbidden(layout: Layout, hand_in: HandIn) -> Cells:
    """What is typed into locked cells."""
    damage = hand_in.damage
    cells: Cells = {sheet: dict(notes) for sheet, notes in damage.notes.items()}

    def put(place: Place, text: str) -> None:
        cells.setdefault(place.sheet, {})[place.cell] = text

    for figure, value in damage.overwrite.items():
        put(layout.figures[figure].area.place, plain(value))
    for sheet, words in damage.labels.items():
        for label in _labels(layout, sheet, words):
            put(label.area.place, words[label.text])
    for figure, value in damage.seeded.items():
        put(_stamp(layout, IDENTITY, f"prior.{figure}"), plain(Decimal(value)))
    if hand_in.owner.name != hand_in.unit:
        put(_stamp(layout, COVER, "unit.name"), hand_in.unit)
    return cells


def _labels(layout: Layout, sheet: str, words: Mapping[str, str]) -> list[Fixed]:
    fixed = (cell for cell in layout.cells() if isinstance(cell, Fixed) and cell.area.place.sheet == sheet)
    return [cell for cell in fixed if cell.text in words]


def _stamp(layout: Layout, sheet: str, key: str) -> Place:
    stamps = (cell for cell in layout.cells() if isinstance(cell, Stamp) and cell.key == key)
    return next(cell.area.place for cell in stamps if cell.area.place.sheet == sheet)

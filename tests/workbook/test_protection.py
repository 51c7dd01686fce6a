"""What is locked, and that the live verdicts survive everything that protection lets people do."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from typing import NamedTuple

import openpyxl
import pytest

from tests.fills import random_fill
from tests.programs.libreoffice import CellsLocked, Document, Office
from tests.workbook.reading import FORM, read
from tests.workbook.test_same_verdict import SEED, differences, held
from xltool.workbook.layout import Area, Input, make_layout
from xltool.workbook.snapshot import take_snapshot
from xltool.workbook.writer import write_workbook

LAYOUT = make_layout(FORM, 2024, has_prior=True)
T3 = FORM.section_of("t3").sheet
T2 = FORM.section_of("t2").sheet


@pytest.fixture(scope="module")
def data() -> bytes:
    fill = random_fill(FORM, Random(SEED), with_prior=True)
    return write_workbook(FORM, fill.filing, fill.prior)


@pytest.fixture
def path(data: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "宁安区教育局.xlsx"
    path.write_bytes(data)
    return path


def cells_of(area: Area) -> Iterator[tuple[int, int]]:
    for row in range(area.place.row, area.last.row + 1):
        for column in range(area.place.column, area.last.column + 1):
            yield row + 1, column + 1


def test_inputs_are_open_and_everything_else_is_locked(data: bytes) -> None:
    """All cells of every input can be written to, merged ones throughout; no other cell of the form can."""
    book = openpyxl.load_workbook(BytesIO(data))
    for sheet in LAYOUT.sheets:
        assert book[sheet.name].protection.sheet
        wrong = [
            f"{sheet.name}!{cell.area.range}"
            for cell in sheet.cells
            for row, column in cells_of(cell.area)
            if book[sheet.name].cell(row, column).protection.locked is isinstance(cell, Input)
        ]
        assert wrong == []


def test_what_is_pasted_from_elsewhere_does_not_lock(data: bytes) -> None:
    """The workbook's own plain style is unlocked, so that pasting with it leaves a cell open."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    normal = styles.partition("<cellStyleXfs")[2].partition("</cellStyleXfs>")[0]
    assert '<protection locked="0"/>' in normal


def test_the_structure_is_locked_without_a_password(data: bytes) -> None:
    """Sheets cannot be moved or deleted by accident; whoever has to, can take the lock off."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
        sheets = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
    assert '<workbookProtection lockStructure="1"/>' in workbook
    locks = [re.findall(r"<sheetProtection[^>]*>", sheet) for sheet in sheets]
    assert [len(lock) for lock in locks] == [1] * len(LAYOUT.sheets)
    assert not any("password" in lock[0] or "hashValue" in lock[0] for lock in locks)


def test_locked_cells_refuse_typing(office: Office, path: Path) -> None:
    """Nobody types over a label, a total, a check or last year's figure; inputs take what is typed."""
    with office.open(path) as document:
        for sheet in LAYOUT.sheets:
            inputs = [cell.area.place.cell for cell in sheet.cells if isinstance(cell, Input)]
            others = [cell.area.place.cell for cell in sheet.cells if not isinstance(cell, Input)]
            assert document.locked(sheet.name, inputs) == ()
            sampled = Random(SEED).sample(others, min(40, len(others)))
            assert set(document.locked(sheet.name, sampled)) == set(sampled)
            with pytest.raises(CellsLocked):
                document.type(sheet.name, {others[-1]: "1"})
        with pytest.raises(CellsLocked):
            document.insert_rows(T3, 12)
        with pytest.raises(CellsLocked):
            document.type(T3, {"Z60": "表外的字"})


Act = Callable[[Document, Random], None]


class Move(NamedTuple):
    """A block of inputs of table 3 above its total row, and a corner where it fits as well."""

    block: str
    corner: str
    height: int
    width: int


def move(chance: Random) -> Move:
    columns, rows = "DEFGHI", range(9, 32)
    height, width = chance.randint(1, 3), chance.randint(1, 3)
    top, to_top = (chance.choice(rows[: len(rows) - height + 1]) for _ in range(2))
    left, to_left = (chance.randint(0, len(columns) - width) for _ in range(2))
    block = f"{columns[left]}{top}:{columns[left + width - 1]}{top + height - 1}"
    return Move(block, f"{columns[to_left]}{to_top}", height, width)


def cut(document: Document, chance: Random) -> None:
    document.cut_paste(T3, *move(chance)[:2])


def drag(document: Document, chance: Random) -> None:
    document.drag(T3, *move(chance)[:2])


def copy(document: Document, chance: Random) -> None:
    document.copy_paste(T3, *move(chance)[:2])


def paste_foreign(document: Document, chance: Random) -> None:
    # Never a single row: LibreOffice locks the cells that one is pasted into.
    where = move(chance)._replace(height=2)
    if where.corner.endswith("31"):
        return
    rows = [[chance.choice((3.0, 12.5, "无", "")) for _ in range(where.width)] for _ in range(where.height)]
    document.paste_foreign(T3, where.corner, rows)


def cut_to_another_sheet(document: Document, chance: Random) -> None:
    document.cut_paste(T3, f"E{chance.randint(9, 29)}", f"B{chance.choice((8, 9))}", T2)


def erase(document: Document, chance: Random) -> None:
    document.clear(T3, move(chance).block)


ACTS: tuple[Act, ...] = (cut, drag, copy, paste_foreign, cut_to_another_sheet, erase)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_verdicts_survive_one_kind_of_move(office: Office, path: Path, tmp_path: Path, act: Act) -> None:
    """After six moves of one kind every formula says what Python says of the figures that are now in the cells."""
    chance = Random(f"{SEED} {act.__name__}")
    with office.open(path) as document:
        for _ in range(6):
            act(document, chance)
        check_verdicts(document, tmp_path)


def test_verdicts_survive_all_kinds_of_moves(office: Office, path: Path, tmp_path: Path) -> None:
    """Cut, drag, copy, foreign paste and erasing in any order, and typing again afterwards."""
    chance = Random(SEED)
    with office.open(path) as document:
        for _ in range(5):
            for act in chance.sample(ACTS, len(ACTS)):
                act(document, chance)
            document.type(T3, {f"{column}{chance.randint(9, 29)}": "7" for column in "DEFGHI"})
            check_verdicts(document, tmp_path)


def test_a_cut_declaration_and_a_cut_text(office: Office, path: Path, tmp_path: Path) -> None:
    """The declaration and the narrative can be cut away like figures, and the counts follow what is there."""
    zero, lead = (LAYOUT.inputs[key].area.place for key in ("zero.t3", "s1.lead"))
    with office.open(path) as document:
        document.type(T3, {zero.cell: "是"})
        document.cut_paste(T3, zero.cell, "D9")
        document.clear(lead.sheet, LAYOUT.inputs["s1.lead"].area.range)
        check_verdicts(document, tmp_path)
        document.cut_paste(T3, "D9", zero.cell)
        check_verdicts(document, tmp_path)


def check_verdicts(document: Document, folder: Path) -> None:
    returned = read(document.save(folder / "now.xlsx").read_bytes())
    expected = take_snapshot(FORM, returned.filing, returned.prior, 1).values
    assert list(differences(LAYOUT, held(document, LAYOUT), expected)) == []

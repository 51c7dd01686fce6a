"""A blank filled in by another program, and saved again by yet others, comes back whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fills import UNREADABLE
from tests.programs.gnumeric import Gnumeric
from tests.programs.libreoffice import Office
from tests.programs.node import ExcelJS
from tests.workbook.reading import FORM, codes, read
from xltool.figure import plain
from xltool.filing import Filing, from_json
from xltool.spreadsheet.sheets import read_workbook
from xltool.workbook.layout import make_layout
from xltool.workbook.layout.addresses import CHECKS, HIDDEN
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.snapshot import take_snapshot

SAMPLES = Path(__file__).parents[2] / "samples"
Resave = Callable[[Path, Path], Path]


def sample(name: str) -> Filing:
    return from_json((SAMPLES / name).read_text(encoding="utf-8"))


FILLED, LAST_YEAR = sample("suqian-2024/filing.json"), sample("suqian-2024/prior.json")
EXPLAINED = {"Y05.t3.r1.total": "申请量逐年上升", "S01.s1": "重点工作多"}


@pytest.fixture(scope="module")
def typed(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blank of 宿迁市 2024, filled in by hand in LibreOffice, saved as .xlsx."""
    folder = tmp_path_factory.mktemp("typed")
    blank = folder / "blank.xlsx"
    blank.write_bytes(blank_workbook(FORM, FILLED.unit, FILLED.year, LAST_YEAR))
    inputs = make_layout(FORM, FILLED.year, has_prior=True).inputs
    with office.open(blank) as document:
        for figure, value in FILLED.values.items():
            place = inputs[str(figure)].area.place
            document.type(place.sheet, {place.cell: plain(value)})
        for key, text in FILLED.texts.items():
            place = inputs[key].area.place
            # Alt+Enter is no character that could be typed into the input line.
            (document.set_text if "\n" in text else document.type)(place.sheet, {place.cell: text})
        explanation, other = inputs["explain.Y05.t3.r1.total"].area.place, inputs["other.0.key"].area.place
        document.type(CHECKS, {explanation.cell: EXPLAINED["Y05.t3.r1.total"], other.cell: "S01.s1"})
        place = inputs["other.0.text"].area.place
        document.type(CHECKS, {place.cell: EXPLAINED["S01.s1"]})
        return document.save(folder / "宿迁市.xlsx")


def check_whole(path: Path) -> None:
    """Every figure, text, explanation and the identity are there; nobody is told anything about the file."""
    returned = read(path.read_bytes())
    assert codes(returned) == {}, [finding.said for finding in returned.findings]
    assert dict(returned.filing.values) == dict(FILLED.values)
    assert dict(returned.filing.texts) == dict(FILLED.texts)
    assert dict(returned.filing.explanations) == EXPLAINED
    assert returned.filing.zero_declared == FILLED.zero_declared
    assert (returned.filing.unit, returned.filing.year) == (FILLED.unit, FILLED.year)
    assert returned.prior == LAST_YEAR


def test_typed_in_libreoffice(typed: Path) -> None:
    """What a unit types into the blank is what is read."""
    check_whole(typed)


def test_stored_results_after_filling_are_true(typed: Path) -> None:
    """The live overall state and every total in the saved file are those of the filing."""
    expected = take_snapshot(FORM, read(typed.read_bytes()).filing, LAST_YEAR, 1).values
    layout = make_layout(FORM, FILLED.year, has_prior=True)
    sheets = {sheet.name: sheet for sheet in read_workbook(typed.read_bytes()).sheets}
    shown = {
        key: sheets[cell.area.place.sheet].cells[cell.area.place.row, cell.area.place.column].text
        for key, cell in layout.computed.items()
        if key.startswith(("overall", "section.", "status.", "count.", "total_count."))
    }
    assert shown == {key: str(expected[key]) for key in shown}
    assert "处不符" not in shown["overall"]


RESAVED = {
    "gnumeric": ("gnumeric",),
    "exceljs": ("exceljs",),
    "exceljs after gnumeric": ("gnumeric", "exceljs"),
    "gnumeric after exceljs": ("exceljs", "gnumeric"),
    "libreoffice after gnumeric": ("gnumeric", "libreoffice"),
    "libreoffice after exceljs": ("exceljs", "libreoffice"),
    "libreoffice again": ("libreoffice",),
}


@pytest.fixture(scope="module")
def resave(office: Office, gnumeric: Gnumeric, exceljs: ExcelJS) -> dict[str, Resave]:
    def libreoffice(path: Path, target: Path) -> Path:
        with office.open(path) as document:
            return document.save(target)

    return {"libreoffice": libreoffice, "gnumeric": gnumeric.resave, "exceljs": exceljs.resave}


@pytest.mark.parametrize("programs", RESAVED.values(), ids=RESAVED)
def test_saved_again_by_other_programs(
    typed: Path, tmp_path: Path, resave: dict[str, Resave], programs: tuple[str, ...]
) -> None:
    """Whoever opens and saves the filled workbook on its way, nothing is lost and nothing is suspected."""
    path = typed
    for number, program in enumerate(programs):
        path = resave[program](path, tmp_path / f"{number}-{program}.xlsx")
    check_whole(path)


def test_what_programs_drop_is_not_needed(typed: Path, tmp_path: Path, exceljs: ExcelJS, gnumeric: Gnumeric) -> None:
    """ExcelJS loses the file's properties and Gnumeric shows hidden sheets: that is why identity stands thrice."""
    from_exceljs = read_workbook(exceljs.resave(typed, tmp_path / "e.xlsx").read_bytes())
    assert "xltool.number" not in from_exceljs.properties
    from_gnumeric = read_workbook(gnumeric.resave(typed, tmp_path / "g.xlsx").read_bytes())
    assert {sheet.name for sheet in from_gnumeric.sheets} >= set(HIDDEN)


def test_odd_texts_survive_other_programs(office: Office, gnumeric: Gnumeric, exceljs: ExcelJS, tmp_path: Path) -> None:
    """Texts where numbers are due stay exactly what was typed, through three programs."""
    inputs = make_layout(FORM, 2024, has_prior=False).inputs
    figures = [figure.id for figure in FORM.inputs if figure.id.table == "t3"][: len(UNREADABLE)]
    blank = tmp_path / "blank.xlsx"
    blank.write_bytes(blank_workbook(FORM, FILLED.unit, 2024))
    sheet = FORM.section_of("t3").sheet
    cells = {inputs[str(f)].area.place.cell: text for f, text in zip(figures, UNREADABLE, strict=True)}
    with office.open(blank) as document:
        document.type(sheet, cells)
        path = document.save(tmp_path / "l.xlsx")
    path = exceljs.resave(gnumeric.resave(path, tmp_path / "g.xlsx"), tmp_path / "e.xlsx")
    assert read(path.read_bytes()).filing.unread == dict(zip(figures, UNREADABLE, strict=True))

"""The programs do what the other tests rely on, shown on small workbooks."""

from __future__ import annotations

import os
import signal
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import xlsxwriter

from tests.programs import gnumeric as gnumeric_program
from tests.programs import pdf
from tests.programs.gnumeric import Gnumeric
from tests.programs.libreoffice import Cell, CellsLocked, Office
from tests.programs.node import ExcelJS
from tests.programs.plugin import present
from tests.programs.program import ProgramFailed, ProgramHung, ProgramMissing
from tests.programs.validator import Validator

SHEET, CHECKS, HIDDEN = "表三", "一、校验", "标识"
PASSWORD = "abc"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """D4:I8 to fill in, J4:J8 their sums, D30:I30 and B5 (a text cell) open; every cached result is a lie."""
    path = tmp_path / "宁安区教育局.xlsx"
    book = xlsxwriter.Workbook(path)
    open_cell = book.add_format({"locked": False, "num_format": "0.######"})
    text_cell = book.add_format({"locked": False, "num_format": "@"})
    table, checks, identity = (book.add_worksheet(name) for name in (SHEET, CHECKS, HIDDEN))
    for row in (*range(4, 9), 30):
        for column in "DEFGHI":
            table.write_blank(f"{column}{row}", None, open_cell)
    for row in range(4, 9):
        table.write_formula(f"J{row}", f"=SUM(INDEX($A$1:$K$40,{row},4):INDEX($A$1:$K$40,{row},9))", None, 777)
    table.write_formula("K4", "=D4+E4", None, 777)
    table.write_blank("B5", None, text_cell)
    checks.write_formula("A1", f"=INDEX({SHEET}!$A$1:$K$40,4,4)", None, 777)
    checks.write_formula("A2", f"={SHEET}!D4+{HIDDEN}!A1", None, 777)
    checks.write_formula("A3", "=1/0", None, 777)
    checks.write_string("A4", "=1+1")
    identity.write_number("A1", 2021)
    identity.hide()
    table.protect(PASSWORD)
    checks.protect()
    table.freeze_panes(3, 3)
    book.close()
    return path


def word_document(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
    return path


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("12", 12.0),
        ("１２", 12.0),
        ("1,234", 1234.0),
        ("12%", 0.12),
        ("2.5", 2.5),
        ("2024-1-5", 45296.0),
        ("TRUE", 1.0),
        ("十二", "十二"),
        ("12件", "12件"),
        ("'12", "12"),
        ("", None),
    ],
)
def test_typing_is_read_as_the_input_line_reads_it(
    office: Office, workbook: Path, typed: str, held: float | str | None
) -> None:
    """A typed string becomes what it becomes for a person with a Chinese LibreOffice."""
    with office.open(workbook) as document:
        document.type(SHEET, {"D4": typed})
        assert document.read(SHEET, ["D4"]) == {"D4": Cell(held)}


def test_text_stays_text_where_it_is_meant_as_text(office: Office, workbook: Path) -> None:
    """A text cell keeps typed digits as text, and set_text puts text into any cell."""
    with office.open(workbook) as document:
        document.type(SHEET, {"B5": "0123"})
        document.set_text(SHEET, {"D4": "12", "D5": "=1+1"})
        cells = document.read(SHEET, ["B5", "D4", "D5"])
    assert cells == {"B5": Cell("0123"), "D4": Cell("12"), "D5": Cell("=1+1")}


def test_results_in_the_file_are_not_believed(office: Office, workbook: Path) -> None:
    """Everything is recalculated on opening, also what the file says it knows."""
    with office.open(workbook) as document:
        totals = document.read(SHEET, ["J4", "K4"])
        assert [cell.value for cell in totals.values()] == [0, 0]
        assert document.read(CHECKS)["A2"].value == 2021


def test_reading_tells_results_errors_texts_and_blanks_apart(office: Office, workbook: Path) -> None:
    """Each kind of content is recognisable in what `read` returns; blanks only come when asked for."""
    with office.open(workbook) as document:
        cells = document.read(CHECKS)
        assert set(cells) == {"A1", "A2", "A3", "A4"}
        assert cells["A3"] == Cell(None, "=1/0", "#DIV/0!")
        assert cells["A4"] == Cell("=1+1")
        assert document.read(CHECKS, ["C9"]) == {"C9": Cell()}
        document.type(SHEET, {"D4": "0.5000"})
        assert document.shown(SHEET, ["D4", "D5"]) == {"D4": "0.5", "D5": ""}


def test_locked_cells_refuse_and_nothing_changes(office: Office, workbook: Path) -> None:
    """One locked cell among those meant refuses the whole operation, whichever it is."""
    with office.open(workbook) as document:
        document.type(SHEET, {"D4": "1", "D5": "2"})
        before = document.read(SHEET)
        attempts: tuple[Callable[[], None], ...] = (
            lambda: document.type(SHEET, {"D4": "9", "J4": "9"}),
            lambda: document.set_text(SHEET, {"J4": "9"}),
            lambda: document.clear(SHEET, "D4", "I4:J5"),
            lambda: document.cut_paste(SHEET, "J4", "D30"),
            lambda: document.cut_paste(SHEET, "D4:D5", "J4"),
            lambda: document.copy_paste(SHEET, "D4", "A1"),
            lambda: document.drag(SHEET, "D4", "A1"),
            lambda: document.paste_foreign(SHEET, "I4", [[1, 2]]),
            lambda: document.insert_rows(SHEET, 5),
            lambda: document.delete_rows(SHEET, 5),
        )
        for attempt in attempts:
            with pytest.raises(CellsLocked):
                attempt()
        assert document.read(SHEET) == before
        assert document.locked(SHEET, ["D4", "J4", "A1"]) == ("J4", "A1")


@pytest.mark.parametrize("way", ["cut_paste", "drag"])
def test_moving_open_cells_rewrites_formulas_on_a_protected_sheet(office: Office, workbook: Path, way: str) -> None:
    """Cut and drag behave as in the window: plain references follow, INDEX with locked corners stays."""
    with office.open(workbook) as document:
        document.type(SHEET, {"D4": "3", "E4": "4"})
        getattr(document, way)(SHEET, "D4:E4", "D30")
        cells = document.read(SHEET, ["D4", "D30", "E30", "J4", "K4"])
        assert (cells["D4"], cells["D30"], cells["E30"]) == (Cell(), Cell(3.0), Cell(4.0))
        assert cells["K4"] == Cell(7.0, "=D30+E30")
        assert cells["J4"] == Cell(0.0, "=SUM(INDEX($A$1:$K$40;4;4):INDEX($A$1:$K$40;4;9))")
        assert document.read(CHECKS)["A1"].value == 0


def test_copies_and_foreign_blocks_arrive(office: Office, workbook: Path) -> None:
    """Copy and paste leaves the source; a block of another workbook overwrites without asking back."""
    with office.open(workbook) as document:
        document.type(SHEET, {"D4": "3", "E5": "8"})
        document.copy_paste(SHEET, "D4", "F4")
        document.paste_foreign(SHEET, "D5", [[1, "二"], [2.5, "无"]])
        cells = document.read(SHEET, ["D4", "F4", "D5", "E5", "D6", "E6"])
        assert [cell.value for cell in cells.values()] == [3, 3, 1, "二", 2.5, "无"]


def test_sheets_and_rows_change_once_unprotected(office: Office, workbook: Path) -> None:
    """What tests of mangled returns need: rows in and out, sheets renamed, moved, deleted."""
    with office.open(workbook) as document:
        assert [(sheet.name, sheet.visible, sheet.protected) for sheet in document.sheets()] == [
            (SHEET, True, True),
            (CHECKS, True, True),
            (HIDDEN, False, False),
        ]
        with pytest.raises(CellsLocked):
            document.unprotect(SHEET, "wrong")
        document.unprotect(SHEET, PASSWORD)
        document.type(SHEET, {"D5": "7"})
        document.insert_rows(SHEET, 5, 2)
        assert document.read(SHEET, ["D5", "D7"]) == {"D5": Cell(), "D7": Cell(7.0)}
        document.delete_rows(SHEET, 4)
        assert document.read(SHEET, ["D6"]) == {"D6": Cell(7.0)}
        document.protect(SHEET)
        document.rename_sheet(SHEET, "Sheet1")
        document.move_sheet(CHECKS, 0)
        document.delete_sheet(HIDDEN)
        assert [(sheet.name, sheet.protected) for sheet in document.sheets()] == [
            (CHECKS, True),
            ("Sheet1", True),
        ]


def test_menu_commands_work_on_a_selection(office: Office, workbook: Path) -> None:
    """Whatever has no operation of its own can be asked for by its menu command."""
    with office.open(workbook) as document:
        document.unprotect(SHEET, PASSWORD)
        document.type(SHEET, {"D4": "3"})
        document.command(".uno:FillDown", SHEET, "D4:D6")
        assert document.read(SHEET, ["D6"]) == {"D6": Cell(3.0)}


def test_a_workbook_is_refilled_many_times(office: Office, workbook: Path) -> None:
    """One open workbook takes fill after fill, and each is calculated afresh."""
    with office.open(workbook) as document:
        for fill in range(30):
            document.clear(SHEET, "D4:I8")
            document.type(SHEET, {f"{column}4": str(fill + place) for place, column in enumerate("DEFGHI")})
            assert document.read(SHEET, ["J4", "J5"])["J4"].value == 6 * fill + 15
            assert document.read(CHECKS)["A1"].value == fill


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_saving_keeps_values_and_leaves_the_original(
    office: Office, workbook: Path, tmp_path: Path, suffix: str
) -> None:
    """A saved copy opens with what was typed; the file that was opened has not changed, nor has its folder."""
    original = workbook.read_bytes()
    with office.open(workbook) as document:
        document.type(SHEET, {"D4": "3"})
        assert list(tmp_path.iterdir()) == [workbook]
        saved = document.save(tmp_path / f"另存{suffix}")
    with office.open(saved) as document:
        assert document.read(SHEET, ["D4", "J4"])["J4"].value == 3
    assert workbook.read_bytes() == original


def test_one_sheet_is_saved_as_csv(office: Office, workbook: Path, tmp_path: Path) -> None:
    """The sheet asked for, in UTF-8, under exactly the name asked for."""
    with office.open(workbook) as document:
        saved = document.save_csv(tmp_path / "校验.csv", CHECKS)
    assert saved.read_text(encoding="utf-8").splitlines()[1:] == ["2021", "#DIV/0!", "=1+1"]


def test_printing_shows_the_pages(office: Office, workbook: Path, tmp_path: Path) -> None:
    """A workbook and a Word document become a PDF, a PDF pictures and text."""
    report = word_document(tmp_path / "报告.docx", *["一、总体情况"] * 60)
    printed = office.to_pdf(report, tmp_path / "报告.pdf")
    pictures = present(lambda: pdf.pages(printed, tmp_path, dpi=40))
    text = pdf.text(printed)
    assert text.count("一、总体情况") == 60
    assert len(pictures) == text.count("\f") > 1
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)
    assert "2021" in pdf.text(office.to_pdf(workbook, tmp_path / "表.pdf"))


def test_what_cannot_be_opened_is_said(office: Office, tmp_path: Path) -> None:
    """A missing file and a text document are errors that name the file, and the program goes on."""
    with pytest.raises(ProgramFailed, match=r"没有\.xlsx"):
        office.open(tmp_path / "没有.xlsx").close()
    with pytest.raises(ProgramFailed, match="not a spreadsheet"):
        office.open(word_document(tmp_path / "a.docx")).close()
    assert office.alive


def processes_of(folder: Path) -> list[int]:
    """The numbers of living processes whose command line names the program's folder; Linux only."""
    named = str(folder).encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if named in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            # It ended while we looked.
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize(
    ("blow", "error"),
    [(signal.SIGSTOP, ProgramHung), (signal.SIGKILL, ProgramFailed)],
    ids=["hung", "crashed"],
)
def test_a_hung_or_crashed_program_is_replaced(
    office: Office, workbook: Path, blow: signal.Signals, error: type[Exception]
) -> None:
    """It costs the operation it happened in; no process and no folder stays, and the next use starts afresh.

    A second program beside the session's own also shows that two do not get in each other's way.
    """
    other = Office(timeout=8)
    other.start()
    folder = other.folder
    assert folder is not None
    server, *started = sorted(processes_of(folder))
    assert started
    for number in started:
        os.kill(number, blow)
    with pytest.raises(error):
        other.open(workbook).close()
    assert processes_of(folder) == []
    assert not folder.exists()
    assert not Path(f"/proc/{server}").exists()
    with other.open(workbook) as document, office.open(workbook) as same:
        assert document.read(CHECKS) == same.read(CHECKS)
    other.close()
    assert not other.alive


def test_gnumeric_resaves(office: Office, gnumeric: Gnumeric, workbook: Path, tmp_path: Path) -> None:
    """Values survive, and results that the file brought are replaced only when asked."""
    kept = gnumeric.resave(workbook, tmp_path / "a.xlsx")
    renewed = gnumeric.resave(workbook, tmp_path / "a.csv", recalculate=True)
    with office.open(kept) as document:
        assert document.read(HIDDEN) == {"A1": Cell(2021.0)}
    assert "777" not in renewed.read_text(encoding="utf-8")
    assert "777" in gnumeric.resave(workbook, tmp_path / "b.csv").read_text(encoding="utf-8")
    with pytest.raises(ProgramFailed, match="ssconvert"):
        gnumeric.resave(tmp_path / "none.xlsx", tmp_path / "c.xlsx")


def test_exceljs_resaves(office: Office, exceljs: ExcelJS, workbook: Path, tmp_path: Path) -> None:
    """Values and formulas survive a script that knows nothing of the workbook."""
    saved = exceljs.resave(workbook, tmp_path / "另存.xlsx")
    with office.open(workbook) as before, office.open(saved) as after:
        assert after.read(CHECKS) == before.read(CHECKS)
        assert after.sheets() == before.sheets()
    with pytest.raises(ProgramFailed, match=r"exceljs|node"):
        exceljs.resave(tmp_path / "none.xlsx", tmp_path / "c.xlsx")


def test_the_validator_knows_good_from_bad(validator: Validator, workbook: Path, tmp_path: Path) -> None:
    """A workbook and a document are clean; a damaged one is described, a file that is none as well."""
    written = word_document(tmp_path / "报告.docx", "一、总体情况")
    text, damaged = tmp_path / "文字.xlsx", tmp_path / "坏.xlsx"
    text.write_text("无", encoding="utf-8")
    with zipfile.ZipFile(workbook) as good, zipfile.ZipFile(damaged, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b"<sheetProtection", b"<sheetGuard"))
    found = validator.problems([workbook, written, text, damaged])
    assert list(found) == [workbook, written, text, damaged]
    assert found[workbook] == found[written] == []
    assert len(found[text]) == 1
    assert any("sheetGuard" in problem for problem in found[damaged])


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program a test is skipped with its name in the reason; where all are required it fails."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProgramMissing, match="Gnumeric"):
        gnumeric_program.find()
    monkeypatch.delenv("XLTOOL_REQUIRE_PROGRAMS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Gnumeric"):
        present(gnumeric_program.find)
    monkeypatch.setenv("XLTOOL_REQUIRE_PROGRAMS", "1")
    with pytest.raises(pytest.fail.Exception, match="Gnumeric"):
        present(gnumeric_program.find)

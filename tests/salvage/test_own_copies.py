"""Our own workbook saved by other programs and in other formats: read by its labels, nothing lost, nothing made up."""

from __future__ import annotations

import contextlib
import io
import re
import time
import zipfile
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
import xlsxwriter

from tests.documents.test_sheets import encrypted
from tests.packages import packed
from tests.programs.gnumeric import Gnumeric
from tests.programs.libreoffice import find_soffice
from tests.programs.node import ExcelJS
from tests.programs.plugin import present
from tests.programs.program import run
from tests.salvage.conftest import Convert
from tests.salvage.printed import printed
from tests.salvage.test_cli import Xltool, xltool
from tests.salvage.test_reports import filing
from xltool.documents import read_document
from xltool.documents.model import Cell, DocTable, Document, Text
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Form
from xltool.salvage import Sureness, salvage
from xltool.workbook.layout.addresses import COVER, HIDDEN
from xltool.workbook.writer import write_workbook

__all__ = ["xltool"]

_EVERY_SHEET = ",0,false,true,false,false,false,-1"
_WESTERN, _UTF8 = 1, 76

ENCODINGS = {
    "UTF-8": "utf-8", "UTF-8 with a mark": "utf-8-sig", "GBK, as Excel and WPS save CSV": "gb18030", "UTF-16": "utf-16",
}  # fmt: skip


@pytest.fixture(scope="module")
def sheets_as_csv(form: Form, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, bytes]]:
    """Every sheet of a workbook as LibreOffice writes it, by the number of the encoding, by its name."""
    soffice = present(find_soffice)
    folder = tmp_path_factory.mktemp("csv")
    source = folder / "book.xlsx"
    source.write_bytes(write_workbook(form, filing(form)))
    for encoding in (_WESTERN, _UTF8):
        command: list[str | Path] = [
            soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
            f"csv:Text - txt - csv (StarCalc):44,34,{encoding},1,{_EVERY_SHEET}",
            "--outdir", folder / str(encoding), source,
        ]  # fmt: skip
        run(command, timeout=90)
    return {
        encoding: {path.stem.removeprefix("book-"): path.read_bytes() for path in (folder / str(encoding)).iterdir()}
        for encoding in (_WESTERN, _UTF8)
    }


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_sheet_alone_as_csv(form: Form, sheets_as_csv: dict[int, dict[str, bytes]], encoding: str) -> None:
    """Figures and texts of a sheet, whole; what the workbook counts and drafts itself is nobody's text."""
    written = filing(form)
    values: dict[FigureId, Decimal] = {}
    texts: dict[str, str] = {}
    for name, data in sheets_as_csv[_UTF8].items():
        if name in (*HIDDEN, "校验"):
            continue
        # Windows programs end lines with both signs.
        saved = data.decode().replace("\n", "\r\n").encode(ENCODINGS[encoding])
        salvaged = salvage(read_document(saved, f"{name}.csv"), (form,))
        assert set(salvaged.filing.unread.values()) == set()
        values |= salvaged.filing.values
        texts |= salvaged.filing.texts
        if name == COVER:
            assert (salvaged.filing.unit.name, salvaged.filing.year) == (written.unit.name, written.year)
    assert values == written.values
    # A CSV has lines within a cell, too.
    assert texts == written.texts


def test_chinese_that_the_encoding_does_not_have(sheets_as_csv: dict[int, dict[str, bytes]]) -> None:
    """LibreOffice writes a ? for each character; that is said, whatever else stands in the sheet."""
    for name, data in sheets_as_csv[_WESTERN].items():
        if name not in HIDDEN:
            with pytest.raises(FileRefused, match=r"汉字都成了“\?”.*UTF-8") as refused:
                read_document(data, f"{name}.csv")
            assert refused.value.sentence.count("。") == 2


def test_questions_are_no_lost_chinese() -> None:
    """A text with many question marks, of which every one was typed."""
    typed = "为什么没有公开??什么时候公开??谁来答复??要不要收费??到哪里去看??".encode()
    assert read_document(typed).blocks
    assert read_document(b"Why?? When?? Who?? Where?? How?? What?? Is that all of it?").blocks


# --- .xls -------------------------------------------------------------------------------------------------


def formulas() -> bytes:
    """Formulas with texts, with numbers, with 0, as a program stores them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["无", 0, 5])
        sheet.write_formula(1, 0, "=A1", None, "无")
        sheet.write_formula(1, 1, '=IF(B1=0,"/",B1)', None, "/")
        sheet.write_formula(1, 2, '="共"&C1', None, "共5")
        sheet.write_formula(2, 0, "=B1", None, 0)
        sheet.write_formula(2, 1, "=C1", None, 5)
        sheet.write_formula(3, 0, "=SUM(B1:B1)", None, 0)
        sheet.write_formula(3, 1, "=B1*C1+B1", None, 0)
        sheet.write_formula(3, 2, "=ROUND(B1,2)", None, 0)
        sheet.write_formula(3, 3, "=(B1+B1)", None, 0)
    return file.getvalue()


def read_formulas(data: bytes) -> dict[str, str]:
    (table,) = (block for block in read_document(data).blocks if isinstance(block, DocTable))
    return {f"{'ABCD'[cell.column]}{cell.row + 1}": cell.text for cell in table.cells if cell.row}


def test_a_lost_text_is_no_zero(convert: Convert, gnumeric: Gnumeric, tmp_path: Path) -> None:
    """LibreOffice, converting, writes 0 for every text that a formula gives: only a 0 that must be one is read."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(formulas())
    zeros = dict.fromkeys(("A4", "B4", "C4", "D4"), "0")
    assert read_formulas(convert(source, "xls").read_bytes()) == {"B3": "5", **zeros}
    # A program that writes the texts is believed.
    kept = read_formulas(gnumeric.resave(source, tmp_path / "b.xls").read_bytes())
    assert kept == {"A2": "无", "B2": "/", "C2": "共5", "A3": "0", "B3": "5", **zeros}


# --- as other programs save it ----------------------------------------------------------------------------


def check_whole(form: Form, data: bytes, written: Filing, password: str | None = None) -> None:
    salvaged = salvage(read_document(data, password=password), (form,))
    assert salvaged.counted()[Sureness.DOUBTFUL] == 0
    assert salvaged.filing.values == written.values
    assert salvaged.filing.texts == written.texts
    assert (salvaged.filing.unit.name, salvaged.filing.year) == (written.unit.name, written.year)


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_saved_by_gnumeric(form: Form, gnumeric: Gnumeric, tmp_path: Path, suffix: str) -> None:
    """In each of its formats, by labels alone."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(write_workbook(form, filing(form, 5)))
    check_whole(form, gnumeric.resave(source, tmp_path / f"b.{suffix}").read_bytes(), filing(form, 5))


def test_saved_by_exceljs(form: Form, exceljs: ExcelJS, tmp_path: Path) -> None:
    """As a script in an office's own system saves it."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(write_workbook(form, filing(form, 6)))
    check_whole(form, exceljs.resave(source, tmp_path / "b.xlsx").read_bytes(), filing(form, 6))


def strict(data: bytes) -> bytes:
    """The same in the namespaces of Strict OOXML, which Excel offers for saving."""
    spellings = (
        (rb"http://schemas\.openxmlformats\.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (rb"http://schemas\.openxmlformats\.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"),
        (rb"http://schemas\.openxmlformats\.org/drawingml/2006/", b"http://purl.oclc.org/ooxml/drawingml/"),
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for spelling, other in spellings:
        parts = {name: re.sub(spelling, other, part) for name, part in parts.items()}
    return packed(parts)


def test_strict_openxml(form: Form) -> None:
    """Excel's “Strict Open XML 电子表格”."""
    check_whole(form, strict(write_workbook(form, filing(form, 7))), filing(form, 7))


def test_encrypted(form: Form) -> None:
    """With the password to open it."""
    locked = encrypted(write_workbook(form, filing(form, 8)), "年报2024")
    check_whole(form, locked, filing(form, 8), "年报2024")
    with pytest.raises(FileRefused, match="--password"):
        read_document(locked)


def test_the_command_asks_for_the_password(form: Form, xltool: Xltool, tmp_path: Path) -> None:
    """xltool salvage: refused without it and with another; with it every figure is there."""
    locked = tmp_path / "加密.xlsx"
    locked.write_bytes(encrypted(write_workbook(form, filing(form, 9)), "年报2024"))
    for arguments, said in ((), "--password"), (("--password", "年报"), "不对"):
        refused = xltool("salvage", locked, *arguments)
        assert refused.code == 1
        assert said in refused.out + refused.err
    assert "202 个数：确定 202，存疑 0，没有读到 0" in xltool("salvage", locked, "--password", "年报2024").out


# --- limits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "blocks",
    [
        [Text(f"第{number}条", f"第{number}段") for number in range(41_000)],
        [Text("字" * 1_000, f"第{number}段") for number in range(401)],
        [
            DocTable(tuple(Cell("1", row, column) for row in range(900) for column in range(10)), f"第{number}个表格")
            for number in range(3)
        ],
    ],
    ids=["paragraphs", "letters", "cells"],
)
def test_what_takes_too_long_is_refused(form: Form, blocks: list[Text | DocTable]) -> None:
    """No report is that long; laying labels on it would take minutes."""
    started = time.monotonic()
    with pytest.raises(FileRefused, match="内容过大"):
        salvage(Document("docx", tuple(blocks)), (form,))
    assert time.monotonic() - started < 1.0


def test_a_large_document_is_still_read_in_time(form: Form) -> None:
    """Within what is read, thousands of labels in any order take seconds."""
    tables = [printed(table, {}) for table in form.tables if table.printed]
    labels = [cell.text for table in tables for cell in table.cells if cell.text]
    chance = Random(1)
    cells = tuple(Cell(chance.choice(labels), row, column) for row in range(900) for column in range(10))
    blocks = [DocTable(cells, f"第{number}个表格", spreadsheet=True) for number in range(2)]
    started = time.monotonic()
    with contextlib.suppress(FileRefused):
        salvage(Document("xlsx", tuple(blocks)), (form,))
    assert time.monotonic() - started < 10.0

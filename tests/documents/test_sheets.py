"""Workbooks of all kinds say the same: merged cells, exact numbers, results of formulas, hidden sheets."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import msoffcrypto
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile

from tests.documents.shown import lines, shown, tables
from tests.packages import packed, parts_of, worksheet
from tests.programs.gnumeric import Gnumeric
from tests.programs.libreoffice import Office
from xltool.documents import read_document
from xltool.documents.model import Cell
from xltool.documents.spans import spanned
from xltool.errors import FileRefused


def written() -> bytes:
    """Two visible sheets and a hidden one; the second starts away from the corner."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表三")
        sheet.merge_range(0, 0, 1, 1, "项目")
        sheet.merge_range(0, 2, 0, 3, "申请人情况")
        sheet.write_row(1, 2, ["自然人", "总计"])
        sheet.merge_range(2, 0, 3, 0, "办理")
        sheet.write_row(2, 1, ["公开", 12])
        sheet.write_row(3, 1, ["不予公开\n（其他）", 72701.257799999992])
        sheet.write_formula(2, 3, "=SUM(C3)", None, 12)
        sheet.write_formula(3, 3, '=IF(TRUE,"相符","")', None, "相符")
        dated = book.add_worksheet("说明")
        dated.write_datetime(
            2, 1, __import__("datetime").date(2022, 1, 20), book.add_format({"num_format": "yyyy/m/d"})
        )
        dated.write_boolean(2, 2, True)
        dated.write_string(4, 1, " 0123 ")
        book.add_worksheet("底稿").write(0, 0, "不看")
        book.worksheets()[2].hide()
    return file.getvalue()


TABLE = lines("""
    项目 [2x2] | 申请人情况 [1x2]
    自然人 | 总计
    办理 [2x1] | 公开 | 12 | 12=
    不予公开/（其他） | 72701.2578 | 相符=
""")
NOTE = "隐藏的工作表“底稿”没有读。"


def test_a_workbook() -> None:
    """What its visible sheets show, at the addresses where it stands; the hidden one is named."""
    document = read_document(written())
    first, second = tables(document)
    assert (document.kind, document.notes) == ("xlsx", (NOTE,))
    assert (first.name, first.place, first.spreadsheet) == ("表三", "表三", True)
    assert shown(first) == TABLE
    assert [cell.number for cell in first.cells if cell.column == 2 and cell.row > 1] == [
        Decimal(12),
        Decimal("72701.2578"),
    ]
    assert [(cell.row, cell.column, cell.text) for cell in second.cells] == [
        (2, 1, "2022年1月20日"), (2, 2, "TRUE"), (4, 1, "0123"),
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_saved_by_libreoffice_as(suffix: str, office: Office, tmp_path: Path) -> None:
    """.xls (and .et, which is the same) and .ods say the same as the .xlsx they were made from."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(written())
    with office.open(source) as document:
        document.save(tmp_path / f"a.{suffix}")
    read_back = read_document((tmp_path / f"a.{suffix}").read_bytes())
    assert (read_back.kind, read_back.notes) == (suffix, (NOTE,))
    assert shown(tables(read_back)[0]) == TABLE
    assert tables(read_back)[0].cells[-2].number == Decimal("72701.2578")
    assert [(cell.row, cell.column, cell.text) for cell in tables(read_back)[1].cells] == [
        (2, 1, "2022年1月20日" if suffix == "xls" else "2022/1/20"), (2, 2, "TRUE"), (4, 1, "0123"),
    ]  # fmt: skip


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_saved_by_gnumeric_as(suffix: str, gnumeric: Gnumeric, tmp_path: Path) -> None:
    """Gnumeric's spelling of the same formats."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(written())
    saved = gnumeric.resave(source, tmp_path / f"b.{suffix}")
    assert shown(tables(read_document(saved.read_bytes()))[0]) == TABLE


def encrypted(plain: bytes, password: str) -> bytes:
    """``plain`` with a password to open it."""
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(password, out)
    return out.getvalue()


def test_a_password() -> None:
    """Asked for when missing, refused when wrong; the one that Excel uses without asking needs no asking."""
    locked = encrypted(written(), "密码123")
    with pytest.raises(FileRefused, match="--password"):
        read_document(locked)
    with pytest.raises(FileRefused, match="不对"):
        read_document(locked, password="密码12")
    assert shown(tables(read_document(locked, password="密码123"))[0]) == TABLE
    assert msoffcrypto.OfficeFile(io.BytesIO(locked)).is_encrypted()
    assert shown(tables(read_document(encrypted(written(), "VelvetSweatshop")))[0]) == TABLE


def test_one_xml_file() -> None:
    """Excel 2003's XML: indexes that skip, merges, formulas, hidden sheets."""
    xml = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
      xmlns:x="urn:schemas-microsoft-com:office:excel">
    <Worksheet ss:Name="表二"><Table>
      <Row><Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">信息<B>内容</B></Data></Cell>
           <Cell><Data ss:Type="String">制发</Data></Cell></Row>
      <Row ss:Index="3"><Cell ss:Index="2"><Data ss:Type="String">规章</Data></Cell>
           <Cell ss:Formula="=R1C1"><Data ss:Type="Number">2.50</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>
    </Table></Worksheet>
    <Worksheet ss:Name="底稿"><Table><Row><Cell><Data ss:Type="String">不看</Data></Cell></Row></Table>
    <x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"""
    document = read_document(xml.encode())
    assert (document.kind, document.notes) == ("xml", (NOTE,))
    assert shown(tables(document)[0]) == "信息内容 [2x2] | 制发\n规章 | 2.5= | TRUE"


def test_merges_beyond_the_content() -> None:
    """A merge over whole columns reaches as far as there is content; what lies under a merge is not there."""
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>标题</t></is></c></row><row r="3"><c r="B3"><v>5</v></c></row>'
    merges = '<mergeCells><mergeCell ref="A1:C20000"/><mergeCell ref="E1:E2"/></mergeCells>'
    (table,) = tables(read_document(packed(parts_of(worksheet(rows, after=merges)))))
    assert shown(table) == "标题 [3x3]"


def test_merges_never_overlap() -> None:
    """Of two merges that overlap, which no program writes, the first counts."""
    cells = {(row, column): Cell(f"{row}{column}", row, column) for row in range(3) for column in range(3)}
    made = spanned(cells, [(0, 0, 1, 1), (1, 1, 2, 2)])
    covered = [(cell.row + r, cell.column + c) for cell in made for r in range(cell.rows) for c in range(cell.columns)]
    assert len(covered) == len(set(covered)) == 9


def test_an_empty_workbook_is_refused() -> None:
    """Nothing typed, nothing read."""
    with pytest.raises(FileRefused, match="没有文字"):
        read_document(packed(parts_of(worksheet(""))))

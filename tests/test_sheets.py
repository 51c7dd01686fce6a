"""What a returned workbook says, cell by cell, whatever program saved it."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator

from tests.packages import (
    MAIN,
    OFFICE,
    STRICT_MAIN,
    STRICT_OFFICE,
    packed,
    parts_of,
    relationships,
    strings,
    workbook,
    worksheet,
)
from xltool.errors import FileRefused
from xltool.spreadsheet import plainxml, sheets, styles
from xltool.spreadsheet.cells import Cell
from xltool.spreadsheet.package import open_package
from xltool.spreadsheet.sheets import Sheet, Workbook, read_workbook
from xltool.spreadsheet.shift import shifted

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m"/>'
    '<numFmt numFmtId="165" formatCode="[Red]0.00&quot;ms&quot;;General"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0"/><xf numFmtId="14" fontId="0"/>'
    '<xf numFmtId="164" fontId="0"/><xf numFmtId="165" fontId="0"/></cellXfs>'
    '<dxfs count="1"><dxf><numFmt numFmtId="165" formatCode="d"/></dxf></dxfs></styleSheet>'
)


def number(text: str, formula: str | None = None) -> Cell:
    return Cell("n", text, formula, False)


def text(content: str, formula: str | None = None) -> Cell:
    return Cell("s", content, formula, False)


def read_rows(rows: str, shared: str = "") -> dict[tuple[int, int], Cell]:
    return read_workbook(workbook(worksheet(rows), shared=shared, styles=STYLES)).sheets[0].cells


def read_slowly(data: bytes) -> Workbook:
    """The same without the short cuts for the usual spelling."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "plain_rows", lambda _part: None)
        patch.setattr(styles, "plain_strings", lambda _part: None)
        patch.setattr(styles, "plain_formats", lambda _part: None)
        return read_workbook(data)


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        ('<row r="2"><c r="C2"><v>1.5</v></c></row>', {(1, 2): number("1.5")}),
        ('<row r="1"><c r="A1" t="n"><v>1</v></c></row>', {(0, 0): number("1")}),
        ("<row><c><v>1</v></c><c/><c><v>2</v></c></row>", {(0, 0): number("1"), (0, 2): number("2")}),
        (
            '<row r="3"><c r="B3"><v>1</v></c><c><v>2</v></c></row>',
            {(2, 1): number("1"), (2, 2): number("2")},
        ),
        ('<row r="3"/><row><c><v>1</v></c></row>', {(3, 0): number("1")}),
        ('<row r="1"><c r="A1" t="b"><v>1</v></c></row>', {(0, 0): Cell("b", "1", None, False)}),
        ('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>', {(0, 0): Cell("e", "#REF!", None, False)}),
        (
            '<row r="1"><c r="A1" t="d"><v>2024-01-03</v></c></row>',
            {(0, 0): Cell("d", "2024-01-03", None, True)},
        ),
        ('<row r="1"><c r="A1" t="inlineStr"><is><t>无</t></is></c></row>', {(0, 0): text("无")}),
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><r><t>十</t></r><r><t>二</t></r>'
            '<rPh sb="0" eb="1"><t>shi</t></rPh></is></c></row>',
            {(0, 0): text("十二")},
        ),
        (
            '<row r="1"><c r="A1" t="str"><f>B1&amp;"&lt;"</f><v>a&lt;</v></c></row>',
            {(0, 0): text("a<", 'B1&"<"')},
        ),
        ('<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c></row>', {(0, 0): text("", "B1")}),
        ('<row r="1"><c r="A1"><f>B1</f></c></row>', {(0, 0): number("", "B1")}),
        ('<row r="1"><c r="A1"><f/><v>3</v></c></row>', {(0, 0): number("3")}),
        ('<row r="1"><c r="A1"><f aca="false">B1</f><v>3</v></c></row>', {(0, 0): number("3", "B1")}),
        (
            '<row r="1"><c r="A1" cm="1"><f t="array" ref="A1:A2">B1:B2</f><v>3</v></c></row>',
            {(0, 0): number("3", "B1:B2")},
        ),
        (
            '<row r="1"><c r="A1"><f t="dataTable" ref="A1"/><v>3</v></c></row>',
            {(0, 0): number("3", "TABLE()")},
        ),
        ('<row r="1"><c r="A1" s="1"/><c r="B1" t="s"/><c r="C1"><v/></c></row>', {}),
        ('<row r="1"><c r="A1" s="1"><v>45294</v></c></row>', {(0, 0): Cell("n", "45294", None, True)}),
        ('<row r="1"><c r="A1" s="2"><v>45294</v></c></row>', {(0, 0): Cell("n", "45294", None, True)}),
        ('<row r="1"><c r="A1" s="3"><v>12</v></c></row>', {(0, 0): number("12")}),
        ('<row r="1"><c r="A1"><!-- x --><v>1<![CDATA[2]]></v></c></row>', {(0, 0): number("12")}),
        (
            '<row r="1"><c r="A1" t="str"><v>a&#10;b_x000D__x005F_x000D_</v></c></row>',
            {(0, 0): text("a\nb\r_x000D_")},
        ),
        ('<row r="1"><c r="A1" t="str"><v>&amp;lt;</v></c></row>', {(0, 0): text("&lt;")}),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', {(0, 0): number("2")}),
    ],
)
def test_spellings_of_a_cell(rows: str, cells: dict[tuple[int, int], Cell]) -> None:
    """Every way in which programs write a cell gives the same plain value."""
    assert read_rows(rows) == cells


def test_shared_texts() -> None:
    """Runs are joined, phonetic guides left out, escapes decoded, spaces kept."""
    table = strings(
        "<t>无</t>",
        '<r><rPr><b/></rPr><t>部分</t></r><r><t xml:space="preserve"> 公开</t></r>',
        '<t>东京</t><rPh sb="0" eb="2"><t>とう</t></rPh>',
        "<t>a_x000D_\nb &lt;&amp;lt;</t>",
        "",
    )
    rows = '<row r="1">' + "".join(f'<c r="{c}1" t="s"><v>{n}</v></c>' for n, c in enumerate("ABCDE")) + "</row>"
    read = {place: cell.text for place, cell in read_rows(rows, table).items()}
    assert read == {(0, 0): "无", (0, 1): "部分 公开", (0, 2): "东京", (0, 3): "a\r\nb <&lt;"}


def test_shared_formulas_are_written_out() -> None:
    """A cell that only names a shared formula has the formula as it reads there, even before the original."""
    rows = (
        '<row r="1"><c r="B1"><f t="shared" si="0"/><v>0</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" ref="A2:B3" si="0">SUM(A3:$C$9)&amp;A$1</f><v>1</v></c>'
        '<c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="B3"><f t="shared" si="0"/><v>3</v></c>'
        '<c r="C3"><f t="shared" si="7"/><v>4</v></c></row>'
    )
    formulas = {place: cell.formula for place, cell in read_rows(rows).items()}
    assert formulas == {
        (0, 1): "SUM(B2:$C$9)&B$1",
        (1, 0): "SUM(A3:$C$9)&A$1",
        (1, 1): "SUM(B3:$C$9)&B$1",
        (2, 1): "SUM(B4:$C$9)&B$1",
        (2, 2): "#REF!",
    }


@pytest.mark.parametrize(
    "formula",
    [
        "A1+$B$2+C$3+$D4",
        'IF(A1>0,"A1 ""B2""",B2)',
        "SUM(A:B)+SUM($A:C)+SUM(2:3)",
        "LOG10(A1)+Sheet1!B2+'表 A1'!C3",
        "INDEX($A$1:$K$40,3,B2)",
        "1E5+2.5E-3+E5",
        "表二!C5*10%",
        "_xlfn.STDEV.S(A1:B7)",
        "{1,2;3,4}",
    ],
)
def test_shifting_as_openpyxl_does(formula: str) -> None:
    """Relative references move and nothing else: the same as the translator of openpyxl."""
    expected = Translator("=" + formula, origin="E5").translate_formula("G12")
    assert "=" + shifted(formula, 7, 2) == expected


def test_shifting_off_the_sheet() -> None:
    """A reference that leaves the sheet is #REF!; names that look like cells stay."""
    assert shifted("A1+B2", -1, 0) == "#REF!+B1"
    assert shifted("金额A1+AB1_x+R1C1", 1, 1) == "金额A1+AB1_x+R1C1"


def sheet_of(parts: dict[str, str | bytes]) -> Sheet:
    return read_workbook(packed(parts)).sheets[0]


def test_set_up_of_a_sheet() -> None:
    """Merges, protection, hidden rows and columns are told; what lies too far out is counted, not kept."""
    rows = (
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="0"/><row r="4" hidden="true"/>'
        '<row r="1048576" hidden="1"><c r="XFD1048576"><v>9</v></c></row>'
    )
    after = (
        '<sheetProtection sheet="1" objects="1"/><mergeCells count="3"><mergeCell ref="B2:D4"/>'
        '<mergeCell ref="A1:A1048576"/><mergeCell ref="C9:C9"/></mergeCells>'
        '<dataValidations count="1"><dataValidation sqref="A1"><formula1>1</formula1></dataValidation>'
        "</dataValidations>"
    )
    before = (
        '<cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/><col min="500" max="16384" hidden="1"/></cols>'
    )
    sheet = sheet_of(parts_of(worksheet(rows, after, before)))
    assert sheet.cells == {(0, 0): number("1")}
    assert sheet.merges == ((1, 1, 3, 3), (8, 2, 8, 2))
    assert sheet.protected
    assert sheet.hidden_rows == {0, 3}
    assert sheet.hidden_columns == {1, 2, *range(499, 512)}
    assert sheet.ignored == 2


def test_set_up_in_an_unusual_order() -> None:
    """Merges behind the validations, where they do not belong, are found all the same."""
    after = '<dataValidations/><mergeCells><mergeCell ref="A1:B1"/></mergeCells><sheetProtection sheet="true"/>'
    sheet = sheet_of(parts_of(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>', after)))
    assert sheet.merges == ((0, 0, 0, 1),)
    assert sheet.protected


@pytest.mark.parametrize("target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "worksheets\\sheet1.xml"])
def test_targets(target: str) -> None:
    """Parts are found by relative and absolute names, with backslashes and in any case."""
    parts = parts_of(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    parts["xl/_rels/workbook.xml.rels"] = relationships(
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{target}"/>'
    )
    parts["XL/Worksheets/Sheet1.XML"] = parts.pop("xl/worksheets/sheet1.xml")
    assert sheet_of(parts).cells == {(0, 0): number("1")}


def test_prefixed_names_and_utf_16() -> None:
    """Element names may carry a prefix, and a part may be in UTF-16."""
    rows = '<x:row r="1"><x:c r="A1" t="str"><x:v>无</x:v></x:c></x:row>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    assert sheet_of(parts_of(sheet)).cells == {(0, 0): text("无")}
    encoded = ('<?xml version="1.0" encoding="UTF-16"?>' + sheet).encode("utf-16")
    assert sheet_of(parts_of(encoded)).cells == {(0, 0): text("无")}


def test_strict_files() -> None:
    """A file saved as Strict Open XML reads like any other."""
    parts = parts_of(worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), shared=strings("<t>无</t>"))
    strict: dict[str, str | bytes] = {
        name: str(content).replace(MAIN, STRICT_MAIN).replace(OFFICE, STRICT_OFFICE) for name, content in parts.items()
    }
    assert sheet_of(strict).cells == {(0, 0): text("无")}


def test_the_workbook_around_the_sheets() -> None:
    """States, other kinds of sheets, properties, macros, links to other files, the program that saved it."""
    parts = parts_of(*[worksheet("")] * 3)
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="图" sheetId="9" r:id="c"/>'
        '<sheet name="甲&amp;乙" sheetId="1" r:id="rId1"/>'
        '<sheet name="乙" sheetId="2" state="hidden" r:id="rId2"/>'
        '<sheet name="丙" sheetId="3" state="veryHidden" r:id="rId3"/></sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = str(parts["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>",
        f'<Relationship Id="c" Type="{OFFICE}/chartsheet" Target="chartsheets/sheet1.xml"/>'
        f'<Relationship Id="l" Type="{OFFICE}/externalLink" Target="externalLinks/externalLink1.xml"/>'
        "</Relationships>",
    )
    parts["xl/vbaProject.bin"] = "macros"
    parts["_rels/.rels"] = str(parts["_rels/.rels"]).replace(
        "</Relationships>",
        f'<Relationship Id="p" Type="{OFFICE}/custom-properties" Target="docProps/custom.xml"/>'
        f'<Relationship Id="e" Type="{OFFICE}/extended-properties" Target="docProps/app.xml"/>'
        "</Relationships>",
    )
    parts["docProps/custom.xml"] = (
        '<Properties xmlns="a" xmlns:vt="b">'
        '<property pid="2" name="表单编号"><vt:lpwstr>GK21</vt:lpwstr></property>'
        '<property pid="3" name="年"><vt:i4>2024</vt:i4></property></Properties>'
    )
    parts["docProps/app.xml"] = "<Properties><Application>WPS 表格</Application></Properties>"
    book = read_workbook(packed(parts))
    assert [(sheet.name, sheet.state) for sheet in book.sheets] == [
        ("甲&乙", "visible"),
        ("乙", "hidden"),
        ("丙", "veryHidden"),
    ]
    assert book.properties == {"表单编号": "GK21", "年": "2024"}
    assert book.has_macros
    assert book.external_links == 1
    assert book.creator == "WPS 表格"


def filled_workbook() -> bytes:
    """A workbook of many kinds of cells as xlsxwriter writes it."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    date, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
    book.set_custom_property("表单编号", "GK21-0001")
    for name in ("表二", "表三 & 四"):
        sheet = book.add_worksheet(name)
        for row in range(40):
            sheet.write_string(row, 0, f"（{row}）<其他> & “处理”\n第二行")
            sheet.write_number(row, 1, 72701.2578 * row)
            sheet.write_formula(row, 2, f'=IF(B{row + 1}<>0,"√","×")&$A$1', bold, "√")
            sheet.write_blank(row, 3, None, bold)
            sheet.write_boolean(row, 4, row % 2 == 0)
            sheet.write_datetime(row, 5, datetime.datetime(2024, 1, 1 + row % 28), date)
            sheet.write_rich_string(row, 6, "部分", bold, "公开", f" {row}")
        sheet.merge_range("A50:C51", "合并")
        sheet.protect()
        sheet.conditional_format("B1:B9", {"type": "cell", "criteria": "<", "value": 0, "format": bold})
        sheet.data_validation("B1:B9", {"validate": "integer", "criteria": ">=", "value": 0})
    book.close()
    return file.getvalue()


FILLED = filled_workbook()


def witness(data: bytes) -> dict[tuple[str, int, int], tuple[Any, str | None]]:
    """Value and formula of every cell with content, by openpyxl."""
    values = openpyxl.load_workbook(BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(BytesIO(data))
    found: dict[tuple[str, int, int], tuple[Any, str | None]] = {}
    for sheet in formulas.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            formula = str(cell.value)[1:] if cell.data_type == "f" else None
            value = values[sheet.title].cell(cell.row, cell.column).value
            found[sheet.title, cell.row - 1, cell.column - 1] = (value, formula)
    return found


def meaning(cell: Cell) -> Any:
    """A cell's value as openpyxl would give it."""
    if cell.is_date:
        return datetime.datetime(1899, 12, 30) + datetime.timedelta(days=float(cell.text))
    return {"n": lambda: float(cell.text), "b": lambda: cell.text == "1"}.get(cell.kind, lambda: cell.text)()


def test_openpyxl_reads_the_same() -> None:
    """Every value, formula, merge and property agrees with an independent reader."""
    book = read_workbook(FILLED)
    read = {
        (sheet.name, *place): (meaning(cell), cell.formula)
        for sheet in book.sheets
        for place, cell in sheet.cells.items()
    }
    assert read == witness(FILLED)
    assert len(read) == 2 * (40 * 6 + 1)
    assert all(sheet.merges == ((49, 0, 50, 2),) and sheet.protected for sheet in book.sheets)
    assert book.properties == {"表单编号": "GK21-0001"}
    assert book.creator == "Microsoft Excel"


def test_openpyxl_as_writer() -> None:
    """A file saved again by another program reads the same."""
    file = BytesIO()
    openpyxl.load_workbook(BytesIO(FILLED)).save(file)
    # openpyxl writes no stored results and joins the runs of rich text.
    first = [sheet.cells for sheet in read_workbook(FILLED).sheets]
    again = [sheet.cells for sheet in read_workbook(file.getvalue()).sheets]
    without_results = [
        {place: cell if cell.formula is None else Cell("n", "", cell.formula, False) for place, cell in cells.items()}
        for cells in first
    ]
    assert again == without_results


def test_short_cuts_are_taken() -> None:
    """What xlsxwriter writes is in the usual spelling."""
    package = open_package(FILLED)
    assert plainxml.plain_rows(package.part("xl/worksheets/sheet1.xml"))
    assert plainxml.plain_strings(package.part("xl/sharedStrings.xml"))
    assert plainxml.plain_formats(package.part("xl/styles.xml"))


def test_short_cuts_change_nothing() -> None:
    """With and without the short cuts a whole workbook reads the same."""
    assert read_workbook(FILLED) == read_slowly(FILLED)


ROW_TAGS = ['<row r="1">', "<row>", '<row r="2" hidden="1" ht="3">', '<row spans="1:2" r="7" hidden="true">']
CELLS = [
    '<c r="A1"/>',
    '<c r="B1" s="1"/>',
    '<c r="B2" s="1"><v>1</v></c>',
    '<c r="C1" t="s"><v>0</v></c>',
    '<c r="D1" t="str"><f>A1&amp;"&lt;&gt;"</f><v>&quot;x&apos;&amp;lt;</v></c>',
    '<c r="A2"><f t="shared" ref="A2:A3" si="0">B1</f><v>1</v></c>',
    '<c r="A3"><f t="shared" si="0"/><v>1</v></c>',
    '<c r="E1"><f/></c>',
    '<c r="E2" t="e"><f aca="false">1/0</f><v>#DIV/0!</v></c>',
    '<c r="XFD1"><v>1</v></c>',
    '<c r="A1" t="b"><v>1</v></c>',
    '<c r="A9"><v>1&lt;2</v></c>',
    '<c r="H4" t="str"><v>_x000D_</v></c>',
    "<row/>",
    "</row><row>",
]
# In any of these the short cut has to give up.
UNUSUAL = [
    "",
    "",
    "<c><v>5</v></c>",
    '<c r="F1" t="inlineStr"><is><t>无</t></is></c>',
    '<c r="G1"><v>1\r\n</v></c>',
    '<c r="G2"><v>&#50;</v></c>',
    '<c r="G3"><v><!-- -->1</v></c>',
    "\n",
    "<c r='H1'/>",
    '<c s="1" r="H2"><v>1</v></c>',
    '<c r="H3"><v>1</v><extLst/></c>',
]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(ROW_TAGS), st.lists(st.sampled_from(CELLS))), max_size=4),
    st.sampled_from(UNUSUAL),
)
def test_short_cuts_never_differ(rows: list[tuple[str, list[str]]], unusual: str) -> None:
    """For any mixture of spellings that is well-formed, the short cuts give what the long way gives."""
    written = "".join(f"{tag}{''.join(cells)}{unusual}</row>" for tag, cells in rows)
    data = workbook(worksheet(written), shared=strings("<t>无 &lt;</t>"), styles=STYLES)
    try:
        expected = read_slowly(data)
    except FileRefused:
        return
    assert read_workbook(data) == expected


@pytest.mark.parametrize("reference", ["A4:@3", "A:B", ""])
def test_a_merge_that_is_nowhere_is_passed_over(reference: str) -> None:
    """What LibreOffice leaves of a merge when a sheet goes (A4:@3) does not spoil the cells, and is counted."""
    merges = f'<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="{reference}"/></mergeCells>'
    (sheet,) = read_workbook(workbook(worksheet('<row r="1"><c r="A1"><v>7</v></c></row>', merges))).sheets
    assert (sheet.cells[0, 0].text, sheet.merges, sheet.ignored) == ("7", ((0, 0, 0, 1),), 1)

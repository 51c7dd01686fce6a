"""What people and programs do to a filled workbook: it is read all the same, and told exactly what happened."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.packages import packed
from tests.programs.libreoffice import Document, Office
from tests.workbook.reading import FORM, codes, read
from xltool.check.filing import check_filing
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit, from_json
from xltool.workbook.layout import make_layout
from xltool.workbook.layout.addresses import CHECKS, COVER, IDENTITY, PRIOR
from xltool.workbook.writer import write_workbook

SAMPLES = Path(__file__).parents[2] / "samples"
LAYOUT = make_layout(FORM, 2024, has_prior=True)
T3 = FORM.section_of("t3").sheet
T4 = FORM.section_of("t4").sheet


def sample(name: str) -> Filing:
    return from_json((SAMPLES / name).read_text(encoding="utf-8"))


FILLED, LAST_YEAR = sample("suqian-2024/filing.json"), sample("suqian-2024/prior.json")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """宿迁市 2024, complete, with last year's figures."""
    path = tmp_path_factory.mktemp("mangled") / "宿迁市.xlsx"
    path.write_bytes(write_workbook(FORM, FILLED, LAST_YEAR))
    return path


def at(figure: str) -> str:
    """The cell of a figure, a text or a declaration on its own sheet."""
    cell = LAYOUT.inputs.get(figure) or LAYOUT.figures[FigureId.parse(figure)]
    return cell.area.place.cell


def row_of(figure: str) -> int:
    return LAYOUT.figures[FigureId.parse(figure)].area.place.row + 1


@dataclass(frozen=True)
class Damage:
    """One thing done to the filled workbook, and the codes it leads to; nothing else may be found."""

    name: str
    do: Callable[[Document], None]
    found: dict[str, int] = field(default_factory=dict)
    says: str = ""
    """A piece of what is said."""


def typed(sheet: str, address: str, text: str) -> Callable[[Document], None]:
    return lambda document: document.type(sheet, {address: text})


def both(first: Callable[[Document], None], second: Callable[[Document], None]) -> Callable[[Document], None]:
    def do(document: Document) -> None:
        first(document)
        second(document)

    return do


def column(command: str, sheet: str, address: str) -> Callable[[Document], None]:
    return lambda document: document.command(f".uno:{command}", sheet, address)


DAMAGES = [
    Damage("nothing", lambda document: None),
    Damage(
        "row inserted", lambda d: d.insert_rows(T3, row_of("t3.r3_1.natural") + 1), {"W06": 1}, says="插入或删除了行列"
    ),
    Damage(
        "row inserted and used",
        both(lambda d: d.insert_rows(T3, 12), typed(T3, "B12", "其中：线上")),
        {"W06": 1, "W11": 1},
        says="表外写有“其中：线上”",
    ),
    Damage("three rows inserted above", lambda d: d.insert_rows(T4, 1, 3), {"W06": 1}),
    Damage("blank row deleted", lambda d: d.delete_rows(T3, row_of("t3.r4.natural") + 1), {"W06": 1}),
    Damage("column inserted", column("InsertColumnsBefore", T3, "E1"), {"W06": 1}),
    Damage("column inserted in front", column("InsertColumnsBefore", T4, "A1"), {"W06": 1}),
    Damage("sheet renamed", lambda d: d.rename_sheet(T3, "申请情况"), {"W06": 1}, says="“表三”改名为“申请情况”"),
    Damage("sheets reordered", both(lambda d: d.move_sheet(T3, 0), lambda d: d.move_sheet(IDENTITY, 0))),
    Damage("checks deleted", lambda d: d.delete_sheet(CHECKS), {"W06": 1}, says="没有工作表“校验”"),
    Damage("last year's sheet deleted", lambda d: d.delete_sheet(PRIOR), {"W06": 1}, says="没有工作表“上年数据”"),
    Damage(
        "label retyped",
        typed(T3, "C13", "1.属于工作秘密"),
        {"W10": 1},
        says="写的是“1.属于工作秘密”，应为“1.属于国家秘密”",
    ),
    Damage("label spaced out", typed(T3, "D7", "自 然 人")),
    Damage("heading retyped", typed(T3, "E8", "企业"), {"W10": 1}, says="应为“商业企业”"),
    Damage("label erased", lambda d: d.clear(T3, "C14"), {"W10": 1}, says="写的是“”"),
    Damage("total typed over, right", typed(T3, at("t3.r1.total"), "3525"), {"W08": 1}),
    Damage("total typed over, wrong", typed(T3, at("t3.r1.total"), "3526"), {"W07": 1}, says="已按 3525 采用"),
    Damage("total typed over with a text", typed(T3, at("t3.r1.total"), "无"), {"W07": 1}),
    Damage("total replaced by another formula", typed(T3, at("t3.r1.total"), "=D9+1"), {"W07": 1}),
    Damage("total erased", lambda d: d.clear(T3, at("t3.r1.total"))),
    Damage("live checks erased", lambda d: d.clear(T3, "D35:J40"), {"W11": 1}, says="自动计算的格被改写或清除"),
    Damage("declaration in other words", typed(T3, at("zero.t3"), "全部为0"), {"T08": 1}, says="写的是“全部为0”"),
    Damage("declaration refused", typed(T3, at("zero.t3"), "否")),
    Damage("note beside the table", typed(T3, "N40", "口径有变化"), {"W11": 1}, says="表外写有“口径有变化”"),
    Damage("another unit on the cover", typed(COVER, "C4", "宿迁市财政局"), {"W03": 1}, says="“宿迁市财政局”"),
    Damage("another number on the cover", typed(COVER, "E4", "GK21-2024-2222222-2"), {"W03": 1}, says="表单编号"),
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_damage_is_told_and_the_rest_is_read(office: Office, filled: Path, tmp_path: Path, damage: Damage) -> None:
    """Each damage leads to its findings and no others; every figure and text that is still there is read."""
    with office.open(filled) as document:
        for sheet in document.sheets():
            document.unprotect(sheet.name)
        damage.do(document)
        path = document.save(tmp_path / "returned.xlsx")
    returned = read(path.read_bytes())
    assert codes(returned) == damage.found, [finding.said for finding in returned.findings]
    assert damage.says in " ".join(finding.said for finding in returned.findings)
    assert (returned.filing, returned.prior) == (FILLED, LAST_YEAR)


TYPED = [
    # typed in LibreOffice, code found by the reader, number read, piece of what is said
    ("十二", "T03", "12", "（汉字数字）。已读作 12"),
    ("15件", "T03", "15", "（带单位）"),
    ("'1,234", "T03", "1234", "（带千分位逗号）"),
    ("'12", "T03", "12", "（文本格式的数字）"),
    ("１２", "", "12", ""),  # LibreOffice itself takes it for a number
    ("1,234", "", "1234", ""),
    ("12%", "", "0.12", ""),  # T04, found by checking
    ("-5", "", "-5", ""),
    ("2024年3月15日", "", "45366", ""),  # the format of the cell makes it a number: T05, found by checking
    ("无", "T02", "", "如果是 0，请只填数字 0"),
    ("没有", "T02", "", "如果是 0"),
    ("-", "T02", "", "如果是 0"),
    ("—", "T02", "", "如果是 0"),
    ("/", "T02", "", "如果是 0"),
    ("1.2万", "T02", "", "如果是 12000"),
    ("22（其中修订16件）", "T02", "", "如果是 22"),
    ("见附件", "T02", "", "填的是“见附件”"),
    ("TRUE", "T02", "", "填的是“TRUE”"),
    ("#N/A", "T02", "", "填的是“#N/A”"),
    ("=NA()", "T07", "", "错误值“#N/A”"),
    ("=1/0", "T07", "", "错误值“#DIV/0!”"),
    ("=5+3", "T06", "8", "公式 =5+3"),
    ('="十二"', "T06", "12", "公式"),
    ("='file:///tmp/别的.xlsx'#$Sheet1.A1", "T02", "", "公式引用了别的文件"),
    ("　", "", "", ""),
]


def test_odd_things_typed_into_number_cells(office: Office, filled: Path, tmp_path: Path) -> None:
    """What can mean one number is read and told; what cannot is quoted, with the number it likely means."""
    figures = [figure.id for figure in FORM.inputs if figure.id.table == "t3"][: len(TYPED)]
    with office.open(filled) as document:
        document.type(T3, {at(str(figure)): case[0] for figure, case in zip(figures, TYPED, strict=True)})
        path = document.save(tmp_path / "returned.xlsx")
    returned = read(path.read_bytes())
    told = {finding.figures[0]: finding for finding in returned.findings if finding.figures}
    rest = [finding.said for finding in returned.findings if not finding.figures]
    assert rest == ["文件里有 1 个外部链接。不影响读取，请确认没有要报的内容写在那里。"]
    for figure, (text, code, reads, says) in zip(figures, TYPED, strict=True):
        value = returned.filing.values.get(figure)
        assert ("" if value is None else str(value)) == reads, text
        assert (told[figure].code if figure in told else "") == code, text
        assert figure not in told or says in told[figure].said, told[figure].said
        assert (figure in returned.filing.unread) == (code in ("T02", "T07")), text


REFUSALS = [
    (
        "label row deleted",
        lambda d: d.delete_rows(T3, row_of("t3.r3_3_8.natural")),
        "“表三”里找不到“8.属于行政查询事项”",
    ),
    (
        "first row of a heading deleted",
        lambda d: d.delete_rows(T3, row_of("t3.r3_1.natural")),
        "找不到“（一）予以公开”",
    ),
    ("column deleted", column("DeleteColumns", T3, "F1"), "“表三”里找不到“科研机构”"),
    ("table deleted", lambda d: d.delete_sheet(T3), "找不到工作表“表三”"),
]


@pytest.mark.parametrize(("do", "says"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS])
def test_what_is_gone_is_named(
    office: Office, filled: Path, tmp_path: Path, do: Callable[[Document], None], says: str
) -> None:
    """Where figures are no longer there the file is refused, with the name of the first missing label."""
    with office.open(filled) as document:
        document.unprotect(T3)
        do(document)
        path = document.save(tmp_path / "returned.xlsx")
    with pytest.raises(FileRefused, match=re.escape(says)):
        read(path.read_bytes())


def edited(path: Path, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The workbook after ``change``, saved by openpyxl, which drops every stored result."""
    book = openpyxl.load_workbook(path)
    change(book)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_file_that_was_never_recalculated(filled: Path) -> None:
    """Without a single stored result everything is read, and nothing is said about it."""
    returned = read(edited(filled, lambda book: None))
    assert (returned.filing, returned.prior, returned.findings) == (FILLED, LAST_YEAR, ())


def test_a_sheet_copied_or_added(filled: Path) -> None:
    """The copy of a table and a sheet of one's own are told; figures come from the sheet with the right name."""

    def change(book: openpyxl.Workbook) -> None:
        copy = book.copy_worksheet(book[T3])
        copy[at("t3.r1.natural")] = 9
        book.create_sheet("工作底稿")["A1"] = "明细"
        book.create_sheet("空白页")

    returned = read(edited(filled, change))
    assert returned.filing == FILLED
    assert codes(returned) == {"W11": 2}
    assert [finding.sheet for finding in returned.findings] == ["表三 Copy", "工作底稿"]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("prior.t3.r4.natural", 119, {"W09": 1}),
        ("unit.name", "宿迁市财政局", {"W03": 2}),
        ("number", "GK21-2024-2222222-2", {"W03": 2}),
        ("unit.type", "部门", {"W10": 1}),
        ("digest", "0123456789ab", {"W03": 1, "W13": 1}),
    ],
)
def test_the_hidden_sheet_is_not_believed_blindly(
    filled: Path, name: str, value: str | int, found: dict[str, int]
) -> None:
    """What the hidden sheet says is held against the cover, the file's properties and the number."""

    def change(book: openpyxl.Workbook) -> None:
        label = name.removeprefix("prior.")
        row = next(row for row in book[IDENTITY].iter_rows() if row[0].value == label)
        row[1].value = value

    returned = read(edited(filled, change))
    assert codes(returned) == found, [finding.said for finding in returned.findings]
    assert returned.filing.values == FILLED.values


def test_another_units_workbook_renamed_everywhere(filled: Path) -> None:
    """Whoever changes the name in all three places is betrayed by the 表单编号, and by the title."""

    def change(book: openpyxl.Workbook) -> None:
        book[COVER]["C4"] = "宿迁市财政局"
        row = next(row for row in book[IDENTITY].iter_rows() if row[0].value == "unit.name")
        row[1].value = "宿迁市财政局"

    data = edited(filled, change)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    properties = parts["docProps/custom.xml"].decode()
    assert "宿迁市人民政府" in properties
    parts["docProps/custom.xml"] = properties.replace("宿迁市人民政府", "宿迁市财政局").encode()
    returned = read(packed(parts))
    assert [finding.said for finding in returned.findings if finding.code == "W03"] != []
    assert codes(returned) == {"W03": 1, "W10": 1}
    assert "不是“宿迁市财政局”2024 年的编号" in returned.findings[0].said


def test_dates_and_long_decimals_of_other_programs(filled: Path) -> None:
    """A date in a number cell is quoted as a date; the noise of binary fractions is not read."""

    def change(book: openpyxl.Workbook) -> None:
        cell = book[T3][at("t3.r1.natural")]
        cell.value, cell.number_format = 45366, "yyyy/m/d"
        book[FORM.section_of("t2").sheet][at("t2.fees.amount")] = 72701.257799999992

    returned = read(edited(filled, change))
    assert codes(returned) == {"T02": 1}
    assert "填的是“2024年3月15日”" in returned.findings[0].said
    assert returned.filing.values == {f: v for f, v in FILLED.values.items() if str(f) != "t3.r1.natural"}


def test_everything_typed_in_the_sample_with_mistakes() -> None:
    """What people type into number cells is read where it can mean one number, else quoted with the likely one."""
    filing, prior = sample("mistakes/filing.json"), sample("mistakes/prior.json")
    typed_texts = json.loads((SAMPLES / "mistakes/typed.json").read_text(encoding="utf-8"))
    texts = {FigureId.parse(figure): text for figure, text in typed_texts.items()}
    returned = read(write_workbook(FORM, filing, prior, typed=texts))
    assert replace(returned.filing, unread={}) == filing
    assert returned.filing.unread == {f: t for f, t in texts.items() if t and f not in filing.values}
    assert returned.prior is not None
    assert returned.prior.values == prior.values
    assert {str(f.figures[0]): f.code for f in returned.findings} == {
        "t2.documents.made": "T03",
        "t2.documents.repealed": "T02",
        "t2.documents.in_force": "T02",
        "t2.permits.decisions": "T02",
        "t2.penalties.decisions": "T02",
        "t3.r3_1.natural": "T03",
        "t3.r3_4_1.natural": "T03",
        "t4.direct.upheld": "T02",
        "t4.direct.corrected": "T02",
        "t4.direct.other": "T02",
    }
    found = check_filing(FORM, returned.filing, returned.prior)
    assert {finding.code for finding in found} >= {"A03", "A05", "X07", "X06", "X01", "Y01", "Y02", "Y03", "Y04", "Y06"}
    dated = [finding for finding in found if finding.code == "T05"]
    assert [str(finding.figures[0]) for finding in dated] == ["t2.coercion.decisions"]


def test_numbers_that_are_not_counts_are_found_by_checking() -> None:
    """Negative numbers, decimals, and dates that became numbers pass the reader and not the check."""
    odd = {"t3.r1.natural": -5, "t3.r1.company": 2.5, "t3.r2.natural": 45366, "t2.fees.amount": 0.1234567}
    values = {FigureId.parse(figure): Decimal(str(value)) for figure, value in odd.items()}
    returned = read(write_workbook(FORM, Filing(FORM.id, Unit("宁安区教育局"), 2024, values)))
    assert returned.findings == ()
    found = check_filing(FORM, returned.filing)
    assert {str(f.figures[0]): f.code for f in found if f.code in ("T04", "T05")} == {
        "t3.r1.natural": "T04",
        "t3.r1.company": "T04",
        "t3.r2.natural": "T05",
        "t2.fees.amount": "T04",
    }


OTHER_FILES = [
    (b"", "文件是空的"),
    (b"<html><table><tr><td>\xe8\xa1\xa8</td></tr></table></html>", "网页文件"),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF 文件"),
    (b"\x89PNG\r\n\x1a\n" + bytes(64), "图片"),
    ("单位,自然人\n教育局,3\n".encode("gb18030"), "纯文本"),
    (b"\xff" * 300, "看不出是什么文件"),
]


@pytest.mark.parametrize(("data", "says"), OTHER_FILES, ids=[says for _, says in OTHER_FILES])
def test_other_files_are_called_by_what_they_are(data: bytes, says: str) -> None:
    """Whatever is not a workbook is refused in a sentence that says what it is."""
    with pytest.raises(FileRefused, match=says):
        read(data)


@pytest.mark.parametrize(("suffix", "says"), [(".xls", "旧格式的工作簿"), (".ods", "OpenDocument"), (".pdf", "PDF")])
def test_a_workbook_saved_as_something_else(
    office: Office, filled: Path, tmp_path: Path, suffix: str, says: str
) -> None:
    """The right form in the wrong format is refused with the way to save it."""
    with office.open(filled) as document:
        path = document.save(tmp_path / f"returned{suffix}")
    with pytest.raises(FileRefused, match=says):
        read(path.read_bytes())


def test_a_workbook_of_somebody_else() -> None:
    """A workbook without our marks is refused; so is one of a form that is not known here."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "政府信息公开工作年度报告"
    buffer = BytesIO()
    book.save(buffer)
    with pytest.raises(FileRefused, match="不是本工具下发的填报工作簿"):
        read(buffer.getvalue())


def test_a_workbook_cut_off_on_its_way(filled: Path) -> None:
    """Half a file is refused, and so is one with a broken part; never anything worse."""
    data = filled.read_bytes()
    for length in (10, 1000, len(data) // 2, len(data) - 30):
        with pytest.raises(FileRefused):
            read(data[:length])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet4.xml"] = parts["xl/worksheets/sheet4.xml"][:5000]
    with pytest.raises(FileRefused, match="文件已损坏"):
        read(packed(parts))

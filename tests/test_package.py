"""Returned files that are something else, are broken, or want to do harm: one sentence each, quickly."""

from __future__ import annotations

import itertools
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.packages import MAIN, packed, parts_of, strings, workbook, worksheet
from xltool.errors import FileRefused
from xltool.spreadsheet.package import identify, open_package
from xltool.spreadsheet.sheets import read_workbook

ONE_ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


def ole2(*streams: str) -> bytes:
    """An OLE2 file as far as its directory: what tells .xls, .doc and encrypted files apart."""
    entries = b""
    for stream in ("Root Entry", *streams):
        name = (stream + "\0").encode("utf-16-le")
        kind = 5 if stream == "Root Entry" else 2
        entries += name.ljust(64, b"\0") + struct.pack("<HB", len(name), kind) + b"\0" * 61
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries


KINDS: list[tuple[str, bytes, str]] = [
    ("xlsx", workbook(worksheet(ONE_ROW)), ""),
    ("xlsm", packed(parts_of(worksheet(ONE_ROW)) | {"xl/vbaProject.bin": "x"}), ""),
    ("xlsb", packed({"[Content_Types].xml": "", "xl/workbook.bin": ""}), ".xlsb"),
    ("docx", packed({"word/document.xml": "", "word/embeddings/xl/workbook.xml": ""}), "Word 文档"),
    ("pptx", packed({"ppt/presentation.xml": ""}), "演示文稿"),
    ("ods", packed({"mimetype": "x", "content.xml": "", "META-INF/manifest.xml": ""}), ".ods"),
    ("ofd", packed({"OFD.xml": "", "Doc_0/Document.xml": ""}), "OFD"),
    ("zip", packed({"宁安区教育局.xlsx": "x"}), "压缩包"),
    ("archive", b"Rar!\x1a\x07\x01\x00", "压缩包"),
    ("xls", ole2("Workbook"), ".et"),
    ("xls", ole2("Book"), ".xls"),
    ("encrypted", ole2("EncryptionInfo", "EncryptedPackage"), "打开密码"),
    ("doc", ole2("1Table", "WordDocument"), "Word 文档"),
    ("doc", b"{\\rtf1 x}", "Word 文档"),
    ("ole2", ole2("PowerPoint Document"), "旧格式"),
    ("html", b"\xef\xbb\xbf\r\n<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "网页"),
    ("html", "<!DOCTYPE html>无".encode("gb18030"), "网页"),
    ("html", b"<TABLE border=1>", "网页"),
    ("html", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页"),
    ("pdf", b"%PDF-1.7\n\xe2\xe3", "PDF"),
    ("picture", b"\x89PNG\r\n\x1a\n\0\0", "图片"),
    ("picture", b"\xff\xd8\xff\xe0\0\x10JFIF", "图片"),
    (
        "xml",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table >',
        "2003",
    ),
    ("text", "单位,件数\n教育局,12".encode(), "纯文本"),
    ("text", "单位,件数\n教育局,12".encode("gb18030"), "纯文本"),
    ("text", "单位\t12".encode("utf-16"), "纯文本"),
    ("empty", b"", "空的"),
    ("empty", b"\0" * 4096, "空的"),
    ("unknown", bytes(range(256)), "看不出"),
]


@pytest.mark.parametrize(("kind", "data", "word"), KINDS)
def test_a_file_is_what_it_contains(kind: str, data: bytes, word: str) -> None:
    """The content tells the kind, and the refusal names it and says what to do."""
    assert identify(data) == kind
    if word:
        with pytest.raises(FileRefused) as refused:
            open_package(data)
        assert word in refused.value.sentence
        assert "请" in refused.value.sentence
    else:
        assert len(read_workbook(data).sheets) == 1


def test_parts_are_found_in_any_spelling() -> None:
    """Part names are looked up without regard to case, leading slash or the direction of slashes."""
    package = open_package(packed(parts_of(worksheet("")) | {"xl\\Other.xml": "<a/>"}))
    assert package.part("/XL/other.XML") == b"<a/>"
    assert "xl/other.xml" in package
    assert "xl/none.xml" not in package
    with pytest.raises(FileRefused, match=r"缺少 xl/none\.xml"):
        package.part("xl/none.xml")


def with_sheet(content: str | bytes) -> bytes:
    return workbook(content)


def duplicated() -> bytes:
    file = BytesIO(workbook(worksheet(ONE_ROW)))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", worksheet(""))
    return file.getvalue()


def recompressed(method: int) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts_of(worksheet(ONE_ROW)).items():
            archive.writestr(name, content)
    return file.getvalue()


def with_wrong_checksum() -> bytes:
    data = bytearray(workbook(worksheet(ONE_ROW)))
    at = data.rfind(b"PK\x01\x02")
    data[at + 16] ^= 1
    return bytes(data)


def encrypted_member() -> bytes:
    data = bytearray(workbook(worksheet(ONE_ROW)))
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def without(name: str) -> bytes:
    return packed({part: content for part, content in parts_of(worksheet(ONE_ROW)).items() if part != name})


WHOLE = workbook(worksheet(ONE_ROW))
ENTITY = f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (WHOLE[: len(WHOLE) // 2], "没有传完整，请重新发送"),
        (WHOLE[:-10], "没有传完整，请重新发送"),
        (with_wrong_checksum(), "没有传完整，请重新发送"),
        (duplicated(), "重名"),
        (WHOLE.replace(b"_rels/.rels", b"\0" * 11), "缺少"),
        (recompressed(zipfile.ZIP_BZIP2), "压缩方式"),
        (recompressed(zipfile.ZIP_LZMA), "压缩方式"),
        (encrypted_member(), "打开密码"),
        (without("xl/workbook.xml"), "缺少 xl/workbook.xml"),
        (without("xl/worksheets/sheet1.xml"), "缺少 xl/worksheets/sheet1.xml"),
        (without("_rels/.rels"), "缺少"),
        (without("xl/_rels/workbook.xml.rels"), "缺少"),
        (packed(parts_of()), "没有工作表"),
        (with_sheet(worksheet('<row r="1"><c r="A1"><v>1</c></row>')), "XML 不合规范"),
        (with_sheet(worksheet('<row r="1"><c r="A1"><v>&none;</v></c></row>')), "XML 不合规范"),
        (with_sheet(worksheet('<row r="1"><c r="A0"><v>1</v></c></row>')), "不合规范"),
        (with_sheet(worksheet('<row r="1"><c r="11"><v>1</v></c></row>')), "不合规范"),
        (with_sheet(worksheet('<row r="1"><c r="A1" t="s"><v>5</v></c></row>')), "不合规范"),
        (with_sheet(ENTITY), "文档类型"),
        (with_sheet(('<?xml version="1.0" encoding="UTF-16"?>' + ENTITY).encode("utf-16")), "文档类型"),
        (with_sheet(f'<?xml version="1.0" encoding="Big5"?><worksheet xmlns="{MAIN}"/>'), "XML 不合规范"),
        (with_sheet("<a>" * 1000 + "</a>" * 1000), "层次"),
        (packed(parts_of(worksheet("")) | {f"xl/media/{n}.png": "" for n in range(400)}), "400 个部分"),
        (packed(parts_of(*[worksheet("")] * 201)), "工作表超过"),
        (
            with_sheet(worksheet("", "<mergeCells>" + '<mergeCell ref="A1:B1"/>' * 20_001 + "</mergeCells>")),
            "合并",
        ),
        (with_sheet(worksheet('<row r="1">' + '<c r="A1"/>' * 400_001 + "</row>")), "40 万"),
        (workbook(worksheet(""), shared=strings(*["<t>a</t>"] * 200_001)), "20 万条"),
        (b"PK\x03\x04" + b"PK\x01\x02" * 30_000, "没有传完整"),
    ],
)
def test_refusals(data: bytes, word: str) -> None:
    """A broken, incomplete or oversized file is refused with a sentence that says what to do."""
    with pytest.raises(FileRefused) as refused:
        read_workbook(data)
    assert word in refused.value.sentence
    assert "请" in refused.value.sentence


def test_the_stated_size_is_not_believed() -> None:
    """What comes out of a part is counted while it comes out, whatever size the file states."""
    data = bytearray(workbook(" " * (40 << 20)))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    with pytest.raises(FileRefused, match="超过 32 MB"):
        read_workbook(bytes(data))


def test_zip64() -> None:
    """A file with the large sizes of zip64 reads like any other."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(worksheet(ONE_ROW)).items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(str(content).encode())
    assert read_workbook(file.getvalue()).sheets[0].cells[0, 0].text == "1"


def styled_rows(count: int) -> bytes:
    """So many rows of formatted empty cells down a sheet, as programs write them after a careless format."""
    return workbook(worksheet("".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, count + 1))))


def many_repeats() -> bytes:
    """A long shared formula repeated in many cells: small in the file, huge when written out."""
    long = "+".join(["A1"] * 2500)
    first = f'<row r="1"><c r="A1"><f t="shared" ref="A1:A19000" si="0">{long}</f></c></row>'
    rest = "".join(f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/></c></row>' for n in range(2, 19_000))
    return workbook(worksheet(first + rest))


HARMFUL: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: workbook(b"\0" * (1 << 28)),
    "bomb of parts": lambda: packed(parts_of(*[worksheet("", " " * (5 << 20))] * 20)),
    "entities": lambda: workbook(
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {b} "' + f"&{a};" * 10 + '">' for a, b in itertools.pairwise("abcdefghi"))
        + "]><worksheet>&i;</worksheet>"
    ),
    "million styled cells": lambda: workbook(worksheet("<row>" + '<c s="1"/>' * 1_000_000 + "</row>")),
    "million styled rows": lambda: styled_rows(1_000_000),
    "million empty rows": lambda: workbook(worksheet("<row/>" * 1_000_000)),
    "deep": lambda: workbook("<a>" * 10_000_000),
    "million columns": lambda: workbook(worksheet("", before='<col min="1" max="9" hidden="1"/>' * 900_000)),
    "one long text": lambda: workbook(
        worksheet(f'<row><c t="inlineStr"><is><t>😀{"a" * (30 << 20)}</t></is></c></row>')
    ),
    "400,000 cells": lambda: workbook(
        worksheet(("<row>" + "<c><v>1.5</v></c>" * 100 + "</row>") * 3_990)
    ),
    "million names": lambda: workbook(worksheet("".join(f"<n{n:x}/>" for n in range(2_000_000)))),
    "million attribute names": lambda: workbook(
        worksheet("".join(f'<n a{n:x}=""/>' for n in range(1_500_000)))
    ),
    "million attributes in a tag": lambda: workbook(
        "<worksheet " + " ".join(f'a{n:x}=""' for n in range(2_500_000)) + "/>"
    ),
    "million namespaces": lambda: workbook(
        worksheet("".join(f'<n xmlns:a{n:x}="a"/>' for n in range(1_200_000)))
    ),
    "million sheets": lambda: packed(
        parts_of(worksheet("")) | {"xl/workbook.xml": "<workbook>" + "<sheet/>" * 4_000_000 + "</workbook>"}
    ),
    "million hidden rows": lambda: workbook(worksheet('<row hidden="1"/>' * 1_900_000)),
    "million relations": lambda: packed(
        parts_of(worksheet(""))
        | {"_rels/.rels": "<a>" + "".join(f'<Relationship Id="{n}"/>' for n in range(1_000_000)) + "</a>"}
    ),
    "million formats": lambda: workbook(
        worksheet(""), styles="<a><cellXfs>" + '<xf numFmtId="14"/>' * 1_600_000 + "</cellXfs></a>"
    ),
    "million merges": lambda: workbook(worksheet("", "<mergeCell/>" * 2_000_000)),
    "repeats": many_repeats,
    "unclosed tags in a formula": lambda: workbook(
        worksheet(f'<row r="1"><c r="A1"><f t="shared" ref="A1:A9" si="0">{"[" * 8000}</f></c>'
                  + '<c r="A2"><f t="shared" si="0"/></c>' * 19_000 + "</row>")
    ),
}  # fmt: skip

# VmHWM and not getrusage: that one begins with the memory of the process that started this one.
MEASURE = """
import re, sys, time
from xltool.errors import FileRefused
from xltool.spreadsheet.sheets import read_workbook
data = open(sys.argv[1], "rb").read()
start = time.process_time()
try:
    read_workbook(data)
    outcome = "read"
except FileRefused:
    outcome = "refused"
seconds = time.process_time() - start
kilobytes = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1)
print(outcome, seconds, int(kilobytes) / 1024)
"""


@pytest.mark.parametrize("name", HARMFUL)
def test_harmful_files_cost_little(name: str, tmp_path: Path) -> None:
    """Whatever a file is made of, 5 seconds of a processor and 300 MB are enough to read or refuse it."""
    file = tmp_path / "harmful.xlsx"
    file.write_bytes(HARMFUL[name]())
    child = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], capture_output=True, text=True, check=True, timeout=300
    )
    outcome, seconds, megabytes = child.stdout.split()
    assert outcome in ("read", "refused")
    print(f"{name}: {outcome} {seconds[:4]} s {megabytes[:5]} MB")
    assert float(seconds) < 5
    assert float(megabytes) < 300


def small_workbook() -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("表三")
    sheet.write_string("A1", "申请")
    sheet.write_formula("B1", "=A2+1", None, 3)
    sheet.merge_range("A5:B6", "合并")
    book.close()
    return file.getvalue()


SMALL = small_workbook()
SMALL_PARTS = {
    info.filename: zipfile.ZipFile(BytesIO(SMALL)).read(info) for info in zipfile.ZipFile(BytesIO(SMALL)).infolist()
}


def reads_or_refuses(data: bytes) -> None:
    """Any exception but the refusal fails the test that calls this."""
    identify(data)
    try:
        book = read_workbook(data)
    except FileRefused:
        return
    assert book.sheets


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"PK\x03\x04" + tail))
def test_random_bytes(data: bytes) -> None:
    """Random bytes never raise anything but the refusal."""
    reads_or_refuses(data)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.integers(0, len(SMALL)), st.binary(max_size=4))
def test_damaged_files(start: int, length: int, inserted: bytes) -> None:
    """A file with bytes lost, changed or added reads or is refused."""
    reads_or_refuses(SMALL[:start] + inserted + SMALL[start + length % 8 :])
    reads_or_refuses(SMALL[:start])


def test_many_changed_bytes_in_the_zip() -> None:
    """Byte after byte, a changed file reads or is refused."""
    chance = random.Random(2024)
    for at in range(0, len(SMALL), 5):
        data = bytearray(SMALL)
        data[at] = chance.randrange(256)
        reads_or_refuses(bytes(data))


def test_many_changed_bytes_in_the_parts() -> None:
    """The same inside the parts, where no checksum helps."""
    chance = random.Random(2025)
    names = [name for name in SMALL_PARTS if "theme" not in name and "Content" not in name]
    for _ in range(1500):
        name = chance.choice(names)
        content = bytearray(SMALL_PARTS[name])
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 2)] = bytes([chance.choice(b'<>"=/&09AZ:az\xff\0 ')])
        reads_or_refuses(packed(dict(SMALL_PARTS) | {name: bytes(content)}))

"""What units hand in instead of the workbook: other formats, other tables, half of a file."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from xltool.county.plan import HandIn
from xltool.county.sources import form
from xltool.report.word import write_word

Make = Callable[[HandIn], bytes]
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def substitute(hand_in: HandIn, workbook: Make) -> bytes:
    """The file that is handed in: ``workbook``, or what ``Damage.save_as`` says in its place."""
    kind = hand_in.damage.save_as
    if not kind:
        return workbook(hand_in)
    if kind == "cut.xlsx":
        data = workbook(hand_in)
        return data[: len(data) * 2 // 3]
    if kind == "docx":
        return write_word(form(), hand_in.filing)
    return _FILES[kind]()


def compound_file(stream: str, content: bytes) -> bytes:
    """An OLE2 compound file with one stream, as old Office programs and encrypted workbooks are.

    ``content`` has at least 4,096 bytes: shorter streams would be kept in another way.
    """
    content = content.ljust(-(-len(content) // _SECTOR) * _SECTOR, b"\0")
    count = len(content) // _SECTOR
    # Sectors: 0 the table of sectors, 1 the directory, 2 … the stream.
    chain = [*range(3, 2 + count), _END]
    table = struct.pack(f"<{2 + count}I", _FAT, _END, *chain).ljust(_SECTOR, b"\xff")
    head = struct.pack("<8s16x5H6x9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
                       0, 1, 1, 0, 4096, _END, 0, _END, 0)  # fmt: skip
    header = (head + struct.pack("<I", 0)).ljust(_SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry(stream, 2, _FREE, 2, len(content))
    return header + table + directory.ljust(_SECTOR, b"\0") + content


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    """One 128-byte directory entry."""
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBB3I36xIQ", encoded, len(encoded), kind, 1, _FREE, _FREE, child, start, size)


def _biff8() -> bytes:
    """The first records of an Excel 97 workbook, filled up to the size of a stream of its own."""
    begin = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0x0DBB, 0x07CC, 0, 6)
    return (begin + struct.pack("<HH", 0x000A, 0)).ljust(4096, b"\0")


_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="xl/workbook.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
    "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetData><row><c t="inlineStr"><is><t>收到申请数</t></is></c><c><v>0</v></c></row>'
    "</sheetData></worksheet>",
}


def _own_table() -> bytes:
    """A workbook that somebody made with a table of their own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


_FILES: dict[str, Callable[[], bytes]] = {
    "empty.xlsx": bytes,
    "other.xlsx": _own_table,
    "xls": lambda: compound_file("Workbook", _biff8()),
    "locked.xlsx": lambda: compound_file("EncryptedPackage", bytes(4096)),
    "pdf": lambda: b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
}

"""What a file is, by its content: people rename files, and mail programs do too."""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from io import BytesIO

from xltool.spreadsheet.limits import MAX_FILE

_HEAD = 4096
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_HTML = re.compile(
    r"<!doctype html|<(?:html|head|meta|body|table|div|title|style|p|h[1-6])[\s>]|^mime-version:", re.I | re.M
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Streams of an OLE2 file and the kind each one tells; an encrypted workbook comes first.
_STREAMS = {
    "EncryptedPackage": "encrypted",
    "Workbook": "xls",
    "Book": "xls",
    "WordDocument": "doc",
}
# Every central directory entry starts with this.
_ENTRY = b"PK\x01\x02"
_MAX_ENTRIES = 20_000

#: All that reading a malformed zip may raise.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
)


def identify(data: bytes) -> str:
    """One of xlsx, xlsm, xlsb, docx, pptx, ods, ofd, zip, archive (RAR, 7z, gz), xls (also WPS .et),
    encrypted, doc (also RTF), ole2, html, pdf, picture, xml (SpreadsheetML 2003), text, empty, unknown.

    A workbook cut off on its way is still called by what it was.
    """
    if not data.strip(b"\0 \t\r\n"):
        return "empty"
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(_OLE2):
        return _ole2_kind(data)
    if data.startswith(_ARCHIVES):
        return "archive"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_PICTURES) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp":
        return "picture"
    if data.lstrip().startswith(b"{\\rtf"):
        return "doc"
    return _text_kind(data[:_HEAD])


def open_zip(data: bytes) -> zipfile.ZipFile:
    """The directory of a zip; one of ``ZIP_ERRORS`` when there is none or it is of an absurd size."""
    if len(data) > MAX_FILE or data.count(_ENTRY) > _MAX_ENTRIES:
        raise zipfile.BadZipFile("too large")
    return zipfile.ZipFile(BytesIO(data))


def kind_of_parts(names: Collection[str]) -> str:
    """The kind of a zip with these part names (lower case, forward slashes)."""
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.endswith("vbaproject.bin") for name in names) and any(name.startswith("xl/") for name in names):
        return "xlsm"
    for part, kind in (("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx"), ("ofd.xml", "ofd")):
        if part in names:
            return kind
    if any(name.endswith("workbook.xml") or name.startswith("xl/worksheets/") for name in names):
        return "xlsx"
    return "ods" if {"mimetype", "content.xml", "meta-inf/manifest.xml"} <= set(names) else "zip"


def part_name(stored: str) -> str:
    """A zip member's name as parts are looked up: some programs write backslashes, case does not count."""
    return stored.replace("\\", "/").lstrip("/").lower()


def _zip_kind(data: bytes) -> str:
    try:
        with open_zip(data) as archive:
            return kind_of_parts({part_name(name) for name in archive.namelist()})
    except ZIP_ERRORS:
        return "xlsx" if b"xl/work" in data else "zip"


def _ole2_kind(data: bytes) -> str:
    for stream, kind in _STREAMS.items():
        name = (stream + "\0").encode("utf-16-le")
        if any(_is_directory_entry(data, at, len(name)) for at in _occurrences(data, name)):
            return kind
    return "ole2"


def _is_directory_entry(data: bytes, at: int, length: int) -> bool:
    """Whether the name at ``at`` opens a 128-byte directory entry, with its length at 64, its type at 66."""
    return at % 128 == 0 and data[at + 64 : at + 67] == length.to_bytes(2, "little") + b"\x02"


def _occurrences(data: bytes, wanted: bytes) -> Iterator[int]:
    at = data.find(wanted)
    while at >= 0:
        yield at
        at = data.find(wanted, at + 1)


def _text_kind(head: bytes) -> str:
    text = _decoded(head)
    if text is None:
        return "unknown"
    text = text.lstrip()
    if text.startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in text:
        return "xml"
    return "html" if text.startswith(("<", "MIME-", "Mime-", "From:")) and _HTML.search(text) else "text"


def _decoded(head: bytes) -> str | None:
    """``head`` as text, or None for binary content. A character cut in two at the end does not matter."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encodings = ["utf-16"] if wide else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None

"""Whatever comes: a document or one sentence, in time."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
import zlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.documents.test_hypertext import TABLE, page
from tests.documents.test_opendocument import opendocument
from tests.documents.test_pdf import HEAD, ROWS, pdf
from tests.documents.test_sheets import encrypted, written
from tests.documents.test_word import document, filled
from tests.packages import packed
from tests.programs.libreoffice import Office
from xltool.documents import Document, read, read_document
from xltool.documents.child import answered
from xltool.documents.confined import BYTES, DOCUMENT, FAILED, REFUSED, Task, read_confined
from xltool.documents.plaintext import read_plain_text
from xltool.documents.wire import unpacked
from xltool.errors import FileRefused

quickly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def valid(kind: str) -> bytes:
    """A file of each kind that reads well."""
    sheet = f'<o:spreadsheet><t:table t:name="a"><t:table-row>{"<t:table-cell><x:p>1</x:p></t:table-cell>" * 9}</t:table-row></t:table></o:spreadsheet>'
    made = {
        "word": filled,
        "opendocument": lambda: opendocument(sheet),
        "hypertext": lambda: page(TABLE * 3),
        "pdf": lambda: pdf(f"#table(columns: 4, {HEAD}{ROWS})\n正文。"),
        "decrypt": lambda: encrypted(written(), "密"),
        "one_xml": lambda: (
            b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell><Data>1</Data>'
            b"</Cell></Row></Table></Worksheet></Workbook>"
        ),
        "old_sheets": written,
        "binary_sheets": written,
    }
    return made[kind]()


def outcome(reading: Callable[[], Document]) -> bool:
    """Whether it is a document or a sentence; anything else is raised."""
    try:
        return isinstance(reading(), Document)
    except FileRefused as refused:
        return refused.sentence.endswith("。")


def answer(reader: str, data: bytes) -> bytes:
    """What the reading process answers, asked without a process."""
    header = json.dumps([reader, "某文件", "密"]).encode() + b"\n"
    return answered(io.BytesIO(header + data))


def spoiled(data: bytes, seed: int) -> bytes:
    """``data`` cut off, with a piece missing or repeated, with other bytes or other numbers in it."""
    chance = random.Random(seed)
    at = chance.randrange(len(data))
    piece = data[at : at + chance.randrange(1, 400)]
    match chance.randrange(5):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + data[at + len(piece) :]
        case 2:
            return data[:at] + piece * chance.randrange(2, 30) + data[at:]
        case 3:
            return bytes(chance.randrange(256) if chance.random() < 0.01 else byte for byte in data)
    return bytes(ord("9") if 48 <= byte <= 57 and chance.random() < 0.05 else byte for byte in data)


def spoiled_inside(data: bytes, seed: int) -> bytes:
    """The largest part of a zip spoiled, and packed as it should be; anything else spoiled as it is."""
    if not data.startswith(b"PK"):
        return spoiled(data, seed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main = next((name for name in ("word/document.xml", "content.xml") if name in parts), max(parts, key=len))
    return packed({**parts, main: spoiled(parts[main], seed)})


@pytest.mark.parametrize("reader", ["word", "opendocument", "hypertext", "pdf", "decrypt", "one_xml"])
@given(seed=st.integers(0, 10**6), inside=st.booleans())
@settings(quickly, max_examples=25)
def test_spoiled_files(reader: str, seed: int, inside: bool) -> None:
    """A reader of a broken file answers a document, a sentence or a failure, which is a sentence too."""
    said = answer(reader, (spoiled_inside if inside else spoiled)(valid(reader), seed))
    sort, content = said[:1], said[1:]
    assert sort in (DOCUMENT, BYTES, REFUSED, FAILED)
    if sort == DOCUMENT:
        assert isinstance(unpacked(content), Document)
    if sort == REFUSED:
        assert content.decode().endswith("。")
    # Our own code in the last line would mean that it trusts the file.
    if sort == FAILED:
        assert "xltool/documents" not in content.decode().rsplit("File ", 1)[-1]


def test_spoiled_binary_workbooks(office: Office, tmp_path: Path) -> None:
    """.xls is read in a process only: what reads it may abort. calamine is tried on a workbook it would also read."""
    source, saved = tmp_path / "a.xlsx", tmp_path / "a.xls"
    source.write_bytes(written())
    with office.open(source) as book:
        book.save(saved)
    for reader, whole in (("old_sheets", saved.read_bytes()), ("binary_sheets", written())):
        assert read_confined(reader, whole, Task("某文件")).blocks
        for seed in range(6):
            assert outcome(partial(read_confined, reader, spoiled(whole, seed), Task("某文件")))


@given(
    st.binary(max_size=3000),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
)
@settings(quickly, max_examples=15)
def test_random_bytes(noise: bytes, start: bytes) -> None:
    """Noise behind the beginning of any kind of file."""
    assert outcome(lambda: read_document(start + noise))


@given(st.binary(max_size=500) | st.text().map(str.encode), st.sampled_from(["", "a.csv", "a.tsv"]))
@settings(max_examples=200)
def test_random_text(data: bytes, name: str) -> None:
    """Text is read by our own code, without a process around it."""
    assert outcome(lambda: read_plain_text(data, name))


def one_page(content: bytes) -> bytes:
    """A PDF of one page with this content, compressed."""
    stream = zlib.compress(content)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 800 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(stream), stream),
    )  # fmt: skip
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Size 5/Root 1 0 R>>\n%%EOF"


BOMBS = {
    "a docx that inflates to a gigabyte": lambda: packed({"word/document.xml": b" " * (200 << 20)}),
    "a table of a million cells": lambda: document(
        "<w:tbl>" + ("<w:tr>" + "<w:tc/>" * 400 + "</w:tr>") * 2500 + "</w:tbl>"
    ),
    "spans over spans": lambda: b"<html><table>" + b"<tr><td colspan=1000 rowspan=9999>1<td>2" * 20_000,
    "a page of tags": lambda: b"<html>" + b"<div><table><tr><td>" * 200_000,
    "a PDF stream of 300 MB": lambda: one_page(b" " * (300 << 20)),
    "a PDF of 200,000 lines": lambda: one_page(b"0 0 m 100 0 l S " * 200_000),
    "an RTF of brackets": lambda: b"{\\rtf1" + b"{" * 400_000,
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_bombs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files made to take all memory or all time are given up when the time is over, which is made short here."""
    monkeypatch.setattr(read, "SECONDS", 3.0)
    data = BOMBS[name]()
    started = time.monotonic()
    assert outcome(lambda: read_document(data))
    # Starting the reader and ending it take their time on a busy machine.
    assert time.monotonic() - started < 3.0 + 12.0

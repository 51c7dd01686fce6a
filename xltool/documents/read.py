"""Any file → its paragraphs and tables."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from xltool.documents.confined import Task, bytes_confined, read_confined
from xltool.documents.limits import SECONDS, damaged, too_large
from xltool.documents.model import Document
from xltool.documents.openxml_sheets import read_openxml_sheets
from xltool.documents.plaintext import read_plain_text
from xltool.documents.soffice import ConversionFailed, converted_to_word
from xltool.errors import FileRefused
from xltool.spreadsheet.filekind import identify
from xltool.spreadsheet.limits import MAX_FILE

_CONFINED = {
    "docx": ("word", "Word 文档"),
    "html": ("hypertext", "网页文件"),
    "ods": ("opendocument", "OpenDocument 文件"),
    "xml": ("one_xml", "XML 文件"),
    "xls": ("old_sheets", "旧格式的工作簿（.xls 或 .et）"),
    "xlsb": ("binary_sheets", "二进制格式的工作簿（.xlsb）"),
    "pdf": ("pdf", "PDF 文件"),
}
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_WORD = "旧格式的 Word 文档（.doc、.wps 或 .rtf）"
_ENCRYPTED = "设了打开密码的文件"
_SEND = "请交 Word 文档、Excel 工作簿、网页或带文字的 PDF。"
_REFUSALS = {
    "pptx": f"这是演示文稿，里面没有可读的报告。{_SEND}",
    "ofd": "这是 OFD 文件，不能直接读取。请转换成 PDF 或 Word 文档后再试。",
    "zip": "这是压缩包。请解压后再交其中的文件。",
    "archive": "这是压缩包。请解压后再交其中的文件。",
    "ole2": f"这是旧格式的 Office 文件，里面没有找到文档或工作簿。文件可能没有传完整，请重新发送；或者{_SEND}",
    "picture": f"这是图片或扫描件，里面没有文字，读不出数来。{_SEND}",
    "empty": "文件是空的，没有内容。文件可能没有传完整，请重新发送。",
    "lost": "文件里的汉字都成了“?”，是另存时丢的，从这个文件里找不回来。"
    "请打开原来的工作簿，另存为 .xlsx，或 UTF-8 编码的 CSV，再交。",
    "unknown": f"看不出是什么文件。文件可能没有传完整，请重新发送；或者{_SEND}",
}
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_LOST = re.compile(rb"\?{2,}")
_MOST_LOOKED_AT = 1 << 16
_LEAST_LOST = 5
"""Runs of question marks; two or three may be somebody's way of asking."""


def read_document(data: bytes, name: str = "", password: str | None = None) -> Document:
    """The blocks of a file, whatever program it is from; FileRefused, with one sentence, for what cannot be read.

    ``name``: the file's, of which only .csv and .tsv count. ``password``: to open it, where it is encrypted.
    """
    if len(data) > MAX_FILE:
        raise too_large("文件")
    document = _read(data, name, password, time.monotonic() + SECONDS)
    if not document.blocks:
        raise FileRefused(f"文件里没有文字，也没有表格。{_SEND}")
    return document


def _read(data: bytes, name: str, password: str | None, until: float) -> Document:
    kind = identify(data)
    if kind in ("text", "unknown") and _is_chinese_lost(data[:_MOST_LOOKED_AT]):
        kind = "lost"
    match kind:
        case "xlsx" | "xlsm":
            return read_openxml_sheets(data, kind)
        case "text" if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
            kind = "xml"
        case "text":
            return read_plain_text(data, name)
        case "doc":
            return replace(_old_word(data, Task(_OLD_WORD, password, until)), kind="doc")
        case "encrypted":
            return _encrypted(data, name, Task(_ENCRYPTED, password, until))
    if kind in _REFUSALS:
        raise FileRefused(_REFUSALS[kind])
    reader, what = _CONFINED[kind]
    return read_confined(reader, data, Task(what, password, until))


def _is_chinese_lost(data: bytes) -> bool:
    """Whether a program wrote "?" for every character that its encoding does not have, as LibreOffice does."""
    runs = _LOST.findall(data)
    lost = sum(map(len, runs))
    others = sum(byte > 0x7F for byte in data)
    letters = sum(byte in _LETTERS for byte in data)
    return len(runs) >= _LEAST_LOST and b"\0" not in data and lost > 5 * others and lost > letters


def _old_word(data: bytes, task: Task) -> Document:
    """A .doc by way of .docx; it is asked for a password only when nothing else explains why it cannot be read."""
    try:
        converted = converted_to_word(data, task)
    except ConversionFailed:
        if not data.startswith(_OLE2):
            raise
        converted = converted_to_word(bytes_confined("decrypt", data, task), task)
    return read_confined("word", converted, task)


def _encrypted(data: bytes, name: str, task: Task) -> Document:
    """A workbook or a Word document with a password; what comes out is not another encrypted file."""
    plain = bytes_confined("decrypt", data, task)
    if identify(plain) not in ("xlsx", "xlsm", "xlsb", "docx"):
        raise damaged(_ENCRYPTED)
    return _read(plain, name, None, task.until)

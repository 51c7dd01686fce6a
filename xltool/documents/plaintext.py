"""Plain text: its encoding, its lines, and the runs of lines that are tables of separated values."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from xltool.documents.delimited import cells_of, grid, has_bars, is_rule
from xltool.documents.flow import placed
from xltool.documents.limits import MAX_TEXT_FILE, Measure, too_large
from xltool.documents.model import Cell, DocTable, Document, Text
from xltool.errors import FileRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",\t;|"
_SAMPLE_LINES = 200
_HEADING_SIGN = re.compile(r"#{1,6}\s+(?=\S)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def decoded(data: bytes, declared: str = "") -> str:
    """``data`` as text: by its byte order mark, as declared, as UTF-8, as GB18030; FileRefused for none of these.

    A page that declares gb2312 is read as GB18030, which has all of it; one that declares wrongly, as what it is.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in (_known(declared), "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    # One bad byte among good ones; GB18030 would make characters of nearly all of them.
    lenient = data.decode("utf-8", "replace")
    if _replaced(lenient) * 50 < sum(char > "\x7f" for char in lenient):
        return lenient
    best = min((data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")), key=_replaced)
    if _replaced(best) * 50 > len(best):
        raise FileRefused("看不出文字的编码，读不出来。请用 WPS 或记事本打开，另存为 UTF-8 编码后再试。")
    return best


def read_plain_text(data: bytes, name: str = "") -> Document:
    """Lines as ``Text``; lines of separated values as tables. ``name``: the file's, whose .csv or .tsv counts."""
    if len(data) > MAX_TEXT_FILE:
        raise too_large("文本文件")
    text = decoded(data)
    separator = _separator(text, name)
    if separator:
        return Document("csv", (_separated(text, separator, name),))
    return Document("text", tuple(_blocks(text)))


def _blocks(text: str) -> Iterator[Text | DocTable]:
    """Lines as they come; lines of cells as a table where they are a grid, drawn lines not at all."""
    measure = Measure()
    marked = any(is_rule(line) and has_bars(line) for line in text.splitlines())
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if not is_rule(line)]
    for tabular, run in groupby(lines, lambda line: _is_row(line[1])):
        numbered = list(run)
        rows = grid([cells_of(line) for _, line in numbered]) if tabular else []
        if rows:
            yield DocTable(placed(rows, measure), f"第{numbered[0][0]}行")
            continue
        for number, line in numbered:
            words, heading = _unmarked(line.strip(), marked)
            if words:
                yield Text(measure.text(words), f"第{number}行", heading)


def _unmarked(line: str, marked: bool) -> tuple[str, bool]:
    """The line without Markdown's marks, and whether they say that it is a heading."""
    sign = _HEADING_SIGN.match(line)
    rest = line[sign.end() :] if sign else line
    return _BOLD.sub(r"\1", rest) if marked or sign else rest, sign is not None


def _known(encoding: str) -> str:
    """The encoding to decode with; gb2312 and gbk are parts of gb18030, and pages use more than they declare."""
    if encoding.lower().replace("_", "-") in ("gb2312", "gbk", "gb-2312", "x-gbk", "gb-2312-80"):
        return "gb18030"
    try:
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError):
        return "utf-8"
    # Some of Python's codecs are not about text.
    return codec.name if getattr(codec, "_is_text_encoding", False) else "utf-8"


def _replaced(text: str) -> int:
    return text.count("\ufffd")


def _is_row(line: str) -> bool:
    """Bars, or two cells with content at least: a tab in front alone is an indent, or marks a cell of its own."""
    return has_bars(line) or sum(bool(cell) for cell in cells_of(line)) > 1


def _separator(text: str, name: str) -> str:
    """The character that separates values throughout, or '' where the text is none of this kind."""
    lines = [line for line in text.split("\n")[:_SAMPLE_LINES] if line.strip()]
    named = re.search(r"\.(csv|tsv|tab)$", name, re.I)
    if named:
        return max(_SEPARATORS, key=lambda sign: _rows_split_by(sign, lines))
    if len(lines) < 3:
        return ""
    # Without a name that says so, nearly every line must look like it: prose has commas too.
    likely = max(",\t", key=lambda sign: _rows_split_by(sign, lines))
    return likely if _rows_split_by(likely, lines) >= 0.9 * len(lines) else ""


def _rows_split_by(separator: str, lines: Sequence[str]) -> int:
    return sum(line.count(separator) >= 2 for line in lines)


def _separated(text: str, separator: str, name: str) -> DocTable:
    try:
        rows = list(_csv_rows(text, separator))
    except csv.Error as error:
        raise FileRefused("这个文本表格读不出来：引号或分隔符不合规范。请用 WPS 打开，另存为 .xlsx 后再试。") from error
    sheet = re.split(r"[\\/]", name)[-1].rpartition(".")[0]
    return _table(rows, sheet, Measure())


def _csv_rows(text: str, separator: str) -> Iterator[list[str]]:
    # An open quote would swallow the rest of the file.
    broken = text.count('"') % 2 == 1
    # Excel writes ="007" for a text that looks like a number.
    unmarked = re.sub(r'(^|[,;\t])="([^"\n]*)"(?=[,;\t\r\n]|$)', r'\1"\2"', text, flags=re.M)
    lines = io.StringIO(unmarked.replace("\0", ""), newline="")
    return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE if broken else csv.QUOTE_MINIMAL)


def _table(rows: Sequence[Sequence[str]], sheet: str, measure: Measure) -> DocTable:
    cells = [
        Cell(measure.cell(text.strip()), row, column)
        for row, line in enumerate(rows)
        for column, text in enumerate(line)
        if text.strip()
    ]
    return DocTable(tuple(cells), sheet, sheet, spreadsheet=True)

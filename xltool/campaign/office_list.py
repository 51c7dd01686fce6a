"""Lists that the office keeps itself, as it saves them: .xlsx, or CSV in whatever encoding, with whatever separator."""

from __future__ import annotations

import csv
import io

from xltool.errors import FileRefused

_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16-le", "utf-16-be")


def table_rows(data: bytes, heading: str, what: str) -> list[list[str]]:
    """The rows, as texts, of the first sheet of an .xlsx or of a CSV in UTF-8, UTF-16 or GBK.

    ``heading``: one of its columns, by which encoding and separator are known. FileRefused, where it is neither,
    says so of ``what``, the office's name for the list.
    """
    return _xlsx_rows(data, what) if data[:2] == b"PK" else _csv_rows(data, heading, what)


def _xlsx_rows(data: bytes, what: str) -> list[list[str]]:
    import openpyxl  # heavy: only where such a list is read

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [[_shown(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as error:  # openpyxl raises whatever its parts raise; the list is the office's own file
        raise FileRefused(f"{what}打不开，应为 .xlsx 或 CSV。请用 WPS 或 Excel 打开后另存为 .xlsx。") from error


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _csv_rows(data: bytes, heading: str, what: str) -> list[list[str]]:
    text = _decoded(data, heading, what)
    headings = next((line for line in text.splitlines() if heading in line), "")
    # Excel writes its UTF-16 texts with tabs, and CSV with semicolons in some countries.
    separator = max(",\t;，", key=headings.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=None), delimiter=separator)
        return [[cell.strip() for cell in row] for row in lines]
    except csv.Error as error:
        raise FileRefused(f"{what}不是能读的 CSV，可能有没配对的引号。请另存为 .xlsx。") from error


def _decoded(data: bytes, heading: str, what: str) -> str:
    """The first encoding in which the heading can be read; without it the first that fits at all."""
    fitting = []
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if heading in text:
            return text
        fitting.append(text)
    if fitting:
        return fitting[0]
    raise FileRefused(f"{what}不是能认出的文字编码。请另存为 .xlsx，或 UTF-8、GBK 编码的 CSV。")

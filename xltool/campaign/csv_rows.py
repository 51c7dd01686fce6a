"""Rows of a CSV as offices save it: in whatever encoding, with whatever separator."""

from __future__ import annotations

import csv
import io

from xltool.errors import FileRefused

_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16-le", "utf-16-be")


def csv_rows(data: bytes, heading: str) -> list[list[str]]:
    """The rows of a table that has a column ``heading``, in UTF-8, UTF-16 or GBK; FileRefused where it is none."""
    text = _decoded(data, heading)
    headings = next((line for line in text.splitlines() if heading in line), "")
    # Excel writes its UTF-16 texts with tabs, and CSV with semicolons in some countries.
    separator = max(",\t;，", key=headings.count)
    try:
        lines = csv.reader(io.StringIO(text, newline=None), delimiter=separator)
        return [[cell.strip() for cell in row] for row in lines]
    except csv.Error as error:
        raise FileRefused("名册不是能读的 CSV，可能有没配对的引号。请另存为 .xlsx。") from error


def _decoded(data: bytes, heading: str) -> str:
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
    raise FileRefused("名册不是能认出的文字编码。请另存为 .xlsx，或 UTF-8、GBK 编码的 CSV。")

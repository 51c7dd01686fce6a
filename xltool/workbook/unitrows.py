"""Rows put into a sheet that was drawn with one sample row: as many as there are units, compressed as they come.

xlsxwriter needs 8 µs a cell and ten thousand units make two million; here the sample row's styles are read once,
and nothing but the compressed result is kept.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal

from xltool.rawzip import RawMember
from xltool.workbook.layout.consolidated import Formula, RowValue
from xltool.xmltext import escape

_CELL = re.compile(r'<c r="([A-Z]+)\d+"( s="\d+")?/>')
_DIMENSION = re.compile(r"<dimension [^>]*/>")
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LEVEL = 6
_CHUNK = 200
"""Rows compressed at a time."""


def with_rows(xml: str, top: int, rows: Iterable[list[RowValue]]) -> RawMember:
    """The sheet ``xml`` with the sample row ``top`` (from 0) replaced by ``rows``, as a compressed ZIP member."""
    sample = re.search(rf'<row r="{top + 1}"[^>]*>(.*?)</row>', xml)
    assert sample is not None, f"no sample in row {top + 1}"
    columns = [(f'<c r="{match[1]}', match[2] or "") for match in _CELL.finditer(sample[1])]
    writing = _Writing()
    writing.put(_without_dimension(xml[: sample.start()]))
    for text in _rows(columns, top, rows):
        writing.put(text)
    writing.put(xml[sample.end() :])
    return writing.member()


def _without_dimension(head: str) -> str:
    """The used range may be left out; as drawn it would be too small."""
    return _DIMENSION.sub("", head, count=1)


def _rows(columns: list[tuple[str, str]], top: int, rows: Iterable[list[RowValue]]) -> Iterator[str]:
    numbers: dict[Decimal, str] = {}
    for row, values in enumerate(rows, start=top + 1):
        cells = [
            _cell(f'{letters}{row}"{style}', value, numbers)
            for (letters, style), value in zip(columns, values, strict=True)
        ]
        yield f'<row r="{row}">{"".join(cells)}</row>'


def _cell(head: str, value: RowValue, numbers: dict[Decimal, str]) -> str:
    if isinstance(value, Decimal):
        return f"{head}><v>{_number(value, numbers)}</v></c>"
    if value is None or value == "":
        return f"{head}/>"
    if isinstance(value, Formula):
        formula = escape(value.text)
        if isinstance(value.value, Decimal):
            return f"{head}><f>{formula}</f><v>{_number(value.value, numbers)}</v></c>"
        return f'{head} t="str"><f>{formula}</f><v>{escape(value.value)}</v></c>'
    return f'{head} t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


def _text(value: str) -> str:
    """As it reads in a cell: no control characters, and what looks like an escape is none."""
    return escape(_LIKE_AN_ESCAPE.sub("_x005F_", _CONTROL.sub("", value)))


def _number(value: Decimal, numbers: dict[Decimal, str]) -> str:
    text = numbers.get(value)
    if text is None:
        text = numbers[value] = str(int(value)) if value == value.to_integral_value() else repr(float(value))
    return text


class _Writing:
    """A ZIP member being compressed."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._parts: list[bytes] = []
        self._waiting: list[str] = []
        self._crc = self._size = 0

    def put(self, text: str) -> None:
        self._waiting.append(text)
        if len(self._waiting) >= _CHUNK:
            self._compress()

    def _compress(self) -> None:
        data = "".join(self._waiting).encode()
        self._waiting.clear()
        self._crc = zlib.crc32(data, self._crc)
        self._size += len(data)
        self._parts.append(self._deflate.compress(data))

    def member(self) -> RawMember:
        self._compress()
        return RawMember(b"".join(self._parts) + self._deflate.flush(), 8, self._crc, self._size)

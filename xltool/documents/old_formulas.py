"""Formulas of a BIFF sheet, of which xlrd gives the results alone: where they are, and which results are no results.

LibreOffice saving a workbook that it has not calculated writes 0 for every formula that gives a text. Such a book
has not one text result in it; a 0 of a formula there is believed only where the formula cannot give a text.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_FORMULA_RECORDS = (0x0006, 0x0206, 0x0406)
_START_RECORDS = (0x0809, 0x0409, 0x0209, 0x0009)
_END_RECORD = 0x000A
_TEXT_RESULTS = (0x0207, 0x0007)
_RECORD = struct.Struct("<HH")
_START_OF_LIBREOFFICE = struct.pack("<HHHH", 0x0600, 0x0005, 0x0DBB, 0x07CC)
"""Those of the first release of Excel 97, which LibreOffice writes, and xlwt, which calculates nothing at all."""

_TOKENS_AT = 22
_ARITHMETIC = range(0x03, 0x08)
_BRACKETS = 0x15
_SUM = b"\x19\x10"
_FUNCTIONS, _FUNCTIONS_OF_MANY = (0x21, 0x41, 0x61), (0x22, 0x42, 0x62)
_NUMERIC = frozenset({0, 4, 5, 6, 7, 24, 25, 27, 169, 183, 212, 213, 228, 345, 346})
"""COUNT, SUM, AVERAGE, MIN, MAX, ABS, INT, ROUND, COUNTA, PRODUCT, ROUNDUP, ROUNDDOWN, SUMPRODUCT, SUMIF, COUNTIF."""

Place = tuple[int, int]


@dataclass(frozen=True)
class Formulas:
    """``places``: row and column of each; ``lost``: of those whose result may have been a text."""

    places: frozenset[Place]
    lost: frozenset[Place] = frozenset()


def has_lost_texts(stream: bytes) -> bool:
    """Whether the book is as LibreOffice writes it without text results."""
    starts = _RECORD.unpack_from(stream) if len(stream) > 12 else (0, 0)
    if starts[0] not in _START_RECORDS or stream[4:12] != _START_OF_LIBREOFFICE:
        return False
    return not any(record in _TEXT_RESULTS for record, _, _ in _records(stream, 0))


def formulas_of(stream: bytes, start: int, texts_are_lost: bool) -> Formulas:
    """Those of the sheet whose records begin at ``start``."""
    places, lost = set(), set()
    depth = 0
    for record, at, length in _records(stream, start):
        if record in _START_RECORDS:
            depth += 1
        elif record == _END_RECORD:
            depth -= 1
            if depth <= 0:
                break
        elif record in _FORMULA_RECORDS and length >= 4:
            place = _RECORD.unpack_from(stream, at)
            places.add(place)
            if texts_are_lost and not _gives_a_number(stream[at : at + length]):
                lost.add(place)
    return Formulas(frozenset(places), frozenset(lost))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind of each record, and where its content begins and how long it is."""
    while at + 4 <= len(stream):
        record, length = _RECORD.unpack_from(stream, at)
        yield record, at + 4, length
        at += 4 + length


def _gives_a_number(content: bytes) -> bool:
    """Whether the result is another than 0, or what is calculated last, which stands last, is arithmetic."""
    if content[6:14] != bytes(8):
        return True
    tokens = content[_TOKENS_AT:].rstrip(bytes([_BRACKETS]))
    if len(tokens) < 4:
        return bool(tokens) and tokens[-1] in _ARITHMETIC
    if tokens[-1] in _ARITHMETIC or tokens[-4:-2] == _SUM:
        return True
    function = int.from_bytes(tokens[-2:], "little")
    return function in _NUMERIC and (tokens[-3] in _FUNCTIONS or tokens[-4] in _FUNCTIONS_OF_MANY)

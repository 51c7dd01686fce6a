"""What the reader needs of two side parts: the shared texts, and which formats show a number as a date."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xltool.spreadsheet.limits import MAX_FORMATS, MAX_STRINGS, Allowance, too_large
from xltool.spreadsheet.plainxml import plain_formats, plain_strings
from xltool.spreadsheet.xmlscan import scan

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Built-in formats that show a date or a time; 27–36 and 50–58 are the East Asian ones.
_BUILT_IN_DATES = frozenset(map(str, (*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59))))
_NOT_A_DATE_PART = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general|g/通用格式', re.I)
_DATE_PART = re.compile(r"[ymdhs]|aaa", re.I)


def plain_text(stored: str) -> str:
    """A stored text with its ``_x000D_`` escapes decoded; halves of surrogate pairs stay as written."""

    def character(found: re.Match[str]) -> str:
        code = int(found.group(1), 16)
        return found.group() if 0xD800 <= code <= 0xDFFF else chr(code)

    return _ESCAPE.sub(character, stored) if "_x" in stored else stored


def shared_strings(part: bytes, allowance: Allowance) -> dict[str, str]:
    """The shared texts by number as cells write it; runs of rich text joined, phonetic guides left out."""
    stored = plain_strings(part)
    if stored is None:
        stored = _scanned_strings(part, allowance)
    return {str(number): plain_text(string) for number, string in enumerate(stored)}


def _scanned_strings(part: bytes, allowance: Allowance) -> list[str]:
    strings: list[str] = []
    runs: list[str] = []
    phonetic = False

    def opened(name: str, _attributes: dict[str, str]) -> None:
        nonlocal phonetic
        if name == "rPh":
            phonetic = True

    def closed(name: str, text: str) -> None:
        nonlocal phonetic
        if name == "t" and not phonetic:
            runs.append(text)
        elif name == "rPh":
            phonetic = False
        elif name == "si":
            if len(strings) >= MAX_STRINGS:
                raise too_large(f"文字超过 {MAX_STRINGS // 10_000} 万条")
            strings.append("".join(runs))
            runs.clear()

    scan(part, allowance, opened, closed)
    return strings


def date_styles(part: bytes, allowance: Allowance) -> frozenset[str]:
    """The cell formats, by their number as cells write it, that show a number as a date or time.

    Cells that name no format ('') have format 0.
    """
    codes, formats = plain_formats(part) or _scanned_formats(part, allowance)
    dates = {str(number) for number, code in enumerate(formats) if _shows_date(code, codes)}
    return frozenset(dates | {""} if "0" in dates else dates)


def _scanned_formats(part: bytes, allowance: Allowance) -> tuple[dict[str, str], list[str]]:
    codes: dict[str, str] = {}
    formats: list[str] = []
    section = ""

    def limit(count: int) -> None:
        if count > MAX_FORMATS:
            raise too_large("单元格格式过多")

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal section
        if name in ("numFmts", "cellXfs", "cellStyleXfs", "dxfs"):
            section = name
        elif name == "numFmt" and section == "numFmts":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            limit(len(codes))
        elif name == "xf" and section == "cellXfs":
            formats.append(attributes.get("numFmtId", "0"))
            limit(len(formats))

    scan(part, allowance, opened)
    return codes, formats


def _shows_date(number_format: str, codes: Mapping[str, str]) -> bool:
    if number_format not in codes:
        return number_format in _BUILT_IN_DATES
    return bool(_DATE_PART.search(_NOT_A_DATE_PART.sub("", codes[number_format])))

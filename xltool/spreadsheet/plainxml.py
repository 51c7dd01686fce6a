"""Short cuts for XML in the spelling that Excel, WPS, LibreOffice and xlsxwriter use.

They are several times faster than ``xmlscan``, which reads any spelling, and give up at the first character
that is not in that spelling. They may leave any part to ``xmlscan``; they may not read a well-formed one
differently (tested).
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import NamedTuple


class PlainRows(NamedTuple):
    """``rest``: the sheet's XML without its rows and without what nobody reads."""

    #: The fields of ``RawCell``, with ``LESS_THAN`` in values and formulas. Empty cells are there too, and
    #: rows, these without a reference.
    cells: list[tuple[str, ...]]
    hidden_rows: list[str]
    rest: bytes


#: Stands for < until the tags are told apart from the text; it cannot occur in XML.
LESS_THAN = "\0"


_ROWS, _ROWS_END = b"<sheetData>", b"</sheetData>"
# Beyond this the streaming way needs less memory.
_LONGEST = 2 << 20
_MAIN = (
    b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"',
    b'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"',
)
# Not allowed in XML, or changed by a parser (the carriage return).
_CONTROL = bytes({*range(32)} - {9, 10})
# Possessive (++, *+): nothing is ever tried twice, so the time is proportional to the length whatever comes.
_FORMULA_ATTRIBUTES = r'(?: (?:ref|aca|ca)="[^"<]*+")*+'
_ROW_TOKENS = re.compile(
    r'<c r="([A-Z]++[0-9]++)"(?: s="([0-9]++)")?+(?: t="([a-z]++)")?+(?: [cv]m="[0-9]++")*+(?:/>|>'
    rf'(?:<f{_FORMULA_ATTRIBUTES}(?: t="([a-zA-Z]++)")?+{_FORMULA_ATTRIBUTES}(?: si="([0-9]++)")?+'
    rf"{_FORMULA_ATTRIBUTES}(?:/>|>([^<]*+)</f>))?+"
    r"(?:<v>([^<]*+)</v>|<v/>)?+</c>)"
    r'|<row(?: (?!xmlns)[A-Za-z0-9:]++="[^"<]*+")*+/?>|</row>'
    r"|([\s\S]++)"
)
_HIDDEN_ROW = re.compile(r'<row(?=[^>]* r="([0-9]+)")(?=[^>]* hidden="(?:1|true)")')
_STRING_TABLE = re.compile(rb"(?:<\?xml [^<>]*\?>\s*)?(<sst [^<>]*[^/<>])>(.*)</sst>\s*", re.DOTALL)
_NUMBER_FORMAT = re.compile(r'<numFmt numFmtId="([0-9]+)" formatCode="([^<]*?)"/>')
_CELL_FORMAT = re.compile(rb'<xf numFmtId="([0-9]+)" ')
_SPACE = r'(?: xml:space="preserve")?+'
_LOOK = r'<rPr>(?:<[A-Za-z]++(?: [A-Za-z]++="[^"<]*+")*+/>)*+</rPr>'
_RUNS = rf"(?:<r>(?:{_LOOK})?+<t{_SPACE}>[^<]*+</t></r>)++"
_STRING_TOKENS = re.compile(rf"<si>(?:<t{_SPACE}>([^<]*+)</t>|({_RUNS}))</si>|([\s\S]++)")
_RUN_TEXT = re.compile(rf"<t{_SPACE}>([^<]*+)</t>")


def plain_rows(part: bytes) -> PlainRows | None:
    """The rows of a sheet in the usual spelling; None for any other."""
    start, end = part.find(_ROWS), part.rfind(_ROWS_END)
    head, tail = part[: max(start, 0)], part[end + len(_ROWS_END) :]
    if not 0 <= start < end or b"<?" in head[2:] or b"<!" in head or not _is_usual_root(head):
        return None
    text = _plain_text(part[start + len(_ROWS) : end])
    if text is None:
        return None
    cells = _ROW_TOKENS.findall(text)
    if any(map(itemgetter(-1), cells)):
        return None
    hidden = _HIDDEN_ROW.findall(text) if ' hidden="' in text else []
    return PlainRows(cells, hidden, head + b"<sheetData/>" + _without_cell_rules(tail))


def plain_strings(part: bytes) -> list[str] | None:
    """The shared texts when each is one run in the usual spelling; None for any other table."""
    table = _STRING_TABLE.fullmatch(part)
    text = _plain_text(table.group(2)) if table and _is_usual_root(part[: table.end(1)]) else None
    if text is None:
        return None
    strings = _STRING_TOKENS.findall(text)
    if any(map(itemgetter(-1), strings)):
        return None
    return [(string or "".join(_RUN_TEXT.findall(runs))).replace(LESS_THAN, "<") for string, runs, _ in strings]


def plain_formats(part: bytes) -> tuple[dict[str, str], list[str]] | None:
    """The number formats of their own in a table of styles, by id, and the id that each cell format names."""
    if len(part) > _LONGEST:
        return None
    own = part.partition(b"<numFmts ")[2].partition(b"</numFmts>")[0]
    cells = part.partition(b"<cellXfs ")[2].partition(b"</cellXfs>")[0]
    text = _plain_text(own)
    codes, formats = _NUMBER_FORMAT.findall(text or ""), _CELL_FORMAT.findall(cells)
    complete = own.count(b"<numFmt ") == len(codes) and cells.count(b"<xf ") == len(formats) > 0
    if text is None or not complete or b"<!" in part or not _is_usual_root(part):
        return None
    return {number: code.replace(LESS_THAN, "<") for number, code in codes}, [one.decode() for one in formats]


def _without_cell_rules(tail: bytes) -> bytes:
    """What follows the rows, up to conditional formats and validations, which take long and say nothing."""
    starts = [tail.find(name) for name in (b"<conditionalFormatting", b"<dataValidations")]
    start = min((start for start in starts if start >= 0), default=-1)
    end = b"</worksheet>"
    if start < 0 or b"<!" in tail or not tail.endswith(end):
        return tail
    left_out = tail[start:]
    return tail if b"mergeCell" in left_out or b"sheetProtection" in left_out else tail[:start] + end


def _is_usual_root(head: bytes) -> bool:
    """Whether the declaration and the tags of ``head`` say UTF-8 and the usual namespace, unprefixed."""
    declaration = head[: head.find(b"?>") + 2].lower()
    return (
        (b"encoding=" not in declaration or b'"utf-8"' in declaration)
        and head.count(b'xmlns="') == 1
        and any(namespace in head for namespace in _MAIN)
    )


def _plain_text(written: bytes) -> str | None:
    """``written``, entities replaced (< by ``LESS_THAN``); None when a parser would change anything else."""
    if len(written) > _LONGEST or len(written.translate(None, _CONTROL)) != len(written):
        return None
    if b"&" in written:
        written = written.replace(b"&lt;", LESS_THAN.encode()).replace(b"&gt;", b">")
        if written.count(b"&") != written.count(b"&amp;"):
            written = written.replace(b"&quot;", b'"').replace(b"&apos;", b"'")
            if written.count(b"&") != written.count(b"&amp;"):
                return None
        # Last, since it may be the start of another entity's name.
        written = written.replace(b"&amp;", b"&")
    try:
        return written.decode()
    except UnicodeDecodeError:
        return None

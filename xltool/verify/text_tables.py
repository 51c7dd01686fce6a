"""A report of ours as plain text, its tables made tables again: the lines are those that the text writer writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xltool.documents.model import Cell, DocTable, Document, Text
from xltool.figure import FigureId
from xltool.form import Form, Table
from xltool.grid import table_grid
from xltool.report.text import BLANK, table_lines
from xltool.verify.difference import tight

_FIGURE = "([^，（）：]*|" + re.escape(BLANK) + ")"
_PLACE = re.compile("\ue000([^\ue001]*)\ue001")


@dataclass(frozen=True)
class _Line:
    """A line of a table: what it looks like, and the figures in it; a heading has none."""

    pattern: re.Pattern[str]
    figures: tuple[FigureId, ...]


def with_tables(form: Form, document: Document) -> Document:
    """``document`` with a table in the place of the lines that are one; any other document as it is."""
    if document.kind != "text":
        return document
    blocks = list(document.blocks)
    for table in form.tables:
        if table.printed:
            blocks = _with_table(table, blocks)
    return Document(document.kind, tuple(blocks), document.notes)


def _with_table(table: Table, blocks: Sequence[Text | DocTable]) -> list[Text | DocTable]:
    lines = _lines(table)
    rows = [n for n, block in enumerate(blocks) if any(line.figures and _match(line, block) for line in lines)]
    if not rows:
        return list(blocks)
    first = rows[0]
    while first and any(not line.figures and _match(line, blocks[first - 1]) for line in lines):
        first -= 1
    values: dict[FigureId, str] = {}
    rest: list[Text | DocTable] = []
    at = 0
    for block in blocks[first : rows[-1] + 1]:
        found = next(((n, match) for n in range(at, len(lines)) if (match := _match(lines[n], block))), None)
        if found is None:
            rest.append(block)
        else:
            at = found[0] + 1
            values |= dict(zip(lines[found[0]].figures, found[1].groups(), strict=True))
    return [*blocks[:first], _table(table, values, blocks[first].place), *rest, *blocks[rows[-1] + 1 :]]


def _match(line: _Line, block: Text | DocTable) -> re.Match[str] | None:
    return line.pattern.fullmatch(tight(block.text)) if isinstance(block, Text) else None


def _lines(table: Table) -> list[_Line]:
    # Characters of the private use area, which no label contains.
    places = {figure: f"\ue000{figure}\ue001" for figure in _figures(table)}
    return [_line(tight(text)) for text in table_lines(table, places)]


def _figures(table: Table) -> Iterator[FigureId]:
    return (FigureId(table.id, row.id, column.id) for b in table.blocks for row in b.rows for column in b.columns)


def _line(text: str) -> _Line:
    pieces = _PLACE.split(text)
    pattern = _FIGURE.join(map(re.escape, pieces[::2]))
    return _Line(re.compile(pattern), tuple(map(FigureId.parse, pieces[1::2])))


def _table(table: Table, values: Mapping[FigureId, str], place: str) -> DocTable:
    cells = []
    for cell in table_grid(table).cells:
        if cell.figure is not None:
            said = values.get(cell.figure, "")
            text = "" if said == BLANK else said
        else:
            text = cell.label.printed if cell.label is not None else ""
        cells.append(Cell(text, cell.row, cell.column, cell.height, cell.width))
    return DocTable(tuple(cells), f"{place}起的表")

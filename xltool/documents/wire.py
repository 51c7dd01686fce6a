"""A document as plain JSON, from a reading process to the one that asked."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from xltool.documents.model import Cell, DocTable, Document, Text


def packed(document: Document) -> bytes:
    """The document in as few characters as is easy."""
    blocks = [_text(block) if isinstance(block, Text) else _table(block) for block in document.blocks]
    whole = [document.kind, document.notes, blocks, [_table(table) for table in document.hidden], document.heads]
    # Halves of surrogate pairs, which broken files bring, are no text that could be written anywhere.
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def unpacked(data: bytes) -> Document:
    """What was packed."""
    kind, notes, blocks, hidden, heads = json.loads(data)
    return Document(kind, tuple(map(_block, blocks)), tuple(notes), tuple(map(_sheet, hidden)), tuple(heads))


def _text(text: Text) -> list[Any]:
    return [text.text, text.place, text.heading]


def _table(table: DocTable) -> list[Any]:
    cells = [
        [c.text, c.row, c.column, c.rows, c.columns, None if c.number is None else str(c.number), c.formula]
        for c in table.cells
    ]
    return [cells, table.place, table.name, table.spreadsheet]


def _block(block: list[Any]) -> Text | DocTable:
    if len(block) == 3:
        return Text(*block)
    return _sheet(block)


def _sheet(table: list[Any]) -> DocTable:
    cells, *rest = table
    return DocTable(tuple(_cell(cell) for cell in cells), *rest)


def _cell(cell: list[Any]) -> Cell:
    text, row, column, rows, columns, number, formula = cell
    return Cell(text, row, column, rows, columns, None if number is None else Decimal(number), formula)

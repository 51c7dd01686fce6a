"""Documents as text that a test can show: one line a row, | between cells, the span behind a cell that has one."""

from __future__ import annotations

from itertools import groupby
from textwrap import dedent

from xltool.documents import DocTable, Document, Text


def shown(table: DocTable) -> str:
    """``规章 | 0 [1x2] | 3=``: cells by row, 1x2 for one row and two columns, = behind the result of a formula."""
    lines = []
    for _, cells in groupby(table.cells, lambda cell: cell.row):
        words = []
        for cell in cells:
            span = f" [{cell.rows}x{cell.columns}]" if cell.rows * cell.columns > 1 else ""
            words.append(cell.text.replace("\n", "/") + ("=" if cell.formula else "") + span)
        lines.append(" | ".join(words).strip())
    return "\n".join(lines)


def tables(document: Document) -> list[DocTable]:
    return [block for block in document.blocks if isinstance(block, DocTable)]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Text)]


def lines(text: str) -> str:
    """A table as a test writes it, without the indent of the code."""
    return dedent(text).strip("\n")

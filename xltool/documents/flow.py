"""Paragraphs and tables taken down in the order in which a document has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from xltool.documents.limits import MAX_COLUMNS, Measure
from xltool.documents.model import Cell, DocTable, Text

MAX_SPAN = 200
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u0000-\u0008\u000b\u000c\u000e-\u001f]")
_SPACES = re.compile(r"[ \t\r\f\u00a0]+")


@dataclass(frozen=True)
class Span:
    """A cell as a row lists it, before its column is known; ``covered``: it lies under a merged one."""

    text: str
    rows: int = 1
    columns: int = 1
    number: Decimal | None = None
    formula: bool = False
    covered: bool = False


@dataclass
class Flow:
    """The blocks so far; texts and tables are numbered as they come."""

    measure: Measure = field(default_factory=Measure)
    blocks: list[Text | DocTable] = field(default_factory=list)
    texts: int = 0
    tables: int = 0

    def text(self, text: str, heading: bool = False) -> None:
        """One paragraph, its lines apart from each other; nothing where nothing can be seen."""
        self.texts += 1
        for line in tidy(text).split("\n"):
            if line:
                self.blocks.append(Text(self.measure.text(line), f"第{self.texts}段", heading))

    def table(self, rows: Sequence[Iterable[Span]], name: str = "") -> None:
        """A table; one of a single cell is only a frame around paragraphs."""
        self.cells(placed(rows, self.measure), name)

    def cells(self, cells: tuple[Cell, ...], name: str = "") -> None:
        """The same for cells that know their places."""
        if len(cells) == 1:
            self.text(cells[0].text)
        elif any(cell.text for cell in cells):
            self.tables += 1
            self.blocks.append(DocTable(cells, f"第{self.tables}个表格", tidy(name).replace("\n", " ")))


def tidy(text: str) -> str:
    """``text`` without what cannot be seen, one space for many, no spaces around lines, no empty lines at the ends."""
    lines = (_SPACES.sub(" ", line).strip() for line in _INVISIBLE.sub("", text).split("\n"))
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


def placed(rows: Sequence[Iterable[Span]], measure: Measure) -> tuple[Cell, ...]:
    """Each cell in its column: behind those before it, past those that reach down from above."""
    cells: list[Cell] = []
    blocked: dict[int, int] = {}  # the first row that a column is free in again
    for number, row in enumerate(rows):
        column = 0
        for span in row:
            while not span.covered and blocked.get(column, 0) > number:
                column += 1
            if column >= MAX_COLUMNS:
                break
            width = max(1, min(span.columns, MAX_SPAN))
            if not span.covered:
                width = _free(column, width, number, blocked)
                height = max(1, min(span.rows, len(rows) - number))
                cells.append(_cell(span, number, column, height, width, measure))
                blocked |= dict.fromkeys(range(column, column + width), number + height)
            column += width
    return tuple(cells)


def _free(column: int, width: int, row: int, blocked: dict[int, int]) -> int:
    """How many of ``width`` columns are free: a cell that would overlap one from above is cut off there."""
    return next((taken for taken in range(width) if blocked.get(column + taken, 0) > row), width)


def _cell(span: Span, row: int, column: int, rows: int, columns: int, measure: Measure) -> Cell:
    return Cell(measure.cell(tidy(span.text)), row, column, rows, columns, span.number, span.formula)

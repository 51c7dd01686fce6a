"""Documents for tests: the official tables as a document prints them, and tables typed as text.

typed('''
    信息内容     | 本年制发件数 | 本年废止件数
    规章         | 1            | 2
''')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from xltool.check.judge import amounts
from xltool.documents.model import Cell, DocTable, Document, Text
from xltool.figure import FigureId, plain
from xltool.filing import Filing, Unit
from xltool.form import Form, Table
from xltool.grid import table_grid

Values = Mapping[FigureId, Decimal]


def printed(table: Table, values: Values, place: str = "第1个表格", spreadsheet: bool = False) -> DocTable:
    """The official table with ``values``, merged as the form merges it; a figure without value is an empty cell."""
    cells = []
    for cell in table_grid(table).cells:
        text = cell.label.printed if cell.label is not None else ""
        if cell.figure is not None and cell.figure in values:
            text = plain(values[cell.figure])
        cells.append(Cell(text, cell.row, cell.column, cell.height, cell.width))
    return tidied(DocTable(tuple(cells), place, spreadsheet=spreadsheet))


def tidied(table: DocTable) -> DocTable:
    """In order; in a workbook without the cells that hold nothing."""
    cells = sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    if table.spreadsheet:
        cells = [cell for cell in cells if cell.text or cell.number is not None]
    return replace(table, cells=tuple(cells))


def document(form: Form, values: Values, kind: str = "docx") -> Document:
    """A report with a title, headings and the printed tables."""
    title = Text(f"某县教育局2024年{form.title}", "第1段")
    blocks: list[Text | DocTable] = [title]
    number = 0
    for section in form.sections:
        blocks.append(Text(section.heading, f"第{len(blocks) + 1}段", heading=True))
        if section.table is not None and section.table.printed:
            number += 1
            blocks.append(printed(section.table, values, f"第{number}个表格", spreadsheet=kind == "xlsx"))
        else:
            blocks.append(Text("全年工作正常开展。", f"第{len(blocks) + 1}段"))
    return Document(kind, tuple(blocks))


def complete(form: Form, values: Values) -> dict[FigureId, Decimal]:
    """With the totals, of printed tables only."""
    known = amounts(form, Filing(form.id, Unit("某局"), 2024, values))
    shown = {table.id for table in form.tables if table.printed}
    return {figure: value for figure, value in known.items() if figure.table in shown}


def random_values(form: Form, chance: Random) -> dict[FigureId, Decimal]:
    """All different in one document, or mostly 0 as reports are."""
    if chance.random() < 0.5:
        pool = chance.sample(range(1, 5000), k=len(form.inputs))
        return {figure.id: Decimal(number) for figure, number in zip(form.inputs, pool, strict=True)}
    busy = chance.choice((0.05, 0.3, 0.7))
    return {f.id: Decimal(chance.randrange(1, 400) if chance.random() < busy else 0) for f in form.inputs}


def typed(text: str, place: str = "第1个表格", spreadsheet: bool = False) -> DocTable:
    """A table shown as text, cells between |; ‹ takes part in the cell before it, ^ in the one above."""
    lines = [line for line in text.strip("\n").splitlines() if line.strip()]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    cells: list[Cell] = []
    for row, texts in enumerate(rows):
        for column, content in enumerate(texts):
            if content not in ("‹", "^"):
                cells.append(
                    Cell(content.replace("\\n", "\n"), row, column, _down(rows, row, column), _right(texts, column))
                )
    return tidied(DocTable(tuple(cells), place, spreadsheet=spreadsheet))


def _right(texts: Sequence[str], column: int) -> int:
    end = column + 1
    while end < len(texts) and texts[end] == "‹":
        end += 1
    return end - column


def _down(rows: Sequence[Sequence[str]], row: int, column: int) -> int:
    end = row + 1
    while end < len(rows) and column < len(rows[end]) and rows[end][column] == "^":
        end += 1
    return end - row


def with_tables(document: Document, tables: Iterable[DocTable]) -> Document:
    """The document with these tables in place of its own, in order; more are added at the end."""
    left = list(tables)
    blocks: list[Text | DocTable] = []
    for block in document.blocks:
        if isinstance(block, DocTable):
            if left:
                blocks.append(left.pop(0))
        else:
            blocks.append(block)
    return replace(document, blocks=(*blocks, *left))

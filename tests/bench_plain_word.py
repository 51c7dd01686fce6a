"""The plain way to a Word report: python-docx, paragraph by paragraph, cells looked up once for each table.

The benchmark's opponent, and an independent witness for the tests of ``xltool.report.word``.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx

from xltool.grid import Role
from xltool.report.outline import Level, Paragraph
from xltool.report.view import ReportView, TableView
from xltool.report.word_style_file import style_file
from xltool.report.word_styles import (
    BODY,
    FOURTH,
    HEADING,
    LEAD,
    SECOND,
    SIGNATURE,
    TABLE,
    TABLE_STUB,
    TABLE_VALUE,
    THIRD,
    TITLE,
)

if TYPE_CHECKING:
    from docx.document import Document


def plain_word(view: ReportView) -> bytes:
    """The report of ``view`` as .docx: the same paragraphs, texts and merges as ours, styled alike."""
    document = docx.Document(io.BytesIO(style_file()))
    body = document.element.body
    for child in list(body)[:-1]:
        body.remove(child)
    document.add_paragraph("\n".join(view.title_lines), TITLE)
    for paragraph in view.foreword:
        _add_paragraph(document, paragraph)
    for section in view.sections:
        document.add_paragraph(section.heading, HEADING)
        for block in section.blocks:
            if isinstance(block, TableView):
                _add_table(document, block)
            else:
                _add_paragraph(document, block)
    for line in (view.signature.unit, view.signature.date):
        if line:
            document.add_paragraph(line, SIGNATURE)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add_paragraph(document: Document, paragraph: Paragraph) -> None:
    if paragraph.lead and not paragraph.text:
        document.add_paragraph(paragraph.lead, SECOND)
        return
    style = {Level.THIRD: THIRD, Level.FOURTH: FOURTH}.get(paragraph.level, BODY)
    added = document.add_paragraph(style=style)
    if paragraph.lead:
        added.add_run(paragraph.lead, LEAD)
    added.add_run(paragraph.text)


def _add_table(document: Document, view: TableView) -> None:
    grid = view.grid
    table = document.add_table(grid.rows, grid.columns, TABLE)
    cells = table._cells  # looked up once: table.cell() would build this list anew for every cell
    for cell in grid.cells:
        first = cells[cell.row * grid.columns + cell.column]
        last = cells[(cell.row + cell.height - 1) * grid.columns + cell.column + cell.width - 1]
        if last is not first:
            first = first.merge(last)
        label = cell.label.printed if cell.label is not None else ""
        text = view.values[cell.figure] if cell.figure is not None else label
        paragraph = first.paragraphs[0]
        paragraph.text = text
        paragraph.style = TABLE_VALUE if cell.role is Role.VALUE else TABLE_STUB

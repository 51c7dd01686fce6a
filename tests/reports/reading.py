"""A page of HTML read as its readers do: figures under the headings that stand above and beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement

from xltool.form import Form
from xltool.report.outline import Paragraph
from xltool.report.view import ReportView, TableView

Figures = dict[tuple[str, ...], str]
"""Headings, the section's or block's first, then of the row, then of the column → the figure as printed."""
_SPACE = re.compile(r"\s+")


def text_of(element: HtmlElement) -> str:
    return str(element.text_content())


def by_headers(table: HtmlElement) -> Figures:
    """Figures under the cells that their ``headers`` name."""
    heads = {cell.get("id"): text_of(cell) for cell in table.iter("th")}
    cells = [cell for cell in table.iter("td") if cell.get("headers")]
    return {tuple(heads[name] for name in str(cell.get("headers")).split()): text_of(cell) for cell in cells}


def by_scope(table: HtmlElement) -> Figures:
    """Figures under the cells that their ``scope`` puts over them: to the left, and up to the block's heading."""
    at = placed(table)
    found: Figures = {}
    for (row, column), cell in at.items():
        if cell.tag == "td" and (row, column - 1) in at and at[row, column - 1] is cell:
            continue
        row_heads = _distinct(at[row, left] for left in range(column))
        above = _distinct(at[up, column] for up in range(row))
        block = [number for number, head in enumerate(above) if head.get("scope") == "rowgroup"]
        columns = above[block[-1] :] if block else above
        block_head = columns[:1] if block else []
        heads = [
            *block_head,
            *(head for head in row_heads if head.get("scope") == "row"),
            *(head for head in columns[len(block_head) :] if head.get("scope") == "col"),
        ]
        if cell.tag == "td" and heads:
            found[tuple(map(text_of, heads))] = text_of(cell)
    return found


def _distinct(cells: Iterator[HtmlElement]) -> list[HtmlElement]:
    kept: list[HtmlElement] = []
    for cell in cells:
        if not kept or kept[-1] is not cell:
            kept.append(cell)
    return kept


def placed(table: HtmlElement) -> dict[tuple[int, int], HtmlElement]:
    """Row and column → cell, spans spread out; AssertionError where two cells share a place."""
    at: dict[tuple[int, int], HtmlElement] = {}
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line:
            while (row, column) in at:
                column += 1
            for down in range(int(cell.get("rowspan", "1"))):
                for right in range(int(cell.get("colspan", "1"))):
                    assert (row + down, column + right) not in at
                    at[row + down, column + right] = cell
    return at


def expected_figures(form: Form, view: ReportView) -> list[Figures]:
    """What the tables of ``view`` say, by the form's own labels."""
    tables = [block for section in view.sections for block in section.blocks if isinstance(block, TableView)]
    found = []
    for table in tables:
        blocks = {(row.id, column.id): b.heading for b in table.table.blocks for row in b.rows for column in b.columns}
        figures: Figures = {}
        for figure, value in table.values.items():
            heading = blocks[figure.row, figure.column]
            labels = form.figures[figure].labels
            figures[(heading, *labels) if heading else labels] = value
        found.append(figures)
    return found


def expected_paragraphs(view: ReportView) -> list[str]:
    """Headings of sections, paragraphs and charts' descriptions in order, the signature last."""
    lines = [paragraph.whole for paragraph in view.foreword]
    for section in view.sections:
        lines.append(section.heading)
        lines += [block.whole for block in section.blocks if isinstance(block, Paragraph)]
        lines += [chart.description for chart in view.charts if chart.section == section.id]
    return [one_line(line) for line in (*lines, view.signature.unit, view.signature.date) if one_line(line)]


def one_line(text: str) -> str:
    """``text`` without what no page can hold, white space as readers see it."""
    kept = "".join(char for char in text if char in "\t\n" or is_character(char))
    return _SPACE.sub(" ", kept).strip()


def is_character(char: str) -> bool:
    """Whether Unicode and HTML let ``char`` stand in a text, and it does not turn round what stands behind it."""
    code = ord(char)
    control = code < 0x20 or 0x7F <= code < 0xA0 or 0x2028 <= code <= 0x202E or 0x2066 <= code <= 0x2069
    control = control or code in (0x061C, 0x200E, 0x200F)
    return not (control or 0xD800 <= code < 0xE000 or 0xFDD0 <= code < 0xFDF0 or code & 0xFFFE == 0xFFFE)


def attributes(root: HtmlElement) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every element's tag and attributes."""
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element.tag, dict(element.attrib)

"""Pages → blocks in reading order: tables where lines or columns make them, paragraphs around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from xltool.documents.flow import tidy
from xltool.documents.limits import Measure
from xltool.documents.model import Cell, DocTable, Text
from xltool.documents.pdf.continued import Part, agree, stitched
from xltool.documents.pdf.lines import Line, cell_text, lines_of, segments
from xltool.documents.pdf.marks import Page
from xltool.documents.pdf.prose import Margins, Placed, margins, paragraphs, without_running_heads
from xltool.documents.pdf.ruled import Ruled, ruled_tables
from xltool.documents.pdf.unruled import tabular_runs, unruled_part


@dataclass(frozen=True)
class _Row:
    """A line of prose, or a ruled table, with its place from the top of the page."""

    page: int
    top: float
    content: Placed | Part


def blocks_of(pages: Sequence[Page]) -> tuple[tuple[Text | DocTable, ...], tuple[str, ...]]:
    """The whole document, and its running heads apart."""
    rows = [row for page in pages for row in _rows(page)]
    lines = [row.content for row in rows if isinstance(row.content, Placed)]
    kept = {id(placed) for placed in without_running_heads(lines)}
    heads = dict.fromkeys(placed.line.text.strip() for placed in lines if id(placed) not in kept)
    rows = [row for row in rows if isinstance(row.content, Part) or id(row.content) in kept]
    within = margins(row.content for row in rows if isinstance(row.content, Placed))
    pieces = list(_with_unruled(rows, within))
    return tuple(_written(_continued(pieces), within)), tuple(heads)


def _rows(page: Page) -> Iterator[_Row]:
    """Lines and ruled tables of a page from top to bottom."""
    drawn = ruled_tables(page.across, page.down, page.chars)
    charts = [table for table in drawn if _is_chart(table)]
    tables = [table for table in drawn if not _is_chart(table) and not _is_poor(table)]
    in_tables = {id(char) for table in tables for field in table.fields for char in field.chars}
    free = [char for char in page.chars if id(char) not in in_tables and not char.turned]
    found = [_Row(page.number, table.ys[0], _ruled_part(table, page.number)) for table in tables]
    for line in lines_of(free):
        labels_bars = any(_beside(line, chart) for chart in charts)
        found.append(_Row(page.number, line.top, Placed(line, page.number, page.height, page.width, labels_bars)))
    return iter(sorted(found, key=lambda row: row.top))


def _is_poor(table: Ruled) -> bool:
    """Whether lines are missing: columns of words inside one field, or a frame around prose."""
    if len(table.xs) == 2:
        return True
    parted = sum(_holds_columns(lines_of(field.chars)) for field in table.fields if field.chars)
    return parted * 4 > len(table.fields)


def _is_chart(table: Ruled) -> bool:
    """Bars and axes make fields too, but few of them say anything, and what they say is figures."""
    filled = [field for field in table.fields if field.chars]
    worded = sum(any(char.text.isalpha() for char in field.chars) for field in filled)
    return 2 * len(filled) < len(table.fields) and worded < 2


def _beside(line: Line, chart: Ruled) -> bool:
    """Whether a line stands at the height of a chart, or is the first below or above it."""
    near = 1.5 * line.size
    return chart.ys[0] - near < line.bottom and line.top < chart.ys[-1] + near


def _holds_columns(lines: Sequence[Line]) -> bool:
    return any(len(segments(line, 1.6)) > 2 for line in lines)


def _ruled_part(table: Ruled, page: int) -> Part:
    cells = tuple(
        Cell(
            tidy(cell_text(field.chars, table.xs[field.column], table.xs[field.column + field.columns])),
            field.row, field.column, field.rows, field.columns,
        )
        for field in table.fields
    )  # fmt: skip
    return Part(table.xs, cells, (page,))


def _with_unruled(rows: Sequence[_Row], within: Margins) -> Iterator[Placed | Part]:
    """Runs of lines that are tables taken for such; those of two pages are looked at apart."""
    for (_, is_line), group in groupby(rows, lambda row: (row.page, _may_be_tabular(row.content))):
        contents = [row.content for row in group]
        if not is_line:
            yield from contents
            continue
        placed = [content for content in contents if isinstance(content, Placed)]
        at = 0
        for first, end in tabular_runs([one.line for one in placed], within.right - within.left):
            yield from placed[at:first]
            part = unruled_part([one.line for one in placed[first:end]], placed[first].page)
            yield part
            at = end
        yield from placed[at:]


def _may_be_tabular(content: Placed | Part) -> bool:
    return isinstance(content, Placed) and not content.in_chart


def _continued(pieces: Sequence[Placed | Part]) -> Iterator[Placed | Part]:
    """Tables that go on on the next page, with nothing between, as one."""
    waiting: Part | None = None
    for piece in pieces:
        if isinstance(piece, Part) and waiting is not None and agree(waiting, piece):
            waiting = stitched(waiting, piece)
            continue
        if waiting is not None:
            yield waiting
        waiting = piece if isinstance(piece, Part) else None
        if waiting is None:
            yield piece
    if waiting is not None:
        yield waiting


def _written(pieces: Iterator[Placed | Part], within: Margins) -> Iterator[Text | DocTable]:
    measure = Measure()
    for is_table, group in groupby(pieces, lambda piece: isinstance(piece, Part)):
        if is_table:
            yield from (_table(part, measure) for part in group if isinstance(part, Part))
            continue
        lines = [piece for piece in group if isinstance(piece, Placed)]
        for text, page in paragraphs(lines, within):
            if tidy(text):
                yield Text(measure.text(tidy(text)), f"第{page}页")


def _table(part: Part, measure: Measure) -> DocTable:
    cells = tuple(replace(cell, text=measure.cell(cell.text)) for cell in part.cells)
    first, last = part.pages[0], part.pages[-1]
    return DocTable(cells, f"第{first}页" if first == last else f"第{first}—{last}页")

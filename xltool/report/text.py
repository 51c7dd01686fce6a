"""The report as plain text, to be pasted into a message or kept: it reads well in any typeface.

Tables are no columns of blanks, which only line up in a typewriter face, but a line for each row, under the
headings of the rows set in as they are on the form::

    三、本年度办理结果
    （三）不予公开
    1.属于国家秘密：自然人 2，法人或其他组织（商业企业 0，科研机构 0），总计 2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from xltool.figure import FigureId
from xltool.form import Block, Label, Line, Table
from xltool.report.outline import Paragraph
from xltool.report.printable import printable
from xltool.report.view import DRAFT_NOTICE, ReportView, SectionView, TableView

_INDENT = "　　"
BLANK = "（空白）"
"""What a blank figure is said to be."""


def write_text(view: ReportView) -> str:
    """The whole report; lines end with ``\\n``, a paragraph is one line. A blank figure is said to be （空白）."""
    lines = list(_lines(view))
    return "\n".join(printable(line.replace("\n", " ")).rstrip() for line in lines) + "\n"


def _lines(view: ReportView) -> Iterator[str]:
    if view.draft:
        yield from (f"【{DRAFT_NOTICE}】", "")
    yield from view.title_lines
    yield ""
    yield from map(_paragraph, view.foreword)
    for section in view.sections:
        yield from ("", section.heading)
        yield from _blocks(section)
        for chart in view.charts:
            if chart.section == section.id:
                yield f"{_INDENT}{chart.title}：{chart.description}"
    yield from ("", view.signature.unit)
    if view.signature.date:
        yield view.signature.date


def _blocks(section: SectionView) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, TableView):
            yield from table_lines(block.table, block.values)
        else:
            yield _paragraph(block)


def _paragraph(paragraph: Paragraph) -> str:
    return _INDENT + paragraph.whole


# --- tables -----------------------------------------------------------------------------------------------


def table_lines(table: Table, values: Mapping[FigureId, str]) -> Iterator[str]:
    """The lines of a whole table with ``values``, a blank one "", in their places."""
    for block in table.blocks:
        yield from _block(block, table.id, values)


def _block(block: Block, table: str, values: Mapping[FigureId, str]) -> Iterator[str]:
    """What stands over the rows, then the rows; a heading shared by all columns stands over them too."""
    shared = _shared([column.path[:-1] for column in block.columns])
    over = [block.heading, block.corner.note, *(label.printed for label in shared)]
    yield from (text for text in over if text)
    above: tuple[Label, ...] = ()
    for row in block.rows:
        *groups, own = row.path
        for depth in range(len(_shared([above, groups])), len(groups)):
            yield _INDENT * depth + groups[depth].printed
        above = tuple(groups)
        said = {c.id: values[FigureId(table, row.id, c.id)] or BLANK for c in block.columns}
        yield f"{_INDENT * len(groups)}{own.printed}：{_figures(block.columns, len(shared), said)}"


def _shared(paths: Sequence[Sequence[Label]]) -> Sequence[Label]:
    """The headings with which all ``paths`` begin."""
    depth = 0
    while all(len(path) > depth and path[depth] == paths[0][depth] for path in paths):
        depth += 1
    return paths[0][:depth]


def _figures(columns: Sequence[Line], depth: int, said: Mapping[str, str]) -> str:
    """The figures of a row behind their headings from ``depth`` on: 甲 1，乙（丙 2，丁 3），戊 4."""
    parts: list[str] = []
    for label, group in groupby(columns, key=lambda column: column.path[depth]):
        inner = list(group)
        if len(inner) == 1 and len(inner[0].path) == depth + 1:
            parts.append(f"{label.printed} {said[inner[0].id]}")
        else:
            parts.append(f"{label.printed}（{_figures(inner, depth + 1, said)}）")
    return "，".join(parts)

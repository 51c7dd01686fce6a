"""xltool.report.text: the report as plain text, which people read and programs can read back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from tests.fills import filings, whole_workbooks
from tests.reports.reading import Figures, expected_figures, expected_paragraphs, one_line
from tests.test_html import FORM, hostile_view, views
from tests.test_report_view import SMALL_FORM
from xltool.definition import parse_form
from xltool.filing import Filing, Unit
from xltool.form import Block
from xltool.report.text import write_text
from xltool.report.view import DRAFT_NOTICE, ReportView, TableView, build_view

INDENT = "　　"
_PIECE = re.compile(r"([^，（）]+(?:（[^（）]*）)?) (（空白）|-?[\d.]+)|([^，（）]+)（|(）)|，")
"""A figure behind its heading, the heading of a group, or the end of one."""


def figures_in(block: Block, lines: list[str]) -> Figures:
    """Figures by their headings, taken out of the lines of one block of a table by nothing but the text itself."""
    found: Figures = {}
    path: list[str] = []
    for line in (line for line in lines if _is_row(block, line) or line.lstrip("　") in _groups(block)):
        depth = (len(line) - len(line.lstrip("　"))) // len(INDENT)
        head, _, said = line.lstrip("　").partition("：")
        path[depth:] = [head]
        for columns, value in _pieces(said):
            found[(*path, *columns)] = "" if value == "（空白）" else value
    return found


def _groups(block: Block) -> set[str]:
    return {label.printed for row in block.rows for label in row.path[:-1]}


def _is_row(block: Block, line: str) -> bool:
    return any(line.lstrip("　").startswith(row.label.printed + "：") for row in block.rows)


def _pieces(said: str) -> list[tuple[tuple[str, ...], str]]:
    groups: list[str] = []
    found = []
    for match in _PIECE.finditer(said):
        label, value, group, end = match.groups()
        if label:
            found.append(((*groups, label), value))
        elif group:
            groups.append(group)
        elif end:
            groups.pop()
    return found


def shared_headings(block: Block) -> tuple[str, ...]:
    """Headings over all columns, which stand once above the rows."""
    first = block.columns[0].path[:-1]
    return tuple(
        label.printed
        for depth, label in enumerate(first)
        if all(c.path[depth : depth + 1] == (label,) for c in block.columns)
    )


def read_tables(view: ReportView) -> list[Figures]:
    lines = write_text(view).split("\n")
    found: list[Figures] = []
    for section in view.sections:
        for table in (block for block in section.blocks if isinstance(block, TableView)):
            start = lines.index(section.heading)
            of_table = lines[start : lines.index("", start)]
            figures: Figures = {}
            for block in table.table.blocks:
                shared = shared_headings(block)
                rest = of_table[of_table.index(block.heading) + 1 :] if block.heading else of_table
                for path, value in figures_in(block, rest[: _end(rest, table)]).items():
                    row = next(r for r in block.rows if tuple(x.printed for x in r.path) == path[: len(r.path)])
                    full = (*path[: len(row.path)], *shared, *path[len(row.path) :])
                    figures[(block.heading, *full) if block.heading else full] = value
            found.append(figures)
    return found


def _end(lines: list[str], table: TableView) -> int:
    headings = {block.heading for block in table.table.blocks if block.heading}
    return next((number for number, line in enumerate(lines) if line in headings), len(lines))


@pytest.mark.parametrize("seed", range(12))
def test_every_figure_can_be_read_back(seed: int) -> None:
    """Indents and colons lead from each figure to the form's labels, for all 200; a blank is told from 0."""
    view = views(seed)
    found = read_tables(view)
    assert sum(map(len, found)) == 200
    assert found == expected_figures(FORM, view)


@pytest.mark.parametrize("seed", range(12))
def test_every_paragraph_is_a_line(seed: int) -> None:
    """Title, paragraphs and signature, in order, each on one line."""
    view = views(seed)
    lines = iter([one_line(line) for line in write_text(view).split("\n")])
    charts = {one_line(c.description): one_line(f"{c.title}：{c.description}") for c in view.charts}
    expected = [charts.get(line, line) for line in expected_paragraphs(view)]
    assert [line for line in expected if line not in lines] == []


@whole_workbooks(30)
@given(said=filings(FORM))
def test_whatever_is_typed_is_said(said: Filing) -> None:
    """Any text a workbook can hold stands in the file, which is proper UTF-8 with plain line ends."""
    view = build_view(FORM, said)
    text = write_text(view)
    text.encode()
    assert "\r" not in text
    lines = iter([one_line(line) for line in text.split("\n")])
    assert [line for line in expected_paragraphs(view) if line not in lines] == []


def test_hostile_texts_stay_in_their_lines() -> None:
    """Control characters are dropped; nothing a unit writes begins a line of its own."""
    text = write_text(hostile_view())
    text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    unit, date = text.split("\n")[-3:-1]
    assert all(line.startswith(INDENT) for line in text.split("\n") if "（一）甲" in line and line not in (unit, date))


def test_a_draft_says_so_first() -> None:
    """The notice is the first line of a draft and nowhere else."""
    draft, final = write_text(views(2)), write_text(views(1))
    assert draft.startswith(f"【{DRAFT_NOTICE}】\n\n")
    assert draft.count(DRAFT_NOTICE) == 1
    assert DRAFT_NOTICE not in final


def test_another_form() -> None:
    """A made-up form gives its own lines."""
    small = parse_form(SMALL_FORM)
    text = write_text(build_view(small, Filing(small.id, Unit("甲镇"), 2023)))
    assert "\n镇级：编织袋 （空白），水泵 （空白），合计 （空白）\n" in text

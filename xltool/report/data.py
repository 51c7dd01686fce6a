"""The report as open data: JSON after a published schema, and CSV in long form, one line for each figure.

Both name edition, unit, year and period, and hold every figure of the form, totals too, under its official labels.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from xltool.check.judge import amounts
from xltool.csvtext import inert
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Figure, Form, Line, Section, Table
from xltool.report.outline import Paragraph
from xltool.report.printable import printable
from xltool.report.view import ReportView, build_view

SCHEMA_ID = "urn:xltool:report-data:1"
"""Changes whenever what readers of the data rely on does."""
_SCHEMA = Path(__file__).parent / "schema/report.schema.json"
CSV_COLUMNS = ("表式", "单位", "年度", "起", "止", "表", "行", "列", "指标", "数值", "计量单位", "状态")
_BETWEEN_LABELS = " / "
_DRAFT, _FINAL = "草稿", "正式"


def schema_text() -> str:
    """The JSON Schema that ``write_json`` keeps to."""
    return _SCHEMA.read_text("utf-8")


def report_data(form: Form, filing: Filing, view: ReportView | None = None) -> dict[str, Any]:
    """The whole report as the schema says; a figure's value is a Decimal, None where it is blank.

    ``view``: the report as it is published, where that is not the plain view of ``filing``.
    """
    view = build_view(form, filing) if view is None else view
    known = amounts(form, filing)
    first, last = _period(filing.year)
    shown = {section.id: section for section in view.sections}
    return {
        "$schema": SCHEMA_ID,
        "edition": {"id": form.id, "title": form.title},
        "unit": {"name": view.unit, "code": filing.unit.code, "type": filing.unit.type},
        "year": filing.year,
        "period": {"from": first, "to": last},
        "draft": view.draft,
        "title": view.title,
        "foreword": _paragraphs(view.foreword),
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "paragraphs": _paragraphs(b for b in shown[section.id].blocks if isinstance(b, Paragraph)),
                "table": _table(form, section, known),
            }
            for section in form.sections
        ],
        "signature": {"unit": view.signature.unit, "date": view.signature.date},
    }


def write_json(form: Form, filing: Filing, view: ReportView | None = None) -> str:
    """``report_data`` as JSON; numbers are written with all their digits.

    Signs of markup are escaped, so that it does no harm where a page takes it up or a server calls it HTML.
    """
    text = json.dumps(_writable(report_data(form, filing, view)), ensure_ascii=False, indent=2)
    for sign in _MARKUP:
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return _NUMBER.sub(r"\1", text) + "\n"


def write_csv(form: Form, filing: Filing, draft: bool = False) -> bytes:
    """One line for each figure, as Excel opens it (UTF-8 with a mark). A blank figure is an empty cell.

    Every line says whether it is of a ``draft``, so that none is taken over unseen. A text that a spreadsheet
    program would take for a formula gets an apostrophe before it.
    """
    known = amounts(form, filing)
    first, last = _period(filing.year)
    unit = " ".join(filing.unit.name.split())
    whose = [_no_formula(text) for text in (form.id, unit, str(filing.year), first, last)]
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(CSV_COLUMNS)
    for figure, labels, kind in _labelled(form):
        value = known.get(figure)
        lines.writerow([*whose, *labels, "" if value is None else plain(value), kind, _DRAFT if draft else _FINAL])
    return written.getvalue().encode("utf-8-sig")


@lru_cache(maxsize=16)
def _labelled(form: Form) -> tuple[tuple[FigureId, tuple[str, ...], str], ...]:
    """Each figure with its table, row, column and id as the CSV has them, and its unit; the same for all reports."""
    rows = []
    for table in form.tables:
        for cell in _cells(form, table):
            labels = ([cell.block] if cell.block else []) + _labels(cell.row)
            texts = (table.name, _joined(labels), _joined(_labels(cell.column)), str(cell.figure.id))
            rows.append((cell.figure.id, tuple(map(_no_formula, texts)), _no_formula(cell.figure.kind.unit)))
    return tuple(rows)


# --- figures and their labels -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cell:
    """A figure with its headings; ``block`` is the heading of its part of the table, "" where there is none."""

    figure: Figure
    block: str
    row: Line
    column: Line


def _cells(form: Form, table: Table) -> Iterator[_Cell]:
    for block in table.blocks:
        for row in block.rows:
            for column in block.columns:
                figure = form.figures[FigureId(table.id, row.id, column.id)]
                yield _Cell(figure, block.heading, row, column)


def _labels(line: Line) -> list[str]:
    return [label.printed for label in line.path]


def _table(form: Form, section: Section, known: dict[FigureId, Decimal]) -> dict[str, Any] | None:
    table = section.table
    if table is None:
        return None
    figures = [
        {
            "id": str(cell.figure.id),
            "block": cell.block,
            "row": _labels(cell.row),
            "column": _labels(cell.column),
            "unit": cell.figure.kind.unit,
            "value": known.get(cell.figure.id),
            "computed": cell.figure.computed is not None,
        }
        for cell in _cells(form, table)
    ]
    return {"id": table.id, "name": table.name, "printed": table.printed, "figures": figures}


def _paragraphs(paragraphs: Iterable[Paragraph]) -> list[dict[str, Any]]:
    return [{"text": paragraph.whole, "drafted": paragraph.drafted} for paragraph in paragraphs]


def _period(year: int) -> tuple[str, str]:
    return f"{year}-01-01", f"{year}-12-31"


# --- how it is written ------------------------------------------------------------------------------------

# A number on its way through the JSON library, which knows no Decimal: no text holds the sign around it.
_MARK = "\x00"
_MARKUP = "<>&"
_NUMBER = re.compile(r'"\\u0000([-.\d]+)\\u0000"')


def _writable(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _writable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_writable(value) for value in data]
    if isinstance(data, Decimal):
        return f"{_MARK}{plain(data)}{_MARK}"
    return printable(data) if isinstance(data, str) else data


def _joined(labels: list[str]) -> str:
    return _BETWEEN_LABELS.join(labels)


def _no_formula(text: str) -> str:
    return inert(printable(text))

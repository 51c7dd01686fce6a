"""Charts of a report: which of the form's charts there is something to show in, and their numbers in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import cast

from xltool.check.judge import amounts
from xltool.expr.evaluate import compiled
from xltool.expr.model import Expr, Term, operands
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Chart, ChartKind, Form
from xltool.report.chart_svg import NARROW, WIDTH, Entry, columns_svg, lines_svg

_NOT_KNOWN = "不详"
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class ChartView:
    """A chart as every renderer shows it, behind the section ``section``.

    ``title`` is its caption, not drawn in the picture; ``description`` says every number of it in words;
    ``svg``: a whole ``<svg>`` element, without styles or scripts, for a page, a PDF or a picture;
    ``narrow_svg``: the same drawn for a telephone.
    """

    title: str
    description: str
    svg: str
    narrow_svg: str
    section: str

    @property
    def spoken(self) -> str:
        """What stands for the picture where it is not seen."""
        return f"{self.title}。{self.description}"


def report_charts(form: Form, filing: Filing, prior: Filing | None) -> tuple[ChartView, ...]:
    """The form's charts of a single report; those whose numbers are all 0 or not known are left out.

    ``prior``, last year's filing, stands beside this year's in the charts that declare it, if it has all their
    numbers.
    """
    now, then = amounts(form, filing), amounts(form, prior)
    years = (f"{filing.year}年", f"{prior.year}年" if prior is not None else "")
    charts = (_chart(form, chart, now, then, years) for chart in form.charts if chart.bars)
    return tuple(chart for chart in charts if chart is not None)


def _chart(
    form: Form,
    chart: Chart,
    now: Mapping[FigureId, Decimal],
    then: Mapping[FigureId, Decimal],
    years: tuple[str, str],
) -> ChartView | None:
    this = [(label, _value(expr, now)) for label, expr in chart.bars]
    last = [_value(expr, then) if chart.with_prior else None for _, expr in chart.bars]
    if not any(value for _, value in this):
        return None
    whole = sum((value for _, value in this if value), Decimal(0)) if chart.kind is ChartKind.PIE else None
    has_last = None not in last
    entries = [
        Entry(label, value, _printed(value, whole), before if has_last else None, _printed(before, None))
        for (label, value), before in zip(this, last, strict=True)
    ]
    shown = years if has_last else (years[0], "")
    description = "".join(_said(entries, shown))
    draw = columns_svg if chart.kind is ChartKind.COLUMN else lines_svg
    drawn, narrow = (draw(chart.title, description, entries, shown, wide) for wide in (WIDTH, NARROW))
    return ChartView(chart.title, description, drawn, narrow, _section(form, chart))


def _value(expr: Expr, known: Mapping[FigureId, Decimal]) -> Decimal | None:
    return compiled(expr)(lambda operand: known.get(cast(Term, operand).figure))


def _printed(value: Decimal | None, whole: Decimal | None) -> str:
    """The number as the tables print it, with its share of ``whole`` where there is one."""
    if value is None:
        return _NOT_KNOWN
    if not whole or not value:
        return plain(value)
    share = (value * 100 / whole).quantize(_TENTH, ROUND_HALF_UP)
    return f"{plain(value)}（{f'{share}%' if share else f'不足{_TENTH}%'}）"


def _said(entries: list[Entry], years: tuple[str, str]) -> Iterator[str]:
    yield f"{years[0]}：" + "，".join(f"{entry.label}{entry.now_text}" for entry in entries) + "。"
    if years[1]:
        yield f"{years[1]}：" + "，".join(f"{entry.label}{entry.then_text}" for entry in entries) + "。"


def _section(form: Form, chart: Chart) -> str:
    """The last section whose table the chart draws from: there the reader has seen all its numbers."""
    tables = {cast(Term, operand).figure.table for _, expr in chart.bars for operand in operands(expr)}
    return [section.id for section in form.sections if section.table and section.table.id in tables][-1]

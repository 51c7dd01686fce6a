"""Everything that can be said of a filing by itself and against last year's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xltool.check.finding import Finding, made, of_judgement
from xltool.check.hints import hints
from xltool.check.judge import Judgement, Ledger, Outcome, State, judge, ledger, state
from xltool.draft.saying import draft_text
from xltool.expr.model import Source
from xltool.figure import FigureId, Kind, plain
from xltool.filing import Filing
from xltool.form import Check, Form, Level, Part, Section
from xltool.messages import listed
from xltool.sheetnames import COVER

_CELLS_LISTED = 6
_LONGEST_QUOTE = 30


@dataclass(frozen=True)
class Examination:
    """Everything said of a filing: the findings, and what each declared check says."""

    findings: tuple[Finding, ...]
    judgements: tuple[Judgement, ...]


def check_filing(form: Form, filing: Filing, prior: Filing | None = None) -> tuple[Finding, ...]:
    """The findings of ``examine``."""
    return examine(form, filing, prior).findings


def examine(form: Form, filing: Filing, prior: Filing | None = None) -> Examination:
    """All findings, in the order of the form; nothing is raised and nothing is left out."""
    books = ledger(form, filing, prior)
    judgements = judge(form, books)
    findings = (
        *_cover(form, filing),
        *(finding for section in form.sections for finding in _section(form, section, filing, books)),
        *_declared(form, filing, books, judgements),
        *hints(form, filing, books, judgements, lambda figure: place_of(form, filing, figure)),
        *_without_prior(judgements, prior is not None),
    )
    return Examination(findings, judgements)


def place_of(form: Form, filing: Filing, figure: FigureId) -> tuple[str, str]:
    """Sheet and cell where the figure was found; its table's sheet where that is not known."""
    source = filing.sources.get(figure)
    if source is None:
        return form.section_of(figure.table).sheet, ""
    sheet, _, cell = source.rpartition(" ")
    return sheet, cell


def _section(form: Form, section: Section, filing: Filing, books: Ledger) -> Iterator[Finding]:
    if section.table is not None:
        if section.table.required:
            yield from _blanks(form, section.table.id, filing)
        yield from _numbers(form, section.table.id, filing)
    yield from _texts(section, filing, books)


def _blanks(form: Form, table: str, filing: Filing) -> Iterator[Finding]:
    if table in filing.zero_declared:
        return
    due = (figure.id for figure in form.figures_of(table) if figure.computed is None)
    blank = tuple(f for f in due if f not in filing.values and f not in filing.unread)
    if blank:
        sheet, first = place_of(form, filing, blank[0])
        cells = [place_of(form, filing, figure)[1] or form.figures[figure].spoken for figure in blank]
        told = listed(cells, _CELLS_LISTED)
        yield made("T01", sheet, first, "", blank, key=f"T01.{table}", count=str(len(blank)), cells=told)


def _numbers(form: Form, table: str, filing: Filing) -> Iterator[Finding]:
    for figure in form.figures_of(table):
        value = filing.values.get(figure.id)
        if value is None:
            continue
        sheet, cell = place_of(form, filing, figure.id)
        about = (sheet, cell, figure.spoken, (figure.id,), filing.explanations)
        if not figure.kind.accepts(value):
            yield made("T04", *about, quoted=_quoted(value), expected=figure.kind.expectation)
        elif figure.kind is Kind.COUNT and (looks := _looks_like(value, filing.year)):
            yield made("T05", *about, quoted=_quoted(value), looks=looks, expected=figure.kind.expectation)
        elif (limit := form.scale_of(figure.id, filing.unit.type)) is not None and value > limit:
            quoted, limit_said = (f"{_quoted(number)} {figure.kind.unit}" for number in (value, limit))
            meant = _meant(value, figure.kind)
            yield made("T09", *about, quoted=quoted, type=str(filing.unit.type), limit=limit_said, meant=meant)


def _meant(value: Decimal, kind: Kind) -> str:
    """What was probably meant by an amount out of all proportion."""
    if kind is not Kind.MONEY:
        return ""
    amount = round(value / _YUAN_IN_MONEY, kind.places)
    return f"若是按“元”填写的，应为 {_quoted(amount)} {kind.unit}"


_YUAN_IN_MONEY = 10_000


def _quoted(value: Decimal) -> str:
    return _shortened(plain(value))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


_SERIAL_ZERO = date(1899, 12, 30).toordinal()
_DATED_YEARS = range(1901, 9998)
"""Years that can be meant; 0 is one that nobody could read."""


def _serials(year: int) -> range:
    """Excel's serial numbers of the days of the year, the one before and the one after: what people type as dates."""
    if year not in _DATED_YEARS:
        return range(0)
    first, behind = date(year - 1, 1, 1), date(year + 2, 1, 1)
    return range(first.toordinal() - _SERIAL_ZERO, behind.toordinal() - _SERIAL_ZERO)


def _looks_like(value: Decimal, year: int) -> str:
    number = int(value)
    if number in _serials(year):
        return "日期（Excel 的日期序号）"
    if year in _DATED_YEARS and number in (year, year + 1):
        return "年份"
    if len(str(number)) == 11 and str(number)[0] == "1":
        return "手机号码"
    return ""


def _texts(section: Section, filing: Filing, books: Ledger) -> Iterator[Finding]:
    total = 0
    for part in section.parts:
        text = filing.texts.get(part.id, "")
        length = written_length(text)
        total += length
        key = f"S01.{part.id}"
        if length > part.limit:
            yield _too_long(section, part.title, length, part.limit, key, filing)
        if not text.strip() and not part.optional:
            yield _not_written(section, part, filing, books)
    if section.limit is not None and total > section.limit:
        yield _too_long(section, section.heading, total, section.limit, f"S01.{section.id}", filing)


def _not_written(section: Section, part: Part, filing: Filing, books: Ledger) -> Finding:
    """A question; only a hint where the figures say it: a unit may leave the part to its draft."""
    said = draft_text(part.draft, books.look_up) if part.draft is not None else ""
    about: dict[str, Any] = {"label": part.title, "explanations": filing.explanations}
    if said:
        return made("S90", section.sheet, key=f"S90.{part.id}", quoted=_shortened(said), **about)
    return made("S02", section.sheet, key=f"S02.{part.id}", guidance=part.guidance, **about)


def _too_long(section: Section, label: str, count: int, limit: int, key: str, filing: Filing) -> Finding:
    return made(
        "S01", section.sheet, "", label, explanations=filing.explanations, key=key,
        count=str(count), limit=str(limit),
    )  # fmt: skip


def written_length(text: str) -> int:
    """Characters of a narrative text without spaces and line ends."""
    return len(text.replace(" ", "").replace("\u3000", "").replace("\n", ""))


def _cover(form: Form, filing: Filing) -> Iterator[Finding]:
    missing = [field.label for field in form.cover if not filing.texts.get(field.id, "").strip()]
    if missing:
        yield made("S03", COVER, "", "填报信息", cells="、".join(missing))


def _declared(form: Form, filing: Filing, books: Ledger, judgements: tuple[Judgement, ...]) -> Iterator[Finding]:
    for judgement in judgements:
        if judgement.outcome is Outcome.FAILED:
            check = judgement.check
            figure = first_figure(check)
            sheet, cell = place_of(form, filing, figure)
            explanation = filing.explanations.get(check.key, "") if check.level is Level.VERIFY else ""
            label = form.figures[figure].spoken
            yield of_judgement(judgement, books.look_up, sheet, cell, label, explanation)


def first_figure(check: Check) -> FigureId:
    """Where to look first: this year's figure, not last year's."""
    current = (term.figure for term in check.figures if term.source is not Source.PRIOR)
    return next(current, check.figures[0].figure)


def _without_prior(judgements: tuple[Judgement, ...], has_prior: bool) -> Iterator[Finding]:
    waiting = [j for j in judgements if state(j) is State.NO_PRIOR]
    if waiting:
        codes = "、".join(dict.fromkeys(j.check.code for j in waiting))
        missing = "完整的上年数据" if has_prior else "上年数据"
        yield made("P01", label="跨年核对", missing=missing, count=str(len(waiting)), codes=codes)

"""A published report read back and compared with the filing it was made from: every figure, every paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from xltool.documents.model import Document
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Form
from xltool.report.charts import report_charts
from xltool.report.outline import Paragraph
from xltool.report.view import ReportView, SectionView, TableView, build_view
from xltool.salvage import Salvage, Sureness, salvage
from xltool.salvage.pieces import Piece

_SPACE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff\u00ad]+")
_NOTHING = "（没有）"
_UNREAD = "（没有读到）"


@dataclass(frozen=True)
class Difference:
    """One thing that was published otherwise. ``place``: what it is; ``where``: where it stands in the document."""

    place: str
    published: str
    expected: str
    where: str = ""
    figure: FigureId | None = None


def verify_report(
    form: Form, filing: Filing, document: Document, prior: Filing | None = None, figures_only: bool = False
) -> tuple[Difference, ...]:
    """Everything in which ``document`` differs from the report of ``filing``; spaces and line ends do not count.

    ``prior``: last year's filing, where the report was made with it. ``figures_only``: texts are not compared, as the
    filing has none of its own (a sum).
    """
    read = salvage(document, (form,), filing.unit.name, filing.year)
    view = build_view(form, filing, prior=prior)
    differences = [*_title(read, view), *_figures(form, read, view)]
    if not figures_only:
        charts = {
            text
            for chart in report_charts(form, filing, prior)
            for text in (chart.title, chart.description, chart.spoken)
        }
        differences += _foreword(read, view)
        last = max((n for n, published in enumerate(read.outline.sections) if published.heading), default=-1)
        date = read.outline.date
        for number, (section, published) in enumerate(zip(view.sections, read.outline.sections, strict=True)):
            body = published.body
            if number == last and not date:
                body, date = _unsigned(body, view)
            differences += _section(section, published.heading, body, charts)
        differences += _date(date, view)
    return tuple(differences)


def _title(read: Salvage, view: ReportView) -> Iterator[Difference]:
    title = read.outline.title
    if title is None:
        yield Difference("标题", _UNREAD, view.title)
    elif _tight(title.unit) != _tight(view.unit) or title.year != view.year:
        yield Difference("标题", f"{title.unit}{title.year}年", f"{view.unit}{view.year}年", title.place)


def _figures(form: Form, read: Salvage, view: ReportView) -> Iterator[Difference]:
    tables = (block for section in view.sections for block in section.blocks if isinstance(block, TableView))
    for table in tables:
        for figure, expected in table.values.items():
            certainty = read.certainty[figure]
            published = plain(certainty.value) if certainty.value is not None else certainty.quoted
            if certainty.sureness is Sureness.DOUBTFUL:
                published = f"{published}（没有读准：{certainty.why}）"
            if published != expected:
                name = form.figures[figure].spoken
                yield Difference(name, published or _NOTHING, expected or _NOTHING, certainty.place, figure)


def _foreword(read: Salvage, view: ReportView) -> Iterator[Difference]:
    """Only what is lacking: before the report a page has a great deal of its own."""
    published = _tight("".join(piece.text for piece in read.outline.before))
    for paragraph in view.foreword:
        if _tight(paragraph.whole) not in published:
            yield Difference("开头说明", _UNREAD, paragraph.whole)


def _unsigned(body: Sequence[Piece], view: ReportView) -> tuple[tuple[Piece, ...], str]:
    """The last section without the signature, where its date is none that anybody could recognise."""
    kept, date = list(body), ""
    if kept and view.signature.date and _tight(kept[-1].text) == _tight(view.signature.date):
        date = kept.pop().text
    if kept and _tight(kept[-1].text) == _tight(view.signature.unit):
        kept.pop()
    return tuple(kept), date


def _date(published: str, view: ReportView) -> Iterator[Difference]:
    if _tight(published) != _tight(view.signature.date):
        yield Difference("落款日期", published or _NOTHING, view.signature.date or _NOTHING)


def _section(section: SectionView, heading: str, body: Sequence[Piece], charts: Iterable[str]) -> Iterator[Difference]:
    if _tight(heading) != _tight(section.heading):
        yield Difference(section.heading, heading or _UNREAD, section.heading)
    expected = [block.whole for block in section.blocks if isinstance(block, Paragraph)]
    lines = [(line, piece.place) for piece in body for line in piece.text.split("\n") if line.strip()]
    yield from _texts(section.heading, expected, lines, {_tight(text) for text in charts})


def _texts(
    name: str, expected: Sequence[str], lines: Sequence[tuple[str, str]], ignored: set[str]
) -> Iterator[Difference]:
    """The paragraphs in order against the published text as one string: readers divide it into lines as they can."""
    published = "".join(_tight(line) for line, _ in lines if _tight(line) not in ignored)
    at = 0
    lost: list[str] = []
    for paragraph in expected:
        wanted = _tight(paragraph)
        found = published.find(wanted, at)
        if found < 0:
            lost.append(paragraph)
            continue
        yield from _between(name, published[at:found], lost, lines)
        at, lost = found + len(wanted), []
    yield from _between(name, published[at:], lost, lines)


def _between(name: str, extra: str, lost: Sequence[str], lines: Sequence[tuple[str, str]]) -> Iterator[Difference]:
    """What stands between two paragraphs that agree, against what should."""
    for number, paragraph in enumerate(lost):
        own = extra if number == len(lost) - 1 else _share_of(extra, paragraph)
        extra = extra[len(own) :]
        yield Difference(name, own or _NOTHING, paragraph, _where(own, lines))
    if extra:
        yield Difference(name, extra, _NOTHING, _where(extra, lines))


def _share_of(extra: str, paragraph: str) -> str:
    """About as much of the text as the paragraph is long, to the end of a sentence."""
    end = extra.find("。", max(0, len(_tight(paragraph)) - 10))
    return extra if end < 0 else extra[: end + 1]


def _where(text: str, lines: Sequence[tuple[str, str]]) -> str:
    return next((place for line, place in lines if text and _tight(line)[:8] == text[:8]), "")


def _tight(text: str) -> str:
    return _SPACE.sub("", text)

"""A document read back and compared with the filing it was made from: every figure, every paragraph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xltool.documents.model import Document, Text
from xltool.figure import plain
from xltool.filing import Filing
from xltool.form import Form
from xltool.report.charts import report_charts
from xltool.report.outline import Paragraph
from xltool.report.view import DRAFT_NOTICE, ReportView, SectionView, TableView, build_view
from xltool.salvage import Salvage, Sureness, salvage
from xltool.salvage.pieces import Piece
from xltool.verify.chart_words import ChartWords
from xltool.verify.difference import NOTHING, UNREAD, Difference, text_differences, tight
from xltool.verify.text_tables import with_tables

_MOST_LINES = 4
"""Of a unit's name in the signature."""


def verify_report(
    form: Form,
    filing: Filing,
    document: Document,
    prior: Filing | None = None,
    figures_only: bool = False,
    titled: bool = True,
) -> tuple[Difference, ...]:
    """Everything in which ``document`` differs from the report of ``filing``; spaces and line ends do not count.

    ``prior``: last year's filing, where the report was made with it. ``figures_only``: neither texts nor the unit are
    compared, as the filing is a sum: it has no texts of its own, and another unit may sign it. ``titled``: a title is
    due, which the content of a web page has none of.
    """
    document = with_tables(form, document)
    read = salvage(document, (form,), filing.unit.name, filing.year)
    view = build_view(form, filing, prior=prior)
    differences = [
        *_draft(document),
        *(_title(read, view, figures_only) if titled else ()),
        *_figures(form, read, view),
    ]
    if not figures_only:
        differences += _foreword(read, view)
        differences += _sections(read, view, ChartWords(report_charts(form, filing, prior)))
        differences += _signature(document, read, view)
    return tuple(differences)


def _draft(document: Document) -> Iterator[Difference]:
    marked = [block.place for block in document.blocks if isinstance(block, Text) and DRAFT_NOTICE in block.text]
    marked += ["页眉" for head in document.heads if DRAFT_NOTICE in head]
    if marked:
        yield Difference("草稿标记", DRAFT_NOTICE, NOTHING, marked[0])


def _title(read: Salvage, view: ReportView, of_any_unit: bool) -> Iterator[Difference]:
    """``of_any_unit``: the government signs the sum that its office makes, and the filing does not know its name."""
    title = read.outline.title
    if title is None:
        yield Difference("标题", UNREAD, view.title)
    elif title.year != view.year or not (of_any_unit or tight(title.unit) == tight(view.unit)):
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
                yield Difference(name, published or NOTHING, expected or NOTHING, certainty.place, figure)


# --- texts ------------------------------------------------------------------------------------------------


def _behind_title(read: Salvage) -> int:
    """How many of the paragraphs before the first heading stand above the foreword."""
    title, end = read.outline.title, tight(read.form.title)[-2:]
    if title is None:
        return 0
    pieces = enumerate(read.outline.before, start=1)
    return next((n for n, piece in pieces if piece.place == title.place and tight(piece.text).endswith(end)), 0)


def _foreword(read: Salvage, view: ReportView) -> Iterator[Difference]:
    """What is lacking, and sentences behind the title that are too many: a website adds dates and buttons there."""
    before = read.outline.before
    behind = _behind_title(read)
    expected = [paragraph.whole for paragraph in view.foreword]
    joined = tight("".join(expected))
    own = [
        (piece.text, piece.place)
        for piece in before[behind:]
        if DRAFT_NOTICE not in piece.text and (piece.text.endswith("。") or tight(piece.text) in joined)
    ]
    anywhere = tight("".join(piece.text for piece in before))
    if all(tight(paragraph) in anywhere for paragraph in expected):
        for text, place in own:
            if tight(text) not in joined:
                yield Difference("开头说明", text, NOTHING, place)
    else:
        yield from text_differences("开头说明", expected, own)


def _sections(read: Salvage, view: ReportView, charts: ChartWords) -> Iterator[Difference]:
    last = _last_section(read)
    for number, (section, published) in enumerate(zip(view.sections, read.outline.sections, strict=True)):
        body = published.body
        if number == last and not read.outline.date:
            body = _unsigned(body, view)
        yield from _section(section, published.heading, body, charts)


def _section(section: SectionView, heading: str, body: Sequence[Piece], charts: ChartWords) -> Iterator[Difference]:
    if tight(heading) != tight(section.heading):
        yield Difference(section.heading, heading or UNREAD, section.heading)
    expected = [block.whole for block in section.blocks if isinstance(block, Paragraph)]
    lines = [(line, piece.place) for piece in body for line in piece.text.split("\n") if line.strip()]
    yield from text_differences(section.heading, expected, [line for line in lines if line[0] not in charts])


# --- signature --------------------------------------------------------------------------------------------


def _last_section(read: Salvage) -> int:
    return max((n for n, published in enumerate(read.outline.sections) if published.heading), default=-1)


def _unsigned(body: Sequence[Piece], view: ReportView) -> tuple[Piece, ...]:
    """The last section without the signature, where its date is none that anybody could recognise."""
    kept = list(body)
    if kept and view.signature.date and tight(kept[-1].text) == tight(view.signature.date):
        kept.pop()
    if kept and tight(kept[-1].text) == tight(view.signature.unit):
        kept.pop()
    return tuple(kept)


def _signature(document: Document, read: Salvage, view: ReportView) -> Iterator[Difference]:
    lines = [tight(block.text) for block in document.blocks if isinstance(block, Text)]
    last = _last_section(read)
    heading = tight(read.outline.sections[last].heading) if last >= 0 else ""
    below = lines[max((n for n, line in enumerate(lines) if line == heading), default=-1) + 1 :]
    unit, date = tight(view.signature.unit), tight(view.signature.date)
    windows = ("".join(below[n : n + size]) for n in range(len(below)) for size in range(1, _MOST_LINES + 1))
    if unit not in windows:
        yield Difference("落款单位", UNREAD, view.signature.unit)
    published = read.outline.date or (view.signature.date if date and date in below else "")
    if tight(published) != date:
        yield Difference("落款日期", published or NOTHING, view.signature.date or NOTHING)

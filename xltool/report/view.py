"""What the report says, in order, before any file format: HTML, Word, PDF each render this one view."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xltool.check.judge import Ledger, ledger
from xltool.days import official_date
from xltool.draft.saying import draft_text, said_sentences
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import COVER_FIELDS, SIGNED_ON, Form, Section, Table
from xltool.grid import Grid, table_grid
from xltool.report.charts import ChartView
from xltool.report.outline import Paragraph, in_one_look, paragraphs, under_titles
from xltool.report.title import title_lines

DRAFT_NOTICE = "草稿：仅供核对，不得发布"
_NOTHING_FILLED_IN = "无（未填写）"
_NOTHING_TO_REPORT = "本年度无需要报告的内容。"


@dataclass(frozen=True)
class TableView:
    """An official table; ``values``: each figure as printed, "" where it is blank."""

    table: Table
    values: Mapping[FigureId, str]

    @property
    def grid(self) -> Grid:
        return table_grid(self.table)


@dataclass(frozen=True)
class SectionView:
    """One official section under its exact heading."""

    id: str
    heading: str
    blocks: tuple[Paragraph | TableView, ...]


@dataclass(frozen=True)
class Signature:
    """Who signs, and the date as 2025年1月15日; a date that is not given is ""."""

    unit: str
    date: str


@dataclass(frozen=True)
class ReportView:
    """A whole report. ``title`` is one line of text, ``title_lines`` the same broken for the printed page.

    ``drafted``: titles of the parts that the unit left empty and that say what the figures say; their paragraphs
    are marked. ``draft``: the report is not to be published yet.
    """

    title: str
    title_lines: tuple[str, ...]
    unit: str
    year: int
    foreword: tuple[Paragraph, ...]
    sections: tuple[SectionView, ...]
    signature: Signature
    draft: bool
    charts: tuple[ChartView, ...] = ()
    drafted: tuple[str, ...] = ()


def build_view(
    form: Form,
    filing: Filing,
    draft: bool = False,
    charts: tuple[ChartView, ...] = (),
    prior: Filing | None = None,
) -> ReportView:
    """The report of ``filing``; the unit's wording is never changed, only set in paragraphs.

    A part that the unit left empty says what its figures say, where the form declares how; against last year where
    ``prior``, last year's filing, is given. The date is that of the cover field ``SIGNED_ON``.
    """
    unit = " ".join(filing.unit.name.split())
    rest = f"{filing.year}年{form.title}"
    books = ledger(form, filing, prior)
    texts = _texts(form, filing, books)
    return ReportView(
        title=unit + rest,
        title_lines=title_lines(unit, rest),
        unit=unit,
        year=filing.year,
        foreword=tuple(_foreword(form, filing)),
        sections=tuple(_section(section, texts, books, draft) for section in form.sections),
        signature=Signature(unit, official_date(filing.texts.get(SIGNED_ON, ""))),
        draft=draft,
        charts=charts,
        drafted=tuple(p.title for s in form.sections for p in s.parts if texts[p.id].drafted),
    )


# --- foreword ---------------------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_BRACKET = re.compile(r"（([^（）]*)）")


def _foreword(form: Form, filing: Filing) -> Iterator[Paragraph]:
    words = {"unit": " ".join(filing.unit.name.split()), "year": str(filing.year), "title": form.title}
    words |= {f.id: " ".join(filing.texts.get(f.id, "").split()) for f in form.cover}
    for template in form.foreword:
        text = _filled(template, words)
        if text:
            yield Paragraph(text)


def _filled(template: str, words: Mapping[str, str]) -> str:
    """``template`` with its braces filled; what nobody gave is not mentioned.

    Inside brackets the clauses (between ，) stand or fall one by one, and the whole sentence falls when none
    is left or a word outside brackets is missing.
    """

    def given(text: str) -> bool:
        return all(words.get(name) for name in _PLACEHOLDER.findall(text))

    def bracket(match: re.Match[str]) -> str:
        clauses = "，".join(clause for clause in match[1].split("，") if given(clause))
        return f"（{clauses}）" if clauses else ""

    kept = _BRACKET.sub(bracket, template)
    asks = f"{{{COVER_FIELDS}" in template
    if not given(kept) or (asks and f"{{{COVER_FIELDS}" not in kept):
        return ""
    return _PLACEHOLDER.sub(lambda match: words[match[1]], kept)


# --- sections ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Text:
    """What the report says for one part, and whether the unit wrote it."""

    text: str
    drafted: bool = False

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        if self.drafted:
            return (Paragraph(self.text, drafted=True),)
        return paragraphs(self.text)


def _texts(form: Form, filing: Filing, books: Ledger) -> dict[str, _Text]:
    """By part: as the unit wrote it; where it wrote nothing, what the figures say."""
    texts: dict[str, _Text] = {}
    for part in (part for section in form.sections for part in section.parts):
        written = filing.texts.get(part.id, "")
        said = draft_text(part.draft, books.look_up) if part.draft is not None and not written.strip() else ""
        texts[part.id] = _Text(said, drafted=True) if said else _Text(written)
    return texts


def _section(section: Section, texts: Mapping[str, _Text], books: Ledger, draft: bool) -> SectionView:
    blocks: list[Paragraph | TableView] = list(_sentences(section, texts, books))
    blocks += _narrative(section, texts)
    table = section.table
    if table is not None and table.printed:
        values = {
            FigureId(table.id, row.id, column.id): ""
            for block in table.blocks
            for row in block.rows
            for column in block.columns
        }
        values |= {figure: plain(books.current[figure]) for figure in values if figure in books.current}
        blocks.append(TableView(table, values))
    if not blocks:
        blocks.append(Paragraph(_NOTHING_FILLED_IN if draft else _NOTHING_TO_REPORT))
    return SectionView(section.id, section.heading, tuple(blocks))


def _narrative(section: Section, texts: Mapping[str, _Text]) -> Iterator[Paragraph]:
    bodies = in_one_look([texts[part.id].paragraphs for part in section.parts])
    written = list(zip(section.parts, bodies, strict=True))
    for part, body in written:
        if not part.titled:
            yield from body
    yield from under_titles([(part.title, body) for part, body in written if part.titled and body])


def _sentences(section: Section, texts: Mapping[str, _Text], books: Ledger) -> Iterator[Paragraph]:
    """Sentences of the section itself: where their figures are known and the unit does not say it in its own words."""
    if section.draft is None:
        return
    written = "".join(texts[part.id].text for part in section.parts)
    for sentence, unless_mentions in said_sentences(section.draft, books.look_up):
        if not unless_mentions or unless_mentions not in written:
            yield Paragraph(sentence, drafted=True)

"""A workbook of ours that came otherwise than it was handed out: in another format, with a password, with a row more.

What the unit said in it is read as the workbook's own reader reads it: declarations, texts, explanations, the unit.
Of a sheet that has lost lines, or is gone, the figures and texts are those found by the labels of the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from xltool.check.finding import Finding
from xltool.check.judge import amounts
from xltool.documents.hidden import hidden_note
from xltool.documents.model import Document
from xltool.errors import FileRefused
from xltool.figure import FigureId, plain
from xltool.filing import Filing, Unit
from xltool.form import COVER_FIELDS, Form
from xltool.salvage.certainty import Certainty, Lack, Sureness, missing
from xltool.salvage.findings import about_figures, about_title
from xltool.salvage.own_sheets import as_workbook, with_formulas
from xltool.workbook.layout.addresses import COVER, HIDDEN
from xltool.workbook.reader import Returned, find, returned
from xltool.workbook.stamps import Stamps

_T = TypeVar("_T")
_KINDS = {"xls": ".xls 或 .et", "ods": ".ods", "xml": "XML 表格", "xlsb": ".xlsb"}
_BY_LABELS = ("R03", "R05", "R06", "R07", "R08")
"""Findings about what was read by labels; their keys go on with the table's or the section's id."""


@dataclass(frozen=True)
class Own:
    """``said``: what the reader says of it. ``certainty``: of the figures on sheets that are whole.

    ``astray``: ids of tables and sections whose sheet has lost lines or is gone.
    """

    stamps: Stamps
    said: Returned
    certainty: Mapping[FigureId, Certainty]
    astray: frozenset[str]

    @property
    def form(self) -> Form:
        return self.said.form

    @property
    def is_blank(self) -> bool:
        """Whether the unit has not written anything: no number, no text, no declaration."""
        filing = self.said.filing
        texts = any(text.strip() for text in filing.texts.values())
        return not (filing.has_figures or filing.unread or texts)


def read_own(document: Document, forms: Sequence[Form]) -> Own | None:
    """None where ``document`` is no workbook of ours, is one of another form, or has none of its tables."""
    book = as_workbook(document, forms)
    if not book.sheets:
        return None
    sheets: set[str] = set()
    try:
        found = find(book, lambda form_id: next((form for form in forms if form.id == form_id), None), sheets)
    except FileRefused:
        return None
    form = found.form
    if not any(section.table is not None and section.sheet in found.sheets for section in form.sections):
        return None
    said = returned(with_formulas(found, document.kind))
    astray = {section.id for section in form.sections if section.sheet in sheets}
    astray |= {section.table.id for section in form.sections if section.table is not None and section.id in astray}
    return Own(found.stamps, said, dict(_certain(said, astray)), frozenset(astray))


def _certain(said: Returned, astray: set[str]) -> Iterator[tuple[FigureId, Certainty]]:
    filing = said.filing
    known = {**amounts(said.form, filing), **filing.stated}
    for figure in said.form.figures.values():
        place = filing.sources.get(figure.id, "")
        value = known.get(figure.id)
        if figure.id.table in astray:
            continue
        if figure.id in filing.unread:
            yield figure.id, missing(Lack.NOT_A_NUMBER, filing.unread[figure.id], place)
        elif value is None:
            yield figure.id, missing(Lack.BLANK, "", place)
        else:
            yield figure.id, Certainty(Sureness.SURE, value, plain(value), "", place)


def as_told(own: Own, unit: str | None, year: int | None) -> Filing:
    """What the unit said, as of the unit and year that the caller knows; another unit has no code and no type."""
    filing = own.said.filing
    name, due = unit or filing.unit.name, year or filing.year
    same = (name, due) == (filing.unit.name, filing.year)
    return filing if same else replace(filing, unit=Unit(name), year=due)


def completed(
    own: Own, filing: Filing, by_labels: Mapping[FigureId, Certainty], labelled: Filing
) -> tuple[Filing, dict[FigureId, Certainty]]:
    """``filing`` with what was found by labels on the sheets that have lost lines, and how sure every figure is."""
    form, astray = own.form, own.astray
    declared = filing.zero_declared & astray
    certainty = {
        figure: own.certainty.get(figure) or _declared(by_labels[figure], figure.table in declared)
        for figure in form.figures
    }
    # A figure that nobody found is no blank: the declaration would make it 0.
    inputs = [figure.id for figure in form.inputs]
    unsure = {f.table for f in inputs if f.table in declared and certainty[f].sureness is Sureness.MISSING}
    zeros = {f: Decimal(0) for f in inputs if f.table in unsure and certainty[f].is_sure}
    merged = replace(
        filing,
        values=zeros | _of_both(filing.values, labelled.values, astray),
        unread=_of_both(filing.unread, labelled.unread, astray),
        stated=_of_both(filing.stated, labelled.stated, astray),
        sources=_of_both(filing.sources, labelled.sources, astray),
        zero_declared=filing.zero_declared - unsure,
        texts=_texts(own, filing, labelled),
    )
    return merged, certainty


def _declared(read: Certainty, is_declared: bool) -> Certainty:
    """A blank that was found under the declaration that blanks are 0."""
    if is_declared and read.lack is Lack.BLANK:
        return Certainty(Sureness.SURE, Decimal(0), "", "", read.place)
    return read


def _of_both(whole: Mapping[FigureId, _T], found: Mapping[FigureId, _T], astray: frozenset[str]) -> dict[FigureId, _T]:
    kept = {figure: value for figure, value in whole.items() if figure.table not in astray}
    return kept | {figure: value for figure, value in found.items() if figure.table in astray}


def _texts(own: Own, filing: Filing, labelled: Filing) -> dict[str, str]:
    lost = {part.id for section in own.form.sections if section.id in own.astray for part in section.parts}
    kept = {part: text for part, text in filing.texts.items() if part not in lost}
    has_cover = bool(own.said.cover)
    found = {part for part in labelled.texts if part in lost or (part.startswith(COVER_FIELDS) and not has_cover)}
    return kept | {part: text for part, text in labelled.texts.items() if part in found}


def about_own(
    own: Own, filing: Filing, certainty: Mapping[FigureId, Certainty], labelled: Sequence[Finding]
) -> tuple[Finding, ...]:
    """What its reader says of the workbook, what is lacking; of ``labelled`` what is about sheets read by labels."""
    stamps, unread = own.stamps, set(own.said.filing.unread)
    figures = [f for f in about_figures(own.form, certainty) if not f.figures or not unread.issuperset(f.figures)]
    by_labels = [f for f in labelled if f.code in _BY_LABELS and f.key.split(".")[1] in own.astray]
    whose = about_title(filing.unit.name, filing.year, stamps.unit, stamps.year, COVER)
    return (*whose, *_of_reader(own), *figures, *by_labels)


def _of_reader(own: Own) -> Iterator[Finding]:
    """Its findings; that lines are gone from a sheet is told once, not label by label."""
    astray = [section.sheet for section in own.form.sections if section.id in own.astray]
    told_otherwise = (*(f"W10.{sheet}." for sheet in astray), *(f"W11.formulas.{sheet}" for sheet in astray))
    yield from (finding for finding in own.said.findings if not finding.key.startswith(told_otherwise))


def own_notes(document: Document, notes: Sequence[str]) -> tuple[str, ...]:
    """``notes`` of a document that is ours: its hidden sheets have been read; in which format it came."""
    hidden = [table.name for table in document.hidden]
    ours = hidden_note(hidden) if set(hidden) <= set(HIDDEN) else ()
    kind = _KINDS.get(document.kind)
    came = (f"这是下发的填报工作簿另存的（{kind}），已照原来的位置读出。",) if kind is not None else ()
    return (*came, *(note for note in notes if note not in ours))

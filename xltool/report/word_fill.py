"""A view put into the skeleton: document.xml and the title are written, all other parts copied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from xltool import rawzip
from xltool.report import word_styles
from xltool.report.outline import Level, Paragraph
from xltool.report.signature import placed
from xltool.report.view import ReportView, SectionView, Signature, TableView
from xltool.report.word_pictures import Picture, picture_xml, pictures, with_pictures
from xltool.report.word_skeleton import WordSkeleton

# An address, a long number: Word breaks it at hyphens only, and stretches the line before it.
_LONG_WORD = re.compile(r"[!-,.-~]{12}")
_KINDS = {Level.THIRD: "third", Level.FOURTH: "fourth"}


def fill_word(skeleton: WordSkeleton, view: ReportView, edition: Path | None = None) -> bytes:
    """The .docx of ``view``; equal views give equal bytes.

    ``edition``, the form's folder, may hold fonts for the charts, if the view has any.
    """
    drawn = pictures(view.charts, edition)
    return packed(skeleton, _body(skeleton, view, drawn), view.title, view.unit, drawn)


def packed(
    skeleton: WordSkeleton, body: Iterable[str], title: str, author: str, drawn: Sequence[Picture] = ()
) -> bytes:
    """The .docx with ``body``, pieces of document.xml, in the skeleton's page and styles."""
    document = "".join([skeleton.head, *body, skeleton.tail]).encode()
    core = skeleton.core.filled({"title": title, "unit": author}).encode()
    written = {"word/document.xml": document, "docProps/core.xml": core}
    members = with_pictures(skeleton.members, drawn)
    return rawzip.write((name, written[name] if member is None else member) for name, member in members)


def _body(skeleton: WordSkeleton, view: ReportView, drawn: Sequence[Picture]) -> Iterator[str]:
    yield skeleton.paragraphs["title"].filled({"text": "\n".join(view.title_lines)})
    for paragraph in view.foreword:
        yield _paragraph(skeleton, paragraph)
    final = view.sections[-1].blocks[-1] if view.sections else None
    for section in view.sections:
        yield from _section(skeleton, section, final)
        for picture in drawn:
            if picture.chart.section == section.id:
                yield from picture_xml(picture, skeleton.look.ids)
    yield from signature_xml(skeleton, view.signature)


def _section(skeleton: WordSkeleton, section: SectionView, final: Paragraph | TableView | None) -> Iterator[str]:
    tables = {block.table.id for block in section.blocks if isinstance(block, TableView)}
    heading = "heading" if tables.isdisjoint(skeleton.new_page) else "heading_new_page"
    yield skeleton.paragraphs[heading].filled({"text": section.heading})
    for block in section.blocks:
        if isinstance(block, TableView):
            texts = {str(figure): text for figure, text in block.values.items()}
            yield skeleton.tables[block.table.id].filled(texts)
        else:
            yield _paragraph(skeleton, block, "_before_signature" if block is final else "")


def _paragraph(skeleton: WordSkeleton, paragraph: Paragraph, suffix: str = "") -> str:
    kind = _KINDS.get(paragraph.level, "body")
    if paragraph.lead:
        if not paragraph.text:  # a heading holds on to what follows anyway
            return skeleton.paragraphs["second"].filled({"lead": paragraph.lead})
        kind = "led"
    if _LONG_WORD.search(paragraph.whole):
        suffix = "_ragged" + suffix
    return skeleton.paragraphs[kind + suffix].filled({"text": paragraph.text, "lead": paragraph.lead})


def signature_xml(skeleton: WordSkeleton, signature: Signature) -> Iterator[str]:
    """The unit and the date, at the right."""
    at = placed(signature)
    lines = [
        ("first_signature", "\n".join(at.unit_lines), at.unit_indent),
        ("signature", at.date, at.date_indent),
    ]
    for kind, text, indent in lines:
        if text:
            places = {
                "text": text,
                "hundredths": str(round(indent * 100)),
                "twips": str(round(indent * word_styles.CHARACTER)),
            }
            yield skeleton.paragraphs[kind].filled(places)

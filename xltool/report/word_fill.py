"""A view put into the skeleton: document.xml and the title are written, all other parts copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xltool import rawzip
from xltool.report import word_styles
from xltool.report.outline import Level, Paragraph
from xltool.report.title import broken, width
from xltool.report.view import ReportView, SectionView, Signature, TableView
from xltool.report.word_skeleton import WordSkeleton

_LONGEST_SIGNATURE = 24.0  # characters: 28 to a line, two kept free at the right, two for good measure
_KINDS = {Level.THIRD: "third", Level.FOURTH: "fourth"}


def fill_word(skeleton: WordSkeleton, view: ReportView) -> bytes:
    """The .docx of ``view``; equal views give equal bytes."""
    return packed(skeleton, _body(skeleton, view), view.title, view.unit)


def packed(skeleton: WordSkeleton, body: Iterable[str], title: str, author: str) -> bytes:
    """The .docx with ``body``, pieces of document.xml, in the skeleton's page and styles."""
    document = "".join([skeleton.head, *body, skeleton.tail]).encode()
    core = skeleton.core.filled({"title": title, "unit": author}).encode()
    written = {"word/document.xml": document, "docProps/core.xml": core}
    return rawzip.write((name, written[name] if member is None else member) for name, member in skeleton.members)


def _body(skeleton: WordSkeleton, view: ReportView) -> Iterator[str]:
    yield skeleton.paragraphs["title"].filled({"text": "\n".join(view.title_lines)})
    for paragraph in view.foreword:
        yield _paragraph(skeleton, paragraph)
    final = view.sections[-1].blocks[-1] if view.sections else None
    for section in view.sections:
        yield from _section(skeleton, section, final)
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
    return skeleton.paragraphs[kind + suffix].filled({"text": paragraph.text, "lead": paragraph.lead})


def signature_xml(skeleton: WordSkeleton, signature: Signature) -> Iterator[str]:
    """Without a seal (GB/T 9704 7.3.5.2): the unit two characters in, the date two to the right of its first.

    A date too long for that stands two characters in itself, and the unit moves left. A unit too long for a
    line is broken as in the title; its last line counts.
    """
    lines_of_unit = broken(signature.unit, _LONGEST_SIGNATURE)
    unit, date = width(lines_of_unit[-1]), width(signature.date)
    unit_indent = max(2.0, 4.0 + date - unit) if signature.date else 2.0
    date_indent = unit_indent + unit - 2.0 - date
    lines = [
        ("first_signature", "\n".join(lines_of_unit), unit_indent),
        ("signature", signature.date, date_indent),
    ]
    for kind, text, indent in lines:
        if text:
            places = {
                "text": text,
                "hundredths": str(round(indent * 100)),
                "twips": str(round(indent * word_styles.CHARACTER)),
            }
            yield skeleton.paragraphs[kind].filled(places)

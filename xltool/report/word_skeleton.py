"""The Word report of a form, built once: styles and page of the edition's report.docx, places for the texts.

It knows nothing of a filing; ``word_fill`` puts one in.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from xltool import rawzip
from xltool.errors import DefinitionError
from xltool.form import Form, Section
from xltool.grid import table_grid
from xltool.rawzip import RawMember
from xltool.report import word_styles
from xltool.report.table_look import is_tall
from xltool.report.view import DRAFT_NOTICE
from xltool.report.word_pattern import Pattern, cut, place
from xltool.report.word_style_file import style_file
from xltool.report.word_table import TableLook, TablePattern, table_pattern, table_xml

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import _Header
    from docx.styles.style import ParagraphStyle

_DOCUMENT, _CORE = "word/document.xml", "docProps/core.xml"
_BETWEEN = "<!--next-->"
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_STYLES = (
    word_styles.TITLE, word_styles.HEADING, word_styles.SECOND, word_styles.BODY, word_styles.THIRD,
    word_styles.FOURTH, word_styles.SIGNATURE, word_styles.DRAFT, word_styles.LEAD, word_styles.NOTE,
    word_styles.TABLE, word_styles.TABLE_HEADING, word_styles.TABLE_HEADER, word_styles.TABLE_STUB,
    word_styles.TABLE_TALL_STUB, word_styles.TABLE_VALUE,
)  # fmt: skip


@dataclass(frozen=True)
class WordSkeleton:
    """What all reports of a form share.

    ``head`` and ``tail`` of document.xml; ``paragraphs``: a pattern for each kind (title, heading, body …);
    ``tables``: by table id; ``new_page``: tables whose section begins a page;
    ``core``: docProps/core.xml; ``members``: every part of the package in order, those two as None.
    ``look``: ids of the styles, for documents that hold more than a report.
    """

    head: str
    tail: str
    paragraphs: Mapping[str, Pattern]
    tables: Mapping[str, TablePattern]
    new_page: frozenset[str]
    core: Pattern
    members: tuple[tuple[str, RawMember | None], ...]
    look: TableLook


def make_word_skeleton(form: Form, draft: bool = False) -> WordSkeleton:
    """Build it (some 0.1 s); ``draft`` puts the notice and a watermark on every page.

    The style file is ``report.docx`` in the form's folder, else the one shipped.
    DefinitionError where it is no Word file or a style is missing in it.
    """
    document = _opened(form)
    look = _look(document)
    styles = look.ids
    sections = [section for section in form.sections if section.table is not None and section.table.printed]
    snippets = {
        **dict(_paragraphs(styles)),
        **{_table_key(section): _table(section, look) for section in sections},
    }
    _replace_body(document, list(snippets.values()))
    document.core_properties.title = place("title")
    document.core_properties.author = place("unit")
    if draft:
        _mark_as_draft(document, styles)
    members = rawzip.read(_saved(document))
    head, *pieces, tail = rawzip.unpack(members[_DOCUMENT]).decode().split(_BETWEEN)
    patterns = {key: cut(piece) for key, piece in zip(snippets, pieces, strict=True)}
    return WordSkeleton(
        head=head,
        tail=tail,
        paragraphs=patterns,
        tables={s.table.id: table_pattern(s.table, patterns[_table_key(s)], look) for s in sections if s.table},
        new_page=frozenset(s.table.id for s in sections if s.table and is_tall(table_grid(s.table))),
        core=cut(rawzip.unpack(members[_CORE]).decode()),
        members=tuple((name, None if name in (_DOCUMENT, _CORE) else m) for name, m in members.items()),
        look=look,
    )


def _opened(form: Form) -> Document:
    import docx  # heavy: only who writes Word pays for it

    path = form.folder / "report.docx" if form.folder is not None else None
    own = path.read_bytes() if path is not None and path.is_file() else None
    try:
        document = docx.Document(io.BytesIO(style_file() if own is None else own))
    except (BadZipFile, KeyError, ValueError, SyntaxError) as error:  # lxml's errors are SyntaxErrors
        raise DefinitionError(str(path), 0, "不是 Word 文件（.docx），请换回原来的样式文件。") from error
    missing = [name for name in _STYLES if name not in document.styles]
    if missing:
        raise DefinitionError(str(path), 0, f"样式文件里缺少样式“{'”“'.join(missing)}”，请不要删除或改名。")
    return document


def _look(document: Document) -> TableLook:
    ids = {name: document.styles[name].style_id for name in _STYLES}
    # Word has no style for a cell's colour; the paragraph style's own stands for it.
    fills = document.styles[word_styles.TABLE_HEADING].element.xpath("./w:pPr/w:shd/@w:fill")
    return TableLook(ids, fills[0] if fills else "", _points(document.styles[word_styles.TABLE_VALUE]))


def _points(style: ParagraphStyle | None) -> float:
    """The size of a paragraph style, its own or that of the one it is based on."""
    while style is not None:
        if style.font.size is not None:
            return float(style.font.size.pt)
        style = style.base_style
    return word_styles.CELL_SIZE


def _saved(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _replace_body(document: Document, snippets: list[str]) -> None:
    from docx.oxml import parse_xml

    body = document.element.body
    last = body.sectPr
    for child in list(body):
        if child is not last:
            body.remove(child)
    separated = _BETWEEN + "".join(snippet + _BETWEEN for snippet in snippets)
    for child in parse_xml(f"<w:body {_NAMESPACES}>{separated}</w:body>"):
        if last is None:
            body.append(child)
        else:
            last.addprevious(child)


# --- paragraphs -------------------------------------------------------------------------------------------


# Lines before a word too long to be fitted in are not stretched: such a paragraph is not justified.
_RAGGED = (("", ""), ("_ragged", '<w:jc w:val="left"/>'))
# The last paragraph holds on to the signature, which must not stand alone on a page.
_BEFORE_SIGNATURE = (("", ""), ("_before_signature", "<w:keepNext/>"))


def _paragraphs(styles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "title", _paragraph(styles[word_styles.TITLE], _run("text"))
    yield "heading", _paragraph(styles[word_styles.HEADING], _run("text"))
    yield "heading_new_page", _paragraph(styles[word_styles.HEADING], _run("text"), "<w:pageBreakBefore/>")
    yield "second", _paragraph(styles[word_styles.SECOND], _run("lead"))
    lead = f'<w:rStyle w:val="{styles[word_styles.LEAD]}"/>'
    for (ragged, left), (last, keep) in product(_RAGGED, _BEFORE_SIGNATURE):
        suffix, properties = ragged + last, keep + left
        body = styles[word_styles.BODY]
        yield "led" + suffix, _paragraph(body, _run("lead", lead) + _run("text"), properties)
        yield "body" + suffix, _paragraph(body, _run("text"), properties)
        yield "third" + suffix, _paragraph(styles[word_styles.THIRD], _run("text"), properties)
        yield "fourth" + suffix, _paragraph(styles[word_styles.FOURTH], _run("text"), properties)
    space = f'<w:spacing w:before="{word_styles.LINE}"/>'
    indent = f'<w:ind w:rightChars="{place("hundredths")}" w:right="{place("twips")}"/>'
    signature = styles[word_styles.SIGNATURE]
    keep = "<w:keepNext/><w:keepLines/>"
    yield "first_signature", _paragraph(signature, _run("text"), keep + space + indent)
    yield "signature", _paragraph(signature, _run("text"), f"<w:keepLines/>{indent}")


def _paragraph(style: str, runs: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def _run(name: str, style: str = "") -> str:
    # Without the hint Word takes “ ” … — for Latin and sets them in Times New Roman.
    properties = f'<w:rPr>{style}<w:rFonts w:hint="eastAsia"/></w:rPr>'
    return f'<w:r>{properties}<w:t xml:space="preserve">{place(name)}</w:t></w:r>'


def _table_key(section: Section) -> str:
    return f"table of {section.id}"


def _table(section: Section, look: TableLook) -> str:
    assert section.table is not None
    return table_xml(section.table, section.heading, look, lambda figure: place(str(figure)))


# --- draft ------------------------------------------------------------------------------------------------


def _mark_as_draft(document: Document, styles: Mapping[str, str]) -> None:
    section = document.sections[-1]
    headers = [section.header, section.even_page_header]
    if section.different_first_page_header_footer:
        headers.append(section.first_page_header)
    for number, header in enumerate(headers, 1):
        _mark_header(header, styles[word_styles.DRAFT], number)


def _mark_header(header: _Header, style: str, number: int) -> None:
    from docx.oxml import parse_xml

    run = f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>{DRAFT_NOTICE}</w:t></w:r>'
    mark = _paragraph(style, run + _WATERMARK.format(number=number))
    element = parse_xml(mark.replace("<w:p>", f"<w:p {_NAMESPACES}>", 1))
    last = header.paragraphs[-1]
    last._p.addnext(element)
    if not last.text and len(last._p) <= 1:
        last._p.getparent().remove(last._p)


# WordArt, as Word itself makes its watermarks; LibreOffice and WPS show it too.
_WATERMARK = (
    '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
    'path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/>'
    '<v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
    'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/><v:handles>'
    '<v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" '
    'shapetype="t"/></v:shapetype><v:shape id="DraftMark{number}" o:spid="_x0000_s{number}025" '
    'type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:320pt;height:160pt;'
    "rotation:315;z-index:-251658240;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin" o:allowincell="f" '
    'fillcolor="#d9d9d9" stroked="f"><v:fill opacity=".5"/>'
    '<v:textpath style="font-family:&quot;黑体&quot;;font-size:1pt" '
    'string="草稿"/></v:shape></w:pict></w:r>'
)

"""Word documents (.docx, and WPS's .wps that is one) as paragraphs and tables in the order of the body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xltool.documents.archive import opened, part
from xltool.documents.flow import MAX_SPAN, Flow, Span
from xltool.documents.limits import MAX_BLOCKS, MAX_CELLS, MAX_NESTING, damaged, too_large
from xltool.documents.model import Document
from xltool.documents.word_numbers import Numbering, read_numbering
from xltool.documents.xmltree import child, descendants, local, number, parsed, value
from xltool.spreadsheet.package import Package

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WHAT = "Word 文档"
_MAIN = "word/document.xml"
_MOST_HEADERS, _LONGEST_HEADER = 9, 200
# What only holds other content, at any level.
_AROUND = {
    "sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple", "body",
    "dir", "bdo", "ruby", "rubyBase",
}  # fmt: skip
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = ("0", "false", "off", "none")


def read_word(data: bytes) -> Document:
    """Body, tables and text boxes; headers apart, no notes or comments, and nothing that a tracked change deletes."""
    package = opened(data, _WHAT)
    root = parsed(part(package, _MAIN, _WHAT), _WHAT)
    document = word_of(root, _optional(package, "word/styles.xml"), _optional(package, "word/numbering.xml"))
    return replace(document, heads=tuple(_heads(package)))


def _heads(package: Package) -> Iterator[str]:
    """The words of the headers, by the names that every program gives them."""
    for number_of_part in range(1, _MOST_HEADERS + 1):
        header = _optional(package, f"word/header{number_of_part}.xml")
        words = "".join(text.text or "" for text in descendants(header, "t")) if header is not None else ""
        if words.strip():
            yield words.strip()[:_LONGEST_HEADER]


def word_of(root: Element, styles: Element | None, numbering: Element | None) -> Document:
    """The same for parts that are parsed already; ``root`` holds the body."""
    # Counted before anything is built of them.
    if sum(1 for _ in root.iter("{*}tc", "{*}p")) > MAX_CELLS + MAX_BLOCKS:
        raise too_large(_WHAT)
    reader = _Word(
        headings=frozenset(_heading_styles(styles)),
        numbering=read_numbering(numbering, styles),
    )
    body = child(root, "body")
    if body is not None:
        reader.blocks(body, 0)
    return Document("docx", tuple(reader.flow.blocks))


def _optional(package: Package, name: str) -> Element | None:
    return parsed(part(package, name, _WHAT), _WHAT) if name in package else None


def _heading_styles(styles: Element | None) -> Iterator[str]:
    """The ids of paragraph styles that are headings by name or by outline level."""
    for style in descendants(styles, "style") if styles is not None else ():
        name = value(child(style, "name")).lower()
        if name.startswith(("heading ", "标题 ", "title")) or child(style, "pPr", "outlineLvl") is not None:
            yield value(style, "styleId")


@dataclass
class _Word:
    headings: frozenset[str]
    numbering: Numbering
    flow: Flow = field(default_factory=Flow)

    def blocks(self, parent: Element, depth: int) -> None:
        if depth > MAX_NESTING:
            raise damaged(_WHAT)
        for element in parent:
            match local(element):
                case "p":
                    self.flow.text(self._paragraph(element), self._is_heading(element))
                    self._boxes(element, depth)
                case "tbl":
                    self._table(element, depth)
                case name if name in _AROUND:
                    self.blocks(element, depth + 1)

    def _boxes(self, element: Element, depth: int) -> None:
        """The text boxes anchored in a paragraph; older programs' copies of them are left out."""
        for one in element.iter():
            inside_box = local(one) == "txbxContent" and not _is_copy(one, element)
            if inside_box:
                self.blocks(one, depth + 1)

    def _is_heading(self, paragraph: Element) -> bool:
        properties = child(paragraph, "pPr")
        level = child(properties, "outlineLvl")
        if level is not None:
            return number(level, default=9) < 9
        return value(child(properties, "pStyle")) in self.headings

    def _paragraph(self, paragraph: Element) -> str:
        text = "".join(_texts(paragraph, 0))
        return self.numbering.label(child(paragraph, "pPr")) + text if text.strip() else ""

    def _table(self, table: Element, depth: int) -> None:
        rows = [list(self._row(row, depth)) for row in _rows(table) if child(row, "trPr", "del") is None]
        if not rows:
            return
        if max(len(row) for row in rows) == 1 and len(list(descendants(table, "tbl"))) > 0:
            # A frame around other tables.
            for row in _rows(table):
                for cell in _cells(row):
                    self.blocks(cell, depth + 1)
            return
        self.flow.table(_joined(rows))

    def _row(self, row: Element, depth: int) -> Iterator[_Joining]:
        properties = child(row, "trPr")
        before = number(child(properties, "gridBefore"))
        if before:
            yield _Joining(Span("", columns=_width(before)))
        for cell in _cells(row):
            own = child(cell, "tcPr")
            width = _width(number(child(own, "gridSpan"), default=1))
            down = child(own, "vMerge")
            across = value(child(own, "hMerge"))
            yield _Joining(
                Span("\n".join(self._lines(cell, depth)), columns=width),
                continues=down is not None and value(down) != "restart",
                continues_left=across == "continue",
            )

    def _lines(self, parent: Element, depth: int) -> Iterator[str]:
        """The paragraphs of a cell, those of tables inside it too."""
        if depth > MAX_NESTING:
            raise damaged(_WHAT)
        for element in parent:
            match local(element):
                case "p":
                    yield self._paragraph(element)
                case "tbl" | "tr" | "tc":
                    yield from self._lines(element, depth + 1)
                case name if name in _AROUND:
                    yield from self._lines(element, depth + 1)


@dataclass(frozen=True)
class _Joining:
    """A cell, and whether it is the lower or right part of a merged one."""

    span: Span
    continues: bool = False
    continues_left: bool = False


def _joined(rows: list[list[_Joining]]) -> list[list[Span]]:
    """Lower parts of merged cells counted into their upper part, when that starts in the same column."""
    listed: list[list[Span]] = []
    open_above: dict[int, tuple[int, int]] = {}  # column → where the cell stands that may reach further down
    for row in rows:
        spans: list[Span] = []
        here: dict[int, tuple[int, int]] = {}
        column = 0
        for one in _joined_left(row):
            start = open_above.get(column) if one.continues else None
            if start is not None:
                upper = listed[start[0]][start[1]]
                grown = Span(upper.text or one.span.text, upper.rows + 1, upper.columns)
                listed[start[0]][start[1]] = grown
                spans.append(Span("", columns=one.span.columns, covered=True))
                here[column] = start
            else:
                spans.append(one.span)
                here[column] = len(listed), len(spans) - 1
            column += one.span.columns
        listed.append(spans)
        open_above = here
    return listed


def _joined_left(row: list[_Joining]) -> list[_Joining]:
    """Right parts of cells merged in the old way, which keeps one column for each, counted into the left one."""
    kept: list[_Joining] = []
    for one in row:
        if one.continues_left and kept:
            last = kept[-1]
            wider = Span(last.span.text, columns=last.span.columns + one.span.columns)
            kept[-1] = _Joining(wider, last.continues)
        else:
            kept.append(one)
    return kept


def _rows(table: Element) -> Iterator[Element]:
    return _below(table, "tr")


def _cells(row: Element) -> Iterator[Element]:
    return _below(row, "tc")


def _below(parent: Element, wanted: str) -> Iterator[Element]:
    for element in parent:
        if local(element) == wanted:
            yield element
        elif local(element) in _AROUND:
            yield from _below(element, wanted)


def _width(columns: int) -> int:
    return max(1, min(columns, MAX_SPAN))


def _texts(parent: Element, depth: int) -> Iterator[str]:
    """What a paragraph says, without its text boxes, deleted and hidden runs, field codes and notes."""
    if depth > MAX_NESTING:
        raise damaged(_WHAT)
    for element in parent:
        name = local(element)
        if name == "t":
            yield element.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name in _AROUND or (name == "r" and not _is_hidden(element)):
            yield from _texts(element, depth + 1)


def _is_hidden(run: Element) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and value(vanish) not in _OFF


def _is_copy(box: Element, top: Element) -> bool:
    """Whether a text box stands in a fallback, or within another box, which brings it along."""
    above = box.getparent()
    while above is not None and above is not top:
        if local(above) in ("Fallback", "txbxContent"):
            return True
        above = above.getparent()
    return False

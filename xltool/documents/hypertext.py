"""Web pages (.html, .mht, and Excel's .xls that is one) as paragraphs and tables, whatever stands around them."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xltool.documents.flow import MAX_SPAN, Flow, Span, tidy
from xltool.documents.limits import MAX_NESTING, damaged
from xltool.documents.model import Document, Text
from xltool.documents.pagestyle import Hidden, hidden_by
from xltool.documents.plaintext import decoded
from xltool.documents.stored import number_cell

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PICTURE_DATA = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]{200,}")
_CHINESE = "[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]"
_BETWEEN_CHINESE = re.compile(rf"(?<={_CHINESE})[ \t\r]*\n\s*(?={_CHINESE})")
_DROPPED = {
    "script", "style", "noscript", "template", "head", "select", "button", "svg", "math", "iframe",
    "object", "canvas", "audio", "video",
}  # fmt: skip
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "main", "header",
    "footer", "nav", "aside", "form", "fieldset", "blockquote", "pre", "hr", "center", "address", "figure",
    "figcaption", "body", "html", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "legend", "table", "br",
}  # fmt: skip
_TYPED = ("text", "number", "tel", "")


def read_hypertext(data: bytes) -> Document:
    """A page, or all pages of an archive (.mht), as blocks; FileRefused where nothing can be seen in it."""
    flow = Flow()
    for page in _pages(data):
        _read_page(page, flow)
    if not any(not isinstance(block, Text) or block.place != _TITLE for block in flow.blocks):
        raise damaged("网页文件")
    return Document("html", tuple(flow.blocks))


_TITLE = "网页标题"


def _pages(data: bytes) -> Iterator[str]:
    if not re.match(rb"\s*(?:mime-version|from|subject|date|content-type|message-id|x-[\w-]+):", data, re.I):
        yield _decoded_page(data, "")
        return
    message = email.message_from_bytes(data)
    for part in message.walk():
        content = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(content, bytes) and b"<frameset" not in content.lower():
            yield _decoded_page(content, str(part.get_param("charset") or ""))


def _decoded_page(data: bytes, declared: str) -> str:
    found = _CHARSET.search(data[:4096])
    text = decoded(data, found.group(1).decode() if found else declared)
    return _PICTURE_DATA.sub("", _DECLARATION.sub("", text))


def _read_page(page: str, flow: Flow) -> None:
    import lxml.html

    if not page.strip():
        return
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True)
    root = lxml.html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    title = tidy(root.findtext(".//head/title") or "").replace("\n", " ")
    if title:
        flow.blocks.append(Text(flow.measure.text(title), _TITLE))
    sheet = "\n".join(style.text or "" for style in root.iter("style"))
    _Page(flow, hidden_by(sheet)).blocks_of(root, 0)


@dataclass
class _Page:
    """One page on its way into ``flow``."""

    flow: Flow
    hidden: Hidden
    _line: list[str] = field(default_factory=list)

    def blocks_of(self, element: Element, depth: int, heading: bool = False) -> None:
        """Everything below ``element``; a line ends where a block begins or ends."""
        if depth > 4 * MAX_NESTING:
            raise damaged("网页文件")
        self._add(element.text)
        for child in element:
            name = _name(child)
            if name == "table" and not self.hidden.hides(child):
                self._end_line(heading)
                self._table(child, depth + 1)
            elif name in _BLOCKS and self._seen(child, name):
                self._end_line(heading)
                self.blocks_of(child, depth + 1, heading or name in _HEADINGS)
                self._end_line(heading or name in _HEADINGS)
            elif self._seen(child, name):
                self._add(_typed(child))
                self.blocks_of(child, depth + 1, heading)
            self._add(child.tail)
        if depth == 0:
            self._end_line(heading)

    def _add(self, text: str | None) -> None:
        if text:
            self._line.append(_on_one_line(text))

    def _end_line(self, heading: bool) -> None:
        if self._line:
            self.flow.text("".join(self._line), heading)
            self._line.clear()

    def _seen(self, element: Element, name: str) -> bool:
        return bool(name) and name not in _DROPPED and not self.hidden.hides(element)

    def _table(self, table: Element, depth: int) -> None:
        rows = [row for row in _rows(table) if not any(self.hidden.hides(part) for part in _up_to(row, table))]
        listed = [[cell for cell in _cells(row) if not self.hidden.hides(cell)] for row in rows]
        if _is_layout(table, listed):
            for row in listed:
                for cell in row:
                    self.blocks_of(cell, depth)
                    self._end_line(False)
            return
        caption = next((child for child in table if _name(child) == "caption"), None)
        name = self._text_of(caption) if caption is not None else ""
        self.flow.table([[self._span(cell) for cell in row] for row in listed], name)

    def _span(self, cell: Element) -> Span:
        text = self._text_of(cell)
        # What Excel and LibreOffice write beside the number as it is shown; Excel '' where both are the same.
        exact = cell.get("x:num", cell.get("sdval"))
        number = number_cell(exact or text.replace(",", ""), 0, 0).number if exact is not None else None
        formula = cell.get("x:fmla") is not None
        return Span(text, _count(cell.get("rowspan")), _count(cell.get("colspan")), number, formula)

    def _text_of(self, element: Element) -> str:
        """What can be seen below ``element``, with its lines."""
        pieces: list[str] = []
        self._gather(element, pieces, 0)
        return tidy("".join(pieces))

    def _gather(self, element: Element, pieces: list[str], depth: int) -> None:
        if depth > 4 * MAX_NESTING:
            raise damaged("网页文件")
        pieces.append(_on_one_line(element.text or ""))
        for child in element:
            name = _name(child)
            if self._seen(child, name):
                edge = "\n" if name in _BLOCKS else ""
                pieces += edge, _typed(child)
                self._gather(child, pieces, depth + 1)
                pieces.append(edge)
            pieces.append(_on_one_line(child.tail or ""))


def _on_one_line(text: str) -> str:
    """A line's end in the source is a space, and between Chinese characters nothing at all."""
    return _BETWEEN_CHINESE.sub("", text).replace("\n", " ") if "\n" in text else text


def _name(element: Element) -> str:
    """The tag without its prefix (Word writes <o:p>); '' for comments."""
    return element.tag.rpartition(":")[2].rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _typed(element: Element) -> str:
    """What stands in a field of a form."""
    if _name(element) == "input" and (element.get("type") or "").lower() in _TYPED:
        return element.get("value") or ""
    return ""


def _own(table: Element, names: tuple[str, ...]) -> Iterator[Element]:
    """The elements with these names below ``table``, not those of tables inside it."""
    for child in table:
        name = _name(child)
        if name in names:
            yield child
        elif name != "table":
            yield from _own(child, names)


def _rows(table: Element) -> list[Element]:
    return list(_own(table, ("tr",)))


def _cells(row: Element) -> list[Element]:
    return list(_own(row, ("td", "th")))


def _up_to(element: Element, top: Element) -> Iterator[Element]:
    above: Element | None = element
    while above is not None and above is not top:
        yield above
        above = above.getparent()


def _is_layout(table: Element, rows: list[list[Element]]) -> bool:
    """Whether a table only arranges the page: one column, or most of what it says stands in a table inside it."""
    if all(len(row) <= 1 for row in rows):
        return True
    inner = list(_own(table, ("table",))) + [
        nested for row in rows for cell in row for nested in _own(cell, ("table",))
    ]
    return bool(inner) and 2 * sum(_length(one) for one in inner) > _length(table)


def _length(element: Element) -> int:
    return sum(len("".join(str(text).split())) for text in element.itertext())


def _count(attribute: str | None) -> int:
    """A span as a page writes it; 0 means: to the end."""
    digits = re.match(r"\s*(\d{1,4})", attribute or "")
    return min(int(digits.group(1)) or MAX_SPAN, MAX_SPAN) if digits else 1

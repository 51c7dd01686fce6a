"""One pass over the XML of a part, without a tree in memory.

expat instead of lxml: as fast for this purpose, nothing to import, no memory for the tree, and it stops at
the very element that goes beyond a limit.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.parsers import expat

from xltool.spreadsheet.limits import MAX_DEPTH, MAX_NAMES, MAX_NAMESPACES, MAX_TAG, Allowance, damaged

_CHUNK = 1 << 16

Opened = Callable[[str, dict[str, str]], None]
Closed = Callable[[str, str], None]


def _nothing(_name: str, _content: object) -> None: ...


def scan(part: bytes, allowance: Allowance, opened: Opened = _nothing, closed: Closed = _nothing) -> None:
    """Call ``opened(local name, attributes)`` and ``closed(local name, text before the end tag)`` in order.

    Prefixes are resolved and left out; an attribute with a prefix is named ``namespace}local``. A document
    type is refused, with it all entities of its own.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    local: dict[str, str] = {}
    pieces: list[str] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise damaged("XML 层次过深")
        if pieces:
            pieces.clear()
        if name not in local:
            local[name] = name.rpartition("}")[2]
        opened(local[name], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if pieces:
            text = "".join(pieces)
            pieces.clear()
            closed(local[name], text)
        else:
            closed(local[name], "")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = pieces.append
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartNamespaceDeclHandler = _namespace_counter()
    _feed(parser, part, allowance)


def attribute(attributes: dict[str, str], local: str) -> str:
    """The attribute with this local name in any namespace, or ''."""
    return next((value for name, value in attributes.items() if name.rpartition("}")[2] == local), "")


def _feed(parser: expat.XMLParserType, part: bytes, allowance: Allowance) -> None:
    try:
        for at in range(0, len(part), _CHUNK):
            parser.Parse(part[at : at + _CHUNK], False)
            allowance.use_time()
            # A tag is held in memory until its end, and a name until the end of the part.
            if at - parser.CurrentByteIndex > MAX_TAG or len(parser.intern) > MAX_NAMES:
                raise damaged("XML 不合规范")
        parser.Parse(b"", True)
    # ValueError and LookupError: an encoding that expat does not know.
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise damaged("XML 不合规范") from error


def _namespace_counter() -> Callable[[str | None, str | None], None]:
    declared = 0

    def count(_prefix: str | None, _namespace: str | None) -> None:
        nonlocal declared
        declared += 1
        if declared > MAX_NAMESPACES:
            raise damaged("XML 不合规范")

    return count


def _refuse_document_type(*_declaration: object) -> None:
    raise damaged("XML 中有不允许的文档类型声明")

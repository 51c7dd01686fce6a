"""XML of a document's part as a tree: no document type, no entities, nothing fetched; names without prefix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xltool.documents.limits import damaged

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def parsed(part: bytes, what: str) -> Element:
    """The root of ``part``; FileRefused, naming ``what``, where it is not well-formed or brings a document type."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(what) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged(what)
    return root


def local(element: Element) -> str:
    """The tag without namespace; '' for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value(element: Element | None, name: str = "val") -> str:
    """The attribute with this local name in any namespace, or '': Strict files have others than usual ones."""
    if element is not None:
        for key, content in element.attrib.items():
            if str(key).rpartition("}")[2] == name:
                return str(content)
    return ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first child with this name, and so on down the path."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def number(element: Element | None, name: str = "val", default: int = 0) -> int:
    """The attribute as a whole number."""
    try:
        return int(value(element, name))
    except ValueError:
        return default


def descendants(element: Element, wanted: str) -> Iterator[Element]:
    """All elements with this name below ``element``, in order."""
    return (one for one in element.iter() if local(one) == wanted)

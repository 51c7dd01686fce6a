"""Text as XML character data. The standard library's escape would bring an HTTP client along at start-up."""

from __future__ import annotations


def escape(text: str) -> str:
    """``text`` between tags: &, < and > replaced."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoteattr(text: str) -> str:
    """``text`` as an attribute's value, with its quotation marks; line ends and tabs kept."""
    escaped = escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;")
    return '"' + escaped.replace("\t", "&#9;") + '"'

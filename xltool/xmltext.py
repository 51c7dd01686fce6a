"""Text as XML character data. The standard library's escape would bring an HTTP client along at start-up."""

from __future__ import annotations


def escape(text: str) -> str:
    """``text`` between tags: &, < and > replaced."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

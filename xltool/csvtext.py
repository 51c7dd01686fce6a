"""Text as a cell of CSV that a spreadsheet program opens: other people's words are never taken for a formula."""

from __future__ import annotations

_STARTS_A_FORMULA = ("'", "=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""The full-width ones are signs of a formula to some versions of Excel; the apostrophe is told from ours."""


def inert(text: str) -> str:
    """``text``, behind an apostrophe where it would be a formula."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def said(cell: str) -> str:
    """The text of which ``inert`` made ``cell``."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_STARTS_A_FORMULA) else cell

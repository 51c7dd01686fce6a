"""A PDF report read back with pdfplumber: what stands on its pages, without page numbers and watermark."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pdfplumber

_WHITE = re.compile(r"\s")
_OF_THE_PAGE = 14.0
"""Points of the page number and of the notice on drafts."""
_LARGEST = 22.0


@dataclass(frozen=True)
class Page:
    """``text``: all of it in its order, without white space. ``lines``: how many lines of 16 points.

    ``tables``: by row and column of their grid, None where a cell continues another one. ``edge``: what is printed
    in the margins, with the place of its left and right end in points.
    """

    text: str
    lines: int
    tables: tuple[tuple[tuple[str | None, ...], ...], ...]
    edge: tuple[tuple[str, float, float], ...]


def pages(data: bytes) -> tuple[Page, ...]:
    """The pages of the PDF ``data``."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return tuple(_page(page) for page in pdf.pages)


def text(data: bytes) -> str:
    """The text of all pages as one."""
    return "".join(page.text for page in pages(data))


def bare(words: str) -> str:
    """``words`` without white space, as they are compared."""
    return _WHITE.sub("", words)


def _page(page: pdfplumber.page.Page) -> Page:
    page = page.filter(lambda drawn: drawn.get("size", 0) <= _LARGEST)  # without the watermark
    own = [c for c in page.chars if abs(c["size"] - _OF_THE_PAGE) > 0.1]
    tables = page.find_tables()
    return Page(
        bare("".join(c["text"] for c in own)),
        len({round(c["doctop"] / 10) for c in own if abs(c["size"] - 16) < 0.1}),
        tuple(_table(table.extract()) for table in tables),
        tuple(_edge(page)),
    )


def _table(rows: list[list[str | None]]) -> tuple[tuple[str | None, ...], ...]:
    return tuple(tuple(None if cell is None else bare(cell) for cell in row) for row in rows)


def _edge(page: pdfplumber.page.Page) -> Iterator[tuple[str, float, float]]:
    chars = [c for c in page.chars if abs(c["size"] - _OF_THE_PAGE) <= 0.1]
    for half in ([c for c in chars if c["top"] < page.height / 2], [c for c in chars if c["top"] > page.height / 2]):
        if half:
            yield bare("".join(c["text"] for c in half)), min(c["x0"] for c in half), max(c["x1"] for c in half)

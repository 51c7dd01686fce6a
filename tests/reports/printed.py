"""What a Word file and a PDF say, as text that people can read and compare; nothing but the files is needed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import docx
import pdfplumber
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table
from docx.text.paragraph import Paragraph

from xltool.report.word_styles import CHARACTER

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_ACROSS, _DOWN = "←", "↑"
_BODY, _SMALL = 16.0, 10.0
_POINTS = (22.0, _BODY, 14.0, _SMALL)
"""Title, text, margins, captions and cells; the watermark has another size."""
_MARGIN, _OTHER_MARGIN = 28 / 25.4 * 72, (210 - 26) / 25.4 * 72
_CELL_EDGE = 1.0


def word_text(data: bytes) -> str:
    """Paragraphs with their styles, tables row by row, pictures as described, what stands in the margins.

    ``←`` is a cell that belongs to the one at its left, ``↑`` to the one above it.
    """
    document = docx.Document(io.BytesIO(data))
    return "\n".join((*_blocks(document), *_margins(document))) + "\n"


def _blocks(document: Document) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from map(_row, block.rows)
        else:
            yield _paragraph(block)


def _paragraph(paragraph: Paragraph) -> str:
    assert paragraph.style is not None
    runs = [_run(run) for run in paragraph.runs]
    pictures = [f"〔{found.get('name')}：{found.get('descr')}〕" for found in paragraph._p.iter(_DESCRIBED)]
    own = "（另起一页）" if paragraph.paragraph_format.page_break_before else ""
    own += "（左齐）" if paragraph.alignment is WD_ALIGN_PARAGRAPH.LEFT else ""
    return f"[{paragraph.style.name}]{own} {''.join((*runs, *pictures))}".rstrip()


def _run(run: Any) -> str:
    """The text of a run; one in a style of its own stands between ‹ ›."""
    text = str(run.text).replace("\n", "⏎")
    own = run._r.find(f"{_W}rPr/{_W}rStyle")
    return f"‹{text}›" if own is not None else text


def _row(row: Any) -> str:
    cells: list[str] = []
    for cell in row._tr.tc_lst:
        text = "".join(found.text or "" for found in cell.iter(f"{_W}t"))
        cells += [_DOWN if cell.vMerge == "continue" else text, *[_ACROSS] * (cell.grid_span - 1)]
    head = "表头" if row._tr.find(f"{_W}trPr/{_W}tblHeader") is not None else ""
    return f"{head}|{'|'.join(cells)}|"


def _margins(document: Document) -> Iterator[str]:
    section = document.sections[0]
    places = {
        "单页页眉": section.header,
        "双页页眉": section.even_page_header,
        "单页页脚": section.footer,
        "双页页脚": section.even_page_footer,
    }
    for name, place in places.items():
        for paragraph in place.paragraphs:
            text = "".join(found.text or "" for found in paragraph._p.iter(f"{_W}t"))
            sides = {side: paragraph._p.find(f"{_W}pPr/{_W}ind[@{_W}{side}]") for side in ("left", "right")}
            edge = "".join(f"，{side} {found.get(_W + side)}" for side, found in sides.items() if found is not None)
            yield f"{name}[{paragraph.style.name}]{edge} {text}".rstrip()


# --- PDF --------------------------------------------------------------------------------------------------


def pdf_text(data: bytes) -> str:
    """Every page: what stands in its margins, its paragraphs and its tables, from the top to the foot.

    Lines are joined to paragraphs, so that the text is the same whatever fonts a machine has.
    """
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "\n".join(line for number, page in enumerate(pdf.pages, 1) for line in _page(number, page)) + "\n"


def _page(number: int, page: pdfplumber.page.Page) -> Iterator[str]:
    yield f"—— 第{number}页，正文{sum(1 for _ in _lines(page, _BODY))}行 ——"
    tables = page.find_tables()
    pieces = [(float(table.bbox[1]), _cells(table.extract())) for table in tables]
    outside = page.filter(lambda drawn: not any(_within(drawn, table.bbox) for table in tables))
    for size in _POINTS:
        pieces += _paragraphs(_lines(outside, size), size)
    for _, text in sorted(pieces, key=lambda piece: piece[0]):
        yield text


@dataclass(frozen=True)
class _Line:
    """``right``: where it ends, as ``left`` in points from the edge of the paper."""

    top: float
    left: float
    right: float
    text: str

    @property
    def place(self) -> str:
        """Characters from the margin; of what is no paragraph only the side, the rest being the font's."""
        beside = self.left - _MARGIN, _OTHER_MARGIN - self.right
        if abs(beside[0] - beside[1]) < CHARACTER / 20 and beside[0] > CHARACTER / 20:
            return "（居中）"
        if beside[0] > 10 * CHARACTER / 20:
            return f"（右空{round(beside[1] / CHARACTER * 20)}字）"
        return "　" * round(beside[0] / CHARACTER * 20)


def _within(drawn: Any, box: Sequence[float]) -> bool:
    return bool(
        box[0] - _CELL_EDGE <= drawn["x0"] <= box[2] + _CELL_EDGE and box[1] - _CELL_EDGE <= drawn["top"] <= box[3]
    )


def _lines(page: pdfplumber.page.Page, size: float) -> Iterator[_Line]:
    """The lines in ``size``, from the top; fonts of one line may stand a little higher or lower."""
    chars = sorted((c for c in page.chars if abs(c["size"] - size) < 0.1), key=lambda c: float(c["top"]))
    while chars:
        line = [c for c in chars if c["top"] < chars[0]["top"] + size * 0.6]
        del chars[: len(line)]
        text = "".join("".join(c["text"] for c in sorted(line, key=lambda c: float(c["x0"]))).split())
        if text:
            yield _Line(line[0]["top"], min(c["x0"] for c in line), max(c["x1"] for c in line), text)


def _paragraphs(lines: Iterable[_Line], size: float) -> Iterator[tuple[float, str]]:
    """Lines that begin at the margin go on with the paragraph above them; of small print only captions are told."""
    whole: list[tuple[float, str]] = []
    for line in lines:
        if size == _BODY and whole and not line.place:
            whole[-1] = (whole[-1][0], whole[-1][1] + line.text)
        elif size != _SMALL or line.text.startswith("图"):
            whole.append((line.top, line.place + line.text))
    yield from whole


def _cells(rows: list[list[str | None]]) -> str:
    texts = [["←" if cell is None else "".join(cell.split()) for cell in row] for row in rows]
    return "\n".join(f"|{'|'.join(row)}|" for row in texts)

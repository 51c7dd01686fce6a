"""PDF files through pdfplumber; only called in a process of its own."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence

from xltool.documents.limits import SECONDS, damaged, too_large
from xltool.documents.model import Document
from xltool.documents.passwords import needs_password, wrong_password
from xltool.documents.pdf.assembly import blocks_of
from xltool.documents.pdf.marks import Page, page_marks
from xltool.errors import FileRefused

_WHAT = "PDF 文件"
_MAX_PAGES = 200
_PICTURED = 0.4
_FEW = 20  # characters on a page that is a picture: a stamp or a page number
_SCANNED = "这是扫描件：页面都是图片，没有文字，读不出数来。请交带文字的 PDF 或 Word 文档，或者照着重新填报。"
_GARBLED = "PDF 里的字体没有说明各是什么字，读出来是乱码。请交 Word 文档，或者用 WPS 重新转换成 PDF 后再试。"


def read_pdf(data: bytes, password: str | None = None) -> Document:
    """All pages; FileRefused for one that is scanned, garbled or locked."""
    pages = list(_pages(data, password))
    written = sum(len(page.chars) for page in pages)
    if sum(page.garbled for page in pages) > written:
        raise FileRefused(_GARBLED)
    scanned = [page.number for page in pages if page.pictured > _PICTURED and len(page.chars) < _FEW]
    if written == 0 or len(scanned) == len(pages):
        raise FileRefused(_SCANNED)
    recognised = [page.number for page in pages if page.pictured > 0.8 and page.number not in scanned]
    blocks, heads = blocks_of(pages)
    return Document("pdf", blocks, tuple(_notes(scanned, recognised)), heads=heads)


def _notes(scanned: Sequence[int], recognised: Sequence[int]) -> Iterator[str]:
    if scanned:
        yield f"第{_listed(scanned)}页是图片，没有文字，没有读。"
    if recognised:
        yield f"第{_listed(recognised)}页是扫描的图片，文字是识别出来的，可能认错，请逐个核对。"


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers))


def _pages(data: bytes, password: str | None) -> Iterator[Page]:
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    started = time.monotonic()
    try:
        with pdfplumber.open(io.BytesIO(data), password=password or "") as document:
            for page in document.pages:
                if page.page_number > _MAX_PAGES or time.monotonic() - started > 0.7 * SECONDS:
                    raise too_large(_WHAT)
                yield page_marks(page)
                page.close()
    except PdfminerException as error:
        if error.args and isinstance(error.args[0], PDFPasswordIncorrect):
            raise (wrong_password() if password else needs_password()) from error
        raise damaged(_WHAT) from error

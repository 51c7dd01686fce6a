"""One report in every format that is wanted: one view, one renderer each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from xltool.files import file_name
from xltool.filing import Filing
from xltool.form import Form
from xltool.report.charts import report_charts
from xltool.report.data import schema_text, write_csv, write_json
from xltool.report.html import write_fragment, write_html
from xltool.report.pdf import write_pdf
from xltool.report.text import write_text
from xltool.report.view import ReportView, build_view
from xltool.report.word import word_of

SCHEMA_FILE = "数据格式.schema.json"
FRAGMENT = "（粘贴用）.html"
"""How the name of a fragment's file ends."""
_LONGEST_NAME = 80
"""Characters of a file's name, as ``file_name`` cuts it."""


class Format(StrEnum):
    """The formats; each value is the ending of its files."""

    WORD = "docx"
    PAGE = "html"
    PDF = "pdf"
    JSON = "json"
    CSV = "csv"
    TEXT = "txt"


ENDINGS = (*(f".{chosen}" for chosen in Format), FRAGMENT)
"""How the names of a report's files can end."""


@dataclass(frozen=True)
class Wanted:
    """What is to be made of every report. ``fragment``: also the page's content for pasting into an editor."""

    formats: tuple[Format, ...] = (Format.WORD,)
    fragment: bool = False
    charts: bool = False

    @property
    def schema(self) -> str | None:
        """The text of ``SCHEMA_FILE``, which goes with JSON; None without."""
        return schema_text() if Format.JSON in self.formats else None


@dataclass(frozen=True)
class Published:
    """The files of one report by their endings, and what is to be told about them.

    ``drafted``: titles of parts that were made from the figures. ``stand_ins``: “正文（仿宋_GB2312）用 FandolFang”.
    """

    files: tuple[tuple[str, bytes], ...]
    drafted: tuple[str, ...]
    stand_ins: tuple[str, ...]


def publish(form: Form, filing: Filing, prior: Filing | None, draft: bool, wanted: Wanted) -> Published:
    """The report of ``filing`` in every wanted format, the same figures and paragraphs in each.

    ``prior``: last year's filing, for drafted sentences and charts. ``draft``: every file says that it is one.
    """
    charts = report_charts(form, filing, prior) if wanted.charts else ()
    view = build_view(form, filing, draft, charts, prior)
    files: list[tuple[str, bytes]] = []
    stand_ins: tuple[str, ...] = ()
    for chosen in wanted.formats:
        if chosen is Format.PDF:
            pdf = write_pdf(view, form.folder)
            files.append((".pdf", pdf.data))
            stand_ins = pdf.stand_ins
        else:
            files.append((f".{chosen}", _WRITERS[chosen](form, filing, view)))
    if wanted.fragment:
        files.append((FRAGMENT, write_fragment(view).encode()))
    return Published(tuple(files), view.drafted, stand_ins)


_WRITERS: dict[Format, Callable[[Form, Filing, ReportView], bytes]] = {
    Format.WORD: lambda form, _, view: word_of(form, view),
    Format.PAGE: lambda _form, _filing, view: write_html(view).encode(),
    Format.JSON: lambda form, filing, view: write_json(form, filing, view).encode(),
    Format.CSV: lambda form, filing, view: write_csv(form, filing, view.draft),
    Format.TEXT: lambda _form, _filing, view: write_text(view).encode(),
}


def report_name(form: Form, filing: Filing, draft: bool) -> str:
    """The name of a report's files, without ending: the unit's name is cut where all would be too long."""
    rest = f"{filing.year}年{form.title}{'（草稿）' if draft else ''}"
    return file_name(f"{filing.unit.name[: max(1, _LONGEST_NAME - len(rest))]}{rest}")

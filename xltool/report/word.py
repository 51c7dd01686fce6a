"""The report as a Word document."""

from __future__ import annotations

from functools import lru_cache

from xltool.filing import Filing
from xltool.form import Form
from xltool.report.view import ReportView, build_view
from xltool.report.word_fill import fill_word
from xltool.report.word_skeleton import WordSkeleton, make_word_skeleton


def write_word(form: Form, filing: Filing, draft: bool = False) -> bytes:
    """The .docx of the report of ``filing``; a ``draft`` says so on every page.

    The first report of a form builds its skeleton; the others only fill it.
    """
    return word_of(form, build_view(form, filing, draft))


def word_of(form: Form, view: ReportView) -> bytes:
    """The .docx of a report of ``form`` as it is to be shown, with its charts as pictures."""
    return fill_word(_skeleton(form, view.draft), view, form.folder)


@lru_cache(maxsize=8)
def _skeleton(form: Form, draft: bool) -> WordSkeleton:
    return make_word_skeleton(form, draft)

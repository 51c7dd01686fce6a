"""The report as a Word document."""

from __future__ import annotations

from pathlib import Path

from xltool.filing import Filing
from xltool.form import Form
from xltool.report.view import build_view
from xltool.report.word_fill import fill_word
from xltool.report.word_skeleton import WordSkeleton, make_word_skeleton

_skeletons: dict[tuple[str, str, Path | None, bool], WordSkeleton] = {}


def write_word(form: Form, filing: Filing, draft: bool = False) -> bytes:
    """The .docx of the report of ``filing``; a ``draft`` says so on every page.

    The first report of a form builds its skeleton; the others only fill it.
    """
    key = (form.id, form.digest, form.folder, draft)
    if key not in _skeletons:
        _skeletons[key] = make_word_skeleton(form, draft)
    return fill_word(_skeletons[key], build_view(form, filing, draft))

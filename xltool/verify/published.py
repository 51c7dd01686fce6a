"""A published file of any of our formats, told apart by content, against the filing it was made from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xltool.documents import read_document
from xltool.documents.plaintext import decoded
from xltool.filing import Filing
from xltool.form import Form
from xltool.report.data import CSV_COLUMNS
from xltool.spreadsheet.filekind import identify
from xltool.verify.data import csv_differences, json_differences
from xltool.verify.difference import Difference
from xltool.verify.document import verify_report

_CONTENT = re.compile(r"\s*<(?:!--|p|h[2-6]|table|div|section)\b", re.I)
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|body|title|h1)\b", re.I)


@dataclass(frozen=True)
class Verified:
    """What differs. ``remark``: what such a file has not got, so that it was not compared; "" for most.
    ``has_texts``: it has more than figures.
    """

    differences: tuple[Difference, ...]
    remark: str = ""
    has_texts: bool = True


def verify_published(
    form: Form,
    filing: Filing,
    data: bytes,
    name: str = "",
    password: str | None = None,
    prior: Filing | None = None,
    figures_only: bool = False,
) -> Verified:
    """Everything in which the file ``data`` differs from the report of ``filing``; FileRefused where it is no report.

    ``name``: the file's; ``password``: to open it. ``prior``, ``figures_only``: see ``verify_report``.
    """
    text = decoded(data).lstrip("\ufeff \t\r\n") if identify(data) in ("text", "html") else ""
    if text.startswith("{"):
        return Verified(tuple(json_differences(form, filing, text, prior, figures_only)))
    if text.startswith(",".join(CSV_COLUMNS[:4])):
        return Verified(
            tuple(csv_differences(form, filing, text, figures_only)), "CSV 里只有数，没有文字可核对。", False
        )
    document = read_document(data, name, password)
    titled = not (_CONTENT.match(text) and not _WHOLE_PAGE.search(text))
    differences = verify_report(form, filing, document, prior, figures_only, titled)
    return Verified(differences, "" if titled else "这是供粘贴的网页内容，没有标题，标题没有核对。")

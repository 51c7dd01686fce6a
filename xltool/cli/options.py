"""What several commands take, said once."""

from __future__ import annotations

from pathlib import Path

from xltool.cli.output import note
from xltool.definition import DEFAULT_EDITION, edition_ids, form_by_id
from xltool.errors import FileRefused
from xltool.filing import Filing
from xltool.form import Form
from xltool.intake import last_year_as, read_any_filing

PRIOR_HELP = "上年的工作簿（.xlsx）或填报数据（.json），用于跨年核对。"
FORM_HELP = f"表式版本，默认 {DEFAULT_EDITION}；xltool forms 列出全部。"
JSON_HELP = "以 JSON 输出。"
OVERWRITE_HELP = "文件已存在时覆盖。"


def chosen_form(form_id: str) -> Form:
    """The edition that was asked for; FileRefused lists those there are."""
    form = form_by_id(form_id)
    if form is None:
        raise FileRefused(f"没有表式“{form_id}”。可以用：{'、'.join(edition_ids())}。")
    return form


def prior_filing(path: Path | None, form: Form | None = None) -> Filing | None:
    """Last year's filing from a workbook or JSON, as one of ``form``; FileRefused where it is neither, or cannot be."""
    if path is None:
        return None
    try:
        filing = read_any_filing(path)
    except FileRefused as refused:
        raise FileRefused(f"{path}  {refused.sentence}") from refused
    return filing if form is None else prior_as(filing, form, path)


def prior_as(filing: Filing, form: Form, path: Path) -> Filing:
    """Last year's filing as one of ``form``, with a note of what has no counterpart; FileRefused where it cannot be."""
    try:
        become, told = last_year_as(form, filing)
    except FileRefused as refused:
        raise FileRefused(f"{path}  {refused.sentence}") from refused
    for finding in told:
        note(f"! {path}  {finding.said}")
    return become


def refuse_wrong_prior(prior: Filing | None, year: int, unit: str | None = None) -> None:
    """FileRefused where ``prior`` is not of the year before ``year``; a note where it is another unit's.

    Another unit's is no mistake where the unit was renamed or merged.
    """
    if prior is None:
        return
    if prior.year != year - 1:
        raise FileRefused(f"--prior 给的是 {prior.year} 年的数据，应为上年（{year - 1} 年）的。请核对文件。")
    if unit is not None and prior.unit.name != unit:
        note(f"! --prior 给的是“{prior.unit.name}”的数据，用来核对“{unit}”。改名、合并的除外，请换成本单位的。")

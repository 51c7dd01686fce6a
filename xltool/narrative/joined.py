"""Findings about texts put together with those about cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xltool.check.finding import Finding
from xltool.filing import Filing
from xltool.form import Form
from xltool.narrative import examine_texts
from xltool.narrative.wording import without_covered


def with_texts(
    form: Form,
    filing: Filing,
    prior: Filing | None,
    examined: Iterable[Finding],
    units: Collection[str] = (),
    last_year_limit: int | None = None,
) -> tuple[Finding, ...]:
    """``examined``, but for texts said to be missing that stand in another box, and what ``examine_texts`` finds."""
    found = examine_texts(form, filing, prior, units, last_year_limit)
    return (*without_covered(form, filing, examined), *found)

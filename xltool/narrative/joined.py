"""Findings about texts put together with those about cells."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xltool.check.finding import Finding
from xltool.filing import Filing
from xltool.form import Form
from xltool.narrative import examine_texts
from xltool.narrative.repetition_findings import repeats_last_year
from xltool.narrative.wording import without_covered


def with_texts(
    form: Form,
    filing: Filing,
    prior: Filing | None,
    examined: Iterable[Finding],
    units: Collection[str] = (),
    last_year_limit: int | None = None,
) -> tuple[Finding, ...]:
    """``examined``, but for texts said to be missing that stand in another box, and what is found in the texts.

    ``last_year_limit``: per cent of repetition of last year's texts from which it is asked about, in place of the
    edition's.
    """
    found = examine_texts(form, filing, prior, units)
    if last_year_limit is not None:
        repeated = repeats_last_year(form, filing, prior, last_year_limit)
        found = tuple(finding for finding in found if finding.code != "S20") + tuple(repeated)
    return (*without_covered(form, filing, examined), *found)

"""What is to be said of a filing's texts: structure and wording (group S), figures in them (group N), repetition."""

from __future__ import annotations

from collections.abc import Collection

from xltool.check.finding import Finding
from xltool.filing import Filing
from xltool.form import Form
from xltool.narrative.claims import claim_findings
from xltool.narrative.wording import wording_findings

__all__ = ["examine_texts"]


def examine_texts(
    form: Form,
    filing: Filing,
    prior: Filing | None = None,
    units: Collection[str] = (),
    last_year_limit: int | None = None,
) -> tuple[Finding, ...]:
    """All findings about the texts: of structure and wording, then of the figures they state.

    ``prior``: last year's filing, with its texts where they are known. ``units``: names of the campaign's units.
    ``last_year_limit``: per cent of repetition of last year's texts from which it is asked about, in place of the
    edition's.
    """
    return (*wording_findings(form, filing, prior, units, last_year_limit), *claim_findings(form, filing, prior))

"""Structure and wording of the texts (group S), in the order of the codes; S20 compares with last year's texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xltool.check.finding import Finding
from xltool.filing import Filing
from xltool.form import Form
from xltool.narrative.repetition_findings import repeats_last_year
from xltool.narrative.wording_names import name_findings
from xltool.narrative.wording_private import private_findings
from xltool.narrative.wording_slips import slip_findings
from xltool.narrative.wording_structure import covered_elsewhere, date_findings, structure_findings
from xltool.narrative.wording_texts import passages
from xltool.narrative.wording_words import wording_of
from xltool.narrative.wording_years import year_findings


def wording_findings(
    form: Form,
    filing: Filing,
    prior: Filing | None = None,
    units: Collection[str] = (),
    last_year_limit: int | None = None,
) -> tuple[Finding, ...]:
    """What is to be said of the texts; none where the edition declares no wording.

    ``prior``: last year's filing, its texts where they are known. ``units``: names of all units of a campaign.
    ``last_year_limit``: per cent of repetition from which it is asked about, in place of the edition's.
    """
    wording = wording_of(form)
    if wording is None:
        return ()
    written = passages(form, filing)
    labels = {field.id: field.label for field in form.cover}
    former = prior.unit.name if prior is not None else ""
    found = (
        *structure_findings(form, filing, wording, written),
        *year_findings(filing, wording, written),
        *name_findings(filing, wording, written, units, former),
        *slip_findings(filing, wording, written),
        *private_findings(filing, wording, written),
        *date_findings(filing, wording, labels),
        *repeats_last_year(form, filing, prior, last_year_limit),
    )
    return tuple(sorted(found, key=lambda finding: finding.code))


def without_covered(form: Form, filing: Filing, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """``findings`` but for texts said to be missing (S02) that stand in another box of their section."""
    wording = wording_of(form)
    covered = covered_elsewhere(form, filing, wording) if wording is not None else frozenset()
    return tuple(f for f in findings if f.code != "S02" or f.key.removeprefix("S02.") not in covered)

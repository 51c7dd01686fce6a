"""Last year's texts of this year's units, and what a campaign holds to be too much repetition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from xltool.campaign.roster import RosterUnit
from xltool.filing import Filing, Unit
from xltool.form import Form

LAST_YEAR_LIMIT, UNITS_LIMIT = "repeats_last_year", "repeats_units"
"""Settings of a campaign: per cent, in place of the edition's."""


def limit_of(settings: Mapping[str, str], name: str) -> int | None:
    """The campaign's own limit; None where it goes by the edition's."""
    return int(settings[name]) if settings.get(name) else None


def with_last_texts(
    form: Form, prior: Filing | None, unit: RosterUnit | None, year: int, seeds: Mapping[str, Filing]
) -> Filing | None:
    """``prior`` with the texts of last year's filings of the unit, those of all it was merged from one below the other.

    A unit that was renamed is named as it was then.
    """
    if unit is None:
        return prior
    names = unit.predecessors or (unit.name,)
    found = [seeds[name] for name in names if name in seeds]
    parts = [part.id for section in form.sections for part in section.parts]
    said = {part: [filing.texts[part] for filing in found if filing.texts.get(part)] for part in parts}
    texts = {part: "\n".join(texts) for part, texts in said.items() if texts}
    if not texts:
        return prior
    then = found[0].unit if len(names) == 1 else Unit(unit.name)
    return replace(prior or Filing(form.id, then, year - 1), unit=then, texts=texts)

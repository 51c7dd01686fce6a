"""Last year's figures for this year's units: their own, their former name's, or their predecessors' added up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from xltool.campaign.roster import Change, RosterUnit
from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Form


def prior_of(
    form: Form, unit: RosterUnit | None, year: int, seeds: Mapping[str, Filing], carried: Filing | None
) -> Filing | None:
    """Last year's figures that a return of ``unit`` is judged by, wherever that is done.

    What the campaign knows of the unit comes first; ``carried``: what the workbook says itself.
    """
    seed = seed_of(form, unit, year, seeds) if unit is not None else None
    return carried if seed is None else seed


def seed_of(form: Form, unit: RosterUnit, year: int, seeds: Mapping[str, Filing]) -> Filing | None:
    """Last year's filing of ``unit``, None where nothing is known of it.

    Of merged units a figure is known where it is known of each of them: half a sum is worse than none.
    """
    if unit.change is Change.NEW:
        return None
    names = unit.predecessors if unit.predecessors else (unit.name,)
    if unit.change is Change.MERGED and unit.name in seeds and unit.name not in names:
        names = (unit.name, *names)
    found = [seeds[name] for name in names if name in seeds]
    if not found or len(found) < len(names):
        return None
    return Filing(form.id, unit.unit, year - 1, _added(form, found))


def _added(form: Form, filings: list[Filing]) -> dict[FigureId, Decimal]:
    values: dict[FigureId, Decimal] = {}
    for figure in form.inputs:
        known = [_value(filing, figure.id) for filing in filings]
        present = [value for value in known if value is not None]
        if len(present) == len(filings):
            values[figure.id] = sum(present, Decimal(0))
    return values


def _value(filing: Filing, figure: FigureId) -> Decimal | None:
    if figure in filing.values:
        return filing.values[figure]
    return Decimal(0) if figure.table in filing.zero_declared else None

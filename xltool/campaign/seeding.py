"""Last year's figures for this year's units: their own, their former name's, or their predecessors' added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from xltool.campaign.roster import Change, RosterUnit
from xltool.check.judge import amounts, known_before
from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Form


class Seeds(Mapping[str, Filing]):
    """Last year's filings by the units' names of then, each read when it is asked for: all would fill the memory."""

    def __init__(self, names: Sequence[str], read: Callable[[str], Filing | None]) -> None:
        self._names = dict.fromkeys(names)
        self._read = read

    def __getitem__(self, name: str) -> Filing:
        filing = self._read(name) if name in self._names else None
        if filing is None:
            raise KeyError(name)
        return filing

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


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
    made = Filing(form.id, unit.unit, year - 1, _added(form, found))
    return replace(made, stated=dict(_totals(form, found, made))) if any(one.stated for one in found) else made


def _added(form: Form, filings: list[Filing]) -> dict[FigureId, Decimal]:
    values: dict[FigureId, Decimal] = {}
    for figure in form.inputs:
        known = [_value(filing, figure.id) for filing in filings]
        present = [value for value in known if value is not None]
        if len(present) == len(filings):
            values[figure.id] = sum(present, Decimal(0))
    return values


def _totals(form: Form, filings: Sequence[Filing], made: Filing) -> Iterator[tuple[FigureId, Decimal]]:
    """Totals that are known of each of ``filings``, as stated at least, and cannot be added up from their sum."""
    computable = amounts(form, made)
    every = [known_before(form, filing) for filing in filings]
    for figure in form.figures:
        if figure not in computable and all(figure in known for known in every):
            yield figure, sum((known[figure] for known in every), Decimal(0))


def _value(filing: Filing, figure: FigureId) -> Decimal | None:
    if figure in filing.values:
        return filing.values[figure]
    return Decimal(0) if figure.table in filing.zero_declared else None

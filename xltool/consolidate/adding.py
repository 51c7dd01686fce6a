"""Adding up filings. Sums are exact; neither the order of units nor their grouping changes a figure.

A blank is not 0: the sum of the others is given, and the blank is named in ``Consolidation.incomplete``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from functools import cached_property

from xltool.check.judge import amounts
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form

# More digits than any sum of readable numbers has; should one not fit after all, it raises rather than rounds.
_EXACT = Context(prec=2000, traps=[Inexact])


@dataclass(frozen=True)
class Adjustment:
    """A correction of one sum: ``amount`` is added, in the figure's own unit."""

    figure: FigureId
    amount: Decimal
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class Lack:
    """A figure that ``unit`` left blank, so that its sum is not complete."""

    unit: str
    figure: FigureId


@dataclass(frozen=True)
class Contribution:
    """What one unit adds; ``incomplete``: where it is a consolidation itself, what its own units lack."""

    unit: Unit
    filing: Filing
    incomplete: tuple[Lack, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What one unit gave: ``amounts`` in the order of the form's figures, totals included; None is blank."""

    unit: Unit
    amounts: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Consolidation:
    """The filing of the superior, and what it is made of. Texts are not merged."""

    filing: Filing
    shares: tuple[Share, ...]
    adjustments: tuple[Adjustment, ...]
    incomplete: tuple[Lack, ...]
    positions: Mapping[FigureId, int]
    """Where in ``Share.amounts`` each figure stands."""

    def share(self, figure: FigureId) -> dict[str, Decimal]:
        """What each unit gave to one figure, by name; units that left it blank are absent."""
        place = self.positions[figure]
        given = ((share.unit.name, share.amounts[place]) for share in self.shares)
        return {name: value for name, value in given if value is not None}

    @cached_property
    def incomplete_figures(self) -> frozenset[FigureId]:
        return frozenset(lack.figure for lack in self.incomplete)

    def contribution(self) -> Contribution:
        """This sum as a part of a larger one."""
        return Contribution(self.filing.unit, self.filing, self.incomplete)


def consolidate(
    form: Form,
    unit: Unit,
    year: int,
    contributions: Iterable[Contribution],
    adjustments: Sequence[Adjustment] = (),
) -> Consolidation:
    """The filing of ``unit``: every input is the sum of what is known of it, plus its adjustments.

    Declared zeros are 0; a figure nobody filled in stays blank. ``contributions`` are looked at one by one and
    not kept. FileRefused where an adjustment is of no figure that people fill in.
    """
    _refuse_odd(form, adjustments)
    adding = _Adding(form)
    for contribution in contributions:
        adding.add(contribution)
    positions = {figure: place for place, figure in enumerate(form.figures)}
    for adjustment in adjustments:
        adding.put(positions[adjustment.figure], adjustment.amount)
    return Consolidation(
        filing=Filing(form.id, unit, year, adding.values),
        shares=tuple(adding.shares),
        adjustments=tuple(adjustments),
        incomplete=tuple(adding.incomplete),
        positions=positions,
    )


class _Adding:
    """A sum being made; figures by their position in the form."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.figures = tuple(form.figures)
        self.inputs = [place for place, figure in enumerate(form.figures.values()) if figure.computed is None]
        self.sums: list[Decimal | None] = [None] * len(self.figures)
        self.shares: list[Share] = []
        self.incomplete: list[Lack] = []
        # Most numbers are small and come again and again: each is kept once, however many units say it.
        self.numbers: dict[Decimal | None, Decimal | None] = {}

    def add(self, contribution: Contribution) -> None:
        given = tuple(map(amounts(self.form, contribution.filing).get, self.figures))
        deeper = {lack.figure for lack in contribution.incomplete}
        self.incomplete += contribution.incomplete
        for place in self.inputs:
            value = given[place]
            if value is not None:
                self.put(place, value)
            elif self.figures[place] not in deeper:
                self.incomplete.append(Lack(contribution.unit.name, self.figures[place]))
        self.shares.append(Share(contribution.unit, tuple(map(self.numbers.setdefault, given, given))))

    def put(self, place: int, value: Decimal) -> None:
        before = self.sums[place]
        self.sums[place] = value if before is None else _EXACT.add(before, value) if value else before

    @property
    def values(self) -> dict[FigureId, Decimal]:
        """The figures that anybody said anything of."""
        return {figure: value for figure, value in zip(self.figures, self.sums, strict=True) if value is not None}


def _refuse_odd(form: Form, adjustments: Sequence[Adjustment]) -> None:
    inputs = {figure.id for figure in form.inputs}
    odd = [str(a.figure) for a in adjustments if a.figure not in inputs or not a.amount.is_finite()]
    if odd:
        raise FileRefused(
            f"有 {len(odd)} 条调整用不了：{'、'.join(odd)}。调整的应是表里填写的数，合计由表自动计算；数额应为数字。"
        )

"""Checks of group H: whether a consolidation is complete, true to its units, and plausible."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from xltool.check.finding import Finding, made
from xltool.check.judge import amounts
from xltool.consolidate.adding import Consolidation, Share
from xltool.consolidate.roster import Presence, RosterRow
from xltool.expr.model import Operator, Source, Term
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Check, Figure, Form
from xltool.messages import listed

_LISTED = 6
_NOTABLE = Decimal(20)
"""Below this a sum is so small that one unit giving most of it says nothing."""
_FEWEST_PEERS = 3
_ZERO = Decimal(0)
ON_SUM = "汇总"
"""Where findings stand that concern no sheet."""


def check_consolidation(form: Form, consolidation: Consolidation, rows: Sequence[RosterRow]) -> tuple[Finding, ...]:
    """Everything of group H that needs no last year."""
    return (
        *_presence(consolidation, rows),
        *check_sums(form, consolidation.filing, consolidation),
        *_adjustments(form, consolidation),
        *_blanks(form, consolidation),
        *_resubmitted(rows),
        *_dominant(form, consolidation),
        *_silent(form, consolidation),
    )


def _presence(consolidation: Consolidation, rows: Sequence[RosterRow]) -> Iterator[Finding]:
    """H01: every unit that is due is in; H02: once, and on the roster."""
    times = Counter(share.unit.name for share in consolidation.shares)
    for row in rows:
        name = row.unit.name
        if row.is_lacking or (row.presence is Presence.IN and not times[name]):
            why = "，".join(part for part in (str(row.presence), row.remark) if part)
            yield made("H01", ON_SUM, label=name, key=f"H01.{name}", unit=name, why=why)
    due = {row.unit.name for row in rows if row.presence is not Presence.NOT_DUE}
    for name, count in times.items():
        facts = [f"汇总了 {count} 次"] if count > 1 else []
        facts += ["不在应报单位的名册上"] if name not in due else []
        if facts:
            yield made("H02", ON_SUM, label=name, key=f"H02.{name}", unit=name, fact="，".join(facts))


def check_sums(form: Form, filing: Filing, consolidation: Consolidation) -> tuple[Finding, ...]:
    """H03: each figure of ``filing``, totals included, is the sum of the units and the adjustments.

    ``filing``: what the superior says of itself, be it this consolidation's own or one typed elsewhere.
    """
    said, due = amounts(form, filing), amounts(form, consolidation.filing)
    return tuple(
        made("H03", *_place(form, figure), (figure.id,), left=_shown(said, figure), right=_shown(due, figure))
        for figure in form.figures.values()
        if said.get(figure.id) != due.get(figure.id)
    )


def _place(form: Form, figure: Figure) -> tuple[str, str, str]:
    return form.section_of(figure.id.table).sheet, "", figure.spoken


def _shown(known: Mapping[FigureId, Decimal], figure: Figure) -> str:
    value = known.get(figure.id)
    return "空白" if value is None else plain(value)


def _adjustments(form: Form, consolidation: Consolidation) -> Iterator[Finding]:
    """H04: a correction says why, and who made it."""
    for number, adjustment in enumerate(consolidation.adjustments, start=1):
        parts = (("理由", adjustment.reason), ("调整人", adjustment.who))
        missing = "和".join(name for name, text in parts if not text.strip())
        if missing:
            place = _place(form, form.figures[adjustment.figure])
            amount = plain(adjustment.amount)
            yield made("H04", *place, (adjustment.figure,), key=f"H04.{number}", amount=amount, missing=missing)


def _blanks(form: Form, consolidation: Consolidation) -> Iterator[Finding]:
    """H05, H06: cells left blank make a sum incomplete; a table that may stay blank asks for an answer only."""
    required = {table.id for table in form.tables if table.required}
    lacking: dict[tuple[str, str], list[FigureId]] = defaultdict(list)
    for lack in consolidation.incomplete:
        lacking["H05" if lack.figure.table in required else "H06", lack.unit].append(lack.figure)
    for (code, unit), figures in lacking.items():
        count, cells = str(len(figures)), _listed([_named(form, figure) for figure in figures])
        yield made(code, ON_SUM, "", unit, tuple(figures), key=f"{code}.{unit}", unit=unit, count=count, cells=cells)


def _named(form: Form, figure: FigureId) -> str:
    return f"{form.table(figure.table).name} {form.figures[figure].spoken}"


def _listed(names: Sequence[str]) -> str:
    return listed(names, _LISTED, "项")


def _resubmitted(rows: Sequence[RosterRow]) -> Iterator[Finding]:
    """H08: what was handed in after acceptance waits to be decided on."""
    for row in rows:
        if row.presence is Presence.IN and row.newer_round:
            name = row.unit.name
            newer, accepted = str(row.newer_round), str(row.round)
            yield made("H08", ON_SUM, label=name, key=f"H08.{name}", unit=name, round=newer, accepted=accepted)


def _dominant(form: Form, consolidation: Consolidation) -> Iterator[Finding]:
    """H09: one unit gives more than half of a figure that is not small."""
    if len(consolidation.shares) < _FEWEST_PEERS:
        return
    heavy: dict[str, list[FigureId]] = defaultdict(list)
    for figure, total in consolidation.filing.values.items():
        if total < _NOTABLE:
            continue
        place = consolidation.positions[figure]
        largest = max(consolidation.shares, key=lambda share: share.amounts[place] or _ZERO)
        if 2 * (largest.amounts[place] or _ZERO) > total:
            heavy[largest.unit.name].append(figure)
    for unit, figures in heavy.items():
        cells = _listed([_named(form, figure) for figure in figures])
        yield made("H09", ON_SUM, "", unit, tuple(figures), key=f"H09.{unit}", unit=unit, cells=cells)


def _silent(form: Form, consolidation: Consolidation) -> Iterator[Finding]:
    """H10: a unit's table is all 0 where most units of its type have something to say."""
    groups: dict[str | None, list[Share]] = defaultdict(list)
    for share in consolidation.shares:
        groups[share.unit.type].append(share)
    for kind, shares in groups.items():
        if kind is None or len(shares) <= _FEWEST_PEERS:
            continue
        silent: dict[str, list[str]] = defaultdict(list)
        for table in form.tables:
            places = [consolidation.positions[figure.id] for figure in form.figures_of(table.id)]
            quiet = [share.unit.name for share in shares if _all_zero(share, places)]
            if 2 * len(quiet) < len(shares):
                for name in quiet:
                    silent[name].append(table.name)
        for name, tables in silent.items():
            yield made("H10", ON_SUM, label=name, key=f"H10.{name}", unit=name, cells="、".join(tables), peers=kind)


def _all_zero(share: Share, places: Iterable[int]) -> bool:
    return all(share.amounts[place] == _ZERO for place in places)


def check_carried_over(
    form: Form,
    consolidation: Consolidation,
    before: Consolidation,
    heirs: Mapping[str, str],
    missing: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """H07: what units carried over from last year adds up to what last year's units left over.

    Which figures continue which is read from the form's rules (this year's == last year's). ``before``: last
    year's filings of all units in question; ``heirs``: last year's name → the unit that carries on for it, absent
    where nobody does. ``missing``: units without a last year (H11); while there are any, sums are not compared.
    """
    if missing:
        cells = _listed(missing)
        return (made("H11", ON_SUM, count=str(len(missing)), cells=cells),)
    found = (_carried(form, check, consolidation, before, heirs) for check in form.checks)
    return tuple(finding for finding in found if finding is not None)


def _carried(
    form: Form, check: Check, consolidation: Consolidation, before: Consolidation, heirs: Mapping[str, str]
) -> Finding | None:
    pair = continued(check)
    if pair is None:
        return None
    now, then = pair
    left = amounts(form, consolidation.filing).get(now)
    right = amounts(form, before.filing).get(then)
    if left is None or right is None or left == right:
        return None
    gaps = _gaps(consolidation.share(now), before.share(then), heirs)
    units = f"（{_listed(gaps)}）" if gaps else ""
    return made(
        "H07",
        *_place(form, form.figures[now]),
        (now, then),
        key=f"H07.{check.key}",
        now=form.figures[now].spoken,
        before=form.figures[then].spoken,
        left=plain(left),
        right=plain(right),
        gap=plain(abs(left - right)),
        units=units,
    )


def _gaps(now: Mapping[str, Decimal], then: Mapping[str, Decimal], heirs: Mapping[str, str]) -> list[str]:
    """Units whose numbers do not continue each other, and last year's units that nobody continues."""
    due: dict[str, Decimal] = defaultdict(Decimal)
    lost = []
    for name, value in then.items():
        if name in heirs:
            due[heirs[name]] += value
        elif value:
            lost.append(f"{name} 上年 {plain(value)}，今年没有单位承接")
    apart = [
        f"{name} {plain(now.get(name, _ZERO))}，上年 {plain(due[name])}"
        for name in dict.fromkeys([*now, *due])
        if now.get(name, _ZERO) != due[name]
    ]
    return apart + lost


def continued(check: Check) -> tuple[FigureId, FigureId] | None:
    """(this year's, last year's) where the check says that one figure continues another; None for other checks."""
    comparison = check.comparison
    if comparison.operator is not Operator.EQUAL or check.when is not None:
        return None
    match comparison.left, comparison.right:
        case Term(now, Source.CURRENT), Term(then, Source.PRIOR):
            return now, then
        case Term(then, Source.PRIOR), Term(now, Source.CURRENT):
            return now, then
    return None

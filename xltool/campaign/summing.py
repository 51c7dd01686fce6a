"""Adding up what is accepted, for the whole campaign or below one superior of the roster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xltool.campaign.adjusting import adjustments_from, adjustments_of
from xltool.campaign.deciding import ACCEPT, FREEZE
from xltool.campaign.explaining import levels_of
from xltool.campaign.home import Campaign
from xltool.campaign.records import accepted, counting
from xltool.campaign.roster import Change, Roster, RosterUnit
from xltool.check.filing import examine
from xltool.check.finding import Finding
from xltool.consolidate import (
    Consolidation,
    Contribution,
    Presence,
    RosterRow,
    check_carried_over,
    check_consolidation,
    consolidate,
)
from xltool.errors import CampaignTrouble
from xltool.filing import Filing, Unit
from xltool.form import Level


@dataclass(frozen=True)
class Sum:
    """A consolidation of a campaign, ready to be written.

    ``roster_rows``: every unit in question, in the roster's order. ``prior``: what the same units said last year,
    None where it is not known of all of them. ``findings``: group H, and the form's own errors in the figures as
    adjusted. ``draft_note``: "" where nobody is lacking.
    """

    consolidation: Consolidation
    roster_rows: tuple[RosterRow, ...]
    prior: Filing | None
    findings: tuple[Finding, ...]
    draft_note: str

    @property
    def lacking(self) -> tuple[RosterRow, ...]:
        return tuple(row for row in self.roster_rows if row.is_lacking)


@dataclass(frozen=True)
class _Standing:
    """A unit of the roster, its row, and the submission that is added up, None where there is none."""

    entry: RosterUnit
    row: RosterRow
    submission: int | None


def sum_up(campaign: Campaign, under: str | None = None, draft: bool = False) -> Sum:
    """The accepted filings of every unit that files, of all or of ``under`` and everything below it, as adjusted.

    CampaignTrouble names all units that are missing or not accepted at once; ``draft`` goes on without them. A
    draft takes the latest accepted round of a unit, even where a newer one waits. Filings are read one by one.
    """
    roster = campaign.roster()
    scope = _scope(roster, under)
    standings = _standings(campaign, scope)
    chosen = [standing for standing in standings if standing.submission is not None]
    lacking = [s for s in standings if s.row.is_lacking or s.row.newer_round]
    if lacking and not draft:
        raise CampaignTrouble(_refusal(lacking))
    if not chosen:
        raise CampaignTrouble("还没有一个单位审定，没有可以汇总的数。")
    # What a unit may do says nothing of those below it: the sum is of no type.
    unit = Unit(under or campaign.settings.office)
    adjustments = adjustments_of(campaign, None if under is None else {entry.name for entry in scope})
    consolidation = consolidate(campaign.form, unit, campaign.year, _accepted(campaign, chosen), adjustments)
    rows = tuple(standing.row for standing in standings)
    before, heirs, missing = _last_year(campaign, unit, standings)
    findings = (
        *check_consolidation(campaign.form, consolidation, rows),
        *_false_figures(campaign, consolidation),
        *check_carried_over(campaign.form, consolidation, before, heirs, missing),
    )
    prior = before.filing if before.shares and not missing else None
    return Sum(consolidation, rows, prior, findings, _draft_note(rows))


def _false_figures(campaign: Campaign, consolidation: Consolidation) -> Iterator[Finding]:
    """What no sum of accepted figures has, but adjustments may bring: a number below 0, a column out of balance."""
    if consolidation.adjustments:
        found = examine(campaign.form, consolidation.filing).findings
        levels = levels_of(campaign.store.decisions())
        ruled = (finding for finding in found if finding.figures and finding.code not in levels)
        yield from (finding for finding in ruled if finding.level is Level.ERROR)


def frozen_sum(campaign: Campaign) -> Consolidation:
    """The sum of exactly the rounds and corrections that the last freeze fixed; CampaignTrouble where there is none."""
    freezes = [decision for decision in campaign.store.decisions() if decision.action == FREEZE]
    if not freezes:
        raise CampaignTrouble("还没有定版。请先用 xltool freeze 定版。")
    fixed = freezes[-1].data
    filings = (campaign.store.filing(number) for number in fixed["submissions"])
    contributions = (Contribution(filing.unit, filing) for filing in filings)
    adjustments = adjustments_from(fixed.get("adjustments", ()))
    return consolidate(campaign.form, Unit(campaign.settings.office), campaign.year, contributions, adjustments)


def _scope(roster: Roster, under: str | None) -> tuple[RosterUnit, ...]:
    if under is None:
        return roster.units
    if under not in roster.by_name:
        raise CampaignTrouble(f"名册里没有“{under}”。请写名册上的全称。")
    return roster.under(under)


def _standings(campaign: Campaign, scope: Iterable[RosterUnit]) -> list[_Standing]:
    dates = {d.submission: d.at[:10] for d in campaign.store.decisions() if d.action == ACCEPT}
    return [_standing(campaign, entry, dates) for entry in scope]


def _standing(campaign: Campaign, entry: RosterUnit, dates: Mapping[int | None, str]) -> _Standing:
    row = RosterRow(entry.unit, Presence.NOT_DUE, entry.superior, remark=entry.change_said)
    if not entry.files:
        return _Standing(entry, row, None)
    rounds = campaign.store.standings(entry.name)
    newest, chosen = counting(rounds), accepted(rounds)
    if newest is None:
        return _Standing(entry, replace(row, presence=Presence.MISSING), None)
    if chosen is None:
        why = f"第 {newest.round} 次{newest.state}"
        return _Standing(entry, replace(row, presence=Presence.NOT_ACCEPTED, remark=why), None)
    newer = newest.round if newest is not chosen else 0
    date = dates.get(chosen.id, chosen.at[:10])
    row = replace(row, presence=Presence.IN, accepted_on=date, round=chosen.round, newer_round=newer)
    return _Standing(entry, row, chosen.id)


def _refusal(lacking: Sequence[_Standing]) -> str:
    """Every unit in the way, by what is the matter with it."""
    groups: dict[str, list[str]] = {}
    for standing in lacking:
        row = standing.row
        if row.presence is Presence.IN:
            said = f"{row.unit.name}（审定之后又交了第 {row.newer_round} 次）"
        else:
            said = row.unit.name + (f"（{row.remark}）" if row.presence is Presence.NOT_ACCEPTED else "")
        presence = Presence.NOT_ACCEPTED if row.presence is Presence.IN else row.presence
        groups.setdefault(presence, []).append(said)
    lines = [f"{presence} {len(names)} 个：{'、'.join(names)}" for presence, names in groups.items()]
    return "\n".join([f"还有 {len(lacking)} 个单位没有审定，不能汇总（要先看大概的数，请加 --draft）：", *lines])


def _accepted(campaign: Campaign, chosen: Iterable[_Standing]) -> Iterator[Contribution]:
    for standing in chosen:
        assert standing.submission is not None
        yield Contribution(standing.entry.unit, campaign.store.filing(standing.submission))


def _draft_note(rows: Sequence[RosterRow]) -> str:
    lacking = sum(row.is_lacking for row in rows)
    waiting = sum(bool(row.newer_round) for row in rows)
    due = sum(row.presence is not Presence.NOT_DUE for row in rows)
    said = [f"应报 {due} 个单位，还有 {lacking} 个没有审定"] if lacking else []
    said += [f"{waiting} 个单位审定之后又交了新的"] if waiting else []
    return f"草稿：{'，'.join(said)}，数字不全，不作定稿" if said else ""


def _last_year(
    campaign: Campaign, unit: Unit, standings: Sequence[_Standing]
) -> tuple[Consolidation, dict[str, str], list[str]]:
    """Last year's sum of the units in question, who carries on for whom, and units of which no last year is known.

    A figure that one of them left blank last year is not known of the sum.
    """
    heirs, needed = _heirs(standings)
    gone = {s.entry.name for s in standings if s.entry.change is Change.ABOLISHED}
    wanted = heirs.keys() | gone
    found: set[str] = set()

    def contributions() -> Iterator[Contribution]:
        for name, filing in campaign.store.each_seed():
            if name in wanted:
                found.add(name)
                yield Contribution(replace(filing.unit, name=name), filing)

    before = consolidate(campaign.form, unit, campaign.year - 1, contributions())
    known = {f: value for f, value in before.filing.values.items() if f not in before.incomplete_figures}
    before = replace(before, filing=replace(before.filing, values=known))
    missing = [name for name, formers in needed.items() if not formers <= found]
    return before, heirs, missing


def _heirs(standings: Sequence[_Standing]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Last year's name → this year's unit, of units that are in; and the names that each of those must have had."""
    heirs: dict[str, str] = {}
    needed: dict[str, set[str]] = {}
    present = {standing.entry.name for standing in standings if standing.submission is not None}
    for standing in standings:
        entry = standing.entry
        if entry.change is Change.FILED_BY and entry.filed_by in present:
            heirs.setdefault(entry.name, entry.filed_by)
        if entry.name not in present or entry.change is Change.NEW:
            continue
        formers = set(entry.predecessors) or {entry.name}
        needed[entry.name] = formers
        # A unit merged with others may have kept its name without being listed among them.
        heirs |= {name: entry.name for name in formers | ({entry.name} if entry.change is Change.MERGED else set())}
    return heirs, needed

"""What the office decides, with who, when and why, in a log that is only ever added to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xltool.campaign.adjusting import adjustments_data, adjustments_of
from xltool.campaign.explaining import EXPLAIN, SET_LEVEL, TRIAL, values_fingerprint
from xltool.campaign.home import Campaign
from xltool.campaign.records import State, Submission, counting
from xltool.campaign.refreshing import SAME_FIGURES, refresh_neighbours, refreshed, same_figures, state_of
from xltool.campaign.roster import Roster, RosterUnit
from xltool.campaign.rows import as_json
from xltool.check.finding import Finding
from xltool.errors import CampaignTrouble
from xltool.filing import to_json
from xltool.form import Level
from xltool.messages import MESSAGES, listed

ACCEPT, REJECT, TAKE_UP, FREEZE, CHANGE_ROSTER = "审定", "不予采用", "重新采用", "定版", "换名册"
_LISTED = 20


def latest_of(campaign: Campaign, unit: str) -> Submission:
    """The newest round of ``unit``; CampaignTrouble where it has not handed in or is not on the roster."""
    known = {entry.name: entry for entry in (campaign.store.entry(unit),) if entry is not None}
    newest = counting(campaign.store.submissions(unit))
    return _found(unit, known, {} if newest is None else {unit: newest})


def _found(unit: str, known: Mapping[str, RosterUnit], latest: Mapping[str, Submission]) -> Submission:
    if unit not in known:
        raise CampaignTrouble(f"名册里没有“{unit}”。请写名册上的全称。")
    if unit not in latest:
        raise CampaignTrouble(f"“{unit}”{known[unit].said_not_due or '还没有交'}。")
    return latest[unit]


def accept(campaign: Campaign, units: Sequence[str], note: str = "") -> list[str]:
    """Accept the newest round of each unit. An open 错误 blocks it, always; so does a 核实 nobody explained.

    CampaignTrouble names every unit that cannot be accepted, and then none is.
    """
    with campaign.store.transaction():
        latest, known = campaign.store.latest_standings(), campaign.roster().by_name
        chosen = [_found(unit, known, latest) for unit in dict.fromkeys(units)]
        blocked = [f"{s.unit}：{_why_not(s)}" for s in chosen if _why_not(s)]
        if blocked:
            raise CampaignTrouble("没有审定任何单位，下列单位还不能审定：\n" + "\n".join(blocked))
        for submission in chosen:
            if not submission.is_accepted:
                campaign.store.set_state(submission.id, State.ACCEPTED)
                _log(campaign, submission.unit, ACCEPT, submission.id, note, {"hash": submission.hash})
    return [submission.unit for submission in chosen]


def _why_not(submission: Submission) -> str:
    if submission.state == State.DOUBLE:
        return "有两份不同的文件，请先确认用哪一份"
    if submission.errors:
        return f"还有 {submission.errors} 处错误，必须改正"
    return f"还有 {submission.waiting} 处核实没有说明" if submission.waiting else ""


def acceptable(campaign: Campaign) -> list[str]:
    """Units whose newest round has nothing open and is not accepted yet."""
    latest = campaign.store.latest_standings()
    return [
        unit.name
        for unit in campaign.roster()
        if unit.name in latest and not _why_not(latest[unit.name]) and not latest[unit.name].is_accepted
    ]


def explain(campaign: Campaign, unit: str, key: str, text: str) -> Submission:
    """Record an explanation for ``key`` (or all open findings of a code); gives the round as it stands now."""
    if not text.strip():
        raise CampaignTrouble("说明不能是空的，请写明原因。")
    with campaign.store.transaction():
        submission = latest_of(campaign, unit)
        filing = campaign.store.filing(submission.id)
        for finding in _explicable(submission, key):
            said = {"key": finding.key, "values": values_fingerprint(filing, finding)}
            _log(campaign, unit, EXPLAIN, submission.id, text.strip(), said)
        return refreshed(campaign, submission, submission.findings)


def _explicable(submission: Submission, key: str) -> list[Finding]:
    """Open 核实 of this key or code; CampaignTrouble where there is none."""
    matching = [finding for finding in submission.findings if key in (finding.key, finding.code) and finding.is_open]
    chosen = [finding for finding in matching if finding.level is Level.VERIFY]
    if not chosen:
        why = "是“错误”，必须改正，不能说明" if matching else "没有这一条待说明的核实"
        raise CampaignTrouble(f"“{submission.unit}”的 {key} {why}。xltool history {submission.unit} 列出现在的问题。")
    return chosen


def reject(campaign: Campaign, unit: str, note: str) -> Submission:
    """Put the newest round aside; the one before it counts again."""
    if not note.strip():
        raise CampaignTrouble("请用 --note 写明不予采用的原因。")
    store = campaign.store
    with store.transaction():
        submission = latest_of(campaign, unit)
        store.set_state(submission.id, State.REJECTED)
        _log(campaign, unit, REJECT, submission.id, note.strip(), {"hash": submission.hash})
        rivals = [s for s in store.submissions(unit) if s.state == State.DOUBLE]
        if submission.state == State.DOUBLE and len(rivals) == 1:  # of two files the other one is left
            store.set_state(rivals[0].id, state_of(rivals[0].errors, rivals[0].waiting))
        refresh_neighbours(campaign, unit, {submission.figures})
    return submission


def take_up_again(campaign: Campaign, unit: str, note: str, round_number: int | None = None) -> Submission:
    """Undo ``reject``: the newest round that was put aside, or the one named, counts again; how it stands now.

    CampaignTrouble where there is none, or where a newer round counts: that one would have to be put aside first.
    """
    if not note.strip():
        raise CampaignTrouble("请用 --note 写明为什么重新采用。")
    store = campaign.store
    with store.transaction():
        if store.entry(unit) is None:
            raise CampaignTrouble(f"名册里没有“{unit}”。请写名册上的全称。")
        rounds = store.submissions(unit)
        aside = [s for s in rounds if s.state == State.REJECTED and round_number in (None, s.round)]
        if not aside:
            which = "" if round_number is None else f"第 {round_number} 次"
            raise CampaignTrouble(f"“{unit}”没有不予采用的{which or '报送'}，不用恢复。")
        chosen, newest = aside[-1], counting(rounds)
        if newest is not None and newest.round > chosen.round:
            said = f"“{unit}”现在采用的是第 {newest.round} 次交的，比第 {chosen.round} 次新，没有恢复。"
            raise CampaignTrouble(f"{said}要改用第 {chosen.round} 次的，请先用 xltool reject 不予采用较新的。")
        _log(campaign, unit, TAKE_UP, chosen.id, note.strip(), {"hash": chosen.hash, "round": chosen.round})
        own = [finding for finding in chosen.findings if finding.code != SAME_FIGURES]
        beside = same_figures(store, unit, chosen.figures)
        taken = refreshed(campaign, replace(chosen, state=State.CLEAN), [*own, *beside])
        refresh_neighbours(campaign, unit, {chosen.figures})
    return taken


def replace_roster(campaign: Campaign, roster: Roster) -> None:
    """Use ``roster`` from now on; what was taken in stays, the log says who changed it."""
    with campaign.store.transaction():
        campaign.store.put_roster(roster)
        _log(campaign, "", CHANGE_ROSTER, None, "", {"units": len(roster.units)})


def set_level(campaign: Campaign, code: str, level: str, reason: str) -> None:
    """From now on findings of ``code`` have ``level`` in this campaign; ``check_again`` applies it to what is in."""
    known = {rule.code for rule in campaign.form.rules} | set(MESSAGES)
    if code not in known:
        raise CampaignTrouble(f"没有编号“{code}”的核对。xltool rules 列出全部编号。")
    if level not in (*Level, TRIAL):
        raise CampaignTrouble(f"级别“{level}”应为 {'、'.join((*Level, TRIAL))} 之一。")
    if not reason.strip():
        raise CampaignTrouble("请用 --reason 写明为什么改级别。")
    _log(campaign, "", SET_LEVEL, None, reason.strip(), {"code": code, "level": level})


@dataclass(frozen=True)
class Freeze:
    """A data set fixed for publication; ``is_again``: another was before."""

    hash: str
    at: str
    units: int
    reason: str
    is_again: bool = False


def freeze(campaign: Campaign, reason: str = "") -> Freeze:
    """Fix the accepted data set and the corrections of its sum; the first needs no reason, every later one does.

    CampaignTrouble while a unit is missing or not accepted, and where nothing has changed since the last.
    """
    with campaign.store.transaction():  # a round that is accepted meanwhile is in all of it, or in nothing
        return _freeze(campaign, reason.strip())


def _freeze(campaign: Campaign, reason: str) -> Freeze:
    latest = campaign.store.latest_standings()
    due = [unit.name for unit in campaign.roster() if unit.files]
    lacking = [name for name in due if name not in latest or not latest[name].is_accepted]
    if lacking:
        raise CampaignTrouble(f"还有 {len(lacking)} 个单位没有审定，不能定版：{listed(lacking, _LISTED)}")
    adjustments = adjustments_data(adjustments_of(campaign))
    digest = hashlib.sha256()
    for name in sorted(due):
        digest.update(to_json(campaign.store.filing(latest[name].id)).encode())
    for adjustment in adjustments:
        digest.update(as_json(adjustment).encode())
    fixed = digest.hexdigest()
    earlier = [d for d in campaign.store.decisions() if d.action == FREEZE]
    if earlier and earlier[-1].data["hash"] == fixed:
        raise CampaignTrouble(f"数据与 {earlier[-1].at[:10]} 定版时相同，不用再定版。")
    if earlier and not reason:
        raise CampaignTrouble("数据在定版后有改动。再次定版请用 --reason 写明原因。")
    submissions = [latest[name].id for name in due]
    said = {"hash": fixed, "units": len(due), "submissions": submissions, "adjustments": adjustments}
    return Freeze(fixed, _log(campaign, "", FREEZE, None, reason, said), len(due), reason, bool(earlier))


def _log(
    campaign: Campaign, unit: str, action: str, submission: int | None, note: str, data: Mapping[str, object]
) -> str:
    """Gives the time under which it stands in the log."""
    at = campaign.stamp()
    campaign.store.decide(at, campaign.who, unit, action, submission, note, data)
    return at

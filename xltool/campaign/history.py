"""What happened with a unit: rounds, decisions, and what changed from one round to the next."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xltool.campaign.home import Campaign
from xltool.campaign.records import Decision, Submission, counting
from xltool.campaign.seeding import seed_of
from xltool.check.judge import amounts
from xltool.errors import CampaignTrouble
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Form
from xltool.workbook.identity import is_form_number


@dataclass(frozen=True)
class History:
    """All rounds and decisions of a unit, oldest first."""

    unit: str
    rounds: tuple[Submission, ...]
    decisions: tuple[Decision, ...]

    @property
    def counting(self) -> Submission | None:
        """The newest round that was not put aside."""
        return counting(self.rounds)


@dataclass(frozen=True)
class Difference:
    """One figure or text that is not the same; "" is blank."""

    what: str
    before: str
    after: str


_NUMBER = re.compile(r"[0-9A-Z]+-\d{4}-[0-9A-Z]+-[0-9A-Z]")


def unit_named(campaign: Campaign, said: str) -> str:
    """The unit that ``said`` stands for: its name, or the number of a workbook that was handed out to it.

    CampaignTrouble for a number that was read out or copied wrongly, or is of no workbook of this campaign.
    """
    number = unicodedata.normalize("NFKC", said).strip().upper()
    if not _NUMBER.fullmatch(number):
        return said
    if not is_form_number(number):
        raise CampaignTrouble(f"表单编号“{number}”不对：校验字符不符，有一个字念错或者抄错了。请再核对一遍。")
    # Marked copies have numbers of their own, which stand in the log.
    marked = (decision.unit for decision in campaign.store.decisions() if decision.data.get("number") == number)
    unit = campaign.store.unit_of_number(number) or next(marked, None)
    if unit is None:
        raise CampaignTrouble(f"表单编号“{number}”写得没有错，但不是本次任务下发的。请核对年份和任务。")
    return unit


def history_of(campaign: Campaign, unit: str) -> History:
    """CampaignTrouble where the roster does not have ``unit``."""
    if unit not in campaign.roster().by_name:
        raise CampaignTrouble(f"名册里没有“{unit}”。请写名册上的全称。")
    store = campaign.store
    own = tuple(decision for decision in store.decisions(unit) if decision.unit)
    return History(unit, tuple(store.submissions(unit)), own)


def differences_of_rounds(campaign: Campaign, unit: str, pair: tuple[int, int] | None = None) -> list[Difference]:
    """What changed from the first round of ``pair`` to the second; of the last two where no pair is given."""
    rounds = {s.round: s for s in history_of(campaign, unit).rounds}
    if pair is None and len(rounds) < 2:
        said = campaign.roster().by_name[unit].said_not_due or f"只交过 {len(rounds)} 次"
        raise CampaignTrouble(f"“{unit}”{said}，没有可以比较的两次。")
    first, second = pair or sorted(rounds)[-2:]
    for number in (first, second):
        if number not in rounds:
            raise CampaignTrouble(f"“{unit}”没有第 {number} 次，交过 {len(rounds)} 次。")
    store = campaign.store
    return differences(campaign.form, store.filing(rounds[first].id), store.filing(rounds[second].id))


def differences_of_years(campaign: Campaign, unit: str) -> list[Difference]:
    """What changed from last year's figures to the newest round."""
    newest = history_of(campaign, unit).counting
    entry = campaign.roster().by_name[unit]
    if newest is None:
        raise CampaignTrouble(f"“{unit}”{entry.said_not_due or '还没有交'}。")
    prior = seed_of(campaign.form, entry, campaign.year, campaign.store.seeds())
    if prior is None:
        raise CampaignTrouble(f"没有“{unit}”的上年数据。")
    return differences(campaign.form, prior, campaign.store.filing(newest.id), texts=False)


def differences(form: Form, before: Filing, after: Filing, texts: bool = True) -> list[Difference]:
    """Figures (totals included) and texts that differ, in the form's order."""
    old, new = amounts(form, before), amounts(form, after)
    found = [
        Difference(f"{form.table(f.id.table).name} {f.spoken}", _shown(old, f.id), _shown(new, f.id))
        for f in form.figures.values()
        if old.get(f.id) != new.get(f.id)
    ]
    if texts:
        names = {part.id: f"{s.heading} {part.title}" for s in form.sections for part in s.parts}
        names |= {field.id: f"封面 {field.label}" for field in form.cover}
        for text_id, name in names.items():
            was, now = before.texts.get(text_id, ""), after.texts.get(text_id, "")
            if was != now:
                found.append(Difference(name, was, now))
    return found


def _shown(known: Mapping[FigureId, Decimal], figure: FigureId) -> str:
    value = known.get(figure)
    return "" if value is None else plain(value)

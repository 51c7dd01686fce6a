"""Published reports and data, in whatever format, held against what was accepted this year and last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from xltool.campaign.history import Difference, differences
from xltool.campaign.home import Campaign
from xltool.campaign.lastunits import KnownNames, Match, match
from xltool.campaign.lastyear import others_in, own_data
from xltool.campaign.names import bare
from xltool.campaign.published import Published, as_of, read_published
from xltool.errors import CampaignTrouble, FileRefused
from xltool.filing import Filing
from xltool.intake import has_counterparts, last_year_as


@dataclass(frozen=True)
class HeldReport:
    """One report that was compared. ``left_out``: figures of it that are doubtful or were not found."""

    file: str
    unit: str
    year: int
    differences: tuple[Difference, ...]
    left_out: int = 0


@dataclass
class Held:
    """What was compared; ``doubts`` are sentences about what was not."""

    reports: list[HeldReport] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def held_against(
    campaign: Campaign,
    folder: Path,
    confirmed: Mapping[str, Match] | None = None,
    watch: Callable[[str], None] | None = None,
) -> Held:
    """Every report in ``folder`` of this year or last; what it is held against is never changed.

    ``confirmed``: the office's answers about whose a report of last year is. CampaignTrouble where there is nothing.
    """
    if not folder.exists():
        raise CampaignTrouble(f"{folder} 不存在。请写明放着公布的报告的文件夹。")
    desk = _Desk(campaign, confirmed or {})
    others: list[str] = []
    for file, filing in own_data(folder, others):
        if isinstance(filing, str):
            desk.held.doubts.append(f"{file}：{filing}")
        else:
            desk.hold(Published(file, filing.unit.name, filing.year, filing), is_whole=True)
    for published in read_published(others_in(folder, others), campaign.form, watch):
        desk.hold(published)
    if not desk.held.reports and not desk.held.doubts:
        raise CampaignTrouble(f"{folder} 里没有文件。请写明放着公布的报告的文件夹。")
    return desk.held


class _Desk:
    def __init__(self, campaign: Campaign, confirmed: Mapping[str, Match]) -> None:
        self._campaign, self._confirmed = campaign, confirmed
        self._names = KnownNames(campaign.roster())
        self._seeds = campaign.store.seeds()
        self._latest = campaign.store.latest_standings()
        self._by_bare = {bare(unit.name): unit.name for unit in campaign.roster()}
        self.held = Held()

    def hold(self, published: Published, is_whole: bool = False) -> None:
        """Compare one. ``is_whole``: it is data of ours, in which a blank is a blank."""
        try:
            self.held.reports.append(self._compared(published, is_whole))
        except FileRefused as refused:
            self.held.doubts.append(f"{published.file}：{refused.sentence}")

    def _compared(self, published: Published, is_whole: bool) -> HeldReport:
        year = published.year or self._campaign.year - 1
        filing = self._of_this_form(published)
        if year == self._campaign.year:
            unit, known = self._accepted(published.unit)
        elif year == self._campaign.year - 1:
            unit, known = self._of_last_year(published, is_whole)
        else:
            due = self._campaign.year
            raise FileRefused(f"是 {year} 年的，只核对 {due - 1} 年和 {due} 年的，没有核对")
        found = differences(self._campaign.form, known, replace(filing, unit=known.unit, year=year), texts=False)
        shown = tuple(one for one in found if is_whole or one.after)
        return HeldReport(published.file, unit, year, shown, published.doubtful + published.missing)

    def _of_this_form(self, published: Published) -> Filing:
        form = self._campaign.form
        if published.filing is None:
            raise FileRefused(published.refused)
        if not has_counterparts(form, published.filing):
            raise FileRefused(f"是“{published.filing.form}”的，本任务用的是“{form.id}”，没有核对")
        return last_year_as(form, as_of(published, published.unit, published.year))[0]

    def _accepted(self, name: str) -> tuple[str, Filing]:
        """What was accepted of the unit with this very name."""
        unit = self._by_bare.get(bare(name))
        if unit is None:
            raise FileRefused(f"写的是“{name}”，名册里没有这个单位，没有核对")
        standing = self._latest.get(unit)
        if standing is None or not standing.is_accepted:
            raise FileRefused(f"“{unit}”今年的还没有审定，没有核对")
        return unit, self._campaign.store.filing(standing.id)

    def _of_last_year(self, published: Published, is_whole: bool) -> tuple[str, Filing]:
        named = self._names.exact(published.unit) if is_whole else None
        earlier = self._confirmed.get(published.file)
        unit = named or match(published, self._names, self._campaign.year - 1, earlier)
        if isinstance(unit, Match):
            raise FileRefused(f"{unit.said.removeprefix(unit.file).strip()}，要确认是哪个单位、哪一年的才核对")
        known = self._seeds.get(unit)
        if known is None:
            raise FileRefused(f"没有“{unit}”的上年数据，没有核对")
        return unit, known

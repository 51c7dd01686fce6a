"""Last year's published reports put together by unit: what is sure and certain is taken, the rest is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from xltool.campaign.lastunits import NO, KnownNames, Match, match
from xltool.campaign.published import Published, as_of
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Form
from xltool.intake import has_counterparts, last_year_as
from xltool.messages import listed

_LISTED = 6


@dataclass
class Reports:
    """The reports of ``year``, added one by one. ``confirmed``: the office's answers by file.

    ``taken``: units whose figures are known from better sources. ``filings``: by the units' names of then.
    """

    form: Form
    year: int
    names: KnownNames
    confirmed: Mapping[str, Match]
    taken: frozenset[str] = frozenset()
    filings: dict[str, Filing] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    _contested: dict[str, set[FigureId]] = field(default_factory=dict)

    def add(self, published: Published) -> None:
        """Take one in, or say why not."""
        try:
            self._add(published)
        except FileRefused as refused:
            self.doubts.append(f"{published.file}：{refused.sentence}")

    def _add(self, published: Published) -> None:
        filing = published.filing
        if filing is None:
            raise FileRefused(published.refused)
        if published.year not in (0, self.year):
            raise FileRefused(f"是 {published.year} 年的，应为 {self.year} 年的，没有采用")
        if not has_counterparts(self.form, filing):
            raise FileRefused(f"是“{filing.form}”的，应为“{self.form.id}”的，没有采用")
        become, told = last_year_as(self.form, filing)
        published = replace(published, filing=become, doubts=(*(one.said for one in told), *published.doubts))
        unit = match(published, self.names, self.year, self.confirmed.get(published.file))
        if isinstance(unit, Match):
            self.matches.append(unit)
            said = "已说明不是，没有采用" if unit.confirmed == NO else "要确认后才采用"
            self.doubts.append(f"{unit.said}，{said}")
            return
        if unit in self.taken:
            raise FileRefused(f"“{unit}”已有一份，没有采用这一份")
        self._take(published, unit)

    def _take(self, published: Published, unit: str) -> None:
        filing = as_of(published, unit, self.year)
        before = self.filings.get(unit)
        self.filings[unit] = filing if before is None else self._both(published.file, unit, before, filing)
        counts = ((published.doubtful, "存疑"), (published.missing, "没有读到"))
        unsure = "".join(f"，{word} {count}" for count, word in counts if count)
        self.read.append(f"{published.file}  {unit}：有把握的数 {published.sure}{unsure}")
        told = published.doubts[:_LISTED]
        more = len(published.doubts) - len(told)
        self.doubts += [f"{unit}：{doubt}" for doubt in told] + ([f"{unit}：还有 {more} 条"] if more else [])

    def _both(self, file: str, unit: str, one: Filing, other: Filing) -> Filing:
        """Two reports of a unit: where they contradict each other, nothing is known."""
        differing = [f for f, value in other.values.items() if one.values.get(f, value) != value]
        if differing:
            spoken = listed([self.form.figures[figure].spoken for figure in differing], _LISTED, "个数")
            self.doubts.append(f"{file}：与“{unit}”的另一份不同，不同的数没有采用：{spoken}")
        contested = self._contested.setdefault(unit, set())
        contested.update(differing)
        values = {f: value for f, value in {**one.values, **other.values}.items() if f not in contested}
        # A total that they state differently is known as little as its parts.
        contested.update(f for f, value in other.stated.items() if one.stated.get(f, value) != value)
        stated = {f: value for f, value in {**other.stated, **one.stated}.items() if f not in contested}
        return replace(one, values=values, texts={**other.texts, **one.texts}, stated=stated)

"""The plan: which unit hands in what, in which round, how, with which mistakes, and what must be found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from xltool.county.sources import PLAN, YEAR, folder, form, last_filings, prior_of, roster, true_filings
from xltool.figure import FigureId
from xltool.files import file_name, read_text
from xltool.filing import Filing, Unit

ROUNDS = (1, 2, 3)
LIBREOFFICE = "libreoffice"
LAST_YEAR = "last year"
"""In ``workbook_of`` and ``figures_of``: the unit's own of the year before."""


@dataclass(frozen=True)
class Damage:
    """What a unit does besides filling in right; all empty where it does nothing.

    ``figures``: other numbers, None for a cell left blank.
    ``dates``: dates typed as 2025-3-15, of which programs make day numbers.
    ``typed``, ``pasted``: texts in number cells, as into the input line or as text.
    ``formulas``: formulas in number cells, with their results.
    ``overwrite``: totals typed over. ``stale``: what figures were when totals were last calculated.
    ``seeded``: last year's figures changed on the hidden sheet.
    ``repeat``: texts pasted so many times. ``declare``: what stands in 本表空白格均为 0, by table.
    ``labels``, ``notes``: by sheet; other words for a label, words into a cell outside the form.
    ``insert_row``, ``delete_row``: by sheet, above or at a row of the form.
    ``content_of``, ``workbook_of``: whose; ``figures_of``: LAST_YEAR; ``save_as``: see ``substitutes``.
    """

    figures: Mapping[FigureId, Decimal | None] = field(default_factory=dict)
    dates: Mapping[FigureId, str] = field(default_factory=dict)
    typed: Mapping[FigureId, str] = field(default_factory=dict)
    pasted: Mapping[FigureId, str] = field(default_factory=dict)
    formulas: Mapping[FigureId, tuple[str, Decimal | str]] = field(default_factory=dict)
    overwrite: Mapping[FigureId, Decimal] = field(default_factory=dict)
    seeded: Mapping[FigureId, Decimal] = field(default_factory=dict)
    stale: Mapping[FigureId, Decimal] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    repeat: Mapping[str, int] = field(default_factory=dict)
    declare: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    extra_sheet: Mapping[str, str] = field(default_factory=dict)
    rename_sheet: Mapping[str, str] = field(default_factory=dict)
    delete_sheet: tuple[str, ...] = ()
    insert_row: Mapping[str, str] = field(default_factory=dict)
    delete_row: Mapping[str, str] = field(default_factory=dict)
    content_of: str = ""
    workbook_of: str = ""
    figures_of: str = ""
    save_as: str = ""


@dataclass(frozen=True)
class Mistake:
    """One planted mistake: its name in Chinese, the keys of the findings it must give, words of a refusal."""

    kind: str
    findings: tuple[str, ...]
    says: str = ""


@dataclass(frozen=True)
class HandIn:
    """One file of one unit in one round.

    ``file``: its path in the round's folder, ``!`` before what is inside a zip.
    ``by``: the program it is filled in with.
    ``campaign``: what only the campaign can see (copy, unchanged, same content, two at once, the one to use,
    other year, other unit's workbook, not on the roster); ``other``: the other unit concerned.
    """

    round: int
    unit: str
    file: str
    by: str
    mistakes: tuple[Mistake, ...] = ()
    damage: Damage = Damage()
    campaign: str = ""
    other: str = ""

    @property
    def findings(self) -> tuple[str, ...]:
        """Every finding that must be made, and no other."""
        return tuple(key for mistake in self.mistakes for key in mistake.findings)

    @property
    def original(self) -> HandIn:
        """The hand-in whose very file this is: an earlier one where the same file is sent again."""
        if self.campaign not in ("copy", "the one to use"):
            return self
        return next(h for h in hand_ins() if h.unit == self.unit and h.damage == self.damage)

    @property
    def owner(self) -> Unit:
        """Whose workbook it is."""
        if self.damage.workbook_of not in ("", LAST_YEAR):
            return roster().by_name[self.damage.workbook_of].unit
        listed = roster().by_name.get(self.unit)
        return listed.unit if listed is not None else Unit(self.unit, None, "事业单位")

    @property
    def year(self) -> int:
        return YEAR - 1 if self.damage.workbook_of == LAST_YEAR else YEAR

    @property
    def prior(self) -> Filing | None:
        """Last year's figures as they stand in the workbook that was handed out."""
        known = self.year == YEAR and self.owner.name in roster().by_name
        return prior_of(self.owner.name) if known else None

    @property
    def filing(self) -> Filing:
        """What stands in the workbook; number cells with a text or a formula in them are left out."""
        damage, said = self.damage, self._meant
        texts = {**said.texts, **damage.texts}
        texts |= {part: texts[part] * times for part, times in damage.repeat.items()}
        return replace(
            said,
            unit=self.owner,
            values=self._numbers(said),
            texts={part: text for part, text in texts.items() if text},
            zero_declared=said.zero_declared - set(damage.declare),
        )

    @property
    def _meant(self) -> Filing:
        """Whose report it is, before anything goes wrong in it."""
        if self.damage.workbook_of == LAST_YEAR:
            return last_filings()[self.unit]
        said = true_filings()[self.damage.content_of or self.unit]
        if self.damage.figures_of != LAST_YEAR:
            return said
        before = last_filings()[self.unit]
        return replace(said, values=before.values, zero_declared=before.zero_declared)

    def _numbers(self, said: Filing) -> dict[FigureId, Decimal]:
        damage = self.damage
        changed = {**damage.figures, **{figure: _day_number(day) for figure, day in damage.dates.items()}}
        without = {*changed, *damage.typed, *damage.pasted, *damage.formulas}
        kept = {figure: value for figure, value in said.values.items() if figure not in without}
        return kept | {figure: value for figure, value in changed.items() if value is not None}


def _day_number(day: str) -> Decimal:
    year, month, number = map(int, day.split("-"))
    return Decimal((date(year, month, number) - date(1899, 12, 30)).days)


@lru_cache(maxsize=1)
def hand_ins() -> tuple[HandIn, ...]:
    """Everything that is handed in, in the order of rounds, then of the plan, then of the roster."""
    plan = json.loads(read_text(folder() / PLAN), parse_float=Decimal)
    programs = {unit: program for program, units in plan["programs"].items() for unit in units}
    found = [_hand_in(data, programs) for data in plan["hand_ins"]]
    for number, units in plan["corrected"].items():
        found += [_right(int(number), unit, programs) for unit in units]
    planned = {hand_in.unit for hand_in in found if hand_in.round == 1}
    for unit in roster():
        if unit.files and unit.name not in planned:
            found.append(_right(plan["late"].get(unit.name, 1), unit.name, programs))
    return tuple(sorted(found, key=lambda hand_in: hand_in.round))


@lru_cache(maxsize=1)
def noise_files() -> Mapping[int, tuple[str, ...]]:
    """Files that programs leave behind, by round; paths as in ``HandIn.file``."""
    plan = json.loads(read_text(folder() / PLAN))
    return {int(number): tuple(paths) for number, paths in plan["noise"].items()}


def issued_name(unit: str) -> str:
    """The file name under which the unit's workbook is handed out."""
    order = roster().by_name[unit].order
    return f"{order:03d}_{file_name(f'{unit}_{YEAR}年{form().short_title}填报表')}.xlsx"


def _right(number: int, unit: str, programs: Mapping[str, str]) -> HandIn:
    return HandIn(number, unit, f"交表/{issued_name(unit)}", programs.get(unit, LIBREOFFICE))


def _hand_in(data: dict[str, Any], programs: Mapping[str, str]) -> HandIn:
    done: dict[str, Any] = {}
    for mistake in data["mistakes"]:
        for key, value in mistake.get("do", {}).items():
            done[key] = {**done[key], **value} if key in done else value
    return HandIn(
        round=data["round"],
        unit=data["unit"],
        file=data.get("file") or f"交表/{issued_name(data['unit'])}",
        by=programs.get(data["unit"], LIBREOFFICE),
        mistakes=tuple(Mistake(m["kind"], tuple(m["findings"]), m.get("says", "")) for m in data["mistakes"]),
        damage=_damage(done),
        campaign=data.get("campaign", ""),
        other=data.get("with", ""),
    )


_BY_FIGURE = ("figures", "dates", "typed", "pasted", "formulas", "overwrite", "seeded", "stale")
_NUMBERS = ("figures", "overwrite", "seeded", "stale")


def _damage(done: dict[str, Any]) -> Damage:
    typed: dict[str, Any] = {
        key: dict(_by_figure(key, value)) if key in _BY_FIGURE else value for key, value in done.items()
    }
    return Damage(**typed)


def _by_figure(key: str, said: dict[str, Any]) -> Iterator[tuple[FigureId, Any]]:
    for name, value in said.items():
        if key in _NUMBERS and value is not None:
            yield FigureId.parse(name), Decimal(value)
        elif key == "formulas":
            formula, result = value
            yield FigureId.parse(name), (formula, result if isinstance(result, str) else Decimal(result))
        else:
            yield FigureId.parse(name), value

"""Many blanks at the price of one: the workbook is drawn once per form and year, then only filled.

The skeleton is a rendering in which every value that can differ between units is a sentinel. Each ZIP member is
cut at its sentinels; filling a unit's values in means joining the pieces and compressing the member again, and
only where a value differs from an unseeded blank: all other members are copied still compressed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from xltool import rawzip
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.workbook.identity import Identity
from xltool.workbook.layout import Computed, Stamp, make_layout
from xltool.workbook.snapshot import Value, take_snapshot
from xltool.workbook.writer import draw
from xltool.xmltext import escape

# Private-use characters: in no label, and in nothing a unit is called.
_OPEN, _CLOSE = "\ue000", "\ue001"
_NUMBER_BASE = 900_000_000_000_000
"""Numeric sentinels count up from here; 15 digits, so that they pass through a double unchanged."""
_FORMULA_CELL = re.compile(
    rf'<c r="(?P<r>[A-Z]+\d+)"(?P<s> s="\d+")? t="str"><f>(?P<f>[^<]*)</f><v>{_OPEN}(?P<key>\d+){_CLOSE}</v></c>'
)
_NUMBER_CELL = re.compile(
    r'<c r="(?P<r>[A-Z]+\d+)"(?P<s> s="\d+")?>(?:<f>(?P<f>[^<]*)</f>)?<v>(?P<n>900\d{12})</v></c>'
)
_KEPT = 8
_TEXT = re.compile(rf"{_OPEN}(\d+){_CLOSE}")


@dataclass(frozen=True)
class _Slot:
    """A place in a member: a text, or a cell whose XML depends on what kind of value it holds."""

    key: str
    head: str = ""
    formula: str = ""

    def xml(self, value: Value) -> str:
        if not self.head:
            return escape(str(value))
        if isinstance(value, str):
            if not self.formula:
                return f"{self.head}/>"
            return f'{self.head} t="str">{self.formula}<v>{escape(value)}</v></c>'
        if isinstance(value, bool):
            return f'{self.head} t="b">{self.formula}<v>{int(value)}</v></c>'
        number = _result(value) if self.formula else f"{float(value):.16G}"
        return f"{self.head}>{self.formula}<v>{number}</v></c>"


@dataclass(frozen=True)
class Member:
    """One ZIP member of an unseeded blank, and the places in it where units differ."""

    name: str
    slots: tuple[_Slot, ...]
    blank: rawzip.RawMember
    blank_text: str
    blank_values: tuple[Value, ...]
    spans: tuple[tuple[int, int], ...]
    """Where each slot's value stands in the blank text."""
    kept: dict[tuple[Value, ...], rawzip.RawMember] = field(default_factory=dict)
    """The last fillings: units of one type without last year's figures share most of their workbook."""

    def filled(self, values: Mapping[str, Value]) -> rawzip.RawMember:
        """The member with ``values``, compressed."""
        chosen = tuple(values[slot.key] for slot in self.slots)
        if chosen == self.blank_values:
            return self.blank
        if chosen not in self.kept:
            if len(self.kept) >= _KEPT:
                self.kept.clear()
            # The lightest compression: four times as fast, the file an eighth larger.
            self.kept[chosen] = rawzip.pack(self._joined(chosen).encode(), level=1)
        return self.kept[chosen]

    def text(self, values: Mapping[str, Value]) -> str:
        """The member's XML with ``values``."""
        return self._joined(tuple(values[slot.key] for slot in self.slots))

    def _joined(self, chosen: tuple[Value, ...]) -> str:
        parts, end = [], 0
        same = zip(self.slots, chosen, self.blank_values, self.spans, strict=True)
        for slot, value, blank, (start, stop) in same:
            if value != blank:
                parts.append(self.blank_text[end:start])
                parts.append(slot.xml(value))
                end = stop
        parts.append(self.blank_text[end:])
        return "".join(parts)


@dataclass(frozen=True)
class BlankSkeleton:
    """The workbook of one form and year, with or without last year's figures, ready to be filled."""

    form: Form
    year: int
    has_prior: bool
    members: tuple[Member | tuple[str, rawzip.RawMember], ...]

    def fill(self, unit: Unit, prior: Filing | None = None, issue: int = 1) -> bytes:
        """The unit's blank workbook; part by part what ``write_workbook`` would draw."""
        values = take_snapshot(self.form, Filing(self.form.id, unit, self.year), prior, issue).values
        return rawzip.write(
            member if isinstance(member, tuple) else (member.name, member.filled(values)) for member in self.members
        )


@lru_cache(maxsize=8)
def make_blank_skeleton(form: Form, year: int, has_prior: bool) -> BlankSkeleton:
    """Draw the skeleton: as slow as drawing one workbook; drawn once, then kept."""
    layout = make_layout(form, year, has_prior)
    unit = Unit("无")
    prior = Filing(form.id, unit, year - 1) if has_prior else None
    plain = take_snapshot(form, Filing(form.id, unit, year), prior, 1)
    keys = sorted({cell.key for cell in layout.cells() if isinstance(cell, Computed | Stamp)} | {"title"})
    sentinels = {key: sentinel_of(index, key) for index, key in enumerate(keys)}
    identity = Identity(form.id, form.digest, Unit(str(sentinels["unit.name"])), year, 1, str(sentinels["number"]), "")
    drawn = draw(layout, identity, sentinels)
    members = tuple(cut(name, text, keys, plain.values) for name, text in drawn.items())
    return BlankSkeleton(form, year, has_prior, members)


def sentinel_of(index: int, key: str) -> Value:
    """What stands in the skeleton where the value of ``key``, the ``index``-th, will stand."""
    # Stamps that hold numbers are written as numbers, all else as text.
    numeric = key == "issue" or key.startswith(("prior.", "power.", "input."))
    return Decimal(_NUMBER_BASE + index) if numeric else f"{_OPEN}{index}{_CLOSE}"


def cut(name: str, text: str, keys: list[str], plain: Mapping[str, Value]) -> Member | tuple[str, rawzip.RawMember]:
    """A part cut at its sentinels; ``plain``: the values of a blank. As it is, compressed, where it has none."""
    slots: list[_Slot] = []
    pieces: list[str] = []
    end = 0
    for match in sorted(_matches(text), key=lambda m: m.start()):
        if match.start() < end:
            continue  # the sentinel inside a formula cell that is already a slot
        pieces.append(text[end : match.start()])
        slots.append(_slot(match, keys))
        end = match.end()
    if not slots:
        return name, rawzip.pack(text.encode())
    pieces.append(text[end:])
    values = tuple(plain[slot.key] for slot in slots)
    xml = [slot.xml(value) for slot, value in zip(slots, values, strict=True)]
    spans, text_end = [], 0
    for piece, part in zip(pieces, xml, strict=False):
        start = text_end + len(piece)
        text_end = start + len(part)
        spans.append((start, text_end))
    blank = "".join(piece + part for piece, part in zip(pieces, [*xml, ""], strict=True))
    return Member(name, tuple(slots), rawzip.pack(blank.encode()), blank, values, tuple(spans))


def _matches(text: str) -> list[re.Match[str]]:
    return [match for pattern in (_FORMULA_CELL, _NUMBER_CELL, _TEXT) for match in pattern.finditer(text)]


def _slot(match: re.Match[str], keys: list[str]) -> _Slot:
    groups = match.groupdict()
    if not groups:
        return _Slot(keys[int(match[1])])
    head = f'<c r="{groups["r"]}"{groups["s"] or ""}'
    formula = f"<f>{groups['f']}</f>" if groups["f"] is not None else ""
    index = int(groups["n"]) - _NUMBER_BASE if "n" in groups else int(groups["key"])
    return _Slot(keys[index], head, formula)


def _result(value: Decimal) -> str:
    """As xlsxwriter writes the result of a formula; constants it writes with 16 digits."""
    return f"{int(value)}" if value == value.to_integral_value() else repr(float(value))


def blank_workbook(form: Form, unit: Unit, year: int, prior: Filing | None = None, issue: int = 1) -> bytes:
    """One unit's blank workbook; the skeleton is drawn at the first call for a form and year, then kept."""
    has_prior = prior is not None and prior.has_figures
    return make_blank_skeleton(form, year, has_prior).fill(unit, prior, issue)

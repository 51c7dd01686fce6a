"""Where a number belongs in a form, and what kind of number it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import NamedTuple


class FigureId(NamedTuple):
    """Address of one figure in the form, ``t3.r1.natural``; ids follow the official numbering."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.row}.{self.column}"

    @classmethod
    def parse(cls, text: str) -> FigureId:
        """Read ``table.row.column``; ValueError where it is anything else."""
        parts = text.split(".")
        if len(parts) != 3 or not all(parts):
            raise ValueError(f"not a figure id: {text!r}")
        return cls(*parts)


@dataclass(frozen=True)
class KindTraits:
    """What a kind of number means everywhere: its unit, its decimal places, how it is shown and asked for."""

    key: str
    unit: str
    places: int
    expectation: str
    excel_format: str
    signed: bool = False


class Kind(Enum):
    """The kinds of numbers that forms ask for; the key is what a definition writes under ``kind:``."""

    # The formats show decimals a person typed by mistake: plain "0" would display 2.5 as 3.
    COUNT = KindTraits("count", "件", 0, "不小于 0 的整数", "0.######;-0.######;0;@")
    MONEY = KindTraits("万元", "万元", 6, "以万元为单位、不小于 0 的数，最多 6 位小数", "0.######;-0.######;0;@")
    YUAN = KindTraits("元", "元", 2, "以元为单位、不小于 0 的数，最多 2 位小数", "0.##;-0.##;0;@")
    CHANGE = KindTraits("增减", "件", 0, "整数（增加的填正数，减少的填负数）", "0.######;-0.######;0;@", signed=True)

    @property
    def unit(self) -> str:
        return self.value.unit

    @property
    def places(self) -> int:
        return self.value.places

    @property
    def expectation(self) -> str:
        return self.value.expectation

    @property
    def excel_format(self) -> str:
        return self.value.excel_format

    @property
    def signed(self) -> bool:
        """Whether a figure of this kind may be below 0."""
        return self.value.signed

    def accepts(self, value: Decimal) -> bool:
        """Whether ``value`` is a possible figure of this kind: its sign, not too many digits or decimals."""
        size = abs(value) if self.signed else value
        return 0 <= size < LARGEST and value == round(value, self.places)


LARGEST = Decimal(10) ** 15
"""Spreadsheet programs keep 15 digits: what has more was never counted."""


def plain(value: Decimal) -> str:
    """The number as an official writes it: no exponent, no trailing zeros, no grouping."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text

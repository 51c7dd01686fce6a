"""Numbers as they stand in running text: 3,646件, 十二件, 1.2万件, 三十万元, 1.05%; and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from xltool.narrative.spelling import YEAR_IN_CHARACTERS, year_of
from xltool.numerals import chinese_number


class Sort(Enum):
    """What a number in a text is."""

    COUNT = auto()
    PERCENT = auto()
    DATE = auto()
    OTHER = auto()  # a document's number, an article of a law, a range: never compared


class Amount(NamedTuple):
    """One number with its unit, at ``start`` to ``end`` of the text.

    ``value``: money in 元, percentages as they are said (1.05). ``step``: the last place that was said, in the same
    unit: 1.2万 has a step of 1000. ``more``: 余 or 多 stands behind the digits.
    ``year``: of a date; ``whole``: the date is a whole year, or its end.
    """

    sort: Sort
    start: int
    end: int
    value: Decimal = Decimal(0)
    step: Decimal = Decimal(1)
    unit: str = ""
    more: bool = False
    year: int | None = None
    whole: bool = True

    def says(self, true: Decimal) -> bool:
        """Whether ``true`` is what was said, rounded or cut off to the places that were said."""
        if self.value == true:
            return True
        if self.step == 1 and not self.may_be_rounded:
            return False
        return self.value in (self._to_step(true, ROUND_HALF_UP), self._to_step(true, ROUND_FLOOR))

    @property
    def is_money(self) -> bool:
        return self.unit.endswith("元")

    @property
    def may_be_rounded(self) -> bool:
        """Whether even a whole number of it may be a rounded one: 3万元, 12%."""
        return self.is_money or self.sort is Sort.PERCENT

    @property
    def grain(self) -> Decimal:
        """The place of the last digit that is not 0: 10 for 40, 100 for 3500; how exact a round number is meant."""
        if not self.value:
            return self.step
        return Decimal(10) ** (int(self.value.normalize().as_tuple().exponent))

    def _to_step(self, true: Decimal, rounding: str) -> Decimal:
        sign = -1 if true < 0 else 1
        return sign * (abs(true) / self.step).to_integral_value(rounding) * self.step


_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMERAL = "[零〇一二三四五六七八九十百千两壹贰叁肆伍陆柒捌玖拾佰仟]+"
_HAN = f"(?:{_NUMERAL}[万亿])*{_NUMERAL}(?:点[零一二三四五六七八九]+)?"
_MONTHS = r"(?P<month>\d{1,2})月(?:份|底|末)?(?:\d{1,2}日)?(?:起|止)?"
_THROUGH = r"(?:[至到—~-]+(?:\d{4}年)?(?P<last>\d{1,2})月(?:份|底|末)?(?:\d{1,2}日)?(?:止)?)?"
_YEAR = f"(?P<year>[0-9]{{4}}|{YEAR_IN_CHARACTERS})"
_LAST_DAY = ("12月31日", "12月底", "12月末")
_SCALES = {"": 1, "万": 10_000, "亿": 100_000_000}


@lru_cache(maxsize=8)
def _pattern(units: tuple[str, ...]) -> re.Pattern[str]:
    """What numbers look like, with these words for units. Most special first: a date is no count."""
    unit = "|".join(sorted(units, key=len, reverse=True))
    return re.compile(
        r"(?P<paper>[〔\[(（]\d{4}[〕\])）]第?\d+号|\d+号|第[\d零〇一二三四五六七八九十百]+)"
        rf"|(?P<years>\d{{4}}年?[—~至到-]+)?{_YEAR}年(?:度(?!结转))?(?:以来|{_MONTHS}{_THROUGH})?"
        r"|(?P<part>\d{1,2}(?:[—~至到-]\d{1,2})?)月(?:份|底|末)?(?:\d{1,2}日)?(?:[至到—~-]+\d{1,2}月(?:\d{1,2}日)?)?"
        rf"|(?P<percent>{_DIGITS})(?P<sign>%|个百分点)|百分之(?P<hundredth>{_HAN}|{_DIGITS})"
        rf"|(?P<range>(?:{_DIGITS})[^\d，。；、]?[—~至到-]+(?:{_DIGITS}))"
        rf"|(?:(?P<digits>{_DIGITS})|(?P<han>{_HAN}))(?P<more>[余多来几])?(?P<scale>[万亿])?(?P<more2>[余多来几])?"
        rf"(?P<unit>{unit})?(?!工作日|月|百分点)"
    )


def amounts(text: str, units: Iterable[str]) -> Iterator[Amount]:
    """Every number in ``text``, which has no spaces and no full-width digits, in order."""
    for match in _pattern(tuple(units)).finditer(text):
        found = _amount(match)
        if found is not None:
            yield found


def _amount(match: re.Match[str]) -> Amount | None:
    start, end = match.span()
    if match["year"]:
        return _date(match)
    if match["part"]:
        return Amount(Sort.DATE, start, end, whole=match[0] in _LAST_DAY)
    if match["paper"] or match["range"] or match["sign"] == "个百分点":
        return Amount(Sort.OTHER, start, end)
    if match["percent"] or match["hundredth"]:
        return _percent(match)
    return _count(match)


def _date(match: re.Match[str]) -> Amount:
    start, end = match.span()
    if match["years"]:
        return Amount(Sort.DATE, start, end, whole=False)
    year = year_of(match["year"])
    until = match["last"] or match["month"]
    from_start = not match["last"] or match["month"] == "1"
    return Amount(Sort.DATE, start, end, year=year, whole=until in (None, "12") and from_start)


def _percent(match: re.Match[str]) -> Amount | None:
    said = (match["percent"] or match["hundredth"]).replace(",", "")
    value = Decimal(said) if said.isascii() else chinese_number("一百" if said == "百" else said)
    if value is None:
        return None
    return Amount(Sort.PERCENT, *match.span(), value, _last_place(said if said.isascii() else value), "%")


def _count(match: re.Match[str]) -> Amount | None:
    digits, scale, unit = match["digits"], match["scale"] or "", match["unit"] or ""
    said = digits.replace(",", "") if digits else match["han"]
    # 一 and 三 stand in all kinds of words: numerals are a number only with a unit behind them.
    value = Decimal(said) if digits else chinese_number(said) if unit else None
    if value is None:
        return None
    step = _last_place(said if digits else value) * _SCALES[scale]
    more = bool(match["more"] or match["more2"])
    return Amount(Sort.COUNT, *match.span(), value * _SCALES[scale], step, unit, more)


def _last_place(said: str | Decimal) -> Decimal:
    """1.05 → 0.01; 100 → 1."""
    return Decimal(1).scaleb(min(0, int(Decimal(said).as_tuple().exponent)))

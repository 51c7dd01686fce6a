"""Numbers in running text: what they are worth, and what only looks like a number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from xltool.narrative.claims.amounts import Amount, Sort, amounts

UNITS = ("件次", "件", "宗", "个", "次", "元")


def read(text: str) -> list[Amount]:
    return list(amounts(text, UNITS))


COUNTS = [
    ("收到12件", "12", "件"),
    ("收到3,646件", "3646", "件"),
    ("收到12件次", "12", "件次"),
    ("收到十二件", "12", "件"),
    ("收到一百零三件", "103", "件"),
    ("收到柒件", "7", "件"),
    ("1.2万件", "12000", "件"),
    ("157.3万件", "1573000", "件"),
    ("三十万元", "300000", "元"),
    ("三万八千五百元", "38500", "元"),
    ("3.85万元", "38500", "元"),
    ("7.27亿元", "727000000", "元"),
    ("40余件", "40", "件"),
    ("4万余件", "40000", "件"),
    ("12", "12", ""),
]


@pytest.mark.parametrize(("text", "value", "unit"), COUNTS)
def test_counts(text: str, value: str, unit: str) -> None:
    """Digits, grouping, Chinese numerals, 万 and 亿, with the unit behind; money in 元."""
    (found,) = read(text)
    assert (found.sort, found.value, found.unit) == (Sort.COUNT, Decimal(value), unit)
    assert found.more == ("余" in text)


PERCENTAGES = [("1.05%", "1.05"), ("100%", "100"), ("百分之九十五", "95"), ("百分之百", "100"), ("百分之3.5", "3.5")]


@pytest.mark.parametrize(("text", "value"), PERCENTAGES)
def test_percentages(text: str, value: str) -> None:
    """In signs and in words."""
    (found,) = read(text)
    assert (found.sort, found.value) == (Sort.PERCENT, Decimal(value))


NO_COUNTS = [
    "国办公开办函〔2021〕30号",
    "国务院令第711号",
    "第二十条",
    "第3次",
    "提高1.2个百分点",
    "3至5件",
    "3-5件",
    "0527-84368000",
    "一是",
    "三公经费",
    "统一",
]


@pytest.mark.parametrize("text", NO_COUNTS)
def test_what_is_no_count(text: str) -> None:
    """Numbers of documents and articles, ranges, telephones, numerals inside words."""
    assert [found for found in read(text) if found.sort is not Sort.OTHER] == []


DATES = [
    ("2024年", 2024, True),
    ("2024年度", 2024, True),
    ("二〇二四年", 2024, True),
    ("2024年1月1日至12月31日", 2024, True),
    ("2024年1月1日起至2024年12月31日止", 2024, True),
    ("截至2024年12月31日", 2024, True),
    ("12月31日", None, True),
    ("2024年6月底", 2024, False),
    ("2024年1月至6月", 2024, False),
    ("1-6月", None, False),
    ("2022-2024年", None, False),
]


@pytest.mark.parametrize(("text", "year", "whole"), DATES)
def test_dates(text: str, year: int | None, whole: bool) -> None:
    """A year is whole, or only a part of it is spoken of."""
    (found,) = read(text)
    assert (found.sort, found.year, found.whole) == (Sort.DATE, year, whole)


ROUNDED = [
    ("1.05%", "1.0549", True),
    ("1.05%", "1.0599", True),  # cut off
    ("1.05%", "1.0812", False),
    ("95%", "95.45", True),
    ("96%", "95.45", False),
    ("3.9万元", "38500", True),
    ("3.85万元", "38500", True),
    ("3.85万元", "385000000", False),
    ("157.3万件", "1573179", True),
    ("43件", "43", True),
    ("43件", "44", False),
]


@pytest.mark.parametrize(("text", "true", "says"), ROUNDED)
def test_rounding_to_what_was_said(text: str, true: str, says: bool) -> None:
    """To the places that were said, rounded or cut off; a count is exact."""
    (found,) = read(text)
    assert found.says(Decimal(true)) is says


def test_the_grain_of_a_round_number() -> None:
    """The place of the last digit that is not 0."""
    assert [int(read(f"{number}件")[0].grain) for number in (40, 43, 3500, 100)] == [10, 1, 100, 100]

"""What people type into a number cell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.numerals import NumberRead, Oddity, chinese, chinese_number, exact, read_number

F, S, G, T, U, C = Oddity

ACCEPTED: list[tuple[str, str, tuple[Oddity, ...]]] = [
    ("12", "12", (T,)),
    ("0", "0", (T,)),
    ("12.50", "12.5", (T,)),
    ("1200", "1200", (T,)),
    ("+5", "5", (T,)),
    ("-5", "-5", (T,)),
    ("-0", "0", (T,)),
    ("007", "7", (T,)),
    ("－5", "-5", (F,)),
    ("１２", "12", (F,)),
    ("１２．５", "12.5", (F,)),
    (" 12 ", "12", (S,)),
    ("12\n", "12", (S,)),
    ("1 234", "1234", (S,)),
    ("1\u00a0234", "1234", (S,)),
    ("\u300012\u3000", "12", (S,)),
    ("１ ２", "12", (F, S)),
    ("1,234", "1234", (G,)),
    ("11,398,889", "11398889", (G,)),
    ("1,234.50", "1234.5", (G,)),
    ("1，234", "1234", (F, G)),
    ("1, 234", "1234", (S, G)),
    ("1,234件", "1234", (G, U)),
    ("12件", "12", (U,)),
    ("12 件", "12", (S, U)),
    ("12条", "12", (U,)),
    ("12个", "12", (U,)),
    ("12项", "12", (U,)),
    ("12次", "12", (U,)),
    ("12宗", "12", (U,)),
    ("72701.2578万元", "72701.2578", (U,)),
    ("1.2万元", "1.2", (U,)),
    ("十二", "12", (C,)),
    ("十二件", "12", (U, C)),
    ("一件", "1", (U, C)),
    ("零", "0", (C,)),
    ("〇", "0", (C,)),
    ("三十万", "300000", (C,)),
    ("三十万元", "30", (U, C)),
    ("壹拾贰", "12", (C,)),
]


@pytest.mark.parametrize(("text", "value", "oddities"), ACCEPTED)
def test_accepted_and_told(text: str, value: str, oddities: tuple[Oddity, ...]) -> None:
    """A text that can mean one number only is read, and what was odd about it is named."""
    read = read_number(text)
    assert read == NumberRead(Decimal(value), oddities, None)
    assert str(read.value) == value


LIKELY: list[tuple[str, str | None]] = [
    ("无", "0"),
    (" 无 ", "0"),
    ("无。", "0"),
    ("没有", "0"),
    ("空", "0"),
    ("-", "0"),
    ("－", "0"),
    ("—", "0"),
    ("——", "0"),
    ("/", "0"),
    ("／", "0"),
    ("\\", "0"),
    ("O", "0"),
    ("1.2万", "12000"),
    ("1.2 万", "12000"),
    ("3千件", "3000"),
    ("1亿", "100000000"),
    ("22（其中修订16件）", "22"),
    ("22件（其中修订16件）", "22"),
    ("55(含自然失效29件)", "55"),
    ("22件，其中修订16件", "22"),
    ("22其中修订16", "22"),
    ("约20", "20"),
    ("约20件", "20"),
    ("20左右", "20"),
    ("20余件", "20"),
    ("近二十件", "20"),
    ("共12件", "12"),
    ("12人次", "12"),
    ("'12", "12"),
    ("12.", "12"),
    (".5", "0.5"),
    ("1,23", None),
    ("1,2345", None),
    ("0,123", None),
    ("12元", None),
    ("2,230元", None),
    ("一", None),
    ("若干", None),
    ("零星", None),
    ("2024-1-3", None),
    ("2024/1/3", None),
    ("2024年1月3日", None),
    ("1月3日", None),
    ("TRUE", None),
    ("5%", None),
    ("10-20", None),
    ("12\n34", None),
    ("1.2.3", None),
    ("=1+1", None),
    ("#REF!", None),
    ("一百三", None),
    ("", None),
    ("   ", None),
    ("（12）", None),
    ("9" * 500, None),
]


@pytest.mark.parametrize(("text", "likely"), LIKELY)
def test_not_accepted_but_perhaps_understood(text: str, likely: str | None) -> None:
    """What needs a guess is never taken as the value; the guess is offered, or none is made."""
    expected = None if likely is None else Decimal(likely)
    assert read_number(text) == NumberRead(None, (), expected)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("九十九", "99"),
        ("一百", "100"),
        ("一百零三", "103"),
        ("一百一十", "110"),
        ("一百一十五", "115"),
        ("一百十五", "115"),
        ("一千零一十", "1010"),
        ("一千零一", "1001"),
        ("两千", "2000"),
        ("两千零二十四", "2024"),
        ("二〇二一", "2021"),
        ("二○二一", "2021"),
        ("一二三", "123"),
        ("一万二千", "12000"),
        ("三十万", "300000"),
        ("三十万零五百", "300500"),
        ("一百五十七万三千一百七十九", "1573179"),
        ("一亿零三十万", "100300000"),
        ("壹拾贰", "12"),
        ("叁佰肆拾伍", "345"),
        ("一点五", "1.5"),
        ("十二点三五", "12.35"),
        ("零点五〇", "0.5"),
        ("负五", "-5"),
        ("负零", "0"),
    ],
)
def test_chinese_numbers(text: str, value: str) -> None:
    """Plain and capital Chinese numerals, spelled by place or digit by digit."""
    assert str(chinese_number(text)) == value


@pytest.mark.parametrize("text", ["", "12", "甲", "万", "百", "一百三", "一万二", "点五", "一点", "十十", "负"])
def test_not_chinese_numbers(text: str) -> None:
    """What is ambiguous in speech or no numeral is not read."""
    assert chinese_number(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("72701.257799999992", "72701.2578"),
        ("0.30000000000000004", "0.3"),
        ("1573179.0000000002", "1573179"),
        ("123456789012345678", "123456789012345680"),
        ("59237.244899999998", "59237.2449"),
        ("3.0", "3"),
        ("1E3", "1000"),
        ("1e+3", "1000"),
        ("1.5E-2", "0.015"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("-12", "-12"),
        ("11398889", "11398889"),
        ("100", "100"),
        (".5", "0.5"),
        ("5.", "5"),
    ],
)
def test_exact_decimal_of_a_stored_double(text: str, value: str) -> None:
    """A stored double is read as the decimal that was typed, without binary noise or exponent."""
    assert str(exact(text)) == value


@pytest.mark.parametrize("text", ["", " 1", "nan", "-Infinity", "1e999", "1_000", "１２", "0x10", "1,000"])
def test_exact_refuses_what_is_no_number(text: str) -> None:
    """Only finite numbers in XML notation are numbers."""
    with pytest.raises(ValueError):
        exact(text)


@given(st.text() | st.text(alphabet="0123456789.,，-－ 十百千万亿零一二三点元件约（）无１２", max_size=12))
def test_reading_never_raises(text: str) -> None:
    """Any text has a reading, and an accepted value is finite and carries an oddity to tell."""
    read = read_number(text)
    if read.value is not None:
        assert read.value.is_finite()
        assert read.oddities
        assert read.likely is None
    else:
        assert read.oddities == ()
        assert read.likely is None or read.likely.is_finite()


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_integers_read_back(number: int) -> None:
    """A whole number's own text, plain or grouped by thousands, means that number."""
    assert read_number(str(number)).value == number
    assert read_number(f"{number:,}").value == number
    assert exact(str(number)) == Decimal(int(Decimal(repr(float(number)))))


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1), st.integers(min_value=0, max_value=20))
def test_what_was_typed_comes_back(digits: int, places: int) -> None:
    """Any decimal of up to 15 digits survives its way through a stored double of 17 digits."""
    typed = Decimal(digits).scaleb(-places)
    assert exact(f"{float(typed):.17g}") == typed


def _spell(number: int) -> str:
    """The usual spelling of a whole number below 10^12, written independently of the reader."""
    if number < 10:
        return "零一二三四五六七八九"[number]
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            head, rest = divmod(number, size)
            gap = "零" if rest and rest < size // 10 else ""
            return _spell(head) + unit + (gap + _spell(rest) if rest else "")
    raise AssertionError(number)


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_spelling_reads_back(number: int) -> None:
    """Every whole number below 10^12 in its usual spelling is read as itself."""
    assert chinese_number(_spell(number)) == number


def test_numerals_are_read_as_they_are_written() -> None:
    """Headings are numbered 一 to 九十九, and every number comes back as it was."""
    assert [chinese(n) for n in (1, 10, 11, 20, 35, 99)] == ["一", "十", "十一", "二十", "三十五", "九十九"]
    assert [chinese_number(chinese(n)) for n in range(1, 100)] == list(range(1, 100))

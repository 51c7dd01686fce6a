"""What people type into a number cell: which text is a number, what was odd about it, what it likely meant.

A reading is *accepted* (``value``) only when the text can mean one number and nothing else; whatever needs a
guess is left to the person who typed it, with the guess offered as ``likely``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Oddity(StrEnum):
    """Why an accepted text is worth a word to the unit: a program that adds up cells would skip it."""

    FULL_WIDTH = "full_width"  # １２
    SPACES = "spaces"  # 1 234
    GROUPING = "grouping"  # 1,234
    TEXT_NUMBER = "text_number"  # 12, but stored as text
    UNIT_SUFFIX = "unit_suffix"  # 12件
    CHINESE = "chinese"  # 十二


@dataclass(frozen=True)
class NumberRead:
    """``value``: accepted; ``oddities``: what was odd about it; ``likely``: the guess to offer instead."""

    value: Decimal | None
    oddities: tuple[Oddity, ...]
    likely: Decimal | None


# Longer text is prose that landed in the wrong cell.
_LONGEST = 60
_NARROW = str.maketrans("０１２３４５６７８９．，＋－−﹣／＼", "0123456789.,+---/\\")
_SPACE = re.compile(r"[ \t\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff]+")
_XML_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SUFFIX = re.compile(r"(?<=.)(?:万元|[件条个项次宗])$")

_NOTHING = frozenset({
    "无", "没有", "没", "未有", "暂无", "空", "空白", "未发生", "没有发生", "无此项", "无数据", "无内容",
    "/", "//", "\\", "*", "※", "×", "x", "○", "o", "none", "nil", "n/a", "na",
})  # fmt: skip
_DASHES = re.compile(r"[-‐‑‒–—―─━－_~～ー]+")
_APPROXIMATE = re.compile(
    "^(?:大约|大概|约为|约|将近|接近|近|总共|一共|共计|合计|总计|共)|(?:左右|余|多|以上|以下|上下)$"
)
_REMARK = re.compile(r"([^（(\[【〔{]+?)(?:[（(\[【〔{]|[,;:；：、。]?(?:其中|含|包括|包含))")
_SCALED = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)([十百千万亿])")
_SCALE = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_LOOSE = re.compile(r"['’‘]?([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:人次|件次|[人份起例篇部家笔])?")


def read_number(text: str) -> NumberRead:
    """The number that ``text`` states; never raises, whatever the text."""
    if len(text) > _LONGEST:
        return NumberRead(None, (), None)
    value, oddities = _accepted(text)
    if value is not None:
        return NumberRead(value, oddities, None)
    return NumberRead(None, (), _likely(text))


def chinese_number(text: str) -> Decimal | None:
    """The number written in Chinese numerals, plain or capital (十二, 壹拾贰, 二〇二一, 一点五), or None.

    一百三, which means 130 in speech and 103 to a careless typist, is not read.
    """
    if len(text) > _LONGEST:
        return None
    spelled = text.translate(_SPELLING)
    negative = spelled.startswith("负")
    whole, point, fraction = spelled.removeprefix("负").partition("点")
    value = _chinese_whole(whole)
    if value is None or (point and not _DIGITS_ONLY.fullmatch(fraction)):
        return None
    number = Decimal(f"{value}.{_figures(fraction)}") if point else Decimal(value)
    return _tidy(-number if negative else number)


def chinese(number: int) -> str:
    """十二, 三十五: a number from 1 to 99 as headings are numbered."""
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return ten + (_DIGITS[ones] if ones else "")


def exact(text: str) -> Decimal:
    """The decimal a stored floating-point number stands for: 72701.2578 for ``72701.257799999992``.

    A fraction keeps the 15 significant digits that Excel and WPS keep and show; what lies beyond is noise of
    the binary number, as in 0.1 + 0.2. A whole number is kept as it is. ValueError for what is not a finite
    number in XML notation.
    """
    if not _XML_NUMBER.fullmatch(text):
        raise ValueError(f"not a number: {text[:40]!r}")
    if len(text) <= 15 and text.isdecimal():
        return Decimal(text)
    double = float(text)
    if not math.isfinite(double):
        raise ValueError(f"not finite: {text[:40]!r}")
    return _tidy(Decimal(repr(double) if double.is_integer() else f"{double:.15g}"))


def _accepted(text: str) -> tuple[Decimal | None, tuple[Oddity, ...]]:
    """The number that needs no guessing, with what was odd about how it was typed."""
    oddities = []
    narrow = text.translate(_NARROW)
    if narrow != text:
        oddities.append(Oddity.FULL_WIDTH)
    tight = _SPACE.sub("", narrow.strip())
    if tight != narrow:
        oddities.append(Oddity.SPACES)
    stem = _SUFFIX.sub("", tight)
    if stem != tight:
        oddities.append(Oddity.UNIT_SUFFIX)
    if _PLAIN.fullmatch(stem):
        return _tidy(Decimal(stem)), tuple(oddities) or (Oddity.TEXT_NUMBER,)
    if _GROUPED.fullmatch(stem):
        return _tidy(Decimal(stem.replace(",", ""))), _in_order(oddities, Oddity.GROUPING)
    # A lone 一 is as often a dash that the input method turned into a character.
    value = None if tight in {"一", "○"} else chinese_number(stem)
    return (None, ()) if value is None else (value, _in_order(oddities, Oddity.CHINESE))


def _in_order(oddities: list[Oddity], last: Oddity) -> tuple[Oddity, ...]:
    return tuple(oddity for oddity in Oddity if oddity is last or oddity in oddities)


def _likely(text: str) -> Decimal | None:
    """The number that was probably meant, for a person to confirm."""
    tight = _SPACE.sub("", text.translate(_NARROW).strip()).rstrip("。.;；,、")
    bare = _SUFFIX.sub("", tight).lower()
    if bare in _NOTHING or _DASHES.fullmatch(bare):
        return Decimal(0)
    remark = _REMARK.match(tight)
    stem = _APPROXIMATE.sub("", _SUFFIX.sub("", remark.group(1) if remark else tight))
    if stem == "一":
        return None
    scaled = _SCALED.fullmatch(stem)
    if scaled:
        return _tidy(Decimal(scaled.group(1)) * _SCALE[scaled.group(2)])
    loose = _LOOSE.fullmatch(stem)
    return _tidy(Decimal(loose.group(1))) if loose else _accepted(stem)[0]


def _tidy(number: Decimal) -> Decimal:
    """Without trailing zeros, an exponent or a negative zero; no digit is ever rounded away."""
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return Decimal(0) if plain == "-0" else Decimal(plain)


_SPELLING = str.maketrans(
    "〇○零壹弌贰貳弍叁參叄弎肆伍陆陸柒捌玖两兩拾佰仟萬億負點",
    "零零零一一二二二三三三三四五六六七八九二二十百千万亿负点",
)
_DIGITS = "零一二三四五六七八九"
_DIGITS_ONLY = re.compile(f"[{_DIGITS}]+")
# Up to 9999. A last digit must follow 零 or 十 or stand alone: 一百三 is 130 when spoken.
_SECTION = (
    "(?:[一二三四五六七八九]千)?(?:零?[一二三四五六七八九]百)?"
    "(?:零?[一二三四五六七八九]?十)?(?:零?(?<![千百万亿])[一二三四五六七八九])?"
)
_WHOLE = re.compile(f"(?:({_SECTION})亿)?(?:零?({_SECTION})万)?({_SECTION})")
_DIGIT_AND_UNIT = re.compile("([一二三四五六七八九]?)([千百十]?)")


def _chinese_whole(spelled: str) -> int | None:
    if _DIGITS_ONLY.fullmatch(spelled):
        return int(_figures(spelled))
    found = _WHOLE.fullmatch(spelled)
    if not spelled or not found or "" in found.groups()[:2]:
        return None
    hundred_millions, ten_thousands, rest = (_section(part or "") for part in found.groups())
    return hundred_millions * 100_000_000 + ten_thousands * 10_000 + rest


def _section(spelled: str) -> int:
    pairs = _DIGIT_AND_UNIT.findall(spelled)
    units = {"": 1, "十": 10, "百": 100, "千": 1_000}
    return sum((_DIGITS.index(digit) if digit else 1) * units[unit] for digit, unit in pairs if digit or unit)


def _figures(spelled: str) -> str:
    return "".join(str(_DIGITS.index(char)) for char in spelled)

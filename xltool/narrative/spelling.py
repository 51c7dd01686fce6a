"""How digits, years and the numbers of paragraphs are spelled in running text."""

from __future__ import annotations

import re

from xltool.numerals import chinese_number

WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
NUMBERED = r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]"
"""What numbers a paragraph or a heading: （一） 1. 三、"""
YEAR_IN_CHARACTERS = "[一二][零〇○九][零〇○一二三四五六七八九]{2}"
_YEAR = re.compile(rf"{YEAR_IN_CHARACTERS}(?=年)")


def year_of(said: str) -> int:
    """The year written in digits or in characters: 2021, 二〇二一."""
    return int(said if said.isdecimal() else chinese_number(said) or 0)


def even(text: str) -> str:
    """``text``, character by character, with digits and years in one spelling: ２０２４年, 二〇二四年 → 2024年."""
    return _YEAR.sub(lambda year: str(year_of(year[0])), text.translate(WIDE))

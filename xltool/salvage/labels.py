"""Labels as people print them: the numbering apart from the words, what programs and people vary taken out.

"（三） 不予 公开"  →  3, "不予公开"          "1、属于国家秘密" and "1.属于国家秘密"  →  1, "属于国家秘密"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache

from xltool.form import Label
from xltool.numerals import chinese_number

_SPACE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff\u00ad]+")
_CIRCLED = {code: f"({code - 0x245F})" for code in range(0x2460, 0x2474)}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_NUMBER = rf"[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}|[{_STEMS}]"
_NUMBERING = re.compile(rf"(?:第?\(({_NUMBER})\)[、.,:]?|第?({_NUMBER})(?:[、,:)]|\.(?!\d)|(?<=[0-9])\.(?=\d)))")
_REMARK = re.compile(r"(?<=.)[(\[【〔〈<][^()\[\]【】〔〕〈〉<>]*[)\]】〕〉>]")
_UNIT = re.compile(r"(?:单位|[(\[【〔])[::]?\s*([十百千万亿]*)(美元|元|件|条|个|项|次|宗|户|人)")
_TOTALS = frozenset({"总计", "合计", "共计", "总数"})
"""What people call a total; where a form calls two lines so, neither is found by another's name."""
_LEAST_FUZZY = 4
"""Shorter words differ too much by one character."""
_ALIKE, _ALIKE_NUMBERED, _MARGIN = 0.8, 0.7, 0.15
_LENGTHENED = 0.3
"""What is longer or shorter by more is two labels in one, or half of one."""
_NEVER = 1.1
_LONGEST = 240


class Likeness(IntEnum):
    """How a printed label stands to one of the form, from nothing to the same."""

    NONE = 0
    OTHER_NUMBER = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Said:
    """A label taken apart. ``number``: its numbering, None where it has none; ``bracketed``: written （一）.

    ``words``: letters, 汉字 and digits alone; ``core``: the same without remarks in brackets; ``whole``: with the
    numbering. ``unit``: the measure that it names (万元, 元, 件), "" for none.
    """

    number: int | None
    words: str
    core: str
    whole: str
    unit: str
    bracketed: bool = False


_NOTHING = Said(None, "", "", "", "")


def said(text: str) -> Said:
    """Take ``text`` apart; what is longer than any label gives nothing."""
    return _taken_apart(text) if len(text) <= _LONGEST else _NOTHING


@lru_cache(maxsize=20_000)
def _taken_apart(text: str) -> Said:
    tight = tightened(text)
    found = _NUMBERING.match(tight)
    rest = tight[found.end() :] if found else tight
    if not _letters(rest):
        found, rest = None, tight
    number = _ordinal(next(filter(None, found.groups()))) if found else None
    unit = _UNIT.search(tight)
    return Said(
        number,
        _letters(rest),
        _letters(_REMARK.sub("", rest)) or _letters(rest),
        _letters(tight),
        "".join(unit.groups()) if unit else "",
        bool(found and found.group(1)),
    )


def tightened(text: str) -> str:
    """Without spaces and line ends, in half width."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text.translate(_CIRCLED)))


def letters(text: str) -> str:
    """What is left of a text for comparing: letters, 汉字 and digits."""
    return _letters(tightened(text))


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _ordinal(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    if text in _STEMS:
        return _STEMS.index(text) + 1
    number = chinese_number(text)
    return None if number is None else int(number)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label of the form as it is looked for."""

    label: Label
    plain: Said
    printed: Said
    spellings: frozenset[str]

    def likeness(self, other: Said) -> Likeness:
        """Whether ``other`` is this label, apart from variants of spelling that mean the same."""
        if not other.words:
            return Likeness.NONE
        if other.whole in (self.plain.whole, self.printed.whole):
            return Likeness.SAME
        if not (other.words in self.spellings or other.core in self.spellings):
            return Likeness.NONE
        if other.number is None or self.plain.number is None or other.number == self.plain.number:
            return Likeness.SAME
        return Likeness.OTHER_NUMBER

    def ratio(self, other: Said) -> float:
        """How alike the words are, from 0 to 1."""
        return max(alike(mine, theirs) for mine in self.spellings for theirs in {other.words, other.core})

    def is_short(self) -> bool:
        return len(self.plain.words) < _LEAST_FUZZY


@lru_cache(maxsize=2_000)
def wanted(label: Label) -> Wanted:
    plain, printed = said(label.text), said(label.printed)
    spellings = {plain.words, printed.words, plain.core}
    return Wanted(label, plain, printed, frozenset(spellings | (_TOTALS if spellings & _TOTALS else set())))


def of_one_name(text: str) -> str:
    """Letters of ``text`` in which totals are called alike."""
    told = letters(text)
    for name in sorted(_TOTALS - {"总数"}):
        told = told.replace(name, "总计")
    return told


@lru_cache(maxsize=50_000)
def alike(one: str, other: str) -> float:
    """How alike two spellings are, from 0 to 1; below a half nobody asks exactly."""
    if not one or not other or not set(one) & set(other):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() > 0.5 else 0.0


def misprinted(lost: Iterable[Wanted], everything: Sequence[Wanted], spoken: Sequence[Said]) -> dict[int, int]:
    """Index in ``everything`` → index in ``spoken``, for ``lost`` labels that were most probably misprinted.

    Only where each is by far the most like the other: the next best on either side stays a margin behind.
    """
    lost_at = [index for index, label in enumerate(everything) if label in set(lost) and not label.is_short()]
    table = {i: [everything[i].ratio(other) for other in spoken] for i in lost_at}
    pairs: dict[int, int] = {}
    for i in lost_at:
        best = max(range(len(spoken)), key=lambda k: table[i][k], default=None)
        if best is None or table[i][best] < _needed(everything[i], spoken[best]):
            continue
        rivals = [score for k, score in enumerate(table[i]) if k != best]
        rivals += [label.ratio(spoken[best]) for k, label in enumerate(everything) if k != i]
        if table[i][best] - max(rivals, default=0.0) >= _MARGIN:
            pairs[i] = best
    return {i: k for i, k in pairs.items() if list(pairs.values()).count(k) == 1}


def _needed(label: Wanted, other: Said) -> float:
    lengths = {abs(len(mine) - len(theirs)) for mine in label.spellings for theirs in (other.words, other.core)}
    if min(lengths) > max(1, _LENGTHENED * len(label.plain.words)):
        return _NEVER
    same_number = other.number is not None and other.number == label.plain.number
    if other.number is not None and not same_number and label.plain.number is not None:
        return _NEVER
    return _ALIKE_NUMBERED if same_number else _ALIKE

"""Personal data in the text: identity numbers, mobile telephones, bank cards. Quoted masked, never whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from xltool.check.finding import Finding, made
from xltool.filing import Filing
from xltool.form import COVER_FIELDS
from xltool.narrative.spelling import WIDE
from xltool.narrative.wording_texts import Passage, listed
from xltool.narrative.wording_words import Private, Wording

_SPACE = "[ \u00a0\u3000]?"
_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
_MOBILE = re.compile(rf"(?<!\d)1[3-9]\d{_SPACE}-?\d{{4}}{_SPACE}-?\d{{4}}(?!\d)")
_CARD = re.compile(
    rf"(?<![\dA-Za-z])[3-6]\d{{3}}(?:{_SPACE}\d{{4}}){{2}}{_SPACE}\d{{3,4}}(?:{_SPACE}\d{{1,3}})?(?![\dA-Za-z])"
)
_UNION_PAY = "62"
_SHORTEST_CARD = 16
_BEFORE = 16
_SHOWN = 3
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def private_findings(filing: Filing, wording: Wording, written: tuple[Passage, ...]) -> Iterator[Finding]:
    """S15, each part once; numbers that the cover gives as the office's own are no private ones."""
    cover = [text for part, text in filing.texts.items() if part.startswith(COVER_FIELDS)]
    own = {_digits(found[0]) for text in cover for found in _MOBILE.finditer(text.translate(WIDE))}
    for passage in written:
        found = list(_numbers(passage, own, wording.private))
        if found:
            kinds = "、".join(dict.fromkeys(kind for kind, _ in found))
            yield made("S15", *passage.about(code="S15"), kind=kinds, quoted=listed([masked for _, masked in found]))


def _numbers(passage: Passage, own: set[str], private: Private) -> Iterator[tuple[str, str]]:
    text = passage.even
    for found in _IDENTITY.finditer(text):
        if is_identity_number(found[0]):
            yield "身份证号", _masked(found[0])
    for found in _MOBILE.finditer(text):
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        if _digits(found[0]) not in own and not private.office.search(before):
            yield "手机号码", _masked(found[0])
    for found in _CARD.finditer(text):
        number, before = _digits(found[0]), text[max(0, found.start() - _BEFORE) : found.start()]
        told = number.startswith(_UNION_PAY) or any(word in before for word in private.cards)
        if told and _SHORTEST_CARD <= len(number) <= 19 and passes_luhn(number) and not is_identity_number(number):
            yield "银行卡号", _masked(found[0])


def masked(text: str) -> str:
    """``text`` with the middle of every personal number in it starred, as long as before."""
    even, letters = text.translate(WIDE), list(text)
    for found in (*_IDENTITY.finditer(even), *_MOBILE.finditer(even), *_CARD.finditer(even)):
        number = re.sub(r"[^\dXx]", "", found[0])
        if found.re is _MOBILE or is_identity_number(number) or (len(number) >= _SHORTEST_CARD and passes_luhn(number)):
            places = [place for place in range(*found.span()) if even[place].isalnum()]
            for place in places[_SHOWN : 1 - _SHOWN]:
                letters[place] = "*"
    return "".join(letters)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _masked(number: str) -> str:
    """The first and last few digits, so that people find the place and nobody reads the number."""
    tight = re.sub(r"[\s-]", "", number)
    return tight[:_SHOWN] + "*" * (len(tight) - 2 * _SHOWN + 1) + tight[-_SHOWN + 1 :]


def is_identity_number(number: str) -> bool:
    """Whether 18 characters are a citizen's number: a date of birth and the right check character."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    if len(number) != 18 or not 1 <= int(number[0]) <= 9:
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11
    return "10X98765432"[remainder] == number[-1].upper()


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of a payment card."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0

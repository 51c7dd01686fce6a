"""Which workbook this is: the 表单编号 with its check character, and the fingerprint of last year's figures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xltool.figure import FigureId, plain
from xltool.filing import Unit
from xltool.form import Form

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I: the number is read out over the telephone
_BODY_LENGTH = 7


@dataclass(frozen=True)
class Identity:
    """What a workbook says of itself. ``issue`` counts the copies handed to the unit, from 1."""

    form: str
    digest: str
    unit: Unit
    year: int
    issue: int
    number: str
    prior_digest: str


def identify(form: Form, unit: Unit, year: int, issue: int, prior: Mapping[FigureId, Decimal]) -> Identity:
    """The identity of one unit's workbook; ``prior`` are last year's figures seeded into it."""
    number = form_number(form.code, form.id, unit, year, issue)
    return Identity(form.id, form.digest, unit, year, issue, number, figures_digest(prior))


def form_number(code: str, form_id: str, unit: Unit, year: int, issue: int) -> str:
    """``GK21-2024-7F3K9QH-X``: form, year, a body that depends on unit and issue, and a check character."""
    said = "\n".join([form_id, str(year), unit.name, unit.code or "", str(issue)])
    value = int.from_bytes(hashlib.sha256(said.encode()).digest()[:8], "big")
    body = ""
    for _ in range(_BODY_LENGTH):
        value, index = divmod(value, len(_BODY))
        body += _BODY[index]
    head = f"{code}-{year}-{body}"
    return f"{head}-{_check_character(head)}"


def is_form_number(text: str) -> bool:
    """Whether the check character fits: a slip of the pen does not pass."""
    head, _, check = text.strip().upper().rpartition("-")
    return bool(head) and check == _check_character(head)


def _check_character(text: str) -> str:
    """ISO 7064, MOD 37,36 over the digits and letters of ``text``."""
    remainder = 36
    for char in text.upper():
        if char in _ALPHABET:
            remainder = (remainder + _ALPHABET.index(char)) % 36 or 36
            remainder = remainder * 2 % 37
    return _ALPHABET[(37 - remainder) % 36]


def figures_digest(figures: Mapping[FigureId, Decimal]) -> str:
    """A fingerprint of figures, order left out of account; "" where there are none."""
    if not figures:
        return ""
    said = "\n".join(sorted(f"{figure}={plain(value)}" for figure, value in figures.items()))
    return hashlib.sha256(said.encode()).hexdigest()[:16]

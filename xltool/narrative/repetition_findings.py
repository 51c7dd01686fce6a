"""Repetition as findings: S20 of last year's texts, S21 of another unit's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xltool.check.filing import written_length
from xltool.check.finding import Finding, made
from xltool.filing import Filing
from xltool.form import Form
from xltool.narrative.repetition import (
    Comparable,
    comparable,
    longest_repeated,
    official_wording,
    part_of,
    repeated,
)
from xltool.narrative.wording_texts import shortened
from xltool.narrative.wording_words import wording_of

_LONGEST_QUOTE = 60


@lru_cache(maxsize=16)
def _official(form: Form) -> re.Pattern[str]:
    wording = wording_of(form)
    return official_wording(form, wording.repetition) if wording is not None else re.compile("(?!)")


def comparable_texts(form: Form, unit: str, texts: Mapping[str, str]) -> Comparable:
    """A unit's narrative (of ``Filing.texts``, its parts in the form's order), ready to be compared."""
    parts = [texts.get(part.id, "") for section in form.sections for part in section.parts]
    return comparable(unit, parts, _official(form))


def repeats_last_year(form: Form, filing: Filing, prior: Filing | None, limit: int | None = None) -> Iterator[Finding]:
    """S20 where ``limit`` per cent (the edition's where None) or more of the texts are last year's."""
    wording = wording_of(form)
    if wording is None or prior is None or not any(part in prior.texts for part in _parts(form)):
        return
    now, before = (comparable_texts(form, one.unit.name, one.texts) for one in (filing, prior))
    spans = repeated(now, before)
    part = part_of(now, spans)
    percent = wording.repetition.last_year if limit is None else limit
    if now.length >= wording.repetition.least and part * 100 >= percent:
        passage = shortened(longest_repeated(now, spans), _LONGEST_QUOTE)
        yield made(
            "S20", _sheet(form), "", "", (), filing.explanations,
            count=str(sum(map(written_length, now.parts))), share=str(int(part * 100)), limit=str(percent),
            passage=passage,
        )  # fmt: skip


@dataclass(frozen=True)
class Likeness:
    """How much a unit's texts repeat another's: ``share`` 0 to 1, and the longest ``passage``.

    ``more``: how many further units they repeat as well.
    """

    other: str
    share: float
    passage: str
    more: int = 0


def repeats_another(form: Form, filing: Filing, likeness: Likeness, limit: int) -> Finding:
    """S21; an explanation holds for this unit, the other one, and texts of this length."""
    count = sum(written_length(filing.texts.get(part, "")) for part in _parts(form))
    return made(
        "S21", _sheet(form), "", "", (), filing.explanations, f"S21.{likeness.other}",
        other=likeness.other, also=f"等 {likeness.more + 1} 个单位" if likeness.more else "", count=str(count),
        share=str(int(likeness.share * 100)), limit=str(limit), passage=shortened(likeness.passage, _LONGEST_QUOTE),
    )  # fmt: skip


def _parts(form: Form) -> tuple[str, ...]:
    return tuple(part.id for section in form.sections for part in section.parts)


def _sheet(form: Form) -> str:
    return next((section.sheet for section in form.sections if section.parts), "")

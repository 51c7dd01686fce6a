"""The texts of a filing as the checks of wording look at them: passages, sentences, and short quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Form, Part, Section
from xltool.narrative.spelling import NUMBERED, even

_AROUND = 10
_LONGEST_QUOTE = 36
_MOST_QUOTES = 3


@dataclass(frozen=True)
class Sentence:
    """A sentence without its full stop; ``start``: where it begins in the passage."""

    text: str
    start: int


@dataclass(frozen=True)
class Passage:
    """What a unit wrote into one part."""

    section: Section
    part: Part
    text: str
    explanations: Mapping[str, str]

    @cached_property
    def even(self) -> str:
        """The text, character by character, with digits and years in one spelling: ２０２４, 二〇二四 → 2024."""
        return even(self.text)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of ``even``, headings like （一）主动公开情况 left out."""
        return tuple(s for s in _split(self.even) if not _HEADING.fullmatch(s.text))

    def about(self, code: str) -> tuple[str, str, str, tuple[FigureId, ...], Mapping[str, str], str]:
        """Where a finding of ``code`` is, as ``made`` takes it."""
        return self.section.sheet, "", self.part.title, (), self.explanations, f"{code}.{self.part.id}"


_END = re.compile("[。！？!?\n]+")
_HEADING = re.compile(rf"\s*(?:{NUMBERED})?[^，。,；;：:\d]{{0,22}}(?:情况|方面|问题|措施|工作|建设|保障|管理|公开)")


def passages(form: Form, filing: Filing) -> tuple[Passage, ...]:
    """The parts that are not blank, in the form's order."""
    written = ((section, part, filing.texts.get(part.id, "")) for section in form.sections for part in section.parts)
    return tuple(Passage(s, part, text, filing.explanations) for s, part, text in written if text.strip())


def _split(text: str) -> Iterator[Sentence]:
    start = 0
    for end in (*(match for match in _END.finditer(text)), None):
        piece = text[start : end.start() if end else len(text)]
        if piece.strip():
            yield Sentence(piece.strip(), start + len(piece) - len(piece.lstrip()))
        start = end.end() if end else len(text)


def around(text: str, start: int, end: int) -> str:
    """What stands at ``start``–``end`` with a few characters on both sides, in one line."""
    left, right = max(0, start - _AROUND), min(len(text), end + _AROUND)
    return shortened(" ".join(text[left:right].split()), _LONGEST_QUOTE + end - start)


def shortened(text: str, longest: int = _LONGEST_QUOTE) -> str:
    """The beginning of ``text``, with … where something was left out."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def listed(quotes: list[str]) -> str:
    """Several quotations, to stand between quotation marks: the first few, and how many there are."""
    shown = list(dict.fromkeys(quotes))
    more = f"……（共 {len(shown)} 处）" if len(shown) > _MOST_QUOTES else ""
    return "”“".join(shown[:_MOST_QUOTES]) + more

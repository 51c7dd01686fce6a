"""What has to be written about: every aspect, problems that are problems, what a government adds, the date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from xltool.check.filing import written_length
from xltool.check.finding import Finding, made
from xltool.filing import Filing
from xltool.form import Form, Section
from xltool.narrative.spelling import WIDE
from xltool.narrative.wording_texts import Passage, shortened
from xltool.narrative.wording_words import Mention, Wording
from xltool.sheetnames import COVER

_NOT_WORDS = re.compile(r"[\s　，。、；：！？,.;:!?“”（）()]+")
_MARK = r"(?:^|[\n。；;])[^\S\n]*[（(]?[一二三四五六七八九十\d]{1,3}(?:[）)]、?|[、.．])\s*[^\n，。]{0,8}"


def structure_findings(form: Form, filing: Filing, wording: Wording, written: tuple[Passage, ...]) -> Iterator[Finding]:
    """S04 aspects, S05 problems and improvements, S06 what a section has to mention, S07 a government's topics."""
    for section in form.sections:
        yield from _uncovered(section, filing, wording)
    for passage in written:
        yield from _too_thin(passage, wording)
    for mention in wording.mentions:
        yield from _silent(form, filing, mention)
    yield from _council(form, filing, wording)


def covered_elsewhere(form: Form, filing: Filing, wording: Wording) -> frozenset[str]:
    """Blank parts whose subject stands in another box of their section: they are not missing."""
    return frozenset(
        part
        for section in form.sections
        for part, words in wording.covers.get(section.id, {}).items()
        if not filing.texts.get(part, "").strip() and _stands_in(_block(section, filing), words, section, filing)
    )


def _block(section: Section, filing: Filing) -> str:
    return "\n".join(filing.texts.get(part.id, "") for part in section.parts)


def _is_one_block(section: Section, filing: Filing) -> bool:
    """Whether everything was written into one box."""
    return sum(bool(filing.texts.get(part.id, "").strip()) for part in section.parts) == 1


def _stands_in(text: str, words: tuple[str, ...], section: Section, filing: Filing) -> bool:
    """Whether ``text`` has a heading with one of the words, or, being the only text of the section, the word."""
    if _is_one_block(section, filing) and any(word in text for word in words):
        return True
    return any(re.search(_MARK + re.escape(word), text) for word in words)


def _uncovered(section: Section, filing: Filing, wording: Wording) -> Iterator[Finding]:
    """Aspects with a word that says nothing; those whose box is blank are missing texts (S02)."""
    titles = {part.id: part.title for part in section.parts}
    for part in wording.covers.get(section.id, {}):
        said = filing.texts.get(part, "")
        if part not in wording.least and _bare(said) in wording.empty:
            about = (titles[part], (), filing.explanations, f"S04.{part}")
            yield made("S04", section.sheet, "", *about, quoted=said.strip())


def _bare(text: str) -> str:
    return _NOT_WORDS.sub("", text)


def _too_thin(passage: Passage, wording: Wording) -> Iterator[Finding]:
    part = passage.part.id
    if part not in wording.least:
        return
    quoted = shortened(" ".join(passage.text.split()))
    if _bare(passage.text) in wording.empty:
        yield made("S05", *passage.about(code="S05"), quoted=quoted, why="等于没有写")
    elif written_length(passage.text) < wording.least[part]:
        yield made("S05", *passage.about(code="S05"), quoted=quoted, why=f"只有 {written_length(passage.text)} 字")
    elif len(_bare(wording.hollow.sub("", passage.even))) < wording.substance:
        yield made("S05", *passage.about(code="S05"), quoted=quoted, why="没有具体内容")


def _silent(form: Form, filing: Filing, mention: Mention) -> Iterator[Finding]:
    """Nothing of the words, neither in the text nor by figures; where a rule asks for the figures, that is enough."""
    section = next((s for s in form.sections if s.id == mention.section), None)
    if section is None or any(word in _block(section, filing) for word in mention.words):
        return
    if not any(figure.table == mention.table for figure in filing.values) and not _is_asked_for(form, mention.table):
        yield made(
            "S06", section.sheet, "", section.heading, (), filing.explanations, f"S06.{section.id}",
            missing=mention.words[0],
        )  # fmt: skip


def _is_asked_for(form: Form, table: str) -> bool:
    """Whether a rule asks for figures of the table."""
    return any(term.figure.table == table for check in form.checks for term in check.needs + check.figures)


def _council(form: Form, filing: Filing, wording: Wording) -> Iterator[Finding]:
    if filing.unit.type not in wording.council.types:
        return
    text = "\n".join(_block(section, filing) for section in form.sections)
    missing = [topic for topic, words in wording.council.topics.items() if not any(word in text for word in words)]
    if missing and text.strip():
        first = next(section for section in form.sections if section.parts)
        yield made("S07", first.sheet, "", first.heading, type=filing.unit.type, missing="、".join(missing))


_DATE = re.compile(r"\s*(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?\s*")


def date_findings(filing: Filing, wording: Wording, cover: Mapping[str, str]) -> Iterator[Finding]:
    """S22: the date on the cover lies after the year reported on, and not after the deadline. ``cover``: labels."""
    day = wording.date
    if day is None:
        return
    written = filing.texts.get(day.field, "")
    found = _DATE.fullmatch(written.translate(WIDE))
    try:
        on = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        on = None
    if on is None:
        return
    first, last = date(filing.year + 1, 1, 1), date(filing.year + 1, *day.latest_for(filing.unit.type))
    if not first <= on <= last:
        why = "本年还没有结束" if on < first else "已过期限"
        yield made(
            "S22", COVER, "", cover[day.field], (), filing.explanations,
            quoted=written.strip(), why=why, limit=f"{last.year}年{last.month}月{last.day}日",
        )  # fmt: skip

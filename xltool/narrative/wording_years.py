"""Last year's year left in: certain where a part begins with it as this year's work, doubtful elsewhere.

Next year's is doubtful where it is said of what has already happened.

A comparison, a plan, a document's number or date, and whatever else is naturally of another year is no mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from xltool.check.finding import Finding, made
from xltool.filing import Filing
from xltool.narrative.spelling import NUMBERED
from xltool.narrative.wording_texts import Passage, Sentence, listed, shortened
from xltool.narrative.wording_words import Wording, Years

_MARK = rf"\A(?:{NUMBERED}\s*)?(?:[^，,。；;：:\d]{{0,16}}(?:[：:]|情况|方面))?\s*"
_OLDEST = 5
"""Years back: what is older was hardly left in from an earlier report."""
_TITLE_QUOTED = re.compile(r"[《〈（(][^》〉）)]{0,120}[》〉）)]")
_BEGINNING = 20
_SHORTEST_NAME = 3
_YEAR = re.compile(r"(?<!\d)(\d{4})\s*年")
_ANY_YEAR = re.compile(r"\d{4}\s*年")


class _Sureness(Enum):
    CERTAIN, DOUBTFUL = range(2)


def year_findings(filing: Filing, wording: Wording, written: tuple[Passage, ...]) -> Iterator[Finding]:
    """S08 a year that is certainly left over, S09 one that may be; each part once."""
    for passage in written:
        found = list(_left_over(passage, filing, wording.years))
        for sureness in _Sureness:
            quotes = [(sentence, year) for sentence, year, sure in found if sure is sureness]
            if quotes:
                quoted = listed([shortened(sentence.text) for sentence, _ in quotes])
                year, expected = str(quotes[0][1]), str(filing.year)
                if sureness is _Sureness.CERTAIN:
                    yield made("S08", *passage.about(code="S08"), quoted=quoted, found=year, expected=expected)
                else:
                    yield made("S09", *passage.about(code="S09"), quoted=quoted, found=year, expected=expected)


def _left_over(passage: Passage, filing: Filing, years: Years) -> Iterator[tuple[Sentence, int, _Sureness]]:
    sentences = passage.sentences if _ANY_YEAR.search(passage.even) else ()
    for index, sentence in enumerate(sentences):
        if not _ANY_YEAR.search(sentence.text):
            continue
        near = [s.text for s in sentences[max(0, index - 1) : index + 2]]
        year = _period(sentence, filing.year) or _announced(sentence, filing.year, years)
        if year:
            yield sentence, year, _Sureness.CERTAIN
        elif _happened_next_year(sentence, filing, years):
            yield sentence, filing.year + 1, _Sureness.DOUBTFUL
        elif passage.part.id == years.plan_part and _plan_of(sentence, filing.year, years):
            yield sentence, filing.year, _Sureness.DOUBTFUL
        else:
            year = _stated(sentence, filing)
            if year and not any(_mentions(text, filing.year) for text in near):
                yield from _judged(sentence, year, index == 0, passage, filing, years)


def _judged(
    sentence: Sentence, year: int, is_first: bool, passage: Passage, filing: Filing, years: Years
) -> Iterator[tuple[Sentence, int, _Sureness]]:
    plain = _TITLE_QUOTED.sub("", sentence.text)
    rest = _after_year(plain, filing)
    own = years.stated.match(rest) or _begins_with_own_name(rest, filing.unit.name)
    beginning = not years.allowed.search(rest[:_BEGINNING])
    only = not _mentions(passage.even, filing.year)
    if is_first and own and beginning and only and year == filing.year - 1:
        yield sentence, year, _Sureness.CERTAIN
    elif not years.allowed.search(plain):
        yield sentence, year, _Sureness.DOUBTFUL


def _begins_with_own_name(text: str, unit: str) -> bool:
    """Whether the unit is named, with or without the areas in front: 于洪区教育局 for 沈阳市于洪区教育局."""
    return any(text.startswith(unit[at:]) for at in range(max(1, len(unit) - _SHORTEST_NAME + 1)))


@lru_cache(maxsize=64)
def _start(unit: str) -> re.Pattern[str]:
    """The year that a sentence of this unit begins with."""
    own = re.escape(unit)
    until = r"(?:截至|截止到?)\s*(?P<until>\d{4})\s*年(?:底|末|\s*12\s*月\s*31\s*日)"
    whole = r"在?\s*(?P<year>\d{4})\s*年(?:度|全年)?(?!\s*\d)"
    return re.compile(_MARK + rf"(?:{own}|[我本]\w{{1,4}}?)?(?:{until}|{whole})")


def _stated(sentence: Sentence, filing: Filing) -> int:
    """The past year that the sentence begins with, 0 where there is none."""
    found = _start(filing.unit.name).match(sentence.text)
    year = int(found["until"] or found["year"]) if found else 0
    return year if filing.year - _OLDEST <= year < filing.year else 0


def _after_year(text: str, filing: Filing) -> str:
    found = _start(filing.unit.name).match(text)
    return text[found.end() :].lstrip("，,、 ") if found else text


def _mentions(text: str, year: int) -> bool:
    return any(int(found[1]) == year for found in _YEAR.finditer(text)) or "本年" in text


def _period(sentence: Sentence, year: int) -> int:
    """The year of a whole year from January to December that is the one before."""
    first, last = rf"{year - 1}\s*年\s*1\s*月\s*1\s*日", rf"(?:{year - 1}\s*年)?\s*12\s*月\s*31"
    wanted = rf"{first}\s*起?\s*[，,]?\s*(?:至|到|—+|-|－|～|~)\s*{last}"
    return year - 1 if re.search(wanted, sentence.text) and not _mentions(sentence.text, year) else 0


def _announced(sentence: Sentence, year: int, years: Years) -> int:
    """The year before in the title of the report that the sentence announces."""
    titles = "|".join(map(re.escape, years.titles))
    wanted = rf"{years.announced.pattern}[^，。]{{0,40}}{year - 1}\s*年(?:度)?(?:{titles})"
    return year - 1 if re.search(wanted, sentence.text) else 0


def _happened_next_year(sentence: Sentence, filing: Filing, years: Years) -> bool:
    """Whether it tells of next year what is only known at the year's end: 2025年，我局未收到申请."""
    found = re.match(_MARK + rf"在?\s*{filing.year + 1}\s*年(?:度|全年)?(?!\s*\d)[，,、\s]*", sentence.text)
    if found is None or any(word in sentence.text for word in years.plan_words):
        return False
    return bool(years.happened.match(sentence.text[found.end() :]))


def _plan_of(sentence: Sentence, year: int, years: Years) -> bool:
    """Whether it is a plan for the year that is over."""
    words = "|".join(map(re.escape, years.plan_words))
    subject = "(?:[我本][^，。将拟]{1,6}[，,]?)?"
    return bool(re.match(_MARK + rf"(?:下一步[，,]?)?{year}\s*年[，,]?\s*{subject}(?:{words})", sentence.text))

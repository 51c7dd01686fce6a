"""Another unit's name left in: in a title, as who is to be contacted, as who did this work.

Naming others is natural (报县教育局审核, 会同县公安局, what towns of a county did); what is found here is a name where
only the unit's own can stand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xltool.check.finding import Finding, made
from xltool.filing import Filing
from xltool.narrative.spelling import NUMBERED
from xltool.narrative.wording_texts import Passage, Sentence, listed, shortened
from xltool.narrative.wording_words import Names, Wording

_MARK = re.compile(rf"(?:{NUMBERED}\s*)?(?:\d{{4}}\s*年(?:度|以来)?|一年来|全年|本年度?)?[，,]?\s*")
_YEAR = r"\d{4}\s*年(?:度|以来|全年)?"
_OPENING_YEAR = re.compile(rf"\A{_YEAR}")
_AREAS = "省市县区州旗"
_AREA = re.compile(rf"\A[^省市县区旗]{{1,6}}?(?:自治)?[{_AREAS}]")
_PERSON = re.compile(
    r"\A(?:的|局?长|主任|书记|党|领导|副|班子|工作人员|干部|负责人|和|与|、|及|等|机关|网站|门户|官网)"
)
_QUOTED = re.compile(r"[“《〈][^”》〉]{0,120}[”》〉]")
_BEFORE = 14
_SHORTEST = 4


def name_findings(
    filing: Filing, wording: Wording, written: tuple[Passage, ...], units: Collection[str], former: str = ""
) -> Iterator[Finding]:
    """S10 another unit's name where it cannot be right, S11 where it hardly is; each part once.

    ``units``: names of the campaign's units; without them names are known by their endings. ``former``: the unit's
    name of last year.
    """
    known = Known(_by_beginning(frozenset(units)), former)
    for passage in written:
        sure = [*_in_titles(passage, filing, wording.names, known), *_contacts(passage, filing, wording.names, known)]
        doubtful = [*_wrong_selves(passage, filing, wording.names), *_outlets(passage, filing, wording.names, known)]
        for sentence in passage.sentences:
            name, is_sure = _as_subject(sentence, filing, wording.names, known)
            if name:
                (sure if is_sure else doubtful).append(shortened(sentence.text))
        if sure:
            yield made("S10", *passage.about(code="S10"), quoted=listed(sure), expected=filing.unit.name)
        if doubtful:
            yield made("S11", *passage.about(code="S11"), quoted=listed(doubtful), expected=filing.unit.name)


@dataclass(frozen=True)
class Known:
    """The names of all units by their first characters, longest first, and the unit's name of last year."""

    by_beginning: Mapping[str, tuple[str, ...]]
    former: str


@lru_cache(maxsize=4)
def _by_beginning(units: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in units:
        if len(name) >= _SHORTEST:
            found.setdefault(name[:_SHORTEST], []).append(name)
    return {start: tuple(sorted(names, key=len, reverse=True)) for start, names in found.items()}


def _name_at(text: str, at: int, filing: Filing, names: Names, known: Known) -> str:
    """The other unit's name that stands at ``at``; "" where none does, or where it is the unit's own."""
    own = filing.unit.name
    if text.startswith(own, at):
        return ""
    likely = (*known.by_beginning.get(text[at : at + _SHORTEST], ()), known.former)
    found = next((name for name in likely if name and text.startswith(name, at)), "")
    if not found:
        found = _by_ending(text, at, own, names)
        found = "" if _is_short_for(found, own) else found
    return "" if not found or found in own or own.startswith(found) else found


def _is_short_for(name: str, own: str) -> bool:
    """Whether ``name`` leaves out characters of ``own``: 嘉宁市市场监管局 for 嘉宁市市场监督管理局."""
    rest = iter(own)
    return all(character in rest for character in name)


def _by_ending(text: str, at: int, own: str, names: Names) -> str:
    """A name that begins with the same county as the unit's own and ends like one."""
    area = _AREA.match(own)
    if area is None or not text.startswith(area[0], at):
        return ""
    found = _of_area(area[0], names.endings).match(text, at)
    return found[0] if found else ""


@lru_cache(maxsize=64)
def _of_area(area: str, endings: tuple[str, ...]) -> re.Pattern[str]:
    """A name that begins and ends so."""
    ending = "|".join(map(re.escape, endings))
    return re.compile(rf"{re.escape(area)}[\u4e00-\u9fff]{{1,16}}?(?:{ending})(?![长\u5458])")


def _as_subject(sentence: Sentence, filing: Filing, names: Names, known: Known) -> tuple[str, bool]:
    """The other unit that the sentence begins with, where it tells of that unit's own work; and whether that is sure.

    A government's report may well tell of its departments, a department's of its schools or stations.
    """
    mark = _MARK.match(sentence.text)
    at = mark.end() if mark else 0
    name = _name_at(sentence.text, at, filing, names, known)
    if not name:
        return "", False
    rest = _OPENING_YEAR.sub("", sentence.text[at + len(name) :]).lstrip("，, ")
    own = filing.unit.name
    is_peer = name == known.former or name.endswith(names.endings) or name[-2:] == own[-2:]
    if not is_peer or filing.unit.type in names.councils or _PERSON.match(rest) or own in rest:
        return "", False
    if names.own_report.match(rest) and not re.search("[我本](?!年)", rest):
        return name, name.endswith(names.endings)
    if names.own_work.search(rest) and not names.others_work.search(rest):
        return name, False
    return "", False


def _in_titles(passage: Passage, filing: Filing, names: Names, known: Known) -> Iterator[str]:
    """Titles of another unit's report, unless the sentence tells what was done with that report."""
    for found in _titles(names.titles).finditer(passage.even):
        before = passage.even[max(0, found.start() - 30) : found.start()]
        starts = [at for at in range(len(before)) if _name_at(before, at, filing, names, known)]
        at = next((at for at in starts if before.endswith(_name_at(before, at, filing, names, known))), None)
        if at is not None and not names.published.search(before[max(0, at - _BEFORE) : at]):
            yield shortened(before[at:] + found[0])


@lru_cache(maxsize=16)
def _titles(titles: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"{_YEAR}(?:{'|'.join(map(re.escape, titles))})")


def _contacts(passage: Passage, filing: Filing, names: Names, known: Known) -> Iterator[str]:
    for found in names.contact.finditer(passage.even):
        name = _name_at(passage.even, found.end(), filing, names, known)
        if name:
            yield found[0] + name


_CLAUSE = re.compile(r"[^，,；;：:]+")


def _outlets(passage: Passage, filing: Filing, names: Names, known: Known) -> Iterator[str]:
    """Clauses about another office's website or desk as if it were the unit's own: 某县教育局网站由专人维护.

    The website of the office above is natural in the report of a school or a station, any in a government's.
    """
    own, kind = filing.unit.name, filing.unit.type
    if kind in names.councils or not own.endswith(names.endings) or _is_seat_of(own, own, names):
        return
    for sentence in passage.sentences if names.outlets.search(passage.even) else ():
        for clause in filter(lambda one: names.outlets.search(one[0]), _CLAUSE.finditer(sentence.text)):
            mark = _MARK.match(clause[0])
            at = mark.end() if mark else 0
            name = _name_at(clause[0], at, filing, names, known)
            outlet = names.outlets.match(clause[0], at + len(name)) if name.endswith(names.endings) else None
            rest = clause[0][outlet.end() :] if outlet else ""
            if outlet and not _is_seat_of(name, own, names) and not names.others_work.search(rest):
                yield shortened(clause[0].strip())


def _is_seat_of(name: str, own: str, names: Names) -> bool:
    """Whether ``name`` is the government, or its office, of the area that ``own`` belongs to."""
    seat = names.seats.search(name)
    return seat is not None and name[: seat.start()][-1:] in _AREAS and own.startswith(name[: seat.start()])


def _wrong_selves(passage: Passage, filing: Filing, names: Names) -> Iterator[str]:
    """我局 in the report of a town: what the unit calls itself is not in its name."""
    text = _QUOTED.sub("", passage.even)
    for word, said in names.selves.items():
        if word not in filing.unit.name:
            yield from (found[0] for found in said.finditer(text))

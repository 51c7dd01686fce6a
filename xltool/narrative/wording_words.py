"""The words that an edition's checks of wording go by: ``wording.yaml`` beside ``form.yaml``, read when needed.

Words are looked for as they stand; patterns (年份、提示语 …) are regular expressions. A form without the file has no
such checks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from xltool.form import Form
from xltool.narrative.declared import declared
from xltool.yamlfile import Node

FILE = "wording.yaml"


@dataclass(frozen=True)
class Mention:
    """What a section has to speak of: one of ``words``. ``table``: figures that say it as well, "" for none."""

    section: str
    words: tuple[str, ...]
    table: str


@dataclass(frozen=True)
class Council:
    """What reports of units of these types also have to speak of: topic → words for it."""

    types: frozenset[str]
    topics: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Day:
    """The cover field with the date, and the last day (month, day) of the year after, by type of unit."""

    field: str
    latest: tuple[int, int]
    latest_of: Mapping[str, tuple[int, int]]

    def latest_for(self, unit_type: str | None) -> tuple[int, int]:
        return self.latest_of.get(unit_type or "", self.latest)


@dataclass(frozen=True)
class Years:
    """Words around a year that is not the report's: ``allowed`` make a past one natural, ``stated`` says what this year
    did, ``happened`` what is known only at the end of one.
    """

    allowed: re.Pattern[str]
    stated: re.Pattern[str]
    announced: re.Pattern[str]
    happened: re.Pattern[str]
    titles: tuple[str, ...]
    plan_part: str
    plan_words: tuple[str, ...]


@dataclass(frozen=True)
class Names:
    """Words around the name of another unit. ``outlets``: its website, its desk; ``seats``: how names of governments
    and their offices end, whose website is everybody's.
    """

    endings: tuple[str, ...]
    own_work: re.Pattern[str]
    own_report: re.Pattern[str]
    others_work: re.Pattern[str]
    published: re.Pattern[str]
    contact: re.Pattern[str]
    outlets: re.Pattern[str]
    seats: re.Pattern[str]
    titles: tuple[str, ...]
    selves: Mapping[str, re.Pattern[str]]
    councils: frozenset[str]


@dataclass(frozen=True)
class Basis:
    """The document this edition rests on: ``issuer`` and ``number``; ``superseded`` are numbers before it."""

    issuer: str
    number: str
    superseded: frozenset[str]
    speaks_of: tuple[str, ...]
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class Slips:
    """Slips of the pen. ``apart``: words that may stand twice in a row; ``compounds``: so may these before others."""

    hints: tuple[re.Pattern[str], ...]
    not_numbers: tuple[str, ...]
    doubled: re.Pattern[str]
    apart: frozenset[str]
    compounds: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Private:
    """``office``: what introduces the office's own telephone; ``cards``: words near an account number."""

    office: re.Pattern[str]
    cards: tuple[str, ...]


@dataclass(frozen=True)
class Repetition:
    """From how many per cent repetition is asked about; ``least``: characters below which nothing is compared.

    ``phrases``: official wording that does not count.
    """

    last_year: int
    units: int
    least: int
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """Everything one edition declares. ``covers``: section → part → words that show it is written about."""

    covers: Mapping[str, Mapping[str, tuple[str, ...]]]
    empty: frozenset[str]
    elsewhere: re.Pattern[str]
    least: Mapping[str, int]
    substance: int
    hollow: re.Pattern[str]
    mentions: tuple[Mention, ...]
    council: Council
    date: Day | None
    years: Years
    names: Names
    edition: Basis
    private: Private
    slips: Slips
    repetition: Repetition


def wording_of(form: Form) -> Wording | None:
    """What the form's edition declares; None where it has no ``wording.yaml``. DefinitionError for a broken one."""
    return _loaded(form.folder) if form.folder is not None else None


@lru_cache(maxsize=16)
def _loaded(folder: Path) -> Wording | None:
    path = folder / FILE
    return read_wording(declared(path)) if path.is_file() else None


_KEYS = (
    "covers", "empty", "elsewhere", "least", "substance", "hollow", "mentions", "council", "date", "years", "names",
    "hints", "edition", "not_numbers", "private", "doubled", "repetition",
)  # fmt: skip


def read_wording(document: Node) -> Wording:
    """The Wording that a whole file declares; DefinitionError names the file, the line and what is wrong."""
    keys = document.mapping(_KEYS, tuple(key for key in _KEYS if key != "date"))
    return Wording(
        covers={section: _word_lists(node) for section, node in keys["covers"].mapping().items()},
        empty=frozenset(keys["empty"].texts()),
        elsewhere=_any_of(keys["elsewhere"]),
        least={part: node.positive() for part, node in keys["least"].mapping().items()},
        substance=keys["substance"].number(),
        hollow=_any_of(keys["hollow"]),
        mentions=tuple(_mention(node) for node in keys["mentions"]),
        council=_council(keys["council"]),
        date=_day(keys["date"]) if "date" in keys else None,
        years=_years(keys["years"]),
        names=_names(keys["names"]),
        edition=_basis(keys["edition"]),
        private=_private(keys["private"]),
        slips=_slips(keys),
        repetition=_repetition(keys["repetition"]),
    )


def _pattern(node: Node) -> re.Pattern[str]:
    try:
        return re.compile(node.filled())
    except re.error as error:
        raise node.error(f"{node.named}不是有效的正则表达式：{error}") from error


def _any_of(node: Node) -> re.Pattern[str]:
    """One pattern for a list of them; the mistake in one is told at its own line."""
    return re.compile("|".join(f"(?:{_pattern(item).pattern})" for item in node) or r"(?!)")


def _word_lists(node: Node) -> dict[str, tuple[str, ...]]:
    return {key: words.texts() for key, words in node.mapping().items()}


def _all(node: Node, *names: str) -> dict[str, Node]:
    """The mapping, all of whose keys have to be there."""
    return node.mapping(names, names)


def _mention(node: Node) -> Mention:
    keys = node.mapping(("section", "words", "table"), ("section", "words"))
    return Mention(keys["section"].filled(), keys["words"].texts(), keys["table"].text() if "table" in keys else "")


def _council(node: Node) -> Council:
    keys = _all(node, "types", "topics")
    return Council(frozenset(keys["types"].texts()), _word_lists(keys["topics"]))


def _day(node: Node) -> Day:
    keys = node.mapping(("field", "latest", "latest_of"), ("field", "latest"))
    exceptions = keys["latest_of"].mapping() if "latest_of" in keys else {}
    return Day(
        keys["field"].filled(),
        _month_and_day(keys["latest"]),
        {unit_type: _month_and_day(day) for unit_type, day in exceptions.items()},
    )


_COMMON_YEAR = 2023
"""Any year without 29 February."""


def _month_and_day(node: Node) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,2})月(\d{1,2})日", node.text())
    try:
        day = date(_COMMON_YEAR, int(found[1]), int(found[2])) if found else None
    except ValueError:
        day = None
    if day is None:
        raise node.error(f"{node.named}应写成“1月31日”这样，是每年都有的一天")
    return day.month, day.day


def _years(node: Node) -> Years:
    keys = _all(node, "allowed", "stated", "announced", "happened", "titles", "plans")
    plans = _all(keys["plans"], "part", "words")
    return Years(
        _any_of(keys["allowed"]),
        _pattern(keys["stated"]),
        _pattern(keys["announced"]),
        _pattern(keys["happened"]),
        keys["titles"].texts(),
        plans["part"].filled(),
        plans["words"].texts(),
    )


def _names(node: Node) -> Names:
    keys = _all(
        node, "endings", "own_work", "own_report", "others_work", "published", "contact", "outlets", "seats", "titles",
        "selves", "councils",
    )  # fmt: skip
    return Names(
        keys["endings"].texts(),
        _pattern(keys["own_work"]),
        _pattern(keys["own_report"]),
        _any_of(keys["others_work"]),
        _pattern(keys["published"]),
        _pattern(keys["contact"]),
        _pattern(keys["outlets"]),
        _pattern(keys["seats"]),
        keys["titles"].texts(),
        {word: _pattern(said) for word, said in keys["selves"].mapping().items()},
        frozenset(keys["councils"].texts()),
    )


def _basis(node: Node) -> Basis:
    keys = _all(node, "issuer", "number", "superseded", "speaks_of", "allowed")
    return Basis(
        keys["issuer"].filled(),
        keys["number"].filled(),
        frozenset(keys["superseded"].texts()),
        keys["speaks_of"].texts(),
        keys["allowed"].texts(),
    )


def _private(node: Node) -> Private:
    keys = _all(node, "office", "cards")
    return Private(_pattern(keys["office"]), keys["cards"].texts())


def _slips(keys: Mapping[str, Node]) -> Slips:
    doubled = _all(keys["doubled"], "characters", "apart", "compounds")
    return Slips(
        tuple(_pattern(node) for node in keys["hints"]),
        keys["not_numbers"].texts(),
        _any_of(doubled["characters"]),
        frozenset(doubled["apart"].texts()),
        _word_lists(doubled["compounds"]),
    )


def _repetition(node: Node) -> Repetition:
    keys = _all(node, "last_year", "units", "least", "phrases")
    return Repetition(
        keys["last_year"].positive(), keys["units"].positive(), keys["least"].positive(), keys["phrases"].texts()
    )

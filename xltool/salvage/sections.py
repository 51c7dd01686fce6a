"""Narrative → the sections of the form by their headings, and within them the parts by their titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xltool.form import Form, Part, Section
from xltool.report.outline import Level, ordinal, paragraphs
from xltool.salvage.labels import Said, alike, letters, said, tightened
from xltool.salvage.pieces import Piece

_ALIKE, _ALIKE_IN_SENTENCE, _PART_ALIKE = 0.6, 0.9, 0.6
_LONGER = 12
_MOST_HEADINGS = 200
_EMPTY_WORDS = re.compile("情况|方面|工作|内容|有关|相关")
_THIRD_LEAD = re.compile(r".{2,24}?[。：:]|.{2,24}$")
_BARE_LEAD = re.compile(r"([^，。；：、,;:！？!?]{2,16})(?:[：:]|$)")


@dataclass(frozen=True)
class SectionRead:
    """A section as the document has it: ``heading`` as printed, "" where it was not found; paragraphs below it."""

    section: Section
    heading: str
    body: tuple[Piece, ...]
    place: str = ""


@dataclass(frozen=True)
class Divided:
    """``before``: paragraphs above the first heading."""

    before: tuple[Piece, ...]
    sections: tuple[SectionRead, ...]


def divide(form: Form, pieces: Sequence[Piece]) -> Divided:
    """The paragraphs below each heading. A list of headings (a table of contents, a cover) is not taken for them."""
    pieces = tuple(_apart(form, pieces))
    marks = {place: section for place, piece in enumerate(pieces) if (section := _headed(form, piece)) is not None}
    official = {s.id for place, s in marks.items() if tightened(pieces[place].text) == tightened(s.heading)}
    for place, section in [*marks.items()]:
        # The title of a part can be more like the section's heading than many a heading is.
        if section.id in official and any(_is_title(part, pieces[place].text) for part in section.parts):
            del marks[place]
    chosen: dict[str, int] = {}
    for place, section in list(marks.items())[-_MOST_HEADINGS:]:
        if section.id not in chosen or _weight(pieces, marks, place) > _weight(pieces, marks, chosen[section.id]):
            chosen[section.id] = place
    starts = sorted(chosen.values())
    ends = dict(zip(starts, [*starts[1:], len(pieces)], strict=False))
    read = []
    for section in form.sections:
        start = chosen.get(section.id)
        if start is None:
            read.append(SectionRead(section, "", ()))
        else:
            below = enumerate(pieces[start + 1 : ends[start]], start + 1)
            sheet = pieces[start].sheet
            body = tuple(piece for place, piece in below if place not in marks and piece.sheet == sheet)
            read.append(SectionRead(section, pieces[start].text, body, pieces[start].place))
    return Divided(pieces[: min(starts, default=len(pieces))], tuple(read))


def _weight(pieces: Sequence[Piece], marks: dict[int, Section], place: int) -> tuple[int, int]:
    """How much text stands below a heading before the next one; of empty ones the last, tables are no text."""
    end = min((other for other in marks if other > place), default=len(pieces))
    sheet = pieces[place].sheet
    return sum(len(piece.text) for piece in pieces[place + 1 : end] if piece.sheet == sheet), place


def _apart(form: Form, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Headings with text right behind them, on a line of their own."""
    for piece in pieces:
        end = next((end for s in form.sections if (end := _end_of_heading(s, piece.text))), 0)
        end = end or _end_before_colon(form, piece)
        if end and letters(piece.text[end:]):
            yield replace(piece, text=piece.text[:end])
            yield replace(piece, text=piece.text[end:].lstrip("：:。 　\n"))
        else:
            yield piece


def _end_before_colon(form: Form, piece: Piece) -> int:
    """Where a numbered heading in other words ends, with a colon and text behind it."""
    head, colon, _ = piece.text.replace(":", "：").partition("：")
    if not colon or "\n" in head or said(head).number is None:
        return 0
    return len(head) if _headed(form, replace(piece, text=head)) is not None else 0


def _end_of_heading(section: Section, text: str) -> int:
    """Where the section's exact heading ends at the beginning of ``text``; 0 where it does not begin with it."""
    wanted = tightened(section.heading)
    for end in range(len(section.heading), min(len(text), len(wanted) * 2) + 1):
        if tightened(text[:end]) == wanted:
            return end
    return 0


def _headed(form: Form, piece: Piece) -> Section | None:
    """The section whose heading this is, in official or other words."""
    spoken = said(piece.text)
    if not spoken.words or spoken.bracketed or piece.text.rstrip().endswith(("，", "；", ",", ";")):
        return None
    scored = sorted(((_likeness(section, spoken, piece), i) for i, section in enumerate(form.sections)), reverse=True)
    best, runner_up = scored[0], scored[1] if len(scored) > 1 else (0.0, -1)
    return form.sections[best[1]] if best[0] > 0 and best[0] - runner_up[0] >= 0.1 else None


def _likeness(section: Section, spoken: Said, piece: Piece) -> float:
    """How much of the heading this is, from 0 to 1; 0 below what can be taken for it."""
    wanted = said(section.heading)
    if len(spoken.words) > len(wanted.words) + _LONGER:
        return 0.0
    ratio = alike(wanted.words, spoken.words)
    if spoken.number is not None and spoken.number == wanted.number:
        least = _ALIKE
    else:
        least = _ALIKE if spoken.number is None and piece.heading else 1.0
    if piece.text.rstrip().endswith("。"):
        least = max(least, _ALIKE_IN_SENTENCE)
    return ratio if ratio >= least else 0.0


# --- parts ------------------------------------------------------------------------------------------------


def texts_of(read: SectionRead) -> dict[str, str]:
    """The section's narrative by part, one paragraph a line; whole in the first part where it cannot be divided."""
    parts = read.section.parts
    lines = [line.strip() for piece in read.body for line in piece.text.split("\n") if line.strip()]
    if not parts or not lines:
        return {}
    places = _titles(parts, lines)
    texts: dict[str, list[str]] = {}
    current = _first(parts)
    for index, line in enumerate(lines):
        if index in places:
            current, stands_alone = places[index]
            texts.setdefault(current.id, [])
            if stands_alone:
                continue
        texts.setdefault(current.id, []).append(line)
    return {part: "\n".join(body) for part, body in texts.items() if body}


def _first(parts: Sequence[Part]) -> Part:
    """Where what stands below no title goes: a part whose title is not printed, else the first."""
    return next((part for part in parts if not part.titled), parts[0])


def _titles(parts: Sequence[Part], lines: Sequence[str]) -> dict[int, tuple[Part, bool]]:
    """By line: the part that begins there, and whether the line is its printed title and no more."""
    found: dict[int, tuple[Part, bool]] = {}
    for index, line in enumerate(lines):
        part = next((part for part in parts if _is_title(part, line)), None)
        if part is not None:
            found[index] = part, True
    for leads, numbered in _leads(lines):
        places = _own_words([part for part in parts if part.titled], leads, numbered)
        if places and found.keys() <= places.keys():
            return {index: (part, index in found) for index, part in places.items()}
    return found


Leads = Sequence[tuple[int, str]]


def _leads(lines: Sequence[str]) -> Iterator[tuple[Leads, bool]]:
    """Headings in the unit's own words by line, one way of writing them after the other: （一）… then 1.… then
    words before a colon or alone on a line;
    and whether they are numbered.
    """
    known = [(index, paragraph) for index, line in enumerate(lines) for paragraph in paragraphs(line)]
    yield [(i, p.lead or p.whole) for i, p in known if p.level is Level.SECOND], True
    yield [(i, found[0]) for i, p in known if p.level is Level.THIRD and (found := _THIRD_LEAD.match(p.whole))], True
    yield [(i, found[1]) for i, line in enumerate(lines) if (found := _BARE_LEAD.match(line))], False


def _own_words(titled: Sequence[Part], leads: Leads, numbered: bool) -> dict[int, Part]:
    """By line, the parts that ``leads`` mean, {} where that is not certain; without a number two must be known."""
    if not titled:
        return {}
    matched = {i: part for i, lead in leads if (part := _part_like(titled, lead)) is not None}
    if len(set(part.id for part in matched.values())) < len(matched) or (len(matched) < 2 and not numbered):
        return {}
    if numbered and len(leads) == len(titled) and matched and _agrees(leads, titled, matched):
        matched = {i: part for (i, _), part in zip(leads, titled, strict=True)}
    in_order = [titled.index(part) for _, part in sorted(matched.items())]
    return matched if in_order == sorted(in_order) else {}


def _agrees(leads: Leads, titled: Sequence[Part], matched: dict[int, Part]) -> bool:
    """Whether the headings that are known stand where the form has them, so that the others must be theirs, too."""
    return all(matched.get(i, part) is part for (i, _), part in zip(leads, titled, strict=True))


def _is_title(part: Part, line: str) -> bool:
    """Exactly the title as the report and the workbook print it, numbered or not."""
    if not letters(line).endswith(letters(part.title)) or len(line) > len(part.title) + 8:
        return False
    numbered = {tightened(ordinal(n) + part.title) for n in range(1, 13)}
    return tightened(line).rstrip("。") in numbered | {tightened(part.title)}


def _part_like(parts: Sequence[Part], lead: str) -> Part | None:
    """The part that a heading in the unit's own words means; None where two could be meant."""
    words = _EMPTY_WORDS.sub("", said(lead).words) or said(lead).words
    scored = sorted(((_part_score(part, words), -i) for i, part in enumerate(parts)), reverse=True)
    best, other = scored[0], scored[1] if len(scored) > 1 else (0.0, 0)
    return parts[-best[1]] if best[0] >= _PART_ALIKE and best[0] > other[0] else None


def _part_score(part: Part, words: str) -> float:
    title = _EMPTY_WORDS.sub("", letters(part.title)) or letters(part.title)
    if words in title or title in words:
        return 1.0 + min(len(words), len(title)) / 100
    return alike(title, words)

"""Which of many texts repeat one another, without comparing every pair.

Of each text a fingerprint is kept for every passage: of each five neighbouring runs of eight characters the one with
the smallest hash (winnowing). Two texts that have twelve characters in a row in common have a fingerprint in common,
for certain; and of a text at most sixteen characters can be repeated for each fingerprint that it shares. So those
with too few shared fingerprints need not be compared, and no pair is missed. Texts that are the same are a pair anyway.

What most units have in common, or very many, is nobody's own wording; it is cut out of all texts first.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, groupby
from zlib import crc32

from xltool.narrative.repetition import CUT, RUN, Comparable, Span, share, with_cut

_GRAM, _WINDOW = 8, 5
"""A window of five runs of eight characters spans the twelve that count as repetition."""
_COVERED_BY_ONE = RUN + _WINDOW - 1
_FEW = 20
"""In so few texts nothing is common wording, however many have it."""
_MANY = 200
"""What more units than this have is common wording, however many units there are."""
_BUCKETS = 16


@dataclass(frozen=True)
class Pair:
    """Two texts by their places in the sequence compared, the first before the second."""

    one: int
    other: int
    share: float


@dataclass(frozen=True)
class Comparison:
    """``pairs``: the largest share first. ``texts``: as they were compared, common wording cut out of them.

    ``common``: passages that most texts have, by how many have them, the commonest first.
    """

    pairs: tuple[Pair, ...]
    texts: tuple[Comparable, ...]
    common: tuple[tuple[str, int], ...]


def compare_all(
    texts: Sequence[Comparable], limit: float, least: int, watch: Callable[[str], None] | None = None
) -> Comparison:
    """All pairs that share ``limit`` (0 to 1) or more; texts with fewer than ``least`` characters are passed over.

    ``watch`` is told of each unit whose text is done.
    """
    cut, common = without_common(texts)
    prints = [fingerprints(text.text) if text.length >= least else array("Q") for text in cut]
    pairs = [pair for same in _the_same(cut, least) for pair in combinations(same, 2)]
    postings = _postings(prints)
    for index in range(len(cut)):
        pairs += _candidates(index, cut[index].length * limit, prints, postings)
        if watch is not None:
            watch(cut[index].unit)
    found = (Pair(one, other, share(cut[one], cut[other])) for one, other in sorted(set(pairs)))
    kept = sorted((pair for pair in found if pair.share >= limit), key=lambda p: (-p.share, p.one, p.other))
    return Comparison(tuple(kept), cut, common)


def _the_same(texts: Sequence[Comparable], least: int) -> list[list[int]]:
    """Those that are the same, in groups."""
    holders: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        if text.length >= least:
            holders.setdefault(text.text, []).append(index)
    return [group for group in holders.values() if len(group) > 1]


def _candidates(
    index: int, needed: float, prints: Sequence[array[int]], postings: Mapping[int, array[int]]
) -> Iterator[tuple[int, int]]:
    """Pairs of this text with those that ``needed`` characters of it may stand in."""
    own = prints[index]
    counted = Counter(chain.from_iterable(postings.get(print_ >> _PLACES, ()) for print_ in own))
    for other, count in counted.items():
        enough = other != index and count * _COVERED_BY_ONE >= needed
        if enough and _at_most_repeated(own, prints[other]) >= needed:
            yield min(index, other), max(index, other)


def _at_most_repeated(own: array[int], others: array[int]) -> int:
    """How many characters at most are repeated: those so near a shared fingerprint that they may belong to it."""
    shared = {print_ >> _PLACES for print_ in others}
    covered = end = 0
    for print_ in own:
        if print_ >> _PLACES in shared:
            place = print_ & _PLACE
            start = max(end, place - _WINDOW + 1)
            end = place + RUN
            covered += end - start
    return covered


_PLACES = 24
_PLACE = (1 << _PLACES) - 1
"""A fingerprint is the hash with its place in the text below it."""


def fingerprints(text: str) -> array[int]:
    """The fingerprints of a compared text, each with its place, in order."""
    found, offset = array("Q"), 0
    for segment in text.split(CUT):
        hashes = [hash_ << _PLACES | at for at, hash_ in enumerate(_hashes(segment), offset)]
        windows = map(min, *(hashes[at:] for at in range(_WINDOW)))
        found.extend(smallest for smallest, _ in groupby(windows))
        offset += len(segment) + len(CUT)
    return found


def _hashes(segment: str) -> list[int]:
    # Not hash(): equal texts have equal fingerprints in every run.
    data = segment.encode("utf-16-le", "surrogatepass")
    width = 2 * _GRAM
    return [crc32(data[at : at + width]) for at in range(0, len(data) - width + 1, 2)]


def _postings(prints: Sequence[array[int]]) -> Mapping[int, array[int]]:
    """Hash → the texts that have it, for those that several have."""
    return {hash_: array("L", holders) for hash_, holders in _by_hash(prints) if len(holders) > 1}


def _by_hash(prints: Sequence[array[int]]) -> Iterator[tuple[int, list[int]]]:
    """Every hash with the texts that have it; a part at a time, so that memory stays small."""
    buckets = [array("Q") for _ in range(_BUCKETS)]
    for index, own in enumerate(prints):
        for hash_ in {print_ >> _PLACES for print_ in own}:
            buckets[hash_ % _BUCKETS].append(hash_ << 32 | index)
    for bucket in buckets:
        for hash_, entries in groupby(sorted(bucket), key=lambda entry: entry >> 32):
            yield hash_, [entry & 0xFFFFFFFF for entry in entries]


# --- what everybody writes ---------------------------------------------------------------------------------


def common_from(count: int) -> int:
    """How many of ``count`` texts have to have a passage for it to be common wording: more than this."""
    return max(_FEW, min(count // 2, _MANY))


def without_common(texts: Sequence[Comparable]) -> tuple[tuple[Comparable, ...], tuple[tuple[str, int], ...]]:
    """The texts without common wording, and that wording with how many have it."""
    if len(texts) <= _FEW:
        return tuple(texts), ()
    limit = common_from(len(texts))
    prints = [fingerprints(text.text) for text in texts]
    common = {hash_: len(holders) for hash_, holders in _by_hash(prints) if len(holders) > limit}
    if not common:
        return tuple(texts), ()
    said: dict[str, int] = {}
    cut = [_without(text, own, common, said) for text, own in zip(texts, prints, strict=True)]
    return tuple(cut), tuple(_listed(said))


def _without(text: Comparable, own: Iterable[int], common: Mapping[int, int], said: dict[str, int]) -> Comparable:
    if not any(print_ >> _PLACES in common for print_ in own):
        return text
    spans: list[Span] = []
    offset = 0
    for segment in text.text.split(CUT):
        for at, hash_ in enumerate(_hashes(segment), offset):
            if hash_ in common:
                joins = spans and at <= spans[-1][1]
                spans[-1:] = [(spans[-1][0], at + _GRAM)] if joins else [*spans[-1:], (at, at + _GRAM)]
        offset += len(segment) + len(CUT)
    for start, end in spans:
        passage = text.text[start:end]
        if len(passage) >= RUN and len(said) < _MOST_LISTED:
            said[passage] = max(common.get(hash_, 0) for hash_ in _hashes(passage))
    return with_cut(text, spans)


_MOST_LISTED = 2000


def _listed(said: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """The passages, the commonest first; two of them written one after the other are no third one."""
    kept: list[str] = []
    for passage in sorted(said, key=lambda one: (len(one), one)):
        if not any(shorter in passage for shorter in kept):
            kept.append(passage)
    yield from sorted(((passage, said[passage]) for passage in kept), key=lambda entry: (-entry[1], entry[0]))

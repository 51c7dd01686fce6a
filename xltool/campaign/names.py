"""Short names of units, as people write them, held against full ones: guesses with their grounds, never decisions."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_LEVELS = "省市县区旗盟州"
"""What a place's name ends in."""
_SHORTEST_PLACE = 2
_LEAST_LETTERS, _LEAST_PIECE = 3, 2
"""Letters picked out of a name must be three, the last that of the name; a piece of it may have two."""
_ENDINGS = "局委办会"
"""What names of offices end in; with it two letters, 财局, say too little."""
_OTHER_ENDING = {"委": "局", "局": "委"}
"""A county has a 卫生健康局 and its province a 卫生健康委员会: people write the one for the other."""


@dataclass(frozen=True)
class Guess:
    """A name that a short one may stand for. ``evidence``: what speaks for it, a clause."""

    name: str
    evidence: str


def bare(name: str) -> str:
    """The letters of a name alone: no spaces, brackets, full width."""
    return "".join(char for char in unicodedata.normalize("NFKC", name) if char.isalnum())


def place_of(names: Iterable[str]) -> str:
    """The place that most of ``names`` begin with, such as 某某县; "" where they have none in common."""
    starts: Counter[str] = Counter()
    total = 0
    for name in names:
        total += 1
        starts.update(name[: end + 1] for end in range(_SHORTEST_PLACE, len(name)) if name[end] in _LEVELS)
    common = [start for start, count in starts.items() if 2 * count >= total]
    # Of a county of a city both are common to all: the longer is meant. A single name tells no place from a word.
    return max(common, key=lambda start: len(start) if total > 2 else -len(start), default="")


def guesses(short: str, names: Sequence[str], place: str) -> list[Guess]:
    """Those of ``names`` that ``short`` fits best, all equally well; ``place``: what may be left out of them."""
    targets = {name: tuple(dict.fromkeys((bare(name.replace(place, "", 1)), bare(name)))) for name in names}
    variants = [(variant, "") for variant in _variants(bare(short), bare(place))]
    for variant, instead in (*variants, *_with_other_ending(variants)):
        fits = {name: fit for name, letters in targets.items() if (fit := _best_fit(variant, letters)) is not None}
        if fits:
            best = min(rank for rank, _ in fits.values())
            return [Guess(name, _evidence(fit, place) + instead) for name, fit in fits.items() if fit[0] == best]
    return []


def only_guess(short: str, names: Mapping[str, str], place: str) -> Guess | None:
    """The one unit that ``short`` fits best, None where it fits several or none.

    ``names``: the name of the unit by each name that it has or had.
    """
    found = guesses(short, list(names), place)
    if len({names[guess.name] for guess in found}) != 1:
        return None
    return Guess(names[found[0].name], found[0].evidence)


def _variants(short: str, place: str) -> list[str]:
    """What may be meant, the likeliest first: without the place, as it stands, without part of the place's name."""
    if place and short.startswith(place):
        return [short[len(place) :], short]
    variants, stem = [short], place[:-1]
    if len(stem) >= _SHORTEST_PLACE and short.startswith(stem):
        variants.append(short[len(stem) :])
    if short[:1] in _LEVELS and (not place or short[:1] == place[-1]):
        variants.append(short[1:])
    return [variant for variant in variants if variant]


def _with_other_ending(variants: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """卫健委 for 卫健局, and what is to be said of it."""
    return [
        (variant[:-1] + _OTHER_ENDING[variant[-1]], f"，写的是“{variant[-1]}”")
        for variant, _ in variants
        if variant[-1] in _OTHER_ENDING and len(variant) >= _LEAST_LETTERS
    ]


_Fit = tuple[int, str]
"""How good, 0 best; the letters as they stand in the name."""


def _best_fit(short: str, targets: Sequence[str]) -> _Fit | None:
    fits = [fit for target in targets if (fit := _fit(short, target)) is not None]
    return min(fits, default=None)


def _fit(short: str, name: str) -> _Fit | None:
    if len(short) < _LEAST_PIECE:
        return None
    if short == name:
        return 0, ""
    picked = _picked(short, name) if len(short) >= _LEAST_LETTERS or short[-1] not in _ENDINGS else ""
    if len(short) < _LEAST_LETTERS:
        # 发改, 残联: the first of the name at least.
        picked = picked if short[0] == name[0] else ""
    if picked and short[0] == name[0] and short[-1] == name[-1]:
        return 1, picked
    if name[:-1] == short:
        return 2, short
    if short in name:
        return 3, short
    if picked and (short[-1] == name[-1] or short[0] == name[0]):
        return 4, picked
    return None


def _picked(short: str, name: str) -> str:
    """``short`` as its letters stand in ``name`` in this order, 卫…健…局; "" where they do not."""
    pattern = "(.*?)".join(re.escape(letter) for letter in short)
    # The last letter is that of the name's end wherever it can be.
    match = re.search(pattern + "$", name) or re.search(pattern, name)
    if match is None:
        return ""
    gaps = ["…" if gap else "" for gap in match.groups()]
    return "".join(letter + gap for letter, gap in zip(short, [*gaps, ""], strict=True))


def _evidence(fit: _Fit, place: str) -> str:
    rank, letters = fit
    if rank == 0:
        return f"少写了“{place}”"
    return f"简称：{letters}" if "…" in letters else f"名称里有“{letters}”"

"""Slips of the hand that make sums wrong: every way in which the figures of a sum could have been meant otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from xltool.check.sums import Correction, Sum
from xltool.expr.model import Source, Term
from xltool.figure import LARGEST, FigureId, plain
from xltool.filing import Filing
from xltool.form import Block, Form

_LONGEST_JOINED = 6
_ZERO = Decimal(0)


class Slip(StrEnum):
    """What happened, as the code of the hint that says so."""

    TRANSPOSED = "A90"
    DIGITS = "A91"
    SHIFTED = "A92"


class Side(StrEnum):
    ABOVE = "上"
    BELOW = "下"
    LEFT = "左"
    RIGHT = "右"


_ONWARDS = (Side.BELOW, Side.RIGHT)


@dataclass(frozen=True)
class Guess:
    """One slip that may have happened: where to look, what people are told, and what would be right instead."""

    slip: Slip
    figure: FigureId
    how: str
    corrected: Correction

    @property
    def identity(self) -> tuple[Slip, FigureId, frozenset[Term], tuple[Decimal, ...]]:
        """Guesses with the same one tell people the same: which of two cells one number belongs into is not said."""
        return self.slip, self.figure, frozenset(self.corrected), tuple(sorted(self.corrected.values()))


@dataclass(frozen=True)
class Sheet:
    """The figures as they lie beside each other; a blank is 0 here, None what is no figure."""

    form: Form
    filing: Filing
    value: Callable[[Term], Decimal | None]

    def digits(self, term: Term) -> str:
        """The figure's digits; "" for what is 0, no whole number or not known."""
        value = self.value(term)
        if value is None or not 0 < value < LARGEST or value != value.to_integral_value():
            return ""
        return plain(value)

    def amount(self, figure: FigureId) -> Decimal | None:
        value = self.value(Term(figure))
        if value is None:
            return None if figure in self.filing.unread else _ZERO
        return value if self.form.figures[figure].kind.accepts(value) else None

    def beside(self, figure: FigureId) -> Mapping[Side, FigureId]:
        return _neighbours(self.form).get(figure, {})

    def named(self, figure: FigureId) -> str:
        return f"“{self.form.figures[figure].spoken}”"


def guesses(sheet: Sheet, broken: Sum) -> Iterator[Guess]:
    """Every slip with the figures of this year in ``broken``, whether it explains anything or not."""
    terms = [term for term in broken.weights if term is not None and term.source is not Source.PRIOR]
    for term in terms:
        yield from _transposed(sheet, term)
        yield from _one_digit(sheet, term)
    typed = [term.figure for term in terms if term.source is Source.CURRENT]
    for figure in dict.fromkeys(near for one in typed for near in (one, *sheet.beside(one).values())):
        yield from _joined(sheet, figure)
        yield from _split(sheet, broken, figure)
        yield from _shifted(sheet, broken, figure)


def _transposed(sheet: Sheet, term: Term) -> Iterator[Guess]:
    text = sheet.digits(term)
    for at in range(len(text) - 1):
        meant = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        if meant != text and meant[0] != "0":
            yield Guess(Slip.TRANSPOSED, term.figure, meant, {term: Decimal(meant)})


def _one_digit(sheet: Sheet, term: Term) -> Iterator[Guess]:
    """A digit doubled by mistake or not doubled, a 0 at the end too many or too few.

    Any digit anywhere, or in smaller numbers, would explain too much.
    """
    text = sheet.digits(term)
    shorter = {text[:at] + text[at + 1 :] for at in range(1, len(text)) if text[at] == text[at - 1]}
    longer = {text[:at] + text[at - 1 :] for at in range(1, len(text) + 1)} | {f"{text}0"}
    if text.endswith("0"):
        shorter.add(text[:-1])
    for many, meant in (("多", shorter if len(text) > 2 else ()), ("少", longer if len(text) > 1 else ())):
        for one in sorted(meant):
            yield Guess(Slip.DIGITS, term.figure, f"像是{many}打了一位，应为 {one}", {term: Decimal(one)})


def _joined(sheet: Sheet, figure: FigureId) -> Iterator[Guess]:
    """One number typed into two cells; which of the two it belongs into is not said."""
    first = sheet.digits(Term(figure))
    for side, other in sheet.beside(figure).items():
        second = sheet.digits(Term(other))
        if first and second and side in _ONWARDS and len(first + second) <= _LONGEST_JOINED:
            how = f"与{side}边{sheet.named(other)}的 {second} 像是一个数 {first}{second} 拆在了两格"
            for whole, empty in ((figure, other), (other, figure)):
                corrected = {Term(whole): Decimal(first + second), Term(empty): _ZERO}
                yield Guess(Slip.DIGITS, figure, how, corrected)


def _split(sheet: Sheet, broken: Sum, figure: FigureId) -> Iterator[Guess]:
    """Two numbers typed into one cell, the other left empty.

    Where both weigh the same it would explain too much: 14 for 1 and 4 is as good as any other 1 and a digit.
    """
    text = sheet.digits(Term(figure))
    for side, other in sheet.beside(figure).items():
        apart = broken.weights.get(Term(figure)) != broken.weights.get(Term(other))
        for at in range(1, len(text)) if apart and sheet.amount(other) == 0 else ():
            first, second = text[:at], text[at:]
            kept, moved = (first, second) if side in _ONWARDS else (second, first)
            if second[0] != "0":
                how = f"像是 {first} 和 {second} 两个数打在了一格，{moved} 应在{side}边{sheet.named(other)}"
                corrected = {Term(figure): Decimal(kept), Term(other): Decimal(moved)}
                yield Guess(Slip.DIGITS, figure, how, corrected)


def _shifted(sheet: Sheet, broken: Sum, figure: FigureId) -> Iterator[Guess]:
    """``figure`` and those behind it, up to the first empty cell, each typed one cell too early."""
    for side in Side if sheet.amount(figure) else ():
        run = list(_run(sheet, figure, side))
        amounts = [sheet.amount(one) for one in run]
        if len(run) < 2 or amounts[-1] != 0:
            continue
        moved = zip(run, [_ZERO, *amounts[:-1]], strict=True)
        corrected = {Term(one): new for one, new in moved if new is not None and new != sheet.amount(one)}
        if len(run) == 2:
            more = "（后面的数可能也错了一格）" if _may_have_moved(sheet, broken, figure, side) else ""
            how = f"像是填错了格，应填在{side}边{sheet.named(run[1])}{more}"
        else:
            how = f"像是从这一格到{sheet.named(run[-2])}的 {len(run) - 1} 个数错了一格，都应往{side}移一格"
        yield Guess(Slip.SHIFTED, figure, how, corrected)


def _may_have_moved(sheet: Sheet, broken: Sum, figure: FigureId, side: Side) -> bool:
    """Whether there is a figure behind ``figure`` that weighs the same: the sum cannot tell if it moved, too."""
    behind = [near for near in sheet.beside(figure).values() if sheet.beside(near).get(side) == figure]
    weight = broken.weights.get(Term(figure))
    return any(sheet.amount(near) and broken.weights.get(Term(near)) == weight is not None for near in behind)


def _run(sheet: Sheet, figure: FigureId, side: Side) -> Iterator[FigureId]:
    """From ``figure`` towards ``side``, through the first cell that is empty or cannot be read."""
    here: FigureId | None = figure
    while here is not None:
        yield here
        here = sheet.beside(here).get(side) if sheet.amount(here) else None


@lru_cache(maxsize=16)
def _neighbours(form: Form) -> Mapping[FigureId, Mapping[Side, FigureId]]:
    """Beside each figure that people fill in: the next ones of the same kind, totals between them left out."""
    found: dict[FigureId, dict[Side, FigureId]] = {}
    for table in form.tables:
        for block in table.blocks:
            for one, other, onwards, back in _pairs(form, table.id, block):
                if form.figures[one].kind is form.figures[other].kind:
                    found.setdefault(one, {})[onwards] = other
                    found.setdefault(other, {})[back] = one
    return found


def _pairs(form: Form, table: str, block: Block) -> Iterator[tuple[FigureId, FigureId, Side, Side]]:
    """Rows that are printed side by side (``across``) have no rows above them."""
    rows, columns = ([line.id for line in lines] for lines in (block.rows, block.columns))
    for row in rows:
        line = [FigureId(table, row, column) for column in columns]
        yield from ((*pair, Side.RIGHT, Side.LEFT) for pair in pairwise(_typed(form, line)))
    for column in columns if not block.across else ():
        line = [FigureId(table, row, column) for row in rows]
        yield from ((*pair, Side.BELOW, Side.ABOVE) for pair in pairwise(_typed(form, line)))


def _typed(form: Form, line: list[FigureId]) -> list[FigureId]:
    return [figure for figure in line if form.figures[figure].computed is None]

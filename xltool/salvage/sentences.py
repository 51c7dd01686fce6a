"""Figures that the report says in a sentence of its own instead of a table, read back from that very sentence.

The sentence is made again from the numbers in it: where the form then says it word for word, these are the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

from xltool.draft.saying import said_sentences
from xltool.expr.model import Operand, Term
from xltool.figure import FigureId
from xltool.form import Form, Section
from xltool.salvage.certainty import Certainty, Sureness
from xltool.salvage.labels import tightened
from xltool.salvage.pieces import Piece
from xltool.salvage.reading import Reading
from xltool.salvage.sections import SectionRead

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MOST_FIGURES, _MOST_NUMBERS = 3, 4


def read_sentences(form: Form, sections: Sequence[SectionRead]) -> tuple[Reading, tuple[SectionRead, ...]]:
    """Figures of tables that are not printed, and the sections without the sentences that say them.

    A sentence that is all there is below the heading stays as the unit's text where it is not printed twice so.
    """
    reading: Reading = {}
    left: list[SectionRead] = []
    for read in sections:
        kept = []
        for piece in read.body:
            said = _figures(form, read.section, piece)
            reading |= said
            if not said or (len(read.body) == 1 and _is_left_out_beside(read.section, said, piece.text)):
                kept.append(piece)
        left.append(SectionRead(read.section, read.heading, tuple(kept), read.place))
    return reading, tuple(left)


def _figures(form: Form, section: Section, piece: Piece) -> Reading:
    table = section.table
    if table is None or table.printed or section.draft is None:
        return {}
    figures = [figure.id for figure in form.figures_of(table.id) if figure.computed is None]
    numbers = [Decimal(text) for text in _NUMBER.findall(tightened(piece.text))]
    if not figures or len(figures) > _MOST_FIGURES or len(numbers) > _MOST_NUMBERS:
        return {}
    fitting = [values for values in _choices(figures, numbers) if _says(section, values) == tightened(piece.text)]
    if len(fitting) != 1:
        return {}
    return {f: Certainty(Sureness.SURE, value, piece.text, "", piece.place) for f, value in fitting[0].items()}


def _choices(figures: Sequence[FigureId], numbers: Sequence[Decimal]) -> Iterator[dict[FigureId, Decimal]]:
    possible = sorted({*numbers, Decimal(0)}) if not numbers else sorted(set(numbers))
    for values in product(possible, repeat=len(figures)):
        yield dict(zip(figures, values, strict=True))


def _says(section: Section, values: dict[FigureId, Decimal]) -> str:
    return tightened("".join(sentence for sentence, _ in _said(section, values)))


def _is_left_out_beside(section: Section, said: Reading, text: str) -> bool:
    """Whether the report leaves out its own sentences where the unit has written ``text``."""
    values = {figure: certainty.value for figure, certainty in said.items() if certainty.value is not None}
    return all(unless_mentions and unless_mentions in text for _, unless_mentions in _said(section, values))


def _said(section: Section, values: dict[FigureId, Decimal]) -> Iterator[tuple[str, str]]:
    assert section.draft is not None

    def value(operand: Operand) -> Decimal | None:
        return values.get(operand.figure) if isinstance(operand, Term) else None

    return said_sentences(section.draft, value)

"""Figures of tables that are not printed, from what the unit's own words claim of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Form
from xltool.narrative.claims import claims_of
from xltool.narrative.claims.statement import Statement, Way
from xltool.salvage.certainty import Certainty, Sureness
from xltool.salvage.labels import tightened
from xltool.salvage.reading import Reading
from xltool.salvage.sections import SectionRead

_CONTRADICTED = "文字里的说法不一"
_Said = tuple[FigureId, Decimal, Statement]


def read_claims(form: Form, filing: Filing, sections: Sequence[SectionRead]) -> Reading:
    """What the texts of ``filing`` say of such figures: sure, or doubtful where they disagree.

    What there was none of is 0 in its whole row: who received no fee received it for no request. ``sections``: where
    the texts stand in the document.
    """
    said = list(_said(form, filing))
    reading: Reading = {}
    for table, row in {(figure.table, figure.row) for figure, _, _ in said}:
        of_row = [one for one in said if (one[0].table, one[0].row) == (table, row)]
        none = all(value == 0 for _, value, _ in of_row)
        for figure in form.figures_of(table):
            own = of_row if none else [one for one in of_row if one[0] == figure.id]
            if own and figure.id.row == row and figure.computed is None:
                reading[figure.id] = _certainty(own, sections)
    return reading


def agreed(said: Reading, claimed: Reading) -> Reading:
    """Both together; what the form's own sentences say is in doubt where the unit's words claim otherwise."""
    other = {figure for figure, read in claimed.items() if figure in said and said[figure].value != read.value}
    return claimed | {f: read.doubted(_CONTRADICTED) if f in other else read for f, read in said.items()}


def _said(form: Form, filing: Filing) -> Iterator[_Said]:
    """Every plain number, or none at all, that is said of one such figure alone."""
    hidden = {table.id for table in form.tables if not table.printed}
    for claim in claims_of(form, filing) if hidden else ():
        one = claim.statement
        if one.way not in (Way.COUNT, Way.NONE) or one.hedge or one.doubtful or one.last_year:
            continue
        sums = one.item.equals
        if len(sums) == 1 and len(sums[0].figures) == 1 and sums[0].figures[0].table in hidden:
            yield sums[0].figures[0], one.value / sums[0].factor, one


def _certainty(said: Sequence[_Said], sections: Sequence[SectionRead]) -> Certainty:
    """The first that is said, in doubt where not all say the same."""
    _, value, statement = said[0]
    sentence = tightened(statement.sentence)
    pieces = (piece for read in sections for piece in read.body)
    place = next((piece.place for piece in pieces if sentence in tightened(piece.text)), "")
    certainty = Certainty(Sureness.SURE, value, statement.sentence, "", place)
    agreed = all(other == value for _, other, _ in said)
    return certainty if agreed else certainty.doubted(_CONTRADICTED)

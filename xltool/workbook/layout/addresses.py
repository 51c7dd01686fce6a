"""First pass: where figures, texts, declarations and checks stand, so that formulas can point at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xltool.draft.model import Draft
from xltool.expr.model import Fact, Operand, Source
from xltool.figure import FigureId
from xltool.form import Form, Part, Section, Table
from xltool.grid import Grid, table_grid
from xltool.sheetnames import CHECKS as CHECKS
from xltool.sheetnames import CORRECTIONS as CORRECTIONS
from xltool.sheetnames import COVER as COVER
from xltool.sheetnames import IDENTITY as IDENTITY
from xltool.sheetnames import LEDGER as LEDGER
from xltool.sheetnames import PRIOR as PRIOR
from xltool.sheetnames import TO_CONFIRM as TO_CONFIRM
from xltool.workbook.layout.model import Area, Place

HIDDEN = (IDENTITY, LEDGER)
UNREAD = (PRIOR, LEDGER)
"""Sheets from which nothing is read back: they only show and compute."""

TABLE_TOP = 5
"""First row of the official table on its sheet; above it title, hint, declaration and state."""
INLINE_TOP, INLINE_LEFT = 4, 1
CHECKS_TOP = 5
ROWS_PER_TEXT = 2
"""Rows merged for one narrative block: a row alone is at most 409 points high."""
_DRAFT_ROWS = 2
"""What a draft is, and the draft itself."""


class Column:
    """Columns of the sheets that are lists."""

    # 校验
    KEY, LEVEL, SAYS, STATE, LEFT, RIGHT, GAP, WHERE, EXPLANATION = range(9)
    # 标识
    NAME, VALUE = range(2)
    # 计算: rows of figures, then rows of checks; the first column is NAME
    AMOUNT, TROUBLE, BAD, IS_INPUT = range(1, 5)
    CONDITION, LEFT_SIDE, RIGHT_SIDE = range(1, 4)
    # 计算: drafts, below the checks
    SAID = 1


@dataclass(frozen=True)
class Addresses:
    """Places by what stands there."""

    figures: dict[FigureId, Area]
    origins: dict[str, Place]
    grids: dict[str, Grid]
    zeros: dict[str, Place]
    texts: dict[str, Area]
    checks: dict[str, int]
    """Row on the 校验 sheet by check key."""
    identity: dict[str, int]
    """Row on the 标识 sheet by identity key."""
    prior: dict[FigureId, int]
    """Row on the 标识 sheet of last year's figure."""
    ledger: dict[FigureId, int]
    """Row on the 计算 sheet by figure."""
    judged: dict[str, int]
    """Row on the 计算 sheet by check key."""
    shown: dict[str, Area]
    """Where a draft is shown, by id of its part or section."""
    said: dict[str, int]
    """Row on the 计算 sheet by key of a draft, of its phrases and sentences."""

    def amount(self, figure: FigureId) -> Place:
        """The figure's number as far as known: the one place where blank, 0 and text are told apart."""
        return Place(LEDGER, self.ledger[figure], Column.AMOUNT)

    def before(self, figure: FigureId) -> Place:
        return Place(IDENTITY, self.prior[figure], Column.VALUE)

    def state(self, key: str) -> Place:
        return Place(CHECKS, self.checks[key], Column.STATE)

    def side(self, key: str, column: int) -> Place:
        return Place(CHECKS, self.checks[key], column)

    def saying(self, key: str) -> Place:
        """What a draft, a phrase or a sentence of it says."""
        return Place(LEDGER, self.said[key], Column.SAID)

    def reference(self, operand: Operand) -> str:
        """The operand's cell for formulas."""
        if isinstance(operand, Fact):
            return Place(IDENTITY, self.identity[f"power.{operand.name}"], Column.VALUE).absolute
        if operand.source is Source.PRIOR:
            return self.before(operand.figure).absolute
        if operand.source is Source.STATED:
            return self.figures[operand.figure].place.indexed()
        return self.amount(operand.figure).absolute


IDENTITY_KEYS = ("form", "digest", "unit.name", "unit.code", "unit.type", "year", "issue", "number", "prior")


def make_addresses(form: Form) -> Addresses:
    """All places of ``form``'s workbook."""
    figures: dict[FigureId, Area] = {}
    origins: dict[str, Place] = {}
    grids: dict[str, Grid] = {}
    zeros: dict[str, Place] = {}
    texts: dict[str, Area] = {}
    for section in form.sections:
        if section.table is not None:
            table = section.table
            grids[table.id] = table_grid(table)
            origins[table.id] = _origin(section)
            figures.update(_figure_areas(grids[table.id], origins[table.id]))
            if table.required:
                row, left = (INLINE_TOP - 1, INLINE_LEFT) if section.parts else (2, 0)
                zeros[table.id] = Place(section.sheet, row, left + zero_column(table))
        texts.update(_text_areas(section, grids))
    identity_keys = (*IDENTITY_KEYS, *(f"power.{name}" for name in form.powers))
    identity = {key: row for row, key in enumerate(identity_keys, start=1)}
    first_prior = len(identity) + 2
    after = len(form.figures) + 2
    below = after + len(form.checks) + 1
    return Addresses(
        figures=figures,
        origins=origins,
        grids=grids,
        zeros=zeros,
        texts=texts,
        checks={check.key: CHECKS_TOP + index for index, check in enumerate(form.checks)},
        identity=identity,
        prior={figure: first_prior + index for index, figure in enumerate(form.figures)},
        ledger={figure: 1 + index for index, figure in enumerate(form.figures)},
        judged={check.key: after + index for index, check in enumerate(form.checks)},
        shown={where: area for section in form.sections for where, area in _draft_areas(section, grids)},
        said={key: below + index for index, key in enumerate(_draft_keys(form))},
    )


def _origin(section: Section) -> Place:
    if section.parts:
        return Place(section.sheet, INLINE_TOP, INLINE_LEFT)
    return Place(section.sheet, TABLE_TOP, 0)


def _figure_areas(grid: Grid, origin: Place) -> dict[FigureId, Area]:
    return {
        cell.figure: Area(
            Place(origin.sheet, origin.row + cell.row, origin.column + cell.column), cell.height, cell.width
        )
        for cell in grid.cells
        if cell.figure is not None
    }


def _text_areas(section: Section, grids: dict[str, Grid]) -> dict[str, Area]:
    row = _text_top(section, grids) + 2
    texts = {}
    for part in section.parts:
        texts[part.id] = Area(Place(section.sheet, row, 1), ROWS_PER_TEXT, narrative_width(section))
        row += ROWS_PER_TEXT + 3 + (_DRAFT_ROWS if part.draft is not None else 0)
    return texts


def _text_top(section: Section, grids: dict[str, Grid]) -> int:
    """The row of the first narrative part's title: below the table and the section's own draft."""
    top = INLINE_TOP if section.table is None else INLINE_TOP + grids[section.table.id].rows + 1
    return top if section.draft is None else top + _DRAFT_ROWS + 1


def _draft_areas(section: Section, grids: dict[str, Grid]) -> Iterator[tuple[str, Area]]:
    """Where drafts are shown: of the section above its parts, of a part below the room to write."""
    width = narrative_width(section)
    if section.parts and section.draft is not None:
        yield section.id, Area(Place(section.sheet, _text_top(section, grids) - 2, 1), 1, width)
    texts = _text_areas(section, grids)
    for part in section.parts:
        if part.draft is not None:
            below = texts[part.id].last.row + _DRAFT_ROWS
            yield part.id, Area(Place(section.sheet, below, 1), 1, width)


def shown_drafts(form: Form) -> Iterator[tuple[Section | Part, Draft]]:
    """The drafts that a workbook shows, with what they are for, in the form's order."""
    for section in form.sections:
        yield from section_drafts(section)


def section_drafts(section: Section) -> Iterator[tuple[Section | Part, Draft]]:
    """The drafts shown on the section's sheet; none where it has no narrative."""
    if section.parts and section.draft is not None:
        yield section, section.draft
    for part in section.parts:
        if part.draft is not None:
            yield part, part.draft


def draft_key(about: Section | Part, name: str = "") -> str:
    """The key of a draft, or of its phrase or sentence ``name``."""
    return ".".join(part for part in ("draft", about.id, name) if part)


def _draft_keys(form: Form) -> Iterator[str]:
    for about, draft in shown_drafts(form):
        yield from (draft_key(about, name) for name, _ in draft.cells)
        yield draft_key(about)


def narrative_width(section: Section) -> int:
    """Columns a narrative block spans: those of the table on the same sheet, else one."""
    return len(section.table.widths) if section.table is not None else 1


def column_widths(table: Table) -> list[float]:
    """The official proportions, in column width units, a quarter larger than on paper for the screen."""
    return [round(twips / 105 * 1.25, 2) for twips in table.widths]


DECLARATION_LABEL = "本表空白格均为 0（请选“是”，不是的留空）"


def zero_column(table: Table) -> int:
    """The column of the declaration: the first one behind room for its label."""
    room = 0.0
    for column, width in enumerate(column_widths(table)):
        if room >= 44:
            return column
        room += width
    return len(table.widths) - 1

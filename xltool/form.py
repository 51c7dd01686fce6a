"""A form, declared once and immutable: its sections, tables, figures and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from xltool.draft.model import Draft
from xltool.expr.model import Comparison, Expr, Fact, Term
from xltool.figure import FigureId, Kind


class Level(StrEnum):
    """The three levels, in the words of 决算 and 统计 reporting."""

    ERROR = "错误"
    VERIFY = "核实"
    HINT = "提示"


@dataclass(frozen=True)
class Label:
    """A printed label; ``note`` is the part that the official form prints in 楷体 behind it."""

    text: str
    note: str = ""
    short: str = ""

    @property
    def printed(self) -> str:
        return self.text + self.note

    @property
    def spoken(self) -> str:
        """The label in messages: the short form where the definition gives one."""
        return self.short or self.text


@dataclass(frozen=True)
class Line:
    """One row or column of a block: its headings from outside in; ``computed`` where it is a total."""

    id: str
    path: tuple[Label, ...]
    computed: Expr | None = None
    kind: Kind | None = None

    @property
    def label(self) -> Label:
        return self.path[-1]


@dataclass(frozen=True)
class Block:
    """A rectangle of figures with its headings; ``across`` sets the rows side by side in one printed row."""

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    heading: str = ""
    corner: Label = Label("")
    across: bool = False


@dataclass(frozen=True)
class Table:
    """Blocks stacked on one set of grid columns; ``widths`` are the official widths in twips (1/20 pt).

    ``required``: a blank is an error unless the zero declaration of the table is made.
    ``printed``: it appears as a table in the report (else only in sentences).
    """

    id: str
    name: str
    blocks: tuple[Block, ...]
    widths: tuple[int, ...]
    required: bool = True
    printed: bool = True


@dataclass(frozen=True)
class Part:
    """One block of narrative; ``limit`` in characters. ``titled``: the report prints its title above it.

    ``draft``: what the figures alone say of it, for a unit that wrote nothing.
    """

    id: str
    title: str
    guidance: str
    limit: int
    titled: bool = True
    optional: bool = False
    draft: Draft | None = None


@dataclass(frozen=True)
class Section:
    """One of the official sections: narrative parts, a table, or both; ``sheet`` is its sheet's name.

    ``draft``: sentences before the narrative, each said also beside what the unit wrote.
    """

    id: str
    heading: str
    sheet: str
    parts: tuple[Part, ...] = ()
    table: Table | None = None
    limit: int | None = None
    draft: Draft | None = None


COVER_FIELDS = "cover."
"""How the ids of the cover's fields begin."""
SIGNED_ON = f"{COVER_FIELDS}date"
"""The field of the cover that says when the report was made; a form may do without."""


@dataclass(frozen=True)
class Field:
    """One line of the cover that the unit fills in: ``cover.contact``; ``sample`` shows what is expected."""

    id: str
    label: str
    sample: str


@dataclass(frozen=True)
class Figure:
    """One number of the form. ``computed`` None: people fill it in; else it is locked and recomputed.

    ``labels``: its headings, row first, as printed. ``spoken`` names it in messages.
    """

    id: FigureId
    labels: tuple[str, ...]
    spoken: str
    kind: Kind
    computed: Expr | None = None


@dataclass(frozen=True)
class Check:
    """One instance of a rule. ``key`` is the code, and the element where the rule runs over several.

    ``says``: the relation in words; ``mark`` the same in short beside the table; ``sides`` its two sides.
    ``figures``: the terms concerned, the first of them is where to look; ``needs``: those without which it
    cannot be judged.
    ``axis``: (table, "row" or "column", line) where the rule runs over the lines of one table.
    """

    key: str
    code: str
    level: Level
    title: str
    element: str
    says: str
    mark: str
    sides: tuple[str, str]
    action: str
    comparison: Comparison
    when: Comparison | None
    figures: tuple[Term, ...]
    needs: tuple[Term, ...]
    axis: tuple[str, str, str] | None
    trial: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule as declared, for the catalogue: its instances are the checks with its code."""

    code: str
    level: Level
    title: str
    says: str
    basis: str
    line: int
    instances: int
    trial: bool = False


@dataclass(frozen=True)
class UnitType:
    """A kind of unit and the powers it surely has (True) or lacks (False); others stay unknown."""

    name: str
    powers: Mapping[str, bool]


class ChartKind(StrEnum):
    """How a chart draws its figures: lying bars, standing columns, parts of a whole."""

    BAR = "bar"
    COLUMN = "column"
    PIE = "pie"


@dataclass(frozen=True)
class Chart:
    """A chart of the consolidated workbook: either ``bars`` (label and sum of figures), or ``of`` for each unit.

    ``top``: how many units are shown, those with the largest numbers. ``with_prior``: last year beside this year.
    """

    title: str
    kind: ChartKind
    bars: tuple[tuple[str, Expr], ...] = ()
    of: Expr | None = None
    top: int = 0
    with_prior: bool = False


@dataclass(frozen=True, eq=False)
class Form:
    """One edition of a form. ``digest`` fixes its definition; an issued edition is never edited.

    Forms are equal where id, digest and folder are, and so can be keys of caches.
    """

    id: str
    title: str
    short_title: str
    code: str
    basis: str
    foreword: tuple[str, ...]
    deadline: str
    instructions: tuple[str, ...]
    sections: tuple[Section, ...]
    cover: tuple[Field, ...]
    figures: Mapping[FigureId, Figure]
    checks: tuple[Check, ...]
    rules: tuple[Rule, ...]
    unit_types: Mapping[str, UnitType]
    powers: Mapping[str, str]
    digest: str
    folder: Path | None = None
    charts: tuple[Chart, ...] = ()
    scales: Mapping[FigureId, Mapping[str, Decimal]] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, str, Path | None]:
        return self.id, self.digest, self.folder

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(section.table for section in self.sections if section.table is not None)

    @cached_property
    def inputs(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures.values() if figure.computed is None)

    @property
    def text_ids(self) -> tuple[str, ...]:
        """Ids of every text a filing may hold: cover fields and narrative parts."""
        return tuple([field.id for field in self.cover] + [part.id for s in self.sections for part in s.parts])

    def table(self, table_id: str) -> Table:
        return next(table for table in self.tables if table.id == table_id)

    def section_of(self, table_id: str) -> Section:
        return next(s for s in self.sections if s.table is not None and s.table.id == table_id)

    def figures_of(self, table_id: str) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures.values() if figure.id.table == table_id)

    def facts_of(self, unit_type: str | None) -> Mapping[Fact, bool]:
        """What the type of a unit alone says of its powers; unknown ones are absent."""
        known = self.unit_types.get(unit_type or "")
        return {Fact(name): has for name, has in known.powers.items()} if known else {}

    def scale_of(self, figure: FigureId, unit_type: str | None) -> Decimal | None:
        """Above what a unit of this type is asked whether the figure is right; None where it never is."""
        return self.scales.get(figure, {}).get(unit_type or "")

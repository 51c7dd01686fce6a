"""A returned workbook → what the unit said, and what is to be said about the workbook itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from xltool.check.finding import Finding
from xltool.check.judge import amounts, known_before
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.numerals import exact
from xltool.spreadsheet import sheets as raw
from xltool.workbook.entries import BLANK, Entry, read_figure
from xltool.workbook.found import Found
from xltool.workbook.identity import Identity
from xltool.workbook.lastyear import is_ours
from xltool.workbook.layout import Computed, Input, Layout, Place, Sheet, make_layout
from xltool.workbook.layout.addresses import COVER, PRIOR
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.layout.identity import YES
from xltool.workbook.layout.marking import CORRECTION_LISTS
from xltool.workbook.locate import Located, common_labels, locate
from xltool.workbook.stamps import Stamps, read_stamps
from xltool.workbook.tampering import about_workbook


@dataclass(frozen=True)
class Returned:
    """One workbook read: the filing, last year's figures that were seeded into it, findings about the file.

    ``names``: every unit that some place of the workbook says it is of; the filing's is the first.
    ``cover``: where the cover's fields stand in the file, by their labels.
    """

    form: Form
    identity: Identity
    filing: Filing
    prior: Filing | None
    findings: tuple[Finding, ...]
    names: tuple[str, ...] = ()
    cover: Mapping[str, str] = field(default_factory=dict)

    def placed(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """``findings`` of this filing; those about one field of the cover with the cell in which it stands."""
        return tuple(replace(f, cell=self._cell_of(f)) if f.sheet == COVER and not f.cell else f for f in findings)

    def _cell_of(self, finding: Finding) -> str:
        return self.cover.get(finding.label, "")


FormById = Callable[[str], Form | None]


def read_filing(data: bytes, form_by_id: FormById) -> Returned:
    """Read a returned workbook, whatever happened to it; FileRefused says why it cannot be used.

    ``form_by_id``: the form with this id, None where there is none. Names, order and stored totals are not
    trusted: sheets and rows are found by their labels, totals are recomputed.
    """
    return returned(find(raw.read_workbook(data, lazily=True), form_by_id))


def find(book: raw.Workbook, form_by_id: FormById, astray: set[str] | None = None) -> Found:
    """The layout's sheets in ``book``; FileRefused where a section's sheet, or a line of it, is gone.

    ``astray``: takes the names of such sheets instead; what is left of them is found all the same.
    """
    stamps = read_stamps(book)
    form = form_by_id(stamps.form)
    if form is None:
        raise FileRefused(f"这是“{stamps.form}”的工作簿，没有这种表式的定义。请换用本次下发的工作簿。")
    layout = make_layout(form, stamps.year, bool(stamps.prior_values), to_read=True)
    return Found(form, layout, book, stamps, _locate_all(form, layout, stamps, book, astray))


def _locate_all(
    form: Form, layout: Layout, stamps: Stamps, book: raw.Workbook, astray: set[str] | None
) -> dict[str, Located]:
    """Sheets of the layout found in the file, by the layout's name; the sections' must all be there."""
    required = {section.sheet for section in form.sections}
    common = _common(form, stamps.year, bool(stamps.prior_values))
    # The list of corrections and last year's figures have the form's labels; no sheet is to be found in them.
    left = [sheet for sheet in book.sheets if sheet.name not in (*CORRECTION_LISTS, PRIOR)]
    found: dict[str, Located] = {}
    for sheet in layout.sheets:
        needed = _needed(sheet) if sheet.name in required else ()
        try:
            located = locate(sheet, left, needed, common)
        except FileRefused:
            if astray is None:
                raise
            astray.add(sheet.name)
            located = locate(sheet, left, (), common)
        if located is not None:
            found[sheet.name] = located
            left = [candidate for candidate in left if candidate is not located.sheet]
        elif sheet.name in required and astray is not None:
            astray.add(sheet.name)
        elif sheet.name in required:
            raise FileRefused(
                f"找不到工作表“{sheet.name}”，也没有别的工作表有它的表头。请在原来下发的工作簿里填写后再交。"
            )
    return found


@lru_cache(maxsize=8)
def _common(form: Form, year: int, has_prior: bool) -> frozenset[str]:
    return common_labels(make_layout(form, year, has_prior, to_read=True).sheets)


def _needed(sheet: Sheet) -> list[Place]:
    return [cell.area.place for cell in sheet.cells if isinstance(cell, Input)]


def returned(found: Found) -> Returned:
    """What the unit said in the cells that were found."""
    form, stamps = found.form, found.stamps
    explanations = _explanations(found)
    entries = dict(_entries(found, explanations))
    filing = Filing(
        form=form.id,
        unit=Unit(stamps.unit, stamps.code, stamps.type, _powers(found)),
        year=stamps.year,
        values={figure: entry.value for figure, entry in entries.items() if entry.value is not None},
        zero_declared=frozenset(t.id for t in form.tables if found.declaration(t.id) == YES),
        texts=dict(_texts(found)),
        explanations=explanations,
        unread={figure: entry.typed for figure, entry in entries.items() if entry.unreadable},
        sources={figure: found.source(cell.area.place) for figure, cell in found.layout.figures.items()},
    )
    known = amounts(form, filing)
    filing = replace(filing, stated=dict(_overwritten(found)))
    prior = _prior(found, filing.unit)
    findings = (
        *about_workbook(found, known, known_before(form, prior), explanations),
        *(finding for entry in entries.values() for finding in entry.findings),
    )
    identity = Identity(
        form.id, stamps.digest, filing.unit, stamps.year, stamps.issue, stamps.number, stamps.prior_digest
    )
    return Returned(form, identity, filing, prior, findings, stamps.names, _cover(found))


def _cover(found: Found) -> dict[str, str]:
    if COVER not in found.sheets:
        return {}
    return {field.label: found.where(found.layout.inputs[field.id].area.place)[1] for field in found.form.cover}


def _entries(found: Found, explained: dict[str, str]) -> Iterator[tuple[FigureId, Entry]]:
    for figure_id, cell in found.layout.figures.items():
        if isinstance(cell, Input):
            place = cell.area.place
            typed = found.cell(place)
            if typed is None:
                yield figure_id, BLANK
            else:
                figure = found.form.figures[figure_id]
                yield figure_id, read_figure(typed, figure, *found.where(place), explained)


def _texts(found: Found) -> Iterator[tuple[str, str]]:
    for text_id in found.form.text_ids:
        text = found.text(text_id)
        if text.strip():
            yield text_id, text


def _explanations(found: Found) -> dict[str, str]:
    explanations = {}
    for check in found.form.checks:
        text = found.text(f"explain.{check.key}")
        if text.strip():
            explanations[check.key] = text
    for index in range(OTHER_EXPLANATIONS):
        key, text = found.text(f"other.{index}.key").strip(), found.text(f"other.{index}.text")
        if key and text.strip():
            explanations[key] = text
    return explanations


def _powers(found: Found) -> dict[str, bool]:
    """Powers that the unit's type does not already imply."""
    implied = {fact.name: has for fact, has in found.form.facts_of(found.stamps.type).items()}
    return {name: has for name, has in found.stamps.powers.items() if implied.get(name) != has}


def _prior(found: Found, unit: Unit) -> Filing | None:
    inputs = {figure.id for figure in found.form.inputs}
    named = {FigureId.parse(name): value for name, value in found.stamps.prior_values.items()}
    values = {figure: value for figure, value in named.items() if figure in inputs}
    if not values:
        return None
    prior = Filing(found.form.id, unit, found.stamps.year - 1, values)
    computable = amounts(found.form, prior)
    stated = {f: value for f, value in named.items() if f in found.form.figures and f not in computable}
    return replace(prior, stated=stated)


def _overwritten(found: Found) -> Iterator[tuple[FigureId, Decimal]]:
    """Totals that somebody typed over the formula: what the document states."""
    for figure, drawn in found.layout.figures.items():
        if isinstance(drawn, Computed):
            cell = found.cell(drawn.area.place)
            if cell is not None and not is_ours(cell, drawn) and cell.kind == "n" and cell.text:
                yield figure, exact(cell.text)

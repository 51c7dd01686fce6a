"""A returned workbook → what the unit said, and what is to be said about the workbook itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from xltool.check.finding import Finding, made
from xltool.check.judge import amounts
from xltool.errors import FileRefused
from xltool.figure import FigureId, plain
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.numerals import exact
from xltool.workbook import sheets as raw
from xltool.workbook.entries import BLANK, Entry, read_figure, read_text
from xltool.workbook.identity import Identity, figures_digest, form_number
from xltool.workbook.layout import Computed, Input, Layout, Place, Sheet, make_layout
from xltool.workbook.layout.addresses import CHECKS, COVER, LEDGER, PRIOR
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.layout.ledger import YES
from xltool.workbook.locate import Located, locate, normal
from xltool.workbook.stamps import Stamps, read_stamps


@dataclass(frozen=True)
class Returned:
    """One workbook read: the filing, last year's figures that were seeded into it, and findings about the file.

    ``unreadable``: figures whose cells hold something that is no number.
    """

    form: Form
    identity: Identity
    filing: Filing
    prior: Filing | None
    findings: tuple[Finding, ...]
    unreadable: frozenset[FigureId]


FormById = Callable[[str], Form | None]


def read_filing(data: bytes, form_by_id: FormById) -> Returned:
    """Read a returned workbook, whatever happened to it; FileRefused says why it cannot be used.

    ``form_by_id``: the form with this id, None where there is none. Names, order and stored totals are not
    trusted: sheets and rows are found by their labels, totals are recomputed.
    """
    book = raw.read_workbook(data)
    stamps = read_stamps(book)
    form = form_by_id(stamps.form)
    if form is None:
        raise FileRefused(f"这是“{stamps.form}”的工作簿，没有这种表式的定义。请换用本次下发的工作簿。")
    has_prior = bool(stamps.prior_values)
    layout = make_layout(form, stamps.year, has_prior)
    found = _locate_all(form, layout, book)
    return _Reading(form, layout, book, stamps, found).result()


def _locate_all(form: Form, layout: Layout, book: raw.Workbook) -> dict[str, Located]:
    """Sheets of the layout found in the file, by the layout's name; the sections' must all be there."""
    required = {section.sheet for section in form.sections}
    left = list(book.sheets)
    found: dict[str, Located] = {}
    for sheet in layout.sheets:
        needed = [cell.area.place for cell in sheet.cells if isinstance(cell, Input)]
        located = locate(sheet, left, needed if sheet.name in required else ())
        if located is not None:
            found[sheet.name] = located
            left.remove(located.sheet)
        elif sheet.name in required:
            raise FileRefused(
                f"找不到工作表“{sheet.name}”，也没有别的工作表有它的表头。请在原来下发的工作簿里填写后再交。"
            )
    return found


@dataclass(frozen=True)
class _Reading:
    """One workbook being read: everything that the steps below look at."""

    form: Form
    layout: Layout
    book: raw.Workbook
    stamps: Stamps
    found: dict[str, Located]

    def result(self) -> Returned:
        explanations = self._explanations()
        entries = dict(self._entries(explanations))
        values = {figure: entry.value for figure, entry in entries.items() if entry.value is not None}
        stamps = self.stamps
        unit = Unit(stamps.unit, stamps.code, stamps.type, self._powers())
        filing = Filing(
            form=self.form.id,
            unit=unit,
            year=stamps.year,
            values=values,
            zero_declared=frozenset(self._declared()),
            texts=dict(self._texts()),
            explanations=explanations,
            sources=dict(self._sources()),
        )
        unreadable = frozenset(figure for figure, entry in entries.items() if entry.unreadable)
        known = amounts(self.form, filing, unreadable)
        filing = replace(filing, stated=dict(self._overwritten()))
        prior = self._prior(unit)
        findings = [
            *self._about_identity(prior),
            *self._about_sheets(),
            *(finding for entry in entries.values() for finding in entry.findings),
            *self._about_declarations(),
            *self._about_totals(known, explanations),
            *self._about_formulas(),
            *self._about_surroundings(),
        ]
        identity = Identity(
            self.form.id, stamps.digest, unit, stamps.year, stamps.issue, stamps.number, stamps.prior_digest
        )
        return Returned(self.form, identity, filing, prior, tuple(findings), unreadable)

    def _cell(self, place: Place) -> raw.Cell | None:
        located = self.found.get(place.sheet)
        return located.cell(place) if located is not None else None

    def _where(self, place: Place) -> tuple[str, str]:
        located = self.found[place.sheet]
        return located.sheet.name, located.name(place)

    def _figure_inputs(self) -> Iterator[tuple[FigureId, Input]]:
        inputs = self.layout.inputs
        for figure in self.form.inputs:
            yield figure.id, inputs[str(figure.id)]

    def _entries(self, explained: dict[str, str]) -> Iterator[tuple[FigureId, Entry]]:
        for figure_id, cell in self._figure_inputs():
            place = cell.area.place
            typed = self._cell(place)
            if typed is None:
                yield figure_id, BLANK
            else:
                yield (
                    figure_id,
                    read_figure(typed, self.form.figures[figure_id], *self._where(place), explained),
                )

    def _sources(self) -> Iterator[tuple[FigureId, str]]:
        for sheet in self.layout.sheets:
            located = self.found.get(sheet.name)
            for figure, place in self._figure_places(sheet) if located is not None else ():
                yield figure, f"{self.found[sheet.name].sheet.name} {self.found[sheet.name].name(place)}"

    def _figure_places(self, sheet: Sheet) -> Iterator[tuple[FigureId, Place]]:
        """Every figure that stands on a section's sheet, inputs and totals."""
        if sheet.name in (COVER, CHECKS, PRIOR, LEDGER):
            return
        for cell in sheet.cells:
            if isinstance(cell, Input) and cell.kind is not None:
                yield FigureId.parse(cell.key), cell.area.place
            elif isinstance(cell, Computed) and cell.key.startswith("amount."):
                yield FigureId.parse(cell.key.removeprefix("amount.")), cell.area.place

    def _texts(self) -> Iterator[tuple[str, str]]:
        for text_id in self.form.text_ids:
            text = read_text(self._cell(self.layout.inputs[text_id].area.place))
            if text.strip():
                yield text_id, text

    def _zero_cells(self) -> Iterator[tuple[str, Place, str]]:
        for table in self.form.tables:
            cell = self.layout.inputs.get(f"zero.{table.id}")
            if cell is not None:
                yield table.id, cell.area.place, read_text(self._cell(cell.area.place)).strip()

    def _declared(self) -> Iterator[str]:
        return (table for table, _, text in self._zero_cells() if text == YES)

    def _about_declarations(self) -> Iterator[Finding]:
        for table, place, text in self._zero_cells():
            if text not in ("", YES, "否"):
                sheet, cell = self._where(place)
                yield made("T08", sheet, cell, "本表空白格均为 0", key=f"T08.{table}", quoted=text[:40])

    def _explanations(self) -> dict[str, str]:
        inputs, explanations = self.layout.inputs, {}
        for check in self.form.checks:
            cell = inputs.get(f"explain.{check.key}")
            text = read_text(self._cell(cell.area.place)) if cell is not None else ""
            if text.strip():
                explanations[check.key] = text
        for index in range(OTHER_EXPLANATIONS):
            key = read_text(self._cell(inputs[f"other.{index}.key"].area.place)).strip()
            text = read_text(self._cell(inputs[f"other.{index}.text"].area.place))
            if key and text.strip():
                explanations[key] = text
        return explanations

    def _powers(self) -> dict[str, bool]:
        """Powers that the unit's type does not already imply."""
        implied = {fact.name: has for fact, has in self.form.facts_of(self.stamps.type).items()}
        return {name: has for name, has in self.stamps.powers.items() if implied.get(name) != has}

    def _prior(self, unit: Unit) -> Filing | None:
        values = {
            figure: value
            for name, value in self.stamps.prior_values.items()
            if (figure := FigureId.parse(name)) in self.form.figures and self.form.figures[figure].computed is None
        }
        return Filing(self.form.id, unit, self.stamps.year - 1, values) if values else None

    def _about_identity(self, prior: Filing | None) -> Iterator[Finding]:
        stamps, form = self.stamps, self.form
        for fact in stamps.contradictions:
            yield made("W03", COVER, "", fact=fact)
        unit = Unit(stamps.unit, stamps.code)
        if stamps.number != form_number(form.code, form.id, unit, stamps.year, stamps.issue):
            fact = f"表单编号 {stamps.number} 不是“{stamps.unit}”{stamps.year} 年的编号"
            yield made("W03", COVER, "", key="W03.number", fact=fact)
        if stamps.digest != form.digest:
            yield made("W13")
        if figures_digest(amounts(form, prior)) != stamps.prior_digest:
            yield made("W09", PRIOR, "", fact="上年数据与下发时不同")

    def _about_sheets(self) -> Iterator[Finding]:
        for name, located in self.found.items():
            if located.sheet.name != name:
                fact = f"工作表“{name}”改名为“{located.sheet.name}”"
                yield made("W06", located.sheet.name, key=f"W06.{name}", fact=fact)
            if located.moved:
                yield made("W06", located.sheet.name, key=f"W06.{name}.lines", fact="插入或删除了行列")
            for label, text in located.changed:
                where, cell = self._where(label.area.place)
                expected = (label.text + label.note)[:60]
                yield made(
                    "W10",
                    where,
                    cell,
                    key=f"W10.{name}.{label.area.place.cell}",
                    quoted=text[:60],
                    expected=expected,
                )
        for sheet in self.layout.sheets:
            if sheet.name not in self.found and sheet.name != LEDGER:
                yield made("W06", key=f"W06.{sheet.name}", fact=f"没有工作表“{sheet.name}”")

    def _total_cells(self) -> Iterator[tuple[FigureId, Place, raw.Cell | None]]:
        for sheet in self.layout.sheets:
            for figure, place in self._figure_places(sheet) if sheet.name in self.found else ():
                if self.form.figures[figure].computed is not None:
                    yield figure, place, self._cell(place)

    def _overwritten(self) -> Iterator[tuple[FigureId, Decimal]]:
        """Totals that somebody typed over the formula: what the document states."""
        for figure, _, cell in self._total_cells():
            if cell is not None and cell.formula is None and cell.kind == "n" and cell.text:
                yield figure, exact(cell.text)

    def _about_totals(self, known: dict[FigureId, Decimal], explained: dict[str, str]) -> Iterator[Finding]:
        for figure, place, cell in self._total_cells():
            if cell is None or (cell.formula is None and not cell.text.strip()):
                continue
            right = known.get(figure)
            about = (*self._where(place), self.form.figures[figure].spoken, (figure,), explained)
            shown = plain(right) if right is not None else "空白"
            stored = exact(cell.text) if cell.kind == "n" and cell.text else None
            if cell.formula is None:
                code = "W08" if stored is not None and stored == right else "W07"
                yield made(code, *about, quoted=cell.text[:40], right=shown)
            elif stored is not None and right is not None and round(stored - right, 6) != 0:
                yield made("W12", *about, quoted=plain(stored), right=shown)

    def _about_formulas(self) -> Iterator[Finding]:
        """Formulas elsewhere that somebody typed over: only what is shown is wrong, nothing is read there."""
        for name, located in self.found.items():
            if name == LEDGER:
                continue
            sheet = next(sheet for sheet in self.layout.sheets if sheet.name == name)
            lost = [
                cell.area.place
                for cell in sheet.cells
                if isinstance(cell, Computed) and not self._is_total(cell) and self._lost(located, cell.area.place)
            ]
            if lost:
                fact = f"{len(lost)} 个自动计算的格被改写或清除（{located.name(lost[0])} 等）"
                yield made("W11", located.sheet.name, key=f"W11.formulas.{name}", fact=fact)

    def _is_total(self, cell: Computed) -> bool:
        return cell.key.startswith("amount.") and cell.area.place.sheet not in (CHECKS, PRIOR)

    def _lost(self, located: Located, place: Place) -> bool:
        cell = located.cell(place)
        return cell is None or cell.formula is None

    def _about_surroundings(self) -> Iterator[Finding]:
        if self.book.has_macros:
            yield made("W11", key="W11.macros", fact="文件里有宏")
        if self.book.external_links:
            yield made("W11", key="W11.links", fact=f"文件里有 {self.book.external_links} 个外部链接")
        used = {located.sheet.name for located in self.found.values()}
        for sheet in self.book.sheets:
            if sheet.name not in used and sheet.cells:
                yield made("W11", sheet.name, key=f"W11.{sheet.name}", fact=f"多出工作表“{sheet.name}”")
        for name, located in self.found.items():
            yield from self._stray(name, located)

    def _stray(self, name: str, located: Located) -> Iterator[Finding]:
        sheet = next(sheet for sheet in self.layout.sheets if sheet.name == name)
        expected = {located.position(cell.area.place) for cell in sheet.cells}
        # What an inserted row or a second line of a merged label holds is told, but a label is not stray text.
        labels = {normal(cell.text) for cell in located.sheet.cells.values() if cell.kind == "s"}
        for position, cell in located.sheet.cells.items():
            if position not in expected and cell.text.strip() and labels:
                where = Place(name, *position).cell
                fact = f"表外写有“{cell.text[:30]}”"
                yield made("W11", located.sheet.name, where, key=f"W11.{name}.{where}", fact=fact)

"""What happened to a returned workbook besides being filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from xltool.check.finding import Finding, made
from xltool.expr.evaluate import compared
from xltool.figure import FigureId, plain
from xltool.filing import Unit
from xltool.numerals import exact
from xltool.spreadsheet import sheets as raw
from xltool.workbook.entries import read_text
from xltool.workbook.found import Found
from xltool.workbook.identity import figures_digest, form_number
from xltool.workbook.lastyear import is_ours, last_year_retyped
from xltool.workbook.layout import Computed, Place, Sheet, Stamp
from xltool.workbook.layout.addresses import CHECKS, COVER, HIDDEN, PRIOR, UNREAD
from xltool.workbook.layout.identity import YES
from xltool.workbook.layout.marking import is_correction_list
from xltool.workbook.locate import Located, normal
from xltool.workbook.snapshot import ABSENT, printed_title

_LONGEST_QUOTE = 60


def about_workbook(
    found: Found,
    known: Mapping[FigureId, Decimal],
    prior: Mapping[FigureId, Decimal],
    explained: Mapping[str, str],
) -> Iterator[Finding]:
    """Findings about identity, sheets, declarations, totals and everything around the form.

    ``known``: this year's figures as recomputed; ``prior``: last year's as seeded.
    """
    yield from _identity(found, prior)
    yield from _sheets(found, explained)
    yield from _stamps(found, explained)
    yield from last_year_retyped(found.form, found.stamps, found.book)
    yield from _declarations(found)
    yield from _totals(found, known, explained)
    yield from _formulas(found)
    yield from _surroundings(found)


def _identity(found: Found, prior: Mapping[FigureId, Decimal]) -> Iterator[Finding]:
    stamps, form = found.stamps, found.form
    if not stamps.is_complete:
        yield made("W16")
    for fact in stamps.contradictions:
        yield made("W03", COVER, "", fact=fact)
    unit = Unit(stamps.unit, stamps.code)
    # Without the hidden sheet the unit's code, which goes into the number, is not known.
    if stamps.is_complete and stamps.number != form_number(form.code, form.id, unit, stamps.year, stamps.issue):
        fact = f"表单编号 {stamps.number} 不是“{stamps.unit}”{stamps.year} 年的编号"
        yield made("W03", COVER, "", key="W03.number", fact=fact)
    if stamps.digest != form.digest:
        yield made("W13")
    if figures_digest(prior) != stamps.prior_digest:
        yield made("W09", PRIOR, "", fact="上年数据与下发时不同")


def _as_issued(found: Found) -> dict[str, Located]:
    """Sheets that looked as they do now when they were handed out: another revision has other rules to list."""
    same = found.stamps.digest == found.form.digest
    return {name: located for name, located in found.sheets.items() if same or name != CHECKS}


def _sheets(found: Found, explained: Mapping[str, str]) -> Iterator[Finding]:
    for name, located in _as_issued(found).items():
        now = located.sheet.name
        if now != name:
            yield made("W06", now, key=f"W06.{name}", fact=f"工作表“{name}”改名为“{now}”")
        if located.moved:
            yield made("W06", now, key=f"W06.{name}.lines", fact="插入或删除了行列")
        for label, text in located.changed:
            where, cell = found.where(label.area.place)
            expected = (label.text + label.note)[:_LONGEST_QUOTE]
            key = f"W10.{name}.{label.area.place.cell}"
            quoted = text[:_LONGEST_QUOTE]
            yield made("W10", where, cell, explanations=explained, key=key, quoted=quoted, expected=expected)
    names = {sheet.name for sheet in found.book.sheets}
    lost = [sheet.name for sheet in found.layout.sheets if sheet.name not in found.sheets]
    if found.stamps.prior_values and PRIOR not in names:
        lost.append(PRIOR)
    for name in lost:
        yield made("W06", key=f"W06.{name}", fact=f"没有工作表“{name}”")


def _stamps(found: Found, explained: Mapping[str, str]) -> Iterator[Finding]:
    """What is printed on the cover for this unit alone; of its name and number the identity tells."""
    stamps = found.stamps
    # Where places disagree about the unit, that has been said: the title may go with any of them.
    said = {"title": [printed_title(name, stamps.year, found.form.title) for name in stamps.names]}
    if stamps.is_complete:
        said |= {key: [given or ABSENT[key]] for key, given in (("unit.code", stamps.code), ("unit.type", stamps.type))}
    for cell in _drawn(found, COVER).cells if COVER in found.sheets else ():
        if isinstance(cell, Stamp) and cell.key in said:
            expected, written = said[cell.key], read_text(found.cell(cell.area.place))
            if normal(written) not in map(normal, expected):
                where, key = found.where(cell.area.place), f"W10.{COVER}.{cell.area.place.cell}"
                quoted, right = written[:_LONGEST_QUOTE], expected[0][:_LONGEST_QUOTE]
                yield made("W10", *where, explanations=explained, key=key, quoted=quoted, expected=right)


def _declarations(found: Found) -> Iterator[Finding]:
    for table in found.form.tables:
        text = found.declaration(table.id)
        if text not in ("", YES, "否"):
            where = found.where(found.layout.inputs[f"zero.{table.id}"].area.place)
            yield made("T08", *where, "本表空白格均为 0", key=f"T08.{table.id}", quoted=text[:_LONGEST_QUOTE])


def _totals(found: Found, known: Mapping[FigureId, Decimal], explained: Mapping[str, str]) -> Iterator[Finding]:
    for figure, drawn in found.layout.figures.items():
        cell = found.cell(drawn.area.place) if isinstance(drawn, Computed) else None
        if cell is None or not isinstance(drawn, Computed):
            continue
        right = known.get(figure)
        about = (*found.where(drawn.area.place), found.form.figures[figure].spoken, (figure,), explained)
        shown = plain(right) if right is not None else "空白"
        stored = exact(cell.text) if cell.kind == "n" and cell.text else None
        if not is_ours(cell, drawn):
            if cell.formula is None and not cell.text.strip():
                continue
            quoted = cell.text if cell.formula is None else f"={cell.formula}"
            code = "W08" if stored is not None and right is not None and _agree(stored, right) else "W07"
            yield made(code, *about, quoted=quoted[:_LONGEST_QUOTE], right=shown)
        elif stored is not None and right is not None and not _agree(stored, right):
            # Formulas look at fixed positions: after an insertion all of them are wrong, and W06 has said so.
            if found.sheets[drawn.area.place.sheet].moved:
                continue
            yield made("W12", *about, quoted=plain(stored), right=shown)


def _agree(stored: Decimal, right: Decimal) -> bool:
    """Whether the two are one number, to the 15 digits that a cell can hold."""
    return compared(stored - exact(repr(float(right)))) == 0


def _formulas(found: Found) -> Iterator[Finding]:
    """Formulas elsewhere that somebody typed over: only what is shown is wrong, nothing is read there."""
    for name, located in _as_issued(found).items():
        if name in HIDDEN:
            continue
        lost = [place for place in _drawn(found, name).shown_formulas if _is_lost(located, place)]
        if lost:
            fact = f"{len(lost)} 个自动计算的格被改写或清除（{located.name(lost[0])} 等）"
            yield made("W11", located.sheet.name, key=f"W11.formulas.{name}", fact=fact)


def _drawn(found: Found, name: str) -> Sheet:
    return next(sheet for sheet in found.layout.sheets if sheet.name == name)


def _is_lost(located: Located, place: Place) -> bool:
    cell = located.cell(place)
    return cell is None or cell.formula is None


def _surroundings(found: Found) -> Iterator[Finding]:
    book = found.book
    if book.has_macros:
        yield made("W11", key="W11.macros", fact="文件里有宏")
    if book.external_links:
        yield made("W11", key="W11.links", fact=f"文件里有 {book.external_links} 个外部链接")
    used = {located.sheet.name for located in found.sheets.values()}
    used |= {*UNREAD, *HIDDEN}
    for sheet in book.sheets:
        if sheet.name not in used and sheet.cells and not _is_correction_list(sheet):
            yield made("W11", sheet.name, key=f"W11.{sheet.name}", fact=f"多出工作表“{sheet.name}”")
    for name, located in _as_issued(found).items():
        if name not in HIDDEN:
            yield from _stray(_drawn(found, name), located)


def _is_correction_list(sheet: raw.Sheet) -> bool:
    return is_correction_list(sheet.name, {position: cell.text for position, cell in sheet.cells.items()})


def _stray(sheet: Sheet, located: Located) -> Iterator[Finding]:
    """Text where the form has no cell."""
    expected = sheet.positions
    if not located.as_drawn:
        expected = frozenset(p for cell in sheet.cells if (p := located.position(cell.area.place)) is not None)
    for position, cell in located.sheet.cells.items():
        if position not in expected and cell.text.strip():
            where = Place(sheet.name, *position).cell
            fact = f"表外写有“{cell.text[:30]}”"
            yield made("W11", located.sheet.name, where, key=f"W11.{sheet.name}.{where}", fact=fact)

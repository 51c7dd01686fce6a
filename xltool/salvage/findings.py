"""What is to be said of a document that was read: what is doubtful, lacking, too much, or worded otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from xltool.check.finding import Finding, made
from xltool.figure import FigureId, plain
from xltool.form import Form
from xltool.messages import listed
from xltool.salvage.certainty import Certainty, Lack, Sureness
from xltool.salvage.labels import tightened
from xltool.salvage.sections import SectionRead
from xltool.salvage.tables import Collapsed, Extra

_LISTED = 6


def about_figures(form: Form, certainty: Mapping[FigureId, Certainty]) -> Iterator[Finding]:
    """Doubtful and missing inputs, those of one table with one reason together; totals are made by the form itself."""
    for table in form.tables:
        inputs = [figure for figure in form.figures_of(table.id) if figure.computed is None]
        read = {figure.id: certainty[figure.id] for figure in inputs}
        yield from _doubtful(form, read)
        if table.printed:
            yield from _missing(form, table.id, read)


def _doubtful(form: Form, read: Mapping[FigureId, Certainty]) -> Iterator[Finding]:
    for why, figures in _by_reason(read, Sureness.DOUBTFUL).items():
        values = [(form.figures[f].spoken, read[f].value) for f in figures]
        told = [f"{name}读作 {plain(value)}" for name, value in values if value is not None]
        fact = f"{listed(told, _LISTED, '格')}（{why}）"
        yield made("R01", read[figures[0]].place, "", _label(form, figures), figures, fact=fact)


def _missing(form: Form, table: str, read: Mapping[FigureId, Certainty]) -> Iterator[Finding]:
    if all(certainty.lack is Lack.TABLE for certainty in read.values()):
        section = form.section_of(table)
        fact = f"没有找到“{form.table(table).name}”，{len(read)} 个数都没有读到"
        yield made("R02", "", "", section.heading, tuple(read), fact=fact)
        return
    for why, figures in _by_reason(read, Sureness.MISSING).items():
        lack = read[figures[0]].lack
        if lack is Lack.ONE_ROW_FOR_SEVERAL:  # told by R05
            continue
        if lack is Lack.NOT_A_NUMBER:
            for figure in figures:
                fact = f"原件写的是“{read[figure].quoted}”，不是数字"
                yield made("R02", read[figure].place, "", form.figures[figure].spoken, (figure,), fact=fact)
            continue
        names = [form.figures[figure].spoken for figure in figures]
        fact = f"{listed(names, _LISTED, '格')}：{why}"
        yield made("R02", read[figures[0]].place, "", _label(form, figures), figures, fact=fact)


def _by_reason(read: Mapping[FigureId, Certainty], sureness: Sureness) -> dict[str, tuple[FigureId, ...]]:
    reasons: dict[str, tuple[FigureId, ...]] = {}
    for figure, certainty in read.items():
        if certainty.sureness is sureness:
            reasons[certainty.why] = (*reasons.get(certainty.why, ()), figure)
    return reasons


def _label(form: Form, figures: Sequence[FigureId]) -> str:
    if len(figures) == 1:
        return form.figures[figures[0]].spoken
    return form.section_of(figures[0].table).sheet


def about_tables(
    form: Form, extras: Iterable[Extra], collapsed: Iterable[Collapsed], certainty: Mapping[FigureId, Certainty]
) -> Iterator[Finding]:
    """Rows and columns that the form has not, and rows that stand for several."""
    for number, extra in enumerate(extras, 1):
        name = f"“{extra.label}”" if extra.label else f"没有标题的{extra.what}"
        fact = f"原件的表比表样多出一{extra.what}：{name}，其中的数没有读取"
        label = form.section_of(extra.table).sheet
        yield made("R03", extra.place, "", label, key=f"R03.{extra.table}.{number}", fact=fact)
    for one in collapsed:
        inputs = [figure for figure in one.figures if form.figures[figure].computed is None]
        lost = tuple(f for f in inputs if certainty[f].sureness is not Sureness.SURE)
        rows = {row.id: row.label.printed for block in form.table(one.table).blocks for row in block.rows}
        lines = "、".join(dict.fromkeys(rows[figure.row] for figure in one.figures))
        key = f"{one.table}.{one.figures[0].row}"
        if lost:
            count = str(len({figure.column for figure in lost}))
            yield made(
                "R05", one.place, "", one.label, lost, key=f"R05.{key}", quoted=one.label, count=count, lines=lines
            )
        else:
            yield made("R06", one.place, "", one.label, key=f"R06.{key}", quoted=one.label)


def about_sections(sections: Iterable[SectionRead]) -> Iterator[Finding]:
    """Headings that are lacking or worded otherwise."""
    for read in sections:
        heading = read.section.heading
        if not read.heading:
            yield made("R07", "", "", heading, key=f"R07.{read.section.id}", expected=heading)
        elif tightened(read.heading).rstrip("：:。") != tightened(heading):
            quoted = " ".join(read.heading.split())
            yield made("R08", read.place, "", heading, key=f"R08.{read.section.id}", quoted=quoted, expected=heading)


def about_edition(found: Form, due: Form, year: int) -> Iterator[Finding]:
    """The tables are those of another edition than the one for this year."""
    if found.id != due.id:
        yield made("R04", label="表式", key="R04", found=found.basis, expected=due.basis, year=str(year))


def about_title(unit: str, year: int, told_unit: str, told_year: int | None, place: str) -> Iterator[Finding]:
    """Unit and year as the document's title has them, against those it should have; "" and None: not told."""
    if told_unit and unit and tightened(told_unit) != tightened(unit):
        fact = f"标题里的单位是“{told_unit}”，要收的是“{unit}”"
        yield made(
            "R09",
            place,
            "",
            "标题",
            key="R09.unit",
            fact=fact,
            action="请核对是不是这个单位的文件；名称写法不同的，改正后再公布。",
        )
    if told_year and year and told_year != year:
        fact = f"标题里的年份是 {told_year} 年，要收的是 {year} 年"
        yield made("R09", place, "", "标题", key="R09.year", fact=fact, action="请核对是不是这一年的文件。")

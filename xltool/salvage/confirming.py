"""The fresh workbook that a person confirms: sure figures filled in, doubtful ones where they belong but no numbers.

A doubtful figure stands in its cell as 待核12. Left blank, a declaration that blanks are 0 would make it 0; filled in,
nobody would have to look. As a text it counts for nothing, is marked and listed, and is confirmed by taking two
characters away, in a whole table by one replacement.
"""

from __future__ import annotations

from dataclasses import replace

from xltool.check.filing import examine
from xltool.check.finding import Finding
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.narrative.joined import with_texts
from xltool.salvage.certainty import Sureness
from xltool.salvage.salvaging import Salvage
from xltool.spreadsheet.sheets import read_workbook
from xltool.workbook.layout.addresses import TO_CONFIRM
from xltool.workbook.layout.marking import HOW_TO_CONFIRM, Heading
from xltool.workbook.marked import marked_copy
from xltool.workbook.stamps import Stamps, read_stamps

_SAID_ALREADY = ("T01",)
"""Blanks are listed one reason at a time by the findings about the document."""


def stamped(data: bytes) -> Stamps | None:
    """The identity in a workbook that was handed out by us; None for every other file."""
    try:
        return read_stamps(read_workbook(data, lazily=True))
    except FileRefused:
        return None


def with_identity(form: Form, filing: Filing, stamps: Stamps) -> tuple[Filing, Filing | None]:
    """``filing`` as of the unit that the stamps name, where it is the same, and last year's figures with them."""
    if stamps.unit != filing.unit.name or stamps.year != filing.year:
        return filing, None
    implied = {fact.name: has for fact, has in form.facts_of(stamps.type).items()}
    powers = {name: has for name, has in stamps.powers.items() if implied.get(name) != has}
    unit = Unit(stamps.unit, stamps.code, stamps.type, powers)
    inputs = {figure.id for figure in form.inputs}
    named = {FigureId.parse(name): value for name, value in stamps.prior_values.items()}
    values = {figure: value for figure, value in named.items() if figure in inputs}
    prior = Filing(form.id, unit, filing.year - 1, values) if values else None
    return replace(filing, unit=unit), prior


def all_findings(salvaged: Salvage, prior: Filing | None = None) -> tuple[Finding, ...]:
    """What is to be said of the document, then what the checks of the form say of its figures and texts."""
    form, filing = salvaged.form, salvaged.filing
    examined = with_texts(form, filing, prior, examine(form, filing, prior).findings)
    return (*salvaged.findings, *(finding for finding in examined if finding.code not in _SAID_ALREADY))


def to_confirm(salvaged: Salvage, prior: Filing | None = None, issue: int = 1, source: str = "") -> bytes:
    """The workbook, with every open finding marked and listed. Its filing must name a unit and a year.

    ``source``: the name of the document, for people.
    """
    findings, heading = all_findings(salvaged, prior), _heading(salvaged, source)
    return marked_copy(salvaged.form, salvaged.filing, findings, prior, issue, heading=heading)


def inputs_counted(salvaged: Salvage) -> dict[Sureness, int]:
    """How many figures are sure, doubtful, missing; totals, which the form makes itself, are not counted."""
    kinds = [salvaged.certainty[figure.id].sureness for figure in salvaged.form.inputs]
    return {sureness: kinds.count(sureness) for sureness in Sureness}


def _heading(salvaged: Salvage, source: str) -> Heading:
    filing, counted = salvaged.filing, inputs_counted(salvaged)
    origin = f"文件“{source}”" if source else "交来的文件"
    unsure = ((Sureness.DOUBTFUL, "没有把握（写成“待核……”并标色）"), (Sureness.MISSING, "没有读到"))
    said = [f"有把握 {counted[Sureness.SURE]} 个"]
    said += [f"{words} {counted[kind]} 个" for kind, words in unsure if counted[kind]]
    facts = (
        f"{filing.unit.name}　{filing.year} 年　由程序从{origin}读出填写，不是单位自己填的",
        f"应填 {sum(counted.values())} 个数：{'，'.join(said)}。请对照原件核对，无误后再交。",
    )
    return Heading(TO_CONFIRM, "待核对的填报数据", facts, HOW_TO_CONFIRM)

"""Claims that disagree with the tables, as findings with their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xltool.check.filing import place_of
from xltool.check.finding import Finding, made
from xltool.figure import FigureId
from xltool.filing import Filing
from xltool.form import Form, Part, Section
from xltool.narrative.claims.declaration import vocabulary_of
from xltool.narrative.claims.reading import statements
from xltool.narrative.claims.statement import Statement, Way
from xltool.narrative.claims.verdict import Verdict, books, verdict
from xltool.narrative.claims.vocabulary import Item, Rate, Vocabulary


def claims_of(form: Form, filing: Filing, prior: Filing | None = None) -> tuple[Verdict, ...]:
    """Every statement about a figure in the texts of ``filing``, whether it holds or not, in the form's order."""
    vocabulary = vocabulary_of(form) if filing.texts else None
    if vocabulary is None:
        return ()
    said = [statement for _, part in _parts(form) for statement in _said(vocabulary, part.id, filing)]
    if not said:
        return ()
    known = books(form, filing, prior, said)
    return tuple(verdict(statement, known, vocabulary) for statement in said)


def claim_findings(form: Form, filing: Filing, prior: Filing | None = None) -> tuple[Finding, ...]:
    """What the texts of ``filing`` say otherwise than its tables, or last year's (``prior``); one line each."""
    found: dict[str, Finding] = {}
    for one in claims_of(form, filing, prior):
        if one.holds is False:
            finding = _finding(form, filing, one)
            # The same wrong number twice in one part is one finding; another number is another.
            while finding.key in found and found[finding.key].facts["number"] != finding.facts["number"]:
                finding = _numbered(finding, filing)
            found.setdefault(finding.key, finding)
    return tuple(found.values())


def _parts(form: Form) -> Iterator[tuple[Section, Part]]:
    return ((section, part) for section in form.sections for part in section.parts)


def _said(vocabulary: Vocabulary, part: str, filing: Filing) -> Iterator[Statement]:
    text = filing.texts.get(part, "")
    return statements(vocabulary, part, text, filing.unit.name, filing.year) if text.strip() else iter(())


def _numbered(finding: Finding, filing: Filing) -> Finding:
    """The finding under the next key: ….2, ….3."""
    stem, _, number = finding.key.rpartition(".")
    key = f"{stem}.{int(number) + 1}" if number.isdecimal() else f"{finding.key}.2"
    return replace(finding, key=key, explanation=filing.explanations.get(key, ""))


def _finding(form: Form, filing: Filing, one: Verdict) -> Finding:
    statement = one.statement
    section, part = next((s, p) for s, p in _parts(form) if p.id == statement.part)
    return made(
        one.code,
        section.sheet,
        "",
        part.title,
        one.figures,
        filing.explanations,
        key=f"{one.code}.{part.id}.{one.figures[0]}",
        quoted=statement.quoted,
        number=statement.number,
        table=_expected(form, filing, one),
        sentence=statement.sentence,
        right="、".join(number for _, number in one.right),
        figure="、".join(name for name, _ in one.right if name),
        where=_cell(form, filing, one.figures).strip(),
        basis=_basis(statement),
    )


def _expected(form: Form, filing: Filing, one: Verdict) -> str:
    """What the tables say, and where: 表三 K6“本年新收”是 43，“本年新收与上年结转之和”是 47."""
    match one.statement.way:
        case Way.GROWTH:
            return _computed(f"“{name}”{_moved(number, '增长', '下降', '%')}" for name, number in one.right)
        case Way.CHANGE:
            return _computed(f"“{name}”{_moved(number, '增加', '减少')}" for name, number in one.right)
        case Way.SHARE:
            return _computed(f"占“{name}”的 {number}%" for name, number in one.right)
        case Way.RATE:
            return _computed(f"“{name}”是 {number}%" for name, number in one.right)
    year = "上年的" if one.statement.last_year else ""
    unit = _unit(form, one.figures[0])
    return f"{year}{_cell(form, filing, one.figures)}" + "，".join(f"“{name}”是 {n}{unit}" for name, n in one.right)


def _computed(said: Iterable[str]) -> str:
    return f"按表计算，{'，'.join(said)}"


def _moved(number: str, up: str, down: str, unit: str = "") -> str:
    if number == "0":
        return "与上年持平"
    return f"比上年{down if number.startswith('-') else up} {number.removeprefix('-')}{unit}"


def _unit(form: Form, figure: FigureId) -> str:
    kind = form.figures[figure].kind
    return f" {kind.unit}" if kind.unit.endswith("元") else ""


def _cell(form: Form, filing: Filing, figures: tuple[FigureId, ...]) -> str:
    """Sheet and cell of a figure, the sheet alone for a sum of several."""
    sheet, cell = place_of(form, filing, figures[0])
    return f"{sheet} {cell} " if cell and len(figures) == 1 else sheet


def _basis(statement: Statement) -> str:
    about = statement.about
    return about.basis if isinstance(about, Item) else about.name if isinstance(about, Rate) else ""

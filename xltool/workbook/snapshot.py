"""The true value of every formula and stamp of a workbook, by the keys of its layout.

Programs show cached values until they recalculate, and some never do: what is written with a formula is what
the formula would give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from xltool.check.filing import written_length
from xltool.check.judge import Judgement, Ledger, State, amounts, facts, judge, known_before, state
from xltool.draft.saying import draft_cells, draft_text
from xltool.expr.evaluate import compared
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Figure, Form, Level, Section, Table
from xltool.workbook.identity import Identity, identify
from xltool.workbook.layout.addresses import draft_key, shown_drafts
from xltool.workbook.layout.band import MARK_GOOD, MARK_WRONG
from xltool.workbook.layout.checks import asking_for, due_parts
from xltool.workbook.layout.ledger import pointed_at
from xltool.workbook.layout.narrative import shown_draft

Value = Decimal | str | bool
_ZERO, _ONE, _TWO = Decimal(0), Decimal(1), Decimal(2)
ABSENT = {"unit.code": "—", "unit.type": "未注明", "prior": "无"}
"""What stands where a unit has no code or type, or no figures of last year were at hand."""


@dataclass(frozen=True)
class Snapshot:
    """Values by key, and the identity of the workbook they belong to."""

    identity: Identity
    values: Mapping[str, Value]


def take_snapshot(
    form: Form,
    filing: Filing,
    prior: Filing | None,
    issue: int,
) -> Snapshot:
    """Everything a workbook of ``filing`` shows: the unit's stamps, last year's figures, all results."""
    books = Ledger(amounts(form, filing), known_before(form, prior), {}, facts(form, filing.unit))
    identity = identify(form, filing.unit, filing.year, issue, books.prior)
    judgements = judge(form, books)
    states = {j.check.key: state(j, filing.explanations.get(j.check.key, "")) for j in judgements}
    values: dict[str, Value] = dict(_stamps(form, filing, identity, books))
    values.update(_figures(form, books))
    values.update(_results(judgements, states))
    values.update(_troubles(form, books, states))
    values.update(_texts(form, filing))
    values.update(_drafts(form, books))
    values.update((f"input.{figure.id}", Decimal(figure.computed is None)) for figure in form.figures.values())
    values.update(_summaries(form, filing, books, states, values))
    return Snapshot(identity, values)


def printed_title(unit: str, year: int, title: str) -> str:
    """What the cover says on top."""
    return f"{unit}{year}年{title}"


def _stamps(form: Form, filing: Filing, identity: Identity, books: Ledger) -> Iterator[tuple[str, Value]]:
    unit: Unit = filing.unit
    yield "title", printed_title(unit.name, filing.year, form.title)
    yield "unit.name", unit.name
    yield "unit.code", unit.code or ABSENT["unit.code"]
    yield "unit.type", unit.type or ABSENT["unit.type"]
    yield "issue", Decimal(identity.issue)
    yield "number", identity.number
    yield "prior", identity.prior_digest or ABSENT["prior"]
    known = {fact.name: has for fact, has in books.facts.items()}
    for power in form.powers:
        yield f"power.{power}", Decimal(known[power]) if power in known else ""


@dataclass(frozen=True)
class _Keys:
    """The keys of one figure, spelled once per form: a campaign asks for them ten thousand times."""

    figure: Figure
    amount: str
    prior: str
    change: str
    bad: str
    trouble: str


@lru_cache(maxsize=8)
def _keys(form: Form) -> tuple[_Keys, ...]:
    parts = ("amount", "prior", "change", "bad", "trouble")
    return tuple(_Keys(f, *(f"{part}.{f.id}" for part in parts)) for f in form.figures.values())


def _figures(form: Form, books: Ledger) -> Iterator[tuple[str, Value]]:
    for keys in _keys(form):
        figure_id = keys.figure.id
        now, before = books.current.get(figure_id), books.prior.get(figure_id)
        yield keys.amount, "" if now is None else now
        yield keys.prior, "" if before is None else before
        yield keys.change, "" if now is None or before is None else compared(now - before)
        yield keys.bad, _ONE if _is_bad(keys.figure, now) else _ZERO


def _is_bad(figure: Figure, now: Decimal | None) -> bool:
    return figure.computed is None and now is not None and not figure.kind.accepts(now)


def _results(judgements: tuple[Judgement, ...], states: dict[str, State]) -> Iterator[tuple[str, Value]]:
    for judgement in judgements:
        key = judgement.check.key
        yield f"state.{key}", str(states[key])
        yield f"left.{key}", "" if judgement.left is None else judgement.left
        yield f"right.{key}", "" if judgement.right is None else judgement.right
        yield f"gap.{key}", "" if judgement.gap is None else compared(judgement.gap)
        yield f"cond.{key}", "" if judgement.condition is None else judgement.condition
        yield f"mark.{key}", _mark(states[key])


def _mark(word: State) -> str:
    if word is State.PASSED:
        return MARK_GOOD
    if word in (State.FAILED, State.TO_EXPLAIN):
        return MARK_WRONG
    return str(word) if word is State.EXPLAINED else ""


def _troubles(form: Form, books: Ledger, states: dict[str, State]) -> Iterator[tuple[str, Value]]:
    worst: dict[FigureId, int] = {}
    for check in form.checks:
        if check.trial:
            continue
        severity = {(Level.ERROR, State.FAILED): 2, (Level.VERIFY, State.TO_EXPLAIN): 1}.get(
            (check.level, states[check.key]), 0
        )
        if severity:
            for figure in pointed_at(check):
                worst[figure] = max(worst.get(figure, 0), severity)
    for keys in _keys(form):
        figure_id = keys.figure.id
        bad = _is_bad(keys.figure, books.current.get(figure_id))
        yield keys.trouble, _TWO if bad else Decimal(worst.get(figure_id, 0))


def _texts(form: Form, filing: Filing) -> Iterator[tuple[str, Value]]:
    for section in form.sections:
        total = 0
        for part in section.parts:
            length = written_length(filing.texts.get(part.id, ""))
            total += length
            yield f"count.{part.id}", f"已写 {length} 字／不超过 {part.limit} 字"
        limit = f"，一般不超过 {section.limit} 字" if section.limit else ""
        yield f"total_count.{section.id}", f"本部分共 {total} 字{limit}"


def _drafts(form: Form, books: Ledger) -> Iterator[tuple[str, Value]]:
    for about, draft in shown_drafts(form):
        for name, said in draft_cells(draft, books.look_up).items():
            yield draft_key(about, name), said
        text = draft_text(draft, books.look_up)
        yield draft_key(about), text
        yield f"shown.{about.id}", shown_draft(text)


def _summaries(
    form: Form, filing: Filing, books: Ledger, states: dict[str, State], values: Mapping[str, Value]
) -> Iterator[tuple[str, Value]]:
    for section in form.sections:
        pieces = []
        if section.table is not None:
            status = _table_status(form, section.table, books, values)
            yield f"status.{section.table.id}", status
            pieces.append(status)
        pieces += _written(section, filing)
        yield f"section.{section.id}", "；".join(pieces)
    yield "overall", _overall(form, filing, books, states, values)


def _written(section: Section, filing: Filing) -> list[str]:
    due = due_parts(section)
    done = sum(bool(filing.texts.get(part.id, "").strip()) for part in due)
    return [f"文字已写 {done}/{len(due)} 段"] if due else []


def _blanks(form: Form, table: Table, books: Ledger) -> int:
    return sum(f.computed is None and f.id not in books.current for f in form.figures_of(table.id))


def _table_status(form: Form, table: Table, books: Ledger, values: Mapping[str, Value]) -> str:
    blanks = _blanks(form, table, books)
    troubles = {values[f"trouble.{figure.id}"] for figure in form.figures_of(table.id)}
    text = f"还有 {blanks} 格未填" if blanks else "已填全"
    if 2 in troubles:
        text += "，有不符的数（红色）"
    if 1 in troubles:
        text += "，有待说明的数（橙色）"
    return text


def _is_incomplete(form: Form, table: Table, books: Ledger, states: dict[str, State]) -> bool:
    is_asked = table.required or any(states[c.key] is State.INCOMPLETE for c in asking_for(form, table.id))
    return is_asked and _blanks(form, table, books) > 0


def _overall(form: Form, filing: Filing, books: Ledger, states: dict[str, State], values: Mapping[str, Value]) -> str:
    failed = sum(word is State.FAILED for word in states.values())
    failed += sum(values[f"bad.{figure}"] == 1 for figure in form.figures)
    waiting = sum(word is State.TO_EXPLAIN for word in states.values())
    tables = sum(_is_incomplete(form, table, books, states) for table in form.tables)
    due = [part for section in form.sections for part in due_parts(section)]
    texts = sum(not filing.texts.get(part.id, "").strip() and not values.get(draft_key(part)) for part in due)
    counts = ((failed, "处不符"), (waiting, "处待说明"), (tables, "张表未填全"), (texts, "段文字没有写"))
    said = [f"{count} {words}" for count, words in counts if count]
    return f"还有 {'、'.join(said)}" if said else "全部通过"

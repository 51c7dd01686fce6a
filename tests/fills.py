"""Filings for tests: shown as tables in the test itself, drawn by chance, or made by hypothesis.

fill(form, "t3", '''
         自然人  商业企业
    r1     12        3
    r4      2        .
''')
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from xltool.figure import FigureId, Kind
from xltool.filing import Filing, Unit
from xltool.form import Form, Level, Table

BLANK = "."
UNREADABLE = ("无", "没有", "-", "—", "/", "1.2万", "约30", "22（其中修订16件）", "不详")
"""What people type and no program takes for a number."""
SPACES = ("", "", "", " ", "  ", "　")
_WORDS = "政府信息公开工作年度报告 全年主动公开，依申请公开办理情况。\n　因清理失效，与上年不等 abc 123"


def fill(form: Form, table: str, shown: str) -> dict[FigureId, Decimal]:
    """The figures of a table shown as text: a line of columns, then lines of a row and its numbers.

    Rows and columns are ids or printed labels without spaces; ``.`` is a blank.
    """
    lines = [line.split() for line in shown.strip().splitlines() if line.strip()]
    columns = [_line_id(form.table(table), name) for name in lines[0]]
    values: dict[FigureId, Decimal] = {}
    for name, *numbers in lines[1:]:
        row = _line_id(form.table(table), name)
        for column, number in zip(columns, numbers, strict=True):
            figure = FigureId(table, row, column)
            assert figure in form.figures, f"no figure {figure}"
            if number != BLANK:
                values[figure] = Decimal(number)
    return values


def _line_id(table: Table, name: str) -> str:
    lines = [line for block in table.blocks for line in (*block.rows, *block.columns)]
    return next((line.id for line in lines if name in (line.id, line.label.text, line.label.short)), name)


def all_zero(form: Form, *tables: str) -> dict[FigureId, Decimal]:
    """0 in every cell that people fill in, of these tables or of all."""
    return {f.id: Decimal(0) for f in form.inputs if not tables or f.id.table in tables}


@dataclass(frozen=True)
class Fill:
    """What somebody typed: the filing it makes, and texts and spaces that stand where numbers are due."""

    filing: Filing
    prior: Filing | None
    odd: Mapping[FigureId, str]

    def typed(self) -> Iterator[tuple[str, Decimal | str]]:
        """Input key → number or text; inputs not named are blank."""
        for figure, value in self.filing.values.items():
            yield str(figure), value
        for figure, text in self.odd.items():
            yield str(figure), text
        for table in self.filing.zero_declared:
            yield f"zero.{table}", "是"
        yield from self.filing.texts.items()
        for key, text in self.filing.explanations.items():
            yield f"explain.{key}", text


def random_fill(form: Form, chance: Random, with_prior: bool) -> Fill:
    """One filing as units return them: mostly right, then blanks, wrong sums, odd numbers, texts, declarations."""
    unit = _random_unit(form, chance)
    prior = _random_prior(form, unit, chance) if with_prior else None
    values = _sensible_values(form, chance, prior)
    for mistake in chance.choices(_MISTAKES, k=chance.choice((0, 0, 1, 2, 5, 12))):
        mistake(form, values, chance)
    declared = {table.id for table in form.tables if table.required and chance.random() < 0.35}
    odd = {}
    for figure in chance.sample(list(form.inputs), k=chance.choice((0, 0, 0, 1, 3))):
        values.pop(figure.id, None)
        odd[figure.id] = chance.choice((*UNREADABLE, *SPACES[3:]))
    texts = {text_id: _random_text(chance) for text_id in form.text_ids if chance.random() < 0.6}
    open_checks = [check.key for check in form.checks if check.level is Level.VERIFY]
    explained = chance.sample(open_checks, k=chance.choice((0, 0, 3, len(open_checks) // 2)))
    explanations = {key: chance.choice((*SPACES, *["原因见附注" for _ in SPACES])) for key in explained}
    unread = {figure: text for figure, text in odd.items() if text.strip()}
    filing = Filing(form.id, unit, 2024, values, frozenset(declared), texts, explanations, unread)
    return Fill(filing, prior, odd)


def _random_unit(form: Form, chance: Random) -> Unit:
    powers = {power: chance.random() < 0.5 for power in form.powers if chance.random() < 0.3}
    return Unit("宁安区教育局", None, chance.choice((None, *form.unit_types)), powers)


def _random_prior(form: Form, unit: Unit, chance: Random) -> Filing:
    """Last year's figures: all, some, or only a table."""
    values = _sensible_values(form, chance, None)
    how = chance.choice(("all", "all", "some", "table"))
    if how == "some":
        values = {figure: value for figure, value in values.items() if chance.random() < 0.6}
    if how == "table":
        values = {figure: value for figure, value in values.items() if figure.table == "t3"}
    return Filing(form.id, unit, 2023, values)


def _sensible_values(form: Form, chance: Random, prior: Filing | None) -> dict[FigureId, Decimal]:
    """Every cell filled in, table 3 balanced; carried over from last year where that is known."""
    busy = chance.choice((0.05, 0.3, 1.0))
    values = {figure.id: _count(chance, busy) for figure in form.inputs}
    for figure in form.inputs:
        if figure.kind is not Kind.COUNT and values[figure.id]:
            places = min(figure.kind.places, chance.randrange(7))
            values[figure.id] += Decimal(chance.randrange(10**places)).scaleb(-places)
    if prior is not None and chance.random() < 0.7:
        _carry_over(values, prior, chance)
    for column in [c.id for c in form.table("t3").blocks[0].columns if c.computed is None]:
        _balance(values, column)
    return values


def _count(chance: Random, busy: float) -> Decimal:
    if chance.random() > busy:
        return Decimal(0)
    return Decimal(chance.choice((1, 2, 3, 7, 12, 19, 20, 21, 100, 105, 2024, 1_573_179)))


def _carry_over(values: dict[FigureId, Decimal], prior: Filing, chance: Random) -> None:
    for figure, before in prior.values.items():
        if figure.row == "r4":
            values[figure._replace(row="r2")] = before
        elif chance.random() < 0.6:
            values[figure] = before


def _balance(values: dict[FigureId, Decimal], column: str) -> None:
    first, second, left = (FigureId("t3", row, column) for row in ("r1", "r2", "r4"))
    done = sum(v for f, v in values.items() if f.row.startswith("r3") and f.column == column)
    surplus = done + values[left] - values[second]
    values[first] = max(surplus, Decimal(0))
    values[left] += max(-surplus, Decimal(0))


_Values = dict[FigureId, Decimal]
Mistake = Callable[[Form, _Values, Random], None]


def _blank(_form: Form, values: _Values, chance: Random) -> None:
    if values:
        values.pop(chance.choice(list(values)))


def _blank_table(form: Form, values: _Values, chance: Random) -> None:
    table = chance.choice(form.tables).id
    for figure in [figure for figure in values if figure.table == table and chance.random() < 0.8]:
        values.pop(figure)


def _change(_form: Form, values: _Values, chance: Random) -> None:
    if values:
        values[chance.choice(list(values))] += chance.choice((-3, -1, 1, 9, 1000))


def _decimals(_form: Form, values: _Values, chance: Random) -> None:
    if values:
        values[chance.choice(list(values))] += chance.choice(
            [Decimal(text) for text in ("0.5", "0.1", "0.3333", "0.000001", "0.1234567", "-0.25")]
        )


def _huge(_form: Form, values: _Values, chance: Random) -> None:
    if values:
        values[chance.choice(list(values))] = Decimal(chance.choice((13_900_000_000, 10**15, 3 * 10**18)))


_MISTAKES: tuple[Mistake, ...] = (_blank, _blank, _change, _change, _decimals, _decimals, _huge, _blank_table)


def _random_text(chance: Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(SPACES)
    start = chance.randrange(len(_WORDS))
    return (_WORDS[start:] + _WORDS * chance.randrange(12)).strip("'")


def whole_workbooks(examples: int) -> settings:
    """Settings for tests whose every example draws and reads a whole workbook: minutes would go into shrinking."""
    phases = (Phase.explicit, Phase.reuse, Phase.generate)
    slow = [HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, phases=phases, suppress_health_check=slow)


# Everything a person may write into a text; what XML cannot hold is dropped on writing and tested apart.
_CHARACTERS = st.one_of(
    st.sampled_from("公开信息　 \n\t&<>\"'_x=+@％（）〔〕😀镕𠮷 ；é_"),
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"),
)
_PIECES = st.sampled_from(
    ("_x000D_", "_x005F_", "=cmd|'/c calc'!A1", "http://example.com/a?b=1&c=2", "'12", "  首行缩进", "]]>", "\n\n")
)


def texts() -> st.SearchStrategy[str]:
    """Narrative as typed: not blank, otherwise anything."""
    pieces = st.lists(st.one_of(st.text(_CHARACTERS, max_size=20), _PIECES), min_size=1, max_size=5)
    return pieces.map("".join).filter(lambda text: bool(text.strip()))


def names() -> st.SearchStrategy[str]:
    """Names and keys: one line, no space around."""
    words = st.text(_CHARACTERS, min_size=1, max_size=20)
    return words.map(lambda text: " ".join(text.split())).filter(bool)


def numbers() -> st.SearchStrategy[Decimal]:
    """Up to 15 significant digits, as many as a workbook keeps; at most 6 decimals."""
    whole = st.integers(-9_999_999_999, 9_999_999_999).map(Decimal)
    small = st.integers(-999_999_999_999_999, 999_999_999_999_999).map(lambda n: Decimal(n).scaleb(-6))
    return st.one_of(st.just(Decimal(0)), st.integers(0, 400).map(Decimal), whole, small)


def units(form: Form) -> st.SearchStrategy[Unit]:
    """Units of every type; ``powers`` only where they say something else than the type."""
    units = st.builds(
        Unit,
        name=names(),
        code=st.none() | names().filter(lambda code: code != "—"),
        type=st.none() | st.sampled_from(sorted(form.unit_types)),
        powers=st.dictionaries(st.sampled_from(sorted(form.powers)), st.booleans()),
    )
    return units.map(lambda unit: _only_telling(form, unit))


def _only_telling(form: Form, unit: Unit) -> Unit:
    implied = {fact.name: has for fact, has in form.facts_of(unit.type).items()}
    return replace(unit, powers={name: has for name, has in unit.powers.items() if implied.get(name) != has})


def filings(form: Form) -> st.SearchStrategy[Filing]:
    """Any filing that a workbook can hold."""
    figures = st.dictionaries(st.sampled_from([figure.id for figure in form.inputs]), numbers(), max_size=20)
    required = [table.id for table in form.tables if table.required]
    known = st.dictionaries(st.sampled_from([check.key for check in form.checks]), texts(), max_size=4)
    other = st.dictionaries(names(), texts(), max_size=2)
    odd = st.dictionaries(
        st.sampled_from([figure.id for figure in form.inputs]), st.sampled_from(UNREADABLE), max_size=2
    )
    return st.builds(
        _filing,
        form=st.just(form.id),
        unit=units(form),
        year=st.sampled_from((2021, 2024, 2030)),
        values=figures,
        zero_declared=st.frozensets(st.sampled_from(required)),
        texts=st.dictionaries(st.sampled_from(form.text_ids), texts(), max_size=6),
        explanations=st.builds(lambda a, b: {**a, **b}, known, other),
        unread=odd,
    )


def _filing(**said: Any) -> Filing:
    """In a cell stands a number or a text, not both."""
    values = {figure: value for figure, value in said["values"].items() if figure not in said["unread"]}
    return Filing(**{**said, "values": values})


def priors(form: Form, filing: Filing) -> st.SearchStrategy[Filing | None]:
    """Nothing, or last year's figures of the same unit, perhaps only a few."""
    figures = st.dictionaries(
        st.sampled_from([figure.id for figure in form.inputs]), numbers(), min_size=1, max_size=12
    )
    made = figures.map(lambda values: Filing(form.id, filing.unit, filing.year - 1, values))
    return st.none() | made

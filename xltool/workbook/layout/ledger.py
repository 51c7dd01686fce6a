"""The hidden 计算 sheet: one row per figure in which blank, 0 and text are told apart, one row per check, drafts.

Everything on it is locked, so plain references to it survive whatever is cut or dragged on the other sheets.
Nothing is read back from it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xltool.draft.excel import cases_formula
from xltool.draft.model import Draft
from xltool.expr.excel import all_known, condition_formula, value_formula
from xltool.expr.model import Changed, Source, Term, figures
from xltool.figure import LARGEST, FigureId, plain
from xltool.form import Check, Figure, Form, Level, Part, Section
from xltool.workbook.layout.addresses import LEDGER, Addresses, Column, draft_key, shown_drafts
from xltool.workbook.layout.identity import YES
from xltool.workbook.layout.model import Area, Cell, Computed, Fixed, Place, Sheet, Stamp, Style, stripped

_FIGURE_HEADERS = ("指标", "数", "问题", "种类不符", "填报")
_CHECK_HEADERS = ("核对", "条件", "左边", "右边")


def ledger_sheet(form: Form, at: Addresses) -> Sheet:
    """Figure rows, then check rows, then a row for each phrase, sentence and draft."""
    cells: list[Cell] = [_fixed(0, column, text) for column, text in enumerate(_FIGURE_HEADERS)]
    concerned = _concerned(form)
    for figure in form.figures.values():
        cells += _figure_row(figure, at, concerned.get(figure.id, []))
    header = len(form.figures) + 1
    cells += [_fixed(header, column, text) for column, text in enumerate(_CHECK_HEADERS)]
    for check in form.checks:
        cells += _check_row(check, at)
    for about, draft in shown_drafts(form):
        cells += _draft_rows(about, draft, at)
    return Sheet(LEDGER, tuple(cells), (24, 14, 14, 14, 8), hidden=True)


def _area(row: int, column: int) -> Area:
    return Area(Place(LEDGER, row, column))


def _fixed(row: int, column: int, text: str) -> Fixed:
    return Fixed(_area(row, column), text, Style.DATA)


def _computed(row: int, column: int, key: str, formula: str) -> Computed:
    return Computed(_area(row, column), key, formula, Style.DATA)


def _figure_row(figure: Figure, at: Addresses, checks: list[Check]) -> Iterator[Cell]:
    row, name = at.ledger[figure.id], str(figure.id)
    yield _fixed(row, Column.NAME, name)
    yield _computed(row, Column.AMOUNT, f"amount.{name}", _amount_formula(figure, at))
    yield _computed(row, Column.TROUBLE, f"trouble.{name}", _trouble_formula(figure, at, checks))
    yield _computed(row, Column.BAD, f"bad.{name}", _bad_formula(figure, at))
    yield Stamp(_area(row, Column.IS_INPUT), f"input.{name}", Style.DATA)


def _check_row(check: Check, at: Addresses) -> Iterator[Cell]:
    row, comparison = at.judged[check.key], check.comparison
    yield _fixed(row, Column.NAME, check.key)
    if check.when is not None:
        formula = condition_formula(check.when, at.reference)
        yield _computed(row, Column.CONDITION, f"cond.{check.key}", formula)
    left, right = (value_formula(side, at.reference) for side in (comparison.left, comparison.right))
    yield _computed(row, Column.LEFT_SIDE, f"left.{check.key}", left)
    yield _computed(row, Column.RIGHT_SIDE, f"right.{check.key}", right)


def _draft_rows(about: Section | Part, draft: Draft, at: Addresses) -> Iterator[Cell]:
    def place(name: str) -> str:
        return at.saying(draft_key(about, name)).absolute

    for name, cases in draft.cells:
        yield from _said(draft_key(about, name), cases_formula(cases, at.reference, place), at)
    whole = "&".join(place(str(number)) for number in range(1, len(draft.sentences) + 1))
    if draft.needs:
        known = all_known([at.amount(figure).absolute for figure in draft.needs])
        whole = f'IF({known},{whole},"")'
    yield from _said(draft_key(about), whole, at)


def _said(key: str, formula: str, at: Addresses) -> Iterator[Cell]:
    place = at.saying(key)
    yield _fixed(place.row, Column.NAME, key)
    yield Computed(Area(place), key, formula, Style.DATA)


def _amount_formula(figure: Figure, at: Addresses) -> str:
    """A number as typed; 0 for a blank where the table's declaration is made; "" for all else."""
    if figure.computed is not None:
        return value_formula(figure.computed, at.reference)
    typed = at.figures[figure.id].place.indexed()
    zero = at.zeros.get(figure.id.table)
    if zero is None:
        return f'IF(ISNUMBER({typed}),{typed},"")'
    declared = f'IFERROR(IF(AND({stripped(typed)}="",{stripped(zero.indexed())}="{YES}"),0,""),"")'
    return f"IF(ISNUMBER({typed}),{typed},{declared})"


def _bad_formula(figure: Figure, at: Addresses) -> str:
    """1 where a number is not of its kind: negative, too large, or with too many decimals."""
    if figure.computed is not None:
        return "0"
    amount = at.amount(figure.id).absolute
    size = f"ABS({amount})" if figure.kind.signed else amount
    good = f"AND({size}>=0,{size}<{plain(LARGEST)},ROUND({amount},{figure.kind.places})={amount})"
    return f"IF(ISNUMBER({amount}),IF({good},0,1),0)"


def _trouble_formula(figure: Figure, at: Addresses, checks: list[Check]) -> str:
    """2 where an error concerns the figure, 1 where something waits for an explanation, else 0."""
    bad = Place(LEDGER, at.ledger[figure.id], Column.BAD).absolute
    wrong = [f"{bad}=1"]
    wrong += [f'{at.state(c.key).absolute}="不符"' for c in checks if c.level is Level.ERROR]
    open_ones = [f'{at.state(c.key).absolute}="待说明"' for c in checks if c.level is Level.VERIFY]
    waiting = f"IF({_any(open_ones)},1,0)" if open_ones else "0"
    return f"IF({_any(wrong)},2,{waiting})"


def _any(conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"OR({','.join(conditions)})"


def _concerned(form: Form) -> dict[FigureId, list[Check]]:
    """Which checks point at a figure; those over whole tables and those on trial colour no cell."""
    concerned: dict[FigureId, list[Check]] = {}
    for check in form.checks:
        if not check.trial:
            for figure in pointed_at(check):
                concerned.setdefault(figure, []).append(check)
    return concerned


def pointed_at(check: Check) -> tuple[FigureId, ...]:
    """This year's figures on the two sides of a check, each once."""
    sides = (check.comparison.left, check.comparison.right)
    if any(isinstance(side, Changed) for side in sides):
        return ()
    terms: tuple[Term, ...] = figures(check.comparison)
    return tuple(dict.fromkeys(term.figure for term in terms if term.source is not Source.PRIOR))

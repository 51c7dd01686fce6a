"""The 校验 sheet: every check with its state, both sides, and an open cell for an explanation."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.check.judge import State
from xltool.expr.excel import all_known, holds_formula
from xltool.expr.model import Source
from xltool.expr.sentence import asks_whether_given
from xltool.figure import FigureId
from xltool.form import Check, Form, Level, Part, Section, Table
from xltool.workbook.layout.addresses import CHECKS, CHECKS_TOP, COVER, LEDGER, Addresses, Column, draft_key
from xltool.workbook.layout.model import (
    Area,
    Cell,
    Computed,
    Fixed,
    Highlight,
    Input,
    Place,
    Sheet,
    Style,
    height_needed,
    stripped,
)

_WIDTHS = (20, 7, 62, 11, 13, 13, 12, 12, 46)
_HEADERS = (
    "编号",
    "级别",
    "核对内容",
    "结果",
    "左边",
    "右边",
    "差额",
    "位置",
    "说明（标“待说明”的，在此写明原因）",
)
OTHER_EXPLANATIONS = 24
"""Open lines below the list, for findings that have no row of their own."""


def checks_sheet(form: Form, at: Addresses) -> Sheet:
    """One row per check, in the order of the definition."""
    cells: list[Cell] = [
        Fixed(_area(0, Column.KEY, width=8), "校验：填报数据的全部核对结果", Style.SECTION),
        Fixed(_area(0, Column.EXPLANATION), "返回封面", Style.LINK, link=Place(COVER, 0, 1)),
        Computed(_area(1, Column.KEY, width=9), "overall", _overall(form, at), Style.OVERALL),
        Fixed(_area(2, Column.KEY, width=9), _HINT, Style.HINT),
    ]
    header = CHECKS_TOP - 1
    cells += [Fixed(_area(header, c), text, Style.HEADER) for c, text in enumerate(_HEADERS)]
    heights = {0: 28.0, 1: 24.0, 2: 36.0, header: 24.0}
    for check in form.checks:
        row = at.checks[check.key]
        cells += _row(check, row, at)
        heights[row] = max(20, height_needed(_text(check), _WIDTHS[Column.SAYS], 10))
    last = CHECKS_TOP + len(form.checks) - 1
    cells += _other_explanations(last + 2, heights)
    state = Area(Place(CHECKS, CHECKS_TOP, Column.STATE), len(form.checks))
    first = state.place.cell
    return Sheet(
        CHECKS,
        tuple(cells),
        _WIDTHS,
        heights,
        highlights=tuple(Highlight(state, f'{first}="{word}"', style) for word, style in _COLOURS),
        freeze=(CHECKS_TOP, 1),
        print_area=Area(Place(CHECKS, 0, 0), last + 2 + OTHER_EXPLANATIONS, len(_WIDTHS)),
        landscape=True,
        repeat_rows=(header, header),
        filter_area=Area(Place(CHECKS, header, 0), len(form.checks) + 1, len(_WIDTHS)),
        tab="green",
    )


_COLOURS = (
    (State.FAILED, "wrong"),
    (State.TO_EXPLAIN, "open"),
    (State.PASSED, "good"),
    (State.EXPLAINED, "good"),
    (State.INCOMPLETE, "pale"),
    (State.NO_PRIOR, "pale"),
    (State.HINT, "pale"),
)
_HINT = (
    "“错误”必须改正；“核实”的请改正，确实如此的在右边“说明”栏写明原因。“未填全”表示有关的格还没有填。"
    "点“位置”可跳到要看的格。"
)


def _area(row: int, column: int, width: int = 1) -> Area:
    return Area(Place(CHECKS, row, column), 1, width)


def _text(check: Check) -> str:
    return f"{check.title}（{check.element}）" if check.element else check.title


def _row(check: Check, row: int, at: Addresses) -> Iterator[Cell]:
    key = check.key
    yield Fixed(_area(row, Column.KEY), key, Style.LIST)
    level = f"{check.level}（试行）" if check.trial else str(check.level)
    yield Fixed(_area(row, Column.LEVEL), level, Style.LIST_CENTRE)
    yield Fixed(_area(row, Column.SAYS), _text(check), Style.LIST)
    yield Computed(_area(row, Column.STATE), f"state.{key}", _state(check, at), Style.STATE)
    for column, side, name in ((Column.LEFT, Column.LEFT_SIDE, "left"), (Column.RIGHT, Column.RIGHT_SIDE, "right")):
        formula = Place(LEDGER, at.judged[key], side).absolute
        yield Computed(_area(row, column), f"{name}.{key}", formula, Style.NUMBER)
    yield Computed(_area(row, Column.GAP), f"gap.{key}", _gap(key, at), Style.NUMBER)
    look = _where_to_look(check, at)
    yield Fixed(_area(row, Column.WHERE), f"{look.sheet[:2].rstrip('、')} {look.cell}", Style.LIST_LINK, link=look)
    explanation = _area(row, Column.EXPLANATION)
    if check.level is Level.VERIFY:
        yield Input(explanation, f"explain.{key}", Style.INPUT_LINE, limit=1000, prompt="说明", message=_EXPLAIN)
    else:
        yield Fixed(explanation, "", Style.BLOCKED)


_EXPLAIN = "结果为“待说明”的，请改正有关的数；确实如此的，在此写明原因。"


def _where_to_look(check: Check, at: Addresses) -> Place:
    figure: FigureId = next((t.figure for t in check.figures if t.source is not Source.PRIOR), check.figures[0].figure)
    return at.figures[figure].place


def _known(row_key: str, at: Addresses) -> tuple[str, str]:
    return at.side(row_key, Column.LEFT).absolute, at.side(row_key, Column.RIGHT).absolute


def _gap(key: str, at: Addresses) -> str:
    left, right = _known(key, at)
    return f'IF({all_known([left, right])},ROUND({left}-{right},6),"")'


def _state(check: Check, at: Addresses) -> str:
    """The word of ``xltool.check.judge.state`` as a formula."""
    left, right = _known(check.key, at)
    prior = [at.reference(term) for term in check.needs if term.source is Source.PRIOR]
    missing = f'"{State.INCOMPLETE}"'
    if prior:
        missing = f'IF({all_known(prior)},{missing},"{State.NO_PRIOR}")'
    verdict = f'IF({holds_formula(check.comparison, left, right)},"{State.PASSED}",{_failed(check, at)})'
    judged = f"IF({all_known([left, right])},{verdict},{missing})"
    if check.when is None:
        return judged
    condition = Place(LEDGER, at.judged[check.key], Column.CONDITION).absolute
    return f'IF({condition}="",{missing},IF({condition},{judged},"{State.PASSED}"))'


def _failed(check: Check, at: Addresses) -> str:
    if check.trial or check.level is Level.HINT:
        return f'"{State.HINT}"'
    if check.level is Level.ERROR:
        return f'"{State.FAILED}"'
    explanation = at.side(check.key, Column.EXPLANATION).indexed()
    open_state = State.INCOMPLETE if asks_whether_given(check.comparison) else State.TO_EXPLAIN
    return f'IF({stripped(explanation)}="","{open_state}","{State.EXPLAINED}")'


def _other_explanations(top: int, heights: dict[int, float]) -> Iterator[Cell]:
    text = "其他说明：主管部门提出、上面没有列的核实意见，在左边写编号，右边写说明"
    yield Fixed(_area(top, Column.KEY, width=9), text, Style.HINT)
    heights[top] = 24.0
    for index in range(OTHER_EXPLANATIONS):
        row = top + 1 + index
        heights[row] = 24.0
        yield Input(_area(row, Column.KEY), f"other.{index}.key", Style.INPUT_LINE, limit=100)
        yield Input(_area(row, Column.LEVEL, width=8), f"other.{index}.text", Style.INPUT_LINE, limit=1000)


def _overall(form: Form, at: Addresses) -> str:
    """“还有 2 处不符、1 处待说明、3 张表未填全、2 段文字没有写” or “全部通过”."""
    last = CHECKS_TOP + len(form.checks) - 1
    states = _column_range(CHECKS, Column.STATE, CHECKS_TOP, last)
    rows = list(at.ledger.values())
    bad = f"SUM({_column_range(LEDGER, Column.BAD, rows[0], rows[-1])})"
    failed = f'(COUNTIF({states},"{State.FAILED}")+{bad})'
    waiting = f'COUNTIF({states},"{State.TO_EXPLAIN}")'
    tables = "+".join(_incomplete(form, table, at) for table in form.tables) or "0"
    texts = "+".join(_unwritten(part, at) for section in form.sections for part in due_parts(section)) or "0"
    parts = [(failed, "处不符"), (waiting, "处待说明"), (f"({tables})", "张表未填全"), (f"({texts})", "段文字没有写")]
    text = "&".join(f'IF({count}>0,"、"&{count}&" {words}","")' for count, words in parts)
    total = "+".join(count for count, _ in parts)
    return f'IF({total}=0,"全部通过","还有 "&MID({text},2,99))'


def _incomplete(form: Form, table: Table, at: Addresses) -> str:
    """1 where the table lacks a figure: one that need not be filled in only where a check asks for it."""
    blanks = f"{blank_count(form, table.id, at)}>0"
    if table.required:
        return f"IF({blanks},1,0)"
    asking = [f'{at.state(check.key).absolute}="{State.INCOMPLETE}"' for check in asking_for(form, table.id)]
    return f"IF(AND({blanks},OR({','.join(asking)})),1,0)" if asking else "0"


def asking_for(form: Form, table: str) -> list[Check]:
    """Checks that only ask whether figures of the table are given."""
    asking = (check for check in form.checks if asks_whether_given(check.comparison))
    return [check for check in asking if any(term.figure.table == table for term in check.figures)]


def due_parts(section: Section) -> list[Part]:
    """What the unit has to write."""
    return [part for part in section.parts if not part.optional]


def _unwritten(part: Part, at: Addresses) -> str:
    """1 where the part is blank and no draft stands in for it."""
    blank = f'{stripped(at.texts[part.id].place.indexed())}=""'
    if part.draft is None:
        return f"IF({blank},1,0)"
    return f'IF({blank},IF({at.saying(draft_key(part)).absolute}="",1,0),0)'


def _column_range(sheet: str, column: int, first: int, last: int) -> str:
    end = Place(sheet, last, column).absolute.rpartition("!")[2]
    return f"{Place(sheet, first, column).absolute}:{end}"


def blank_count(form: Form, table_id: str, at: Addresses) -> str:
    """How many of the table's inputs hold no number and are not declared 0, as a formula."""
    # SUMPRODUCT over ISNUMBER would say the same, but not in Gnumeric.
    figures = form.figures_of(table_id)
    rows, due = [at.ledger[figure.id] for figure in figures], sum(figure.computed is None for figure in figures)
    amounts = _column_range(LEDGER, Column.AMOUNT, rows[0], rows[-1])
    inputs = _column_range(LEDGER, Column.IS_INPUT, rows[0], rows[-1])
    return f'({due}-SUMIF({amounts},">=0",{inputs})-SUMIF({amounts},"<0",{inputs}))'


def trouble_range(form: Form, table_id: str, at: Addresses) -> str:
    """The trouble column of a table's figures."""
    rows = [at.ledger[figure.id] for figure in form.figures_of(table_id)]
    return _column_range(LEDGER, Column.TROUBLE, rows[0], rows[-1])

"""校验 of the consolidated workbook: what group H found, then every declared check, live."""

from __future__ import annotations

from collections.abc import Iterator

from xltool.check.finding import Finding
from xltool.check.judge import State
from xltool.expr.excel import all_known, condition_formula, holds_formula, value_formula
from xltool.expr.model import Source
from xltool.expr.sentence import asks_whether_given
from xltool.form import Check, Level
from xltool.workbook.layout.addresses import CHECKS
from xltool.workbook.layout.consolidated.places import NOTE_ROW, Places
from xltool.workbook.layout.consolidated.sheets import heading, note_highlight
from xltool.workbook.layout.consolidated.summary import Summary
from xltool.workbook.layout.model import Area, Cell, Computed, Fixed, Highlight, Place, Sheet, Style, height_needed

_WIDTHS = (18.0, 8.0, 66.0, 12.0, 14.0, 14.0, 13.0)
_KEY, _LEVEL, _SAYS, _STATE, _LEFT, _RIGHT, _GAP = range(7)
_HEADERS = ("编号", "级别", "核对内容", "结果", "左边", "右边", "差额")
_TOP = 4
_MOST_LISTED = 300
_ORDER = {Level.ERROR: 0, Level.VERIFY: 1, Level.HINT: 2}
_COLOURS = (
    (State.FAILED, "wrong"),
    (State.TO_EXPLAIN, "open"),
    (State.PASSED, "good"),
    (State.INCOMPLETE, "pale"),
    (State.NO_PRIOR, "pale"),
    (State.HINT, "pale"),
)


def checks_sheet(summary: Summary, at: Places) -> Sheet:
    """Findings by level first; below them one row per check of the form."""
    heights = {0: 28.0, _TOP: 26.0}
    cells = [*heading(summary, CHECKS, "校验：汇总的核对结果", len(_WIDTHS)), *_findings(summary, heights)]
    top = max(cell.area.last.row for cell in cells) + 2
    cells.append(Fixed(_area(top, 0, len(_WIDTHS)), "表内、表间和跨年的核对（随表中的数变动）", Style.SECTION))
    cells += [Fixed(_area(top + 1, column), text, Style.HEADER) for column, text in enumerate(_HEADERS)]
    heights |= {top: 26.0, top + 1: 22.0}
    first = top + 2
    for row, check in enumerate(summary.form.checks, start=first):
        cells += _row(check, row, at)
        heights[row] = max(20.0, height_needed(_text(check), _WIDTHS[_SAYS], 10))
    states = Area(Place(CHECKS, first, _STATE), max(len(summary.form.checks), 1))
    words = [Highlight(states, f'{states.place.cell}="{word}"', style) for word, style in _COLOURS]
    return Sheet(
        CHECKS,
        tuple(cells),
        _WIDTHS,
        heights,
        highlights=(*note_highlight(summary, CHECKS, 0, len(_WIDTHS)), *words),
        freeze=(NOTE_ROW + 1, 0),
        print_area=Area(Place(CHECKS, 0, 0), states.last.row + 1, len(_WIDTHS)),
        landscape=True,
        repeat_rows=(0, NOTE_ROW),
        tab="green",
    )


def _area(row: int, column: int, width: int = 1) -> Area:
    return Area(Place(CHECKS, row, column), 1, width)


def _findings(summary: Summary, heights: dict[int, float]) -> Iterator[Cell]:
    found = sorted(summary.findings, key=lambda finding: _ORDER[finding.level])
    title = f"汇总的核对（{len(found)} 条）" if found else "汇总的核对：全部通过"
    yield Fixed(_area(_TOP, 0, len(_WIDTHS)), title, Style.SECTION)
    wide = sum(_WIDTHS[_SAYS:])
    for row, finding in enumerate(found[:_MOST_LISTED], start=_TOP + 1):
        text = _said(finding)
        heights[row] = max(20.0, height_needed(text, wide, 10))
        yield Fixed(_area(row, _KEY), finding.code, Style.LIST_CENTRE)
        yield Fixed(_area(row, _LEVEL), str(finding.level), Style.LIST_CENTRE)
        yield Fixed(_area(row, _SAYS, len(_WIDTHS) - _SAYS), text, Style.LIST)
    if len(found) > _MOST_LISTED:
        more = f"……共 {len(found)} 条，这里列出前 {_MOST_LISTED} 条。"
        yield Fixed(_area(_TOP + 1 + _MOST_LISTED, 0, len(_WIDTHS)), more, Style.LIST)


def _said(finding: Finding) -> str:
    """The sentence, behind its place where it does not name that itself."""
    return finding.said if finding.label in finding.said else f"{finding.place}：{finding.said}"


def _text(check: Check) -> str:
    return f"{check.title}（{check.element}）" if check.element else check.title


def _row(check: Check, row: int, at: Places) -> Iterator[Cell]:
    key, comparison = check.key, check.comparison
    level = f"{check.level}（试行）" if check.trial else str(check.level)
    yield Fixed(_area(row, _KEY), key, Style.LIST)
    yield Fixed(_area(row, _LEVEL), level, Style.LIST_CENTRE)
    yield Fixed(_area(row, _SAYS), _text(check), Style.LIST)
    left, right = (Place(CHECKS, row, column).absolute for column in (_LEFT, _RIGHT))
    yield Computed(_area(row, _STATE), f"state.{key}", _state(check, left, right, at), Style.STATE)
    for column, side, name in ((_LEFT, comparison.left, "left"), (_RIGHT, comparison.right, "right")):
        yield Computed(_area(row, column), f"{name}.{key}", value_formula(side, at.reference), Style.NUMBER)
    gap = f'IF({all_known([left, right])},ROUND({left}-{right},6),"")'
    yield Computed(_area(row, _GAP), f"gap.{key}", gap, Style.NUMBER)


def _state(check: Check, left: str, right: str, at: Places) -> str:
    """The word of ``xltool.check.judge.state`` as a formula; nobody explains anything here."""
    missing = f'"{State.INCOMPLETE}"'
    prior = [at.before(term.figure) for term in check.needs if term.source is Source.PRIOR]
    if prior:
        known = all_known([place.absolute for place in prior])
        missing = f'IF({known},{missing},"{State.NO_PRIOR}")'
    verdict = f'IF({holds_formula(check.comparison, left, right)},"{State.PASSED}","{_failed(check)}")'
    judged = f"IF({all_known([left, right])},{verdict},{missing})"
    if check.when is None:
        return judged
    condition = condition_formula(check.when, at.reference)
    return f'IF({condition}="",{missing},IF({condition},{judged},"{State.PASSED}"))'


def _failed(check: Check) -> State:
    if check.trial or check.level is Level.HINT:
        return State.HINT
    if check.level is Level.ERROR:
        return State.FAILED
    return State.INCOMPLETE if asks_whether_given(check.comparison) else State.TO_EXPLAIN

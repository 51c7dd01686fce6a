"""A finding: something about a filing that people should know. Findings are values; nothing raises them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xltool.check.judge import Judgement, Outcome, State, state
from xltool.expr.evaluate import Lookup
from xltool.expr.model import Source, Term
from xltool.expr.sentence import asks_whether_given
from xltool.figure import FigureId, plain
from xltool.form import Check, Level
from xltool.messages import MESSAGES, sentence


@dataclass(frozen=True)
class Finding:
    """``code`` is a rule's or one of MESSAGES; ``key`` tells instances apart and is what explanations refer to.

    ``sheet``, ``cell``: where to look, "" where there is no such place. ``label``: the heading there.
    ``facts``: what was found and expected, as texts. ``outcome`` 未填全: it could not be judged.
    """

    code: str
    key: str
    level: Level
    outcome: Outcome
    sheet: str
    cell: str
    label: str
    said: str
    figures: tuple[FigureId, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    explanation: str = ""
    trial: bool = False

    @property
    def is_open(self) -> bool:
        """Whether somebody has to act: an error, or something to verify that nobody has explained."""
        if self.trial or self.level is Level.HINT:
            return False
        return self.level is Level.ERROR or not self.explanation.strip()

    @property
    def place(self) -> str:
        """``表三 D5（一、本年新收 · 自然人）``."""
        where = " ".join(part for part in (self.sheet, self.cell) if part)
        return f"{where}（{self.label}）" if self.label else where

    @property
    def state(self) -> str:
        """错误, 核实, 提示, or 已说明."""
        if self.level is Level.VERIFY and self.explanation.strip():
            return State.EXPLAINED
        return f"{self.level}（试行）" if self.trial else self.level


def finding_data(finding: Finding) -> dict[str, Any]:
    """The finding as JSON-ready data."""
    return {
        "code": finding.code,
        "key": finding.key,
        "level": finding.level,
        "open": finding.is_open,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "label": finding.label,
        "figures": [str(figure) for figure in finding.figures],
        "text": finding.said,
        "facts": dict(finding.facts),
        "explanation": finding.explanation,
    }


def made(
    code: str,
    sheet: str = "",
    cell: str = "",
    label: str = "",
    figures: tuple[FigureId, ...] = (),
    explanations: Mapping[str, str] | None = None,
    key: str = "",
    **facts: str,
) -> Finding:
    """A finding of a built-in code; its key is the code and, behind it, what it is about."""
    key = key or ".".join([code, *(str(figure) for figure in figures[:1])])
    return Finding(
        code=code,
        key=key,
        level=Level(MESSAGES[code].level),
        outcome=Outcome.FAILED,
        sheet=sheet,
        cell=cell,
        label=label,
        said=sentence(code, facts),
        figures=figures,
        facts=facts,
        explanation=(explanations or {}).get(key, ""),
    )


def of_judgement(judgement: Judgement, value: Lookup, sheet: str, cell: str, label: str, explanation: str) -> Finding:
    """The finding of a declared check that failed; ``value`` gives the figures it was judged by."""
    check = judgement.check
    gap = None if judgement.gap is None else abs(judgement.gap)
    left, right, apart = (_shown(value) for value in (judgement.left, judgement.right, gap))
    return Finding(
        code=check.code,
        key=check.key,
        level=check.level,
        outcome=judgement.outcome,
        sheet=sheet,
        cell=cell,
        label=label,
        said=_sentence(check, _two_years(check, value) or _two_sides(check, left, right, apart)),
        figures=tuple(term.figure for term in check.figures),
        facts={
            "left": left,
            "right": right,
            "gap": _shown(judgement.gap),
            "state": str(state(judgement, explanation)),
        },
        explanation=explanation,
        trial=check.trial,
    )


def _sentence(check: Check, numbers: str) -> str:
    title = f"{check.title}（{check.element}）" if check.element else check.title
    if asks_whether_given(check.comparison):
        numbers = "没有填全"
    return f"{title}；现在{numbers}。{check.action}"


def _two_years(check: Check, value: Lookup) -> str:
    """A figure against itself a year ago, in these words; "" for every other check."""
    figures = {term.figure for term in check.figures}
    prior = Term(check.figures[0].figure, Source.PRIOR)
    if len(figures) != 1 or prior not in check.figures:
        return ""
    return f"本年是 {_shown(value(Term(prior.figure)))}，上年是 {_shown(value(prior))}"


def _two_sides(check: Check, left: str, right: str, apart: str) -> str:
    left_name, right_name = check.sides
    if right_name == right:
        return f"{left_name}是 {left}"
    return f"{left_name}是 {left}，{right_name}是 {right}，相差 {apart}"


def _shown(value: Decimal | None) -> str:
    return "" if value is None else plain(value)

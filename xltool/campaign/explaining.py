"""Explanations that the office recorded: they hold for unit, check and the values explained, until those change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from xltool.campaign.records import Decision
from xltool.check.finding import Finding
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Level

EXPLAIN, SET_LEVEL = "说明", "定级"
TRIAL = "试行"
_EXPLAINED_FACTS = frozenset(("left", "right", "quoted", "count", "round"))


def values_fingerprint(filing: Filing, finding: Finding) -> str:
    """The values that an explanation of ``finding`` explains: its figures', and what was said of them."""
    said = [f"{figure}={_value(filing, figure)}" for figure in finding.figures]
    facts = {name: value for name, value in finding.facts.items() if name in _EXPLAINED_FACTS}
    said += [f"{name}={value}" for name, value in sorted(facts.items())]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _value(filing: Filing, figure: FigureId) -> str:
    if figure in filing.values:
        return plain(filing.values[figure])
    return "0" if figure.table in filing.zero_declared else ""


def explained(
    findings: Iterable[Finding], unit: str, filing: Filing, decisions: Iterable[Decision]
) -> tuple[Finding, ...]:
    """``findings`` at the levels this campaign gave their codes, with the office's explanations put in where the
    explained values still stand. ``decisions``: the log, or of it the unit's lines and those of no unit."""
    log = list(decisions)
    texts = {
        (decision.data["key"], decision.data["values"]): decision.note
        for decision in log
        if decision.unit == unit and decision.action == EXPLAIN
    }
    levels = levels_of(log)
    result = []
    for finding in findings:
        leveled = _at_level(finding, levels.get(finding.code, ""))
        text = texts.get((leveled.key, values_fingerprint(filing, leveled)), "") if texts else ""
        if text and leveled.is_open and leveled.level is Level.VERIFY:
            leveled = replace(leveled, explanation=text)
        result.append(leveled)
    return tuple(result)


def levels_of(decisions: Iterable[Decision]) -> dict[str, str]:
    """The levels that the campaign gave to codes, the last word of each."""
    return {d.data["code"]: d.data["level"] for d in decisions if d.action == SET_LEVEL}


def _at_level(finding: Finding, level: str) -> Finding:
    """``finding`` at ``level``: 错误, 核实, 提示 or 试行 (reported, never blocking); "" leaves it as it is."""
    if not level:
        return finding
    return replace(finding, level=Level.HINT if level == TRIAL else Level(level), trial=False)

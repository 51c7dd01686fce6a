"""Explanations that the office recorded: they hold for unit, check and the values explained, until those change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from xltool.campaign.records import Decision
from xltool.figure import FigureId, plain
from xltool.filing import Filing

EXPLAIN = "说明"


def values_fingerprint(filing: Filing, finding: Mapping[str, Any]) -> str:
    """The values that an explanation of ``finding`` explains: its figures', and what was said of them."""
    figures = [FigureId.parse(name) for name in finding["figures"]]
    said = [f"{figure}={_value(filing, figure)}" for figure in figures]
    facts = {name: value for name, value in finding["facts"].items() if name in ("left", "right", "quoted", "count")}
    said += [f"{name}={value}" for name, value in sorted(facts.items())]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _value(filing: Filing, figure: FigureId) -> str:
    if figure in filing.values:
        return plain(filing.values[figure])
    return "0" if figure.table in filing.zero_declared else ""


def explained(
    findings: Iterable[dict[str, Any]], unit: str, filing: Filing, decisions: Iterable[Decision]
) -> list[dict[str, Any]]:
    """``findings`` with the office's explanations put in where the explained values still stand."""
    texts = {
        (decision.data["key"], decision.data["values"]): decision.note
        for decision in decisions
        if decision.unit == unit and decision.action == EXPLAIN
    }
    result = []
    for finding in findings:
        text = texts.get((finding["key"], values_fingerprint(filing, finding)), "") if texts else ""
        if text and finding["open"] and finding["level"] == "核实":
            finding = {**finding, "explanation": text, "open": False}
        result.append(finding)
    return result

"""What is to be said of one file taken in, as lines of text: by sheet and cell, errors first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from xltool.check.finding import Finding
from xltool.form import Level
from xltool.intake import Intake
from xltool.sheetnames import COVER

_LEVELS = list(Level)


def listed(intake: Intake) -> Iterator[str]:
    """The file, then its sheets with their findings: cell, what stands there, what is due, what to do."""
    yield f"{intake.path}{_whose(intake)}"
    for sheet, findings in groupby(_in_order(intake), key=lambda finding: finding.sheet):
        if sheet:
            yield f"  {sheet}"
        for finding in findings:
            yield from _finding(finding)
    yield f"  {_counts(intake)}"


def _whose(intake: Intake) -> str:
    if intake.returned is None:
        return ""
    filing = intake.returned.filing
    return f"  {filing.unit.name}  {filing.year} 年"


def _in_order(intake: Intake) -> list[Finding]:
    """Findings by sheet in the workbook's order, errors first within a sheet; what has no sheet comes last."""
    known = [section.sheet for section in intake.returned.form.sections] if intake.returned else []
    order = {sheet: index for index, sheet in enumerate([COVER, *known])}
    last = len(order)
    return sorted(
        intake.findings, key=lambda f: (not f.sheet, order.get(f.sheet, last), f.sheet, _LEVELS.index(f.level))
    )


def _finding(finding: Finding) -> Iterator[str]:
    where = " ".join(part for part in (finding.cell, f"（{finding.label}）" if finding.label else "") if part)
    yield f"    {finding.state} {where}".rstrip()
    yield f"      {finding.said}〔{finding.key}〕"
    if finding.explanation.strip():
        yield f"      说明：{finding.explanation.strip()}"


def _counts(intake: Intake) -> str:
    if intake.returned is None:
        return "没有读取。"
    by_level = sorted(intake.findings, key=lambda finding: _LEVELS.index(finding.level))
    counted = Counter(finding.state for finding in by_level)
    if not intake.open_findings:
        rest = "、".join(f"{word} {count}" for word, count in counted.items())
        return "√ 没有要处理的问题" + (f"（{rest}）" if rest else "") + "。下一步：xltool report 生成报告。"
    counts = "、".join(f"{word} {count} 处" for word, count in counted.items())
    elsewhere = "（表里没有这个编号的，写在该页最下面）"
    return f"共：{counts}。请填报单位改正“错误”，“核实”的改正，或在“校验”页写明原因{elsewhere}。"

"""xltool check: all findings of all files at once."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import typer

from xltool.check.finding import Finding
from xltool.check.judge import state
from xltool.cli.chinese import program
from xltool.cli.options import JSON_HELP, PRIOR_HELP, chosen_form, prior_filing, refuse_wrong_prior
from xltool.cli.output import FINDINGS, NOTHING_WRONG, progress, say, say_json
from xltool.files import chosen_files
from xltool.form import Level
from xltool.intake import Expected, Intake, take_in


def check(
    files: list[Path] = typer.Argument(..., metavar="文件…", help="交回的工作簿，可以多个。"),
    prior: Path | None = typer.Option(None, "--prior", metavar="文件", help=PRIOR_HELP),
    form_id: str | None = typer.Option(None, "--form", metavar="表式", help="应为哪个表式；不写则不核对。"),
    unit: str | None = typer.Option(None, "--unit", metavar="单位全称", help="应为哪个单位；不写则不核对。"),
    year: int | None = typer.Option(None, "--year", metavar="年份", help="应为哪个年度；不写则不核对。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """核对交回的工作簿，一次列出全部问题。

    没有要处理的问题时退出码为 0，有为 1（只有“提示”和已说明的不算），不能运行为 2。
    """
    form = chosen_form(form_id) if form_id is not None else None
    last_year = prior_filing(prior, form)
    if year is not None:
        refuse_wrong_prior(last_year, year)
    expected = Expected(form_id, unit, year)
    taken = [take_in(path, last_year, expected) for path in progress(chosen_files(files), "正在核对")]
    for filing in (intake.returned.filing for intake in taken if intake.returned is not None):
        refuse_wrong_prior(last_year, filing.year if year is None else year, filing.unit.name)
    if as_json:
        say_json([_data(intake) for intake in taken])
    else:
        for intake in taken:
            _print(intake)
        if len(taken) > 1:
            _print_summary(taken)
    raise typer.Exit(FINDINGS if any(intake.open_findings for intake in taken) else NOTHING_WRONG)


def _print(intake: Intake) -> None:
    say(f"{intake.path}{_whose(intake)}")
    if not intake.findings:
        say("  √ 全部通过")
    for sheet, findings in groupby(_in_sheet_order(intake), key=lambda finding: finding.sheet):
        if sheet:
            say(f"  {sheet}")
        for finding in findings:
            _print_finding(finding)
    say(f"  {_counts(intake)}")
    say()


def _whose(intake: Intake) -> str:
    if intake.returned is None:
        return ""
    filing = intake.returned.filing
    return f"  {filing.unit.name}  {filing.year} 年"


def _in_sheet_order(intake: Intake) -> list[Finding]:
    """Findings by sheet in the workbook's order, errors first within a sheet."""
    known = [section.sheet for section in intake.returned.form.sections] if intake.returned else []
    order = {sheet: index for index, sheet in enumerate(["", "封面", *known])}
    levels = list(Level)
    return sorted(intake.findings, key=lambda f: (order.get(f.sheet, 99), f.sheet, levels.index(f.level)))


_COLOURS = {"错误": typer.colors.RED, "核实": typer.colors.YELLOW, "已说明": typer.colors.GREEN}


def _print_finding(finding: Finding) -> None:
    word = typer.style(finding.state, fg=_COLOURS.get(finding.state), bold=True)
    where = " ".join(part for part in (finding.cell, f"（{finding.label}）" if finding.label else "") if part)
    say(f"    {word} {where}".rstrip())
    say(f"      {finding.said}〔{finding.key}〕")
    if finding.explanation.strip():
        say(f"      说明：{finding.explanation.strip()}")


def _counts(intake: Intake) -> str:
    if intake.returned is None:
        return "没有读取。"
    by_level = sorted(intake.findings, key=lambda finding: list(Level).index(finding.level))
    counted = Counter(finding.state for finding in by_level)
    if not intake.open_findings:
        rest = "、".join(f"{word} {count}" for word, count in counted.items())
        return "√ 没有要处理的问题" + (f"（{rest}）" if rest else "") + "。下一步：xltool report 生成报告。"
    counts = "、".join(f"{word} {count} 处" for word, count in counted.items())
    return f"共：{counts}。请填报单位改正“错误”，“核实”的改正或在“校验”页写明原因。"


def _print_summary(taken: list[Intake]) -> None:
    clean = sum(not intake.open_findings for intake in taken)
    say(f"{len(taken)} 个文件：{clean} 个没有要处理的问题，{len(taken) - clean} 个有。")


def _data(intake: Intake) -> dict[str, Any]:
    returned = intake.returned
    data: dict[str, Any] = {"file": str(intake.path), "read": returned is not None}
    if returned is not None:
        filing = returned.filing
        data |= {"form": filing.form, "unit": filing.unit.name, "code": filing.unit.code, "year": filing.year}
        data["number"] = returned.identity.number
    data["findings"] = [_finding_data(finding) for finding in intake.findings]
    if returned is not None:
        explained = returned.filing.explanations
        data["checks"] = {j.check.key: state(j, explained.get(j.check.key, "")) for j in intake.judgements}
    return data


def _finding_data(finding: Finding) -> dict[str, Any]:
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


app = program(check)

"""xltool check: all findings of all files at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import typer

from xltool.check.finding import finding_data
from xltool.check.judge import state
from xltool.cli.chinese import program
from xltool.cli.options import JSON_HELP, PRIOR_HELP, chosen_form, prior_filing, refuse_wrong_prior
from xltool.cli.output import FINDINGS, NOTHING_WRONG, progress, say, say_json
from xltool.files import chosen_files
from xltool.intake import Expected, Intake, take_in
from xltool.listing import listed


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


_LEVEL = re.compile(r"(?<=^    )(错误|核实|已说明)")
_COLOURS = {"错误": typer.colors.RED, "核实": typer.colors.YELLOW, "已说明": typer.colors.GREEN}


def _print(intake: Intake) -> None:
    for line in listed(intake):
        say(_LEVEL.sub(lambda word: typer.style(word[0], fg=_COLOURS[word[0]], bold=True), line))
    say()


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
    data["findings"] = [finding_data(finding) for finding in intake.findings]
    if returned is not None:
        explained = returned.filing.explanations
        data["checks"] = {j.check.key: state(j, explained.get(j.check.key, "")) for j in intake.judgements}
    return data


app = program(check)

"""xltool read and xltool fill: workbook ↔ data."""

from __future__ import annotations

from pathlib import Path

import typer

from xltool.check.judge import amounts
from xltool.cli.chinese import program
from xltool.cli.options import JSON_HELP, OVERWRITE_HELP, PRIOR_HELP, chosen_form, prior_filing, refuse_wrong_prior
from xltool.cli.output import FINDINGS, note, say
from xltool.cli.writable import refuse_lossy, refuse_unwritable
from xltool.errors import FileRefused
from xltool.figure import plain
from xltool.files import read_text, write_new
from xltool.filing import Filing, from_json, to_json
from xltool.form import Form
from xltool.intake import take_in
from xltool.workbook.writer import write_workbook


def read(
    file: Path = typer.Argument(..., metavar="文件", help="填好的工作簿。"),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """读出工作簿里填的数和文字。

    有读不出的格时退出码为 1（说明写到标准错误），其余的照样读出。
    """
    intake = take_in(file)
    if intake.returned is None:
        raise FileRefused(f"{file}  {intake.findings[0].said}")
    filing, form = intake.returned.filing, intake.returned.form
    if as_json:
        typer.echo(to_json(filing), nl=False)
    else:
        _print(form, filing)
    unreadable = [finding for finding in intake.returned.findings if finding.is_open]
    for finding in unreadable:
        note(f"{finding.state} {finding.place}  {finding.said}〔{finding.key}〕")
    if unreadable:
        raise typer.Exit(FINDINGS)


def _print(form: Form, filing: Filing) -> None:
    say(f"{filing.unit.name}  {filing.year} 年  {form.title}")
    known = amounts(form, filing)
    for table in form.tables:
        say(f"\n{table.name}")
        for figure in form.figures_of(table.id):
            value = known.get(figure.id)
            say(f"  {'（空白）' if value is None else plain(value):>14}  {figure.spoken}")
    for section in form.sections:
        for part in section.parts:
            if part.id in filing.texts:
                say(f"\n{section.heading} · {part.title}\n{filing.texts[part.id]}")


def fill(
    data: Path = typer.Argument(..., metavar="数据.json", help="xltool read --json 给出的填报数据。"),
    out: Path = typer.Option(..., "-o", "--out", metavar="文件.xlsx", help="写成哪个工作簿。"),
    prior: Path | None = typer.Option(None, "--prior", metavar="文件", help=PRIOR_HELP),
    overwrite: bool = typer.Option(False, "--overwrite", help=OVERWRITE_HELP),
) -> None:
    """把填报数据写进一个新的工作簿。"""
    try:
        filing = from_json(read_text(data))
        form = chosen_form(filing.form)
    except FileRefused as refused:
        raise FileRefused(f"{data}  {refused.sentence}") from refused
    last_year = prior_filing(prior, form)
    try:
        refuse_unwritable(form, filing)
        refuse_wrong_prior(last_year, filing.year, filing.unit.name)
        workbook = write_workbook(form, filing, last_year)
        refuse_lossy(form, filing, workbook)
    except FileRefused as refused:
        raise FileRefused(f"{data}  {refused.sentence}") from refused
    written = write_new(out, workbook, overwrite)
    say(f"{'已写成' if written else '已有相同的文件'}：{out}")


read_app = program(read)
fill_app = program(fill)

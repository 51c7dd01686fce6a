"""xltool report: the narrative report of a filing."""

from __future__ import annotations

from pathlib import Path

import typer

from xltool.cli.chinese import program
from xltool.cli.options import OVERWRITE_HELP, PRIOR_HELP, prior_filing, refuse_wrong_prior
from xltool.cli.output import FINDINGS, note, say
from xltool.errors import FileRefused
from xltool.files import file_name, write_new
from xltool.form import Level
from xltool.intake import Intake, take_in
from xltool.report.word import write_word


def report(
    file: Path = typer.Argument(..., metavar="文件", help="填好并核对过的工作簿。"),
    folder: Path = typer.Option(
        Path("."), "-o", "--out", metavar="文件夹", help="报告放在哪个文件夹，默认当前文件夹。"
    ),
    draft: bool = typer.Option(False, "--draft", help="有“错误”也生成，每页标明“草稿”。"),
    prior: Path | None = typer.Option(None, "--prior", metavar="文件", help=PRIOR_HELP),
    overwrite: bool = typer.Option(False, "--overwrite", help=OVERWRITE_HELP),
) -> None:
    """生成年度报告的 Word 文件。

    还有“错误”的不生成（退出码 1），先改正；要看样子用 --draft。
    """
    last_year = prior_filing(prior)
    intake = take_in(file, last_year)
    if intake.returned is None:
        raise FileRefused(f"{file}  {intake.findings[0].said}")
    filing = intake.returned.filing
    refuse_wrong_prior(last_year, filing.year, filing.unit.name)
    errors = [finding for finding in intake.findings if finding.level is Level.ERROR and finding.is_open]
    if errors and not draft:
        note(f"{file} 还有 {len(errors)} 处错误，没有生成报告：")
        for finding in errors:
            note(f"  {finding.place}  {finding.said}〔{finding.key}〕")
        note("改正后再生成；只看样子请加 --draft。")
        raise typer.Exit(FINDINGS)
    _write(intake, folder, draft, overwrite)


def _write(intake: Intake, folder: Path, draft: bool, overwrite: bool) -> None:
    returned = intake.returned
    assert returned is not None
    filing, form = returned.filing, returned.form
    name = f"{filing.unit.name}{filing.year}年{form.title}{'（草稿）' if draft else ''}"
    path = folder / f"{file_name(name)}.docx"
    written = write_new(path, write_word(form, filing, draft), overwrite)
    say(f"{'已生成' if written else '已有相同的文件'}：{path}")
    waiting = [finding for finding in intake.open_findings if finding.level is Level.VERIFY]
    if waiting:
        say(f"还有 {len(waiting)} 处“核实”没有改正或说明，公布前请用 xltool check 查看。")


app = program(report)

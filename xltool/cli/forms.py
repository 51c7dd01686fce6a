"""xltool forms and xltool rules: what editions there are, what they hold, what they check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import typer

from xltool.cli.chinese import ChineseCommand, program
from xltool.cli.lint import linted
from xltool.cli.options import FORM_HELP, JSON_HELP, chosen_form
from xltool.cli.output import FINDINGS, fail, note, say, say_json, say_table
from xltool.definition import DEFAULT_EDITION, edition_ids
from xltool.errors import DefinitionError
from xltool.form import Form, Section, Table
from xltool.messages import MESSAGES

app = program(invoke_without_command=True)


@app.callback()
def forms(ctx: typer.Context) -> None:
    """表式：列出、查看、检查。不写命令就列出现有的版本。"""
    if ctx.invoked_subcommand is not None:
        return
    editions, broken = [], []
    for form_id in edition_ids():
        try:
            editions.append(chosen_form(form_id))
        except DefinitionError as error:
            broken.append(error)
    say_table(
        ("表式", "名称", "数据", "核对", "依据"),
        [(f.id, f.title, f"{len(f.figures)} 个", f"{len(f.checks)} 项", f.basis) for f in editions],
    )
    for mistake in broken:
        fail(str(mistake))
    if broken:
        note("写错的版本不能用，其余的照常。改好后用 xltool forms lint 检查。")
        raise typer.Exit(FINDINGS)


@app.command("show", cls=ChineseCommand)
def show(form_id: str = typer.Argument(DEFAULT_EDITION, metavar="表式", help=FORM_HELP)) -> None:
    """印出一个表式的结构：各部分、各表的行列和编号。"""
    form = chosen_form(form_id)
    say(f"{form.title}（{form.id}，定义指纹 {form.digest}）")
    say(f"依据：{form.basis}")
    for section in form.sections:
        for line in _section_lines(section):
            say(line)
    say("\n封面")
    for field in form.cover:
        say(f"  {field.id:<16}{field.label}")


def _section_lines(section: Section) -> Iterator[str]:
    limit = f"（一般不超过 {section.limit} 字）" if section.limit else ""
    yield f"\n{section.heading}{limit}"
    for part in section.parts:
        yield f"  {part.id:<18}{part.title}（不超过 {part.limit} 字）"
    if section.table is not None:
        yield from _table_lines(section.table)


def _table_lines(table: Table) -> Iterator[str]:
    yield f"  {table.name}（{table.id}）"
    for block in table.blocks:
        if block.heading:
            yield f"    {block.heading}"
        for axis, lines in (("行", block.rows), ("栏", block.columns)):
            for line in lines:
                path = " / ".join(label.printed for label in line.path)
                total = "（自动计算）" if line.computed is not None else ""
                yield f"    {axis} {line.id:<12}{path}{total}"


@app.command("lint", cls=ChineseCommand)
def lint(file: Path = typer.Argument(..., metavar="文件", help="form.yaml 或它所在的文件夹。")) -> None:
    """检查一个表式的文件夹：定义、文字核对、换算、报告样式；有错时指出文件、行和规则里的位置。"""
    mistakes = []
    for found in linted(file):
        if isinstance(found, str):
            say(found)
        else:
            mistakes.append(found)
    for mistake in mistakes[:-1]:
        fail(str(mistake))
    if mistakes:
        raise mistakes[-1]


def rules(
    form_id: str = typer.Option(DEFAULT_EDITION, "--form", metavar="表式", help=FORM_HELP),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
    as_markdown: bool = typer.Option(False, "--markdown", help="以 Markdown 表格输出。"),
) -> None:
    """印出全部核对规则：编号、级别、内容、依据。"""
    rows = list(_catalogue(chosen_form(form_id)))
    if as_json:
        names = ("code", "level", "title", "says", "instances", "basis", "trial")
        say_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    header = ("编号", "级别", "内容", "依据")
    shown = [(row[0], f"{row[1]}（试行）" if row[6] else row[1], row[2], row[5]) for row in rows]
    if as_markdown:
        for line in (header, ("---",) * 4, *shown):
            say(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |")
    else:
        say_table(header, shown)


def _catalogue(form: Form) -> Iterator[tuple[str, str, str, str, int, str, bool]]:
    for code, message in MESSAGES.items():
        yield code, message.level, message.title, "", 0, message.basis, False
    for rule in form.rules:
        yield rule.code, str(rule.level), rule.title, rule.says, rule.instances, rule.basis, rule.trial


rules_app = program(rules)

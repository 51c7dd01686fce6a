"""xltool blank: one unit's blank workbook."""

from __future__ import annotations

from pathlib import Path

import typer

from xltool.cli.chinese import program
from xltool.cli.options import FORM_HELP, OVERWRITE_HELP, PRIOR_HELP, chosen_form, prior_filing, refuse_wrong_prior
from xltool.cli.output import say
from xltool.cli.writable import FIRST_YEAR, LAST_YEAR, refuse_unit
from xltool.definition import DEFAULT_EDITION
from xltool.errors import FileRefused
from xltool.files import file_name, write_new
from xltool.filing import Unit
from xltool.form import Form
from xltool.workbook.skeleton import blank_workbook


def blank(
    unit: str = typer.Option(..., "--unit", metavar="单位全称", help="填报单位的全称。"),
    year: int = typer.Option(..., "--year", metavar="年份", min=FIRST_YEAR, max=LAST_YEAR, help="报告年度，如 2024。"),
    folder: Path = typer.Option(Path("."), "-o", "--out", metavar="文件夹", help="放在哪个文件夹，默认当前文件夹。"),
    code: str | None = typer.Option(None, "--code", metavar="代码", help="单位代码。"),
    unit_type: str | None = typer.Option(None, "--type", metavar="类型", help="单位类型，如 部门、乡镇街道。"),
    has: list[str] = typer.Option([], "--has", metavar="职权", help="有这项职权，可多次；如 行政许可。"),
    lacks: list[str] = typer.Option([], "--lacks", metavar="职权", help="没有这项职权，可多次。"),
    prior: Path | None = typer.Option(None, "--prior", metavar="文件", help=PRIOR_HELP),
    form_id: str = typer.Option(DEFAULT_EDITION, "--form", metavar="表式", help=FORM_HELP),
    overwrite: bool = typer.Option(False, "--overwrite", help=OVERWRITE_HELP),
) -> None:
    """生成一个单位的空白填报工作簿。"""
    form = chosen_form(form_id)
    made_for = _unit(form, unit, code, unit_type, has, lacks)
    last_year = prior_filing(prior, form)
    refuse_wrong_prior(last_year, year, made_for.name)
    data = blank_workbook(form, made_for, year, last_year)
    path = folder / f"{file_name(f'{made_for.name}_{year}年{form.short_title}填报表')}.xlsx"
    written = write_new(path, data, overwrite)
    say(f"{'已生成' if written else '已有相同的文件'}：{path}")
    say("下一步：发给填报单位；填好交回后用 xltool check 核对。")


def _unit(form: Form, name: str, code: str | None, unit_type: str | None, has: list[str], lacks: list[str]) -> Unit:
    name = " ".join(name.split())
    by_label = {label: key for key, label in form.powers.items()}
    for power in (*has, *lacks):
        if power not in by_label:
            raise FileRefused(f"没有职权“{power}”，可以用：{'、'.join(by_label)}。")
    for power in has:
        if power in lacks:
            raise FileRefused(f"“{power}”不能既有又没有，请在 --has 和 --lacks 中留一个。")
    powers = {by_label[power]: True for power in has} | {by_label[power]: False for power in lacks}
    unit = Unit(name, code, unit_type, powers)
    refuse_unit(form, unit)
    return unit


app = program(blank)

"""xltool salvage: a workbook filled from whatever file there is, for a person to confirm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from xltool.check.finding import Finding, finding_data
from xltool.cli.chinese import program
from xltool.cli.options import JSON_HELP, OVERWRITE_HELP, chosen_form
from xltool.cli.output import FINDINGS, NOTHING_WRONG, progress, say, say_json
from xltool.cli.writable import FIRST_YEAR, LAST_YEAR
from xltool.definition import DEFAULT_EDITION, edition_ids
from xltool.documents import read_document
from xltool.errors import FileRefused
from xltool.figure import plain
from xltool.files import chosen_files, file_name, read_bytes, write_new
from xltool.filing import Filing
from xltool.form import Form, Level
from xltool.salvage import Salvage, Sureness, all_findings, inputs_counted, salvage, stamped, to_confirm, with_identity


@dataclass(frozen=True)
class _Read:
    """One file: what was read, or why nothing was; where the workbook was written, None where it was not."""

    path: Path
    salvaged: Salvage | None
    findings: tuple[Finding, ...] = ()
    refused: str = ""
    workbook: Path | None = None

    @property
    def is_settled(self) -> bool:
        return self.salvaged is not None and not any(finding.is_open for finding in self.findings)


@dataclass(frozen=True)
class _Asked:
    """What the command line says of all files."""

    forms: tuple[Form, ...]
    folder: Path
    unit: str | None
    year: int | None
    password: str | None
    overwrite: bool


def salvage_files(
    files: list[Path] = typer.Argument(
        ..., metavar="文件…", help="任何文件：改乱的工作簿、Word、网页、PDF、文本，可以多个。"
    ),
    folder: Path = typer.Option(Path("."), "-o", "--out", metavar="文件夹", help="工作簿放在哪个文件夹。"),
    unit: str | None = typer.Option(None, "--unit", metavar="单位全称", help="是哪个单位的；不写则看文件里的标题。"),
    year: int | None = typer.Option(
        None, "--year", metavar="年份", min=FIRST_YEAR, max=LAST_YEAR, help="是哪一年的；不写则看文件里的标题。"
    ),
    form_id: str | None = typer.Option(None, "--form", metavar="表式", help="按哪个表式读；不写则按最相符的。"),
    password: str | None = typer.Option(None, "--password", metavar="密码", help="文件的打开密码。"),
    overwrite: bool = typer.Option(False, "--overwrite", help=OVERWRITE_HELP),
    as_json: bool = typer.Option(False, "--json", help=JSON_HELP),
) -> None:
    """从任何文件里读出各个数，填好一个新的工作簿，由人核对。

    有把握的数直接填好；没有把握的写成“待核12”并标色，核对后去掉“待核”；空白的留空，不当作 0。
    全部有把握、没有要处理的问题时退出码为 0，否则为 1，不能运行为 2。
    """
    asked = _Asked(_forms(form_id), folder, unit, year, password, overwrite)
    read = [_one(path, asked) for path in progress(chosen_files(files), "正在读取")]
    if as_json:
        say_json([_data(one) for one in read])
    else:
        for one in read:
            _print(one)
    raise typer.Exit(NOTHING_WRONG if all(one.is_settled for one in read) else FINDINGS)


def _forms(form_id: str | None) -> tuple[Form, ...]:
    if form_id is not None:
        return (chosen_form(form_id),)
    others = [edition for edition in edition_ids() if edition != DEFAULT_EDITION]
    return tuple(chosen_form(edition) for edition in (DEFAULT_EDITION, *others))


def _one(path: Path, asked: _Asked) -> _Read:
    try:
        data = read_bytes(path)
        document = read_document(data, path.name, asked.password)
        stamps = stamped(data) if document.kind in ("xlsx", "xlsm") else None
        unit, year = asked.unit or (stamps.unit if stamps else None), asked.year or (stamps.year if stamps else None)
        salvaged = salvage(document, asked.forms, unit, year)
    except FileRefused as refused:
        return _Read(path, None, refused=refused.sentence)
    prior = None
    stamps = stamps or salvaged.stamps
    if stamps is not None:
        filing, prior = with_identity(salvaged.form, salvaged.filing, stamps)
        salvaged = replace(salvaged, filing=filing)
    findings = all_findings(salvaged, prior)
    return _Read(path, salvaged, findings, workbook=_written(path, salvaged, prior, asked))


def _written(path: Path, salvaged: Salvage, prior: Filing | None, asked: _Asked) -> Path | None:
    filing, form = salvaged.filing, salvaged.form
    if not filing.unit.name or not filing.year:
        return None
    name = f"{filing.unit.name}_{filing.year}年{form.short_title}填报表（待核对）"
    target = asked.folder / f"{file_name(name)}.xlsx"
    if target.exists() and not asked.overwrite:
        target = asked.folder / f"{file_name(f'{name}_{path.stem}')}.xlsx"
    write_new(target, to_confirm(salvaged, prior, source=path.name), asked.overwrite)
    return target


def _print(read: _Read) -> None:
    salvaged = read.salvaged
    if salvaged is None:
        say(f"{read.path}\n  × {read.refused}\n")
        return
    filing = salvaged.filing
    whose = f"{filing.unit.name or '（没有读出单位）'}  {f'{filing.year} 年' if filing.year else '（没有读出年份）'}"
    say(f"{read.path}  {whose}  〔{salvaged.form.id}〕")
    counted = "，".join(f"{sureness} {count}" for sureness, count in salvaged.counted().items())
    say(f"  {len(salvaged.certainty)} 个数：{counted}")
    for finding in sorted(read.findings, key=lambda f: list(Level).index(f.level)):
        say(f"    {finding.state} {finding.place}".rstrip())
        say(f"      {finding.said}〔{finding.key}〕")
    for note in salvaged.notes:
        say(f"  {note}")
    if read.workbook is None:
        say("  没有读出是哪个单位、哪一年的，没有生成工作簿。请加 --unit 和 --year。")
    else:
        say(f"  已生成：{read.workbook}")
        say(f"  下一步：{_what_to_do(salvaged)}；再用 xltool check 核对。")
    say()


def _what_to_do(salvaged: Salvage) -> str:
    """What a person has to do with the figures as they were read."""
    counted = inputs_counted(salvaged)
    if counted[Sureness.DOUBTFUL]:
        return "对照原件核对标色的格，去掉“待核”或改正、补填"
    return "对照原件核对，补填空着的格" if counted[Sureness.MISSING] else "对照原件核对"


def _data(read: _Read) -> dict[str, Any]:
    salvaged = read.salvaged
    if salvaged is None:
        return {"file": str(read.path), "read": False, "why": read.refused}
    return {
        "file": str(read.path),
        "read": True,
        "form": salvaged.form.id,
        "found": salvaged.found.id,
        "unit": salvaged.filing.unit.name,
        "year": salvaged.filing.year,
        "workbook": str(read.workbook) if read.workbook is not None else None,
        "counts": _counts(salvaged),
        "figures": _figures(salvaged),
        "texts": dict(salvaged.filing.texts),
        "findings": [finding_data(finding) for finding in read.findings],
        "notes": list(salvaged.notes),
    }


_NAMES = {Sureness.SURE: "sure", Sureness.DOUBTFUL: "doubtful", Sureness.MISSING: "missing"}


def _counts(salvaged: Salvage) -> dict[str, int]:
    return {_NAMES[sureness]: count for sureness, count in salvaged.counted().items()}


def _figures(salvaged: Salvage) -> dict[str, dict[str, str | None]]:
    return {
        str(figure): {
            "sureness": _NAMES[read.sureness],
            "value": None if read.value is None else plain(read.value),
            "quoted": read.quoted,
            "why": read.why,
            "place": read.place,
        }
        for figure, read in salvaged.certainty.items()
    }


app = program(salvage_files)

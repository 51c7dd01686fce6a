"""The sessions in README and manual: run as they stand, in a folder prepared as the reader is told.

A ``console`` block holds ``$ xltool …`` lines, each with what it prints below it; a line ``…`` stands for any
lines. A comment ``<!-- 备好：交回 -->`` before a block does what people would do in between: fill in a workbook,
correct it.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from xltool.definition import form_by_id
from xltool.workbook.layout import make_layout

MANUAL = Path(__file__).parents[1] / "docs" / "手册.md"
UNIT, YEAR = "青川岭县水务局", 2024
NAME = f"{UNIT}_{{}}年年度报告填报表.xlsx"
LAST_YEAR, RETURNED = Path("上年") / NAME.format(YEAR - 1), Path("交回") / NAME.format(YEAR)
ELLIPSIS = "…"

_COVER = {
    "cover.contact": "林清",
    "cover.address": "青川岭县滨河路 6 号",
    "cover.phone": "0500-6012345",
    "cover.email": "shuiwu@example.com",
    "cover.compiler": "林清",
    "cover.reviewer": "周岚",
    "cover.date": "2025年1月13日",
}
_TEXTS = {
    "s1.disclosure": "全年主动公开水利建设、水资源管理、防汛抗旱等信息86条，部门预算、决算按时公开。",
    "s1.requests": "全年新收政府信息公开申请5件，上年结转1件，办结5件，结转下年度1件，均按规定的期限和形式答复。",
    "s1.management": "公文起草时同步确定公开属性，公开前逐件审查；现行有效的行政规范性文件集中公开，随时更新。",
    "s1.platform": "县政府网站的本局专栏由专人维护，政务新媒体与网站内容一致。",
    "s1.supervision": "办公室负责信息公开工作，全年组织培训2次，没有需要追究责任的情形。",
    "s5.problems": "重大水利项目的实施进展公开不够及时；政策解读以文字为主，形式单一。",
    "s5.improvements": "按月汇总在建项目的进展，同步公开；新出台的政策配图解、问答，一并发布。",
    "s6.other": "无其他需要报告的事项。",
}
_ALL_ZERO = {"zero.t2": "是", "zero.t3": "是", "zero.t4": "是"}

FILLED_LAST_YEAR: Mapping[str, str | float] = {
    **_COVER, **_TEXTS, **_ALL_ZERO,
    "t2.documents.made": 2, "t2.documents.in_force": 9, "t2.permits.decisions": 80, "t2.penalties.decisions": 12,
    "t2.fees.amount": 3.85, "t3.r1.natural": 4, "t3.r3_1.natural": 2, "t3.r3_2.natural": 1, "t3.r4.natural": 1,
    "s6.fee.requests": 0, "s6.fee.amount": 0,
}  # fmt: skip

FILLED: Mapping[str, str | float] = {
    **_COVER, **_TEXTS, **_ALL_ZERO,
    "t2.documents.made": 1, "t2.documents.in_force": 10, "t2.permits.decisions": "12件",
    "t2.penalties.decisions": 14, "t2.fees.amount": 4.2, "t3.r1.natural": 5, "t3.r2.natural": 1,
    "t3.r3_1.natural": 3, "t3.r3_4_1.natural": 2,
}  # fmt: skip
"""With three mistakes: 12件 for 12, nothing carried over in 四, nothing said of 信息处理费."""

CORRECTED: Mapping[str, str | float] = {
    "t2.permits.decisions": 12,
    "t3.r4.natural": 1,
    "s6.fee.requests": 0,
    "s6.fee.amount": 0,
    "explain.Y05.t2.permits.decisions": "2024年3月起取水许可等事项划转县行政审批服务局办理。",
}


def fill_in(source: Path, target: Path, typed: Mapping[str, str | float], year: int) -> None:
    """Type into a workbook as the unit would, with a program that is not ours, and save it as ``target``."""
    book = openpyxl.load_workbook(source, rich_text=True)
    form = form_by_id("gkbg-2021")
    assert form is not None
    inputs = make_layout(form, year, has_prior=True).inputs
    for key, content in typed.items():
        place = inputs[key].area.place
        book[place.sheet][place.cell].value = content
    target.parent.mkdir(exist_ok=True)
    book.save(target)


def _last_year(folder: Path) -> None:
    run(folder, f"xltool blank --unit {UNIT} --year {YEAR - 1} --type 部门 -o 上年")
    fill_in(folder / LAST_YEAR, folder / LAST_YEAR, FILLED_LAST_YEAR, YEAR - 1)


def _returned(folder: Path) -> None:
    fill_in(folder / "下发" / RETURNED.name, folder / RETURNED, FILLED, YEAR)


def _corrected(folder: Path) -> None:
    fill_in(folder / RETURNED, folder / RETURNED, CORRECTED, YEAR)


def manual_definition() -> str:
    """The whole definition that the manual shows as an example."""
    text = MANUAL.read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return next(str(block) for block in blocks if block.startswith("id:") and "\nsections:" in block)


def _definition(folder: Path) -> None:
    (folder / "表式").mkdir()
    (folder / "表式" / "form.yaml").write_text(manual_definition(), encoding="utf-8")


def _mistyped(folder: Path) -> None:
    path = folder / "表式" / "form.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("in_use <= owned", "in_us <= owned"), encoding="utf-8")


PREPARATIONS: Mapping[str, Callable[[Path], None]] = {
    "上年": _last_year,
    "交回": _returned,
    "改正": _corrected,
    "表式": _definition,
    "写错": _mistyped,
}


@dataclass(frozen=True)
class Step:
    """Preparations, then one command with what the document says it prints."""

    preparations: tuple[str, ...]
    command: str
    printed: str


_BLOCK = re.compile(r"(?:<!-- 备好：(?P<prepare>.+?) -->\n+)?```console\n(?P<body>.*?)```", re.DOTALL)


def steps(document: str) -> Iterator[Step]:
    """Every command of a document's console blocks, in order."""
    for block in _BLOCK.finditer(document):
        preparations = tuple((block["prepare"] or "").split())
        for part in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield Step(preparations, command, printed.strip("\n"))
            preparations = ()


def run(folder: Path, command: str) -> str:
    """What ``xltool …`` prints in ``folder``, on both streams as a terminal shows them."""
    words = shlex.split(command)
    assert words[0] == "xltool", f"only xltool is run: {command}"
    finished = subprocess.run(
        [sys.executable, "-m", "xltool", *words[1:]],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    return finished.stdout.replace("\\", "/").strip("\n")


def run_step(folder: Path, step: Step) -> str:
    """Prepare and run one step; gives what it printed."""
    for name in step.preparations:
        PREPARATIONS[name](folder)
    return run(folder, step.command)


def agrees(printed: str, said: str) -> bool:
    """Whether a document's ``said`` is what was printed; a line ``…`` in it stands for any lines."""
    pieces = (".*" if line.strip() == ELLIPSIS else re.escape(line) for line in said.split("\n"))
    return re.fullmatch("\n".join(pieces), printed, re.DOTALL) is not None


def renewed(document: str, folder: Path) -> str:
    """``document`` with what its commands print now; blocks that still agree stay as they are."""

    def block(match: re.Match[str]) -> str:
        parts = []
        for step in steps(match[0]):
            printed = run_step(folder, step)
            said = step.printed if agrees(printed, step.printed) else printed
            parts.append(f"$ {step.command}\n{said}\n")
        head = match[0][: match.start("body") - match.start()]
        return head + "\n".join(parts) + "```"

    return _BLOCK.sub(block, document)

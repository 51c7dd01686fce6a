"""xltool demo: the whole way on the samples."""

from __future__ import annotations

from pathlib import Path

import typer

from xltool.cli.chinese import program
from xltool.cli.output import progress, say
from xltool.demo import STEPS, run_step


def demo(
    folder: Path = typer.Argument(Path("xltool-demo"), metavar="文件夹", help="结果放在哪个文件夹，默认 xltool-demo。"),
) -> None:
    """用样例走一遍：生成空白、填写、核对、生成报告，并说明打开哪些文件来看。"""
    for step in progress(STEPS, "正在演示"):
        say(run_step(step, folder))
    say(f"\n结果都在 {folder} 里。请打开看：")
    for step in STEPS:
        say(f"  {folder / step.look_at}  {step.see}")


app = program(demo)

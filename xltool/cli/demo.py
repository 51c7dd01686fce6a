"""xltool demo: the whole way on the samples."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import typer

from xltool.cli.chinese import program
from xltool.cli.output import progress, say
from xltool.county.tour import LOOK_AT, YEAR, tour
from xltool.demo import PRACTICE, STEPS, run_step
from xltool.files import write_new
from xltool.practice import practice_files


def demo(
    folder: Path = typer.Argument(Path("xltool-demo"), metavar="文件夹", help="结果放在哪个文件夹，默认 xltool-demo。"),
    county: bool = typer.Option(False, "--county", help="用一个编造的县走一遍收报全过程，直到汇总。"),
) -> None:
    """用样例走一遍：生成空白、填写、核对、生成报告，并说明打开哪些文件来看。"""
    if county:
        _county(folder)
        return
    made = [run_step(step, folder) for step in progress(STEPS, "正在演示")]
    say(f"{'已生成' if any(made) else '已有'} {len(made)} 个文件，都在 {folder} 里。请打开看：")
    for sample, steps in groupby(STEPS, key=lambda step: step.sample):
        say(f"\n{folder / sample}")
        for step in steps:
            say(f"  √ {step.file}  {step.see}")
    _practice(folder / PRACTICE)


def _practice(folder: Path) -> None:
    """What README and manual start from."""
    files = list(practice_files())
    for name, data in files:
        write_new(folder / name, data)
    say(f"\n{folder}")
    say(f"  √ {len(files)} 个文件，供练习用：先 cd {folder}，README“用一遍”和手册里的命令就可以照原样运行")


def _county(folder: Path) -> None:
    for line in tour(folder):
        say(line)
    say(f"\n都在 {folder / str(YEAR)} 里。请打开看：")
    for place, what in LOOK_AT:
        say(f"  {folder / str(YEAR) / place}  {what}")
    say(f"也可以 cd {folder / str(YEAR)}，再运行 xltool board、xltool history 单位 等命令。")


app = program(demo)

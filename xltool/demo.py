"""The whole way on the samples, step by step: blank, filled in, checked, reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from xltool.files import write_new
from xltool.intake import take_in
from xltool.listing import listed
from xltool.samples import BLANK, FILLED, REPORT, Sample, blank_of, filled_of, load_sample, report_of

FINDINGS_FILE = "核对结果.txt"
PRACTICE = "练习"


@dataclass(frozen=True)
class Step:
    """One step: on which sample, what it makes, and what to look at afterwards."""

    sample: str
    file: str
    make: Callable[[Sample, Path], bytes]
    see: str

    @property
    def look_at(self) -> Path:
        return Path(self.sample) / self.file


def run_step(step: Step, folder: Path) -> bool:
    """Make the step's file under ``folder``; False where it is there already."""
    sample = load_sample(step.sample)
    path = folder / step.look_at
    return write_new(path, step.make(sample, path.parent))


def _findings(_: Sample, folder: Path) -> bytes:
    """What ``xltool check`` says of the workbook made in the step before, as text."""
    # Named without its folder, so that the text is the same wherever the demonstration stands.
    lines = listed(replace(take_in(folder / FILLED), path=Path(FILLED)))
    return ("\n".join(lines) + "\n").encode("utf-8-sig")


def _blank(sample: Sample, _: Path) -> bytes:
    return blank_of(sample)


def _filled(sample: Sample, _: Path) -> bytes:
    return filled_of(sample)


def _report(sample: Sample, _: Path) -> bytes:
    return report_of(sample)


def _steps(sample: str, said: str, reported: str) -> tuple[Step, ...]:
    return (
        Step(sample, BLANK, _blank, "下发给单位的空白填报表"),
        Step(sample, FILLED, _filled, said),
        Step(sample, FINDINGS_FILE, _findings, "交回后的核对结果"),
        Step(sample, REPORT, _report, reported),
    )


STEPS = (
    *_steps("yanchi-2021", "全年没有申请的单位，照实填 0", "单位的年度报告"),
    *_steps("suqian-2024", "有申请、有结转、有复议诉讼的，带上年数据", "年度报告"),
    *_steps("mistakes", "故意填错的，看表里怎样提示", "有错误，只能生成草稿"),
)

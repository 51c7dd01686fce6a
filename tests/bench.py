"""Speed side by side with the plain library way, in one run: ``python -m tests.bench``.

A program, not a test: machines differ and are noisy. What counts is the ratio; each pair is timed in turns
(ours, plain, ours, plain …) so that a slow moment of the machine hits both, and the medians are compared.
"""

from __future__ import annotations

import argparse
import gc
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

import openpyxl
from xlsxwriter.worksheet import Worksheet

from tests import bench_campaign, bench_narrative, bench_pdf, bench_reports
from tests.bench_plain_word import plain_word
from xltool.check.filing import examine
from xltool.definition import form_by_id
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report.view import build_view
from xltool.report.word import write_word
from xltool.samples import load_sample
from xltool.workbook import writer
from xltool.workbook.reader import read_filing
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.writer import blank_filing, write_workbook

ROUNDS = 15
OURS_PER_ROUND = 10
"""Ours is too short to be timed alone."""


@dataclass(frozen=True)
class Pair:
    """Two ways to the same result, and the ratio to be reached."""

    name: str
    ours: Callable[[int], object]
    plain: Callable[[int], object]
    plain_way: str
    target: float


def pairs(form: Form) -> list[Pair]:
    """What is compared; every call makes a different unit's file, as a campaign does."""
    suqian = load_sample("suqian-2024")
    prior = load_sample("mistakes").prior
    assert prior is not None
    filled = [write_workbook(form, _renamed(suqian.filing, index), suqian.prior) for index in range(3)]

    def unit(index: int) -> Unit:
        return Unit(f"示范县第{index}局", f"{index:06d}", "部门")

    def read_and_check(index: int) -> object:
        returned = read_filing(filled[index % 3], form_by_id)
        return examine(form, returned.filing, returned.prior)

    return [
        Pair(
            "空白表",
            lambda index: blank_workbook(form, unit(index), 2024),
            lambda index: write_workbook(form, blank_filing(form, unit(index), 2024)),
            "xlsxwriter 每次画整个工作簿",
            40,
        ),
        Pair(
            "空白表（带上年数据）",
            lambda index: blank_workbook(form, unit(index), 2024, _varied(prior, index)),
            lambda index: write_workbook(form, blank_filing(form, unit(index), 2024), _varied(prior, index)),
            "xlsxwriter 每次画整个工作簿",
            40,
        ),
        Pair("读回并核对", read_and_check, lambda index: _openpyxl_twice(filled[index % 3]), "openpyxl 读两遍", 25),
        Pair(
            "Word 报告",
            lambda index: write_word(form, _renamed(suqian.filing, index)),
            lambda index: plain_word(build_view(form, _renamed(suqian.filing, index))),
            "python-docx，单元格只查一次",
            50,
        ),
    ]


def _renamed(filing: Filing, index: int) -> Filing:
    return replace(filing, unit=Unit(f"示范市第{index}局", None, "市级政府"))


def _varied(prior: Filing, index: int) -> Filing:
    """Another unit's last year: every figure different, so that nothing can be kept from unit to unit."""
    values = {figure: value + index for figure, value in prior.values.items()}
    return replace(prior, values=values)


def _openpyxl_twice(data: bytes) -> int:
    """Formulas and values of every cell: the plain way needs to load the file twice for both."""
    cells = 0
    for values in (False, True):
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=values)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                cells += sum(cell.value is not None for cell in row)
    return cells


def compare(pair: Pair, rounds: int) -> tuple[float, float]:
    """Median seconds of ours and of the plain way."""
    pair.ours(0)
    pair.plain(0)
    ours, plain = [], []
    for turn in range(1, rounds + 1):
        start = time.perf_counter()
        for index in range(OURS_PER_ROUND):
            pair.ours(turn * OURS_PER_ROUND + index)
        middle = time.perf_counter()
        pair.plain(turn)
        ours.append((middle - start) / OURS_PER_ROUND)
        plain.append(time.perf_counter() - middle)
    return median(ours), median(plain)


def main() -> None:
    """Print the table; ``campaign``, ``reports`` with ``--units N`` time a whole campaign, ``report --all`` instead."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("what", nargs="?", choices=("units", "campaign", "reports"), default="units")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--units", type=int, default=300)
    chosen = parser.parse_args()
    if chosen.what == "campaign":
        bench_campaign.main(chosen.units)
        return
    if chosen.what == "reports":
        bench_reports.main(chosen.units)
        return
    _compare_all(chosen.rounds)


def _compare_all(rounds: int) -> None:
    # As the program runs, for both ways alike.
    gc.set_threshold(500_000)
    # The plain way is the library as it comes, without our short cut for formulas.
    vars(writer)["_sheet_class"] = lambda: Worksheet
    form = form_by_id("gkbg-2021")
    assert form is not None
    print(f"每个单位，{rounds} 轮的中位数")
    print(f"{'本工具':>10}{'直接用库':>12}{'倍数':>8}{'目标':>6}  比的是")
    for pair in pairs(form):
        ours, plain = compare(pair, rounds)
        print(
            f"{ours * 1000:>10.2f} ms{plain * 1000:>12.1f} ms{plain / ours:>8.1f}{pair.target:>7.0f}  "
            f"{pair.name}：{pair.plain_way}"
        )
    for line in (*bench_reports.lines(), *bench_narrative.lines()):
        print(line, flush=True)
    bench_pdf.main()


if __name__ == "__main__":
    main()

"""Speed of reports: each format alone, and many units' in all formats: ``python -m tests.bench reports --units 300``."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from tests.bench_narrative import Line
from xltool.campaign.reporting import Job, publish_all
from xltool.filing import Unit
from xltool.report.data import write_csv, write_json
from xltool.report.html import write_fragment, write_html
from xltool.report.publishing import Format, Wanted
from xltool.report.text import write_text
from xltool.report.view import build_view
from xltool.samples import load_sample

_ROUNDS = 30
_MOST_HTML_MS, _MOST_ALL_S = 5.0, 20.0
_UNITS_OF_THE_TARGET = 300


def different_jobs(count: int) -> Iterator[Job]:
    """Reports of ``count`` units with other names and figures each, so that nothing can be kept from one to the next."""
    sample = load_sample("suqian-2024")
    for number in range(count):
        values = {figure: value + number for figure, value in sample.filing.values.items()}
        unit = Unit(f"示范县第{number:05d}局", None, sample.filing.unit.type)
        yield Job(replace(sample.filing, unit=unit, values=values), sample.prior)


def lines() -> Iterator[Line]:
    """Milliseconds for one report in each format that is text; the view is built each time."""
    form, jobs = load_sample("suqian-2024").form, list(different_jobs(_ROUNDS + 1))
    ways: list[tuple[str, Callable[[Job], object], float | None]] = [
        ("HTML 报告", lambda job: write_html(build_view(form, job.filing, prior=job.prior)), _MOST_HTML_MS),
        ("HTML 片段", lambda job: write_fragment(build_view(form, job.filing, prior=job.prior)), _MOST_HTML_MS),
        ("JSON", lambda job: write_json(form, job.filing), None),
        ("CSV", lambda job: write_csv(form, job.filing), None),
        ("文本", lambda job: write_text(build_view(form, job.filing, prior=job.prior)), None),
    ]
    for name, write, most in ways:
        write(jobs[0])
        took = []
        for job in jobs[1:]:
            start = time.process_time()
            write(job)
            took.append((time.process_time() - start) * 1000)
        yield Line(name, median(took), "毫秒", most)


def main(units: int) -> None:
    """Print what so many units' reports in all formats take, workers' start included."""
    with tempfile.TemporaryDirectory() as name:
        clock, worked = time.perf_counter(), _processors()
        made = list(publish_all(different_jobs(units), Path(name), Wanted(tuple(Format))))
        clock, worked = time.perf_counter() - clock, _processors() - worked
    assert not [one.trouble for one in made if one.trouble]
    files = sum(len(one.files) for one in made)
    most = _MOST_ALL_S if units == _UNITS_OF_THE_TARGET else None
    print(Line(f"{units} 个单位、{files} 个文件，按钟点", clock, "秒", most))
    print(Line("各进程的处理器时间合计", worked, "秒", None))


def _processors() -> float:
    """Seconds that the processors have worked for this process and for its workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(_UNITS_OF_THE_TARGET)

"""Reports as text that people can read and compare, in golden/.

    python -m tests.reports.golden        writes the files anew

The fragment of a sample shows what an editor of a website is given, the text what a message is; the page's own
markup is that of the fragment's tables and is tested by what a reader gets out of it.
"""

from __future__ import annotations

from pathlib import Path

from xltool.report.charts import report_charts
from xltool.report.html import write_fragment
from xltool.report.text import write_text
from xltool.report.view import ReportView, build_view
from xltool.samples import load_sample

FOLDER = Path(__file__).with_name("golden")


def sample_view(name: str) -> ReportView:
    """The report of a sample with its charts, against last year where the sample has it."""
    sample = load_sample(name)
    charts = report_charts(sample.form, sample.filing, sample.prior)
    return build_view(sample.form, sample.filing, sample.is_draft, charts, sample.prior)


def texts() -> dict[str, str]:
    """File name → text: a whole report as a fragment, a draft with blanks and charts as text."""
    return {
        "suqian-2024.html": write_fragment(sample_view("suqian-2024")),
        "mistakes.txt": write_text(sample_view("mistakes")),
    }


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

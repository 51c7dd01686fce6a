"""Reports as text that people can read and compare, in golden/.

    python -m tests.reports.golden        writes the files anew

The fragment of a sample shows what an editor of a website is given, the text what a message is; the page's own
markup is that of the fragment's tables and is tested by what a reader gets out of it. Word and PDF are shown as what
stands on their pages (``tests.reports.printed``), for a sample and for the made-up county's own report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from tests.reports.printed import pdf_text, word_text
from xltool.consolidate import Contribution, consolidate
from xltool.county.sources import form as county_form
from xltool.county.sources import last_filings, true_filings
from xltool.filing import Filing, from_json
from xltool.report.charts import report_charts
from xltool.report.html import write_fragment
from xltool.report.pdf import write_pdf
from xltool.report.text import write_text
from xltool.report.view import ReportView, build_view
from xltool.report.word import word_of
from xltool.samples import load_sample

FOLDER = Path(__file__).with_name("golden")
COUNTY_TEXTS = Path(__file__).with_name("county.json")


@lru_cache
def sample_view(name: str) -> ReportView:
    """The report of a sample with its charts, against last year where the sample has it."""
    sample = load_sample(name)
    charts = report_charts(sample.form, sample.filing, sample.prior)
    return build_view(sample.form, sample.filing, sample.is_draft, charts, sample.prior)


@lru_cache
def county_view() -> ReportView:
    """The report of 青岭县 with its charts: all units added up, in the government's own words."""
    form, said = county_form(), from_json(COUNTY_TEXTS.read_text("utf-8"))
    filing, prior = (_sum(said, filings) for filings in (true_filings(), last_filings()))
    return build_view(form, filing, charts=report_charts(form, filing, prior), prior=prior)


def _sum(said: Filing, filings: Mapping[str, Filing]) -> Filing:
    year = next(iter(filings.values())).year
    parts = (Contribution(filing.unit, filing) for filing in filings.values())
    return replace(consolidate(county_form(), said.unit, year, parts).filing, texts=said.texts)


RECORDED: Mapping[str, Callable[[], str]] = {
    "suqian-2024.html": lambda: write_fragment(sample_view("suqian-2024")),
    "mistakes.txt": lambda: write_text(sample_view("mistakes")),
    "suqian-2024.docx.txt": lambda: word_text(word_of(load_sample("suqian-2024").form, sample_view("suqian-2024"))),
    "suqian-2024.pdf.txt": lambda: pdf_text(write_pdf(sample_view("suqian-2024")).data),
    "county.docx.txt": lambda: word_text(word_of(county_form(), county_view())),
    "county.pdf.txt": lambda: pdf_text(write_pdf(county_view()).data),
}
"""File name → its text: a report for pasting, a draft with blanks as text, whole reports as they are printed."""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, text in RECORDED.items():
        (FOLDER / name).write_text(text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

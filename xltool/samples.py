"""The samples: typed sources (JSON) and what is made of them, workbooks and reports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xltool.definition import form_by_id
from xltool.figure import FigureId
from xltool.files import read_text
from xltool.filing import Filing, from_json
from xltool.form import Form
from xltool.report.word import write_word
from xltool.shelf import samples_folder
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.writer import write_workbook

SAMPLE_NAMES = ("yanchi-2021", "suqian-2024", "mistakes")
BLANK, FILLED, REPORT = "空白填报表.xlsx", "已填填报表.xlsx", "年度报告.docx"


@dataclass(frozen=True)
class Sample:
    """One sample's sources. ``typed``: texts in number cells; a sample that has some is full of mistakes."""

    name: str
    form: Form
    filing: Filing
    prior: Filing | None
    typed: Mapping[FigureId, str]

    @property
    def is_draft(self) -> bool:
        return bool(self.typed)


def load_sample(name: str) -> Sample:
    """The sample's sources; they ship with the package, so a missing one is a mistake of ours."""
    folder = samples_folder() / name
    filing = from_json(read_text(folder / "filing.json"))
    form = form_by_id(filing.form)
    assert form is not None, filing.form
    prior_file, typed_file = folder / "prior.json", folder / "typed.json"
    prior = from_json(read_text(prior_file)) if prior_file.exists() else None
    texts = json.loads(read_text(typed_file)) if typed_file.exists() else {}
    return Sample(name, form, filing, prior, {FigureId.parse(key): text for key, text in texts.items()})


def blank_of(sample: Sample) -> bytes:
    """The workbook that was handed to the unit."""
    return blank_workbook(sample.form, sample.filing.unit, sample.filing.year, sample.prior)


def filled_of(sample: Sample) -> bytes:
    """The workbook as the unit hands it in."""
    return write_workbook(sample.form, sample.filing, sample.prior, typed=sample.typed)


def report_of(sample: Sample) -> bytes:
    """The Word report; a draft for the sample with mistakes."""
    return write_word(sample.form, sample.filing, sample.is_draft)


def files_of(sample: Sample) -> Iterator[tuple[str, bytes]]:
    """File names and contents that are made of a sample's sources."""
    yield FILLED, filled_of(sample)
    yield REPORT, report_of(sample)


def made_files() -> Iterator[tuple[Path, bytes]]:
    """Every made file under samples/, for regenerating them and for the test that nothing differs."""
    for name in SAMPLE_NAMES:
        sample = load_sample(name)
        for file, data in files_of(sample):
            yield samples_folder() / name / file, data


def main() -> None:
    """``python -m xltool.samples``: make the files under samples/ again from their sources."""
    for path, data in made_files():
        path.write_bytes(data)
        print(path.relative_to(samples_folder()))


if __name__ == "__main__":
    main()

"""What the sessions of README and manual start from: files that people would send, ready to be worked on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.definition import DEFAULT_EDITION, form_by_id
from xltool.figure import FigureId
from xltool.files import read_bytes, read_text
from xltool.filing import Filing, from_json
from xltool.shelf import editions_folder, samples_folder
from xltool.workbook.writer import write_workbook

_AS_THEY_ARE = "files"
# Beside a workbook that somebody has open; no version control keeps such files, so it is made here.
_LOCK = ("收到/~$水务局.xlsx", b"lin")
_EXAMPLE_EDITION = "表式/cars-2024"


def practice_files() -> Iterator[tuple[str, bytes]]:
    """Every file by its path in the folder 练习, always with the same bytes."""
    folder = samples_folder() / "practice"
    kept = {path.relative_to(folder / _AS_THEY_ARE).as_posix(): path for path in _files(folder / _AS_THEY_ARE)}
    for name, path in kept.items():
        yield name, read_bytes(path)
    yield _LOCK
    yield f"{_EXAMPLE_EDITION}/report.docx", read_bytes(editions_folder() / DEFAULT_EDITION / "report.docx")
    filings = {name: from_json(read_text(path)) for name, path in kept.items() if path.suffix == ".json"}
    for data in json.loads(read_text(folder / "workbooks.json"), parse_float=Decimal):
        filings[data["file"]] = _filing(data["filing"])
        yield data["file"], _workbook(data, filings)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _filing(data: Any) -> Filing:
    return from_json(json.dumps(data, ensure_ascii=False, default=str))


def _workbook(data: Any, filings: dict[str, Filing]) -> bytes:
    """``last_year``: which of the files has the figures of the year before."""
    filing = filings[data["file"]]
    form = form_by_id(filing.form)
    assert form is not None, filing.form
    prior = filings[data["last_year"]] if "last_year" in data else None
    typed = {FigureId.parse(key): text for key, text in data.get("typed", {}).items()}
    return write_workbook(form, filing, prior, typed=typed)

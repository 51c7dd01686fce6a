"""PDF beside the plain way, LibreOffice converting the same reports in one batch: ``python -m tests.bench_pdf``."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.programs.libreoffice import find_soffice
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report.pdf import write_pdf
from xltool.report.view import ReportView, build_view
from xltool.report.word import word_of
from xltool.samples import load_sample

REPORTS = 20


def different_views(form: Form, filing: Filing, count: int) -> list[ReportView]:
    """Reports of ``count`` units with other names and figures each, so that nothing can be kept from one to the next."""
    filings = (
        replace(
            filing,
            unit=Unit(f"示范县第{index}局"),
            values={figure: value + index for figure, value in filing.values.items()},
        )
        for index in range(count)
    )
    return [build_view(form, each) for each in filings]


def ours(views: Sequence[ReportView]) -> float:
    """Seconds a report takes, the compiler being there."""
    start = time.perf_counter()
    for view in views:
        write_pdf(view)
    return (time.perf_counter() - start) / len(views)


def libreoffice(form: Form, views: Sequence[ReportView]) -> float:
    """Seconds a report takes when one call of LibreOffice converts all of them, its start shared among them.

    The profile has been made before by another call.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{number}.docx" for number in range(len(views))]
        for path, view in zip(paths, views, strict=True):
            path.write_bytes(word_of(form, view))
        _convert(folder, paths[:1])
        start = time.perf_counter()
        _convert(folder, paths)
        seconds = time.perf_counter() - start
        assert all((folder / "pdf" / f"{path.stem}.pdf").exists() for path in paths)
    return seconds / len(views)


def _convert(folder: Path, paths: Sequence[Path]) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [find_soffice(), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "pdf")]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True)


def main() -> None:
    """Print both and the ratio."""
    sample = load_sample("mistakes")
    views = different_views(sample.form, sample.filing, REPORTS + 1)
    ours(views[:1])
    mine, plain = ours(views[1:]), libreoffice(sample.form, views[1:])
    print(f"PDF：{mine * 1000:.1f} ms，LibreOffice 成批转换：{plain * 1000:.1f} ms，{plain / mine:.1f} 倍（目标 5）")


if __name__ == "__main__":
    main()

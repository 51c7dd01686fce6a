"""Looking at a PDF with poppler: its pages as pictures, its text."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.programs.program import ProgramFailed, ProgramMissing, run


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ProgramMissing(f"{name} (apt: poppler-utils)")
    return found


def pages(pdf: Path, folder: Path, dpi: int = 100) -> list[Path]:
    """One PNG for each page, in order, written into `folder`."""
    finished = run([_tool("pdftoppm"), "-r", str(dpi), "-png", pdf, folder / pdf.stem], timeout=300)
    if finished.returncode != 0:
        raise ProgramFailed(f"pdftoppm: {finished.stderr.strip()}")
    # pdftoppm pads the numbers to equal width, so that names sort as pages do.
    return sorted(folder.glob(f"{pdf.stem}-*.png"))


def text(pdf: Path) -> str:
    """The text, laid out as on the page; a form feed ends each page."""
    finished = run([_tool("pdftotext"), "-layout", pdf, "-"], timeout=300)
    if finished.returncode != 0:
        raise ProgramFailed(f"pdftotext: {finished.stderr.strip()}")
    return finished.stdout

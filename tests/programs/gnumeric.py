"""Gnumeric: open a workbook and save it again, without a window."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.programs.program import ProgramMissing, expect_file, run


@dataclass(frozen=True)
class Gnumeric:
    command: str

    def resave(self, path: Path, target: Path, recalculate: bool = False, timeout: float = 120.0) -> Path:
        """Open `path`, save as `target`; the format follows its suffix (.xlsx, .xls, .ods, .csv, .pdf).

        Without `recalculate` results that the file brought along are kept, as they are in the window.
        """
        options = ["--recalc"] if recalculate else []
        return expect_file(target, run([self.command, *options, path, target], timeout=timeout))


def find() -> Gnumeric:
    """Raises ProgramMissing."""
    found = shutil.which("ssconvert")
    if found is None:
        raise ProgramMissing("Gnumeric's ssconvert (apt: gnumeric)")
    return Gnumeric(found)

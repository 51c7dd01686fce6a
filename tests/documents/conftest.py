"""Conversions of text documents by LibreOffice, which the session's office, made for sheets, does not do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.programs.libreoffice import find_soffice
from tests.programs.plugin import present
from tests.programs.program import expect_file, run

Convert = Callable[[Path, str], Path]


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """A file, and the suffix to convert it to → the converted file beside it."""
    soffice = present(find_soffice)
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def converted(source: Path, suffix: str) -> Path:
        command = [
            soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix,
            "--outdir", str(source.parent), str(source),
        ]  # fmt: skip
        return expect_file(source.with_suffix(f".{suffix}"), run(command, timeout=90))

    return converted

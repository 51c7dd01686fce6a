"""LibreOffice as a converter, and the forms the tests read with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.programs.libreoffice import find_soffice
from tests.programs.plugin import present
from tests.programs.program import expect_file, run
from xltool.definition import load_form
from xltool.form import Form

Convert = Callable[[Path, str], Path]


@pytest.fixture(scope="session")
def village() -> Form:
    """The second, made-up form."""
    return load_form(Path(__file__).parents[1] / "forms" / "village-9")


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """A file, and the suffix to convert it to → the converted file in a folder of its own."""
    soffice = present(find_soffice)
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def converted(source: Path, suffix: str) -> Path:
        folder = source.parent / f"as-{suffix}"
        folder.mkdir(exist_ok=True)
        command = [
            soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix,
            "--outdir", str(folder), str(source),
        ]  # fmt: skip
        return expect_file(folder / source.with_suffix(f".{suffix}").name, run(command, timeout=90))

    return converted

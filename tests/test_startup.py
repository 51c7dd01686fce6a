"""How fast the program starts, held by what it imports; ``python -m tests.test_startup`` measures the time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pytest

from xltool.samples import filled_of, load_sample

RUNS = 9
EMPTY = "import typer\napp = typer.Typer()\n@app.command()\ndef main() -> None:\n    pass\napp()\n"
_LOADED = (
    "import sys; from xltool.cli import run; run(sys.argv[1:]); "
    "print('\\n'.join(['', '-- modules', *sorted(sys.modules)]))"
)
NEVER = ("docx", "xlsxwriter", "openpyxl", "rich", "typst", "jinja2", "sqlite3", "xltool.report", "xltool.demo")
"""What only writing, reports and watching progress need."""


def loaded_modules(*arguments: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after one command line."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED, *arguments], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return set(done.stdout.partition("-- modules\n")[2].split())


def within(loaded: set[str], names: Sequence[str]) -> list[str]:
    """Those of ``names`` that were loaded, themselves or something inside them."""
    return [name for name in names if any(module == name or module.startswith(f"{name}.") for module in loaded)]


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), (), ("nix",)])
def test_help_loads_nothing_but_the_command_line(arguments: tuple[str, ...]) -> None:
    """Help, version and a slip of the pen answer at once: no form is loaded, and no library but typer."""
    heavy = ("yaml", "lxml", "xltool.workbook", "xltool.definition", "xltool.check", "xltool.intake")
    loaded = loaded_modules(*arguments)
    assert within(loaded, (*heavy, *NEVER)) == []
    assert {module for module in loaded if module.startswith("xltool")} == {
        "xltool",
        "xltool.errors",
        "xltool.cli",
        "xltool.cli.chinese",
        "xltool.cli.output",
    }


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("startup") / "filled.xlsx"
    path.write_bytes(filled_of(load_sample("suqian-2024")))
    return path


@pytest.mark.parametrize("command", ["check", "read"])
def test_reading_loads_no_writer(command: str, filled: Path) -> None:
    """Checking and reading load neither what writes workbooks and reports nor what draws a progress display."""
    loaded = loaded_modules(command, str(filled))
    assert "xltool.workbook.reader" in loaded
    unneeded = ("xltool.workbook.writer", "xltool.workbook.skeleton", "xltool.samples")
    assert within(loaded, unneeded if command == "check" else ()) == []
    assert within(loaded, NEVER) == []


def test_a_blank_loads_no_report(tmp_path: Path) -> None:
    """Making a blank loads neither the Word library nor the reports."""
    loaded = loaded_modules("blank", "--unit", "甲局", "--year", "2024", "-o", str(tmp_path))
    assert "xlsxwriter" in loaded
    assert within(loaded, ("docx", "openpyxl", "rich", "typst", "xltool.report", "xltool.demo")) == []


def measure(commands: dict[str, list[str]], runs: int = RUNS) -> dict[str, float]:
    """Median seconds of each command line, run in turn, so that a busy moment strikes all of them."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs + 1):  # the first round only fills the caches
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, capture_output=True, check=False)
            taken[name].append(time.perf_counter() - start)
    return {name: median(times[1:]) for name, times in taken.items()}


def main() -> None:
    """Print the medians and their ratio to a typer program of one empty command."""
    xltool = [sys.executable, "-m", "xltool"]
    with TemporaryDirectory() as name:
        empty, filled = Path(name, "empty.py"), Path(name, "filled.xlsx")
        empty.write_text(EMPTY, encoding="utf-8")
        filled.write_bytes(filled_of(load_sample("suqian-2024")))
        medians = measure(
            {
                "empty typer program --help": [sys.executable, str(empty), "--help"],
                "empty typer program": [sys.executable, str(empty)],
                "xltool --help": [*xltool, "--help"],
                "xltool check FILE": [*xltool, "check", str(filled)],
            }
        )
    first = next(iter(medians.values()))
    for label, seconds in medians.items():
        print(f"{label:<28}{seconds * 1000:6.0f} ms {seconds / first:6.2f} ×")


if __name__ == "__main__":
    main()

"""What ``xltool demo`` prepares for whoever follows README and manual."""

from __future__ import annotations

from pathlib import Path

from tests.test_cli import Xltool, xltool
from xltool.intake import take_in
from xltool.practice import practice_files

__all__ = ["xltool"]


def test_demo_prepares_the_folder_to_practise_in(xltool: Xltool, tmp_path: Path) -> None:
    """Every file of it is there, and the last line says where to go; a second time nothing changes."""
    said = xltool("demo", "演示")
    folder = tmp_path / "演示" / "练习"
    files = dict(practice_files())
    assert {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()} == files
    assert f"cd {Path('演示') / '练习'}" in said.out.splitlines()[-1]
    assert xltool("demo", "演示").code == 0


def test_the_files_are_always_the_same() -> None:
    """Equal bytes every time."""
    assert dict(practice_files()) == dict(practice_files())


def test_the_workbooks_are_what_people_would_send(tmp_path: Path) -> None:
    """Each workbook is read; only those that the documents show with mistakes have any that are errors."""
    wrong = set()
    for name, data in practice_files():
        if name.endswith(".xlsx") and "~$" not in name:
            path = tmp_path / "表.xlsx"
            path.write_bytes(data)
            intake = take_in(path)
            assert intake.returned is not None, name
            if any(finding.level.value == "错误" and finding.is_open for finding in intake.findings):
                wrong.add(name.split("/")[0])
    assert wrong == {"交回", "收到"}

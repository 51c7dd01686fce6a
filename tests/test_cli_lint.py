"""xltool forms: a whole edition's folder is looked through, and one bad edition does not hide the good ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.test_cli import Xltool, xltool
from xltool import shelf
from xltool.definition import DEFAULT_EDITION, editions
from xltool.shelf import editions_folder

__all__ = ["xltool"]


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A copy of the edition in force, to be spoilt."""
    return shutil.copytree(editions_folder() / DEFAULT_EDITION, tmp_path / DEFAULT_EDITION)


def _spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.usefixtures("edition")
def test_lint_names_every_file_of_a_sound_edition(xltool: Xltool) -> None:
    """Definition, claims, wording, mapping and style file each have their line."""
    said = xltool("forms", "lint", DEFAULT_EDITION)
    assert (said.code, said.err) == (0, "")
    files = [line.split("：")[0].rsplit("/", 1)[1] for line in said.out.splitlines()]
    assert files == ["form.yaml", "claims.yaml", "wording.yaml", "mapping.yaml", "report.docx"]
    assert all(line.startswith("√ ") for line in said.out.splitlines())


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("form.yaml", "id: gkbg-2021", "id: gkbg-2099", "id 是“gkbg-2099”，应与文件夹的名称“gkbg-2021”相同"),
        ("claims.yaml", "t3.r4.total", "t3.r44.total", "t3.r44.total"),
        ("claims.yaml", "parts: {s1.requests:", "parts: {s1.request:", "表式里没有“s1.request”"),
        ("wording.yaml", "substance: 10", "substances: 10", "不认识的键“substances”"),
        ("wording.yaml", "    s1.platform: [", "    s1.platforms: [", "表式里没有“s1.platforms”，应为文字的部分之一"),
        ("wording.yaml", "{section: s6,", "{section: s7,", "表式里没有“s7”，应为部分之一"),
        ("wording.yaml", "field: cover.date", "field: cover.day", "表式里没有“cover.day”"),
        ("wording.yaml", "latest_of: {省级政府", "latest_of: {省政府", "表式里没有“省政府”，应为单位类型之一"),
    ],
)  # fmt: skip
def test_lint_finds_what_would_stop_the_other_commands(
    file: str, old: str, new: str, told: str, xltool: Xltool, edition: Path
) -> None:
    """A name that the form does not have, in any file of the folder: the file, the line, exit 2."""
    _spoil(edition / file, old, new)
    said = xltool("forms", "lint", DEFAULT_EDITION)
    assert said.code == 2
    assert f"× {DEFAULT_EDITION}/{file}:" in said.err
    assert told in said.err
    assert f"{file}：" not in said.out or file == "form.yaml"
    assert "report.docx：" in said.out, "the other files are still looked at"


def test_lint_tells_of_a_style_file_that_is_none(xltool: Xltool, edition: Path) -> None:
    """A report.docx that is no Word file is an error; a missing one is told, the shipped one is used."""
    (edition / "report.docx").write_bytes(b"no Word file")
    broken = xltool("forms", "lint", DEFAULT_EDITION)
    assert broken.code == 2
    assert "不是 Word 文件" in broken.err
    (edition / "report.docx").unlink()
    missing = xltool("forms", "lint", DEFAULT_EDITION)
    assert missing.code == 0
    assert f"! {DEFAULT_EDITION}/report.docx：没有这个文件" in missing.out


def test_lint_names_the_file_that_is_not_there(xltool: Xltool) -> None:
    """The sentence says which."""
    said = xltool("forms", "lint", "没有的")
    assert (said.code, said.out) == (2, "")
    assert "没有的  没有这个文件" in said.err


def test_a_bad_edition_does_not_hide_the_good_ones(
    xltool: Xltool, edition: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list has what can be used, then what cannot and why; exit 1."""
    shutil.copytree(editions_folder() / "gkbg-2019", edition.parent / "gkbg-2019")
    _spoil(edition / "form.yaml", "r1 + r2 == r3_7 + r4", "r1 + r2 == r3_7 + r44")
    editions.form_by_id.cache_clear()
    monkeypatch.setattr(shelf, "editions_folder", lambda: edition.parent)
    try:
        said = xltool("forms")
    finally:
        editions.form_by_id.cache_clear()
    assert said.code == 1
    assert "gkbg-2019  政府信息公开工作年度报告" in said.out
    assert "r44" in said.err

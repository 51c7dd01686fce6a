"""Without the parts that read other formats: said, with the command that installs them; nothing goes unread silently."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, campaign_in, filing, put
from tests.test_cli import Xltool, xltool
from xltool.definition import form_by_id
from xltool.report.publishing import Format, Wanted, publish

__all__ = ["xltool"]

COMMAND = r'.venv\Scripts\pip install ".[salvage]"' if os.name == "nt" else '.venv/bin/pip install ".[salvage]"'


@pytest.fixture
def without_pdfplumber(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the reading process, which is another one, the library is not installed."""
    folder = tmp_path / "没有装"
    folder.mkdir()
    lacking = "raise ModuleNotFoundError(\"No module named 'pdfplumber'\", name='pdfplumber')\n"
    (folder / "pdfplumber.py").write_text(lacking, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))


@pytest.fixture
def report() -> bytes:
    form = form_by_id("gkbg-2021")
    assert form is not None
    ((_, data),) = publish(form, filing(EDUCATION), None, False, Wanted((Format.PDF,))).files
    return data


@pytest.mark.usefixtures("without_pdfplumber")
def test_take_says_what_is_not_installed(
    report: bytes, xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report as PDF: refused as before, with what lacks and how to install it, in full once; once it is installed
    the same file is read.
    """
    campaign = campaign_in(tmp_path / "2024", (EDUCATION,))
    inbox = put(tmp_path / "in", {"1.pdf": report, "2.pdf": report + b"\n"})
    monkeypatch.chdir(campaign.folder)
    said = xltool("take", inbox)
    assert said.code == 1
    assert said.out.count("读取 PDF 文件需要的组件（pdfplumber）还没有安装") == 1
    assert said.out.count(f"请在 xltool 的文件夹里运行 {COMMAND}") == 1
    assert said.out.count("其中的数没有读出，原因同上") == 1
    monkeypatch.delenv("PYTHONPATH")
    assert "已读出" in xltool("take", inbox).out


@pytest.mark.usefixtures("without_pdfplumber")
def test_salvage_says_the_command_that_works(report: bytes, xltool: Xltool, tmp_path: Path) -> None:
    """The program is in no public repository: what is installed is the folder at hand."""
    (tmp_path / "a.pdf").write_bytes(report)
    said = xltool("salvage", "a.pdf")
    assert said.code == 1
    assert f"请在 xltool 的文件夹里运行 {COMMAND}" in said.err + said.out
    assert "xltool[salvage]" not in said.err + said.out

"""Reading processes: what they do wrong harms nobody, and is one sentence."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.test_hypertext import TABLE, page
from xltool.documents import Cell, DocTable, Document, NotHere, Text, read_document
from xltool.documents.confined import Task, read_confined, run_limited
from xltool.documents.launch import with_limits
from xltool.documents.wire import packed, unpacked
from xltool.errors import FileRefused


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def in_a_second() -> Task:
    return Task("某文件", until=time.monotonic() + 1)


def test_a_hang_is_ended_with_all_it_started(tmp_path: Path) -> None:
    """A reader that never answers is killed in time, and so is the program that it had started."""
    note = tmp_path / "alive"
    grandchild = (
        f"import time, pathlib\nwhile True: pathlib.Path({str(note)!r}).write_text(str(time.time())); time.sleep(0.05)"
    )
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {grandchild!r}]); time.sleep(60)"
    started = time.monotonic()
    with pytest.raises(FileRefused, match="某文件读了"):
        run_limited(python(code), b"", in_a_second())
    assert time.monotonic() - started < 20
    time.sleep(0.3)
    last = note.read_text() if note.exists() else ""
    time.sleep(0.3)
    assert (note.read_text() if note.exists() else "") == last


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_memory_is_bounded() -> None:
    """Half a gigabyte is not to be had, neither for a reader nor for LibreOffice."""
    code = "data = bytearray(500 << 20); print('had')"
    task = Task("某文件")
    assert run_limited(python(code), b"", task)[0].strip() == b"had"
    answer, said = run_limited(with_limits(python(code)), b"", task)
    assert answer == b""
    assert "MemoryError" in said


def test_a_missing_component_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed the extra is told which command does; the file may be read another day."""
    (tmp_path / "xlrd.py").write_text("raise ModuleNotFoundError(name='xlrd')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(NotHere, match=r'旧表.*xlrd.*pip install "\.\[salvage\]"'):
        read_confined("old_sheets", b"\xd0\xcf\x11\xe0", Task("旧表"))


def test_what_a_reader_raises_is_the_cause() -> None:
    """The user reads a sentence; whoever mends the reader finds the trace behind it."""
    with pytest.raises(FileRefused, match="某文件已损坏") as refused:
        read_confined("no such reader", b"", Task("某文件"))
    assert "KeyError" in str(refused.value.__cause__)


def test_files_beside_the_user_are_no_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A script called json.py in the folder of the reports is not run."""
    (tmp_path / "json.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    assert read_document(page(TABLE)).kind == "html"


def test_no_descriptor_is_left_open() -> None:
    """Hundreds of files may be read in one run."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("no /proc")
    read_document(page(TABLE))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        read_document(page(TABLE))
    assert len(os.listdir("/proc/self/fd")) <= before


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
places = st.integers(0, 99)
cells = st.builds(
    Cell, words, places, places, places, places, st.none() | st.decimals(allow_nan=False, allow_infinity=False), st.booleans()
)  # fmt: skip
blocks = st.builds(Text, words, words, st.booleans()) | st.builds(
    DocTable, st.lists(cells, max_size=4).map(tuple), words, words, st.booleans()
)


@settings(max_examples=60)
@given(st.builds(Document, words, st.lists(blocks, max_size=4).map(tuple), st.lists(words, max_size=2).map(tuple)))
def test_a_document_arrives_as_it_was_sent(document: Document) -> None:
    """Numbers exactly, texts to the character."""
    assert unpacked(packed(document)) == document

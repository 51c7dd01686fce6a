"""Documents that only LibreOffice can read (.doc, binary .wps, .rtf), converted to .docx where it is installed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from xltool.documents.confined import Task, run_limited
from xltool.documents.launch import with_limits
from xltool.documents.limits import NotHere, damaged
from xltool.errors import FileRefused

_PROGRAMS = ("soffice", "libreoffice")
_USUAL_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice*/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)


class ConversionFailed(FileRefused):
    """LibreOffice gave nothing back: the file is broken, or needs a password."""


def converted_to_word(data: bytes, task: Task) -> bytes:
    """``data`` as a .docx; NotHere where LibreOffice is missing or takes too long, ConversionFailed."""
    program = _soffice()
    if program is None:
        raise NotHere(
            f"读取{task.what}需要 LibreOffice，这台电脑上没有找到。请用 WPS 或 Word 打开文件，另存为 .docx 后再试。"
        )
    with tempfile.TemporaryDirectory(prefix="xltool-convert-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / "document.doc"
        source.write_bytes(data)
        # A profile of its own: one that is open elsewhere would be asked to do the work, and its macros would run.
        command = [
            program, f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML",
            "--outdir", str(folder / "converted"), str(source),
        ]  # fmt: skip
        run_limited(with_limits(command), b"", task)
        target = folder / "converted" / "document.docx"
        if not target.is_file():
            raise ConversionFailed(damaged(task.what).sentence)
        return target.read_bytes()


def _soffice() -> str | None:
    found = next((path for path in map(shutil.which, _PROGRAMS) if path), None)
    if found:
        return found
    for place in _USUAL_PLACES:
        root = Path(place).anchor
        matching = sorted(Path(root).glob(place[len(root) :])) if Path(root).is_dir() else []
        if matching:
            return str(matching[-1])
    return None

"""The reading process: limits itself, reads one file from standard input, answers once. Started by ``confined``."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO

from xltool.documents.binary_sheets import read_binary_sheets
from xltool.documents.confined import BYTES, DOCUMENT, FAILED, MISSING, REFUSED
from xltool.documents.decrypt import decrypted
from xltool.documents.hypertext import read_hypertext
from xltool.documents.launch import limit_this_process
from xltool.documents.limits import too_large
from xltool.documents.model import Document
from xltool.documents.old_sheets import read_old_sheets
from xltool.documents.one_xml import read_one_xml
from xltool.documents.opendocument import read_opendocument
from xltool.documents.pdf.read import read_pdf
from xltool.documents.wire import packed
from xltool.documents.word import read_word
from xltool.errors import FileRefused

READERS: dict[str, Callable[[bytes], Document]] = {
    "hypertext": read_hypertext,
    "word": read_word,
    "opendocument": read_opendocument,
    "one_xml": read_one_xml,
    "binary_sheets": read_binary_sheets,
}
WITH_PASSWORD: dict[str, Callable[[bytes, str | None], Document]] = {"pdf": read_pdf, "old_sheets": read_old_sheets}


def main() -> None:
    """Answer on the standard output that was given, and let no library write there."""
    limit_this_process()
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with answer:
        answer.write(answered(sys.stdin.buffer))


def answered(source: BinaryIO) -> bytes:
    """The answer to a task and a file, whatever the file."""
    reader, what, password = json.loads(source.readline())
    try:
        return _read(reader, source.read(), password)
    except FileRefused as refused:
        return REFUSED + refused.sentence.encode()
    except ModuleNotFoundError as missing:
        return MISSING + _not_installed(what, missing).encode()
    except MemoryError:
        return REFUSED + too_large(what).sentence.encode()
    # Whatever a library raises over a broken file: the file is to blame, and whoever doubts it gets the trace.
    except Exception:
        return FAILED + traceback.format_exc().encode("utf-8", "replace")


def _read(reader: str, data: bytes, password: str | None) -> bytes:
    if reader == "decrypt":
        return BYTES + decrypted(data, password)
    if reader in WITH_PASSWORD:
        return DOCUMENT + packed(WITH_PASSWORD[reader](data, password))
    return DOCUMENT + packed(READERS[reader](data))


def _not_installed(what: str, missing: ModuleNotFoundError) -> str:
    """What lacks, and the command with which README and manual install it."""
    pip = ".venv\\Scripts\\pip" if os.name == "nt" else ".venv/bin/pip"
    space = " " if what[0].isascii() else ""
    return (
        f"读取{space}{what}需要的组件（{missing.name}）还没有安装，其中的数没有读出。"
        f'请在 xltool 的文件夹里运行 {pip} install ".[salvage]"，再试一次；'
        "或者用 WPS 打开文件，另存为 .xlsx 或 .docx 后再试。"
    )


if __name__ == "__main__":
    main()

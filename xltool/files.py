"""Files at the edges: read with a clear sentence when that fails, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from xltool.errors import FileRefused, NotWritten

LARGEST = 64 * 1024 * 1024
"""Bytes; a filled workbook has 80 KB."""


def read_bytes(path: Path) -> bytes:
    """The file's content; FileRefused where it cannot be read."""
    try:
        if path.is_dir():
            raise FileRefused("这是文件夹，不是文件。请写明文件夹里的文件。")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)  # counted here: a pipe or a device has no size to ask for
    except FileNotFoundError as error:
        raise FileRefused("没有这个文件，请核对路径和文件名。") from error
    except PermissionError as error:
        raise FileRefused("没有权限读取，或者正被别的程序占用。请关闭打开它的程序后再试。") from error
    except OSError as error:
        raise FileRefused(f"读取失败：{os_reason(error)}。请核对文件后再试。") from error
    if len(data) > LARGEST:
        raise FileRefused("文件超过 64 MB，不像是填报的工作簿。请核对。")
    return data


def read_text(path: Path) -> str:
    """The file as UTF-8 text, with or without byte order mark; FileRefused where it is none."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused("不是 UTF-8 编码的文本。") from error


def chosen_files(named: Iterable[Path]) -> list[Path]:
    """The files that ``named`` stands for: patterns expanded, for shells that do not, and locks left out.

    A lock is the small file that Office, WPS and LibreOffice keep beside a document that is open.
    """
    files = [file for path in named for file in (_matching(path) or [path])]
    without_locks = [file for file in files if not file.name.startswith(("~$", ".~"))]
    return without_locks or files


def _matching(path: Path) -> list[Path]:
    if not any(char in path.name for char in "*?") or path.exists() or not path.parent.is_dir():
        return []
    return sorted(path.parent.glob(path.name))


def write_new(path: Path, data: bytes, overwrite: bool = False, replaceable: str = "") -> bool:
    """Write ``data`` whole or not at all; False where the file already holds exactly this.

    NotWritten where another file of that name stands there and ``overwrite`` is not given; the file whose SHA-256
    is ``replaceable`` gives way all the same.
    """
    try:
        if path.exists() and not overwrite:
            before = path.read_bytes()
            if before == data:
                return False
            if hashlib.sha256(before).hexdigest() != replaceable:
                raise NotWritten(f"{path}  已经存在，内容不同，没有覆盖。要覆盖请加 --overwrite，或换一个位置。")
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as file:
            file.write(data)
    except PermissionError as error:
        raise NotWritten(f"{path}  写不进去：没有权限，或者正被别的程序打开。请关闭后再试。") from error
    except OSError as error:
        raise NotWritten(f"{path}  写不进去：{os_reason(error)}。请换一个位置，或腾出空间后再试。") from error
    return True


_REASONS = {
    errno.EACCES: "没有权限，或者正被别的程序打开",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超过了磁盘配额",
    errno.EFBIG: "文件太大，这个磁盘不能放",
    errno.EROFS: "这个位置是只读的",
    errno.EISDIR: "那里已有同名的文件夹",
    errno.ENOTDIR: "路径中间有一段是文件，不是文件夹",
    errno.EEXIST: "路径中间有一段是文件，不是文件夹",
    errno.ENAMETOOLONG: "路径或文件名太长",
    errno.EIO: "磁盘或网络出错",
    errno.ELOOP: "快捷链接绕回了自己",
}


def os_reason(error: OSError) -> str:
    """The system's reason, which it gives in English, in words."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """What is written inside becomes the file ``path``, whole and at the end; nothing of it where that fails.

    For what is too large for the memory; ``write_new`` is for the rest. Raises OSError as it comes. Two people who
    do this at once write two files, and the later one stands.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that only their owner may read; an office shares what it writes.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def file_name(text: str) -> str:
    """``text`` as a file name that Windows accepts too, at most 80 characters."""
    name = _FORBIDDEN.sub("_", text).strip(" .")[:80].rstrip(" .")
    return name or "未命名"

"""Files, folders and zips, in any mix → the files in them, one by one; nothing is ever extracted by name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from xltool.errors import FileRefused
from xltool.files import LARGEST, read_bytes

DEEPEST_ZIP = 2
_MOST_MEMBERS = 20_000
_NOISE_NAMES = frozenset({"thumbs.db", ".ds_store", "desktop.ini"})
_NOISE_STARTS = ("~$", ".~", "._")


@dataclass(frozen=True)
class Gathered:
    """One file as it came: where from, and its bytes, or why there are none."""

    source: str
    data: bytes = b""
    trouble: str = ""


@dataclass
class Noise:
    """How many files were passed over because programs leave them behind."""

    count: int = 0


def gather(paths: Iterable[Path], noise: Noise) -> Iterator[Gathered]:
    """Every file under ``paths``, zips opened twice deep; ``noise`` counts lock files and the like."""
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file():
                    yield from _file(inner, noise)
        else:
            yield from _file(path, noise)


def _file(path: Path, noise: Noise) -> Iterator[Gathered]:
    if is_noise(path.as_posix()):
        noise.count += 1
        return
    try:
        data = read_bytes(path)
    except FileRefused as refused:
        yield Gathered(str(path), trouble=refused.sentence)
        return
    yield from _opened(str(path), data, noise, 0)


def _opened(source: str, data: bytes, noise: Noise, depth: int) -> Iterator[Gathered]:
    if not _is_plain_zip(data):
        yield Gathered(source, data)
    elif depth >= DEEPEST_ZIP:
        yield Gathered(source, trouble=f"压缩包里套了超过 {DEEPEST_ZIP} 层压缩包，没有打开。请解开后再交。")
    else:
        yield from _members(source, data, noise, depth)


def _is_plain_zip(data: bytes) -> bool:
    """A zip of files, and not an office document, which is a zip too."""
    if data[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        return False  # read as a document, it is refused with a sentence
    return not names & {"[content_types].xml", "mimetype"}


def _members(source: str, data: bytes, noise: Noise, depth: int) -> Iterator[Gathered]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist()[:_MOST_MEMBERS]:
            name = member_name(info)
            if info.is_dir():
                continue
            if is_noise(name):
                noise.count += 1
                continue
            where = f"{source}!{name}"
            try:
                content = _inflated(archive, info)
            except FileRefused as refused:
                yield Gathered(where, trouble=refused.sentence)
            else:
                yield from _opened(where, content, noise, depth + 1)


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & 1:
        raise FileRefused("压缩包有密码，打不开。请解开后再交。")
    try:
        with archive.open(info) as member:
            content = member.read(LARGEST + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise FileRefused("压缩包里的这个文件损坏，读不出来。请重新打包后再交。") from error
    except Exception as error:  # zlib.error and what other decompressors raise
        raise FileRefused("压缩包里的这个文件损坏，读不出来。请重新打包后再交。") from error
    if len(content) > LARGEST:
        raise FileRefused("压缩包里的这个文件超过 64 MB，没有读取。")
    return content


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name: Chinese Windows writes GBK without saying so, others UTF-8 without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def is_noise(name: str) -> bool:
    """Lock files, thumbnails and what macOS puts into zips."""
    path = PurePosixPath(name.replace("\\", "/"))
    base = path.name.lower()
    return "__MACOSX" in path.parts or base in _NOISE_NAMES or base.startswith(_NOISE_STARTS)

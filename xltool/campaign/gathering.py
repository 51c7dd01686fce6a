"""Files, folders and zips, in any mix → the files in them, one by one; nothing is ever extracted by name."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from xltool import rawzip
from xltool.errors import FileRefused
from xltool.files import LARGEST, os_reason, read_bytes

DEEPEST_ZIP = 2
_MOST_MEMBERS = 20_000
_MOST_INFLATED = 16 * LARGEST
"""Bytes that may come out of one file, all that is nested in it together, beside twice its own size: a province's
workbooks, which a zip hardly makes smaller, are more than that."""
_LARGEST_DIRECTORY = 16 * 1024 * 1024
"""Bytes of a zip's list of members, which is read at once; 20,000 members need some 3 MB."""
_NOISE_NAMES = frozenset({"thumbs.db", ".ds_store", "desktop.ini"})
_DOCUMENT_FOLDERS, _DOCUMENT_PARTS = ("xl/", "word/", "ppt/"), ("[content_types].xml", "mimetype")
_NAME_READ = 64
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


def gather(paths: Iterable[Path], noise: Noise, own: Collection[Path] = ()) -> Iterator[Gathered]:
    """Every file under ``paths``, zips opened twice deep; ``noise`` counts lock files and the like.

    ``own``: the campaign's own files and folders, passed over where a folder around them is named.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path, noise, own)
        else:
            yield from _file(path, noise)


def count_files(paths: Iterable[Path], own: Collection[Path] = ()) -> int:
    """About how many files ``gather`` will give: members of zips are counted, those of zips in zips are not."""
    return sum(_counted(path, own) for path in paths)


def _counted(path: Path, own: Collection[Path]) -> int:
    if not path.is_dir():
        return 0 if is_noise(path.as_posix()) else _members_of(path)
    inner = 0
    for name, folders, files in os.walk(path):
        real = Path(os.path.realpath(name))
        folders[:] = [folder for folder in folders if real / folder not in own]
        inner += sum(_counted(Path(name) / file, own) for file in files if real / file not in own)
    return inner


def _members_of(path: Path) -> int:
    if path.suffix.lower() != ".zip":
        return 1
    try:
        with path.open("rb") as file, _opened(file) as archive:
            return sum(not info.is_dir() and not is_noise(member_name(info)) for info in archive.infolist())
    except Exception:  # zipfile raises whatever its parts raise; the file is told about when it is read
        return 1


def _folder(path: Path, noise: Noise, own: Collection[Path]) -> Iterator[Gathered]:
    troubles: list[OSError] = []
    for name, folders, files in os.walk(path, onerror=troubles.append):
        folder, real = Path(name), Path(os.path.realpath(name))
        folders[:] = sorted(inner for inner in folders if real / inner not in own)
        for file in sorted(files):
            if real / file not in own and (folder / file).is_file():
                yield from _file(folder / file, noise)
    for trouble in troubles:
        yield Gathered(str(trouble.filename), trouble="文件夹打不开，里面的文件没有读取。请核对权限。")


def _file(path: Path, noise: Noise) -> Iterator[Gathered]:
    if is_noise(path.as_posix()):
        noise.count += 1
        return
    if _is_zip_on_disk(path):
        yield from _unpacked(path, noise)
        return
    try:
        yield Gathered(str(path), read_bytes(path))
    except FileRefused as refused:
        yield Gathered(str(path), trouble=refused.sentence)


def _is_zip_on_disk(path: Path) -> bool:
    if not path.is_file():  # a pipe or a device is read once, and to its limit
        return False
    try:
        with path.open("rb") as file:
            return _is_plain_zip(file)
    except OSError:  # told about when it is read
        return False


def _unpacked(path: Path, noise: Noise) -> Iterator[Gathered]:
    """The members of a zip of any size: one after the other from the disk, never all at once."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            yield from _Unpacking(noise, _MOST_INFLATED + 2 * size).members(str(path), file, 1)
    except OSError as error:
        yield Gathered(str(path), trouble=f"读到一半读不下去了：{os_reason(error)}。请核对文件后再试。")


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    """The zip in ``file``; ValueError where its list of members is larger than any that people make."""
    if rawzip.directory_size(file) > _LARGEST_DIRECTORY:
        raise ValueError("the central directory is too large")
    return zipfile.ZipFile(file)


def _is_plain_zip(file: IO[bytes]) -> bool:
    """A zip of files, and not an office document, which is a zip too."""
    head = file.read(30 + _NAME_READ)
    first = head[30 : 30 + int.from_bytes(head[26:28], "little")].decode("latin-1").lower()
    if head[:4] not in (b"PK\x03\x04", b"PK\x05\x06") or _is_document([first]):
        return False
    try:
        with _opened(file) as archive:
            return not _is_document(name.lower() for name in archive.namelist())
    except Exception:  # zipfile raises whatever its parts raise; read as a document, it is refused with a sentence
        return False


def _is_document(names: Iterable[str]) -> bool:
    """Whether a zip with these members, in lower case, is an office document."""
    return any(name in _DOCUMENT_PARTS or name.startswith(_DOCUMENT_FOLDERS) for name in names)


@dataclass
class _Unpacking:
    """One file that is a zip, with all that is nested in it. ``left``: bytes that may still come out."""

    noise: Noise
    left: int = _MOST_INFLATED

    def members(self, source: str, file: IO[bytes], depth: int) -> Iterator[Gathered]:
        with _opened(file) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            for number, info in enumerate(members):
                if self.left <= 0 or number >= _MOST_MEMBERS:
                    said = f"压缩包太大，其余 {len(members) - number} 个文件没有读取。请分成几个压缩包再交。"
                    yield Gathered(source, trouble=said)
                    return
                yield from self._member(archive, info, source, depth)

    def _member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str, depth: int) -> Iterator[Gathered]:
        name = member_name(info)
        if is_noise(name):
            self.noise.count += 1
            return
        where = f"{source}!{name}"
        try:
            content = self._inflated(archive, info)
        except FileRefused as refused:
            yield Gathered(where, trouble=refused.sentence)
            return
        if not _is_plain_zip(io.BytesIO(content)):
            yield Gathered(where, content)
        elif depth >= DEEPEST_ZIP:
            said = f"压缩包里套了超过 {DEEPEST_ZIP} 层压缩包，没有打开。请解开后再交。"
            yield Gathered(where, trouble=said)
        else:
            yield from self.members(where, io.BytesIO(content), depth + 1)

    def _inflated(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        if info.flag_bits & 1:
            raise FileRefused("压缩包有密码，打不开。请解开后再交。")
        if info.file_size > LARGEST:
            raise FileRefused(_TOO_LARGE)
        try:
            with archive.open(info) as member:
                content = member.read(LARGEST + 1)
        except Exception as error:  # zlib.error and whatever else zipfile and its decompressors raise
            self.left -= max(info.file_size, info.compress_size)
            raise FileRefused("压缩包里的这个文件损坏，读不出来。请重新打包后再交。") from error
        self.left -= len(content)
        if len(content) > LARGEST:
            raise FileRefused(_TOO_LARGE)
        return content


_TOO_LARGE = "压缩包里的这个文件超过 64 MB，没有读取。"


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

"""ZIP members copied still compressed: how a filled document shares the unchanged parts of its skeleton.

For files this program made itself; a file from outside goes through the bounded reader instead.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_LONGEST_END = 0xFFFF + 22 + 20 + 56
"""The end of a ZIP: a comment, the end of the directory, and of a large one two records before it."""
_VERSION = 20  # what deflate needs
_NAME_IS_UTF8 = 0x0800
_DATE = (1980 - 1980) << 9 | 1 << 5 | 1  # equal input, equal bytes: every member is of 1980-01-01 00:00
_DEFLATE_LEVEL = 6


@dataclass(frozen=True)
class RawMember:
    """One member as it stands in a ZIP file.

    ``data`` is compressed as ``method`` says (0 stored, 8 deflate); ``size`` and ``crc`` are of the content.
    """

    data: bytes
    method: int
    crc: int
    size: int


def pack(content: bytes, level: int = _DEFLATE_LEVEL) -> RawMember:
    """``content`` compressed once, to be written many times."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflate.compress(content) + deflate.flush()
    return RawMember(data, zipfile.ZIP_DEFLATED, zlib.crc32(content), len(content))


def unpack(member: RawMember) -> bytes:
    """The content of ``member``; ValueError where it is not what size and CRC say."""
    stored = member.method == zipfile.ZIP_STORED
    content = member.data if stored else zlib.decompress(member.data, -zlib.MAX_WBITS)
    if len(content) != member.size or zlib.crc32(content) != member.crc:
        raise ValueError("a ZIP member does not match its size and CRC")
    return content


def read(archive: bytes) -> dict[str, RawMember]:
    """The members of ``archive`` by name, in its order, none of them inflated; zipfile.BadZipFile."""
    members: dict[str, RawMember] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for info in opened.infolist():
            # The local header's own lengths count: its extra field need not be the central directory's.
            name_length, extra_length = struct.unpack_from("<HH", archive, info.header_offset + 26)
            start = info.header_offset + _LOCAL.size + name_length + extra_length
            data = archive[start : start + info.compress_size]
            members[info.filename] = RawMember(data, info.compress_type, info.CRC, info.file_size)
    return members


def directory_size(file: IO[bytes]) -> int:
    """Bytes of the list of members of the ZIP in ``file``, as its end says; 0 where it has no end.

    Whoever opens a ZIP from outside asks first: the list is read at once.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read(_LONGEST_END)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        return 0
    length = int(_END.unpack_from(tail, at)[5])
    large = tail.rfind(b"PK\x06\x06", 0, at)  # what ZIP64 says besides
    return length if large < 0 else max(length, int.from_bytes(tail[large + 40 : large + 48], "little"))


def write(members: Iterable[tuple[str, bytes | RawMember]]) -> bytes:
    """A ZIP file of ``members`` in their order; plain content is compressed, the rest copied as it is.

    Sizes and CRC stand in the local headers (no data descriptors), every date is 1980-01-01, so that equal
    members give equal bytes. struct.error beyond 65,535 members or 4 GiB: there is no ZIP64 here.
    """
    parts: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, content in members:
        member = content if isinstance(content, RawMember) else pack(content)
        encoded = name.encode()
        common = (
            _VERSION, 0 if name.isascii() else _NAME_IS_UTF8, member.method, 0, _DATE,
            member.crc, len(member.data), member.size, len(encoded), 0,
        )  # fmt: skip
        directory += _CENTRAL.pack(b"PK\x01\x02", _VERSION, *common, 0, 0, 0, 0, offset), encoded
        head = _LOCAL.pack(b"PK\x03\x04", *common)
        parts += head, encoded, member.data
        offset += len(head) + len(encoded) + len(member.data)
    count = len(directory) // 2
    length = sum(map(len, directory))
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, length, offset, 0)
    return b"".join([*parts, *directory, end])

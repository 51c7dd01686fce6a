"""xltool.rawzip: members copied compressed, read by the standard library as the independent witness."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xltool import rawzip

CONTENTS = st.dictionaries(
    st.text(st.characters(codec="utf-8", exclude_characters="\0/\\"), min_size=1, max_size=20),
    st.binary(max_size=300),
    max_size=6,
)


def opened(archive: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(archive))


@settings(max_examples=60, deadline=None)
@given(CONTENTS)
def test_zipfile_reads_what_was_written(contents: dict[str, bytes]) -> None:
    """Any names and contents come back through the standard library, in order, all CRCs right."""
    archive = opened(rawzip.write(contents.items()))
    assert archive.testzip() is None
    assert [(name, archive.read(name)) for name in archive.namelist()] == list(contents.items())


@settings(max_examples=60, deadline=None)
@given(CONTENTS)
def test_members_are_copied_unchanged(contents: dict[str, bytes]) -> None:
    """Reading and writing again gives the same bytes: nothing is inflated or compressed anew."""
    archive = rawzip.write(contents.items())
    members = rawzip.read(archive)
    assert rawzip.write(members.items()) == archive
    assert {name: rawzip.unpack(member) for name, member in members.items()} == contents


def test_foreign_archives_are_copied() -> None:
    """Stored members, extra fields, comments and data descriptors of other writers do no harm."""
    target = io.BytesIO()
    with zipfile.ZipFile(_Unseekable(target), "w") as archive:
        info = zipfile.ZipInfo("封面.xml", (2024, 5, 6, 7, 8, 10))
        info.extra = b"\x99\x99\x04\x00abcd"
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, b"x" * 500)
        archive.writestr("plain.txt", b"stored", zipfile.ZIP_STORED)
        archive.comment = b"a comment"
    copied = opened(rawzip.write(rawzip.read(target.getvalue()).items()))
    assert copied.testzip() is None
    assert {name: copied.read(name) for name in copied.namelist()} == {
        "封面.xml": b"x" * 500,
        "plain.txt": b"stored",
    }
    assert all(not info.flag_bits & 0x08 and not info.extra for info in copied.infolist())
    assert {info.date_time for info in copied.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_member_that_lies_is_not_unpacked() -> None:
    """Content that is not what CRC and size say is refused."""
    member = rawzip.pack(b"twelve")
    assert rawzip.unpack(member) == b"twelve"
    with pytest.raises(ValueError, match="CRC"):
        rawzip.unpack(rawzip.RawMember(member.data, member.method, zlib.crc32(b"other"), member.size))


class _Unseekable(io.RawIOBase):
    """A stream zipfile cannot seek in, so that it writes data descriptors."""

    def __init__(self, target: io.BytesIO) -> None:
        self._target = target

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._target.write(data)  # type: ignore[arg-type]


def test_how_long_the_list_of_members_is() -> None:
    """The end of a ZIP tells it, behind a comment too, and in ZIP64; what has no end has none."""
    names = {f"{n}.xlsx": b"x" for n in range(40)}
    plain = rawzip.write(names.items())
    assert rawzip.directory_size(io.BytesIO(plain)) == sum(46 + len(name) for name in names)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = b"c" * 60_000
        for name in names:
            archive.writestr(name, b"x")
    assert rawzip.directory_size(buffer) == sum(46 + len(name) for name in names)
    assert rawzip.directory_size(io.BytesIO(b"no zip")) == 0
    assert rawzip.directory_size(io.BytesIO(b"")) == 0
    record = b"PK\x06\x06" + bytes(36) + (1 << 40).to_bytes(8, "little") + bytes(8)
    locator = b"PK\x06\x07" + bytes(16)
    large = plain[:-22] + record + locator + plain[-22:]
    assert rawzip.directory_size(io.BytesIO(large)) == 1 << 40

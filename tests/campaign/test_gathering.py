"""Files, folders and zips, in any mix: every file in them once, or a sentence why not."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import IO, Any

import pytest

from tests.campaign.making import put, zipped
from tests.packages import workbook, worksheet
from xltool.campaign import gathering
from xltool.campaign.gathering import Gathered, Noise, count_files, gather
from xltool.files import LARGEST

BOOK = workbook(worksheet("<row/>"))


def gathered(*paths: Path) -> dict[str, Gathered]:
    """What came, by where it stood in its zip or by its file's name."""
    return {Path(file.source).name: file for file in gather(paths, Noise())}


def raw_zip(name: bytes, data: bytes, flags: int = 0) -> bytes:
    """A zip whose one member's name stands there in these bytes, as Windows programs write it."""
    place = "n" * len(name)
    archive = zipped({place: data}).replace(place.encode(), name)
    return _with_flags(archive, flags)


def _with_flags(archive: bytes, flags: int) -> bytes:
    changed = bytearray(archive)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = archive.index(signature) + offset
        changed[at] |= flags
    return bytes(changed)


# folders and noise


def test_any_mix(tmp_path: Path) -> None:
    """Files, folders with folders in them, and zips are all looked through; each file comes once, in order."""
    put(tmp_path, {"b/二.xlsx": b"2", "b/深/三.xlsx": b"3", "a.xlsx": b"1", "c.zip": zipped({"四.xlsx": b"4"})})
    found = list(gather([tmp_path / "a.xlsx", tmp_path / "b", tmp_path / "c.zip"], Noise()))
    assert [file.data for file in found] == [b"1", b"2", b"3", b"4"]
    assert found[-1].source.endswith("c.zip!四.xlsx")
    assert [file.data for file in gather([tmp_path], Noise())] == [b"1", b"4", b"2", b"3"]


def test_noise_is_counted(tmp_path: Path) -> None:
    """Lock files, thumbnails and what macOS leaves behind are passed over, in zips too, and counted."""
    noise = {"~$a.xlsx": b"x", ".~lock.a.xlsx#": b"x", "Thumbs.db": b"x", ".DS_Store": b"x", "desktop.ini": b"x"}
    inside = {"__MACOSX/._a.xlsx": b"x", "甲/~$b.xlsx": b"x", "甲\\~$c.xlsx": b"x", "a.xlsx": b"a"}
    put(tmp_path, {**noise, "__MACOSX/b.xlsx": b"x", "z.zip": zipped(inside)})
    counted = Noise()
    assert [file.data for file in gather([tmp_path], counted)] == [b"a"]
    assert counted.count == len(noise) + 1 + 3


def test_the_campaign_s_own_files(tmp_path: Path) -> None:
    """Folders that are passed over are passed over below a folder that is named, not when they are named."""
    put(tmp_path, {"下发/a.xlsx": b"1", "收件/b.xlsx": b"2", "campaign.db": b"3"})
    own = {tmp_path / "下发", tmp_path / "campaign.db"}
    assert [file.data for file in gather([tmp_path], Noise(), own)] == [b"2"]
    assert [file.data for file in gather([tmp_path / "下发"], Noise(), own)] == [b"1"]
    assert (count_files([tmp_path], own), count_files([tmp_path])) == (1, 3)


def test_what_cannot_be_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing file, and a folder that must not be opened, are said; the others come."""
    put(tmp_path, {"a.xlsx": b"1", "b/c.xlsx": b"2"})
    scan = os.scandir

    def closed(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", closed)
    found = gathered(tmp_path, tmp_path / "none.xlsx")
    assert found["a.xlsx"].data == b"1"
    assert "文件夹打不开" in found["b"].trouble
    assert "没有这个文件" in found["none.xlsx"].trouble


def test_a_file_open_in_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses a file that is open elsewhere: a sentence, and the others come."""
    put(tmp_path, {"a.xlsx": b"1", "b.xlsx": b"2"})
    really = Path.open

    def opened(self: Path, mode: str = "r") -> IO[Any]:
        if self.name == "a.xlsx":
            raise PermissionError(13, "The process cannot access the file")
        return really(self, mode)

    monkeypatch.setattr(Path, "open", opened)
    found = gathered(tmp_path)
    assert "请关闭打开它的程序" in found["a.xlsx"].trouble
    assert found["b.xlsx"].data == b"2"


# zips


def test_zips_in_zips(tmp_path: Path) -> None:
    """A zip in a zip is opened; a third one inside is refused with its place, and its neighbours still come."""
    deep = zipped({"c.xlsx": b"3"})
    put(tmp_path, {"a.zip": zipped({"b.zip": zipped({"b.xlsx": b"2", "deep.zip": deep}), "a.xlsx": b"1"})})
    found = list(gather([tmp_path], Noise()))
    assert [file.data for file in found if not file.trouble] == [b"2", b"1"]
    (refused,) = [file for file in found if file.trouble]
    assert refused.source.endswith("a.zip!b.zip!deep.zip")
    assert "超过 2 层" in refused.trouble


@pytest.mark.parametrize("name", ["宁安县教育局.xlsx", "材料/填报表（终稿）.xlsx", "plain.xlsx"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_flag(name: str, encoding: str, tmp_path: Path) -> None:
    """Names that Windows writes in GBK, and others in UTF-8, without saying so, are read."""
    put(tmp_path, {"a.zip": raw_zip(name.encode(encoding), b"x")})
    (file,) = gather([tmp_path], Noise())
    assert file.source.endswith(f"a.zip!{name}")


def test_names_with_the_flag(tmp_path: Path) -> None:
    """A name that says it is UTF-8 is taken at its word."""
    put(tmp_path, {"a.zip": zipped({"宁安县教育局.xlsx": b"x"})})
    (file,) = gather([tmp_path], Noise())
    assert file.source.endswith("a.zip!宁安县教育局.xlsx")


@pytest.mark.parametrize("name", ["../../outside.xlsx", "/etc/passwd", "C:\\Windows\\a.xlsx", "a\x00b.xlsx"])
def test_nothing_is_extracted_by_name(name: str, tmp_path: Path) -> None:
    """A member's name is only shown: nothing is written anywhere."""
    folder = put(tmp_path / "in", {"a.zip": raw_zip(name.encode(), b"x")})
    assert [file.data for file in gather([folder], Noise())] == [b"x"]
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "a.zip"]


def test_a_member_with_a_password(tmp_path: Path) -> None:
    """A member that is encrypted is refused; nobody is asked."""
    put(tmp_path, {"a.zip": raw_zip(b"a.xlsx", b"x", flags=1)})
    (file,) = gather([tmp_path], Noise())
    assert "有密码" in file.trouble


def test_a_damaged_member(tmp_path: Path) -> None:
    """A member whose content is damaged is refused; those beside it come."""
    content = b"content that can be found again"
    archive = zipped({"a.xlsx": b"1", "b.xlsx": content, "c.xlsx": b"3"}).replace(content, content.upper())
    put(tmp_path, {"a.zip": archive})
    found = {name.rpartition("!")[2]: file for name, file in gathered(tmp_path).items()}
    assert [found[name].data for name in ("a.xlsx", "c.xlsx")] == [b"1", b"3"]
    assert "损坏" in found["b.xlsx"].trouble


def test_any_damage_to_a_zip(tmp_path: Path) -> None:
    """Bytes changed anywhere, or a file cut off: a sentence or the bytes, never an exception."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"{n}.xlsx", BOOK)
        archive.writestr("in.zip", zipped({"x.xlsx": BOOK}))
    whole, chance = buffer.getvalue(), Random(3)
    path = tmp_path / "a.zip"
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 4, 40))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data[: chance.choice((len(data), chance.randrange(len(data))))])
        for file in gather([path], Noise()):
            assert file.data or file.trouble or not path.stat().st_size


def test_documents_are_no_zips_of_files(tmp_path: Path) -> None:
    """.xlsx, .docx and .ods are zips too: they come as they are, whatever their names."""
    word = zipped({"[Content_Types].xml": b"", "word/document.xml": b"<w/>"})
    calc = zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<o/>"})
    torn = zipped({"xl/workbook.xml": b"<workbook/>"})
    put(tmp_path, {"a.zip": BOOK, "b.docx": word, "c.ods": calc, "d.zip": zipped({"e.xlsx": BOOK}), "f.xlsx": torn})
    assert [file.data for file in gather([tmp_path], Noise())] == [BOOK, word, calc, BOOK, torn]


def bomb(size: int, copies: int = 1) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(copies):
            with archive.open(f"{number}.xlsx", "w") as member:
                for _ in range(size >> 20):
                    member.write(bytes(1 << 20))
        archive.writestr("good.xlsx", b"good")
    return buffer.getvalue()


def test_a_bomb(tmp_path: Path) -> None:
    """A member that would inflate to more than 64 MB is not inflated; its neighbour comes."""
    put(tmp_path, {"a.zip": bomb(LARGEST + (1 << 20))})
    found = list(gather([tmp_path], Noise()))
    assert ["64 MB" in file.trouble for file in found] == [True, False]
    assert found[1].data == b"good"


def test_many_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many members that a disk would fill up: it stops, and says how many were not read."""
    monkeypatch.setattr(gathering, "_MOST_INFLATED", 10 << 20)
    monkeypatch.setattr(gathering._Unpacking.__init__, "__defaults__", (10 << 20,))
    put(tmp_path, {"a.zip": zipped({"inner.zip": bomb(3 << 20, copies=9)})})
    found = list(gather([tmp_path], Noise()))
    assert len(found) == 5
    assert "其余 6 个文件没有读取" in found[-1].trouble


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More members than a province has units: those left out are counted aloud."""
    monkeypatch.setattr(gathering, "_MOST_MEMBERS", 3)
    put(tmp_path, {"a.zip": zipped({f"{n}.xlsx": b"x" for n in range(5)})})
    found = list(gather([tmp_path], Noise()))
    assert len(found) == 4
    assert "其余 2 个文件没有读取" in found[-1].trouble


def test_how_many_there_will_be(tmp_path: Path) -> None:
    """The count that the progress display starts from: members of zips counted, noise not, a broken zip is one."""
    put(tmp_path, {"a.xlsx": b"1", "~$a.xlsx": b"1", "b/c.zip": zipped({"x": b"1", "y": b"2"}), "d.zip": b"PK"})
    assert count_files([tmp_path]) == 4
    assert count_files([tmp_path / "a.xlsx", tmp_path / "none.xlsx"]) == 2


# large zips


def test_a_zip_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A county's zip may be larger than any one file may be: it is read from the disk, member after member."""
    monkeypatch.setattr(gathering, "LARGEST", 1 << 20)
    monkeypatch.setattr("xltool.files.LARGEST", 1 << 20)
    path = put(tmp_path, {"a.zip": zipped({f"{n:03d}.xlsx": bytes([n]) * 200_000 for n in range(100)})}) / "a.zip"
    assert path.stat().st_size > 19 << 20
    tracemalloc.start()
    seen = [(file.data[:1], len(file.data)) for file in gather([path], Noise())]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seen == [(bytes([n]), 200_000) for n in range(100)]
    assert most < 3 << 20
    assert count_files([path]) == 100


def test_a_large_zip_still_has_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each member is bounded, a large file that is no zip is refused, and a list of members too long to hold is too."""
    monkeypatch.setattr(gathering, "LARGEST", 1 << 20)
    monkeypatch.setattr("xltool.files.LARGEST", 1 << 20)
    large = bytes(1_100_000)
    put(tmp_path, {"a.zip": zipped({"1.xlsx": large, "2.xlsx": b"2"}), "b.xlsx": large})
    found = list(gather([tmp_path], Noise()))
    assert [file.data for file in found] == [b"", b"2", b""]
    assert ["64 MB" in file.trouble for file in found] == [True, False, True]
    monkeypatch.setattr(gathering, "_LARGEST_DIRECTORY", 60)
    (refused, _) = gather([tmp_path], Noise())
    assert "超过 64 MB" in refused.trouble
    assert count_files([tmp_path / "a.zip"]) == 1


def test_a_zip_that_ends_while_it_is_read(tmp_path: Path) -> None:
    """A disk that goes away in the middle: what was read comes, the rest is told."""
    path = put(tmp_path, {"a.zip": zipped({f"{n}.xlsx": bytes(50_000) for n in range(4)})}) / "a.zip"
    files = gather([path], Noise())
    assert next(files).data == bytes(50_000)
    with path.open("r+b") as file:
        file.truncate(60_000)
    assert [bool(file.trouble) for file in files] == [True, True, True]

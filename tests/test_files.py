"""Files at the edges: whole or not at all, never another's lost, and the system's reasons in words."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from xltool.errors import FileRefused, NotWritten
from xltool.files import LARGEST, chosen_files, file_name, read_bytes, read_text, replaced, write_new

UNIX = sys.platform != "win32"


def leftovers(folder: Path) -> list[str]:
    """What stands in the folder besides finished files."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".") or path.suffix == ".part"]


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    """Folders on the way are made; True says that something was written."""
    path = tmp_path / "一" / "二" / "表.xlsx"
    assert write_new(path, b"new") is True
    assert path.read_bytes() == b"new"
    assert leftovers(path.parent) == []


def test_the_same_content_is_no_conflict(tmp_path: Path) -> None:
    """Writing the same again is fine and changes nothing, not even the date."""
    path = tmp_path / "a.xlsx"
    write_new(path, b"same")
    os.utime(path, (1, 1))
    assert write_new(path, b"same") is False
    assert path.stat().st_mtime == 1


def test_nothing_is_overwritten_silently(tmp_path: Path) -> None:
    """Another content under that name stays, and the sentence says how to overwrite."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(NotWritten, match=r"已经存在，内容不同，没有覆盖。要覆盖请加 --overwrite"):
        write_new(path, b"new")
    assert path.read_bytes() == b"old"
    assert write_new(path, b"new", overwrite=True) is True
    assert path.read_bytes() == b"new"


def test_a_large_file_piece_by_piece(tmp_path: Path) -> None:
    """Until all is written the old file stands; then the new one, which others may read too."""
    path = tmp_path / "a.zip"
    path.write_bytes(b"old")
    with replaced(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert (path.read_bytes(), leftovers(tmp_path)) == (b"new", [])
    if UNIX:
        (tmp_path / "b").write_bytes(b"")
        assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "b").stat().st_mode)


def test_a_large_file_that_fails(tmp_path: Path) -> None:
    """The old file is whole, and nothing is left of the new one."""
    path = tmp_path / "a.zip"
    path.write_bytes(b"old")

    def interrupted() -> None:
        with replaced(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (path.read_bytes(), leftovers(tmp_path)) == (b"old", [])


def test_two_people_at_once(tmp_path: Path) -> None:
    """Two who write one file at the same time do not write into one another's: the later one stands, whole."""
    path = tmp_path / "a.zip"
    with replaced(path) as one:
        one.write(b"first, ")
        with replaced(path) as two:
            two.write(b"second")
        one.write(b"whole")
    assert (path.read_bytes(), leftovers(tmp_path)) == (b"first, whole", [])


REASONS = [
    (errno.ENOSPC, "磁盘已满"),
    (errno.EDQUOT, "超过了磁盘配额"),
    (errno.EROFS, "这个位置是只读的"),
    (errno.EACCES, "没有权限"),
    (errno.EIO, "磁盘或网络出错"),
    (errno.EBADMSG, f"系统错误 {errno.EBADMSG}"),
]


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace", "tempfile.mkstemp"])
@pytest.mark.parametrize(("number", "reason"), REASONS)
def test_a_failure_leaves_everything_as_it_was(
    step: str, number: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails while writing: the old file is whole, no half file stays, the reason is in Chinese."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def broken(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(step, broken)
    with pytest.raises(NotWritten) as caught:
        write_new(path, b"new", overwrite=True)
    assert reason in caught.value.sentence
    assert str(path) in caught.value.sentence
    assert os.strerror(number) not in caught.value.sentence
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_an_interruption_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of writing leaves nothing behind."""

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_new(tmp_path / "a.xlsx", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("file/a.xlsx", "路径中间有一段是文件"),
        ("file/deep/a.xlsx", "路径中间有一段是文件"),
        ("folder", "那里已有同名的文件夹"),
        ("长" * 200 + ".xlsx", "路径或文件名太长"),
    ],
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_impossible_places(name: str, reason: str, overwrite: bool, tmp_path: Path) -> None:
    """A place where no file can stand is named with the reason."""
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(NotWritten, match=reason):
        write_new(tmp_path / name, b"new", overwrite)
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(not UNIX, reason="Windows has no modes")
def test_others_may_read_what_is_written(tmp_path: Path) -> None:
    """The file has the mode that any program would give it, not that of a private temporary file."""
    before = os.umask(0o022)
    try:
        write_new(tmp_path / "a.xlsx", b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.xlsx").stat().st_mode) == 0o644


def test_reading_says_what_is_wrong(tmp_path: Path) -> None:
    """A missing file, a folder and a far too large file are each refused with their own sentence."""
    with pytest.raises(FileRefused, match="没有这个文件"):
        read_bytes(tmp_path / "none.xlsx")
    with pytest.raises(FileRefused, match="这是文件夹"):
        read_bytes(tmp_path)
    with pytest.raises(FileRefused, match="没有这个文件"):
        read_bytes(tmp_path / "none" / "none.xlsx")
    large = tmp_path / "large.xlsx"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(FileRefused, match="超过 64 MB"):
        read_bytes(large)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(PermissionError(errno.EACCES, ""), "没有权限读取"), (OSError(errno.EIO, ""), "读取失败：磁盘或网络出错")],
)
def test_a_file_that_cannot_be_opened(
    error: OSError, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file held by another program or on a broken disk is refused in words."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")

    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", broken)
    with pytest.raises(FileRefused, match=sentence):
        read_bytes(path)


@pytest.mark.skipif(not UNIX, reason="Windows has no such device")
def test_a_device_without_end_is_not_read_to_its_end() -> None:
    """The bound counts what is read, not what the file says of its size."""
    with pytest.raises(FileRefused, match="超过 64 MB"):
        read_bytes(Path("/dev/zero"))


def test_text_is_utf8(tmp_path: Path) -> None:
    """UTF-8 with and without byte order mark is read; anything else is refused."""
    path = tmp_path / "a.json"
    path.write_bytes("\ufeff报告".encode())
    assert read_text(path) == "报告"
    path.write_bytes("报告".encode("gbk"))
    with pytest.raises(FileRefused, match="不是 UTF-8"):
        read_text(path)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("盐池县/财政局", "盐池县_财政局"),
        ('a\\b:c*d?e"f<g>h|i', "a_b_c_d_e_f_g_h_i"),
        ("换\n行\t和\x00", "换_行_和_"),
        (" .前后点和空格. ", "前后点和空格"),
        ("..", "未命名"),
        ("", "未命名"),
        ("长" * 100, "长" * 80),
    ],
)
def test_names_that_every_system_accepts(text: str, name: str) -> None:
    """What Windows forbids is replaced, nothing climbs out of the folder, and the name is never empty."""
    assert file_name(text) == name


def test_patterns_and_locks(tmp_path: Path) -> None:
    """``*.xlsx`` is expanded where the shell has not done it; locks of open files are left out."""
    for name in ("乙.xlsx", "甲.xlsx", "~$甲.xlsx", ".~乙.xlsx", "x.docx", "带[号].xlsx"):
        (tmp_path / name).write_bytes(b"")
    found = chosen_files([tmp_path / "*.xlsx"])
    assert [path.name for path in found] == sorted(["乙.xlsx", "甲.xlsx", "带[号].xlsx"])
    assert chosen_files([tmp_path / "带[号].xlsx"]) == [tmp_path / "带[号].xlsx"]
    assert chosen_files([tmp_path / "无*.xlsx"]) == [tmp_path / "无*.xlsx"]
    assert chosen_files([tmp_path / "~$甲.xlsx"]) == [tmp_path / "~$甲.xlsx"]

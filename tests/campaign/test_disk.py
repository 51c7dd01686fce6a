"""Disks that are really full, folders that really may not be written: the whole program, and the system's own errors."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.campaign.making import FOUR, campaign_in, good, is_sound, put, states, wrong
from tests.campaign.test_killed import ENVIRONMENT
from xltool.campaign.home import Campaign, find_campaign

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and modes of Unix")

XLTOOL = [sys.executable, "-m", "xltool"]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


def answered(done: subprocess.CompletedProcess[str]) -> Said:
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def limited(campaign: Path, size: int, *arguments: str) -> Said:
    """``xltool`` where no file may become larger than ``size`` bytes: a disk that is full for every larger one."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return answered(
        subprocess.run(
            [*XLTOOL, *arguments], cwd=campaign, env=ENVIRONMENT, capture_output=True, text=True, check=False,
            preexec_fn=limit,
        )
    )  # fmt: skip


def may_not_write(campaign: Path, *arguments: str) -> Said:
    """``xltool`` for somebody whom the modes of files hold back: the superuser gives that privilege away."""
    plain = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"] if os.geteuid() == 0 else []
    command = [*plain, *XLTOOL, *arguments]
    return answered(subprocess.run(command, cwd=campaign, env=ENVIRONMENT, capture_output=True, text=True, check=False))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """One wrong, three right."""
    files = {f"{n}.xlsx": good(unit, n) for n, unit in enumerate(FOUR[1:], start=1)}
    return put(tmp_path / "收件", {"0.xlsx": wrong(FOUR[0]), **files})


def leftovers(folder: Path) -> list[str]:
    """What is half written."""
    return [path.name for path in folder.rglob("*") if path.suffix == ".part" or path.name.endswith("-journal")]


def test_no_room_for_originals(campaign: Campaign, inbox: Path) -> None:
    """Every file that cannot be kept is told, nothing is recorded of it; with room again all are taken."""
    said = limited(campaign.folder, 20_000, "take", str(inbox))
    assert said.code == 1
    assert said.out.count("原件存不进去") == said.out.count("文件太大，这个磁盘不能放") == 4
    assert leftovers(campaign.folder) == []
    assert states(campaign) == {}
    assert limited(campaign.folder, 1 << 30, "take", str(inbox)).code == 0
    assert set(states(campaign)) == set(FOUR)


def test_no_room_in_the_database(campaign: Campaign, inbox: Path, tmp_path: Path) -> None:
    """A database that cannot grow: one sentence, the database sound, the originals there for the next run."""
    # The largest of the workbooks fits, and the database after a few rounds does not.
    room = max((campaign.folder / "campaign.db").stat().st_size, 120_000)
    said = limited(campaign.folder, room, "take", str(inbox))
    for number in range(12):
        if said.code != 2:
            files = {f"{number}-{n}.xlsx": good(unit, n) + bytes([number]) for n, unit in enumerate(FOUR)}
            said = limited(campaign.folder, room, "take", str(put(tmp_path / f"{number}", files)))
    assert said.code == 2
    assert "收报任务的数据库用不了" in said.err
    assert is_sound(campaign.folder)
    assert leftovers(campaign.folder) == []
    assert limited(campaign.folder, 1 << 30, "take", str(inbox)).code in (0, 1)
    assert set(states(campaign)) == set(FOUR)


def test_no_room_for_what_goes_out(campaign: Campaign, inbox: Path) -> None:
    """Workbooks, copies and sums that cannot be written are told, and none is half there."""
    limited(campaign.folder, 1 << 30, "take", str(inbox))
    issued = limited(campaign.folder, 20_000, "issue")
    assert issued.code == 2
    assert "写不进去" in issued.err
    returned = limited(campaign.folder, 20_000, "return")
    assert returned.code == 1
    assert "写不进去" in returned.out
    assert limited(campaign.folder, 1 << 30, "accept", "--all").code == 0
    added = limited(campaign.folder, 20_000, "consolidate", "--draft")
    assert added.code == 2
    assert "写不进去" in added.err
    assert leftovers(campaign.folder) == []
    assert [path for path in campaign.folder.rglob("*.xlsx") if path.parent.name != "原件"] == []
    assert states(campaign)[FOUR[0]] == ["有错误"]


def test_a_disk_that_is_full(tmp_path: Path, inbox: Path) -> None:
    """A disk of its own, so small that it fills up in the middle: sentences, nothing half written, sound; emptied a
    little, the same command goes on to the end."""
    mount = tmp_path / "disk"
    mount.mkdir()
    campaign_in(tmp_path / "2024").store.close()
    for number in range(12):
        put(inbox, {f"9{number}.xlsx": good(FOUR[0], 100 + number)})
    away = [shlex.quote(str(part)) for part in (mount, tmp_path / "2024", inbox, sys.executable)]
    disk, made, files, python = away
    script = f"""
        mount -t tmpfs -o size=1200k none {disk} || exit 77
        cp -r {made} {disk}/2024 && cd {disk}/2024 || exit 77
        dd if=/dev/zero of={disk}/filler bs=1024 count=300 2>/dev/null
        {python} -m xltool take {files} >{files}-out 2>{files}-err; echo $? >{files}-code
        find . -name '*.part' -o -name '*-journal' >{files}-left
        cp -r . {files}-then; rm {disk}/filler
        mount -o remount,size=9000k {disk}
        {python} -m xltool take {files} >/dev/null 2>&1; cp -r . {files}-end
    """
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    if shutil.which("unshare") is None:
        pytest.skip("no disk of our own to be had here")
    done = subprocess.run(["unshare", *own, "--mount", "sh", "-c", script], env=ENVIRONMENT, check=False)
    if done.returncode in (1, 77) and not inbox.with_name("收件-code").exists():
        pytest.skip("this system gives nobody a disk of his own")
    told = inbox.with_name("收件-out").read_text() + inbox.with_name("收件-err").read_text()
    assert inbox.with_name("收件-code").read_text().strip() in ("1", "2")
    assert "磁盘已满" in told
    assert "Traceback" not in told
    assert inbox.with_name("收件-left").read_text() == ""
    assert is_sound(inbox.with_name("收件-then"))
    assert is_sound(inbox.with_name("收件-end"))
    campaign = find_campaign(inbox.with_name("收件-end"))
    assert set(states(campaign)) == set(FOUR)
    assert len(list((campaign.folder / "原件").rglob("*"))) >= 16


def test_a_folder_that_may_not_be_written(campaign: Campaign, inbox: Path) -> None:
    """Modes without w: every command says so in a sentence, what only looks still works, and nothing has changed."""
    limited(campaign.folder, 1 << 30, "take", str(inbox / "0.xlsx"))
    before = (campaign.folder / "campaign.db").read_bytes()
    closed = [campaign.folder, *(path for path in campaign.folder.rglob("*") if path.is_dir())]
    for path in (*closed, campaign.folder / "campaign.db"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        assert "未交 3" in may_not_write(campaign.folder, "board").out
        for command in (("take", str(inbox)), ("return",), ("issue",), ("accept", "--all")):
            said = may_not_write(campaign.folder, *command)
            assert said.code in (0, 1, 2), command
            assert ("只读" in said.out + said.err) or ("没有权限" in said.out + said.err) or "没有可以审定" in said.out
    finally:
        for path in closed:
            path.chmod(0o755)
        (campaign.folder / "campaign.db").chmod(0o644)
    assert (campaign.folder / "campaign.db").read_bytes() == before
    assert leftovers(campaign.folder) == []


def test_originals_that_may_not_be_written(campaign: Campaign, inbox: Path) -> None:
    """Only 原件 is closed: each file is told, none is recorded."""
    (campaign.folder / "原件").chmod(0o555)
    try:
        said = may_not_write(campaign.folder, "take", str(inbox))
    finally:
        (campaign.folder / "原件").chmod(0o755)
    assert said.code == 1
    assert said.out.count("没有权限") == 4
    assert states(campaign) == {}


def test_files_that_may_not_be_read(campaign: Campaign, inbox: Path) -> None:
    """A file and a folder without r are told, and the others are taken."""
    closed = put(inbox, {"x/y.xlsx": good(FOUR[3], 7)}) / "x"
    closed.chmod(0)
    (inbox / "1.xlsx").chmod(0)
    try:
        said = may_not_write(campaign.folder, "take", str(inbox))
    finally:
        closed.chmod(0o755)
        (inbox / "1.xlsx").chmod(0o644)
    assert said.code == 1
    assert "没有权限读取" in said.out
    assert "文件夹打不开" in said.out
    assert set(states(campaign)) == {FOUR[0], *FOUR[2:]}

"""Killed at any moment and run again: nothing lost, nothing twice, the same result as undisturbed."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from tests.campaign.making import campaign_in, good, is_sound, kept, put, wrong, zipped
from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.taking import Outcome, take

REPOSITORY = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"}
UNITS = [f"宁安县第{n}中学" for n in range(1, 51)]


def inbox_in(folder: Path) -> Path:
    """Some sixty files: one of each unit, two at once of some, the same twice, a zip, files of nobody."""
    files = {f"{n:02d}/填报表.xlsx": good(unit, n) for n, unit in enumerate(UNITS[:36], start=1)}
    files |= {f"{n:02d}/更正.xlsx": wrong(unit) for n, unit in enumerate(UNITS[:36:6], start=1)}
    files |= {f"{n:02d}/又一份.xlsx": good(UNITS[n - 1], n) for n in (3, 9)}
    files |= {"60/打包.zip": zipped({f"{unit}.xlsx": good(unit, n) for n, unit in enumerate(UNITS[36:], start=37)})}
    files |= {"70/说明.txt": "见附件".encode(), "71/别县.xlsx": good("别的县教育局"), "72/~$锁.xlsx": b"x"}
    return put(folder, files)


_ONE_BY_ONE = """
import sys
from xltool.campaign import taking
from xltool.cli import main
taking._TOGETHER = 1
sys.argv[0] = "xltool"
main()
"""


_AND_WAITS = """
import signal, time
from xltool.campaign.desk import Desk
signal.signal(signal.SIGINT, signal.default_int_handler)
record, calls = Desk.record, []
def waiting(desk, readings):
    calls.append(readings)
    if len(calls) == 5:
        time.sleep(60)
    return record(desk, readings)
Desk.record = waiting
"""
"""However busy the machine is, the run is not over before it is interrupted; and the signal counts, also where the
tests were started in the background, for which a shell has it ignored."""


def start(campaign: Path, inbox: Path, one_by_one: bool = False) -> subprocess.Popen[bytes]:
    """``xltool take`` in a process group of its own; ``one_by_one``: every file is recorded alone."""
    program = ["-c", _ONE_BY_ONE] if one_by_one else ["-m", "xltool"]
    command = [sys.executable, *program, "take", str(inbox)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=campaign, env=ENVIRONMENT, stdout=quiet, stderr=quiet, start_new_session=True)


def recorded(campaign: Path) -> int:
    """How many files are recorded so far, -1 where nobody may look now."""
    connection = sqlite3.connect(campaign / "campaign.db", timeout=0)
    try:
        return int(connection.execute("SELECT count(*) FROM submission").fetchone()[0])
    except sqlite3.OperationalError:
        return -1
    finally:
        connection.close()


def kill_after(process: subprocess.Popen[bytes], campaign: Path, files: int, wait: float) -> None:
    """Kill when so many more files are recorded (or the run has ended), and then ``wait`` seconds later."""
    target = recorded(campaign) + files
    while files and recorded(campaign) < target and process.poll() is None:
        time.sleep(0.002)
    time.sleep(wait)
    process.kill()
    process.wait()


def left_of(group: int) -> list[str]:
    """Processes of a group that still run."""
    left = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it has just ended
            continue
        if int(of_group) == group and state != "Z":
            left.append(stat.parent.name)
    return left


def said(campaign: Campaign) -> list[tuple[object, ...]]:
    """Everything recorded of files but when."""
    rounds = [(s.unit, s.round, s.file, s.state, s.hash, s.findings) for s in campaign.store.submissions()]
    return [*rounds, *sorted((digest, file, why) for digest, file, _, why in campaign.store.refused())]


def test_killed_twenty_times(tmp_path: Path) -> None:
    """kill -9 at twenty random moments: the database sound, every original whole, each file once; then the same
    result as of a run that nobody disturbed. All but the first record every file alone, so that there are many moments."""
    chance, inbox = Random(17), inbox_in(tmp_path / "收件")
    folder = tmp_path / "2024"
    campaign_in(folder, UNITS).store.close()
    for number in range(20):
        process = start(folder, inbox, one_by_one=number > 0)
        by_time = number % 4 == 1
        # One file more each time: on a busy machine it becomes several before the signal arrives, of 56 in all.
        kill_after(process, folder, 0 if by_time else 1, chance.uniform(0, 0.35 if by_time else 0.006))
        for path in (folder / "原件").rglob("*"):
            whole = path.is_dir() or path.suffix == ".part"
            assert whole or hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    assert is_sound(folder)
    campaign = find_campaign(folder)
    before = len(campaign.store.submissions())
    assert 15 <= before < 56
    taking = take(campaign, [inbox])
    assert taking.count(Outcome.TAKEN) > 0
    undisturbed = campaign_in(tmp_path / "undisturbed", UNITS)
    lines = take(undisturbed, [inbox]).lines
    assert said(campaign) == said(undisturbed)
    assert kept(campaign) == kept(undisturbed)
    assert {line.source for line in taking.lines} == {line.source for line in lines}
    again = take(campaign, [inbox])
    assert again.count(Outcome.TAKEN) == 0
    assert said(campaign) == said(undisturbed)


def test_no_worker_outlives_the_program(tmp_path: Path) -> None:
    """Killed with its workers busy, the program leaves no process behind."""
    inbox, folder = inbox_in(tmp_path / "收件"), tmp_path / "2024"
    campaign_in(folder, UNITS).store.close()
    process = start(folder, inbox)
    kill_after(process, folder, 2, 0)
    deadline = time.monotonic() + 60
    while left_of(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left_of(process.pid) == []


def test_interrupted_from_the_keyboard(tmp_path: Path) -> None:
    """Ctrl-C ends with a sentence and exit code 2; what was recorded stays."""
    inbox, folder = inbox_in(tmp_path / "收件"), tmp_path / "2024"
    campaign_in(folder, UNITS).store.close()
    command = [sys.executable, "-c", _AND_WAITS + _ONE_BY_ONE, "take", str(inbox)]
    process = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    while recorded(folder) < 3 and process.poll() is None:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert process.returncode == 2
    assert err.decode().endswith("× 已中断。\n")
    assert b"Traceback" not in err
    assert out.decode().count("〔") >= 2  # the third may be recorded and not yet said
    assert is_sound(folder)
    assert recorded(folder) >= 3

"""Two people on one campaign at the same time: they wait for each other, or are told; nothing is damaged."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.making import (
    EDUCATION,
    FOUR,
    HEALTH,
    book,
    campaign_in,
    decisions,
    filing,
    good,
    is_sound,
    kept,
    put,
    states,
    telling,
    wrong,
)
from tests.campaign.test_killed import ENVIRONMENT, UNITS, start
from xltool.campaign import connection
from xltool.campaign.board import make_board
from xltool.campaign.deciding import accept, explain, reject
from xltool.campaign.desk import Desk, Line, Outcome
from xltool.campaign.gathering import Gathered
from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.issuing import issue
from xltool.campaign.reading import Reader, keep_original
from xltool.campaign.taking import take
from xltool.errors import CampaignTrouble


@pytest.fixture
def mine(tmp_path: Path) -> Campaign:
    return campaign_in(tmp_path / "2024")


@pytest.fixture
def yours(mine: Campaign) -> Campaign:
    """The same campaign, opened by somebody else."""
    return replace(find_campaign(mine.folder), now=mine.now, who="李四")


def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits fifteen seconds in a test."""
    monkeypatch.setattr(connection, "WAIT", 0.2)


def test_two_take_at_once(tmp_path: Path) -> None:
    """Two programs take the same files and others at the same time: every file once, rounds without gap or double."""
    folder = tmp_path / "2024"
    campaign_in(folder, UNITS).store.close()
    shared = {f"{n}.xlsx": good(unit, n) for n, unit in enumerate(UNITS[:16], start=1)}
    first = put(tmp_path / "甲", {**shared, **{f"a{n}.xlsx": wrong(unit, "无") for n, unit in enumerate(UNITS[16:24])}})
    second = put(tmp_path / "乙", {**shared, **{f"a{n}.xlsx": wrong(unit, "/") for n, unit in enumerate(UNITS[16:24])}})
    running = [start(folder, first), start(folder, second)]
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert is_sound(folder)
    campaign = find_campaign(folder)
    rounds: dict[str, list[int]] = {}
    for submission in campaign.store.submissions():
        rounds.setdefault(submission.unit, []).append(submission.round)
    assert rounds == {unit: [1] if n < 16 else [1, 2] for n, unit in enumerate(UNITS[:24])}
    assert {hashlib.sha256(data).hexdigest() for data in kept(campaign).values()} == set(kept(campaign))
    assert len(kept(campaign)) == 32


def test_take_beside_accept_and_board(tmp_path: Path) -> None:
    """While one takes in, another looks at the board and accepts: both come through."""
    folder = tmp_path / "2024"
    mine = campaign_in(folder, UNITS)
    process = start(folder, put(tmp_path / "收件", {f"{n}.xlsx": good(unit, n) for n, unit in enumerate(UNITS[:30])}))
    accepted: set[str] = set()
    while process.poll() is None or len(accepted) < 30:
        waiting = [row.unit for row in make_board(mine).rows if row.state == "待审定"]
        accepted |= set(accept(mine, waiting[:1]))
    assert process.wait() == 0
    assert is_sound(folder)
    assert make_board(mine).counts == {"未交": 20, "已审定": 30}
    assert sorted(decisions(mine)) == sorted((unit, "审定") for unit in accepted)


def recorded(campaign: Campaign, at: Desk, file: Gathered) -> Line:
    """One file read and recorded alone."""
    return at.record([Reader(campaign).read(file)])[0]


def test_both_record_a_file_of_one_unit(mine: Campaign, yours: Campaign) -> None:
    """Two files of a unit that two people record at the same moment are rounds 1 and 2; the same file is one."""
    desks = [Desk(mine), Desk(yours)]
    files = [Gathered("a.xlsx", good(EDUCATION, 1)), Gathered("b.xlsx", good(EDUCATION, 2))]
    lines = [recorded(mine, at, file) for at, file in zip(desks, files, strict=True)]
    assert [(line.outcome, line.said) for line in lines] == [(Outcome.TAKEN, "第 1 次"), (Outcome.TAKEN, "第 2 次")]
    assert recorded(mine, desks[1], files[0]).outcome is Outcome.AGAIN
    assert recorded(mine, desks[0], Gathered("c.xlsx", good(HEALTH))).said == "第 1 次"
    assert [at.close() for at in desks] == [{}, {}]
    assert states(mine) == {EDUCATION: ["待审定", "待审定"], HEALTH: ["待审定"]}


def test_the_same_original_at_the_same_moment(mine: Campaign) -> None:
    """Two people keep the same file at once: it stands there once, whole, and nobody fails."""
    data, done = good(EDUCATION), []
    threads = [threading.Thread(target=lambda: done.append(keep_original(mine.folder, data))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [hashlib.sha256(data).hexdigest()] * 8
    assert kept(mine) == {hashlib.sha256(data).hexdigest(): data}


def test_a_decision_while_another_is_made(mine: Campaign, yours: Campaign, tmp_path: Path) -> None:
    """What somebody else has decided a moment before is seen: a rejected round is not accepted."""
    take(mine, [put(tmp_path / "a", {"a.xlsx": good(EDUCATION)})])
    reject(yours, EDUCATION, "弄错了")
    with pytest.raises(CampaignTrouble, match="还没有交"):
        accept(mine, [EDUCATION])
    assert states(mine) == {EDUCATION: ["不予采用"]}


def test_waiting_for_the_other(mine: Campaign, tmp_path: Path) -> None:
    """A short while of somebody else's writing is waited for."""
    take(mine, [put(tmp_path / "a", {"a.xlsx": good(EDUCATION)})])
    writing, free = threading.Event(), threading.Event()

    def write() -> None:
        other = find_campaign(mine.folder)
        with other.store.transaction():
            writing.set()
            free.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    assert writing.wait(10)
    threading.Timer(0.3, free.set).start()
    assert accept(mine, [EDUCATION]) == [EDUCATION]
    thread.join()


def test_somebody_writes_for_too_long(mine: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When waiting is in vain every command says so in a sentence, and nothing is changed; the board still reads."""
    take(mine, [put(tmp_path / "a", {"a.xlsx": wrong(EDUCATION)})])
    sooner(monkeypatch)
    impatient = replace(find_campaign(mine.folder), now=mine.now)
    other = sqlite3.connect(mine.folder / "campaign.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    commands = (
        lambda: take(impatient, [put(tmp_path / "b", {"b.xlsx": good(HEALTH)})]),
        lambda: accept(impatient, [EDUCATION]),
        lambda: reject(impatient, EDUCATION, "弄错了"),
        lambda: explain(impatient, EDUCATION, "T05", "属实"),
        lambda: issue(impatient),
    )
    for command in commands:
        with pytest.raises(CampaignTrouble, match="别人正在对这个收报任务执行命令"):
            command()
    assert make_board(impatient).counts == {"未交": 3, "有错误": 1}
    other.execute("ROLLBACK")
    other.close()
    assert states(mine) == {EDUCATION: ["有错误"]}
    assert decisions(mine) == []
    assert take(impatient, [tmp_path / "b"]).count(Outcome.TAKEN) == 1


def test_readers_while_somebody_commits(mine: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even the moment at which nobody may read ends in a sentence, for every command that only looks."""
    sooner(monkeypatch)
    impatient = find_campaign(mine.folder)
    other = sqlite3.connect(mine.folder / "campaign.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for look in (lambda: make_board(impatient), lambda: find_campaign(mine.folder)):
        with pytest.raises(CampaignTrouble, match="别人正在"):
            look()
    other.close()
    assert make_board(impatient).due == len(FOUR)


def test_both_issue(mine: Campaign, yours: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people hand out at once: the same workbooks, recorded once."""
    known = yours.store.last_issued()
    issue(mine)
    monkeypatch.setattr(yours.store, "last_issued", lambda: known)
    assert len(issue(yours)) == 4
    assert {issued.issue for issued in mine.store.last_issued().values()} == {1}
    assert len(list((mine.folder / "下发").glob("*.xlsx"))) == 4


def test_figures_that_somebody_else_recorded(mine: Campaign, yours: Campaign) -> None:
    """A neighbour's figures are known as soon as they are recorded, by whomever."""
    mine_at, yours_at = Desk(mine), Desk(yours)
    first, second = (Gathered(f"{unit}.xlsx", book(filing(unit, telling(70)))) for unit in (EDUCATION, HEALTH))
    assert recorded(mine, mine_at, first).errors == 0
    assert recorded(mine, yours_at, second).errors == 1


def test_the_command_ends_with_a_sentence(mine: Campaign, tmp_path: Path) -> None:
    """Where somebody has damaged the database the command ends with exit code 2, and files nothing."""
    mine.store.close()
    (mine.folder / "campaign.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    command = [sys.executable, "-m", "xltool", "take", str(put(tmp_path / "收件", {"a.xlsx": good(EDUCATION)}))]
    done = subprocess.run(command, cwd=mine.folder, env=ENVIRONMENT, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert "请用 xltool campaign backup 的备份恢复" in done.stderr.decode()
    assert b"Traceback" not in done.stderr

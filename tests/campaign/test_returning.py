"""Sending back: files first, then the record; again and again without harm."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    OFFICE,
    PERMITS,
    WATER,
    begun_in,
    campaign_in,
    filing,
    take_files,
    take_one,
    wrong,
)
from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.reading import original_path
from xltool.campaign.records import State
from xltool.campaign.return_files import ReturnTask, make_return
from xltool.campaign.returning import RETURN, ReturnedUnit, return_units
from xltool.definition import form_by_id
from xltool.errors import CampaignTrouble
from xltool.workbook.reader import Returned, read_filing

LATE = WATER


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return begun_in(tmp_path)


def read(path: Path | None) -> Returned:
    assert path is not None
    return read_filing(path.read_bytes(), form_by_id)


def state(campaign: Campaign, unit: str) -> str:
    return campaign.store.latest()[unit].state


def returns(campaign: Campaign) -> list[str]:
    return [decision.unit for decision in campaign.store.decisions() if decision.action == RETURN]


def files(campaign: Campaign) -> dict[str, str]:
    """Every file under 退回 with the hash of its content."""
    folder = campaign.folder / "退回"
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def by_unit(lines: list[ReturnedUnit]) -> dict[str, ReturnedUnit]:
    return {line.unit: line for line in lines}


def test_everything_open_goes_back(campaign: Campaign) -> None:
    """Units with something open get a workbook and a notice, are 已退回 and stand in the log; no others."""
    watched: list[ReturnedUnit] = []
    lines = return_units(campaign, watch=watched.append)
    assert [(line.unit, line.round, line.errors, line.waiting) for line in lines] == [
        (EDUCATION, 1, 1, 0),
        (HEALTH, 1, 0, 1),
    ]
    assert watched == lines
    assert all(line.is_new and not line.refused for line in lines)
    assert len(files(campaign)) == 4
    assert {name.split("/")[0] for name in files(campaign)} == {"第1轮"}
    states = {unit: state(campaign, unit) for unit in (EDUCATION, HEALTH, FINANCE)}
    assert states == {EDUCATION: State.RETURNED, HEALTH: State.RETURNED, FINANCE: State.CLEAN}
    assert returns(campaign) == [EDUCATION, HEALTH]
    decision = campaign.store.decisions(EDUCATION)[-1]
    assert decision.who == "张三"
    assert decision.data["issue"] == 1
    assert all((campaign.folder / file).is_file() for file in decision.data["files"])


def test_the_workbook_is_the_unit_s_own(campaign: Campaign) -> None:
    """The copy holds what the original held, also what could not be read."""
    line = by_unit(return_units(campaign))[EDUCATION]
    assert read(line.workbook).filing == filing(EDUCATION, unread={PERMITS: "无"})


def test_the_notice_names_office_unit_and_deadline(campaign: Campaign) -> None:
    """The campaign's deadline, or the one asked for."""
    line = by_unit(return_units(campaign))[EDUCATION]
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(line.notice)).paragraphs)
    assert EDUCATION in text
    assert OFFICE in text
    assert "2025年1月31日前" in text
    line = return_units(campaign, [EDUCATION], deadline=date(2025, 1, 10))[0]
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(line.notice)).paragraphs)
    assert line.is_new
    assert "2025年1月10日前" in text


def test_after_the_deadline_there_are_five_days(campaign: Campaign) -> None:
    """A deadline that is past is not written into a notice."""
    late = replace(campaign, now=lambda: datetime(2025, 2, 10))
    line = return_units(late)[0]
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(line.notice)).paragraphs)
    assert "2025年2月15日前" in text


def test_again_makes_nothing_new(campaign: Campaign) -> None:
    """A second run leaves files and log as they are, and says where the files stand."""
    first = return_units(campaign)
    before = files(campaign)
    again = return_units(replace(campaign, now=lambda: datetime(2025, 1, 9)))
    assert again == [replace(line, is_new=False) for line in first]
    assert files(campaign) == before
    assert returns(campaign) == [EDUCATION, HEALTH]


def test_a_lost_file_is_made_again_the_same(campaign: Campaign) -> None:
    """Whoever deletes a copy gets the same one again, days later too; the log does not grow."""
    lines = return_units(campaign)
    before = files(campaign)
    for line in lines:
        assert line.workbook is not None
        assert line.notice is not None
        line.workbook.unlink()
        line.notice.unlink()
    return_units(replace(campaign, now=lambda: datetime(2025, 1, 20)))
    assert files(campaign) == before
    assert returns(campaign) == [EDUCATION, HEALTH]


def test_changed_findings_go_back_again(campaign: Campaign) -> None:
    """After a rule changed the copy is made anew under the next number, and the log says so."""
    return_units(campaign, [EDUCATION])
    submission = campaign.store.latest()[EDUCATION]
    changed = tuple(replace(finding, said="另一个说法。") for finding in submission.findings)
    campaign.store.update_findings(replace(submission, findings=changed))
    line = return_units(campaign, [EDUCATION])[0]
    assert line.is_new
    assert read(line.workbook).identity.issue == 2
    assert returns(campaign) == [EDUCATION, EDUCATION]


def test_the_next_round_has_the_next_number(campaign: Campaign, tmp_path: Path) -> None:
    """What was returned and comes back wrong again goes back under round and number of its own."""
    return_units(campaign, [EDUCATION])
    take_one(campaign, tmp_path / "again", wrong(EDUCATION, "没有"))
    line = return_units(campaign, [EDUCATION])[0]
    assert line.round == 2
    assert line.workbook is not None
    assert line.workbook.parent.name == "第2轮"
    assert read(line.workbook).identity.issue == 2
    assert [submission.state for submission in campaign.store.submissions(EDUCATION)] == [State.RETURNED] * 2


def test_whom_nothing_is_returned_to(campaign: Campaign) -> None:
    """Each unit named that has nothing to correct is refused with its reason; the others go back."""
    clean = campaign.store.latest()[FINANCE]
    lines = by_unit(return_units(campaign, [FINANCE, LATE, EDUCATION]))
    assert "不用退回" in lines[FINANCE].refused
    assert "还没有交" in lines[LATE].refused
    assert lines[EDUCATION].is_new
    campaign.store.set_state(clean.id, State.ACCEPTED)
    assert "已经审定" in return_units(campaign, [FINANCE])[0].refused
    campaign.store.set_state(clean.id, State.DOUBLE)
    assert "两份" in return_units(campaign, [FINANCE])[0].refused
    assert returns(campaign) == [EDUCATION]


def test_an_unknown_name_stops_everything(campaign: Campaign) -> None:
    """A slip in a name is told before anything is written."""
    with pytest.raises(CampaignTrouble, match="教育菊"):
        return_units(campaign, [EDUCATION, "宁安县教育菊"])
    assert files(campaign) == {}
    assert returns(campaign) == []


def test_a_dry_run_only_says(campaign: Campaign) -> None:
    """Nothing is written, the lines are those of the run."""
    said = return_units(campaign, dry_run=True)
    assert files(campaign) == {}
    assert state(campaign, EDUCATION) == State.ERRORS
    assert said == return_units(campaign)


def test_a_lost_original_is_told_and_the_others_go_on(campaign: Campaign) -> None:
    """A missing or damaged original is this unit's line."""
    education, health = (campaign.store.latest()[unit] for unit in (EDUCATION, HEALTH))
    original_path(campaign.folder, education.hash).unlink()
    lines = by_unit(return_units(campaign))
    assert "没有这个文件" in lines[EDUCATION].refused
    assert lines[HEALTH].is_new
    assert state(campaign, EDUCATION) == State.ERRORS
    original_path(campaign.folder, education.hash).write_bytes(original_path(campaign.folder, health.hash).read_bytes())
    assert "与登记时不同" in return_units(campaign, [EDUCATION])[0].refused


def test_where_nothing_can_be_written(campaign: Campaign) -> None:
    """A file where the folder should be: a sentence, and the record stays as it was."""
    (campaign.folder / "退回" / "第1轮").write_bytes(b"")
    lines = return_units(campaign)
    assert all("写不进去" in line.refused for line in lines)
    assert returns(campaign) == []
    assert state(campaign, EDUCATION) == State.ERRORS


def test_somebody_else_decides_meanwhile(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was settled while the files were made is not overruled."""
    education, other = campaign.store.latest()[EDUCATION], find_campaign(campaign.folder)

    def slowly(task: ReturnTask) -> str:
        other.store.set_state(education.id, State.REJECTED)
        return make_return(task)

    monkeypatch.setattr("xltool.campaign.returning.make_return", slowly)
    assert "别的处理" in return_units(campaign, [EDUCATION])[0].refused
    assert campaign.store.by_hash(education.hash).state == State.REJECTED
    assert returns(campaign) == []


def test_long_names_make_files(tmp_path: Path) -> None:
    """A file name has at most 255 bytes; two long names that begin alike keep apart."""
    names = ["宁安朝鲜族自治县" * 8 + end for end in ("东局", "西局")]
    campaign = campaign_in(tmp_path / "2024", names)
    take_files(campaign, tmp_path / "in", {str(n): wrong(name) for n, name in enumerate(names)})
    lines = return_units(campaign)
    assert not [line.refused for line in lines if line.refused]
    assert len(files(campaign)) == 4


def many(tmp_path: Path, count: int) -> Campaign:
    """A campaign of so many units, each of which has a 错误."""
    names = [f"宁安县第{n}局" for n in range(1, count + 1)]
    campaign = campaign_in(tmp_path / "2024", names)
    take_files(campaign, tmp_path / "in", {name: wrong(name) for name in names})
    return campaign


def test_in_parallel_as_one_by_one(tmp_path: Path) -> None:
    """Workers make the same files as a run alone, in the roster's order."""
    campaign = many(tmp_path, 8)
    lines = return_units(campaign, workers=2)
    together = files(campaign)
    assert [line.unit for line in lines] == [unit.name for unit in campaign.roster()]
    for line in lines:
        assert line.workbook is not None
        line.workbook.unlink()
    return_units(campaign, workers=1)
    assert files(campaign) == together
    assert len(together) == 16


_PROGRAM = os.getpid()


def make_return_or_die(task: ReturnTask) -> str:
    """In the program itself the real thing; a worker is ended by the system."""
    if os.getpid() != _PROGRAM:
        os.kill(os.getpid(), signal.SIGKILL)
    return make_return(task)


def test_a_worker_that_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system ends a worker, a sentence says so; run again, every unit has its files."""
    campaign = many(tmp_path, 8)
    monkeypatch.setattr("xltool.campaign.returning.make_return", make_return_or_die)
    with pytest.raises(CampaignTrouble, match="进程意外中断了"):
        return_units(campaign)
    monkeypatch.undo()
    assert not [line.refused for line in return_units(campaign) if line.refused]
    assert len(returns(campaign)) == 8


_RUN = """
import sys
from pathlib import Path
from xltool.campaign.home import find_campaign
from xltool.campaign.return_files import ReturnTask, make_return
from xltool.campaign.returning import return_units
if __name__ == "__main__":
    print("started", flush=True)
    return_units(find_campaign(Path(sys.argv[1])))
"""


def test_killed_and_run_again(tmp_path: Path) -> None:
    """Killed at any moment and run again, every unit has its two files once, and one line in the log."""
    campaign = many(tmp_path, 16)
    script = tmp_path / "run.py"
    script.write_text(_RUN, encoding="utf-8")
    for wait in (0.3, 0.8, 1.3):
        process = subprocess.Popen(
            [sys.executable, str(script), str(campaign.folder)], stdout=subprocess.PIPE, start_new_session=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    lines = return_units(campaign)
    assert not [line.refused for line in lines if line.refused]
    assert sorted(returns(campaign)) == sorted(unit.name for unit in campaign.roster())
    kept = [name for name in files(campaign) if not name.endswith(".part")]
    assert len(kept) == 32
    for line in lines:
        assert read(line.workbook).filing.unit.name == line.unit
        assert state(campaign, line.unit) == State.RETURNED

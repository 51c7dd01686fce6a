"""Taking back: every file kept, read and filed by what it says itself; nothing chosen silently, nothing lost."""

from __future__ import annotations

import errno
import gc
import hashlib
import io
import os
import sqlite3
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import openpyxl
import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    FOUR,
    HEALTH,
    OFFICE,
    PERMITS,
    WATER,
    YEAR,
    book,
    campaign_in,
    decisions,
    doubtful,
    entry,
    filing,
    good,
    is_sound,
    kept,
    open_codes,
    outcomes,
    put,
    states,
    take_files,
    take_one,
    telling,
    wrong,
    zipped,
)
from tests.packages import workbook, worksheet
from tests.test_intake import REFUSED
from tests.test_package import HARMFUL
from xltool.campaign import reading, taking
from xltool.campaign.deciding import accept, explain, reject
from xltool.campaign.gathering import Gathered
from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.reading import Reader, original_path
from xltool.campaign.rechecking import check_again
from xltool.campaign.records import State
from xltool.campaign.returning import return_units
from xltool.campaign.roster import Change
from xltool.campaign.taking import Line, Outcome, Taking, take
from xltool.errors import CampaignTrouble
from xltool.filing import Unit
from xltool.workbook.layout.addresses import IDENTITY
from xltool.workbook.reader import FormById, Returned, read_filing


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return campaign_in(tmp_path / "2024")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "收件"


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is recorded alone."""
    monkeypatch.setattr(taking, "_TOGETHER", 1)


# to whom a file belongs


def test_filed_by_what_it_says(campaign: Campaign, inbox: Path) -> None:
    """The unit is that of the workbook, whatever the file is called; each line says round and what was found."""
    taking = take_files(
        campaign, inbox, {"水利局.xlsx": good(EDUCATION), "新建.xlsx": wrong(HEALTH), "3": doubtful(WATER)}
    )
    assert {(line.unit, line.said, line.errors, line.waiting) for line in taking.lines} == {
        (EDUCATION, "第 1 次", 0, 0),
        (HEALTH, "第 1 次", 1, 0),
        (WATER, "第 1 次", 0, 1),
    }
    assert states(campaign) == {EDUCATION: ["待审定"], HEALTH: ["有错误"], WATER: ["待核实"]}
    submission = campaign.store.latest()[EDUCATION]
    assert submission.file == str(inbox / "水利局.xlsx")
    assert campaign.store.filing(submission.id) == filing(EDUCATION)


def test_what_belongs_to_nobody(tmp_path: Path, inbox: Path) -> None:
    """A unit that is not on the roster, one that does not file, another year, another form: said, kept, not filed."""
    units = (EDUCATION, entry(2, HEALTH, "", Change.ABOLISHED), entry(3, WATER, "", Change.FILED_BY, EDUCATION))
    campaign = campaign_in(tmp_path / "2024", units)
    files = {
        "a.xlsx": good(FINANCE),
        "b.xlsx": good(HEALTH),
        "c.xlsx": good(WATER),
        "d.xlsx": book(filing(EDUCATION, year=2023)),
    }
    taking = take_files(campaign, inbox, files)
    assert [line.said.split("。")[0] for line in taking.lines] == [
        f"名册里没有“{FINANCE}”",
        f"“{HEALTH}”今年不单独填报（撤销）",
        f"“{WATER}”今年不单独填报（由…代编）",
        "是 2023 年的工作簿，本次收的是 2024 年的",
    ]
    assert taking.count(Outcome.REFUSED) == 4
    assert states(campaign) == {}
    assert {reason for _, _, _, reason in campaign.store.refused()} == {line.said for line in taking.lines}
    assert sorted(kept(campaign)) == sorted(hashlib.sha256(data).hexdigest() for data in files.values())


def on_the_cover(data: bytes, name: str) -> bytes:
    """The workbook with another name typed over the unit's on the cover."""
    copy = openpyxl.load_workbook(io.BytesIO(data))
    (cell,) = [cell for row in copy["封面"] for cell in row if cell.value == EDUCATION]
    cell.value = name
    buffer = io.BytesIO()
    copy.save(buffer)
    return buffer.getvalue()


def test_a_neighbour_s_workbook(campaign: Campaign, inbox: Path) -> None:
    """A workbook of one unit that says it is another's is nobody's: told with both names, kept, and the owner's own
    file stands alone, in whatever order they come."""
    borrowed, own = on_the_cover(good(EDUCATION, 1), HEALTH), good(EDUCATION, 2)
    for number, names in enumerate((("a.xlsx", "b.xlsx"), ("c.xlsx", "d.xlsx"))):
        data = (borrowed, own) if number else (own, borrowed)
        taking = take_files(campaign, inbox / str(number), dict(zip(names, data, strict=True)))
        said = {line.outcome: line.said for line in taking.lines}
        assert set(said) == {Outcome.REFUSED, Outcome.AGAIN if number else Outcome.TAKEN}
        assert said[Outcome.REFUSED] == (
            f"是下发给“{EDUCATION}”的工作簿，却写着“{HEALTH}”。请用下发给自己单位的工作簿填好再交。"
        )
    assert states(campaign) == {EDUCATION: ["待审定"]}
    assert {borrowed, own} == set(kept(campaign).values())
    assert [reason for _, _, _, reason in campaign.store.refused()] == [said[Outcome.REFUSED]] * 2


def test_a_name_that_nobody_has(campaign: Campaign, inbox: Path) -> None:
    """Another spelling of the unit's own name is an error to put right, and the file is the unit's."""
    line = take_one(campaign, inbox / "a.xlsx", on_the_cover(good(EDUCATION), "教育局"))
    assert (line.outcome, line.unit) == (Outcome.TAKEN, EDUCATION)
    assert "W03" in open_codes(campaign, EDUCATION)


def test_another_form(campaign: Campaign, inbox: Path) -> None:
    """A workbook of another form is refused by name."""
    other = replace(campaign, form=replace(campaign.form, id="gkbg-2029"))
    line = take_one(other, inbox / "a.xlsx", good(EDUCATION))
    assert line.outcome is Outcome.REFUSED
    assert line.said.startswith("是“gkbg-2021”的工作簿，本次收的是“gkbg-2029”")


def test_refused_and_then_put_on_the_roster(campaign: Campaign, inbox: Path) -> None:
    """What was refused is taken when the roster has the unit."""
    data = good("宁安县司法局")
    assert take_one(campaign, inbox / "a.xlsx", data).outcome is Outcome.REFUSED
    roster = campaign.roster()
    campaign.store.put_roster(replace(roster, units=(*roster.units, entry(9, "宁安县司法局"))))
    assert take_one(campaign, inbox / "a.xlsx", data).outcome is Outcome.TAKEN


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_workbook(kind: str, campaign: Campaign, inbox: Path) -> None:
    """Whatever else people hand in: a sentence, kept all the same, and the others go on."""
    data, word = REFUSED[kind]
    taking = take_files(campaign, inbox, {"a.xlsx": data, "b.xlsx": good(EDUCATION)})
    assert [line.outcome for line in taking.lines] == [Outcome.REFUSED, Outcome.TAKEN]
    assert word in taking.lines[0].said
    assert data in kept(campaign).values()


# originals


def test_originals_are_kept_first(campaign: Campaign, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a file is read it stands in the archive, byte for byte, under its hash."""
    seen = []

    def looking(data: bytes, forms: FormById) -> Returned:
        seen.append(kept(campaign).get(hashlib.sha256(data).hexdigest()) == data)
        return read_filing(data, forms)

    monkeypatch.setattr(reading, "read_filing", looking)
    files = {"a.xlsx": good(EDUCATION), "b.zip": zipped({"b.xlsx": wrong(HEALTH)}), "c.txt": "没有申请".encode()}
    take_files(campaign, inbox, files)
    assert seen == [True, True, True]
    originals = [good(EDUCATION), wrong(HEALTH), "没有申请".encode()]
    assert kept(campaign) == {hashlib.sha256(data).hexdigest(): data for data in originals}
    assert {path.read_bytes() for path in inbox.iterdir()} == set(files.values())


def test_a_damaged_original_is_written_again(campaign: Campaign, inbox: Path) -> None:
    """What a crash of the machine cut short in the archive is made whole when the file comes again."""
    take_one(campaign, inbox / "a.xlsx", good(EDUCATION))
    path = original_path(campaign.folder, hashlib.sha256(good(EDUCATION)).hexdigest())
    path.write_bytes(b"")
    path.with_name(f".{path.name[:40]}.xyz.part").write_bytes(b"half")
    take_one(campaign, inbox / "a.xlsx", good(EDUCATION))
    assert kept(campaign) == {path.name: good(EDUCATION)}


# the same again


def test_the_same_file_twice(campaign: Campaign, inbox: Path) -> None:
    """Under two names at once, and in a second run: recorded once, and said."""
    taking = take_files(campaign, inbox, {"a.xlsx": good(EDUCATION), "b.xlsx": good(EDUCATION)})
    assert [(line.outcome, line.said) for line in taking.lines] == [
        (Outcome.TAKEN, "第 1 次"),
        (Outcome.AGAIN, "与第 1 次交的是同一个文件，没有重复登记"),
    ]
    again = take(campaign, [inbox])
    assert [line.outcome for line in again.lines] == [Outcome.AGAIN, Outcome.AGAIN]
    assert states(campaign) == {EDUCATION: ["待审定"]}
    assert len(kept(campaign)) == 1


def test_a_new_file_is_the_next_round(campaign: Campaign, inbox: Path) -> None:
    """What comes in a later run is the next round, also where the first file still lies beside it."""
    take_one(campaign, inbox / "a.xlsx", wrong(EDUCATION))
    put(inbox, {"b.xlsx": good(EDUCATION)})
    taking = take(campaign, [inbox])
    assert outcomes(taking) == {"a.xlsx": Outcome.AGAIN, "b.xlsx": Outcome.TAKEN}
    assert states(campaign) == {EDUCATION: ["有错误", "待审定"]}
    assert campaign.store.latest()[EDUCATION].round == 2


def test_unchanged_after_a_return(campaign: Campaign, inbox: Path) -> None:
    """What was returned and comes back unchanged in another file is W15; the very same file is said to be that."""
    take_one(campaign, inbox / "a.xlsx", wrong(EDUCATION))
    return_units(campaign)
    line = take_one(campaign, inbox / "a.xlsx", wrong(EDUCATION))
    assert (line.outcome, line.said) == (
        Outcome.AGAIN,
        "与第 1 次交的是同一个文件，退回后没有改动，没有重复登记",
    )
    line = take_one(campaign, inbox / "b.xlsx", book(filing(EDUCATION, unread={PERMITS: "无"})) + b"\0")
    assert (line.outcome, line.said, line.errors, line.waiting) == (Outcome.TAKEN, "第 2 次", 1, 1)
    assert open_codes(campaign, EDUCATION) == ["T02", "W15"]


def test_changed_after_a_return(campaign: Campaign, inbox: Path) -> None:
    """What was corrected, or only a text of it, is not W15; nor is an unchanged file that nobody returned."""
    take_one(campaign, inbox / "a.xlsx", wrong(EDUCATION))
    take_one(campaign, inbox / "b.xlsx", wrong(EDUCATION) + b"\0")
    assert open_codes(campaign, EDUCATION) == ["T02"]
    return_units(campaign)
    take_one(
        campaign,
        inbox / "c.xlsx",
        book(filing(EDUCATION, unread={PERMITS: "无"}, text="改过了，由专人重新核对，结果按月在网站公布。")),
    )
    assert open_codes(campaign, EDUCATION) == ["T02"]


def test_unchanged_after_the_other_was_chosen(campaign: Campaign, inbox: Path) -> None:
    """W15 looks at the round that was returned, not at one that was put aside."""
    take_files(campaign, inbox, {"a.xlsx": wrong(EDUCATION), "b.xlsx": good(EDUCATION)})
    take(campaign, [inbox / "a.xlsx"])
    return_units(campaign)
    take_one(campaign, inbox / "c.xlsx", wrong(EDUCATION) + b"\0")
    assert open_codes(campaign, EDUCATION) == ["T02", "W15"]


# the same figures from two units


def neighbour(unit: str) -> bytes:
    return book(filing(unit, telling(40)))


def test_figures_of_a_neighbour(campaign: Campaign, inbox: Path) -> None:
    """Two units with the same figures both have W14: which is the copy, nobody knows. Few figures tell nothing."""
    files = {
        "a.xlsx": neighbour(EDUCATION),
        "b.xlsx": neighbour(HEALTH),
        "c.xlsx": good(FINANCE),
        "d.xlsx": good(WATER),
    }
    taking = take_files(campaign, inbox, files)
    assert [line.errors for line in taking.lines] == [0, 1, 0, 0]
    (finding,) = [f for f in campaign.store.latest()[HEALTH].findings if f["code"] == "W14"]
    assert EDUCATION in finding["text"]
    assert open_codes(campaign, EDUCATION) == ["W14"]


def test_the_same_figures_until_one_has_others(campaign: Campaign, inbox: Path) -> None:
    """W14 stands with both while their figures are the same, and goes from both as soon as one has others."""
    take_one(campaign, inbox / "a.xlsx", neighbour(EDUCATION))
    take_one(campaign, inbox / "b.xlsx", neighbour(HEALTH))
    take_one(
        campaign,
        inbox / "c.xlsx",
        book(filing(EDUCATION, telling(40), text="改了一处，由专人重新核对，结果在网站公布。")),
    )
    assert open_codes(campaign, EDUCATION) == open_codes(campaign, HEALTH) == ["W14"]
    take_one(campaign, inbox / "d.xlsx", book(filing(HEALTH, telling(41))))
    assert open_codes(campaign, EDUCATION) == open_codes(campaign, HEALTH) == []


def test_figures_that_were_replaced(campaign: Campaign, inbox: Path) -> None:
    """Figures that the neighbour has corrected or that were put aside are no longer the neighbour's."""
    take_one(campaign, inbox / "a.xlsx", neighbour(EDUCATION))
    take_one(campaign, inbox / "b.xlsx", good(EDUCATION))
    assert take_one(campaign, inbox / "c.xlsx", neighbour(HEALTH)).errors == 0
    reject(campaign, HEALTH, "弄错了")
    assert take_one(campaign, inbox / "d.xlsx", neighbour(WATER)).errors == 0


# two at once


def test_two_different_files_at_once(campaign: Campaign, inbox: Path) -> None:
    """Neither is chosen, both lines say so; the others are taken; nothing of it can be accepted."""
    files = {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(HEALTH), "c.xlsx": good(EDUCATION, 2)}
    watched: list[Line] = []
    put(inbox, files)
    taking = take(campaign, [inbox], watched.append)
    assert [line.source for line in watched] == [line.source for line in taking.lines]
    double, other = Outcome.DOUBLE, Outcome.TAKEN
    assert outcomes(taking) == {"a.xlsx": double, "b.xlsx": other, "c.xlsx": double}
    assert "两份不同的文件" in taking.lines[0].said
    assert states(campaign) == {EDUCATION: ["有两份", "有两份"], HEALTH: ["待审定"]}
    with pytest.raises(CampaignTrouble, match="有两份不同的文件"):
        accept(campaign, [EDUCATION])


@pytest.mark.parametrize(("chosen", "found"), [("a", ["待审定", "不予采用"]), ("c", ["不予采用", "有错误"])])
def test_choosing_by_handing_one_in_alone(chosen: str, found: list[str], campaign: Campaign, inbox: Path) -> None:
    """The one that comes again alone counts, the other is put aside, and the log says who chose."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION), "c.xlsx": wrong(EDUCATION)})
    (line,) = take(campaign, [inbox / f"{chosen}.xlsx"]).lines
    assert line.outcome is Outcome.TAKEN
    assert line.said.startswith("选用第 ")
    assert states(campaign) == {EDUCATION: found}
    decision = campaign.store.decisions(EDUCATION)[-1]
    assert (decision.action, decision.who, decision.submission) == ("选用", "张三", 1 if chosen == "a" else 2)
    again = take(campaign, [inbox])
    assert {line.outcome for line in again.lines} == {Outcome.AGAIN}
    assert states(campaign) == {EDUCATION: found}


def test_both_again_chooses_neither(campaign: Campaign, inbox: Path) -> None:
    """The same folder taken once more leaves both where they are, in whatever order they come."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(EDUCATION, 2)})
    for paths in ([inbox], [inbox / "b.xlsx", inbox / "a.xlsx"], [inbox / "a.xlsx", inbox / "b.xlsx"]):
        taking = take(campaign, paths)
        assert [line.outcome for line in taking.lines] == [Outcome.DOUBLE] * 2
        assert states(campaign) == {EDUCATION: ["有两份", "有两份"]}
    assert decisions(campaign) == []


def test_one_again_under_two_names(campaign: Campaign, inbox: Path) -> None:
    """The very same file twice is still one file alone."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(EDUCATION, 2)})
    alone = put(inbox.with_name("选定"), {"x.xlsx": good(EDUCATION, 2), "y.xlsx": good(EDUCATION, 2)})
    assert [line.outcome for line in take(campaign, [alone]).lines] == [Outcome.TAKEN] * 2
    assert states(campaign) == {EDUCATION: ["不予采用", "待审定"]}


def test_a_third_file_alone(campaign: Campaign, inbox: Path) -> None:
    """A new file that comes alone after two at once is the one; together with one of them it is not."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(EDUCATION, 2)})
    third = {"c.xlsx": good(EDUCATION, 3)}
    both = put(inbox.with_name("两份"), {**third, "b.xlsx": good(EDUCATION, 2)})
    assert {line.outcome for line in take(campaign, [both]).lines} == {Outcome.DOUBLE}
    assert states(campaign) == {EDUCATION: ["有两份"] * 3}
    (line,) = take_files(campaign, inbox.with_name("一份"), third).lines
    assert (line.outcome, line.said) == (Outcome.TAKEN, "选用第 3 次交的这一份")
    assert states(campaign) == {EDUCATION: ["不予采用", "不予采用", "待审定"]}


def test_putting_one_of_two_aside(campaign: Campaign, inbox: Path) -> None:
    """Rejecting one of two leaves the other."""
    take_files(campaign, inbox, {"a.xlsx": wrong(EDUCATION), "b.xlsx": good(EDUCATION)})
    assert reject(campaign, EDUCATION, "单位来电确认").round == 2
    assert states(campaign) == {EDUCATION: ["有错误", "不予采用"]}
    line = take_one(campaign, inbox / "b.xlsx", good(EDUCATION))
    assert (line.outcome, line.said) == (
        Outcome.AGAIN,
        "与第 2 次交的是同一个文件，那一次已不予采用，没有重复登记；"
        f"要重新采用，请运行 xltool reject {EDUCATION} --undo --note 原因",
    )


@pytest.mark.usefixtures("one_by_one")
def test_two_in_a_run_that_was_cut_short(campaign: Campaign, inbox: Path) -> None:
    """A run that ended between the two and is run again knows that they came at once."""
    put(inbox, {"a.xlsx": good(EDUCATION, 1), "b.xlsx": good(EDUCATION, 2)})

    def killed(_: object) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(campaign, [inbox], killed)
    assert states(campaign) == {EDUCATION: ["待审定"]}
    assert {line.outcome for line in take(campaign, [inbox]).lines} == {Outcome.DOUBLE}
    assert states(campaign) == {EDUCATION: ["有两份", "有两份"]}


@pytest.mark.usefixtures("one_by_one")
def test_a_correction_after_a_run_that_was_cut_short(campaign: Campaign, inbox: Path) -> None:
    """What comes days after a run was cut short, without the first file, is the next round and no second at once."""
    put(inbox, {"a.xlsx": wrong(EDUCATION), "b.xlsx": good(HEALTH)})

    def killed(_: object) -> NoReturn:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(campaign, [inbox], killed)
    line = take_one(campaign, inbox.with_name("更正") / "a.xlsx", good(EDUCATION))
    assert (line.outcome, line.said) == (Outcome.TAKEN, "第 2 次")


def test_a_clock_that_goes_back(campaign: Campaign, inbox: Path) -> None:
    """What came at once is known by order, not by the clocks of two computers."""
    take_one(campaign, inbox / "a.xlsx", wrong(EDUCATION))
    earlier = replace(campaign, now=lambda: campaign.now().replace(year=2020))
    assert take_one(earlier, inbox / "b.xlsx", good(EDUCATION)).outcome is Outcome.TAKEN
    stopped = replace(campaign, now=lambda: campaign.now().replace(hour=1, minute=0, second=0))
    assert take_one(stopped, inbox / "c.xlsx", good(HEALTH, 1)).outcome is Outcome.TAKEN
    assert take_one(stopped, inbox / "d.xlsx", good(HEALTH, 2)).outcome is Outcome.TAKEN


# decisions and rounds


def test_explanations_hold_until_the_values_change(campaign: Campaign, inbox: Path) -> None:
    """What the office recorded holds for the next round with the same value, and not for another value."""
    take_one(campaign, inbox / "a.xlsx", doubtful(EDUCATION))
    key = next(f["key"] for f in campaign.store.latest()[EDUCATION].findings if f["open"])
    explain(campaign, EDUCATION, key, "确实办了 2024 件，有台账")
    line = take_one(
        campaign,
        inbox / "b.xlsx",
        book(filing(EDUCATION, {PERMITS: 2024}, text="改了文字，由专人重新核对，结果在网站公布。")),
    )
    assert (line.errors, line.waiting) == (0, 0)
    (finding,) = [f for f in campaign.store.latest()[EDUCATION].findings if f["key"] == key]
    assert (finding["explanation"], finding["open"]) == ("确实办了 2024 件，有台账", False)
    assert take_one(campaign, inbox / "c.xlsx", doubtful(EDUCATION, 2025)).waiting == 1
    assert take_one(campaign, inbox / "d.xlsx", doubtful(EDUCATION) + b"\0").waiting == 0
    assert take_one(campaign, inbox / "e.xlsx", doubtful(HEALTH)).waiting == 1


def test_accepted_and_handed_in_again(campaign: Campaign, inbox: Path) -> None:
    """A new file after acceptance is a new round that waits; the accepted one stays accepted."""
    take_one(campaign, inbox / "a.xlsx", good(EDUCATION, 1))
    accept(campaign, [EDUCATION])
    assert take_one(campaign, inbox / "a.xlsx", good(EDUCATION, 1)).outcome is Outcome.AGAIN
    assert take_one(campaign, inbox / "b.xlsx", good(EDUCATION, 2)).said == "第 2 次"
    assert states(campaign) == {EDUCATION: ["已审定", "待审定"]}
    reject(campaign, EDUCATION, "没有必要")
    assert campaign.store.latest()[EDUCATION].is_accepted


# many at once


def many(folder: Path) -> Path:
    """Files of all kinds."""
    files = {f"{n:02d}.xlsx": good(unit, n) for n, unit in enumerate(FOUR * 3)}
    files |= {f"x{n}.xlsx": wrong(unit) for n, unit in enumerate(FOUR)}
    files |= {
        "y.xlsx": good("宁安县司法局"),
        "~$z.xlsx": b"x",
        "z.zip": zipped({"a.xlsx": good(EDUCATION, 1), "b": b""}),
    }
    return put(folder, files)


def test_parallel_as_one_by_one(tmp_path: Path, inbox: Path) -> None:
    """Workers give the same lines in the same order, the same rounds, the same archive."""
    found = []
    for workers in (1, 2, 3):
        campaign = campaign_in(tmp_path / f"{workers}")
        taking = take(campaign, [many(inbox)], workers=workers)
        said = [(s.unit, s.round, s.state, s.file, s.findings) for s in campaign.store.submissions()]
        found.append((taking, said, kept(campaign)))
    assert found[0] == found[1] == found[2]
    assert len(found[0][0].lines) == 19
    assert found[0][0].noise == 1


def test_the_campaign_folder_itself(campaign: Campaign) -> None:
    """Taking in the campaign's own folder takes what lies in it, not what it keeps there."""
    take_one(campaign, campaign.folder / "收件" / "a.xlsx", good(EDUCATION))
    put(campaign.folder, {"下发/b.xlsx": good(HEALTH), "b.xlsx": good(FINANCE)})
    taking = take(campaign, [campaign.folder])
    assert outcomes(taking) == {"a.xlsx": Outcome.AGAIN, "b.xlsx": Outcome.TAKEN}
    assert set(states(campaign)) == {EDUCATION, FINANCE}


def test_files_under_way_are_bounded(campaign: Campaign, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few bytes are held at once, and the result is the same."""
    monkeypatch.setattr(taking, "_MOST_BYTES", 1)
    files = {f"{n}.xlsx": good(unit, n) for n, unit in enumerate(FOUR * 3, start=0)}
    lines = take_files(campaign, inbox, files, workers=2).lines
    assert len(lines) == 12
    assert {len(rounds) for rounds in states(campaign).values()} == {3}


# trouble


def test_a_reader_s_accident(campaign: Campaign, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should one file bring the reader down, the file is kept, a sentence says so, and the others go on."""

    def stumbling(data: bytes, forms: FormById) -> Returned:
        if data == good(HEALTH):
            raise RecursionError
        return read_filing(data, forms)

    monkeypatch.setattr(reading, "read_filing", stumbling)
    taking = take_files(campaign, inbox, {"a.xlsx": good(HEALTH), "b.xlsx": good(EDUCATION)})
    assert [line.outcome for line in taking.lines] == [Outcome.REFUSED, Outcome.TAKEN]
    assert "读取时出了意外" in taking.lines[0].said
    assert good(HEALTH) in kept(campaign).values()


@pytest.mark.parametrize(
    ("code", "reason"),
    [(errno.ENOSPC, "磁盘已满"), (errno.EROFS, "这个位置是只读的"), (errno.EACCES, "没有权限，或者正被别的程序打开")],
)
def test_where_originals_cannot_be_written(
    code: int, reason: str, campaign: Campaign, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a read-only folder, a file held by another program: a sentence, nothing half written or recorded."""

    def full(_: int) -> NoReturn:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", full)
    taking = take_files(campaign, inbox, {"a.xlsx": good(EDUCATION)})
    (line,) = taking.lines
    assert line.outcome is Outcome.REFUSED
    assert line.said.startswith("原件存不进去，没有登记：")
    assert reason in line.said
    assert (kept(campaign), states(campaign)) == ({}, {})
    monkeypatch.undo()
    assert take(campaign, [inbox]).lines[0].outcome is Outcome.TAKEN


def test_a_read_only_database(campaign: Campaign, inbox: Path) -> None:
    """Where the database cannot be written: one sentence in Chinese, nothing recorded."""
    campaign.store._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(CampaignTrouble, match="只读"):
        take_files(campaign, inbox, {"a.xlsx": good(EDUCATION)})
    campaign.store._connection.execute("PRAGMA query_only = 0")
    assert states(campaign) == {}


@pytest.mark.usefixtures("one_by_one")
def test_a_database_that_is_full(campaign: Campaign, inbox: Path) -> None:
    """The disk is full in the middle of a run: one sentence; what was recorded stays whole, the rest comes later."""
    connection = campaign.store._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 40}")
    put(inbox, {f"{n}.xlsx": book(filing(unit, text="办" * 900)) for n, unit in enumerate(FOUR)})
    with pytest.raises(CampaignTrouble, match="磁盘已满"):
        take(campaign, [inbox])
    assert not connection.in_transaction
    assert is_sound(campaign.folder)
    recorded = states(campaign)
    assert 0 < len(recorded) < 4
    connection.execute("PRAGMA max_page_count = 1000000")
    assert take(campaign, [inbox]).count(Outcome.TAKEN) == 4 - len(recorded)
    assert {len(rounds) for rounds in states(campaign).values()} == {1}


def test_a_database_that_is_none(campaign: Campaign) -> None:
    """A damaged database: a sentence that points to the backup."""
    campaign.store.close()
    (campaign.folder / "campaign.db").write_bytes(b"not a database" * 400)
    with pytest.raises(CampaignTrouble, match="数据库损坏"):
        find_campaign(campaign.folder)
    (campaign.folder / "campaign.db").write_bytes(b"")
    with pytest.raises(CampaignTrouble, match="内容不完整"):
        find_campaign(campaign.folder)
    assert OFFICE in campaign_in(campaign.folder).settings.office


# harmful files


def far_cell() -> bytes:
    return workbook(worksheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))


def full_column_merge() -> bytes:
    return workbook(worksheet("<row/>", after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'))


def test_harmful_files_among_good_ones(campaign: Campaign, inbox: Path) -> None:
    """Every harmful file known is refused with a sentence within 5 s, and the good ones between them are taken."""
    harmful = {name: HARMFUL[name]() for name in ("bomb", "bomb of parts", "entities", "million styled rows")}
    harmful |= {
        "far cell": far_cell(),
        "full merge": full_column_merge(),
        "truncated": good(EDUCATION)[:20_000],
        "random": os.urandom(60_000),
        "random zip": b"PK\x03\x04" + os.urandom(60_000),
    }
    files = {f"{n:02d}-{name}.xlsx": data for n, (name, data) in enumerate(harmful.items())}
    files |= {f"{3 * n:02d}-x-{unit}.xlsx": good(unit, n) for n, unit in enumerate(FOUR)}
    put(inbox, files)
    times = [time.process_time()]
    taking: Taking = take(campaign, [inbox], lambda _: times.append(time.process_time()), workers=1)
    refused = {Path(line.source).name for line in taking.lines if line.outcome is Outcome.REFUSED}
    assert len(refused) == len(harmful)
    assert {line.unit for line in taking.lines if line.outcome is Outcome.TAKEN} == set(FOUR)
    assert all("。" in line.said for line in taking.lines if line.outcome is Outcome.REFUSED)
    assert max(after - before for before, after in pairwise(times)) < 5
    assert is_sound(campaign.folder)


def test_the_hidden_sheet_is_gone(campaign: Campaign, inbox: Path) -> None:
    """A workbook whose identity was taken away is refused or told as W16; it is never filed by its name."""
    copy = openpyxl.load_workbook(io.BytesIO(good(EDUCATION)))
    del copy[IDENTITY]
    buffer = io.BytesIO()
    copy.save(buffer)
    line = take_one(campaign, inbox / f"{HEALTH}.xlsx", buffer.getvalue())
    assert HEALTH not in states(campaign)
    assert line.outcome is Outcome.REFUSED or "W16" in open_codes(campaign, EDUCATION)


def test_the_log_cannot_be_changed(campaign: Campaign, inbox: Path) -> None:
    """Lines of the log are neither changed nor deleted, whoever opens the database."""
    take_files(campaign, inbox, {"a.xlsx": good(EDUCATION)})
    accept(campaign, [EDUCATION])
    other = sqlite3.connect(campaign.folder / "campaign.db")
    for statement in ("UPDATE decision SET note = 'x'", "DELETE FROM decision"):
        with pytest.raises(sqlite3.IntegrityError, match="append only"):
            other.execute(statement)
    other.close()
    assert decisions(campaign) == [(EDUCATION, "审定")]
    assert State.ACCEPTED in states(campaign)[EDUCATION]


def test_what_is_known_is_not_read_again(campaign: Campaign, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that is repeated looks at each file's bytes and reads only what is new, or was refused."""
    put(inbox, {"a.xlsx": good(EDUCATION), "b.xlsx": wrong(HEALTH), "c.xlsx": b"nothing"})
    take(campaign, [inbox])
    put(inbox, {"d.xlsx": good(FINANCE)})
    read: list[bytes] = []

    def watched(data: bytes, forms: FormById) -> Returned:
        read.append(data)
        return read_filing(data, forms)

    monkeypatch.setattr(reading, "read_filing", watched)
    assert [line.outcome for line in take(campaign, [inbox]).lines] == [
        Outcome.AGAIN, Outcome.AGAIN, Outcome.REFUSED, Outcome.TAKEN,
    ]  # fmt: skip
    assert read == [b"nothing", good(FINANCE)]


def test_reading_leaves_nothing_behind(campaign: Campaign) -> None:
    """What a file was read into is gone with it: nothing waits for the garbage collector, thousands of files through."""
    reader = Reader(campaign)
    files = [Gathered(f"{unit}.xlsx", good(unit, n)) for n, unit in enumerate(FOUR)]
    for file in files[:2]:
        reader.read(file)
    gc.collect()
    gc.disable()
    try:
        assert reader.read(files[2]).filing is not None
        assert gc.collect() < 50
    finally:
        gc.enable()


def test_judged_by_what_the_campaign_knows(campaign: Campaign, inbox: Path) -> None:
    """Last year's figures of the campaign count, whatever the workbook carries; taking and checking again agree."""
    carried = replace(filing(EDUCATION, telling(90)), year=YEAR - 1)
    campaign.store.put_seed(EDUCATION, replace(filing(EDUCATION, telling(5)), year=YEAR - 1))
    take_one(campaign, inbox / "a.xlsx", book(filing(EDUCATION, telling(90)), carried))
    take_one(campaign, inbox / "b.xlsx", book(filing(HEALTH, telling(70)), replace(carried, unit=Unit(HEALTH))))
    found = [f["code"] for f in campaign.store.latest()[EDUCATION].findings]
    assert any(code.startswith("Y") for code in found)
    assert "P01" not in [f["code"] for f in campaign.store.latest()[HEALTH].findings]
    assert check_again(campaign) == []


def test_a_copy_that_is_put_aside(campaign: Campaign, inbox: Path) -> None:
    """Accepting is taken back, and logged, when a neighbour hands in the same; putting the copy aside clears it."""
    take_one(campaign, inbox / "a.xlsx", neighbour(EDUCATION))
    accept(campaign, [EDUCATION])
    take_one(campaign, inbox / "b.xlsx", neighbour(HEALTH))
    assert open_codes(campaign, EDUCATION) == open_codes(campaign, HEALTH) == ["W14"]
    assert campaign.store.decisions(EDUCATION)[-1].action == "撤回审定"
    reject(campaign, HEALTH, "误用了教育局的表")
    assert open_codes(campaign, EDUCATION) == []
    assert accept(campaign, [EDUCATION]) == [EDUCATION]

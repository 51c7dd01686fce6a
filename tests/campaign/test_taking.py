"""Taking back: every file kept, read and filed by what it says itself; nothing chosen silently, nothing lost."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
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
from tests.test_intake import REFUSED
from xltool.campaign import reading
from xltool.campaign.deciding import accept, explain, reject
from xltool.campaign.home import Campaign
from xltool.campaign.reading import original_path
from xltool.campaign.rechecking import check_again
from xltool.campaign.records import State
from xltool.campaign.returning import return_units
from xltool.campaign.roster import Change
from xltool.campaign.taking import Outcome, take
from xltool.filing import Unit
from xltool.workbook.reader import FormById, Returned, read_filing

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
        f"“{WATER}”今年不单独填报（由{EDUCATION}代编）",
        "是 2023 年的工作簿，本次收的是 2024 年的",
    ]
    assert taking.count(Outcome.REFUSED) == 4
    assert states(campaign) == {}
    assert {reason for _, _, _, reason in campaign.store.refused()} == {line.said for line in taking.lines}
    assert sorted(kept(campaign)) == sorted(hashlib.sha256(data).hexdigest() for data in files.values())


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


# decisions and rounds


def test_explanations_hold_until_the_values_change(campaign: Campaign, inbox: Path) -> None:
    """What the office recorded holds for the next round with the same value, and not for another value."""
    take_one(campaign, inbox / "a.xlsx", doubtful(EDUCATION))
    key = next(f.key for f in campaign.store.latest()[EDUCATION].findings if f.is_open)
    explain(campaign, EDUCATION, key, "确实办了 2024 件，有台账")
    line = take_one(
        campaign,
        inbox / "b.xlsx",
        book(filing(EDUCATION, {PERMITS: 2024}, text="改了文字，由专人重新核对，结果在网站公布。")),
    )
    assert (line.errors, line.waiting) == (0, 0)
    (finding,) = [f for f in campaign.store.latest()[EDUCATION].findings if f.key == key]
    assert (finding.explanation, finding.is_open) == ("确实办了 2024 件，有台账", False)
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


def test_judged_by_what_the_campaign_knows(campaign: Campaign, inbox: Path) -> None:
    """Last year's figures of the campaign count, whatever the workbook carries; taking and checking again agree."""
    carried = replace(filing(EDUCATION, telling(90)), year=YEAR - 1)
    campaign.store.put_seed(EDUCATION, replace(filing(EDUCATION, telling(5)), year=YEAR - 1))
    take_one(campaign, inbox / "a.xlsx", book(filing(EDUCATION, telling(90)), carried))
    take_one(campaign, inbox / "b.xlsx", book(filing(HEALTH, telling(70)), replace(carried, unit=Unit(HEALTH))))
    found = [f.code for f in campaign.store.latest()[EDUCATION].findings]
    assert any(code.startswith("Y") for code in found)
    assert "P01" not in [f.code for f in campaign.store.latest()[HEALTH].findings]
    assert check_again(campaign) == []

"""Many files in one run: workers, what is held at once, what is not read again, the campaign's own folder."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    FOUR,
    HEALTH,
    campaign_in,
    good,
    kept,
    outcomes,
    put,
    states,
    take_files,
    take_one,
    wrong,
    zipped,
)
from xltool.campaign import reading, taking
from xltool.campaign.gathering import Gathered
from xltool.campaign.home import Campaign
from xltool.campaign.reading import Reader
from xltool.campaign.taking import Outcome, take
from xltool.files import LARGEST
from xltool.workbook.reader import FormById, Returned, read_filing


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


def test_a_zip_larger_than_any_file_may_be(campaign: Campaign, inbox: Path) -> None:
    """A zip of more than 64 MB is taken in member by member: the one that is too large itself is told by its name and
    the others are taken, from before and from behind it."""
    too_large = b"PK" + bytes(LARGEST)
    files = {"甲/a.xlsx": good(EDUCATION), "乙/扫描件.xlsx": too_large, "丙/b.xlsx": good(HEALTH)}
    taking = take_files(campaign, inbox, {"全县.zip": zipped(files)})
    assert (inbox / "全县.zip").stat().st_size > LARGEST
    assert outcomes(taking) == {"a.xlsx": Outcome.TAKEN, "扫描件.xlsx": Outcome.REFUSED, "b.xlsx": Outcome.TAKEN}
    (refused,) = [line for line in taking.lines if line.outcome is Outcome.REFUSED]
    assert "超过 64 MB" in refused.said
    assert states(campaign) == {EDUCATION: ["待审定"], HEALTH: ["待审定"]}
    assert sorted(kept(campaign).values()) == sorted([good(EDUCATION), good(HEALTH)])

"""Reports and workbooks of many kinds taken at once: each becomes a workbook to confirm, which closes the matter."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaign.making import book, campaign_in, filing, outcomes, put, states, telling, the_form
from tests.programs.gnumeric import Gnumeric
from xltool.campaign import looking, salvaging
from xltool.campaign.home import Campaign
from xltool.campaign.roster import Roster, RosterUnit
from xltool.campaign.salvaging import TO_CONFIRM
from xltool.campaign.taking import Outcome, Taking, take
from xltool.documents import NotHere
from xltool.filing import Filing, Unit
from xltool.report.html import write_html
from xltool.report.pdf import write_pdf
from xltool.report.view import build_view
from xltool.report.word import write_word

KINDS = ("et", "ods", "xls", "docx", "pdf", "html")
UNITS = {kind: f"宁安县第{number}中学" for number, kind in zip("一二三四五六", KINDS, strict=True)}


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return campaign_in(tmp_path / "任务", UNITS.values())


def said(kind: str) -> Filing:
    return filing(UNITS[kind], telling(10 * (KINDS.index(kind) + 1)))


@pytest.fixture(scope="module")
def files(gnumeric: Gnumeric, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """One of each kind, each of another unit; .et is .xls under another name."""
    folder = tmp_path_factory.mktemp("foreign")

    def resaved(kind: str, suffix: str) -> bytes:
        source = folder / f"{kind}.xlsx"
        source.write_bytes(book(said(kind)))
        return gnumeric.resave(source, folder / f"{kind}.{suffix}").read_bytes()

    form = the_form()
    return {
        "a.et": resaved("et", "xls"),
        "b.ods": resaved("ods", "ods"),
        "c.xls": resaved("xls", "xls"),
        "d.docx": write_word(form, said("docx")),
        "e.pdf": write_pdf(build_view(form, said("pdf"))).data,
        "f.html": write_html(build_view(form, said("html"))).encode(),
    }


def made(campaign: Campaign) -> list[Path]:
    return sorted((campaign.folder / "退回" / TO_CONFIRM).glob("*"))


def test_files_of_every_kind_at_once(campaign: Campaign, tmp_path: Path, files: dict[str, bytes]) -> None:
    """None is filed, each gives a workbook with every figure; all of these are taken, then nothing is left to do."""
    counted: list[int] = []
    looked_at: list[str] = []

    def salvaging_counted(count: int) -> Callable[[str], None]:
        counted.append(count)
        return looked_at.append

    inbox = put(tmp_path / "收到", {**files, "g.pdf": b"%PDF-1.7 broken"})
    taking = take(campaign, [inbox], salvaging=salvaging_counted)
    assert set(outcomes(taking).values()) == {Outcome.REFUSED}
    told = {Path(line.source).name: line.said for line in taking.lines}
    assert all("没有登记：已读出 168 个数，填入" in told[name] for name in files), told
    assert counted == [7]
    assert [Path(source).name for source in looked_at] == sorted([*files, "g.pdf"])
    assert states(campaign) == {}

    confirmed = take(campaign, made(campaign))
    assert [(line.outcome, line.unit) for line in confirmed.lines] == [
        (Outcome.TAKEN, unit) for unit in sorted(UNITS.values())
    ]
    for kind, unit in UNITS.items():
        assert campaign.store.filing(campaign.store.latest()[unit].id).values == said(kind).values

    again = take(campaign, [inbox])
    assert {Path(line.source).name: line.said for line in again.lines} == told
    assert len(made(campaign)) == len(files)


def test_as_one_by_one(tmp_path: Path, files: dict[str, bytes]) -> None:
    """Workers say and write what a single process does."""
    inbox = put(tmp_path / "收到", files)

    def through(workers: int) -> tuple[Taking, dict[str, bytes]]:
        campaign = campaign_in(tmp_path / f"任务{workers}", UNITS.values())
        return take(campaign, [inbox], workers=workers), {path.name: path.read_bytes() for path in made(campaign)}

    assert through(2) == through(1)


def test_what_gives_no_workbook_is_looked_into_once(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be read, another form, a unit that nobody can tell: said again, not read again."""
    form = the_form()
    inbox = put(
        tmp_path / "收到",
        {
            "a.pdf": b"%PDF-1.7 broken",
            "b.docx": write_word(form, filing("宁安县水务局")),
            "c.docx": write_word(form, filing(UNITS["et"], year=2023)),
            "d.txt": "见附件".encode(),
        },
    )
    first = take(campaign, [inbox]).lines
    looked: list[object] = []
    monkeypatch.setattr(salvaging, "look", lambda campaign, original: looked.append(original))
    assert take(campaign, [inbox], workers=1).lines == first
    assert looked == []
    assert "xltool salvage 文件 --unit 单位全称" in first[1].said


def test_a_unit_added_to_the_roster_is_asked(campaign: Campaign, tmp_path: Path) -> None:
    """What was found once is judged by the roster of today."""
    inbox = put(tmp_path / "收到", {"a.docx": write_word(the_form(), filing("宁安县水务局", telling(3)))})
    assert "xltool salvage" in take(campaign, [inbox]).lines[0].said
    roster = campaign.roster()
    campaign.store.put_roster(Roster((*roster.units, RosterUnit(99, Unit("宁安县水务局"), ""))))
    assert "已读出 168 个数" in take(campaign, [inbox]).lines[0].said
    assert [path.name for path in made(campaign)] == ["宁安县水务局_2024年填报表（待核对）.xlsx"]


def test_what_cannot_be_read_here_is_tried_again(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A .doc without LibreOffice on this machine may be read tomorrow."""
    tried: list[str] = []

    def missing(_data: bytes, name: str) -> None:
        tried.append(name)
        raise NotHere("没有 LibreOffice。")

    monkeypatch.setattr(looking, "read_document", missing)
    inbox = put(tmp_path / "收到", {"a.doc": b"{\\rtf1 x}"})
    for _ in range(2):
        assert take(campaign, [inbox]).lines[0].outcome == Outcome.REFUSED
    assert tried == ["a.doc", "a.doc"]


def test_a_worker_that_dies(
    campaign: Campaign, tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that kills it gives nothing; the others are read all the same."""
    whole = looking.look

    def deadly(campaign: Campaign, original: looking.Original) -> looking.Looked | str | None:
        if original[1].endswith("d.docx"):
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(campaign, original)

    monkeypatch.setattr(looking, "look", deadly)
    taking = take(campaign, [put(tmp_path / "收到", files)])
    told = {Path(line.source).name: "已读出" in line.said for line in taking.lines}
    assert told == {name: name != "d.docx" for name in files}

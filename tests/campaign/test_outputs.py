"""What a campaign writes out replaces its own earlier file, and never somebody else's."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from tests.campaign.making import EDUCATION, HEALTH, campaign_in, good, put, take_files
from tests.test_cli import Xltool, xltool
from xltool.campaign.deciding import accept
from xltool.campaign.home import Campaign
from xltool.campaign.store import Store
from xltool.campaign.taking import take
from xltool.errors import CampaignTrouble

__all__ = ["xltool"]

REFUSED = "已经存在，内容不同，没有覆盖。要覆盖请加 --overwrite"


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, xltool: Xltool) -> Campaign:  # noqa: ARG001 - chdirs first
    """Two units, both accepted."""
    made = campaign_in(tmp_path / "2024", (EDUCATION, HEALTH))
    take_files(made, tmp_path / "in", {"1.xlsx": good(EDUCATION, 1), "2.xlsx": good(HEALTH, 2)})
    accept(made, (EDUCATION, HEALTH))
    monkeypatch.chdir(made.folder)
    return made


def correct(campaign: Campaign, folder: Path) -> None:
    """A unit hands in other figures, which are accepted."""
    take(campaign, [put(folder, {"3.xlsx": good(EDUCATION, 50)})])
    accept(campaign, (EDUCATION,))


@pytest.mark.parametrize(
    ("command", "file", "more"),
    [
        (("board", "--html"), "进度.html", ()),
        (("board", "--xlsx"), "进度.xlsx", ()),
        (("repeats", "--html"), "雷同.html", ("--threshold", "40")),
    ],
)
def test_a_page_or_list_overwrites_nothing_of_others(
    command: tuple[str, ...], file: str, more: tuple[str, ...], xltool: Xltool, county: Campaign, tmp_path: Path
) -> None:
    """A file that the program has not written stays, with the words that other commands use; its own is renewed, but
    not once somebody has changed it.
    """
    path = Path(file)
    path.write_bytes("单位名册".encode())
    said = xltool(*command, file)
    assert (said.code, REFUSED in said.err) == (2, True)
    assert path.read_bytes() == "单位名册".encode()
    assert xltool(*command, file, "--overwrite").code in (0, 1)
    first = path.read_bytes()
    correct(county, tmp_path / "more")
    assert xltool(*command, file, *more).code in (0, 1)
    assert path.read_bytes() != first
    path.write_bytes(path.read_bytes() + b" ")
    changed = path.read_bytes()
    assert (xltool(*command, file).code, path.read_bytes()) == (2, changed)


def test_after_a_correction_sum_and_reports_are_made_anew(xltool: Xltool, county: Campaign, tmp_path: Path) -> None:
    """What the campaign wrote before gives way without --overwrite, and the freeze says what comes next."""
    first = xltool("freeze")
    assert "下一步：" in first.out
    commands = (("consolidate",), ("report", "--all", "--format", "docx,json"), ("report", EDUCATION))
    assert [xltool(*command).code for command in commands] == [0, 0, 0]
    before = {path: path.read_bytes() for path in Path("报告").iterdir()}
    correct(county, tmp_path / "more")
    again = xltool("freeze", "--reason", "更正")
    assert "xltool consolidate" in again.out.splitlines()[-1]
    for command in commands:
        said = xltool(*command)
        assert (said.code, said.err) == (0, ""), command
    changed = {path.name for path, data in before.items() if path.read_bytes() != data}
    assert {name.partition("2024年")[0] for name in changed} == {county.settings.office, EDUCATION}
    assert set(Path("报告").iterdir()) == set(before)


def test_a_report_that_somebody_edited_stays(xltool: Xltool, county: Campaign, tmp_path: Path) -> None:
    """Work put into a report by hand is not lost: refused, with what to add."""
    assert xltool("report", EDUCATION, "--format", "txt").code == 0
    (path,) = Path("报告").glob("*.txt")
    path.write_text("改过的", encoding="utf-8")
    correct(county, tmp_path / "more")
    said = xltool("report", EDUCATION, "--format", "txt")
    assert (said.code, REFUSED in said.err) == (2, True)
    assert path.read_text(encoding="utf-8") == "改过的"


@pytest.mark.usefixtures("county")
def test_board_does_everything_that_is_asked(xltool: Xltool) -> None:
    """The list of those missing is printed and the files are written, by one command."""
    said = xltool("board", "--missing", "--html", "a.html", "--xlsx", "a.xlsx")
    assert said.code == 0
    assert Path("a.html").exists()
    assert Path("a.xlsx").exists()
    assert said.out.splitlines()[-2:] == ["已写成：a.html", "已写成：a.xlsx"]
    assert len(said.out.splitlines()) > 2


@pytest.mark.usefixtures("county")
def test_who_may_only_read_gets_the_page(xltool: Xltool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A campaign that cannot be written to: the page is made, and is not replaceable the next time."""

    def refuse(*_: object) -> NoReturn:
        raise CampaignTrouble("文件夹或文件是只读的")

    monkeypatch.setattr(Store, "put_setting", refuse)
    assert xltool("board", "--html", "a.html").code == 0
    path = Path("a.html")
    path.write_bytes(path.read_bytes() + b" ")
    assert xltool("board", "--html", "a.html").code == 2


@pytest.mark.usefixtures("county")
def test_a_dry_run_does_not_speak_of_files(xltool: Xltool) -> None:
    """Nothing was handed out: no word that it lies in a folder or can be sent."""
    said = xltool("issue", "--dry-run")
    assert said.code == 0
    assert "没有写文件" in said.out
    assert "发给各单位" not in said.out

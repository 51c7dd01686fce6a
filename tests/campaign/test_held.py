"""Published reports in any format held against what was accepted, this year and last."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from docx import Document

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    FOUR,
    HEALTH,
    PERMITS,
    WATER,
    YEAR,
    campaign_in,
    filing,
    good,
    put,
    take_files,
    telling,
    the_form,
    zipped,
)
from tests.test_cli import Xltool, xltool
from xltool.campaign.deciding import accept
from xltool.campaign.held import held_against
from xltool.campaign.home import LAST_UNITS, Campaign
from xltool.campaign.lastunits import Match, matches_table
from xltool.errors import CampaignTrouble
from xltool.filing import Filing, to_json
from xltool.report.html import write_html
from xltool.report.view import build_view
from xltool.report.word import write_word

__all__ = ["xltool"]


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """Last year's figures of all four; this year's of one accepted."""
    made = campaign_in(tmp_path / "任务", FOUR)
    take_files(made, tmp_path / "收到", {"a.xlsx": good(EDUCATION, 1)})
    accept(made, [EDUCATION])
    for number, unit in enumerate(FOUR, 1):
        made.store.put_seed(unit, last(unit, number))
    return made


def last(unit: str, number: int, permits: int | None = None, year: int = YEAR - 1) -> Filing:
    values = telling(10 * number) | ({} if permits is None else {PERMITS: permits})
    return replace(filing(unit, values, year=year), explanations={})


def word(said: Filing) -> bytes:
    return write_word(the_form(), said)


def page(said: Filing) -> bytes:
    return write_html(build_view(the_form(), said)).encode()


def test_reports_of_any_format(campaign: Campaign, tmp_path: Path) -> None:
    """Word, a page, data, in a zip: each held against its unit's figures; only what differs is said."""
    folder = put(
        tmp_path / "公布",
        {
            "一.docx": word(last(EDUCATION, 1)),
            "二.html": page(last(HEALTH, 2, permits=77)),
            "三.zip": zipped({"三.docx": word(last(FINANCE, 3))}),
            "四.json": to_json(last(WATER, 4, permits=5)).encode(),
        },
    )
    held = held_against(campaign, folder)
    assert held.doubts == []
    found = {report.unit: [(one.before, one.after) for one in report.differences] for report in held.reports}
    assert found == {EDUCATION: [], HEALTH: [("20", "77")], FINANCE: [], WATER: [("40", "5")]}


def test_this_year_s_reports(campaign: Campaign, tmp_path: Path) -> None:
    """Against what was accepted; a unit of which nothing was, is told."""
    accepted = campaign.store.filing(campaign.store.latest()[EDUCATION].id)
    wrong = replace(accepted, values={**accepted.values, PERMITS: Decimal(9)}, explanations={})
    folder = put(tmp_path / "公布", {"a.docx": word(wrong), "b.docx": word(last(HEALTH, 2, year=YEAR))})
    held = held_against(campaign, folder)
    (report,) = held.reports
    assert (report.unit, report.year, [one.after for one in report.differences]) == (EDUCATION, YEAR, ["9"])
    assert held.doubts == [f"b.docx：“{HEALTH}”今年的还没有审定，没有核对"]


def test_what_is_not_sure_is_not_compared(campaign: Campaign, tmp_path: Path) -> None:
    """A cell that nobody can read is counted, and is no difference."""
    document = Document(io.BytesIO(word(last(EDUCATION, 1, permits=4711))))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells if cell.text == "4711"]
    cells[0].text = "约10"
    stream = io.BytesIO()
    document.save(stream)
    (report,) = held_against(campaign, put(tmp_path / "公布", {"a.docx": stream.getvalue()})).reports
    assert (report.differences, report.left_out) == ((), 1)


def test_what_cannot_be_held_is_told(campaign: Campaign, tmp_path: Path) -> None:
    """A short name, a stranger, another year, a broken file: one sentence each, nothing guessed."""
    folder = put(
        tmp_path / "公布",
        {
            "a.docx": word(last("宁安县卫健局", 2)),
            "b.docx": word(last("别的县水务局", 2)),
            "c.docx": word(last(WATER, 2, year=YEAR - 3)),
            "d.pdf": b"%PDF-1.7 broken",
        },
    )
    held = held_against(campaign, folder)
    assert held.reports == []
    assert [doubt[:6] for doubt in held.doubts] == ["a.docx", "b.docx", "c.docx", "d.pdf："]
    assert held.doubts[0] == f"a.docx：像是 {HEALTH}（简称：卫…健…局），要确认是哪个单位、哪一年的才核对"
    confirmed = {"a.docx": Match("a.docx", "宁安县卫健局", HEALTH, "", "是")}
    assert [report.unit for report in held_against(campaign, folder, confirmed).reports] == [HEALTH]
    with pytest.raises(CampaignTrouble, match="不存在"):
        held_against(campaign, tmp_path / "没有")


def test_the_command(xltool: Xltool, campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every report a line, every difference below it; the office's answers about names are heeded."""
    put(tmp_path / "公布", {"a.docx": word(last(EDUCATION, 1)), "b.docx": word(last("宁安县卫健局", 2, permits=3))})
    monkeypatch.chdir(campaign.folder)
    said = xltool("campaign", "published", "../公布")
    assert said.code == 1
    assert f"√ {EDUCATION}  {YEAR - 1} 年  一致  〔a.docx〕" in said.out
    assert "核对了 1 份：没有不一致的，1 份没有核对。" in said.out
    (campaign.folder / LAST_UNITS).write_bytes(matches_table([Match("b.docx", "宁安县卫健局", HEALTH, "", "是")]))
    said = xltool("campaign", "published", "../公布")
    assert f"! {HEALTH}  {YEAR - 1} 年  不一致的 1 处  〔b.docx〕" in said.out
    assert "审定 20，公布 3" in said.out

"""Corrections of a sum: kept in the campaign, so that everything that adds up its figures says the same."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.campaign.making import EDUCATION, HEALTH, PERMITS, campaign_in, entry, filing
from tests.test_cli import Xltool, xltool
from xltool.campaign.adjusting import HEADER, adjust, adjustments_of, drop_adjustments, read_adjustments
from xltool.campaign.deciding import accept, freeze
from xltool.campaign.home import Campaign, open_campaign
from xltool.campaign.outputs import write_output
from xltool.campaign.records import State, Submission
from xltool.campaign.reporting import county_report
from xltool.campaign.store import DATABASE
from xltool.campaign.summing import frozen_sum, sum_up
from xltool.consolidate import Adjustment
from xltool.errors import CampaignTrouble, FileRefused, NotWritten
from xltool.figure import FigureId
from xltool.filing import Unit, from_json
from xltool.form import Form, Level
from xltool.report.publishing import Format, Wanted, publish
from xltool.workbook.layout.consolidated.places import ADJUSTMENTS

__all__ = ["xltool"]

FEES = FigureId("t2", "fees", "amount")
FIVE = Adjustment(PERMITS, Decimal(5), "补计县级统一办理的事项", "何文")
CENTS = Adjustment(FEES, Decimal("0.25"), "漏报一笔", "李四")
SCHOOL = "第一中学"


def all_in(campaign: Campaign) -> Campaign:
    """Every unit that files is accepted with ten permits."""
    units = [unit.name for unit in campaign.roster() if unit.files]
    for unit in units:
        row = Submission(0, unit, unit, 1, campaign.stamp(), f"{unit}.xlsx", State.CLEAN, 0, 0, 0, "", ())
        campaign.store.add_submission(row, filing(unit, {PERMITS: 10}))
    accept(campaign, units)
    return campaign


@pytest.fixture
def county(tmp_path: Path) -> Campaign:
    return all_in(campaign_in(tmp_path / "2024", (EDUCATION, HEALTH)))


def permits(campaign: Campaign, under: str | None = None) -> int:
    return int(sum_up(campaign, under).consolidation.filing.values[PERMITS])


def test_what_is_recorded_is_in_every_sum(county: Campaign) -> None:
    """The consolidation, the draft, the government's own report and the frozen data: all add the same."""
    adjust(county, [FIVE, CENTS])
    assert permits(county) == 25
    assert sum_up(county).consolidation.adjustments == (FIVE, CENTS)
    assert county_report(county, None, draft=True).job.filing.values[FEES] == Decimal("0.25")
    freeze(county)
    assert frozen_sum(county).filing.values == sum_up(county).consolidation.filing.values


def test_who_when_and_why(county: Campaign) -> None:
    """The log has the person, the time and every correction with its reason; another opening reads it back."""
    adjust(county, [FIVE])
    line = county.store.decisions()[-1]
    assert (line.who, line.action, line.at[:10]) == ("张三", "调整", "2025-01-06")
    assert line.data["adjustments"] == [
        {"figure": str(PERMITS), "amount": "5", "reason": "补计县级统一办理的事项", "who": "何文"}
    ]
    assert adjustments_of(open_campaign(county.folder)) == (FIVE,)


def test_adjusting_again_replaces(county: Campaign) -> None:
    """The new list stands in place of the old one, of which the log still tells; the same list again says nothing."""
    assert adjust(county, [FIVE])
    assert not adjust(county, [FIVE])
    assert adjust(county, [CENTS])
    assert adjustments_of(county) == (CENTS,)
    assert [d.action for d in county.store.decisions()][-2:] == ["调整", "调整"]


def test_dropping(county: Campaign) -> None:
    """A reason is asked for and logged; then the sum is the units' again, and there is nothing left to drop."""
    with pytest.raises(CampaignTrouble, match="没有记下的调整可以撤销。"):
        drop_adjustments(county, "不用了")
    adjust(county, [FIVE])
    with pytest.raises(CampaignTrouble, match="--reason"):
        drop_adjustments(county, " ")
    assert drop_adjustments(county, "事项已由教育局补报") == 1
    assert permits(county) == 20
    assert (county.store.decisions()[-1].action, county.store.decisions()[-1].note) == (
        "撤销调整",
        "事项已由教育局补报",
    )


def test_freezing_fixes_them(county: Campaign) -> None:
    """What was frozen stays, whatever is adjusted later; an adjustment is a change that asks for a reason."""
    adjust(county, [FIVE])
    freeze(county)
    with pytest.raises(CampaignTrouble, match="定版时相同"):
        freeze(county)
    adjust(county, [CENTS])
    assert frozen_sum(county).adjustments == (FIVE,)
    with pytest.raises(CampaignTrouble, match="定版后有改动"):
        freeze(county)
    freeze(county, "更正调整")
    assert frozen_sum(county).adjustments == (CENTS,)


def test_below_a_superior(tmp_path: Path) -> None:
    """A correction of one superior's sum is in that of everybody above, and in none beside it."""
    made = all_in(campaign_in(tmp_path / "2024", (entry(1, EDUCATION), entry(2, SCHOOL, EDUCATION), entry(3, HEALTH))))
    adjust(made, [FIVE], EDUCATION)
    assert (permits(made), permits(made, EDUCATION), permits(made, HEALTH)) == (35, 25, 10)
    adjust(made, [Adjustment(PERMITS, Decimal(-1), "重复", "张三")])
    assert (permits(made), permits(made, EDUCATION)) == (34, 25)
    with pytest.raises(CampaignTrouble, match="名册里没有“没有的局”"):
        adjust(made, [FIVE], "没有的局")
    drop_adjustments(made, "不用了")
    with pytest.raises(CampaignTrouble, match=f"有调整的是“{EDUCATION}”"):
        drop_adjustments(made, "不用了")
    assert permits(made) == 35


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-16", "\t"), ("gbk", ";"), ("utf-16-le", "\t")]
)
def test_lists_as_offices_save_them(form: Form, encoding: str, separator: str) -> None:
    """Commas, semicolons, Excel's Unicode text with tabs, in any usual encoding."""
    rows = (HEADER, (str(PERMITS), "5", "补计县级统一办理的事项", "何文"))
    data = "\r\n".join(separator.join(row) for row in rows).encode(encoding)
    assert read_adjustments(data, form) == (FIVE,)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 no workbook", "调整表打不开"),
        (b'\xff\xfe"\x00', "调整表的第一行应为"),
        (f"{','.join(HEADER)}\n{'x' * 200_000}".encode(), "调整表不是能读的 CSV"),
        (b"\x81", "调整表不是能认出的文字编码"),
        (",".join(HEADER).encode(), "一条调整也没有"),
        (
            f"{','.join(HEADER)}\nt3.r4.total,1,原因,\nx,1,原因,\n{PERMITS},NaN,原因,\n{PERMITS},1,,".encode(),
            "有 4 处要改正",
        ),
    ],
)
def test_lists_that_are_none(form: Form, data: bytes, said: str) -> None:
    """Every trouble is one of the list of corrections, not of a roster."""
    with pytest.raises(FileRefused, match=said) as refused:
        read_adjustments(data, form)
    assert "名册" not in refused.value.sentence


def test_the_command(xltool: Xltool, county: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """--adjust records, consolidate without it adds the same again, --drop-adjustments ends it; a report agrees."""
    monkeypatch.chdir(county.folder)
    Path("调整.csv").write_text(f"{','.join(HEADER)}\n{PERMITS},5,补计,何文\n", encoding="gbk")
    said = xltool("consolidate", "--adjust", "调整.csv", "--draft")
    assert (said.code, said.err) == (0, "")
    assert "已记下调整 1 条，以后的汇总、政府的报告和定版都按它。" in said.out
    assert "汇总了 2 个单位，含 1 条调整。" in said.out
    (book,) = (county.folder / "报告").glob("*.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.read_bytes()))[ADJUSTMENTS]
    assert "补计" in [cell.value for row in sheet.iter_rows() for cell in row]
    assert "已有相同的文件" in xltool("consolidate").out
    assert "原来已记下调整 1 条" in xltool("consolidate", "--adjust", "调整.csv").out
    (data,) = (county.folder / "报告").glob("*.json")
    assert from_json(data.read_text("utf-8")).values[PERMITS] == 25
    assert xltool("consolidate", "--drop-adjustments").code == 2
    dropped = xltool("consolidate", "--drop-adjustments", "--reason", "已补报", "--overwrite")
    assert (dropped.code, "已撤销调整 1 条" in dropped.out) == (0, True)
    assert from_json(data.read_text("utf-8")).values[PERMITS] == 20


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--reason", "x"), "--reason 只与 --drop-adjustments 合用"),
        (("--adjust", "a.csv", "--drop-adjustments", "--reason", "x"), "只用一个"),
        (("--adjust", "没有.csv"), "没有.csv  没有这个文件"),
    ],
)
def test_options_that_cannot_be(
    options: tuple[str, ...], said: str, xltool: Xltool, county: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told before anything is recorded or written."""
    monkeypatch.chdir(county.folder)
    answer = xltool("consolidate", *options)
    assert (answer.code, said in answer.err) == (2, True)
    assert not list((county.folder / "报告").iterdir())


@pytest.mark.parametrize("chosen", list(Format))
def test_the_official_report_agrees_with_the_freeze(
    chosen: Format, xltool: Xltool, county: Campaign, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adjusted and signed by the government, not by its office: nothing differs; without the adjustment a figure does."""
    monkeypatch.chdir(county.folder)
    adjust(county, [FIVE])
    freeze(county)
    texts = filing("宁安县人民政府")
    signed = county_report(county, replace(texts, unit=Unit(texts.unit.name, None, "县级政府")))
    ((ending, data),) = publish(form, signed.job.filing, signed.job.prior, False, Wanted((chosen,))).files
    Path(f"公布{ending}").write_bytes(data)
    agreed = xltool("verify", f"公布{ending}", "--against", "FREEZE")
    assert (agreed.code, "× " in agreed.out) == (0, False), agreed.out
    drop_adjustments(county, "不用了")
    freeze(county, "撤销调整")
    differs = xltool("verify", f"公布{ending}", "--against", "FREEZE")
    assert differs.code == 1
    assert "应为：　20" in differs.out


def test_the_year_of_a_sum_is_compared(
    xltool: Xltool, county: Campaign, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever signs it: last year's report is not this year's."""
    monkeypatch.chdir(county.folder)
    freeze(county)
    whole = sum_up(county).consolidation.filing
    old = replace(whole, year=2023, unit=Unit("宁安县人民政府"))
    ((ending, data),) = publish(form, old, None, False, Wanted((Format.WORD,))).files
    Path(f"公布{ending}").write_bytes(data)
    said = xltool("verify", f"公布{ending}", "--against", "FREEZE")
    assert (said.code, "× 标题" in said.out) == (1, True)


def test_corrections_that_make_the_sum_false_are_told(county: Campaign) -> None:
    """A correction to below 0 is an error of the sum, which keeps the government's report from being written."""
    adjust(county, [Adjustment(PERMITS, Decimal(-500), "核减", "何文")])
    false = [finding for finding in sum_up(county).findings if finding.level is Level.ERROR]
    assert [finding.figures for finding in false] == [(PERMITS,)]
    assert "-480" in false[0].said


def test_the_database_is_never_written_over(county: Campaign) -> None:
    """Whatever file a person names, the campaign itself stays."""
    before = (county.folder / DATABASE).read_bytes()
    with pytest.raises(NotWritten, match="收报任务的数据库"):
        write_output(county, county.folder / DATABASE, b"<html>", overwrite=True)
    assert (county.folder / DATABASE).read_bytes() == before

"""xltool repeats: pairs found, recorded with each unit like any finding, shown side by side."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    FOUR,
    HEALTH,
    WATER,
    YEAR,
    book,
    campaign_in,
    entry,
    filing,
    open_codes,
    take_files,
    take_one,
)
from tests.test_cli import Said, Xltool, xltool
from xltool.campaign.deciding import accept, explain, reject, set_level
from xltool.campaign.home import Campaign
from xltool.campaign.lasttexts import UNITS_LIMIT
from xltool.campaign.rechecking import check_again
from xltool.campaign.records import State
from xltool.campaign.repeats import Repeats, compare_units, set_limits
from xltool.campaign.repeats_page import repeats_page
from xltool.campaign.returning import return_units
from xltool.campaign.roster import Change
from xltool.errors import CampaignTrouble
from xltool.filing import Filing
from xltool.report.repeats_html import write_repeats

__all__ = ["xltool"]

OWN = {
    EDUCATION: "招生片区的划分依据在学校门口张贴，家长代表现场核对学位余量。督导评估的扣分原因逐条写明，整改照片一并上墙。营养餐的采购单价每周贴在食堂，食材供货商由家委会投票选定。",
    HEALTH: "村卫生室药品价格与县医院同步公示，差价由稽查人员当场核退。疫苗批号扫码可查，接种点排班提前三天发布。签约医生名册附手机短号，随访记录由居民签字认领。",
    FINANCE: "预算绩效目标与决算报表并排刊登，超支科目附说明函。政府采购成交价与市场询价差额超过一成的单独列出。惠民补贴发放到户以后打印明细，由村会计逐户送达签收。",
    WATER: "水库放水时刻提前一天用广播告知下游，灌溉指标分配到斗渠。采砂许可的坐标范围用图示标明，越界举报核实以后奖励。水质检测报告按自然村拆分，煮沸提示写在第一行。",
}
COPIED = "许可事项的受理条件逐项配发图解，窗口人员按图讲解。办结以后五日内回访，意见当场记录，能改的当场改。每季度把回访意见汇总成册，放在大厅供人翻阅。"


def report(unit: str, disclosure: str = "", year: int = YEAR) -> Filing:
    """A report in the unit's own words; ``disclosure`` before them."""
    said = filing(unit, year=year)
    texts = {**said.texts, "s1.disclosure": disclosure + OWN[unit]}
    return replace(said, texts={part: text for part, text in texts.items() if part.startswith(("cover.", "s1.disc"))})


def reports(copies: Mapping[str, str]) -> dict[str, bytes]:
    return {f"{unit}.xlsx": book(report(unit, copies.get(unit, ""))) for unit in FOUR}


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """Four units; 教育局 and 卫健局 have the same beginning, nearly half of their text."""
    made = campaign_in(tmp_path / "2024")
    take_files(made, tmp_path / "in", reports({EDUCATION: COPIED, HEALTH: COPIED}))
    set_limits(made, 40, None)
    return made


def s21(campaign: Campaign, unit: str) -> list[str]:
    return [f.key for f in campaign.store.latest()[unit].findings if f.code == "S21"]


def settle(campaign: Campaign) -> None:
    """Explain whatever else is open: the parts left out."""
    for unit in FOUR:
        for key in {f.key for f in campaign.store.latest()[unit].findings if f.is_open and f.code != "S21"}:
            explain(campaign, unit, key, "已核实")


def test_both_units_are_asked(campaign: Campaign) -> None:
    """The pair is found, recorded with both, and with nobody else."""
    found = compare_units(campaign)
    assert found.compared == 4
    assert [(one, other) for _, one, other in found.pairs] == [(EDUCATION, HEALTH)]
    assert found.asked == tuple(sorted((EDUCATION, HEALTH)))
    assert {unit: s21(campaign, unit) for unit in FOUR} == {
        EDUCATION: [f"S21.{HEALTH}"], HEALTH: [f"S21.{EDUCATION}"], FINANCE: [], WATER: [],
    }  # fmt: skip


def test_it_counts_on_the_board(campaign: Campaign) -> None:
    """A unit in order has something to verify now, and goes back with it."""
    settle(campaign)
    assert campaign.store.latest()[EDUCATION].state == State.CLEAN
    compare_units(campaign)
    assert campaign.store.latest()[EDUCATION].state == State.WAITING
    assert open_codes(campaign, EDUCATION) == ["S21"]
    returned = {line.unit: line for line in return_units(campaign)}
    assert set(returned) == {EDUCATION, HEALTH}
    assert returned[EDUCATION].waiting == 1


def test_twice_is_the_same_as_once(campaign: Campaign) -> None:
    """Nothing is added when it is run again."""
    compare_units(campaign)
    before = campaign.store.latest()
    compare_units(campaign)
    assert campaign.store.latest() == before


def test_explained_it_stays_explained(campaign: Campaign) -> None:
    """Through another run and through a re-check of everything."""
    settle(campaign)
    compare_units(campaign)
    explain(campaign, EDUCATION, "S21", "两家合署办公，共用一套流程")
    assert campaign.store.latest()[EDUCATION].state == State.CLEAN
    compare_units(campaign)
    check_again(campaign, workers=1)
    compare_units(campaign)
    assert open_codes(campaign, EDUCATION) == []
    assert s21(campaign, EDUCATION) == [f"S21.{HEALTH}"]
    assert open_codes(campaign, HEALTH) == ["S21"]


def test_a_re_check_keeps_it(campaign: Campaign) -> None:
    """What only shows beside other files is not lost when files are checked one by one."""
    compare_units(campaign)
    check_again(campaign, workers=1)
    assert s21(campaign, HEALTH) == [f"S21.{EDUCATION}"]


def test_rewritten_it_is_gone(campaign: Campaign, tmp_path: Path) -> None:
    """Once one of the two hands in its own words, neither is asked any longer."""
    compare_units(campaign)
    take_one(campaign, tmp_path / "new.xlsx", book(report(EDUCATION)))
    compare_units(campaign)
    assert s21(campaign, EDUCATION) == s21(campaign, HEALTH) == []


def test_the_limit_of_the_campaign(campaign: Campaign) -> None:
    """It is remembered, and what is below it is not asked about."""
    assert len(compare_units(campaign).pairs) == 1
    set_limits(campaign, 90, None)
    assert campaign.store.settings()[UNITS_LIMIT] == "90"
    found = compare_units(campaign)
    assert (found.limit, found.pairs, s21(campaign, HEALTH)) == (90, (), [])
    assert any(decision.data == {UNITS_LIMIT: 90} for decision in campaign.store.decisions())
    with pytest.raises(CampaignTrouble, match="1 到 100"):
        set_limits(campaign, 0, None)


def test_who_was_accepted_stays_so_unless_it_is_an_error(campaign: Campaign) -> None:
    """Like any finding: something to verify does not take acceptance back, an error does, and the log says why."""
    settle(campaign)
    accept(campaign, [EDUCATION])
    compare_units(campaign)
    assert campaign.store.latest()[EDUCATION].is_accepted
    set_limits(campaign, 90, None)
    compare_units(campaign)
    set_level(campaign, "S21", "错误", "本次从严")
    set_limits(campaign, 40, None)
    compare_units(campaign)
    assert campaign.store.latest()[EDUCATION].state == State.ERRORS
    assert any(d.unit == EDUCATION and HEALTH in d.note for d in campaign.store.decisions())


def test_a_short_text_in_a_long_one(tmp_path: Path) -> None:
    """Only the unit whose own text is mostly the other's is asked; the pair is listed."""
    made = campaign_in(tmp_path / "2024", (EDUCATION, HEALTH))
    whole = OWN[HEALTH] + OWN[FINANCE] + OWN[WATER]
    files = {"a": book(report(EDUCATION, whole)), "b": book(report(HEALTH))}
    take_files(made, tmp_path / "in", files)
    found = compare_units(made)
    assert [round(share, 2) for share, _, _ in found.pairs] == [1]
    assert found.asked == (HEALTH,)


# --- last year's texts ------------------------------------------------------------------------------------


def test_last_years_texts_come_from_the_seeds(tmp_path: Path) -> None:
    """A report that is last year's is asked about when it is taken, under a former name too."""
    renamed = entry(1, WATER, "", Change.RENAMED, "宁安县水务局")
    made = campaign_in(tmp_path / "2024", (renamed, EDUCATION))
    made.store.put_seed("宁安县水务局", replace(report(WATER, year=YEAR - 1), unit=entry(1, "宁安县水务局").unit))
    made.store.put_seed(EDUCATION, report(FINANCE, year=YEAR - 1))
    take_files(made, tmp_path / "in", {"a": book(report(WATER)), "b": book(report(EDUCATION))})
    codes = {unit: {f.code for f in made.store.latest()[unit].findings} for unit in (WATER, EDUCATION)}
    assert "S20" in codes[WATER]
    assert "S20" not in codes[EDUCATION]
    set_limits(made, None, 100)
    check_again(made, workers=1)
    assert "S20" in {f.code for f in made.store.latest()[WATER].findings}


def test_names_of_the_roster_are_known(tmp_path: Path) -> None:
    """Another unit's work left in the text is found because the roster names that unit."""
    made = campaign_in(tmp_path / "2024")
    text = f"{HEALTH}未收到政府信息公开申请。"
    take_files(made, tmp_path / "in", {"a": book(report(EDUCATION, text))})
    assert "S10" in open_codes(made, EDUCATION)


# --- the command and the page -----------------------------------------------------------------------------


@pytest.fixture
def county(campaign: Campaign, xltool: Xltool, monkeypatch: pytest.MonkeyPatch) -> Xltool:
    """The program, inside the campaign's folder."""
    monkeypatch.chdir(campaign.folder)
    return xltool


def test_the_command(county: Xltool) -> None:
    """Pairs by share, what was recorded, and what comes next; exit code 1 where there are pairs."""
    answer: Said = county("repeats", "--html", "雷同.html")
    assert answer.code == 1
    assert "比较了 4 个单位，相同文字占 40% 以上的 1 对。" in answer.out
    assert re.search(rf"4\d% +{EDUCATION} +{HEALTH}", answer.out)
    assert "已写成：雷同.html" in answer.out
    assert "已给 2 个单位记入核实（S21）" in answer.out
    assert Path("雷同.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    nothing = county("repeats", "--threshold", "95")
    assert (nothing.code, nothing.out.splitlines()[0]) == (0, "比较了 4 个单位，相同文字占 95% 以上的 0 对。")


def test_the_data(county: Xltool) -> None:
    """As JSON: the pair, each side's part, its longest passage."""
    answer = county("repeats", "--json")
    data = json.loads(answer.out)
    assert (data["threshold"], data["compared"], data["asked"]) == (40, 4, sorted((EDUCATION, HEALTH)))
    (pair,) = data["pairs"]
    assert {side["unit"] for side in pair["units"]} == {EDUCATION, HEALTH}
    assert all(side["passage"].startswith("许可事项的受理条件") for side in pair["units"])


class Page(HTMLParser):
    """What the page has: marked texts by section, elements, and attributes that fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.marked: list[str] = []
        self.text = ""
        self.elements: list[str] = []
        self.fetched: list[str] = []
        self._in_mark = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.fetched += [f"{name}={value}" for name, value in attrs if name in ("src", "srcset", "style", "onclick")]
        self.fetched += [str(value) for name, value in attrs if name == "href" and not str(value).startswith("#")]
        self._in_mark = tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_mark:
            self.marked.append(data)


def page_of(campaign: Campaign, found: Repeats) -> str:
    return write_repeats(repeats_page(campaign, found))


def test_the_page_marks_the_passages_in_both(campaign: Campaign) -> None:
    """The same words are marked on both sides; nothing is fetched and nothing runs."""
    text = page_of(campaign, compare_units(campaign))
    page = Page()
    page.feed(text)
    plain = COPIED.rstrip("。")
    assert page.marked == [plain, plain]
    assert page.fetched == []
    assert not {"script", "img", "link", "iframe", "form"} & set(page.elements)
    assert 'lang="zh-CN"' in text
    (style,) = re.findall("<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" in text
    assert "viewport" in text
    assert "@media print" in text
    for unit in (EDUCATION, HEALTH):
        assert f"<h3>{unit}（" in text


def test_what_units_wrote_is_text_on_the_page(campaign: Campaign, tmp_path: Path) -> None:
    """Angle brackets and ampersands are shown, never obeyed."""
    evil = "<script>alert(1)</script>&lt;" + COPIED
    for name, unit in (("x", EDUCATION), ("y", HEALTH)):
        take_one(campaign, tmp_path / name, book(report(unit, evil)))
    page = Page()
    page.feed(page_of(campaign, compare_units(campaign)))
    assert "script" not in page.elements
    assert page.text.count("<script>alert(1)</script>&lt;许可事项") == 2


def test_the_page_without_pairs(campaign: Campaign) -> None:
    """It says that there are none."""
    set_limits(campaign, 95, None)
    text = page_of(campaign, compare_units(campaign))
    assert "相同文字占 95% 以上的有 0 对" in text
    assert 'id="list"' not in text


def test_rejected_rounds_do_not_count(campaign: Campaign, tmp_path: Path) -> None:
    """A round put aside is nobody's text; the one before it counts again."""
    take_one(campaign, tmp_path / "again.xlsx", book(report(EDUCATION)))
    assert compare_units(campaign).pairs == ()
    reject(campaign, EDUCATION, "交错了")
    assert len(compare_units(campaign).pairs) == 1

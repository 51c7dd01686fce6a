"""Decisions: with who, when and why; open 错误 block acceptance, always; what was accepted is fixed by its hash."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    PERMITS,
    WATER,
    begun_in,
    book,
    campaign_in,
    decisions,
    entry,
    filing,
    good,
    open_codes,
    states,
    take_files,
    take_one,
    telling,
    the_form,
    wrong,
)
from xltool.campaign import reading
from xltool.campaign.deciding import accept, acceptable, explain, freeze, reject, set_level, take_up_again
from xltool.campaign.home import Campaign
from xltool.campaign.reading import original_path
from xltool.campaign.rechecking import check_again
from xltool.campaign.records import State
from xltool.campaign.returning import return_units
from xltool.campaign.roster import Change
from xltool.errors import CampaignTrouble
from xltool.form import Form, Level


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return begun_in(tmp_path)


# accept


def test_accepting(campaign: Campaign) -> None:
    """The round is accepted, and the log says who, when, which file and why."""
    assert acceptable(campaign) == [FINANCE]
    assert accept(campaign, [FINANCE], "电话核实过") == [FINANCE]
    assert states(campaign)[FINANCE] == ["已审定"]
    (decision,) = campaign.store.decisions(FINANCE)
    submission = campaign.store.latest()[FINANCE]
    assert (decision.who, decision.action, decision.note) == ("张三", "审定", "电话核实过")
    assert (decision.submission, decision.data) == (submission.id, {"hash": submission.hash})
    assert decision.at.startswith("2025-01-06T09:")
    assert acceptable(campaign) == []


def test_accepting_twice(campaign: Campaign) -> None:
    """What is accepted stays so; named twice or again it is in the log once."""
    accept(campaign, [FINANCE, FINANCE])
    assert accept(campaign, [FINANCE]) == [FINANCE]
    assert decisions(campaign) == [(FINANCE, "审定")]


def test_what_blocks(campaign: Campaign) -> None:
    """Errors, and what nobody has explained: each unit is named with its reason, and then none is accepted."""
    with pytest.raises(CampaignTrouble) as told:
        accept(campaign, [FINANCE, EDUCATION, HEALTH])
    assert f"{EDUCATION}：还有 1 处错误，必须改正" in told.value.sentence
    assert f"{HEALTH}：还有 1 处核实没有说明" in told.value.sentence
    assert FINANCE not in told.value.sentence
    assert decisions(campaign) == []
    with pytest.raises(CampaignTrouble, match="还没有交"):
        accept(campaign, [FINANCE, WATER])
    with pytest.raises(CampaignTrouble, match="名册里没有“宁安县教育菊”"):
        accept(campaign, ["宁安县教育菊"])
    assert states(campaign)[FINANCE] == ["待审定"]


def test_there_is_no_force(campaign: Campaign) -> None:
    """No argument, and no order of steps, gets an error accepted: not after a return, not by an explanation."""
    assert list(inspect.signature(accept).parameters) == ["campaign", "units", "note"]
    return_units(campaign)
    with pytest.raises(CampaignTrouble, match="必须改正"):
        accept(campaign, [EDUCATION])
    with pytest.raises(CampaignTrouble, match="不能说明"):
        explain(campaign, EDUCATION, "T02", "就这样")
    assert states(campaign)[EDUCATION] == ["已退回"]


# explain


def test_explaining(campaign: Campaign) -> None:
    """Open 核实 of a code are explained, in the office's words; nothing else of the unit is touched; then accept."""
    after = explain(campaign, HEALTH, "T05", "确实是 2024 件，有台账")
    assert (after.waiting, after.state) == (0, State.CLEAN)
    (finding,) = [f for f in after.findings if f.code == "T05"]
    assert (finding.explanation, finding.is_open) == ("确实是 2024 件，有台账", False)
    assert campaign.store.latest()[HEALTH] == after
    assert campaign.store.decisions(HEALTH)[0].note == "确实是 2024 件，有台账"
    assert accept(campaign, [HEALTH]) == [HEALTH]


def test_explaining_one_of_several(campaign: Campaign, tmp_path: Path) -> None:
    """A key explains one finding, a code all of its findings."""
    penalties = PERMITS._replace(row="penalties")
    take_one(campaign, tmp_path / "d", book(filing(WATER, {PERMITS: 2024, penalties: 2025})))
    keys = [f.key for f in campaign.store.latest()[WATER].findings if f.code == "T05"]
    assert explain(campaign, WATER, keys[0], "属实").waiting == 1
    with pytest.raises(CampaignTrouble, match="没有这一条待说明的核实"):
        explain(campaign, WATER, keys[0], "再说一遍")
    assert explain(campaign, WATER, "T05", "都属实").waiting == 0


def test_what_cannot_be_explained(campaign: Campaign) -> None:
    """An error, something that is not open, nothing at all: said, and not recorded."""
    with pytest.raises(CampaignTrouble, match="不能说明"):
        explain(campaign, EDUCATION, "T02", "属实")
    with pytest.raises(CampaignTrouble, match="没有这一条"):
        explain(campaign, HEALTH, "Y05", "属实")
    with pytest.raises(CampaignTrouble, match="不能是空的"):
        explain(campaign, HEALTH, "T05", "  ")
    with pytest.raises(CampaignTrouble, match="还没有交"):
        explain(campaign, WATER, "T05", "属实")
    assert decisions(campaign) == []


def test_the_last_explanation_counts(campaign: Campaign) -> None:
    """Told again after a new round with the same values, the newer words stand."""
    explain(campaign, HEALTH, "T05", "第一次的话")
    check_again(campaign)
    (finding,) = [f for f in campaign.store.latest()[HEALTH].findings if f.code == "T05"]
    assert finding.explanation == "第一次的话"


# reject


def test_rejecting_brings_the_former_round_back(campaign: Campaign, tmp_path: Path) -> None:
    """The newest round is put aside with its reason; the one before counts again, in its state of then."""
    accept(campaign, [FINANCE])
    take_one(campaign, tmp_path / "d", wrong(FINANCE))
    assert campaign.store.latest()[FINANCE].round == 2
    assert reject(campaign, FINANCE, "误交").round == 2
    latest = campaign.store.latest()[FINANCE]
    assert (latest.round, latest.state) == (1, State.ACCEPTED)
    assert campaign.store.decisions(FINANCE)[-1].note == "误交"
    reject(campaign, FINANCE, "也不对")
    assert FINANCE not in campaign.store.latest()
    with pytest.raises(CampaignTrouble, match="还没有交"):
        reject(campaign, FINANCE, "再来")
    take_one(campaign, tmp_path / "e", good(FINANCE, 5))
    assert campaign.store.latest()[FINANCE].round == 3


def test_rejecting_needs_a_reason(campaign: Campaign) -> None:
    """Without a reason nothing is put aside."""
    with pytest.raises(CampaignTrouble, match="原因"):
        reject(campaign, FINANCE, " ")
    assert states(campaign)[FINANCE] == ["待审定"]


# re-checking


def stricter(code: str, level: Level) -> Form:
    """The form with another level for a rule."""
    form = the_form()
    checks = tuple(replace(check, level=level) if check.code == code else check for check in form.checks)
    assert checks != form.checks
    return replace(form, checks=checks, digest=f"{form.digest[:-1]}x{level}")


def use(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "form_by_id", lambda _: form)


@pytest.fixture
def unbalanced(tmp_path: Path) -> Campaign:
    """教育局 has made more documents than there are (A05, 核实), explained and accepted; 财政局 is in order."""
    made = campaign_in(tmp_path / "2024", (EDUCATION, FINANCE))
    figure = PERMITS._replace(row="documents", column="made")
    take_files(made, tmp_path / "in", {"a": book(filing(EDUCATION, {figure: 5})), "b": good(FINANCE)})
    assert open_codes(made, EDUCATION) == ["A05"]
    explain(made, EDUCATION, "A05", "当年制发当年失效")
    accept(made, [EDUCATION, FINANCE])
    return made


def test_nothing_changes_when_no_rule_has(unbalanced: Campaign) -> None:
    """A re-check with the same rules finds the same, keeps explanations, and leaves the log alone."""
    before = decisions(unbalanced)
    assert check_again(unbalanced) == []
    assert decisions(unbalanced) == before
    assert states(unbalanced) == {EDUCATION: ["已审定"], FINANCE: ["已审定"]}


def test_what_was_put_aside_is_taken_up_again(campaign: Campaign) -> None:
    """Undone, the round counts again with all that is open in it; both decisions stay in the log."""
    with pytest.raises(CampaignTrouble, match="没有不予采用的报送"):
        take_up_again(campaign, EDUCATION, "弄错了")
    reject(campaign, EDUCATION, "单位来电说作废")
    with pytest.raises(CampaignTrouble, match="--note"):
        take_up_again(campaign, EDUCATION, " ")
    assert take_up_again(campaign, EDUCATION, "单位又来电，仍用这一份").state == "有错误"
    assert states(campaign)[EDUCATION] == ["有错误"]
    said = [(d.action, d.note) for d in campaign.store.decisions(EDUCATION)]
    assert said == [("不予采用", "单位来电说作废"), ("重新采用", "单位又来电，仍用这一份")]
    reject(campaign, FINANCE, "作废")
    assert (take_up_again(campaign, FINANCE, "误操作").state, acceptable(campaign)) == ("待审定", [FINANCE])
    with pytest.raises(CampaignTrouble, match="名册里没有"):
        take_up_again(campaign, "没有的局", "x")


def test_only_the_newest_is_taken_up_again(campaign: Campaign, tmp_path: Path) -> None:
    """An older round than the one that counts would still not count: the newer one has to be put aside first."""
    reject(campaign, FINANCE, "作废")
    take_one(campaign, tmp_path / "d", good(FINANCE, 5))
    with pytest.raises(CampaignTrouble, match="现在采用的是第 2 次交的，比第 1 次新"):
        take_up_again(campaign, FINANCE, "还是用第一次的")
    reject(campaign, FINANCE, "用第一次的")
    assert take_up_again(campaign, FINANCE, "用第一次的", 1).round == 1
    assert states(campaign)[FINANCE] == ["待审定", "不予采用"]
    assert campaign.store.latest()[FINANCE].round == 1
    with pytest.raises(CampaignTrouble, match="没有不予采用的第 1 次"):
        take_up_again(campaign, FINANCE, "再来", 1)


def test_a_neighbour_s_figures_when_taken_up_again(campaign: Campaign, tmp_path: Path) -> None:
    """What was the same as a neighbour's is said again of both."""
    take_one(campaign, tmp_path / "d", book(filing(EDUCATION, telling(40))))
    take_one(campaign, tmp_path / "e", book(filing(WATER, telling(40))))
    reject(campaign, WATER, "误用了教育局的表")
    assert open_codes(campaign, EDUCATION) == []
    take_up_again(campaign, WATER, "不是误用")
    assert open_codes(campaign, EDUCATION) == open_codes(campaign, WATER) == ["W14"]


def test_a_stricter_rule_takes_acceptance_back(unbalanced: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that is a 错误 now opens what was explained; the unit is accepted no more, and the log says why."""
    use(stricter("A05", Level.ERROR), monkeypatch)
    (told,) = check_again(unbalanced)
    assert (told.unit, told.before.state, told.after.state, told.after.errors) == (EDUCATION, "已审定", "有错误", 1)
    (key,) = told.changed
    assert key.startswith("A05")
    assert (told.came, told.went, told.changed[key]) == ((), (), ("已说明", "错误"))
    assert states(unbalanced) == {EDUCATION: ["有错误"], FINANCE: ["已审定"]}
    assert unbalanced.store.decisions(EDUCATION)[-1].action == "重新核对"
    with pytest.raises(CampaignTrouble, match="必须改正"):
        accept(unbalanced, [EDUCATION])
    monkeypatch.undo()
    (told,) = check_again(unbalanced)
    assert (told.after.state, told.after.errors, told.after.waiting) == ("待审定", 0, 0)
    assert list(told.changed.values()) == [("错误", "已说明")]


def test_a_milder_rule(unbalanced: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that is only a 提示 now leaves what was accepted as it is."""
    use(stricter("A05", Level.HINT), monkeypatch)
    check_again(unbalanced)
    assert states(unbalanced)[EDUCATION] == ["已审定"]


def test_a_rule_that_is_gone(unbalanced: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks list the rules as they were when they were handed out: nobody is blamed for that afterwards."""
    form = the_form()
    checks = tuple(check for check in form.checks if check.code != "A05")
    use(replace(form, checks=checks, digest=form.digest[::-1]), monkeypatch)
    (told,) = check_again(unbalanced)
    assert (told.unit, [key.split(".")[0] for key in told.went], told.came) == (EDUCATION, ["A05"], ())
    assert [(s.errors, s.waiting, s.state) for s in unbalanced.store.submissions()] == [(0, 0, "已审定")] * 2


def test_a_level_of_this_campaign(unbalanced: Campaign) -> None:
    """Set with a reason, a level holds for what is in and what comes; 试行 never blocks."""
    set_level(unbalanced, "A05", "错误", "本县要求")
    assert [told.after.state for told in check_again(unbalanced)] == ["有错误"]
    set_level(unbalanced, "A05", "试行", "先看一年")
    assert [told.after.state for told in check_again(unbalanced)] == ["待审定"]
    with pytest.raises(CampaignTrouble, match="--reason"):
        set_level(unbalanced, "A05", "提示", "")
    with pytest.raises(CampaignTrouble, match="没有编号"):
        set_level(unbalanced, "Z99", "提示", "x")
    assert [d.note for d in unbalanced.store.decisions() if d.action == "定级"] == ["本县要求", "先看一年"]


def test_returned_and_double_stay(campaign: Campaign, tmp_path: Path) -> None:
    """A re-check does not undo a return, nor choose between two files."""
    return_units(campaign, [EDUCATION])
    take_files(campaign, tmp_path / "two", {"x": good(WATER, 1), "y": good(WATER, 2)})
    check_again(campaign)
    assert (states(campaign)[EDUCATION], states(campaign)[WATER]) == (["已退回"], ["有两份", "有两份"])


def test_figures_of_a_neighbour_are_looked_at_again(campaign: Campaign, tmp_path: Path) -> None:
    """W14 goes when the neighbour has corrected its figures, and stays while it has not."""
    take_one(campaign, tmp_path / "d", book(filing(EDUCATION, telling(40))))
    take_one(campaign, tmp_path / "e", book(filing(WATER, telling(40))))
    assert open_codes(campaign, WATER) == ["W14"]
    check_again(campaign)
    assert open_codes(campaign, WATER) == ["W14"]
    take_one(campaign, tmp_path / "f", book(filing(EDUCATION, telling(41))))
    assert open_codes(campaign, WATER) == []
    assert check_again(campaign) == []
    assert accept(campaign, [WATER]) == [WATER]


def test_unchanged_after_a_return_is_remembered(campaign: Campaign, tmp_path: Path) -> None:
    """W15 is kept by a re-check; its explanation holds for that return, not for the next."""
    return_units(campaign, [EDUCATION])
    take_one(campaign, tmp_path / "d", wrong(EDUCATION) + b"\0")
    explain(campaign, EDUCATION, "W15", "正在核实来源")
    check_again(campaign)
    assert open_codes(campaign, EDUCATION) == ["T02"]
    return_units(campaign, [EDUCATION])
    take_one(campaign, tmp_path / "e", wrong(EDUCATION) + b"\0\0")
    assert open_codes(campaign, EDUCATION) == ["T02", "W15"]


def test_a_lost_original(campaign: Campaign) -> None:
    """An original that is gone is named; nothing is guessed."""
    original_path(campaign.folder, campaign.store.latest()[HEALTH].hash).unlink()
    with pytest.raises(CampaignTrouble, match=f"“{HEALTH}”的原件读不出来"):
        check_again(campaign)


# freeze


def all_accepted(folder: Path) -> Campaign:
    """Two units accepted, one that files nothing."""
    units = (entry(1, EDUCATION), entry(2, FINANCE), entry(3, HEALTH, "", Change.ABOLISHED))
    campaign = campaign_in(folder / "2024", units)
    take_files(campaign, folder / "in", {"a": good(EDUCATION, 1), "b": good(FINANCE, 2)})
    accept(campaign, [EDUCATION, FINANCE])
    return campaign


def test_freezing_needs_everybody(campaign: Campaign) -> None:
    """While units are missing or not accepted it is refused, and they are named."""
    accept(campaign, [FINANCE])
    with pytest.raises(CampaignTrouble) as told:
        freeze(campaign)
    assert all(unit in told.value.sentence for unit in (EDUCATION, HEALTH, WATER))
    assert FINANCE not in told.value.sentence
    assert "还有 3 个单位" in told.value.sentence


def test_freezing_names_some_of_many(tmp_path: Path) -> None:
    """Of very many the first are named, and that there are more is said."""
    campaign = campaign_in(tmp_path / "2024", [f"第{n}中学" for n in range(30)])
    with pytest.raises(CampaignTrouble, match="第19中学 等"):
        freeze(campaign)


def test_freezing(tmp_path: Path) -> None:
    """The hash is of the accepted figures and texts: the same data give the same hash, in any campaign."""
    first, second = all_accepted(tmp_path / "a"), all_accepted(tmp_path / "b")
    frozen = freeze(first)
    assert (frozen.units, frozen.reason, len(frozen.hash)) == (2, "", 64)
    assert freeze(second).hash == frozen.hash
    decision = first.store.decisions()[-1]
    assert (decision.action, decision.data["hash"], decision.data["submissions"]) == ("定版", frozen.hash, [1, 2])


def test_freezing_again(tmp_path: Path) -> None:
    """Unchanged data are not frozen again; changed data need a reason; both freezes stay in the log."""
    campaign = all_accepted(tmp_path)
    first = freeze(campaign)
    with pytest.raises(CampaignTrouble, match="相同，不用再定版"):
        freeze(campaign, "想再来一次")
    take_one(campaign, tmp_path / "c", good(FINANCE, 3))
    with pytest.raises(CampaignTrouble, match=FINANCE):
        freeze(campaign, "改了")
    accept(campaign, [FINANCE])
    with pytest.raises(CampaignTrouble, match="--reason"):
        freeze(campaign)
    second = freeze(campaign, "财政局更正行政许可数")
    assert second.hash != first.hash
    assert [d.note for d in campaign.store.decisions() if d.action == "定版"] == ["", "财政局更正行政许可数"]

"""Repetition: what counts, that it is the same both ways, and that the index misses no pair."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench_narrative import comparables, unit_texts
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.narrative.repetition import (
    RUN,
    Comparable,
    _pieces,
    _plain,
    comparable,
    longest_repeated,
    official_wording,
    part_repeated,
    repeated,
    share,
    stretches,
)
from xltool.narrative.repetition_findings import Likeness, comparable_texts, repeats_another
from xltool.narrative.repetition_index import common_from, compare_all, without_common
from xltool.narrative.wording import wording_findings
from xltool.narrative.wording_words import wording_of

NOTHING = re.compile("(?!)")
OWN = "宁安县水利局"
RIVER = "河道采砂的许可、监管和处罚结果按月公布，群众可以随时查询。"
SCHOOL = "招生计划、片区划分和录取名单在学校门口张贴，家长逐项核对。"


def text(said: str, unit: str = OWN) -> Comparable:
    return comparable(unit, [said], NOTHING)


# --- what counts ------------------------------------------------------------------------------------------

PAIRS = [
    # one, the other, the share in per cent, the longest passage of the first
    (RIVER, RIVER, 100, RIVER.removesuffix("。")),
    (RIVER, SCHOOL, 0, ""),
    (RIVER, f"{SCHOOL}{RIVER}", 100, RIVER.removesuffix("。")),
    (f"{SCHOOL}{RIVER}", RIVER, 100, RIVER.removesuffix("。")),
    # punctuation, spaces and line ends are no difference, nor are numbers
    (
        "全年公开信息120条，其中工程类 30 条、资金类40条。",
        "全年公开信息98条其中工程类5条；资金类7.5条",
        100,
        "全年公开信息120条，其中工程类 30 条、资金类40条",
    ),
    # eleven characters in a row are how everybody writes
    ("河道采砂的许可监管和处，" + SCHOOL, "河道采砂的许可监管和处，" + RIVER[14:], 0, ""),
]


@pytest.mark.parametrize(("one", "other", "percent", "longest"), PAIRS)
def test_share_and_passage(one: str, other: str, percent: int, longest: str) -> None:
    """Two texts → how much they repeat each other, and the longest passage as it was written."""
    assert round(share(text(one), text(other)) * 100) == percent
    assert longest_repeated(text(one), repeated(text(one), text(other))) == longest


def test_a_units_own_name_is_no_difference() -> None:
    """宁安县水利局 and 示范市教育局, 我局 and 我镇: copied all the same."""
    one = text("宁安县水利局每季度核对公开目录，我局专人维护栏目。")
    other = text("示范市教育局每季度核对公开目录，我镇专人维护栏目。", "示范市教育局")
    assert share(one, other) == 1


def test_official_wording_does_not_count(form: Form) -> None:
    """Declared phrases, headings, and the sentences that the form drafts from figures are everybody's."""
    said = (
        "认真贯彻落实《中华人民共和国政府信息公开条例》。政府信息公开平台建设。"
        "本年度未收取信息处理费。制发行政规范性文件3件，废止1件，现行有效12件。"
    )
    now = comparable_texts(form, OWN, {"s1.disclosure": said})
    assert now.length < len(said) / 2
    assert repeated(now, comparable_texts(form, "别的局", {"s1.disclosure": said})) == []


def test_official_wording_is_no_bridge(form: Form) -> None:
    """What stands on both sides of an official phrase is compared by itself."""
    declared = wording_of(form)
    assert declared is not None
    official = official_wording(form, declared.repetition)
    one = comparable("", ["甲乙丙丁戊己中华人民共和国政府信息公开条例庚辛壬癸子丑"], official)
    longer = comparable("", ["甲乙丙丁戊己中华人民共和国政府信息公开条例庚辛壬癸子丑寅"], official)
    assert (one.length, share(one, longer)) == (12, 0)


def test_the_same_text_is_repeated_whole(form: Form) -> None:
    """However short the pieces between official wording: copied from beginning to end is 100 %, and all of it marked."""
    said = "".join(f"{name}按《中华人民共和国政府信息公开条例》办。" for name in ("甲乙丙丁", "戊己庚辛", "壬癸子丑"))
    one, other = (comparable_texts(form, unit, {"s1.disclosure": said}) for unit in (OWN, "别的局"))
    assert share(one, other) == 1
    marked = [piece.text for part in stretches(one, repeated(one, other)) for piece in part if piece.repeated]
    assert [piece.strip("《》。") for piece in marked] == ["甲乙丙丁按", "办。戊己庚辛按", "办。壬癸子丑按", "办"]
    found = compare_all([one, other], 0.9, 12)
    assert [(pair.one, pair.other, pair.share) for pair in found.pairs] == [(0, 1, 1)]
    assert compare_all([one, other], 0.9, one.length + 1).pairs == ()


# --- properties -------------------------------------------------------------------------------------------

_WORDS = [
    *[
        "河道",
        "招生",
        "采砂",
        "片区",
        "名单",
        "按月",
        "公布",
        "，",
        "我局",
        "2024",
        "12.5",
        "宁安县水利局",
        "一",
        "（",
        "😀",
    ],
    "a b",
    "。\n",
]
texts = st.lists(st.sampled_from(_WORDS), max_size=60).map("".join)


@settings(max_examples=150, deadline=None)
@given(texts, texts)
def test_share_is_symmetric(one: str, other: str) -> None:
    """The same whichever comes first, between 0 and 1, and all of a text that is long enough is its own."""
    first, second = text(one), text(other, "示范市教育局")
    assert share(first, second) == share(second, first)
    assert 0 <= share(first, second) <= 1
    assert share(first, first) == (1 if first.length >= RUN else 0)


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4), st.lists(texts, min_size=1, max_size=4))
def test_marks_are_the_text(one: list[str], other: list[str]) -> None:
    """The stretches of a part joined are the part, and what is marked is as much as is repeated."""
    first, second = comparable(OWN, one, NOTHING), comparable("", other, NOTHING)
    spans = repeated(first, second)
    shown = stretches(first, spans)
    assert ["".join(piece.text for piece in part) for part in shown] == one
    marked = [piece.text for part in shown for piece in part if piece.repeated]
    assert comparable(OWN, ["。".join(marked)], NOTHING).length >= sum(end - start for start, end in spans)
    assert all(a.repeated != b.repeated for part in shown for a, b in pairwise(part))


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=2, max_size=8), st.integers(1, 10))
def test_the_index_finds_what_comparing_all_finds(said: list[str], tenths: int) -> None:
    """No pair is missed and none is made up, whatever the texts and the limit."""
    made = [text(one, f"第{index}局") for index, one in enumerate(said)]
    found = compare_all(made, tenths / 10, 1)
    assert {(pair.one, pair.other): pair.share for pair in found.pairs} == all_pairs(made, tenths / 10)


def all_pairs(made: list[Comparable], limit: float) -> dict[tuple[int, int], float]:
    shares = {(a, b): share(made[a], made[b]) for a, b in combinations(range(len(made)), 2)}
    return {pair: shared for pair, shared in shares.items() if shared >= limit}


def copies(count: int) -> list[Comparable]:
    """Reports of which some have taken over parts of others, more or less changed."""
    random = Random(3)
    made = unit_texts(count, 500, seed=11)
    said = []
    for number, (unit, parts) in enumerate(made):
        sentences = parts["s1.disclosure"].split("。")
        if number % 3 == 0:
            other = made[random.randrange(count)][1]["s1.disclosure"].split("。")
            sentences = other[: random.randint(1, len(other))] + sentences[: random.randint(1, len(sentences))]
        said.append(text("。".join(sentences), unit))
    return said


def test_the_index_finds_every_pair_of_reports() -> None:
    """Of reports the same, with common wording cut out: at every limit the pairs of comparing all with all."""
    made = copies(60)
    cut, common = without_common(made)
    assert len(cut) == 60
    for limit in (0.1, 0.3, 0.5, 0.8):
        found = compare_all(made, limit, 60)
        assert found.common == common
        assert {(pair.one, pair.other): pair.share for pair in found.pairs} == all_pairs(list(cut), limit)
        assert found.pairs or limit > 0.5


def test_the_order_of_units_does_not_matter() -> None:
    """Shuffled, the same pairs with the same shares."""
    made = copies(60)
    shuffled = Random(5).sample(made, len(made))

    def named(all_of_them: list[Comparable]) -> set[tuple[frozenset[str], float]]:
        found = compare_all(all_of_them, 0.3, 60)
        return {(frozenset((found.texts[p.one].unit, found.texts[p.other].unit)), p.share) for p in found.pairs}

    assert named(made) == named(shuffled)


def test_pairs_come_by_share() -> None:
    """The most alike first."""
    shares = [pair.share for pair in compare_all(copies(60), 0.1, 60).pairs]
    assert shares == sorted(shares, reverse=True)


# --- what most units have ---------------------------------------------------------------------------------

CIRCULATED = "灌区水费的收取标准和减免对象在用水户大会上逐户宣读，账目由用水协会每半年公布一次。"


def units_with(circulated: int, of: int) -> list[Comparable]:
    own = unit_texts(of, 300, seed=2)
    return [
        text((CIRCULATED if number < circulated else "") + parts["s1.disclosure"], unit)
        for number, (unit, parts) in enumerate(own)
    ]


def test_what_most_units_have_does_not_count() -> None:
    """A passage of more than half of the units is nobody's own; it is told, with how many have it."""
    found = compare_all(units_with(30, 40), 0.01, 60)
    assert [(passage in "".join(t.text for t in found.texts), count) for passage, count in found.common] == [
        (False, 30)
    ]
    assert found.common[0][0][:8] in CIRCULATED.replace("，", "")


def test_what_some_units_have_counts() -> None:
    """A passage that half of the units or fewer have is repeated."""
    found = compare_all(units_with(20, 40), 0.01, 60)
    assert found.common == ()
    assert {(p.one, p.other) for p in found.pairs} >= set(combinations(range(20), 2))


@pytest.mark.parametrize(("units", "more_than"), [(2, 20), (30, 20), (60, 30), (300, 150), (10_000, 200)])
def test_how_many_are_most(units: int, more_than: int) -> None:
    """In a few units nothing is common wording; among thousands, what two hundred have is."""
    assert common_from(units) == more_than


def test_few_units_that_all_copied_are_all_found() -> None:
    """Five units with one text: ten pairs, nothing is taken for common wording."""
    made = [text(RIVER + SCHOOL + CIRCULATED, f"第{n}局") for n in range(5)]
    assert [pair.share for pair in compare_all(made, 0.5, 60).pairs] == [1] * 10


def test_short_texts_are_not_compared() -> None:
    """With too little of their own, two texts may well be the same."""
    made = [text(RIVER, f"第{n}局") for n in range(3)]
    assert compare_all(made, 0.5, 60).pairs == ()
    assert len(compare_all(made, 0.5, 20).pairs) == 3


def test_planted_copies_are_found() -> None:
    """Of made-up reports exactly those that were copied, and nothing is kept waiting for 10,000 pairs."""
    found = compare_all(comparables(150), 0.5, 60)
    assert {pair.other for pair in found.pairs} == {49, 99, 149}
    assert all(pair.share > 0.6 for pair in found.pairs)


# --- findings ---------------------------------------------------------------------------------------------


def report(form: Form, said: str, year: int = 2024, unit: str = OWN) -> Filing:
    return Filing(form.id, Unit(unit, type="部门"), year, texts={"s1.disclosure": said})


def s20(form: Form, now: Filing, prior: Filing | None, limit: int | None = None) -> list[str]:
    return [f.said for f in wording_findings(form, now, prior, (), limit) if f.code == "S20"]


LONG = f"{RIVER}{SCHOOL}{CIRCULATED}"
OTHER = "饮水安全工程逐村公布水质检测结果，维修基金的使用由村民代表签字确认；汛期雨情每小时更新一次，灌溉用水指标分配到户后张榜。"


def test_repetition_of_last_year(form: Form) -> None:
    """From half of the text on, with the longest passage; the limit can be set."""
    before = report(form, LONG, 2023)
    assert s20(form, report(form, OTHER), before) == []
    said = s20(form, report(form, LONG + OTHER), before)
    assert len(said) == 1
    assert re.search(r"有 (5\d|6\d)% 与上年的相同，如“河道采砂的许可", said[0])
    assert s20(form, report(form, LONG + OTHER), before, 90) == []
    assert len(s20(form, report(form, OTHER + RIVER), before, 20)) == 1


def test_without_last_years_texts_nothing_is_said(form: Form) -> None:
    """Figures alone are no texts."""
    assert s20(form, report(form, LONG), None) == []
    assert s20(form, report(form, LONG), replace(report(form, LONG, 2023), texts={"cover.phone": "0500"})) == []


def test_new_numbers_do_not_make_a_new_text(form: Form) -> None:
    """Last year's text with this year's figures put in is last year's text."""
    before = "全年公开工程建设信息98条、资金使用信息12条，河道采砂许可结果7件，雨情水情每小时更新一次，水质检测逐村公布，维修基金由代表签字，灌溉指标张榜。"
    now = before.replace("98", "120").replace("12条", "15条").replace("7件", "9件")
    assert len(s20(form, report(form, now), report(form, before, 2023))) == 1


def test_another_units_text(form: Form) -> None:
    """Who, how much, which passage; its key is the other unit's, so that an explanation holds for that pair."""
    found = repeats_another(form, report(form, LONG), Likeness("宁安县教育局", 0.734, RIVER, 2), 50)
    assert found.key == "S21.宁安县教育局"
    assert "有 73% 与“宁安县教育局”等 3 个单位的相同，如“河道采砂" in found.said
    assert found.is_open


def test_part_repeated_is_of_the_first() -> None:
    """Half of a long text from a short one is half; all of the short one is all."""
    long, short = text(RIVER + OTHER), text(RIVER)
    assert part_repeated(short, long) == 1
    assert part_repeated(long, short) < 0.5


def test_what_is_compared_knows_where_it_stands() -> None:
    """The unit's name is 我, a number 0, words are as they stand in the text, everything else is left out."""
    random = Random(5)
    for _ in range(3000):
        said = "".join(random.choices("我本局县镇单位0123４５.．，。 aB公开申请\n甲区水利", k=random.randint(0, 14)))
        for unit in ("", "甲区水利局", "水利", "我局"):
            pieces = list(_pieces(said, unit))
            named = re.sub(rf"{unit or '(?!)'}|[我本](?:单位|[局县镇区])", "#", said)
            numbered = re.sub(r"\d+([.．]\d+)?", "0", named)
            assert _plain(said, unit) == re.sub(r"[^A-Za-z0\u4e00-\u9fff#]", "", numbered).replace("#", "我")
            assert all(said[start:end] == piece for piece, start, end in pieces if piece not in "我0")
            assert all(end <= start for (_, _, end), (_, start, _) in pairwise(pieces))

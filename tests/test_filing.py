"""xltool.filing: a filing as JSON comes back as it was; anything else is refused in a sentence."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fills import names, texts
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit, from_json, to_json

IDS = st.builds(FigureId, *[st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)] * 3)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**18), max_value=10**18)
UNITS = st.builds(
    Unit, names(), st.none() | names(), st.none() | names(), st.dictionaries(names(), st.booleans(), max_size=3)
)
FILINGS = st.builds(
    Filing,
    form=names(),
    unit=UNITS,
    year=st.integers(1000, 9999),
    values=st.dictionaries(IDS, NUMBERS, max_size=5),
    zero_declared=st.frozensets(names(), max_size=3),
    texts=st.dictionaries(names(), texts(), max_size=3),
    explanations=st.dictionaries(names(), texts(), max_size=3),
    unread=st.dictionaries(IDS, texts(), max_size=3),
    stated=st.dictionaries(IDS, NUMBERS, max_size=3),
    sources=st.dictionaries(IDS, texts(), max_size=3),
)


@given(FILINGS)
def test_a_filing_comes_back_from_json(filing: Filing) -> None:
    """Every part of a filing survives, to the last digit, evidence included."""
    again = from_json(to_json(filing))
    assert again == filing
    assert (again.stated, again.sources) == (filing.stated, filing.sources)
    assert to_json(again) == to_json(filing)


def test_the_least_a_filing_needs() -> None:
    """Form, unit and year are enough; the rest is blank."""
    filing = from_json('{"form": "f", "unit": {"name": "甲村"}, "year": 2025}')
    assert filing == Filing("f", Unit("甲村"), 2025)


def test_numbers_are_read_exactly() -> None:
    """Decimals never pass through a binary fraction; a number may also stand as text."""
    values = '{"t.r.a": 72701.2578, "t.r.b": 0.1, "t.r.c": 1573179, "t.r.d": "0.000001", "t.r.e": 1e3}'
    filing = from_json(f'{{"form": "f", "unit": {{"name": "甲"}}, "year": 2025, "values": {values}}}')
    assert [str(value) for value in filing.values.values()] == ["72701.2578", "0.1", "1573179", "0.000001", "1E+3"]


def test_a_byte_order_mark_does_no_harm() -> None:
    """Notepad puts one at the head of a file."""
    assert from_json("\ufeff" + data()) == Filing("f", Unit("甲村"), 2025)


def test_json_for_people() -> None:
    """Chinese stays Chinese, whole numbers have no decimals, blanks are simply not there."""
    filing = Filing("f", Unit("甲村"), 2025, {FigureId("t", "r", "a"): Decimal("3.0")}, frozenset({"t"}))
    assert json.loads(to_json(filing)) == {
        "form": "f",
        "unit": {"name": "甲村", "code": None, "type": None},
        "year": 2025,
        "values": {"t.r.a": 3},
        "zero_declared": ["t"],
        "texts": {},
        "explanations": {},
    }
    assert "甲村" in to_json(filing)
    assert "3.0" not in to_json(filing)


def data(**changed: Any) -> str:
    """A small filing's JSON with some keys changed; None removes a key."""
    whole = {"form": "f", "unit": {"name": "甲村"}, "year": 2025} | changed
    return json.dumps({key: value for key, value in whole.items() if value is not None})


REFUSED = [
    # text, sentence
    ("", "不是有效的 JSON：第 1 行第 1 列附近写法有错。"),
    ('{"form": "f",\n}', "不是有效的 JSON：第 2 行第 1 列附近写法有错。"),
    ("PK\x03\x04", "不是有效的 JSON：第 1 行第 1 列附近写法有错。"),
    ("[" * 100_000, "不是有效的 JSON：嵌套太深。"),
    ("[]", "填报数据应为一个 JSON 对象（以 { 开头）。"),
    ('"text"', "填报数据应为一个 JSON 对象（以 { 开头）。"),
    (data(extra=1), "填报数据里有不认识的键“extra”"),
    (data(form=None), "填报数据应写明表式 form（文字）和年份 year（整数）。"),
    (data(form=5), "填报数据应写明表式 form（文字）和年份 year（整数）。"),
    (data(year="2025"), "填报数据应写明表式 form（文字）和年份 year（整数）。"),
    (data(year=True), "填报数据应写明表式 form（文字）和年份 year（整数）。"),
    (data(year=25), "年份 25 不对，应为四位数。"),
    (data(year=2025.0), "填报数据应写明表式 form（文字）和年份 year（整数）。"),
    (data(unit=None), "填报数据应写明单位名称"),
    (data(unit="甲村"), "填报数据应写明单位名称"),
    (data(unit={"name": " "}), "填报数据应写明单位名称"),
    (data(unit={"name": "甲\ud800"}), "填报数据应写明单位名称"),
    (data(unit={"name": "甲", "code": 5}), "unit.code 应为文字或 null。"),
    (data(unit={"name": "甲", "type": []}), "unit.type 应为文字或 null。"),
    (data(unit={"name": "甲", "kind": "村"}), "unit 里有不认识的键“kind”"),
    (data(unit={"name": "甲", "powers": {"x": "有"}}), "unit.powers 应为“职权: true/false”。"),
    (data(zero_declared="t"), "zero_declared 应为表号的列表"),
    (data(zero_declared=[1]), "zero_declared 应为表号的列表"),
    (data(values=[]), "values 应为一个 JSON 对象。"),
    (data(values={"t.r": 1}), "values 里的“t.r”不是指标编号，应写作 表.行.列。"),
    (data(values={"t..c": 1}), "values 里的“t..c”不是指标编号"),
    (data(values={"t.r.c": None}), "values 里 t.r.c 的值应为数字。"),
    (data(values={"t.r.c": True}), "values 里 t.r.c 的值应为数字。"),
    (data(values={"t.r.c": [1]}), "values 里 t.r.c 的值应为数字。"),
    (data(values={"t.r.c": "十二"}), "values 里 t.r.c 的值“十二”不是数字。"),
    (data(values={"t.r.c": ""}), "values 里 t.r.c 的值“”不是数字。"),
    (data(values={"t.r.c": "NaN"}), "values 里 t.r.c 的值“NaN”不是填报的数字。"),
    (data(values={"t.r.c": "1e999999999"}), "values 里 t.r.c 的值“1e999999999”不是填报的数字。"),
    (data(values={"t.r.c": float("nan")}), "不是有效的 JSON：不能使用 NaN"),
    (data(values={"t.r.c": float("inf")}), "不是有效的 JSON：不能使用 Infinity"),
    (data(stated={"t.r.c": "x"}), "stated 里 t.r.c 的值“x”不是数字。"),
    (data(sources={"t": "表三"}), "sources 里的“t”不是指标编号"),
    (data(unread={"t.r.c": 5}), "unread 里 t.r.c 的值应为文字。"),
    (data(unread={"t": "约12"}), "unread 里的“t”不是指标编号"),
    (data(texts=["x"]), "texts 应为一个 JSON 对象。"),
    (data(texts={"s1": 5}), "texts 里 s1 的值应为文字。"),
    (data(texts={"s1": "\ud83d"}), "texts 里 s1 的值应为文字。"),
    (data(explanations={"A01": None}), "explanations 里 A01 的值应为文字。"),
    ('{"form": "f", "form": "g"}', "不是有效的 JSON：键“form”重复"),
    ('{"values": {"t.r.c": 1, "t.r.c": 2}}', "不是有效的 JSON：键“t.r.c”重复"),
    ('{"year": ' + "9" * 5000 + "}", "不是有效的 JSON：数字太长。"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_what_is_refused(text: str, sentence: str) -> None:
    """Anything but a filing is refused, and the sentence names the first thing that is wrong."""
    with pytest.raises(FileRefused) as caught:
        from_json(text)
    assert caught.value.sentence.startswith(sentence)
    assert caught.value.sentence.endswith("。")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["form", "unit", "name", "year", "values", "t.r.c", "texts", "zero_declared", "powers"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(JSON.map(json.dumps))
def test_any_json_is_read_or_refused(text: str) -> None:
    """No JSON makes the reader fail in any other way."""
    outcome = read_or_refused(text)
    assert isinstance(outcome, Filing) or outcome.endswith("。")


def read_or_refused(text: str) -> Filing | str:
    try:
        return from_json(text)
    except FileRefused as refused:
        return refused.sentence


def test_evidence_is_no_part_of_what_a_unit_says() -> None:
    """Two filings that differ only in where figures were found, or in the totals printed, are equal."""
    said = Filing("f", Unit("甲"), 2025)
    seen = Filing("f", Unit("甲"), 2025, stated={FigureId("t", "r", "c"): Decimal(1)}, sources={})
    assert said == seen

"""Whatever stands in a text: it is examined, in good time, and never ends in an exception."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.campaign.making import the_form
from xltool.filing import Filing, Unit
from xltool.narrative import examine_texts
from xltool.narrative.repetition import comparable, stretches
from xltool.shelf import editions_folder

FORM = the_form()
PARTS = [part.id for section in FORM.sections for part in section.parts]
UNITS = (
    "青川岭县水务局",
    "青川岭县人民政府",
    "石桥镇人民政府",
    "局",
    "青川岭县第一中学（东校区）",
    "A局1号",
    "县医院。",
)


def _words() -> list[str]:
    """The words and marks that the checks themselves are made of: what is likely to meet their patterns."""
    declared = "".join(
        (editions_folder() / FORM.id / name).read_text(encoding="utf-8") for name in ("claims.yaml", "wording.yaml")
    )
    numbers = [
        "3件",
        "1.2万件",
        "三十万元",
        "1.05%",
        "百分之三十",
        "2023年",
        "二〇二三年",
        "1月1日至12月31日",
        "一、",
        "（一）",
        "1.",
        "1）",
        "一）",
        "（1）",
        "一是",
        "五一、",
        "三八、",
        "二四、",
        "〔2021〕30号",
        "13812345678",
        "10—12件",
        "两件",
        "一百三件",
        "3）",
        "）",
        "（",
        "(",
        "[",
        "】",
        "“",
        "《",
        "\n",
        "\u3000",
    ]
    return [*dict.fromkeys(re.findall(r"[\u4e00-\u9fff]+|[^\sA-Za-z]", declared)), *numbers, *UNITS]


TEXTS = st.lists(st.sampled_from(_words()), min_size=1, max_size=40).map("".join)


def _filing(unit: str, texts: dict[str, str], year: int = 2024) -> Filing:
    return Filing(form=FORM.id, unit=Unit(unit, None, "部门", {}), year=year, texts=texts)


@settings(max_examples=150, deadline=None)
@given(
    texts=st.dictionaries(st.sampled_from(PARTS), TEXTS, max_size=3),
    unit=st.sampled_from(UNITS),
    before=st.sampled_from(UNITS),
)
def test_any_mixture_of_the_checks_own_words_is_examined(texts: dict[str, str], unit: str, before: str) -> None:
    """A text of declared words, numbers, brackets and names in any order gives findings, each with a sentence."""
    found = examine_texts(FORM, _filing(unit, texts), _filing(before, texts, 2023), UNITS)
    assert all(finding.said and finding.code for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        "1）全年收到政府信息公开申请3件。2）办结3件。",
        "一）主动公开情况。全年收到申请3件。",
        "五一、国庆期间公开各类信息，收到申请3件。",
        "三八、五四期间开展宣传。\n二四、六一等节日也有安排。",
        "】】）本年新收申请0件（含",
    ],
)
def test_a_bracket_never_opened_and_a_feast_day_are_only_text(text: str) -> None:
    """“1）” and “五一、” are how people write; the figures around them are still compared, nothing is numbered."""
    found = examine_texts(FORM, _filing("青川岭县水务局", {PARTS[0]: text}))
    assert "S17" not in {finding.code for finding in found}


@given(text=TEXTS, unit=st.sampled_from(UNITS))
def test_what_is_compared_is_found_again_in_what_was_written(text: str, unit: str) -> None:
    """Every compared character has its place in the text, so that what is quoted is what is repeated."""
    one = comparable(unit, (text,), re.compile("(?!)"))
    (pieces,) = stretches(one, [(0, len(one.text))])
    assert "".join(piece.text for piece in pieces) == text
    assert not one.text or any(piece.repeated for piece in pieces)


def test_the_office_of_a_government_is_not_taken_for_the_government() -> None:
    """“X县人民政府办公室” in the report of X县人民政府 is quoted as it was written."""
    unit = "青川岭县人民政府"
    text = (
        f"{unit}办公室负责统筹协调全县各部门公开栏目维护更新事宜，每季度开展抽查并通报整改，每年组织两次集中培训。" * 3
    )
    found = examine_texts(FORM, _filing(unit, {PARTS[0]: text}), _filing(unit, {PARTS[0]: text}, 2023))
    (repeated,) = [finding for finding in found if finding.code == "S20"]
    assert "办公室负责统筹协调" in repeated.said


@pytest.mark.parametrize("piece", ["\n", "“", "《", "（", "一、\n", " ", "1", "一", "，", "\n \n "])
def test_time_grows_with_the_length_of_the_text(piece: str) -> None:
    """32,000 times the same mark: no check goes over the rest of the text again from each place (it took a minute)."""
    text = (piece * 32_000)[:32_000] + "完"
    before = time.process_time()
    examine_texts(FORM, _filing("青川岭县水务局", {PARTS[0]: text}), None, UNITS)
    assert time.process_time() - before < 5

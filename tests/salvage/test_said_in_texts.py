"""Figures that no printed table has: read from what the unit says of them in its own words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.salvage.printed import document
from xltool.check.filing import examine
from xltool.documents import read_document
from xltool.documents.model import Text
from xltool.figure import FigureId
from xltool.form import Form
from xltool.report.word import write_word
from xltool.salvage import Salvage, Sureness, all_findings, salvage

REQUESTS, AMOUNT = FigureId("s6", "fee", "requests"), FigureId("s6", "fee", "amount")


def salvaged(form: Form, *paragraphs: str) -> Salvage:
    """A report whose last section is these paragraphs; its printed tables are full of 0."""
    zeros = {figure.id: Decimal(0) for figure in form.figures.values() if figure.id.table != "s6"}
    made = document(form, zeros)
    below = tuple(Text(text, f"最后第{number}段") for number, text in enumerate(paragraphs, 1))
    return salvage(replace(made, blocks=(*made.blocks[:-1], *below)), (form,))


def values_of(read: Salvage) -> tuple[object, object]:
    return read.filing.values.get(REQUESTS), read.filing.values.get(AMOUNT)


@pytest.mark.parametrize(
    "said",
    [
        "全年收取政府信息公开信息处理费0元。",
        "本单位未收取信息处理费。",
        "本年度未产生信息处理费。",
        "无收取信息处理费情况。",
        "未收取信息处理费，无其他需要报告的事项。",
    ],
)
def test_nothing_received_is_0_in_the_whole_row(form: Form, said: str) -> None:
    """Said in any words, neither figure is asked for again; the words stay the unit's text."""
    read = salvaged(form, said)
    assert values_of(read) == (0, 0)
    assert read.filing.texts["s6.other"] == said
    assert not {finding.code for finding in all_findings(read, None)} & {"X01", "X02"}
    assert read.certainty[AMOUNT].place == "最后第1段"


def test_numbers_are_taken_as_said(form: Form) -> None:
    """Requests and money, each from its own words."""
    assert values_of(salvaged(form, "本年度向2件申请收取信息处理费，共计130元。")) == (2, 130)


def test_only_what_is_said_is_taken(form: Form) -> None:
    """A sum of money does not tell of how many requests; nothing said is nothing known; last year is not this year."""
    assert values_of(salvaged(form, "本年度收取信息处理费130元。")) == (None, 130)
    assert values_of(salvaged(form, "无其他需要报告的事项。")) == (None, None)
    assert values_of(salvaged(form, "上年度收取信息处理费20元。")) == (None, None)
    assert values_of(salvaged(form, "本年度收取信息处理费约130元。")) == (None, None)


def test_our_own_sentence_can_be_contradicted(form: Form) -> None:
    """Where the form's sentence says nothing was received and the unit's how much, the money is to be confirmed."""
    read = salvaged(form, "本年度未收取信息处理费。", "全年共收取信息处理费130元，已上缴。")
    assert read.certainty[AMOUNT].why == "文字里的说法不一"
    assert values_of(read) == (0, None)


def test_a_contradiction_in_own_words_is_doubtful(form: Form) -> None:
    """The first that is said is offered, marked as in doubt with the reason."""
    read = salvaged(form, "我单位未收取信息处理费。", "全年收取信息处理费130元。")
    doubted = read.certainty[AMOUNT]
    assert (doubted.sureness, doubted.value, doubted.why) == (Sureness.DOUBTFUL, Decimal(0), "文字里的说法不一")
    assert read.certainty[REQUESTS].sureness is Sureness.MISSING


def test_our_own_sentence_alone_is_the_text(form: Form) -> None:
    """It counts as written, and the report made again says it once."""
    read = salvaged(form, "本年度未收取信息处理费。")
    assert values_of(read) == (0, 0)
    assert "S02.s6.other" not in {finding.key for finding in examine(form, read.filing).findings}
    again = read_document(write_word(form, read.filing))
    texts = [block.text for block in again.blocks if isinstance(block, Text)]
    assert sum("未收取信息处理费" in text for text in texts) == 1


def test_our_own_sentence_beside_other_words_is_not_the_text(form: Form) -> None:
    """The form says it itself again; only what the unit wrote is its text."""
    read = salvaged(form, "本年度未收取信息处理费。", "无其他需要报告的事项。")
    assert values_of(read) == (0, 0)
    assert read.filing.texts["s6.other"] == "无其他需要报告的事项。"

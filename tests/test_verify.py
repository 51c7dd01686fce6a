"""A published report is held against what it was made from: nothing that differs stays unsaid, nothing else is said."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from random import Random

import pytest

from tests.salvage.printed import random_values
from xltool.documents import read_document
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report.html import write_html
from xltool.report.pdf import write_pdf
from xltool.report.view import build_view
from xltool.report.word import write_word
from xltool.verify import Difference, verify_report


def filing(form: Form, seed: int = 2) -> Filing:
    texts = {
        part.id: f"{part.title}的工作正常开展。\n全年办了{number}件事，没有发生问题。"
        for section in form.sections
        for number, part in enumerate(section.parts)
    }
    cover = {"cover.address": "某路 1 号", "cover.phone": "0500-1234567", "cover.email": "a@example.com"}
    texts |= {**cover, "cover.date": "2025年1月15日"}
    return Filing(form.id, Unit("某县教育局"), 2024, random_values(form, Random(seed)), texts=texts)


def zeros(form: Form) -> dict[FigureId, Decimal]:
    return {figure.id: Decimal(0) for figure in form.inputs}


def word(form: Form, said: Filing) -> bytes:
    return write_word(form, said)


def page(form: Form, said: Filing) -> bytes:
    return write_html(build_view(form, said)).encode()


def pdf(form: Form, said: Filing) -> bytes:
    return write_pdf(build_view(form, said)).data


Write = Callable[[Form, Filing], bytes]


def differences(form: Form, said: Filing, published: bytes) -> tuple[Difference, ...]:
    return verify_report(form, said, read_document(published))


@pytest.mark.parametrize("write", [word, page, pdf])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_our_own_report_agrees(form: Form, write: Write, seed: int) -> None:
    """Every figure and every paragraph, through Word, the page and the PDF."""
    said = filing(form, seed)
    assert differences(form, said, write(form, said)) == ()


@pytest.mark.parametrize("write", [word, page, pdf])
def test_so_does_a_report_that_nobody_wrote(form: Form, write: Write) -> None:
    """Parts left empty say what the figures say."""
    said = Filing(form.id, Unit("某县教育局"), 2024, random_values(form, Random(4)))
    assert differences(form, said, write(form, said)) == ()


@pytest.mark.parametrize("write", [word, page, pdf])
def test_another_figure_is_found(form: Form, write: Write) -> None:
    """With its name, what was published and what it should be; and the totals that follow from it."""
    said = filing(form)
    figure = FigureId("t3", "r3_3_5", "legal")
    published = Filing(**{**vars(said), "values": {**said.values, figure: said.values[figure] + 1}})
    found = differences(form, said, write(form, published))
    own = next(difference for difference in found if difference.figure == figure)
    assert (own.published, own.expected) == (str(said.values[figure] + 1), str(said.values[figure]))
    totals = {FigureId("t3", "r3_3_5", "total"), FigureId("t3", "r3_7", "legal"), FigureId("t3", "r3_7", "total")}
    assert {difference.figure for difference in found} == {figure, *totals}


@pytest.mark.parametrize("write", [word, page, pdf])
def test_another_sentence_is_found(form: Form, write: Write) -> None:
    """A paragraph changed, one left out, one put in: each with its section."""
    said = filing(form)
    texts = dict(said.texts)
    texts["s1.platform"] = texts["s1.platform"].replace("没有发生问题", "发生了问题")
    texts["s5.problems"] = texts["s5.problems"].split("\n")[0]
    texts["s6.other"] += "\n又加了一段。"
    found = differences(form, said, write(form, Filing(**{**vars(said), "texts": texts})))
    assert [(difference.place[:2], difference.published, difference.expected) for difference in found] == [
        ("一、", "全年办了4件事，发生了问题。", "全年办了4件事，没有发生问题。"),
        ("五、", "（没有）", "全年办了0件事，没有发生问题。"),
        ("六、", "又加了一段。", "（没有）"),
    ]


def test_unit_year_and_date(form: Form) -> None:
    """Another unit's report, last year's, one signed on another day."""
    said = filing(form)
    other = Filing(form.id, Unit("某县水务局"), 2023, said.values, texts={**said.texts, "cover.date": "2024年1月9日"})
    places = [difference.place for difference in differences(form, said, word(form, other))]
    assert {"标题", "落款日期", "开头说明"} <= set(places)


def test_a_heading_in_other_words(form: Form) -> None:
    """The official headings are part of what is published."""
    said = filing(form)
    found = differences(
        form, said, page(form, said).replace("六、其他需要报告的事项".encode(), "六、其他需要报告事项".encode())
    )
    assert [(difference.published, difference.expected) for difference in found] == [
        ("六、其他需要报告事项", "六、其他需要报告的事项")
    ]


def test_a_blank_is_a_blank(form: Form) -> None:
    """A figure that was not filled in is published as a blank, and a number in its place is found."""
    said = filing(form)
    figure = FigureId("t2", "permits", "decisions")
    blank = Filing(**{**vars(said), "values": {f: value for f, value in said.values.items() if f != figure}})
    assert differences(form, blank, word(form, blank)) == ()
    found = differences(form, blank, word(form, said))
    assert figure in {difference.figure for difference in found}


def test_a_sum_is_compared_by_its_figures(form: Form) -> None:
    """Texts of a report that the sum has none of are not held against it."""
    said = filing(form)
    total = Filing(form.id, said.unit, said.year, said.values)
    published = read_document(word(form, said))
    assert verify_report(form, total, published, figures_only=True) == ()
    assert verify_report(form, total, published)


def test_a_number_changed_by_hand(form: Form) -> None:
    """Somebody typed into the Word file afterwards."""
    said = Filing(**{**vars(filing(form)), "values": {**zeros(form), FigureId("t4", "after", "other"): Decimal(987)}})
    source = zipfile.ZipFile(io.BytesIO(word(form, said)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as changed:
        for name in source.namelist():
            changed.writestr(name, source.read(name).replace(b">987<", b">978<"))
    found = differences(form, said, target.getvalue())
    assert {difference.figure for difference in found} == {FigureId("t4", "after", name) for name in ("other", "total")}
    assert {(difference.published, difference.expected) for difference in found} == {("978", "987")}

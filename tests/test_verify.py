"""A published report is held against what it was made from: nothing that differs stays unsaid, nothing else is said."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from tests.salvage.printed import random_values
from xltool.check.judge import amounts
from xltool.documents import read_document
from xltool.errors import FileRefused
from xltool.figure import FigureId, plain
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report.data import write_csv, write_json
from xltool.report.html import write_fragment, write_html
from xltool.report.outline import Paragraph
from xltool.report.pdf import write_pdf
from xltool.report.publishing import Format, Wanted, publish
from xltool.report.text import write_text
from xltool.report.view import ReportView, build_view
from xltool.report.word import write_word
from xltool.samples import SAMPLE_NAMES, load_sample
from xltool.verify import Difference, verify_published, verify_report


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


def fragment(form: Form, said: Filing) -> bytes:
    return write_fragment(build_view(form, said)).encode()


def pdf(form: Form, said: Filing) -> bytes:
    return write_pdf(build_view(form, said)).data


def text(form: Form, said: Filing) -> bytes:
    return write_text(build_view(form, said)).encode()


def data(form: Form, said: Filing) -> bytes:
    return write_json(form, said).encode()


def table(form: Form, said: Filing) -> bytes:
    return write_csv(form, said)


Write = Callable[[Form, Filing], bytes]
WITH_TEXTS: list[Write] = [word, page, fragment, pdf, text, data]


def differences(form: Form, said: Filing, published: bytes) -> tuple[Difference, ...]:
    return verify_published(form, said, published).differences


@pytest.mark.parametrize("write", [*WITH_TEXTS, table])
@pytest.mark.parametrize("seed", [1, 2])
def test_our_own_report_agrees(form: Form, write: Write, seed: int) -> None:
    """Every figure and every paragraph, through every format."""
    said = filing(form, seed)
    assert differences(form, said, write(form, said)) == ()


@pytest.mark.parametrize("write", [*WITH_TEXTS, table])
def test_so_does_a_report_that_nobody_wrote(form: Form, write: Write) -> None:
    """Parts left empty say what the figures say."""
    said = Filing(form.id, Unit("某县教育局"), 2024, random_values(form, Random(4)))
    assert differences(form, said, write(form, said)) == ()


@pytest.mark.parametrize("write", [word, page, fragment])
def test_titles_of_parts_are_no_headings_of_sections(form: Form, write: Write) -> None:
    """Where every part has points of its own, its title stands alone, marked as a heading and much like the section's."""
    said = filing(form)
    points = "（一）公开的内容还不够丰富，有的公开得不够及时，群众还不够满意。\n（二）答复不够规范。"
    said = replace(said, texts={**said.texts, "s5.problems": points, "s5.improvements": "1. 加强培训。\n2. 定期通报。"})
    assert differences(form, said, write(form, said)) == ()


@pytest.mark.parametrize("write", [*WITH_TEXTS, table])
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


@pytest.mark.parametrize("write", WITH_TEXTS)
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


@pytest.mark.parametrize("write", WITH_TEXTS)
def test_odd_texts_agree_too(form: Form, write: Write) -> None:
    """Markup, quotation marks, marks of direction, what is not seen, words without an end: all as they were written."""
    odd = "甲<script>alert(1)</script>\"'&amp;]]>=cmd\u202e\u2067\u200b" + "长" * 40 + "W" * 60
    said = filing(form)
    texts = {key: words if key.startswith("cover.") else f"{odd}。{words}" for key, words in said.texts.items()}
    said = replace(said, texts=texts)
    assert differences(form, said, write(form, said)) == ()


# --- many things at once ------------------------------------------------------------------------------------


def much_changed(form: Form, said: Filing, chance: Random) -> Filing:
    """Five figures of every table, the sentences of the foreword, of every section one paragraph."""
    printed = {
        table.id: [f.id for f in form.inputs if f.id.table == table.id] for table in form.tables if table.printed
    }
    changed = {figure for inputs in printed.values() for figure in chance.sample(inputs, 5)}
    values = {f: value + (chance.randint(1, 9) if f in changed else 0) for f, value in said.values.items()}
    texts = {
        part: words
        if part.startswith("cover.")
        else words.replace("全年办了", f"当年共办了{chance.randint(100, 999)}又")
        for part, words in said.texts.items()
    }
    return replace(said, values=values, texts={**texts, "cover.phone": "0500-7654321", "cover.date": "2025年1月25日"})


@pytest.mark.parametrize("write", [*WITH_TEXTS, table])
@pytest.mark.parametrize("seed", [5, 6])
def test_everything_that_was_changed_is_listed(form: Form, write: Write, seed: int) -> None:
    """Many figures and many paragraphs changed in one report: each is named, with the totals, and nothing else is."""
    said = filing(form, seed)
    other = much_changed(form, said, Random(seed))
    found = differences(form, said, write(form, other))
    due, told = amounts(form, said), amounts(form, other)
    shown = [f for f in form.figures if due.get(f) != told.get(f)]
    assert len(shown) > 20
    assert {d.figure: (d.published, d.expected) for d in found if d.figure} == {
        f: (plain(told[f]), plain(due[f])) for f in shown
    }
    if write is not table:
        view, changed = build_view(form, said), build_view(form, other)
        assert sorted(d.expected for d in found if not d.figure and "落款" not in d.place) == sorted(
            paragraph
            for paragraph, new in zip(paragraphs_of(view), paragraphs_of(changed), strict=True)
            if paragraph != new
        )
        assert [d.published for d in found if "落款" in d.place] == ["2025年1月25日"]


def paragraphs_of(view: ReportView) -> list[str]:
    within = [block.whole for s in view.sections for block in s.blocks if isinstance(block, Paragraph)]
    return [paragraph.whole for paragraph in view.foreword] + within


@pytest.mark.parametrize("write", WITH_TEXTS)
def test_what_is_missing_or_added_anywhere(form: Form, write: Write) -> None:
    """A foreword without its last sentence, a section without its only paragraph, new ones in front and behind."""
    said = filing(form)
    texts = {
        key: words for key, words in said.texts.items() if key not in ("cover.phone", "cover.address", "cover.email")
    }
    texts["s1.lead"] = f"开头添了一段，原来没有。\n{texts['s1.lead']}"
    texts["s5.improvements"] += "\n末尾又添了一段，原来没有。"
    texts["s6.other"] = texts["s6.other"].split("\n")[1]
    found = differences(form, said, write(form, replace(said, texts=texts)))
    view = build_view(form, said)
    contact, first_other = view.foreword[-1].whole, said.texts["s6.other"].split("\n")[0]
    told = {(d.published, d.expected) for d in found}
    assert ("开头添了一段，原来没有。", "（没有）") in told
    assert ("末尾又添了一段，原来没有。", "（没有）") in told
    assert ("（没有）", first_other) in told
    assert contact in {d.expected for d in found}
    assert len(found) == 4


@pytest.mark.parametrize("write", [word, page, fragment, text, data])
def test_another_unit_signs(form: Form, write: Write) -> None:
    """The signature is held against the unit."""
    said = filing(form)
    found = differences(form, said, write(form, replace(said, unit=Unit("某县水务局"))))
    assert any("落款" in d.place for d in found)


@pytest.mark.parametrize("write", [*WITH_TEXTS, table])
def test_a_draft_is_not_to_be_published(form: Form, write: Write) -> None:
    """The mark of a draft is a difference, named once, also where it stands at the head of every page."""
    said = filing(form)
    view = build_view(form, said, draft=True)
    drafts: dict[Write, bytes] = {
        word: write_word(form, said, draft=True),
        pdf: write_pdf(view).data,
        page: write_html(view).encode(),
        fragment: write_fragment(view).encode(),
        text: write_text(view).encode(),
        data: write_json(form, said, view).encode(),
        table: write_csv(form, said, draft=True),
    }
    (found,) = differences(form, said, drafts[write])
    assert found.place in ("草稿标记", "状态")


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_charts_are_no_paragraphs(name: str) -> None:
    """Captions, labels and descriptions of charts are not held against the report, in any format."""
    sample = load_sample(name)
    made = publish(sample.form, sample.filing, sample.prior, False, Wanted(tuple(Format), fragment=True, charts=True))
    for ending, published in made.files:
        found = verify_published(sample.form, sample.filing, published, ending, prior=sample.prior)
        assert found.differences == (), ending


def test_what_such_a_file_has_not_got_is_said(form: Form) -> None:
    """A fragment has no title, a CSV no texts."""
    said = filing(form)
    assert "没有标题" in verify_published(form, said, fragment(form, said)).remark
    csv_found = verify_published(form, said, table(form, said))
    assert "没有文字" in csv_found.remark
    assert not csv_found.has_texts
    assert verify_published(form, said, page(form, said)).remark == ""
    without_title = re.sub(rb"<h1>.*?</h1>|<title>.*?</title>|<meta name=\"ArticleTitle\".*?>", b"", page(form, said))
    assert [d.place for d in differences(form, said, without_title)] == ["标题"]


# --- typed over afterwards ----------------------------------------------------------------------------------


def test_a_total_changed_in_a_text(form: Form) -> None:
    """One number in one line: that figure and no other; a line whose words were changed is listed as it is."""
    said = filing(form)
    lines = text(form, said).decode().split("\n")
    row = next(n for n, line in enumerate(lines) if "属于国家秘密：" in line)
    total = re.search(r"总计 (\d+)$", lines[row])
    assert total is not None
    lines[row] = lines[row][: total.start()] + "总计 4711"
    (found,) = differences(form, said, "\n".join(lines).encode())
    assert (str(found.figure), found.published, found.expected) == ("t3.r3_3_1.total", "4711", total[1])
    lines[row] = lines[row].replace("属于国家秘密", "属于秘密")
    found_now = differences(form, said, "\n".join(lines).encode())
    assert {d.figure for d in found_now if d.figure} == {f for f in form.figures if str(f).startswith("t3.r3_3_1.")}
    assert ["属于秘密" in d.published for d in found_now if not d.figure] == [True]


def test_a_text_of_windows(form: Form) -> None:
    """Saved again by Notepad: another encoding, a mark in front, other line ends."""
    said = filing(form)
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        assert differences(form, said, text(form, said).decode().replace("\n", "\r\n").encode(encoding)) == ()
    assert differences(form, said, table(form, said).decode("utf-8-sig").encode("gb18030")) == ()


def test_data_changed_by_hand(form: Form) -> None:
    """A value, a label, a year, a figure left out, one twice, a key that nobody knows."""
    said = filing(form)
    published = json.loads(data(form, said))
    figures = published["sections"][2]["table"]["figures"]
    figures[0]["value"] = 4711
    figures[1]["row"] = ["别的"]
    figures.append(dict(figures[3]))
    del figures[2]
    published["year"] = 2023
    published["remark"] = "多出来的"
    found = differences(form, said, json.dumps(published).encode())
    places = [d.place for d in found]
    assert places[0] == "年度"
    assert any(d.published == "4711" for d in found)
    assert any(place.endswith("行标题") for place in places)
    assert any("（重复）" in place for place in places)
    assert any(d.published == "多出来的" for d in found)
    lines = table(form, said).decode("utf-8-sig").splitlines()
    lines[5] = lines[5].replace("2024,", "2023,", 1)
    del lines[9]
    told = differences(form, said, "\r\n".join(lines).encode())
    assert [(d.place, d.published) for d in told if not d.figure] == [("年度", "2023")]
    assert [d.published for d in told if d.figure] == ["（没有读到）"]


@pytest.mark.parametrize("said", ["{", '{"form": "gkbg-2021"}', "[1]", "{}" * 3])
def test_other_json_is_refused(form: Form, said: str) -> None:
    """With one sentence, not with a list of 300 differences."""
    with pytest.raises(FileRefused):
        verify_published(form, filing(form), said.encode())

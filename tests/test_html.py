"""xltool.report.html: the page and the fragment, read back by what the markup itself says."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import html5lib
import lxml.html
import pytest
from hypothesis import given
from lxml.html import HtmlElement

from tests.fills import all_zero, filings, random_fill, whole_workbooks
from tests.reports.editors import EDITORS, Editor, styles_of
from tests.reports.golden import sample_view
from tests.reports.reading import (
    attributes,
    by_headers,
    by_scope,
    expected_figures,
    expected_paragraphs,
    one_line,
    placed,
    text_of,
)
from tests.test_report_view import SMALL_FORM
from xltool.definition import load_form, parse_form
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report.data import write_json
from xltool.report.html import write_fragment, write_html
from xltool.report.outline import Paragraph
from xltool.report.text import write_text
from xltool.report.view import DRAFT_NOTICE, ReportView, build_view
from xltool.samples import SAMPLE_NAMES
from xltool.shelf import editions_folder

FORM = load_form(editions_folder() / "gkbg-2021")
HOSTILE = (
    "甲</title></h1><script>alert(1)</script>\"'&amp;&lt;<!--\x00\x08\x85\ud83d\ufffe\U0001ffff{{ 7*7 }}{% x %}]]>"
    "<img src=x onerror=alert(2)>\u202e\u2067\u200b\ufeff=cmd|' /C calc'!A0"
    + "长" * 90
    + "W" * 90
    + "](javascript:alert(3))"
)
PARAGRAPHS = ".//h2|.//h3|.//p"


def page_of(view: ReportView) -> HtmlElement:
    return lxml.html.document_fromstring(write_html(view))


def fragment_of(view: ReportView) -> HtmlElement:
    return lxml.html.fragment_fromstring(write_fragment(view), create_parent="div")


def paragraphs_in(element: HtmlElement) -> list[str]:
    return [one_line(text_of(found)) for found in element.xpath(PARAGRAPHS)]


def views(seed: int) -> ReportView:
    """The samples, then random filings, drafts among them."""
    if seed < len(SAMPLE_NAMES):
        return sample_view(SAMPLE_NAMES[seed])
    chance = Random(seed)
    fill = random_fill(FORM, chance, with_prior=True)
    return build_view(FORM, fill.filing, draft=chance.random() < 0.5, prior=fill.prior)


def hostile_view() -> ReportView:
    said = Filing(FORM.id, Unit(HOSTILE), 2024, texts={text: f"（一）{HOSTILE}\n1.{HOSTILE}" for text in FORM.text_ids})
    return build_view(FORM, said)


# --- what it says -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_every_figure_of_the_page_under_its_official_headings(seed: int) -> None:
    """What each cell names as its headers, and what scope puts over it, are the form's labels, for all 200 figures."""
    view = views(seed)
    tables = list(page_of(view).iter("table"))
    expected = expected_figures(FORM, view)
    assert sum(map(len, expected)) == 200
    assert [by_headers(table) for table in tables] == expected
    assert [by_scope(table) for table in tables] == expected


@pytest.mark.parametrize("seed", range(12))
def test_every_figure_of_the_fragment_under_its_official_headings(seed: int) -> None:
    """Without ids, scope alone leads from every figure to the form's labels."""
    view = views(seed)
    assert [by_scope(table) for table in fragment_of(view).iter("table")] == expected_figures(FORM, view)


@pytest.mark.parametrize("seed", range(12))
def test_every_paragraph_in_its_order(seed: int) -> None:
    """Page and fragment say what the view says, paragraph by paragraph, and nothing else."""
    view = views(seed)
    expected = expected_paragraphs(view)
    (main,) = page_of(view).iter("main")
    assert paragraphs_in(main) == expected
    notice = [DRAFT_NOTICE] if view.draft else []
    charts = {chart.description: f"{chart.title}：{chart.description}" for chart in view.charts}
    assert paragraphs_in(fragment_of(view)) == notice + [charts.get(line, line) for line in expected]


@whole_workbooks(40)
@given(said=filings(FORM))
def test_whatever_is_typed_is_said(said: Filing) -> None:
    """Any text and number a workbook can hold stands in both, read back by a strict parser without an error."""
    view = build_view(FORM, said)
    html5lib.HTMLParser(strict=True).parse(write_html(view))
    html5lib.HTMLParser(strict=True).parseFragment(write_fragment(view))
    for root in (page_of(view).find(".//main"), fragment_of(view)):
        assert root is not None
        assert paragraphs_in(root) == expected_paragraphs(view)
        assert [by_scope(table) for table in root.iter("table")] == expected_figures(FORM, view)


def test_a_report_of_zeros(form: Form) -> None:
    """Zeros are printed as 0, blanks as nothing."""
    zero = build_view(form, Filing(form.id, Unit("甲局"), 2024, all_zero(form)))
    blank = build_view(form, Filing(form.id, Unit("甲局"), 2024))
    for view, printed in ((zero, "0"), (blank, "")):
        values = [value for table in page_of(view).iter("table") for value in by_headers(table).values()]
        assert values == [printed] * 200


def test_levels_below_the_sections(form: Form) -> None:
    """A heading that stands alone is a heading; one with text behind it stays in its paragraph, in its own face."""
    said = Filing(form.id, Unit("甲局"), 2024, texts={"s5.problems": "（一）问题。\n（二）不足。有些不足。"})
    section = page_of(build_view(form, said)).xpath(".//section[h2/@id='s5']")[0]
    assert [text_of(h3) for h3 in section.iter("h3")] == ["（一）问题。"]
    leads = section.find_class("lead")
    assert [(text_of(lead), lead.tail) for lead in leads] == [("（二）不足。", "有些不足。")]


def test_another_form() -> None:
    """A made-up form: stubs in one column, one block, no block heading."""
    small = parse_form(SMALL_FORM)
    view = build_view(small, Filing(small.id, Unit("甲镇"), 2023, {FigureId("s", "town", "bags"): Decimal(7)}))
    expected = expected_figures(small, view)
    assert expected[0][("镇级", "编织袋")] == "7"
    assert [by_headers(table) for table in page_of(view).iter("table")] == expected
    assert [by_scope(table) for table in fragment_of(view).iter("table")] == expected


# --- the page as a document ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_the_page_is_valid(seed: int) -> None:
    """A strict parser has nothing to say; ids are unlike each other; headings step down one by one."""
    view = views(seed)
    html5lib.HTMLParser(strict=True).parse(write_html(view))
    page = page_of(view)
    ids = [said["id"] for _, said in attributes(page) if "id" in said]
    assert len(ids) == len(set(ids))
    assert all(name in ids for label in page.xpath("//@aria-labelledby") for name in label.split())
    levels = [int(str(h.tag)[1]) for h in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_title(form: Form) -> None:
    """Name of the window, heading in its lines and the website's own labels say whose report it is."""
    page = page_of(build_view(form, Filing(form.id, Unit("宁夏回族自治区吴忠市盐池县机关事务服务中心"), 2021)))
    title = "宁夏回族自治区吴忠市盐池县机关事务服务中心2021年政府信息公开工作年度报告"
    assert page.xpath("string(//title)") == page.xpath("string(//h1)") == title
    assert text_of(page.xpath("//h1/span")[0]) == "宁夏回族自治区吴忠市"
    assert page.xpath("//meta[@name='ArticleTitle']/@content") == [title]
    assert page.get("lang") == "zh-CN"


@pytest.mark.parametrize("seed", range(4))
def test_nothing_but_the_page_itself(seed: int) -> None:
    """The policy lets only this style in, by its hash; no script, handler, style attribute or address is there."""
    html = write_html(views(seed))
    page = lxml.html.document_fromstring(html)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.S)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|expression", style)
    for tag, said in attributes(page):
        assert tag not in ("script", "link", "iframe", "object", "embed", "img", "form", "base")
        assert not [name for name in said if name.startswith("on") or name in ("style", "src")]
        assert said.get("href", "#").startswith("#")


def test_tables_are_tables_to_a_screen_reader() -> None:
    """Captions, headings repeated on every page, one group of rows a block; wide tables scroll by keyboard."""
    tables = list(page_of(views(1)).iter("table"))
    captions = [
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]
    assert [table.findtext("caption") for table in tables] == captions
    assert [len(table.findall("thead/tr")) for table in tables] == [0, 3, 3]
    assert [len(table.findall("tbody")) for table in tables] == [4, 1, 1]
    regions = [table.getparent() for table in tables]
    assert [region.get("role") if region is not None else "" for region in regions] == [None, "region", "region"]
    for region in regions[1:]:
        assert region is not None
        assert (region.get("tabindex"), region.get("aria-labelledby") in ("s3", "s4")) == ("0", True)


def test_a_draft_says_so_on_every_page() -> None:
    """The notice is above the title and, printed, on every page; robots are told to pass by."""
    draft, final = views(SAMPLE_NAMES.index("mistakes")), views(SAMPLE_NAMES.index("suqian-2024"))
    for view in (draft, final):
        html = write_html(view)
        notices = [text_of(notice) for notice in page_of(view).find_class("draft")]
        assert notices == ([DRAFT_NOTICE] if view.draft else [])
        assert html.count(DRAFT_NOTICE) == (2 if view.draft else 0)
        assert ("noindex" in html) == view.draft
        assert (DRAFT_NOTICE in write_fragment(view)) == view.draft
    assert f'@top-center {{ content: "{DRAFT_NOTICE}"' in write_html(draft)


def test_charts_are_pictures_with_words() -> None:
    """A chart stands in its section as SVG with a name, its numbers below it, once for paper and once for a telephone."""
    view = views(SAMPLE_NAMES.index("suqian-2024"))
    figures = list(page_of(view).iter("figure"))
    assert [figure.findtext("figcaption") for figure in figures] == [chart.title for chart in view.charts]
    for figure, chart in zip(figures, view.charts, strict=True):
        pictures = [box.find("svg") for box in (*figure.find_class("wide"), *figure.find_class("narrow"))]
        assert len(pictures) == 2
        for svg in pictures:
            assert svg is not None
            assert svg.get("role") == "img"
            assert (svg.findtext("title"), figure.findtext("p")) == (chart.title, chart.description)
        assert figure.getparent().findtext("h2") == next(s.heading for s in view.sections if s.id == chart.section)


def test_addresses_and_telephone_numbers(form: Form) -> None:
    """A long address may be broken at its signs and no line is drawn apart before it; a telephone number is never
    broken. Both are read as they were written.
    """
    line = (
        "电话：0500-1234567，邮箱：office_of_a_county@example.gov.cn。网址：https://www.example.gov.cn/zwgk?a=1&b=2。"
    )
    (main,) = page_of(build_view(form, Filing(form.id, Unit("甲局"), 2024, texts={"s6.other": line}))).iter("main")
    (paragraph,) = [p for p in main.iter("p") if "邮箱" in text_of(p)]
    assert text_of(paragraph) == line
    assert [text_of(whole) for whole in paragraph.find_class("whole")] == ["0500-1234567"]
    broken = lxml.html.tostring(paragraph, encoding="unicode")
    assert "county@<wbr>example.gov.cn" in broken
    assert "?<wbr>a=<wbr>1&amp;<wbr>b=<wbr>2" in broken
    assert [p for p in main.iter("p") if p.get("class") == "ragged"] == [paragraph]


def test_headings_stand_still_on_a_telephone() -> None:
    """In a wide table every heading of a row that is not the first stops where the columns before it end."""
    html = write_html(views(1))
    (table,) = [table for table in page_of(views(1)).iter("table") if table.get("id") == "t3-table"]
    inner = {name for cell in table.iter("th") for name in str(cell.get("class")).split() if name.startswith("inner-")}
    assert inner == {"inner-1", "inner-2"}
    widths = [float(w) for w in re.findall(r"#t3-table col:nth-child\(\d+\) \{ width: ([\d.]+)em; \}", html)]
    assert len(widths) == 10
    for name in inner:
        (left,) = re.findall(rf"#t3-table \.{name} \{{ left: ([\d.]+)em; \}}", html)
        assert float(left) == pytest.approx(sum(widths[: int(name[-1])]))


def test_figures_are_not_turned_round(form: Form) -> None:
    """A mark of direction that nobody sees would have 12 read as 21: it is in neither page, fragment, text nor data."""
    said = Filing(
        form.id, Unit("甲局"), 2024, texts={"s6.other": "收取\u202e12\u202c元，\u206734\u2069元\u200f56\u061c。"}
    )
    view = build_view(form, said)
    for written in (write_html(view), write_fragment(view), write_text(view), write_json(form, said)):
        assert "收取12元，34元56。" in written


def test_hostile_texts_stay_texts() -> None:
    """Tags, braces, quotation marks and broken characters from a unit are read, never obeyed."""
    view = hostile_view()
    html = write_html(view)
    html5lib.HTMLParser(strict=True).parse(html)
    html.encode()
    calm = page_of(replace_texts(view))
    assert [tag for tag, _ in attributes(page_of(view)) if tag != "wbr"] == [
        tag for tag, _ in attributes(calm) if tag != "wbr"
    ]
    assert one_line(str(page_of(view).xpath("string(//title)"))) == one_line(view.title)
    (main,) = page_of(view).iter("main")
    assert paragraphs_in(main) == expected_paragraphs(view)
    fragment = write_fragment(view)
    html5lib.HTMLParser(strict=True).parseFragment(fragment)
    assert "<script" not in fragment


def replace_texts(view: ReportView) -> ReportView:
    """The same report with plain words in the place of the unit's texts."""
    sections = tuple(
        replace(
            section,
            blocks=tuple(
                replace(block, text=block.text and "甲", lead=block.lead and "乙")
                if isinstance(block, Paragraph)
                else block
                for block in section.blocks
            ),
        )
        for section in view.sections
    )
    return replace(view, sections=sections, unit="甲", title="甲")


# --- the fragment in an editor ------------------------------------------------------------------------------

KEPT = {"p", "h2", "h3", "strong", "table", "tbody", "tr", "th", "td", "br"}
ATTRIBUTES = {
    "style",
    "border",
    "cellspacing",
    "cellpadding",
    "width",
    "align",
    "valign",
    "rowspan",
    "colspan",
    "scope",
}


@pytest.mark.parametrize("seed", range(4))
def test_the_fragment_holds_only_what_editors_keep(seed: int) -> None:
    """Few kinds of elements, no class, id or comment; no heading of the first level, which the website gives itself."""
    fragment = write_fragment(views(seed))
    html5lib.HTMLParser(strict=True).parseFragment(fragment)
    root = lxml.html.fragment_fromstring(fragment, create_parent="div")
    found = [(tag, said) for tag, said in attributes(root) if said or tag != "div"]
    assert {tag for tag, _ in found} <= KEPT
    assert {name for _, said in found for name in said} <= ATTRIBUTES
    assert "<!--" not in fragment


def test_the_fragment_survives_editors_that_take_styles() -> None:
    """Tables are drawn by attributes too, and paragraphs need no margins, which UEditor removes."""
    root = fragment_of(views(1))
    assert all(
        (t.get("border"), t.get("cellspacing"), t.get("width")) == ("1", "0", "100%") for t in root.iter("table")
    )
    assert all(cell.get("align") and cell.get("width") for cell in root.xpath(".//th|.//td"))
    assert not [p for p in root.iter("p") if re.search("margin|padding", p.get("style", ""))]


def test_equal_views_give_equal_pages() -> None:
    """The same view gives the same page."""
    assert write_html(views(5)) == write_html(views(5))


def test_templates_are_beside_the_code() -> None:
    """What a page is made of is inside the package, so that an installed one has it."""
    folder = Path(write_html.__code__.co_filename).parent / "templates"
    names = {"report.html", "report.css", "report_table.html", "report_fragment.html", "report_fragment_table.html"}
    assert names <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("editor", EDITORS, ids=lambda editor: editor.name)
def test_the_fragments_tables_survive_strict_editors(editor: Editor) -> None:
    """Whatever such an editor takes away: merges and numbers stay in place; lines, widths, alignment are still told."""
    before, after = fragment_of(views(1)), editor.filtered(fragment_of(views(1)))
    assert [grid_of(table) for table in after.iter("table")] == [grid_of(table) for table in before.iter("table")]
    for table in after.iter("table"):
        cells = list(table.iter("th", "td"))
        drawn = table.get("border") == "1" or all("border" in dict(styles_of(cell)) for cell in cells)
        assert drawn or editor.draws_borders
        for cell in cells:
            styles = dict(styles_of(cell))
            assert (cell.get("width") or styles.get("width", "")).endswith("%")
            assert (cell.get("align") or styles.get("text-align")) in ("left", "center")


def grid_of(table: HtmlElement) -> dict[tuple[int, int], str]:
    """What stands at every place of the table, merged cells at all of theirs."""
    return {place: text_of(cell) for place, cell in placed(table).items()}


def test_the_fragments_columns_fill_the_table() -> None:
    """Widths of a row are 100 % together, and columns that are equal on the form stay so to half a per cent."""
    tables = list(fragment_of(views(1)).iter("table"))
    for table in tables:
        at = placed(table)
        for row in {row for row, _ in at}:
            cells = {id(cell): cell for (r, _), cell in at.items() if r == row}
            assert sum(map(width_of, cells.values())) == pytest.approx(100, abs=0.05)
    last = [width_of(cell) for cell in list(tables[-1].iter("tr"))[-1]]
    assert max(last) - min(last) < 0.5


def width_of(cell: HtmlElement) -> float:
    return float(str(cell.get("width")).removesuffix("%"))

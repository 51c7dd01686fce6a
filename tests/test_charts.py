"""xltool.report.charts: which charts a report has, their numbers in words, their pictures in Word and PDF."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import docx
import pdfplumber
import pytest

from tests.fills import all_zero
from tests.pdf_story import bare, text
from tests.programs.validator import Validator
from tests.test_report_view import SMALL_FORM
from tests.test_word import opened, random_filing
from xltool.definition import parse_form
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report.charts import ChartView, report_charts
from xltool.report.pdf import chart_picture, write_pdf
from xltool.report.view import ReportView, build_view
from xltool.report.word import word_of, write_word
from xltool.samples import load_sample

SVG = "{http://www.w3.org/2000/svg}"
CHARTED = (
    SMALL_FORM
    + """
charts:
  - title: 各类物资（件）
    kind: column
    prior: 是
    figures: {编织袋: s.town.bags + s.village.bags, 水泵: s.town.pumps + s.village.pumps}
  - title: 镇级构成
    kind: pie
    figures: {编织袋: s.town.bags, 水泵: s.town.pumps, 都算: s.town.all}
  - {title: 最多的单位, kind: bar, each: unit, of: s.town.bags}
"""
)


@pytest.fixture(scope="module")
def small() -> Form:
    return parse_form(CHARTED)


def stock(form: Form, year: int = 2023, **bags: int) -> Filing:
    """``town_bags=7``: that figure; those not named stay blank."""
    values = {FigureId("s", *name.split("_")): Decimal(value) for name, value in bags.items()}
    return Filing(form.id, Unit("甲镇"), year, values)


def drawn(chart: ChartView) -> ElementTree.Element:
    return ElementTree.fromstring(chart.svg)


def words(chart: ChartView) -> list[str]:
    """The texts in the picture, in their order."""
    return [element.text or "" for element in drawn(chart).iter(f"{SVG}text")]


def lengths(chart: ChartView, side: str) -> list[float]:
    return [float(box.get(side, "0")) for box in drawn(chart).iter(f"{SVG}rect")]


FULL = {"town_bags": 30, "village_bags": 10, "town_pumps": 10, "village_pumps": 0}


def test_every_number_is_said_and_drawn(small: Form) -> None:
    """Labels and numbers stand in the picture and in the words for those who do not see it."""
    columns, parts = report_charts(small, stock(small, **FULL), None)
    assert (columns.title, columns.section) == ("各类物资（件）", "stock")
    assert columns.description == "2023年：编织袋40，水泵10。"
    assert columns.spoken == "各类物资（件）。2023年：编织袋40，水泵10。"
    assert sorted(words(columns)) == sorted(["编织袋", "水泵", "40", "10"])
    assert parts.description == "2023年：编织袋30（37.5%），水泵10（12.5%），都算40（50.0%）。"


def test_lengths_are_to_scale(small: Form) -> None:
    """A number four times as large is drawn four times as long; nothing is drawn for 0."""
    columns, parts = report_charts(small, stock(small, **FULL), None)
    high, low = lengths(columns, "height")
    assert high == pytest.approx(4 * low, abs=0.2)
    bags, pumps, both = lengths(parts, "width")
    assert bags == pytest.approx(3 * pumps, abs=0.3)
    assert both == pytest.approx(4 * pumps, abs=0.4)
    (nothing,) = report_charts(small, stock(small, town_bags=0, village_bags=0, town_pumps=0, village_pumps=5), None)
    assert len(lengths(nothing, "height")) == 1


def test_last_year_beside_this_year(small: Form) -> None:
    """Where a chart declares it and all its numbers are known, last year is drawn lighter, with a legend."""
    columns, parts = report_charts(small, stock(small, **FULL), stock(small, 2022, **FULL | {"town_bags": 5}))
    assert columns.description == "2023年：编织袋40，水泵10。2022年：编织袋15，水泵10。"
    assert {"2022年", "2023年", "15"} <= set(words(columns))
    assert len({box.get("fill") for box in drawn(columns).iter(f"{SVG}rect")}) == 2
    assert "2022" not in parts.description
    (partly, _) = report_charts(small, stock(small, **FULL), stock(small, 2022, town_bags=5))
    assert partly.description == "2023年：编织袋40，水泵10。"


def test_what_is_not_known_is_said(small: Form) -> None:
    """A number nobody gave is neither 0 nor left out."""
    (columns, _) = report_charts(small, stock(small, town_bags=7, village_bags=1), None)
    assert columns.description == "2023年：编织袋8，水泵不详。"
    assert "不详" in words(columns)


def test_small_shares(small: Form) -> None:
    """A share too small for a decimal is not called 0.0%."""
    _, parts = report_charts(small, stock(small, **FULL | {"town_bags": 90_000, "town_pumps": 1}), None)
    assert "水泵1（不足0.1%）" in parts.description


def test_charts_of_nothing_are_left_out(form: Form, small: Form) -> None:
    """A zero report, and one without figures, has no charts."""
    assert report_charts(small, stock(small), stock(small, 2022, **FULL)) == ()
    zeros = all_zero(form, *(table.id for table in form.tables))
    assert report_charts(form, Filing(form.id, Unit("甲局"), 2024, zeros), None) == ()
    yanchi = load_sample("yanchi-2021")
    assert report_charts(form, yanchi.filing, yanchi.prior) == ()


def test_the_edition_has_charts(form: Form) -> None:
    """A unit's report shows its requests by outcome, by applicant and against last year; units are not ranked in it."""
    sample = load_sample("mistakes")
    charts = report_charts(form, sample.filing, sample.prior)
    assert [chart.title for chart in charts] == [c.title for c in form.charts if c.bars][: len(charts)]
    assert {chart.section for chart in charts} <= {section.id for section in form.sections}
    assert "2023年：" in charts[0].description
    whole = report_charts(form, load_sample("suqian-2024").filing, None)
    assert len(whole) == len([chart for chart in form.charts if chart.bars])


@pytest.mark.parametrize("seed", range(5))
def test_pictures_need_no_style_and_stay_in_their_box(form: Form, seed: int) -> None:
    """SVG that any page takes: no style, script or link; every box inside the picture, whatever the numbers."""
    for chart in report_charts(form, random_filing(form, seed), random_filing(form, seed + 50)):
        root = drawn(chart)
        _, _, wide, high = map(float, root.get("viewBox", "").split())
        assert root.get("role") == "img"
        assert (root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")) == (chart.title, chart.description)
        assert not re.search(r"style|script|href|class=", chart.svg + chart.narrow_svg)
        for box in root.iter(f"{SVG}rect"):
            x, y, width, height = (float(box.get(side, "nan")) for side in ("x", "y", "width", "height"))
            assert 0 <= x <= x + width <= wide
            assert 0 <= y <= y + height <= high
        assert all(0 <= float(line.get("y", "nan")) <= high for line in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("seed", range(3))
def test_the_picture_for_a_telephone_says_the_same(form: Form, seed: int) -> None:
    """Narrower, with letters as large: every word of the other picture, every box inside it."""
    for chart in report_charts(form, random_filing(form, seed), random_filing(form, seed + 50)):
        narrow = ElementTree.fromstring(chart.narrow_svg)
        wide_words, narrow_words = (
            "".join(sorted("".join(e.text or "" for e in root.iter(f"{SVG}text")))) for root in (drawn(chart), narrow)
        )
        assert narrow_words == wide_words
        _, _, wide, _ = map(float, narrow.get("viewBox", "").split())
        assert wide < 360
        assert narrow.get("font-size") == drawn(chart).get("font-size")
        for box in narrow.iter(f"{SVG}rect"):
            assert (
                0 <= float(box.get("x", "nan")) <= float(box.get("x", "nan")) + float(box.get("width", "nan")) <= wide
            )


def test_labels_are_escaped() -> None:
    """Signs of XML in a label do not break the picture."""
    form = parse_form(CHARTED.replace("{编织袋: s.town.bags + s.village.bags,", '{"<a>&b": s.town.bags,'))
    (columns, _) = report_charts(form, stock(form, town_bags=7, town_pumps=1, village_pumps=1), None)
    assert "<a>&b" in "".join(words(columns))


# --- in the report ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def view(form: Form) -> ReportView:
    sample = load_sample("mistakes")
    return build_view(form, sample.filing, charts=report_charts(form, sample.filing, sample.prior))


def test_a_picture_is_a_png_with_the_numbers_drawn(view: ReportView) -> None:
    """As wide as the text at 200 pixels to the inch, and the same every time."""
    picture = chart_picture(view.charts[0].svg)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == pytest.approx(156 / 25.4 * 200, abs=2)
    assert chart_picture(view.charts[0].svg) == picture


def test_charts_in_the_pdf(view: ReportView) -> None:
    """Behind their section, with caption and alternative text; labels can be read as text."""
    data = write_pdf(view).data
    said = text(data)
    for number, chart in enumerate(view.charts, start=1):
        assert bare(f"图{number}　{chart.title}") in said
    heading = view.sections[3].heading
    first, second = (said.index(bare(chart.title)) for chart in view.charts[1:3])
    assert first < said.index(bare(heading)) < second
    with pdfplumber.open(io.BytesIO(data)) as opened_pdf:
        tree = [str(page.structure_tree) for page in opened_pdf.pages]
    assert all(any(chart.spoken in page for page in tree) for chart in view.charts)


def test_charts_in_word(form: Form, view: ReportView) -> None:
    """A picture for every chart, behind its section, numbered, captioned and described; else the same report."""
    document = opened(word_of(form, view))
    pictures = document.inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in pictures] == [chart.spoken for chart in view.charts]
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    captions = [paragraphs.index(f"图{number}　{chart.title}") for number, chart in enumerate(view.charts, start=1)]
    heading = paragraphs.index(view.sections[3].heading)
    assert captions[0] < captions[1] < heading < captions[2]
    assert {shape.width for shape in pictures} == {8844 * 635}
    without = [p.text for p in opened(word_of(form, replace(view, charts=()))).paragraphs]
    assert [t for t in paragraphs if t and not t.startswith("图")] == [t for t in without if t]


def test_without_charts_word_is_as_ever(form: Form) -> None:
    """A report without charts has no pictures, no further parts."""
    filing = load_sample("mistakes").filing
    data = word_of(form, build_view(form, filing, True))
    assert data == write_word(form, filing, True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if "media" in name]


def test_an_offices_own_picture_stays(form: Form, view: ReportView, tmp_path: Path) -> None:
    """A style file with a picture in its header keeps it beside the charts."""
    assert form.folder is not None
    styled = docx.Document(str(form.folder / "report.docx"))
    badge = tmp_path / "badge.png"
    badge.write_bytes(chart_picture(view.charts[0].svg))
    styled.sections[0].header.paragraphs[0].add_run().add_picture(str(badge))
    styled.save(str(tmp_path / "report.docx"))
    with zipfile.ZipFile(io.BytesIO(word_of(replace(form, folder=tmp_path), view))) as archive:
        names = archive.namelist()
        assert archive.read("[Content_Types].xml").count(b'Extension="png"') == 1
    assert len(names) == len(set(names))
    assert len([name for name in names if name.startswith("word/media/")]) == len(view.charts) + 1


def test_microsofts_validator_accepts_the_pictures(
    form: Form, view: ReportView, tmp_path: Path, validator: Validator
) -> None:
    """A report with charts, and a draft of it, is valid after Microsoft's Open XML SDK."""
    paths = [tmp_path / "charts.docx", tmp_path / "draft.docx"]
    paths[0].write_bytes(word_of(form, view))
    paths[1].write_bytes(word_of(form, replace(view, draft=True)))
    assert validator.problems(paths) == {path: [] for path in paths}

"""xltool.report.pdf: everything the view says, read back from the PDF; the page after GB/T 9704; nothing as markup."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
import typst

from tests.pdf_story import Page, bare, pages, text
from tests.test_report_view import SMALL_FORM
from tests.test_word import random_filing
from xltool.definition import parse_form
from xltool.errors import DefinitionError, NotWritten
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.grid import GridCell
from xltool.report import pdf as pdf_module
from xltool.report.charts import report_charts
from xltool.report.outline import Paragraph
from xltool.report.pdf import write_pdf
from xltool.report.pdf_fonts import choose_fonts
from xltool.report.view import DRAFT_NOTICE, ReportView, TableView, build_view
from xltool.report.word_styles import CHARACTER
from xltool.samples import SAMPLE_NAMES, load_sample

_NOT_PRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
MILLIMETRE = 72 / 25.4
SPECIAL = r"#panic() $x^2$ *粗* _斜_ <标> @引 `码` \u{41} = 题 - 项 // 注 ~ --- “a” [b] {c}"


def printed(view: ReportView) -> list[str]:
    """What the pages say outside the tables, piece by piece in their order."""
    blocks = [block for section in view.sections for block in (section.heading, *section.blocks)]
    pieces = [*view.title_lines, *(p.whole for p in view.foreword)]
    pieces += [b.whole if isinstance(b, Paragraph) else b for b in blocks if not isinstance(b, TableView)]
    pieces += [view.signature.unit, view.signature.date]
    return [bare(_NOT_PRINTABLE.sub("", piece)) for piece in pieces]


def table_rows(table: TableView) -> tuple[tuple[str | None, ...], ...]:
    """The table as the page shows it: the text of a cell at its first place, None in the rest of it."""
    rows: list[list[str | None]] = [[None] * table.grid.columns for _ in range(table.grid.rows)]
    for cell in table.grid.cells:
        rows[cell.row][cell.column] = bare(_cell_text(table, cell))
    return tuple(map(tuple, rows))


def _cell_text(table: TableView, cell: GridCell) -> str:
    if cell.figure is not None:
        return table.values[cell.figure]
    return cell.label.printed if cell.label is not None else ""


def tables(view: ReportView) -> list[TableView]:
    return [block for section in view.sections for block in section.blocks if isinstance(block, TableView)]


def assert_says_all(view: ReportView, read: tuple[Page, ...]) -> None:
    """Every paragraph in its order, every table cell in its place."""
    rest = "".join(page.text for page in read)
    for piece in printed(view):
        assert piece in rest, piece
        rest = rest[rest.index(piece) + len(piece) :]
    assert [table for page in read for table in page.tables] == [table_rows(table) for table in tables(view)]


def view_of(name: str, charts: bool = False) -> ReportView:
    sample = load_sample(name)
    drawn = report_charts(sample.form, sample.filing, sample.prior) if charts else ()
    return build_view(sample.form, sample.filing, sample.is_draft, charts=drawn)


def saying(form: Form, words: str) -> ReportView:
    """A report of which the last part says ``words``."""
    part = form.sections[-1].parts[-1].id
    return build_view(form, Filing(form.id, Unit("宁安区教育局"), 2024, texts={part: words, "cover.date": "2025-1-9"}))


@pytest.fixture
def fresh() -> Iterator[None]:
    """Fonts looked for anew, before and after."""
    pdf_module._typesetting.cache_clear()
    yield
    pdf_module._typesetting.cache_clear()


# --- what it says -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_samples_are_read_back_whole(name: str) -> None:
    """Every figure of every table and every paragraph of the three samples stands in the PDF."""
    view = view_of(name)
    assert_says_all(view, pages(write_pdf(view).data))


@pytest.mark.parametrize("seed", range(6))
def test_random_reports_are_read_back_whole(form: Form, seed: int) -> None:
    """Blanks, long numbers, texts of every level, control characters: all that can be printed is."""
    view = build_view(form, random_filing(form, seed), draft=bool(seed % 2))
    assert_says_all(view, pages(write_pdf(view).data))


def test_another_form() -> None:
    """A made-up form is set with the same layout."""
    small = parse_form(SMALL_FORM)
    view = build_view(small, Filing(small.id, Unit("甲镇"), 2023))
    assert_says_all(view, pages(write_pdf(view).data))


def test_texts_are_never_markup(form: Form) -> None:
    """Signs that mean something to typst are printed as they are, in every place that takes a text."""
    said = build_view(
        form,
        Filing(
            form.id,
            Unit(f"局{SPECIAL}"),
            2024,
            texts={**{part.id: SPECIAL for s in form.sections for part in s.parts}, "cover.date": SPECIAL},
        ),
    )
    read = text(write_pdf(said).data)
    assert read.count(bare(SPECIAL)) >= sum(len(section.parts) for section in form.sections) + 2


def test_rare_characters_come_from_another_font(form: Form) -> None:
    """What the font of the text lacks is taken from another one: nothing is dropped, in text or headings."""
    read = text(write_pdf(saying(form, "（一）镕堃喆同志。镕、堃、喆、𠮷四字俱在。\n（二）堃镕喆")).data)
    assert "（一）镕堃喆同志。镕、堃、喆、𠮷四字俱在。（二）堃镕喆" in read


def test_what_no_font_has_is_named(form: Form) -> None:
    """A character that no font has does not stop the report; it is named beside the fonts that stood in."""
    written = write_pdf(saying(form, "甲\U000c0000乙，丙\U000c0001丁。"))
    assert written.stand_ins[-1].startswith("没有字体能显示：")
    assert all(
        char in written.stand_ins[-1] or f"\\u{{{ord(char):x}}}" in written.stand_ins[-1]
        for char in "\U000c0000\U000c0001"
    )
    assert "乙，丙" in text(written.data)


def test_long_words_stay_on_the_page(form: Form) -> None:
    """An address breaks at its signs and a number without end anywhere; copied from the PDF, they are whole."""
    address = "https://www.example.com/public/2024/annual/report/index.html?id=20240101&unit=ningan"
    data = write_pdf(saying(form, f"网址：{address}，编号{'7' * 120}。")).data
    assert address in text(data)
    assert "7" * 120 in text(data)
    with pdfplumber.open(_stream(data)) as opened:
        right = max(c["x1"] for page in opened.pages for c in page.chars if c["text"].isascii() and c["text"].strip())
    assert right <= (210 - 26) * MILLIMETRE + 0.5


# --- the page ---------------------------------------------------------------------------------------------


def test_page_after_gbt_9704(form: Form) -> None:
    """A4, text within the official margins, full pages of 22 lines of 28 characters, 28.95 points apart."""
    data = write_pdf(saying(form, "全" * 28 * 60)).data
    with pdfplumber.open(_stream(data)) as opened:
        assert {(round(page.width / MILLIMETRE), round(page.height / MILLIMETRE)) for page in opened.pages} == {
            (210, 297)
        }
        bodies = [[c for c in page.chars if abs(c["size"] - 16) < 0.1] for page in opened.pages]
    chars = next(body for body in bodies if {c["text"] for c in body} == {"全"})
    tops = sorted({round(c["top"], 1) for c in chars})
    assert len(tops) == 22
    assert {round(below - above, 1) for above, below in pairwise(tops)} <= {28.9, 29.0}
    assert {sum(round(c["top"], 1) == top for c in chars) for top in tops} == {28}
    assert min(c["x0"] for c in chars) == pytest.approx(28 * MILLIMETRE, abs=0.5)
    assert max(c["x1"] for c in chars) == pytest.approx((210 - 26) * MILLIMETRE, abs=0.5)
    assert tops[0] >= 37 * MILLIMETRE - 1
    assert max(c["bottom"] for c in chars) <= (297 - 35) * MILLIMETRE + 1


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_every_page_has_its_number(name: str) -> None:
    """— 1 — one character in: odd pages at the right, even pages at the left."""
    read = pages(write_pdf(view_of(name)).data)
    for number, page in enumerate(read, start=1):
        words, left, right = page.edge[-1]
        assert words == f"—{number}—"
        if number % 2:
            assert right == pytest.approx((210 - 26) * MILLIMETRE - CHARACTER / 20, abs=0.1)
        else:
            assert left == pytest.approx(28 * MILLIMETRE + CHARACTER / 20, abs=0.1)


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_tables_stand_whole_on_a_page(name: str) -> None:
    """No table of a report is broken, the longest one, with its heading, begins and fills a page of its own."""
    view = view_of(name)
    read = pages(write_pdf(view).data)
    longest = max(tables(view), key=lambda table: table.grid.rows)
    heading = next(section.heading for section in view.sections if longest in section.blocks)
    (page,) = [page for page in read if table_rows(longest) in page.tables]
    assert page.text.startswith(bare(heading))
    assert len(read) == {"yanchi-2021": 5, "suqian-2024": 5, "mistakes": 6}[name]


def test_a_long_table_repeats_its_header_and_splits_no_row() -> None:
    """A table longer than a page goes on, under its header, on the next one."""
    name = "第{}号仓库存放的各类防汛救灾应急物资和装备"
    rows = ", ".join(f"r{number}: {name.format(number)}" for number in range(60))
    form = parse_form(SMALL_FORM.replace("village: 村级", f"village: 村级, {rows}"))
    read = pages(write_pdf(build_view(form, Filing(form.id, Unit("甲镇"), 2023))).data)
    parts = [table for page in read for table in page.tables]
    assert len(parts) > 1
    assert len({part[0] for part in parts}) == 1
    assert [row[0] for part in parts for row in part[1:]][2:] == [name.format(n) for n in range(60)]


@pytest.mark.parametrize("count", range(14, 22))
def test_the_signature_never_stands_alone(form: Form, count: int) -> None:
    """However the text fills the pages, the page with the signature has a line of it, and the date is with the unit."""
    ends = "结束语" * 20
    read = pages(write_pdf(saying(form, "短句。\n" * count + ends)).data)
    last = read[-1].text
    assert re.search(r"结束语宁安区教育局2025年1月9日$", last)


def test_a_draft_says_so_on_every_page(form: Form) -> None:
    """The notice stands at the head of every page of a draft, and on no other report."""
    view = view_of("suqian-2024")
    assert all(page.edge[0][0] == DRAFT_NOTICE for page in pages(write_pdf(replace(view, draft=True)).data))
    assert all(len(page.edge) == 1 for page in pages(write_pdf(view).data))
    assert write_pdf(saying(form, "甲。")).data != write_pdf(replace(saying(form, "甲。"), draft=True)).data


# --- the file ---------------------------------------------------------------------------------------------


def test_title_language_and_tags(form: Form) -> None:
    """Who opens it, or has it read aloud, is told title, unit and language; it is tagged after PDF/UA and PDF/A."""
    data = write_pdf(saying(form, "（一）做法。甲。")).data
    with pdfplumber.open(_stream(data)) as opened:
        assert opened.metadata["Title"] == "宁安区教育局2024年政府信息公开工作年度报告"
        assert opened.metadata["Author"] == "宁安区教育局"
        catalog = opened.doc.catalog
        roles = {element["type"] for page in opened.pages for element in _elements(page.structure_tree)}
    assert catalog["Lang"] in (b"zh-CN", "zh-CN")
    assert catalog["MarkInfo"]["Marked"] is True
    assert {"H1", "P", "Table", "TR", "TH", "TD"} <= roles
    assert b"pdfuaid" in data
    assert b"pdfaid" in data


def test_an_undated_report_claims_no_archive(form: Form) -> None:
    """PDF/A wants a date; one that nobody gave is not made up."""
    view = build_view(form, Filing(form.id, Unit("甲局"), 2024))
    data = write_pdf(view).data
    assert b"pdfuaid" in data
    assert b"pdfaid" not in data
    odd = replace(view, signature=replace(view.signature, date="2025年2月30日"))
    assert "2025年2月30日" in text(write_pdf(odd).data)


@pytest.mark.usefixtures("fresh")
def test_equal_views_give_equal_bytes() -> None:
    """Made again, after others and by a new compiler, the file is the same."""
    first = write_pdf(view_of("mistakes", charts=True))
    write_pdf(view_of("yanchi-2021"))
    assert write_pdf(view_of("mistakes", charts=True)) == first
    pdf_module._typesetting.cache_clear()
    assert write_pdf(view_of("mistakes", charts=True)) == first


def test_fonts_are_embedded() -> None:
    """Every font of the report comes along in the file."""
    with pdfplumber.open(_stream(write_pdf(view_of("suqian-2024", charts=True)).data)) as opened:
        for page in opened.pages:
            fonts: Any = page.page_obj.resources["Font"]
            for reference in fonts.values():
                descendant = reference.resolve()["DescendantFonts"][0].resolve()
                assert {"FontFile2", "FontFile3"} & set(descendant["FontDescriptor"].resolve())


# --- fonts ------------------------------------------------------------------------------------------------

OFFICIAL = ("FZXiaoBiaoSong-B05S", "FangSong_GB2312", "SimHei", "KaiTi_GB2312", "SimSun", "Times New Roman")


def test_official_fonts_need_no_stand_in() -> None:
    """Where the official fonts are there, under their Chinese or English names, nothing stands in."""
    assert choose_fonts(OFFICIAL).stand_ins == ()
    assert choose_fonts(("方正小标宋简体", "仿宋", "黑体", "楷体", "宋体", "times new roman")).stand_ins == ()
    assert choose_fonts(OFFICIAL).title_weight == 400


def test_which_font_stands_in_is_said() -> None:
    """Every official font that is missing is named with what is set in it and the one that takes its place; 小标宋's is set bold."""
    chosen = choose_fonts(("FandolFang R", "Noto Serif CJK SC", "SimHei", "Liberation Serif"))
    assert chosen.stand_ins == (
        "标题（方正小标宋简体）用 Noto Serif CJK SC",
        "正文（仿宋_GB2312）用 FandolFang R",
        "二级标题（楷体_GB2312）用 FandolFang R",
        "表格（宋体）用 Noto Serif CJK SC",
        "数字和西文（Times New Roman）用 Liberation Serif",
    )
    assert chosen.families["fang"] == ("FandolFang R", "Noto Serif CJK SC")
    assert chosen.title_weight == 700


@pytest.mark.usefixtures("fresh")
def test_a_machine_without_chinese_fonts_says_so(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """No Chinese font at all: a sentence that says what to install instead of a page of boxes."""
    monkeypatch.setattr(typst, "Fonts", functools.partial(typst.Fonts, include_system_fonts=False))
    with pytest.raises(NotWritten, match=r"没有中文字体.*请先安装仿宋"):
        write_pdf(saying(form, "甲。"))


@pytest.mark.usefixtures("fresh")
def test_fonts_of_the_edition_are_found(form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts that the office puts into the edition's folder are used, though the system has none."""
    found = next(font.path for font in typst.Fonts().fonts() if font.path and "CJK SC" in font.family)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / Path(found).name).symlink_to(found)
    monkeypatch.setattr(typst, "Fonts", functools.partial(typst.Fonts, include_system_fonts=False))
    assert "甲乙丙" in text(write_pdf(saying(form, "甲乙丙。"), tmp_path).data)


# --- an office's own layout -------------------------------------------------------------------------------


def test_an_office_restyles_its_reports(form: Form, tmp_path: Path) -> None:
    """report.typ in the edition's folder takes the place of the layout shipped."""
    shipped = pdf_module._TEMPLATE.read_text("utf-8")
    (tmp_path / "report.typ").write_text(shipped.replace('paper: "a4"', 'paper: "a5"'), "utf-8")
    with pdfplumber.open(_stream(write_pdf(saying(form, "甲。"), tmp_path).data)) as opened:
        assert round(opened.pages[0].width / MILLIMETRE) == 148


def test_a_wrong_layout_is_named(form: Form, tmp_path: Path) -> None:
    """A mistake in the office's report.typ stops the report, with the file and the line."""
    (tmp_path / "report.typ").write_text("#let a = 1\n#nothing()\n", "utf-8")
    with pytest.raises(DefinitionError, match=r"report\.typ:2: unknown variable: nothing"):
        write_pdf(saying(form, "甲。"), tmp_path)


def _stream(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


def _elements(tree: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for element in tree:
        yield element
        yield from _elements(element.get("children", []))

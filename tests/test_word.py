"""xltool.report.word: the Word report, compared with python-docx and looked at by other programs."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pdfplumber
import pytest
from docx.document import Document
from lxml import etree

from tests.bench_plain_word import plain_word
from tests.programs import pdf
from tests.programs.libreoffice import Office
from tests.programs.validator import Validator
from tests.test_report_view import SMALL_FORM
from xltool import rawzip
from xltool.definition import load_form, parse_form
from xltool.errors import DefinitionError
from xltool.figure import FigureId, Kind
from xltool.filing import Filing, Unit, from_json
from xltool.form import Form
from xltool.report import word_styles
from xltool.report.table_look import column_widths
from xltool.report.view import DRAFT_NOTICE, build_view
from xltool.report.word import write_word
from xltool.report.word_fill import fill_word
from xltool.report.word_skeleton import make_word_skeleton
from xltool.report.word_style_file import style_file

ROOT = Path(__file__).parents[1]
EDITION = ROOT / "templates/gkbg-2021"
SAMPLES = ("yanchi-2021", "suqian-2024")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def sample(name: str) -> Filing:
    return from_json((ROOT / "samples" / name / "filing.json").read_text("utf-8"))


def random_filing(form: Form, seed: int) -> Filing:
    """Blanks, zeros and numbers of every length; texts of every level, with characters XML must escape."""
    chance = random.Random(seed)
    values = {}
    for figure in form.inputs:
        if chance.random() < 0.8:
            places = figure.kind.places if figure.kind is Kind.MONEY else 0
            values[figure.id] = Decimal(chance.choice((0, 7, 123456, 98765432))).scaleb(-places)
    lines = ("一是甲。", "（一）情况。乙", "1.丙<丁>&戊", "（1）己", "（二）庚", "“辛”\t壬", "2%\x01癸\ud83d")
    texts = {
        text: "\n".join(chance.choices(lines, k=chance.randrange(4))) for text in form.text_ids if chance.random() < 0.7
    }
    return Filing(form.id, Unit("甲县A&B局"), 2024, values, texts=texts)


def opened(document: bytes) -> Document:
    return docx.Document(io.BytesIO(document))


def story(document: Document) -> list[Any]:
    """Paragraphs as (style, [(run style, text)]), tables as rows of (columns spanned, merge, text)."""
    found: list[Any] = []
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            rows = [[(tc.grid_span, tc.vMerge, _text(tc)) for tc in row._tr.tc_lst] for row in block.rows]
            found.append(rows)
        else:
            assert block.style is not None
            runs = [(run.style.name, run.text) for run in block.runs if run.text]
            found.append((block.style.name, runs))
    return found


def _text(cell: Any) -> str:
    return "".join(text.text or "" for text in cell.iter(f"{W}t"))


@pytest.mark.parametrize("seed", range(12))
def test_same_document_as_python_docx(form: Form, seed: int) -> None:
    """Every text, style and merge is what python-docx makes of the same view, paragraph by paragraph."""
    said = random_filing(form, seed) if seed >= len(SAMPLES) else sample(SAMPLES[seed])
    # What XML cannot hold is dropped by ours; python-docx refuses it, so it gets the text without.
    clean = {key: text.replace("\x01", "").replace("\ud83d", "") for key, text in said.texts.items()}
    plain = plain_word(build_view(form, replace(said, texts=clean)))
    assert story(opened(write_word(form, said))) == story(opened(plain))


def test_equal_filings_give_equal_bytes(form: Form) -> None:
    """A skeleton built again and the same filing give the same file, without a date of today."""
    view = build_view(form, sample("suqian-2024"))
    first, second = (fill_word(make_word_skeleton(form), view) for _ in range(2))
    assert first == second == write_word(form, sample("suqian-2024"))
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        assert b"dcterms" not in archive.read("docProps/core.xml")


def test_title_and_unit_are_in_the_properties(form: Form) -> None:
    """The file says whose report it is before it is opened."""
    properties = opened(write_word(form, random_filing(form, 1))).core_properties
    assert (properties.title, properties.author) == ("甲县A&B局2024年政府信息公开工作年度报告", "甲县A&B局")


def test_page_after_gbt_9704(form: Form) -> None:
    """A4, margins 37/26/35/28 mm, 22 lines of 28 characters, other page numbers on even pages."""
    section = opened(write_word(form, sample("yanchi-2021"))).sections[0]
    assert section.page_width
    assert section.page_height
    assert section.top_margin
    margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [37, 26, 35, 28]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    height = section.page_height - section.top_margin - (section.bottom_margin or 0)
    assert height // (word_styles.LINE * 635) == 22
    assert word_styles.TEXT_WIDTH // word_styles.CHARACTER == 28
    numbers = [footer.paragraphs[0] for footer in (section.footer, section.even_page_footer)]
    assert [str(number.alignment) for number in numbers] == ["RIGHT (2)", "LEFT (0)"]
    # One character in, of those that lines are counted in: not one of the page number's own size.
    indents = [dict(number._p.find(f"{W}pPr/{W}ind").attrib) for number in numbers]
    assert indents == [{f"{W}right": str(word_styles.CHARACTER)}, {f"{W}left": str(word_styles.CHARACTER)}]


def test_columns_keep_the_official_proportions(form: Form) -> None:
    """Widths are scaled to the text width and add up to it exactly."""
    for table in (t for t in form.tables if t.printed):
        widths = column_widths(table)
        assert sum(widths) == word_styles.TEXT_WIDTH
        scale = word_styles.TEXT_WIDTH / sum(table.widths)
        pairs = zip(widths, table.widths, strict=True)
        assert all(abs(width - official * scale) <= 1 for width, official in pairs)


def test_headers_repeat_and_rows_hold_together(form: Form) -> None:
    """In every table the header rows repeat on a new page and no row is split across pages."""
    tables = opened(write_word(form, sample("yanchi-2021"))).tables
    repeated = [len(table._tbl.findall(f".//{W}tblHeader")) for table in tables]
    assert repeated == [0, 3, 3]
    assert all(len(table._tbl.findall(f".//{W}cantSplit")) == len(table.rows) for table in tables)


@pytest.mark.parametrize(
    ("unit", "date", "indents"),
    [
        # the date starts two characters to the right of the unit
        ("盐池县机关事务服务中心", "2022年1月15日", [200, 325]),
        # a long date stands two characters in, the unit moves left
        ("某局", "2022年1月15日", [975, 200]),
        ("盐池县机关事务服务中心", "", [200]),
        # a unit in two lines, the second of which counts
        ("新疆维吾尔自治区伊犁哈萨克自治州\n察布查尔锡伯自治县退役军人事务局", "2022年1月15日", [200, 825]),
    ],
)
def test_signature(form: Form, unit: str, date: str, indents: list[int]) -> None:
    """Signed without a seal, after GB/T 9704 7.3.5.2; without a date only the unit."""
    said = Filing(form.id, Unit(unit.replace("\n", "")), 2021, texts={"cover.date": date})
    signed = [
        (p.text, int(p._p.xpath("./w:pPr/w:ind/@w:rightChars")[0]))
        for p in opened(write_word(form, said)).paragraphs
        if p.style is not None and p.style.name == word_styles.SIGNATURE
    ]
    assert signed == list(zip([text for text in (unit, date) if text], indents, strict=True))


def test_the_signature_is_not_alone_on_a_page(form: Form) -> None:
    """The last paragraph keeps with the unit's name, and that with the date."""
    said = Filing(form.id, Unit("某局"), 2021, texts={"cover.date": "2022年1月5日"})
    last = opened(write_word(form, said)).paragraphs[-3:]
    assert [bool(p._p.xpath("./w:pPr/w:keepNext")) for p in last] == [True, True, False]


def test_a_draft_says_so_on_every_page(form: Form) -> None:
    """Odd and even pages carry the notice and a watermark; a report to be published carries neither."""
    for draft in (True, False):
        section = opened(write_word(form, sample("suqian-2024"), draft)).sections[0]
        headers = [section.header, section.even_page_header]
        texts = [[p.text for p in header.paragraphs] for header in headers]
        assert texts == [[DRAFT_NOTICE if draft else ""]] * 2
        assert [b"textpath" in etree.tostring(header._element) for header in headers] == [draft] * 2


def test_figures_are_not_turned_round(form: Form) -> None:
    """A mark of direction, which nobody sees and which has 12 read as 21, is in no Word file either."""
    said = Filing(
        form.id, Unit("甲\u200e局"), 2024, texts={"s6.other": "收取\u202e12\u202c元，\u206734\u2069元\u200f56\u061c。"}
    )
    document = opened(write_word(form, said))
    assert "收取12元，34元56。" in [p.text for p in document.paragraphs]
    assert document.core_properties.author == "甲局"


def test_an_office_restyles_its_reports(tmp_path: Path) -> None:
    """Styles, page and colours come from the edition's report.docx as the office left it."""
    restyled = docx.Document(str(EDITION / "report.docx"))
    restyled.styles["Title"].font.name = "华文中宋"
    restyled.styles[word_styles.TABLE_HEADING].element.find(f".//{W}shd").set(f"{W}fill", "EEECE1")
    restyled.sections[0].header.paragraphs[0].text = "宁安区"
    restyled.save(str(tmp_path / "report.docx"))
    (tmp_path / "form.yaml").write_bytes((EDITION / "form.yaml").read_bytes())
    form = load_form(tmp_path)
    document = opened(write_word(form, sample("suqian-2024")))
    assert document.styles["Title"].font.name == "华文中宋"
    fills = {cell.get(f"{W}fill") for cell in document.tables[0]._tbl.iter(f"{W}shd")}
    assert fills == {"EEECE1"}
    assert document.sections[0].header.paragraphs[0].text == "宁安区"
    draft = opened(write_word(form, sample("suqian-2024"), draft=True)).sections[0]
    assert [p.text for p in draft.header.paragraphs] == ["宁安区", DRAFT_NOTICE]


def test_a_missing_style_is_named(tmp_path: Path) -> None:
    """A style that was deleted or renamed stops the report, with the file and the style's name."""
    damaged = docx.Document(str(EDITION / "report.docx"))
    damaged.styles[word_styles.SIGNATURE].delete()
    damaged.save(str(tmp_path / "report.docx"))
    (tmp_path / "form.yaml").write_bytes((EDITION / "form.yaml").read_bytes())
    with pytest.raises(DefinitionError, match=r"report\.docx.*“报告落款”"):
        make_word_skeleton(load_form(tmp_path))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", rawzip.write([("a.txt", b"a")])])
def test_a_damaged_style_file_is_named(tmp_path: Path, content: bytes) -> None:
    """What is no Word file stops the report with the file's name."""
    (tmp_path / "report.docx").write_bytes(content)
    (tmp_path / "form.yaml").write_bytes((EDITION / "form.yaml").read_bytes())
    with pytest.raises(DefinitionError, match=r"report\.docx.*不是 Word 文件"):
        make_word_skeleton(load_form(tmp_path))


def test_the_shipped_style_file_is_the_generated_one() -> None:
    """templates/gkbg-2021/report.docx regenerates without a difference."""
    assert (EDITION / "report.docx").read_bytes() == style_file()


def test_another_form() -> None:
    """A made-up form without a style file of its own is set with the shipped one."""
    small = parse_form(SMALL_FORM)
    said = Filing(small.id, Unit("甲镇"), 2023, {FigureId("s", "town", "bags"): Decimal(7)})
    document = opened(write_word(small, said))
    texts = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert texts == [["物资", "编织袋", "水泵", "合计"], ["镇级", "7", "", ""], ["村级", "", "", ""]]


@pytest.fixture(scope="module")
def files(form: Form, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports as files: the samples, a draft, one of random content, and the style file."""
    folder = tmp_path_factory.mktemp("word")
    contents = {name: write_word(form, sample(name)) for name in SAMPLES}
    contents["draft"] = write_word(form, sample("suqian-2024"), draft=True)
    contents["random"] = write_word(form, random_filing(form, 5))
    contents["styles"] = style_file()
    for name, content in contents.items():
        (folder / f"{name}.docx").write_bytes(content)
    return {name: folder / f"{name}.docx" for name in contents}


def test_microsofts_validator_has_nothing_to_say(files: dict[str, Path], validator: Validator) -> None:
    """Every generated file is valid after Microsoft's Open XML SDK."""
    assert validator.problems(files.values()) == {path: [] for path in files.values()}


def test_pages(files: dict[str, Path], office: Office, tmp_path: Path) -> None:
    """As printed: table 3 with its heading on one page, numbers — 1 —, the notice on every draft page."""
    pages = pdf.text(office.to_pdf(files["draft"], tmp_path / "draft.pdf")).split("\f")[:-1]
    (table,) = [page for page in pages if "一、本年新收政府信息公开申请数量" in page]
    assert "三、收到和处理政府信息公开申请情况" in table
    assert "四、结转下年度继续办理" in table
    assert "3440" in table
    numbers = [page.replace(" ", "").split("\n")[-2:] for page in pages]
    assert all(f"—{number}—" in lines for number, lines in enumerate(numbers, 1))
    assert all(DRAFT_NOTICE in page for page in pages)


def test_full_pages_have_22_lines_of_28_characters(form: Form, office: Office, tmp_path: Path) -> None:
    """As printed after GB/T 9704, from margin to margin: no page is cut short to keep lines of a paragraph together."""
    part = form.sections[-1].parts[-1].id
    said = Filing(form.id, Unit("甲局"), 2024, texts={part: "全" * 28 * 90})
    (tmp_path / "full.docx").write_bytes(write_word(form, said))
    with pdfplumber.open(office.to_pdf(tmp_path / "full.docx", tmp_path / "full.pdf")) as printed:
        bodies = [[c for c in page.chars if abs(c["size"] - 16) < 0.1] for page in printed.pages]
    full = [body for body in bodies if {c["text"] for c in body} == {"全"}][1:-1]
    assert full
    for body in full:
        lines = Counter(round(c["top"]) for c in body)
        assert list(lines.values()) == [28] * 22
        assert min(c["x0"] for c in body) == pytest.approx(28 / 25.4 * 72, abs=1)
        assert max(c["x1"] for c in body) == pytest.approx((210 - 26) / 25.4 * 72, abs=2)

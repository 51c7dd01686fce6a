"""PDF pages: tables from lines or from columns of words, across pages; paragraphs without page numbers."""

from __future__ import annotations

import pytest
import typst

from tests.documents.shown import lines, shown, tables, texts
from xltool.documents import DocTable, Document, Text, read_document
from xltool.documents.model import Cell
from xltool.documents.pdf.assembly import blocks_of
from xltool.documents.pdf.continued import Part, agree, stitched
from xltool.documents.pdf.marks import Char, Page, Stroke
from xltool.errors import FileRefused

FONTS = 'font: ("Noto Serif CJK SC", "Noto Sans CJK SC", "Songti SC", "SimSun")'


def pdf(body: str, page: str = "height: 297mm") -> bytes:
    """The pages that Typst makes of ``body``."""
    source = f'#set page(width: 210mm, {page}, margin: 25mm)\n#set text({FONTS}, size: 11pt, lang: "zh")\n{body}'
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def read(body: str, page: str = "height: 297mm") -> Document:
    return read_document(pdf(body, page))


HEAD = "table.cell(rowspan: 2, colspan: 2)[项目], table.cell(colspan: 2)[申请人情况], [自然人], [总计],"
ROWS = "table.cell(rowspan: 2)[办理], [公开], [12], [12], [不予公开], [0], [],"
TABLE = lines("""
    项目 [2x2] | 申请人情况 [1x2]
    自然人 | 总计
    办理 [2x1] | 公开 | 12 | 12
    不予公开 | 0 |
""")


def test_ruled_tables() -> None:
    """Where lines are drawn, cells and spans are exact, whatever stands in them."""
    assert [shown(table) for table in tables(read(f"#table(columns: 4, {HEAD}{ROWS})"))] == [TABLE]


def test_sides_left_open() -> None:
    """Reports often leave out the outer lines at the left and the right."""
    stroke = "stroke: (x, y) => (top: 0.5pt, bottom: 0.5pt, left: if x > 0 { 0.5pt })"
    assert [shown(table) for table in tables(read(f"#table(columns: 4, {stroke}, {HEAD}{ROWS})"))] == [TABLE]


def test_text_wrapped_in_cells() -> None:
    """Lines that the cell's width broke are put together, a line that ended by itself is kept apart."""
    label = "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    document = read(f"#table(columns: (4cm, 1cm, 2cm), [{label}], [自 \\ 然 \\ 人], [甲 \\ 乙丙丁戊])")
    assert shown(tables(document)[0]) == f"{label} | 自然人 | 甲/乙丙丁戊"


def test_text_on_its_side() -> None:
    """A label turned by a quarter, up or down, is read in its direction."""
    turned = "#rotate({}deg, reflow: true)[办理结果]"
    cells = f"[{turned.format(90)}], [{turned.format(-90)}], [3]"
    assert shown(tables(read(f"#table(columns: 3, {cells})"))[0]) == "办理结果 | 办理结果 | 3"


def test_a_table_cut_by_a_page_end() -> None:
    """One table, its head printed once more left out, the group at its left in one piece; no page number in it."""
    rows = "".join(f"[第{n}项], [{n}]," for n in range(1, 41))
    body = f"一、情况\n\n#table(columns: (2cm, 5cm, 3cm), table.header[分组][项目][件数], table.cell(rowspan: 40)[甲], {rows})"
    document = read(body, 'height: 200mm, numbering: "— 1 —"')
    (table,) = tables(document)
    assert table.place == "第1—2页"
    assert shown(table).splitlines()[:3] == ["分组 | 项目 | 件数", "甲 [40x1] | 第1项 | 1", "第2项 | 2"]
    assert [cell.text for cell in table.cells if cell.column == 2][1:] == [str(n) for n in range(1, 41)]
    assert texts(document) == ["一、情况"]


@pytest.mark.parametrize("stroke", ["none", "(x, y) => if y < 2 or y == 4 { (top: 0.5pt) }"])
def test_unruled_tables(stroke: str) -> None:
    """Without lines, or with three of them, columns and rows are found where the words stand."""
    rows = "[1.公开], [12], [0], [12], [2.不予公开], [0], [3], [3], [合计], [12], [3], [15],"
    document = read(
        f"二、情况\n\n#table(columns: (6cm, 3cm, 3cm, 3cm), stroke: {stroke}, [项目], [自然人], [企业], [总计], {rows})\n三、其他"
    )
    assert [shown(table) for table in tables(document)] == [lines("""
        项目 | 自然人 | 企业 | 总计
        1.公开 | 12 | 0 | 12
        2.不予公开 | 0 | 3 | 3
        合计 | 12 | 3 | 15
    """)]  # fmt: skip
    assert texts(document) == ["二、情况", "三、其他"]


def test_labels_of_several_lines_without_rulings() -> None:
    """The figures stand beside the middle of a long label; heads between the rows stay heads."""
    label = "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请的"
    rows = f"[{label}], [7], [8], [2.重复申请], [0], [9], [信息内容], [制发], [废止], [规章], [1], [2],"
    document = read(f"#table(columns: (4cm, 3cm, 3cm), stroke: none, align: horizon, [项目], [自然人], [总计], {rows})")
    assert [shown(table) for table in tables(document)] == [lines(f"""
        项目 | 自然人 | 总计
        {label} | 7 | 8
        2.重复申请 | 0 | 9
        信息内容 | 制发 | 废止
        规章 | 1 | 2
    """)]  # fmt: skip


def test_paragraphs_across_lines_and_pages() -> None:
    """Lines of one paragraph are one, also across a page end; the next starts with its indent. Numbers of pages go."""
    long = "今年以来我局认真贯彻落实条例推进公开工作规范有序健康发展" * 8
    body = (
        f"#set par(first-line-indent: (amount: 2em, all: true), justify: true)\n一、总体\n\n{long}。\n\n{long}！\n\n完"
    )
    document = read(body, 'height: 110mm, numbering: "1/1"')
    assert texts(document) == ["一、总体", f"{long}。", f"{long}！", "完"]
    assert [block.place for block in document.blocks] == ["第1页", "第1页", "第1页", "第2页"]


def test_running_heads_go_and_figures_at_the_edge_stay() -> None:
    """What each page says in the same words is left out; rows of figures near the edge are no page numbers."""
    pages = [
        drawn(word("某局年度报告", 100, 30) + word("正文" + "甲乙丙丁"[n], 100, 300) + word("1", 100, 740) + word("2", 300, 740)
              + word("3", 500, 740) + word("4", 100, 765) + word("5", 300, 765) + word("6", 500, 765), [], [], n + 1)
        for n in range(4)
    ]  # fmt: skip
    blocks, heads = blocks_of(pages)
    assert heads == ("某局年度报告",)
    assert [block.text for block in blocks if isinstance(block, Text)] == ["正文甲", "正文乙", "正文丙", "正文丁"]
    assert [shown(block) for block in blocks if isinstance(block, DocTable)] == ["1 | 2 | 3\n4 | 5 | 6"] * 4


def test_a_scan_is_said_to_be_one() -> None:
    """Pages that are pictures, or say nothing, are refused; one among others is noted."""
    picture = '#place(top + left, dx: -25mm, dy: -25mm, image(bytes("<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"9\\" height=\\"9\\"><rect width=\\"9\\" height=\\"9\\"/></svg>"), width: 210mm, height: 297mm))'
    with pytest.raises(FileRefused, match="扫描件"):
        read_document(pdf(picture))


# --- pages made of marks, for what no program writes on demand -----------------------------------------------


def char(text: str, x: float, y: float, size: float = 10.0) -> Char:
    return Char(text, x, x + size, y, y + size, 0)


def word(text: str, x: float, y: float) -> list[Char]:
    return [char(letter, x + 10 * n, y) for n, letter in enumerate(text)]


def drawn(chars: list[Char], across: list[Stroke], down: list[Stroke], number: int = 1) -> Page:
    return Page(number, 600, 800, tuple(chars), tuple(across), tuple(down), 0.0, 0)


def test_dotted_and_doubled_lines_are_lines() -> None:
    """A line in dots, a line drawn twice, lines that miss each other by a hair."""
    dots = [Stroke(100, x, x + 2) for x in range(100, 300, 4)]
    across = [*dots, Stroke(130, 100, 300), Stroke(131.5, 99, 301), Stroke(160, 101, 298)]
    down = [Stroke(100, 101, 159), Stroke(200, 98, 162), Stroke(301, 100, 160)]
    chars = word("规章", 110, 110) + word("3", 210, 110) + word("许可", 110, 140)
    (table,) = blocks_of([drawn(chars, across, down)])[0]
    assert shown(table) == "规章 | 3\n许可 |"  # type: ignore[arg-type]


def test_a_frame_around_the_page_is_no_table() -> None:
    """Nor are lines under words."""
    across = [Stroke(50, 50, 550), Stroke(750, 50, 550), Stroke(121, 100, 180)]
    down = [Stroke(50, 50, 750), Stroke(550, 50, 750)]
    blocks, _ = blocks_of([drawn(word("一、总体情况", 100, 110), across, down)])
    assert [block.place for block in blocks] == ["第1页"]
    assert not [block for block in blocks if hasattr(block, "cells")]


def test_charts_are_no_tables() -> None:
    """Bars and axes are drawn like the lines of a table."""
    down = [Stroke(100 + 40 * n, 100 + 30 * n, 300) for n in range(8)]
    across = [Stroke(300, 90, 500), *(Stroke(100 + 30 * n, 100 + 40 * n, 140 + 40 * n) for n in range(7))]
    blocks, _ = blocks_of([drawn(word("12", 105, 150) + word("申请", 100, 320), across, down)])
    assert [block for block in blocks if hasattr(block, "cells")] == []


def test_a_row_cut_in_two() -> None:
    """The rest of a label on the next page belongs to the row whose figures stand on the page before."""
    xs = (0.0, 50.0, 100.0)
    upper = Part(xs, (Cell("1.公开", 0, 0), Cell("5", 0, 1), Cell("2.其他法律", 1, 0), Cell("6", 1, 1)), (1,))
    lower = Part(xs, (Cell("法规禁止", 0, 0), Cell("", 0, 1), Cell("3.其他", 1, 0), Cell("7", 1, 1)), (2,))
    whole = stitched(upper, lower)
    assert [(cell.row, cell.text) for cell in whole.cells if cell.column == 0] == [
        (0, "1.公开"), (1, "2.其他法律法规禁止"), (2, "3.其他"),
    ]  # fmt: skip


def test_blank_rows_are_not_the_rest_of_a_row() -> None:
    """A numbered label whose figures are blank is a row of its own."""
    xs = (0.0, 50.0, 100.0)
    upper = Part(xs, (Cell("1.公开", 0, 0), Cell("5", 0, 1)), (1,))
    lower = Part(xs, (Cell("2.其他", 0, 0), Cell("", 0, 1)), (2,))
    assert [cell.text for cell in stitched(upper, lower).cells] == ["1.公开", "5", "2.其他", ""]


def test_tables_of_other_columns_are_other_tables() -> None:
    """Only the next page, the same sides and the same borders between go on a table."""
    upper = Part((0.0, 50.0, 100.0), (Cell("a", 0, 0),), (1,))
    assert agree(upper, Part((1.0, 51.0, 99.0), (), (2,)))
    assert agree(upper, Part((1.0, 25.0, 51.0, 99.0), (), (2,)))
    assert not agree(upper, Part((0.0, 40.0, 100.0), (), (2,)))
    assert not agree(upper, Part((0.0, 50.0, 120.0), (), (2,)))
    assert not agree(upper, Part((0.0, 50.0, 100.0), (), (3,)))

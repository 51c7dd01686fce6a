"""Web pages as content management systems, Word and Excel write them."""

from __future__ import annotations

import quopri
from decimal import Decimal

import pytest

from tests.documents.shown import lines, shown, tables, texts
from xltool.documents import Document, Text
from xltool.documents.hypertext import read_hypertext
from xltool.errors import FileRefused


def page(body: str, head: str = "", encoding: str = "utf-8", declared: str = "utf-8") -> bytes:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    return f"<html><head>{meta}{head}</head><body>{body}</body></html>".encode(encoding)


def read(body: str, head: str = "") -> Document:
    return read_hypertext(page(body, head))


TABLE = "<table><tr><th>规章<td>0<td>1<tr><th>许可<td colspan=2>5</table>"


def test_spans_and_unclosed_cells() -> None:
    """A table 3 head as browsers lay it out: rowspan and colspan place the cells below."""
    document = read("""
        <table><tr><td rowspan="3">一</td><td colspan="3">申请人情况</td></tr>
        <tr><td rowspan=2>自然<br>人</td><td colspan=2>法人</td></tr><tr><td>企业<td>其他</tr>
        <tr><td>新收</td><td>1</td><td>&nbsp;</td><td>３</td></tr></table>""")
    assert shown(tables(document)[0]) == lines("""
        一 [3x1] | 申请人情况 [1x3]
        自然/人 [2x1] | 法人 [1x2]
        企业 | 其他
        新收 | 1 |  | ３
    """)
    assert [(cell.row, cell.column) for cell in tables(document)[0].cells if cell.text in ("企业", "其他")] == [
        (2, 2), (2, 3),
    ]  # fmt: skip


def test_paragraphs_break_where_the_page_breaks() -> None:
    """<br>, <p> and <div> end a line; spaces of all widths at its ends go; the source's own lines do not count."""
    document = read(
        "<h2>　　一、总体情况</h2><p>今年以来，\n    我局<b>公开</b>信息<br/>　　（一）主动公开。&nbsp;</p>尾"
    )
    assert [(block.text, block.heading) for block in document.blocks if isinstance(block, Text)] == [
        ("一、总体情况", True), ("今年以来，我局公开信息", False), ("（一）主动公开。", False), ("尾", False),
    ]  # fmt: skip


def test_layout_tables_are_not_tables() -> None:
    """A page laid out by tables around the article gives its paragraphs and the table inside, in order."""
    document = read(f"""
        <table><tr><td>首页</td><td>政务公开</td></tr><tr><td>导航</td>
        <td><table><tr><td><p>一、总体情况</p>{TABLE}<p>五、问题</p></td></tr></table></td></tr></table>""")
    assert texts(document) == ["首页", "政务公开", "导航", "一、总体情况", "五、问题"]
    assert [shown(table) for table in tables(document)] == ["规章 | 0 | 1\n许可 | 5 [1x2]"]


def test_a_small_table_inside_a_cell_is_its_text() -> None:
    """Where the outer table holds the data, a table within one cell is only a way to arrange it."""
    document = read(
        "<table><tr><td>办理结果，包括下列各项</td><td>自然人合计数量</td></tr>"
        "<tr><td><table><tr><td>予以</td><td>公开</td></tr></table></td><td>7</td></tr></table>"
    )
    assert [shown(table) for table in tables(document)] == ["办理结果，包括下列各项 | 自然人合计数量\n予以/公开 | 7"]


def test_what_cannot_be_seen_is_not_read() -> None:
    """Scripts, styles, hidden elements and hidden tables are left out, by attribute, inline and by simple rules."""
    head = "<title>某局年报</title><style>.x, #y {color:red; display : none} @media print {.z{display:none}}</style>"
    document = read(
        f"<script>var a='<td>9'</script><div style='Display:NONE'>{TABLE}</div><p hidden>无</p>"
        f"<div class='a x'>{TABLE}</div><p id=y>无</p><!-- 无 --><p class=z>有</p><select><option>2023</select>"
        "<table><tr><td>a<td>b<tr style='display:none'><td>c<td>d<tr><td>e<td class=x>f</table>",
        head,
    )
    assert texts(document) == ["某局年报", "有"]
    assert [shown(table) for table in tables(document)] == ["a | b\ne"]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "utf-8"), ("utf-8", "gbk"), ("utf-16", "utf-8")],
)
def test_encodings(encoding: str, declared: str) -> None:
    """What the page declares, unless it lies; gb2312 stands for all that Chinese Windows writes, as 镕 and 堃."""
    document = read_hypertext(page("<p>朱镕基、赵堃：㎡</p>", encoding=encoding, declared=declared))
    assert texts(document) == ["朱镕基、赵堃：㎡"]


def test_excel_pages_have_exact_numbers() -> None:
    """Excel and LibreOffice write the stored number beside what is shown."""
    document = read(
        "<table><tr><td x:num='72701.257799999992'>72,701.26<td x:num x:fmla='=A1'>1,234<td sdval='0.5'>50%</table>"
    )
    cells = tables(document)[0].cells
    assert [cell.number for cell in cells] == [Decimal("72701.2578"), Decimal(1234), Decimal("0.5")]
    assert [cell.formula for cell in cells] == [False, True, False]


def test_saved_web_archive() -> None:
    """.mht: the pages in it, each with its encoding; the frame around Excel's sheets is none."""
    inside = quopri.encodestring(page(TABLE, encoding="gbk", declared="gb2312"))
    data = (
        b"From: <Saved by WPS>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"--x\"\r\n\r\n"
        b"----x\r\nContent-Type: text/html\r\n\r\n<html><frameset><frame src=1></frameset></html>\r\n"
        b"----x\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + inside + b"\r\n----x--\r\n"
    )  # fmt: skip
    assert [shown(table) for table in tables(read_hypertext(data))] == ["规章 | 0 | 1\n许可 | 5 [1x2]"]


def test_a_page_without_content_is_refused() -> None:
    """A page that a script would have filled says nothing."""
    with pytest.raises(FileRefused, match="网页"):
        read_hypertext(page("<div id=app></div><script>load()</script>", "<title>某局</title>"))


def test_absurd_spans_and_depth_end() -> None:
    """Spans beyond any table and thousands of nested elements are cut, not followed."""
    document = read("<table><tr><td colspan=99999 rowspan=0>a<td>b</tr><tr><td>c</table>" + "<i>" * 5000 + "z")
    assert tables(document)[0].width <= 512

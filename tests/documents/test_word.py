"""Word documents: what a reader sees in them, in its order."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from tests.documents.conftest import Convert
from tests.documents.shown import lines, shown, tables, texts
from tests.packages import packed
from xltool.documents import Document, Text, read_document, soffice
from xltool.documents.word import read_word
from xltool.errors import FileRefused

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def document(body: str, namespace: str = MAIN, **parts: str) -> bytes:
    """A .docx with this body; other parts by name, such as styles."""
    roots = {"numbering": "numbering", "styles": "styles"}
    written = {
        f"word/{name}.xml": f'<w:{roots[name]} xmlns:w="{namespace}">{xml}</w:{roots[name]}>'
        for name, xml in parts.items()
    }
    main = f'<w:document xmlns:w="{namespace}" xmlns:mc="m" xmlns:v="v"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": main, **written})


def read(body: str, **parts: str) -> Document:
    return read_word(document(body, **parts))


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tr(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def filled() -> bytes:
    """A head of two rows, a group of two rows at the left, written by python-docx."""
    made = docx.Document()
    made.add_heading("三、收到和处理情况", level=1)
    made.add_paragraph("本年办理如下：")
    table = made.add_table(rows=4, cols=4, style="Table Grid")
    for row, words in enumerate(["项目||自然人|总计", "||新收|新收", "办理|公开|12|12", "|不予公开|0|0"]):
        for column, word in enumerate(words.split("|")):
            table.cell(row, column).text = word
    table.cell(0, 0).merge(table.cell(1, 1)).text = "项目"
    table.cell(2, 0).merge(table.cell(3, 0)).text = "办理"
    made.add_paragraph("五、存在的问题")
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


FILLED = lines("""
    项目 [2x2] | 自然人 | 总计
    新收 | 新收
    办理 [2x1] | 公开 | 12 | 12
    不予公开 | 0 | 0
""")


def test_tables_between_paragraphs() -> None:
    """Body order, headings known by their style, merged cells as spans."""
    read_back = read_document(filled())
    assert read_back.kind == "docx"
    assert [type(block).__name__ for block in read_back.blocks] == ["Text", "Text", "DocTable", "Text"]
    first = read_back.blocks[0]
    assert isinstance(first, Text)
    assert first.heading
    assert texts(read_back)[1:] == ["本年办理如下：", "五、存在的问题"]
    assert shown(tables(read_back)[0]) == FILLED


@pytest.mark.parametrize("suffix", ["doc", "rtf", "odt", "html", "pdf"])
def test_the_same_in_other_formats(suffix: str, convert: Convert, tmp_path: Path) -> None:
    """LibreOffice's conversions of it say the same; a PDF does so although it has only lines and letters."""
    source = tmp_path / "年报.docx"
    source.write_bytes(filled())
    read_back = read_document(convert(source, suffix).read_bytes())
    assert shown(tables(read_back)[0]) == FILLED
    assert [text for text in texts(read_back) if text != "年报"] == [
        "三、收到和处理情况",
        "本年办理如下：",
        "五、存在的问题",
    ]


def test_tracked_changes_and_hidden_text() -> None:
    """What is deleted, moved away or hidden is not said; what is inserted is. Deleted rows are gone."""
    read_back = read(
        "<w:p><w:r><w:t>收到</w:t></w:r><w:del><w:r><w:delText>3</w:delText></w:r></w:del><w:ins><w:r><w:t>5</w:t></w:r>"
        "</w:ins><w:moveFrom><w:r><w:t>6</w:t></w:r></w:moveFrom><w:r><w:rPr><w:vanish/></w:rPr><w:t>7</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>件</w:t><w:br/><w:t>另</w:t></w:r>'
        '<w:r><w:instrText>PAGE</w:instrText><w:footnoteReference w:id="1"/></w:r></w:p>'
        f"<w:tbl>{tr(tc(p('a')), tc(p('b')))}<w:tr><w:trPr><w:del/></w:trPr>{tc(p('c'))}{tc(p('d'))}</w:tr></w:tbl>"
    )
    assert texts(read_back) == ["收到5件", "另"]
    assert shown(tables(read_back)[0]) == "a | b"


def test_numbers_that_word_counts() -> None:
    """Automatic numbers stand in front: 一、 by the paragraph's list, （二） by its style, levels start again."""
    numbering = (
        '<w:abstractNum w:abstractNumId="7">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="2"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>'
        '<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    )
    styles = (
        '<w:style w:styleId="k"><w:name w:val="款"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    top = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    body = p("总体", top) + p("公开", '<w:pStyle w:val="k"/>') + p("申请", '<w:pStyle w:val="k"/>') + p("表", top)
    body += p("点", top.replace('"0"', '"2"')) + p("款", '<w:pStyle w:val="k"/>')
    assert texts(read(body, numbering=numbering, styles=styles)) == [
        "一、总体", "（二）公开", "（三）申请", "二、表", "点", "（二）款",
    ]  # fmt: skip


def test_text_boxes_once() -> None:
    """A text box is written twice, for new and for old programs; it is read once, after its paragraph."""
    box = f"<w:txbxContent>{p('框')}<w:tbl>{tr(tc(p('1')), tc(p('2')))}</w:tbl></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    read_back = read(f"<w:p><w:r><w:t>前</w:t>{both}</w:r></w:p>{p('后')}")
    assert texts(read_back) == ["前", "框", "后"]
    assert len(tables(read_back)) == 1


def test_frames_and_nested_tables() -> None:
    """A table of one cell is a frame; a table inside a cell of a real one is that cell's text."""
    inner = f"<w:tbl>{tr(tc(p('规章')), tc(p('3')))}</w:tbl>"
    read_back = read(f"<w:tbl>{tr(tc(p('说明') + inner))}</w:tbl><w:tbl>{tr(tc(p('x') + inner), tc(p('y')))}</w:tbl>")
    assert texts(read_back) == ["说明"]
    assert [shown(table) for table in tables(read_back)] == ["规章 | 3", "x/规章/3 | y"]


def test_merges_that_do_not_fit() -> None:
    """A continued cell without a start is a cell; older merges across, grids indented at the left are understood."""
    rows = tr(
        tc(p("a"), "<w:vMerge/>"), tc(p("b"), '<w:hMerge w:val="restart"/>'), tc(p(""), '<w:hMerge w:val="continue"/>')
    )
    rows += f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{tc(p("c"))}{tc(p("d"))}</w:tr>'
    assert shown(tables(read(f"<w:tbl>{rows}</w:tbl>"))[0]) == "a | b [1x2]\n| c | d"


def test_strict_documents_and_content_controls() -> None:
    """Strict files use other namespaces; fields to fill in (content controls) are only around what they hold."""
    body = f"<w:sdt><w:sdtContent>{p('甲')}<w:tbl><w:sdt><w:sdtContent>{tr(tc(p('1')), tc(p('2')))}</w:sdtContent></w:sdt></w:tbl></w:sdtContent></w:sdt>"
    read_back = read_word(document(body, STRICT))
    assert texts(read_back) == ["甲"]
    assert shown(tables(read_back)[0]) == "1 | 2"


def test_broken_documents_are_refused() -> None:
    """No content, a document type with entities, nesting without end: one sentence each."""
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="w"><w:body>&a;</w:body></w:document>'
    nested = "<w:tbl><w:tr><w:tc>" * 5000
    for main in (entity, "<w:document", f'<w:document xmlns:w="{MAIN}"><w:body>{nested}'):
        with pytest.raises(FileRefused, match="Word 文档已损坏"):
            read_document(packed({"word/document.xml": main}))
    with pytest.raises(FileRefused, match="没有文字"):
        read_document(document(p(" ")))


def test_pictures_do_not_count() -> None:
    """Parts that are not read may be as many and as large as they like."""
    written = io.BytesIO(filled())
    with zipfile.ZipFile(written, "a") as archive:
        for number in range(500):
            archive.writestr(f"word/media/{number}.png", b"x")
    assert len(tables(read_document(written.getvalue()))) == 1


def test_documents_in_one_xml_file() -> None:
    """Word 2003's XML, Word's package written flat, LibreOffice's flat OpenDocument; other XML is refused."""
    table = f"<w:tbl>{tr(tc(p('规章')), tc(p('3')))}</w:tbl>"
    body = f"<w:body>{p('一、总体')}{table}</w:body>"
    word_2003 = f'<w:wordDocument xmlns:w="w">{body}</w:wordDocument>'
    flat = f'<p:package xmlns:p="p"><p:part><p:xmlData><w:document xmlns:w="w">{body}</w:document></p:xmlData></p:part></p:package>'
    cells = "<t:table-row><t:table-cell><x:p>规章</x:p></t:table-cell><t:table-cell><x:p>3</x:p></t:table-cell></t:table-row>"
    open_text = f'<o:document xmlns:o="o" xmlns:t="t" xmlns:x="x"><o:body><o:text><x:p>一、总体</x:p><t:table>{cells}</t:table></o:text></o:body></o:document>'
    for xml in (word_2003, flat, open_text):
        read_back = read_document(f'<?xml version="1.0"?>{xml}'.encode())
        assert texts(read_back) == ["一、总体"]
        assert shown(tables(read_back)[0]) == "规章 | 3"
    with pytest.raises(FileRefused, match="这是 XML 文件"):
        read_document(b'<?xml version="1.0"?><feed/>')


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old Word documents need it, and the sentence says so."""
    monkeypatch.setattr(soffice, "_soffice", lambda: None)
    with pytest.raises(FileRefused, match=r"需要 LibreOffice.*另存为 \.docx"):
        read_document(b"{\\rtf1 a}")


def test_an_old_document_with_a_password(convert: Convert, tmp_path: Path) -> None:
    """A .doc whose head says that it is encrypted is asked for its password, not called broken."""
    source = tmp_path / "a.docx"
    source.write_bytes(filled())
    locked = bytearray(convert(source, "doc").read_bytes())
    locked[locked.find(b"\xec\xa5") + 11] |= 0x01
    with pytest.raises(FileRefused, match="--password"):
        read_document(bytes(locked))

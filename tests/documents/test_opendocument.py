"""OpenDocument: the same content in text documents and sheets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.documents.shown import shown, tables, texts
from tests.packages import packed
from xltool.documents import Text, read_document
from xltool.errors import FileRefused

SPACES = 'xmlns:o="o" xmlns:t="t" xmlns:x="x" xmlns:s="s" xmlns:d="d"'


def opendocument(body: str, manifest: str = "<m/>", styles: str = "") -> bytes:
    """A file with this body."""
    content = f"<o:document-content {SPACES}>{styles}<o:body>{body}</o:body></o:document-content>"
    return packed({"mimetype": "m", "content.xml": content, "META-INF/manifest.xml": manifest})


def test_text() -> None:
    """Spaces, tabs and line ends are elements; notes, deleted text and comments are left out; boxes follow."""
    document = read_document(opendocument(
        "<o:text><x:tracked-changes><x:p>删</x:p></x:tracked-changes><x:h>一、总体</x:h>"
        '<x:section><x:list><x:list-item><x:p>收<x:s x:c="2"/><x:span>到</x:span>5件<x:note><x:p>注</x:p></x:note>'
        "<x:line-break/>另<d:frame><d:text-box><x:p>框</x:p></d:text-box></d:frame></x:p></x:list-item></x:list></x:section>"
        "<t:table><t:table-header-rows><t:table-row>"
        '<t:table-cell t:number-columns-spanned="2"><x:p>a</x:p></t:table-cell><t:covered-table-cell/>'
        '<t:table-cell t:number-rows-spanned="2"><x:p>b</x:p><x:p>c</x:p></t:table-cell></t:table-row></t:table-header-rows>'
        "<t:table-row><t:table-cell><x:p>1</x:p></t:table-cell><t:table-cell/><t:covered-table-cell/></t:table-row>"
        "</t:table></o:text>"
    ))  # fmt: skip
    assert document.kind == "odt"
    assert texts(document) == ["一、总体", "收 到5件", "另", "框"]
    assert isinstance(document.blocks[0], Text)
    assert document.blocks[0].heading
    assert shown(tables(document)[0]) == "a [1x2] | b/c [2x1]\n1 |"


def test_sheets() -> None:
    """Repeated cells and rows stand as often as written, formats without content nowhere; numbers are exact."""
    styles = '<s:style s:name="h"><s:table-properties t:display="false"/></s:style>'
    document = read_document(opendocument(
        '<o:spreadsheet><t:table t:name="表二"><t:table-row t:number-rows-repeated="2"><t:table-cell/>'
        '<t:table-cell t:number-columns-repeated="2" o:value-type="float" o:value="0.30000000000000004"><x:p>0.3</x:p></t:table-cell>'
        '<t:table-cell t:formula="of:=1" o:value-type="string"><x:p>相符</x:p></t:table-cell></t:table-row>'
        '<t:table-row t:number-rows-repeated="1048573"><t:table-cell t:number-columns-repeated="16384"/></t:table-row></t:table>'
        '<t:table t:name="底稿" t:style-name="h"><t:table-row><t:table-cell><x:p>x</x:p></t:table-cell></t:table-row></t:table>'
        "</o:spreadsheet>",
        styles=styles,
    ))  # fmt: skip
    assert (document.kind, document.notes) == ("ods", ("隐藏的工作表“底稿”没有读。",))
    (table,) = tables(document)
    assert shown(table) == "0.3 | 0.3 | 相符=\n0.3 | 0.3 | 相符="
    assert {(cell.column, cell.number) for cell in table.cells} == {(1, Decimal("0.3")), (2, Decimal("0.3")), (3, None)}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (opendocument("<o:drawing/>"), "图形"),
        (opendocument("<o:text/>", "<m><encryption-data/></m>"), "打开密码"),
        (opendocument("<o:text><x:p>一</x:p>"), "已损坏"),
    ],
)
def test_refused(data: bytes, said: str) -> None:
    """Drawings, files with a password, broken ones: each with its sentence."""
    with pytest.raises(FileRefused, match=said):
        read_document(data)


def test_a_sheet_repeated_without_end_is_refused() -> None:
    """A few bytes that stand for millions of cells."""
    row = '<t:table-row t:number-rows-repeated="1000"><t:table-cell t:number-columns-repeated="500"><x:p>1</x:p></t:table-cell></t:table-row>'
    with pytest.raises(FileRefused, match="过大"):
        read_document(opendocument(f"<o:spreadsheet><t:table>{row}</t:table></o:spreadsheet>"))

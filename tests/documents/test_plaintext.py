"""Plain text and separated values, in whatever encoding."""

from __future__ import annotations

import codecs

import pytest

from tests.documents.shown import lines, shown, tables, texts
from xltool.documents import Text, read_document
from xltool.errors import FileRefused

SENTENCE = "一、总体情况\n\n\t规章\n\t0\n\t12\n"


@pytest.mark.parametrize(
    "data",
    [
        SENTENCE.encode(),
        codecs.BOM_UTF8 + SENTENCE.encode(),
        SENTENCE.encode("gb18030"),
        SENTENCE.encode("utf-16"),
        codecs.BOM_UTF16_BE + SENTENCE.encode("utf-16-be"),
        SENTENCE.replace("\n", "\r\n").encode("gbk"),
    ],
)
def test_text_comes_line_by_line(data: bytes) -> None:
    """Each line that says something is a paragraph, with its number; a tab in front is an indent."""
    document = read_document(data)
    assert document.kind == "text"
    assert [(block.text, block.place) for block in document.blocks if isinstance(block, Text)] == [
        ("一、总体情况", "第1行"), ("规章", "第3行"), ("0", "第4行"), ("12", "第5行"),
    ]  # fmt: skip


def test_lines_with_bars_between_are_a_table() -> None:
    """Every place of the grid, merged cells empty or repeated; the drawn line is none of it."""
    empty = "| 项目 | 本年 |  | 合计 |\n|---|:-:|---|---|\n|  | 制发 | 废止 |  |\n| 规章 | 0 | 1 | 1 |\n"
    (table,) = tables(read_document(empty.encode()))
    assert shown(table) == "项目 | 本年 |  | 合计\n| 制发 | 废止 |\n规章 | 0 | 1 | 1"
    repeated = "| 项目 | 本年 | 本年 |\n|---|---|---|\n| 项目 | 制发 | 废止 |\n| 规章 | 0 | 0 |\n"
    (table,) = tables(read_document(repeated.encode()))
    spans = {(cell.text, cell.rows, cell.columns) for cell in table.cells}
    assert {("项目", 2, 1), ("本年", 1, 2), ("0", 1, 1)} <= spans


def test_lines_without_a_place_for_every_cell_stay_lines() -> None:
    """Where merged cells were left out, the columns are lost: what stands below what nobody knows."""
    for text in ("项目 | 本年 |\n制发 | 废止 |\n规章 | 0 | 1 |\n", "项目\t本年\t\n制发\t废止\t\n规章\t0\t1\n"):
        document = read_document(f"二、公开情况\n{text}".encode())
        assert not tables(document)
        assert len(texts(document)) == 4


def test_lines_with_tabs_between_are_a_table() -> None:
    """A table copied out of a page stands between paragraphs; empty cells keep their place."""
    document = read_document("二、公开情况\n项目\t制发\t废止\n规章\t0\t\n\n三、其他\n".encode())
    assert texts(document) == ["二、公开情况", "三、其他"]
    assert shown(tables(document)[0]) == "项目 | 制发 | 废止\n规章 | 0 |"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("表三.csv", '项目,自然人,"总\n计"\n="001","1,234",5\n'),
        ("表三.csv", '项目;自然人;"总\n计"\n001;1,234;5\n'),
        ("表三.TSV", "项目\t自然人\t总/计\n001\t1,234\t5\n"),
    ],
)
def test_separated_values(name: str, content: str) -> None:
    """One sheet: the separator is found, quotes hold commas and line ends, ="001" is a text."""
    document = read_document(content.encode("gbk"), f"C:\\上报\\{name}")
    (table,) = tables(document)
    assert (document.kind, table.name, table.spreadsheet) == ("csv", "表三", True)
    assert shown(table) == "项目 | 自然人 | 总/计\n001 | 1,234 | 5"


def test_separated_values_without_their_name() -> None:
    """Three lines of the same shape are enough, prose with commas is not."""
    rows = lines("""
        项目,自然人,总计
        规章,0,1
        许可,2,3
    """)
    assert read_document(rows.encode()).kind == "csv"
    assert read_document(b"Yes, we did, all of it.\nNo.\nMaybe, or not, who knows.\nEnd.").kind == "text"


def test_a_bad_byte_is_survived_and_noise_is_refused() -> None:
    """One broken character in a text is replaced; what is mostly none is no text."""
    broken = ("政府信息公开" * 200).encode() + b"\xe4\xb8" + ("工作年度报告" * 200).encode()
    assert "工作年度报告" in texts(read_document(broken))[0]
    with pytest.raises(FileRefused, match="看不出"):
        read_document(b"abcd \xff\xff\xff\xff\x80\x81 efgh\xff\xff" * 20)


def test_a_huge_text_is_refused_at_once() -> None:
    """No report is a text of five megabytes."""
    with pytest.raises(FileRefused, match="过大"):
        read_document("一\n".encode() * 2_000_000)

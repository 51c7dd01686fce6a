"""The roster: read from what offices have, every mistake told at once with its row and column."""

from __future__ import annotations

import io
from random import Random

import openpyxl
import pytest

from tests.campaign.making import entry, roster_of
from xltool.campaign.roster import Change, Roster, RosterMistakes, columns, read_roster, roster_template
from xltool.errors import FileRefused
from xltool.form import Form

HEADER = "序号,单位名称,单位代码,单位类型,上级单位,联系人,电话,制定规章,行政许可,行政处罚,行政强制,变动情况"
LINES = f"""{HEADER}
1,宁安县人民政府办公室,1101,部门,,张三,0953-6012345,,有,无,,
2,宁安县教育局,1102,部门,宁安县人民政府办公室,李四,13912345678,,有,有,无,
3,石桥镇,,乡镇街道,宁安县人民政府办公室,,,,,,,新增
"""


def csv_of(*rows: str, header: str = "序号,单位名称,上级单位,变动情况") -> bytes:
    return "\n".join((header, *rows)).encode()


def xlsx_of(*rows: tuple[object, ...], header: str = HEADER) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (tuple(header.split(",")), *rows):
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def mistakes(data: bytes, form: Form) -> list[tuple[int, str]]:
    """Row and column of every mistake."""
    with pytest.raises(RosterMistakes) as told:
        read_roster(data, form)
    return [(row, column) for row, column, _ in told.value.mistakes]


# what is read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_texts_of_every_encoding(encoding: str, separator: str, end: str, form: Form) -> None:
    """CSV as programs save it, with or without byte order mark, tabs where Excel writes “Unicode text”."""
    data = LINES.replace(",", separator).replace("\n", end).encode(encoding)
    assert read_roster(data, form) == read_roster(LINES.encode(), form)


def test_everything_of_a_line(form: Form) -> None:
    """Order, name, code, type, superior, contact, phone, powers, change; powers only where they tell something."""
    first, second, third = read_roster(LINES.encode(), form)
    assert (first.order, first.name, first.unit.code, first.unit.type) == (1, "宁安县人民政府办公室", "1101", "部门")
    assert (first.contact, first.phone, first.superior) == ("张三", "0953-6012345", "")
    assert first.unit.powers == {"permits": True, "penalties": False}
    assert second.unit.powers == {"permits": True, "penalties": True, "coercion": False}
    assert (second.superior, third.unit.code, third.unit.powers) == ("宁安县人民政府办公室", None, {})
    assert third.change is Change.NEW


def test_a_workbook_says_the_same(form: Form) -> None:
    """.xlsx with numbers, blanks and rows above the headings reads as the CSV does."""
    rows = [tuple(cell or None for cell in line.split(",")) for line in LINES.strip().split("\n")[1:]]
    typed = [(int(str(row[0])), row[1], float(row[2]) if row[2] else None, *row[3:]) for row in rows]
    plain = read_roster(LINES.encode(), form)
    assert read_roster(xlsx_of(*typed), form) == plain
    titled = xlsx_of((None,), tuple(HEADER.split(",")), (None, "  "), *rows, header="宁安县单位名册")
    assert read_roster(titled, form) == plain


def test_the_template_reads_back(form: Form) -> None:
    """The blank roster has the headings that are read, choices for types and powers, and explains itself."""
    book = openpyxl.load_workbook(io.BytesIO(roster_template(form)))
    sheet = book["单位名册"]
    assert tuple(cell.value for cell in sheet[1]) == columns(form)
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert f'"{",".join(form.unit_types)}"' in lists
    assert lists.count('"有,无"') == len(form.powers)
    assert any("由丁局代编" in str(row[0].value) for row in book["填写说明"])
    with pytest.raises(FileRefused, match="没有单位"):
        read_roster(roster_template(form), form)
    powers = dict(zip(form.powers, ("无", "有", "无", "有"), strict=False))
    told = [powers.get(power) for power in form.powers]
    sheet.append([1, "宁安县教育局", None, "部门", None, None, None, *told, "更名自宁安县教体局"])
    buffer = io.BytesIO()
    book.save(buffer)
    (unit,) = read_roster(buffer.getvalue(), form)
    said = {power: word == "有" for power, word in powers.items()}
    implied = {fact.name: has for fact, has in form.facts_of("部门").items()}
    assert unit.unit.powers == {power: has for power, has in said.items() if implied.get(power) != has}
    assert unit.predecessors == ("宁安县教体局",)


@pytest.mark.parametrize(
    ("text", "change", "predecessors", "filed_by"),
    [
        ("", Change.NONE, (), ""),
        ("新增", Change.NEW, (), ""),
        ("撤销", Change.ABOLISHED, (), ""),
        ("合并自甲局、乙局", Change.MERGED, ("甲局", "乙局"), ""),
        ('"合并自：甲局，乙局;丙局"', Change.MERGED, ("甲局", "乙局", "丙局"), ""),
        ("合并自甲局", Change.MERGED, ("甲局",), ""),
        ("更名自甲局", Change.RENAMED, ("甲局",), ""),
        ("由教育局代编", Change.FILED_BY, (), "教育局"),
    ],
)
def test_changes(text: str, change: Change, predecessors: tuple[str, ...], filed_by: str, form: Form) -> None:
    """What became of a unit, and of whom; the abolished and those filed for by others file nothing."""
    unit = read_roster(csv_of("1,教育局,,", f"2,招生办,,{text}"), form).by_name["招生办"]
    assert (unit.change, unit.predecessors, unit.filed_by) == (change, predecessors, filed_by)
    assert unit.files == (change not in (Change.ABOLISHED, Change.FILED_BY))


def test_order(form: Form) -> None:
    """By the number in the first column; without one, by the line."""
    assert [unit.name for unit in read_roster(csv_of("3,丙,,", "1,甲,,", "2,乙,,"), form)] == ["甲", "乙", "丙"]
    assert [unit.order for unit in read_roster(csv_of(",丙,,", "2.0,甲,,", ",乙,,"), form)] == [1, 2, 3]


# superiors


def test_any_depth_of_superiors(form: Form) -> None:
    """A line of thirty superiors is followed to its end; a unit is below itself."""
    units = read_roster(csv_of("0,单位0,,", *(f"{n},单位{n},单位{n - 1}," for n in range(1, 30))), form)
    assert [unit.order for unit in units.under("单位0")] == list(range(30))
    assert [unit.order for unit in units.under("单位27")] == [27, 28, 29]
    assert units.under("单位29") == (units.by_name["单位29"],)


def test_under_gathers_branches_in_order() -> None:
    """All branches below, whatever the order of the lines."""
    units = roster_of(
        (entry(1, "镇", "县"), entry(2, "县"), entry(3, "村", "镇"), entry(4, "市局"), entry(5, "站", "县"))
    )
    assert [unit.name for unit in units.under("县")] == ["镇", "县", "村", "站"]


def test_circles_are_told(form: Form) -> None:
    """A superior that comes back to the unit is a mistake of every line in the circle."""
    rows = ("1,甲,乙,", "2,乙,丙,", "3,丙,甲,", "4,丁,丁,", "5,戊,,")
    assert mistakes(csv_of(*rows), form) == [(row, "上级单位") for row in (2, 3, 4, 5)]


# mistakes


def test_all_mistakes_at_once(form: Form) -> None:
    """Every mistake of every line, with its row as the program shows it, in one go."""
    data = csv_of(
        "一,甲局,01,司局,,,",
        "2,甲局,01,部门,丙局,也许,",
        "3,,02,部门,,,",
        "4,乙局,03,部门,甲局,,随便",
        "5,丁局,04,部门,甲局,,由戊局代编",
        header="序号,单位名称,单位代码,单位类型,上级单位,行政许可,变动情况",
    )
    assert mistakes(data, form) == [
        (2, "单位类型"),
        (2, "序号"),
        (3, "上级单位"),
        (3, "单位代码"),
        (3, "单位名称"),
        (3, "行政许可"),
        (4, "单位名称"),
        (5, "变动情况"),
        (6, "变动情况"),
    ]
    with pytest.raises(RosterMistakes) as told:
        read_roster(data, form)
    said = told.value.sentence
    assert said.startswith("单位名册有 9 处要改正：\n第 2 行 单位类型：写的是“司局”，应为 省级政府、")
    assert "第 3 行 单位名称：“甲局”与第 2 行重复" in said
    assert "第 6 行 变动情况：名册里没有代编单位“戊局”" in said


@pytest.mark.parametrize(
    "text",
    [
        "合并自",
        "更名自",
        "由代编",
        "由甲局",
        "新增甲局",
        "撤消",
        "合并自、",
        "更名自甲局、乙局",
        "由甲局、乙局代编",
        "合并自甲局代编",
    ],
)
def test_changes_that_say_nothing_clear(text: str, form: Form) -> None:
    """A change without the names that belong to it, or with too many, is asked about, never guessed."""
    assert mistakes(csv_of("1,甲局,,", "2,乙局,,", f"3,丙局,,{text}"), form) == [(4, "变动情况")]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (("1,甲局,,由甲局代编",), [(2, "变动情况")]),
        (("1,甲局,,撤销", "2,乙局,,由甲局代编"), [(3, "变动情况")]),
        (('1,"甲\n局",,',), [(2, "单位名称")]),
        (("1,甲局,乙局,",), [(2, "上级单位")]),
        (("-1,甲局,,", "1.5,乙局,,", "9999999999,丙局,,"), [(2, "序号"), (3, "序号"), (4, "序号")]),
    ],
)
def test_mistakes(rows: tuple[str, ...], found: list[tuple[int, str]], form: Form) -> None:
    """What would go wrong months later is told now."""
    assert mistakes(csv_of(*rows), form) == found


def test_headings_that_are_not_known(form: Form) -> None:
    """A column nobody reads, or one that stands there twice, is told, not passed over."""
    data = csv_of("1,甲局,,x,", header="序号,单位名称,上级单位,备注,序号")
    assert mistakes(data, form) == [(1, "备注"), (1, "序号")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "找不到表头"),
        ("名称,类型\n甲局,部门\n".encode(), "找不到表头"),
        (HEADER.encode(), "没有单位"),
        (b"PK\x03\x04 not a workbook", "打不开"),
        (xlsx_of()[:900], "打不开"),
        (bytes(range(128, 256)) * 3, "不是能认出的文字编码"),
        (f'{HEADER}\n1,"甲局{"x" * 200_000}'.encode(), "没配对的引号"),
    ],
)
def test_files_that_are_no_roster(data: bytes, sentence: str, form: Form) -> None:
    """A sentence that says what is missing and what to do."""
    with pytest.raises(FileRefused, match=sentence) as told:
        read_roster(data, form)
    assert "。" in told.value.sentence


def test_any_bytes(form: Form) -> None:
    """Whatever is in the file: a roster or a sentence."""
    chance, read = Random(5), 0
    for _ in range(300):
        data = bytearray(LINES.encode(chance.choice(("utf-8", "gbk", "utf-16"))))
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            read += isinstance(read_roster(bytes(data), form), Roster)
        except FileRefused:
            continue
    assert read

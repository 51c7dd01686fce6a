"""Last year's published reports in any format: whose they are, what is taken of them, what is asked of the office."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    PERMITS,
    WATER,
    campaign_in,
    entry,
    filing,
    put,
    roster_of,
    telling,
    the_form,
    zipped,
)
from tests.test_cli import Xltool, xltool
from xltool.campaign.gathering import Gathered
from xltool.campaign.home import LAST_UNITS, find_campaign
from xltool.campaign.lastunits import Match, matches_table, merged_rows, read_matches
from xltool.campaign.lastyear import LastYear, last_year
from xltool.campaign.published import read_published
from xltool.campaign.roster import Change, Roster
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, to_json
from xltool.report.html import write_html
from xltool.report.view import build_view
from xltool.report.word import write_word
from xltool.workbook.writer import write_workbook

__all__ = ["xltool"]

LAST = 2023
CARRIED = FigureId("t3", "r4", "natural")
ROSTER = roster_of((EDUCATION, HEALTH, FINANCE, WATER))


def report(unit: str, number: int = 1, year: int = LAST) -> Filing:
    return replace(filing(unit, telling(number), year=year), explanations={})


def word(unit: str, number: int = 1, year: int = LAST) -> bytes:
    """A published report as Word."""
    return write_word(the_form(), report(unit, number, year))


def page(unit: str, number: int = 1) -> bytes:
    """The same as a web page."""
    return write_html(build_view(the_form(), report(unit, number))).encode()


def foreign(unit: str, number: int = 1) -> bytes:
    """A workbook that says nowhere whose it is: no hidden sheet, no properties, no cover."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(the_form(), report(unit, number))))
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible" or sheet.title == "封面":
            del book[sheet.title]
    properties: Any = vars(book)["custom_doc_props"]  # the stubs do not know it
    for name in [prop.name for prop in properties.props]:
        del properties[name]
    for name in list(book.defined_names):
        del book.defined_names[name]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def found(folder: Path, roster: Roster = ROSTER, confirmed: dict[str, Match] | None = None) -> LastYear:
    return last_year(folder, the_form(), LAST + 1, roster, confirmed)


def gathered(paths: list[Path]) -> Iterator[Gathered]:
    return (Gathered(path.name, path.read_bytes()) for path in paths)


# what is read


def test_reports_of_any_format_are_read(tmp_path: Path) -> None:
    """Word, a web page, a workbook of ours, data: each to its unit, every figure as it was, nothing asked."""
    put(
        tmp_path,
        {
            "一.docx": word(EDUCATION, 1),
            "二.html": page(HEALTH, 20),
            "三.json": to_json(report(FINANCE, 40)).encode(),
            "下面/四.xlsx": write_workbook(the_form(), report(WATER, 60)),
        },
    )
    seeds = found(tmp_path)
    assert {name: f.values for name, f in seeds.filings.items()} == {
        unit: report(unit, number).values for unit, number in ((EDUCATION, 1), (HEALTH, 20), (FINANCE, 40), (WATER, 60))
    }
    assert (seeds.doubts, seeds.matches) == ([], [])
    assert len(seeds.read) == 2


def test_many_are_read_by_workers(tmp_path: Path) -> None:
    """As one by one: in order, each told of; what cannot be read gives its sentence and holds up nobody."""
    files = {f"{number}.docx": word(EDUCATION, number) for number in range(1, 7)}
    put(tmp_path, {**files, "7.pdf": b"%PDF-1.7 broken", "8.txt": b"", "9.png": b"\x89PNG\r\n\x1a\n"})
    told: list[str] = []
    paths = sorted(tmp_path.iterdir())
    read = list(read_published(gathered(paths), the_form(), told.append))
    assert [one.file for one in read] == told == [path.name for path in paths]
    assert [one.filing is not None for one in read] == [True] * 6 + [False] * 3
    assert all(one.refused.endswith("。") for one in read[6:])
    assert [one.filing.values[PERMITS] for one in read if one.filing] == [Decimal(number) for number in range(1, 7)]


def test_a_doubtful_figure_stays_unknown_and_is_named(tmp_path: Path) -> None:
    """A cell that says something else than a number is no 0: it is left out and told with the unit."""
    document = Document(io.BytesIO(write_word(the_form(), filing(EDUCATION, {PERMITS: 4711}, year=LAST))))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells if cell.text == "4711"]
    cells[0].text = "约12"
    stream = io.BytesIO()
    document.save(stream)
    put(tmp_path, {"a.docx": stream.getvalue()})
    seeds = found(tmp_path)
    assert set(filing(EDUCATION).values) - set(seeds.filings[EDUCATION].values) == {PERMITS}
    assert any(doubt.startswith(f"{EDUCATION}：") and "约12" in doubt for doubt in seeds.doubts)


def test_a_table_that_is_missing_is_told(tmp_path: Path) -> None:
    """Half a report gives half the figures, and a sentence for the rest."""
    document = Document(io.BytesIO(word(EDUCATION)))
    last = document.tables[-1]._element
    around = last.getparent()
    assert around is not None
    around.remove(last)
    stream = io.BytesIO()
    document.save(stream)
    put(tmp_path, {"a.docx": stream.getvalue()})
    seeds = found(tmp_path)
    assert 0 < len(seeds.filings[EDUCATION].values) < len(report(EDUCATION).values)
    assert any(doubt.startswith(f"{EDUCATION}：") and "没有" in doubt for doubt in seeds.doubts)
    assert "没有读到" in seeds.read[0]


def test_another_year_is_not_taken(tmp_path: Path) -> None:
    """This year's report among last year's is told, confirmed or not."""
    put(tmp_path, {"a.docx": word(EDUCATION, year=LAST + 1)})
    confirmed = {"a.docx": Match("a.docx", EDUCATION, EDUCATION, "", "是")}
    for seeds in (found(tmp_path), found(tmp_path, confirmed=confirmed)):
        assert seeds.filings == {}
        assert any("a.docx：是 2024 年的，应为 2023 年的，没有采用" in doubt for doubt in seeds.doubts)


def test_zips_and_folders_in_folders(tmp_path: Path) -> None:
    """Members are read one by one, in a zip in a zip too; one that cannot be opened is told, and what made it so."""
    inner = zipped({f"{WATER}.docx": word(WATER, 4)})
    put(
        tmp_path,
        {
            "打包.zip": zipped({"部门/一.docx": word(EDUCATION, 1), "二.json": to_json(report(HEALTH, 2)).encode(), "内.zip": inner}),
            "乡镇/一批/三.docx": word(FINANCE, 3),
            "坏.zip": b"PK\x05\x06" + bytes(17),
            "~$三.docx": b"x",
        },
    )  # fmt: skip
    seeds = found(tmp_path)
    assert {unit: filing.values[PERMITS] for unit, filing in seeds.filings.items()} == {
        EDUCATION: 1, HEALTH: 2, FINANCE: 3, WATER: 4,
    }  # fmt: skip
    assert sorted(line.split("  ")[0] for line in seeds.read) == [
        "乡镇/一批/三.docx", f"打包.zip!内.zip!{WATER}.docx", "打包.zip!部门/一.docx",
    ]  # fmt: skip
    assert [doubt for doubt in seeds.doubts if doubt.startswith("坏.zip：")]
    assert not any("~$" in doubt for doubt in seeds.doubts)
    assert found(tmp_path / "打包.zip").filings == {unit: seeds.filings[unit] for unit in (EDUCATION, HEALTH, WATER)}


# two of one unit


def test_the_same_report_twice_is_one(tmp_path: Path) -> None:
    """As Word and as a page: nothing to ask."""
    put(tmp_path, {"a.docx": word(EDUCATION), "b.html": page(EDUCATION)})
    seeds = found(tmp_path)
    assert seeds.filings[EDUCATION].values == report(EDUCATION).values
    assert not any("不同" in doubt for doubt in seeds.doubts)


def test_what_two_reports_say_differently_is_not_known(tmp_path: Path) -> None:
    """Nobody can tell which is right: the figure is left out, whatever a third says; the others are kept."""
    other = replace(report(EDUCATION), values={**report(EDUCATION).values, PERMITS: Decimal(99)})
    put(tmp_path, {"a.docx": word(EDUCATION), "b.docx": write_word(the_form(), other), "c.html": page(EDUCATION)})
    seeds = found(tmp_path)
    assert set(report(EDUCATION).values) - set(seeds.filings[EDUCATION].values) == {PERMITS}
    assert any(doubt.startswith(f"b.docx：与“{EDUCATION}”的另一份不同") for doubt in seeds.doubts)


def test_a_total_that_two_state_differently_is_not_known(tmp_path: Path) -> None:
    """Where its parts cannot be read: a total serves only as long as every report says the same."""

    def partly_read(number: int) -> bytes:
        document = Document(io.BytesIO(write_word(the_form(), filing(EDUCATION, {CARRIED: number}, year=LAST))))
        texts = [cell for table in document.tables for row in table.rows for cell in row.cells]
        next(cell for cell in texts if cell.text == str(number)).text = "约"
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()

    put(tmp_path, {"a.docx": partly_read(4711)})
    assert found(tmp_path).filings[EDUCATION].stated[CARRIED._replace(column="total")] == 4711
    put(tmp_path, {"b.docx": partly_read(4713), "c.docx": partly_read(4711)})
    assert CARRIED._replace(column="total") not in found(tmp_path).filings[EDUCATION].stated


def test_own_data_goes_before_a_report(tmp_path: Path) -> None:
    """A filing is whole; the report beside it is told and left."""
    put(tmp_path, {"a.docx": word(EDUCATION, 5), "b.json": to_json(report(EDUCATION, 9)).encode()})
    seeds = found(tmp_path)
    assert seeds.filings[EDUCATION].values == report(EDUCATION, 9).values
    assert any("已有一份" in doubt for doubt in seeds.doubts)


# whose it is


def test_former_names_are_names(tmp_path: Path) -> None:
    """Reports under the names of then, and one under the name of now of a unit that was renamed."""
    county = roster_of(
        (
            entry(1, "宁安县商务和投资促进局", "", Change.MERGED, "宁安县商务局", "宁安县投资促进局"),
            entry(2, "宁安县文化旅游广电局", "", Change.RENAMED, "宁安县文化和旅游局"),
        )
    )
    put(
        tmp_path,
        {
            "a.docx": word("宁安县商务局", 1),
            "b.docx": word("宁安县投资促进局", 9),
            "c.docx": word("宁安县文化旅游广电局", 20),
        },
    )
    seeds = found(tmp_path, county)
    assert set(seeds.filings) == {"宁安县商务局", "宁安县投资促进局", "宁安县文化和旅游局"}
    assert seeds.doubts == []


def test_a_short_name_is_proposed_and_never_taken(tmp_path: Path) -> None:
    """The evidence is said, the row is there to be confirmed, nothing is seeded."""
    put(tmp_path, {"卫健局.docx": word("宁安县卫健局")})
    seeds = found(tmp_path)
    assert seeds.filings == {}
    assert seeds.matches == [Match("卫健局.docx", "宁安县卫健局", HEALTH, "简称：卫…健…局")]
    assert f"卫健局.docx 像是 {HEALTH}（简称：卫…健…局），要确认后才采用" in seeds.doubts


def test_a_title_against_the_file_s_name_is_asked(tmp_path: Path) -> None:
    """A report in a neighbour's name may be the neighbour's, or copied: the office has to look."""
    put(tmp_path, {f"{HEALTH}.docx": word(EDUCATION)})
    seeds = found(tmp_path)
    assert seeds.filings == {}
    assert seeds.matches[0].evidence == f"标题写的是“{EDUCATION}”，文件名写的是“{HEALTH}”"


def test_without_a_title_the_file_s_name_is_a_guess(tmp_path: Path) -> None:
    """Neither unit nor year is in it: proposed by the file's name, even the full one."""
    put(tmp_path, {f"{WATER}2023年.xlsx": foreign(WATER), "x.xlsx": foreign(FINANCE)})
    seeds = found(tmp_path)
    assert seeds.filings == {}
    matches = {row.file: row for row in seeds.matches}
    assert matches[f"{WATER}2023年.xlsx"].unit == WATER
    assert "文件名" in matches[f"{WATER}2023年.xlsx"].evidence
    assert "没有写年份" in matches[f"{WATER}2023年.xlsx"].evidence
    assert matches["x.xlsx"].unit == ""
    assert any(doubt.startswith("x.xlsx 看不出是哪个单位的") for doubt in seeds.doubts)


def test_what_the_office_confirmed_is_taken(tmp_path: Path) -> None:
    """是 takes it, 否 leaves it; an answer about a file that has another name in it now does not count."""
    put(tmp_path, {"卫健局.docx": word("宁安县卫健局")})
    row = found(tmp_path).matches[0]
    yes = {row.file: replace(row, confirmed="是")}
    assert set(found(tmp_path, confirmed=yes).filings) == {HEALTH}
    no = {row.file: replace(row, confirmed="否")}
    assert found(tmp_path, confirmed=no).filings == {}
    assert any("已说明不是" in doubt for doubt in found(tmp_path, confirmed=no).doubts)
    put(tmp_path, {"卫健局.docx": word("宁安县财政")})
    assert found(tmp_path, confirmed=yes).filings == {}


def test_a_unit_that_is_not_on_the_roster_is_told(tmp_path: Path) -> None:
    """A slip of the pen in the table seeds nobody."""
    put(tmp_path, {"卫健局.docx": word("宁安县卫健局")})
    row = replace(found(tmp_path).matches[0], unit="宁安县卫生局", confirmed="是")
    seeds = found(tmp_path, confirmed={row.file: row})
    assert seeds.filings == {}
    assert any("名册里没有这个单位" in doubt for doubt in seeds.doubts)


# the table


ROWS = [Match("a,b.docx", "卫健局", HEALTH, "简称：卫…健…局"), Match("c.html", "", "", "标题里没有单位名称", "否")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_table_comes_back(encoding: str) -> None:
    """As Excel and WPS save it."""
    text = matches_table(ROWS).decode("utf-8-sig")
    assert list(read_matches(text.encode(encoding)).values()) == ROWS


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-宁安县", "@SUM(1)", "'=1", "＝1"])
def test_no_cell_is_a_formula(name: str) -> None:
    """Names of files are other people's words: none begins a formula in Excel, and each comes back as it was."""
    row = Match(name, name, HEALTH, name, "是")
    cells = list(csv.reader(io.StringIO(matches_table([row]).decode("utf-8-sig"))))[1]
    assert not any(cell.startswith(("=", "+", "-", "@", "＝")) for cell in cells)
    assert read_matches(matches_table([row])) == {name: row}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("对应单位,确认\nx,是\n", "找不到表头"),
        ("文件,读出的名称,对应单位,依据,确认\na,b,c,d,也许\n", "第 2 行的“确认”写的是“也许”"),
    ],
)
def test_a_table_that_says_something_else(table: str, said: str) -> None:
    """Refused with the row."""
    with pytest.raises(FileRefused, match=said):
        read_matches(table.encode())


def test_answers_stay_in_the_table() -> None:
    """New rows are added; what was answered, and a unit typed in, is not lost."""
    typed = Match("x.docx", "某局", WATER, "")
    answered = replace(ROWS[0], confirmed="是")
    earlier = {row.file: row for row in (answered, typed)}
    rows = merged_rows(earlier, [ROWS[0], Match("x.docx", "某局", "", "看不出"), ROWS[1]])
    assert rows == [answered, Match("x.docx", "某局", WATER, "看不出"), ROWS[1]]


# the commands


def test_new_and_last(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is written beside the campaign; confirmed, the figures come in, and what was there stays."""
    names = "\n".join(unit.name for unit in ROSTER)
    (tmp_path / "名册.csv").write_text(f"单位名称\n{names}\n", encoding="utf-8")
    put(tmp_path / "上年", {"a.docx": word(EDUCATION), "卫健局.docx": word("宁安县卫健局", 7)})
    said = xltool("campaign", "new", "2024", "--roster", "名册.csv", "--last", "上年")
    assert said.code == 0
    assert "上年数据：1 个单位" in said.out
    assert f"√ a.docx  {EDUCATION}：有把握的数" in said.out
    assert f"卫健局.docx 像是 {HEALTH}（简称：卫…健…局）" in said.out
    assert "1 个文件要确认是哪个单位的" in said.out
    table = tmp_path / "2024" / LAST_UNITS
    assert "卫健局.docx" in table.read_text("utf-8-sig")

    monkeypatch.chdir(tmp_path / "2024")
    rows = list(csv.reader(io.StringIO(table.read_text("utf-8-sig"))))
    rows[1][4] = "是"
    table.write_text("\n".join(",".join(row) for row in rows), encoding="gbk")
    put(tmp_path / "上年", {"a.docx": word(EDUCATION, 3)})
    said = xltool("campaign", "last", "../上年")
    assert said.code == 0
    assert "没有替换的 1 个单位" in said.out
    seeds = find_campaign(tmp_path / "2024").store.seeds()
    assert seeds[HEALTH].values == report(HEALTH, 7).values
    assert seeds[EDUCATION].values == report(EDUCATION).values
    assert read_matches(table.read_bytes())["卫健局.docx"].confirmed == "是"

    assert xltool("campaign", "last", "../上年", "--overwrite").code == 0
    campaign = find_campaign(tmp_path / "2024")
    assert campaign.store.seeds()[EDUCATION].values == report(EDUCATION, 3).values
    assert [(d.unit, d.action) for d in campaign.store.decisions()] == [(EDUCATION, "上年数据")]


def test_last_with_a_named_table(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another table may be named; one that is not there is an error."""
    campaign_in(tmp_path / "c", (EDUCATION, HEALTH))
    put(tmp_path / "上年", {"卫健局.docx": word("宁安县卫健局")})
    (tmp_path / "t.csv").write_bytes(matches_table([Match("卫健局.docx", "宁安县卫健局", HEALTH, "", "是")]))
    monkeypatch.chdir(tmp_path / "c")
    assert xltool("campaign", "last", "../上年", "--match", "没有.csv").code == 2
    assert "上年数据：1 个单位" in xltool("campaign", "last", "../上年", "--match", "../t.csv").out

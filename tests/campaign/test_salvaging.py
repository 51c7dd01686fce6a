"""Files that cannot be filed: a workbook is filled with what could be read of them, once, for the unit to confirm."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    FOUR,
    HEALTH,
    PERMITS,
    WATER,
    book,
    campaign_in,
    filing,
    good,
    is_sound,
    kept,
    put,
    states,
    take_one,
    telling,
    the_form,
)
from xltool.campaign.home import Campaign
from xltool.campaign.salvaging import TO_CONFIRM
from xltool.campaign.taking import Line, Outcome, take
from xltool.definition import form_by_id
from xltool.report.word import write_word
from xltool.workbook.reader import read_filing

YEAR = 2024


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return campaign_in(tmp_path / "任务", FOUR)


def word(unit: str, number: int = 1, year: int = YEAR) -> bytes:
    return write_word(the_form(), filing(unit, telling(number), year=year))


def mangled(unit: str, number: int = 1) -> bytes:
    """A workbook of ours with the sheet of a table turned into something its reader refuses."""
    loaded = openpyxl.load_workbook(io.BytesIO(book(filing(unit, telling(number)))))
    for sheet in loaded.worksheets:
        rows = [row for row in range(1, sheet.max_row + 1) if _says(sheet, row, "行政许可")]
        if rows and sheet.sheet_state == "visible":
            for merged in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(merged))
            sheet.delete_rows(rows[0])
            break
    stream = io.BytesIO()
    loaded.save(stream)
    return stream.getvalue()


def _says(sheet: Worksheet, row: int, label: str) -> bool:
    return any(cell.value == label for cell in sheet[row])


def to_confirm(campaign: Campaign) -> list[Path]:
    return sorted((campaign.folder / "退回" / TO_CONFIRM).glob("*"))


def test_a_word_report_becomes_a_workbook(campaign: Campaign, tmp_path: Path) -> None:
    """Nothing is filed, the original is kept, the figures stand in a workbook of the unit; the line says so."""
    data = word(EDUCATION)
    line = take_one(campaign, tmp_path / "a.docx", data)
    assert line.outcome == Outcome.REFUSED
    (path,) = to_confirm(campaign)
    assert path.name == f"{EDUCATION}_2024年填报表（待核对）.xlsx"
    assert line.said.startswith("这是 Word 文档")
    assert "没有登记：已读出" in line.said
    assert f"填入 退回/{TO_CONFIRM}/{path.name}，请单位核对后交回。" in line.said
    assert states(campaign) == {}
    assert list(kept(campaign).values()) == [data]
    filled = read_filing(path.read_bytes(), form_by_id).filing
    assert (filled.unit.name, filled.year) == (EDUCATION, YEAR)
    assert filled.values == filing(EDUCATION, telling(1)).values


def test_the_confirmed_workbook_is_taken(campaign: Campaign, tmp_path: Path) -> None:
    """It comes back as any other."""
    take_one(campaign, tmp_path / "a.docx", word(EDUCATION))
    line = take_one(campaign, tmp_path / "b.xlsx", to_confirm(campaign)[0].read_bytes())
    assert (line.outcome, line.unit) == (Outcome.TAKEN, EDUCATION)
    assert campaign.store.filing(campaign.store.latest()[EDUCATION].id).values[PERMITS] == 1


def test_a_mangled_workbook_of_ours(campaign: Campaign, tmp_path: Path) -> None:
    """The rest of its figures is read; the row that was taken out stays a question."""
    line = take_one(campaign, tmp_path / "a.xlsx", mangled(HEALTH))
    assert line.outcome == Outcome.REFUSED
    assert "没有读到 1 个，填入" in line.said, line.said
    (path,) = to_confirm(campaign)
    filled = read_filing(path.read_bytes(), form_by_id).filing
    truth = filing(HEALTH, telling(1)).values
    assert filled.values == {figure: value for figure, value in truth.items() if figure != PERMITS}


def test_last_year_s_figures_come_along(campaign: Campaign, tmp_path: Path) -> None:
    """What the campaign knows of last year stands in the workbook, as in the one handed out."""
    last = filing(EDUCATION, telling(5), year=YEAR - 1)
    campaign.store.put_seed(EDUCATION, last)
    take_one(campaign, tmp_path / "a.docx", word(EDUCATION))
    prior = read_filing(to_confirm(campaign)[0].read_bytes(), form_by_id).prior
    assert prior is not None
    assert prior.values == last.values


def test_once_for_each_original(campaign: Campaign, tmp_path: Path) -> None:
    """A rerun says the same and writes nothing, not even where somebody has taken the workbook away."""
    first = take_one(campaign, tmp_path / "a.docx", word(EDUCATION))
    to_confirm(campaign)[0].unlink()
    assert take_one(campaign, tmp_path / "a.docx", word(EDUCATION)) == first
    assert to_confirm(campaign) == []
    assert is_sound(campaign.folder)


def test_another_original_gets_another_workbook(campaign: Campaign, tmp_path: Path) -> None:
    """What somebody may be working on is not written over."""
    take_one(campaign, tmp_path / "a.docx", word(EDUCATION, 1))
    before = to_confirm(campaign)[0].read_bytes()
    take_one(campaign, tmp_path / "b.docx", word(EDUCATION, 2))
    second, first = to_confirm(campaign)
    assert (first.name, second.name) == (
        f"{EDUCATION}_2024年填报表（待核对）.xlsx",
        f"{EDUCATION}_2024年填报表（待核对2）.xlsx",
    )
    assert first.read_bytes() == before


def test_a_unit_that_has_handed_in_is_left_alone(campaign: Campaign, tmp_path: Path) -> None:
    """The Word report beside the workbook is only refused, in whatever order they come."""
    folder = put(tmp_path / "收件", {"a.docx": word(EDUCATION), "b.xlsx": good(EDUCATION, 1)})
    lines = {Path(line.source).name: line for line in take(campaign, [folder]).lines}
    assert (lines["a.docx"].outcome, lines["b.xlsx"].outcome) == (Outcome.REFUSED, Outcome.TAKEN)
    assert "已读出" not in lines["a.docx"].said
    assert to_confirm(campaign) == []


@pytest.mark.parametrize("unit", ["宁安县卫健局", "宁安县水务局", "宁安县"])
def test_a_unit_that_cannot_be_told(unit: str, campaign: Campaign, tmp_path: Path) -> None:
    """Only a name as the roster has it is one; else a hint how to go on."""
    line = take_one(campaign, tmp_path / "a.docx", word(unit))
    assert line.outcome == Outcome.REFUSED
    assert "xltool salvage 文件 --unit 单位全称 --year 2024" in line.said
    assert to_confirm(campaign) == []


def test_another_year_s_report_stays_refused(campaign: Campaign, tmp_path: Path) -> None:
    """Last year's published report is not this year's return."""
    line = take_one(campaign, tmp_path / "a.docx", word(EDUCATION, year=YEAR - 1))
    assert "已读出" not in line.said
    assert to_confirm(campaign) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", b"%PDF-1.7 broken"), ("a.xlsx", b""), ("a.png", b"\x89PNG\r\n\x1a\n"), ("a.docx", b"PK\x03\x04rest")],
)
def test_what_cannot_be_read_at_all(name: str, data: bytes, campaign: Campaign, tmp_path: Path) -> None:
    """The line is as it was, one sentence that says why."""
    line = take_one(campaign, tmp_path / name, data)
    assert line.outcome == Outcome.REFUSED
    assert "已读出" not in line.said
    assert "xltool salvage" not in line.said
    assert to_confirm(campaign) == []


def test_files_in_order_are_not_looked_at_again(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what was refused is read a second time."""
    looked: list[str] = []
    monkeypatch.setattr("xltool.campaign.looking.read_document", lambda data, name: looked.append(name))
    folder = put(tmp_path / "收件", {"a.xlsx": good(FINANCE, 1), "b.xlsx": good(WATER, 2), "c.docx": word(EDUCATION)})
    lines: list[Line] = take(campaign, [folder]).lines
    assert looked == ["c.docx"]
    assert [line.outcome for line in lines] == [Outcome.TAKEN, Outcome.TAKEN, Outcome.REFUSED]

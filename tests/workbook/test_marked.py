"""The marked copy: fresh, coloured, commented, listed; and still a workbook like any other."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.fills import all_zero, fill, random_fill
from tests.programs.libreoffice import Office
from tests.programs.validator import Validator
from tests.workbook.reading import FORM, read
from xltool.check.filing import examine
from xltool.check.finding import Finding, made
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.samples import filled_of, load_sample
from xltool.workbook.formats import comment_look
from xltool.workbook.layout import make_layout
from xltool.workbook.layout.addresses import CHECKS, CORRECTIONS
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.marked import marked_copy
from xltool.workbook.reader import Returned
from xltool.workbook.writer import write_workbook

UNIT = Unit("宁安区教育局", "311", "部门")
RED, ORANGE, INPUT = "FFFFC7CE", "FFFFE0A3", "FFFFF9DB"


@dataclass(frozen=True)
class Handed:
    """A workbook as handed in, everything found in it, and its marked copy."""

    returned: Returned
    findings: tuple[Finding, ...]
    copy: bytes

    @property
    def due(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_open]

    @property
    def seen(self) -> Workbook:
        return openpyxl.load_workbook(io.BytesIO(self.copy))


def everything(returned: Returned) -> tuple[Finding, ...]:
    examined = examine(returned.form, returned.filing, returned.prior)
    return (*returned.findings, *examined.findings)


def handed_in(data: bytes, prior: Filing | None = None) -> Handed:
    returned = read(data)
    findings = everything(returned)
    copy = marked_copy(FORM, returned.filing, findings, prior or returned.prior, issue=2, round_number=1)
    return Handed(returned, findings, copy)


@pytest.fixture(scope="module")
def sample() -> Handed:
    """The sample full of mistakes."""
    return handed_in(filled_of(load_sample("mistakes")))


def clean(**changes: object) -> Filing:
    """A filing with nothing open, but for ``changes``."""
    filing = Filing(FORM.id, UNIT, 2024, all_zero(FORM), texts=dict.fromkeys(FORM.text_ids, "已按要求办理。"))
    return replace(filing, **changes)  # type: ignore[arg-type]  # any field of a filing


def colour(book: Workbook, sheet: str, cell: str) -> str:
    return str(book[sheet][cell].fill.start_color.rgb)


def comment(book: Workbook, sheet: str, cell: str) -> str:
    found = book[sheet][cell].comment
    return found.text if found is not None else ""


def lines(book: Workbook) -> list[list[str]]:
    """The list's lines: number, level, place, what, problem, action, where to explain."""
    rows = book[CORRECTIONS].iter_rows(min_row=7, max_col=7, values_only=True)
    return [["" if value is None else str(value) for value in row] for row in rows]


def test_the_copy_says_what_the_unit_said(sample: Handed) -> None:
    """Read back, the copy gives the same figures, texts and unreadable cells, last year's figures and a new number."""
    again = read(sample.copy)
    assert again.filing == sample.returned.filing
    assert again.filing.unread
    assert again.prior == sample.returned.prior
    assert again.identity.issue == 2
    assert again.identity.number != sample.returned.identity.number
    assert {finding.code for finding in again.findings} == {"T02"}, "nothing is held against the copy itself"


def test_any_copy_comes_back() -> None:
    """Whatever a unit typed, its marked copy gives the same filing again, and only the findings there were."""
    chance = Random(7)
    for number in range(12):
        drawn = random_fill(FORM, chance, with_prior=number % 2 > 0)
        handed = handed_in(write_workbook(FORM, drawn.filing, drawn.prior))
        again = read(handed.copy)
        assert again.filing == handed.returned.filing
        old = {finding.key for finding in handed.findings}
        assert {finding.key for finding in everything(again)} <= old


def test_equal_input_gives_equal_bytes(sample: Handed) -> None:
    """A run that is repeated writes nothing new."""
    filing, prior = sample.returned.filing, sample.returned.prior
    assert marked_copy(FORM, filing, sample.findings, prior, 2, 1) == sample.copy


def test_the_list_comes_first_and_errors_come_first_in_it(sample: Handed) -> None:
    """One line per open finding, numbered, errors before what is to be verified; hints are left out."""
    book, due = sample.seen, sample.due
    assert book.sheetnames[0] == CORRECTIONS
    assert book.active is not None
    assert book.active.title == CORRECTIONS
    listed = lines(book)
    assert [line[0] for line in listed] == [str(number) for number in range(1, len(due) + 1)]
    errors = sum(finding.level == "错误" for finding in due)
    assert [line[1] for line in listed] == ["错误"] * errors + ["核实"] * (len(due) - errors)
    assert all(line[4] and line[5] for line in listed), "each says what is wrong and what to do"
    head = f"{book[CORRECTIONS]['A2'].value} {book[CORRECTIONS]['A3'].value}"
    assert "青川岭县示范局" in head
    assert "2024 年" in head
    assert "第 1 次" in head
    assert f"共 {len(due)} 条：错误 {errors} 条" in head


def test_every_line_jumps_to_its_cell(sample: Handed) -> None:
    """The place of a line is a link into the copy, and so is the place for the reason."""
    sheet = sample.seen[CORRECTIONS]
    for row in range(7, 7 + len(sample.due)):
        link = sheet.cell(row, 3).hyperlink
        assert link is not None
        name, _, cell = str(link.location).rpartition("!")
        assert sample.seen[name.strip("'")][cell].row > 0
        is_error = sheet.cell(row, 2).value == "错误"
        assert (sheet.cell(row, 7).hyperlink is None) == is_error


def test_the_list_is_locked_and_fits_a_page_in_width(sample: Handed) -> None:
    """Nobody types on the list; on A4 it is one page wide and its headings are repeated."""
    sheet = sample.seen[CORRECTIONS]
    assert sheet.protection.sheet
    assert all(cell.protection.locked for row in sheet["A1:G12"] for cell in row)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (9, 1, 0)
    assert sheet.print_title_rows == "$6:$6"


def test_cells_are_coloured_and_say_what_to_do(sample: Handed) -> None:
    """An error is red, what is to be verified orange; the comment says what stands there and what is due."""
    book = sample.seen
    assert colour(book, "表二", "C9") == RED
    said = comment(book, "表二", "C9")
    assert "填的是“55（含自然失效29件）”" in said
    assert "不小于 0 的整数" in said
    assert "请只填数字 55" in said
    found = book["表二"]["C9"].comment
    assert found is not None
    assert found.author == "主管部门"
    assert colour(book, "表二", "B16") == ORANGE
    assert "日期" in comment(book, "表二", "B16")
    assert colour(book, "表三", "E12") == INPUT, "nothing is wrong there"
    assert comment(book, "表三", "E12") == ""


def test_a_broken_relation_is_marked_on_all_its_cells() -> None:
    """Every figure of a sum that does not come out is red, totals included, and says the numbers."""
    values = all_zero(FORM) | fill(FORM, "t3", "natural\n r1 5\n r4 2")
    book = handed_in(write_workbook(FORM, clean(values=values))).seen
    cells = [FORM_LAYOUT.figures[FigureId("t3", row, "natural")].area.place for row in ("r1", "r2", "r3_7", "r4")]
    assert {colour(book, place.sheet, place.cell) for place in cells} == {RED}
    assert all("相差 3" in comment(book, place.sheet, place.cell) for place in cells)


FORM_LAYOUT = make_layout(FORM, 2024, False)


def test_blank_cells_are_all_red_and_one_of_them_says_why() -> None:
    """A table left blank: every blank cell is coloured, one comment instead of two hundred."""
    values = {figure: value for figure, value in all_zero(FORM).items() if figure.table != "t3"}
    book = handed_in(write_workbook(FORM, clean(values=values))).seen
    places = [FORM_LAYOUT.figures[f.id].area.place for f in FORM.figures_of("t3") if f.computed is None]
    assert {colour(book, place.sheet, place.cell) for place in places} == {RED}
    assert [bool(comment(book, p.sheet, p.cell)) for p in places] == [True] + [False] * (len(places) - 1)
    assert len(lines(book)) == 1


def test_cells_are_found_where_this_copy_has_them() -> None:
    """A finding made in a file with moved rows and renamed sheets marks the figure's own cell."""
    figure = FigureId("t2", "permits", "decisions")
    finding = made("T02", "Sheet2", "Z99", "行政许可", (figure,), quoted="无", expected="数", action="请改。")
    copy = marked_copy(FORM, clean(), [finding])
    book = openpyxl.load_workbook(io.BytesIO(copy))
    place = FORM_LAYOUT.figures[figure].area.place
    assert colour(book, place.sheet, place.cell) == RED
    assert lines(book)[0][2] == f"表二 {place.cell}"


def test_what_has_no_cell_leads_to_the_cover() -> None:
    """A finding about the file as a whole is listed too, with a place to jump to."""
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(FORM, clean(), [made("W14", other="宁安区民政局")])))
    assert lines(book)[0][2] == "封面 A1"
    assert "宁安区民政局" in lines(book)[0][4]


def test_what_the_copy_already_undoes_is_not_asked_for() -> None:
    """A total typed over is a formula again in the copy: the unit is told to look at the parts."""
    figure = FigureId("t3", "r1", "total")
    finding = made("W07", "表三", "J9", "总计", (figure,), quoted="35", right="0")
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(FORM, clean(), [finding])))
    assert "公式已经恢复" in lines(book)[0][5]
    place = FORM_LAYOUT.figures[figure].area.place
    assert colour(book, place.sheet, place.cell) == ORANGE
    assert str(book[place.sheet][place.cell].value).startswith("=")


def test_keys_without_a_row_of_their_own_are_filled_in() -> None:
    """The unit writes only the reason: the code stands below the list of checks already, and the reason counts."""
    coercion = FigureId("t2", "coercion", "decisions")
    handed = handed_in(write_workbook(FORM, clean(values=all_zero(FORM) | {coercion: Decimal(45366)})))
    key = f"T05.{coercion}"
    assert [finding.key for finding in handed.due if finding.code == "T05"] == [key]
    book = handed.seen
    row = next(row for row in range(1, 400) if book[CHECKS].cell(row, 1).value == key)
    assert colour(book, CHECKS, f"B{row}") == ORANGE
    assert lines(book)[0][6] == f"校验 B{row}"
    again = read(_with_text(handed.copy, CHECKS, f"B{row}", "统计口径如此"))
    assert again.filing.explanations == {key: "统计口径如此"}
    assert not [finding for finding in everything(again) if finding.is_open and finding.code == "T05"]


def _with_text(data: bytes, sheet: str, cell: str, text: str) -> bytes:
    """The workbook after somebody typed ``text``: saved by another program than ours."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[sheet][cell].value = text
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_reasons_written_before_keep_their_lines() -> None:
    """What is explained stays, then the keys that will come back, as many as there is room for."""
    reasons = {f"T05.t2.x{number}": "属实" for number in range(OTHER_EXPLANATIONS - 3)}
    due = [made("S02", "一、总体情况", key=f"S02.s1.{part}", guidance="") for part in ("disclosure", "platform")]
    due += [made("T05", key=f"T05.t2.y{number}", quoted="", looks="", expected="") for number in range(4)]
    copy = marked_copy(FORM, clean(explanations=reasons), due)
    assert read(copy).filing.explanations == reasons
    book = openpyxl.load_workbook(io.BytesIO(copy))
    first = FORM_LAYOUT.inputs["other.0.key"].area.place.row + 1
    keys = [book[CHECKS].cell(first + index, 1).value for index in range(OTHER_EXPLANATIONS)]
    assert keys == [*reasons, "T05.t2.y0", "T05.t2.y1", "T05.t2.y2"]
    assert [bool(line[6]) for line in lines(book)] == [False, False, True, True, True, False]


def test_a_comment_is_as_high_as_its_text() -> None:
    """The box grows with the text, so that nothing is cut off."""
    short, long = comment_look("请改正。"), comment_look("请改正这一格里的数。" * 30)
    assert long["height"] >= 14 * short["height"] / 2
    assert short["width"] == long["width"]


def test_only_a_list_made_here_is_passed_over() -> None:
    """A sheet that somebody adds under the list's name is told like any other additional sheet."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(FORM, clean())))
    book.create_sheet(CORRECTIONS)["A1"] = "改了三处"
    target = io.BytesIO()
    book.save(target)
    assert [f.key for f in read(target.getvalue()).findings if f.code == "W11"] == [f"W11.{CORRECTIONS}"]


def test_the_copy_is_a_valid_file(sample: Handed, validator: Validator, tmp_path: Path) -> None:
    """Microsoft's validator finds nothing in it."""
    path = tmp_path / "copy.xlsx"
    path.write_bytes(sample.copy)
    assert validator.problems([path]) == {path: []}


def test_corrected_in_libreoffice(office: Office, tmp_path: Path) -> None:
    """Corrected and saved by another program, it is read without a word about the list, and nothing is open."""
    wrong = FigureId("t2", "permits", "decisions")
    unread = {wrong: "无"}
    values = {figure: value for figure, value in all_zero(FORM).items() if figure != wrong}
    handed = handed_in(write_workbook(FORM, clean(values=values, unread=unread)))
    place = FORM_LAYOUT.figures[wrong].area.place
    path, saved = tmp_path / "copy.xlsx", tmp_path / "saved.xlsx"
    path.write_bytes(handed.copy)
    with office.open(path) as document:
        document.type(place.sheet, {place.cell: "0"})
        document.save(saved)
    again = read(saved.read_bytes())
    assert again.filing == clean()
    assert not [finding for finding in everything(again) if finding.is_open]
    assert not [finding for finding in again.findings if finding.code == "W11"]


def test_the_colour_goes_when_the_cell_is_right(office: Office, tmp_path: Path) -> None:
    """Below all other conditional formats stands one that paints the cell as drawn once its condition holds."""
    blank, looks, wrong = (FigureId("t2", row, "decisions") for row in ("permits", "coercion", "penalties"))
    values = all_zero(FORM) | {looks: Decimal(45366)}
    filing = clean(values={f: v for f, v in values.items() if f not in (blank, wrong)}, unread={wrong: "无"})
    handed = handed_in(write_workbook(FORM, filing))
    conditions = {}
    for index, figure in enumerate((blank, looks, wrong), start=1):
        cell = FORM_LAYOUT.figures[figure].area.place.absolute.rpartition("!")[2]
        rules = [rule for area in handed.seen["表二"].conditional_formatting for rule in area.rules]
        last = max((rule for rule in rules if cell in rule.formula[0]), key=lambda rule: rule.priority)
        conditions[f"BC{index}"] = "=" + last.formula[0]
    path = tmp_path / "copy.xlsx"
    path.write_bytes(handed.copy)
    with office.open(path) as document:
        document.type("表二", conditions)
        before = [cell.value for cell in document.read("表二", conditions).values()]
        typed = {blank: "0", looks: "12", wrong: "3"}
        document.type("表二", {FORM_LAYOUT.figures[f].area.place.cell: text for f, text in typed.items()})
        after = [cell.value for cell in document.read("表二", conditions).values()]
    assert (before, after) == ([0, 0, 0], [1, 1, 1])

"""The consolidated workbook: sums are live and true, nobody is left out unsaid, ten thousand units fit."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import openpyxl
import pytest

from tests.fills import all_zero, fill, random_fill
from tests.programs.libreoffice import Cell, Office
from tests.programs.validator import Validator
from tests.workbook.reading import FORM
from xltool.check.judge import amounts
from xltool.consolidate import Adjustment, Consolidation, Contribution, Presence, RosterRow, consolidate
from xltool.definition import parse_form
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.workbook.consolidated import write_consolidated
from xltool.workbook.layout import Place
from xltool.workbook.layout.consolidated import Summary
from xltool.workbook.layout.consolidated.places import Places, make_places

COUNTY = Unit("宁安县")
YEAR = 2024
NOTE = "草稿：应报 9 个单位，还有 2 个没有审定，数字不全，不作定稿"
NEW = FigureId("t3", "r1", "natural")
GRANTED = FigureId("t3", "r3_1", "natural")
CORRECTIONS = (
    Adjustment(NEW, Decimal(-3), "两局重复统计同一件申请", "张三"),
    Adjustment(FigureId("t2", "fees", "amount"), Decimal("0.25"), "漏报一笔", "李四"),
    Adjustment(NEW, Decimal(1), "=1+1", "张三"),
)
ODD_NAMES = ("=cmd|'/c calc'!A1", "甲&<乙>\"'局 😀", "_x000D_局", "  前后有空格  ", "http://example.com")
Held = dict[str, dict[str, Cell]]


def plain_units(count: int, year: int = YEAR) -> Iterator[Contribution]:
    """Units that balance: what comes in is granted."""
    for number in range(count):
        unit = Unit(f"第{number}局", type="部门")
        values = {NEW: Decimal(number), GRANTED: Decimal(number)}
        yield Contribution(unit, Filing(FORM.id, unit, year, {**all_zero(FORM), **values}))


def random_units(form: Form, chance: Random, count: int, year: int) -> Iterator[Contribution]:
    """As units return them, blanks and odd numbers included; some of them have odd names."""
    for number in range(count):
        filing = random_fill(form, chance, with_prior=False).filing
        unit = Unit(ODD_NAMES[number] if number < len(ODD_NAMES) else f"第{number}局", type=filing.unit.type)
        values, zeros = filing.values, filing.zero_declared
        yield Contribution(unit, Filing(form.id, unit, year, values, zeros))


def rows_of(consolidation: Consolidation) -> list[RosterRow]:
    return [RosterRow(s.unit, Presence.IN, COUNTY.name, "2025-01-20", 1) for s in consolidation.shares]


def places(consolidation: Consolidation, form: Form = FORM) -> Places:
    return make_places(Summary(form, consolidation, (), (), (), ""))


@cache
def complete() -> tuple[Consolidation, bytes]:
    """Twelve units, all in, with last year."""
    made = consolidate(FORM, COUNTY, YEAR, plain_units(12))
    before = consolidate(FORM, COUNTY, YEAR - 1, plain_units(9, YEAR - 1))
    return made, write_consolidated(FORM, made, rows_of(made), before.filing)


@cache
def draft() -> tuple[Consolidation, bytes]:
    """Seven units as units are, two that are not in, adjustments."""
    made = consolidate(FORM, COUNTY, YEAR, random_units(FORM, Random(4), 7, YEAR), CORRECTIONS)
    before = consolidate(FORM, COUNTY, YEAR - 1, random_units(FORM, Random(5), 7, YEAR - 1))
    roster = [
        *rows_of(made),
        RosterRow(Unit("档案局"), Presence.MISSING, COUNTY.name),
        RosterRow(Unit("水利局"), Presence.NOT_ACCEPTED, COUNTY.name, remark="第 2 次有错误"),
        RosterRow(Unit("老干部局"), Presence.NOT_DUE, COUNTY.name, remark="由组织部代编"),
    ]
    return made, write_consolidated(FORM, made, roster, before.filing, NOTE)


def cached(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=True)


def close(value: object, expected: Decimal) -> bool:
    """To the 15 digits that a cell holds."""
    assert isinstance(value, int | float)
    return abs(Decimal(value) - expected) <= Decimal("1e-14") * max(Decimal(1), abs(expected))


def at(book: openpyxl.Workbook, place: Place) -> object:
    return book[place.sheet][place.cell].value


# --- sums -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [complete, draft])
def test_the_official_tables_hold_the_sums(make: object) -> None:
    """Every figure of every table, totals included, as cached: Python's sum, and nothing where there is none."""
    made, data = make()  # type: ignore[operator]
    book, where = cached(data), places(made)
    known = amounts(FORM, made.filing)
    for figure, area in where.figures.items():
        value = at(book, area.place)
        if figure in known:
            assert close(value, known[figure]), figure
        else:
            assert value in (None, ""), figure


def test_each_unit_has_its_row() -> None:
    """What a unit gave stands in its row, blank where it left it blank; sums of columns stand above."""
    made, data = draft()
    book, where = cached(data), places(made)
    for figure in FORM.inputs:
        given = made.share(figure.id)
        for index, share in enumerate(made.shares):
            value, expected = at(book, where.share(figure.id, index)), given.get(share.unit.name)
            assert value is None if expected is None else close(value, expected)


@pytest.mark.parametrize("make", [complete, draft])
def test_recalculated_every_formula_says_the_same(make: object, office: Office, tmp_path: Path) -> None:
    """LibreOffice believes no cached value; what it computes on every sheet is what was written."""
    _, data = make()  # type: ignore[operator]
    book, held = cached(data), recalculated(data, office, tmp_path)
    formulas = 0
    for sheet, cells in held.items():
        for address, cell in cells.items():
            if cell.formula is not None:
                formulas += 1
                assert same(cell, book[sheet][address].value), f"{sheet}!{address} {cell}, {book[sheet][address].value}"
    assert formulas > 1500


def recalculated(data: bytes, office: Office, folder: Path) -> Held:
    path = folder / "sum.xlsx"
    path.write_bytes(data)
    with office.open(path) as document:
        return {sheet.name: document.read(sheet.name) for sheet in document.sheets()}


def same(found: Cell, written: object) -> bool:
    if isinstance(written, int | float):
        return isinstance(found.value, float) and abs(found.value - written) <= 1e-9 * max(1.0, abs(written))
    return (found.value or "") == (written or "") and found.error is None


def test_the_sums_are_live(office: Office, tmp_path: Path) -> None:
    """Another number in a unit's row changes the sum, its totals, the comparison, a chart's number and a check."""
    made, data = complete()
    where = places(made)
    path = tmp_path / "sum.xlsx"
    path.write_bytes(data)
    cell, total = where.share(NEW, 3), NEW._replace(column="total")
    with office.open(path) as document:
        before = document.read(where.figures[NEW].place.sheet)
        document.unprotect(cell.sheet)
        document.type(cell.sheet, {cell.cell: "1003"})
        after = document.read(where.figures[NEW].place.sheet)
        compared, checks = document.read(where.current(NEW).sheet), document.read("校验")
        charts = document.read("图表")
    for figure in (NEW, total):
        place = where.figures[figure].place.cell
        assert (before[place].value, after[place].value) == (66.0, 1066.0)
    assert compared[where.current(NEW).cell].value == 1066.0
    (row,) = [address[1:] for address, c in checks.items() if c.value == "A03.natural"]
    assert checks[f"D{row}"].value == "不符"
    assert 1003.0 in [c.value for c in charts.values()]


def test_adjustments_are_added_and_listed() -> None:
    """Every correction with its reason; the table's formula adds it, the units' sum does not contain it."""
    made, data = draft()
    where = places(made)
    listed = [[cell.value for cell in row] for row in cached(data)["调整"].iter_rows(min_row=6)]
    assert [(row[3], row[4], row[5]) for row in listed] == [
        (-3, "两局重复统计同一件申请", "张三"),
        (0.25, "漏报一笔", "李四"),
        (1, "=1+1", "张三"),
    ]
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    place = where.figures[NEW].place
    assert "SUMIF" in formulas[place.sheet][place.cell].value
    other = where.figures[GRANTED].place
    assert "SUMIF" not in formulas[other.sheet][other.cell].value


def test_a_number_leads_to_its_units() -> None:
    """A click on a sum goes to the column of the units' numbers; a unit's row leads back to the roster."""
    made, data = complete()
    where = places(made)
    book = openpyxl.load_workbook(io.BytesIO(data))
    link = book[where.figures[NEW].place.sheet][where.figures[NEW].place.cell].hyperlink
    target = where.share(NEW, 0)
    assert link.location == f"'{target.sheet}'!{target.cell}"
    assert book[target.sheet]["A7"].value == "=HYPERLINK(\"#'汇总单位'!B6\",1)"


# --- who is in, and who is not ----------------------------------------------------------------------------


def test_who_is_not_in_is_named() -> None:
    """On the cover with the reason, in the list of units with everybody else, among the findings as an error."""
    _, data = draft()
    book = cached(data)
    cover = [[cell.value for cell in row] for row in book["封面"].iter_rows()]
    assert [row[2:5] for row in cover if row[2] in ("档案局", "水利局", "老干部局")] == [
        ["档案局", "未交", None],
        ["水利局", "未审定", "第 2 次有错误"],
    ]
    units = {row[1].value: row for row in book["汇总单位"].iter_rows(min_row=6)}
    assert len(units) == 10
    assert units["老干部局"][4].value == "不单独填报"
    assert units["第5局"][5].value == "2025-01-20"
    codes = [cell.value for cell in book["校验"]["A"]]
    assert codes.count("H01") == 2


def test_a_draft_says_so_everywhere() -> None:
    """On every sheet, on the screen and on every printed page; a complete sum says it nowhere."""
    _, data = draft()
    book = cached(data)
    for sheet in book.worksheets:
        assert NOTE in [cell.value for row in sheet.iter_rows(max_row=4) for cell in row], sheet.title
        header = sheet.oddHeader
        assert header is not None
        assert NOTE in str(header.center.text), sheet.title
    assert "草稿".encode() not in b"".join(parts(complete()[1]).values())


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_odd_names_stay_texts(office: Office, tmp_path: Path) -> None:
    """Nothing that a unit is called becomes a formula, a link or an escape."""
    _, data = draft()
    held = recalculated(data, office, tmp_path)["表三明细"]
    assert [held[f"B{row}"] for row in range(7, 12)] == [Cell(name) for name in ODD_NAMES]
    formulas = re.findall(rb"<f>([^<]*)</f>", b"".join(parts(data).values()))
    assert not [formula for formula in formulas if b"cmd" in formula or b"http" in formula]


# --- the file ---------------------------------------------------------------------------------------------


def test_the_sdk_finds_nothing(validator: Validator, tmp_path: Path) -> None:
    """Microsoft's Open XML SDK has no objection, whatever is lacking; equal input gives equal bytes."""
    nobody = consolidate(FORM, COUNTY, YEAR, [])
    files = {"complete": complete()[1], "draft": draft()[1], "nobody": write_consolidated(FORM, nobody, [], None, NOTE)}
    paths = {name: tmp_path / f"{name}.xlsx" for name in files}
    for name, data in files.items():
        paths[name].write_bytes(data)
    problems = validator.problems(paths.values())
    assert {name: problems[path] for name, path in paths.items() if problems[path]} == {}
    made, data = complete()
    before = consolidate(FORM, COUNTY, YEAR - 1, plain_units(9, YEAR - 1))
    assert write_consolidated(FORM, made, rows_of(made), before.filing) == data


def test_charts_show_what_the_form_says() -> None:
    """As many as the form has; none for which there is nothing to draw; last year only where it is known."""
    made, data = complete()
    charts = [name for name in parts(data) if name.startswith("xl/charts/chart")]
    # All requests are granted and nobody went to court: the chart of court results has nothing to show.
    assert len(charts) == len(FORM.charts) - 1
    drawn = b"".join(parts(data)[name] for name in charts).decode()
    assert f"{YEAR - 1}年" in drawn
    alone = parts(write_consolidated(FORM, made, rows_of(made)))
    assert f"{YEAR - 1}年" not in b"".join(alone[name] for name in alone if "charts/chart" in name).decode()


def test_the_largest_units_are_charted() -> None:
    """Ten of them, the largest first."""
    _, data = complete()
    cells = [row for row in cached(data)["图表"].iter_rows(max_col=2, values_only=True) if str(row[0]).startswith("第")]
    assert cells == [(f"第{number}局", number) for number in range(11, 1, -1)]


VILLAGE = """
charts:
  - {title: 到会, kind: pie, figures: {男: meet.men.total, 女: meet.women.total}}
  - {title: 开会最多的村, kind: bar, each: unit, of: meet.held.total, top: 2}
  - {title: 土地, kind: column, prior: 是, figures: {水田: land.paddy.plots, 旱地: land.terrace.plots + land.slope.plots}}
"""


def test_another_form_is_added_up_as_well(office: Office, tmp_path: Path) -> None:
    """A made-up form with other tables, kinds and charts: every formula computes to what was written."""
    text = (Path(__file__).parents[1] / "forms" / "village-9" / "form.yaml").read_text("utf-8")
    form = parse_form(text + VILLAGE)
    meetings = fill(form, "meet", "spring autumn other\nheld 1 2 0\nmen 10 . 5\nwomen 3 4 0")
    units = [Unit("柳树村", type="行政村"), Unit("枣树村", type="行政村"), Unit("城东", type="居委会")]
    filings = [Filing(form.id, unit, 2025, {**all_zero(form), **meetings}) for unit in units]
    made = consolidate(form, Unit("某乡"), 2025, [Contribution(filing.unit, filing) for filing in filings])
    data = write_consolidated(form, made, rows_of(made), made.filing)
    book, held = cached(data), recalculated(data, office, tmp_path)
    assert book.sheetnames[2:6] == ["收支表", "议事表", "土地表", "补助"]
    wrong = [
        f"{sheet}!{address} {cell}"
        for sheet, cells in held.items()
        for address, cell in cells.items()
        if cell.formula is not None and not same(cell, book[sheet][address].value)
    ]
    assert not wrong
    assert at(book, places(made, form).figures[FigureId("meet", "held", "total")].place) == 9


# VmHWM and not getrusage: that one begins with the memory of the process that started this one.
_MEASURED = """
import re, sys
from tests.workbook.test_consolidated import COUNTY, FORM, YEAR, consolidate, plain_units, rows_of, write_consolidated
made = consolidate(FORM, COUNTY, YEAR, plain_units(int(sys.argv[1])))
data = write_consolidated(FORM, made, rows_of(made))
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1)) // 1024)
"""


def test_memory_stays_flat() -> None:
    """Ten times as many units need little more memory: 2,000 units less than 40 MB above 200."""
    few, many = (
        int(subprocess.run([sys.executable, "-c", _MEASURED, count], capture_output=True, check=True, text=True).stdout)
        for count in ("200", "2000")
    )
    assert many - few < 40

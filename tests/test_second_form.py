"""A second, made-up form goes the whole way: nothing in the code knows the annual report."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fills import all_zero, filings, fill, priors
from tests.programs.libreoffice import Office
from tests.workbook.test_same_verdict import differences
from xltool.check.filing import check_filing
from xltool.check.judge import amounts
from xltool.definition import load_form
from xltool.errors import FileRefused
from xltool.figure import FigureId, Kind
from xltool.filing import Filing, Unit, from_json, to_json
from xltool.form import Form
from xltool.report.word import write_word
from xltool.workbook.layout import make_layout
from xltool.workbook.reader import read_filing
from xltool.workbook.skeleton import blank_workbook
from xltool.workbook.snapshot import take_snapshot
from xltool.workbook.writer import blank_filing, write_workbook

FOLDER = Path(__file__).parent / "forms" / "village-9"
VILLAGE = load_form(FOLDER)
UNIT = Unit("柳树村", type="行政村")
YEAR = 2025


def by_id(form_id: str) -> Form | None:
    return VILLAGE if form_id == VILLAGE.id else None


def filing(values: dict[FigureId, Decimal] | None = None, unit: Unit = UNIT, year: int = YEAR) -> Filing:
    """Everything 0 but ``values``; every text written."""
    texts = {
        "cover.clerk": "钱七",
        "cover.witness": "赵六",
        "fees.use": "修路。",
        "closing.praise": "有。",
        "closing.plans": "再修。",
    }
    return Filing(VILLAGE.id, unit, year, {**all_zero(VILLAGE), **(values or {})}, texts=texts)


def codes(now: Filing, prior: Filing | None = None) -> list[str]:
    return [finding.key for finding in check_filing(VILLAGE, now, prior)]


LAST_YEAR = filing({FigureId("land", "slope", "plots"): Decimal(1)}, year=YEAR - 1)


def test_the_definition_is_read_as_it_stands() -> None:
    """Tables that are stacked, set across, or have totals both ways; figures in the order of the file."""
    assert [table.id for table in VILLAGE.tables] == ["cash", "meet", "land", "aid"]
    assert len(VILLAGE.figures) == 6 + 6 + 24 + 6 + 1
    assert [f.kind for f in VILLAGE.figures_of("cash")] == [Kind.YUAN] * 6 + [Kind.COUNT, Kind.MONEY] * 3
    assert len([f for f in VILLAGE.figures_of("meet") if f.computed is not None]) == 6 + 3
    assert VILLAGE.text_ids == (
        "cover.clerk", "cover.witness", "people.remarks", "fees.use", "closing.praise", "closing.plans",
    )  # fmt: skip


def test_totals_cross() -> None:
    """A total row and a total column of the same id meet in one figure, which adds up everything."""
    values = fill(
        VILLAGE,
        "meet",
        """
               spring  autumn  other
        held      1       2      0
        men      10      20      5
        women     3       4      0
        """,
    )
    known = amounts(VILLAGE, filing(values))
    assert known[FigureId("meet", "total", "total")] == 42
    assert known[FigureId("meet", "men", "total")] == 35
    assert known[FigureId("meet", "total", "spring")] == 13


def test_a_blank_workbook_comes_back_blank() -> None:
    """The skeleton filled for a unit is the whole rendering; read again nothing was filled in."""
    data = blank_workbook(VILLAGE, UNIT, YEAR)
    assert parts(data) == parts(write_workbook(VILLAGE, blank_filing(VILLAGE, UNIT, YEAR)))
    returned = read_filing(data, by_id)
    assert returned.filing == blank_filing(VILLAGE, UNIT, YEAR)
    assert returned.findings == ()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_workbook_of_an_unknown_form_is_refused() -> None:
    """Without the definition the workbook cannot be read; the sentence names the form."""
    with pytest.raises(FileRefused, match="village-9"):
        read_filing(blank_workbook(VILLAGE, UNIT, YEAR), lambda _form_id: None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_is_written_is_read_back(data: st.DataObject) -> None:
    """read(write(filing)) is the filing, in the workbook and in JSON, last year's figures included."""
    written = data.draw(filings(VILLAGE))
    prior = data.draw(priors(VILLAGE, written))
    returned = read_filing(write_workbook(VILLAGE, written, prior), by_id)
    assert returned.filing == written
    assert returned.prior == prior
    assert from_json(to_json(written)) == written


def test_the_live_checks_say_what_python_says(office: Office, tmp_path: Path) -> None:
    """LibreOffice recalculates the second form's workbooks; every formula gives Python's value."""
    chance = Random(9)
    for number in range(6):
        now, prior = random_filing(chance, YEAR), random_filing(chance, YEAR - 1) if number % 3 else None
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(write_workbook(VILLAGE, now, prior))
        layout = make_layout(VILLAGE, YEAR, prior is not None)
        with office.open(path) as document:
            held = {sheet.name: document.read(sheet.name) for sheet in layout.sheets}
        assert not list(differences(layout, held, take_snapshot(VILLAGE, now, prior, 1).values))


def random_filing(chance: Random, year: int) -> Filing:
    """Small counts, some blank, a table declared 0 now and then, a unit of any type."""
    values = {f.id: Decimal(chance.choice((0, 0, 1, 2, 9))) for f in VILLAGE.inputs if chance.random() < 0.9}
    declared = frozenset(t.id for t in VILLAGE.tables if t.required and chance.random() < 0.5)
    unit = Unit("柳树村", type=chance.choice((None, *VILLAGE.unit_types)))
    return Filing(VILLAGE.id, unit, year, values, declared)


def at(text: str, number: str | int) -> dict[FigureId, Decimal]:
    return {FigureId.parse(text): Decimal(number)}


FAILING: list[tuple[str, Callable[[], list[str]]]] = [
    ("M02.spring", lambda: codes(filing(at("meet.passed.spring", 1)), LAST_YEAR)),
    ("M03.autumn", lambda: codes(filing(at("meet.held.autumn", 1)), LAST_YEAR)),
    ("C01.all", lambda: codes(filing(at("cash.bank.opening", 5)), LAST_YEAR)),
    ("C02", lambda: codes(filing(at("cash.firms.amount", "0.5"), Unit("城东", type="居委会")), LAST_YEAR)),
    ("C03.owed", lambda: codes(filing(at("cash.owed.count", 1)), LAST_YEAR)),
    ("L01.terrace", lambda: codes(filing(at("land.terrace.let", 1)), LAST_YEAR)),
    ("L02", lambda: codes(without("aid.aid.sum"), LAST_YEAR)),
    ("Q01.land.slope.plots", lambda: codes(filing(at("land.slope.plots", 9)), LAST_YEAR)),
    ("Q02", lambda: codes(filing(at("land.slope.plots", 1)), LAST_YEAR)),
    ("T04.cash.cash.opening", lambda: codes(filing(at("cash.cash.opening", "0.001")), LAST_YEAR)),
    ("T01.meet", lambda: codes(without("meet.men.spring"), LAST_YEAR)),
]


def without(text: str) -> Filing:
    values = {figure: value for figure, value in all_zero(VILLAGE).items() if str(figure) != text}
    return Filing(VILLAGE.id, UNIT, YEAR, values, texts=filing().texts)


def test_a_filing_without_mistakes_has_no_findings() -> None:
    """All zero is a good answer to this form, too."""
    assert codes(filing(), LAST_YEAR) == []


@pytest.mark.parametrize(("key", "found"), FAILING, ids=[key for key, _ in FAILING])
def test_its_rules_fire(key: str, found: Callable[[], list[str]]) -> None:
    """Each rule of the second form finds the mistake it is there for."""
    assert key in found()


def test_stated_totals_are_compared() -> None:
    """A total as a document states it is held against the sum."""
    stated = Filing(**{**vars(filing()), "stated": at("meet.total.spring", 3)})
    assert codes(stated, LAST_YEAR) == ["M01.spring"]


def test_unknown_powers_do_not_apply() -> None:
    """A unit whose type says nothing of a power is not judged by it."""
    assert "C02" not in codes(filing(at("cash.firms.amount", 1), Unit("某处")), LAST_YEAR)


def test_the_report_has_its_sections_and_tables() -> None:
    """Headings, printed tables and the form's own sentences; the last section without a date."""
    document = docx.Document(io.BytesIO(write_word(VILLAGE, filing(at("land.paddy.let", 2)))))
    lines = [paragraph.text for paragraph in document.paragraphs]
    headings = [section.heading for section in VILLAGE.sections]
    assert [line for line in lines if line in headings] == headings
    assert "本表由柳树村填报，2025年全年有效（经手人：钱七）。" in lines
    assert "流转水田2块。" in lines
    assert "收到补助0元。" in lines
    assert len(document.tables) == 3

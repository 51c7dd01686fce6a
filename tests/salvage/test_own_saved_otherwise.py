"""A filled workbook of ours saved otherwise: what the unit said in its own words, declarations too, is read as it is."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.campaign.making import EDUCATION, FOUR, campaign_in, take_one
from tests.documents.test_sheets import encrypted
from tests.fills import all_zero
from tests.programs.gnumeric import Gnumeric
from tests.programs.node import ExcelJS
from tests.salvage.conftest import Convert
from tests.salvage.test_cli import Xltool, xltool
from tests.salvage.test_reports import filing as full_filing
from xltool.campaign.salvaging import TO_CONFIRM
from xltool.campaign.taking import Outcome
from xltool.check.filing import check_filing
from xltool.documents import read_document
from xltool.documents.model import DocTable, Document
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.salvage import Salvage, Sureness, all_findings, inputs_counted, salvage, to_confirm
from xltool.workbook.layout.addresses import COVER
from xltool.workbook.reader import read_filing
from xltool.workbook.writer import write_workbook

__all__ = ["xltool"]

UNIT = Unit("某县疾病预防控制中心", "ZX-07", "事业单位", {"coercion": True})
NEW, GRANTED, MADE = (
    FigureId("t3", "r1", "natural"),
    FigureId("t3", "r3_1", "natural"),
    FigureId("t2", "documents", "made"),
)
EXPLAINED = "X10"
YEAR = 2024


def said(form: Form) -> Filing:
    """Few figures, three declarations 是, the texts, one explanation."""
    return Filing(
        form=form.id,
        unit=UNIT,
        year=YEAR,
        values={NEW: Decimal(3), GRANTED: Decimal(3), MADE: Decimal(7), **all_zero(form, "s6")},
        zero_declared=frozenset(table.id for table in form.tables if table.required),
        texts=full_filing(form).texts,
        explanations={EXPLAINED: "经核对，情况属实。"},
    )


def last_year(form: Form) -> Filing:
    return Filing(form.id, UNIT, YEAR - 1, dict.fromkeys((f.id for f in form.inputs), Decimal(41)))


def book(form: Form, filing: Filing) -> bytes:
    return write_workbook(form, filing, last_year(form))


def read(form: Form, data: bytes, password: str | None = None) -> Salvage:
    return salvage(read_document(data, password=password), (form,))


def check_as_said(form: Form, salvaged: Salvage) -> None:
    """Nothing is lost, nothing is in doubt, and the same is to be said of it as of the workbook itself."""
    filing = said(form)
    assert inputs_counted(salvaged) == {Sureness.SURE: 168, Sureness.DOUBTFUL: 0, Sureness.MISSING: 0}
    assert salvaged.filing == filing
    assert salvaged.certainty[GRANTED].value == 3
    assert salvaged.certainty[FigureId("t4", "review", "total")].value == 0
    assert {finding.code for finding in salvaged.findings} <= {"W06"}
    checked = [finding.key for finding in check_filing(form, filing, last_year(form)) if finding.is_open]
    told = [finding.key for finding in all_findings(salvaged, last_year(form)) if finding.is_open]
    assert set(checked) <= set(told)
    assert not any(key.startswith(("T", "R")) for key in told)


def with_a_row(data: bytes) -> bytes:
    """A row put into each table that people fill in."""
    loaded = openpyxl.load_workbook(io.BytesIO(data))
    for name in ("表二", "表三", "表四"):
        sheet = loaded[name]
        merged = [str(area) for area in sheet.merged_cells.ranges if area.min_row > 8]
        moved = [area for area in list(sheet.merged_cells.ranges) if str(area) in merged]
        sheet.insert_rows(9)
        for area in moved:
            area.shift(row_shift=1)
    stream = io.BytesIO()
    loaded.save(stream)
    return stream.getvalue()


# --- what the unit said -----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["xls", "ods", "fods"])
def test_saved_by_libreoffice(form: Form, convert: Convert, tmp_path: Path, suffix: str) -> None:
    """As WPS saves it under another name: the formats that units hand in by mistake."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(book(form, said(form)))
    salvaged = read(form, convert(source, suffix).read_bytes())
    check_as_said(form, salvaged)
    assert "另存的" in "".join(salvaged.notes)
    assert "没有读" not in "".join(salvaged.notes)


@pytest.mark.parametrize("suffix", ["xls", "ods", "xlsx"])
def test_saved_by_gnumeric(form: Form, gnumeric: Gnumeric, tmp_path: Path, suffix: str) -> None:
    """Another program's idea of the same formats."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(book(form, said(form)))
    check_as_said(form, read(form, gnumeric.resave(source, tmp_path / f"b.{suffix}").read_bytes()))


def test_saved_by_exceljs(form: Form, exceljs: ExcelJS, tmp_path: Path) -> None:
    """A script in some office's system."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(book(form, said(form)))
    check_as_said(form, read(form, exceljs.resave(source, tmp_path / "b.xlsx").read_bytes()))


def test_with_a_password(form: Form) -> None:
    """Opened, it is the workbook that was handed out."""
    check_as_said(form, read(form, encrypted(book(form, said(form)), "年报2024"), "年报2024"))


def test_with_rows_inserted(form: Form) -> None:
    """Rows are found by their labels, declarations where they have gone to."""
    check_as_said(form, read(form, with_a_row(book(form, said(form)))))


def test_a_declared_table_that_lost_a_row(form: Form) -> None:
    """What the row said is asked for and is not made 0; the other blanks are 0, and the year's texts are all there."""
    loaded = openpyxl.load_workbook(io.BytesIO(book(form, said(form))))
    row = next(cell.row for row in loaded["表四"].iter_rows() for cell in row if cell.value == "结果维持")
    assert row is not None
    loaded["表四"].delete_rows(row)
    stream = io.BytesIO()
    loaded.save(stream)
    salvaged = read(form, stream.getvalue())
    kept = {figure.id for figure in form.inputs if figure.id.table != "t4"}
    assert all(salvaged.certainty[figure].is_sure for figure in kept)
    assert salvaged.filing.unit == UNIT
    assert salvaged.filing.texts == said(form).texts
    assert salvaged.filing.explanations == said(form).explanations
    assert salvaged.filing.zero_declared == said(form).zero_declared - {"t4"}
    assert inputs_counted(salvaged)[Sureness.MISSING] == sum(figure.id.table == "t4" for figure in form.inputs)
    assert {finding.code for finding in salvaged.findings} == {"R02", "W06"}


def test_without_the_hidden_sheet(form: Form) -> None:
    """The number on the cover tells form and year; what was said is read, that the sheet is gone is an error."""
    whole = read_document(book(form, said(form)))
    salvaged = salvage(replace(whole, hidden=()), (form,))
    assert replace(salvaged.filing, unit=UNIT) == said(form)
    assert (salvaged.filing.unit.name, salvaged.filing.year) == (UNIT.name, YEAR)
    assert "W16" in {finding.code for finding in salvaged.findings}


# --- what nobody said -------------------------------------------------------------------------------------


def undeclared(form: Form, typed: str) -> bytes:
    """The same where ``typed`` stands in place of each declaration."""
    loaded = openpyxl.load_workbook(io.BytesIO(book(form, replace(said(form), zero_declared=frozenset()))))
    for sheet in loaded.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value or "").startswith("本表空白格均为 0"):
                    right = next(c for c in row[cell.column :] if not c.protection.locked)
                    right.value = typed or None
    stream = io.BytesIO()
    loaded.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("typed", ["否", ""])
def test_blanks_without_declaration(form: Form, typed: str) -> None:
    """They stay questions: every one of them is counted and named."""
    salvaged = read(form, undeclared(form, typed))
    values = said(form).values
    assert salvaged.filing.values == values
    assert inputs_counted(salvaged)[Sureness.MISSING] == 168 - len(values)
    asked = {figure for finding in salvaged.findings if finding.code == "R02" for figure in finding.figures}
    assert asked == {figure.id for figure in form.inputs} - set(values)
    assert salvaged.filing.zero_declared == frozenset()
    assert read_filing(to_confirm(salvaged), lambda _: form).filing.zero_declared == frozenset()


def test_words_where_a_number_is_due(form: Form) -> None:
    """A declaration makes no 0 of them; they are told once, with what was probably meant."""
    filing = said(form)
    figure = FigureId("t3", "r2", "natural")
    salvaged = read(form, write_workbook(form, replace(filing, unread={figure: "约12"})))
    assert salvaged.certainty[figure].sureness is Sureness.MISSING
    assert salvaged.filing.unread == {figure: "约12"}
    assert [finding.code for finding in salvaged.findings if figure in finding.figures] == ["T02"]


def test_a_total_typed_over(form: Form) -> None:
    """As in the workbook itself: the total is made anew, and what was typed is asked about."""
    loaded = openpyxl.load_workbook(io.BytesIO(book(form, said(form))))
    row = next(row for row in loaded["表三"].iter_rows() if any("本年新收" in str(cell.value) for cell in row))
    total = next(cell for cell in row if str(cell.value).startswith("="))
    total.value = 99
    stream = io.BytesIO()
    loaded.save(stream)
    salvaged = read(form, stream.getvalue())
    assert salvaged.filing.values == said(form).values
    assert "W07" in {finding.code for finding in salvaged.findings}


def test_last_year_is_not_this_year(form: Form) -> None:
    """Figures of last year stand on the hidden sheet under this year's names; nothing of them is this year's."""
    filing = Filing(form.id, UNIT, YEAR, texts=said(form).texts)
    salvaged = read(form, book(form, filing))
    assert salvaged.filing.values == {}
    assert {read.value for read in salvaged.certainty.values()} == {None}


def test_a_blank_workbook(form: Form, convert: Convert, tmp_path: Path) -> None:
    """There is nothing in it, and that is said; its own checks are no figures."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(write_workbook(form, Filing(form.id, UNIT, YEAR)))
    with pytest.raises(FileRefused, match="没有填过"):
        read(form, convert(source, "ods").read_bytes())


def test_a_declaration_in_a_foreign_workbook(form: Form) -> None:
    """Without our identity the words are nobody's declaration: blanks stay questions."""
    own = read_document(book(form, said(form)))
    blocks = tuple(block for block in own.blocks if not (isinstance(block, DocTable) and block.name == COVER))
    salvaged = salvage(Document("xlsx", blocks), (form,), UNIT.name, YEAR)
    assert salvaged.stamps is None
    assert salvaged.filing.zero_declared == frozenset()
    assert inputs_counted(salvaged)[Sureness.MISSING] > 100


# --- the command, the campaign ----------------------------------------------------------------------------


def test_the_command(form: Form, xltool: Xltool, convert: Convert, tmp_path: Path) -> None:
    """The workbook it makes is the unit's: code, type and powers, declarations, texts, explanation, last year."""
    source = tmp_path / "a.xlsx"
    source.write_bytes(book(form, said(form)))
    saved = convert(source, "xls")
    out = xltool("salvage", saved, "-o", "out").out
    assert "存疑 0，没有读到 0" in out
    assert "另存的" in out
    (made,) = (tmp_path / "out").iterdir()
    again = read_filing(made.read_bytes(), lambda _: form)
    assert again.filing == said(form)
    assert again.prior is not None
    assert again.prior.values == last_year(form).values


def test_taken_by_a_campaign(convert: Convert, tmp_path: Path) -> None:
    """It is not filed; what the unit is to confirm is all that it had said."""
    campaign = campaign_in(tmp_path / "任务", FOUR)
    form = campaign.form
    unit = campaign.roster().by_name[EDUCATION].unit
    source = tmp_path / "a.xlsx"
    filing = replace(said(form), unit=unit)
    source.write_bytes(write_workbook(form, filing))
    line = take_one(campaign, tmp_path / "b.xls", convert(source, "xls").read_bytes())
    assert line.outcome == Outcome.REFUSED
    assert "已读出 168 个数，填入" in line.said
    (made,) = (campaign.folder / "退回" / TO_CONFIRM).iterdir()
    assert read_filing(made.read_bytes(), lambda _: form).filing == filing

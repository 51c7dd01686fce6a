"""xltool.report.data: open data after a published schema; every figure under its official labels."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from tests.fills import all_zero, filings, random_fill, whole_workbooks
from tests.test_report_view import SMALL_FORM
from xltool.check.judge import amounts
from xltool.definition import form_by_id, parse_form
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.report.data import SCHEMA_ID, report_data, schema_text, write_csv, write_json
from xltool.report.view import build_view
from xltool.samples import SAMPLE_NAMES, load_sample

SCHEMA = json.loads(schema_text())
FEE = FigureId("t2", "fees", "amount")
FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")


def the_form() -> Form:
    form = form_by_id("gkbg-2021")
    assert form is not None
    return form


def read_json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def json_figures(data: Any) -> Iterator[dict[str, Any]]:
    for section in data["sections"]:
        yield from section["table"]["figures"] if section["table"] is not None else ()


def read_csv(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def said_filings() -> list[Filing]:
    form = the_form()
    drawn = [random_fill(form, Random(seed), with_prior=False).filing for seed in range(6)]
    return [*(load_sample(name).filing for name in SAMPLE_NAMES), *drawn]


@pytest.mark.parametrize("said", said_filings(), ids=lambda said: said.unit.name)
def test_json_keeps_to_its_schema(said: Filing) -> None:
    """A strict validator has nothing to say; the schema is a schema, and the data name it."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    data = json.loads(write_json(the_form(), said))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert data["$schema"] == SCHEMA["$id"] == SCHEMA_ID


def test_the_schema_refuses_what_is_not_said() -> None:
    """A figure without its unit of measure, a number as text, an unknown key."""
    data = json.loads(write_json(the_form(), load_sample("suqian-2024").filing))
    figure = next(json_figures(data))
    for spoilt in ({**figure, "value": "3"}, {**figure, "more": 1}, {k: v for k, v in figure.items() if k != "unit"}):
        data["sections"][1]["table"]["figures"][0] = spoilt
        assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(data)


@pytest.mark.parametrize("said", said_filings(), ids=lambda said: said.unit.name)
def test_json_holds_every_figure(said: Filing) -> None:
    """Every figure of the form in its order, totals among them, with labels, unit and exact value; a blank is null."""
    form = the_form()
    known = amounts(form, said)
    read = {FigureId.parse(f["id"]): f for f in json_figures(read_json(write_json(form, said)))}
    assert list(read) == [figure.id for table in form.tables for figure in form.figures_of(table.id)]
    assert set(read) == set(form.figures)
    for figure, found in read.items():
        declared = form.figures[figure]
        assert (*found["row"], *found["column"]) == declared.labels
        assert found["unit"] == declared.kind.unit
        assert found["value"] == known.get(figure)
        assert found["computed"] == (declared.computed is not None)


@pytest.mark.parametrize("said", said_filings(), ids=lambda said: said.unit.name)
def test_csv_holds_every_figure(said: Filing) -> None:
    """A line for each figure: edition, unit, year, period, table, labels, id, value, unit of measure."""
    form = the_form()
    known = amounts(form, said)
    rows = read_csv(write_csv(form, said))
    assert len(rows) == len(form.figures)
    assert {(r["表式"], r["单位"], r["年度"]) for r in rows} == {(form.id, said.unit.name, str(said.year))}
    assert {(r["起"], r["止"]) for r in rows} == {(f"{said.year}-01-01", f"{said.year}-12-31")}
    for row in rows:
        figure = form.figures[FigureId.parse(row["指标"])]
        labels = [*row["行"].split(" / "), *row["列"].split(" / ")]
        assert labels[-len(figure.labels) :] == list(figure.labels)
        assert row["计量单位"] == figure.kind.unit
        assert row["表"] == form.table(figure.id.table).name
        value = Decimal(row["数值"]) if row["数值"] else None
        assert value == known.get(figure.id)


def test_numbers_are_exact(form: Form) -> None:
    """More digits than a floating-point number has stay; nothing is written with an exponent."""
    exact = Decimal("123456789012345.678901")
    said = Filing(form.id, Unit("甲局"), 2024, {**all_zero(form), FEE: exact})
    text = write_json(form, said)
    assert '"value": 123456789012345.678901' in text
    assert next(f for f in json_figures(read_json(text)) if f["id"] == str(FEE))["value"] == exact
    row = next(r for r in read_csv(write_csv(form, said)) if r["指标"] == str(FEE))
    assert (row["数值"], row["计量单位"]) == ("123456789012345.678901", "万元")


def test_a_text_is_never_taken_for_a_number(form: Form) -> None:
    """Whatever a unit types stays a text, signs and escapes included."""
    typed = '\x0012\x00 "\\u00005\\u0000" {"value": 3}'
    said = Filing(form.id, Unit("甲局"), 2024, texts=dict.fromkeys(form.text_ids, typed))
    data = json.loads(write_json(form, said))
    texts = [p["text"] for section in data["sections"] for p in section["paragraphs"]]
    assert typed.replace("\x00", "") in texts


def test_a_draft_says_so_in_the_data(form: Form) -> None:
    """JSON in its key, CSV in every line: no figure of a draft is taken over unseen."""
    said = load_sample("mistakes").filing
    for draft, status in ((True, "草稿"), (False, "正式")):
        assert {row["状态"] for row in read_csv(write_csv(form, said, draft))} == {status}
        assert read_json(write_json(form, said, build_view(form, said, draft)))["draft"] is draft


def test_data_do_no_harm_in_a_page(form: Form) -> None:
    """No sign of markup stands in the JSON, which reads back as it was typed."""
    typed = "</script><script>alert(1)</script>&lt;!-- ]]> 甲&乙"
    text = write_json(form, Filing(form.id, Unit(typed), 2024, texts=dict.fromkeys(form.text_ids, typed)))
    assert not set("<>&") & set(text)
    data = json.loads(text)
    assert data["unit"]["name"] == typed
    assert typed in {p["text"] for section in data["sections"] for p in section["paragraphs"]}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠1"])
def test_no_cell_is_a_formula(form: Form, name: str) -> None:
    """What a spreadsheet program would run is kept from it by an apostrophe; numbers stay numbers."""
    said = Filing(form.id, Unit(name, code=name), 2024, all_zero(form))
    for row in read_csv(write_csv(form, said)):
        assert not any(FORMULA.match(cell) for cell in row.values())
        assert row["单位"] == f"'{name.strip()}"
        assert row["数值"] == "0"


def test_paragraphs_are_those_of_the_view(form: Form) -> None:
    """Foreword, paragraphs and signature as published; what was made from the figures says so."""
    sample = load_sample("yanchi-2021")
    empty = replace(sample.filing, texts={"cover.date": "2022-1-15"})
    view = build_view(form, empty, draft=True)
    data = report_data(form, empty, view)
    assert [section["heading"] for section in data["sections"]] == [section.heading for section in form.sections]
    drafted = [p["text"] for section in data["sections"] for p in section["paragraphs"] if p["drafted"]]
    assert any("未收到政府信息公开申请" in text for text in drafted)
    assert data["signature"] == {"unit": view.unit, "date": "2022年1月15日"}
    assert (data["draft"], data["title"]) == (True, view.title)


@whole_workbooks(30)
@given(said=filings(the_form()))
def test_whatever_is_typed_is_data(said: Filing) -> None:
    """Any text and number a workbook can hold gives valid JSON and CSV in proper UTF-8."""
    data = json.loads(write_json(the_form(), said).encode())
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert len(read_csv(write_csv(the_form(), said))) == len(the_form().figures)


def test_another_form() -> None:
    """A made-up form has its own tables and units of measure."""
    small = parse_form(SMALL_FORM)
    said = Filing(small.id, Unit("甲镇"), 2023, {FigureId("s", "town", "bags"): Decimal(7)})
    data = json.loads(write_json(small, said))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    assert {f["id"]: f["value"] for f in json_figures(data)}["s.town.bags"] == 7
    assert len(read_csv(write_csv(small, said))) == len(small.figures)

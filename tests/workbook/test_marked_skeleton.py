"""Marked copies are laid over a skeleton drawn once: the result is what drawing the whole copy gives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fills import all_zero, filings, priors, random_fill, whole_workbooks
from tests.workbook.reading import FORM, read
from xltool.check.filing import examine
from xltool.check.finding import Finding, made
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.workbook.layout import Fixed, make_layout
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.marked import marked_copy
from xltool.workbook.marked_skeleton import MarkedSkeleton, draw_whole
from xltool.workbook.writer import write_workbook

SHEETS = [sheet.name for sheet in make_layout(FORM, 2024, True).sheets if not sheet.hidden]
FIGURES = [figure.id for figure in FORM.figures.values()]


def parts(data: bytes) -> dict[str, bytes]:
    """The members of a ZIP file, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def assert_same(filing: Filing, findings: Iterable[Finding], prior: Filing | None, issue: int = 2) -> None:
    """Filled and drawn whole, the copy has the same parts, byte for byte."""
    listed = list(findings)
    filled = parts(marked_copy(FORM, filing, listed, prior, issue, 1))
    with patch.object(MarkedSkeleton, "fill", lambda _, *said: draw_whole(*said)):
        drawn = parts(marked_copy(FORM, filing, listed, prior, issue, 1))
    assert list(filled) == list(drawn)
    assert [name for name in filled if filled[name] != drawn[name]] == []


@pytest.mark.parametrize("seed", range(4))
def test_what_units_return(seed: int) -> None:
    """For filings as units return them, with everything that is found in them."""
    chance = Random(seed)
    for number in range(6):
        drawn = random_fill(FORM, chance, with_prior=number % 2 > 0)
        returned = read(write_workbook(FORM, drawn.filing, drawn.prior))
        examined = examine(FORM, returned.filing, returned.prior)
        assert_same(returned.filing, (*returned.findings, *examined.findings), returned.prior)


def finding(code: str, said: str, figures: tuple[FigureId, ...] = (), sheet: str = "", key: str = "") -> Finding:
    """A finding of ``code`` in which everything found and expected is ``said``."""
    facts = dict.fromkeys(("quoted", "looks", "expected", "action", "right", "other", "guidance", "fact"), said)
    return made(code, sheet, "B2", said, figures, None, key, **facts)


def _some_findings(data: st.DataObject) -> list[Finding]:
    """Findings anywhere, of any wording, whether the filing has cause for them or not."""
    texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"))
    found = []
    for code in data.draw(st.lists(st.sampled_from(("T02", "T05", "W07", "W11", "W14", "S02")), max_size=6)):
        figures = tuple(data.draw(st.lists(st.sampled_from(FIGURES), max_size=15)))
        sheet, said = data.draw(st.sampled_from((*SHEETS, "Sheet2"))), data.draw(texts)
        key = f"S02.{data.draw(st.sampled_from(FORM.text_ids))}" if code == "S02" else ""
        found.append(finding(code, said, () if key else figures, sheet, key))
    return found


@whole_workbooks(25)
@given(st.data())
def test_whatever_is_said(data: st.DataObject) -> None:
    """For any filing, any texts and any findings, with and without last year's figures."""
    filing = replace(data.draw(filings(FORM)), year=2024)
    prior = data.draw(priors(FORM, filing))
    findings = _some_findings(data)
    keys = len({finding.key for finding in findings} | set(filing.explanations))
    if keys <= OTHER_EXPLANATIONS:
        findings += examine(FORM, filing, prior).findings
    assert_same(filing, findings, prior, data.draw(st.integers(1, 3)))


@pytest.mark.parametrize("lines", [1, 60, 600])
def test_a_comment_longer_than_its_sheet(lines: int) -> None:
    """Where a comment ends depends on the heights of all rows beside it, however many those are."""
    filing = Filing(FORM.id, Unit("甲局"), 2024, all_zero(FORM), texts=dict.fromkeys(FORM.text_ids, "已办理。"))
    said = "\n".join("请逐项核对" for _ in range(lines))
    keys = [f"T05.t2.x{number}" for number in range(3)]
    assert_same(filing, [finding("T05", said, (FIGURES[0],)), *(finding("T05", said, key=key) for key in keys)], None)


LABEL = next(cell.text for cell in make_layout(FORM, 2024, False).cells() if isinstance(cell, Fixed) and cell.text)


@pytest.mark.parametrize("name", [LABEL, "测试局"])
def test_a_unit_called_like_something_else(name: str) -> None:
    """Equal texts are stored once: a name that is also a label, a code that is also the name, a text that is both."""
    figure = FIGURES[0]
    unit = Unit(name, "测试局", "部门")
    filing = Filing(FORM.id, unit, 2024, all_zero(FORM), texts=dict.fromkeys(FORM.text_ids, name))
    assert_same(filing, [finding("T05", LABEL, (figure,))], None)


def test_one_copy_leaves_no_trace_in_the_next() -> None:
    """What is laid over the skeleton does not stay on it."""
    plain = Filing(FORM.id, Unit("甲局"), 2024, all_zero(FORM))
    first = marked_copy(FORM, plain, [finding("T05", "1", (FIGURES[0],))])
    other = replace(plain, unit=Unit("乙局"), texts=dict.fromkeys(FORM.text_ids, "乙局已办理。" * 60))
    marked_copy(FORM, other, [finding("T02", "乙", (figure,)) for figure in FIGURES[:40]])
    assert marked_copy(FORM, plain, [finding("T05", "1", (FIGURES[0],))]) == first
    assert "乙局".encode() not in b"".join(parts(first).values())

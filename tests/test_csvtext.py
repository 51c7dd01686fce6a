"""Cells of CSV: no formula, and the same text when they are read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.csvtext import inert, said


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@cmd", "\t=1", "＝1", "'=1", "'"])
def test_what_would_be_a_formula(text: str) -> None:
    """Gets an apostrophe before it."""
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "教育局", "1+1", "a'b", " =1"])
def test_what_would_not(text: str) -> None:
    """Stays as it is."""
    assert inert(text) == text


@given(st.text(alphabet="'=+-@＝ 局\t"))
def test_both_ways(text: str) -> None:
    """Nothing is lost, apostrophes of the text itself included."""
    assert said(inert(text)) == text


def test_what_others_typed() -> None:
    """A cell that somebody typed is read as it stands."""
    assert [said(cell) for cell in ("局", "", "'局", "=1")] == ["局", "", "'局", "=1"]

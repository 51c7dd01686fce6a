"""Reports are as they are on record in golden/."""

from __future__ import annotations

import pytest

from tests.reports.golden import FOLDER, RECORDED


@pytest.mark.parametrize("name", RECORDED)
def test_reports_are_those_on_record(name: str) -> None:
    """Not a word, tag or style changes unseen; `python -m tests.reports.golden` records a wanted change."""
    assert RECORDED[name]().splitlines() == (FOLDER / name).read_text(encoding="utf-8").splitlines()


def test_nothing_else_is_on_record() -> None:
    """Every file in golden/ is one that is compared."""
    assert {path.name for path in FOLDER.iterdir()} == set(RECORDED)

"""Findings in a campaign: what was found is read back as it was, whatever became of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, begun_in
from xltool.campaign.refreshing import counts
from xltool.campaign.rows import findings_json, findings_of
from xltool.check.finding import Finding, made
from xltool.figure import FigureId
from xltool.form import Level

_ERROR = made("T04", "表二", "B7", "行政许可", (FigureId("t2", "permits", "decisions"),), quoted="-1", expected="整数")
_VERIFY = replace(_ERROR, code="T05", key="T05.x", level=Level.VERIFY)
_HINT = replace(_ERROR, code="A90", key="A90", level=Level.HINT, figures=(), facts={})
KINDS = {
    "an error": _ERROR,
    "something to verify": _VERIFY,
    "explained": replace(_VERIFY, explanation="有台账"),
    "explained with nothing": replace(_VERIFY, explanation="  "),
    "an error with words to it": replace(_ERROR, explanation="有台账"),
    "a hint": _HINT,
    "on trial": replace(_ERROR, trial=True),
    "to verify on trial": replace(_VERIFY, trial=True),
}


@pytest.mark.parametrize("finding", KINDS.values(), ids=list(KINDS))
def test_read_back(finding: Finding) -> None:
    """The same finding, open as it was, in the same words at the same place."""
    (back,) = findings_of(findings_json([finding]))
    assert back == finding
    assert back.is_open == finding.is_open


def test_counted_by_what_has_to_be_done() -> None:
    """Open errors, open 核实, hints: what is explained or on trial waits for nobody."""
    assert counts(KINDS.values()) == (2, 2, 1)


def test_the_numbers_of_a_round_are_those_of_its_findings(tmp_path: Path) -> None:
    """Wherever they are shown: of every round that was taken."""
    rounds = begun_in(tmp_path).store.submissions()
    assert {s.unit for s in rounds if s.errors} == {EDUCATION}
    for submission in rounds:
        assert (submission.errors, submission.waiting, submission.hints) == counts(submission.findings)

"""Nothing in the layout of the workbook changes without being seen."""

from __future__ import annotations

from tests.workbook.golden import FOLDER, dumps, readable
from xltool.form import Form


def test_the_layout_is_the_one_on_record(form: Form) -> None:
    """Every cell, formula and colour is as in golden/; `python -m tests.workbook.golden` records a wanted change."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")}
    drawn = dumps(form)
    assert sorted(kept) == sorted(drawn)
    for name, text in drawn.items():
        assert text.splitlines() == kept[name].splitlines(), name


def test_formulas_are_shown_as_people_read_them() -> None:
    """References by position are told from plain ones, and both from places on the same sheet."""
    formula = "IF(INDEX('表三'!$A$1:$AN$1000,9,4)=1,SUM('计算'!$B$12:$B$186),'校验'!$D$9)"
    assert readable(formula, "校验") == "IF(@表三!D9=1,SUM(计算!B12:B186),D9)"

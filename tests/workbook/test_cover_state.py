"""What the cover says as a whole: everything that is still to be done, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fills import all_zero
from tests.programs.libreoffice import Office
from tests.workbook.reading import FORM
from xltool.check.judge import State
from xltool.filing import Filing, Unit
from xltool.workbook.layout import make_layout
from xltool.workbook.layout.addresses import COVER
from xltool.workbook.snapshot import take_snapshot
from xltool.workbook.writer import write_workbook

UNIT = Unit("宁安区教育局", "311", "部门")
BLANK = Filing(FORM.id, UNIT, 2024)
FULL = replace(BLANK, values=all_zero(FORM), texts=dict.fromkeys(FORM.text_ids, "已按要求办理。"))
PARTS = [part for section in FORM.sections for part in section.parts if not part.optional]
WITHOUT_DRAFT = next(part.id for part in PARTS if part.draft is None)
WITH_DRAFT = next(part.id for part in PARTS if part.draft is not None)
ASKED = next(section.table.id for section in FORM.sections if section.table is not None and not section.table.required)


def overall(filing: Filing) -> str:
    return str(take_snapshot(FORM, filing, None, 1).values["overall"])


def without_text(part: str) -> Filing:
    return replace(FULL, texts={key: text for key, text in FULL.texts.items() if key != part})


def without_figures(table: str) -> Filing:
    return replace(FULL, values={figure: value for figure, value in FULL.values.items() if figure.table != table})


CASES = {
    "full": (FULL, "全部通过"),
    "text": (without_text(WITHOUT_DRAFT), "还有 1 段文字没有写"),
    "draft": (without_text(WITH_DRAFT), "全部通过"),
    "asked": (without_figures(ASKED), "还有 1 张表未填全"),
    "another": (without_figures("t3"), "还有 1 张表未填全"),
    "blank": (BLANK, f"还有 4 张表未填全、{len(PARTS)} 段文字没有写"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_missing_is_said(case: str) -> None:
    """Texts that nobody wrote and no draft stands in for count; a form just handed out waits for no explanation."""
    filing, said = CASES[case]
    assert overall(filing) == said


def test_a_question_whether_figures_are_given_is_not_filled_in() -> None:
    """未填全 rather than 待说明, until somebody explains why; then 已说明."""
    filing = without_figures(ASKED)
    values = take_snapshot(FORM, filing, None, 1).values
    assert values["state.X02"] == State.INCOMPLETE
    explained = replace(filing, explanations={"X02": "没有收费职权"})
    assert take_snapshot(FORM, explained, None, 1).values["state.X02"] == State.EXPLAINED
    assert overall(explained) == "全部通过"


def test_programs_say_the_same(office: Office, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The formula of the cover, recalculated by LibreOffice, gives the sentence that was written with it."""
    place = make_layout(FORM, 2024, False).computed["overall"].area.place
    assert place.sheet == COVER
    folder = tmp_path_factory.mktemp("cover")
    for case, (filing, said) in CASES.items():
        path = folder / f"{case}.xlsx"
        path.write_bytes(write_workbook(FORM, filing))
        with office.open(path) as document:
            assert document.read(COVER, [place.cell])[place.cell].value == said, case

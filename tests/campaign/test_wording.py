"""What a campaign says of the office's own lists and of units that file nothing themselves: in the office's words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, FINANCE, HEALTH, WATER, campaign_in, entry, good, take_one
from xltool.campaign.adjusting import read_adjustments
from xltool.campaign.board import make_board
from xltool.campaign.lastunits import read_matches
from xltool.campaign.reporting import choose_rounds
from xltool.campaign.roster import Change, RosterUnit, read_roster
from xltool.campaign.summing import sum_up
from xltool.errors import FileRefused
from xltool.form import Form

CHANGED = [
    (entry(2, HEALTH, "", Change.ABOLISHED), "撤销"),
    (entry(2, HEALTH, "", Change.FILED_BY, EDUCATION), f"由{EDUCATION}代编"),
]


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        *CHANGED,
        (entry(2, HEALTH), ""),
        (entry(2, HEALTH, "", Change.NEW), "新增"),
        (entry(2, HEALTH, "", Change.MERGED, FINANCE, WATER), f"合并自{FINANCE}、{WATER}"),
        (entry(2, HEALTH, "", Change.RENAMED, WATER), f"更名自{WATER}"),
    ],
)
def test_a_change_as_the_roster_writes_it(unit: RosterUnit, said: str, form: Form) -> None:
    """The words are those that the roster is read from."""
    assert unit.change_said == said
    rows = f"单位名称,变动情况\n{EDUCATION},\n{HEALTH},{said}\n"
    read = read_roster(rows.encode(), form).by_name[HEALTH]
    assert (read.change, read.predecessors, read.filed_by) == (unit.change, unit.predecessors, unit.filed_by)


@pytest.mark.parametrize(("unit", "said"), CHANGED)
def test_a_unit_that_files_nothing_itself(unit: RosterUnit, said: str, tmp_path: Path) -> None:
    """Why, in the same words wherever it comes up: taking, reports, the board, the sum."""
    made = campaign_in(tmp_path / "2024", (entry(1, EDUCATION), unit))
    assert take_one(made, tmp_path / "a.xlsx", good(HEALTH)).said == f"“{HEALTH}”今年不单独填报（{said}）。请核对名册。"
    assert choose_rounds(made, [HEALTH]).refused == {HEALTH: f"{said}，没有自己的报告"}
    assert make_board(made).rows[1].change == said
    take_one(made, tmp_path / "b.xlsx", good(EDUCATION))
    made.store.set_state(1, "已审定")
    assert sum_up(made).roster_rows[1].remark == said


LISTS: list[tuple[str, Callable[[bytes, Form], object]]] = [
    ("名册", read_roster),
    ("调整表", read_adjustments),
    ("单位对应表", lambda data, _: read_matches(data)),
]
DAMAGED = [(b"PK\x03\x04 no workbook", "打不开，应为 .xlsx 或 CSV"), (b"\x81", "不是能认出的文字编码")]


@pytest.mark.parametrize(("data", "said"), DAMAGED)
@pytest.mark.parametrize(("what", "read"), LISTS, ids=[what for what, _ in LISTS])
def test_a_damaged_list_is_called_by_its_name(
    what: str, read: Callable[[bytes, Form], object], data: bytes, said: str, form: Form
) -> None:
    """The roster, the corrections, the table of last year's units: each trouble names the list that it is of."""
    with pytest.raises(FileRefused, match=f"^{what}{said}"):
        read(data, form)

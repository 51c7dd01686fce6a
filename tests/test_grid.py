"""xltool.grid: label paths become merged cells that cover the table, each place once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.definition import load_form
from xltool.figure import FigureId
from xltool.form import Block, Form, Label, Line, Table
from xltool.grid import Grid, Role, table_grid

SECOND = Path(__file__).parent / "forms" / "village-9"


def drawn(grid: Grid) -> list[str]:
    """The grid as text, a line for each row: each cell where it begins, ``>`` and ``^`` where it goes on."""
    places = [["?"] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.height):
            for column in range(cell.column, cell.column + cell.width):
                places[row][column] = ">" if row == cell.row else "^"
        label = cell.label.printed if cell.label else str(cell.figure).partition(".")[2]
        places[cell.row][cell.column] = label or "·"
    return [" ".join(row) for row in places]


@pytest.fixture(scope="module")
def second() -> Form:
    return load_form(SECOND)


def test_headings_above_rows_and_columns(second: Form) -> None:
    """A heading spans its lines; a label without deeper headings takes the levels that are left."""
    grid = table_grid(second.table("meet"))
    assert drawn(grid)[:5] == [
        "（人次按签到计） > 村民代表会议 > 其他 全年",
        "^ ^ 春 秋 ^ ^",
        "召开次数 > held.spring held.autumn held.other held.total",
        "到会 男 men.spring men.autumn men.other men.total",
        "^ 女 women.spring women.autumn women.other women.total",
    ]
    assert grid.header_rows == 2


def test_a_stack_shares_the_width(second: Form) -> None:
    """Blocks of a stack stand one below the other under their own headings, last columns taking what is over."""
    grid = table_grid(second.table("cash"))
    assert drawn(grid) == [
        "现金 > > >",
        "项目 期初 期末 >",
        "库存现金 cash.opening cash.closing >",
        "银行存款 bank.opening bank.closing >",
        "合计 all.opening all.closing >",
        "往来 > > >",
        "项目 > 笔数 金额（万元）",
        "应收 农户 farmers.count farmers.amount",
        "^ 企业 firms.count firms.amount",
        "应付 > owed.count owed.amount",
    ]
    assert grid.header_rows == 0


def test_rows_set_across(second: Form) -> None:
    """Rows side by side in one printed row, their headings above the columns'; the whole width is used."""
    grid = table_grid(second.table("land"))
    assert drawn(grid) == [
        "水田 > 旱地 > > > >",
        "块数 流转 梯田 > 坡地 > >",
        "^ ^ 块数 流转 块数 流转 >",
        "paddy.plots paddy.let terrace.plots terrace.let slope.plots slope.let >",
    ]
    assert grid.header_rows == 3


def test_the_official_table_three(form: Form) -> None:
    """3 header rows over 25 rows; corner 3 × 3; 申请人情况 spans 7; 三 spans 22 rows; 四 is at the left edge again."""
    grid = table_grid(form.table("t3"))
    by_label = {cell.label.text: cell for cell in grid.cells if cell.label is not None}
    spans = {text: (cell.row, cell.column, cell.height, cell.width) for text, cell in by_label.items()}
    assert (grid.rows, grid.columns, grid.header_rows) == (28, 10, 3)
    assert spans[""] == (0, 0, 3, 3)
    assert spans["申请人情况"] == (0, 3, 1, 7)
    assert spans["自然人"] == (1, 3, 2, 1)
    assert spans["法人或其他组织"] == (1, 4, 1, 5)
    assert spans["一、本年新收政府信息公开申请数量"] == (3, 0, 1, 3)
    assert spans["三、本年度办理结果"] == (5, 0, 22, 1)
    assert spans["（一）予以公开"] == (5, 1, 1, 2)
    assert spans["（三）不予公开"] == (7, 1, 8, 1)
    assert spans["1.属于国家秘密"] == (7, 2, 1, 1)
    assert spans["（七）总计"] == (26, 1, 1, 2)
    assert spans["四、结转下年度继续办理"] == (27, 0, 1, 3)


def test_the_official_tables_two_and_four(form: Form) -> None:
    """Table 2: 14 rows of 4; a single value column spans 3. Table 4: 4 rows of 15, 行政诉讼 over 10."""
    two, four = table_grid(form.table("t2")), table_grid(form.table("t4"))
    assert (two.rows, two.columns) == (14, 4)
    assert [c.width for c in two.cells if c.figure == FigureId("t2", "permits", "decisions")] == [3]
    assert [c.width for c in two.cells if c.role is Role.HEADING] == [4, 4, 4, 4]
    assert (four.rows, four.columns, four.header_rows) == (4, 15, 3)
    wide = {c.label.text: (c.row, c.column, c.height, c.width) for c in four.cells if c.label and c.width > 1}
    assert wide == {
        "行政复议": (0, 0, 1, 5),
        "行政诉讼": (0, 5, 1, 10),
        "未经复议直接起诉": (1, 5, 1, 5),
        "复议后起诉": (1, 10, 1, 5),
    }
    upheld = [(c.row, c.column, c.height) for c in four.cells if c.label and c.label.text == "结果维持"]
    assert upheld == [(1, 0, 2), (2, 5, 1), (2, 10, 1)]


Lines = tuple[Line, ...]


@st.composite
def lines(draw: st.DrawFn, name: str) -> Lines:
    """A tree of headings up to three levels deep, as nesting in a definition gives it."""
    shape = draw(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=2) | st.none(), min_size=1, max_size=4))
    found: list[tuple[Label, ...]] = []
    for outer, inner in enumerate(shape):
        if inner is None:
            found.append((Label(f"{name}{outer}"),))
            continue
        for middle, leaves in enumerate(inner):
            if leaves == 1:
                found.append((Label(f"{name}{outer}"), Label(f"{middle}")))
            else:
                found += [(Label(f"{name}{outer}"), Label(f"{middle}"), Label(f"{leaf}")) for leaf in range(leaves)]
    return tuple(Line(f"{name}{index}", path) for index, path in enumerate(found))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Up to three blocks, each with headings of any depth, on a width that is enough."""
    blocks = []
    needed = 1
    for index in range(draw(st.integers(1, 3))):
        rows, columns = draw(lines(f"r{index}_")), draw(lines(f"c{index}_"))
        across = draw(st.booleans())
        blocks.append(Block(rows, columns, draw(st.sampled_from(["", "标题"])), Label("角"), across))
        depth = max(len(row.path) for row in rows)
        needed = max(needed, len(rows) * len(columns) if across else depth + len(columns))
    return Table("t", "表", tuple(blocks), (1,) * (needed + draw(st.integers(0, 5))))


@given(tables())
def test_every_place_is_covered_once(table: Table) -> None:
    """Whatever the headings, the cells tile the table, and every figure has its one cell."""
    grid = table_grid(table)
    covered = Counter(
        (row, column)
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.height)
        for column in range(cell.column, cell.column + cell.width)
    )
    assert covered == {(row, column): 1 for row in range(grid.rows) for column in range(grid.columns)}
    wanted = [FigureId("t", r.id, c.id) for block in table.blocks for r in block.rows for c in block.columns]
    assert sorted(cell.figure for cell in grid.cells if cell.figure) == sorted(wanted)
    assert all((cell.label is None) is (cell.role is Role.VALUE) for cell in grid.cells)

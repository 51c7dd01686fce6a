"""What happens to tables before they reach us, one mangling a function: DocTable → DocTable (or several)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from tests.salvage.printed import tidied
from xltool.documents.model import Cell, DocTable
from xltool.salvage.board import is_amount
from xltool.salvage.labels import letters

Mangling = Callable[[DocTable, Random], DocTable]


def with_cells(table: DocTable, cells: Iterable[Cell]) -> DocTable:
    return tidied(replace(table, cells=tuple(cells)))


def _amounts(table: DocTable) -> list[Cell]:
    return [cell for cell in table.cells if is_amount(cell)]


def _labels(table: DocTable) -> list[Cell]:
    return [cell for cell in table.cells if cell.text and not is_amount(cell)]


# --- rows and columns -------------------------------------------------------------------------------------


def without_row(table: DocTable, row: int) -> DocTable:
    """A row deleted as programs do it: cells that span it shrink."""
    cells = []
    for cell in table.cells:
        if cell.row <= row < cell.row + cell.rows:
            if cell.rows == 1:
                continue
            cells.append(replace(cell, rows=cell.rows - 1))
        else:
            cells.append(replace(cell, row=cell.row - (cell.row > row)))
    return with_cells(table, cells)


def with_gap(table: DocTable, row: int) -> DocTable:
    """An empty row before ``row``; cells that span the place grow."""
    cells = []
    for cell in table.cells:
        if cell.row < row < cell.row + cell.rows:
            cells.append(replace(cell, rows=cell.rows + 1))
        else:
            cells.append(replace(cell, row=cell.row + (cell.row >= row)))
    return with_cells(table, cells)


def turned(table: DocTable) -> DocTable:
    """Rows for columns."""
    return with_cells(
        table, [replace(c, row=c.column, column=c.row, rows=c.columns, columns=c.rows) for c in table.cells]
    )


def delete_row(table: DocTable, chance: Random) -> DocTable:
    return without_row(table, chance.randrange(table.height))


def delete_column(table: DocTable, chance: Random) -> DocTable:
    return turned(without_row(turned(table), chance.randrange(table.width)))


def insert_row(table: DocTable, chance: Random) -> DocTable:
    """Empty, with a label of its own and numbers, or numbers alone."""
    row = chance.randrange(table.height + 1)
    gap = with_gap(table, row)
    how = chance.choice(("empty", "labelled", "numbers"))
    covered = {c for cell in gap.cells if cell.row <= row < cell.row + cell.rows for c in _columns(cell)}
    free = [column for column in range(table.width) if column not in covered]
    new = [Cell("" if how == "empty" else str(chance.randrange(9000)), row, column) for column in free]
    if how == "labelled" and new:
        new[0] = replace(new[0], text=chance.choice(("备注", "其中：线上", "9.其他信息", "小计", "合计数")))
    return with_cells(gap, [*gap.cells, *new])


def insert_column(table: DocTable, chance: Random) -> DocTable:
    return turned(insert_row(turned(table), chance))


def _columns(cell: Cell) -> range:
    return range(cell.column, cell.column + cell.columns)


def swap_rows(table: DocTable, chance: Random) -> DocTable:
    """Two rows of one height change places; what spans several rows stays."""
    rows = [row for row in range(table.height) if any(c.row == row and is_amount(c) for c in table.cells)]
    if len(rows) < 2:
        return table
    one, other = chance.sample(rows, 2)
    place = {one: other, other: one}
    moved = [replace(c, row=place.get(c.row, c.row)) if c.rows == 1 else c for c in table.cells]
    taken: set[tuple[int, int]] = set()
    for cell in moved:
        spots = {(r, c) for r in range(cell.row, cell.row + cell.rows) for c in _columns(cell)}
        if spots & taken:
            return table
        taken |= spots
    return with_cells(table, moved)


def swap_columns(table: DocTable, chance: Random) -> DocTable:
    """Not where two columns have the same label: with their outer headings left behind, they would be each other."""
    labels = [letters(cell.text) for cell in _labels(table) if cell.columns == 1]
    if len({*labels}) < len(labels):
        return table
    return turned(swap_rows(turned(table), chance))


# --- cells ------------------------------------------------------------------------------------------------


def delete_cell_left(table: DocTable, chance: Random) -> DocTable:
    """One cell deleted, those behind it in the row move to the left."""
    gone = chance.choice(table.cells)
    if gone.rows > 1:
        return table
    cells = []
    for cell in table.cells:
        if cell is gone:
            continue
        behind = cell.row == gone.row and cell.column > gone.column
        cells.append(replace(cell, column=cell.column - gone.columns) if behind else cell)
    return with_cells(table, cells) if _free_of_overlap(cells) else table


def insert_cell_right(table: DocTable, chance: Random) -> DocTable:
    """An empty cell put before one, those behind it move to the right."""
    here = chance.choice(table.cells)
    cells = [
        replace(c, column=c.column + 1) if c.row == here.row and c.column >= here.column else c for c in table.cells
    ]
    cells.append(Cell(chance.choice(("", "7")), here.row, here.column))
    return with_cells(table, cells) if _free_of_overlap(cells) else table


def delete_cell_up(table: DocTable, chance: Random) -> DocTable:
    return turned(delete_cell_left(turned(table), chance))


def insert_cell_down(table: DocTable, chance: Random) -> DocTable:
    return turned(insert_cell_right(turned(table), chance))


def _free_of_overlap(cells: Iterable[Cell]) -> bool:
    taken: set[tuple[int, int]] = set()
    for cell in cells:
        spots = {(r, c) for r in range(cell.row, cell.row + cell.rows) for c in _columns(cell)}
        if spots & taken or cell.column < 0:
            return False
        taken |= spots
    return True


def merge_right(table: DocTable, chance: Random) -> DocTable:
    """Two neighbours in a row become one, which keeps the first's text, or both on two lines."""
    cells = list(table.cells)
    chance.shuffle(cells)
    for cell in cells:
        other = next(
            (o for o in cells if o.row == cell.row and o.rows == cell.rows and o.column == cell.column + cell.columns),
            None,
        )
        if other is not None and is_amount(cell):
            text = chance.choice((cell.text, f"{cell.text}\n{other.text}", f"{cell.text} {other.text}"))
            merged = replace(cell, columns=cell.columns + other.columns, text=text)
            return with_cells(table, [merged, *(c for c in table.cells if c is not cell and c is not other)])
    return table


def merge_down(table: DocTable, chance: Random) -> DocTable:
    return turned(merge_right(turned(table), chance))


def merge_labels_down(table: DocTable, chance: Random) -> DocTable:
    """Two labels one below the other become one cell with both texts, or with the first's."""
    cells = _labels(table)
    chance.shuffle(cells)
    for cell in cells:
        other = next(
            (
                o
                for o in cells
                if o.column == cell.column and o.columns == cell.columns and o.row == cell.row + cell.rows
            ),
            None,
        )
        if other is not None:
            text = chance.choice((cell.text, f"{cell.text}\n{other.text}"))
            merged = replace(cell, rows=cell.rows + other.rows, text=text)
            return with_cells(table, [merged, *(c for c in table.cells if c is not cell and c is not other)])
    return table


def unmerge(table: DocTable, _chance: Random) -> DocTable:
    """Spans lost: the text stays in the first cell."""
    cells = []
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in _columns(cell):
                first = (row, column) == (cell.row, cell.column)
                cells.append(Cell(cell.text if first else "", row, column))
    return with_cells(table, cells)


def empty_value(table: DocTable, chance: Random) -> DocTable:
    gone = set(chance.sample(range(len(_amounts(table))), k=min(len(_amounts(table)), chance.choice((1, 1, 3)))))
    chosen = {id(cell) for number, cell in enumerate(_amounts(table)) if number in gone}
    text = chance.choice(("", "/", "—", "无", "22（其中修订16件）"))
    return with_cells(table, [replace(c, text=text) if id(c) in chosen else c for c in table.cells])


# --- labels -----------------------------------------------------------------------------------------------


def _relabel(table: DocTable, chance: Random, count: int, change: Callable[[str], str]) -> DocTable:
    labels = _labels(table)
    chosen = {id(cell) for cell in chance.sample(labels, k=min(count, len(labels)))}
    return with_cells(table, [replace(c, text=change(c.text)) if id(c) in chosen else c for c in table.cells])


def break_labels(table: DocTable, chance: Random) -> DocTable:
    def broken(text: str) -> str:
        return "".join(char + chance.choice(("", "", "", " ", "\n", "　")) for char in text)

    return _relabel(table, chance, 99, broken)


def misprint(table: DocTable, chance: Random) -> DocTable:
    """One 汉字 left out, doubled or replaced in one to three labels."""

    def misprinted(text: str) -> str:
        at = chance.randrange(len(text))
        return chance.choice(
            (text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:], text[:at] + "的" + text[at + 1 :])
        )

    return _relabel(table, chance, chance.choice((1, 2, 3)), misprinted)


def lose_label(table: DocTable, chance: Random) -> DocTable:
    return _relabel(table, chance, 1, lambda _text: "")


def renumber(table: DocTable, chance: Random) -> DocTable:
    style = chance.choice(((".", "、"), (".", "．"), ("（", "("), ("1.", "（1）"), ("、", "."), (".", ". ")))
    return _relabel(table, chance, 99, lambda text: text.replace(*style, 1))


def full_width(table: DocTable, _chance: Random) -> DocTable:
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    return with_cells(table, [replace(c, text=c.text.translate(wide)) if is_amount(c) else c for c in table.cells])


def drop_header(table: DocTable, chance: Random) -> DocTable:
    """The rows above the first number are gone, some or all of them."""
    first = min((cell.row for cell in _amounts(table)), default=0)
    for _ in range(chance.randrange(first) + 1 if first else 0):
        table = without_row(table, 0)
    return table


def columns_counted(table: DocTable, _chance: Random) -> DocTable:
    """A row 1 2 3 … below the header, as offices' own forms have it."""
    first = min((cell.row for cell in _amounts(table)), default=0)
    columns = sorted({cell.column for cell in _amounts(table) if cell.row == first})
    gap = with_gap(table, first)
    return with_cells(gap, [*gap.cells, *(Cell(str(number), first, c) for number, c in enumerate(columns, 1))])


_MOVES: tuple[Mangling, ...] = (
    delete_cell_left,
    insert_cell_right,
    delete_cell_up,
    insert_cell_down,
    merge_right,
    merge_down,
)
_HIDES: tuple[Mangling, ...] = (delete_row, delete_column, insert_row, insert_column)


def drawn(chance: Random, count: int, kind: str) -> list[Mangling]:
    """Different ones that can happen to such a document: cells move up and down in workbooks alone, and not at all
    in a PDF. Of those that give one figure's number to another only one, and no line deleted or put in besides: the
    two together can undo every trace.
    """
    possible = [m for m in MANGLINGS if kind == "xlsx" or m not in (delete_cell_up, insert_cell_down)]
    possible = [m for m in possible if kind != "pdf" or m not in (delete_cell_left, insert_cell_right)]
    chosen = chance.sample(possible, k=count)
    moving = [m for m in chosen if m in _MOVES]
    if moving:
        chosen = [m for m in chosen if m not in (*_MOVES, *_HIDES)] + moving[:1]
    if delete_row in chosen and insert_row in chosen:
        chosen.remove(insert_row)
    return chosen


MANGLINGS: tuple[Mangling, ...] = (
    delete_row, delete_column, insert_row, insert_column, swap_rows, swap_columns, delete_cell_left,
    insert_cell_right, delete_cell_up, insert_cell_down, merge_right, merge_down, merge_labels_down, unmerge,
    empty_value, break_labels, misprint, lose_label, renumber, full_width, drop_header, columns_counted,
)  # fmt: skip


# --- tables -----------------------------------------------------------------------------------------------


def split(table: DocTable, chance: Random) -> list[DocTable]:
    """Over a page: the second piece without the header, or with it again."""
    if table.height < 3:
        return [table]
    at = chance.randrange(1, table.height)
    first = min((cell.row for cell in _amounts(table)), default=0)
    return cut(table, at, first if chance.random() < 0.5 and 0 < first < at else 0)


def cut(table: DocTable, at: int, header: int) -> list[DocTable]:
    """In two before row ``at``, the second with the first ``header`` rows again."""
    top = [_clipped(c, 0, at) for c in table.cells if c.row < at]
    rest = [_clipped(c, at, table.height) for c in table.cells if c.row + c.rows > at]
    again = [_clipped(c, 0, header) for c in table.cells if c.row < header]
    below = [*again, *(replace(c, row=c.row - at + header) for c in rest)]
    return [with_cells(table, top), with_cells(replace(table, place=table.place + "续"), below)]


def _clipped(cell: Cell, top: int, bottom: int) -> Cell:
    start, end = max(cell.row, top), min(cell.row + cell.rows, bottom)
    text = cell.text if cell.row >= top else ""
    return replace(cell, row=start, rows=end - start, text=text)


def joined(tables: Iterable[DocTable]) -> DocTable:
    """All on one sheet, one below the other."""
    cells: list[Cell] = []
    row = 0
    first: DocTable | None = None
    for table in tables:
        first = first or table
        cells += [replace(cell, row=cell.row + row) for cell in table.cells]
        row += table.height + 2
    assert first is not None
    return with_cells(first, cells)

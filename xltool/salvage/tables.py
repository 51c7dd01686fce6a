"""All tables of a form in all tables of a document: which belongs to which, also where one goes on in the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from xltool.documents.model import Cell, DocTable, Document
from xltool.figure import FigureId
from xltool.form import Block, Form, Table
from xltool.salvage.across import PlacedAcross, place_across
from xltool.salvage.apart import Part, place_apart
from xltool.salvage.block import Placed, row_cells
from xltool.salvage.board import Board, Span, is_amount
from xltool.salvage.broken import joined_labels
from xltool.salvage.certainty import Certainty, Sureness
from xltool.salvage.chained import chosen_pieces
from xltool.salvage.ends import doubt_ends
from xltool.salvage.labels import letters, said
from xltool.salvage.pieces import printed_labels
from xltool.salvage.reading import Reading, confirms, read_across, read_block
from xltool.salvage.wraps import doubt_wraps

_GIVES_EMPTY_CELLS = ("docx", "doc", "odt", "html", "pdf", "text")
_TELLING = 2
"""So many labels of a table say that this is it."""
MOST_CELLS = 10_000


@dataclass(frozen=True)
class Extra:
    """Something the document's table has and the form has not. ``what``: 行 or 列; ``label`` "" where it has none."""

    table: str
    what: str
    label: str
    place: str


@dataclass(frozen=True)
class Collapsed:
    """One row in place of several; ``lines``: the spoken names of those it stands for."""

    table: str
    label: str
    place: str
    figures: tuple[FigureId, ...]


@dataclass(frozen=True)
class TablesRead:
    """What the tables of a document gave. ``used``: the order numbers of the tables in which something was found."""

    reading: Reading
    extras: tuple[Extra, ...] = ()
    collapsed: tuple[Collapsed, ...] = ()
    used: frozenset[int] = frozenset()


def boards_of(document: Document) -> tuple[Board, ...]:
    complete = document.kind in _GIVES_EMPTY_CELLS
    tables = [_bounded(block) for block in document.blocks if isinstance(block, DocTable)]
    return tuple(Board(table, order, complete and _gives_all(table, document)) for order, table in enumerate(tables))


def _bounded(table: DocTable) -> DocTable:
    """No form is so large: of a sheet full of other things only the beginning is looked at."""
    return table if len(table.cells) <= MOST_CELLS else replace(table, cells=table.cells[:MOST_CELLS])


def _gives_all(table: DocTable, document: Document) -> bool:
    """A table of a PDF that has no ruling lines has holes where nothing is printed."""
    return not table.spreadsheet and (document.kind != "pdf" or not Board(table, 0, True).ragged)


def read_tables(form: Form, boards: Sequence[Board]) -> TablesRead:
    """Every figure that is in one of the tables; what is in none is absent."""
    boards = [joined_labels(form, board) for board in boards]
    owned = _owned(form, boards)
    reading: Reading = {}
    extras: list[Extra] = []
    collapsed: list[Collapsed] = []
    used: set[int] = set()
    for table in form.tables:
        part = _read_table(form, table, boards, owned)
        reading |= part.reading
        extras += part.extras
        collapsed += part.collapsed
        used |= part.used
    own = printed_labels(form) if extras else frozenset()
    foreign_ones = [extra for extra in dict.fromkeys(extras) if letters(extra.label) not in own]
    return TablesRead(reading, tuple(foreign_ones), tuple(collapsed), frozenset(used))


def _read_table(form: Form, table: Table, boards: Sequence[Board], owned: Owned) -> TablesRead:
    """All blocks of one table; where the document has it twice, only what both say is trusted."""
    reading: Reading = {}
    others: Reading = {}
    twice = False
    extras: list[Extra] = []
    collapsed: list[Collapsed] = []
    used: set[int] = set()
    for index, block in enumerate(table.blocks):
        foreign = {order: _others(rows, (table.id, index)) for order, rows in owned.items()}
        if block.across:
            across = _across(form, table, block, boards, foreign)
            readings = [part for _, part in across]
            placings: list[Placed | PlacedAcross] = [placed for placed, _ in across[:1]]
            used |= {placed.board.order for placed, _ in across}
            if not across or len(across[0][0].columns) < len(block.rows) * len(block.columns):
                parts = place_apart(boards, block, foreign)
                readings = _put_together(form, table, parts) or readings
                placings = [part.placed for part in parts] or placings
                used |= {part.placed.board.order for part in parts}
        else:
            chosen, rivals = chosen_pieces(block, boards, foreign)
            readings = [_whole(form, table, block, chosen), *(read_block(form, table, block, r) for r in rivals)]
            placings = [*chosen]
            used |= {placed.board.order for placed in (*chosen, *rivals)}
            collapsed += [one for placed in chosen for one in _collapsed(table, block, placed)]
        extras += [extra for placed in placings for extra in _extras(table, placed)]
        reading |= readings[0] if readings else {}
        twice = twice or len(readings) > 1
        for rival in readings[1:]:
            others |= rival
    twice = twice or any(_shows(form, table, board) for board in boards if board.order not in used)
    if twice:
        reading = {figure: _agreed(read, others.get(figure)) for figure, read in reading.items()}
    return TablesRead(reading, tuple(extras), tuple(collapsed), frozenset(used))


def _shows(form: Form, table: Table, board: Board) -> bool:
    """Whether a table in which nothing was found may be what is left of ``table``: by labels, or by the number of
    figures where it has no label at all.
    """
    if not board.labels:
        return abs(len(board.amounts) - len(form.figures_of(table.id))) <= 1
    own = _words(table) - {word for other in form.tables if other is not table for word in _words(other)}
    return (
        bool(board.amounts)
        and not _is_list(board, table)
        and len({label.words for _, label in board.labels} & own) >= _TELLING
    )


def _is_list(board: Board, table: Table) -> bool:
    """Whether it has one figure a row, its headings beside it, as a workbook's list of last year's figures."""
    rows = {said(line.label.text).words for block in table.blocks for line in block.rows}
    columns = {said(line.label.text).words for block in table.blocks for line in block.columns}
    words: dict[int, set[str]] = {}
    for cell, label in board.labels:
        words.setdefault(cell.row, set()).add(label.words)
    filled = {cell.row for cell in board.amounts}
    return sum(bool(said & rows and said & columns) for row, said in words.items() if row in filled) >= _TELLING


def _words(table: Table) -> set[str]:
    lines = [line for block in table.blocks for line in (*block.rows, *block.columns)]
    return {said(label.text).words for line in lines for label in line.path}


def _agreed(read: Certainty, other: Certainty | None) -> Certainty:
    if other is not None and other.is_sure and other.value == read.value:
        return read
    said = f"另一张（{other.place}）里是 {other.quoted}" if other is not None and other.quoted else "另一张里没有读到"
    return read.doubted(f"文件里不止一张这样的表，{said}")


Owned = dict[int, dict[tuple[str, int], set[int]]]


def _owned(form: Form, boards: Sequence[Board]) -> Owned:
    """By board, which rows hold labels of which block."""
    owned: Owned = {board.order: {} for board in boards}
    for board in boards:
        for table in form.tables:
            for index, block in enumerate(table.blocks):
                if not block.across:
                    cells = list(row_cells(board, block.rows))
                    rows = {row for cell in cells for row in range(cell.row, cell.row + cell.rows)}
                    owned[board.order][table.id, index] = rows
                elif (placed := place_across(board, block, ())) is not None:
                    header = {found.cell.row for found in placed.columns.values()}
                    owned[board.order][table.id, index] = header | set(placed.rows)
    return owned


def _others(rows: dict[tuple[str, int], set[int]], own: tuple[str, int]) -> set[int]:
    mine = rows.get(own, set())
    return {row for key, theirs in rows.items() if key != own for row in theirs} - mine


def _across(
    form: Form, table: Table, block: Block, boards: Sequence[Board], foreign: dict[int, set[int]]
) -> list[tuple[PlacedAcross, Reading]]:
    """Best first."""
    placings = [place_across(board, block, foreign[board.order]) for board in boards]
    parts = [(p, read_across(form, table, block, p)) for p in placings if p is not None]
    return sorted(parts, key=lambda part: (not part[0].rows, -len(part[0].columns)))


def _put_together(form: Form, table: Table, parts: Sequence[Part]) -> list[Reading]:
    """The first of each part, and all that are there again."""
    first: Reading = {}
    again: list[Reading] = []
    for part in parts:
        read = read_across(form, table, part.block, part.placed)
        if first.keys() & read.keys():
            again.append(read)
        else:
            first |= read
    return [first, *again] if first else []


def _whole(form: Form, table: Table, block: Block, chosen: Sequence[Placed]) -> Reading:
    """The figures of all pieces; columns taken in order are trusted where the row's own total confirms it."""
    reading: Reading = {}
    for placed in chosen:
        part = read_block(form, table, block, placed)
        if placed.by_order and chosen[0].columns and placed is not chosen[0]:
            part = _confirmed(form, part, placed)
        reading |= part
    reading = doubt_wraps(form, table, block, chosen, reading)
    return doubt_ends(form, table, block, chosen, reading)


def _confirmed(form: Form, part: Reading, placed: Placed) -> Reading:
    rows: dict[str, list[FigureId]] = {}
    for figure in part:
        rows.setdefault(figure.row, []).append(figure)
    doubtful_rows = {placed_row.why for placed_row in placed.rows.values()} - {""}
    trusted = dict(part)
    for figures in rows.values():
        values = {part[figure].value for figure in figures}
        totals = [figure for figure in figures if form.figures[figure].computed is not None]
        alike = len(values) == 1 and None not in values
        if not doubtful_rows and (alike or any(confirms(form, total, part) for total in totals)):
            trusted |= {figure: _sure(part[figure]) for figure in figures}
    return trusted


def _sure(certainty: Certainty) -> Certainty:
    return replace(certainty, sureness=Sureness.SURE, why="") if certainty.value is not None else certainty


def _extras(table: Table, placed: Placed | PlacedAcross) -> Iterator[Extra]:
    for row in placed.extra_rows if isinstance(placed, Placed) else ():
        cells = list(placed.board.in_row(Span(row, row + 1), Span(0, placed.board.width)))
        yield _extra(table, "行", placed.board, cells, cells[:1])
    yield from _extra_columns(table, placed)


def _extra_columns(table: Table, placed: Placed | PlacedAcross) -> Iterator[Extra]:
    for column in placed.extra_columns:
        top = min(found.cell.row for found in placed.columns.values())
        bottom = max(found.cell.row + found.cell.rows for found in placed.columns.values())
        cells = list(placed.board.in_row(Span(top, bottom), Span(column, column + 1)))
        below = placed.board.in_row(Span(top, placed.board.height), Span(column, column + 1))
        yield _extra(table, "列", placed.board, cells, [cell for cell in below if is_amount(cell)][:1])


def _extra(table: Table, what: str, board: Board, cells: Iterable[Cell], at: Sequence[Cell]) -> Extra:
    labels = [cell.text for cell in cells if cell.text and not is_amount(cell)]
    place = next((board.place(cell) for cell in at), board.table.place)
    return Extra(table.id, what, " ".join(labels[-1].split()) if labels else "", place)


def _collapsed(table: Table, block: Block, placed: Placed) -> Iterator[Collapsed]:
    for found, below in placed.collapsed:
        figures = [FigureId(table.id, block.rows[i].id, column.id) for i in below for column in block.columns]
        yield Collapsed(table.id, " ".join(found.cell.text.split()), placed.board.place(found.cell), tuple(figures))

"""The rows of a table without ruling lines: a row is where figures stand, a label of several lines is put to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from xltool.documents.model import Cell
from xltool.documents.pdf.lines import joined

_FIGURE = re.compile(r"[-+]?[\d０-９][\d０-９,，.．%％]*|[/／—\-–]+|无")
_NUMBERED = re.compile(r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）.、．]")
# In characters: how near two figures are in one row, two lines in one label, a label to its row.
_SAME_ROW, _NEXT_LINE, _BESIDE, _MIDDLE = 0.6, 0.75, 1.0, 0.35


def is_figure(text: str) -> bool:
    """A number, or what people write for none."""
    return bool(_FIGURE.fullmatch(text))


class Word(NamedTuple):
    """Characters of one line in the columns ``first`` to ``last``."""

    first: int
    last: int
    x0: float
    x1: float
    top: float
    bottom: float
    text: str

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass
class _Label:
    """Words below each other that are one text."""

    words: list[Word]

    @property
    def place(self) -> tuple[int, int]:
        return self.words[0].first, self.words[0].last

    @property
    def y(self) -> float:
        return (self.words[0].top + self.words[-1].bottom) / 2

    @property
    def text(self) -> str:
        text = self.words[0].text
        for word in self.words[1:]:
            text = joined(text, word.text)
        return text


def rows_of(words: Sequence[Word], size: float) -> tuple[Cell, ...]:
    """The cells that ``words`` make; ``size``: of a character."""
    figures = [word for word in words if is_figure(word.text)]
    rows, loose = _figure_rows(figures, size)
    labels = _labels([word for word in words if not is_figure(word.text)], rows, size)
    placed: list[tuple[float, tuple[int, int], str]] = []
    for row in rows:
        placed += [(_y(row), (word.first, word.last), word.text) for word in row]
    middles = [_y(row) for row in rows]
    for word in loose:
        placed.append((_nearest(middles, word.y), (word.first, word.last), word.text))
    heads: list[float] = []
    for label in sorted(labels, key=lambda label: label.y):
        y = _row_of(label, middles, size)
        if y is None:
            y = next((head for head in heads if abs(head - label.y) < _BESIDE * size), label.y)
            heads.append(y)
        placed.append((y, label.place, label.text))
    return _cells(placed)


def _y(row: Sequence[Word]) -> float:
    return sum(word.y for word in row) / len(row)


def _figure_rows(figures: Iterable[Word], size: float) -> tuple[list[list[Word]], list[Word]]:
    """Rows with at least half as many figures as others near them, and figures that stand beside those."""
    rows: list[list[Word]] = []
    for word in sorted(figures, key=lambda word: word.y):
        if rows and word.y - _y(rows[-1]) < _SAME_ROW * size:
            rows[-1].append(word)
        else:
            rows.append([word])
    strong: list[list[Word]] = []
    loose: list[Word] = []
    for number, row in enumerate(rows):
        around = rows[max(0, number - 1) : number] + rows[number + 1 : number + 2]
        beside = [other for other in around if abs(_y(other) - _y(row)) < 2 * size and _apart(row, other)]
        if any(len(other) >= 2 * len(row) for other in beside):
            loose += row
        else:
            strong.append(row)
    return strong, loose


def _apart(row: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether the two have no column in common, so that they may be one row."""
    return not {word.first for word in row} & {word.first for word in other}


def _nearest(middles: Sequence[float], y: float) -> float:
    return min(middles, key=lambda middle: abs(middle - y), default=y)


def _labels(words: Sequence[Word], rows: Sequence[Sequence[Word]], size: float) -> list[_Label]:
    """Words that go on in the next line put together."""
    labels: list[_Label] = []
    in_every_row = _columns_in_every_row(words, rows, size)
    right: dict[tuple[int, int], float] = {}
    for word in words:
        right[word.first, word.last] = max(word.x1, right.get((word.first, word.last), 0.0))
    with_figures = {word.first for row in rows for word in row}
    heads = {word.y for word in words if word.first in with_figures}
    beside = [_y(row) for row in rows] + sorted(heads)
    for word in sorted(words, key=lambda word: word.top):
        place = word.first, word.last
        above = next((label for label in reversed(labels) if label.place == place), None)
        own_row = place[0] in in_every_row and above is not None and _own_rows(above.words[-1], word, beside, size)
        if above is not None and not own_row and _goes_on(above.words[-1], word, right[place], size):
            above.words.append(word)
        else:
            labels.append(_Label([word]))
    return labels


def _goes_on(upper: Word, lower: Word, right: float, size: float) -> bool:
    if lower.top - upper.bottom > _NEXT_LINE * size or _NUMBERED.match(lower.text):
        return False
    # What goes on has filled its line.
    if lower.x1 - lower.x0 > upper.x1 - upper.x0 + 0.6 * size:
        return False
    same_left = abs(upper.x0 - lower.x0) < 0.6 * size
    same_middle = abs(upper.x0 + upper.x1 - lower.x0 - lower.x1) < 1.2 * size
    return (same_left or same_middle) and (right - upper.x1 < 1.6 * size or same_middle)


def _own_rows(upper: Word, lower: Word, middles: Sequence[float], size: float) -> bool:
    """Whether each of the two has figures, or heads of columns, of its own beside it."""
    near = [{middle for middle in middles if abs(middle - word.y) < _MIDDLE * size} for word in (upper, lower)]
    return bool(near[0] and near[1] and not near[0] & near[1])


def _columns_in_every_row(words: Sequence[Word], rows: Sequence[Sequence[Word]], size: float) -> set[int]:
    """Columns with a word of their own for most rows; the others head groups of rows."""
    counts: dict[int, int] = {}
    for row in rows:
        for column in {word.first for word in words if abs(word.y - _y(row)) < _BESIDE * size}:
            counts[column] = counts.get(column, 0) + 1
    return {column for column, count in counts.items() if 2 * count > len(rows)}


def _row_of(label: _Label, middles: Sequence[float], size: float) -> float | None:
    """The row that ``label`` stands beside, None for one of the head or between rows."""
    y = _nearest(middles, label.y)
    top, bottom = label.words[0].top, label.words[-1].bottom
    beside = abs(y - label.y) < _BESIDE * size * 0.8 or top <= y <= bottom
    return y if middles and beside else None


def _cells(placed: Sequence[tuple[float, tuple[int, int], str]]) -> tuple[Cell, ...]:
    ys = sorted({y for y, _, _ in placed})
    cells: dict[tuple[int, int], Cell] = {}
    for y, (first, last), text in sorted(placed, key=lambda one: (one[0], one[1])):
        row = ys.index(y)
        here = cells.get((row, first))
        said = f"{here.text}\n{text}" if here else text
        cells[row, first] = Cell(said, row, first, columns=max(last - first + 1, here.columns if here else 1))
    whole = _spread([_without_overlap(cell, cells) for _, cell in sorted(cells.items())])
    return tuple(sorted([*whole, *_gaps(whole)], key=lambda cell: (cell.row, cell.column)))


def _spread(cells: Sequence[Cell]) -> list[Cell]:
    """Where a head names one column beside the labels, it and the figures below it have all the columns there."""
    width = max(cell.column + cell.columns for cell in cells)
    single = False
    spread: list[Cell] = []
    for _, row in groupby(cells, lambda cell: cell.row):
        label, *rest = row
        if len(rest) != 1 or label.column > 0:
            single = single and not rest
        elif not is_figure(rest[0].text):
            single = True
        if single and rest:
            first = label.column + label.columns
            rest = [Cell(rest[0].text, label.row, first, columns=width - first)]
        spread += [label, *rest]
    return spread


def _gaps(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Empty cells where nothing stands, so that every row has all columns."""
    filled = {(cell.row, cell.column + n) for cell in cells for n in range(cell.columns)}
    width = max(cell.column + cell.columns for cell in cells)
    for row in {cell.row for cell in cells}:
        yield from (Cell("", row, column) for column in range(width) if (row, column) not in filled)


def _without_overlap(cell: Cell, cells: dict[tuple[int, int], Cell]) -> Cell:
    room = next((w for w in range(1, cell.columns) if (cell.row, cell.column + w) in cells), cell.columns)
    return Cell(cell.text, cell.row, cell.column, columns=room)

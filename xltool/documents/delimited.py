"""Tables drawn with characters: cells between | or tabs, one row a line, as web pages and pasted tables become text.

A line of cells is a row of a grid only where every line has its place for every cell. Many programs leave merged
cells out, or put what they covered at the end of the line: there the columns are lost, and the lines stay lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xltool.documents.flow import Span

Row = tuple[str, ...]

_BAR = re.compile(r"[|｜│┃]")
_DRAWN = r"\s|｜│┃:+\-=─━┄┈┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛"
_RULE = re.compile(rf"[{_DRAWN}]*[-=─━┄┈]{{3}}[{_DRAWN}]*")
_NO_WORDS = re.compile(r"[\d\W]+[件个万元]{0,2}")


def cells_of(line: str) -> Row:
    """The cells of a line, empty ones too; () where it has no separator. A bar at the end closes the last cell."""
    if _BAR.search(line):
        cells = _BAR.split(line.strip())
        return tuple(cell.strip() for cell in (cells if cells[-1].strip() else cells[:-1]))
    return tuple(cell.strip() for cell in line.split("\t")) if "\t" in line else ()


def has_bars(line: str) -> bool:
    return bool(_BAR.search(line))


def is_rule(line: str) -> bool:
    """A line that is only drawn: |---|:---:| or ├───┼───┤."""
    return bool(_RULE.fullmatch(line))


def grid(rows: Sequence[Row]) -> list[list[Span]]:
    """The lines as rows of a table, words that are repeated for a merged cell as one cell; [] where it is none."""
    if rows and all(row and not row[0] for row in rows):
        rows = [row[1:] for row in rows]
    if len(rows) < 2 or len({len(row) for row in rows}) > 1 or len(rows[0]) < 2:
        return []
    return [] if any(_is_packed(row) for row in rows) else [list(_merged(rows, number)) for number in range(len(rows))]


def _is_packed(row: Row) -> bool:
    """Words one beside the other from the left, and nothing behind them: what was merged may have moved them up."""
    written = [cell for cell in row if cell]
    return len(written) > 1 and list(row[: len(written)]) == written and not row[-1] and all(map(_are_words, written))


def _merged(rows: Sequence[Row], number: int) -> Iterator[Span]:
    row = rows[number]
    column = 0
    while column < len(row):
        width = _repeated(row, column)
        if number and _repeats_above(rows, number, column, width):
            yield Span("", columns=width, covered=True)
        else:
            yield Span(row[column], _height(rows, number, column, width), width)
        column += width


def _repeated(row: Row, column: int) -> int:
    end = column + 1
    while end < len(row) and _are_words(row[column]) and row[end] == row[column]:
        end += 1
    return end - column


def _height(rows: Sequence[Row], number: int, column: int, width: int) -> int:
    end = number + 1
    while end < len(rows) and _repeats_above(rows, end, column, width):
        end += 1
    return end - number


def _repeats_above(rows: Sequence[Row], number: int, column: int, width: int) -> bool:
    """Whether the very same cell stands right above."""
    here, above = rows[number], rows[number - 1]
    same = _are_words(here[column]) and here[column] == above[column]
    return same and _repeated(here, column) == _repeated(above, column) == width and _starts(above, column)


def _starts(row: Row, column: int) -> bool:
    return column == 0 or row[column - 1] != row[column]


def _are_words(text: str) -> bool:
    return bool(text) and not _NO_WORDS.fullmatch(text)

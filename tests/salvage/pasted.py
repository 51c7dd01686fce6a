"""The shapes in which published pages become text: bars or tabs or nothing between the cells, merged ones left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from xltool.documents.model import Cell, DocTable, Document

Shape = Callable[[DocTable], list[str]]


def _rows(table: DocTable) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[] for _ in range(table.height)]
    for cell in table.cells:
        rows[cell.row].append(cell)
    return rows


def _lacking(table: DocTable) -> Iterator[int]:
    """By row, how many cells fewer than columns it has."""
    return (table.width - len(row) for row in _rows(table))


def closed(table: DocTable) -> list[str]:
    """规章 | 0 | 0 | 0 |"""
    return [" | ".join(cell.text for cell in row) + " |" for row in _rows(table)]


def closed_and_filled(table: DocTable) -> list[str]:
    """The same, with what merged cells cover at the end of the line: 行政许可 | 0 | ||"""
    return [line + " " + "|" * lack for line, lack in zip(closed(table), _lacking(table), strict=True)]


def framed_and_filled(table: DocTable) -> list[str]:
    """| 行政许可 | 0 | ||"""
    return ["| " + line for line in closed_and_filled(table)]


def framed(table: DocTable) -> list[str]:
    """|行政许可|0|"""
    return ["|" + "|".join(cell.text for cell in row) + "|" for row in _rows(table)]


def cell_by_cell(table: DocTable) -> list[str]:
    """One cell a line, each closed by a bar; what merged cells cover on a line of its own."""
    lines = []
    for row, lack in zip(_rows(table), _lacking(table), strict=True):
        lines += [f"{cell.text} |" if cell.text else "|" for cell in row]
        lines += ["|" * lack] if lack else []
    return lines


def kept_down(table: DocTable) -> list[str]:
    """Cells that reach down keep their place in the lines below, those that reach across do not."""
    lines = []
    for number in range(table.height):
        here = [cell for cell in table.cells if cell.row <= number < cell.row + cell.rows]
        texts = [cell.text if cell.row == number else "" for cell in sorted(here, key=lambda cell: cell.column)]
        lines.append("".join(f"{text} | " if text else "| " for text in texts).strip())
    return lines


def markdown(table: DocTable) -> list[str]:
    """Every place of the grid, empty where a merged cell covers it."""
    grid = [[""] * table.width for _ in range(table.height)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text.replace("\n", " ")
    return _drawn(grid)


def repeated(table: DocTable) -> list[str]:
    """Every place of the grid, merged cells written in each place they cover."""
    grid = [[""] * table.width for _ in range(table.height)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rows):
            for column in range(cell.column, cell.column + cell.columns):
                grid[row][column] = cell.text.replace("\n", " ")
    return _drawn(grid)


def _drawn(grid: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in grid]
    return [lines[0], "|" + "---|" * len(grid[0]), *lines[1:]]


def tabbed(table: DocTable) -> list[str]:
    return ["\t".join(cell.text for cell in row) for row in _rows(table)]


CELLED: tuple[Shape, ...] = (
    closed, closed_and_filled, framed_and_filled, framed, cell_by_cell, kept_down, markdown, repeated,
)  # fmt: skip
SHAPES: tuple[Shape, ...] = (*CELLED, tabbed)


def as_lines(document: Document, shape: Shape) -> list[str]:
    lines: list[str] = []
    for block in document.blocks:
        lines += shape(block) if isinstance(block, DocTable) else [block.text]
    return lines


def without_cell(lines: list[str], chance: Random) -> list[str]:
    """One cell of one line gone."""
    at = [index for index, line in enumerate(lines) if line.count("|") > 2 or line.count("\t") > 2]
    if at:
        index = chance.choice(at)
        sign = "|" if "|" in lines[index] else "\t"
        cells = lines[index].split(sign)
        del cells[chance.randrange(len(cells))]
        lines[index] = sign.join(cells)
    return lines

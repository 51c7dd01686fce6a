"""Where a sheet of the layout stands in a returned workbook: found by its locked labels, not by names or order.

Rows (and then columns) of the layout are matched with rows of the sheet by the labels in them::

    layout                      returned
    r  labels                   r'  labels
    4  第二十条第（一）项          4   第二十条第（一）项
    5  信息内容|本年制发件数…      5   信息内容|本年制发件数…
                                6   (inserted: no label of the form)
    6  规章                      7   规章

A label that was retyped is told apart from a row that is gone by its place between its neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from xltool.errors import FileRefused
from xltool.spreadsheet import sheets as raw
from xltool.workbook.layout import Area, Fixed, Place, Sheet

_SPACE = re.compile(r"\s+")
_WIDTHS = str.maketrans("()［］[]:,;", "（）【】【】：，；")
_LEAST_SHARE = 0.5
"""A sheet that holds fewer of the labels than this share is another sheet."""


@dataclass(frozen=True)
class Located:
    """A sheet found: rows and columns of the layout → of the file; labels that read otherwise."""

    sheet: raw.Sheet
    rows: dict[int, int] = field(default_factory=dict)
    columns: dict[int, int] = field(default_factory=dict)
    changed: tuple[tuple[Fixed, str], ...] = ()
    as_drawn: bool = False
    """Everything stands where the layout has it; ``rows`` and ``columns`` are not needed then."""

    def position(self, place: Place) -> tuple[int, int] | None:
        """Row and column in the file, None where they are gone."""
        if self.as_drawn:
            return place.row, place.column
        row, column = self.rows.get(place.row), self.columns.get(place.column)
        return None if row is None or column is None else (row, column)

    @cached_property
    def cells(self) -> dict[tuple[int, int], raw.Cell]:
        """The sheet's cells, looked up thousands of times."""
        return self.sheet.cells

    def cell(self, place: Place) -> raw.Cell | None:
        """What stands at the layout's ``place`` now."""
        if self.as_drawn:
            return self.cells.get((place.row, place.column))
        position = self.position(place)
        return None if position is None else self.cells.get(position)

    def name(self, place: Place) -> str:
        """``D5`` where the cell now stands."""
        row, column = self.position(place) or (place.row, place.column)
        return Place(self.sheet.name, row, column).cell

    @property
    def moved(self) -> bool:
        """Whether rows or columns were inserted or deleted."""
        return any(k != v for k, v in self.rows.items()) or any(k != v for k, v in self.columns.items())


def normal(text: str) -> str:
    """A label without what programs and people change in passing: spaces, line ends, widths of brackets."""
    return _SPACE.sub("", text).translate(_WIDTHS)


def locate(
    layout: Sheet,
    candidates: Sequence[raw.Sheet],
    needed: Iterable[Place],
    common: frozenset[str] = frozenset(),
) -> Located | None:
    """``layout`` among ``candidates``; None where no sheet is it. ``common``: labels that tell nothing.

    FileRefused names the first label that is missing where rows or columns of ``needed`` places are gone.
    """
    same_name = next((sheet for sheet in candidates if sheet.name == layout.name), None)
    if same_name is not None and _stands_as_drawn(layout, same_name):
        return Located(same_name, as_drawn=True)
    labels = [cell for cell in layout.cells if isinstance(cell, Fixed) and _printed(cell)]
    own = [label for label in labels if normal(_printed(label)) not in common]
    best = max(candidates, key=lambda sheet: _share(own, sheet), default=None)
    if best is None or _share(own, best) < _LEAST_SHARE:
        return None
    return _aligned(layout, labels, best, needed)


def _printed(cell: Fixed) -> str:
    return cell.text + cell.note


def _stands_as_drawn(layout: Sheet, sheet: raw.Sheet) -> bool:
    cells = sheet.cells
    for row, column, text in layout.printed:
        found = cells.get((row, column))
        if found is None or (found.text != text and normal(found.text) != normal(text)):
            return False
    return True


def common_labels(sheets: Iterable[Sheet]) -> frozenset[str]:
    """Labels that stand on more than one of ``sheets``."""
    counted = Counter(text for sheet in sheets for text in {normal(text) for _, _, text in sheet.printed})
    return frozenset(text for text, count in counted.items() if count > 1)


def _share(labels: list[Fixed], sheet: raw.Sheet) -> float:
    present = {normal(cell.text) for cell in sheet.cells.values() if cell.kind == "s"}
    wanted = {normal(_printed(label)) for label in labels}
    return len(wanted & present) / max(1, len(wanted))


def _aligned(layout: Sheet, labels: list[Fixed], sheet: raw.Sheet, needed: Iterable[Place]) -> Located:
    known = {normal(_printed(label)) for label in labels}
    found = [
        (row, column, normal(cell.text))
        for (row, column), cell in sorted(sheet.cells.items())
        if cell.kind == "s" and normal(cell.text) in known
    ]
    drawn = [(f.area.place.row, f.area.place.column, normal(_printed(f))) for f in labels]
    rows = _matched(_lines(drawn, 0), _lines(found, 0))
    rows = _with_unlabelled(rows, {cell.area.place.row for cell in layout.cells}, sheet, 0)
    # Columns are matched by the labels of rows that were found, so that a lost row does not lose them all.
    back = {there: here for here, there in rows.items()}
    kept_drawn = [item for item in drawn if item[0] in rows]
    kept_found = [(back[row], column, text) for row, column, text in found if row in back]
    columns = _matched(_lines(kept_drawn, 1), _lines(kept_found, 1))
    columns = _with_unlabelled(columns, {cell.area.place.column for cell in layout.cells}, sheet, 1)
    located = Located(sheet, rows, columns)
    _refuse_missing(layout, labels, located, needed)
    return Located(sheet, rows, columns, tuple(_changed(labels, located)))


def _lines(items: Iterable[tuple[int, int, str]], axis: int) -> dict[int, tuple[str, ...]]:
    """Labels by row (axis 0) or column (axis 1)."""
    lines: dict[int, list[str]] = {}
    for item in items:
        row, column, text = item
        lines.setdefault(row if axis == 0 else column, []).append(text)
    return {line: tuple(texts) for line, texts in sorted(lines.items())}


def _matched(drawn: dict[int, tuple[str, ...]], found: dict[int, tuple[str, ...]]) -> dict[int, int]:
    """Lines with the same labels in the same order; then lines in between that share some of them."""
    here, there = list(drawn), list(found)
    matcher = SequenceMatcher(None, [drawn[k] for k in here], [found[k] for k in there], autojunk=False)
    matched: dict[int, int] = {}
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            matched.update(zip(here[a1:a2], there[b1:b2], strict=True))
        elif tag == "replace":
            matched.update(_similar(here[a1:a2], there[b1:b2], drawn, found))
    return matched


def _similar(
    here: list[int], there: list[int], drawn: dict[int, tuple[str, ...]], found: dict[int, tuple[str, ...]]
) -> dict[int, int]:
    """Lines in order whose labels overlap: one label of several was retyped or removed."""
    matched: dict[int, int] = {}
    start = 0
    for line in here:
        for index in range(start, len(there)):
            if set(drawn[line]) & set(found[there[index]]):
                matched[line] = there[index]
                start = index + 1
                break
    return matched


def _with_unlabelled(matched: dict[int, int], lines: set[int], sheet: raw.Sheet, axis: int) -> dict[int, int]:
    """Lines without labels of their own stand between their labelled neighbours, as far from them as drawn.

    Where the distance changed, the one line in between that holds something is taken; else it stays unmatched.
    """
    filled = {position[axis] for position in sheet.cells}
    complete = dict(matched)
    for line in sorted(lines - matched.keys()):
        above = max((k for k in complete if k < line), default=None)
        below = min((k for k in matched if k > line), default=None)
        after_above = None if above is None else complete[above] + line - above
        before_below = None if below is None else matched[below] - (below - line)
        if after_above is None or before_below is None or after_above == before_below:
            guess = before_below if after_above is None else after_above
            if guess is not None and guess >= 0:
                complete[line] = guess
        elif above is not None and below is not None:
            between = [k for k in range(complete[above] + 1, matched[below]) if k in filled]
            if len(between) == 1:
                complete[line] = between[0]
    return complete


def _refuse_missing(layout: Sheet, labels: list[Fixed], located: Located, needed: Iterable[Place]) -> None:
    for place in needed:
        if located.position(place) is None:
            label = next((_printed(f) for f in labels if _covers(f.area, place, located)), f"{place.cell} 格")
            raise FileRefused(
                f"“{layout.name}”里找不到“{label}”，可能被删去或改写了。"
                "请在原来下发的工作簿里重新填写，或者恢复这一行（列）后再交。"
            )


def _covers(area: Area, place: Place, located: Located) -> bool:
    """Whether the label is one of the missing row or column."""
    row_gone, column_gone = place.row not in located.rows, place.column not in located.columns
    in_row = area.place.row <= place.row <= area.last.row and area.height == 1
    in_column = area.place.column <= place.column <= area.last.column and area.width == 1
    return (row_gone and in_row) or (column_gone and not row_gone and in_column)


def _changed(labels: list[Fixed], located: Located) -> Iterable[tuple[Fixed, str]]:
    for label in labels:
        cell = located.cell(label.area.place)
        text = cell.text if cell is not None else ""
        if normal(text) != normal(_printed(label)):
            yield label, text

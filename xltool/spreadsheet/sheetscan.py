"""What a sheet's XML says, as it is written: any well-formed spelling, one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from xltool.spreadsheet.addresses import column_letters, position
from xltool.spreadsheet.limits import MAX_MERGES, Allowance, too_large
from xltool.spreadsheet.xmlscan import scan

_BATCH = 4096
_LAST_COLUMN = 16_384
_TRUE = ("1", "true")


class RawCell(NamedTuple):
    """A cell before it means anything: everything as text, what is not there is ''."""

    reference: str
    style: str
    kind: str
    formula_kind: str
    group: str  # number of a shared formula
    formula: str
    value: str
    unread: str = ""  # only for plainxml, which finds there what it does not understand


class SheetScan:
    """Runs over ``part`` at once; cells go to ``keep`` in batches, everything else is in the attributes.

    Cells without value and formula are counted, not kept. ValueError for a cell that is nowhere.
    """

    def __init__(self, part: bytes, allowance: Allowance, keep: Callable[[Sequence[RawCell]], None]) -> None:
        self.merges: list[str] = []
        self.hidden_rows: list[str] = []
        self.hidden_columns: list[tuple[str, str]] = []
        self.protected = False
        self._allowance = allowance
        self._keep = keep
        self._batch: list[RawCell] = []
        self._row = -1
        self._column = -1
        self._in_rows = False
        self._cell: dict[str, str] | None = None
        self._formula: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._phonetic = False
        scan(part, allowance, self._opened, self._closed)
        keep(self._batch)

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        if self._cell is not None:
            if name == "f":
                self._formula = attributes
            elif name == "rPh":
                self._phonetic = True
        elif self._in_rows:
            if name == "c":
                self._open_cell(attributes)
            elif name == "row":
                self._open_row(attributes)
        else:
            self._open_other(name, attributes)

    def _open_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        self._row = position("A" + given)[0] if given else self._row + 1
        self._column = -1
        if attributes.get("hidden") in _TRUE:
            self.hidden_rows.append(str(self._row + 1))

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self._allowance.use_cells(1)
        reference = attributes.get("r")
        if reference:
            self._column = position(reference)[1]
        else:
            self._column += 1
            attributes["r"] = f"{column_letters(self._column)}{self._row + 1}"
        self._cell = attributes
        self._formula = {}
        self._texts = {}
        self._phonetic = False

    def _open_other(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheetData":
            self._in_rows = True
        elif name == "sheetProtection":
            self.protected = attributes.get("sheet") in _TRUE
        elif name == "mergeCell":
            self.merges.append(attributes.get("ref", ""))
            if len(self.merges) > MAX_MERGES:
                raise too_large(f"合并单元格超过 {MAX_MERGES // 10_000} 万处")
        elif name == "col" and attributes.get("hidden") in _TRUE:
            self.hidden_columns.append((attributes.get("min", ""), attributes.get("max", "")))
            if len(self.hidden_columns) > _LAST_COLUMN:
                raise too_large("列的定义过多")

    def _closed(self, name: str, text: str) -> None:
        if self._cell is None:
            if name == "sheetData":
                self._in_rows = False
        elif name in ("v", "f"):
            self._texts[name] = text
        elif name == "t" and not self._phonetic:
            self._texts["t"] = self._texts.get("t", "") + text
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._close_cell(self._cell)
            self._cell = None

    def _close_cell(self, cell: dict[str, str]) -> None:
        if not self._texts and not self._formula:
            return
        kind = cell.get("t", "")
        value = self._texts.get("t" if kind == "inlineStr" else "v", "")
        formula_kind, group = self._formula.get("t", ""), self._formula.get("si", "")
        formula = self._texts.get("f", "")
        self._batch.append(RawCell(cell["r"], cell.get("s", ""), kind, formula_kind, group, formula, value))
        if len(self._batch) >= _BATCH:
            self._keep(self._batch)
            self._batch.clear()

"""What a person does to one open spreadsheet, done through UNO.

Part of `uno_server`: runs under the Python that LibreOffice brings, so only the standard library is imported.
Every operation takes JSON values and returns JSON values.

Findings these functions rest on (LibreOffice 7.4, by experiment):

* `FormulaLocal` reads a string exactly as the input line of the window does (locale, full-width digits, ￥,
  cells formatted as text). `setFormula` does not: it reads English and ignores the text format.
* Writing one cell through UNO ignores protection; `setFormulaArray`, cut, paste and `moveRange` respect it,
  most of them without a word. Therefore protection is asked for first, here.
* A refused cut leaves the clipboard as it was; a paste after it would bring foreign content.
* In the window, a cut whose paste hits a locked cell has emptied its source already. Here both ends are
  looked at before anything is touched.
* Fetching a sheet, a range or a cell costs milliseconds, writing it a fraction of that: they are kept between
  operations. What is kept walks with its content when rows are inserted or ranges moved, so these forget all.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

uno: Any = importlib.import_module("uno")

CONTENT = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: VALUE, DATETIME, STRING, FORMULA
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".pdf": "calc_pdf_Export",
}


class Refused(Exception):
    """The sheet's protection forbids it, as it would in the window."""

    def __init__(self, cells: list[str]) -> None:
        super().__init__(", ".join(cells))
        self.cells = cells


def property_value(name: str, value: Any) -> Any:
    pair = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    pair.Name, pair.Value = name, value
    return pair


def column_letters(index: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def block_address(corner: Any, height: int, width: int) -> str:
    """The range of so many rows and columns whose upper left cell is `corner`, a CellAddress."""
    first = f"{column_letters(corner.Column)}{corner.Row + 1}"
    return f"{first}:{column_letters(corner.Column + width - 1)}{corner.Row + height}"


class Spreadsheet:
    """One open document; the public methods are the operations a client may ask for."""

    def __init__(self, context: Any, model: Any) -> None:
        self._context = context
        self._model = model
        self._cells: dict[str, dict[str, tuple[Any, bool]]] = {}
        self._areas: dict[tuple[str, str], Any] = {}
        self._tables: dict[str, Any] = {}
        # Undo steps of hundreds of refills would fill the memory.
        model.UndoManager.lock()

    # -- single cells

    def type(self, sheet: str, cells: dict[str, str]) -> None:
        self._write(sheet, cells, "FormulaLocal")

    def set_text(self, sheet: str, cells: dict[str, str]) -> None:
        self._write(sheet, cells, "String")

    def _write(self, sheet: str, cells: dict[str, str], attribute: str) -> None:
        found = self._found(sheet, cells)
        locked = [address for address, (_, is_locked) in found.items() if is_locked]
        if locked:
            raise Refused(locked)
        # Else every cell is drawn before the next.
        self._model.addActionLock()
        self._model.enableAutomaticCalculation(False)
        try:
            for address, (cell, _) in found.items():
                setattr(cell, attribute, cells[address])
        finally:
            self._model.enableAutomaticCalculation(True)
            self._model.removeActionLock()

    def clear(self, sheet: str, ranges: list[str]) -> None:
        areas = [self._unlocked(sheet, address) for address in ranges]
        for area in areas:
            area.clearContents(CONTENT)

    def shown(self, sheet: str, addresses: list[str]) -> dict[str, str]:
        return {address: cell.String for address, (cell, _) in self._found(sheet, addresses).items()}

    def locked(self, sheet: str, addresses: list[str]) -> list[str]:
        return [address for address, (_, is_locked) in self._found(sheet, addresses).items() if is_locked]

    def read(self, sheet: str) -> dict[str, list[Any]]:
        """address → [value, formula, error] of every cell with content."""
        table = self._sheet(sheet)
        filled = table.queryContentCells(CONTENT).getRangeAddresses()
        if not filled:
            return {}
        top, left = min(area.StartRow for area in filled), min(area.StartColumn for area in filled)
        bottom, right = max(area.EndRow for area in filled), max(area.EndColumn for area in filled)
        block = table.getCellRangeByPosition(left, top, right, bottom)
        found: dict[str, list[Any]] = {}
        for y, (values, formulas) in enumerate(zip(block.getDataArray(), block.getFormulaArray())):
            for x, (value, formula) in enumerate(zip(values, formulas)):
                if formula == "":
                    continue
                # A text beginning with = comes back like a formula, but no formula results in its own text.
                text = formula if formula.startswith("=") and formula != value else None
                error = block.getCellByPosition(x, y).String if value is None else None
                found[f"{column_letters(left + x)}{top + y + 1}"] = [value, text, error]
        return found

    # -- blocks of cells

    def put(self, blocks: list[list[Any]]) -> None:
        tables = {sheet: self._sheet(sheet) for sheet in {sheet for sheet, _, _ in blocks}}
        guarded = {sheet for sheet, table in tables.items() if table.isProtected()}
        for sheet, address, _ in blocks:
            if sheet in guarded:
                self._unlocked(sheet, address)
            if (sheet, address) not in self._areas:
                self._areas[sheet, address] = tables[sheet].getCellRangeByName(address)
        # Else every block is drawn, with all its formulas, before the next.
        self._model.addActionLock()
        self._model.enableAutomaticCalculation(False)
        try:
            for sheet, address, rows in blocks:
                self._areas[sheet, address].setDataArray(tuple(tuple(row) for row in rows))
        finally:
            self._model.enableAutomaticCalculation(True)
            self._model.removeActionLock()

    def cut_paste(self, sheet: str, source: str, to_sheet: str, target: str) -> None:
        self._unlocked(sheet, source)
        self._paste(".uno:Cut", sheet, source, to_sheet, target)

    def copy_paste(self, sheet: str, source: str, to_sheet: str, target: str) -> None:
        self._paste(".uno:Copy", sheet, source, to_sheet, target)

    def drag(self, sheet: str, source: str, to_sheet: str, target: str) -> None:
        self._unlocked(sheet, source)
        self._unlocked(to_sheet, self._landing(sheet, source, to_sheet, target))
        corner = self._sheet(to_sheet).getCellRangeByName(target).getCellByPosition(0, 0)
        area = self._sheet(sheet).getCellRangeByName(source).getRangeAddress()
        self._sheet(to_sheet).moveRange(corner.getCellAddress(), area)
        self._forget()

    def paste_foreign(self, sheet: str, target: str, rows: list[list[Any]]) -> None:
        """Paste from another, fresh workbook, whose cells are locked as every program's are by default."""
        desktop = self._service("com.sun.star.frame.Desktop")
        hidden = (property_value("Hidden", True),)
        other = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, hidden)
        try:
            block = other.Sheets.getByIndex(0).getCellRangeByPosition(0, 0, len(rows[0]) - 1, len(rows) - 1)
            block.setDataArray(tuple(tuple(row) for row in rows))
            corner = self._sheet(sheet).getCellRangeByName(target).getCellByPosition(0, 0).getCellAddress()
            self._unlocked(sheet, block_address(corner, len(rows), len(rows[0])))
            other.CurrentController.select(block)
            self._dispatch(other, ".uno:Copy")
            self._select(sheet, target)
            self._dispatch(self._model, ".uno:Paste")
        finally:
            other.close(True)
            self._forget()

    def command(self, name: str, sheet: str, selection: str, arguments: dict[str, Any]) -> None:
        self._select(sheet, selection)
        self._dispatch(self._model, name, arguments)
        self._forget()

    def _paste(self, take: str, sheet: str, source: str, to_sheet: str, target: str) -> None:
        self._unlocked(to_sheet, self._landing(sheet, source, to_sheet, target))
        self._select(sheet, source)
        self._dispatch(self._model, take)
        self._select(to_sheet, target)
        self._dispatch(self._model, ".uno:Paste")
        self._forget()

    # -- sheets

    def sheets(self) -> list[list[Any]]:
        tables = list(self._model.Sheets)
        return [[table.Name, bool(table.IsVisible), bool(table.isProtected())] for table in tables]

    def insert_rows(self, sheet: str, row: int, count: int) -> None:
        self._unprotected(sheet).Rows.insertByIndex(row - 1, count)
        self._forget()

    def delete_rows(self, sheet: str, row: int, count: int) -> None:
        self._unprotected(sheet).Rows.removeByIndex(row - 1, count)
        self._forget()

    def rename_sheet(self, sheet: str, name: str) -> None:
        self._sheet(sheet).Name = name
        self._forget()

    def move_sheet(self, sheet: str, position: int) -> None:
        self._model.Sheets.moveByName(sheet, position)
        self._forget()

    def delete_sheet(self, sheet: str) -> None:
        self._model.Sheets.removeByName(sheet)
        self._forget()

    def protect(self, sheet: str, password: str) -> None:
        self._sheet(sheet).protect(password)
        self._forget()

    def unprotect(self, sheet: str, password: str) -> None:
        self._forget()
        try:
            self._sheet(sheet).unprotect(password)
        except uno.getClass("com.sun.star.lang.IllegalArgumentException"):
            raise Refused([sheet]) from None

    # -- the document

    def recalculate(self) -> None:
        self._model.calculateAll()

    def save(self, path: str) -> None:
        self._store(path, FILTERS[Path(path).suffix.lower()])

    def save_csv(self, path: str, sheet: str) -> None:
        number = list(self._model.Sheets.ElementNames).index(sheet) + 1
        # Comma, double quote, UTF-8, from line 1; cells as shown; the sheet of this number.
        options = f"44,34,76,1,,0,false,true,false,false,false,{number}"
        self._store(path, "Text - txt - csv (StarCalc)", options)
        # The program puts the sheet's name behind the file's.
        Path(path).with_name(f"{Path(path).stem}-{sheet}.csv").replace(path)

    def _store(self, path: str, filter_name: str, options: str = "") -> None:
        settings = {"FilterName": filter_name, "FilterOptions": options, "Overwrite": True}
        pairs = tuple(property_value(name, value) for name, value in settings.items())
        self._model.storeToURL(uno.systemPathToFileUrl(path), pairs)

    def close(self) -> None:
        self._forget()
        self._model.close(True)

    # -- finding things

    def _service(self, name: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(name, self._context)

    def _sheet(self, name: str) -> Any:
        if name not in self._tables:
            if not self._model.Sheets.hasByName(name):
                there = ", ".join(self._model.Sheets.ElementNames)
                raise LookupError(f"no sheet named {name}; there are {there}")
            self._tables[name] = self._model.Sheets.getByName(name)
        return self._tables[name]

    def _found(self, sheet: str, addresses: Iterable[str]) -> dict[str, tuple[Any, bool]]:
        """The cells, each with whether protection forbids changing it."""
        kept = self._cells.setdefault(sheet, {})
        wanted = list(addresses)
        missing = [address for address in wanted if address not in kept]
        if missing:
            table = self._sheet(sheet)
            guarded = table.isProtected()
            for address in missing:
                cell = table.getCellRangeByName(address)
                kept[address] = cell, bool(guarded and cell.CellProtection.IsLocked)
        return {address: kept[address] for address in wanted}

    def _forget(self) -> None:
        self._cells.clear()
        self._areas.clear()
        self._tables.clear()

    def _unprotected(self, sheet: str) -> Any:
        table = self._sheet(sheet)
        if table.isProtected():
            raise Refused([sheet])
        return table

    def _unlocked(self, sheet: str, address: str) -> Any:
        """The range, once no locked cell of a protected sheet is in it."""
        table = self._sheet(sheet)
        area = table.getCellRangeByName(address)
        groups = area.getUniqueCellFormatRanges() if table.isProtected() else ()
        locked = [
            part.AbsoluteName.rsplit(".", 1)[-1].replace("$", "")
            for group in groups
            if group.CellProtection.IsLocked
            for part in group
        ]
        if locked:
            raise Refused(locked)
        return area

    def _landing(self, sheet: str, source: str, to_sheet: str, target: str) -> str:
        """The range a block covers once it is put down with its upper left corner at `target`."""
        area = self._sheet(sheet).getCellRangeByName(source).getRangeAddress()
        corner = self._sheet(to_sheet).getCellRangeByName(target).getCellByPosition(0, 0).getCellAddress()
        height, width = area.EndRow - area.StartRow + 1, area.EndColumn - area.StartColumn + 1
        return block_address(corner, height, width)

    def _select(self, sheet: str, address: str) -> None:
        table = self._sheet(sheet)
        controller = self._model.CurrentController
        controller.setActiveSheet(table)
        controller.select(table.getCellRangeByName(address))

    def _dispatch(self, model: Any, command: str, arguments: dict[str, Any] | None = None) -> None:
        pairs = tuple(property_value(name, value) for name, value in (arguments or {}).items())
        dispatcher = self._service("com.sun.star.frame.DispatchHelper")
        dispatcher.executeDispatch(model.CurrentController.Frame, command, "", 0, pairs)

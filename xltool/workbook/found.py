"""A returned workbook with its sheets found: cells looked up by the layout's places."""

from __future__ import annotations

from dataclasses import dataclass

from xltool.form import Form
from xltool.spreadsheet import sheets as raw
from xltool.workbook.entries import read_text
from xltool.workbook.layout import Layout, Place
from xltool.workbook.locate import Located
from xltool.workbook.stamps import Stamps


@dataclass(frozen=True)
class Found:
    """Form, layout and file brought together; ``sheets`` by the layout's names, those that were found."""

    form: Form
    layout: Layout
    book: raw.Workbook
    stamps: Stamps
    sheets: dict[str, Located]

    def cell(self, place: Place) -> raw.Cell | None:
        """What stands at ``place`` of the layout, wherever that is now; None for a blank or lost cell."""
        located = self.sheets.get(place.sheet)
        return located.cell(place) if located is not None else None

    def where(self, place: Place) -> tuple[str, str]:
        """Sheet and cell as the file has them now: ("表三", "D5")."""
        located = self.sheets.get(place.sheet)
        return (place.sheet, place.cell) if located is None else (located.sheet.name, located.name(place))

    def source(self, place: Place) -> str:
        """``表三 D5``."""
        return " ".join(self.where(place))

    def text(self, key: str) -> str:
        """The text in the input ``key``, "" where the layout has none or it is blank."""
        cell = self.layout.inputs.get(key)
        return read_text(self.cell(cell.area.place)) if cell is not None else ""

    def declaration(self, table: str) -> str:
        """What stands in the cell 本表空白格均为 0 of ``table``."""
        return self.text(f"zero.{table}").strip()

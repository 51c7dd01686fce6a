"""Where everything stands in the workbook. The only home of cell addresses.

``make_layout`` is a pure function of form, year and whether last year's figures are at hand; the writer draws
what it says, the reader finds again what it says.
"""

from xltool.workbook.layout.make import make_layout
from xltool.workbook.layout.model import (
    Area,
    Computed,
    Fixed,
    Highlight,
    Input,
    Layout,
    Mark,
    Place,
    Sheet,
    Stamp,
    Style,
)

__all__ = [
    "Area",
    "Computed",
    "Fixed",
    "Highlight",
    "Input",
    "Layout",
    "Mark",
    "Place",
    "Sheet",
    "Stamp",
    "Style",
    "make_layout",
]

"""How cells look: one format per style of the layout, in the words of xlsxwriter."""

from __future__ import annotations

from typing import Any

from xltool.figure import Kind
from xltool.workbook.layout import Style
from xltool.workbook.layout.model import lines_needed

SONG, HEI, KAI = "宋体", "黑体", "楷体"
_INPUT_FILL, _TOTAL_FILL, _BAND_FILL = "#FFF9DB", "#ECECEC", "#F3F7FB"
_GREY, _BLUE = "#5F6B76", "#1F5FA8"
_LINE = {"border": 1, "border_color": "#7F8A94"}
_OFFICIAL = {"border": 1, "font_name": SONG, "font_size": 11, "valign": "vcenter", "text_wrap": True}
_LIST = {**_LINE, "font_size": 10, "valign": "vcenter", "text_wrap": True}
_NUMBER = Kind.MONEY.excel_format

DEFAULT: dict[str, Any] = {"font_name": SONG, "font_size": 11, "locked": False}
"""Unlocked: what is pasted from elsewhere brings its Normal style along and must not lock the cell."""

HIGHLIGHTS: dict[str, dict[str, Any]] = {
    "wrong": {"bg_color": "#FFC7CE", "font_color": "#9C0006"},
    "open": {"bg_color": "#FFE0A3", "font_color": "#7A4300"},
    "good": {"font_color": "#0B7A3B"},
    "pale": {"font_color": "#8A949E"},
    "as_input": {"bg_color": _INPUT_FILL, "font_color": "#000000"},
    "as_total": {"bg_color": _TOTAL_FILL, "font_color": "#000000"},
}

STYLES: dict[Style, dict[str, Any]] = {
    Style.TITLE: {"font_name": HEI, "font_size": 20, "align": "center", "valign": "vcenter", "text_wrap": True},
    Style.SECTION: {"font_name": HEI, "font_size": 14, "valign": "vcenter"},
    Style.TEXT: {"font_size": 10.5, "valign": "vcenter", "text_wrap": True},
    Style.HINT: {"font_size": 10, "font_color": _GREY, "valign": "vcenter", "text_wrap": True},
    Style.LINK: {"font_size": 10, "font_color": _BLUE, "underline": 1, "align": "right", "valign": "vcenter"},
    Style.LABEL: {**_OFFICIAL, "align": "center"},
    Style.LABEL_LEFT: {**_OFFICIAL, "align": "left"},
    Style.CORNER: {**_OFFICIAL, "align": "left", "font_name": KAI},
    Style.BAND_LABEL: {**_LINE, "font_size": 10, "bg_color": _BAND_FILL, "valign": "vcenter", "text_wrap": True},
    Style.BAND: {
        **_LINE, "font_size": 10, "bg_color": _BAND_FILL, "align": "center", "valign": "vcenter",
        "num_format": _NUMBER, "shrink": True,
    },
    Style.HEADER: {
        **_LINE, "font_size": 10, "bold": True, "bg_color": "#DCE6F0", "align": "center", "valign": "vcenter",
        "text_wrap": True,
    },
    Style.LIST: _LIST,
    Style.LIST_CENTRE: {**_LIST, "align": "center"},
    Style.LIST_LINK: {**_LIST, "font_color": _BLUE, "underline": 1},
    Style.STATE: {
        **_LINE, "font_size": 10, "bold": True, "bg_color": _BAND_FILL, "align": "center", "valign": "vcenter",
    },
    Style.OVERALL: {**_LINE, "font_size": 13, "bold": True, "valign": "vcenter", "align": "center"},
    Style.FACT: {"font_size": 12, "valign": "vcenter", "text_wrap": True},
    Style.STAMP: {**_LINE, "font_size": 11, "valign": "vcenter", "text_wrap": True},
    Style.NUMBER: {**_LIST, "text_wrap": False, "align": "right", "num_format": _NUMBER, "shrink": True},
    Style.TOTAL: {
        **_OFFICIAL, "text_wrap": False, "align": "center", "bg_color": _TOTAL_FILL, "num_format": _NUMBER,
        "shrink": True,
    },
    Style.INPUT: {
        **_OFFICIAL, "text_wrap": False, "align": "center", "bg_color": _INPUT_FILL, "shrink": True, "locked": False,
    },
    Style.INPUT_CHOICE: {
        **_LINE, "bold": True, "align": "center", "valign": "vcenter", "bg_color": _INPUT_FILL, "locked": False,
    },
    Style.INPUT_LINE: {
        **_LINE, "font_size": 10.5, "valign": "vcenter", "text_wrap": True, "bg_color": _INPUT_FILL, "locked": False,
        "num_format": "@",
    },
    Style.INPUT_TEXT: {
        **_LINE, "font_size": 11, "valign": "top", "text_wrap": True, "bg_color": _INPUT_FILL, "locked": False,
    },
    Style.DRAFT: {**_LINE, "font_size": 10.5, "valign": "top", "text_wrap": True, "bg_color": _BAND_FILL},
    Style.BLOCKED: {**_LINE, "bg_color": "#EDEFF1"},
    Style.DATA: {"font_size": 9},
}  # fmt: skip


def properties(style: Style, kind: Kind | None = None, mark: str = "") -> dict[str, Any]:
    """The format of a cell; everything is locked that does not say otherwise. ``mark``: a highlight laid over it."""
    chosen = {"locked": True, **STYLES[style], **HIGHLIGHTS.get(mark, {})}
    if kind is not None:
        chosen["num_format"] = kind.excel_format
    return chosen


_COMMENT_WIDTH, _COMMENT_LINE, _COMMENT_MARGIN = 300, 17, 14
"""Pixels; a line holds 21 Chinese characters of 10 pt."""
_COMMENT_UNITS = 45.0


def comment_look(text: str) -> dict[str, Any]:
    """How a cell comment is shown: as high as all of ``text`` needs."""
    height = lines_needed(text, _COMMENT_UNITS) * _COMMENT_LINE + _COMMENT_MARGIN
    return {
        "author": "主管部门", "width": _COMMENT_WIDTH, "height": height,
        "font_name": SONG, "font_size": 10, "font_family": 3,
    }  # fmt: skip

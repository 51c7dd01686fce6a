"""What usual editors of websites leave of a table's markup, as far as that can be told without running them.

Observed by putting fragments into the editors themselves as HTML source (TinyMCE pasted) and reading them out again:
KindEditor 4, CKEditor 4.22 and CKEditor 5 as they come, wangEditor 5, TinyMCE 6. UEditor, TinyMCE 5 and 6, wangEditor 4
and CKEditor 4 with all content allowed leave fragments as they are. Quill 2 knows no merged cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from lxml.html import HtmlElement

_CELL = frozenset({"rowspan", "colspan"})


@dataclass(frozen=True)
class Editor:
    """Attributes and styles that are kept of ``table`` and of cells. ``draws_borders``: its own style sheet does."""

    name: str
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    styles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    draws_borders: bool = False

    def filtered(self, fragment: HtmlElement) -> HtmlElement:
        """The fragment as the editor gives it back."""
        copy = deepcopy(fragment)
        for element in copy.iter():
            kind = {"table": "table", "th": "cell", "td": "cell"}.get(str(element.tag), "other")
            kept = self.styles.get(kind, frozenset())
            style = ";".join(f"{name}:{value}" for name, value in styles_of(element) if name in kept)
            for name in list(element.attrib):
                if name not in self.attributes.get(kind, frozenset()):
                    del element.attrib[name]
            if style:
                element.set("style", style)
        return copy


def styles_of(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """The inline styles, name and value."""
    for declaration in element.get("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip(), value.strip()


_DRAWN = frozenset({"border", "cellspacing", "cellpadding", "width"})
_PLACED = frozenset({"align", "valign", "width", "scope"}) | _CELL

EDITORS = (
    Editor(
        "KindEditor 4",
        {"table": _DRAWN, "cell": _PLACED - {"scope"}},
        {
            "table": frozenset({"width", "border", "border-collapse", "font-size"}),
            "cell": frozenset({"border", "text-align", "vertical-align", "font-weight", "background-color"}),
        },
    ),
    Editor(
        "CKEditor 4",
        {"table": _DRAWN - {"width"}, "cell": _CELL | {"scope"}},
        {
            "table": frozenset({"width", "border-collapse"}),
            "cell": frozenset({"width", "border", "text-align", "vertical-align", "background-color"}),
        },
    ),
    Editor(
        "CKEditor 5",
        {"cell": _CELL},
        {"cell": frozenset({"width", "padding", "text-align", "background-color"})},
        draws_borders=True,
    ),
    Editor(
        "wangEditor 5",
        {"cell": _CELL | {"width"}},
        {"table": frozenset({"width", "line-height"}), "cell": frozenset({"text-align"})},
        draws_borders=True,
    ),
    Editor("TinyMCE 6, pasted", {"table": _DRAWN, "cell": _PLACED}),
)

"""Findings about a returned workbook, with their cells as a workbook drawn anew has them.

Where rows were inserted or a sheet was renamed, what the returned file calls 表三 J10 is 表三 J9 in the marked copy
that goes back. Who reads of a cell has the copy in hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from xltool.check.finding import Finding
from xltool.filing import Filing
from xltool.form import Form
from xltool.workbook.layout import Place, make_layout

_CELL = "(?<![A-Za-z0-9])[A-Z]{1,2}[1-9][0-9]{0,3}(?![A-Za-z0-9])"
_LABEL_KEY = re.compile(r"W10\.(.+)\.([A-Z]{1,2}[0-9]+)")
"""The key of a label that was changed: where the label is drawn."""
_LISTS_CELLS = ("T01",)
"""Findings that list cells of their own sheet without its name."""


def as_drawn_anew(form: Form, filing: Filing, findings: Iterable[Finding]) -> list[Finding]:
    """``findings`` of ``filing``, which was read from a workbook; nothing changes where all stood as drawn."""
    layout = make_layout(form, filing.year, has_prior=False)
    places = {source: layout.figures[figure].area.place for figure, source in filing.sources.items()}
    cells = {source: _named(place) for source, place in places.items()}
    sheets = {source.rpartition(" ")[0]: place.sheet for source, place in places.items()}
    own = {f"T08.{table.id}": f"zero.{table.id}" for table in form.tables if table.required}
    by_key = {key: _named(layout.inputs[name].area.place) for key, name in own.items()}
    by_label = {field.label: _named(layout.inputs[field.id].area.place) for field in form.cover}
    move = _Move(cells, sheets, by_key, by_label)
    return [move.of(finding) for finding in findings]


def _named(place: Place) -> str:
    return f"{place.sheet} {place.cell}"


@dataclass(frozen=True)
class _Move:
    """Where the figures' cells went, by sheet and cell in the file; its sheets by their names in it."""

    cells: Mapping[str, str]
    sheets: Mapping[str, str]
    by_key: Mapping[str, str]
    by_label: Mapping[str, str]

    def of(self, finding: Finding) -> Finding:
        sheet, _, cell = self._place(finding).rpartition(" ")
        facts = {name: self._said(text, finding) for name, text in finding.facts.items()}
        return replace(finding, sheet=sheet, cell=cell, said=self._said(finding.said, finding), facts=facts)

    def _place(self, finding: Finding) -> str:
        label = _LABEL_KEY.fullmatch(finding.key)
        if label is not None:
            return f"{label[1]} {label[2]}"
        now = f"{finding.sheet} {finding.cell}"
        elsewhere = self.by_key.get(finding.key) or (self.by_label.get(finding.label) if finding.cell else None)
        return self.cells.get(now) or elsewhere or f"{self.sheets.get(finding.sheet, finding.sheet)} {finding.cell}"

    def _said(self, text: str, finding: Finding) -> str:
        for name in self.sheets:
            if name in text:
                text = re.sub(f"{re.escape(name)} {_CELL}", lambda m: self.cells.get(m[0], m[0]), text)
        if finding.code in _LISTS_CELLS:
            text = re.sub(_CELL, lambda m: self._bare(finding.sheet, m[0]), text)
        return text

    def _bare(self, sheet: str, cell: str) -> str:
        return self.cells.get(f"{sheet} {cell}", f" {cell}").rpartition(" ")[2]

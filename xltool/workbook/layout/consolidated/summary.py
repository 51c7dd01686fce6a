"""What the consolidated workbook is about."""

from __future__ import annotations

from dataclasses import dataclass

from xltool.check.finding import Finding
from xltool.consolidate import Consolidation, RosterRow
from xltool.form import Form


@dataclass(frozen=True)
class Summary:
    """A consolidation with everything that is said about it; ``draft_note`` stands on every sheet, "" on none.

    ``findings``: those that are listed; ``ruled``: those of declared checks, which have rows of their own.
    """

    form: Form
    consolidation: Consolidation
    roster: tuple[RosterRow, ...]
    findings: tuple[Finding, ...]
    ruled: tuple[Finding, ...]
    draft_note: str

    @property
    def title(self) -> str:
        filing = self.consolidation.filing
        return f"{filing.unit.name}{filing.year}年{self.form.title}汇总表"

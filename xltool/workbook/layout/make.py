"""Second pass: every sheet with its cells and formulas."""

from __future__ import annotations

from functools import lru_cache

from xltool.form import Form, Section
from xltool.workbook.layout.addresses import Addresses, make_addresses
from xltool.workbook.layout.checks import checks_sheet
from xltool.workbook.layout.cover import cover_sheet
from xltool.workbook.layout.identity import identity_sheet
from xltool.workbook.layout.ledger import ledger_sheet
from xltool.workbook.layout.model import Layout, Sheet
from xltool.workbook.layout.narrative import narrative_sheet
from xltool.workbook.layout.prior import prior_sheet
from xltool.workbook.layout.table import table_sheet


@lru_cache(maxsize=8)
def make_layout(form: Form, year: int, has_prior: bool, to_read: bool = False) -> Layout:
    """The whole workbook for one form and year; ``has_prior`` adds the sheet of last year's figures.

    ``to_read``: without the sheets from which nothing is read back.
    """
    at = make_addresses(form)
    sheets = [cover_sheet(form, at, year)]
    sheets += [_section_sheet(form, section, at) for section in form.sections]
    sheets.append(checks_sheet(form, at))
    if to_read:
        return Layout(tuple(sheets))
    if has_prior:
        sheets.append(prior_sheet(form, at, year))
    sheets += [identity_sheet(form, at, year), ledger_sheet(form, at)]
    return Layout(tuple(sheets))


def _section_sheet(form: Form, section: Section, at: Addresses) -> Sheet:
    if section.parts:
        return narrative_sheet(section, at)
    return table_sheet(form, section, at)

"""What ships under samples/county: roster, last year's filings, this year's as they should be, and the plan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from xltool.campaign.roster import Roster, read_roster
from xltool.campaign.seeding import seed_of
from xltool.definition import form_by_id
from xltool.files import read_bytes, read_text
from xltool.filing import Filing, from_json
from xltool.form import Form
from xltool.shelf import samples_folder

FORM_ID = "gkbg-2021"
YEAR = 2025
ROSTER, LAST, THIS, PLAN = "名册.csv", "last.json", "this.json", "mistakes.json"


def folder() -> Path:
    return samples_folder() / "county"


def form() -> Form:
    """The edition the county uses; it ships with the package."""
    found = form_by_id(FORM_ID)
    assert found is not None, FORM_ID
    return found


def roster_bytes() -> bytes:
    """The roster as the office has it: CSV as Excel saves it."""
    return read_bytes(folder() / ROSTER)


@lru_cache(maxsize=1)
def roster() -> Roster:
    return read_roster(roster_bytes(), form())


@lru_cache(maxsize=1)
def last_filings() -> Mapping[str, Filing]:
    """Last year's accepted filings by the units' names of then."""
    return _filings(LAST)


@lru_cache(maxsize=1)
def true_filings() -> Mapping[str, Filing]:
    """What each unit would hand in if nobody made mistakes, by name."""
    return _filings(THIS)


def prior_of(name: str) -> Filing | None:
    """Last year's figures as they are seeded into the workbook of ``name``; None for a new unit."""
    return seed_of(form(), roster().by_name[name], YEAR, last_filings())


def _filings(file: str) -> dict[str, Filing]:
    # Decimals pass through as texts: a float would not hold them exactly.
    listed = json.loads(read_text(folder() / file), parse_float=Decimal)
    filings = (from_json(json.dumps(data, ensure_ascii=False, default=str)) for data in listed)
    return {filing.unit.name: filing for filing in filings}

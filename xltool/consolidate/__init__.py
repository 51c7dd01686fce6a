"""Many filings → one: added up exactly, who lacks what named, checks of the sum (group H)."""

from xltool.consolidate.adding import (
    Adjustment,
    Consolidation,
    Contribution,
    Lack,
    Share,
    consolidate,
)
from xltool.consolidate.checks import check_carried_over, check_consolidation, check_sums
from xltool.consolidate.roster import Presence, RosterRow

__all__ = [
    "Adjustment",
    "Consolidation",
    "Contribution",
    "Lack",
    "Presence",
    "RosterRow",
    "Share",
    "check_carried_over",
    "check_consolidation",
    "check_sums",
    "consolidate",
]

"""Who is in a consolidation and who is not, as the cover says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xltool.filing import Unit


class Presence(StrEnum):
    """Where a unit of the roster stands with regard to the sum."""

    IN = "已汇总"
    NOT_ACCEPTED = "未审定"
    MISSING = "未交"
    NOT_DUE = "不单独填报"


@dataclass(frozen=True)
class RosterRow:
    """One unit of the roster. ``accepted_on``: the date as text, "" where it is not accepted.

    ``round``: the accepted one; ``newer_round``: a later one that is not accepted, 0 where there is none.
    ``remark``: why it is not in, or what changed (“由丁局代编”).
    """

    unit: Unit
    presence: Presence
    superior: str = ""
    accepted_on: str = ""
    round: int = 0
    newer_round: int = 0
    remark: str = ""

    @property
    def is_lacking(self) -> bool:
        """Whether it should be in and is not."""
        return self.presence in (Presence.NOT_ACCEPTED, Presence.MISSING)

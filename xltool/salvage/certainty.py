"""How sure a figure read from a document is, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class Sureness(StrEnum):
    """``DOUBTFUL``: a number was read, a person has to confirm it. ``MISSING``: none was read, blank included."""

    SURE = "确定"
    DOUBTFUL = "存疑"
    MISSING = "没有读到"


@dataclass(frozen=True)
class Certainty:
    """What was read for one figure. ``quoted``: as it stands there; ``why``: of what is not sure, a clause."""

    sureness: Sureness
    value: Decimal | None = None
    quoted: str = ""
    why: str = ""
    place: str = ""

    @property
    def is_sure(self) -> bool:
        return self.sureness is Sureness.SURE

    def doubted(self, why: str) -> Certainty:
        """The same with less trust; what is missing stays missing, the first doubt is the one told."""
        return replace(self, sureness=Sureness.DOUBTFUL, why=why) if self.is_sure else self


def missing(why: str, quoted: str = "", place: str = "") -> Certainty:
    return Certainty(Sureness.MISSING, None, quoted, why, place)

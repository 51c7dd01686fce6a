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


class Lack(StrEnum):
    """Why nothing was read; the value is the clause that people read."""

    TABLE = "没有找到这张表"
    ROW = "没有找到这一行"
    COLUMN = "没有找到这一列"
    BLANK = "原件中是空白"
    NOT_A_NUMBER = "不是数字"
    SHORT_ROW = "这一行的格数与别的行不同"
    WRONG_COUNT = "后面的数的个数不对"
    ONE_ROW_FOR_SEVERAL = "原件只有一行，没有分到各行"


@dataclass(frozen=True)
class Certainty:
    """What was read for one figure.

    ``quoted``: as it stands there; ``why``: of what is not sure, a clause for people; ``lack``: of what is missing.
    """

    sureness: Sureness
    value: Decimal | None = None
    quoted: str = ""
    why: str = ""
    place: str = ""
    lack: Lack | None = None

    @property
    def is_sure(self) -> bool:
        return self.sureness is Sureness.SURE

    def doubted(self, why: str) -> Certainty:
        """The same with less trust; what is missing stays missing, the first doubt is the one told."""
        return replace(self, sureness=Sureness.DOUBTFUL, why=why) if self.is_sure else self


def missing(lack: Lack, quoted: str = "", place: str = "", why: str = "") -> Certainty:
    """``why``: a clause that says more than the lack's own."""
    return Certainty(Sureness.MISSING, None, quoted, why or lack.value, place, lack)

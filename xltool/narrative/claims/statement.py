"""A statement about a number, as it was read from a text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from xltool.narrative.claims.amounts import Amount
from xltool.narrative.claims.vocabulary import Done, Item, Rate


class Way(Enum):
    """How something is said of a number."""

    COUNT = auto()  # 收到申请 43 件
    NONE = auto()  # 未收到申请
    DONE = auto()  # 均已办结
    GROWTH = auto()  # 同比增长 3 %
    CHANGE = auto()  # 较上年增加 3 件
    RATE = auto()  # 办结率 98 %
    SHARE = auto()  # 占 12 %


@dataclass(frozen=True, eq=False)
class Statement:
    """``number``: as written, or the words that say it without one. ``quoted``: what surrounds it.

    ``value``: negative for what went down. ``hedge``: about, nearly, over, or "".
    ``doubtful``: it may well mean a part. ``last_year``: it speaks of the year before.
    ``of``: the statement that a growth, a share or an item of a list belongs to.
    """

    way: Way
    part: str
    sentence: str
    quoted: str
    number: str
    value: Decimal
    about: Item | Done | Rate
    amount: Amount | None = None
    hedge: str = ""
    doubtful: bool = False
    last_year: bool = False
    of: Statement | None = None

    @property
    def item(self) -> Item:
        """What is counted."""
        assert isinstance(self.about, Item)
        return self.about

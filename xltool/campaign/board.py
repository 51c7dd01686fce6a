"""Where the campaign stands, as plain data: who has handed in what, who is missing, how long there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from xltool.campaign.home import Campaign
from xltool.campaign.records import State

MISSING = "未交"
NOT_DUE = "不单独填报"
STATES = (MISSING, *(str(state) for state in State if state is not State.REJECTED))


@dataclass(frozen=True)
class Row:
    """One unit's line."""

    order: int
    unit: str
    superior: str
    contact: str
    phone: str
    state: str
    round: int
    errors: int
    waiting: int
    returned: int
    at: str
    change: str


@dataclass(frozen=True)
class Board:
    """The whole campaign on ``today``; days are negative when a deadline is past."""

    office: str
    year: int
    title: str
    today: date
    days_to_hand_in: int
    days_to_publish: int
    rows: tuple[Row, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many units stand where, in the order of work; states nobody is in are left out."""
        counted = Counter(row.state for row in self.rows if row.state != NOT_DUE)
        return {state: counted[state] for state in STATES if counted[state]}

    @property
    def due(self) -> int:
        return sum(row.state != NOT_DUE for row in self.rows)

    @property
    def missing(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.state == MISSING)

    def by_superior(self) -> dict[str, tuple[Row, ...]]:
        """Units by the unit above them, in the roster's order."""
        groups: dict[str, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(row.superior or self.office, []).append(row)
        return {name: tuple(rows) for name, rows in groups.items()}

    def data(self) -> dict[str, Any]:
        """The board as JSON-ready data."""
        return {
            "office": self.office,
            "year": self.year,
            "today": self.today.isoformat(),
            "days_to_hand_in": self.days_to_hand_in,
            "days_to_publish": self.days_to_publish,
            "counts": self.counts,
            "units": [_row_data(row) for row in self.rows],
        }


def _row_data(row: Row) -> dict[str, str | int]:
    return {
        "order": row.order, "unit": row.unit, "superior": row.superior, "contact": row.contact, "phone": row.phone,
        "state": row.state, "round": row.round, "errors": row.errors, "waiting": row.waiting,
        "returned": row.returned, "at": row.at, "change": row.change,
    }  # fmt: skip


def make_board(campaign: Campaign) -> Board:
    """The board as of now."""
    today = campaign.now().date()
    latest = campaign.store.latest_standings()
    returned = Counter(d.unit for d in campaign.store.decisions() if d.action == "退回")
    rows = []
    for entry in campaign.roster():
        submission = latest.get(entry.name)
        state = MISSING if submission is None else submission.state
        rows.append(
            Row(
                order=entry.order,
                unit=entry.name,
                superior=entry.superior,
                contact=entry.contact,
                phone=entry.phone,
                state=state if entry.files else NOT_DUE,
                round=submission.round if submission else 0,
                errors=submission.errors if submission else 0,
                waiting=submission.waiting if submission else 0,
                returned=returned[entry.name],
                at=submission.at[:16].replace("T", " ") if submission else "",
                change=entry.change_said,
            )
        )
    settings = campaign.settings
    return Board(
        office=settings.office,
        year=settings.year,
        title=campaign.form.title,
        today=today,
        days_to_hand_in=(settings.hand_in - today).days,
        days_to_publish=(settings.publish - today).days,
        rows=tuple(rows),
    )


def reminder(board: Board) -> str:
    """The 催报 list, as text to paste into a group chat."""
    if not board.missing:
        return f"{board.year}年{board.title}：{board.due} 个单位都已交。谢谢！"
    due = _deadline(board.days_to_hand_in)
    lines = [f"【催报】{board.year}年{board.title}，{due}，下列 {len(board.missing)} 个单位还没有交："]
    number = 0
    for superior, rows in board.by_superior().items():
        missing = [row for row in rows if row.state == MISSING]
        if missing:
            lines.append(f"〔{superior}〕")
        for row in missing:
            number += 1
            contact = "（" + " ".join(part for part in (row.contact, row.phone) if part) + "）"
            lines.append(f"{number}. {row.unit}{contact if contact != '（）' else ''}")
    lines.append("请尽快填好交回，有问题请联系我们。")
    return "\n".join(lines)


def _deadline(days: int) -> str:
    if days > 0:
        return f"离报送期限还有 {days} 天"
    return "今天是报送期限" if days == 0 else f"报送期限已过 {-days} 天"


def deadlines(board: Board) -> str:
    """How long there is to hand in, and to publish."""
    publish = board.days_to_publish
    said = f"离公布期限还有 {publish} 天" if publish >= 0 else f"公布期限已过 {-publish} 天"
    return f"{_deadline(board.days_to_hand_in)}，{said}"

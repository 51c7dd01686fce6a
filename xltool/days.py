"""Days as people type them and as officials write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_TYPED = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?")
_OFFICIAL = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def official_date(text: str) -> str:
    """2025-01-15, 2025.1.15, ２０２５年０１月１５日 → 2025年1月15日; anything else as it was typed."""
    match = _TYPED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日" if match else text.strip()


def official(day: date) -> str:
    """2025年1月15日, no zeros before it."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_meant(text: str) -> date | None:
    """The day written as 2025年1月15日; None for anything else, and where the calendar has no such day."""
    match = _OFFICIAL.fullmatch(text)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None

"""How sentences for people are put together."""

from __future__ import annotations

import pytest

from xltool.messages import listed


@pytest.mark.parametrize(
    ("count", "counted", "expected"),
    [(1, "项", "甲"), (2, "项", "甲、乙"), (3, "项", "甲、乙 等 3 项"), (4, "", "甲、乙 等")],
)
def test_the_first_few_are_named(count: int, counted: str, expected: str) -> None:
    """All of a short list; of a longer one the first, and how many there are in all."""
    assert listed("甲乙丙丁"[:count], 2, counted) == expected

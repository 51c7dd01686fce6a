"""Words as a file lists them: 申请（件|事项|） stands for three of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

_CHOICE = re.compile("（([^（）]*[|｜][^（）]*)）")
_BAR = re.compile("[|｜]")
_MOST = 2000
"""Words that one spelling may stand for: more is a slip, and would only fill the memory."""


def spelled_out(text: str) -> tuple[str, ...]:
    """The words of ``text``, choices replaced by each of what they offer; ValueError says what is wrong."""
    return tuple(dict.fromkeys(word for written in text.split() for word in _variants(written)))


def _variants(written: str) -> list[str]:
    words = list(islice(_expanded(written), _MOST + 1))
    if len(words) > _MOST:
        raise ValueError(f"“{written}”展开后的词太多，请拆开来写")
    if any(_BAR.search(word) for word in words):
        raise ValueError(f"“{written}”里的（甲|乙）写得不对：括号要用全角，不能一层套一层，中间不能有空格")
    if not all(words):
        raise ValueError(f"“{written}”有一种写法是空的")
    return words


def _expanded(written: str) -> Iterator[str]:
    choice = _CHOICE.search(written)
    if choice is None:
        yield written
        return
    for chosen in _BAR.split(choice[1]):
        for rest in _expanded(written[choice.end() :]):
            yield written[: choice.start()] + chosen + rest

"""The title in balanced lines: a trapezoid or a lozenge, and no word split (GB/T 9704 7.3.1)."""

from __future__ import annotations

import math
import re
from itertools import combinations, pairwise

LINE_WIDTH = 20.0
"""Characters of 二号 (22 pt) that the 156 mm of a line hold."""

# After the name of a place, where what follows does not belong to it: not 市|场监督, 乡|镇, 市级|机关, 城市|管理.
_AFTER_PLACE = re.compile(
    "(?<=[省市县区旗盟镇乡）])(?!(?<=城市)(?:管理|综合|建设|规划|更新|运行|公用|园林))"
    "(?=市(?:场|政|容|民|[东西南北中]区)|(?![省市县区旗镇乡场政容民级直委域划村江海原）]|[东西南北中]区))(?=..)"
    "|(?<=自治州)|(?<=街道)"
)
_BEFORE_BRACKET_OR_NAME = re.compile("(?<=..)(?=（)|(?<=、)")
_BEFORE_BODY = re.compile(
    "(?<=..)(?=人民政府|管理委员会|办事处|领导小组|(?<=人民政府)办公)(?<!监督)(?<!（)|(?<=人民政府)(?!办公)(?=....)"
)
# Only where there is nothing better: 事务|管理局, 外事|办公室, 改革|委员会.
_WITHIN_NAME = re.compile("(?<=..)(?=管理局|服务中心|办公室|委员会(?!办公室))(?<!（)(?<!监督)(?<!管理)")
_FAIR, _POOR = 3.0, 200.0
_BREAKS = ((_WITHIN_NAME, _POOR), (_BEFORE_BODY, _FAIR), (_AFTER_PLACE, 0.0), (_BEFORE_BRACKET_OR_NAME, 0.0))
_MOST_BREAKS = 8
_HOURGLASS = 100.0


def width(text: str) -> float:
    """Width in Chinese characters: letters and digits take half of one, and a quarter between the scripts."""
    narrow = [char < "\u2000" for char in text]
    changes = sum(before != after for before, after in pairwise(narrow))
    return sum(0.5 if is_narrow else 1.0 for is_narrow in narrow) + changes / 4


def title_lines(unit: str, rest: str, longest: float = LINE_WIDTH) -> tuple[str, ...]:
    """``unit`` and ``rest`` (2024年…年度报告) on lines of their own, each broken where it is too long."""
    below = broken(rest, longest)
    return (*broken(unit, longest, width(below[0])), *below)


def broken(text: str, longest: float, next_width: float = 0.0) -> tuple[str, ...]:
    """``text`` in as few and as even lines as words allow; ``next_width`` is that of the line below."""
    if width(text) <= longest:
        return (text,)
    costs = _places(text)
    for worst in (_POOR, math.inf):
        places = sorted(sorted((p for p in costs if costs[p] < worst), key=lambda place: costs[place])[:_MOST_BREAKS])
        for count in range(1, len(places) + 1):
            ways = [(_cut(text, chosen), sum(costs[p] for p in chosen)) for chosen in combinations(places, count)]
            fitting = [(lines, cost) for lines, cost in ways if max(map(width, lines)) <= longest]
            if fitting:
                return min(fitting, key=lambda way: way[1] + _imbalance(way[0], next_width))[0]
    return _evenly(text, longest)


def _places(text: str) -> dict[int, float]:
    """Where ``text`` may be broken, and how bad that is; what stands in brackets is better kept together."""
    costs: dict[int, float] = {}
    for pattern, cost in _BREAKS:
        costs |= {match.start(): cost for match in pattern.finditer(text) if 0 < match.start() < len(text)}
    return {
        place: cost + _FAIR * (text.count("（", 0, place) > text.count("）", 0, place)) for place, cost in costs.items()
    }


def _cut(text: str, places: tuple[int, ...]) -> tuple[str, ...]:
    ends = (*places, len(text))
    return tuple(text[start:end] for start, end in zip((0, *places), ends, strict=True))


def _imbalance(lines: tuple[str, ...], next_width: float) -> float:
    widths = [width(line) for line in lines]
    spread = max(widths) - min(widths)
    shape = [*widths, next_width] if next_width else widths
    inner = shape[1:-1]
    hourglass = bool(inner) and min(inner) < min(shape[0], shape[-1])
    return spread + (_HOURGLASS if hourglass else 0.0)


def _evenly(text: str, longest: float) -> tuple[str, ...]:
    """No word boundary was recognised: lines of about equal length."""
    count = int(-(-len(text) // longest))
    step = -(-len(text) // count)
    return tuple(text[start : start + step] for start in range(0, len(text), step))

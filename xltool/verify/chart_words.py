"""What stands in and beside the charts of a report, in any format: none of it is a paragraph of the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from xltool.report.charts import ChartView
from xltool.verify.difference import tight

_DRAWN = re.compile("<text[^>]*>([^<]*)</text>")


class ChartWords:
    """``line in words``: nothing but captions, descriptions, labels and numbers of the charts, joined as a reader of
    the document found them.
    """

    def __init__(self, charts: Sequence[ChartView]) -> None:
        beside = [text for chart in charts for text in (f"{chart.title}：", chart.title, "。", chart.description)]
        numbered = [f"图{number}" for number in range(1, len(charts) + 1)]
        drawn = [unescape(text) for chart in charts for text in _DRAWN.findall(chart.svg)]
        self._words = frozenset(tight(text) for text in (*beside, *numbered, *drawn)) - {""}

    def __contains__(self, line: str) -> bool:
        text = tight(line)
        ends = {0}
        for start in range(len(text)):
            if start in ends:
                ends |= {start + len(word) for word in self._words if text.startswith(word, start)}
        return len(text) in ends

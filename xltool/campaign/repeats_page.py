"""The page about repetition, put together from what was found."""

from __future__ import annotations

from collections.abc import Sequence

from xltool.campaign.home import Campaign
from xltool.campaign.repeats import Repeats, Side
from xltool.form import Form
from xltool.narrative.repetition import Stretch
from xltool.narrative.wording_private import masked
from xltool.report.repeats_html import MarkedText, PairView, RepeatsView

MOST_SHOWN = 100
"""Pairs whose texts are shown; further ones are only listed, so that the page can still be opened."""
_COMMON = 30


def repeats_page(campaign: Campaign, found: Repeats) -> RepeatsView:
    """What the page says."""
    form = campaign.form
    pairs = tuple(
        PairView(_percent(pair.share), _marked(form, pair.one), _marked(form, pair.other))
        for pair in found.side_by_side(MOST_SHOWN)
    )
    return RepeatsView(
        title=f"{campaign.year}年{form.title}：各单位文字雷同情况",
        office=campaign.settings.office,
        at=campaign.now().strftime("%Y-%m-%d %H:%M"),
        limit=found.limit,
        compared=found.compared,
        pairs=pairs,
        more=tuple((_percent(share), one, other) for share, one, other in found.pairs[MOST_SHOWN:]),
        common=tuple((masked(passage), count) for passage, count in found.common[:_COMMON]),
    )


def _percent(share: float) -> int:
    return int(share * 100)


def _marked(form: Form, side: Side) -> MarkedText:
    titles = [part.title for section in form.sections for part in section.parts]
    parts = tuple(
        (title, _without_numbers(stretches)) for title, stretches in zip(titles, side.parts, strict=True) if stretches
    )
    return MarkedText(side.unit, _percent(side.part), parts)


def _without_numbers(stretches: Sequence[Stretch]) -> tuple[tuple[str, bool], ...]:
    """The pieces, personal numbers masked, also those that lie across two of them."""
    text, start = masked("".join(piece.text for piece in stretches)), 0
    pieces = []
    for piece in stretches:
        pieces.append((text[start : start + len(piece.text)], piece.repeated))
        start += len(piece.text)
    return tuple(pieces)

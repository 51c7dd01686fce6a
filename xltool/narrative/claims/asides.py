"""What is put between a verb and its object and changes nothing: 收到[通过网站、信函等渠道提交的]申请 9 件."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from xltool.narrative.claims.tokens import Token

_LONGEST = 30
_NONE: frozenset[str] = frozenset()


def without_asides(tokens: Iterable[Token], labels: Collection[str]) -> list[Token]:
    """The tokens, those of asides turned into fillers. ``labels``: the groups that phrases are made of.

    By which channels is said with “通过 … 等渠道”; what it is about (涉及 … 等领域) only where a total is told, because
    without one it may well be a part.
    """
    told = list(tokens)
    counted = False
    for at, token in enumerate(told):
        counted = counted or token.is_count
        if counted or "asides" not in token.groups or not _follows(told, at, labels):
            continue
        end = _end(told, at)
        if end is not None and ("channels" in token.groups or _tells_a_total(told, at)):
            told[at : end + 1] = [_idle(one) for one in told[at : end + 1]]
    return told


def _follows(tokens: list[Token], at: int, labels: Collection[str]) -> bool:
    """Whether the words before belong to a phrase: 收到, 申请."""
    place = at - 1
    while place >= 0 and tokens[place].filler:
        place -= 1
    return place >= 0 and any(group in labels for group in tokens[place].groups)


def _end(tokens: list[Token], at: int) -> int | None:
    """Where the aside ends that begins at ``at``, in its clause."""
    for place in range(at + 1, min(len(tokens), at + _LONGEST)):
        token = tokens[place]
        if token.ends_clause or token.amount is not None or token.depth != tokens[at].depth:
            return None
        if "asides_end" in token.groups:
            return place
    return None


def _tells_a_total(tokens: list[Token], at: int) -> bool:
    for place in range(at - 1, -1, -1):
        if tokens[place].ends_clause:
            return False
        if "total" in tokens[place].groups:
            return True
    return False


def _idle(token: Token) -> Token:
    return token._replace(groups=_NONE, filler=True)

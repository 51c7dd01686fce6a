"""The Excel reading: a phrase or a sentence as one formula, in functions that all spreadsheet programs share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xltool.draft.model import Case, Cases, Growth, Item, Listing, Mention, Piece, Printed, Share
from xltool.draft.saying import COMMA, LARGEST, LESS, MORE, MOST_GROWTH, NEARLY_SAME, PARTS, SAME
from xltool.expr.evaluate import COMPARED_PLACES
from xltool.expr.excel import Reference, all_known, formula, holds_formula
from xltool.expr.model import Expr, Term, operands
from xltool.figure import plain

LONGEST_LITERAL = 255
"""Characters that Excel takes in one text of a formula."""
LONGEST_FORMULA = 8192

PhraseCell = Callable[[str], str]


def cases_formula(cases: Cases, reference: Reference, phrase: PhraseCell) -> str:
    """What the first case that holds says, else ""; ``phrase``: the cell of a phrase by its name."""
    text = '""'
    for case in reversed(cases):
        words = "&".join(_piece(piece, reference, phrase) for piece in case.pieces)
        text = f"IF({_applies(case, reference)},{words},{text})"
    return text


def _applies(case: Case, reference: Reference) -> str:
    sides = (side for comparison in case.when for side in (comparison.left, comparison.right))
    needed = dict.fromkeys(reference(operand) for expr in (*sides, *case.amounts) for operand in operands(expr))
    tests = [holds_formula(c, formula(c.left, reference), formula(c.right, reference)) for c in case.when]
    tests += [test for piece in case.pieces for test in _limits(piece, reference)]
    holding = f"AND({','.join(tests)})" if tests else "TRUE"
    return f"IF({all_known(list(needed))},{holding},FALSE)" if needed else holding


def _limits(piece: Piece, reference: Reference) -> Iterator[str]:
    """Where the piece can be said; every operand is known by then."""
    match piece:
        case Printed(amount):
            number = formula(amount, reference)
            yield from (f"{_rounded(number)}>=0", f"{number}<{plain(LARGEST)}")
        case Listing(items):
            largest = f"MAX({','.join(formula(item.amount, reference) for item in items)})"
            yield from (f"{_rounded(largest)}>0", f"{largest}<{plain(LARGEST)}")
        case Share(part, whole):
            a, b = (_rounded(formula(expr, reference)) for expr in (part, whole))
            yield from (f"{a}>=0", f"{a}<={b}", f"{b}>0")
        case Growth(now, before):
            a, b = (formula(expr, reference) for expr in (now, before))
            most = _rounded(f"{a}-({b})-{MOST_GROWTH}*({b})")
            yield from (f"{_rounded(a)}>=0", f"{_rounded(b)}>0", f"{most}<=0")


def _piece(piece: Piece, reference: Reference, phrase: PhraseCell) -> str:
    match piece:
        case str():
            return literal(piece)
        case Mention(name):
            return phrase(name)
        case Printed(amount):
            return _printed(amount, reference)
        case Listing(items):
            listed = "&".join(_item(item, reference) for item in items)
            return f"MID({listed},{len(COMMA) + 1},{LONGEST_FORMULA})"
        case Share(part, whole):
            return _percent(_hundredths(formula(part, reference), formula(whole, reference)))
        case Growth(now, before):
            return _growth(formula(now, reference), formula(before, reference))


def _item(item: Item, reference: Reference) -> str:
    words = [literal(COMMA + item.before)]
    words += [_printed(item.amount, reference)] if item.numbered else []
    words += [literal(item.after)] if item.after else []
    return f'IF({_rounded(formula(item.amount, reference))}>0,{"&".join(words)},"")'


def _growth(now: str, before: str) -> str:
    change, hundredths = f"{now}-({before})", _hundredths(f"ABS({now}-({before}))", before)
    direction = f'IF({change}>0,"{MORE}","{LESS}")&{_percent(hundredths)}'
    return f'IF({_rounded(change)}=0,"{SAME}",IF({hundredths}=0,"{NEARLY_SAME}",{direction}))'


def _hundredths(part: str, whole: str) -> str:
    return f"INT({_rounded(f'{PARTS}*({part})/({whole})')}+0.5)"


def _percent(hundredths: str) -> str:
    return f'{number_text(f"{hundredths}/100")}&"%"'


def _printed(amount: Expr, reference: Reference) -> str:
    number = formula(amount, reference)
    # A sum of binary fractions may end in noise, below 0 as well.
    return number_text(number if isinstance(amount, Term) else _rounded(number))


def number_text(number: str) -> str:
    """The number as ``figure.plain`` prints it: programs differ in whether TEXT leaves a point behind 12."""
    return f'SUBSTITUTE(SUBSTITUTE(TEXT({number},"0.######")&"!",".!",""),"!","")'


def _rounded(number: str) -> str:
    return f"ROUND({number},{COMPARED_PLACES})"


def literal(text: str) -> str:
    """``text`` for a formula, in pieces that Excel takes."""
    step = LONGEST_LITERAL // 2  # a quotation mark counts twice
    pieces = (text[start : start + step] for start in range(0, len(text), step))
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces) or '""'

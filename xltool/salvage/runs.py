"""A table that was pasted as text: one cell a line, or one row a line, labels broken by spaces and line ends.

The official table read from left to right and from top to bottom is labels, numbers, labels, numbers, …; so is the
text, however it is broken into lines. The two are laid beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from xltool.documents.model import Cell, DocTable, Document
from xltool.figure import FigureId
from xltool.form import Form, Table
from xltool.grid import GridCell, Role, table_grid
from xltool.salvage.amounts import read_amount, unit_doubt
from xltool.salvage.certainty import Certainty, missing
from xltool.salvage.labels import letters, said
from xltool.salvage.reading import Reading, confirms

_NUMBER = re.compile(
    r"[+-]?[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?:[.．][0-9０-９]+)?|[+-]?[0-9０-９]+(?:[.．][0-9０-９]+)?"
)
_UNITS = re.compile(r"(?:万元|[件条个项次宗元])$")
_NONE = "无"
_NOTHING = frozenset(f"/ ／ - — —— － – {_NONE} \\".split())
_POINTS = (".", "．", "、", ")", "）")
_ALIKE = 0.8
_LONGEST_RUN = 4000

_WRONG_COUNT = "后面的数的个数不对"
_HEADER_LOST = "表头与表样不同"
_NOT_CONFIRMED = "这一行的合计与各数之和不等，或者数的个数不对"
_OUT_OF_PLACE = "标题前后有别的文字"
_FROM_TABLE = "原来的表格与表样不同，是按先后认的"


@dataclass(frozen=True)
class Token:
    """A number, or what stands in place of one."""

    text: str
    place: str
    weak: bool


@dataclass(frozen=True)
class Run:
    """Words without anything between them, as letters, and the numbers behind."""

    words: str
    numbers: tuple[Token, ...]


@dataclass(frozen=True)
class Stretch:
    """What the form has between two labels: all labels before (``words``), the last of them, the figures behind.

    ``first``: of a block, so that its header is among the words; ``headers``: the columns' labels from left to right.
    """

    words: str
    leaf: str
    figures: tuple[FigureId, ...]
    first: bool
    headers: tuple[str, ...]


def read_runs(form: Form, document: Document, used: Collection[int], wanting: Collection[str]) -> Reading:
    """Figures of the tables ``wanting``, from the texts and from tables that are not in ``used``."""
    runs = tuple(_runs(document, used))
    reading: Reading = {}
    for table in form.tables:
        if table.id in wanting and table.printed:
            reading |= _read_table(form, table, runs)
    return reading


# --- the two sequences ------------------------------------------------------------------------------------


def _runs(document: Document, used: Collection[int]) -> Iterator[Run]:
    words: list[str] = []
    numbers: list[Token] = []
    every = list(_words(document, used))
    following = [*(text for text, _, _ in every[1:]), ""]
    for (text, place, weak), behind in zip(every, following, strict=False):
        # A numbering cut off from its point: 1 .属于…
        token = "" if behind.startswith(_POINTS) else _as_number(text)
        # 无 cut out of 申请人无正当理由 is no answer; between numbers it is one.
        token = "" if token == _NONE and not numbers and not _as_number(behind) else token
        if token:
            numbers.append(Token(token, place, weak))
        elif letters(text):
            if numbers:
                yield Run("".join(words)[-_LONGEST_RUN:], tuple(numbers))
                words, numbers = [], []
            words.append(letters(text))
    yield Run("".join(words)[-_LONGEST_RUN:], tuple(numbers))


def _words(document: Document, used: Collection[int]) -> Iterator[tuple[str, str, bool]]:
    order = -1
    for block in document.blocks:
        if not isinstance(block, DocTable):
            yield from ((word, block.place, False) for word in block.text.split())
            continue
        order += 1
        if order not in used:
            lonely = block.width == 1
            yield from ((w, block.place, not lonely) for cell in block.cells for w in cell.text.split())


def _as_number(word: str) -> str:
    """The word where it is a number or stands for one, else ""."""
    if word in _NOTHING:
        return word
    return word if _NUMBER.fullmatch(_UNITS.sub("", word)) else ""


def stretches(table: Table) -> tuple[Stretch, ...]:
    """The official table as labels and figures in turn."""
    found: list[Stretch] = []
    labels: list[GridCell] = []
    figures: list[FigureId] = []
    for cell in table_grid(table).cells:
        if cell.figure is not None:
            figures.append(cell.figure)
            continue
        if figures:
            found.append(_stretch(labels, figures))
            labels, figures = [], []
        labels.append(cell)
    found.append(_stretch(labels, figures))
    return tuple(found)


def _stretch(labels: Sequence[GridCell], figures: Sequence[FigureId]) -> Stretch:
    printed = [letters(cell.label.printed) for cell in labels if cell.label is not None]
    headers = [cell for cell in labels if cell.role is Role.HEADER and cell.label is not None]
    lowest = [cell for cell in headers if not any(_over(cell, other) for other in headers)]
    lowest.sort(key=lambda cell: cell.column)
    names = tuple(letters(cell.label.printed) for cell in lowest if cell.label is not None)
    return Stretch("".join(printed), printed[-1] if printed else "", tuple(figures), bool(headers), names)


def _over(cell: GridCell, other: GridCell) -> bool:
    return other.row > cell.row and cell.column <= other.column < cell.column + cell.width


# --- laid beside each other -------------------------------------------------------------------------------


def _read_table(form: Form, table: Table, runs: Sequence[Run]) -> Reading:
    wanted = stretches(table)
    pairs = _paired(wanted, runs)
    reading: Reading = {}
    header_doubt = ""
    for index, stretch in enumerate(wanted):
        if stretch.first:
            header_doubt = _header_doubt(wanted, pairs, runs, index)
        place = pairs.get(index)
        if place is None:
            continue
        doubt = header_doubt or _place_doubt(wanted, pairs, runs, index)
        reading |= _figures(form, table, stretch, runs[place], doubt)
    return reading


def _paired(wanted: Sequence[Stretch], runs: Sequence[Run]) -> dict[int, int]:
    """Index of a stretch → index of the run; only where one run alone can be meant."""
    pairs: dict[int, int] = {}
    for index, stretch in enumerate(wanted):
        for fits in (_equal, _ending, _ending_in_leaf):
            fitting = [k for k, run in enumerate(runs) if run.numbers and fits(stretch, run)]
            if fitting:
                if len(fitting) == 1:
                    pairs[index] = fitting[0]
                break
    taken = list(pairs.values())
    pairs = {index: k for index, k in pairs.items() if taken.count(k) == 1}
    return pairs | _misprinted(wanted, runs, pairs)


def _equal(stretch: Stretch, run: Run) -> bool:
    return run.words == stretch.words


def _ending(stretch: Stretch, run: Run) -> bool:
    return bool(stretch.words) and run.words.endswith(stretch.words)


def _ending_in_leaf(stretch: Stretch, run: Run) -> bool:
    return len(stretch.leaf) > 1 and run.words.endswith(stretch.leaf)


def _misprinted(wanted: Sequence[Stretch], runs: Sequence[Run], pairs: dict[int, int]) -> dict[int, int]:
    """A stretch that is lost and a run left over at the very same place between two that were found."""
    more: dict[int, int] = {}
    for index, stretch in enumerate(wanted):
        before, after = pairs.get(index - 1), pairs.get(index + 1)
        if index in pairs or before is None or after is None or after - before != 2:
            continue
        run = runs[before + 1]
        ratio = SequenceMatcher(None, stretch.words, run.words, autojunk=False).ratio()
        if run.numbers and ratio >= _ALIKE and before + 1 not in pairs.values():
            more[index] = before + 1
    return more


def _header_doubt(wanted: Sequence[Stretch], pairs: dict[int, int], runs: Sequence[Run], index: int) -> str:
    """Whether the columns are the form's: their labels stand before the first row, from left to right."""
    following = next((k for k in range(index + 1, len(wanted)) if wanted[k].first), len(wanted))
    first = next((k for k in range(index, following) if k in pairs), None)
    if first is None:
        return ""
    words = runs[pairs[first]].words
    if first == index and words.endswith(wanted[index].words):
        return ""
    row_labels = sum(len(wanted[k].words) for k in range(index, first + 1))
    header = words[-row_labels - 40 :]
    at = 0
    for name in wanted[index].headers:
        at = header.find(name, at)
        if at < 0:
            return _HEADER_LOST
        at += len(name)
    return ""


def _place_doubt(wanted: Sequence[Stretch], pairs: dict[int, int], runs: Sequence[Run], index: int) -> str:
    """A label behind other words is trusted where it stands between the rows that should be around it."""
    stretch, place = wanted[index], pairs[index]
    if runs[place].words == stretch.words or (stretch.first and runs[place].words.endswith(stretch.words)):
        return ""
    before = max((k for i, k in pairs.items() if i < index), default=-1)
    after = min((k for i, k in pairs.items() if i > index), default=len(runs))
    return "" if before < place < after else _OUT_OF_PLACE


def _figures(form: Form, table: Table, stretch: Stretch, run: Run, doubt: str) -> Reading:
    tokens = run.numbers
    # Behind the last row more may follow: a page number, the next text's first figure.
    wrong_count = len(tokens) != len(stretch.figures)
    reading: dict[FigureId, Certainty] = {}
    for place, figure in enumerate(stretch.figures):
        if place >= len(tokens):
            reading[figure] = missing(_WRONG_COUNT, place=tokens[0].place)
            continue
        token = tokens[place]
        read = read_amount(Cell(token.text, 0, 0), form.figures[figure], token.place)
        unit = _unit(form, table, figure) if read.value else ""
        for reason in (doubt, _WRONG_COUNT if wrong_count else "", _FROM_TABLE if token.weak else "", unit):
            read = read.doubted(reason) if reason else read
        reading[figure] = read
    return _confirmed(form, stretch, reading)


def _unit(form: Form, table: Table, figure: FigureId) -> str:
    """The header was compared letter by letter, so the measure is the form's where the form prints one."""
    labels = [said(label) for label in form.figures[figure].labels]
    expected = next((label for label in labels if label.unit), said(""))
    return unit_doubt(form.figures[figure], expected, expected) if table.printed else ""


def _confirmed(form: Form, stretch: Stretch, reading: Reading) -> Reading:
    """A row with totals is trusted where they agree: a blank cell leaves no trace in a text."""
    totals = [figure for figure in stretch.figures if form.figures[figure].computed is not None]
    values = {reading[figure].value for figure in stretch.figures}
    if not totals or (len(values) == 1 and None not in values):
        return reading
    agreed = all(confirms(form, total, reading) or _all_zero(stretch, total, reading) for total in totals)
    if agreed or len(totals) == len(stretch.figures):
        return reading
    return {figure: read.doubted(_NOT_CONFIRMED) for figure, read in reading.items()}


def _all_zero(stretch: Stretch, total: FigureId, reading: Reading) -> bool:
    """Whether the total is 0 and all figures beside it in its row are, too."""
    return all(reading[figure].value == 0 for figure in stretch.figures if figure.row == total.row)

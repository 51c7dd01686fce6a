"""A table that was pasted as text: one cell a line, or one row a line, labels broken by spaces and line ends.

The official table read from left to right and from top to bottom is labels, numbers, labels, numbers, …; so is the
text, however it is broken into lines. The two are laid beside each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from xltool.documents.model import Cell, Document
from xltool.figure import FigureId
from xltool.form import Form, Table
from xltool.grid import GridCell, table_grid
from xltool.salvage.amounts import read_amount, unit_doubt
from xltool.salvage.certainty import Certainty, Lack, missing
from xltool.salvage.headers import Header, header_of, printed, stands_in
from xltool.salvage.labels import said
from xltool.salvage.reading import Reading, confirms
from xltool.salvage.tokens import Run, Token, runs_of

_ALIKE = 0.8

_HEADER_LOST = "表头与表样不同"
_NOT_CONFIRMED = "这一行的合计与各数之和不等，或者数的个数不对"
_OUT_OF_PLACE = "标题前后有别的文字"
_FROM_TABLE = "原来的表格与表样不同，是按先后认的"


@dataclass(frozen=True)
class Stretch:
    """What the form has between two labels: all labels before (``words``), the last of them, the figures behind.

    ``header``: of a block's first, what stands over its columns.
    """

    words: str
    leaf: str
    figures: tuple[FigureId, ...]
    header: Header | None


def read_runs(form: Form, document: Document, used: Collection[int], wanting: Collection[str]) -> Reading:
    """Figures of the tables ``wanting``, from the texts and from tables that are not in ``used``."""
    runs = tuple(runs_of(document, used))
    reading: Reading = {}
    for table in form.tables:
        if table.id in wanting and table.printed:
            reading |= _read_table(form, table, runs)
    return reading


# --- the official table as a sequence ----------------------------------------------------------------------


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
    words = [printed(cell) for cell in labels]
    return Stretch("".join(words), words[-1] if words else "", tuple(figures), header_of(labels))


# --- laid beside each other -------------------------------------------------------------------------------


def _read_table(form: Form, table: Table, runs: Sequence[Run]) -> Reading:
    wanted = stretches(table)
    pairs = _paired(wanted, runs)
    reading: Reading = {}
    padding = _padding(wanted, pairs, runs)
    header_doubt = ""
    for index, stretch in enumerate(wanted):
        if stretch.header:
            header_doubt = _header_doubt(wanted, pairs, runs, index)
        place = pairs.get(index)
        if place is None:
            continue
        doubt = header_doubt or _place_doubt(wanted, pairs, runs, index)
        reading |= _figures(form, table, stretch, _fitted(stretch, runs[place], padding), doubt)
    return reading


def _paired(wanted: Sequence[Stretch], runs: Sequence[Run]) -> dict[int, int]:
    """Index of a stretch → index of the run; only where one run alone can be meant."""
    pairs: dict[int, int] = {}
    for index, stretch in enumerate(wanted):
        for fits in (_equal, _ending, _with_header, _ending_in_leaf):
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


def _with_header(stretch: Stretch, run: Run) -> bool:
    """All labels up to the first row's, broken or misprinted."""
    header = stretch.header
    return (
        header is not None
        and len(header.columns) > 1
        and run.words.endswith(header.row)
        and stands_in(header, run.words)
    )


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
    """Whether the columns are the form's: their labels stand before the first row."""
    header = wanted[index].header
    following = next((k for k in range(index + 1, len(wanted)) if wanted[k].header), len(wanted))
    first = next((k for k in range(index, following) if k in pairs), None)
    if first is None or header is None:
        return ""
    between = sum(len(wanted[k].words) for k in range(index + 1, first + 1))
    return "" if stands_in(header, runs[pairs[first]].words, between) else _HEADER_LOST


def _place_doubt(wanted: Sequence[Stretch], pairs: dict[int, int], runs: Sequence[Run], index: int) -> str:
    """A label behind other words is trusted where it stands between the rows that should be around it."""
    stretch, place = wanted[index], pairs[index]
    if runs[place].words == stretch.words or (stretch.header and runs[place].words.endswith(stretch.words)):
        return ""
    before = max((k for i, k in pairs.items() if i < index), default=-1)
    after = min((k for i, k in pairs.items() if i > index), default=len(runs))
    return "" if before < place < after else _OUT_OF_PLACE


# --- the numbers behind a label ---------------------------------------------------------------------------


class Padding(Enum):
    """Whether rows have empty cells at their end that are none of the form's: what merged cells have covered."""

    NONE = "none"
    BEHIND = "behind"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Fitted:
    """The numbers of a row. ``counted``: each stands in a cell of its own, one for each figure; ``open``: with empty
    cells that may be its own or may only fill the line.
    """

    tokens: tuple[Token, ...]
    counted: bool
    open: bool = False
    doubt: str = ""


def _padding(wanted: Sequence[Stretch], pairs: dict[int, int], runs: Sequence[Run]) -> Padding:
    """Told by the rows that have all their numbers."""
    full = [(runs[k], len(wanted[index].figures)) for index, k in pairs.items()]
    if all(len(run.numbers) <= count for run, count in full):
        return Padding.NONE if any(run.written == count for run, count in full) else Padding.UNKNOWN
    full = [(run, count) for run, count in full if run.written == count < len(run.numbers)]
    behind = all(not any(token.blank for token in run.numbers[:count]) for run, count in full)
    return Padding.BEHIND if full and behind else Padding.UNKNOWN


def _fitted(stretch: Stretch, run: Run, padding: Padding) -> Fitted:
    count = len(stretch.figures)
    tokens = list(run.numbers)
    while len(tokens) > count and tokens[0].blank and not tokens[-1].blank:
        tokens.pop(0)
    led = len(tokens) < len(run.numbers)
    while len(tokens) > count and tokens[-1].blank:
        tokens.pop()
    # Behind the last row more may follow: a page number, the next text's first figure.
    doubt = Lack.WRONG_COUNT if len(tokens) != count else ""
    holes = any(token.blank for token in tokens)
    doubt = doubt or (Lack.WRONG_COUNT if led and holes else "")
    # A number that is lost leaves its place to those behind, and the last one to what only fills the line.
    trimmed = len(tokens) < len(run.numbers) and (padding is Padding.UNKNOWN or tokens[0].blank)
    filled = led or (holes and padding is not Padding.NONE and (tokens[-1].blank or trimmed))
    return Fitted(tuple(tokens), run.celled and not holes and not led and not doubt, filled, doubt)


def _figures(form: Form, table: Table, stretch: Stretch, row: Fitted, doubt: str) -> Reading:
    reading: dict[FigureId, Certainty] = {}
    for place, figure in enumerate(stretch.figures):
        if place >= len(row.tokens):
            reading[figure] = missing(Lack.WRONG_COUNT, place=row.tokens[0].place)
            continue
        token = row.tokens[place]
        read = read_amount(Cell(token.text, 0, 0), form.figures[figure], token.place)
        unit = _unit(form, table, figure) if read.value else ""
        for reason in (doubt, row.doubt, _FROM_TABLE if token.weak else "", unit):
            read = read.doubted(reason) if reason else read
        reading[figure] = read
    return reading if row.counted else _confirmed(form, stretch, row, reading)


def _unit(form: Form, table: Table, figure: FigureId) -> str:
    """The header was compared letter by letter, so the measure is the form's where the form prints one."""
    labels = [said(label) for label in form.figures[figure].labels]
    expected = next((label for label in labels if label.unit), said(""))
    return unit_doubt(form.figures[figure], expected, expected) if table.printed else ""


def _confirmed(form: Form, stretch: Stretch, row: Fitted, reading: Reading) -> Reading:
    """A row with totals is trusted where they agree: a blank cell leaves no trace in a text."""
    totals = [figure for figure in stretch.figures if form.figures[figure].computed is not None]
    values = {reading[figure].value for figure in stretch.figures}
    sums = [total for total in totals if confirms(form, total, reading, holes=True)]
    agreed = all(total in sums or _all_zero(stretch, total, reading) for total in totals)
    if row.open and not (sums and agreed):
        return {figure: read.doubted(Lack.WRONG_COUNT) for figure, read in reading.items()}
    alike = len(values) == 1 and None not in values
    if not totals or alike or agreed or len(totals) == len(stretch.figures):
        return reading
    return {figure: read.doubted(_NOT_CONFIRMED) for figure, read in reading.items()}


def _all_zero(stretch: Stretch, total: FigureId, reading: Reading) -> bool:
    """Whether the total is 0 or a dash, and so are all figures beside it in its row."""
    row = [reading[figure] for figure in stretch.figures if figure.row == total.row]
    return not reading[total].value and all(not read.value for read in row)

"""Hidden sheets of a workbook: kept apart from what people see, as far as that costs little."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xltool.documents.limits import Measure
from xltool.documents.model import DocTable
from xltool.errors import FileRefused

_CELLS, _CHARACTERS = 20_000, 400_000


def hidden_tables(readers: Iterable[Callable[[Measure], DocTable]]) -> tuple[DocTable, ...]:
    """The sheets that ``readers`` give; one that is broken, or beyond a small allowance, is left out.

    Nothing in a hidden sheet is a reason to refuse the file: it has been read all the same until now.
    """
    measure = Measure(characters=_CHARACTERS, cells=_CELLS)
    kept = []
    for read in readers:
        try:
            kept.append(read(measure))
        except FileRefused:
            continue
    return tuple(table for table in kept if table.cells)


def hidden_note(names: Iterable[str]) -> tuple[str, ...]:
    """The sentence that names the sheets left out, if there are any."""
    listed = "、".join(f"“{name}”" for name in names)
    return (f"隐藏的工作表{listed}没有读。",) if listed else ()

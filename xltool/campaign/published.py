"""Last year's published reports, in whatever format: the figures of each that are sure, and the doubts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from xltool.campaign.gathering import Gathered
from xltool.campaign.workers import Crew, in_order
from xltool.check.finding import Finding
from xltool.definition import edition_ids, form_by_id
from xltool.documents import read_document
from xltool.errors import FileRefused
from xltool.filing import Filing, Unit
from xltool.form import Form, Level
from xltool.salvage import Salvage, Sureness, all_findings, inputs_counted, salvage, stamped

_WORTH_A_POOL = 4
_MOST_WORKERS = 4
_AHEAD = 4
"""Files under way for each worker."""
_DIED = "读取这个文件的进程意外中断了，可能是内存不够。请把这个文件交给维护人员。"


@dataclass(frozen=True)
class Published:
    """One file read. ``unit``, ``year``: as it says itself, "" and 0 where it does not.

    ``filing``: its sure figures and its texts; None where nothing was read, which ``refused`` explains.
    ``doubts``: sentences about what is doubtful, missing or contradicts itself.
    """

    file: str
    unit: str = ""
    year: int = 0
    filing: Filing | None = None
    sure: int = 0
    doubtful: int = 0
    missing: int = 0
    doubts: tuple[str, ...] = ()
    refused: str = ""


def read_published(
    files: Iterable[Gathered], form: Form, watch: Callable[[str], None] | None = None
) -> Iterator[Published]:
    """Every one of ``files``, in order. Never raises for what is in a file; ``watch`` is told of each."""
    files = iter(files)
    first = list(islice(files, _WORTH_A_POOL))
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    together = workers > 1 and len(first) >= _WORTH_A_POOL
    every = chain(first, files)
    for read in _in_parallel(every, form, workers) if together else _one_by_one(every, form):
        if watch is not None:
            watch(read.file)
        yield read


def _one_by_one(files: Iterable[Gathered], form: Form) -> Iterator[Published]:
    forms = _editions(form)
    return (_read(file, forms) for file in files)


def _in_parallel(files: Iterable[Gathered], form: Form, workers: int) -> Iterator[Published]:
    with Crew(workers, _begin, form.id) as crew:
        for file, read in in_order(crew, _read_one, files, workers * _AHEAD):
            yield read or Published(file.source, refused=_DIED)


_forms: list[Form] = []
"""A worker's editions, loaded once."""


def _begin(form_id: str) -> None:
    form = form_by_id(form_id)
    assert form is not None
    _forms[:] = _editions(form)


def _read_one(file: Gathered) -> Published:
    return _read(file, _forms)


def _editions(form: Form) -> tuple[Form, ...]:
    """The campaign's first, then the others at hand: last year's tables may have been those of another."""
    others = [other for edition in edition_ids() if edition != form.id and (other := form_by_id(edition)) is not None]
    return (form, *others)


def _read(file: Gathered, forms: Sequence[Form]) -> Published:
    name, data = file.source, file.data
    if file.trouble:
        return Published(name, refused=file.trouble)
    try:
        document = read_document(data, name)
        stamps = stamped(data) if document.kind in ("xlsx", "xlsm") else None
        told = (stamps.unit, stamps.year) if stamps is not None else (None, None)
        return _published(name, salvage(document, forms, *told))
    except FileRefused as refused:
        return Published(name, refused=refused.sentence)
    except Exception as error:  # whatever is in one file, the others go on
        return Published(name, refused=f"读取时出了意外（{type(error).__name__}）。请把这个文件交给维护人员。")


def _published(name: str, salvaged: Salvage) -> Published:
    filing, counted = salvaged.filing, inputs_counted(salvaged)
    return Published(
        name,
        filing.unit.name,
        filing.year,
        replace(filing, unread={}, sources={}, explanations={}),
        sure=counted[Sureness.SURE],
        doubtful=counted[Sureness.DOUBTFUL],
        missing=counted[Sureness.MISSING],
        doubts=tuple(finding.said for finding in all_findings(salvaged) if _counts(salvaged, finding)),
    )


def _counts(salvaged: Salvage, finding: Finding) -> bool:
    """Whether a finding is about figures and matters a year later: not how a heading is worded."""
    of_reading = finding in salvaged.findings
    return bool(finding.figures) and (of_reading or (finding.is_open and finding.level is Level.ERROR))


def as_of(published: Published, unit: str, year: int) -> Filing:
    """Its filing as that of ``unit`` in ``year``; it must have one."""
    assert published.filing is not None
    return replace(published.filing, unit=Unit(unit), year=year)

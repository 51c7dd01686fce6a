"""Last year's published reports, in whatever format: the figures of each that are sure, and the doubts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

from xltool.campaign.workers import pool_of
from xltool.check.finding import Finding
from xltool.definition import edition_ids, form_by_id
from xltool.documents import read_document
from xltool.errors import FileRefused
from xltool.files import read_bytes
from xltool.filing import Filing, Unit
from xltool.form import Form, Level
from xltool.salvage import Salvage, Sureness, all_findings, salvage, stamped

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
    paths: Sequence[Path], folder: Path, form: Form, watch: Callable[[str], None] | None = None
) -> Iterator[Published]:
    """Every one of ``paths``, in order; they are named as seen from ``folder``. Never raises for what is in a file.

    ``watch`` is told of each.
    """
    named = [(path, path.relative_to(folder).as_posix()) for path in paths]
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    together = workers > 1 and len(named) >= _WORTH_A_POOL
    for read in _in_parallel(named, form, workers) if together else _one_by_one(named, form):
        if watch is not None:
            watch(read.file)
        yield read


_Named = tuple[Path, str]


def _one_by_one(named: Sequence[_Named], form: Form) -> Iterator[Published]:
    forms = _editions(form)
    return (_read(path, name, forms) for path, name in named)


def _in_parallel(named: Sequence[_Named], form: Form, workers: int) -> Iterator[Published]:
    size = workers * _AHEAD
    for start in range(0, len(named), size * _AHEAD):
        # A worker that dies takes the others of its pool along: each file is then read by a worker of its own.
        some = named[start : start + size * _AHEAD]
        with pool_of(workers, _begin, form.id) as pool:
            pending: list[Future[Published]] = [pool.submit(_read_one, *one) for one in some]
            for one, future in zip(some, pending, strict=True):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    yield _alone(one, form)


def _alone(one: _Named, form: Form) -> Published:
    with pool_of(1, _begin, form.id) as pool:
        try:
            return pool.submit(_read_one, *one).result()
        except BrokenProcessPool:
            return Published(one[1], refused=_DIED)


_forms: list[Form] = []
"""A worker's editions, loaded once."""


def _begin(form_id: str) -> None:
    form = form_by_id(form_id)
    assert form is not None
    _forms[:] = _editions(form)


def _read_one(path: Path, name: str) -> Published:
    return _read(path, name, _forms)


def _editions(form: Form) -> tuple[Form, ...]:
    """The campaign's first, then the others at hand: last year's tables may have been those of another."""
    others = [other for edition in edition_ids() if edition != form.id and (other := form_by_id(edition)) is not None]
    return (form, *others)


def _read(path: Path, name: str, forms: Sequence[Form]) -> Published:
    try:
        data = read_bytes(path)
        document = read_document(data, path.name)
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
        replace(filing, unread={}, stated={}, sources={}, explanations={}),
        sure=counted[Sureness.SURE],
        doubtful=counted[Sureness.DOUBTFUL],
        missing=counted[Sureness.MISSING],
        doubts=tuple(finding.said for finding in all_findings(salvaged) if _counts(salvaged, finding)),
    )


def inputs_counted(salvaged: Salvage) -> dict[Sureness, int]:
    """How many figures are sure, doubtful, missing; totals, which the form makes itself, are not counted."""
    kinds = [salvaged.certainty[figure.id].sureness for figure in salvaged.form.inputs]
    return {sureness: kinds.count(sureness) for sureness in Sureness}


def _counts(salvaged: Salvage, finding: Finding) -> bool:
    """Whether a finding is about figures and matters a year later: not how a heading is worded."""
    of_reading = finding in salvaged.findings
    return bool(finding.figures) and (of_reading or (finding.is_open and finding.level is Level.ERROR))


def as_of(published: Published, unit: str, year: int) -> Filing:
    """Its filing as that of ``unit`` in ``year``; it must have one."""
    assert published.filing is not None
    return replace(published.filing, unit=Unit(unit), year=year)

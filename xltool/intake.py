"""One returned file, from its bytes to all that is to be said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from xltool.check.filing import examine
from xltool.check.finding import Finding, made
from xltool.check.judge import Judgement
from xltool.check.mapped import mapped, untold_sentence
from xltool.definition import form_by_id
from xltool.definition.mapping import mapping_between
from xltool.errors import FileRefused
from xltool.files import read_bytes
from xltool.filing import Filing, from_json
from xltool.form import Form
from xltool.narrative.joined import with_texts
from xltool.sheetnames import COVER
from xltool.workbook.reader import Returned, read_filing


@dataclass(frozen=True)
class Expected:
    """What is being collected; None where anything will do."""

    form: str | None = None
    unit: str | None = None
    year: int | None = None


@dataclass(frozen=True)
class Intake:
    """One file taken in: what was read, where it could be, and every finding."""

    path: Path
    returned: Returned | None
    findings: tuple[Finding, ...]
    judgements: tuple[Judgement, ...] = ()

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.is_open)


def take_in(path: Path, prior: Filing | None = None, expected: Expected | None = None) -> Intake:
    """Read and check one returned workbook; a file that cannot be used gives one finding that says why.

    ``prior``: last year's filing, in place of the figures seeded into the workbook.
    """
    try:
        returned = read_filing(read_bytes(path), form_by_id)
    except FileRefused as refused:
        return Intake(path, None, (made("W01", sentence=refused.sentence.rstrip("。")),))
    filing, form = returned.filing, returned.form
    told: tuple[Finding, ...] = ()
    if prior is not None:
        prior, told = last_year_as(form, prior)
        returned = replace(returned, prior=prior)
    examined = examine(form, filing, returned.prior)
    found = with_texts(form, filing, returned.prior, examined.findings)
    findings = (*_unexpected(returned, expected or Expected()), *returned.findings, *returned.placed(found), *told)
    return Intake(path, returned, findings, examined.judgements)


def has_counterparts(form: Form, filing: Filing) -> bool:
    """Whether ``filing`` is of ``form``, or of an edition whose figures have counterparts in it."""
    source = form_by_id(filing.form)
    return filing.form == form.id or (source is not None and mapping_between(source, form) is not None)


def last_year_as(form: Form, prior: Filing) -> tuple[Filing, tuple[Finding, ...]]:
    """Last year's filing as one of ``form``, and what is to be said of that; FileRefused where it cannot become one."""
    if prior.form == form.id:
        return prior, ()
    source = form_by_id(prior.form)
    become = mapped(prior, source, form) if source is not None else None
    if become is None:
        raise FileRefused(f"上年数据是“{prior.form}”的，应为“{form.id}”的。请核对文件。")
    filing, untold = become
    said = untold_sentence(form, untold) or "没有"
    return filing, (made("P02", label="跨年核对", key="P02", found=prior.form, expected=form.id, untold=said),)


def _unexpected(returned: Returned, expected: Expected) -> tuple[Finding, ...]:
    filing, found = returned.filing, []
    if expected.form is not None and filing.form != expected.form:
        found.append(made("W02", COVER, found=filing.form, expected=expected.form))
    if expected.year is not None and filing.year != expected.year:
        found.append(made("W04", COVER, found=str(filing.year), expected=str(expected.year)))
    if expected.unit is not None and filing.unit.name != expected.unit:
        found.append(made("W05", COVER, found=filing.unit.name, expected=expected.unit))
    return tuple(found)


def is_json(data: bytes) -> bool:
    """Whether ``data`` begins as an object of JSON does."""
    return data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{"


def read_any_filing(path: Path) -> Filing:
    """A filing from a workbook or from JSON, told apart by content; FileRefused where it is neither."""
    return filing_of(read_bytes(path))


def filing_of(data: bytes) -> Filing:
    """The same from the bytes of a file."""
    if is_json(data):
        try:
            return from_json(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise FileRefused("不是 UTF-8 编码的 JSON。") from error
    return read_filing(data, form_by_id).filing

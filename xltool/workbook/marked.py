"""The marked copy that goes back to a unit: a fresh workbook with what the unit said, and what is to be put right.

The returned file itself is never edited: libraries drop what they do not know. Colours and comments stand at the
cells, a first sheet lists every correction, and the copy is filled in and handed in like any other workbook.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xltool.check.correction import Correction, corrections, counted
from xltool.check.finding import Finding
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Form, Level
from xltool.workbook.layout import Computed, Input, Layout, Mark, Place
from xltool.workbook.layout.addresses import CORRECTIONS, COVER
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.layout.ledger import pointed_at
from xltool.workbook.layout.marking import (
    ALWAYS,
    HOW_TO_CORRECT,
    CorrectionLine,
    Heading,
    marked_layout,
    until_changed,
    until_filled,
    until_rewritten,
)
from xltool.workbook.marked_skeleton import make_marked_skeleton
from xltool.workbook.snapshot import Value
from xltool.workbook.writer import workbook_parts

_MOST_COMMENTS = 12
"""A finding about more cells than this (a table left blank) says so at the first of them only."""
_VANISHING = ("W07", "W10", "S02")
"""What is put right in the copy itself, or by writing what is missing, is the last to get a line to explain."""


def marked_copy(
    form: Form,
    filing: Filing,
    findings: Sequence[Finding],
    prior: Filing | None = None,
    issue: int = 1,
    round_number: int = 1,
    heading: Heading | None = None,
) -> bytes:
    """The workbook of ``filing`` with every open one of ``findings`` marked and listed.

    ``issue``: which copy for this unit; ``round_number``: which return is answered. ``heading``: what stands above
    the list where it answers no return. Read back, it gives
    ``filing`` again, also what stands where a number is due. Equal input gives equal bytes.
    """
    layout, snapshot, values = workbook_parts(form, filing, prior, issue, {})
    due = corrections(form, findings)
    copy = _Copy(form, layout, values, _lines_to_explain(form, filing, due))
    values |= copy.given_keys()
    lines = [copy.line(correction) for correction in due]
    above = heading if heading is not None else _of_a_return(filing, round_number, due)
    marked = marked_layout(layout, above, lines, copy.marks(due))
    skeleton = make_marked_skeleton(form, filing.year, prior is not None and prior.has_figures)
    return skeleton.fill(marked, snapshot.identity, values)


def _of_a_return(filing: Filing, round_number: int, due: Sequence[Correction]) -> Heading:
    errors, waiting = counted(due)
    facts = (
        f"{filing.unit.name}　{filing.year} 年　第 {round_number} 次退回",
        f"共 {len(due)} 条：错误 {errors} 条，必须改正；核实 {waiting} 条，请改正，或者写明原因。",
    )
    return Heading(CORRECTIONS, CORRECTIONS, facts, HOW_TO_CORRECT)


def _lines_to_explain(form: Form, filing: Filing, due: Sequence[Correction]) -> dict[str, int]:
    """Keys on the lines 其他说明: those with a text, then those of open 核实 without a row of their own."""
    with_row = {check.key for check in form.checks if check.level is Level.VERIFY}
    taken = [key for key in filing.explanations if key not in with_row]
    open_keys = [c.finding.key for c in due if not c.is_error and c.finding.key not in with_row]
    wanted = sorted(dict.fromkeys(open_keys), key=lambda key: key.startswith(_VANISHING))
    keys = [*taken, *(key for key in wanted if key not in taken)]
    return {key: index for index, key in enumerate(keys[:OTHER_EXPLANATIONS])}


@dataclass(frozen=True)
class _Copy:
    """One copy being made. ``other``: the line of 其他说明 by finding key."""

    form: Form
    layout: Layout
    values: Mapping[str, Value]
    other: Mapping[str, int]

    def given_keys(self) -> dict[str, str]:
        return {f"other.{index}.key": key for key, index in self.other.items()}

    def line(self, correction: Correction) -> CorrectionLine:
        finding = correction.finding
        cells = self._cells(finding)
        place = cells[0].area.place if cells else self._place(finding)
        return CorrectionLine(
            level=str(finding.level),
            place=place,
            label=finding.label or "".join(self.form.figures[figure].spoken for figure in finding.figures[:1]),
            problem=correction.problem,
            action=correction.action,
            reason=None if correction.is_error else self._reason(finding.key),
            key=finding.key,
        )

    def _cells(self, finding: Finding) -> list[Input | Computed]:
        """The cells concerned, in this copy, wherever they stood in the returned file."""
        check = next((check for check in self.form.checks if check.key == finding.key), None)
        figures = (pointed_at(check) or finding.figures[:1]) if check is not None else finding.figures
        known = self.layout.figures
        if figures:
            return [known[figure] for figure in figures if figure in known]
        about = next((field.id for field in self.form.cover if field.label == finding.label), "")
        text = self.layout.inputs.get(about or self._text_of(finding.key))
        return [text] if text is not None else []

    def _text_of(self, key: str) -> str:
        """The text that ``S01.s1.disclosure`` is about; of a whole section the first."""
        about = key.partition(".")[2]
        parts = next((s.parts for s in self.form.sections if s.id == about), ())
        return parts[0].id if parts else about

    def _place(self, finding: Finding) -> Place:
        """A place to jump to for what nobody fills in: the label, the sheet, else the cover."""
        sheet = next((s for s in self.layout.sheets if s.name == finding.sheet and not s.hidden), None)
        if sheet is None:
            return Place(COVER, 0, 0)
        drawn = (cell.area.place for cell in sheet.cells)
        return next((place for place in drawn if place.cell == finding.cell), Place(sheet.name, 0, 0))

    def _reason(self, key: str) -> Place | None:
        name = f"other.{self.other[key]}.text" if key in self.other else f"explain.{key}"
        cell = self.layout.inputs.get(name)
        return cell.area.place if cell is not None else None

    def marks(self, due: Sequence[Correction]) -> Iterator[Mark]:
        """One mark for every cell that is to be put right, or to be explained in."""
        said: dict[str, list[Correction]] = {}
        quiet: set[str] = set()
        cells: dict[str, Input | Computed] = {}
        for correction in due:
            concerned = self._cells(correction.finding)
            for index, cell in enumerate(concerned):
                cells[_key(cell)] = cell
                said.setdefault(_key(cell), []).append(correction)
                if index and len(concerned) > _MOST_COMMENTS:
                    quiet.add(_key(cell))
        for key, about in said.items():
            style = "wrong" if any(correction.is_error for correction in about) else "open"
            comment = "" if key in quiet and len(about) == 1 else self._comment(about)
            yield Mark(cells[key].area, style, self._until(cells[key]), comment)
        yield from self._reasons(due)

    def _reasons(self, due: Sequence[Correction]) -> Iterator[Mark]:
        for correction in due:
            place = None if correction.is_error else self._reason(correction.finding.key)
            if place is not None:
                cell = next(cell for cell in self.layout.inputs.values() if cell.area.place == place)
                comment = f"清单第 {correction.number} 条：{correction.problem}\n确实如此、不用改的，在这里写明原因。"
                yield Mark(cell.area, "open", until_rewritten(cell.area, ""), comment)

    def _comment(self, about: Sequence[Correction]) -> str:
        return "\n\n".join(self._remark(correction) for correction in about)

    def _remark(self, correction: Correction) -> str:
        finding = correction.finding
        text = f"{finding.level}（清单第 {correction.number} 条）\n{correction.problem}\n{correction.action}"
        reason = None if correction.is_error else self._reason(finding.key)
        if reason is not None:
            text += f"\n确实如此、不用改的，在“{reason.sheet}”页 {reason.cell} 写明原因。"
        return text

    def _until(self, cell: Input | Computed) -> str:
        """When the cell's colour goes: what the workbook's own checks watch, they colour themselves."""
        if isinstance(cell, Input) and cell.kind is None:
            return until_rewritten(cell.area, str(self.values.get(cell.key, "")))
        figure = _figure(cell)
        amount = self.values[f"amount.{figure}"]
        if not isinstance(amount, Decimal):
            zero = self.layout.inputs.get(f"zero.{figure.table}")
            return until_filled(cell.area, zero.area.place if zero is not None else None)
        if self.values[f"trouble.{figure}"]:
            return ALWAYS
        written = isinstance(cell, Computed) or cell.key in self.values
        return until_changed(cell.area, plain(amount) if written else "")


def _key(cell: Input | Computed) -> str:
    """One key for one cell, whichever way it was found."""
    return str(cell.area.place)


def _figure(cell: Input | Computed) -> FigureId:
    if isinstance(cell, Computed):
        assert cell.figure is not None
        return cell.figure
    return FigureId.parse(cell.key)

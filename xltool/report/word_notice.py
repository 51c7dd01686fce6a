"""退回修改通知: the one-page Word letter that goes with a marked copy, in the styles of the report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from xltool.check.correction import Correction, corrections, counted
from xltool.check.finding import Finding
from xltool.days import official
from xltool.form import Form
from xltool.report import word_styles
from xltool.report.title import LINE_WIDTH, broken, width
from xltool.report.view import Signature
from xltool.report.word_fill import packed, signature_xml
from xltool.report.word_letter import (
    LINES_OF_A_PAGE,
    addressee_xml,
    letter_skeleton,
    lines_of,
    lines_of_signature,
    run_xml,
)
from xltool.report.word_styles import LINE, TEXT_WIDTH
from xltool.report.word_table import TableLook

_PAGE = LINES_OF_A_PAGE * LINE
_TITLE_LINE = 660
_COLUMNS = (560, 3000, TEXT_WIDTH - 3560)
_ROW_LINE, _LEAST_ROW = 260, 320
_SMALL = 200
"""Twips of a character in the list, which is set in 10 pt."""
_SPARE = 280


def write_notice(
    form: Form,
    office: str,
    unit: str,
    year: int,
    round_number: int,
    findings: Sequence[Finding],
    deadline: date,
    on: date,
) -> bytes:
    """The .docx that tells ``unit`` what to put right in its ``round_number``-th return, and until when.

    As many corrections as fit on the page are listed, errors first; of the rest it says how many there are.
    ``on``: the date under the office's name. Equal input gives equal bytes.
    """
    skeleton, due = letter_skeleton(form), corrections(form, findings)
    title = broken(f"{year}年{form.title}", LINE_WIDTH)
    opening = _opening(form, year, round_number, due, deadline)
    closing = _closing(due)
    # Beside these: a blank line below the title and one above the signature, the date.
    lines = sum(map(lines_of, (f"{unit}：", opening, closing))) + lines_of_signature(office) + 3
    fixed = (len(title) + 1) * _TITLE_LINE + lines * LINE
    body = [
        skeleton.paragraphs["title"].filled({"text": "\n".join((*title, "退回修改通知"))}),
        addressee_xml(skeleton, unit),
        skeleton.paragraphs["body"].filled({"text": opening}),
        _table(skeleton.look, _rows(due, _PAGE - _SPARE - fixed)),
        skeleton.paragraphs["body_before_signature"].filled({"text": closing}),
        *signature_xml(skeleton, Signature(office, official(on))),
    ]
    return packed(skeleton, body, f"{unit}{year}年{form.title}退回修改通知", office)


def _opening(form: Form, year: int, round_number: int, due: Sequence[Correction], deadline: date) -> str:
    errors, waiting = counted(due)
    return (
        f"你单位第{round_number}次交来的{year}年{form.title}填报工作簿已经核对，有{_counts(errors, waiting)}，"
        f"现予退回，请{'改正' if errors else '核实'}后于{official(deadline)}前交回。主要问题如下："
    )


def _counts(errors: int, waiting: int) -> str:
    said = ((errors, "处错误"), (waiting, "处需要核实"))
    return "、".join(f"{count}{words}" for count, words in said if count)


def _closing(due: Sequence[Correction]) -> str:
    said = "请直接在退回的工作簿上改，首页“退回修改清单”逐条写明位置和改法。"
    waiting = counted(due)[1]
    return said + ("需要核实的，改正或者在“校验”页写明原因。" if waiting else "")


@dataclass(frozen=True)
class _Row:
    """A row of the list: three cells, or one across."""

    cells: tuple[str, ...]

    @property
    def height(self) -> int:
        """Twips, on the safe side: a character less to a line than there is room for."""
        columns = _COLUMNS if len(self.cells) > 1 else (TEXT_WIDTH,)
        lines = [
            math.ceil(width(text) / ((column - 120) / _SMALL - 1))
            for text, column in zip(self.cells, columns, strict=True)
        ]
        return max(_LEAST_ROW, max(lines) * _ROW_LINE + 40)


def _rows(due: Sequence[Correction], room: int) -> list[_Row]:
    """The rows that fit into ``room`` twips, the last of them telling what is left out."""
    errors, waiting = counted(due)
    rows: list[_Row] = []
    left = list(due)
    while left:
        begins = not rows or (not left[0].is_error and left[0].number == errors + 1)
        more = [_heading(left[0], errors, waiting)] if begins else []
        more.append(_row(left[0]))
        rest = left[1:]
        needed = sum(row.height for row in (*rows, *more)) + (_LEAST_ROW if rest else 0)
        if needed > room and rows:
            break
        rows += more
        left = rest
    if left:
        rows.append(_Row((f"其余{_counts(*counted(left))}，见退回的工作簿首页“退回修改清单”。",)))
    return rows


def _heading(first: Correction, errors: int, waiting: int) -> _Row:
    if first.is_error:
        return _Row((f"错误：{errors}处，必须改正",))
    return _Row((f"核实：{waiting}处，请改正，或者写明原因",))


def _row(correction: Correction) -> _Row:
    return _Row((str(correction.number), correction.finding.place, correction.problem + correction.action))


def _table(look: TableLook, rows: Sequence[_Row]) -> str:
    columns = "".join(f'<w:gridCol w:w="{column}"/>' for column in _COLUMNS)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{look.ids[word_styles.TABLE]}"/>'
        f'<w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0000"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
        f"{''.join(_row_xml(look, row) for row in rows)}</w:tbl>"
    )


def _row_xml(look: TableLook, row: _Row) -> str:
    properties = f'<w:trPr><w:cantSplit/><w:trHeight w:val="{_LEAST_ROW}" w:hRule="atLeast"/></w:trPr>'
    return f"<w:tr>{properties}{''.join(_cells(look, row))}</w:tr>"


def _cells(look: TableLook, row: _Row) -> Iterator[str]:
    if len(row.cells) == 1:
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>' if look.fill else ""
        span = f'<w:gridSpan w:val="{len(_COLUMNS)}"/>{shade}'
        yield _cell(look.ids[word_styles.TABLE_HEADING], TEXT_WIDTH, row.cells[0], span)
        return
    styles = (word_styles.TABLE_VALUE, word_styles.TABLE_STUB, word_styles.TABLE_STUB)
    for style, column, text in zip(styles, _COLUMNS, row.cells, strict=True):
        yield _cell(look.ids[style], column, text)


def _cell(style: str, column: int, text: str, more: str = "") -> str:
    properties = f'<w:tcPr><w:tcW w:w="{column}" w:type="dxa"/>{more}<w:vAlign w:val="center"/></w:tcPr>'
    return f'<w:tc>{properties}<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run_xml(text)}</w:p></w:tc>'

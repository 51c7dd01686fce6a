"""填报通知: the Word letter that goes out with the workbooks, in the styles of the report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xltool.days import official
from xltool.form import Form
from xltool.report.outline import ordinal
from xltool.report.title import LINE_WIDTH, broken, width
from xltool.report.view import Signature
from xltool.report.word_fill import packed, signature_xml
from xltool.report.word_letter import (
    LINES_OF_A_PAGE,
    addressee_xml,
    letter_skeleton,
    lines_of,
    lines_of_signature,
)

_ADDRESSEE = "各有关单位"
_MORE = "其余各条见填报表首页的“填写说明”。"
_HAND_IN = (
    "填好并经审核后，请原样保存为 .xlsx 交回，一个单位只交一份；不要另存为其他格式，也不要把数字抄到别的表里。",
    "交回后逐份核对。有问题的，连同退回修改通知退回；请在退回的那一份上改好后再交。",
)
_WEEKDAYS = "一二三四五六日"
_LINES = 2 * LINES_OF_A_PAGE
_SPARE = 2
"""Lines kept free: a heading at the foot of the first page moves to the second."""


def write_covering_note(form: Form, office: str, year: int, hand_in: date, on: date, units: int) -> bytes:
    """The .docx that tells all units what to fill in, how, and until when (``hand_in``); at most two pages.

    ``units``: how many were handed a workbook. ``on``: the date under the office's name. Where the form has more
    instructions than there is room for, the rest is left to the workbook, which prints them all. Equal input
    gives equal bytes.
    """
    skeleton = letter_skeleton(form)
    title = _title(form, year)
    body = [
        skeleton.paragraphs["title"].filled({"text": "\n".join(title)}),
        addressee_xml(skeleton, _ADDRESSEE),
        *(skeleton.paragraphs[kind].filled({"text": text}) for kind, text in _text(form, office, year, hand_in, units)),
        *signature_xml(skeleton, Signature(office, official(on))),
    ]
    return packed(skeleton, body, "".join(title), office)


def _title(form: Form, year: int) -> tuple[str, ...]:
    whole = f"关于填报{year}年{form.title}数据的通知"
    if width(whole) <= LINE_WIDTH:
        return (whole,)
    return (f"关于填报{year}年", *broken(f"{form.title}数据的通知", LINE_WIDTH))


def _text(form: Form, office: str, year: int, hand_in: date, units: int) -> Iterator[tuple[str, str]]:
    """Every paragraph between addressee and signature, with its kind."""
    opening = f"根据{_basis(form)}，现将填报{year}年{form.title}数据的有关事项通知如下。"
    what = (
        f"本次共有{units}个单位填报，一个单位一份填报表（Excel 工作簿，文件名上有单位名称）。"
        "请各单位只填发给本单位的那一份，不要用别的单位的或者往年的表。"
    )
    day = official(hand_in)
    until = f"请于{day}（星期{_WEEKDAYS[hand_in.weekday()]}）前交回。"
    fixed = [opening, what, until, *_HAND_IN]
    parts = [("填报内容", "body", [what]), ("报送期限", "body", [until]), ("报送方式", "body", list(_HAND_IN))]
    if form.instructions:
        taken = len(_title(form, year)) + sum(map(lines_of, fixed)) + lines_of_signature(office)
        # Beside these: addressee, four headings, the blank lines around title and signature, the date.
        room = _LINES - _SPARE - taken - 9
        parts.insert(1, ("填报方法", "third", _instructions(form, room)))
    yield "body", opening
    for number, (heading, kind, texts) in enumerate(parts, start=1):
        yield "heading", f"{ordinal(number).strip('（）')}、{heading}"
        suffix = "_before_signature" if number == len(parts) else ""
        for text in texts:
            yield kind + (suffix if text is texts[-1] else ""), text


def _basis(form: Form) -> str:
    return form.basis.rstrip("。").replace("；", "，以及")


def _instructions(form: Form, room: int) -> list[str]:
    """The instructions numbered, as many as take ``room`` lines."""
    lines = [f"{number}.{text}" for number, text in enumerate(form.instructions, start=1)]
    if sum(map(lines_of, lines)) <= room:
        return lines
    left = room - lines_of(_MORE)
    shown = []
    for line in lines:
        left -= lines_of(line)
        if left < 0:
            break
        shown.append(line)
    return [*shown, _MORE]

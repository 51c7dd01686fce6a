"""Cells of a returned workbook → figures and texts, with a finding for every odd thing people type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from xltool.check.finding import Finding, made
from xltool.figure import Kind, plain
from xltool.form import Figure
from xltool.numerals import Oddity, exact, read_number
from xltool.spreadsheet.sheets import Cell

_HOW = {
    Oddity.FULL_WIDTH: "全角数字",
    Oddity.SPACES: "夹有空格",
    Oddity.GROUPING: "带千分位逗号",
    Oddity.TEXT_NUMBER: "文本格式的数字",
    Oddity.UNIT_SUFFIX: "带单位",
    Oddity.CHINESE: "汉字数字",
}
_MONEY_UNIT = Kind.MONEY.unit
_LARGE = ("万", "亿", "萬", "億")
_TEN_THOUSAND = 10_000
_LONGEST_QUOTE = 40
_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class Entry:
    """What a figure's cell says: a number, or nothing; and what is to be said about it.

    ``typed``: what stands there instead of a number, whole.
    """

    value: Decimal | None
    findings: tuple[Finding, ...] = ()
    typed: str = ""

    @property
    def unreadable(self) -> bool:
        """Something stands there, but no number."""
        return self.value is None and bool(self.findings)


BLANK = Entry(None)


def read_figure(cell: Cell | None, figure: Figure, sheet: str, name: str, explained: Mapping[str, str]) -> Entry:
    """One figure from its cell; ``name`` is the cell's address for messages."""
    if cell is None:
        return BLANK
    if cell.kind == "n" and cell.formula is None and not cell.is_date:
        return Entry(exact(cell.text)) if cell.text else BLANK
    about = _About(figure, sheet, name, explained)
    if cell.formula is not None:
        return _formula(cell, about)
    return _constant(cell, about)


@dataclass(frozen=True)
class _About:
    """Which figure's cell it is, for the findings."""

    figure: Figure
    sheet: str
    name: str
    explained: Mapping[str, str]

    def finding(self, code: str, **facts: str) -> Finding:
        figure = self.figure
        return made(code, self.sheet, self.name, figure.spoken, (figure.id,), self.explained, **facts)

    def refused(self, quoted: str, action: str) -> Entry:
        expected = self.figure.kind.expectation
        found = self.finding("T02", quoted=_quote(quoted), expected=expected, action=action)
        return Entry(None, (found,), quoted)


def _constant(cell: Cell, about: _About) -> Entry:
    match cell.kind:
        case "e":
            expected = about.figure.kind.expectation
            return Entry(None, (about.finding("T07", quoted=cell.text, expected=expected),), cell.text)
        case "b":
            return about.refused("TRUE" if cell.text == "1" else "FALSE", "请改填数字。")
        case "d":
            return about.refused(cell.text, "这是日期，请改填数字。")
        case "n":
            if cell.is_date and cell.text:
                return about.refused(_date_text(cell.text), "这是日期，请把格式改回常规后填数字。")
            return Entry(exact(cell.text)) if cell.text else BLANK
    return _text(cell.text, about)


def _text(text: str, about: _About) -> Entry:
    if not text.strip():
        return BLANK
    read, kind = read_number(text), about.figure.kind
    wrong_unit = _MONEY_UNIT in text and kind is not Kind.MONEY
    scaled = kind is Kind.MONEY and any(word in text.replace(_MONEY_UNIT, "") for word in _LARGE)
    if kind is Kind.MONEY and (yuan := _in_yuan(text)) is not None:
        meant = plain(yuan / _TEN_THOUSAND)
        return about.refused(text, f"如果是 {meant}（{kind.unit}），请只填数字 {meant}。")
    if read.value is None or wrong_unit or scaled:
        likely = None if wrong_unit else read.likely if read.value is None else read.value
        if likely is None:
            return about.refused(text, "请改填数字，没有发生的填 0。")
        if kind is not Kind.MONEY:
            return about.refused(text, f"如果是 {plain(likely)}，请只填数字 {plain(likely)}。")
        # Who writes 1.2万 where 万元 is asked for means one times the unit, not ten thousand times.
        meant = plain(likely / _TEN_THOUSAND if scaled else likely)
        return about.refused(text, f"如果是 {meant}（{kind.unit}），请只填数字 {meant}。")
    how = "、".join(_HOW[oddity] for oddity in read.oddities)
    return Entry(read.value, (about.finding("T03", quoted=_quote(text), how=how, read=plain(read.value)),))


def _in_yuan(text: str) -> Decimal | None:
    """The amount of ``12000元``, None where the text says no such thing."""
    amount = text.strip().removesuffix("元")
    return read_number(amount).value if amount != text.strip() and not amount.endswith(_LARGE) else None


def _formula(cell: Cell, about: _About) -> Entry:
    formula = cell.formula or ""
    if "[" in formula:
        return about.refused(f"={formula}", "公式引用了别的文件，请改填数字。")
    plain_cell = Cell(cell.kind, cell.text, None, cell.is_date)
    entry = _constant(plain_cell, about)
    if entry.value is None:
        if entry.findings:
            return entry
        return about.refused(f"={formula}", "公式没有结果，请改填数字。")
    told = about.finding("T06", quoted=_quote(formula), read=plain(entry.value))
    return Entry(entry.value, (*entry.findings, told))


def _quote(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


def read_text(cell: Cell | None) -> str:
    """A text as typed, lines ended by \\n; a number without its float noise, a date as 2022年1月20日."""
    if cell is None or cell.kind == "e":
        return ""
    if cell.kind == "n" and cell.text:
        return _date_text(cell.text) if cell.is_date else plain(exact(cell.text))
    if cell.kind == "b":
        return "TRUE" if cell.text == "1" else "FALSE"
    return cell.text.replace("\r\n", "\n").replace("\r", "\n")


def _date_text(serial: str) -> str:
    try:
        day = _DAY_ZERO + timedelta(days=int(exact(serial)))
    except (ValueError, OverflowError):
        return serial
    return f"{day.year}年{day.month}月{day.day}日"

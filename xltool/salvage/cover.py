"""Who reports on which year, and the facts of the cover: from the title, the sentences before the first heading,
the labels of a workbook's cover, and the signature.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from xltool.days import official_date
from xltool.form import Field, Form, Label
from xltool.numerals import chinese_number
from xltool.salvage.board import Board, Span, rows_of
from xltool.salvage.labels import Likeness, letters, said, tightened, wanted
from xltool.salvage.pieces import Piece

_YEAR = r"(?:[12][0-9]{3}|[一二]〇[〇一二三四五六七八九]{2}|二[零〇○0][一二三四五六七八九〇零○]{2})"
_WORK, _YEARLY, _REPORT, _ABOUT = "工作", "年度", "报告", "关于"
_MOST_LINES = 4
_LONGEST_UNIT, _LONGEST_LINE, _SHORTEST_UNIT = 60, 30, 4
_NO_NAME = re.compile(r"[>›»|｜/:：，。！0-9〔（(]")
_OF_A_NAME = re.compile(r"(?<=[\u4e00-\u9fff])[0-9]{1,3}(?=[\u4e00-\u9fff])(?![年月日时点页号期次条件篇人])")
"""第4中学: a number that belongs to a name."""
_SENTENCE = re.compile(r"[，,。；;！!？?：:>›»|]")
_NO_UNIT = re.compile(r"现[将把予公]|根据|按照?|依据|依照|为|我|附件|上一|下一")
"""So begin sentences and what pages print, no names."""
_SAMPLE = re.compile(r"^例[:：]")
_FURNITURE = re.compile(
    r"[\[【(（]?(?:分享[到至]|打印本页|打印此页|关闭窗口|关闭本页|(?:[\[【(（|]?(?:打印|关闭|收藏|返回顶部|返回)[】\])）|]?)+$|上一[篇条][:：]|下一[篇条][:：]"
    r"|扫一扫|相关(?:链接|新闻|文章|信息|稿件|阅读|文档|解读)[:：]?$|责任编辑[:：]|编辑[:：]|信息来源[:：]|来源[:：]"
    r"|主办(?:单位)?[:：]|承办(?:单位)?[:：]|版权所有|copyright|网站地图|网站标识码|友情链接)"
    r"|.*(?:ICP备|公网安备|网站标识码)",
    re.IGNORECASE,
)
"""What web pages print below a text."""


@dataclass(frozen=True)
class Title:
    """``unit`` "" where the title does not name one; ``place``: where it stands."""

    unit: str
    year: int
    place: str


def find_title(form: Form, pieces: Sequence[Piece]) -> Title | None:
    """The report's title, which may be broken into lines; the first that names a unit. Below the first heading none is
    looked for: there a page lists others' reports.
    """
    above = range(_first_heading(form, pieces))
    found = [title for last in above if (title := _title_at(form, pieces, last)) is not None]
    return (
        next((title for title in found if title.unit), None) or _quoted_title(form, pieces) or next(iter(found), None)
    )


def _first_heading(form: Form, pieces: Sequence[Piece]) -> int:
    """Where the text begins: the last place of its first heading, which a table of contents above may have, too."""
    headings = {said(section.heading).words for section in form.sections}
    words = [said(piece.text).words for piece in pieces]
    first = next((word for word in words if word in headings), None)
    return len(pieces) if first is None else max(place for place, word in enumerate(words) if word == first)


def _title_at(form: Form, pieces: Sequence[Piece], last: int) -> Title | None:
    """The title that ends in the piece ``last``: there alone where it names the unit, else with the lines before."""
    if letters(pieces[last].text)[-1:] not in _last_letters(form) or _SENTENCE.search(tightened(pieces[last].text)):
        return None
    joined, best = "", None
    for place in range(last, max(-1, last - _MOST_LINES), -1):
        joined = letters(pieces[place].text) + joined
        if len(joined) > _LONGEST_UNIT + 2 * len(form.title):
            break
        title = _titled(form, joined, pieces[last].place)
        best = title or best
        if title is not None and place == last and len(title.unit) >= _SHORTEST_UNIT:
            break
        if place == 0 or not _could_be_title(pieces[place - 1], place - 1):
            break
    return best


def _titled(form: Form, text: str, place: str) -> Title | None:
    """``text``, letters alone, as a title and nothing besides."""
    for pattern in _patterns(form):
        match = pattern.fullmatch(text)
        if match is not None and len(unit := _unit_named(match["unit"])) <= _LONGEST_UNIT:
            return None if _NO_UNIT.match(unit) else Title(unit, _year(match["year"]), place)
    return None


def _unit_named(before: str) -> str:
    """The unit, of what stands before the year or between it and the subject: 2023年某局, 某局关于."""
    return re.sub(rf"^{_YEAR}年度?|^{_ABOUT}(?:公布|发布|印发|报送)?|{_ABOUT}$", "", before)


@lru_cache(maxsize=8)
def _patterns(form: Form) -> tuple[re.Pattern[str], ...]:
    """How people write the form's title: by itself, then with the words around its subject varied.

    某局2023年甲乙工作年度报告; the year before the unit or behind the subject; 年报, 报告 for 年度报告; no 工作.
    """
    name, year = letters(form.title), f"(?P<year>{_YEAR})"
    spellings = [rf"(?P<unit>.*?){year}年?度?{name}"]
    if name.endswith(_YEARLY + _REPORT):
        subject = name.removesuffix(_YEARLY + _REPORT).removesuffix(_WORK)
        about, kind = f"{subject}(?:{_WORK})?(?:情况)?的?", f"(?:{_YEARLY}{_REPORT}|年报|{_REPORT})"
        spellings += [
            rf"(?P<unit>.*?){year}年?度?{about}{kind}",
            rf"{year}年度?(?P<unit>.*?){about}{kind}",
            rf"(?P<unit>.*?){about}{year}年?度?{kind}",
        ]
    return tuple(map(re.compile, spellings))


def _last_letters(form: Form) -> set[str]:
    """A title's last line ends so, even where it is one letter long."""
    name = letters(form.title)
    return {name[-1:], "报"} if name.endswith(_YEARLY + _REPORT) else {name[-1:]}


def _could_be_title(piece: Piece, place: int) -> bool:
    """Whether the line may be the upper part of a title: marked as a heading, or one of the first of the document."""
    words = _OF_A_NAME.sub("", re.sub(rf"{_YEAR}年", "", tightened(piece.text)))
    short = len(piece.text) <= _LONGEST_LINE and not _NO_NAME.search(words)
    return short and not piece.sheet and (piece.heading or place < _MOST_LINES)


def _quoted_title(form: Form, pieces: Sequence[Piece]) -> Title | None:
    """《某局2021年…年度报告》 in the text."""
    pattern = re.compile(rf"《([^《》]{{2,{_LONGEST_UNIT}}}?)({_YEAR})年度?{re.escape(tightened(form.title))}》")
    for piece in pieces:
        match = pattern.search(tightened(piece.text))
        if match is not None:
            return Title(_unit_named(match[1]), _year(match[2]), piece.place)
    return None


def _year(text: str) -> int:
    return int(text) if text.isdecimal() else int(chinese_number(text.replace("○", "〇").replace("0", "〇")) or 0)


# --- facts of the cover -----------------------------------------------------------------------------------


def told_facts(form: Form, before: Sequence[Piece]) -> dict[str, str]:
    """Cover fields by id, as far as the sentences before the first heading tell them."""
    return dict(_told(form, "".join(piece.text for piece in before)))


def labelled_facts(form: Form, boards: Sequence[Board]) -> dict[str, Piece]:
    """Cover fields by id that stand beside their labels in a workbook."""
    return {id_: piece for board in boards if board.table.spreadsheet for id_, piece in _labelled(form.cover, board)}


def _told(form: Form, text: str) -> Iterator[tuple[str, str]]:
    """电话：… and the like, by the words that stand before the braces of the form's own sentences."""
    for template in form.foreword:
        for match in re.finditer(r"([^（，。：{}]+：)\{([^{}]+)\}", template):
            words = r"\s*".join(re.escape(char) for char in match[1][:-1])
            told = re.search(rf"{words}\s*[：:]\s*([^，；;。）)]+?)\s*(?=[，；;。）)]|,(?!\d)|$)", text)
            if told is not None and match[2] in {field.id for field in form.cover}:
                yield match[2], " ".join(told[1].split())


def _labelled(fields: Sequence[Field], board: Board) -> Iterator[tuple[str, Piece]]:
    """What stands to the right of a field's label on a workbook's cover."""
    names = {field.id: wanted(Label(field.label)) for field in fields}
    for cell, label in board.labels:
        field = next((id_ for id_, name in names.items() if name.likeness(label) is Likeness.SAME), None)
        if field is None:
            continue
        behind = board.in_row(rows_of(cell), Span(cell.column + cell.columns, board.width))
        first = next((other for other in behind if other.text), None)
        other_label = first is not None and any(name.likeness(said(first.text)) for name in names.values())
        if first is not None and not _SAMPLE.match(first.text) and not other_label:
            yield field, Piece(first.text, board.place(first), sheet=board.table.place)


# --- the end of the report --------------------------------------------------------------------------------


def signed(unit: str, body: Sequence[Piece]) -> tuple[tuple[Piece, ...], str]:
    """The last section without unit and date below it, and the date; what stands behind belongs to the page."""
    below = (place for place, piece in enumerate(body) if not piece.sheet and _FURNITURE.match(tightened(piece.text)))
    body = body[: next(below, len(body))]
    for index, piece in enumerate(body):
        date = official_date(tightened(piece.text))
        if not re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", date):
            continue
        kept = list(body[:index])
        while kept and letters(kept[-1].text) and unit and letters(kept[-1].text) == letters(unit):
            kept.pop()
        return tuple(kept), date
    kept = list(body)
    while kept and unit and letters(kept[-1].text) == letters(unit):
        kept.pop()
    return tuple(kept), ""

"""Slips of the pen: hints left in, the wrong document cited, brackets, doubled words, numbering, punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.check.finding import Finding, made
from xltool.filing import Filing
from xltool.narrative.wording_texts import Passage, around, listed, shortened
from xltool.narrative.wording_words import Basis, Slips, Wording
from xltool.numerals import chinese, chinese_number

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_LEAST_GUIDANCE = 12


def slip_findings(filing: Filing, wording: Wording, written: tuple[Passage, ...]) -> Iterator[Finding]:
    """S12 hints, S13 edition cited, S14 brackets, S16 doubled words, S17 numbering, S18 punctuation, S19 elsewhere."""
    for passage in written:
        yield from _hints(passage, wording.slips)
        yield from _edition(passage, wording.edition)
        yield from _brackets(passage, wording.slips)
        yield from _doubled(passage, wording.slips, filing.unit.name)
        yield from _numbering(passage)
        yield from _punctuation(passage)
        elsewhere = [found[0] for found in wording.elsewhere.finditer(passage.text)]
        if elsewhere:
            yield made("S19", *passage.about(code="S19"), quoted=listed(elsewhere))


def _hints(passage: Passage, slips: Slips) -> Iterator[Finding]:
    text = passage.text
    spots = sorted(match.span() for hint in slips.hints for match in hint.finditer(text))
    found = [around(text, *spot) for spot in spots]
    found += [shortened(clause) for clause in _guidance(passage) if clause in text]
    if found:
        yield made("S12", *passage.about(code="S12"), quoted=listed(found))


def _guidance(passage: Passage) -> Iterator[str]:
    """Sentences of the part's own guidance that nobody writes by himself."""
    for clause in re.split("[。；]", passage.part.guidance):
        if len(clause) >= _LEAST_GUIDANCE:
            yield clause


# --- documents cited --------------------------------------------------------------------------------------

_OPEN, _CLOSE = "〔\\[［【（(｛{「﹝〈<", "〕\\]］】）)｝}」﹞〉>"
_RIGHT_OPEN, _RIGHT_CLOSE = "〔﹝", "〕﹞"
_NUMBER = re.compile(rf"([{_HAN}]{{2,12}})\s*([{_OPEN}])\s*(\d{{4}})\s*([{_CLOSE}])\s*(\d{{1,5}})\s*号")


_NUMBERED_YEAR = re.compile(rf"[{_OPEN}]\s*\d{{4}}\s*[{_CLOSE}]")


def _edition(passage: Passage, basis: Basis) -> Iterator[Finding]:
    for sentence in passage.sentences if _NUMBERED_YEAR.search(passage.even) else ():
        for found in _NUMBER.finditer(sentence.text):
            number = f"〔{found[3]}〕{found[5]}号"
            about_it = any(word in sentence.text for word in basis.speaks_of)
            wrong = number in basis.superseded or (about_it and number != basis.number)
            if found[1].endswith(basis.issuer) and wrong and not any(w in sentence.text for w in basis.allowed):
                quoted = found[0][len(found[1]) - len(basis.issuer) :]
                yield made("S13", *passage.about(code="S13"), quoted=quoted, expected=basis.issuer + basis.number)
                return


def _brackets(passage: Passage, slips: Slips) -> Iterator[Finding]:
    if not _NUMBERED_YEAR.search(passage.even):
        return
    found = [
        match
        for match in _NUMBER.finditer(passage.even)
        if not (match[2] in _RIGHT_OPEN and match[4] in _RIGHT_CLOSE) and not match[1].endswith(slips.not_numbers)
    ]
    if found:
        first = found[0]
        right = f"〔{first[3]}〕{first[5]}号"
        yield made("S14", *passage.about(code="S14"), quoted=listed([_tail(match) for match in found]), expected=right)


def _tail(number: re.Match[str]) -> str:
    """The number with the last few characters of who issued it."""
    return number[0][max(0, len(number[1]) - 6) :]


# --- words and signs --------------------------------------------------------------------------------------

_TWICE = re.compile(rf"([{_HAN}]{{2,8}})\1")
_BY_NATURE = re.compile("[一逐]")


def _doubled(passage: Passage, slips: Slips, unit: str) -> Iterator[Finding]:
    text = passage.text
    spots = [match.span() for match in slips.doubled.finditer(text)]
    spots += [match.span() for match in _TWICE.finditer(text) if not _may_be_doubled(text, match, slips, unit)]
    if spots:
        quoted = listed([around(text, *spot) for spot in sorted(spots)])
        words = listed([text[slice(*spot)] for spot in sorted(spots)])
        yield made("S16", *passage.about(code="S16"), quoted=quoted, found=words)


def _may_be_doubled(text: str, twice: re.Match[str], slips: Slips, unit: str) -> bool:
    word, behind = twice[1], text[twice.end() :]
    if _BY_NATURE.match(word) or word in slips.apart or len(set(word)) == 1 or twice[0] in unit:
        return True
    return behind.startswith(slips.compounds.get(word, ()))


_CHINESE = "一二三四五六七八九十"
_NUMERAL = rf"[{_CHINESE[1:9]}]?十[{_CHINESE[:9]}]?|[{_CHINESE[:9]}]"  # not “五一、国庆”, “三八、五四”
_STYLES = {
    "一、": re.compile(rf"(?:^|\n)[^\S\n]*({_NUMERAL})、"),
    "（一）": re.compile(rf"(?:^|\n)[^\S\n]*[（(]({_NUMERAL})[）)]"),
    "1.": re.compile(r"(?:^|\n)[^\S\n]*(\d{1,2})[.．](?!\d)"),
    "1、": re.compile(r"(?:^|\n)[^\S\n]*(\d{1,2})、"),
    "（1）": re.compile(r"(?:^|\n)[^\S\n]*[（(](\d{1,2})[）)]"),
    "一是": re.compile(rf"(?:^|[\n。；;：:，,])[^\S\n]*({_NUMERAL})是(?!否|非)"),
}


def _numbering(passage: Passage) -> Iterator[Finding]:
    """A number left out or twice, or one series in two ways of writing (一、…（二）…)."""
    marks = sorted(
        (match.start(1), style, int(match[1]) if match[1].isdigit() else int(chinese_number(match[1]) or 0))
        for style, pattern in _STYLES.items()
        for match in pattern.finditer(passage.even)
    )
    last: dict[str, int] = {}
    for index, (_, style, value) in enumerate(marks):
        before = last.get(style)
        if before is not None and value not in (before + 1, 1):
            yield made("S17", *passage.about(code="S17"), quoted=_pair(style, before, value))
            return
        if before is None and value > 1 and index and marks[index - 1][1:] == (marks[index - 1][1], value - 1):
            other = marks[index - 1][1]
            if "一是" not in (style, other) and not _goes_on(marks[index + 1 :], other, value):
                quoted = f"{_shown(other, value - 1)}”之后是“{_shown(style, value)}"
                yield made("S17", *passage.about(code="S17"), quoted=quoted)
                return
        last[style] = value


def _goes_on(marks: list[tuple[int, str, int]], style: str, value: int) -> bool:
    return any(mark[1:] == (style, value) for mark in marks)


def _pair(style: str, before: int, value: int) -> str:
    return f"{_shown(style, before)}”之后是“{_shown(style, value)}"


def _shown(style: str, value: int) -> str:
    if "1" in style:
        return style.replace("1", str(value))
    return style.replace("一", chinese(value))


_HALF_WIDTH = re.compile(rf"(?<=[{_HAN}”）》])[,;:?!()](?=\s?[{_HAN}“（《])|(?<=[{_HAN}])\.(?=[{_HAN}])")


def _punctuation(passage: Passage) -> Iterator[Finding]:
    spots = [match.span() for match in _HALF_WIDTH.finditer(passage.text)]
    if spots:
        quoted = around(passage.text, *spots[0])
        signs = "".join(dict.fromkeys(passage.text[start] for start, _ in spots))
        yield made("S18", *passage.about(code="S18"), quoted=quoted, found=signs, count=str(len(spots)))

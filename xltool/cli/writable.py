"""What cannot be written into a workbook is refused in words, before or after, so that nothing is lost silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.check.judge import facts
from xltool.definition import form_by_id
from xltool.errors import FileRefused
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.workbook.layout.checks import OTHER_EXPLANATIONS
from xltool.workbook.reader import read_filing

FIRST_YEAR, LAST_YEAR = 2008, 2100
"""The law on open government information came into force in 2008; the end is only a guard against slips."""
_LONGEST_NAME, _LONGEST_TEXT = 100, 32_767


def refuse_unit(form: Form, unit: Unit) -> None:
    """FileRefused where the unit has a name, type or power that the form's workbook cannot carry."""
    for what, text in (("单位全称", unit.name), ("单位代码", unit.code)):
        if text is not None and (text != " ".join(text.split()) or not text or not _is_clean(text)):
            raise FileRefused(f"{what}“{_shown(text)}”不能是空的，也不能有换行、多余的空格和不可见的字符。请改正。")
        if text is not None and len(text) > _LONGEST_NAME:
            raise FileRefused(f"{what}有 {len(text)} 个字，不能超过 {_LONGEST_NAME} 个。请核对。")
    if unit.type is not None and unit.type not in form.unit_types:
        raise FileRefused(f"没有单位类型“{_shown(unit.type)}”，可以用：{'、'.join(form.unit_types)}。")
    for power in unit.powers:
        if power not in form.powers:
            raise FileRefused(f"没有职权“{_shown(power)}”，可以用：{'、'.join(form.powers)}。")


def refuse_unwritable(form: Form, filing: Filing) -> None:
    """FileRefused where the form has no place for something in the filing, or a cell no room for it."""
    refuse_unit(form, filing.unit)
    if not FIRST_YEAR <= filing.year <= LAST_YEAR:
        raise FileRefused(f"年份 {filing.year} 不对，应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。")
    unknown = list(_without_place(form, filing))
    if unknown:
        raise FileRefused(f"数据里有表式 {form.id} 没有填写位置的内容：{'、'.join(unknown[:5])}。请核对编号。")
    for key, text in (*filing.texts.items(), *filing.explanations.items()):
        if len(text) > _LONGEST_TEXT:
            raise FileRefused(f"“{_shown(key)}”的文字有 {len(text)} 个字，一格最多写 {_LONGEST_TEXT} 个。请精简。")
        if not (_is_encodable(key) and _is_encodable(text)):
            raise FileRefused(f"“{_shown(key)}”里有不成字的编码，写不进工作簿。请重新录入这段文字。")


def _without_place(form: Form, filing: Filing) -> Iterator[str]:
    for figure in (*filing.values, *filing.unread):
        if figure not in form.figures:
            yield _shown(str(figure))
        elif form.figures[figure].computed is not None:
            yield f"{figure}（合计，由表自动计算）"
    yield from (_shown(text) for text in filing.texts if text not in form.text_ids)
    tables = [table.id for table in form.tables if table.required]
    yield from (f"zero_declared 里的 {_shown(table)}" for table in filing.zero_declared if table not in tables)
    known = {check.key for check in form.checks}
    others = [key for key in filing.explanations if key not in known]
    yield from (f"explanations 里的 {_shown(key)}" for key in others[OTHER_EXPLANATIONS:])


def refuse_lossy(form: Form, filing: Filing, workbook: bytes) -> None:
    """FileRefused where reading ``workbook``, made of ``filing``, gives back anything else; says what."""
    back = read_filing(workbook, form_by_id).filing
    lost = [str(figure) for figure, value in filing.values.items() if back.values.get(figure) != value]
    lost += [str(figure) for figure, text in filing.unread.items() if back.unread.get(figure) != text]
    for said, read in ((filing.texts, back.texts), (filing.explanations, back.explanations)):
        lost += _differing(said, read)
    if facts(form, filing.unit) != facts(form, back.unit):
        lost.append("unit.powers")
    if lost:
        raise FileRefused(
            f"这些内容写进工作簿后会变样：{'、'.join(lost[:5])}。数最多 15 位，文字不能有控制字符。请改正。"
        )


def _differing(said: Mapping[str, str], read: Mapping[str, str]) -> list[str]:
    kept = {key: text.replace("\r\n", "\n") for key, text in said.items() if text.strip()}
    return [_shown(key) for key, text in kept.items() if read.get(key) != text]


def _is_clean(text: str) -> bool:
    return text.isprintable() and _is_encodable(text)


def _is_encodable(text: str) -> bool:
    """Whether no half of a character stands alone, as in damaged JSON or a foreign command line."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _shown(text: str) -> str:
    """``text`` so short and plain that it can stand in a sentence."""
    return "".join(char if char.isprintable() else "?" for char in text[:40])

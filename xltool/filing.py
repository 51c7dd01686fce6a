"""What one unit said, for one form and year; and its form as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from xltool.errors import FileRefused
from xltool.figure import FigureId, plain

_YEARS = range(1000, 10_000)
_MOST_DIGITS = 310  # as many as the numbers of spreadsheet programs can have
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Unit:
    """Who reports. ``type`` is one of the form's unit types; ``powers`` override what the type implies."""

    name: str
    code: str | None = None
    type: str | None = None
    powers: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Filing:
    """What a unit said: only what people fill in; totals are recomputed from it.

    ``values``: absent is blank, never 0; in the figure's own unit (件, 万元, 元). ``zero_declared``: tables whose
    blanks are all 0. ``texts``: by part or cover field id. ``explanations``: by check key.
    ``unread``: what stands where a number is due and is none (“约12”): not blank, so no declaration makes it 0.
    ``stated`` (totals as the source document prints them) and ``sources`` (where each figure was found) are
    evidence about a document, not part of what the unit says: two filings that differ only there are equal.
    """

    form: str
    unit: Unit
    year: int
    values: Mapping[FigureId, Decimal] = field(default_factory=dict)
    zero_declared: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[FigureId, str] = field(default_factory=dict)
    stated: Mapping[FigureId, Decimal] = field(default_factory=dict, compare=False)
    sources: Mapping[FigureId, str] = field(default_factory=dict, compare=False)

    @property
    def has_figures(self) -> bool:
        """Whether it says any number at all."""
        return bool(self.values or self.zero_declared)


def to_data(filing: Filing) -> dict[str, Any]:
    """The filing as JSON-ready data; every number is exact."""
    unit = filing.unit
    data: dict[str, Any] = {
        "form": filing.form,
        "unit": {"name": unit.name, "code": unit.code, "type": unit.type},
        "year": filing.year,
        "values": {str(figure): _number(value) for figure, value in filing.values.items()},
        "zero_declared": sorted(filing.zero_declared),
        "texts": dict(filing.texts),
        "explanations": dict(filing.explanations),
    }
    if filing.unread:
        data["unread"] = {str(figure): text for figure, text in filing.unread.items()}
    if unit.powers:
        data["unit"]["powers"] = dict(unit.powers)
    if filing.stated:
        data["stated"] = {str(figure): _number(value) for figure, value in filing.stated.items()}
    if filing.sources:
        data["sources"] = {str(figure): place for figure, place in filing.sources.items()}
    return data


def to_json(filing: Filing) -> str:
    return json.dumps(to_data(filing), ensure_ascii=False, indent=2) + "\n"


def _number(value: Decimal) -> int | float | str:
    """The value as a JSON number; as a text where a floating-point number could not hold it."""
    if value == value.to_integral_value():
        return int(value)
    number = float(plain(value))
    return number if Decimal(repr(number)) == value else plain(value)


def from_json(text: str) -> Filing:
    """Read what ``to_json`` wrote; FileRefused names the first thing that is not as expected."""
    try:
        data = json.loads(
            text.removeprefix("\ufeff"),
            parse_int=_whole,
            parse_float=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_without_repeats,
        )
    except json.JSONDecodeError as error:
        place = f"第 {error.lineno} 行第 {error.colno} 列附近"
        raise FileRefused(f"不是有效的 JSON：{place}写法有错。请检查文件是否完整。") from error
    except RecursionError as error:
        raise FileRefused("不是有效的 JSON：嵌套太深。") from error
    except ValueError as error:
        raise FileRefused(f"不是有效的 JSON：{error}。") from error
    return from_data(data)


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("数字太长")
    return int(digits)


def _no_constant(name: str) -> Decimal:
    raise ValueError(f"不能使用 {name}")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"键“{next(key for key in keys if keys.count(key) > 1)}”重复")
    return data


_KEYS = {
    "form", "unit", "year", "values", "zero_declared", "texts", "explanations", "unread", "stated",
    "sources",
}  # fmt: skip


def from_data(data: object) -> Filing:
    """Read what ``to_data`` gave; FileRefused names the first thing that is not as expected."""
    if not isinstance(data, dict):
        raise FileRefused("填报数据应为一个 JSON 对象（以 { 开头）。")
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise FileRefused(f"填报数据里有不认识的键“{unknown[0]}”，可以用：{'、'.join(sorted(_KEYS))}。")
    form, year = data.get("form"), data.get("year")
    if not isinstance(form, str) or not isinstance(year, int) or isinstance(year, bool):
        raise FileRefused("填报数据应写明表式 form（文字）和年份 year（整数）。")
    if year not in _YEARS:
        raise FileRefused(f"年份 {year} 不对，应为四位数。")
    zeros = data.get("zero_declared", [])
    if not isinstance(zeros, list) or not all(isinstance(table, str) for table in zeros):
        raise FileRefused('zero_declared 应为表号的列表，如 ["表号"]。')
    return Filing(
        form=form,
        unit=_unit(data.get("unit")),
        year=year,
        values=_figures(data, "values"),
        zero_declared=frozenset(zeros),
        texts=_texts(data, "texts"),
        explanations=_texts(data, "explanations"),
        unread={_figure_id("unread", key): text for key, text in _texts(data, "unread").items()},
        stated=_figures(data, "stated"),
        sources={_figure_id("sources", key): text for key, text in _texts(data, "sources").items()},
    )


def _unit(data: object) -> Unit:
    name = data.get("name") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(name, str) or not name.strip() or _SURROGATE.search(name):
        raise FileRefused('填报数据应写明单位名称："unit": {"name": "…"}。')
    for key in ("code", "type"):
        if not isinstance(data.get(key), str | None):
            raise FileRefused(f"unit.{key} 应为文字或 null。")
    powers = data.get("powers", {})
    if not isinstance(powers, dict) or not all(isinstance(has, bool) for has in powers.values()):
        raise FileRefused("unit.powers 应为“职权: true/false”。")
    unknown = sorted(set(data) - {"name", "code", "type", "powers"})
    if unknown:
        raise FileRefused(f"unit 里有不认识的键“{unknown[0]}”，可以用：name、code、type、powers。")
    return Unit(name, data.get("code"), data.get("type"), powers)


def _mapping(data: dict[str, Any], key: str) -> dict[str, Any]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise FileRefused(f"{key} 应为一个 JSON 对象。")
    return found


def _figure_id(key: str, text: str) -> FigureId:
    try:
        return FigureId.parse(text)
    except ValueError as error:
        raise FileRefused(f"{key} 里的“{text}”不是指标编号，应写作 表.行.列。") from error


def _figures(data: dict[str, Any], key: str) -> dict[FigureId, Decimal]:
    figures: dict[FigureId, Decimal] = {}
    for name, value in _mapping(data, key).items():
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise FileRefused(f"{key} 里 {name} 的值应为数字。")
        try:
            number = Decimal(value)
        except InvalidOperation as error:
            raise FileRefused(f"{key} 里 {name} 的值“{value}”不是数字。") from error
        if not number.is_finite() or not _writable(number):
            raise FileRefused(f"{key} 里 {name} 的值“{str(value)[:40]}”不是填报的数字。")
        figures[_figure_id(key, name)] = number
    return figures


def _writable(number: Decimal) -> bool:
    """Whether the number can be written out: an exponent such as 1e999999 would fill the memory."""
    return number.is_zero() or abs(number.adjusted()) <= _MOST_DIGITS


def _texts(data: dict[str, Any], key: str) -> dict[str, str]:
    texts = _mapping(data, key)
    for name, value in texts.items():
        if not isinstance(value, str) or _SURROGATE.search(value):
            raise FileRefused(f"{key} 里 {name} 的值应为文字。")
    return texts

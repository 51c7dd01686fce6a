"""Open data of ours, JSON or CSV, against what the filing gives: every value, every paragraph."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from xltool.errors import FileRefused
from xltool.figure import FigureId, plain
from xltool.filing import Filing
from xltool.form import Form
from xltool.report.data import CSV_COLUMNS, SCHEMA_ID, report_data, write_csv
from xltool.report.printable import printable
from xltool.report.view import build_view
from xltool.verify.difference import NOTHING, UNREAD, Difference, text_differences, tight

_Path = tuple[str, ...]
_PARAGRAPHS = ("foreword", "paragraphs")
_OF_FIGURES = ("$schema", "edition", "year", "period", "draft")
_NAMES = {
    "$schema": "格式", "edition": "表式", "unit": "单位", "id": "编号", "title": "标题", "name": "名称", "code": "代码",
    "type": "类型", "year": "年度", "period": "统计期限", "from": "起", "to": "止", "draft": "草稿标记",
    "foreword": "开头说明", "heading": "标题", "table": "表", "printed": "是否印成表", "signature": "落款",
    "date": "日期", "block": "分块标题", "row": "行标题", "column": "列标题", "computed": "是否合计",
}  # fmt: skip


def json_differences(
    form: Form, filing: Filing, text: str, prior: Filing | None = None, figures_only: bool = False
) -> Iterator[Difference]:
    """``figures_only``: neither paragraphs, unit, title nor signature are compared. FileRefused for other JSON."""
    published, expected = _read(text), report_data(form, filing, build_view(form, filing, prior=prior))
    found, wanted = dict(_facts(published)), dict(_facts(expected))
    for path in dict.fromkeys((*wanted, *found)):
        here, there = _said(found.get(path)), _said(wanted.get(path))
        if tight(here) != tight(there) and not (figures_only and path[0] not in _OF_FIGURES and "figures" not in path):
            yield Difference(_name(form, path), here, there, figure=_figure(form, path))
    if not figures_only:
        said, due = dict(_texts(published)), dict(_texts(expected))
        for path in dict.fromkeys((*due, *said)):
            lines = [(text, "") for text in said.get(path, [])]
            yield from text_differences(_name(form, path[:-1] or path), due.get(path, []), lines)


def _read(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError) as error:
        raise FileRefused("不是有效的 JSON，文件可能没有传完整。请重新下载后再试。") from error
    if not isinstance(data, dict) or data.get("$schema") != SCHEMA_ID:
        raise FileRefused("这个 JSON 不是公布用的开放数据。请给 xltool report 生成的文件，或从网站上存下来的同一份。")
    return data


def _facts(data: Any, path: _Path = ()) -> Iterator[tuple[_Path, Any]]:
    """Every single value with its path; in lists the ids stand for the places."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in _PARAGRAPHS:
                yield from _facts(value, (*path, key))
    elif isinstance(data, list) and all(isinstance(one, dict) for one in data):
        seen: dict[str, int] = {}
        for one in data:
            name = str(one.get("id"))
            seen[name] = seen.get(name, 0) + 1
            yield from _facts(one, (*path, name if seen[name] == 1 else f"{name}（重复）"))
    else:
        yield path, data


def _texts(data: Any) -> Iterator[tuple[_Path, list[str]]]:
    """Paragraphs by where they stand; what is none of the schema's is no paragraph."""
    yield ("foreword",), _paragraphs(data.get("foreword"))
    sections = data.get("sections")
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, dict):
            yield ("sections", str(section.get("id")), "paragraphs"), _paragraphs(section.get("paragraphs"))


def _paragraphs(data: Any) -> list[str]:
    return [str(one.get("text")) for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _said(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal | int):
        return plain(Decimal(value))
    return printable(" / ".join(map(str, value)) if isinstance(value, list) else str(value)) or NOTHING


def _figure(form: Form, path: _Path) -> FigureId | None:
    ids = {str(figure): figure for figure in form.figures}
    return next((ids[key] for key in path if key in ids), None)


def _name(form: Form, path: _Path) -> str:
    """``path`` in words: a figure by its name, a section by its heading."""
    figure = _figure(form, path)
    if figure is not None:
        words = [form.figures[figure].spoken, *(_NAMES.get(key, key) for key in path[-1:] if key != "value")]
        return " ".join(words)
    headings = {section.id: section.heading for section in form.sections}
    return " ".join(headings.get(key) or _NAMES.get(key, key) for key in path if key not in ("sections", "figures"))


# --- CSV --------------------------------------------------------------------------------------------------

_FIGURE, _NUMBER, _UNIT = (CSV_COLUMNS.index(name) for name in ("指标", "数值", "单位"))
_OF_EACH = tuple(CSV_COLUMNS.index(name) for name in ("表", "行", "列", "计量单位"))
_OF_ALL = tuple(n for n in range(len(CSV_COLUMNS)) if n not in (_FIGURE, _NUMBER, *_OF_EACH))


def csv_differences(form: Form, filing: Filing, text: str, of_any_unit: bool = False) -> Iterator[Difference]:
    """What is said of the whole report is compared once, the rest line by line. ``of_any_unit``: whoever signed it."""
    wanted = {row[_FIGURE]: row for row in _rows(write_csv(form, filing).decode("utf-8-sig"))}
    rows = _rows(text)
    yield from _of_all(rows, next(iter(wanted.values())), [c for c in _OF_ALL if not (of_any_unit and c == _UNIT)])
    names = {str(figure): form.figures[figure] for figure in form.figures}
    missing = dict(wanted)
    for number, row in enumerate(rows, start=2):
        place, name = f"第{number}行", row[_FIGURE]
        due = missing.pop(name, None)
        if due is None:
            yield Difference(name, row[_NUMBER] or NOTHING, NOTHING, place)
            continue
        spoken, figure = names[name].spoken, names[name].id
        if row[_NUMBER] != due[_NUMBER]:
            yield Difference(spoken, row[_NUMBER] or NOTHING, due[_NUMBER] or NOTHING, place, figure)
        for column in _OF_EACH:
            if row[column] != due[column]:
                yield Difference(f"{spoken} {CSV_COLUMNS[column]}", row[column] or NOTHING, due[column], place, figure)
    for name, due in missing.items():
        yield Difference(names[name].spoken, UNREAD, due[_NUMBER] or NOTHING, figure=names[name].id)


def _of_all(rows: Sequence[Sequence[str]], due: Sequence[str], columns: Sequence[int]) -> Iterator[Difference]:
    for column in columns:
        others = {
            row[column]: number for number, row in reversed([*enumerate(rows, start=2)]) if row[column] != due[column]
        }
        for said, number in others.items():
            yield Difference(CSV_COLUMNS[column], said or NOTHING, due[column], f"第{number}行")


def _rows(text: str) -> list[list[str]]:
    """The lines below the header, each with all columns."""
    width = len(CSV_COLUMNS)
    lines = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    try:
        rows = [line for line in lines if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise FileRefused("这个 CSV 读不出来：引号或分隔符不合规范。请重新下载后再试。") from error
    return [[*row, *[""] * width][:width] for row in rows[1:]]

"""Who a returned workbook says it is. It is said in three places, because programs drop any one of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from xltool.errors import FileRefused
from xltool.numerals import exact
from xltool.spreadsheet import sheets as raw
from xltool.workbook.layout.addresses import IDENTITY, IDENTITY_KEYS, Column
from xltool.workbook.snapshot import ABSENT

_NOT_OURS = (
    "这是 Excel 工作簿，但不是本工具下发的填报工作簿（没有表单标识）。"
    "请交回原来下发的工作簿；用别的表填的，请把数字抄到下发的工作簿里。"
)
_NAMES = {"form": "表式", "digest": "表式版本", "unit.name": "单位名称", "number": "表单编号", "year": "年份"}


@dataclass(frozen=True)
class Stamps:
    """Identity as far as it can still be read; ``contradictions`` are sentences about places that disagree."""

    form: str
    digest: str
    unit: str
    code: str | None
    type: str | None
    year: int
    issue: int
    number: str
    prior_digest: str
    powers: dict[str, bool]
    prior_values: dict[str, Decimal]
    contradictions: tuple[str, ...]
    names: tuple[str, ...]
    """Every unit that some place says this workbook is of; ``unit`` is the first."""
    is_complete: bool
    """Whether the hidden sheet is there: without it last year's figures and the unit's powers are lost."""


def read_stamps(book: raw.Workbook) -> Stamps:
    """The identity from the hidden sheet, the custom properties and the cover; FileRefused where there is none."""
    named = _named(book)
    hidden = {name: cell.text for name, cell in named.items() if name.count(".") < 2}
    properties = {
        key: book.properties.get(f"xltool.{name}", "")
        for key, name in (
            ("form", "form"),
            ("digest", "digest"),
            ("unit.name", "unit"),
            ("number", "number"),
            ("year", "year"),
        )
    }
    cover = _cover(book)
    said = [source for source in (hidden, properties, cover) if source.get("number")]
    if not said or not any(source.get("form") for source in said):
        raise FileRefused(_NOT_OURS)

    def first(key: str) -> str:
        return next((source[key] for source in said if source.get(key)), "")

    year = first("year")
    if not year.isdigit():
        raise FileRefused(_NOT_OURS)
    issue = hidden.get("issue", "1")
    return Stamps(
        form=first("form"),
        digest=first("digest"),
        unit=first("unit.name"),
        code=_given(hidden, "unit.code"),
        type=_given(hidden, "unit.type"),
        year=int(year),
        issue=int(issue) if issue.isdigit() else 1,
        number=first("number"),
        prior_digest=_given(hidden, "prior") or "",
        powers={
            k.removeprefix("power."): v == "1" for k, v in hidden.items() if k.startswith("power.") and v in "01" and v
        },
        prior_values={
            name: exact(cell.text)
            for name, cell in named.items()
            if name.count(".") == 2 and cell.kind == "n" and cell.text
        },
        contradictions=tuple(_contradictions(hidden, properties, cover)),
        names=tuple(dict.fromkeys(source["unit.name"] for source in said if source.get("unit.name"))),
        is_complete=bool(named),
    )


def _named(book: raw.Workbook) -> dict[str, raw.Cell]:
    """The hidden sheet's values by their names; empty where no sheet is it."""
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.name != IDENTITY):
        cells = sheet.cells
        first, second = cells.get((0, Column.NAME)), cells.get((1, Column.NAME))
        if first is not None and first.text == "xltool" and second is not None and second.text == IDENTITY_KEYS[0]:
            return {
                cell.text: cells[row, Column.VALUE]
                for (row, column), cell in cells.items()
                if column == Column.NAME and (row, Column.VALUE) in cells
            }
    return {}


def _given(hidden: dict[str, str], key: str) -> str | None:
    value = hidden.get(key, "")
    return None if value in ("", ABSENT[key]) else value


_COVER_LABELS = {"填报单位": "unit.name", "表单编号": "number"}


def _cover(book: raw.Workbook) -> dict[str, str]:
    """Unit and number as they stand on the cover, found by the labels before them."""
    for sheet in book.sheets:
        said = {}
        for (row, column), cell in sheet.cells.items():
            key = _COVER_LABELS.get(cell.text.strip())
            beside = sheet.cells.get((row, column + 1)) if key is not None else None
            if key is not None and beside is not None:
                said[key] = beside.text.strip()
        if len(said) == len(_COVER_LABELS):
            return said
    return {}


def _contradictions(*sources: dict[str, str]) -> list[str]:
    found = []
    for key, name in _NAMES.items():
        values = list(dict.fromkeys(source[key] for source in sources if source.get(key)))
        if len(values) > 1:
            found.append(f"{name}在不同地方写得不同：{'、'.join(f'“{value}”' for value in values)}")
    return found

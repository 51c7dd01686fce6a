"""What a definition says besides its tables and rules: the head, kinds of units, the cover."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal

from xltool.definition.resolve import Scope
from xltool.definition.structure import checked_id
from xltool.figure import FigureId
from xltool.form import COVER_FIELDS, Field, UnitType
from xltool.yamlfile import Node

HEADER = ("id", "title", "short_title", "code", "basis", "deadline")
_PATTERNS = {
    "id": (re.compile(r"[a-z][a-z0-9-]{0,39}"), "应以小写字母开头，只含小写字母、数字和 -，如 gkbg-2021"),
    "code": (re.compile(r"[A-Z][A-Z0-9]{1,7}"), "应为 2 至 8 个大写字母和数字，以字母开头，如 GK21"),
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def read_header(keys: dict[str, Node]) -> dict[str, str]:
    """The texts at the head of the definition, by key."""
    texts = {key: keys[key].filled() for key in HEADER}
    for key, (pattern, wanted) in _PATTERNS.items():
        if not pattern.fullmatch(texts[key]):
            raise keys[key].error(f"{key} {wanted}，写的是“{texts[key]}”")
    return texts


def read_unit(node: Node | None) -> tuple[dict[str, str], dict[str, UnitType]]:
    """Powers by id, and the kinds of units by name."""
    keys = node.mapping(("powers", "types", "scales")) if node else {}
    declared = keys["powers"].mapping() if "powers" in keys else {}
    powers = {checked_id(key, value): value.filled() for key, value in declared.items()}
    types: dict[str, UnitType] = {}
    for name, kind in keys["types"].mapping().items() if "types" in keys else ():
        known = kind.mapping(tuple(powers))
        for value in known.values():
            if value.text() not in ("有", "无"):
                raise value.error(f"{value.named}应为“有”或“无”，写的是“{value.text()}”")
        types[name] = UnitType(name, {key: value.text() == "有" for key, value in known.items()})
    return powers, types


def read_scales(node: Node | None, scope: Scope, types: Collection[str]) -> dict[FigureId, dict[str, Decimal]]:
    """By figure and kind of unit: above what, in the figure's own unit, people are asked whether it is right."""
    declared = node.mapping().get("scales") if node else None
    scales = {}
    for typed, limits in declared.mapping().items() if declared else ():
        by_type = limits.mapping(tuple(types)).items()
        scales[_scaled(typed, limits, scope)] = {name: Decimal(limit.positive()) for name, limit in by_type}
    return scales


def _scaled(typed: str, node: Node, scope: Scope) -> FigureId:
    figure = scope.figures.get(FigureId(*typed.split("."))) if typed.count(".") == 2 else None
    if figure is None:
        raise node.error(f"表式里没有指标“{typed}”，应写作 表.行.列")
    if figure.computed is not None:
        raise node.error(f"“{typed}”是自动计算的，scales 只用于填写的指标")
    return figure.id


def read_cover(node: Node | None) -> tuple[Field, ...]:
    """The lines of the cover that a unit fills in."""
    fields = []
    for key, declared in node.mapping().items() if node else ():
        keys = declared.mapping(("label", "sample"), ("label",))
        sample = keys["sample"].text() if "sample" in keys else ""
        fields.append(Field(f"{COVER_FIELDS}{checked_id(key, declared)}", keys["label"].filled(), sample))
    return tuple(fields)


def read_foreword(node: Node | None, cover: tuple[Field, ...]) -> tuple[str, ...]:
    """The paragraphs before the sections; what stands in braces must be known."""
    if node is None:
        return ()
    for line in node:
        refuse_unknown(line, ("unit", "year", "title", *(field.id for field in cover)))
    return node.texts()


def refuse_unknown(node: Node, known: Collection[str]) -> None:
    """DefinitionError where the text has braces around anything that is not ``known``."""
    for match in _PLACEHOLDER.finditer(node.text()):
        if match[1] not in known:
            raise node.error(f"不认识“{match[0]}”", match.start())

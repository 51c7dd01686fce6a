"""Reading a whole definition: header, sections, figures, rules."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from xltool.definition.charts import read_charts
from xltool.definition.drafts import with_drafts
from xltool.definition.header import (
    HEADER,
    read_cover,
    read_foreword,
    read_header,
    read_scales,
    read_unit,
)
from xltool.definition.resolve import Scope
from xltool.definition.rules import read_rule
from xltool.definition.structure import read_sections
from xltool.definition.totals import form_scope
from xltool.form import Check, Form, Rule
from xltool.yamlfile import Node, parse_yaml, read_definition

_KEYS = (*HEADER, "foreword", "instructions", "unit", "cover", "sections", "rules", "charts")


def load_form(folder: Path) -> Form:
    """The Form that ``folder/form.yaml`` declares; DefinitionError names file, line and column."""
    path = folder / "form.yaml"
    return replace(parse_form(read_definition(path), str(path)), folder=folder)


def parse_form(text: str, where: str = "form.yaml") -> Form:
    """The Form declared by ``text``; ``where`` is the file's name in messages."""
    keys = parse_yaml(text, where).mapping(_KEYS, (*HEADER, "sections"))
    header = read_header(keys)
    cover = read_cover(keys.get("cover"))
    powers, types = read_unit(keys.get("unit"))
    sections = read_sections(keys["sections"])
    scope = form_scope(sections, keys["sections"], powers)
    rules, checks = _rules(keys.get("rules"), scope)
    return Form(
        id=header["id"],
        title=header["title"],
        short_title=header["short_title"],
        code=header["code"],
        basis=header["basis"],
        deadline=header["deadline"],
        foreword=read_foreword(keys.get("foreword"), cover),
        instructions=keys["instructions"].texts() if "instructions" in keys else (),
        sections=tuple(with_drafts(s, keys["sections"].mapping()[s.id], scope) for s in sections),
        cover=cover,
        figures=scope.figures,
        checks=checks,
        rules=rules,
        unit_types=types,
        powers=powers,
        digest=_digest(text),
        charts=read_charts(keys.get("charts"), scope),
        scales=read_scales(keys.get("unit"), scope, types),
    )


def _digest(text: str) -> str:
    """Line ends do not count: a copy that went through Windows is the same definition."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:12]


def _rules(node: Node | None, scope: Scope) -> tuple[tuple[Rule, ...], tuple[Check, ...]]:
    rules: dict[str, Rule] = {}
    checks: list[Check] = []
    for item in node if node else ():
        rule, instances = read_rule(item, scope)
        if rule.code in rules:
            raise item.error(f"规则编号“{rule.code}”重复，第 {rules[rule.code].line} 行已经有了")
        rules[rule.code] = rule
        checks += instances
    return tuple(rules.values()), tuple(checks)

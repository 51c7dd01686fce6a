"""Reading a whole definition: header, sections, figures, rules."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from xltool.definition.resolve import Scope
from xltool.definition.rules import read_rule
from xltool.definition.structure import checked_id, figures_of, read_section, with_formula
from xltool.errors import DefinitionError
from xltool.expr.model import Term, operands
from xltool.expr.parse import ExpressionError, parse_comparison
from xltool.figure import FigureId
from xltool.form import Check, Field, Figure, Form, Line, Rule, Section, Statement, UnitType
from xltool.yamlfile import Node, parse_yaml

_HEADER = ("id", "title", "short_title", "code", "basis", "deadline")
_KEYS = (*_HEADER, "foreword", "instructions", "unit", "cover", "sections", "rules")


def load_form(folder: Path) -> Form:
    """The Form that ``folder/form.yaml`` declares; DefinitionError names file, line and column."""
    path = folder / "form.yaml"
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise DefinitionError(str(path), 1, f"读不了：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DefinitionError(str(path), 1, "不是 UTF-8 编码的文本") from error
    return replace(parse_form(text, str(path)), folder=folder)


def parse_form(text: str, where: str = "form.yaml") -> Form:
    """The Form declared by ``text``; ``where`` is the file's name in messages."""
    keys = parse_yaml(text, where).mapping(_KEYS, (*_HEADER, "sections"))
    sections = tuple(read_section(key, node) for key, node in keys["sections"].mapping().items())
    powers, types = _unit(keys.get("unit"))
    scope = _scope(keys["sections"], sections, powers)
    rules, checks = _rules(keys.get("rules"), scope)
    header = {key: keys[key].text() for key in _HEADER}
    return Form(
        id=header["id"],
        title=header["title"],
        short_title=header["short_title"],
        code=header["code"],
        basis=header["basis"],
        deadline=header["deadline"],
        foreword=keys["foreword"].texts() if "foreword" in keys else (),
        instructions=keys["instructions"].texts() if "instructions" in keys else (),
        sections=tuple(_with_statements(s, keys["sections"].mapping()[s.id], scope) for s in sections),
        cover=_cover(keys.get("cover")),
        figures={figure_id: f for figure_id, f in scope.figures.items() if isinstance(f, Figure)},
        checks=checks,
        rules=rules,
        unit_types=types,
        powers=powers,
        digest=hashlib.sha256(text.encode()).hexdigest()[:12],
    )


def _unit(node: Node | None) -> tuple[dict[str, str], dict[str, UnitType]]:
    keys = node.mapping(("powers", "types")) if node else {}
    powers = {key: value.text() for key, value in keys["powers"].mapping().items()} if "powers" in keys else {}
    types: dict[str, UnitType] = {}
    for name, declared in keys["types"].mapping().items() if "types" in keys else ():
        known = declared.mapping(tuple(powers))
        for value in known.values():
            if value.text() not in ("有", "无"):
                raise value.error(f"应为“有”或“无”，写的是“{value.text()}”")
        types[name] = UnitType(name, {key: value.text() == "有" for key, value in known.items()})
    return powers, types


def _cover(node: Node | None) -> tuple[Field, ...]:
    fields = []
    for key, declared in node.mapping().items() if node else ():
        keys = declared.mapping(("label", "sample"), ("label",))
        sample = keys["sample"].text() if "sample" in keys else ""
        fields.append(Field(f"cover.{checked_id(key, declared)}", keys["label"].text(), sample))
    return tuple(fields)


def _scope(node: Node, sections: tuple[Section, ...], powers: dict[str, str]) -> Scope:
    """The scope of the whole form, its computed figures resolved."""
    tables = {}
    lines: dict[FigureId, Line | None] = {}
    figures: dict[FigureId, Figure] = {}
    for section in sections:
        if section.table is None:
            continue
        place = node.mapping()[section.id].mapping()["table"]
        if section.table.id in tables:
            raise place.error(f"表号“{section.table.id}”重复")
        tables[section.table.id] = section.table
        for figure, line in figures_of(section.table):
            if figure.id in figures:
                raise place.error(f"指标“{figure.id}”重复")
            figures[figure.id], lines[figure.id] = figure, line
        _resolve_totals(place, Scope(tables, figures, powers), figures, lines)
    return Scope(tables, figures, powers)


def _resolve_totals(
    place: Node, scope: Scope, figures: dict[FigureId, Figure], lines: dict[FigureId, Line | None]
) -> None:
    for figure_id, line in lines.items():
        if line is None or line.computed is None or figures[figure_id].computed is not None:
            continue
        axis = "row" if line.id == figure_id.column else "column"
        over = figure_id.row if axis == "row" else figure_id.column
        try:
            expr = scope.over(figure_id.table, axis, over).resolve(line.computed)
        except ExpressionError as error:
            raise place.error(f"“{line.id}”的 computed 有错：{error.fact}") from error
        figures[figure_id] = with_formula(figures[figure_id], expr)
    _refuse_circles(place, figures)


def _refuse_circles(place: Node, figures: dict[FigureId, Figure]) -> None:
    def visit(figure_id: FigureId, above: tuple[FigureId, ...]) -> None:
        if figure_id in above:
            raise place.error(f"“{figure_id}”的 computed 绕回了自己")
        expr = figures[figure_id].computed
        for operand in operands(expr) if expr is not None else ():
            if isinstance(operand, Term):
                visit(operand.figure, (*above, figure_id))

    for figure_id in figures:
        visit(figure_id, ())


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


def _with_statements(section: Section, node: Node, scope: Scope) -> Section:
    statements = []
    for item in node.mapping().get("statements", ()) or ():
        keys = item.mapping(("when", "say", "unless_mentions"), ("say",))
        when = None
        if "when" in keys:
            try:
                when = scope.comparison(parse_comparison(keys["when"].text()))
            except ExpressionError as error:
                raise keys["when"].error(error.fact, error.offset) from error
        mentions = keys["unless_mentions"].text() if "unless_mentions" in keys else ""
        statements.append(Statement(keys["say"].text(), when, mentions))
    return replace(section, statements=tuple(statements))

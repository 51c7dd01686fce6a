"""Sections, tables, blocks and lines of a definition: nesting is the heading, a latin key is an id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from xltool.expr.model import Expr
from xltool.expr.parse import ExpressionError, parse_expression
from xltool.figure import FigureId, Kind
from xltool.form import Block, Figure, Label, Line, Part, Section, Table
from xltool.yamlfile import Node

_ID = re.compile(r"[a-z][a-z0-9_]*")
_LINE_KEYS = ("label", "note", "short", "computed", "kind")


@dataclass(frozen=True)
class Source:
    """Where a line's formula stands in the file, for messages about it after reading."""

    node: Node
    expr: Expr


def yes(node: Node | None, default: bool) -> bool:
    """是 or 否."""
    if node is None:
        return default
    if node.text() not in ("是", "否"):
        raise node.error(f"应为“是”或“否”，写的是“{node.text()}”")
    return node.text() == "是"


def checked_id(key: str, node: Node) -> str:
    if not _ID.fullmatch(key):
        raise node.error(f"编号“{key}”应以小写字母开头，只含小写字母、数字和下划线")
    return key


def read_section(section_id: str, node: Node) -> Section:
    """One section, its table's formulas not yet resolved."""
    keys = node.mapping(("heading", "sheet", "limit", "parts", "table", "statements"), ("heading",))
    heading = keys["heading"].text()
    parts = keys["parts"].mapping() if "parts" in keys else {}
    if not parts and "table" not in keys:
        raise node.error(f"“{heading}”既没有 parts，也没有 table")
    return Section(
        id=checked_id(section_id, node),
        heading=heading,
        sheet=keys["sheet"].text() if "sheet" in keys else heading,
        parts=tuple(_part(f"{section_id}.{checked_id(key, part)}", part) for key, part in parts.items()),
        table=_table(keys["table"]) if "table" in keys else None,
        limit=keys["limit"].number() if "limit" in keys else None,
    )


def _part(part_id: str, node: Node) -> Part:
    keys = node.mapping(("title", "guidance", "limit", "titled", "optional"), ("title", "guidance", "limit"))
    return Part(
        id=part_id,
        title=keys["title"].text(),
        guidance=keys["guidance"].text(),
        limit=keys["limit"].number(),
        titled=yes(keys.get("titled"), True),
        optional=yes(keys.get("optional"), False),
    )


def _table(node: Node) -> Table:
    keys = node.mapping(("id", "name", "widths", "required", "printed", "blocks"), ("id", "name", "widths", "blocks"))
    table = Table(
        id=checked_id(keys["id"].text(), keys["id"]),
        name=keys["name"].text(),
        blocks=tuple(_block(block) for block in keys["blocks"]),
        widths=tuple(width.number() for width in keys["widths"]),
        required=yes(keys.get("required"), True),
        printed=yes(keys.get("printed"), True),
    )
    for block, block_node in zip(table.blocks, keys["blocks"], strict=True):
        if (needed := least_width(block)) > len(table.widths):
            raise block_node.error(f"这一块有 {needed} 栏，widths 只列了 {len(table.widths)} 个栏宽")
    return table


def least_width(block: Block) -> int:
    """Grid columns the block takes at least: stub and value columns."""
    if block.across:
        return len(block.rows) * len(block.columns)
    return max(len(row.path) for row in block.rows) + len(block.columns)


def _block(node: Node) -> Block:
    keys = node.mapping(("heading", "corner", "across", "rows", "columns"), ("rows", "columns"))
    return Block(
        rows=_lines(keys["rows"]),
        columns=_lines(keys["columns"]),
        heading=keys["heading"].text() if "heading" in keys else "",
        corner=_corner(keys["corner"]) if "corner" in keys else Label(""),
        across=yes(keys.get("across"), False),
    )


def _corner(node: Node) -> Label:
    if not node.is_mapping():
        return Label(node.text())
    return Label("", node.mapping(("note",), ("note",))["note"].text())


def _lines(node: Node) -> tuple[Line, ...]:
    lines = tuple(_walk(node, ()))
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            raise node.error(f"编号“{line.id}”重复")
        seen.add(line.id)
    return lines


def _walk(node: Node, headings: tuple[Label, ...]) -> Iterator[Line]:
    for key, child in node.mapping().items():
        if not _ID.fullmatch(key):
            yield from _walk(child, (*headings, Label(key)))
        elif child.is_mapping():
            yield _detailed_line(key, child, headings)
        else:
            yield Line(key, (*headings, Label(child.text())))


def _detailed_line(line_id: str, node: Node, headings: tuple[Label, ...]) -> Line:
    keys = node.mapping(_LINE_KEYS, ("label",))
    texts = {key: child.text() for key, child in keys.items()}
    label = Label(texts["label"], texts.get("note", ""), texts.get("short", ""))
    computed = expression(keys["computed"]) if "computed" in keys else None
    return Line(line_id, (*headings, label), computed, _kind(keys["kind"]) if "kind" in keys else None)


def _kind(node: Node) -> Kind:
    for kind in Kind:
        if kind.value.key == node.text():
            return kind
    known = "、".join(kind.value.key for kind in Kind)
    raise node.error(f"没有数的种类“{node.text()}”，可以用：{known}")


def expression(node: Node) -> Expr:
    """The node's text as an expression; a mistake is a DefinitionError with a caret."""
    try:
        return parse_expression(node.text())
    except ExpressionError as error:
        raise node.error(error.fact, error.offset) from error


def figures_of(table: Table) -> Iterator[tuple[Figure, Line | None]]:
    """The table's figures in official order, each with the line whose formula computes it.

    Where a computed row crosses a computed column, the column's formula serves.
    """
    for block in table.blocks:
        for row in block.rows:
            for column in block.columns:
                figure = Figure(
                    id=FigureId(table.id, row.id, column.id),
                    labels=tuple(label.printed for label in (*row.path, *column.path)),
                    spoken=f"{_spoken(row)} · {_spoken(column)}",
                    kind=row.kind or column.kind or Kind.COUNT,
                )
                by = column if column.computed is not None else row if row.computed is not None else None
                yield figure, by


def _spoken(line: Line) -> str:
    """The label people would say: below a heading such as （三）不予公开 the last two levels."""
    label = line.label
    if label.short or len(line.path) == 1:
        return label.spoken
    return "".join(part.spoken for part in line.path[-2:]) if _is_numbered(label.text) else label.spoken


def _is_numbered(text: str) -> bool:
    return bool(re.match(r"\d+\.", text))


def with_formula(figure: Figure, expr: Expr) -> Figure:
    return replace(figure, computed=expr)

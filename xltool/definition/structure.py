"""Sections, tables, blocks and lines of a definition: nesting is the heading, a latin key is an id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xltool.expr.model import Expr
from xltool.expr.parse import ExpressionError, parse_expression
from xltool.figure import FigureId, Kind
from xltool.form import Block, Figure, Label, Line, Part, Section, Table
from xltool.sheetnames import OWN_SHEETS
from xltool.yamlfile import Node

_ID = re.compile(r"[a-z][a-z0-9_]*")
_NOT_IN_SHEET = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET = 31
_LINE_KEYS = ("label", "note", "short", "computed", "kind")
_RESERVED_IDS = ("prior", "stated", "power", "this", "cover")


def yes(node: Node | None, default: bool) -> bool:
    """是 or 否."""
    if node is None:
        return default
    if node.text() not in ("是", "否"):
        raise node.error(f"{node.named}应为“是”或“否”，写的是“{node.text()}”")
    return node.text() == "是"


def checked_id(key: str, node: Node) -> str:
    """``key`` if it can be an id, else DefinitionError."""
    if not _ID.fullmatch(key):
        raise node.error(f"编号“{key}”应以小写字母开头，只含小写字母、数字和下划线")
    if key in _RESERVED_IDS:
        raise node.error(f"编号不能用“{key}”，它另有用处")
    return key


def read_sections(node: Node) -> tuple[Section, ...]:
    """All sections in their order, each on a sheet of its own."""
    sections = tuple(read_section(key, child) for key, child in node.mapping().items())
    if not sections:
        raise node.error("没有任何部分")
    taken = dict.fromkeys(OWN_SHEETS, "工作簿自带的工作表")
    for section in sections:
        place = node.mapping()[section.id]
        place = place.mapping().get("sheet", place)
        if section.sheet in taken:
            raise place.error(f"工作表名“{section.sheet}”与{taken[section.sheet]}重名")
        if not 0 < len(section.sheet) <= _LONGEST_SHEET or _NOT_IN_SHEET.search(section.sheet):
            raise place.error(f"工作表名“{section.sheet}”应为 1 至 {_LONGEST_SHEET} 个字，不含 [ ] : * ? / \\ '")
        taken[section.sheet] = f"“{section.heading}”"
    return sections


def read_section(section_id: str, node: Node) -> Section:
    """One section, its table's formulas not yet resolved."""
    keys = node.mapping(("heading", "sheet", "limit", "parts", "table", "drafts", "phrases"), ("heading",))
    heading = keys["heading"].filled()
    parts = keys["parts"].mapping() if "parts" in keys else {}
    if not parts and "table" not in keys:
        raise node.error(f"“{heading}”既没有 parts，也没有 table")
    return Section(
        id=checked_id(section_id, node),
        heading=heading,
        sheet=keys["sheet"].text() if "sheet" in keys else heading,
        parts=tuple(_part(f"{section_id}.{checked_id(key, part)}", part) for key, part in parts.items()),
        table=_table(keys["table"]) if "table" in keys else None,
        limit=keys["limit"].positive() if "limit" in keys else None,
    )


def _part(part_id: str, node: Node) -> Part:
    known = ("title", "guidance", "limit", "titled", "optional", "drafts", "phrases")
    keys = node.mapping(known, ("title", "guidance", "limit"))
    return Part(
        id=part_id,
        title=keys["title"].filled(),
        guidance=keys["guidance"].filled(),
        limit=keys["limit"].positive(),
        titled=yes(keys.get("titled"), True),
        optional=yes(keys.get("optional"), False),
    )


def _table(node: Node) -> Table:
    keys = node.mapping(("id", "name", "widths", "required", "printed", "blocks"), ("id", "name", "widths", "blocks"))
    table = Table(
        id=checked_id(keys["id"].text(), keys["id"]),
        name=keys["name"].filled(),
        blocks=tuple(_block(block) for block in keys["blocks"]),
        widths=tuple(width.positive() for width in keys["widths"]),
        required=yes(keys.get("required"), True),
        printed=yes(keys.get("printed"), True),
    )
    if not table.blocks:
        raise keys["blocks"].error(f"“{table.name}”没有任何一块")
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
    if not lines:
        raise node.error("没有任何行或列")
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            raise node.error(f"编号“{line.id}”重复")
        seen.add(line.id)
    return lines


def _walk(node: Node, headings: tuple[Label, ...]) -> Iterator[Line]:
    for key, child in node.mapping().items():
        if not _ID.fullmatch(key):
            if not child.is_mapping() or not child.value:
                raise child.error(f"“{key}”不是编号（编号以小写字母开头），作表头的话下面应有行或列")
            yield from _walk(child, (*headings, Label(key)))
        elif child.is_mapping():
            yield _detailed_line(checked_id(key, child), child, headings)
        else:
            yield Line(checked_id(key, child), (*headings, Label(child.filled())))


def _detailed_line(line_id: str, node: Node, headings: tuple[Label, ...]) -> Line:
    keys = node.mapping(_LINE_KEYS, ("label",))
    texts = {key: child.filled() for key, child in keys.items()}
    label = Label(texts["label"], texts.get("note", ""), texts.get("short", ""))
    computed = expression(keys["computed"]) if "computed" in keys else None
    return Line(line_id, (*headings, label), computed, _kind(keys["kind"]) if "kind" in keys else None)


def _kind(node: Node) -> Kind:
    for kind in Kind:
        if kind.value.key == node.text():
            return kind
    known = "、".join(kind.value.key for kind in Kind)
    raise node.error(f"没有“{node.text()}”这种数，可以用：{known}")


def expression(node: Node) -> Expr:
    """The node's text as an expression; a mistake is a DefinitionError with a caret."""
    try:
        return parse_expression(node.text())
    except ExpressionError as error:
        raise node.error(error.fact, error.offset) from error


def formula_node(table: Node, lines: str, line_id: str) -> Node:
    """Where the line's ``computed`` stands; ``lines`` is "rows" or "columns"."""

    def find(node: Node) -> Node | None:
        for key, child in node.mapping().items() if node.is_mapping() else ():
            if key == line_id and child.is_mapping() and "computed" in child.mapping():
                return child.mapping()["computed"]
            if (deeper := find(child)) is not None:
                return deeper
        return None

    found = (find(block.mapping()[lines]) for block in table.mapping()["blocks"])
    return next((node for node in found if node is not None), table)


def figures_of(table: Table) -> Iterator[tuple[Figure, str, Line | None]]:
    """The table's figures in official order, each with the line whose formula computes it, if any.

    Before the line the axis its formula runs along: "row" for a column's formula, which adds up a row. Where a
    computed row crosses a computed column, the column's formula serves.
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
                if column.computed is not None:
                    yield figure, "row", column
                else:
                    yield figure, "column", row if row.computed is not None else None


def _spoken(line: Line) -> str:
    """The label people would say: below a heading such as （三）不予公开 the last two levels."""
    label = line.label
    if label.short or len(line.path) == 1:
        return label.spoken
    return "".join(part.spoken for part in line.path[-2:]) if _is_numbered(label.text) else label.spoken


def _is_numbered(text: str) -> bool:
    return bool(re.match(r"\d+\.", text))

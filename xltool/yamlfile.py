"""YAML read so that every scalar stays the text that was typed, with its line and column.

``on``, ``1.10`` and ``0123`` are text; duplicate keys, aliases and tags are refused with file:line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xltool.errors import DefinitionError


@dataclass(frozen=True)
class Node:
    """One value of a YAML file: a text, a list of nodes, or a mapping from text to nodes, and its place."""

    where: str
    line: int
    column: int
    value: str | tuple[Node, ...] | dict[str, Node]
    source: str = ""

    def error(self, fact: str, offset: int | None = None) -> DefinitionError:
        """The mistake ``fact`` at this node; ``offset`` points a caret into the node's text."""
        if offset is None:
            return DefinitionError(self.where, self.line, fact)
        found = self.source.find(self.text())
        column = offset + max(found, 0)
        return DefinitionError(self.where, self.line, fact, self.source or self.text(), column)

    def text(self) -> str:
        """The scalar's text; DefinitionError for a list or mapping."""
        if isinstance(self.value, str):
            return self.value
        raise self.error("应为一行文字")

    def items(self) -> tuple[Node, ...]:
        """The list's nodes; DefinitionError for anything else."""
        if isinstance(self.value, tuple):
            return self.value
        raise self.error("应为列表（每项以 - 开头）")

    def mapping(self, allowed: tuple[str, ...] | None = None, required: tuple[str, ...] = ()) -> dict[str, Node]:
        """The mapping; keys outside ``allowed`` and missing ``required`` ones are DefinitionErrors."""
        if not isinstance(self.value, dict):
            raise self.error("应为“键: 值”的形式")
        for key, node in self.value.items():
            if allowed is not None and key not in allowed:
                raise node.error(f"不认识的键“{key}”，这里可以用：{'、'.join(allowed)}")
        for key in required:
            if key not in self.value:
                raise self.error(f"缺少“{key}”")
        return self.value

    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    def is_list(self) -> bool:
        return isinstance(self.value, tuple)

    def texts(self) -> tuple[str, ...]:
        """The texts of a list of scalars."""
        return tuple(node.text() for node in self.items())

    def number(self) -> int:
        """The scalar as a whole number."""
        text = self.text()
        if not text.isascii() or not text.isdigit():
            raise self.error(f"应为整数，写的是“{text}”")
        return int(text)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items())


def parse_yaml(text: str, where: str) -> Node:
    """Read one YAML document from ``text``; ``where`` is the file's name in error messages."""
    import yaml  # heavy: only those who load a definition pay for it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DefinitionError(where, line, f"不是有效的 YAML：{error.problem or error}") from error
    except yaml.YAMLError as error:
        raise DefinitionError(where, 1, f"不是有效的 YAML：{error}") from error
    if root is None:
        raise DefinitionError(where, 1, "文件是空的")
    return _convert(root, where, text.splitlines())


def _convert(node: object, where: str, lines: list[str]) -> Node:
    import yaml

    assert isinstance(node, yaml.Node)
    line, column = node.start_mark.line, node.start_mark.column
    source = lines[line].strip() if line < len(lines) else ""

    def made(value: str | tuple[Node, ...] | dict[str, Node]) -> Node:
        return Node(where, line + 1, column, value, source)

    if isinstance(node, yaml.ScalarNode):
        return made(str(node.value))
    if isinstance(node, yaml.SequenceNode):
        return made(tuple(_convert(item, where, lines) for item in node.value))
    assert isinstance(node, yaml.MappingNode)
    mapping: dict[str, Node] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise made("").error("键应为一行文字")
        if key.value in mapping:
            first = mapping[key.value].line
            raise DefinitionError(where, key.start_mark.line + 1, f"键“{key.value}”重复，第 {first} 行已经有了")
        mapping[str(key.value)] = _convert(value, where, lines)
    return made(mapping)

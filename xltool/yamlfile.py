"""YAML read so that every scalar stays the text that was typed, with its line and column.

``on``, ``1.10`` and ``0123`` are text; duplicate keys, aliases and tags are refused with file:line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xltool.errors import DefinitionError, FileRefused
from xltool.files import read_text

_MAX_DEPTH = 30
_LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Node:
    """One value of a YAML file: a text, a list of nodes, or a mapping from text to nodes, and its place.

    ``line`` counts from 1 and is the key's for a list or mapping below a key; ``source`` is the line's text
    without its indent, ``column`` the place of a text in it; ``key`` what it stands under, "" in a list.
    """

    where: str
    line: int
    column: int
    value: str | tuple[Node, ...] | dict[str, Node]
    source: str = ""
    key: str = ""

    def error(self, fact: str, offset: int | None = None) -> DefinitionError:
        """The mistake ``fact`` at this node; ``offset`` points a caret into the node's text."""
        if offset is None:
            return DefinitionError(self.where, self.line, fact)
        text = self.text()
        for start in (self.column, self.column + 1):  # + 1: behind a quotation mark
            if self.source[start:].startswith(text):
                return DefinitionError(self.where, self.line, fact, self.source, start + offset)
        return DefinitionError(self.where, self.line, fact, text.replace("\n", " "), offset)

    def text(self) -> str:
        """The scalar's text; DefinitionError for a list or mapping."""
        if isinstance(self.value, str):
            return self.value
        raise self.error(f"{self.named}应为一行文字")

    @property
    def named(self) -> str:
        """The key in quotation marks, to begin a sentence with."""
        return f"“{self.key}”" if self.key else ""

    def filled(self) -> str:
        """The scalar's text, which must not be blank."""
        if not self.text().strip():
            raise self.error(f"{self.named}不能空着")
        return self.text()

    def items(self) -> tuple[Node, ...]:
        """The list's nodes; DefinitionError for anything else."""
        if isinstance(self.value, tuple):
            return self.value
        raise self.error(f"{self.named}应为列表（每项以 - 开头）")

    def mapping(self, allowed: tuple[str, ...] | None = None, required: tuple[str, ...] = ()) -> dict[str, Node]:
        """The mapping; keys outside ``allowed`` and missing ``required`` ones are DefinitionErrors."""
        if not isinstance(self.value, dict):
            raise self.error(f"{self.named}应为“键: 值”的形式")
        for key, node in self.value.items():
            if allowed is not None and key not in allowed:
                usable = f"这里可以用：{'、'.join(allowed)}" if allowed else "这里不能有键"
                raise node.error(f"不认识的键“{key}”，{usable}")
        for key in required:
            if key not in self.value:
                raise self.error(f"{self.named}缺少“{key}”")
        return self.value

    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    def texts(self) -> tuple[str, ...]:
        """The texts of a list of scalars."""
        return tuple(node.text() for node in self.items())

    def number(self) -> int:
        """The scalar as a whole number, not negative."""
        text = self.text()
        if not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
            raise self.error(f"{self.named}应为整数，写的是“{text}”")
        return int(text)

    def positive(self) -> int:
        """The scalar as a whole number above 0."""
        number = self.number()
        if number == 0:
            raise self.error(f"{self.named}应大于 0")
        return number

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items())


def read_definition(path: Path) -> str:
    """The text of a file of an edition; DefinitionError where it cannot be read."""
    try:
        return read_text(path)
    except FileRefused as refused:
        raise DefinitionError(str(path), 1, refused.sentence.rstrip("。")) from refused


def parse_yaml(text: str, where: str) -> Node:
    """Read one YAML document from ``text``; ``where`` is the file's name in error messages."""
    import yaml  # heavy: only those who load a definition pay for it

    _refuse_odd_characters(text, where)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reading = _Reading(yaml.parse(text, Loader=loader), where, text.splitlines())
    try:
        return reading.document()
    except yaml.MarkedYAMLError as error:
        # What was never closed is found at the end of the file; its beginning is what has to be mended.
        unclosed = error.problem and ("end of stream" in error.problem or " or '" in error.problem)
        mark = error.context_mark if unclosed and error.context_mark else error.problem_mark
        raise DefinitionError(where, mark.line + 1 if mark else 1, _explained(error.problem or "")) from error
    except yaml.YAMLError as error:
        raise DefinitionError(where, 1, f"不是有效的 YAML：{error}") from error


# What YAML itself cannot hold: all controls but tab and line ends, half of a surrogate pair.
_ODD = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB_INDENT = re.compile("^ *\t", re.MULTILINE)


def _refuse_odd_characters(text: str, where: str) -> None:
    for pattern, fact in (
        (_ODD, "有看不见的控制字符 U+{:04X}，请删去"),
        (_TAB_INDENT, "缩进用了制表符（Tab），请改用空格"),
    ):
        found = pattern.search(text)
        if found:
            line = text.count("\n", 0, found.start()) + 1
            raise DefinitionError(where, line, fact.format(ord(found.group()[-1])))


_EXPLANATIONS = (
    ("mapping values are not allowed", "冒号的位置不对：一行只能有一个“键: 值”，文字里有“: ”的请加引号；或者缩进不对"),
    ("could not find expected ':'", "缺少冒号，每个键后面应有“: ”；引号没有成对也会这样"),
    ("did not find expected key", "缩进与同一层的其他行不一致，或者引号、括号没有成对"),
    ("did not find expected '-'", "列表的各项应以“- ”开头，并且缩进一致"),
    ("block sequence entries", "“- ”只能用在一行的开头；值是 - 时请加引号"),
    ("did not find expected ',' or", "方括号或花括号没有成对，或者各项之间缺少逗号"),
    ("did not find expected node content", "方括号或花括号里不完整"),
    ("unexpected end of stream", "引号没有成对"),
    ("cannot start any token", "值不能以 @、`、% 等符号开头，请加引号"),
    ("unexpected document", "一个文件只能有一个定义，不能有单独一行“---”隔开的第二个"),
    ("did not find expected <document start>", "前面的定义已经结束，这里多了内容，或者缩进不对"),
    ("undefined alias", "不能用 * 引用，请把内容写全"),
    ("did not find expected alphabetic or numeric", "值不能以 & 或 * 开头，请加引号"),
)  # fmt: skip


def _explained(problem: str) -> str:
    """The parser's English in words for those who edit the file."""
    known = next((said for part, said in _EXPLANATIONS if part in problem), problem)
    return f"不是有效的 YAML：{known}"


@dataclass
class _Reading:
    """The parser's events on their way to nodes."""

    events: Iterator[Any]
    where: str
    lines: list[str]

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if _kind(event) in ("StreamStart", "StreamEnd", "DocumentEnd"):
                continue
            if root is not None:
                raise self._error(event, _explained("unexpected document"))
            if _kind(event) != "DocumentStart":
                root = self._node(event)
        if root is None or root.value == "":
            raise DefinitionError(self.where, 1, "文件是空的")
        return root

    def _error(self, event: Any, fact: str) -> DefinitionError:
        return DefinitionError(self.where, event.start_mark.line + 1, fact)

    def _node(self, event: Any, key_line: int | None = None, depth: int = 0, key: str = "") -> Node:
        self._refuse_reference(event)
        if depth > _MAX_DEPTH:
            raise self._error(event, "嵌套太深")
        line = event.start_mark.line
        source = self.lines[line] if line < len(self.lines) else ""
        column = event.start_mark.column - (len(source) - len(source.lstrip()))

        def made(value: str | tuple[Node, ...] | dict[str, Node]) -> Node:
            shown = line + 1 if isinstance(value, str) or key_line is None else key_line
            return Node(self.where, shown, column, value, source.strip(), key)

        if _kind(event) == "Scalar":
            return made(str(event.value))
        if _kind(event) == "SequenceStart":
            return made(tuple(self._node(item, None, depth + 1) for item in self._until("SequenceEnd")))
        return made(self._entries(depth))

    def _entries(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for event in self._until("MappingEnd"):
            self._refuse_reference(event)
            if _kind(event) != "Scalar":
                raise self._error(event, "键应为一行文字")
            key, line = str(event.value), event.start_mark.line + 1
            if key in lines:
                raise self._error(event, f"键“{key}”重复，第 {lines[key]} 行已经有了")
            lines[key] = line
            entries[key] = self._node(next(self.events), line, depth + 1, key)
        return entries

    def _until(self, end: str) -> Iterator[Any]:
        """Events up to ``end``; whoever takes one that opens something reads to its close."""
        while _kind(event := next(self.events)) != end:
            yield event

    def _refuse_reference(self, event: Any) -> None:
        if _kind(event) == "Alias" or event.anchor is not None:
            raise self._error(event, "不能用 & 和 * 引用别处的内容，请写全")
        if getattr(event, "tag", None) is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._error(event, f"不能用标签“{tag}”，请只写内容")


def _kind(event: Any) -> str:
    return type(event).__name__.removesuffix("Event")

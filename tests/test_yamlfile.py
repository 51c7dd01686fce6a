"""xltool.yamlfile: scalars stay the text that was typed; what is not plain YAML is refused with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltool.errors import DefinitionError
from xltool.yamlfile import Node, parse_yaml


def read(text: str) -> Node:
    return parse_yaml(text, "f.yaml")


def mistake(text: str) -> str:
    with pytest.raises(DefinitionError) as caught:
        read(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "typed", ["on", "no", "1.10", "0123", "1_000", "0x1F", "2021-01-02", "~", "null", "12:30", "1e3", ".5", "是"]
)
def test_scalars_stay_as_typed(typed: str) -> None:
    """Nothing becomes a number, a date, a truth value or nothing behind the editor's back."""
    assert read(f"key: {typed}").mapping()["key"].text() == typed


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("'it''s'", "it's"),
        ('"a: b"', "a: b"),
        ("|\n  甲\n  乙", "甲\n乙"),
        (">-\n  甲\n  乙", "甲 乙"),
        ("甲\n  乙", "甲 乙"),
        ("", ""),
        ("甲 # 注", "甲"),
    ],
)
def test_yaml_s_own_ways_of_writing_text(typed: str, text: str) -> None:
    """Quotes, blocks and comments mean what they mean in YAML."""
    assert read(f"key: {typed}").mapping()["key"].text() == text


def test_nesting_keeps_order_and_lines() -> None:
    """Mappings keep their order; a list or mapping is at the line of its key, an item at its own."""
    root = read("b: 1\na:\n  - x\n  - y: 2\n    z: 3\n")
    assert list(root.mapping()) == ["b", "a"]
    found = root.mapping()["a"]
    assert (found.line, found.key) == (2, "a")
    assert [item.line for item in found] == [3, 4]
    assert found.items()[1].mapping()["z"].line == 5


COLON = "冒号的位置不对：一行只能有一个“键: 值”，文字里有“: ”的请加引号；或者缩进不对"
MISTAKES = [
    ("", "f.yaml:1: 文件是空的"),
    ("# 只有注释\n", "f.yaml:1: 文件是空的"),
    ("a: 1\nb: 2\na: 3", "f.yaml:3: 键“a”重复，第 1 行已经有了"),
    ("a: {b: 1, b: 2}", "f.yaml:1: 键“b”重复，第 1 行已经有了"),
    ("[a, b]: 1", "f.yaml:1: 键应为一行文字"),
    ("a: &x 1", "f.yaml:1: 不能用 & 和 * 引用别处的内容，请写全"),
    ("a: &x {b: 1}", "f.yaml:1: 不能用 & 和 * 引用别处的内容，请写全"),
    ("&x a: 1", "f.yaml:1: 不能用 & 和 * 引用别处的内容，请写全"),
    ("a: 1\nb: *x", "f.yaml:2: 不能用 & 和 * 引用别处的内容，请写全"),
    ("a: !!python/object:os.system {}", "f.yaml:1: 不能用标签“!!python/object:os.system”，请只写内容"),
    ("a: !x 1", "f.yaml:1: 不能用标签“!x”，请只写内容"),
    ("a: 1\n---\nb: 2", "f.yaml:2: 不是有效的 YAML：一个文件只能有一个定义，不能有单独一行“---”隔开的第二个"),
    ("a:\n\tb: 1", "f.yaml:2: 缩进用了制表符（Tab），请改用空格"),
    ("a: 1\nb: \x07", "f.yaml:2: 有看不见的控制字符 U+0007，请删去"),
    ("a: @x", "f.yaml:1: 不是有效的 YAML：值不能以 @、`、% 等符号开头，请加引号"),
    ("a: -", "f.yaml:1: 不是有效的 YAML：“- ”只能用在一行的开头；值是 - 时请加引号"),
    ("a: *", "f.yaml:1: 不是有效的 YAML：值不能以 & 或 * 开头，请加引号"),
    ("a: 1\n'b\n", "f.yaml:2: 不是有效的 YAML：引号没有成对"),
    ("a: 1\nb\nc: 2", "f.yaml:3: 不是有效的 YAML：缺少冒号，每个键后面应有“: ”；引号没有成对也会这样"),
    ("a: 1\n  b: 2", f"f.yaml:2: 不是有效的 YAML：{COLON}"),
    ("a: ]", "f.yaml:1: 不是有效的 YAML：方括号或花括号里不完整"),
    ("a: b: c", f"f.yaml:1: 不是有效的 YAML：{COLON}"),
    ("a: " + "[" * 40, "f.yaml:1: 嵌套太深"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_what_is_refused(text: str, message: str) -> None:
    """What a definition does not need, or what could hide a mistake, is refused with file and line."""
    assert mistake(text) == message


@given(st.text(alphabet="ab:-[]{}\"'#&*!|> \n\t，规\x00\u2028é", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail in any other way."""
    outcome = read_or_refused(text)
    assert isinstance(outcome, Node) or outcome.startswith("f.yaml:")


def read_or_refused(text: str) -> Node | str:
    try:
        return read(text)
    except DefinitionError as error:
        return str(error)


@pytest.mark.parametrize(
    ("yaml", "offset", "shown"),
    [
        ("assert: a", 0, ["assert: a", "        ^"]),
        ("assert: 'a + b'", 4, ["assert: 'a + b'", "             ^"]),
        ("- {x: 1, assert: a + b}", 2, ["- {x: 1, assert: a + b}", "                   ^"]),
        ("甲乙: 丙 + d", 4, ["甲乙: 丙 + d", "           ^"]),
        ("assert: >-\n  a +\n  b", 4, ["a + b", "    ^"]),
        ("assert: |\n  a +\n  b", 4, ["a + b", "    ^"]),
        ("assert: 'it''s'", 3, ["it's", "   ^"]),
    ],
)
def test_the_caret_stands_under_the_mistake(yaml: str, offset: int, shown: list[str]) -> None:
    """The excerpt is the line as typed where it holds the text as it is, else the text; wide characters count 2."""
    node = read(yaml)
    while not isinstance(node.value, str):
        node = list(node.mapping().values())[-1] if node.is_mapping() else node.items()[0]
    assert str(node.error("错", offset)).splitlines()[1:] == [f"    {line}" for line in shown]


def test_asking_for_what_is_not_there() -> None:
    """Each accessor says what it wants, by the key's name."""
    root = read("a: x\nb: [1]\nc: ''\nd: '0'\ne: '1234567890'\n")
    keys = root.mapping()
    for fact, ask in [
        ("“a”应为列表（每项以 - 开头）", keys["a"].items),
        ("“a”应为“键: 值”的形式", keys["a"].mapping),
        ("“a”应为整数，写的是“x”", keys["a"].number),
        ("“b”应为一行文字", keys["b"].text),
        ("“c”不能空着", keys["c"].filled),
        ("“d”应大于 0", keys["d"].positive),
        ("“e”应为整数，写的是“1234567890”", keys["e"].number),
        ("缺少“z”", lambda: root.mapping(required=("z",))),
        ("不认识的键“a”，这里可以用：b", lambda: root.mapping(("b",))),
        ("不认识的键“a”，这里不能有键", lambda: root.mapping(())),
    ]:
        with pytest.raises(DefinitionError) as caught:
            ask()  # type: ignore[operator]
        assert caught.value.fact == fact
    assert keys["d"].number() == 0
    assert keys["b"].texts() == ("1",)

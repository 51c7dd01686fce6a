"""The documents say what the program does; ``python -m tests.test_documents`` brings them up to date.

Sessions are run, catalogues generated, commands and options looked up; what is generated stands between
``<!-- 以下由程序生成：… -->`` and ``<!-- 生成到此 -->``.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

import xltool.expr.parse
from tests.readme_session import agrees, manual_definition, prepare, readme_roster, renewed, run, run_step, steps
from xltool import __version__
from xltool.cli import COMMANDS, app
from xltool.definition import DEFAULT_EDITION, form_by_id, parse_form
from xltool.figure import Kind
from xltool.filing import from_json
from xltool.messages import MESSAGES
from xltool.practice import practice_files

ROOT = Path(__file__).parents[1]
README, MANUAL, CHANGELOG = ROOT / "README.md", ROOT / "docs" / "手册.md", ROOT / "CHANGELOG.md"
LARGEST_PICTURE = 200_000

# --- generated parts --------------------------------------------------------------------------------------


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    header = list(header)
    lines = (header, ["---"] * len(header), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', '｜') for cell in line)} |" for line in lines)


def _rules() -> str:
    return run(ROOT, "xltool rules --markdown")


# What stands in a message's braces, for people who look the message up.
_WORDS = {
    "sentence": "（文件为什么读不了，见 4.2）",
    "found": "〈表上的〉",
    "expected": "〈应当是的〉",
    "fact": "〈哪里怎样改动了〉",
    "quoted": "〈所填的〉",
    "read": "〈读出的数〉",
    "count": "〈几〉",
    "cells": "〈哪些格〉",
    "how": "〈全角、空格、单位等〉",
    "looks": "〈日期、年份或手机号码〉",
    "limit": "〈规定字数〉",
    "guidance": "〈应写的内容〉",
    "missing": "上年数据",
    "codes": "〈规则编号〉",
    "action": "〈改填数字；猜得出的，写明像是几〉",
    "unit": "〈单位〉",
    "other": "〈别的单位〉",
    "round": "〈几〉",
    "accepted": "〈几〉",
    "why": "〈为什么〉",
    "left": "〈数〉",
    "right": "〈应有的数〉",
    "gap": "〈几〉",
    "now": "〈今年的哪一项〉",
    "before": "〈上年的哪一项〉",
    "units": "〈差在哪些单位〉",
    "amount": "〈数〉",
    "peers": "〈同类单位〉",
    "type": "〈这类单位〉",
    "meant": "〈若是按“元”填写的，应为几〉",
    "relation": "〈哪条勾稽〉",
    "share": "〈几〉",
    "passage": "〈最长的一段〉",
    "also": "",
    "lines": "〈哪几行〉",
    "kind": "〈身份证号、手机号码或银行卡号〉",
}
_WORDS_OF = {
    ("A91", "how"): "〈多了、少了哪一位，或者拆成了哪两格〉",
    ("A92", "how"): "〈像是应当填在哪里〉",
    ("T09", "limit"): "〈数〉",
    ("S05", "quoted"): "〈所写的〉",
    ("S05", "why"): "〈等于没有写、只有几个字或者没有具体内容〉",
    ("S06", "missing"): "〈应说到的事项〉",
    ("S07", "missing"): "〈缺的几项〉",
    ("S20", "limit"): "〈界限〉",
    ("S21", "limit"): "〈界限〉",
    ("S22", "limit"): "〈期限〉",
    ("S22", "why"): "〈已过期限，或者本年还没有结束〉",
    ("S90", "quoted"): "〈自动生成的文字〉",
    ("H02", "fact"): "〈汇总了几次，或者不在名册上〉",
    ("H04", "missing"): "〈理由或调整人〉",
    ("H09", "cells"): "〈哪些项〉",
    ("H10", "cells"): "〈哪张表〉",
    ("H11", "cells"): "〈哪些单位〉",
}


def _worded(code: str, *templates: str) -> str:
    def word(brace: re.Match[str]) -> str:
        return _WORDS_OF.get((code, brace[1])) or _WORDS.get(brace[1], "〈……〉")

    words = (re.sub(r"\{(\w+)\}", word, template) for template in templates)
    return "，".join(word for word in words if word)


def _messages() -> str:
    rows = (
        (code, m.level, _worded(code, m.fact, m.expected), _worded(code, m.action) or "见 4.2")
        for code, m in MESSAGES.items()
    )
    return _table(("编号", "级别", "提示语", "怎么办"), rows)


def _actions() -> str:
    form = form_by_id(DEFAULT_EDITION)
    assert form is not None
    actions = {check.code: check.action for check in form.checks}
    return _table(("编号", "级别", "怎么办"), ((r.code, str(r.level), actions[r.code]) for r in form.rules))


def _kinds() -> str:
    rows = ((f"`{kind.value.key}`", kind.unit, kind.expectation) for kind in Kind)
    return _table(("`kind`", "单位", "应为"), rows)


def _grammar() -> str:
    doc = xltool.expr.parse.__doc__ or ""
    indented = doc.partition("::\n")[2].strip("\n").split("\n\n")[0]
    return "```text\n" + "\n".join(line.removeprefix("    ") for line in indented.split("\n")) + "\n```"


GENERATED: Mapping[str, Callable[[], str]] = {
    "rules": _rules,
    "messages": _messages,
    "actions": _actions,
    "kinds": _kinds,
    "grammar": _grammar,
}
_PART = re.compile(
    r"(?P<open><!-- 以下由程序生成：(?P<name>\w+) -->\n)(?P<body>.*?)(?P<close><!-- 生成到此 -->)", re.DOTALL
)


def regenerated(text: str) -> str:
    """A document with its generated parts as they should be."""
    return _PART.sub(lambda part: f"{part['open']}\n{GENERATED[part['name']]()}\n\n{part['close']}", text)


def main() -> None:
    """Bring README and manual up to date."""
    MANUAL.write_text(regenerated(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")
    for path in (README, MANUAL):
        with tempfile.TemporaryDirectory() as folder:
            path.write_text(renewed(path.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")


# --- tests ------------------------------------------------------------------------------------------------


def _documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "samples").rglob("*.md")])


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [README, MANUAL], ids=lambda path: path.name)
def test_sessions_print_what_the_document_says(path: Path, tmp_path: Path) -> None:
    """Whoever goes to the folder that ``xltool demo`` prepares gets from every command what stands below it."""
    prepare(tmp_path)
    ran = 0
    for step in steps(_read(path)):
        printed = run_step(tmp_path, step)
        assert agrees(printed, step.printed), f"$ {step.command}\n{printed}\n— {path.name} says —\n{step.printed}"
        ran += 1
    assert ran >= 5


def test_the_session_shows_each_level_and_ends_with_a_report() -> None:
    """README shows an error, something to verify, a hint, an explanation, a refusal and a report."""
    text = _read(README)
    for said in ("错误 ", "核实 ", "提示 ", "已说明 ", "没有生成报告", "√ 没有要处理的问题", ".docx"):
        assert said in text


def test_generated_parts_are_current() -> None:
    """Catalogues of rules, messages, kinds and grammar are those of the program."""
    text = _read(MANUAL)
    assert {part["name"] for part in _PART.finditer(text)} == set(GENERATED)
    assert regenerated(text) == text
    assert "\ncomparison := sum (" in text


def test_every_code_is_in_the_manual() -> None:
    """Every rule and every message has a line that says what to do."""
    form = form_by_id(DEFAULT_EDITION)
    assert form is not None
    lines = _read(MANUAL).splitlines()
    for code in (*MESSAGES, *(rule.code for rule in form.rules)):
        assert sum(line.startswith(f"| {code} |") for line in lines) == 2, code


def _commands() -> Iterator[tuple[str, Any]]:
    """Every command as it is typed, with what the library knows of it."""
    group: Any = typer.main.get_command(app)
    for name in COMMANDS:
        command = group.get_command(None, name)
        yield f"xltool {name}", command
        for below, sub in getattr(command, "commands", {}).items():
            yield f"xltool {name} {below}", sub


def _section_about(command: str) -> str:
    """The manual from the heading that names ``command`` to the next heading."""
    parts = re.split(r"^(?=#{2,4} )", _read(MANUAL), flags=re.MULTILINE)
    found = [part for part in parts if f"`{command}`" in part.partition("\n")[0]]
    assert len(found) == 1, f"手册 should have one heading with `{command}`"
    return found[0]


@pytest.mark.parametrize(
    ("name", "command"), list(_commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_and_option_is_in_the_manual(name: str, command: Any) -> None:
    """Each command has a heading, each of its options stands below it."""
    said = _section_about(name)
    options = [option for p in command.params for option in p.opts if option.startswith("-") and option != "--help"]
    assert [option for option in options if f"`{option}`" not in said] == []


def test_readme_names_every_command() -> None:
    """README's list of commands is complete."""
    text = _read(README)
    assert [name for name in COMMANDS if f"`xltool {name}`" not in text] == []


def test_the_manual_example_is_a_valid_definition() -> None:
    """The definition in the manual can be copied and used."""
    form = parse_form(manual_definition())
    assert len(form.rules) >= 3
    assert len(form.figures) == 12


def test_what_the_documents_show_is_in_the_prepared_folder() -> None:
    """The definition and the list of units that a reader sees are the files that the commands are given."""
    files = dict(practice_files())
    assert files["表式/cars-2024/form.yaml"].decode() == manual_definition()
    assert files["名册.csv"].decode() == readme_roster()


def test_documents_say_where_to_stand_and_hide_nothing() -> None:
    """Both name the prepared folder, and no comment stands for work that a reader would have to do."""
    for path in (README, MANUAL):
        text = _read(path)
        assert "cd xltool-demo/练习" in text.partition("```console")[0], path.name
        hidden = [said for said in re.findall(r"<!--(.*?)-->", text, re.DOTALL) if "由程序生成" not in said]
        assert [said for said in hidden if "生成到此" not in said] == [], path.name


def test_the_manual_example_of_last_years_figures_can_be_read() -> None:
    """The JSON that an office is told to type is accepted, and has only figures of the form."""
    example = re.findall(r"```json\n(.*?)```", _read(MANUAL), re.DOTALL)[0]
    form = form_by_id(DEFAULT_EDITION)
    assert form is not None
    assert from_json(example).values.keys() <= form.figures.keys()


def test_readme_counts_are_those_of_the_form() -> None:
    """So many figures and checks as README says."""
    form = form_by_id(DEFAULT_EDITION)
    assert form is not None
    assert f"{len(form.figures)} 个数，{len(form.checks)} 项核对" in _read(README)


@pytest.mark.parametrize("path", _documents(), ids=lambda path: path.name)
def test_links_and_pictures_exist(path: Path) -> None:
    """A link to a file, a folder or a heading leads somewhere."""
    text = _read(path)
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        file, _, heading = target.partition("#")
        linked = path.parent / file if file else path
        assert linked.exists(), target
        if heading:
            slugs = {_slug(line) for line in _read(linked).splitlines() if line.startswith("#")}
            assert heading in slugs, target


def _slug(heading: str) -> str:
    """A heading's anchor as code hosts make it: letters, digits and hyphens."""
    kept = "".join(c for c in heading.lstrip("#").strip().lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def test_pictures_are_small_and_used() -> None:
    """Every picture is a PNG below 200 KB that some document shows."""
    shown = "".join(_read(path) for path in _documents())
    pictures = list((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG"), picture.name
        assert picture.stat().st_size < LARGEST_PICTURE, picture.name
        assert f"pictures/{picture.name})" in shown, picture.name


_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|usr|opt|var|work|Users)/|[A-Z]:\\(?!…)|file://")
_REGISTRY = re.compile(
    r"https?://\S*(?:simple|registry|packages|mirror)|\bindex[-_]url\b|\bregistry\s*=", re.IGNORECASE
)


@pytest.mark.parametrize("path", _documents(), ids=lambda path: path.name)
def test_no_machine_path_and_no_registry_host(path: Path) -> None:
    """Documents are true on any machine."""
    for number, line in enumerate(_read(path).splitlines(), start=1):
        assert not _MACHINE.search(line), f"{path.name}:{number}: {line}"
        assert not _REGISTRY.search(line), f"{path.name}:{number}: {line}"


def test_readme_starts_with_two_commands_that_set_up_everything() -> None:
    """One line runs the demo, one the tests, each from a fresh environment of the project's own extras."""
    shell = re.findall(r"```sh\n(.*?)```", _read(README), re.DOTALL)
    lines = [line for block in shell for line in block.splitlines()]
    assert len(lines) == 2
    assert all(line.startswith("python3 -m venv .venv && .venv/bin/pip install -q ") for line in lines)
    assert lines[0].endswith(' ".[salvage]" && .venv/bin/xltool demo')
    assert lines[1].endswith(' -e ".[test]" && .venv/bin/python -m pytest -n auto')


def test_changelog_keeps_program_and_rules_apart() -> None:
    """The version at hand has an entry with what changed in the program and what in the checks."""
    entry = re.split(r"^## ", _read(CHANGELOG), flags=re.MULTILINE)[1]
    assert entry.startswith(__version__)
    assert "### 程序" in entry
    assert "### 核对规则" in entry


if __name__ == "__main__":
    main()

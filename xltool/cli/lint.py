"""xltool forms lint: everything in an edition's folder read as the other commands will read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from xltool.definition import edition_ids, form_by_id, parse_form
from xltool.definition.mapping import FILE as MAPPING
from xltool.definition.mapping import all_mappings
from xltool.errors import DefinitionError, FileRefused
from xltool.files import read_text
from xltool.form import Form
from xltool.narrative.claims.declaration import FILE as CLAIMS
from xltool.narrative.claims.declaration import read_vocabulary
from xltool.narrative.declared import declared
from xltool.narrative.wording_words import FILE as WORDING
from xltool.narrative.wording_words import read_wording
from xltool.report.word_skeleton import make_word_skeleton
from xltool.yamlfile import Node, parse_yaml, read_definition

DEFINITION, STYLES = "form.yaml", "report.docx"


def linted(path: Path) -> Iterator[str | DefinitionError]:
    """What is said of each file of an edition, or the first mistake in it; ``path``: the folder or a definition."""
    path = path / DEFINITION if path.is_dir() else path
    try:
        form = replace(parse_form(read_text(path), str(path)), folder=path.parent)
    except FileRefused as refused:
        raise FileRefused(f"{path}  {refused.sentence}") from refused
    rules = f"{len(form.rules)} 条规则（{len(form.checks)} 项核对）"
    yield f"√ {path}：{form.title}，{len(form.figures)} 个数，{rules}。"
    if path.name != DEFINITION:
        return
    if form.id != path.resolve().parent.name:
        fact = f"id 是“{form.id}”，应与文件夹的名称“{path.resolve().parent.name}”相同"
        yield DefinitionError(str(path), _line_of("id", path), fact)
    for part in (_claims, _wording, _mappings, _styles):
        yield from _said(part, form, path.parent)


def _said(part: Callable[[Form, Path], Iterator[str]], form: Form, folder: Path) -> Iterator[str | DefinitionError]:
    try:
        yield from part(form, folder)
    except DefinitionError as error:
        yield error


def _line_of(key: str, path: Path) -> int:
    return _keys(path)[key].line


def _claims(form: Form, folder: Path) -> Iterator[str]:
    path = folder / CLAIMS
    if not path.is_file():
        return
    document = declared(path)
    vocabulary = read_vocabulary(document, form)
    keys = document.mapping()
    _refuse_unknown(keys.get("parts"), (part.id for section in form.sections for part in section.parts), "文字的部分")
    yield f"√ {path}：{len(vocabulary.items)} 种说法。"


def _wording(form: Form, folder: Path) -> Iterator[str]:
    path = folder / WORDING
    if not path.is_file():
        return
    document = declared(path)
    read_wording(document)
    keys = document.mapping()
    sections = {section.id: [part.id for part in section.parts] for section in form.sections}
    parts = [part for listed in sections.values() for part in listed]
    _refuse_unknown(keys["covers"], sections, "部分")
    for section, node in keys["covers"].mapping().items():
        _refuse_unknown(node, sections[section], "文字的部分")
    _refuse_unknown(keys["least"], parts, "文字的部分")
    for node in keys["mentions"]:
        told = node.mapping()
        _refuse_other(told["section"], sections, "部分")
        if "table" in told:
            _refuse_other(told["table"], (table.id for table in form.tables), "表")
    if "date" in keys:
        _refuse_other(keys["date"].mapping()["field"], (field.id for field in form.cover), "封面的一项")
        _refuse_unknown(keys["date"].mapping().get("latest_of"), form.unit_types, "单位类型")
    _refuse_other(keys["years"].mapping()["plans"].mapping()["part"], parts, "文字的部分")
    for node in (*keys["council"].mapping()["types"], *keys["names"].mapping()["councils"]):
        _refuse_other(node, form.unit_types, "单位类型")
    yield f"√ {path}：文字的要求。"


def _keys(path: Path) -> dict[str, Node]:
    return parse_yaml(read_definition(path), str(path)).mapping()


def _refuse_unknown(node: Node | None, known: Iterable[str], what: str) -> None:
    """DefinitionError for a key that names nothing of the form."""
    known = tuple(known)
    for key, below in node.mapping().items() if node is not None else ():
        if key not in known:
            raise below.error(f"表式里没有“{key}”，应为{what}之一：{'、'.join(known)}")


def _refuse_other(node: Node, known: Iterable[str], what: str) -> None:
    known = tuple(known)
    if node.text() not in known:
        raise node.error(f"表式里没有“{node.text()}”，应为{what}之一：{'、'.join(known)}")


def _mappings(form: Form, folder: Path) -> Iterator[str]:
    for mapping in all_mappings(form, form_by_id, edition_ids()):
        due = len(form.inputs)
        told = due - len(mapping.lacking)
        yield f"√ {folder / MAPPING}：从“{mapping.source}”换算，{due} 个数中 {told} 个有对应。"


def _styles(form: Form, folder: Path) -> Iterator[str]:
    make_word_skeleton(form)
    if (folder / STYLES).is_file():
        yield f"√ {folder / STYLES}：报告的样式齐全。"
    else:
        yield f"! {folder / STYLES}：没有这个文件，报告用程序自带的样式。要用自己的，从别的版本复制一份来改。"

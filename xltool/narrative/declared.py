"""Files of words beside ``form.yaml``, with what they take over from another edition.

A file that says ``like: gkbg-2021`` is that edition's file, but for what it writes itself: a key replaces the same key,
an entry of a list the entries of the same ``name``; the names in ``without`` are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from xltool.shelf import edition_folders
from xltool.yamlfile import Node, parse_yaml, read_definition

LIKE, WITHOUT = "like", "without"
_NAME = "name"


def declared(path: Path) -> Node:
    """The document in ``path``, what it is like included; DefinitionError for a mistake in any file it rests on."""
    return _completed(_parsed(path), path.name, (path.resolve().parent.name,))


def _parsed(path: Path) -> Node:
    return parse_yaml(read_definition(path), str(path))


def _completed(own: Node, file: str, reached_from: tuple[str, ...]) -> Node:
    """``own`` laid over the ``file`` of the edition it is like; ``reached_from``: the editions gone through so far."""
    keys = dict(own.mapping())
    like, without = keys.pop(LIKE, None), keys.pop(WITHOUT, None)
    if like is None:
        if without is not None:
            raise without.error(f"写了“{WITHOUT}”，应在它前面写明照哪个表式：{LIKE}: …")
        return own
    other = _completed(_parsed(_file_of(like, file, reached_from)), file, (*reached_from, like.text()))
    kept = _without(other, without) if without is not None else other
    return _laid_over(kept, replace(own, value=keys))


def _file_of(like: Node, file: str, reached_from: tuple[str, ...]) -> Path:
    """The file of the same name of the edition named by ``like``."""
    wanted, folders = like.text(), {folder.name: folder for folder in edition_folders()}
    if wanted in reached_from:
        raise like.error(f"{' → '.join((*reached_from, wanted))}，绕成了一圈，总有一个要自己写全")
    if wanted not in folders:
        others = [name for name in folders if name not in reached_from]
        raise like.error(f"没有表式“{wanted}”，可以照的是：{'、'.join(others)}")
    path = folders[wanted] / file
    if not path.is_file():
        raise like.error(f"表式“{wanted}”没有 {file}，照不了")
    return path


def _without(other: Node, names: Node) -> Node:
    """``other`` without the entries of these names."""
    unwanted = {node.text(): node for node in names}
    known = {_name(entry) for node in other.mapping().values() for entry in _entries(node)}
    for name, node in unwanted.items():
        if name not in known:
            raise node.error(f"照的表式里没有“{name}”，不用写在“{WITHOUT}”里")
    kept = {
        key: replace(node, value=tuple(entry for entry in node if _name(entry) not in unwanted))
        if any(_entries(node))
        else node
        for key, node in other.mapping().items()
    }
    return replace(other, value=kept)


def _laid_over(other: Node, own: Node) -> Node:
    if other.is_mapping() and own.is_mapping():
        keys, theirs = own.mapping(), other.mapping()
        over = {key: _laid_over(theirs[key], node) if key in theirs else node for key, node in keys.items()}
        return replace(own, value={**theirs, **over})
    if any(_entries(other)) and any(_entries(own)):
        return replace(own, value=tuple(_in_their_places(tuple(other), tuple(own))))
    return own


def _in_their_places(theirs: tuple[Node, ...], own: tuple[Node, ...]) -> Iterator[Node]:
    """Entries of one's own where the first of the same name stood, new ones at the end."""
    left = {_name(entry): [one for one in own if _name(one) == _name(entry)] for entry in own}
    names = set(left)
    for entry in theirs:
        if _name(entry) in names:
            yield from left.pop(_name(entry), ())
        else:
            yield entry
    yield from (entry for entries in left.values() for entry in entries)


def _entries(node: Node) -> Iterator[Node]:
    """The entries of a list that have names."""
    return (entry for entry in (node.value if isinstance(node.value, tuple) else ()) if _name(entry))


def _name(node: Node) -> str:
    named = node.value.get(_NAME) if isinstance(node.value, dict) else None
    return named.text() if named is not None else ""

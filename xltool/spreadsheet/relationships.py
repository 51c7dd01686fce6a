"""Which part of a package belongs to which: the .rels parts."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from xltool.spreadsheet.limits import MAX_RELATIONS, too_large
from xltool.spreadsheet.package import Package
from xltool.spreadsheet.xmlscan import scan


@dataclass(frozen=True)
class Relation:
    """``kind``: the last word of its type (worksheet, styles); ``target``: the name of a part."""

    kind: str
    target: str


def relations(package: Package, source: str) -> dict[str, Relation]:
    """The relations of a part, or of the package for '', by id; those that lead outside are left out."""
    folder, name = posixpath.split(source)
    found: dict[str, Relation] = {}

    def opened(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            # The last word of a type is the same in Transitional and Strict files.
            kind = attributes.get("Type", "").rpartition("/")[2]
            if len(found) >= MAX_RELATIONS:
                raise too_large("内部引用过多")
            found[attributes.get("Id", "")] = Relation(kind, _resolved(folder, target))

    scan(package.part(f"{folder}/_rels/{name}.rels"), package.allowance, opened)
    return found


def target_of(found: dict[str, Relation], kind: str) -> str:
    """The part that the first relation of this kind leads to, or ''."""
    return next((relation.target for relation in found.values() if relation.kind == kind), "")


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")

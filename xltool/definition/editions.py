"""The editions at hand, by id."""

from __future__ import annotations

from functools import lru_cache

from xltool.definition.load import load_form
from xltool.errors import DefinitionError
from xltool.form import Form
from xltool.shelf import edition_folders

DEFAULT_EDITION = "gkbg-2021"
"""The edition in force for reports of 2021 and later."""


@lru_cache(maxsize=16)
def form_by_id(form_id: str) -> Form | None:
    """The edition with this id, loaded once; None where there is none. DefinitionError for a broken one."""
    folder = next((folder for folder in edition_folders() if folder.name == form_id), None)
    if folder is None:
        return None
    form = load_form(folder)
    if form.id != form_id:
        fact = f"id 是“{form.id}”，应与文件夹的名称“{form_id}”相同"
        raise DefinitionError(str(folder / "form.yaml"), 1, fact)
    return form


def edition_ids() -> tuple[str, ...]:
    """Ids of the editions at hand."""
    return tuple(folder.name for folder in edition_folders())

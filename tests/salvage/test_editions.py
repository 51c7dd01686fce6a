"""Which edition of a form a document follows, and which it should have followed."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.salvage.printed import complete, document, random_values
from xltool.definition import parse_form
from xltool.form import Form
from xltool.salvage import Salvage, Sureness, salvage

SOURCE = Path(__file__).parents[1] / "forms" / "village-9" / "form.yaml"


@pytest.fixture(scope="module")
def editions() -> tuple[Form, Form]:
    """The form as it is, and an older one that asked for other things of the land."""
    text = SOURCE.read_text("utf-8")
    older = text.replace("plots: 块数", "plots: 丘数").replace("let: 流转", "let: 出租").replace("男", "成年男子")
    return (
        parse_form(text.replace("id: village-9", "id: village-2021"), "village-2021"),
        parse_form(
            older.replace("id: village-9", "id: village-2019").replace("basis: 村", "basis: 老的村", 1), "village-2019"
        ),
    )


def published(editions: tuple[Form, Form], form: Form, year: int) -> Salvage:
    return salvage(document(form, complete(form, random_values(form, Random(3)))), editions, "柳树村", year)


def test_the_edition_of_its_year(editions: tuple[Form, Form]) -> None:
    """An old report is read by the old edition, a new one by the new; nothing is to be said of either."""
    for form, year in zip(editions, (2024, 2020), strict=True):
        salvaged = published(editions, form, year)
        assert (salvaged.form.id, salvaged.found.id) == (form.id, form.id)
        assert salvaged.counted()[Sureness.DOUBTFUL] == 0
        assert not [finding for finding in salvaged.findings if finding.code == "R04"]


def test_old_tables_for_a_new_year(editions: tuple[Form, Form]) -> None:
    """Said, and read into the edition that is due as far as the labels are the same."""
    new, old = editions
    salvaged = published(editions, old, 2024)
    assert (salvaged.form.id, salvaged.found.id) == (new.id, old.id)
    (finding,) = [finding for finding in salvaged.findings if finding.code == "R04"]
    assert "老的村务公开办法" in finding.said
    tables = {figure.table for figure, read in salvaged.certainty.items() if read.is_sure}
    assert tables == {"cash", "meet"}


def test_without_a_year_it_is_what_it_looks_like(editions: tuple[Form, Form]) -> None:
    """A table without a title follows the edition whose labels it bears."""
    _, old = editions
    whole = document(old, complete(old, random_values(old, Random(3))))
    untitled = type(whole)(whole.kind, whole.blocks[1:])
    assert salvage(untitled, editions).form.id == old.id

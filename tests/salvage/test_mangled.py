"""The promise that counts most: however a document was mangled, no wrong figure is ever presented as sure."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from random import Random

import pytest

from tests.salvage.lines_of import CHANGES, as_text, break_up, lines_of
from tests.salvage.manglings import drawn, joined, split
from tests.salvage.printed import complete, document, random_values, with_tables
from xltool.documents.model import DocTable, Document
from xltool.errors import FileRefused
from xltool.figure import FigureId
from xltool.form import Form
from xltool.salvage import Sureness, salvage

Truth = dict[FigureId, Decimal]


def mangled(form: Form, seed: int) -> tuple[Document, Truth, list[str]]:
    """One document, its true figures, and what was done to it."""
    chance = Random(seed)
    truth = complete(form, random_values(form, chance))
    kind = chance.choice(("docx", "xlsx", "pdf"))
    whole = document(form, truth, kind)
    tables = [block for block in whole.blocks if isinstance(block, DocTable)]
    chosen = chance.randrange(len(tables))
    manglings = drawn(chance, chance.choice((1, 1, 2, 3)), kind)
    for mangling in manglings:
        tables[chosen] = mangling(tables[chosen], chance)
    done = [kind, *(mangling.__name__ for mangling in manglings)]
    match chance.choice(("", "", "", "split", "joined", "copied" if len(manglings) < 2 else "")):
        case "split":
            tables[chosen : chosen + 1] = split(tables[chosen], chance)
            done.append("split")
        case "joined":
            tables = [joined(tables)]
            done.append("joined")
        case "copied":
            other = document(form, complete(form, random_values(form, chance)), kind)
            tables += [block for block in other.blocks if isinstance(block, DocTable)]
            done.append("copied")
    return with_tables(whole, tables), truth, done


def judged(form: Form, read_from: Document, truth: Truth) -> tuple[Counter[str], list[str]]:
    """How many figures are right, doubtful, missing; and those that are wrong and said to be sure."""
    counted: Counter[str] = Counter()
    wrong = []
    try:
        certainty = salvage(read_from, (form,)).certainty
    except FileRefused:
        return Counter(missing=len(truth)), []
    for figure, value in truth.items():
        read = certainty[figure]
        if read.sureness is Sureness.MISSING:
            counted["missing"] += 1
        elif read.value == value:
            counted["right"] += 1
        else:
            counted["wrong"] += 1
            if read.is_sure:
                wrong.append(f"{figure} is {value}, read {read.value} at {read.place}")
    return counted, wrong


@pytest.mark.parametrize("start", range(0, 160, 40))
def test_no_wrong_figure_is_sure(form: Form, start: int) -> None:
    """Rows and columns deleted, put in, changed about; cells merged, moved, emptied; labels misprinted, lost; and
    still at least 95 of 100 figures are read.
    """
    counted: Counter[str] = Counter()
    for seed in range(start, start + 40):
        read_from, truth, done = mangled(form, seed)
        counts, wrong = judged(form, read_from, truth)
        assert not wrong, f"seed {seed}, {done}: {wrong[:3]}"
        counted += counts
    assert counted["right"] >= 0.95 * counted.total(), counted


def test_nor_of_another_form(village: Form) -> None:
    """The same on a form that has nothing in common with it: the matcher knows labels, not the annual report."""
    counted: Counter[str] = Counter()
    for seed in range(1000, 1300):
        read_from, truth, done = mangled(village, seed)
        counts, wrong = judged(village, read_from, truth)
        assert not wrong, f"seed {seed}, {done}: {wrong[:3]}"
        counted += counts
    assert counted["right"] >= 0.92 * counted.total(), counted


@pytest.mark.parametrize("name", ["form", "village"])
def test_nor_from_lines_of_text(name: str, request: pytest.FixtureRequest) -> None:
    """Tables pasted as text, lines lost, doubled, put in and broken up."""
    form: Form = request.getfixturevalue(name)
    counted: Counter[str] = Counter()
    for seed in range(80):
        chance = Random(seed)
        truth = complete(form, random_values(form, chance))
        lines = lines_of(
            document(form, truth), by_row=chance.random() < 0.4, separator=chance.choice((" ", "\t", "　"))
        )
        changes = chance.sample(CHANGES, k=chance.choice((1, 1, 2, 3)))
        for change in changes:
            lines = change(lines, chance)
        counts, wrong = judged(form, as_text(lines), truth)
        assert not wrong, f"seed {seed}, {[change.__name__ for change in changes]}: {wrong[:3]}"
        counted += counts
    assert counted["right"] >= 0.93 * counted.total(), counted


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pdf", "html"])
@pytest.mark.parametrize("name", ["form", "village"])
def test_clean_tables_are_read_without_a_doubt(name: str, kind: str, request: pytest.FixtureRequest) -> None:
    """Every figure right and none uncertain, whatever the numbers."""
    form: Form = request.getfixturevalue(name)
    for seed in range(12):
        truth = complete(form, random_values(form, Random(seed)))
        certainty = salvage(document(form, truth, kind), (form,)).certainty
        assert {figure: read.value for figure, read in certainty.items() if read.is_sure} == truth


@pytest.mark.parametrize("by_row", [False, True])
@pytest.mark.parametrize("name", ["form", "village"])
def test_clean_lines_are_read_without_a_doubt(name: str, by_row: bool, request: pytest.FixtureRequest) -> None:
    """Labels broken by spaces and line ends do no harm where every number is there."""
    form: Form = request.getfixturevalue(name)
    for seed in range(12):
        chance = Random(seed)
        truth = complete(form, random_values(form, chance))
        lines = lines_of(document(form, truth), by_row)
        lines = lines if by_row else break_up(lines, chance)
        certainty = salvage(as_text(lines), (form,)).certainty
        assert {figure: read.value for figure, read in certainty.items() if read.is_sure} == truth

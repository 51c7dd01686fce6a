"""xltool.definition: a definition becomes a Form, or an error that names file, line and column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xltool.definition import editions, load_form, parse_form
from xltool.errors import DefinitionError
from xltool.expr.model import Binary, Source, Term
from xltool.figure import FigureId, Kind
from xltool.form import Form, Label, Level
from xltool.sheetnames import CORRECTIONS, OWN_SHEETS, TO_CONFIRM
from xltool.shelf import editions_folder
from xltool.workbook.layout import make_layout

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
SECOND = Path(__file__).parent / "forms" / "village-9" / "form.yaml"


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_a_broken_definition_says_what_is_wrong(path: Path) -> None:
    """The message is the one at the head of the file: file name, line, fact; in rules the text with a caret."""
    text = path.read_bytes().decode("utf-8")
    with pytest.raises(DefinitionError) as caught:
        parse_form(text, path.name)
    assert str(caught.value) == expected_message(text)


def expected_message(text: str) -> str:
    """``# expected: …``; the next comment lines are the excerpt and the caret."""
    head = [line for line in text.split("\n")[:3] if line.startswith("# ")]
    assert head[0].startswith("# expected: "), "the first line is the expected message"
    return "\n".join([head[0].removeprefix("# expected: "), *(line.removeprefix("# ") for line in head[1:])])


def test_the_gallery_shows_every_kind_of_mistake() -> None:
    """A gallery worth its name: mistakes in YAML, head, sections, tables, totals, sentences and rules."""
    kinds = {path.stem.partition("_")[0] for path in BROKEN}
    assert {"yaml", "duplicate", "unknown", "missing", "section", "line", "computed", "draft", "rule"} <= kinds
    assert len(BROKEN) >= 80


def test_a_file_that_cannot_be_read_is_a_definition_error(tmp_path: Path) -> None:
    """No form.yaml, or one that is not UTF-8, is said in words."""
    with pytest.raises(DefinitionError, match=r"form\.yaml:1: 没有这个文件"):
        load_form(tmp_path)
    (tmp_path / "form.yaml").write_bytes("id: 表".encode("gb18030"))
    with pytest.raises(DefinitionError, match=r"form\.yaml:1: 不是 UTF-8 编码的文本"):
        load_form(tmp_path)


def test_an_edition_stands_in_the_folder_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder copied for a new edition, whose id was forgotten, is refused."""
    copied = tmp_path / "village-10"
    copied.mkdir()
    (copied / "form.yaml").write_bytes(SECOND.read_bytes())
    monkeypatch.setattr(editions, "edition_folders", lambda: (copied,))
    with pytest.raises(DefinitionError, match=r"id 是“village-9”，应与文件夹的名称“village-10”相同"):
        editions.form_by_id("village-10")


def test_what_windows_does_to_a_text_file_changes_nothing(tmp_path: Path) -> None:
    """A byte order mark and CRLF leave the form and its digest as they are; any other change gives a new digest."""
    text = SECOND.read_text("utf-8")
    folder = tmp_path / "village-9"
    folder.mkdir()
    (folder / "form.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    again, first = load_form(folder), parse_form(text)
    assert again.digest == first.digest
    assert again.checks == first.checks
    assert parse_form(text.replace("好人好事", "好事")).digest != first.digest


REPLACED = [(": ", ":"), ("a", "b"), ("[", "{"), ("{", "["), ("1", "一"), (".", ""), ("  ", "")]
DAMAGES: list[Callable[[list[str], int, int], object]] = [
    lambda lines, at, _other: lines.pop(at),
    lambda lines, at, _other: lines.insert(at, lines[at]),
    lambda lines, at, other: lines.insert(other, lines.pop(at)),
    lambda lines, at, other: lines.__setitem__(at, lines[at][: other % 40]),
    lambda lines, at, other: lines.__setitem__(at, lines[at].replace(*REPLACED[other % len(REPLACED)])),
]


PLACES = st.integers(0, 500)
OFFICIAL = editions_folder() / "gkbg-2021" / "form.yaml"


@pytest.mark.parametrize("path", [SECOND, OFFICIAL], ids=["village-9", "gkbg-2021"])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    damages=st.lists(
        st.tuples(st.sampled_from(DAMAGES), st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=3
    )
)
def test_a_damaged_definition_is_read_or_refused(
    path: Path, damages: list[tuple[Callable[[list[str], int, int], object], int, int]]
) -> None:
    """Lines lost, doubled, moved or misspelt: a Form comes out or a DefinitionError, never anything else."""
    lines = path.read_text("utf-8").split("\n")
    for damage, at, other in damages:
        damage(lines, at % len(lines), other % len(lines))
    outcome = read_or_refused("\n".join(lines))
    assert isinstance(outcome, Form) or outcome.startswith("form.yaml:")


def read_or_refused(text: str) -> Form | str:
    try:
        return parse_form(text)
    except DefinitionError as error:
        return str(error)


# --- what a definition means ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def second() -> Form:
    return load_form(SECOND.parent)


def test_headings_become_label_paths(second: Form) -> None:
    """Nesting is the heading; notes and short names go with their label."""
    held, men, *_, passed = second.table("meet").blocks[0].rows
    assert held.path == (Label("召开次数"),)
    assert men.path == (Label("到会"), Label("男"))
    assert passed.label == Label("通过", "（含修改后通过）", "通过的")
    figure = second.figures[FigureId("meet", "passed", "spring")]
    assert figure.labels == ("议题", "通过（含修改后通过）", "村民代表会议", "春")
    assert figure.spoken == "通过的 · 春"


def test_kinds_come_from_the_line(second: Form) -> None:
    """A row's or column's kind is that of its figures; without one they are counts."""
    assert second.figures[FigureId("cash", "owed", "amount")].kind is Kind.MONEY
    assert second.figures[FigureId("cash", "cash", "opening")].kind is Kind.YUAN
    assert second.figures[FigureId("land", "paddy", "let")].kind is Kind.COUNT


def test_totals_are_resolved(second: Form) -> None:
    """A column's formula adds up its row; where it crosses a computed row the column's serves."""
    crossing = second.figures[FigureId("meet", "total", "total")].computed
    assert isinstance(crossing, Binary)
    assert crossing.right == Term(FigureId("meet", "total", "other"))
    across = second.figures[FigureId("meet", "total", "spring")].computed
    assert across is not None
    assert "men" in str(across)


def test_a_rule_becomes_a_check_for_each_line(second: Form) -> None:
    """One check for each line it runs over, named after it, with its own terms and words."""
    checks = {check.key: check for check in second.checks}
    assert [key for key in checks if key.startswith("M02")] == ["M02.spring", "M02.autumn", "M02.other"]
    check = checks["M02.autumn"]
    assert (check.element, check.level, check.axis) == ("秋", Level.ERROR, ("meet", "column", "autumn"))
    assert check.says == "通过的 不大于 提出"
    assert check.sides == ("通过", "提出")
    assert check.figures == (
        Term(FigureId("meet", "passed", "autumn")),
        Term(FigureId("meet", "raised", "autumn")),
    )
    assert checks["L02"].needs == ()
    assert checks["C01.cash"].needs[1] == Term(FigureId("cash", "cash", "closing"), Source.PRIOR)
    assert [rule.instances for rule in second.rules] == [4, 3, 2, 3, 1, 3, 3, 1, 12, 1]
    assert [rule.code for rule in second.rules if rule.trial] == ["Q02"]


def test_a_rule_over_figures_speaks_of_this(second: Form) -> None:
    """``each: figure`` makes a check for every figure of the tables and columns named."""
    keys = [check.key for check in second.checks if check.code == "Q01"]
    assert keys[0] == "Q01.meet.held.total"
    assert len(keys) == 6 + 6


def test_powers_and_types(second: Form) -> None:
    """What a type of unit implies; what it does not mention stays unknown."""
    assert second.powers == {"company": "办有集体企业", "forest": "有集体林地"}
    assert {fact.name: has for fact, has in second.facts_of("居委会").items()} == {"company": False, "forest": False}
    assert {fact.name: has for fact, has in second.facts_of("行政村").items()} == {"company": True}
    assert second.facts_of(None) == {}
    assert second.facts_of("学校") == {}


def test_a_heading_is_the_sheet_s_name_where_none_is_given(second: Form) -> None:
    """``sheet`` may be left out."""
    assert [section.sheet for section in second.sections] == ["收支", "议事", "土地", "丁、补助", "戊、其他"]


def test_names_taken_by_the_workbook_are_those_the_workbook_takes(second: Form) -> None:
    """The sheets that a definition may not name are exactly the workbook's own."""
    sheets = {sheet.name for sheet in make_layout(second, 2024, has_prior=True).sheets}
    assert (sheets | {CORRECTIONS, TO_CONFIRM}) - {section.sheet for section in second.sections} == set(OWN_SHEETS)

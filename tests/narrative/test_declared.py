"""Files of words that take over another edition's: what is replaced, added, left out; mistakes with their place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xltool import shelf
from xltool.cli.lint import linted
from xltool.definition import DEFAULT_EDITION, form_by_id
from xltool.errors import DefinitionError
from xltool.narrative.claims.declaration import FILE as CLAIMS
from xltool.narrative.claims.declaration import vocabulary_of
from xltool.narrative.declared import declared
from xltool.narrative.wording_words import FILE as WORDING
from xltool.narrative.wording_words import wording_of
from xltool.shelf import edition_folders, editions_folder
from xltool.yamlfile import Node

BASE = """
units: 件 个
words:
  收到: 收到 受理
  制发: 制发 印发
claims:
  - {name: 收到, says: 甲}
  - {name: 收到, says: 乙}
  - {name: 办结, says: 丙}
  - {name: 收费, says: 丁}
hints: [一, 二]
"""


@pytest.fixture
def shelf_of_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two editions, old and new, of which new has all the words."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "form.yaml").write_text("", "utf-8")
    (tmp_path / "new" / "words.yaml").write_text(BASE, "utf-8")
    monkeypatch.setattr(shelf, "editions_folder", lambda: tmp_path)
    return tmp_path


def of_old(folder: Path, text: str) -> object:
    path = folder / "old" / "words.yaml"
    path.write_text(text, "utf-8")
    return plain(declared(path))


def plain(node: Node) -> object:
    if isinstance(node.value, dict):
        return {key: plain(below) for key, below in node.value.items()}
    return [plain(below) for below in node.value] if isinstance(node.value, tuple) else node.value


NEW = {
    "units": "件 个",
    "words": {"收到": "收到 受理", "制发": "制发 印发"},
    "claims": [
        {"name": "收到", "says": "甲"}, {"name": "收到", "says": "乙"},
        {"name": "办结", "says": "丙"}, {"name": "收费", "says": "丁"},
    ],
    "hints": ["一", "二"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("own", "changed"),
    [
        ("", {}),
        ("units: 件", {"units": "件"}),
        ("words: {制发: 制作}", {"words": {"收到": "收到 受理", "制发": "制作"}}),
        ("words: {废止: 废止}", {"words": {"收到": "收到 受理", "制发": "制发 印发", "废止": "废止"}}),
        ("hints: [三]", {"hints": ["三"]}),
        ("hints: []", {"hints": []}),
        ("more: 新", {"more": "新"}),
        (
            "claims: [{name: 收到, says: 戊}]",
            {"claims": [{"name": "收到", "says": "戊"}, *NEW["claims"][2:]]},  # type: ignore[index]
        ),
        ("claims: [{name: 结转, says: 己}]", {"claims": [*NEW["claims"], {"name": "结转", "says": "己"}]}),
        ("without: [收到, 收费]", {"claims": [{"name": "办结", "says": "丙"}]}),
    ],
)
def test_what_is_written_replaces_what_has_its_name(shelf_of_two: Path, own: str, changed: dict[str, object]) -> None:
    """All of the other edition's file, but for keys, entries of a name, and what is to be left out."""
    assert of_old(shelf_of_two, f"like: new\n{own}") == {**NEW, **changed}


@pytest.mark.parametrize(
    ("own", "line", "said"),
    [
        ("units: 件\nlike: newest", 2, "没有表式“newest”，可以照的是：new"),
        ("like: old", 1, "old → old，绕成了一圈"),
        ("like: new\nwithout:\n  - 收到\n  - 不收", 4, "照的表式里没有“不收”"),
        ("units: 件\nwithout: [收到]", 2, "应在它前面写明照哪个表式"),
        ("like: [new]", 1, "“like”应为一行文字"),
        ("like: new\nwithout: 收到", 2, "“without”应为列表"),
        ("like: new\nwords: {制发: {甲: 乙", 2, "不是有效的 YAML"),
    ],
)
def test_mistakes_are_told_with_their_line(shelf_of_two: Path, own: str, line: int, said: str) -> None:
    """An edition that is not there, a circle, a name that is not there."""
    with pytest.raises(DefinitionError) as caught:
        of_old(shelf_of_two, own)
    assert (Path(caught.value.where).parent.name, caught.value.line) == ("old", line)
    assert said in caught.value.fact


def test_a_circle_of_two_and_an_edition_without_the_file(shelf_of_two: Path) -> None:
    """old is like new, new like old; new has no such file."""
    new = shelf_of_two / "new" / "words.yaml"
    new.write_text("like: old", "utf-8")
    with pytest.raises(DefinitionError, match="old → new → old，绕成了一圈"):
        of_old(shelf_of_two, "like: new")
    new.unlink()
    with pytest.raises(DefinitionError, match=r"表式“new”没有 words\.yaml，照不了"):
        of_old(shelf_of_two, "like: new")


def test_a_mistake_in_what_was_taken_over_is_told_in_its_own_file(shelf_of_two: Path) -> None:
    """The line is that of the file it stands in."""
    of_old(shelf_of_two, "like: new\nhints: [三]")
    found = declared(shelf_of_two / "old" / "words.yaml").mapping()
    assert [(Path(found[key].where).parent.name, found[key].line) for key in ("units", "hints")] == [
        ("new", 2),
        ("old", 2),
    ]


def test_the_edition_of_2019_says_only_what_is_different() -> None:
    """It has the words of the edition in force and its own figures, document and vocabulary of made documents."""
    older, newer = form_by_id("gkbg-2019"), form_by_id(DEFAULT_EDITION)
    assert older is not None
    assert newer is not None
    for file in (CLAIMS, WORDING):
        assert len((editions_folder() / older.id / file).read_text("utf-8").splitlines()) < 40
    old, new = vocabulary_of(older), vocabulary_of(newer)
    assert old is not None
    assert new is not None
    assert {item.name for item in new.items} - {item.name for item in old.items} == {
        "逾期补正", "逾期缴费", "规章废止", "规章有效", "文件废止", "文件有效", "收费", "处理费件数", "处理费",
    }  # fmt: skip
    assert set(new.lexicon.groups) - set(old.lexicon.groups) <= {"逾期补正", "逾期缴费"}
    said, now = wording_of(older), wording_of(newer)
    assert said is not None
    assert now is not None
    assert (said.edition.number, said.edition.issuer) == ("〔2019〕60号", now.edition.issuer)
    assert (said.mentions, bool(now.mentions)) == ((), True)
    assert (said.slips, said.names, said.years) == (now.slips, now.names, now.years)


def test_every_edition_passes_lint(tmp_path: Path) -> None:
    """What is taken over is looked at as well: a name that the form does not have is told where it is taken from."""
    for folder in edition_folders():
        assert [said for said in linted(folder) if isinstance(said, DefinitionError)] == []
    copy = shutil.copytree(editions_folder() / "gkbg-2019", tmp_path / "gkbg-2019")
    (copy / CLAIMS).write_text("like: gkbg-2021\nwithout: [其他处理]\n", "utf-8")
    (mistake,) = (said for said in linted(copy) if isinstance(said, DefinitionError))
    assert Path(mistake.where).parent.name == "gkbg-2021"
    assert "表式里没有指标" in mistake.fact

"""xltool salvage and xltool verify on the command line: what they say, what they write, how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, OFFICE, PERMITS, book, campaign_in, filing, good, take_files, telling
from xltool.campaign.deciding import accept, freeze
from xltool.cli import run
from xltool.figure import FigureId
from xltool.filing import Filing, Unit, to_json
from xltool.form import Form
from xltool.report.word import write_word


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Xltool = Callable[..., Said]


@pytest.fixture
def xltool(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Xltool:
    """Run a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Said:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_clean_workbook(xltool: Xltool, tmp_path: Path) -> None:
    """All is sure, nothing is left to do; the new workbook is taken like any other."""
    source = put(tmp_path / "in.xlsx", good(EDUCATION))
    said = xltool("salvage", source, "-o", "out")
    assert said.code == 0
    assert "202 个数：确定 202，存疑 0，没有读到 0" in said.out
    made = tmp_path / "out" / f"{EDUCATION}_2024年年度报告填报表（待核对）.xlsx"
    assert str(made.relative_to(tmp_path)) in said.out
    assert xltool("check", made).code == 0


def test_a_report_with_a_blank(xltool: Xltool, tmp_path: Path, form: Form) -> None:
    """What is lacking is said, the exit code is 1, and the workbook is there all the same."""
    said_there = filing(EDUCATION)
    values = {figure: value for figure, value in said_there.values.items() if figure != PERMITS}
    source = put(tmp_path / "in.docx", write_word(form, Filing(**{**vars(said_there), "values": values})))
    said = xltool("salvage", source)
    assert said.code == 1
    assert "行政许可" in said.out
    assert "原件中是空白" in said.out
    assert "R02.t2.permits.decisions" in said.out
    made = tmp_path / f"{EDUCATION}_2024年年度报告填报表（待核对）.xlsx"
    assert "T01" in xltool("check", made).out


def test_as_json(xltool: Xltool, tmp_path: Path) -> None:
    """Every figure with how sure it is and where it stood."""
    source = put(tmp_path / "in.xlsx", good(EDUCATION, 3))
    (read,) = json.loads(xltool("salvage", source, "--json").out)
    assert read["counts"] == {"sure": 202, "doubtful": 0, "missing": 0}
    assert read["figures"]["t2.permits.decisions"] == {
        "sureness": "sure", "value": "31", "quoted": "31", "why": "", "place": "表二 B12",
    }  # fmt: skip
    assert (read["unit"], read["year"], read["form"]) == (EDUCATION, 2024, "gkbg-2021")


def test_files_that_cannot_be_read(xltool: Xltool, tmp_path: Path) -> None:
    """One sentence for each, the others are read."""
    picture = put(tmp_path / "scan.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
    said = xltool("salvage", picture, put(tmp_path / "in.xlsx", good(EDUCATION)), "-o", "out")
    assert said.code == 1
    assert "scan.png\n  × " in said.out
    assert "确定 202" in said.out


def test_whose_it_is_has_to_be_said(xltool: Xltool, tmp_path: Path) -> None:
    """Tables without a title: no workbook without a unit and a year; with both there is one."""
    lines = ["第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数", "规章", "0", "0", "0"]
    lines += ["行政规范性文件", "1", "2", "3", "二、主动公开政府信息情况"]
    source = put(tmp_path / "in.txt", "\n".join(lines).encode())
    said = xltool("salvage", source)
    assert said.code == 1
    assert "请加 --unit 和 --year" in said.out
    assert not list(tmp_path.glob("*.xlsx"))
    xltool("salvage", source, "--unit", EDUCATION, "--year", "2024")
    assert [path.name for path in tmp_path.glob("*.xlsx")] == [f"{EDUCATION}_2024年年度报告填报表（待核对）.xlsx"]


def test_two_files_of_one_unit(xltool: Xltool, tmp_path: Path) -> None:
    """Neither workbook is written over the other."""
    one, two = put(tmp_path / "a.xlsx", good(EDUCATION, 1)), put(tmp_path / "b.xlsx", good(EDUCATION, 2))
    xltool("salvage", one, two, "-o", "out")
    assert len(list((tmp_path / "out").glob("*.xlsx"))) == 2


def test_verify_against_a_file(xltool: Xltool, tmp_path: Path, form: Form) -> None:
    """The workbook or its data; 0 where all agrees, 1 with the place of every difference."""
    said = filing(EDUCATION, telling(5))
    published = put(tmp_path / "out.docx", write_word(form, said))
    same = put(tmp_path / "same.xlsx", book(said))
    data = put(tmp_path / "same.json", to_json(said).encode())
    assert xltool("verify", published, "--against", same).code == 0
    assert xltool("verify", published, "--against", data).code == 0
    other = put(tmp_path / "other.xlsx", book(filing(EDUCATION, {**telling(5), PERMITS: 77})))
    found = xltool("verify", published, "--against", other)
    assert found.code == 1
    assert "× 行政许可 · 本年处理决定数量（第1个表格 第7行第2列）" in found.out
    assert "公布的：5\n" in found.out
    (difference,) = [
        d for d in json.loads(xltool("verify", published, "--against", other, "--json").out) if d["figure"]
    ]
    assert difference["figure"] == "t2.permits.decisions"
    assert (difference["published"], difference["expected"]) == ("5", "77")


def test_verify_within_a_campaign(xltool: Xltool, tmp_path: Path, form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit's name is its accepted filing, FREEZE the sum of what the last freeze fixed."""
    units = (EDUCATION, "宁安县财政局")
    campaign = campaign_in(tmp_path / "2024", units)
    said = [filing(unit, telling(10 * number)) for number, unit in enumerate(units, 1)]
    take_files(campaign, tmp_path / "in", {one.unit.name: book(one) for one in said})
    accept(campaign, list(units))
    monkeypatch.chdir(tmp_path / "2024")
    published = put(tmp_path / "one.docx", write_word(form, said[0]))
    assert xltool("verify", published, "--against", EDUCATION).code == 0
    assert xltool("verify", published, "--against", units[1]).code == 1
    assert xltool("verify", published, "--against", "FREEZE").code == 2
    freeze(campaign)
    total = {figure: value + said[1].values[figure] for figure, value in said[0].values.items()}
    whole = Filing(form.id, Unit(OFFICE), 2024, total)
    summed = put(tmp_path / "sum.docx", write_word(form, whole))
    assert xltool("verify", summed, "--against", "FREEZE").code == 0
    wrong = Filing(**{**vars(whole), "values": {**total, FigureId("t2", "rules", "made"): Decimal(9)}})
    assert xltool("verify", put(tmp_path / "wrong.docx", write_word(form, wrong)), "--against", "定版").code == 1


@pytest.mark.parametrize("against", ["no-such-file.xlsx", "某局"])
def test_nothing_to_hold_it_against(xltool: Xltool, tmp_path: Path, form: Form, against: str) -> None:
    """One sentence that names what was asked for."""
    published = put(tmp_path / "out.docx", write_word(form, filing(EDUCATION)))
    said = xltool("verify", published, "--against", against)
    assert said.code == 2
    assert against in said.err

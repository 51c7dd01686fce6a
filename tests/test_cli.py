"""What every command promises: exit codes, what it says and where, what it writes, what it refuses."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fills import all_zero
from xltool.cli import run
from xltool.figure import FigureId
from xltool.filing import Filing, Unit, from_json, to_json
from xltool.form import Form
from xltool.messages import MESSAGES
from xltool.samples import filled_of, load_sample
from xltool.shelf import editions_folder
from xltool.workbook.writer import write_workbook

UNIT = Unit("宁安区教育局", None, "部门")


@dataclass(frozen=True)
class Said:
    """What one command line answered."""

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


@pytest.fixture(scope="module")
def clean(form: Form) -> Filing:
    """A filing with nothing open."""
    texts = dict.fromkeys(form.text_ids, "各股室按月报送办理结果，由专人核对以后在网站公布。")
    return Filing(form.id, UNIT, 2024, all_zero(form), texts=texts)


@pytest.fixture(scope="module")
def unexplained(clean: Filing) -> Filing:
    """A filing with one 核实 and no 错误."""
    return replace(clean, values={**clean.values, FigureId("t2", "documents", "made"): clean.values[FIRST] + 5})


FIRST = FigureId("t2", "documents", "made")


@pytest.fixture
def books(tmp_path: Path, form: Form, clean: Filing, unexplained: Filing) -> dict[str, Path]:
    """Workbooks to hand to commands: clean, one to be verified, full of mistakes."""
    contents = {
        "clean": write_workbook(form, clean),
        "unexplained": write_workbook(form, unexplained),
        "mistakes": filled_of(load_sample("mistakes")),
    }
    paths = {name: tmp_path / f"{name}.xlsx" for name in contents}
    for name, path in paths.items():
        path.write_bytes(contents[name])
    return paths


# check


def test_check_exit_codes(xltool: Xltool, books: dict[str, Path]) -> None:
    """0 with nothing open, 1 with something to do; results go to stdout, and stderr stays empty."""
    clean, open_ = xltool("check", books["clean"]), xltool("check", books["unexplained"])
    assert (clean.code, clean.err) == (0, "")
    assert "√ 没有要处理的问题" in clean.out
    assert (open_.code, open_.err) == (1, "")
    assert "核实 1 处" in open_.out


def test_check_says_place_fact_expectation_and_remedy(xltool: Xltool, books: dict[str, Path]) -> None:
    """Findings stand under their file and sheet, each with its cell, what stands there, what is due, what to do."""
    lines = xltool("check", books["mistakes"]).out.splitlines()
    assert lines[0] == f"{books['mistakes']}  青川岭县示范局  2024 年"
    sheets = [line.strip() for line in lines if line.startswith("  ") and not line.startswith("   ")]
    assert sheets[:-1] == [
        "封面", "一、总体情况", "表二", "表三", "表四", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
    ]  # fmt: skip
    at = lines.index("    错误 B12 （行政许可 · 本年处理决定数量）")
    assert lines[at + 1] == (
        "      填的是“1.2万”，应为不小于 0 的整数。如果是 12000，请只填数字 12000。〔T02.t2.permits.decisions〕"
    )
    assert lines[-2].startswith("  共：错误 18 处、核实 ")


def test_check_puts_errors_first(xltool: Xltool, books: dict[str, Path]) -> None:
    """Within a sheet: 错误, then 核实, then 提示."""
    lines = xltool("check", books["mistakes"]).out.splitlines()
    at, end = lines.index("  表二"), lines.index("  表三")
    levels = [line[4:6] for line in lines[at + 1 : end] if line[4:6] in ("错误", "核实", "提示")]
    assert levels == sorted(levels, key=["错误", "核实", "提示"].index)
    assert set(levels) == {"错误", "核实", "提示"}


def test_check_goes_on_after_a_refused_file(xltool: Xltool, books: dict[str, Path], tmp_path: Path) -> None:
    """All findings of all files at once: a file that cannot be read keeps none of the others waiting."""
    (tmp_path / "空.xlsx").write_bytes(b"")
    (tmp_path / "网页.xls").write_text("<html><table>", encoding="utf-8")
    (tmp_path / "文件夹").mkdir()
    names = ["空.xlsx", str(books["mistakes"]), "网页.xls", "文件夹", "没有.xlsx", str(books["clean"])]
    said = xltool("check", *names)
    assert said.code == 1
    heads = [line.split("  ")[0] for line in said.out.splitlines() if line and not line.startswith(" ")]
    assert heads == [*names, "6 个文件：1 个没有要处理的问题，5 个有。"]
    for sentence in ("是空的", "网页", "这是文件夹", "没有这个文件", "〔A03.company〕"):
        assert sentence in said.out


def test_check_expands_patterns(xltool: Xltool, books: dict[str, Path]) -> None:
    """``*.xlsx`` works in a shell that does not expand it."""
    assert "3 个文件" in xltool("check", books["clean"].parent / "*.xlsx").out


def test_check_json(xltool: Xltool, books: dict[str, Path], form: Form) -> None:
    """--json gives an item per file: what was read, every finding, and the state of every check."""
    said = xltool("check", books["mistakes"], books["clean"], "没有.xlsx", "--json")
    mistakes, clean, missing = json.loads(said.out)
    assert (said.code, said.err) == (1, "")
    assert (mistakes["unit"], mistakes["year"], mistakes["form"]) == ("青川岭县示范局", 2024, "gkbg-2021")
    assert set(mistakes["checks"]) == {check.key for check in form.checks}
    states = {key: mistakes["checks"][key] for key in ("A03.company", "A03.natural", "A05.rules", "A05.documents")}
    assert states == {"A03.company": "不符", "A03.natural": "通过", "A05.rules": "待说明", "A05.documents": "未填全"}
    assert clean["checks"]["Y01.total"] == "无上年数据"
    (found,) = [finding for finding in mistakes["findings"] if finding["key"] == "T02.t2.permits.decisions"]
    assert (found["sheet"], found["cell"], found["level"], found["open"]) == ("表二", "B12", "错误", True)
    assert found["facts"]["quoted"] == "1.2万"
    assert (missing["read"], "checks" in missing, missing["findings"][0]["code"]) == (False, False, "W01")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--unit", "宁安区民政局"), "W05"), (("--year", "2023"), "W04")],
)
def test_check_expectations(arguments: tuple[str, str], code: str, xltool: Xltool, books: dict[str, Path]) -> None:
    """--unit and --year say what is being collected; anything else is an error."""
    said = xltool("check", books["clean"], *arguments)
    assert (said.code, f"〔{code}〕" in said.out) == (1, True)
    fitting = xltool("check", books["clean"], "--unit", UNIT.name, "--year", "2024", "--form", "gkbg-2021")
    assert fitting.code == 0


def test_check_with_last_year(xltool: Xltool, books: dict[str, Path], clean: Filing, tmp_path: Path) -> None:
    """--prior takes a workbook or JSON; with it the cross-year checks are made."""
    before = replace(
        clean, year=2023, values={**clean.values, FigureId("t3", "r4", "natural"): clean.values[FIRST] + 3}
    )
    (tmp_path / "上年.json").write_text(to_json(before), encoding="utf-8")
    assert xltool("fill", "上年.json", "-o", "上年.xlsx").code == 0
    without = xltool("check", books["clean"])
    assert "没有上年数据" in without.out
    for file in ("上年.json", "上年.xlsx"):
        said = xltool("check", books["clean"], "--prior", file)
        assert (said.code, said.err) == (1, "")
        assert "上年四、结转下年度是 3，相差 3" in said.out
        assert "没有上年数据" not in said.out


def test_last_year_of_another_year_or_unit(
    xltool: Xltool, books: dict[str, Path], clean: Filing, tmp_path: Path
) -> None:
    """Figures of another year cannot serve (exit 2); another unit's may, after a merger, and are told."""
    for name, prior in (("同年", clean), ("别家", replace(clean, year=2023, unit=Unit("宁安区体育局")))):
        (tmp_path / f"{name}.json").write_text(to_json(prior), encoding="utf-8")
    wrong = "是 2024 年的数据，应为上年（2023 年）的"
    for command in (
        ("check", books["clean"]),
        ("check", books["clean"], "--year", "2024"),
        ("report", books["clean"]),
        ("blank", "--unit", "甲局", "--year", "2024"),
        ("fill", "同年.json", "-o", "a.xlsx"),
    ):
        said = xltool(*command, "--prior", "同年.json")
        assert (said.code, said.out, wrong in said.err) == (2, "", True)
    said = xltool("check", books["clean"], "--prior", "别家.json")
    assert said.code in (0, 1)
    assert "--prior 给的是“宁安区体育局”的数据" in said.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("check", "{clean}", "--prior", "无.json"), "无.json  没有这个文件"),
        (("check", "{clean}", "--prior", "."), ".  这是文件夹"),
        (("check", "{clean}", "--form", "gkbg-1999"), "没有表式“gkbg-1999”。可以用：gkbg-2019、gkbg-2021。"),
        (("blank", "--unit", "甲", "--year", "2024", "--form", "无"), "没有表式“无”"),
        (("blank", "--unit", "甲", "--year", "2024", "-o", "{clean}"), "路径中间有一段是文件"),
        (("forms", "show", "无"), "没有表式“无”"),
        (("forms", "lint", "无.yaml"), "没有这个文件"),
        (("rules", "--form", "../gkbg-2021"), "没有表式“../gkbg-2021”"),
        (("read", "无.xlsx"), "无.xlsx  没有这个文件"),
        (("report", "无.xlsx"), "无.xlsx  没有这个文件"),
        (("fill", "无.json", "-o", "a.xlsx"), "无.json  没有这个文件"),
        (("fill", "{clean}", "-o", "a.xlsx"), "不是 UTF-8 编码的文本"),
    ],
)
def test_could_not_run(arguments: tuple[str, ...], sentence: str, xltool: Xltool, books: dict[str, Path]) -> None:
    """2 where the work could not be done: nothing on stdout, one sentence on stderr, nothing written."""
    before = sorted(books["clean"].parent.rglob("*"))
    said = xltool(*(argument.format(clean=books["clean"]) for argument in arguments))
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("× ")
    assert sentence in said.err
    assert sorted(books["clean"].parent.rglob("*")) == before


# blank


def test_blank_writes_one_file_and_says_what_next(xltool: Xltool, tmp_path: Path) -> None:
    """The file is named after unit and year, the next step is told; the same again is fine."""
    asked = ("blank", "--unit", " 宁安区\t教育局 ", "--year", "2024", "-o", "下发")
    first, again = xltool(*asked), xltool(*asked)
    (made,) = tmp_path.rglob("*.xlsx")
    assert made == tmp_path / "下发" / "宁安区 教育局_2024年年度报告填报表.xlsx"
    assert first.out.startswith(f"已生成：{made.relative_to(tmp_path)}\n")
    assert "下一步" in first.out
    assert again.out.startswith("已有相同的文件：")
    assert (first.code, again.code, first.err, again.err) == (0, 0, "", "")


def test_blank_overwrites_only_when_told(xltool: Xltool, tmp_path: Path) -> None:
    """A file that a unit may have filled in is not lost to a second call."""
    asked = ("blank", "--unit", "甲局", "--year", "2024")
    xltool(*asked)
    (made,) = tmp_path.glob("*.xlsx")
    fresh = made.read_bytes()
    made.write_bytes(b"filled in")
    refused = xltool(*asked)
    assert (refused.code, refused.out, "没有覆盖" in refused.err) == (2, "", True)
    assert made.read_bytes() == b"filled in"
    assert xltool(*asked, "--overwrite").code == 0
    assert made.read_bytes() == fresh


def test_blank_carries_what_was_asked(xltool: Xltool, tmp_path: Path) -> None:
    """Unit, code, type and powers come back from the workbook; a power that the type implies is not repeated."""
    asked = ("--code", "311", "--type", "部门", "--has", "行政许可", "--has", "行政处罚", "--lacks", "行政强制")
    assert xltool("blank", "--unit", "甲局", "--year", "2024", *asked).code == 0
    (made,) = tmp_path.glob("*.xlsx")
    filing = from_json(xltool("read", made, "--json").out)
    powers = {"permits": True, "penalties": True, "coercion": False}
    assert (filing.unit, filing.year, filing.values) == (Unit("甲局", "311", "部门", powers), 2024, {})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--unit", "甲", "--type", "公司"), "没有单位类型“公司”，可以用：省级政府、"),
        (("--unit", "甲", "--has", "permits"), "没有职权“permits”，可以用：制定规章、行政许可、"),
        (("--unit", "甲", "--lacks", "收费"), "没有职权“收费”"),
        (("--unit", "甲", "--has", "行政许可", "--lacks", "行政许可"), "“行政许可”不能既有又没有"),
        (("--unit", "  "), "单位全称“”不能是空的"),
        (("--unit", "甲\x07局"), "单位全称“甲?局”"),
        (("--unit", "甲\udcff"), "单位全称“甲?”"),
        (("--unit", "甲" * 101), "单位全称有 101 个字，不能超过 100 个"),
        (("--unit", "甲", "--code", "1" * 101), "单位代码有 101 个字"),
    ],
)
def test_blank_refuses(arguments: tuple[str, ...], sentence: str, xltool: Xltool, tmp_path: Path) -> None:
    """What no workbook can carry is refused with what can be used instead."""
    said = xltool("blank", "--year", "2024", *arguments)
    assert (said.code, sentence in said.err) == (2, True), said.err
    assert list(tmp_path.iterdir()) == []


# read and fill


@pytest.mark.parametrize("name", ["yanchi-2021", "suqian-2024"])
def test_fill_and_read_are_inverse(name: str, xltool: Xltool, tmp_path: Path) -> None:
    """What ``fill`` wrote, ``read --json`` gives, and that ``fill`` takes again."""
    filing = load_sample(name).filing
    (tmp_path / "a.json").write_text(to_json(filing), encoding="utf-8")
    assert xltool("fill", "a.json", "-o", "甲/a.xlsx").code == 0
    said = xltool("read", "甲/a.xlsx", "--json")
    assert (said.code, said.err) == (0, "")
    assert from_json(said.out) == filing
    (tmp_path / "b.json").write_text(said.out, encoding="utf-8")
    again = xltool("fill", "b.json", "-o", "甲/a.xlsx")
    assert again.out == f"已有相同的文件：{Path('甲/a.xlsx')}\n"


def test_read_for_people(xltool: Xltool, tmp_path: Path) -> None:
    """Without --json: unit, year, every figure with its heading, totals too, and the texts."""
    (tmp_path / "a.xlsx").write_bytes(filled_of(load_sample("suqian-2024")))
    said = xltool("read", "a.xlsx")
    assert said.code == 0
    assert said.out.startswith("宿迁市人民政府  2024 年  ")
    assert " 72701.2578  行政事业性收费" in said.out
    assert " 3525  一、本年新收 · 总计" in said.out
    assert "一、总体情况 · 依申请公开" in said.out


def test_read_tells_what_it_could_not_read(xltool: Xltool, books: dict[str, Path]) -> None:
    """Exit 1 with the cells on stderr; what could be read stands on stdout and is valid JSON."""
    said = xltool("read", books["mistakes"], "--json")
    assert said.code == 1
    assert from_json(said.out).values[FigureId("t2", "documents", "made")] == 12
    assert "表二 B12（行政许可 · 本年处理决定数量）  填的是“1.2万”" in said.err


def test_what_could_not_be_read_is_not_lost(xltool: Xltool, books: dict[str, Path], tmp_path: Path) -> None:
    """Texts in number cells are in the data as they stand, and go back into the workbook."""
    data = xltool("read", books["mistakes"], "--json").out
    assert json.loads(data)["unread"]["t2.permits.decisions"] == "1.2万"
    (tmp_path / "a.json").write_text(data, encoding="utf-8")
    assert xltool("fill", "a.json", "-o", "a.xlsx").code == 0
    assert from_json(xltool("read", "a.xlsx", "--json").out) == from_json(data)


def put(data: dict[str, object], **changes: object) -> str:
    """The data with ``a__b=value`` set at a → b; values' and texts' keys are given in dicts."""
    data = json.loads(json.dumps(data))
    for path, value in changes.items():
        *above, last = path.split("__")
        target = data
        for key in above:
            target = target[key]  # type: ignore[assignment]
        target[last] = value
    return json.dumps(data, ensure_ascii=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"values": {"t9.r1.x": 1}}, "没有填写位置的内容：t9.r1.x"),
        ({"values": {"t3.r1.total": 1}}, "t3.r1.total（合计，由表自动计算）"),
        ({"values": {"t3.r1": 1}}, "“t3.r1”不是指标编号"),
        ({"values": {"t3.r1.natural": "十二"}}, "t3.r1.natural 的值“十二”不是数字"),
        ({"values": {"t3.r1.natural": 1234567890123456789}}, "写进工作簿后会变样：t3.r1.natural"),
        ({"unread": {"t9.r1.x": "约12"}}, "没有填写位置的内容：t9.r1.x"),
        ({"unread": {"t3.r1.natural": "12"}}, "写进工作簿后会变样：t3.r1.natural"),
        ({"texts": {"s9.nothing": "x"}}, "没有填写位置的内容：s9.nothing"),
        ({"texts": {"s1.lead": "字" * 32768}}, "“s1.lead”的文字有 32768 个字，一格最多写 32767 个"),
        ({"texts": {"s1.lead": "a\x07b"}}, "写进工作簿后会变样：s1.lead"),
        ({"explanations": {f"Z{n}": "x" for n in range(40)}}, "explanations 里的 Z"),
        ({"explanations": {"\ud800": "x"}}, "不成字的编码"),
        ({"zero_declared": ["t9"]}, "zero_declared 里的 t9"),
        ({"zero_declared": "t3"}, "zero_declared 应为表号的列表"),
        ({"year": 1999}, "年份 1999 不对"),
        ({"year": 2101}, "年份 2101 不对"),
        ({"year": "2024"}, "年份 year（整数）"),
        ({"form": "gkbg-1999"}, "没有表式“gkbg-1999”"),
        ({"unit__name": "甲\n局"}, "单位全称“甲?局”"),
        ({"unit__name": " "}, "单位名称"),
        ({"unit__type": "公司"}, "没有单位类型“公司”"),
        ({"unit__powers": {"fly": True}}, "没有职权“fly”"),
        ({"unknown": 1}, "不认识的键“unknown”"),
    ],
)
def test_fill_refuses_what_would_be_lost(
    changes: dict[str, object], sentence: str, xltool: Xltool, tmp_path: Path, clean: Filing
) -> None:
    """Data that the workbook has no place for, or would change, is refused; the file is named, nothing is written."""
    (tmp_path / "a.json").write_text(put(json.loads(to_json(clean)), **changes), encoding="utf-8")
    said = xltool("fill", "a.json", "-o", "a.xlsx")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("× a.json  ")
    assert sentence in said.err
    assert not (tmp_path / "a.xlsx").exists()


def test_fill_overwrites_only_when_told(xltool: Xltool, tmp_path: Path, clean: Filing) -> None:
    """As everywhere: another content stays unless --overwrite is given."""
    (tmp_path / "a.json").write_text(to_json(clean), encoding="utf-8")
    (tmp_path / "a.xlsx").write_bytes(b"old")
    assert xltool("fill", "a.json", "-o", "a.xlsx").code == 2
    assert (tmp_path / "a.xlsx").read_bytes() == b"old"
    assert xltool("fill", "a.json", "-o", "a.xlsx", "--overwrite").code == 0


# report


def test_report_refuses_open_errors(xltool: Xltool, books: dict[str, Path]) -> None:
    """Exit 1, every open 错误 listed on stderr with its place, no 核实 among them, nothing written."""
    said = xltool("report", books["mistakes"], "-o", "报告")
    assert (said.code, said.out) == (1, "")
    lines = said.err.splitlines()
    assert lines[0].endswith("还有 18 处错误，没有生成报告：")
    assert len(lines) == 20
    assert any("表三 E9（一、本年新收 · 商业企业）" in line and "〔A03.company〕" in line for line in lines)
    assert "--draft" in lines[-1]
    assert not Path("报告").exists()


def printed(path: Path, part: str) -> str:
    """The text of the parts whose names begin so."""
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.startswith(part)]
    return "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", "".join(parts)))


def test_report_as_a_draft(xltool: Xltool, books: dict[str, Path]) -> None:
    """--draft makes it all the same, and says 草稿 in the file's name and on every page."""
    said = xltool("report", books["mistakes"], "-o", "报告", "--draft")
    assert said.code == 0
    (made,) = Path("报告").iterdir()
    assert made.name == "青川岭县示范局2024年政府信息公开工作年度报告（草稿）.docx"
    assert "草稿" in printed(made, "word/header")
    assert "处“核实”没有改正或说明" in said.out


def test_report_of_a_clean_filing(xltool: Xltool, books: dict[str, Path]) -> None:
    """A report without 草稿, named after unit and year; written once, then recognised."""
    said, again = xltool("report", books["clean"]), xltool("report", books["clean"])
    made = Path("宁安区教育局2024年政府信息公开工作年度报告.docx")
    assert (said.code, said.out, said.err) == (0, f"已生成：{made}\n", "")
    assert "草稿" not in printed(made, "word/")
    assert again.out == f"已有相同的文件：{made}\n"


def test_report_mentions_what_waits(xltool: Xltool, books: dict[str, Path]) -> None:
    """核实 does not stop the report but is mentioned."""
    said = xltool("report", books["unexplained"])
    assert said.code == 0
    assert "还有 1 处“核实”没有改正或说明" in said.out


# forms and rules


def test_forms_lists_and_shows(xltool: Xltool, form: Form) -> None:
    """The editions in a list; one edition's structure with official headings and the ids of its lines."""
    listed, shown = xltool("forms"), xltool("forms", "show", form.id)
    assert (listed.code, shown.code) == (0, 0)
    assert form.id in listed.out
    assert form.title in listed.out
    for section in form.sections:
        assert section.heading in shown.out
    assert "r3_3_5" in shown.out
    assert "5.属于三类内部事务信息" in shown.out
    assert xltool("forms", "show").out == shown.out


def test_lint_accepts_the_edition(xltool: Xltool) -> None:
    """A file or its folder; says what was found in it."""
    folder = editions_folder() / "gkbg-2021"
    for path in (folder, folder / "form.yaml"):
        said = xltool("forms", "lint", path)
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"√ {folder / 'form.yaml'}：政府信息公开工作年度报告，202 个数，")


def test_lint_points_at_the_mistake(xltool: Xltool, tmp_path: Path) -> None:
    """A broken rule: exit 2, file:line, the line itself and a caret under the mistake."""
    text = (editions_folder() / "gkbg-2021" / "form.yaml").read_text(encoding="utf-8")
    broken = text.replace("r1 + r2 == r3_7 + r4", "r1 + r2 == r3_7 + r44", 1)
    (tmp_path / "form.yaml").write_text(broken, encoding="utf-8")
    said = xltool("forms", "lint", "form.yaml")
    head, source, caret = said.err.splitlines()
    line = 1 + broken[: broken.index("r44")].count("\n")
    assert (said.code, said.out) == (2, "")
    assert head.startswith(f"× form.yaml:{line}: ")
    assert "r44" in head
    assert source.strip() == "assert: r1 + r2 == r3_7 + r44"
    assert source[caret.index("^") :] == "r44"


def test_rules_are_the_whole_catalogue(xltool: Xltool, form: Form) -> None:
    """Every code once, built in or declared, with level, title and basis; the same in all three shapes."""
    codes = [*MESSAGES, *(rule.code for rule in form.rules)]
    rows = json.loads(xltool("rules", "--json").out)
    assert [row["code"] for row in rows] == codes
    assert all(row["level"] in ("错误", "核实", "提示") and row["title"] and row["basis"] for row in rows)
    plain = xltool("rules").out.splitlines()
    assert [line.split()[0] for line in plain] == ["编号", *codes]
    table = xltool("rules", "--markdown").out.splitlines()
    assert [line.split(" | ")[0] for line in table] == ["| 编号", "| ---", *(f"| {code}" for code in codes)]
    assert {line.replace("\\|", "").count("|") for line in table} == {5}


# demo


def test_demo_goes_the_whole_way_twice(xltool: Xltool, tmp_path: Path) -> None:
    """Blank, filled in, checked and reported for each sample; says what to open; a second run changes nothing."""
    first, again = xltool("demo", "演示"), xltool("demo", "演示")
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.*") if "练习" not in path.parts}
    assert (first.code, again.code, first.err, again.err) == (0, 0, "", "")
    assert len(made) == 12
    for path in made:
        assert re.search(rf"^{path.parent}\n(  .*\n)*  √ {path.name}  \S", first.out, re.M), path
    assert again.out == first.out.replace("已生成 12 个文件", "已有 12 个文件")
    assert "〔A03.company〕" in (tmp_path / "演示/mistakes/核对结果.txt").read_text(encoding="utf-8-sig")

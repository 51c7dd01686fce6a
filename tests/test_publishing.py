"""Reports in every format: the same figures and paragraphs in each; units of a campaign; the government's own."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import docx
import lxml.html
import pytest

from tests.campaign.making import (
    EDUCATION,
    FINANCE,
    HEALTH,
    YEAR,
    campaign_in,
    doubtful,
    filing,
    good,
    take_files,
    telling,
    the_form,
    wrong,
)
from tests.fills import random_fill
from tests.pdf_story import bare, pages
from tests.reports.reading import by_headers, by_scope, expected_figures, expected_paragraphs, one_line
from tests.test_cli import Said, Xltool, xltool
from tests.test_data import json_figures, read_csv, read_json
from tests.test_html import paragraphs_in
from tests.test_pdf import assert_says_all, table_rows, tables
from tests.test_text import read_tables
from tests.test_word import W, opened
from xltool.campaign import reporting
from xltool.campaign.deciding import accept
from xltool.campaign.home import Campaign
from xltool.campaign.reporting import choose_rounds, jobs_of, publish_all
from xltool.check.judge import amounts
from xltool.figure import FigureId, plain
from xltool.filing import Filing, Unit, to_json
from xltool.form import Form
from xltool.report.publishing import FRAGMENT, SCHEMA_FILE, Format, Published, Wanted, publish, report_name
from xltool.report.view import DRAFT_NOTICE, ReportView, build_view
from xltool.samples import SAMPLE_NAMES, load_sample
from xltool.workbook.writer import write_workbook

__all__ = ["xltool"]

EVERYTHING = Wanted(tuple(Format), fragment=True)


# --- every renderer, read back ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A report in all formats, and what each of them has to say."""

    form: Form
    filing: Filing
    view: ReportView
    made: Published

    def file(self, ending: str) -> bytes:
        return dict(self.made.files)[ending]


def _case(number: int) -> Case:
    if number < len(SAMPLE_NAMES):
        sample = load_sample(SAMPLE_NAMES[number])
        form, said, prior, draft = sample.form, sample.filing, sample.prior, sample.is_draft
    else:
        fill = random_fill(the_form(), Random(number), with_prior=True)
        form, said, prior, draft = the_form(), fill.filing, fill.prior, number % 2 == 0
    view = build_view(form, said, draft, prior=prior)
    return Case(form, said, view, publish(form, said, prior, draft, EVERYTHING))


@pytest.fixture(scope="module", params=range(8))
def case(request: pytest.FixtureRequest) -> Case:
    """The three samples, then filings drawn by chance."""
    return _case(request.param)


def test_word_says_all(case: Case) -> None:
    """Every paragraph and every cell of every table, in order and in place."""
    document = opened(case.file(".docx"))
    said = [one_line(paragraph.text) for paragraph in document.paragraphs]
    expected = [one_line(" ".join(case.view.title_lines)), *expected_paragraphs(case.view)]
    assert [line for line in said if line] == expected
    assert [_word_rows(table) for table in document.tables] == [table_rows(table) for table in tables(case.view)]


def _word_rows(table: Any) -> tuple[tuple[str | None, ...], ...]:
    rows = []
    for row in table.rows:
        cells: list[str | None] = []
        for cell in row._tr.tc_lst:
            text = bare("".join(part.text or "" for part in cell.iter(f"{W}t")))
            cells += [None if cell.vMerge == "continue" else text, *[None] * (cell.grid_span - 1)]
        rows.append(tuple(cells))
    return tuple(rows)


def test_the_page_says_all(case: Case) -> None:
    """Figures under their official headings, paragraphs in order."""
    (main,) = lxml.html.document_fromstring(case.file(".html").decode()).iter("main")
    assert [by_headers(table) for table in main.iter("table")] == expected_figures(case.form, case.view)
    assert paragraphs_in(main) == expected_paragraphs(case.view)


def test_the_fragment_says_all(case: Case) -> None:
    """The same without the title, for pasting."""
    root = lxml.html.fragment_fromstring(case.file(FRAGMENT).decode(), create_parent="div")
    assert [by_scope(table) for table in root.iter("table")] == expected_figures(case.form, case.view)
    notice = [DRAFT_NOTICE] if case.view.draft else []
    assert paragraphs_in(root) == notice + expected_paragraphs(case.view)


def test_the_pdf_says_all(case: Case) -> None:
    """Every paragraph in its order, every table cell in its place."""
    assert_says_all(case.view, pages(case.file(".pdf")))


def test_the_text_says_all(case: Case) -> None:
    """Lines lead from every figure to its headings; every paragraph is a line."""
    assert read_tables(case.view) == expected_figures(case.form, case.view)
    lines = iter([one_line(line) for line in case.file(".txt").decode().split("\n")])
    assert [line for line in expected_paragraphs(case.view) if line not in lines] == []


def test_the_data_say_all(case: Case) -> None:
    """JSON and CSV hold the figures that the other formats print, and JSON their paragraphs."""
    known = amounts(case.form, case.filing)
    expected = {str(f): plain(known[f]) if f in known else "" for f in case.form.figures}
    data = read_json(case.file(".json").decode())
    found = {f["id"]: "" if f["value"] is None else plain(f["value"]) for f in json_figures(data)}
    assert found == expected
    assert {row["指标"]: row["数值"] for row in read_csv(case.file(".csv"))} == expected
    printed = {str(f): value for table in tables(case.view) for f, value in table.values.items()}
    assert len(printed) == 200
    assert printed.items() <= expected.items()
    said = [p["text"] for p in data["foreword"]]
    for section in data["sections"]:
        said += [section["heading"], *(p["text"] for p in section["paragraphs"])]
    said += [data["signature"]["unit"], data["signature"]["date"]]
    assert [one_line(line) for line in said if one_line(line)] == expected_paragraphs(case.view)


def test_charts_on_request() -> None:
    """With --charts the pictures are in the page and in Word; without, in none."""
    sample = load_sample("suqian-2024")
    plain_files, with_charts = (
        dict(
            publish(sample.form, sample.filing, sample.prior, False, Wanted((Format.WORD, Format.PAGE), charts=c)).files
        )
        for c in (False, True)
    )
    for made, pictures in ((plain_files, False), (with_charts, True)):
        assert (b"<svg" in made[".html"]) is pictures
        document = docx.Document(io.BytesIO(made[".docx"]))
        assert bool(len(document.inline_shapes)) is pictures


def test_long_names_keep_the_mark_of_a_draft() -> None:
    """A unit's long name is cut, not the year and 草稿 behind it."""
    name = report_name(the_form(), Filing("gkbg-2021", Unit("长" * 90), 2024), True)
    assert len(name) == 80
    assert name.endswith("长2024年政府信息公开工作年度报告（草稿）")


# --- units of a campaign ----------------------------------------------------------------------------------


@pytest.fixture
def campaign(tmp_path: Path, xltool: Xltool, monkeypatch: pytest.MonkeyPatch) -> Campaign:  # noqa: ARG001 - chdirs first
    """教育局 accepted, 卫健局 with a 核实, 财政局 with a 错误, the fourth has not handed in; the current folder."""
    made = campaign_in(tmp_path / "2024")
    take_files(
        made, tmp_path / "in", {"a.xlsx": good(EDUCATION, 1), "b.xlsx": doubtful(HEALTH), "c.xlsx": wrong(FINANCE)}
    )
    accept(made, [EDUCATION])
    monkeypatch.chdir(made.folder)
    return made


def reports(campaign: Campaign) -> list[str]:
    return sorted(path.name for path in (campaign.folder / "报告").iterdir())


@pytest.mark.usefixtures("campaign")
def test_a_unit_by_its_name(xltool: Xltool, campaign: Campaign) -> None:
    """The accepted filing in every format, in 报告, with the schema beside the JSON; again, nothing is new."""
    arguments = ("report", EDUCATION, "--format", "docx,html,pdf,json,csv,txt", "--fragment")
    said = xltool(*arguments)
    assert (said.code, said.err) == (0, "")
    stem = f"{EDUCATION}{YEAR}年政府信息公开工作年度报告"
    endings = [*(f".{chosen}" for chosen in Format), FRAGMENT]
    assert reports(campaign) == sorted([*(stem + ending for ending in endings), SCHEMA_FILE])
    assert said.out.count("已生成：") == len(endings)
    again = xltool(*arguments)
    assert (again.code, again.out.count("已有相同的文件：")) == (0, len(endings))


@pytest.mark.parametrize(
    ("unit", "reason"), [(HEALTH, "第 1 次待核实，没有审定"), (FINANCE, "第 1 次有错误，没有审定")]
)
def test_a_unit_that_is_not_accepted(xltool: Xltool, campaign: Campaign, unit: str, reason: str) -> None:
    """Refused with the reason, exit 1; a draft is made all the same and says so in its name."""
    said = xltool("report", unit)
    assert (said.code, said.out) == (1, "")
    assert f"{unit}  {reason}" in said.err
    assert reports(campaign) == []
    assert xltool("report", unit, "--draft").code == 0
    assert reports(campaign) == [f"{unit}{YEAR}年政府信息公开工作年度报告（草稿）.docx"]


@pytest.mark.usefixtures("campaign")
def test_a_name_that_nobody_has(xltool: Xltool) -> None:
    """Neither a file nor on the roster."""
    said = xltool("report", "没有的局")
    assert (said.code, said.out) == (2, "")
    assert "没有文件“没有的局”，名册里也没有这个单位" in said.err


def test_all_accepted_units(xltool: Xltool, campaign: Campaign) -> None:
    """Every accepted unit's report; who is left out is named with the reason, exit 1."""
    said = xltool("report", "--all", "--format", "txt")
    assert said.code == 1
    assert "1 个单位的报告，共 1 个文件" in said.out
    lines = said.err.splitlines()
    assert lines[0] == "没有生成报告的 3 个单位："
    assert f"  {HEALTH}  第 1 次待核实，没有审定" in lines
    assert any(line.endswith("还没有交") for line in lines)
    assert reports(campaign) == [f"{EDUCATION}{YEAR}年政府信息公开工作年度报告.txt"]


def test_a_newer_round_is_told(campaign: Campaign, xltool: Xltool, tmp_path: Path) -> None:
    """The report stays that of the accepted round, and says that another one waits."""
    take_files(campaign, tmp_path / "later", {"d.xlsx": good(EDUCATION, 2)})
    said = xltool("report", EDUCATION, "--format", "json")
    assert "审定之后又交了第 2 次，报告按审定的第 1 次" in said.out
    (path,) = (path for path in (campaign.folder / "报告").iterdir() if path.name != SCHEMA_FILE)
    figure, value = next(iter(telling(11).items()))
    data = json.loads(path.read_text("utf-8"))
    assert {f["id"]: f["value"] for f in json_figures(data)}[str(figure)] == value


def test_workers_make_the_same_files(campaign: Campaign, tmp_path: Path) -> None:
    """Many reports are made side by side: each once, in order, byte for byte as one after the other."""
    job = next(jobs_of(campaign, choose_rounds(campaign, [EDUCATION])))
    jobs = [replace(job, filing=replace(job.filing, unit=Unit(f"示范县第{n}局"))) for n in range(14)]
    wanted = Wanted((Format.WORD, Format.PAGE, Format.PDF, Format.TEXT))
    alone = list(publish_all(jobs, tmp_path / "one", wanted, workers=1))
    side_by_side = list(publish_all(jobs, tmp_path / "two", wanted, workers=2))
    assert [one.unit for one in side_by_side] == [one.unit for one in alone] == [job.filing.unit.name for job in jobs]
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert len(files) == 14 * 4
    assert {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()} == files


def test_two_reports_of_one_name(campaign: Campaign, tmp_path: Path) -> None:
    """The second of two reports that would have the same name is told, never written over the first."""
    job = next(jobs_of(campaign, choose_rounds(campaign, [EDUCATION])))
    first, second = publish_all([job, job], tmp_path / "out", Wanted(), overwrite=True)
    assert (first.trouble, second.files) == ("", ())
    assert "另有一份同名的报告" in second.trouble


# --- files ------------------------------------------------------------------------------------------------


def test_several_files(xltool: Xltool, tmp_path: Path) -> None:
    """Each is reported; one that cannot be does not keep the others from it."""
    for name, data in (("a.xlsx", good(EDUCATION)), ("b.xlsx", wrong(HEALTH)), ("c.xlsx", good(FINANCE))):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "d.xlsx").write_bytes(b"x")
    said = xltool("report", "a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx", "-o", "out", "--format", "txt,csv")
    assert said.code == 2
    assert "b.xlsx 还有 1 处错误，没有生成报告" in said.err
    assert "× d.xlsx  " in said.err
    assert {path.name[: len(EDUCATION)] for path in Path("out").iterdir()} >= {EDUCATION}
    assert len(list(Path("out").iterdir())) == 4


def test_what_was_drafted_is_told(xltool: Xltool, tmp_path: Path) -> None:
    """A part that the unit left empty is made from the figures, and has to be looked at."""
    said = filing(EDUCATION)
    draftable = next(part for section in the_form().sections for part in section.parts if part.draft is not None)
    without = replace(said, texts={key: text for key, text in said.texts.items() if key != draftable.id})
    (tmp_path / "a.xlsx").write_bytes(write_workbook(the_form(), without))
    told = xltool("report", "a.xlsx", "--draft")
    assert told.code == 0
    assert f"“{draftable.title}”一段是按表自动生成的，请核对。" in told.out


def test_a_filing_in_json(xltool: Xltool, tmp_path: Path) -> None:
    """Filing data are reported as a workbook is: checked first, what waits is told; open data cannot be."""
    (tmp_path / "好.json").write_text(to_json(filing(EDUCATION)), encoding="utf-8")
    made = xltool("report", "好.json", "--format", "txt,json", "-o", "out")
    assert (made.code, made.out.count("已生成：")) == (0, 2)
    (published,) = (path for path in Path("out").iterdir() if path.suffix == ".txt")
    assert xltool("verify", str(published), "--against", "好.json").code == 0
    (open_data,) = (path for path in Path("out").glob("*.json") if path.name != SCHEMA_FILE)
    refused = xltool("report", str(open_data))
    assert (refused.code, refused.out) == (2, "")
    assert "开放数据" in refused.err
    mistakes = load_sample("mistakes")
    (tmp_path / "错.json").write_text(to_json(mistakes.filing), encoding="utf-8")
    said = xltool("report", "错.json")
    assert (said.code, said.out) == (1, "")
    assert "处错误，没有生成报告" in said.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "请写文件或单位，或用 --all、--county"),
        (("a.xlsx", "--all"), "只用其中一种"),
        (("a.xlsx", "--format", "doc"), "没有格式“doc”。可以用：docx、html、pdf、json、csv、txt"),
        (("a.xlsx", "--format", ","), "没有格式“,”"),
        (("a.xlsx", "--texts", "b.xlsx"), "--texts 只与 --county 合用"),
        (("a.xlsx", "b.xlsx", "--prior", "c.json"), "--prior 只与一个文件合用"),
        (("--all",), "这里不在收报任务的文件夹里"),
        (("教育局",), "没有这个文件"),
    ],
)
def test_what_makes_no_sense(xltool: Xltool, arguments: tuple[str, ...], sentence: str) -> None:
    """Exit 2 with one sentence that says what to do instead."""
    said = xltool("report", *arguments)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


# --- the government's own ---------------------------------------------------------------------------------

COUNCIL = "宁安县人民政府"
ASKED = "全年开展政府信息公开工作考核、社会评议各1次，没有需要追究责任的情形。"


@pytest.fixture
def summed(tmp_path: Path, xltool: Xltool, monkeypatch: pytest.MonkeyPatch) -> Campaign:  # noqa: ARG001 - chdirs first
    """Three units, all accepted."""
    made = campaign_in(tmp_path / "2024", (EDUCATION, HEALTH, FINANCE))
    files = {f"{number}.xlsx": good(unit, number) for number, unit in enumerate((EDUCATION, HEALTH, FINANCE), start=1)}
    take_files(made, tmp_path / "in", files)
    accept(made, [EDUCATION, HEALTH, FINANCE])
    monkeypatch.chdir(made.folder)
    return made


def words(unit_type: str | None = "县级政府", supervision: str = ASKED, year: int = YEAR) -> str:
    """The government's own filing: texts, and figures that must not be used."""
    said = filing(COUNCIL, telling(900), year=year)
    texts = {**said.texts, "s1.supervision": supervision, "cover.date": "2025年3月20日"}
    return to_json(replace(said, unit=Unit(COUNCIL, None, unit_type), texts=texts))


County = Callable[..., Said]


@pytest.fixture
def county(summed: Campaign, xltool: Xltool) -> County:
    def call(texts: str, *more: str) -> Said:
        (summed.folder / "政府.json").write_text(texts, encoding="utf-8")
        return xltool("report", "--county", "--texts", "政府.json", "--format", "json", *more)

    return call


def test_the_governments_own_report(county: County, summed: Campaign) -> None:
    """The sum of all units under the government's name, in its words."""
    said = county(words())
    assert (said.code, said.err) == (0, "")
    data = json.loads((summed.folder / "报告" / f"{COUNCIL}{YEAR}年政府信息公开工作年度报告.json").read_text("utf-8"))
    figures: dict[FigureId, float] = {FigureId.parse(f["id"]): f["value"] for f in json_figures(data)}
    for figure in telling(0):
        assert figures[figure] == sum(telling(n * 10 + 1)[figure] for n in (1, 2, 3))
    assert ASKED in [p["text"] for section in data["sections"] for p in section["paragraphs"]]
    assert (data["unit"]["type"], data["signature"]) == ("县级政府", {"unit": COUNCIL, "date": "2025年3月20日"})


def test_the_governments_report_is_held_against_the_freeze(county: County, xltool: Xltool, summed: Campaign) -> None:
    """Every format of it, figures and the government's own words, last year beside them; another word is found."""
    assert county(words(), "--format", "docx,html,pdf,json,csv,txt", "--fragment").code == 0
    assert xltool("freeze").code == 0
    published = [path for path in (summed.folder / "报告").iterdir() if path.name != SCHEMA_FILE]
    assert len(published) == 7
    against = ("--against", "FREEZE", "--texts", "政府.json")
    for path in published:
        said = xltool("verify", str(path), *against)
        assert (said.code, "都一致" in said.out) == (0, True), said.out
    (summed.folder / "政府.json").write_text(words(supervision=ASKED.replace("1次", "2次")), encoding="utf-8")
    (page,) = (path for path in published if path.suffix == ".docx")
    changed = xltool("verify", str(page), *against)
    assert changed.code == 1
    assert "共 1 处不同" in changed.out
    assert xltool("verify", str(page), "--against", "政府.json", "--texts", "政府.json").code == 2


def test_the_government_must_say_what_the_law_asks(county: County, summed: Campaign) -> None:
    """Without a word on 工作考核, 社会评议 and 责任追究 there is no report; a draft there is."""
    said = county(words(supervision="专人负责，全年组织培训2次。"))
    assert (said.code, said.out) == (1, "")
    assert "工作考核、社会评议、责任追究" in said.err
    assert "〔S07" in said.err
    assert reports(summed) == []
    assert county(words(supervision="专人负责，全年组织培训2次。"), "--draft").code == 0


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (words(year=YEAR - 1), f"应为“gkbg-2021” {YEAR} 年的"),
        (words(unit_type="部门"), "单位类型是“部门”，应为政府自己的填报表"),
        (words(unit_type=None), "没有写单位类型"),
        ("{", "政府.json  不是有效的 JSON"),
    ],
)
def test_other_texts_are_refused(county: County, texts: str, sentence: str) -> None:
    """Last year's, a bureau's, a damaged file: exit 2 and why."""
    said = county(texts)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err


@pytest.mark.usefixtures("summed")
def test_a_government_without_words(xltool: Xltool) -> None:
    """Figures alone are no report: exit 2, what is asked and how; a draft shows what there is, not as the office's."""
    said = xltool("report", "--county")
    assert (said.code, said.out) == (2, "")
    assert "其中应写到工作考核、社会评议、责任追究" in said.err
    draft = xltool("report", "--county", "--draft")
    assert draft.code == 0
    assert f"报告的单位暂作“{COUNCIL}”" in draft.err


@pytest.mark.parametrize(
    ("office", "whose"),
    [
        ("宁安市人民政府办公厅", "宁安市人民政府"),
        ("宁安县大数据局", "宁安县大数据局（汇总）"),
        ("宁安县人民政府办公室政务公开科", "宁安县人民政府办公室政务公开科（汇总）"),
    ],
)
def test_whose_report_a_draft_without_words_is(office: str, whose: str) -> None:
    """The government's where the office's name says which; never the name under which the office itself reports."""
    assert reporting._government_of(office) == whose


def test_not_while_a_unit_is_lacking(campaign: Campaign, xltool: Xltool) -> None:
    """Refused with every unit in the way, as the sum itself; a draft goes on and names them."""
    (campaign.folder / "政府.json").write_text(words(), encoding="utf-8")
    said = xltool("report", "--county", "--texts", "政府.json")
    assert said.code == 2
    assert "还有 3 个单位没有审定，不能汇总" in said.err
    draft = xltool("report", "--county", "--texts", "政府.json", "--draft")
    assert draft.code == 0
    assert "没有计入的 3 个单位" in draft.err
    assert reports(campaign) == [f"{COUNCIL}{YEAR}年政府信息公开工作年度报告（草稿）.docx"]

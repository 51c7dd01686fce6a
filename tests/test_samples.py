"""The samples: real figures in, the same out; mistakes found, each by its own finding and nothing else."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from xltool.check.judge import Outcome, State, amounts, state
from xltool.figure import FigureId
from xltool.intake import Intake, take_in
from xltool.samples import SAMPLE_NAMES, filled_of, load_sample, made_files, main
from xltool.shelf import samples_folder

SOURCES = {"filing.json", "prior.json", "typed.json", "mistakes.md"}


def members(data: bytes) -> dict[str, bytes]:
    """What is inside a workbook or document; another zlib compresses the same to other bytes."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def intakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Intake]:
    """Each sample's filled workbook, taken in."""
    folder = tmp_path_factory.mktemp("samples")
    intakes = {}
    for name in SAMPLE_NAMES:
        path = folder / f"{name}.xlsx"
        path.write_bytes(filled_of(load_sample(name)))
        intakes[name] = take_in(path)
    return intakes


def test_samples_are_made_from_their_sources() -> None:
    """The files under samples/ are what ``python -m xltool.samples`` makes now, and none is left over."""
    made = dict(made_files())
    folders = [samples_folder() / name for name in SAMPLE_NAMES]
    assert set(made) == {path for folder in folders for path in folder.iterdir() if path.name not in SOURCES}
    for path, data in made.items():
        assert members(path.read_bytes()) == members(data), f"{path.name}: run python -m xltool.samples"


def test_making_twice_makes_the_same() -> None:
    """Equal sources, equal bytes."""
    assert dict(made_files()) == dict(made_files())


def test_making_writes_every_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``python -m xltool.samples`` writes all of them and names each."""
    made = [(tmp_path / f"{index}{path.suffix}", data) for index, (path, data) in enumerate(made_files())]
    monkeypatch.setattr("xltool.samples.made_files", lambda: iter(made))
    monkeypatch.setattr("xltool.samples.samples_folder", lambda: tmp_path)
    main()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == dict(made)
    assert capsys.readouterr().out.split() == [path.name for path, _ in made]


@pytest.mark.parametrize("name", SAMPLE_NAMES)
def test_the_filled_workbook_says_what_the_filing_says(name: str, intakes: dict[str, Intake]) -> None:
    """Every figure, text and declaration comes back from the workbook; where texts were typed into number cells,
    those that can be read give the filing's figure, and the others stand as what could not be read.
    """
    returned = intakes[name].returned
    assert returned is not None
    sample = load_sample(name)
    unread = {figure: text for figure, text in sample.typed.items() if text and figure not in sample.filing.values}
    assert dict(returned.filing.values) == dict(sample.filing.values)
    assert returned.filing == replace(sample.filing, unread=unread)


def test_yanchi_has_only_zeros(intakes: dict[str, Intake]) -> None:
    """盐池 reports 0 in every cell of the three tables; the three things its report leaves out are found."""
    sample, intake = load_sample("yanchi-2021"), intakes["yanchi-2021"]
    tables = [table.id for table in sample.form.tables if table.required]
    due = {figure.id for figure in sample.form.inputs if figure.id.table in tables}
    assert dict(sample.filing.values) == dict.fromkeys(due, Decimal(0))
    open_ = {finding.key for finding in intake.open_findings}
    assert open_ == {"S02.s1.management", "S02.s1.platform", "X02"}
    assert {finding.key for finding in intake.findings} - open_ == {"S03", "P01"}


SUQIAN_PRINTED = """
    t3.r1.total 3525    t3.r2.total 121     t3.r3_1.total 1431    t3.r3_2.total 471    t3.r3_4_1.total 897
    t3.r3_7.natural 3440  t3.r3_7.company 73  t3.r3_7.research 0  t3.r3_7.charity 1  t3.r3_7.legal 5  t3.r3_7.other 2
    t3.r3_7.total 3521  t3.r4.total 125     t3.r4.natural 118     t3.r4.company 5
    t4.review.total 170 t4.direct.total 25  t4.after.total 52
    t2.fees.amount 72701.2578   t2.permits.decisions 1573179   t2.documents.in_force 420
    s6.fee.requests 3   s6.fee.amount 2230
"""
"""Figures and totals as the city's report prints them."""


def test_suqian_adds_up_as_printed(intakes: dict[str, Intake]) -> None:
    """宿迁 speaks of fewer cases than its table has and of a growth that does not follow; the totals are as printed."""
    intake = intakes["suqian-2024"]
    told = {finding.key: finding.facts["number"] for finding in intake.open_findings if finding.code[0] != "S"}
    assert told == {
        "N05.s1.supervision.t4.review.total": "134件",
        "N05.s1.supervision.t4.direct.total": "57件",
        "N10.s1.requests.t3.r1.total": "1.05%",
    }
    assert intake.returned is not None
    known = amounts(intake.returned.form, intake.returned.filing)
    words = SUQIAN_PRINTED.split()
    printed = {FigureId.parse(name): Decimal(value) for name, value in zip(words[::2], words[1::2], strict=True)}
    assert {figure: known[figure] for figure in printed} == printed


def test_suqian_carries_over_last_year(intakes: dict[str, Intake]) -> None:
    """What was left over in 2023 is carried over in each column: judged, not skipped, and passed."""
    judged = {judgement.check.key: state(judgement) for judgement in intakes["suqian-2024"].judgements}
    columns = ("natural", "company", "research", "charity", "legal", "other")
    assert {judged[key] for key in ("Y01.total", *(f"Y02.{column}" for column in columns))} == {State.PASSED}


MISTAKES = {
    "表三商业企业一列不等": "A03.company",
    "表三总计一列因此不等": "A03.total",
    "表三商业企业像是两位数字颠倒": "A90.A03.company",
    "规章制发多于现行有效与废止": "A05.rules",
    "县级部门报了规章": "X07",
    "复议后起诉多于复议": "X06",
    "有逾期未缴费，没有写信息处理费": "X01",
    "没有写信息处理费": "X02",
    "上年结转总计与上年不等": "Y01.total",
    "上年结转自然人与上年不等": "Y02.natural",
    "规章现行有效推不出来": "Y03.rules",
    "上年尚未审结的复议今年不见了": "Y04.review",
    "收费按元填写": "Y06",
    "收费与上年相差很大": "Y05.t2.fees.amount",
    "行政强制填了日期": "T05.t2.coercion.decisions",
    "行政强制与上年相差很大": "Y05.t2.coercion.decisions",
    "全角数字": "T03.t2.documents.made",
    "带单位": "T03.t3.r3_1.natural",
    "汉字数字": "T03.t3.r3_4_1.natural",
    "55（含自然失效29件）": "T02.t2.documents.repealed",
    "22（其中修订16件）": "T02.t2.documents.in_force",
    "1.2万": "T02.t2.permits.decisions",
    "填了日期": "T02.t2.penalties.decisions",
    "—": "T02.t4.direct.upheld",
    "无": "T02.t4.direct.corrected",
    "/": "T02.t4.direct.other",
    "空白": "T01.t4",
    "总体情况超过 1000 字": "S01.s1",
    "平台建设没有写": "S02.s1.platform",
    "开头写着上年的年份": "S08.s1.lead",
    "引用 60 号文": "S13.s1.lead",
    "文号用了方括号": "S14.s1.lead",
    "写出了身份证号和手机号码": "S15.s1.requests",
    "留着（文字描述）": "S12.s1.management",
    "写的是别的单位": "S11.s1.management",
    "过程性性信息": "S16.s1.management",
    "半角逗号": "S18.s1.management",
    "培训XX次": "S12.s1.supervision",
    "问题写“无”": "S05.s5.problems",
    "改进只写“继续努力”": "S05.s5.improvements",
    "填报日期过了期限": "S22",
    "文字写制发规范性文件0件": "N09.s1.disclosure.t2.documents.made",
    "文字写收费3.85万元": "N09.s1.disclosure.t2.fees.amount",
    "文字写收到申请40件": "N01.s1.requests.t3.r1.total",
    "文字写同比增长50%": "N10.s1.requests.t3.r1.total",
    "文字写予以公开29件": "N02.s1.requests.t3.r3_1.total",
    "文字写全部办结": "N07.s1.requests.t3.r4.total",
    "文字写行政复议2件": "N05.s1.supervision.t4.review.total",
    "文字写未发生行政诉讼": "N06.s1.supervision.t4.after.total",
}
"""Mistake → the finding it makes. Mistakes of the narrative against the tables are listed beside the sample."""


def test_every_mistake_is_found_and_nothing_else(intakes: dict[str, Intake]) -> None:
    """Each deliberate mistake gives its finding, once; there is no finding without a mistake."""
    keys = [finding.key for finding in intakes["mistakes"].findings]
    assert sorted(keys) == sorted(MISTAKES.values())


NOT_JUDGED = {
    "documents cannot be read": (
        "A05.documents",
        "Y03.documents",
        "Y05.t2.documents.repealed",
        "Y05.t2.documents.in_force",
    ),
    "permits and penalties cannot be read": ("Y05.t2.permits.decisions", "Y05.t2.penalties.decisions"),
    "table 2 is not whole": ("Y08",),
    "direct lawsuits cannot be read": ("A04.direct", "Y04.direct", "Y05.t4.direct.total"),
    "section six is blank": ("X03", "X04"),
}
"""What is missing → the checks that it keeps from being judged."""


def test_what_a_mistake_makes_impossible_is_not_judged(intakes: dict[str, Intake]) -> None:
    """A check whose figures cannot be read is 未填全, neither passed nor failed."""
    judged = {
        judgement.check.key: (judgement.outcome, state(judgement)) for judgement in intakes["mistakes"].judgements
    }
    waiting = {key for key, said in judged.items() if said == (Outcome.INCOMPLETE, State.INCOMPLETE)}
    assert waiting == {key for keys in NOT_JUDGED.values() for key in keys}
    # Whether figures are given is known; what is to be done is to give them.
    asked = {key for key, said in judged.items() if said == (Outcome.FAILED, State.INCOMPLETE)}
    assert asked == {"X01", "X02"}
    assert State.NO_PRIOR not in [said for _, said in judged.values()]


def test_the_list_of_mistakes_names_every_typed_text() -> None:
    """The page beside the sample speaks of every cell that was typed wrong, and quotes it."""
    sample = load_sample("mistakes")
    page = (samples_folder() / "mistakes" / "mistakes.md").read_text(encoding="utf-8")
    for figure, text in sample.typed.items():
        assert f"`{figure}`） | {text or '（空白）'} |" in page

"""xltool.check: the findings about a filing, and the sentences people are told."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import xltool
from tests.fills import all_zero
from xltool.check.filing import check_filing, written_length
from xltool.check.finding import Finding, made
from xltool.check.judge import Outcome
from xltool.definition import load_form
from xltool.figure import FigureId
from xltool.filing import Filing, Unit
from xltool.form import Form, Level
from xltool.messages import MESSAGES, sentence

VILLAGE = load_form(Path(__file__).parent / "forms" / "village-9")
UNIT = Unit("柳树村", type="行政村")
WRITTEN = {
    "cover.clerk": "钱七",
    "cover.witness": "赵六",
    "fees.use": "修路。",
    "closing.praise": "有好事。",
    "closing.plans": "再修路。",
}


def filing(shown: str = "", blank: str = "", **more: object) -> Filing:
    """All 0 and every text written, but ``meet.men.spring 3, …`` and without the figures in ``blank``."""
    values = all_zero(VILLAGE)
    values |= {FigureId.parse(pair.split()[0]): Decimal(pair.split()[1]) for pair in shown.split(",") if pair.strip()}
    kept = {figure: value for figure, value in values.items() if str(figure) not in blank.split()}
    return Filing(**{"form": VILLAGE.id, "unit": UNIT, "year": 2025, "values": kept, "texts": WRITTEN, **more})  # type: ignore[arg-type]


LAST_YEAR = filing("land.paddy.plots 1")


def findings(now: Filing, prior: Filing | None = LAST_YEAR) -> list[Finding]:
    return list(check_filing(VILLAGE, now, prior))


def only(now: Filing, prior: Filing | None = LAST_YEAR) -> Finding:
    found = findings(now, prior)
    assert len(found) == 1, [finding.key for finding in found]
    return found[0]


def test_nothing_to_say_of_a_good_filing() -> None:
    """All zero, all written, last year given: no finding."""
    assert findings(filing()) == []


SENTENCES = [
    # filing, key, level, place, sentence
    (
        filing(blank="land.paddy.let meet.men.spring"),
        "T01.meet",
        Level.ERROR,
        "议事",
        "1 格没有填：男 · 春，没有发生的应填 0。请逐格填写；确实都是 0 的，在“本表空白格均为 0”处选“是”。",
    ),
    (
        filing("meet.men.other -3"),
        "T04.meet.men.other",
        Level.ERROR,
        "议事（男 · 其他）",
        "填的是 -3，应为不小于 0 的整数。请改正。",
    ),
    (
        filing("meet.men.other 2.5"),
        "T04.meet.men.other",
        Level.ERROR,
        "议事（男 · 其他）",
        "填的是 2.5，应为不小于 0 的整数。请改正。",
    ),
    (
        filing("cash.owed.count 1, cash.owed.amount 0.0000001"),
        "T04.cash.owed.amount",
        Level.ERROR,
        "收支（应付 · 金额（万元））",
        "填的是 0.0000001，应为以万元为单位、不小于 0 的数，最多 6 位小数。请改正。",
    ),
    (
        filing("meet.men.other 1e40"),
        "T04.meet.men.other",
        Level.ERROR,
        "议事（男 · 其他）",
        "填的是 100000000000000000000000000000…，应为不小于 0 的整数。请改正。",
    ),
    (
        filing("meet.men.other 45658"),
        "T05.meet.men.other",
        Level.VERIFY,
        "议事（男 · 其他）",
        "填的是 45658，像是日期（Excel 的日期序号），应为不小于 0 的整数。请核对；确实如此的，请写明。",
    ),
    (
        filing("meet.men.other 2025"),
        "T05.meet.men.other",
        Level.VERIFY,
        "议事（男 · 其他）",
        "填的是 2025，像是年份，应为不小于 0 的整数。请核对；确实如此的，请写明。",
    ),
    (
        filing("meet.men.other 13800138000"),
        "T05.meet.men.other",
        Level.VERIFY,
        "议事（男 · 其他）",
        "填的是 13800138000，像是手机号码，应为不小于 0 的整数。请核对；确实如此的，请写明。",
    ),
    (
        filing(texts={**WRITTEN, "people.remarks": "长" * 61}),
        "S01.people.remarks",
        Level.VERIFY,
        "议事（议事说明）",
        "写了 61 字，一般不超过 60 字。请精简；确需多写的，请写明。",
    ),
    (
        filing(texts={**WRITTEN, "closing.praise": "好" * 70, "closing.plans": "再" * 51}),
        "S01.closing",
        Level.VERIFY,
        "戊、其他（戊、其他）",
        "写了 121 字，一般不超过 120 字。请精简；确需多写的，请写明。",
    ),
    (
        filing(texts={**WRITTEN, "fees.use": " \n　"}),
        "S02.fees.use",
        Level.VERIFY,
        "丁、补助（使用情况）",
        "没有写，应有文字。请补写：写明用途。",
    ),
    (
        filing(texts={**WRITTEN, "cover.clerk": "", "cover.witness": " "}),
        "S03",
        Level.HINT,
        "封面（填报信息）",
        "没有填：经手人、监督委员会主任。请补填，报告中要用到。",
    ),
    (
        filing("meet.passed.spring 3, meet.raised.spring 1"),
        "M02.spring",
        Level.ERROR,
        "议事（通过的 · 春）",
        "通过的议题不多于提出的（春）；现在通过是 3，提出是 1，相差 2。请核对。",
    ),
    (
        filing("meet.held.spring 1"),
        "M03.spring",
        Level.VERIFY,
        "议事（小计 · 春）",
        "开了会，就有人到会（春）；现在小计是 0。请核对；没有签到的，请写明。",
    ),
    (
        filing(blank="aid.aid.sum"),
        "L02",
        Level.VERIFY,
        "丁、补助（上级补助 · 金额）",
        "收到补助的，写明金额；现在没有填全。没有补助的填 0。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("now", "key", "level", "place", "said"), SENTENCES, ids=[case[1] for case in SENTENCES])
def test_place_fact_expectation_and_what_to_do(now: Filing, key: str, level: Level, place: str, said: str) -> None:
    """Each finding says where to look, what stands there, what is expected, and what to do."""
    found = next(finding for finding in findings(now) if finding.key == key)
    assert (found.level, found.place, found.said) == (level, place, said)
    assert found.outcome is Outcome.FAILED
    assert found.is_open is (level is not Level.HINT)


def serial(day: date) -> int:
    """The number that Excel makes of a day."""
    return (day - date(1899, 12, 30)).days


@pytest.mark.parametrize("year", [2019, 2024, 2031, 2099])
def test_days_near_the_report_s_year_look_like_dates(year: int) -> None:
    """In any year: days of the year itself, the one before and the one after; other numbers are numbers."""
    assert serial(date(2025, 1, 1)) == 45_658
    for day in (date(year - 1, 1, 1), date(year, 7, 1), date(year + 1, 12, 31)):
        found = findings(filing(f"meet.men.other {serial(day)}", year=year), None)
        assert ["日期" in f.facts["looks"] for f in found if f.code == "T05"] == [True], day
    for day in (date(year - 2, 12, 31), date(year + 2, 1, 1), date(year - 10, 7, 1), date(year + 10, 7, 1)):
        found = findings(filing(f"meet.men.other {serial(day)}", year=year), None)
        assert not [f for f in found if f.code == "T05"], day


@pytest.mark.parametrize("year", [0, 1, 1900, 9998, 9999])
def test_a_year_that_is_none(year: int) -> None:
    """Where the year could not be read, or cannot be meant, numbers are taken as they are."""
    said = filing(f"meet.men.other 45658, meet.men.spring {max(year, 1)}", year=year)
    assert not [f for f in findings(said, None) if f.code == "T05"]


def test_the_cell_is_named_where_it_is_known() -> None:
    """A filing read from a workbook knows its cells; the first blank one is where to look."""
    places = {FigureId("meet", "men", "spring"): "议事 D8", FigureId("meet", "men", "autumn"): "议事 E8"}
    found = only(filing(blank="meet.men.spring meet.men.autumn", sources=places))
    assert found.place == "议事 D8"
    assert found.said.startswith("2 格没有填：D8、E8，")


def test_many_blanks_are_counted_not_listed() -> None:
    """Six are named, the others counted: one finding for each table."""
    found = only(
        Filing(VILLAGE.id, UNIT, 2025, {f: v for f, v in all_zero(VILLAGE).items() if f.table != "meet"}, texts=WRITTEN)
    )
    assert found.facts["count"] == "15"
    assert found.facts["cells"].count("、") == 5
    assert found.facts["cells"].endswith(" 等")


def test_a_declaration_answers_for_the_blanks() -> None:
    """With the table's declaration its blanks are 0; without it they are errors; 0 itself needs none."""
    blank = {f: v for f, v in all_zero(VILLAGE).items() if f.table != "meet"}
    assert findings(filing(values=blank, zero_declared=frozenset({"meet"}))) == []
    assert [f.key for f in findings(filing(values=blank, zero_declared=frozenset({"cash"})))] == ["T01.meet"]


def test_a_table_that_may_stay_blank_may() -> None:
    """A table that is not required is not asked for; what was filled in it is still looked at."""
    blank = {f: v for f, v in all_zero(VILLAGE).items() if f.table != "land"}
    assert findings(filing(values=blank)) == []
    wrong = {**blank, FigureId("land", "slope", "let"): Decimal("0.5")}
    assert [f.key for f in findings(filing(values=wrong))] == ["T04.land.slope.let"]


def test_what_cannot_be_read_is_not_called_blank() -> None:
    """Who read the cell has already said what is wrong with it."""
    odd = FigureId("meet", "men", "spring")
    assert list(check_filing(VILLAGE, replace(filing(blank=str(odd)), unread={odd: "约5"}), LAST_YEAR)) == []


def test_an_explanation_closes_what_may_be_explained() -> None:
    """核实 is explained by its key; a blank explanation is none; an error is never explained away."""
    open_one = filing("meet.held.spring 1")
    assert only(open_one).is_open
    explained = only(filing("meet.held.spring 1", explanations={"M03.spring": "没有签到。"}))
    assert (explained.is_open, explained.state, explained.explanation) == (False, "已说明", "没有签到。")
    assert only(filing("meet.held.spring 1", explanations={"M03.spring": " 　\n"})).is_open
    assert only(filing("meet.held.spring 1", explanations={"M03.autumn": "别的。"})).is_open
    wrong = only(filing("meet.passed.spring 1", explanations={"M02.spring": "就是这样。"}))
    assert (wrong.is_open, wrong.state, wrong.explanation) == (True, "错误", "")
    built_in = only(filing("meet.men.other 2025", explanations={"T05.meet.men.other": "确是 2025 人次。"}))
    assert (built_in.is_open, built_in.state) == (False, "已说明")


def test_a_rule_on_trial_is_shown_and_blocks_nothing() -> None:
    """试行 is reported with its level, and nobody has to act."""
    found = only(filing("land.paddy.plots 1"))
    assert (found.key, found.level, found.state, found.is_open) == ("Q02", Level.ERROR, "错误（试行）", False)


def test_hints_are_never_open() -> None:
    """提示 needs no answer."""
    found = only(filing("land.paddy.plots 9"))
    assert (found.key, found.level, found.is_open) == ("Q01.land.paddy.plots", Level.HINT, False)


def test_without_last_year_it_is_said_once() -> None:
    """The checks that need last year are not silent: one hint names them; it says when only a part is missing."""
    found = only(filing(), None)
    assert (found.code, found.is_open) == ("P01", False)
    assert found.said.startswith("没有上年数据，16 项核对未能进行：C01、Q01、Q02。")
    partial = Filing(VILLAGE.id, UNIT, 2024, {f: v for f, v in all_zero(VILLAGE).items() if f.table != "cash"})
    assert [f.said[:24] for f in findings(filing("land.slope.plots 1"), partial)] == [
        "没有完整的上年数据，3 项核对未能进行：C01。"
    ]


def test_findings_come_in_the_order_of_the_form() -> None:
    """Cover, sections from first to last, then the rules as declared, then what could not be judged."""
    now = filing(
        "cash.cash.opening -1, meet.men.other -1, meet.passed.spring 1, cash.owed.count 1",
        texts={**WRITTEN, "cover.clerk": "", "fees.use": ""},
    )
    keys = [finding.key for finding in findings(now, None)]
    assert keys == [
        "S03", "T04.cash.cash.opening", "T04.meet.men.other", "S02.fees.use", "M02.spring", "C03.owed", "P01",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("甲乙", 2), (" 甲　乙\n丙\n", 3), ("a b", 2), ("，。", 2), ("😀", 1)]
)
def test_the_length_of_a_text(text: str, length: int) -> None:
    """Characters that are seen: spaces, also full-width ones, and line ends do not count."""
    assert written_length(text) == length


# --- built-in messages ------------------------------------------------------------------------------------


class _Facts(dict[str, str]):
    """Takes every fact that is asked for."""

    def __missing__(self, key: str) -> str:
        self[key] = f"‹{key}›"
        return self[key]


@pytest.mark.parametrize("code", MESSAGES)
def test_every_message_is_a_whole_sentence(code: str) -> None:
    """Level, title and basis are there; filled in, nothing of the template is left."""
    message = MESSAGES[code]
    assert message.level in tuple(Level)
    assert message.title
    assert message.basis
    said = sentence(code, _Facts())
    assert "。" in said
    assert not set("{}") & set(said)
    assert not said.startswith(("，", "。"))


def placeholders(code: str) -> set[str]:
    message = MESSAGES[code]
    parts = (message.fact, message.expected, message.action)
    return {name for part in parts for _, name, _, _ in string.Formatter().parse(part) if name}


def messages_made() -> Iterator[tuple[str, str, set[str]]]:
    """(file:line, code, facts) wherever the package makes a finding of a built-in code."""
    for path in sorted(Path(xltool.__file__).parent.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        assigned = {ast.unparse(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)}
        for node in nodes:
            if isinstance(node, ast.Call) and node.args and all(keyword.arg for keyword in node.keywords):
                first = assigned.get(ast.unparse(node.args[0]), node.args[0])
                for code in codes_in(first):
                    yield f"{path.name}:{node.lineno}", code, {str(keyword.arg) for keyword in node.keywords}


def codes_in(argument: ast.expr) -> list[str]:
    """``"W07"``, or both of ``"W07" if … else "W08"``."""
    either = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    return [str(node.value) for node in either if isinstance(node, ast.Constant) and node.value in MESSAGES]


def test_every_finding_brings_the_facts_its_message_needs() -> None:
    """No sentence fails to be put together when a unit's file meets it."""
    made_somewhere = list(messages_made())
    for place, code, facts in made_somewhere:
        assert placeholders(code) <= facts, f"{place} makes {code} without {placeholders(code) - facts}"
    assert len(made_somewhere) >= len(MESSAGES) - 4


def test_a_finding_s_key_tells_instances_apart() -> None:
    """The code, and what it is about."""
    first = made("T07", figures=(FigureId("t", "r", "c"),), quoted="#REF!", expected="数")
    assert first.key == "T07.t.r.c"
    assert made("W13").key == "W13"
    assert made("W11", key="W11.x", fact="…").key == "W11.x"


def test_official_sentence(form: Form) -> None:
    """The sentence of the relation printed on the form."""
    values = {**all_zero(form), FigureId("t3", "r1", "natural"): Decimal(3)}
    now = Filing(form.id, Unit("某局", type="部门"), 2024, values, sources={FigureId("t3", "r1", "natural"): "表三 D9"})
    found = next(f for f in check_filing(form, now) if f.key == "A03.natural")
    assert found.place == "表三 D9（一、本年新收 · 自然人）"
    assert found.said == (
        "表三每列，第一项加第二项之和，等于第三项加第四项之和（自然人）；现在一＋二是 3，三（七）＋四是 0，相差 3。"
        "请核对这一列各行的数，一件申请只计一次办理结果，未办结的计入第四项。"
    )

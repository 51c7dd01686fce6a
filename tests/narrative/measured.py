"""Hand-labelled sentences: how they are written down, and what the check reads in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tests.fills import all_zero
from xltool.figure import FigureId, plain
from xltool.filing import Filing, Unit
from xltool.form import Form
from xltool.narrative.claims import claims_of
from xltool.narrative.claims.statement import Way
from xltool.narrative.claims.verdict import Verdict
from xltool.yamlfile import Node, parse_yaml

HERE = Path(__file__).parent
PART = "s1.requests"
"""The part where most is taken for a figure: what is not one must not be read even there."""
UNIT, YEAR = "某县农业农村局", 2024

FIGURES: dict[str, str] = {
    "新收": "t3.r1.natural", "结转来": "t3.r2.natural", "予以公开": "t3.r3_1.natural", "部分公开": "t3.r3_2.natural",
    "不予公开": "t3.r3_3_4.natural", "无法提供": "t3.r3_4_1.natural", "不予处理": "t3.r3_5_1.natural",
    "其他处理": "t3.r3_6_3.natural", "逾期补正": "t3.r3_6_1.natural",
    "结转下年": "t3.r4.natural",
    "复议维持": "t4.review.upheld", "复议其他": "t4.review.other", "直诉维持": "t4.direct.upheld",
    "后诉维持": "t4.after.upheld", "诉讼未结": "t4.after.pending",
    "规章制发": "t2.rules.made", "规章废止": "t2.rules.repealed", "规章有效": "t2.rules.in_force",
    "文件制发": "t2.documents.made", "文件废止": "t2.documents.repealed", "文件有效": "t2.documents.in_force",
    "许可": "t2.permits.decisions", "处罚": "t2.penalties.decisions", "强制": "t2.coercion.decisions",
    "收费": "t2.fees.amount", "处理费件数": "s6.fee.requests", "处理费": "s6.fee.amount",
}  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """One sentence, the filing that says it, last year's, and what is to be read: “收到 43”, “收到 40 ×N01”."""

    text: str
    filing: Filing
    prior: Filing | None
    expected: tuple[str, ...]


def labelled(form: Form, name: str) -> Iterator[Labelled]:
    """The sentences of one of the files beside this module."""
    path = HERE / name
    for group in parse_yaml(path.read_text("utf-8"), name):
        keys = group.mapping(("unit", "year", "table", "last", "sentences"))
        unit = Unit(keys["unit"].text() if "unit" in keys else UNIT)
        year = keys["year"].number() if "year" in keys else YEAR
        prior = filing(form, unit, year - 1, keys["last"]) if "last" in keys else None
        for line in keys["sentences"].texts():
            text, arrow, said = line.partition("=>")
            assert arrow, f"{name}: no => in {line}"
            expected = tuple(one.strip() for one in said.split(";") if one.strip())
            made = filing(form, unit, year, keys["table"], {PART: text.strip()})
            yield Labelled(text.strip(), made, prior, expected)


def filing(form: Form, unit: Unit, year: int, table: Node, texts: Mapping[str, str] | None = None) -> Filing:
    """Zero everywhere but where the table says otherwise."""
    given = {FigureId.parse(FIGURES[name]): Decimal(node.text()) for name, node in table.mapping().items()}
    return Filing(form.id, unit, year, {**all_zero(form), **given}, texts=texts or {})


def read(form: Form, sentence: Labelled) -> list[str]:
    """What the check reads in the sentence, in the words of the labels."""
    return [shown(one) for one in claims_of(form, sentence.filing, sentence.prior)]


_NAMES = {Way.GROWTH: "增长", Way.CHANGE: "增减", Way.SHARE: "占比"}


def shown(one: Verdict) -> str:
    """``收到 43``, ``增长 -3% ×N10``, ``全部办结 ×N07``."""
    said = one.statement
    name = _NAMES.get(said.way) or said.about.name
    if said.last_year and said.way is Way.COUNT:
        name = f"上年{name}"
    number = "" if said.way is Way.DONE else f" {_value(one)}"
    return f"{name}{number}" + (f" ×{one.code}" if one.holds is False else "")


def _value(one: Verdict) -> str:
    amount, value = one.statement.amount, one.statement.value
    if amount is None or not amount.unit.endswith(("元", "%")):
        return plain(value)
    if amount.unit == "%" and amount.step < 1:
        value = value.quantize(amount.step)
        return f"{value}%"
    digits = re.search("([亿万])元$", one.statement.number)
    scale = {"亿": 10**8, "万": 10**4}[digits[1]] if digits else 1
    return f"{plain(value / scale)}{'亿' if scale > 10**4 else '万' if scale > 1 else ''}{amount.unit}"


@dataclass
class Measure:
    """How many were read rightly, wrongly, and not at all; of what disagrees with the tables the same."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def take(self, text: str, expected: list[str], found: list[str]) -> None:
        wanted, got = Counter(expected), Counter(found)
        self.right += (wanted & got).total()
        self.wrong += [f"{one}  in  {text}" for one in (got - wanted).elements()]
        self.missed += [f"{one}  in  {text}" for one in (wanted - got).elements()]

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + len(self.missed))

    def told(self) -> str:
        lines = [f"precision {self.precision:.3f}, recall {self.recall:.3f}, right {self.right}"]
        return "\n".join([*lines, *(f"wrong: {one}" for one in self.wrong), *(f"missed: {one}" for one in self.missed)])


def measured(form: Form, *names: str) -> tuple[Measure, Measure]:
    """Of all statements, and of those alone that disagree with the tables."""
    everything, disagreeing = Measure(), Measure()
    for name in names:
        for sentence in labelled(form, name):
            found = read(form, sentence)
            everything.take(sentence.text, list(sentence.expected), found)
            disagreeing.take(sentence.text, [e for e in sentence.expected if "×" in e], [f for f in found if "×" in f])
    return everything, disagreeing

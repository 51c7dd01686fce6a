"""``python -m tests.county.make``: last year's and this year's filings of the made-up county, from typed sources.

Typed: ``名册.csv`` (who), ``profile.json`` (each unit's figures of two years, its subjects), ``phrases.json``
(sentences). Made: ``last.json`` and ``this.json``. Nothing is drawn by chance.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.campaign.roster import Change, Roster, RosterUnit
from xltool.county.sources import FORM_ID, YEAR, folder, form, roster
from xltool.filing import Filing, Unit, from_json, to_data

LAST, THIS = 0, 1
COLUMNS = ("natural", "company", "research", "charity", "legal", "other")
GROUPS = ("review", "direct", "after")
OUTCOMES = ("upheld", "corrected", "other", "pending")
# How requests usually end, out of 100; a unit keeps to one of these ways.
WAYS: tuple[dict[str, int], ...] = (
    {"r3_1": 48, "r3_2": 9, "r3_3_4": 3, "r3_3_7": 5, "r3_4_1": 21, "r3_5_1": 7, "r3_6_1": 3, "r3_6_3": 4},
    {"r3_1": 40, "r3_2": 12, "r3_3_5": 4, "r3_3_6": 3, "r3_4_1": 25, "r3_4_2": 4, "r3_5_2": 4, "r3_6_3": 8},
    {"r3_1": 55, "r3_2": 6, "r3_3_8": 5, "r3_4_1": 18, "r3_4_3": 4, "r3_5_1": 6, "r3_5_5": 3, "r3_6_1": 3},
)
ROADS = ("人民路", "建设街", "青岭大道", "河滨路", "新华街", "文化巷", "迎宾路", "双桥街")
PEOPLE = ("陈小雨", "周一帆", "吴倩", "郑凯", "冯佳", "褚明", "卫兰", "蒋波", "沈洁", "韩冬", "杨帆", "朱丽", "秦越")
TYPED_OUT = 20
"""From so many requests on a unit types every 0 of table 3 instead of declaring them."""
COUNCILS = ("县级政府", "乡镇街道")
COUNCIL_LINES = (
    "公开工作考核结果列入年度目标，社会评议意见已逐条答复，没有责任追究的情形。",
    "按要求开展工作考核和社会评议，评议满意率较上年提高，未发生责任追究。",
    "工作考核由办公室组织，社会评议采用入户问卷，本年无责任追究事项。",
    "接受上级工作考核，邀请代表开展社会评议；责任追究情况：无。",
)


@dataclass(frozen=True)
class Report:
    """One unit's report of one year while it is being made. ``turn`` makes units differ."""

    unit: Unit
    year: int
    when: int
    profile: dict[str, Any]
    turn: int
    contact: str
    phone: str

    def pair(self, key: str, absent: Any = 0) -> Any:
        """The year's entry of a [last year, this year] pair."""
        found = self.profile.get(key, [absent, absent])[self.when]
        return absent if found is None else found

    def carried(self, column: str, end_of: int) -> int:
        """Requests carried over the end of a year: -1 two years ago, 0 last year, 1 this year."""
        found = self.profile.get("carried", {}).get(column, [0, 0, 0])[end_of + 1]
        return found or 0

    def phrase(self, bank: list[str], stride: int, shift: int) -> str:
        """A sentence of the bank: units hardly ever share more than two, nor a unit with its own last year."""
        at = self.turn * stride + self.turn // len(bank) * shift + self.when * (len(bank) // 2 - 1)
        chosen = bank[at % len(bank)]
        a, b, c = self.profile["topics"]
        posts = 24 + zlib.crc32(f"{self.unit.name}{self.year}".encode()) % 420
        words = {"a": a, "b": b, "c": c, "me": _me(self.unit.name), "posts": posts}
        return chosen.format(**words, year=self.year, next=self.year + 1)


def _me(name: str) -> str:
    endings = {"局": "我局", "镇人民政府": "我镇", "乡人民政府": "我乡", "办事处": "本街道", "医院": "我院", "中学": "我校"}
    return next((said for ending, said in endings.items() if name.endswith(ending)), "本单位")


def _table2(report: Report, before: int) -> dict[str, Any]:
    made, repealed, *stated = report.pair("documents", (0, 0, 0))
    values = {f"t2.rules.{column}": 0 for column in ("made", "repealed", "in_force")}
    values |= {"t2.documents.made": made, "t2.documents.repealed": repealed}
    values["t2.documents.in_force"] = stated[0] if stated else before + made - repealed
    for row in ("permits", "penalties", "coercion"):
        values[f"t2.{row}.decisions"] = report.pair(row)
    values["t2.fees.amount"] = report.pair("fees")
    return values


def _table3(report: Report) -> dict[str, int]:
    way = WAYS[zlib.crc32(report.unit.name.encode()) % len(WAYS)]
    values = {f"t3.{row}.{column}": 0 for row in _rows() for column in COLUMNS}
    for column in COLUMNS:
        new, old, left = report.pair(column), report.carried(column, report.when - 1), report.carried(column, report.when)
        values |= {f"t3.r1.{column}": new, f"t3.r2.{column}": old, f"t3.r4.{column}": left}
        for row, count in _shared_out(new + old - left, way).items():
            values[f"t3.{row}.{column}"] = count
    return values


def _rows() -> list[str]:
    return [line.id for line in form().table("t3").blocks[0].rows if line.computed is None]


def _shared_out(total: int, way: dict[str, int]) -> dict[str, int]:
    """``total`` shared out as ``way`` says, the largest remainders rounded up."""
    exact = {row: total * share / sum(way.values()) for row, share in way.items()}
    counts = {row: int(share) for row, share in exact.items()}
    by_remainder = sorted(exact, key=lambda row: counts[row] - exact[row])
    for row in by_remainder[: total - sum(counts.values())]:
        counts[row] += 1
    return counts


def _table4(report: Report) -> dict[str, int]:
    return {
        f"t4.{group}.{outcome}": count
        for group in GROUPS
        for outcome, count in zip(OUTCOMES, report.pair(group, [0, 0, 0, 0]), strict=True)
    }


def _filing(report: Report, before: int) -> Filing:
    t2, t3, t4 = _table2(report, before), _table3(report), _table4(report)
    busy = sum(t3[f"t3.r1.{column}"] for column in COLUMNS) >= TYPED_OUT
    declared = {"t2", "t3", "t4"}
    if report.when == THIS:
        declared = {"t3"} - {"t3" if busy else ""} | {"t4" if report.turn % 2 and not busy else ""} - {""}
    values = {**t2, **t3, **t4}
    kept = {key: value for key, value in values.items() if value or key.split(".")[0] not in declared}
    kept |= dict(zip(("s6.fee.requests", "s6.fee.amount"), report.pair("processing", (0, 0)), strict=True))
    data = {
        "form": FORM_ID,
        "unit": {"name": report.unit.name, "code": report.unit.code, "type": report.unit.type},
        "year": report.year,
        "values": kept,
        "zero_declared": sorted(declared),
        "texts": _texts(report, t2, t3, t4),
        "explanations": report.profile.get("explanations", {}) if report.when == THIS else {},
    }
    if report.unit.powers:
        data["unit"]["powers"] = dict(report.unit.powers)
    return from_json(json.dumps(data, ensure_ascii=False))


def _texts(report: Report, t2: dict[str, Any], t3: dict[str, int], t4: dict[str, int]) -> dict[str, str]:
    bank: dict[str, list[str]] = json.loads((folder() / "phrases.json").read_text("utf-8"))
    texts = _cover(report)
    if report.unit.type == "县级政府":
        texts["s1.lead"] = (
            f"{report.year}年，{report.unit.name}按照国办公开办函〔2021〕30号规定的格式编写本报告，"
            "所列数据为本级机关情况，不含部门和乡镇。"
        )
    texts["s1.disclosure"] = report.phrase(bank["disclosure"], 1, 0) + _documents(t2)
    texts["s1.requests"] = _requests(report, t3, bank)
    texts["s1.management"] = report.phrase(bank["management"], 5, 1)
    texts["s1.platform"] = report.phrase(bank["platform"], 7, 3)
    texts["s1.supervision"] = report.phrase(bank["supervision"], 11, 7) + _court(report, t4)
    if report.unit.type in COUNCILS:
        texts["s1.supervision"] += COUNCIL_LINES[(report.turn + report.when) % len(COUNCIL_LINES)]
    texts["s5.problems"] = report.phrase(bank["problems"], 5, 8)
    texts["s5.improvements"] = report.phrase(bank["improvements"], 5, 8)
    texts["s6.other"] = report.phrase(bank["other"], 1, 1)
    return texts


def _cover(report: Report) -> dict[str, str]:
    digest = zlib.crc32(f"{report.unit.name}{report.year}".encode())
    return {
        "cover.contact": report.contact,
        "cover.address": f"青岭县{ROADS[report.turn % len(ROADS)]}{report.turn * 3 + 1}号",
        "cover.phone": report.phone,
        "cover.email": f"{(report.unit.code or 'ql').lower()}@example.com",
        "cover.compiler": PEOPLE[digest % len(PEOPLE)],
        "cover.reviewer": PEOPLE[(digest + 5) % len(PEOPLE)],
        "cover.date": f"{report.year + 1}年1月{5 + digest % 20}日",
    }


def _documents(t2: dict[str, Any]) -> str:
    made, repealed, in_force = (t2[f"t2.documents.{column}"] for column in ("made", "repealed", "in_force"))
    if not made and not repealed:
        return ""
    return f"制发行政规范性文件{made}件、废止{repealed}件，现行有效{in_force}件。"


def _requests(report: Report, t3: dict[str, int], bank: dict[str, list[str]]) -> str:
    new, old, left = (sum(t3[f"t3.{row}.{column}"] for column in COLUMNS) for row in ("r1", "r2", "r4"))
    if not new and not old:
        return report.phrase(bank["requests_none"], 1, 1)
    first = f"全年新收政府信息公开申请{new}件" if report.turn % 2 else f"本年新收到政府信息公开申请{new}件"
    carried = f"，上年结转{old}件" if old else ""
    done = new + old - left
    end = f"；办结{done}件，结转下年度{left}件。" if left else f"，共办结{done}件，无结转下年度的申请。"
    return first + carried + end + report.phrase(bank["requests_close"], 3, 2)


def _court(report: Report, t4: dict[str, int]) -> str:
    reviews, direct, after = (sum(t4[f"t4.{group}.{o}"] for o in OUTCOMES) for group in GROUPS)
    if reviews + direct + after:
        return f"因政府信息公开被申请行政复议{reviews}件，被提起行政诉讼{direct + after}件。"
    none = ("没有因政府信息公开引起的复议和诉讼。", "未发生政府信息公开方面的行政复议、行政诉讼。")
    return none[report.turn % 2]


def _profiles() -> dict[str, dict[str, Any]]:
    profiles: dict[str, dict[str, Any]] = json.loads((folder() / "profile.json").read_text("utf-8"))
    return profiles


def _former(listed: Roster) -> dict[str, str]:
    """Last year's units that are not on the roster: name → the unit that they are part of now."""
    pairs = ((name, unit.name) for unit in listed for name in unit.predecessors)
    return {name: now for name, now in pairs if name not in listed.by_name}


def last_year() -> list[Filing]:
    """2024: every unit of then, under its name of then."""
    listed, profiles = roster(), _profiles()
    filings = []
    for unit in listed:
        if unit.change in (Change.NONE, Change.ABOLISHED, Change.FILED_BY):
            filings.append(_filing(_report(unit, unit.unit, YEAR - 1, profiles), 0))
    for index, (name, now) in enumerate(_former(listed).items()):
        successor = listed.by_name[now]
        then = Unit(name, None, successor.unit.type)
        filings.append(_filing(_report(successor, then, YEAR - 1, profiles, 70 + index), 0))
    return filings


def this_year(before: list[Filing]) -> list[Filing]:
    """2025, as it really was: every unit that fills in a workbook of its own."""
    listed, profiles = roster(), _profiles()
    in_force = {filing.unit.name: _in_force(filing) for filing in before}
    return [
        _filing(
            _report(unit, unit.unit, YEAR, profiles),
            sum(in_force.get(name, 0) for name in unit.predecessors or (unit.name,)),
        )
        for unit in listed
        if unit.files
    ]


def _in_force(filing: Filing) -> int:
    named = {str(figure): value for figure, value in filing.values.items()}
    return int(named.get("t2.documents.in_force", Decimal(0)))


def _report(
    listed: RosterUnit, unit: Unit, year: int, profiles: dict[str, dict[str, Any]], turn: int | None = None
) -> Report:
    when = THIS if year == YEAR else LAST
    turn = listed.order if turn is None else turn
    return Report(unit, year, when, profiles[unit.name], turn, listed.contact, listed.phone)


def _written(filings: list[Filing]) -> str:
    """One filing after the other: who, all figures in a line, one text a line."""
    return "[\n" + ",\n".join(_one(to_data(filing)) for filing in filings) + "\n]\n"


def _one(data: dict[str, Any]) -> str:
    lines = []
    for key, value in data.items():
        if key == "texts":
            texts = ",\n".join(f"   {_dumped(name)}: {_dumped(text)}" for name, text in value.items())
            lines.append(f'  "texts": {{\n{texts}\n  }}')
        else:
            lines.append(f"  {_dumped(key)}: {_dumped(value)}")
    return " {\n" + ",\n".join(lines) + "\n }"


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def made_files() -> dict[Path, str]:
    """The made files with their content."""
    before = last_year()
    return {folder() / "last.json": _written(before), folder() / "this.json": _written(this_year(before))}


def main() -> None:
    for path, text in made_files().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.name, len(text.encode()))


if __name__ == "__main__":
    main()

"""The made-up county's reports in words: sentences from ``phrases.json`` with a unit's own subjects and figures."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import Any

from xltool.county.sources import folder
from xltool.filing import Unit

COLUMNS = ("natural", "company", "research", "charity", "legal", "other")
GROUPS = ("review", "direct", "after")
OUTCOMES = ("upheld", "corrected", "other", "pending")
ROADS = ("人民路", "建设街", "青岭大道", "河滨路", "新华街", "文化巷", "迎宾路", "双桥街")
PEOPLE = ("陈小雨", "周一帆", "吴倩", "郑凯", "冯佳", "褚明", "卫兰", "蒋波", "沈洁", "韩冬", "杨帆", "朱丽", "秦越")
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
    endings = {
        "局": "我局",
        "镇人民政府": "我镇",
        "乡人民政府": "我乡",
        "办事处": "本街道",
        "医院": "我院",
        "中学": "我校",
    }
    return next((said for ending, said in endings.items() if name.endswith(ending)), "本单位")


def texts_of(report: Report, t2: dict[str, Any], t3: dict[str, int], t4: dict[str, int]) -> dict[str, str]:
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

"""``python -m tests.county.make``: last year's and this year's filings of the made-up county, from typed sources.

Typed: ``名册.csv`` (who), ``profile.json`` (each unit's figures of two years, its subjects), ``phrases.json``
(sentences). Made: ``last.json`` and ``this.json``. Nothing is drawn by chance.
"""

from __future__ import annotations

import json
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.county.wording import COLUMNS, GROUPS, OUTCOMES, Report, texts_of
from xltool.campaign.roster import Change, Roster, RosterUnit
from xltool.county.sources import FORM_ID, YEAR, folder, form, roster
from xltool.filing import Filing, Unit, from_json, to_data

LAST, THIS = 0, 1
# How requests usually end, out of 100; a unit keeps to one of these ways.
WAYS: tuple[dict[str, int], ...] = (
    {"r3_1": 48, "r3_2": 9, "r3_3_4": 3, "r3_3_7": 5, "r3_4_1": 21, "r3_5_1": 7, "r3_6_1": 3, "r3_6_3": 4},
    {"r3_1": 40, "r3_2": 12, "r3_3_5": 4, "r3_3_6": 3, "r3_4_1": 25, "r3_4_2": 4, "r3_5_2": 4, "r3_6_3": 8},
    {"r3_1": 55, "r3_2": 6, "r3_3_8": 5, "r3_4_1": 18, "r3_4_3": 4, "r3_5_1": 6, "r3_5_5": 3, "r3_6_1": 3},
)
TYPED_OUT = 20
"""From so many requests on a unit types every 0 of table 3 instead of declaring them."""


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
        new, old = report.pair(column), report.carried(column, report.when - 1)
        left = report.carried(column, report.when)
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
        "texts": texts_of(report, t2, t3, t4),
        "explanations": report.profile.get("explanations", {}) if report.when == THIS else {},
    }
    if report.unit.powers:
        data["unit"]["powers"] = dict(report.unit.powers)
    return from_json(json.dumps(data, ensure_ascii=False))


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

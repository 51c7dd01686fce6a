"""How a campaign's things stand in rows of the database, both ways."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from xltool.campaign.roster import Change, RosterUnit
from xltool.check.finding import Finding, finding_data
from xltool.check.judge import Outcome
from xltool.errors import CampaignTrouble
from xltool.figure import FigureId, plain
from xltool.filing import Filing, Unit
from xltool.form import Form, Level

SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE unit (
  name TEXT PRIMARY KEY, position INTEGER NOT NULL, code TEXT, type TEXT, superior TEXT NOT NULL,
  contact TEXT NOT NULL, phone TEXT NOT NULL, powers TEXT NOT NULL, change TEXT NOT NULL,
  predecessors TEXT NOT NULL, filed_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE issued (
  unit TEXT NOT NULL, issue INTEGER NOT NULL, number TEXT NOT NULL, fingerprint TEXT NOT NULL,
  file TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (unit, issue)
) WITHOUT ROWID;
CREATE TABLE original (
  hash TEXT PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE submission (
  id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, unit TEXT NOT NULL, round INTEGER NOT NULL, at TEXT NOT NULL,
  file TEXT NOT NULL, state TEXT NOT NULL, errors INTEGER NOT NULL, waiting INTEGER NOT NULL,
  hints INTEGER NOT NULL, figures TEXT NOT NULL, findings TEXT NOT NULL, UNIQUE (unit, round)
);
CREATE INDEX submission_figures ON submission (figures);
CREATE TABLE refused (
  hash TEXT NOT NULL, file TEXT NOT NULL, at TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (hash, file)
) WITHOUT ROWID;
CREATE TABLE decision (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, unit TEXT NOT NULL, action TEXT NOT NULL,
  submission INTEGER, note TEXT NOT NULL, data TEXT NOT NULL
);
CREATE INDEX decision_unit ON decision (unit);
CREATE TRIGGER decision_is_kept BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""


SCHEMA_VERSION = 1
"""Changes whenever a database made before could be misread."""
_FIRST_FIGURE = 5
"""Where in a row of the wide table the figures begin."""
_LISTED = 5


def refuse_other_version(folder: Path, version: str) -> None:
    """CampaignTrouble where the rows of the database in ``folder`` are not these."""
    if version != str(SCHEMA_VERSION):
        said = f"数据库的格式是第 {version or '？'} 版，这个程序能用的是第 {SCHEMA_VERSION} 版"
        raise CampaignTrouble(f"{folder} 的收报任务是另一版本的 xltool 建的：{said}。请换用建它的那个版本。")


def refuse_other_figures(folder: Path, form: Form, columns: Sequence[str]) -> None:
    """CampaignTrouble where the wide table in ``folder``, which has these columns, is not for the form's figures."""
    here, due = list(columns[_FIRST_FIGURE:]), _figure_columns(form)
    if here != due:
        odd = "、".join(sorted(set(here) ^ set(due))[:_LISTED]) or "次序"
        said = f"建任务以后，表式“{form.id}”的指标有改动（{odd}），收到的数对不上了"
        raise CampaignTrouble(f"{folder}  {said}。请换回建任务时的表式。")


def _figure_columns(form: Form) -> list[str]:
    return [str(figure.id) for figure in form.inputs]


def filing_table(form: Form) -> str:
    """The statement that makes the wide table: one column per figure that people fill in."""
    figures = ", ".join(f'"{name}"' for name in _figure_columns(form))
    return (
        "CREATE TABLE filing (owner TEXT NOT NULL, key TEXT NOT NULL, year INTEGER NOT NULL, unit TEXT NOT NULL,"
        f" said TEXT NOT NULL, {figures}, PRIMARY KEY (owner, key)) WITHOUT ROWID"
    )


def filing_row(form: Form, owner: str, key: str, filing: Filing) -> tuple[Any, ...]:
    """A filing for the wide table: what is no figure stands together as JSON."""
    said = {
        "zero_declared": sorted(filing.zero_declared),
        "texts": dict(filing.texts),
        "explanations": dict(filing.explanations),
        "unread": {str(figure): text for figure, text in filing.unread.items()},
        # In a return they are what was typed over a formula, and stand in the original; of last year they may be all.
        "stated": {str(figure): str(value) for figure, value in filing.stated.items()} if owner == "seed" else {},
        "code": filing.unit.code,
        "type": filing.unit.type,
        "powers": dict(filing.unit.powers),
    }
    figures = [_stored(filing.values.get(figure.id)) for figure in form.inputs]
    return (owner, key, filing.year, filing.unit.name, as_json(said), *figures)


def filing_of(form: Form, row: tuple[Any, ...]) -> Filing:
    """The filing in a row of the wide table."""
    said = json.loads(row[4])
    return Filing(
        form=form.id,
        unit=Unit(row[3], said["code"], said["type"], said["powers"]),
        year=row[2],
        values=_figures([figure.id for figure in form.inputs], row[_FIRST_FIGURE:]),
        zero_declared=frozenset(said["zero_declared"]),
        texts=said["texts"],
        explanations=said["explanations"],
        unread={FigureId.parse(name): text for name, text in said["unread"].items()},
        stated={FigureId.parse(name): Decimal(value) for name, value in said.get("stated", {}).items()},
    )


def _figures(inputs: list[FigureId], cells: tuple[Any, ...]) -> dict[FigureId, Decimal]:
    return {figure: Decimal(cell) for figure, cell in zip(inputs, cells, strict=True) if cell is not None}


def _stored(value: Decimal | None) -> int | str | None:
    """Whole numbers as numbers, others as text: SQLite knows no decimals."""
    if value is None:
        return None
    whole = value == value.to_integral_value() and abs(value) < 2**62
    return int(value) if whole else plain(value)


def findings_json(findings: Iterable[Finding]) -> str:
    """Findings as they stand in a row: what ``xltool check --json`` gives."""
    return as_json([finding_data(finding) for finding in findings])


def findings_of(text: str) -> tuple[Finding, ...]:
    """The findings in a row; what only mattered while they were judged is not kept."""
    return tuple(_finding(data) for data in json.loads(text))


def _finding(data: Mapping[str, Any]) -> Finding:
    finding = Finding(
        code=data["code"],
        key=data["key"],
        level=Level(data["level"]),
        outcome=Outcome.FAILED,
        sheet=data["sheet"],
        cell=data["cell"],
        label=data["label"],
        said=data["text"],
        figures=tuple(FigureId.parse(figure) for figure in data["figures"]),
        facts=data["facts"],
        explanation=data["explanation"],
    )
    # Of a rule on trial: it would be open, and is not.
    return finding if finding.is_open == data["open"] else replace(finding, trial=True)


def as_json(data: object) -> str:
    """Compact JSON."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def statements(script: str) -> Iterator[str]:
    """The script's statements one by one: ``executescript`` would commit in between."""
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if line.endswith(";"):
            yield statement
            statement = ""


def unit_row(unit: RosterUnit) -> tuple[Any, ...]:
    """A line of the roster, in the order of the table's columns."""
    u = unit.unit
    return (
        u.name, unit.order, u.code, u.type, unit.superior, unit.contact, unit.phone, as_json(dict(u.powers)),
        unit.change.value, as_json(unit.predecessors), unit.filed_by,
    )  # fmt: skip


def roster_unit(row: tuple[Any, ...]) -> RosterUnit:
    """The line of the roster in ``row``."""
    name, order, code, kind, superior, contact, phone, powers, change, predecessors, filed_by = row
    return RosterUnit(
        order, Unit(name, code, kind, json.loads(powers)), superior, contact, phone, Change(change),
        tuple(json.loads(predecessors)), filed_by,
    )  # fmt: skip

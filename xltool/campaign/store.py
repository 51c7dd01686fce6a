"""The campaign's database: everything that is asked of it and put into it.

Figures stand in a wide table, one column per figure (faster and smaller than one JSON per filing). Decisions are a
log that is only ever added to: the database itself refuses to change or delete a line of it. The journal is a plain
file, not WAL, because campaigns live on shared folders.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xltool.campaign.connection import connect, told
from xltool.campaign.records import Decision, Issued, State, Submission, counting_by_unit
from xltool.campaign.roster import Roster, RosterUnit
from xltool.campaign.rows import (
    SCHEMA,
    SCHEMA_VERSION,
    as_json,
    filing_of,
    filing_row,
    filing_table,
    findings_json,
    findings_of,
    refuse_other_figures,
    refuse_other_version,
    roster_unit,
    statements,
    unit_row,
)
from xltool.campaign.seeding import Seeds
from xltool.errors import CampaignTrouble
from xltool.filing import Filing
from xltool.form import Form

DATABASE = "campaign.db"


class Store:
    """One campaign's database. Every method is one transaction unless called inside ``transaction()``."""

    def __init__(self, connection: sqlite3.Connection, form: Form) -> None:
        self._connection = connection
        self._form = form

    @classmethod
    def create(cls, folder: Path, form: Form, settings: Mapping[str, str], roster: Roster) -> Store:
        """A new database in ``folder``; CampaignTrouble where there is one already."""
        path = folder / DATABASE
        # An empty file is what a run leaves that was killed before its first commit.
        if path.exists() and path.stat().st_size:
            raise CampaignTrouble(f"{folder} 里已经有一个收报任务，没有改动。要另建请换一个文件夹。")
        store = cls(connect(path), form)
        try:
            with store.transaction():
                store._fill({**settings, "schema": str(SCHEMA_VERSION)}, roster)
        except BaseException:
            store.close()
            if path.exists() and not path.stat().st_size:
                path.unlink()
            raise
        return store

    def _fill(self, settings: Mapping[str, str], roster: Roster) -> None:
        for statement in (*statements(SCHEMA), filing_table(self._form)):
            self._connection.execute(statement)
        for name, value in settings.items():
            self.put_setting(name, value)
        self.put_roster(roster)

    @staticmethod
    def settings_of(folder: Path) -> dict[str, str]:
        """The settings alone, to learn which form the campaign is of; CampaignTrouble where another version made it."""
        connection = connect(folder / DATABASE)
        try:
            settings = dict(connection.execute("SELECT name, value FROM setting").fetchall())
        finally:
            connection.close()
        refuse_other_version(folder, settings.get("schema", ""))
        return settings

    @classmethod
    def open(cls, folder: Path, form: Form) -> Store:
        """The database in ``folder``; CampaignTrouble where it was made for other figures than ``form`` has."""
        store = cls(connect(folder / DATABASE), form)
        try:
            columns = store._connection.execute("PRAGMA table_info(filing)").fetchall()
            refuse_other_figures(folder, form, [column[1] for column in columns])
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; waits for another writer, and says so when that takes too long."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise

    def settings(self) -> dict[str, str]:
        return dict(self._connection.execute("SELECT name, value FROM setting").fetchall())

    def put_setting(self, name: str, value: str) -> None:
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def put_roster(self, roster: Roster) -> None:
        """Replace the roster."""
        with self.transaction():
            self._connection.execute("DELETE FROM unit")
            self._connection.executemany(
                "INSERT INTO unit VALUES (?,?,?,?,?,?,?,?,?,?,?)", [unit_row(unit) for unit in roster]
            )

    def entry(self, name: str) -> RosterUnit | None:
        """The roster's line about ``name``."""
        rows = self._connection.execute("SELECT * FROM unit WHERE name = ?", (name,)).fetchall()
        return roster_unit(rows[0]) if rows else None

    def roster(self) -> Roster:
        rows = self._connection.execute("SELECT * FROM unit ORDER BY position, name")
        return Roster(tuple(roster_unit(row) for row in rows))

    def put_issued(self, issued: Iterable[Issued]) -> None:
        # What somebody else has recorded meanwhile is the same workbook.
        with self.transaction():
            self._connection.executemany(
                "INSERT OR IGNORE INTO issued VALUES (?,?,?,?,?,?)",
                [(i.unit, i.issue, i.number, i.fingerprint, i.file, i.at) for i in issued],
            )

    def last_issued(self) -> dict[str, Issued]:
        """The newest workbook handed out, by unit."""
        rows = self._connection.execute("SELECT unit, issue, number, fingerprint, file, at FROM issued ORDER BY issue")
        return {row[0]: Issued(*row) for row in rows}

    def unit_of_number(self, number: str) -> str | None:
        """The unit to which a blank workbook with this number was handed out."""
        rows = self._connection.execute("SELECT unit FROM issued WHERE number = ?", (number,)).fetchall()
        return rows[0][0] if rows else None

    def add_original(self, digest: str, name: str, size: int, at: str) -> None:
        """A file stands in the archive; whether it was of use, submissions and refusals tell."""
        with self.transaction():
            self._connection.execute(
                "INSERT OR IGNORE INTO original (hash, name, size, at) VALUES (?,?,?,?)", (digest, name, size, at)
            )

    def add_submission(self, submission: Submission, filing: Filing) -> int:
        """A return with its figures; gives its id."""
        s = submission
        with self.transaction():
            cursor = self._connection.execute(
                "INSERT INTO submission (hash, unit, round, at, file, state, errors, waiting, hints, figures,"
                " findings) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                (
                    s.hash, s.unit, s.round, s.at, s.file, s.state, s.errors, s.waiting, s.hints, s.figures,
                    findings_json(s.findings),
                ),
            )  # fmt: skip
            self._put_filing("submission", str(cursor.lastrowid), filing)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def add_refused(self, digest: str, file: str, at: str, reason: str) -> None:
        with self.transaction():
            self._connection.execute("INSERT OR REPLACE INTO refused VALUES (?,?,?,?)", (digest, file, at, reason))

    def refused(self) -> list[tuple[str, str, str, str]]:
        """(hash, file, at, reason) of files that belong to no unit."""
        return self._connection.execute("SELECT hash, file, at, reason FROM refused ORDER BY at").fetchall()

    def update_findings(self, submission: Submission) -> None:
        """After a re-check: what was found anew."""
        s = submission
        with self.transaction():
            self._connection.execute(
                "UPDATE submission SET state=?, errors=?, waiting=?, hints=?, findings=? WHERE id=?",
                (s.state, s.errors, s.waiting, s.hints, findings_json(s.findings), s.id),
            )

    def submissions(self, unit: str | None = None) -> list[Submission]:
        """All rounds, by unit, oldest first."""
        return self._submissions("", ()) if unit is None else self._submissions("WHERE unit = ?", (unit,))

    def by_hash(self, digest: str) -> Submission:
        """The submission of the file with this hash."""
        return self._submissions("WHERE hash = ?", (digest,))[0]

    def knows(self, digest: str) -> bool:
        """Whether the file with this hash was filed to a unit."""
        return bool(self._connection.execute("SELECT 1 FROM submission WHERE hash = ?", (digest,)).fetchall())

    def newest_id(self) -> int:
        """The id of the newest submission, 0 where there is none."""
        return int(self._connection.execute("SELECT ifnull(max(id), 0) FROM submission").fetchone()[0])

    def units_with(self, figures: str) -> list[str]:
        """Units that ever handed in these figures (a fingerprint), the first one first."""
        rows = self._connection.execute(
            "SELECT unit FROM submission WHERE figures = ? GROUP BY unit ORDER BY min(id)", (figures,)
        )
        return [row[0] for row in rows]

    def latest(self) -> dict[str, Submission]:
        """The newest round of every unit that counts: those put aside are passed over."""
        return counting_by_unit(self._submissions("WHERE state <> ?", (State.REJECTED,)))

    def standings(self, unit: str | None = None) -> list[Submission]:
        """All rounds of all units, or of one, oldest first, without their findings: those would fill the memory."""
        where, values = ("WHERE unit = ?", (unit,)) if unit is not None else ("", ())
        return self._submissions(where, values, "'[]'")

    def latest_standings(self) -> dict[str, Submission]:
        """``latest`` without findings."""
        return counting_by_unit(self.standings())

    def _submissions(self, where: str, values: tuple[str, ...], findings: str = "findings") -> list[Submission]:
        rows = self._connection.execute(
            f"SELECT id, hash, unit, round, at, file, state, errors, waiting, hints, figures, {findings}"
            f" FROM submission {where} ORDER BY unit, round",
            values,
        )
        return [Submission(*_ending(row, findings_of(row[-1]))) for row in rows]

    def put_seed(self, unit: str, filing: Filing) -> None:
        """Last year's accepted figures of a unit, under the unit's name of then."""
        with self.transaction():
            self._put_filing("seed", unit, filing)

    def seed(self, unit: str) -> Filing | None:
        """Last year's filing of the unit that had this name then."""
        return next((filing for _, filing in self._filings("seed", unit)), None)

    def seeds(self) -> Mapping[str, Filing]:
        """Last year's filings by the units' names of then, each read when it is asked for."""
        return Seeds(self.seed_names(), self.seed)

    def seed_names(self) -> list[str]:
        rows = self._connection.execute("SELECT key FROM filing WHERE owner = 'seed' ORDER BY key")
        return [row[0] for row in rows]

    def each_seed(self) -> Iterator[tuple[str, Filing]]:
        """Last year's filings, with the units' names of then, one at a time, so that memory stays flat."""
        return self._filings("seed")

    def filing(self, submission: int) -> Filing:
        """What was said in one round."""
        return next(filing for _, filing in self._filings("submission", str(submission)))

    def filings(self) -> Iterator[tuple[int, Filing]]:
        """Every round's filing by the submission's id; one at a time, so that memory stays flat."""
        for key, filing in self._filings("submission"):
            yield int(key), filing

    def decide(
        self, at: str, who: str, unit: str, action: str, submission: int | None, note: str, data: Mapping[str, Any]
    ) -> None:
        """One more line of the log."""
        with self.transaction():
            self._connection.execute(
                "INSERT INTO decision (at, who, unit, action, submission, note, data) VALUES (?,?,?,?,?,?,?)",
                (at, who, unit, action, submission, note, as_json(dict(data))),
            )

    def decisions(self, unit: str | None = None) -> list[Decision]:
        """The log, or of it the lines about ``unit`` and those about the whole campaign."""
        where, values = ("WHERE unit IN (?, '')", (unit,)) if unit is not None else ("", ())
        rows = self._connection.execute(
            f"SELECT id, at, who, unit, action, submission, note, data FROM decision {where} ORDER BY id", values
        )
        return [Decision(*_ending(row, json.loads(row[-1]))) for row in rows]

    def set_state(self, submission: int, state: str) -> None:
        with self.transaction():
            self._connection.execute("UPDATE submission SET state = ? WHERE id = ?", (state, submission))

    def backup(self, target: Path) -> None:
        """A consistent copy of the database, taken while others may work."""
        copy = connect(target)
        try:
            with told(target):
                self._connection.backup(copy)
        finally:
            copy.close()

    def _put_filing(self, owner: str, key: str, filing: Filing) -> None:
        row = filing_row(self._form, owner, key, filing)
        marks = ",".join("?" * len(row))
        self._connection.execute(f"INSERT OR REPLACE INTO filing VALUES ({marks})", row)

    def _filings(self, owner: str, key: str | None = None) -> Iterator[tuple[str, Filing]]:
        where, values = ("AND key = ?", (owner, key)) if key is not None else ("", (owner,))
        for row in self._connection.execute(f"SELECT * FROM filing WHERE owner = ? {where}", values):
            yield row[1], filing_of(self._form, row)


def _ending(row: tuple[Any, ...], last: object) -> list[Any]:
    """The row with ``last`` in place of its last column."""
    return [*row[:-1], last]

"""LibreOffice as a person would use it: open a workbook, type, cut, paste, save.

    with office.open(path) as document:
        document.type("表三", {"D5": "12"})
        document.read("校验")["F4"].value
        document.save(other)

Nothing a file says about its results is believed: everything is recalculated on opening. The locale is
Chinese, as on the machines of those who fill in.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.programs.program import ProgramFailed, ProgramHung, ProgramMissing, run

ROOT = Path(__file__).parents[2]
START_SECONDS = 120.0
QUIT_SECONDS = 20.0


class CellsLocked(Exception):
    """The sheet's protection forbids it; nothing was changed. `places` are ranges, or the sheet's name."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__("protected: " + ", ".join(places))
        self.places = tuple(places)


@dataclass(frozen=True)
class Cell:
    """What a cell holds; all None when it is empty.

    `value` of a formula is its result, None for an error. A truth value is 1.0 or 0.0, a date its serial
    number. `formula` is in LibreOffice's notation (`=$表三.D4+1`), `error` as shown (`#DIV/0!`, `Err:522`).
    """

    value: float | str | None = None
    formula: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Sheet:
    name: str
    visible: bool
    protected: bool


class Document:
    """One open workbook. Addresses are `D4`, ranges `D4:E9`; rows are counted from 1."""

    def __init__(self, office: Office, number: int) -> None:
        self._office = office
        self._number = number

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # After a hang there is no document left to close, and the first error is the one to see.
        if error is None or self._office.alive:
            self.close()

    def _ask(self, operation: str, **arguments: Any) -> Any:
        return self._office.ask(operation, document=self._number, **arguments)

    def type(self, sheet: str, cells: Mapping[str, str]) -> None:
        """Type strings as into the input line: `12` becomes a number, `12%` 0.12, `=A1` a formula, '' nothing.

        A cell's validation does not take part. As in the window, typing a date or TRUE changes the number
        format of a General cell, and the format stays when the cell is cleared.

        Raises:
            CellsLocked: one of the cells is; none has been typed into.
        """
        self._ask("type", sheet=sheet, cells=dict(cells))

    def set_text(self, sheet: str, cells: Mapping[str, str]) -> None:
        """Put strings in as text whatever they look like. Raises CellsLocked."""
        self._ask("set_text", sheet=sheet, cells=dict(cells))

    def put(self, blocks: Iterable[tuple[str, str, Sequence[Sequence[str | float]]]]) -> None:
        """Put values as they are ('' is nothing) into blocks: sheet, range, its rows. Recalculated once.

        Thirty times as fast as typing where many formulas look at the cells, but only on unprotected sheets:
        asking for locked cells takes longer than putting. Raises CellsLocked.
        """
        self._ask("put", blocks=[[sheet, area, [list(row) for row in rows]] for sheet, area, rows in blocks])

    def clear(self, sheet: str, *ranges: str) -> None:
        """The delete key on each range: content goes, format stays. Raises CellsLocked."""
        self._ask("clear", sheet=sheet, ranges=list(ranges))

    def locked(self, sheet: str, addresses: Iterable[str]) -> tuple[str, ...]:
        """Those of the cells into which nobody can type."""
        return tuple(self._ask("locked", sheet=sheet, addresses=list(addresses)))

    def read(self, sheet: str, addresses: Iterable[str] | None = None) -> dict[str, Cell]:
        """The cells asked for, empty ones too; without addresses every cell that holds something."""
        held = {address: Cell(*parts) for address, parts in self._ask("read", sheet=sheet).items()}
        return held if addresses is None else {address: held.get(address, Cell()) for address in addresses}

    def shown(self, sheet: str, addresses: Iterable[str]) -> dict[str, str]:
        """The cells as they look on the screen, number format applied. A millisecond per new cell."""
        shown: dict[str, str] = self._ask("shown", sheet=sheet, addresses=list(addresses))
        return shown

    def cut_paste(self, sheet: str, source: str, target: str, to_sheet: str | None = None) -> None:
        """Ctrl+X on a range, Ctrl+V at a cell. Rewrites references to the range, on protected sheets too.

        Raises:
            CellsLocked: a cell at either end is; nothing has been touched. (In the window a locked target
                lets the cut happen and the paste fail, so that the figures are lost.)
        """
        self._ask("cut_paste", sheet=sheet, source=source, to_sheet=to_sheet or sheet, target=target)

    def copy_paste(self, sheet: str, source: str, target: str, to_sheet: str | None = None) -> None:
        """Ctrl+C, Ctrl+V, with formats and validation, as the window does it. Raises CellsLocked."""
        self._ask("copy_paste", sheet=sheet, source=source, to_sheet=to_sheet or sheet, target=target)

    def drag(self, sheet: str, source: str, target: str, to_sheet: str | None = None) -> None:
        """Move a range with the mouse. Raises CellsLocked."""
        self._ask("drag", sheet=sheet, source=source, to_sheet=to_sheet or sheet, target=target)

    def paste_foreign(self, sheet: str, target: str, rows: Sequence[Sequence[str | float]]) -> None:
        """Paste a block out of another workbook, with that workbook's plain, locked cell style.

        Number format, validation and conditional format of the cells are lost, on a protected sheet too; a
        single row also ends up locked there, several rows do not (LibreOffice 7.4). Raises CellsLocked.
        """
        self._ask("paste_foreign", sheet=sheet, target=target, rows=[list(row) for row in rows])

    def command(self, name: str, sheet: str, selection: str, **arguments: str | float | bool) -> None:
        """Any menu command on a selection, as `command(".uno:ToggleMergeCells", "表三", "D4:E4")`.

        What the program refuses, it refuses without a word.
        """
        self._ask("command", name=name, sheet=sheet, selection=selection, arguments=arguments)

    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(Sheet(*parts) for parts in self._ask("sheets"))

    def insert_rows(self, sheet: str, row: int, count: int = 1) -> None:
        """Insert empty rows above `row`. Raises CellsLocked on a protected sheet."""
        self._ask("insert_rows", sheet=sheet, row=row, count=count)

    def delete_rows(self, sheet: str, row: int, count: int = 1) -> None:
        """Delete `row` and those below. Raises CellsLocked on a protected sheet."""
        self._ask("delete_rows", sheet=sheet, row=row, count=count)

    def rename_sheet(self, sheet: str, name: str) -> None:
        self._ask("rename_sheet", sheet=sheet, name=name)

    def move_sheet(self, sheet: str, position: int) -> None:
        """Move a sheet in front of the one at `position`, counted from 0."""
        self._ask("move_sheet", sheet=sheet, position=position)

    def delete_sheet(self, sheet: str) -> None:
        self._ask("delete_sheet", sheet=sheet)

    def protect(self, sheet: str, password: str = "") -> None:
        self._ask("protect", sheet=sheet, password=password)

    def unprotect(self, sheet: str, password: str = "") -> None:
        """Raises CellsLocked when the password is wrong."""
        self._ask("unprotect", sheet=sheet, password=password)

    def recalculate(self) -> None:
        """Ctrl+Shift+F9."""
        self._ask("recalculate")

    def save(self, path: Path) -> Path:
        """Save under another name, as .xlsx, .xls, .ods or .pdf after its suffix."""
        self._ask("save", path=str(path.absolute()))
        return path

    def save_csv(self, path: Path, sheet: str) -> Path:
        """Save one sheet as text: UTF-8, commas, cells as they are shown."""
        self._ask("save_csv", path=str(path.absolute()), sheet=sheet)
        return path

    def close(self) -> None:
        self._ask("close")


class Office:
    """One LibreOffice for a whole test session, started on first use, and again after it had to be killed."""

    def __init__(self, timeout: float = 180.0) -> None:
        """`timeout`: seconds a single operation may take before the program is killed."""
        self._timeout = timeout
        self._server: subprocess.Popen[str] | None = None
        self._replies: queue.Queue[str] = queue.Queue()
        self._log: IO[str] | None = None
        self.folder: Path | None = None
        """Where the profile is while the program runs; every process of it has this in its command line."""

    @property
    def alive(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def open(self, path: Path) -> Document:
        """Open a workbook, hidden; the file itself is never written to.

        Raises:
            ProgramFailed: LibreOffice cannot open it, or it is not a spreadsheet.
        """
        return Document(self, self.ask("open", path=str(path.absolute())))

    def to_pdf(self, path: Path, pdf: Path) -> Path:
        """Print a workbook or a text document to `pdf`."""
        self.ask("to_pdf", path=str(path.absolute()), pdf=str(pdf.absolute()))
        return pdf

    def ask(self, operation: str, **arguments: Any) -> Any:
        """One operation of `uno_server`, in its words; `Document` has them in better ones."""
        if not self.alive:
            self.start()
        assert self._server is not None
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps({"do": operation, **arguments}) + "\n")
        self._server.stdin.flush()
        return self._reply(operation, self._timeout)

    def start(self) -> None:
        """Start the program now rather than at the first use.

        Raises:
            ProgramMissing: no LibreOffice, or no Python that can import uno.
        """
        self._drop()
        soffice, python = find_soffice(), find_uno_python()
        self.folder = Path(tempfile.mkdtemp(prefix="xltool-libreoffice-"))
        # Closed by _drop, with the server that writes to it.
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._server = subprocess.Popen(
            [python, "-m", "tests.programs.uno_server", soffice, str(self.folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="utf-8",
            # Away from the terminal's group: Ctrl+C is for the tests, which then end this in order.
            start_new_session=True,
            env=_foreign_environment(),
        )
        self._replies = queue.Queue()
        threading.Thread(target=_collect, args=(self._server, self._replies), daemon=True).start()
        self._reply("start", START_SECONDS)

    def close(self) -> None:
        """End the program in the orderly way; harmless when it does not run."""
        if self.alive:
            # Being killed is as good an end here as any.
            with contextlib.suppress(ProgramFailed):
                self.ask("quit")
        self._drop()

    def _reply(self, operation: str, timeout: float) -> Any:
        try:
            line = self._replies.get(timeout=timeout)
        except queue.Empty:
            self._drop()
            raise ProgramHung(f"LibreOffice did not answer “{operation}” within {timeout:g} s") from None
        if not line:
            said = self._said()
            self._drop()
            raise ProgramFailed(f"LibreOffice ended during “{operation}”: {said}")
        reply = json.loads(line)
        if "ended" in reply:
            self._drop()
            raise ProgramFailed(f"LibreOffice crashed during “{operation}”: {reply['ended']}")
        if "refused" in reply:
            raise CellsLocked(reply["refused"])
        if "failed" in reply:
            raise ProgramFailed(f"LibreOffice, {operation}: {reply['failed']}")
        return reply["result"]

    def _said(self) -> str:
        assert self._log is not None
        self._log.seek(0)
        return self._log.read()[-2000:].strip()

    def _drop(self) -> None:
        """Close the server's input, upon which it kills LibreOffice and removes its folder."""
        server, self._server, self.folder = self._server, None, None
        if server is None:
            return
        assert server.stdin is not None
        assert self._log is not None
        try:
            server.stdin.close()
            server.wait(QUIT_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            server.kill()
            server.wait()
        self._log.close()


def _foreign_environment() -> dict[str, str]:
    """The environment for another Python than this one. File names are UTF-8 there whatever the locale here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def _collect(server: subprocess.Popen[str], replies: queue.Queue[str]) -> None:
    """Reading in a thread is what lets the reader wait with a limit. An empty string is the end."""
    assert server.stdout is not None
    for line in server.stdout:
        replies.put(line)
    replies.put("")


@cache
def find_soffice() -> str:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        raise ProgramMissing("LibreOffice (apt: libreoffice-calc libreoffice-writer)")
    return found


@cache
def find_uno_python() -> str:
    """The Python that can import uno: the one named by XLTOOL_UNO_PYTHON, the system's, LibreOffice's own."""
    named = os.environ.get("XLTOOL_UNO_PYTHON")
    own = Path(find_soffice()).resolve().parent / "python"
    likely = [named] if named else ["/usr/bin/python3", shutil.which("python3"), str(own), sys.executable]
    for python in likely:
        if python and shutil.which(python) and run([python, "-c", "import uno"], timeout=30).returncode == 0:
            return python
    raise ProgramMissing("a Python that can import uno (apt: python3-uno; or set XLTOOL_UNO_PYTHON)")

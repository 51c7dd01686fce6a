"""One headless LibreOffice, kept running and asked by lines of JSON.

    python -m tests.programs.uno_server SOFFICE FOLDER

Runs under a Python that can import `uno`; `libreoffice.Office` is the client. FOLDER is a new folder which
this process owns: the profile is in it, and it is gone afterwards.

    → {"do": "open", "path": "/…/表.xlsx"}                          ← {"result": 1}
    → {"do": "type", "document": 1, "sheet": "表三", "cells": {…}}  ← {"result": null}
    → …                                                             ← {"refused": ["J4"]} or {"failed": "why"}
                                                                      or {"ended": "why"}: LibreOffice crashed
    → {"do": "quit"}, or the end of the input

The end of the input kills LibreOffice even in the middle of an operation, so that a client which dies or
loses patience leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.programs.uno_calc import Refused, Spreadsheet, property_value, uno

START_SECONDS = 90
QUIT_SECONDS = 10
DEATH_SECONDS = 2

# Recalculation: the values in a file are never believed. Locale: what civil servants' machines have.
# Locking off: no .~lock files beside the workbooks. Macros and links in a document stay off.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
SETTINGS = (
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "0"),
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "0"),
    ("Setup/L10N", "ooSetupSystemLocale", "zh-CN"),
    ("Office.Common/Misc", "UseLocking", "false"),
    ("Office.Common/Misc", "UseDocumentSystemFileLocking", "false"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Calc/Input", "ReplaceCellsWarning", "false"),
)


def write_profile(folder: Path) -> None:
    items = "\n".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(PROFILE.format(items=items), encoding="utf-8")


def own_environment(folder: Path) -> dict[str, str]:
    """File names in UTF-8 whatever the caller's locale; nothing written outside the folder, which a home
    that cannot be written to does not mind, and which takes what a killed program leaves behind with it.
    """
    places = ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    return {"LC_ALL": "C.UTF-8", **dict.fromkeys(places, str(folder))}


def single_instance_pipe(profile: str) -> str:
    """The socket by which a second start with the same profile would find the first, as desktop/source names it."""
    digest = hashlib.md5(profile.encode("utf-16-le"), usedforsecurity=False).digest()
    return "SingleOfficeIPC_" + "".join(f"{byte:x}" for byte in digest)


class LibreOffice:
    """The running program and the documents open in it."""

    def __init__(self, soffice: str, folder: Path) -> None:
        self._folder = folder
        self._pipe = f"xltool-{os.getpid()}-{time.time_ns()}"
        self._documents: dict[int, Spreadsheet] = {}
        # A document of a LibreOffice that was killed must not be taken for one of its successor's.
        self._last = time.time_ns()
        self._desktop: Any = None
        self._context: Any = None
        self._profile: str = uno.systemPathToFileUrl(str(folder / "profile"))
        write_profile(folder / "profile")
        self._process = subprocess.Popen(
            [
                soffice,
                f"-env:UserInstallation={self._profile}",
                f"--accept=pipe,name={self._pipe};urp;",
                *("--headless", "--norestore", "--nologo", "--nodefault", "--nofirststartwizard"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            env={**os.environ, **own_environment(folder)},
            start_new_session=True,
        )

    def connect(self) -> None:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                url = f"uno:pipe,name={self._pipe};urp;StarOffice.ComponentContext"
                self._context = resolver.resolve(url)
                break
            except Exception:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        manager = self._context.ServiceManager
        self._desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", self._context)

    def open(self, path: str) -> int:
        model = self._load(path)
        if not model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            model.close(True)
            raise ValueError(f"not a spreadsheet: {path}")
        self._last += 1
        self._documents[self._last] = Spreadsheet(self._context, model)
        return self._last

    def to_pdf(self, path: str, pdf: str) -> None:
        model = self._load(path)
        try:
            kind = "calc" if model.supportsService("com.sun.star.sheet.SpreadsheetDocument") else "writer"
            settings = (property_value("FilterName", f"{kind}_pdf_Export"), property_value("Overwrite", True))
            model.storeToURL(uno.systemPathToFileUrl(pdf), settings)
        finally:
            model.close(True)

    def perform(self, request: dict[str, Any]) -> Any:
        wanted = request.pop("do")
        if "document" not in request:
            own: dict[str, Callable[..., Any]] = {"open": self.open, "to_pdf": self.to_pdf}
            return own[wanted](**request)
        document = self._documents[request.pop("document")]
        if wanted.startswith("_"):
            raise AttributeError(wanted)
        result = getattr(document, wanted)(**request)
        if wanted == "close":
            self._documents = {key: kept for key, kept in self._documents.items() if kept is not document}
        return result

    @property
    def crashed(self) -> bool:
        """Asked of the bridge: the starter that is our child outlives the program a little."""
        try:
            self._desktop.getCurrentComponent()
        except uno.getClass("com.sun.star.uno.Exception"):
            return True
        return False

    def quit(self) -> None:
        try:
            self._desktop.terminate()
            self._process.wait(QUIT_SECONDS)
        except Exception as error:
            print(f"LibreOffice on its way out: {error}", file=sys.stderr)
        self.kill()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._await_end_of_group()
        # A program killed cannot tidy up; these are its two sockets, where no environment variable leads.
        for pipe in (self._pipe, single_instance_pipe(self._profile)):
            for left in Path("/tmp").glob(f"OSL_PIPE_*_{pipe}"):
                left.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _await_end_of_group(self) -> None:
        """The starter is gone; the program itself is another's child by now and may still be writing.

        Whoever inherited it may be slow to take note of its death, so there is a limit.
        """
        deadline = time.monotonic() + DEATH_SECONDS
        while time.monotonic() < deadline:
            try:
                os.killpg(self._process.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.01)

    def _load(self, path: str) -> Any:
        # Not "Hidden", though it is half as slow: frozen panes and zoom would be missing in what is saved.
        try:
            model = self._desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, ())
        except uno.getClass("com.sun.star.uno.Exception") as error:
            raise ValueError(f"cannot open {path}: {error}") from None
        if model is None:
            raise ValueError(f"cannot open {path}")
        return model


def read_requests(office: LibreOffice, requests: queue.Queue[dict[str, Any]]) -> None:
    """Hand on what the client asks; when it is gone, end everything at once."""
    for line in sys.stdin:
        requests.put(json.loads(line))
    office.kill()
    os._exit(1)


def answer(reply: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


def serve(office: LibreOffice, requests: queue.Queue[dict[str, Any]]) -> None:
    answer({"result": "ready"})
    while True:
        request = requests.get()
        if request["do"] == "quit":
            return
        try:
            answer({"result": office.perform(request)})
        except Refused as refused:
            answer({"refused": refused.cells})
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            if office.crashed:
                answer({"ended": why})
                return
            answer({"failed": why})


def main() -> None:
    office = LibreOffice(sys.argv[1], Path(sys.argv[2]))
    requests: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=read_requests, args=(office, requests), daemon=True).start()
    try:
        office.connect()
        serve(office, requests)
    except Exception as error:
        answer({"failed": f"{type(error).__name__}: {error}"})
        office.kill()
    else:
        office.quit()
        answer({"result": "gone"})


if __name__ == "__main__":
    main()

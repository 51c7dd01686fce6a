"""How the package is built: imports point down, each library has one home, nothing knows the annual report."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import xltool
from xltool.messages import MESSAGES

PACKAGE = Path(xltool.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
MODULES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in FILES}

# Lowest first. Packages and modules on one line never import each other, those of the first line excepted:
# they know nothing of forms.
LAYERS = [
    {"errors", "messages", "sheetnames", "shelf", "rawzip", "xmltext", "csvtext", "files", "yamlfile"}
    | {"numerals", "days"},
    {"figure"},
    {"expr"},
    {"draft"},
    {"form", "filing"},
    {"definition", "grid", "spreadsheet"},
    {"documents"},
    {"check"},
    {"consolidate"},
    {"workbook", "report", "narrative"},
    {"salvage"},
    {"verify"},
    {"intake", "samples"},
    {"listing"},
    {"campaign"},
    {"county"},
    {"demo", "practice"},
    {"cli"},
]
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}

HOMES = {
    "xlsxwriter": r"workbook/(writer|consolidated\w*)\.py",
    "docx": r"report/word.*\.py",
    "jinja2": r"report/(html|repeats_html)\w*\.py",
    "typst": r"report/pdf\.py",
    "yaml": r"yamlfile\.py",
    "sqlite3": r"campaign/(store|connection)\.py",
    "openpyxl": r"campaign/(roster|office_list|listing_xlsx)\.py",  # the office's own sheets, not what units return
    "lxml": r"documents/.*",
    "pdfplumber": r"documents/pdf/.*",
    "pdfminer": r"documents/pdf/.*",
    "xlrd": r"documents/old_sheets\.py",
    "python_calamine": r"documents/binary_sheets\.py",
    "msoffcrypto": r"documents/decrypt\.py",
    "typer": r"cli/.*",
    "rich": r"cli/.*",
    "click": r"cli/.*",
}


def layer(module: str) -> str:
    """``xltool.workbook.layout.table`` → ``workbook``; "" for the package itself, which is empty."""
    return [*module.split("."), ""][1]


def imported(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module imported below ``node``, with its line."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, child.lineno) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            for alias in child.names:
                inner = f"{child.module}.{alias.name}"
                yield inner if inner in MODULES else str(child.module), child.lineno


def own(modules: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    return ((module, line) for module, line in modules if module.startswith("xltool."))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_every_module_has_its_layer() -> None:
    """A new module says where it stands; none of those named has gone."""
    assert {layer(module) for module in MODULES} - {"", "__init__", "__main__"} == set(HEIGHT)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    """A module stands only on lower layers and on its own package; siblings never import each other."""
    here = layer(f"xltool.{name_of(path).removesuffix('.py').replace('/', '.')}")
    for module, line in own(imported(ast.parse(path.read_text("utf-8")))):
        below = HEIGHT[layer(module)] < HEIGHT.get(here, len(LAYERS)) or HEIGHT[here] == 0
        assert below or layer(module) == here, f"{name_of(path)}:{line} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_own_modules_are_imported_at_the_top(path: Path) -> None:
    """Only heavy libraries of others are imported inside a function: an import that must hide is a cycle."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            hidden = list(own(imported(node)))
            assert not hidden, f"{name_of(path)}: {node.name} imports {hidden}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_libraries_have_one_home(path: Path) -> None:
    """Each third-party library is known in one place; openpyxl reads only what an office itself supplies."""
    for module, line in imported(ast.parse(path.read_text("utf-8"))):
        home = HOMES.get(module.split(".")[0])
        assert home is None or re.fullmatch(home, name_of(path)), f"{name_of(path)}:{line} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_can_be_read_at_one_sitting(path: Path) -> None:
    """About 250 lines, never more than 330."""
    assert path.read_text("utf-8").count("\n") <= 330


# --- what the code may not know ---------------------------------------------------------------------------

# cli speaks to the offices this edition is for; demo, practice, samples and county are about its reports; the Word style file
# says in itself what it is for.
MAY_KNOW_THE_REPORT = r"cli/.*|demo\.py|practice\.py|samples\.py|county/.*|report/word_style_file\.py"
REPORT_WORDS = re.compile(
    "自然人|法人|规章|政府信息|年度报告|信息处理费|行政许可|行政处罚|行政强制|申请人|复议|诉讼|国办|条例"
    r"|表[一二三四]|\b[st][1-6]\b|\br[1-4](?:_\d)+\b|\b(?:natural|company|charity|upheld|coercion)\b"
)
# The roster and a plain list are sheets of their own, each made in one module.
LAYOUT = r"workbook/layout/.*|campaign/(roster|listing_xlsx)\.py"
CELL_ADDRESS = re.compile(r"(?<!\w)(?:\$[A-Z]{1,3}\$?[1-9]\d*|[A-Z][1-9]\d*)(?!\w)")


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Texts in the code with their lines, those inside f-strings too; not docstrings, not comments."""
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    standing_alone = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in standing_alone:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_knows_the_annual_report(path: Path) -> None:
    """What the form asks, its headings and ids stand in its definition alone."""
    if not re.fullmatch(MAY_KNOW_THE_REPORT, name_of(path)):
        known = [f"{line}: {found[0]}" for line, text in literals(path) for found in REPORT_WORDS.finditer(text)]
        assert not known, f"{name_of(path)} knows {known}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_places_are_made_in_the_layout(path: Path) -> None:
    """No letter-digit address outside workbook/layout: places come from the layout, whatever it looks like."""
    if not re.fullmatch(LAYOUT, name_of(path)):
        found = [(line, match[0]) for line, text in literals(path) for match in CELL_ADDRESS.finditer(text)]
        assert not [place for place in found if place[1] not in MESSAGES], f"{name_of(path)}: {found}"

"""Session fixtures for the programs: `office`, `gnumeric`, `exceljs`, `validator`.

In the top conftest: `pytest_plugins = ["tests.programs.plugin"]`. A test whose program is not on the machine
is skipped and says which; with XLTOOL_REQUIRE_PROGRAMS=1, as in CI, it fails instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest

from tests.programs import gnumeric as gnumeric_program
from tests.programs import node
from tests.programs import validator as validator_program
from tests.programs.gnumeric import Gnumeric
from tests.programs.libreoffice import Office
from tests.programs.node import ExcelJS
from tests.programs.program import ProgramMissing
from tests.programs.validator import Validator

Found = TypeVar("Found")


def present(find: Callable[[], Found]) -> Found:
    """What `find` finds; a skip, or in CI a failure, naming the program that is missing."""
    try:
        return find()
    except ProgramMissing as missing:
        reason = f"missing program: {missing}"
        if os.environ.get("XLTOOL_REQUIRE_PROGRAMS") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """A LibreOffice that runs for the whole session."""
    program = Office()
    present(program.start)
    yield program
    program.close()


@pytest.fixture(scope="session")
def gnumeric() -> Gnumeric:
    return present(gnumeric_program.find)


@pytest.fixture(scope="session")
def exceljs() -> ExcelJS:
    return present(node.find_exceljs)


@pytest.fixture(scope="session")
def validator() -> Validator:
    return present(validator_program.find)

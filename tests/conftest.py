"""Fixtures for all tests, and how several processes share them out (``-n auto``)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from xltool.definition import load_form
from xltool.form import Form
from xltool.shelf import editions_folder

pytest_plugins = ["tests.programs.plugin"]

# A slow or busy machine is no mistake of what is tested; what must be fast says so, in seconds of a processor.
settings.register_profile("xltool", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("xltool")

MOST_PROCESSES = 8
"""Each holds a gigabyte: a LibreOffice of its own, and what the tests of large files allow one file."""


@pytest.fixture(scope="session")
def form() -> Form:
    """The edition of 2021."""
    return load_form(editions_folder() / "gkbg-2021")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One process for each processor, up to a limit."""
    return min((yield), MOST_PROCESSES)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each process begins with an equal share in order of the files, so that what a module sets up is mostly set up
    once; whoever is done first takes over half of what is left of another's."""
    if config.getoption("dist") != "load":
        return None
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)

"""Fixtures for all tests."""

from __future__ import annotations

import pytest

from xltool.definition import load_form
from xltool.form import Form
from xltool.shelf import editions_folder

pytest_plugins = ["tests.programs.plugin"]


@pytest.fixture(scope="session")
def form() -> Form:
    """The edition of 2021."""
    return load_form(editions_folder() / "gkbg-2021")

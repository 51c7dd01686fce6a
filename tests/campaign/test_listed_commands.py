"""Where the commands of ``xltool campaign`` are listed, none is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xltool.cli.campaign import campaign_app

ROOT = Path(__file__).parents[2]
COMMANDS = [str(command.name) for command in campaign_app.registered_commands]


@pytest.mark.parametrize("command", COMMANDS)
def test_named_in_the_manual_and_in_the_changes(command: str) -> None:
    """The manual's list names each in a word, and the list of changes says that it came."""
    manual = (ROOT / "docs/手册.md").read_text("utf-8")
    (listed,) = re.findall("^任务的各条命令：.*$", manual, re.MULTILINE)
    assert f"`{command}` " in listed
    assert f"campaign {command}`" in (ROOT / "CHANGELOG.md").read_text("utf-8")

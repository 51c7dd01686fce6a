"""What a command writes goes only into a file that is named as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from xltool.cli.output import refuse_other_kind
from xltool.errors import FileRefused


@pytest.mark.parametrize("name", ["campaign.db", "进度.xlsx", "进度"])
def test_a_page_is_not_written_under_another_name(name: str) -> None:
    """--html with the name of a workbook or of the database is a slip: it is refused, with the ending to use."""
    with pytest.raises(FileRefused, match=r"--html 写的文件应以 \.html 结尾"):
        refuse_other_kind("--html", Path(name), ".html", ".htm")


def test_the_usual_endings_pass() -> None:
    """In small and in capital letters, and none at all where nothing is asked for."""
    for path in (Path("进度.html"), Path("进度.HTM"), None):
        refuse_other_kind("--html", path, ".html", ".htm")

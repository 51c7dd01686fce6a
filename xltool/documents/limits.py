"""How much of a document is taken before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from xltool.errors import FileRefused, TooLarge

SECONDS = 9.0
"""Wall clock for reading one file."""
MEMORY = 450 << 20
"""Bytes of address space of a reading process."""
DATA_MEMORY = 330 << 20
"""Bytes that LibreOffice may ask for besides its own code, which takes 130 MB."""
LARGEST_ANSWER = 64 << 20
MAX_TEXT_FILE = 4 << 20
MAX_TEXT = 4_000_000
MAX_CELLS = 200_000
MAX_BLOCKS = 100_000
MAX_NESTING = 100
MAX_COLUMNS = 512


class NotHere(FileRefused):
    """A file that could be read at another time, or on another machine: it took too long, or something is missing."""


def damaged(what: str) -> FileRefused:
    """The refusal of a file that is broken. ``what``: what it is by its looks, such as PDF 文件."""
    return FileRefused(
        f"{what}已损坏或不合规范，读不出来。文件可能没有传完整，请重新发送；"
        "仍读不出来时，请用原来的程序打开，另存一份后再试。"
    )


def too_large(what: str) -> TooLarge:
    """The refusal of a file that is beyond what any report needs."""
    return TooLarge(f"{what}过大，没有读取。请只留下报告本身，删除多余的内容和图片后再试。")


@dataclass
class Measure:
    """What one document may still use up; refuses it when that is exceeded."""

    characters: int = MAX_TEXT
    cells: int = MAX_CELLS
    blocks: int = MAX_BLOCKS

    def text(self, text: str) -> str:
        """Count one paragraph."""
        self.blocks -= 1
        return self._counted(text)

    def cell(self, text: str) -> str:
        """Count one cell."""
        self.cells -= 1
        return self._counted(text)

    def _counted(self, text: str) -> str:
        self.characters -= len(text)
        if min(self.characters, self.cells, self.blocks) < 0:
            raise too_large("文件的内容")
        return text

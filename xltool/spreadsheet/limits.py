"""How much of a returned file is read before it is refused: it comes from anywhere and is not trusted."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from xltool.errors import FileRefused, TooLarge

MAX_FILE = 32 << 20
MAX_PARTS = 400
MAX_INFLATED = 64 << 20
MAX_PART = 32 << 20
MAX_DEPTH = 64
MAX_TAG = 1 << 20
MAX_NAMES = 5_000
MAX_NAMESPACES = 20_000
MAX_RELATIONS = 2_000
MAX_PROPERTIES = 1_000
MAX_SHEETS = 200
MAX_FORMATS = 65_536
MAX_ROWS = 20_000
MAX_COLUMNS = 512
MAX_CELLS = 400_000
MAX_MERGES = 20_000
MAX_STRINGS = 200_000
MAX_FORMULA_TEXT = 4 << 20
SECONDS = 3.0

_TRIM = "请删除表格范围以外多余的行、列、格式和图片，另存为 .xlsx 后再交。"


def damaged(fact: str) -> FileRefused:
    """The refusal of a file that is a workbook by its looks but cannot be read through."""
    return FileRefused(
        f"文件已损坏，读不出来（{fact}）。文件可能没有传完整，请重新发送；"
        "仍读不出来时，请用 WPS 或 Excel 打开原文件，另存为 .xlsx 后再交。"
    )


def too_large(fact: str) -> TooLarge:
    """The refusal of a file that is larger than any form filled in by people."""
    return TooLarge(f"工作簿过大，没有读取（{fact}）。{_TRIM}")


@dataclass
class Allowance:
    """What one file may still use up; each method refuses the file when that is exceeded."""

    inflated: int = MAX_INFLATED
    cells: int = MAX_CELLS
    formula_text: int = MAX_FORMULA_TEXT
    deadline: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def use_time(self) -> None:
        """Called every few thousand elements at the latest."""
        if time.monotonic() > self.deadline:
            raise too_large(f"读了 {SECONDS:.0f} 秒还没有读完")

    def use_inflated(self, size: int) -> None:
        """``size``: bytes that came out of a part."""
        self.inflated -= size
        if self.inflated < 0:
            raise too_large(f"内容超过 {MAX_INFLATED >> 20} MB")

    def use_cells(self, count: int) -> None:
        """Cells count also when they are empty and only carry a format."""
        self.cells -= count
        if self.cells < 0:
            raise too_large(f"有内容或格式的单元格超过 {MAX_CELLS // 10_000} 万个")

    def use_formula_text(self, size: int) -> None:
        """``size``: characters of a formula that was written out for a cell."""
        self.formula_text -= size
        if self.formula_text < 0:
            raise too_large("公式过多")

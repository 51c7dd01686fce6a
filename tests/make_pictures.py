"""``python -m tests.make_pictures``: the pictures of the documents, from the session in README.

Needs LibreOffice and poppler's pdftoppm. The pictures show what the session makes, fonts as on this machine.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.programs import pdf
from tests.programs.libreoffice import Office
from tests.programs.program import run
from tests.readme_session import RETURNED, prepare, run_step, steps

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"


@dataclass(frozen=True)
class Picture:
    """Part of a page: of the first page that holds ``words``; lengths in thousandths of the page."""

    name: str
    words: str
    left: int
    top: int
    width: int
    height: int
    dots_per_inch: int


WORKBOOK = (
    Picture("封面.png", "填报状态", 85, 65, 840, 570, 85),
    Picture("表三.png", "（七）总计＝（一）至（六）各行之和", 80, 60, 850, 550, 110),
)
MARKED = (Picture("退回.png", "退回修改清单", 60, 60, 880, 400, 90),)
REPORT = (Picture("报告.png", "（七）总计", 0, 60, 1000, 880, 80),)


def without_print_areas(workbook: Path, target: Path) -> Path:
    """A copy that prints whole sheets: the live checks stand outside the print area."""
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for member in source.infolist():
            data = source.read(member)
            if member.filename == "xl/workbook.xml":
                data = re.sub(rb"<definedName[^>]*Print_Area.*?</definedName>", b"", data)
                data = data.replace(b"<definedNames></definedNames>", b"").replace(b"<definedNames/>", b"")
            copy.writestr(member, data)
    return target


def draw(document: Path, pictures: tuple[Picture, ...]) -> None:
    """Cut ``pictures`` out of a PDF."""
    pages = pdf.text(document).split("\f")
    for picture in pictures:
        number = next(index for index, text in enumerate(pages, start=1) if picture.words in text.replace(" ", ""))
        size = run(["pdfinfo", "-f", str(number), "-l", str(number), document], timeout=60).stdout
        found = re.search(r"size:\s+([\d.]+) x ([\d.]+) pts", size)
        assert found is not None, size
        across, down = (float(points) / 72 * picture.dots_per_inch / 1000 for points in found.groups())
        numbers = (picture.left * across, picture.top * down, picture.width * across, picture.height * down)
        cut = [word for flag, n in zip("xyWH", numbers, strict=True) for word in (f"-{flag}", str(int(n)))]
        page = ["-f", str(number), "-l", str(number), "-r", str(picture.dots_per_inch), "-singlefile", "-png", *cut]
        run(["pdftoppm", *page, document, PICTURES / picture.name.removesuffix(".png")], timeout=60)


def main() -> None:
    """Run README's session; draw the returned workbook with its mistakes, and the report."""
    PICTURES.mkdir(exist_ok=True)
    office = Office()
    office.start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        for step in steps((ROOT / "README.md").read_text(encoding="utf-8")):
            run_step(folder, step)
        whole = without_print_areas(folder / RETURNED, folder / "全部.xlsx")
        draw(office.to_pdf(whole, folder / "表.pdf"), WORKBOOK)
        (marked,) = (folder / "2025" / "退回").rglob("*.xlsx")
        draw(office.to_pdf(marked, folder / "退回.pdf"), MARKED)
        report = next((folder / "报告").glob("*.docx"))
        draw(office.to_pdf(report, folder / "报告.pdf"), REPORT)
    office.close()


if __name__ == "__main__":
    main()

"""The report as PDF, by typst: tagged (PDF/UA-1), fit for archives where dated (PDF/A-2a), fonts embedded.

Equal views give equal bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.errors import DefinitionError, NotWritten
from xltool.report.pdf_data import day_of, report_data
from xltool.report.pdf_fonts import Fonts, choose_fonts
from xltool.report.view import ReportView

if TYPE_CHECKING:
    from typst import Compiler, PDFStandard

_TEMPLATE = Path(__file__).parent / "templates/report.typ"
_ACCESSIBLE: list[PDFStandard] = ["ua-1"]
_ARCHIVAL: list[PDFStandard] = ["a-2a", "ua-1"]
_NO_FONT = re.compile(r"the text `\"((?:[^\"\\]|\\.)*)\"` could not be displayed")
_NO_CHINESE_FONT = (
    "这台电脑上没有中文字体，做不成 PDF。请先安装仿宋、楷体、黑体、宋体等字体，"
    "或者把字体文件（.ttf、.otf、.ttc）放进表式目录的 fonts 子目录，然后再做。"
)
_PICTURE = b"""#set page(width: 156mm, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)"""
_PIXELS_PER_INCH = 200.0


@dataclass(frozen=True)
class Pdf:
    """The file, and what was not set as it should be: “正文（仿宋_GB2312）用 FandolFang” for each stand-in."""

    data: bytes
    stand_ins: tuple[str, ...]


def write_pdf(view: ReportView, edition: Path | None = None) -> Pdf:
    """The PDF of ``view``. The first one of a process looks for fonts (some 0.3 s).

    ``edition``, the form's folder, may hold ``report.typ`` (instead of the layout shipped here) and ``fonts/``
    (fonts besides those of the system). NotWritten where there is no Chinese font at all; DefinitionError where
    the edition's ``report.typ`` is wrong. What no font has is printed as an empty box and named in ``stand_ins``.
    """
    setting = _typesetting(edition)
    data = json.dumps(report_data(view, setting.fonts), ensure_ascii=False)
    # An archival file must be dated, and no other date than the signature's gives equal bytes for equal views.
    standards = _ACCESSIBLE if day_of(view) is None else _ARCHIVAL
    try:
        return Pdf(_compiled(setting, data, standards), setting.fonts.stand_ins)
    except _Unprintable as missing:
        if not setting.fonts.has_chinese:
            raise NotWritten(_NO_CHINESE_FONT) from missing
        shown = f"没有字体能显示：{'、'.join(missing.texts)}"
        return Pdf(_compiled(setting, data, []), (*setting.fonts.stand_ins, shown))


def chart_picture(svg: str, edition: Path | None = None) -> bytes:
    """A chart as PNG of the width of a report's text, 200 pixels to the inch."""
    picture = _typesetting(edition).compiler.compile(
        input=_PICTURE, sys_inputs={"svg": svg}, format="png", ppi=_PIXELS_PER_INCH
    )
    assert isinstance(picture, bytes)
    return picture


@dataclass(frozen=True)
class _Typesetting:
    """A compiler is kept for all reports: what it has once read and laid out it does not do again."""

    compiler: Compiler
    template: Path
    fonts: Fonts


class _Unprintable(Exception):
    """Some texts are in no font of this machine."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        super().__init__(texts)


@lru_cache(maxsize=4)
def _typesetting(edition: Path | None) -> _Typesetting:
    import typst  # heavy: only who writes PDFs pays for it

    own = edition / "report.typ" if edition is not None else None
    template = own if own is not None and own.is_file() else _TEMPLATE
    folder = edition / "fonts" if edition is not None else None
    fonts = typst.Fonts(font_paths=[str(folder)] if folder is not None and folder.is_dir() else [])
    compiler = typst.Compiler(str(template), root=str(template.parent), font_paths=fonts)
    return _Typesetting(compiler, template, choose_fonts(fonts.families()))


def _compiled(setting: _Typesetting, data: str, standards: list[PDFStandard]) -> bytes:
    import typst

    try:
        pdf = setting.compiler.compile(
            format="pdf", sys_inputs={"report": data}, pdf_standards=standards, input=str(setting.template)
        )
    except typst.TypstError as error:
        texts = list(dict.fromkeys(_NO_FONT.findall(error.diagnostic)))
        if texts:
            raise _Unprintable(texts) from error
        raise DefinitionError(str(setting.template), _line(error.diagnostic), error.message) from error
    assert isinstance(pdf, bytes)
    return pdf


def _line(diagnostic: str) -> int:
    """The line that typst points at (“┌─ report.typ:12:3”)."""
    found = re.search(r":(\d+):\d+", diagnostic)
    return int(found[1]) if found else 0

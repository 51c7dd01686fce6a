"""Charts in the Word report: pictures in the width of the text, with their numbers in words for screen readers."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xltool import rawzip
from xltool.rawzip import RawMember
from xltool.report import word_styles
from xltool.report.charts import ChartView
from xltool.report.pdf import chart_picture
from xltool.report.word_pattern import in_xml
from xltool.xmltext import quoteattr

_EMU_OF_A_TWIP = 635
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES, _RELATIONSHIPS = "[Content_Types].xml", "word/_rels/document.xml.rels"
_PNG_TYPE = '<Default Extension="png" ContentType="image/png"/>'
# A line as high as the picture, not the fixed one of the style.
_PICTURE_LINE = (
    '<w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:before="290" w:after="0" w:line="240" w:lineRule="auto"/>'
)
_CAPTION_LINE = '<w:snapToGrid w:val="0"/><w:spacing w:before="60" w:after="290"/>'


@dataclass(frozen=True)
class Picture:
    """A chart drawn (``png``), the ``number``-th of its report."""

    number: int
    chart: ChartView
    png: bytes

    @property
    def name(self) -> str:
        return f"chart{self.number}.png"

    @property
    def relationship(self) -> str:
        return f"rIdChart{self.number}"


def pictures(charts: Sequence[ChartView], edition: Path | None) -> tuple[Picture, ...]:
    """Every chart drawn, some 25 ms each; ``edition`` is where further fonts may be."""
    return tuple(
        Picture(number, chart, chart_picture(chart.svg, edition)) for number, chart in enumerate(charts, start=1)
    )


def picture_xml(picture: Picture, styles: Mapping[str, str]) -> Iterator[str]:
    """The picture and its caption below it, as ``w:p``."""
    style = f'<w:pStyle w:val="{styles[word_styles.TABLE_HEADER]}"/>'
    yield f"<w:p><w:pPr>{style}{_PICTURE_LINE}</w:pPr><w:r><w:drawing>{_inline(picture)}</w:drawing></w:r></w:p>"
    caption = in_xml(f"图{picture.number}　{picture.chart.title}")
    run = f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{caption}</w:t></w:r>'
    yield f"<w:p><w:pPr>{style}{_CAPTION_LINE}</w:pPr>{run}</w:p>"


def _inline(picture: Picture) -> str:
    pixels_wide, pixels_high = struct.unpack_from(">II", picture.png, 16)  # the header of every PNG
    wide = word_styles.TEXT_WIDTH * _EMU_OF_A_TWIP
    extent = f'cx="{wide}" cy="{wide * pixels_high // pixels_wide}"'
    said = f"name={quoteattr(f'图{picture.number}')} descr={quoteattr(picture.chart.spoken)}"
    return (
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main" xmlns:r="{_R}" '
        f'distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr id="{picture.number}" {said}/>'
        f'<a:graphic><a:graphicData uri="{_DRAWING}/picture"><pic:pic xmlns:pic="{_DRAWING}/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{picture.number}" name="{picture.name}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{picture.relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
    )


def with_pictures(
    members: Sequence[tuple[str, RawMember | None]], drawn: Sequence[Picture]
) -> list[tuple[str, RawMember | None]]:
    """The parts of a package that holds the pictures too."""
    if not drawn:
        return list(members)
    links = "".join(
        f'<Relationship Id="{picture.relationship}" Type="{_R}/image" Target="media/{picture.name}"/>'
        for picture in drawn
    )
    changed = [(name, _linked(name, member, links)) for name, member in members]
    return [*changed, *((f"word/media/{picture.name}", rawzip.pack(picture.png)) for picture in drawn)]


def _linked(name: str, member: RawMember | None, links: str) -> RawMember | None:
    if member is None or name not in (_TYPES, _RELATIONSHIPS):
        return member
    text = rawzip.unpack(member).decode()
    if name == _RELATIONSHIPS:
        return rawzip.pack(text.replace("</Relationships>", f"{links}</Relationships>").encode())
    if 'Extension="png"' in text:  # an office's style file may bring a picture of its own
        return member
    return rawzip.pack(text.replace("<Default ", f"{_PNG_TYPE}<Default ", 1).encode())

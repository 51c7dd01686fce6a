"""The style file of the Word report (report.docx of an edition).

An office restyles its reports by editing the styles, page set-up, header and footer of that file in Word or
WPS; the renderer takes these from it, finds styles by name and sets nothing else itself.
``python -m xltool.report.word_style_file OUT.docx`` makes the file anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

from xltool import rawzip
from xltool.report import word_styles
from xltool.report.word_styles import CHARACTER, LINE, TABLE, TEXT_WIDTH, W, style_id
from xltool.xmltext import escape, quoteattr

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS_OF_THE_DOCUMENT = ("styles", "settings", "fontTable", "header1", "header2", "footer1", "footer2")
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Name, fall-backs in the words of Word, Windows and WPS, panose, family, pitch.
_FONTS = (
    (word_styles.FANG, "仿宋,FangSong", "02010609060101010101", "modern", "fixed"),
    (word_styles.KAI, "楷体,KaiTi", "02010609060101010101", "modern", "fixed"),
    (word_styles.HEI, "SimHei", "02010609060101010101", "modern", "fixed"),
    (word_styles.SONG, "SimSun", "02010600030101010101", "auto", "variable"),
    (word_styles.XIAOBIAO, "方正小标宋_GBK,华文中宋,宋体", "02010601030101010101", "auto", "variable"),
)

_NOTICE = "这是年度报告的样式文件。请修改样式、页面设置、页眉页脚，不要改样式的名称；这里的文字不会印在报告里。"
_SAMPLES = (
    (word_styles.TITLE, "年度报告样式（标题）"),
    (word_styles.BODY, _NOTICE),
    (word_styles.HEADING, "一、各部分的标题（标题 1）"),
    (word_styles.SECOND, "（一）第二层标题（标题 2）"),
    (word_styles.BODY, "正文（报告正文）。"),
    (word_styles.THIRD, "1.第三层（报告三级段落）。"),
    (word_styles.FOURTH, "（1）第四层（报告四级段落）。"),
    (word_styles.TABLE_HEADING, "表格小标题：底色也用于整个格子（报告表格小标题）"),
    (word_styles.TABLE_HEADER, "表头（报告表头）"),
    (word_styles.TABLE_STUB, "左栏（报告表格标目）"),
    (word_styles.TABLE_TALL_STUB, "左栏竖格（报告表格竖栏）"),
    (word_styles.TABLE_VALUE, "12（报告表格数字）"),
    (word_styles.SIGNATURE, "单位和日期（报告落款）"),
    (word_styles.DRAFT, "草稿页眉（报告草稿）"),
)
_CHARACTER_SAMPLES = ((word_styles.LEAD, "（一）段首的标题。"), (word_styles.NOTE, "（表格里的注）"))


def style_file() -> bytes:
    """report.docx as shipped: the styles, a sample of each, A4, 22 lines of 28 characters, page numbers."""
    return rawzip.write((name, text.encode()) for name, text in _parts().items())


def _parts() -> dict[str, str]:
    empty = f'<w:p><w:pPr><w:pStyle w:val="{word_styles.DRAFT}"/></w:pPr></w:p>'
    header = f'<w:hdr xmlns:w="{W}">{empty}</w:hdr>'
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            ("officeDocument", "word/document.xml"), ("metadata/core-properties", "docProps/core.xml")
        ),
        "docProps/core.xml": _CORE,
        "word/document.xml": _document(),
        "word/_rels/document.xml.rels": _relationships(
            *((part.rstrip("12"), f"{part}.xml") for part in _PARTS_OF_THE_DOCUMENT),
        ),
        "word/styles.xml": word_styles.styles_xml(),
        "word/settings.xml": _SETTINGS,
        "word/fontTable.xml": _font_table(),
        "word/header1.xml": header,
        "word/header2.xml": header,
        "word/footer1.xml": _footer("right"),
        "word/footer2.xml": _footer("left"),
    }
    return {name: _XML + text for name, text in parts.items()}


def _document() -> str:
    samples = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style_id(style)}"/></w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'
        for style, text in _SAMPLES
    )
    characters = "".join(
        f'<w:r><w:rPr><w:rStyle w:val="{name}"/></w:rPr><w:t>{text}</w:t></w:r>' for name, text in _CHARACTER_SAMPLES
    )
    table = (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{TABLE}"/><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{TEXT_WIDTH}"/></w:tblGrid><w:tr><w:tc><w:tcPr>'
        f'<w:tcW w:w="{TEXT_WIDTH}" w:type="dxa"/></w:tcPr><w:p><w:pPr>'
        f'<w:pStyle w:val="{word_styles.TABLE_VALUE}"/></w:pPr><w:r><w:t>边框（{TABLE}）</w:t></w:r></w:p>'
        "</w:tc></w:tr></w:tbl>"
    )
    mixed = f'<w:p><w:pPr><w:pStyle w:val="{word_styles.BODY}"/></w:pPr>{characters}</w:p>'
    body = samples + table + mixed + _SECTION
    return f'<w:document xmlns:w="{W}" xmlns:r="{_R}"><w:body>{body}</w:body></w:document>'


# A4, margins 37/26/35/28 mm; the line of the page number is 7 mm below the text.
_SECTION = (
    "<w:sectPr>"
    '<w:headerReference w:type="default" r:id="rId4"/><w:headerReference w:type="even" r:id="rId5"/>'
    '<w:footerReference w:type="default" r:id="rId6"/><w:footerReference w:type="even" r:id="rId7"/>'
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" '
    'w:header="851" w:footer="1418" w:gutter="0"/>'
    f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
)

_SETTINGS = (
    f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
    "<w:evenAndOddHeaders/>"
    '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:useFELayout/>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)

_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>年度报告样式</dc:title></cp:coreProperties>'
)


def _footer(side: str) -> str:
    """— 1 — on that side, one character in."""
    # 一字 is the character that lines are counted in. In Word's own unit it would be one of the page number's size.
    place = f'<w:ind w:{side}="{CHARACTER}"/><w:jc w:val="{side}"/>'
    dash = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>'
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    properties = f'<w:pPr><w:pStyle w:val="{word_styles.PAGE_NUMBER}"/>{place}</w:pPr>'
    return f'<w:ftr xmlns:w="{W}"><w:p>{properties}{dash.format("— ")}{number}{dash.format(" —")}</w:p></w:ftr>'


def _font_table() -> str:
    fonts = [
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="86"/><w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
        for name, others, panose, family, pitch in _FONTS
    ]
    fonts.append(
        f'<w:font w:name="{word_styles.LATIN}"><w:panose1 w:val="02020603050405020304"/>'
        '<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    )
    return f'<w:fonts xmlns:w="{W}">{"".join(fonts)}</w:fonts>'


def _content_types() -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    kinds = {
        "word/document.xml": f"{word}.document.main+xml",
        "word/styles.xml": f"{word}.styles+xml",
        "word/settings.xml": f"{word}.settings+xml",
        "word/fontTable.xml": f"{word}.fontTable+xml",
        **{f"word/header{number}.xml": f"{word}.header+xml" for number in (1, 2)},
        **{f"word/footer{number}.xml": f"{word}.footer+xml" for number in (1, 2)},
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(
        f"<Override PartName={quoteattr('/' + name)} ContentType={quoteattr(kind)}/>" for name, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relationships(*targets: tuple[str, str]) -> str:
    lines = []
    for number, (kind, target) in enumerate(targets, 1):
        family = f"{_PACKAGE}/relationships" if kind.startswith("metadata/") else _R
        lines.append(f'<Relationship Id="rId{number}" Type="{family}/{kind}" Target="{target}"/>')
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(style_file())

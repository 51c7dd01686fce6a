"""The named styles of the Word report and their measures, after GB/T 9704."""

from __future__ import annotations

TITLE = "Title"
HEADING = "heading 1"
SECOND = "heading 2"
THIRD = "报告三级段落"
FOURTH = "报告四级段落"
BODY = "报告正文"
SIGNATURE = "报告落款"
PAGE_NUMBER = "报告页码"
DRAFT = "报告草稿"
TABLE = "报告表格"
TABLE_HEADING = "报告表格小标题"
TABLE_HEADER = "报告表头"
TABLE_STUB = "报告表格标目"
TABLE_TALL_STUB = "报告表格竖栏"
TABLE_VALUE = "报告表格数字"
LEAD = "报告二级标题文字"
NOTE = "报告表格注"

LINE = 579
"""Twips of one line: 22 lines in the 225 mm of the text area."""
TEXT_WIDTH = 8844
"""Twips of the 156 mm between the margins."""
CHARACTER = 315
"""Twips of one character: 28 in the text width, which is 16 pt set closer by a quarter of a point."""
CELL_SIZE = 10.0
"""Points of the text of tables."""

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

FANG, KAI, HEI, SONG, XIAOBIAO = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"
_CENTRE, _LEFT, _RIGHT = ('<w:jc w:val="center"/>', '<w:jc w:val="left"/>', '<w:jc w:val="right"/>')
_FIRST_LINE = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * CHARACTER}"/>'
_KEEP = "<w:keepNext/><w:keepLines/>"
# Not a character grid in the page set-up: LibreOffice gives a character wider than its cell two cells.
_CLOSER = '<w:spacing w:val="-5"/>'
_OWN_LINES = '<w:snapToGrid w:val="0"/>'


def _exactly(twips: int, before: int = 0, after: int = 0) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{twips}" w:lineRule="exact"/>'


def _fonts(east_asian: str = "", latin: str = LATIN) -> str:
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east_asian}" w:cs="{latin}"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{points * 2:.0f}"/><w:szCs w:val="{points * 2:.0f}"/>'


_CELL = _OWN_LINES + _exactly(260)
_CELL_TEXT = _fonts(SONG) + _size(CELL_SIZE)
_CELL_INDENT = '<w:ind w:left="47" w:right="47"/>'

# (name, paragraph properties, run properties): in the order the schema wants them.
_PARAGRAPH_STYLES: tuple[tuple[str, str, str], ...] = (
    (TITLE, _KEEP + _OWN_LINES + _exactly(660, after=LINE) + _CENTRE, _fonts(XIAOBIAO) + _size(22)),
    (HEADING, f'{_KEEP}{_exactly(LINE)}{_FIRST_LINE}<w:outlineLvl w:val="0"/>', _fonts(HEI) + _CLOSER),
    (SECOND, f'{_KEEP}{_exactly(LINE)}{_FIRST_LINE}<w:outlineLvl w:val="1"/>', _fonts(KAI) + _CLOSER),
    (BODY, _exactly(LINE) + _FIRST_LINE, _CLOSER),
    (THIRD, _exactly(LINE) + _FIRST_LINE, _CLOSER),
    (FOURTH, _exactly(LINE) + _FIRST_LINE, _CLOSER),
    (SIGNATURE, _exactly(LINE) + _RIGHT, _CLOSER),
    (PAGE_NUMBER, _OWN_LINES + '<w:spacing w:line="240" w:lineRule="auto"/>', _fonts(SONG, SONG) + _size(14)),
    (DRAFT, _OWN_LINES + _CENTRE, _fonts(HEI) + '<w:color w:val="C00000"/>' + _size(14)),
    (
        TABLE_HEADING,
        f'<w:shd w:val="clear" w:color="auto" w:fill="C6D9F1"/>{_CELL}{_CELL_INDENT}{_LEFT}',
        _CELL_TEXT,
    ),
    (TABLE_HEADER, _CELL + _CELL_INDENT + _CENTRE, _CELL_TEXT),
    (TABLE_STUB, _CELL + _CELL_INDENT + _LEFT, _CELL_TEXT),
    (TABLE_TALL_STUB, _CELL + _CENTRE, _CELL_TEXT),
    (TABLE_VALUE, _CELL + _CENTRE, _CELL_TEXT),
)
_CHARACTER_STYLES = ((LEAD, f'<w:rFonts w:eastAsia="{KAI}"/>'), (NOTE, f'<w:rFonts w:eastAsia="{KAI}"/>'))


def style_id(name: str) -> str:
    """The id the shipped file gives the style; Word and WPS may change ids, never names."""
    return name.replace(" ", "").title() if name.isascii() else name


def styles_xml() -> str:
    """word/styles.xml."""
    styles = [
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        # As in Chinese Word: lines fill the width, pages their 22 lines.
        '<w:pPr><w:widowControl w:val="0"/><w:jc w:val="both"/></w:pPr></w:style>',
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>',
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"{_cell_margins(108)}</w:tblPr></w:style>",
    ]
    styles += [_paragraph_style(*style) for style in _PARAGRAPH_STYLES]
    styles += [
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{name}"><w:name w:val="{name}"/>'
        f"<w:qFormat/><w:rPr>{run}</w:rPr></w:style>"
        for name, run in _CHARACTER_STYLES
    ]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="8" w:space="0" w:color="auto"/>' for side in sides)
    styles.append(
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{TABLE}"><w:name w:val="{TABLE}"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{borders}</w:tblBorders>'
        f"{_cell_margins(10)}</w:tblPr></w:style>"
    )
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANG)}{_size(16)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        "</w:docDefaults>"
    )
    return f'<w:styles xmlns:w="{W}">{defaults}{"".join(styles)}</w:styles>'


def _paragraph_style(name: str, paragraph: str, run: str) -> str:
    custom = "" if name.isascii() else ' w:customStyle="1"'
    following = f'<w:next w:val="{BODY}"/>' if name in (TITLE, HEADING, SECOND) else ""
    properties = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style_id(name)}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/>{following}<w:qFormat/><w:pPr>{paragraph}</w:pPr>{properties}</w:style>'
    )


def _cell_margins(sides: int) -> str:
    margins = (("top", 0), ("left", sides), ("bottom", 0), ("right", sides))
    return (
        "<w:tblCellMar>"
        + "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in margins)
        + "</w:tblCellMar>"
    )

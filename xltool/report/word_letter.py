"""What the Word letters to units share: the skeleton of the report, the addressee, and how high their texts stand."""

from __future__ import annotations

import math
from functools import lru_cache

from xltool.form import Form
from xltool.report import word_styles
from xltool.report.signature import placed
from xltool.report.title import width
from xltool.report.view import Signature
from xltool.report.word_pattern import in_xml
from xltool.report.word_skeleton import WordSkeleton, make_word_skeleton

LINES_OF_A_PAGE = 22
_PER_LINE = 27.0
"""Characters of a body line, one of 28 kept free: punctuation does not begin a line."""
_FLUSH = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'


@lru_cache(maxsize=4)
def letter_skeleton(form: Form) -> WordSkeleton:
    """Page and styles of the form's reports, kept for all letters of a run."""
    return make_word_skeleton(form)


def lines_of(text: str) -> int:
    """Lines that a paragraph of the body takes."""
    return math.ceil((width(text) + 2) / _PER_LINE)


def lines_of_signature(office: str) -> int:
    """Lines that the name of ``office`` takes below the text, without the date and the blank line above."""
    return len(placed(Signature(office, "")).unit_lines)


def addressee_xml(skeleton: WordSkeleton, addressee: str) -> str:
    """“教育局：”, flush left."""
    style = skeleton.look.ids[word_styles.BODY]
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{_FLUSH}</w:pPr>{run_xml(f"{addressee}：")}</w:p>'


def run_xml(text: str) -> str:
    """``text`` as ``w:r``. Without the hint Word takes “ ” … — for Latin and sets them in Times New Roman."""
    font = '<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr>'
    return f'<w:r>{font}<w:t xml:space="preserve">{in_xml(text)}</w:t></w:r>'

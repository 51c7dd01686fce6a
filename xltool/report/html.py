"""The report as a page of HTML for a website, and as a fragment to paste into an editor of one."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.figure import FigureId
from xltool.form import Table
from xltool.report.html_table import HtmlTable, html_table
from xltool.report.outline import Paragraph
from xltool.report.printable import printable
from xltool.report.view import DRAFT_NOTICE, ReportView, SectionView, TableView
from xltool.xmltext import escape

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLDER = Path(__file__).parent / "templates"


def write_html(view: ReportView) -> str:
    """One page that needs nothing else: no script, nothing fetched, its styles admitted by their hash.

    To be saved as UTF-8. The charts of ``view`` are in it as SVG.
    """
    style = _style(tuple(block.table for section in view.sections for block in _tables(section)), view.draft)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template("report.html")
    return page.render(view=view, style=style, digest=digest, draft_notice=DRAFT_NOTICE, look="report")


def write_fragment(view: ReportView) -> str:
    """Headings, paragraphs and tables of the report without its title, to be pasted as HTML source.

    Only what editors keep: no ``div``, class, id or style sheet; where an editor takes the inline styles too,
    attributes still draw the tables. Charts are given in words: editors drop pictures that are no files.
    """
    fragment = _environment().get_template("report_fragment.html")
    return fragment.render(view=view, draft_notice=DRAFT_NOTICE, look="report_fragment")


@cache
def _environment() -> Environment:
    import jinja2  # heavy: only who writes pages pays for it

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_for_template,
    )
    environment.globals["filled_table"] = _filled_table
    environment.filters["in_lines"] = _in_lines
    environment.tests["drawn_apart"] = _is_drawn_apart
    environment.tests["table"] = _is_table
    environment.tests["beginning_a_page"] = _begins_a_page
    return environment


def _for_template(value: object) -> object:
    """What every expression of a template goes through; finished markup (a str of its own kind) as it is."""
    return printable(value) if type(value) is str else value


_LONG_WORD = re.compile(r"[!-~]{11,}")
_TELEPHONE = re.compile(r"(?<![\d-])\d{3,4}-\d{7,8}(?![\d-])")
_MAY_BREAK = re.compile(r"(?<=[@/?&=])(?=[!-~])")


def _is_drawn_apart(paragraph: Paragraph) -> bool:
    """Whether a line before an address would be, set to full width."""
    return _LONG_WORD.search(paragraph.whole) is not None


def _in_lines(text: str) -> Markup:
    """``text`` with places where an address may be broken; a telephone number stays whole."""
    from markupsafe import Markup

    clean, pieces, end = printable(text), [], 0
    for word in _LONG_WORD.finditer(clean):
        pieces.append(escape(clean[end : word.start()]))
        if _TELEPHONE.fullmatch(word[0]):
            pieces.append(f'<span class="whole">{word[0]}</span>')
        else:
            pieces.append("<wbr>".join(map(escape, _MAY_BREAK.split(word[0]))))
        end = word.end()
    return Markup("".join([*pieces, escape(clean[end:])]))


# --- tables -----------------------------------------------------------------------------------------------


def _is_table(block: object) -> bool:
    return isinstance(block, TableView)


def _tables(section: SectionView) -> list[TableView]:
    return [block for block in section.blocks if isinstance(block, TableView)]


def _begins_a_page(section: SectionView) -> bool:
    return any(html_table(block.table).tall for block in _tables(section))


@dataclass(frozen=True)
class _Pattern:
    """A table without its figures: ``literals`` around them, one more than ``figures``."""

    literals: tuple[str, ...]
    figures: tuple[FigureId, ...]


def _filled_table(block: TableView, section: SectionView, look: str) -> Markup:
    """The table of the template ``look``; figures are its only part that differs between reports."""
    from markupsafe import Markup

    pattern = _pattern(block.table, section.id, section.heading, look)
    pieces = [""] * (2 * len(pattern.figures) + 1)
    pieces[::2] = pattern.literals
    pieces[1::2] = [escape(block.values[figure]) for figure in pattern.figures]
    return Markup("".join(pieces))


@lru_cache(maxsize=64)
def _pattern(table: Table, section: str, heading: str, look: str) -> _Pattern:
    # Characters of the private use area, which no label or heading contains.
    template = _environment().get_template(f"{look}_table.html")
    drawn = template.render(
        it=html_table(table),
        section=SectionView(section, heading, ()),
        place=lambda figure: f"\ue000{figure}\ue001",
    )
    pieces = re.split("\ue000([^\ue001]*)\ue001", drawn)
    return _Pattern(tuple(pieces[::2]), tuple(FigureId.parse(figure) for figure in pieces[1::2]))


# --- styles -----------------------------------------------------------------------------------------------


_EVERY_PAGE = '@page {{ @top-center {{ content: "{notice}"; color: #c00000; font: 14pt SimHei, sans-serif; }} }}'


@lru_cache(maxsize=16)
def _style(tables: tuple[Table, ...], draft: bool) -> str:
    """The style sheet with the widths of these tables; attributes for them would be styles the page forbids."""
    drawn = [html_table(table) for table in tables]
    rules = [_FOLDER.joinpath("report.css").read_text("utf-8").strip()]
    rules += [_widths(table, table.widths, "%") for table in drawn]
    if draft:
        rules.append(_EVERY_PAGE.format(notice=DRAFT_NOTICE))
    narrow = [_narrow(table) for table in drawn if table.narrow_widths]
    if narrow:
        rules.append("@media screen and (max-width: 40rem) {\n" + "\n".join(narrow) + "\n}")
    return "\n" + "\n".join(rules) + "\n"


def _narrow(table: HtmlTable) -> str:
    """As wide as it has to be; headings of rows stand still side by side while the figures pass below them."""
    whole = sum(table.narrow_widths)
    rules = [f"#{table.id}-table {{ min-width: {whole:g}em; }}", _widths(table, table.narrow_widths, "em")]
    inner = {cell.inner for group in table.groups for row in group.rows for cell in row if cell.inner}
    for column in sorted(inner):
        left = sum(table.narrow_widths[:column])
        rules.append(f".scroll #{table.id}-table .inner-{column} {{ left: {left:g}em; }}")
    return "\n".join(rules)


def _widths(table: HtmlTable, widths: tuple[float, ...], unit: str) -> str:
    rules = (
        f"#{table.id}-table col:nth-child({number}) {{ width: {width:g}{unit}; }}"
        for number, width in enumerate(widths, 1)
    )
    return "\n".join(rules)

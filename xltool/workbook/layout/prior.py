"""The 上年数据 sheet: last year's figures beside this year's, all locked."""

from __future__ import annotations

from xltool.form import Form
from xltool.workbook.layout.addresses import COVER, PRIOR, Addresses
from xltool.workbook.layout.model import Area, Cell, Computed, Fixed, Place, Sheet, Style, height_needed

_WIDTHS = (12, 58, 26, 15, 15, 15)
_HEADERS = ("表", "项目", "栏目", "上年数", "本年数", "增减")
_TOP = 4


def prior_sheet(form: Form, at: Addresses, year: int) -> Sheet:
    """One row per figure of the form."""
    cells: list[Cell] = [
        Fixed(_area(0, 0, width=5), f"{year - 1}年数据与本年对照（上年数据已锁定）", Style.SECTION),
        Fixed(_area(0, 5), "返回封面", Style.LINK, link=Place(COVER, 0, 1)),
        Fixed(
            _area(1, 0, width=6),
            "上年数据取自上年已审定的报告；有误的请与主管部门联系，不要自行修改。",
            Style.HINT,
        ),
    ]
    cells += [Fixed(_area(_TOP - 1, column), text, Style.HEADER) for column, text in enumerate(_HEADERS)]
    heights = {0: 28.0, 1: 22.0, _TOP - 1: 22.0}
    names = {table.id: table.name for table in form.tables}
    for index, figure in enumerate(form.figures.values()):
        row = _TOP + index
        project, _, column = figure.spoken.partition(" · ")
        cells.append(Fixed(_area(row, 0), names[figure.id.table], Style.LIST_CENTRE))
        cells.append(Fixed(_area(row, 1), project, Style.LIST))
        cells.append(Fixed(_area(row, 2), column, Style.LIST_CENTRE))
        before, now = at.before(figure.id).absolute, at.amount(figure.id).absolute
        shown = f'IF(ISNUMBER({before}),{before},"")'
        cells.append(Computed(_area(row, 3), f"prior.{figure.id}", shown, Style.NUMBER))
        cells.append(Computed(_area(row, 4), f"amount.{figure.id}", now, Style.NUMBER))
        change = f'IF(COUNT({before},{now})=2,ROUND({now}-{before},6),"")'
        cells.append(Computed(_area(row, 5), f"change.{figure.id}", change, Style.NUMBER))
        heights[row] = max(18, height_needed(project, _WIDTHS[1], 10))
    last = _TOP + len(form.figures)
    return Sheet(
        PRIOR,
        tuple(cells),
        _WIDTHS,
        heights,
        freeze=(_TOP, 0),
        print_area=Area(Place(PRIOR, 0, 0), last, len(_WIDTHS)),
        repeat_rows=(_TOP - 1, _TOP - 1),
        tab="gray",
    )


def _area(row: int, column: int, width: int = 1) -> Area:
    return Area(Place(PRIOR, row, column), 1, width)

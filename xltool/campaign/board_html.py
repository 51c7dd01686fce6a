"""The board as one page of HTML: no script, nothing fetched, readable on a telephone."""

from __future__ import annotations

from xltool.campaign.board import Board, Row, deadlines
from xltool.xmltext import escape, quoteattr

_STYLE = """
:root{color-scheme:light dark}body{font:16px/1.6 "PingFang SC","Microsoft YaHei",sans-serif;margin:0 auto;
max-width:60rem;padding:1rem;color:#1d2733;background:#fff}h1{font-size:1.3rem;margin:.2rem 0}
p{margin:.3rem 0 1rem;color:#4a5663}.counts{display:flex;flex-wrap:wrap;gap:.5rem;margin:0 0 1rem;padding:0;
list-style:none}.counts li{border:1px solid #c8d0d8;border-radius:.5rem;padding:.3rem .8rem}
.counts b{font-size:1.25rem;margin-right:.3rem}h2{font-size:1.05rem;margin:1.4rem 0 .3rem}
table{border-collapse:collapse;width:100%;font-size:.95rem}th,td{border-bottom:1px solid #dde3e8;
padding:.35rem .4rem;text-align:left;vertical-align:top}th{font-weight:600;color:#4a5663}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;width:2.5rem}td.n+td.wide:not(.n),
th.n+th.wide:not(.n){padding-left:1.4rem}.s{white-space:nowrap;font-weight:600}
.未交,.有错误,.有两份{color:#a4121c}.待核实,.已退回{color:#8a5200}.待审定{color:#1f5fa8}.已审定{color:#0b7a3b}
@media(max-width:34rem){.wide{display:none}}@media(prefers-color-scheme:dark){body{background:#12171d;
color:#dfe6ec}p,th{color:#9fb0bf}.未交,.有错误,.有两份{color:#ff8a8f}.待核实,.已退回{color:#f0b45b}
.待审定{color:#7db5f5}.已审定{color:#5fcf8f}}@media print{h2{break-after:avoid}tr{break-inside:avoid}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def board_html(board: Board) -> str:
    """The page, whole."""
    title = f"{board.office} {board.year}年{board.title}收报进度"
    groups = "".join(_group(name, rows) for name, rows in board.by_superior().items())
    counts = "".join(
        f"<li class={quoteattr(state)}><b>{count}</b>{escape(state)}</li>" for state, count in board.counts.items()
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>"
        f"<p>应报 {board.due} 个单位。{escape(deadlines(board))}。截至 {board.today.isoformat()}。</p>"
        f'<ul class="counts">{counts}</ul>{groups}</body></html>\n'
    )


def _group(superior: str, rows: tuple[Row, ...]) -> str:
    lines = "".join(_row(row) for row in rows)
    return (
        f'<h2>{escape(superior)}</h2><table><thead><tr><th scope="col">单位</th><th scope="col">状态</th>'
        '<th scope="col" class="n">错误</th><th scope="col" class="n">核实</th>'
        '<th scope="col" class="n wide">交来</th><th scope="col" class="n wide">退回</th>'
        f'<th scope="col" class="wide">交来时间</th></tr></thead><tbody>{lines}</tbody></table>'
    )


def _row(row: Row) -> str:
    def number(value: int, unit: str = "") -> str:
        return f"{value}{unit}" if value else ""

    note = f"<br><small>{escape(row.change)}</small>" if row.change else ""
    return (
        f'<tr><th scope="row">{escape(row.unit)}{note}</th><td class="s {escape(row.state)}">{escape(row.state)}</td>'
        f'<td class="n">{number(row.errors)}</td><td class="n">{number(row.waiting)}</td>'
        f'<td class="n wide">{number(row.round, " 次")}</td><td class="n wide">{number(row.returned, " 次")}</td>'
        f'<td class="wide">{escape(row.at)}</td></tr>'
    )

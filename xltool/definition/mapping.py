"""How the figures of one edition become those of another: mapping.yaml beside the edition they become."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xltool.definition.resolve import Scope
from xltool.definition.structure import expression
from xltool.expr.model import Expr, Term
from xltool.expr.parse import ExpressionError
from xltool.figure import FigureId
from xltool.form import Form, Table
from xltool.yamlfile import Node, parse_yaml, read_definition

FILE = "mapping.yaml"


@dataclass(frozen=True)
class Shared:
    """Figures of the target of which the source knows only the sum."""

    figures: tuple[FigureId, ...]
    total: FigureId


@dataclass(frozen=True)
class Mapping:
    """From ``source`` to ``target`` (ids of editions): each figure over figures of the source, resolved.

    ``lacking``: what people fill in on the target and nothing of the source says.
    """

    source: str
    target: str
    figures: tuple[tuple[FigureId, Expr], ...]
    shared: tuple[Shared, ...]
    lacking: tuple[FigureId, ...]


@lru_cache(maxsize=16)
def mapping_between(source: Form, target: Form) -> Mapping | None:
    """How filings of ``source`` become filings of ``target``; None where that is not declared."""
    path = _file(target)
    return parse_mapping(read_definition(path), str(path), source, target) if path is not None else None


def all_mappings(target: Form, known: Callable[[str], Form | None], others: Collection[str]) -> tuple[Mapping, ...]:
    """Every mapping that the file beside ``target`` declares; DefinitionError also for an edition nobody has.

    ``known``: an edition by its id; ``others``: the ids of those that there are, for the sentence.
    """
    path = _file(target)
    if path is None:
        return ()
    text = read_definition(path)
    found = []
    for name, node in parse_yaml(text, str(path)).mapping(("from",), ("from",))["from"].mapping().items():
        source = known(name) if name != target.id else None
        if source is None:
            listed = "、".join(sorted(set(others) - {target.id})) or "没有别的"
            raise node.error(f"来源“{name}”不是已有的别的表式，应为：{listed}。请改正 from 下面的编号")
        made = parse_mapping(text, str(path), source, target)
        assert made is not None
        found.append(made)
    return tuple(found)


def _file(target: Form) -> Path | None:
    path = target.folder / FILE if target.folder is not None else None
    return path if path is not None and path.is_file() else None


def parse_mapping(text: str, where: str, source: Form, target: Form) -> Mapping | None:
    """The mapping that ``text`` declares from ``source``; DefinitionError for the first mistake in that part."""
    editions = parse_yaml(text, where).mapping(("from",), ("from",))["from"].mapping()
    if source.id not in editions:
        return None
    keys = editions[source.id].mapping(("tables", "figures"))
    reading = _Reading(source, target)
    for name, node in keys["tables"].mapping().items() if "tables" in keys else ():
        reading.table(name, node)
    for name, node in keys["figures"].mapping().items() if "figures" in keys else ():
        reading.figure(name, node)
    return reading.mapping()


class _Reading:
    """What has been declared so far; what stands by itself comes before what is the same."""

    def __init__(self, source: Form, target: Form) -> None:
        self.source, self.target = source, target
        self.scope = Scope({table.id: table for table in source.tables}, source.figures)
        self.figures: dict[FigureId, Expr] = {}
        self.shared: list[Shared] = []

    def mapping(self) -> Mapping:
        known = {*self.figures, *(figure for one in self.shared for figure in one.figures)}
        lacking = tuple(figure.id for figure in self.target.inputs if figure.id not in known)
        pairs = tuple((figure, self.figures[figure]) for figure in self.target.figures if figure in self.figures)
        return Mapping(self.source.id, self.target.id, pairs, tuple(self.shared), lacking)

    def table(self, name: str, node: Node) -> None:
        target = _table_of(self.target, name, node)
        keys = node.mapping(("same", "rows", "shared"), ("same",))
        source = _table_of(self.source, keys["same"].text(), keys["same"])
        special: set[str] = set()
        for row, typed in keys["rows"].mapping().items() if "rows" in keys else ():
            _refuse_unknown_row(target, row, typed)
            special.add(row)
            for column in _common_columns(source, target, row):
                self._add(FigureId(target.id, row, column), typed, self.scope.over(source.id, "column", column))
        for row, listed in keys["shared"].mapping().items() if "shared" in keys else ():
            special |= set(self._share(source, target, row, listed))
        for figure in self.target.figures_of(target.id):
            same = FigureId(source.id, figure.id.row, figure.id.column)
            if figure.id.row not in special and same in self.source.figures:
                self.figures[figure.id] = Term(same)

    def figure(self, name: str, node: Node) -> None:
        figure = FigureId(*name.split(".")) if name.count(".") == 2 else None
        if figure is None or figure not in self.target.figures:
            raise node.error(f"表式“{self.target.id}”里没有指标“{name}”，应写作 表.行.列")
        self._add(figure, node, self.scope)

    def _add(self, figure: FigureId, node: Node, scope: Scope) -> None:
        if figure in self.figures:
            raise node.error(f"“{figure}”已经有对应的数")
        typed = expression(node)
        try:
            self.figures[figure] = scope.total(typed, "算式里", allowed="来源表式的")
        except ExpressionError as error:
            raise node.error(f"表式“{self.source.id}”：{error.fact}", error.offset) from error

    def _share(self, source: Table, target: Table, row: str, node: Node) -> Iterator[str]:
        """The rows of the target whose sum stands in ``row`` of the source."""
        _refuse_unknown_row(source, row, node)
        rows = [item.text() for item in node]
        if len(rows) < 2:
            raise node.error("应写两行以上；只有一行的，写在 rows 里")
        for item in node:
            _refuse_unknown_row(target, item.text(), item)
        for column in _common_columns(source, target, rows[0], row):
            ids = tuple(FigureId(target.id, one, column) for one in rows)
            computed = all(self.target.figures[one].computed is not None for one in ids)
            if not computed:
                self.shared.append(Shared(ids, FigureId(source.id, row, column)))
        yield from rows


def _table_of(form: Form, name: str, node: Node) -> Table:
    found = next((table for table in form.tables if table.id == name), None)
    if found is None:
        known = "、".join(table.id for table in form.tables)
        raise node.error(f"表式“{form.id}”里没有表“{name}”，可以用：{known}")
    return found


def _refuse_unknown_row(table: Table, row: str, node: Node) -> None:
    if row not in {line.id for block in table.blocks for line in block.rows}:
        raise node.error(f"{table.name}（{table.id}）里没有行“{row}”")


def _columns(table: Table, row: str | None = None) -> tuple[str, ...]:
    blocks = (block for block in table.blocks if row is None or any(line.id == row for line in block.rows))
    return tuple(line.id for block in blocks for line in block.columns)


def _common_columns(source: Table, target: Table, row: str, source_row: str | None = None) -> tuple[str, ...]:
    """Columns of the target's ``row`` that the source has by the same id."""
    known = set(_columns(source, source_row))
    return tuple(column for column in _columns(target, row) if column in known)

"""A document → a filing, by the labels of the form alone, with how sure every figure of it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xltool.check.finding import Finding
from xltool.documents.limits import too_large
from xltool.documents.model import DocTable, Document, Text
from xltool.errors import FileRefused
from xltool.figure import FigureId, plain
from xltool.filing import Filing, Unit
from xltool.form import SIGNED_ON, Form
from xltool.salvage.amounts import DOUBTED
from xltool.salvage.board import Board
from xltool.salvage.certainty import Certainty, Lack, Sureness, missing
from xltool.salvage.cover import Title, find_title, labelled_facts, signed, told_facts
from xltool.salvage.displaced import doubt_displaced
from xltool.salvage.findings import about_edition, about_figures, about_sections, about_tables, about_title
from xltool.salvage.own import Own, about_own, as_told, completed, own_notes, read_own
from xltool.salvage.pieces import Piece, pieces_of
from xltool.salvage.reading import Reading
from xltool.salvage.runs import read_runs
from xltool.salvage.said_in_texts import agreed, read_claims
from xltool.salvage.sections import SectionRead, divide, texts_of
from xltool.salvage.sentences import read_sentences
from xltool.salvage.tables import MOST_CELLS, TablesRead, boards_of, read_tables
from xltool.workbook.stamps import Stamps

_LEAST = 2
"""So many figures at least, or some text below a heading: else it is another document."""
_MARGIN = 0.02
_MOST_PARTS, _MOST_LETTERS = 25_000, 300_000
"""Cells and paragraphs, and what they say: a whole county's reports in one document have less; more takes too long."""


@dataclass(frozen=True)
class Outline:
    """The texts as the document has them. ``before``: what stands before the first heading, the title too;
    ``date``: that of the signature as 2025年1月15日, "" where there is none.
    """

    title: Title | None
    before: tuple[Piece, ...]
    sections: tuple[SectionRead, ...]
    date: str


@dataclass(frozen=True)
class Salvage:
    """What a document gave. ``filing``: its sure figures; a doubtful one stands in ``unread`` as 待核12, so that no
    program takes it for a number before a person has. ``certainty``: of every figure of the form, totals too.

    ``found``: the edition whose tables the document has; ``form``: the one that is due for the year. ``filing.unit``
    has the name "" and ``filing.year`` is 0 where neither the document nor the caller says them. ``stamps``: the
    identity of a workbook of ours.
    """

    form: Form
    found: Form
    filing: Filing
    certainty: Mapping[FigureId, Certainty]
    findings: tuple[Finding, ...]
    outline: Outline
    notes: tuple[str, ...] = ()
    stamps: Stamps | None = None

    def counted(self) -> dict[Sureness, int]:
        """How many figures are sure, doubtful, missing."""
        kinds = [certainty.sureness for certainty in self.certainty.values()]
        return {sureness: kinds.count(sureness) for sureness in Sureness}


@dataclass(frozen=True)
class _Tried:
    """One form laid on the document."""

    form: Form
    tables: TablesRead
    reading: Reading
    boards: tuple[Board, ...]
    score: float


def salvage(document: Document, forms: Sequence[Form], unit: str | None = None, year: int | None = None) -> Salvage:
    """Read ``document`` as the one of ``forms`` that fits best; of equals the first.

    ``unit``, ``year``: whose report of which year it is, where the caller knows. FileRefused where nothing of any
    form is in it.
    """
    document = _bounded(document)
    own = read_own(document, forms)
    if own is not None:
        return _of_own(own, document, unit, year)
    tried = [_tried(form, document) for form in forms]
    best = tried[0]
    for other in tried[1:]:
        best = other if other.score > best.score + _MARGIN else best
    pieces = pieces_of(best.form, document, best.boards, best.tables.used)
    title = find_title(best.form, pieces)
    told_year = year or (title.year if title is not None else 0)
    due = _due(best.form, forms, told_year)
    chosen = next(one for one in tried if one.form is due)
    result = _salvaged(chosen, best, document, unit, told_year, title)
    if sum(read.value is not None for read in best.reading.values()) < _LEAST and not result.filing.texts:
        raise FileRefused(f"里面没有找到“{best.form.title}”的表和文字。请核对是不是这个文件。")
    return result


def _of_own(own: Own, document: Document, unit: str | None, year: int | None) -> Salvage:
    """A workbook of ours; what its sheets no longer have is looked for by labels."""
    if own.is_blank:
        raise FileRefused("这是没有填过的填报工作簿，里面没有数，也没有文字。请核对是不是这个文件。")
    form, filing = own.form, as_told(own, unit, year)
    certainty, outline = own.certainty, Outline(None, (), (), "")
    found: tuple[Finding, ...] = ()
    if own.astray:
        tried = _tried(form, document)
        labelled = _salvaged(tried, tried, document, filing.unit.name, filing.year, None)
        filing, certainty = completed(own, filing, labelled.certainty, labelled.filing)
        outline, found = labelled.outline, labelled.findings
    findings = about_own(own, filing, certainty, found)
    return Salvage(form, form, filing, certainty, findings, outline, own_notes(document, document.notes), own.stamps)


def _bounded(document: Document) -> Document:
    """As much of the document as is looked at; FileRefused where it is more than any report."""
    blocks: list[Text | DocTable] = []
    notes: list[str] = []
    parts = letters = 0
    for block in document.blocks:
        if isinstance(block, DocTable) and len(block.cells) > MOST_CELLS:
            block = replace(block, cells=block.cells[:MOST_CELLS])
            notes.append(f"{block.place}太大，只看了前面 {MOST_CELLS} 格。")
        blocks.append(block)
        said = [cell.text for cell in block.cells] if isinstance(block, DocTable) else [block.text]
        parts += len(said)
        letters += sum(map(len, said))
    if parts > _MOST_PARTS or letters > _MOST_LETTERS:
        raise too_large("文件的内容")
    return replace(document, blocks=tuple(blocks), notes=(*document.notes, *notes))


def _tried(form: Form, document: Document) -> _Tried:
    boards = boards_of(document)
    tables = read_tables(form, boards)
    reading = dict(tables.reading)
    wanting = {figure.table for figure in form.figures if figure not in reading}
    if wanting:
        reading = read_runs(form, document, tables.used, wanting) | reading
    reading = doubt_displaced(form, reading)
    printed = [figure for table in form.tables if table.printed for figure in form.figures_of(table.id)]
    worth = {Sureness.SURE: 1.0, Sureness.DOUBTFUL: 0.3, Sureness.MISSING: 0.0}
    score = sum(worth[reading[f.id].sureness] for f in printed if f.id in reading) / max(1, len(printed))
    return _Tried(form, tables, reading, boards, score)


def _due(found: Form, forms: Sequence[Form], year: int) -> Form:
    """The edition for ``year``: the newest that had begun; the found one where ids do not tell years."""
    begun = [(first, form) for form in forms if (first := _first_year(form)) is not None and first <= year]
    if _first_year(found) is None or not begun:
        return found
    return max(begun, key=lambda one: one[0])[1]


def _first_year(form: Form) -> int | None:
    """The year whose reports were the first of this edition: its id ends in it."""
    match = re.search(r"-(\d{4})$", form.id)
    return int(match[1]) if match else None


def _salvaged(
    chosen: _Tried, best: _Tried, document: Document, unit: str | None, year: int, title: Title | None
) -> Salvage:
    form = chosen.form
    pieces = pieces_of(form, document, chosen.boards, chosen.tables.used | best.tables.used)
    cover = labelled_facts(form, chosen.boards)
    beside = {piece.place for piece in cover.values()}
    divided = divide(form, [piece for piece in pieces if piece.place not in beside])
    name = unit or (title.unit if title is not None else "")
    ended, date = _without_signature(name, divided.sections)
    said, sections = read_sentences(form, ended)
    texts = told_facts(form, divided.before) | {field: piece.text for field, piece in cover.items()}
    texts |= {SIGNED_ON: date} if date and SIGNED_ON in form.text_ids else {}
    texts |= {part: text for read in sections for part, text in texts_of(read).items()}
    claimed = read_claims(form, Filing(form.id, Unit(name), year, {}, texts=texts), sections)
    certainty = _complete(form, agreed(said, claimed) | chosen.reading)
    filing = _filing(form, Unit(name), year, certainty, texts)
    findings = (
        *about_title(
            name, year, title.unit if title else "", title.year if title else None, title.place if title else ""
        ),
        *about_edition(best.form, form, year),
        *about_figures(form, certainty),
        *about_tables(form, chosen.tables.extras, chosen.tables.collapsed, certainty),
        *about_sections(divided.sections),
    )
    outline = Outline(title, divided.before, ended, date)
    return Salvage(form, best.form, filing, certainty, findings, outline, tuple(_notes(document, title)))


def _without_signature(unit: str, sections: Sequence[SectionRead]) -> tuple[tuple[SectionRead, ...], str]:
    present = [index for index, read in enumerate(sections) if read.heading]
    if not present:
        return tuple(sections), ""
    last = present[-1]
    body, date = signed(unit, sections[last].body)
    read = sections[last]
    ended = SectionRead(read.section, read.heading, body, read.place)
    return (*sections[:last], ended, *sections[last + 1 :]), date


def _complete(form: Form, reading: Reading) -> dict[FigureId, Certainty]:
    """Every figure of the form; those nobody found are missing."""
    present = {figure.table for figure, read in reading.items()}
    return {
        figure: reading.get(figure, missing(Lack.ROW if figure.table in present else Lack.TABLE))
        for figure in form.figures
    }


def _filing(
    form: Form, unit: Unit, year: int, certainty: Mapping[FigureId, Certainty], texts: Mapping[str, str]
) -> Filing:
    inputs = {figure.id for figure in form.inputs}
    sure = {figure: read.value for figure, read in certainty.items() if read.is_sure and read.value is not None}
    return Filing(
        form=form.id,
        unit=unit,
        year=year,
        values={figure: value for figure, value in sure.items() if figure in inputs},
        texts={part: text for part, text in texts.items() if text.strip()},
        unread={f: text for f, read in certainty.items() if f in inputs and (text := _standing(read))},
        stated={figure: value for figure, value in sure.items() if figure not in inputs},
        sources={figure: read.place for figure, read in certainty.items() if read.place},
    )


def _standing(read: Certainty) -> str:
    """What is put into the cell of a figure that is not sure; "" leaves it blank."""
    if read.sureness is Sureness.DOUBTFUL and read.value is not None:
        return DOUBTED + plain(read.value)
    return read.quoted if read.lack is Lack.NOT_A_NUMBER else ""


def _notes(document: Document, title: Title | None) -> Iterator[str]:
    yield from document.notes
    if title is None:
        yield "没有找到报告的标题。"

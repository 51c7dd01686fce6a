"""What stands on a PDF page: characters and ruling lines at places, in points from the upper left corner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pdfplumber.page

# Thicker than this it is no line but a background.
_THICKEST = 3.5
# Shorter than this it is the dot of a dotted line at most; those are joined before they count.
_SHORTEST = 0.3
_LEANING = 1.0
_MAX_CHARS, _MAX_STROKES = 30_000, 30_000


class Char(NamedTuple):
    """One character. ``turned``: 1 for text that runs down, -1 for text that runs up, 0 for upright."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    turned: int

    @property
    def size(self) -> float:
        """Its height, or its width when it lies on its side."""
        return self.x1 - self.x0 if self.turned else self.bottom - self.top

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2


class Stroke(NamedTuple):
    """A ruling line: ``at`` on the axis it crosses, from ``start`` to ``end`` on its own."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Page:
    """``pictured``: how much of the page its pictures cover, 0 to 1. ``garbled``: characters whose font does not say
    what they are.
    """

    number: int
    width: float
    height: float
    chars: tuple[Char, ...]
    across: tuple[Stroke, ...]
    down: tuple[Stroke, ...]
    pictured: float
    garbled: int


def page_marks(page: pdfplumber.page.Page) -> Page:
    """The marks of a page as pdfplumber gives it."""
    shift_x, shift_y = float(page.bbox[0]), float(page.bbox[1])
    width, height = float(page.width), float(page.height)
    marks: list[dict[str, Any]] = page.chars[:_MAX_CHARS]
    seen = [mark for mark in marks if mark["text"].strip() and not _is_garbled(mark) and not _is_slanting(mark)]
    chars = [_char(mark, shift_x, shift_y) for mark in seen]
    across, down = _strokes([*page.lines, *page.rects, *page.curves], shift_x, shift_y)
    return Page(
        number=page.page_number,
        width=width,
        height=height,
        chars=tuple(_once(char for char in chars if 0 <= char.x <= width and 0 <= char.y <= height)),
        across=tuple(across[:_MAX_STROKES]),
        down=tuple(down[:_MAX_STROKES]),
        pictured=min(1.0, sum(_area(image) for image in page.images) / max(1.0, width * height)),
        garbled=sum(map(_is_garbled, marks)),
    )


def _char(mark: dict[str, Any], shift_x: float, shift_y: float) -> Char:
    # The first two numbers of the matrix: the writing direction, to the right and up.
    right, up = (float(number) for number in mark["matrix"][:2])
    turned = 0 if abs(up) <= abs(right) else (-1 if up > 0 else 1)
    x0, x1 = float(mark["x0"]) - shift_x, float(mark["x1"]) - shift_x
    return Char(mark["text"], x0, x1, float(mark["top"]) - shift_y, float(mark["bottom"]) - shift_y, turned)


def _is_slanting(mark: dict[str, Any]) -> bool:
    """Across the page, as watermarks are."""
    right, up = (abs(float(number)) for number in mark["matrix"][:2])
    return min(right, up) > 0.2 * max(right, up)


def _is_garbled(mark: dict[str, Any]) -> bool:
    return str(mark["text"]).startswith("(cid:")


def _once(chars: Iterator[Char]) -> Iterator[Char]:
    """Without the copies that some programs print beside a character to make it bold."""
    seen: set[tuple[str, int, int]] = set()
    for char in chars:
        x, y = round(char.x0), round(char.top)
        around = {(char.text, x + right, y + down) for right in (-1, 0, 1) for down in (-1, 0, 1)}
        if not around & seen:
            yield char
        seen.add((char.text, x, y))


def _area(image: dict[str, Any]) -> float:
    return abs(float(image["width"]) * float(image["height"]))


def _strokes(shapes: Sequence[dict[str, Any]], shift_x: float, shift_y: float) -> tuple[list[Stroke], list[Stroke]]:
    across: list[Stroke] = []
    down: list[Stroke] = []
    for shape in shapes:
        for x0, y0, x1, y1 in _segments(shape):
            left, right = sorted((x0 - shift_x, x1 - shift_x))
            upper, lower = sorted((y0 - shift_y, y1 - shift_y))
            if lower - upper <= _LEANING and right - left >= _SHORTEST:
                across.append(Stroke((upper + lower) / 2, left, right))
            elif right - left <= _LEANING and lower - upper >= _SHORTEST:
                down.append(Stroke((left + right) / 2, upper, lower))
    return across, down


def _segments(shape: dict[str, Any]) -> Iterator[tuple[float, float, float, float]]:
    """The lines that can be seen of a shape: the middle of a thin one, the outline of one that is drawn."""
    x0, x1, top, bottom = (float(shape[side]) for side in ("x0", "x1", "top", "bottom"))
    stroked = bool(shape.get("stroke")) and not _is_white(shape.get("stroking_color"))
    filled = bool(shape.get("fill")) and not _is_white(shape.get("non_stroking_color"))
    if (stroked or filled) and min(x1 - x0, bottom - top) <= _THICKEST:
        if x1 - x0 > bottom - top:
            yield x0, (top + bottom) / 2, x1, (top + bottom) / 2
        else:
            yield (x0 + x1) / 2, top, (x0 + x1) / 2, bottom
    elif stroked and shape["object_type"] == "rect":
        yield from ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom))
    elif stroked:
        points = shape.get("pts") or ()
        yield from ((*start, *end) for start, end in pairwise(points))


def _is_white(color: object) -> bool:
    """White in grey, RGB or CMYK; what is not known is seen."""
    parts = color if isinstance(color, list | tuple) else (color,)
    numbers = [part for part in parts if isinstance(part, int | float)]
    if not numbers or len(numbers) != len(parts):
        return False
    return max(numbers) <= 0.02 if len(numbers) == 4 else min(numbers) >= 0.98

"""Speed of the checks of texts: one unit's wording and figures, and the comparison of all units' texts with one another.

``python -m tests.bench_narrative`` prints the table; ``lines()`` gives it to ``tests.bench``.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from statistics import median

from xltool.county.sources import folder
from xltool.definition import form_by_id
from xltool.narrative import examine_texts
from xltool.narrative.repetition import Comparable
from xltool.narrative.repetition_findings import comparable_texts
from xltool.narrative.repetition_index import compare_all
from xltool.samples import load_sample

LENGTH = 1500
"""Characters of a report's texts, about."""
_COPIES = 50
"""Every so many units one copies most of another's text."""
_WORDS = 4000
_MOST_MS, _MOST_S = 5.0, 10.0


@dataclass(frozen=True)
class Line:
    """One measurement, with what it may be at most."""

    name: str
    took: float
    unit: str
    most: float | None

    def __str__(self) -> str:
        most = "" if self.most is None else f"  （不超过 {self.most:g} {self.unit}）"
        return f"{self.name}  {self.took:.1f} {self.unit}{most}"


def unit_texts(count: int, length: int = LENGTH, seed: int = 7) -> list[tuple[str, dict[str, str]]]:
    """Names and texts of made-up units: own wording, a quarter of stock sentences, some copied from another unit."""
    random = Random(seed)
    common = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所"
    words = ["".join(random.choices(common, k=random.choice((2, 2, 2, 3, 4)))) for _ in range(_WORDS)]
    frequent = [1 / (rank + 20) for rank in range(_WORDS)]
    banks: dict[str, list[str]] = json.loads((folder() / "phrases.json").read_text("utf-8"))
    stock = [sentence.replace("{", "").replace("}", "") for bank in banks.values() for sentence in bank]
    made: list[tuple[str, dict[str, str]]] = []
    for number in range(count):
        sentences: list[str] = []
        while sum(map(len, sentences)) < length:
            own = "".join(random.choices(words, frequent, k=random.randint(5, 14))) + "。"
            sentences.append(random.choice(stock) if random.random() < 0.25 else own)
        if number % _COPIES == _COPIES - 1:
            copied = made[random.randrange(number)][1]["s1.disclosure"].split("。")
            taken = [f"{sentence}。" for sentence in copied[: len(copied) * 7 // 10]]
            sentences = taken + sentences[: len(sentences) // 4]
        made.append((f"示范县第{number}局", {"s1.disclosure": "".join(sentences)}))
    return made


def comparables(count: int) -> list[Comparable]:
    """The same, ready to be compared."""
    form = form_by_id("gkbg-2021")
    assert form is not None
    return [comparable_texts(form, unit, texts) for unit, texts in unit_texts(count)]


def lines(counts: tuple[int, ...] = (300,)) -> Iterator[Line]:
    """Milliseconds for one unit's texts; seconds and megabytes for comparing so many units."""
    form, sample = form_by_id("gkbg-2021"), load_sample("mistakes")
    assert form is not None
    units = tuple(f"青川岭县第{number}局" for number in range(300))
    took = []
    for _ in range(30):
        start = time.process_time()
        examine_texts(form, sample.filing, sample.prior, units)
        took.append((time.process_time() - start) * 1000)
    yield Line("文字核对（一个单位）", median(took), "毫秒", _MOST_MS)
    for count in counts:
        made = unit_texts(count)
        start = time.process_time()
        texts = [comparable_texts(form, unit, said) for unit, said in made]
        found = compare_all(texts, 0.5, 60)
        took_all = time.process_time() - start
        most = _MOST_S if count <= 300 else None
        yield Line(f"{count} 个单位互相比较（{len(found.pairs)} 对雷同）", took_all, "秒", most)
    texts = comparables(counts[-1])
    tracemalloc.start()
    compare_all(texts, 0.5, 60)
    yield Line(f"{counts[-1]} 个单位比较时另外占用", tracemalloc.get_traced_memory()[1] / 2**20, "MB", None)
    tracemalloc.stop()


def main() -> None:
    for line in lines((300, 10_000)):
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""Hostile files in a run of ``take``: each costs a worker little, each is told, and the others go on.

The program runs as it is, with workers of its own; they write down what each file cost them.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.campaign.making import FOUR, campaign_in, good, is_sound, kept, put
from tests.campaign.test_killed import ENVIRONMENT
from tests.packages import packed, parts_of, workbook, worksheet
from tests.test_package import HARMFUL
from xltool.campaign.gathering import Gathered
from xltool.campaign.home import Campaign, find_campaign
from xltool.campaign.reading import Reading, read_gathered

SECONDS, MEGABYTES = 5.0, 300.0

_RUN = """
import gc, json, sys
from pathlib import Path
from tests.campaign import test_hostile
from xltool.campaign import taking
from xltool.campaign.home import find_campaign
if __name__ == "__main__":
    gc.set_threshold(500_000)
    taking.read_gathered = getattr(test_hostile, sys.argv[3])
    done = taking.take(find_campaign(Path(sys.argv[1])), [Path(sys.argv[2])], workers=2)
    print(json.dumps([[Path(line.source).name, str(line.outcome), line.said] for line in done.lines]))
"""


def measured(file: Gathered) -> Reading:
    """``read_gathered``, and what it cost this worker: seconds of its own, and the most memory it ever held."""
    begin = time.process_time()
    reading = read_gathered(file)
    spent = time.process_time() - begin
    # Not getrusage: that one begins with the memory of the process that started this one.
    most = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert most is not None
    with Path("costs").open("a") as costs:
        costs.write(json.dumps([Path(file.source).name, spent, int(most[1]) / 1024]) + "\n")
    return reading


def deadly(file: Gathered) -> Reading:
    """A worker that the system kills over one file, as it does when the memory is full."""
    if file.source.endswith("deadly.xlsx"):
        os.kill(os.getpid(), 9)
    return read_gathered(file)


def run(campaign: Campaign, inbox: Path, reader: str) -> dict[str, tuple[str, str]]:
    """Outcome and sentence by file; the program runs in ``inbox``'s parent."""
    command = [sys.executable, "-c", _RUN, str(campaign.folder), str(inbox), reader]
    done = subprocess.run(
        command, cwd=inbox.parent, env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=300
    )
    return {name: (outcome, said) for name, outcome, said in json.loads(done.stdout)}


HOSTILE_UNIT = "宁安县司法局"
TABLE, TEXT, IDENTITY, LEDGER = 3, 1, -2, -1
"""Places of sheets among the parts of a workbook as it is handed out."""


def ours(place: int, change: Callable[[str], str]) -> bytes:
    """A workbook of ours, right in all but the sheet at ``place``: nobody sees from outside what it is."""
    with zipfile.ZipFile(io.BytesIO(good(HOSTILE_UNIT))) as archive:
        parts: dict[str, str | bytes] = {info.filename: archive.read(info) for info in archive.infolist()}
    sheets = sorted(
        (name for name in parts if "worksheets/sheet" in name), key=lambda name: int(re.sub(r"\D", "", name))
    )
    content = parts[sheets[place]]
    assert isinstance(content, bytes)
    parts[sheets[place]] = change(content.decode())
    return packed(parts)


def behind(rows: str) -> Callable[[str], str]:
    """``rows`` after all others."""
    return lambda sheet: sheet.replace("</sheetData>", f"{rows}</sheetData>")


def entities(sheet: str) -> str:
    names = "".join(f'<!ENTITY {b} "' + f"&{a};" * 10 + '">' for a, b in itertools.pairwise("abcdefghi"))
    return sheet.replace("<worksheet", f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{names}]><worksheet', 1).replace(
        "</sheetData>", '<row r="999"><c r="A999" t="inlineStr"><is><t>&i;</t></is></c></row></sheetData>'
    )


def text(said: str) -> Callable[[str], str]:
    """``said`` in every cell of the sheet that holds a shared text."""
    return lambda sheet: re.sub(r' t="s"><v>\d+</v>', f' t="inlineStr"><is><t>{said}</t></is>', sheet)


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MERGE = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
STYLED = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(1000, 1_001_000))
HOSTILE: dict[str, Callable[[], bytes]] = {
    **HARMFUL,
    "far cell": lambda: workbook(worksheet(FAR)),
    "full merge": lambda: workbook(worksheet("<row/>", after=MERGE)),
    "truncated": lambda: good(HOSTILE_UNIT)[:20_000],
    "random": lambda: os.urandom(60_000),
    "random zip": lambda: b"PK\x03\x04" + os.urandom(60_000),
    "as large as may be": lambda: packed(parts_of(os.urandom(60 << 20))),
    "ours, bomb": lambda: ours(LEDGER, lambda _: " " * (1 << 28)),
    "ours, entities": lambda: ours(TABLE, entities),
    "ours, far cell": lambda: ours(TABLE, behind(FAR)),
    "ours, full merge": lambda: ours(TABLE, lambda sheet: sheet.replace("</sheetData>", f"</sheetData>{MERGE}")),
    "ours, million styled rows": lambda: ours(TABLE, behind(STYLED)),
    "ours, million names": lambda: ours(
        IDENTITY, behind("".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2000, 200_000)))
    ),
    "ours, long text": lambda: ours(TEXT, text("收到申请一千二百件，" * 400_000)),
    "ours, long number": lambda: ours(TEXT, text("1" * 3_000_000)),
    "ours, long texts": lambda: ours(TEXT, text("其中办结12件，上年结转3件；" * 2_300)),
}


def test_each_costs_little_and_the_others_go_on(tmp_path: Path) -> None:
    """Whatever a file is made of: 5 seconds and 300 MB of a worker at most, a sentence, and the good ones are taken."""
    campaign, inbox = campaign_in(tmp_path / "2024", [*FOUR, HOSTILE_UNIT]), tmp_path / "in"
    for number, (name, made) in enumerate(HOSTILE.items()):
        put(inbox, {f"{number:02d}-{name}.xlsx": made()})
    put(inbox, {f"{9 * n:02d}-x-{unit}.xlsx": good(unit, n) for n, unit in enumerate(FOUR, start=1)})
    found = run(campaign, inbox, "measured")
    assert len(found) == len(HOSTILE) + len(FOUR)
    taken = {name for name, (outcome, _) in found.items() if outcome == "已登记"}
    assert {name for name in taken if "ours" not in name} == {name for name in found if "-x-" in name}
    assert [name for name, (_, said) in found.items() if name not in taken and "。" not in said] == []
    costs = [json.loads(line) for line in (tmp_path / "costs").read_text().splitlines()]
    print("\n".join(f"{seconds:6.2f} s {megabytes:6.0f} MB  {name}" for name, seconds, megabytes in costs))
    assert [name for name, seconds, _ in costs if seconds >= SECONDS] == []
    assert [name for name, _, megabytes in costs if megabytes >= MEGABYTES] == []
    assert is_sound(campaign.folder)
    assert len(kept(campaign)) == len(HOSTILE) + len(FOUR)


def test_a_file_that_kills_its_worker(tmp_path: Path) -> None:
    """Where the system kills a worker, the file is told and kept, and every other one is taken, also when run again."""
    units = [f"宁安县第{n}中学" for n in range(1, 31)]
    campaign, inbox = campaign_in(tmp_path / "2024", units), tmp_path / "in"
    put(
        inbox, {f"{n:02d}.xlsx": good(unit, n) for n, unit in enumerate(units)} | {"15-deadly.xlsx": good(units[3], 99)}
    )
    for outcome in ("已登记", "收过了"):
        found = run(campaign, inbox, "deadly")
        assert found.pop("15-deadly.xlsx")[1].startswith("读取这个文件的进程意外中断了")
        assert {told[0] for told in found.values()} == {outcome}
    assert len(kept(campaign)) == 31
    assert is_sound(find_campaign(campaign.folder).folder)

"""The sessions in README and manual: run as they stand, in a folder prepared as the reader is told.

A ``console`` block holds ``$ xltool …`` lines, each with what it prints below it; a line ``…`` stands for any
lines, ``…`` within a line for anything (dates, folders). ``$ cd 2025`` holds for what follows. A comment
``<!-- 备好：交回 -->`` before a block does what people would do in between: fill in a workbook, correct it.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from xltool.definition import form_by_id
from xltool.workbook.layout import make_layout

ROOT = Path(__file__).parents[1]
README, MANUAL = ROOT / "README.md", ROOT / "docs" / "手册.md"
UNIT, YEAR = "青川岭县水务局", 2024
NAME = f"{UNIT}_{{}}年年度报告填报表.xlsx"
LAST_YEAR, RETURNED = Path("上年") / NAME.format(YEAR - 1), Path("交回") / NAME.format(YEAR)
ELLIPSIS = "…"

_COVER = {
    "cover.contact": "林清",
    "cover.address": "青川岭县滨河路 6 号",
    "cover.phone": "0500-6012345",
    "cover.email": "shuiwu@example.com",
    "cover.compiler": "林清",
    "cover.reviewer": "周岚",
    "cover.date": "2025年1月13日",
}
_TEXTS = {
    "s1.disclosure": "全年主动公开水利建设、水资源管理、防汛抗旱等信息86条，部门预算、决算按时公开。",
    "s1.requests": "全年新收政府信息公开申请5件，上年结转1件，办结5件，结转下年度1件，均按规定的期限和形式答复。",
    "s1.management": "公文起草时同步确定公开属性，公开前逐件审查；现行有效的行政规范性文件集中公开，随时更新。",
    "s1.platform": "县政府网站的本局专栏由专人维护，政务新媒体与网站内容一致。",
    "s1.supervision": "办公室负责信息公开工作，全年组织培训2次，没有需要追究责任的情形。",
    "s5.problems": "重大水利项目的实施进展公开不够及时；政策解读以文字为主，形式单一。",
    "s5.improvements": "按月汇总在建项目的进展，同步公开；新出台的政策配图解、问答，一并发布。",
    "s6.other": "无其他需要报告的事项。",
}
_ALL_ZERO = {"zero.t2": "是", "zero.t3": "是", "zero.t4": "是"}

FILLED_LAST_YEAR: Mapping[str, str | float] = {
    **_COVER, **_TEXTS, **_ALL_ZERO,
    "t2.documents.made": 2, "t2.documents.in_force": 9, "t2.permits.decisions": 80, "t2.penalties.decisions": 12,
    "t2.fees.amount": 3.85, "t3.r1.natural": 4, "t3.r3_1.natural": 2, "t3.r3_2.natural": 1, "t3.r4.natural": 1,
    "s6.fee.requests": 0, "s6.fee.amount": 0,
}  # fmt: skip

FILLED: Mapping[str, str | float] = {
    **_COVER, **_TEXTS, **_ALL_ZERO,
    "t2.documents.made": 1, "t2.documents.in_force": 10, "t2.permits.decisions": "12件",
    "t2.penalties.decisions": 14, "t2.fees.amount": 4.2, "t3.r1.natural": 5, "t3.r2.natural": 1,
    "t3.r3_1.natural": 3, "t3.r3_4_1.natural": 2,
}  # fmt: skip
"""With three mistakes: 12件 for 12, nothing carried over in 四, nothing said of 信息处理费."""

CORRECTED: Mapping[str, str | float] = {
    "t2.permits.decisions": 12,
    "t3.r4.natural": 1,
    "s6.fee.requests": 0,
    "s6.fee.amount": 0,
    "explain.Y05.t2.permits.decisions": "2024年3月起取水许可等事项划转县行政审批服务局办理。",
}


def fill_in(source: Path, target: Path, typed: Mapping[str, str | float], year: int) -> None:
    """Type into a workbook as the unit would, with a program that is not ours, and save it as ``target``."""
    book = openpyxl.load_workbook(source, rich_text=True)
    form = form_by_id("gkbg-2021")
    assert form is not None
    inputs = make_layout(form, year, has_prior=True).inputs
    for key, content in typed.items():
        place = inputs[key].area.place
        book[place.sheet][place.cell].value = content
    target.parent.mkdir(exist_ok=True)
    book.save(target)


def _last_year(folder: Path) -> None:
    run(folder, f"xltool blank --unit {UNIT} --year {YEAR - 1} --type 部门 -o 上年")
    fill_in(folder / LAST_YEAR, folder / LAST_YEAR, FILLED_LAST_YEAR, YEAR - 1)


def _returned(folder: Path) -> None:
    fill_in(folder / "下发" / RETURNED.name, folder / RETURNED, FILLED, YEAR)


def _corrected(folder: Path) -> None:
    fill_in(folder / RETURNED, folder / RETURNED, CORRECTED, YEAR)


def manual_definition() -> str:
    """The whole definition that the manual shows as an example."""
    text = MANUAL.read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return next(str(block) for block in blocks if block.startswith("id:") and "\nsections:" in block)


def _definition(folder: Path) -> None:
    (folder / "表式").mkdir()
    (folder / "表式" / "form.yaml").write_text(manual_definition(), encoding="utf-8")


def _mistyped(folder: Path) -> None:
    path = folder / "表式" / "form.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("in_use <= owned", "in_us <= owned"), encoding="utf-8")


# --- the campaign -----------------------------------------------------------------------------------------

COUNTY, HEALTH, TOWN = "青川岭县人民政府办公室", "青川岭县卫生健康局", "青川岭县石桥镇人民政府"
NEXT = YEAR + 1
ISSUED = {COUNTY: 1, UNIT: 2, HEALTH: 3, TOWN: 4}
"""The number that each unit's workbook has among those handed out."""

LAST_YEAR_OF_OTHERS: Mapping[str, Mapping[str, int]] = {
    COUNTY: {"t2.documents.made": 3, "t2.documents.in_force": 12, "t3.r1.natural": 6, "t3.r3_1.natural": 6},
    HEALTH: {"t2.permits.decisions": 130, "t2.penalties.decisions": 40, "t2.coercion.decisions": 3,
             "t3.r1.natural": 2, "t3.r3_1.natural": 2},
    TOWN: {"t2.documents.in_force": 3, "t2.penalties.decisions": 8, "t3.r1.natural": 1, "t3.r3_1.natural": 1},
}  # fmt: skip
FILLED_NEXT: Mapping[str, Mapping[str, float]] = {
    COUNTY: {"t2.documents.made": 2, "t2.documents.in_force": 14, "t3.r1.natural": 8, "t3.r3_1.natural": 5,
             "t3.r3_2.natural": 3},
    UNIT: {"t2.documents.made": 2, "t2.documents.in_force": 12, "t2.permits.decisions": 15,
           "t2.penalties.decisions": 9, "t2.fees.amount": 5.1, "t3.r1.natural": 4, "t3.r3_1.natural": 4},
    HEALTH: {"t2.permits.decisions": 141, "t2.penalties.decisions": 36, "t2.coercion.decisions": 2,
             "t3.r1.natural": 3, "t3.r3_1.natural": 3},
    TOWN: {"t2.documents.in_force": 3, "t2.penalties.decisions": 6},
}  # fmt: skip
"""水务局 forgot the request carried over from the year before."""
_SECTIONS = (
    "s1.disclosure", "s1.requests", "s1.management", "s1.platform", "s1.supervision", "s5.problems",
    "s5.improvements", "s6.other",
)  # fmt: skip
WRITTEN_NEXT: Mapping[str, tuple[str, ...]] = {
    COUNTY: (
        "县政府工作报告、财政预算决算、重大民生实事的进展按月公开，新制发的规范性文件附有解读。",
        "对收到的申请，统一登记，与有关部门会商后依法答复，疑难事项请法律顾问把关。",
        "修订公文公开属性的审核办法，起草单位、保密机构、分管负责人三级审核；历年文件集中清理后重新归类。",
        "门户网站完成适老化改造，基层政务公开专区设到每个便民服务中心。",
        "工作考核纳入全县绩效；社会评议由统计调查队组织，结果向社会公布；没有发生需要责任追究的情形。",
        "少数乡镇公开的内容更新不及时，解读材料可读性不强。",
        "每季度通报更新情况，对落后的单位约谈；请业务骨干以问答、图表的形式参与解读。",
        "无其他需要报告的事项。",
    ),
    UNIT: (
        "围绕防汛抗旱、河湖管护、农村供水三件大事公开信息，水质检测结果逐月上网。",
        "安排专人登记申请，答复前由法规股审核文书格式和法律依据。",
        "档案室与办公室每半年核对一次文件目录，失效的及时标注。",
        "开设“节水课堂”栏目，水情预警同步发到短视频账号。",
        "把公开工作写进各股室的年度目标，年终逐项对账。",
        "群众看不懂专业的水文数据，热点问题的回应还不够快。",
        "给每张数据表配上通俗的说明，对集中反映的供水问题当周回应。",
        "没有其他需要报告的事项。",
    ),
    HEALTH: (
        "医疗机构校验、食品安全标准、传染病防治知识等信息及时公开，卫生监督抽检结果按月发布。",
        "设立申请接收窗口，涉及诊疗隐私的先征求当事人意见，再依法答复。",
        "制定医疗卫生信息发布审核单，一事一审，留档备查。",
        "“健康青川岭”公众号改版，按就诊、疫苗、医保三类归集内容。",
        "医政、疾控、监督三个股室各明确一名信息员，季度例会讲评。",
        "基层卫生院的公开栏内容陈旧，居民查询疫苗信息不便。",
        "逐院更换公开栏，推出疫苗库存在线查询，由县疾控部门每天更新。",
        "无其他需要说明的事项。",
    ),
    TOWN: (
        "惠民补贴发放名册、低保救助、宅基地审批等情况在村务公开栏和微信群同步张榜。",
        "在镇便民服务大厅摆放申请指南和样表，由党政办负责接收登记。",
        "党政综合办统一编号登记公开文件，每月末归档一次。",
        "依托县级门户的乡镇频道发布，各村设电子显示屏。",
        "镇长办公会两次听取汇报，驻村干部负责督促落实。",
        "村级公开有时流于形式，个别村张贴时间过短。",
        "规定张贴不少于七天，由驻村干部拍照留存，镇纪委抽查。",
        "没有其他需要报告的内容。",
    ),
}
REMEMBERED: Mapping[str, float] = {"t3.r2.natural": 1, "t3.r3_1.natural": 5}
_NO_CHARGE = {"s6.fee.requests": 0, "s6.fee.amount": 0}


def _roster(folder: Path) -> None:
    """The list of units that README shows, and last year's figures of the other three."""
    block = re.search(r"```csv\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (folder / "名册.csv").write_text(block[1], encoding="utf-8")
    for unit, values in LAST_YEAR_OF_OTHERS.items():
        said = {"form": "gkbg-2021", "unit": {"name": unit}, "year": YEAR, "values": {**values, **_NO_CHARGE}}
        data = json.dumps({**said, "zero_declared": ["t2", "t3", "t4"]}, ensure_ascii=False)
        (folder / "交回" / f"{unit}.json").write_text(data, encoding="utf-8")


def _wrong_roster(folder: Path) -> None:
    lines = (
        "序号,单位名称,单位类型,上级单位,变动情况",
        f"1,{COUNTY},县政府,,",
        f"2,{UNIT},部门,县政府办,",
        f"三,{UNIT},部门,{COUNTY},合并",
    )
    (folder / "错名册.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _came(folder: Path, unit: str, file: str) -> None:
    issued = folder / str(NEXT) / "下发" / f"{ISSUED[unit]:03d}_{unit}_{NEXT}年年度报告填报表.xlsx"
    texts = dict(zip(_SECTIONS, WRITTEN_NEXT[unit], strict=True))
    cover = {**_COVER, "cover.date": f"{NEXT + 1}年1月13日"}
    typed: Mapping[str, str | float] = {**cover, **texts, **_ALL_ZERO, **_NO_CHARGE, **FILLED_NEXT[unit]}
    fill_in(issued, folder / file, typed, NEXT)


def _first_batch(folder: Path) -> None:
    _came(folder, COUNTY, "收到/县政府办.xlsx")
    _came(folder, UNIT, "收到/水务局.xlsx")
    _came(folder, TOWN, "收到/石桥镇年报.xlsx")
    (folder / "收到" / "卫健局年报.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "收到" / "~$水务局.xlsx").write_bytes(b"lin")


def _second_batch(folder: Path) -> None:
    marked = folder / str(NEXT) / "退回" / "第1轮" / f"{UNIT}_{NEXT}年填报表_退回修改.xlsx"
    fill_in(marked, folder / "又收到" / "水务局改.xlsx", REMEMBERED, NEXT)
    _came(folder, HEALTH, "又收到/卫健局.xlsx")


PREPARATIONS: Mapping[str, Callable[[Path], None]] = {
    "上年": _last_year,
    "交回": _returned,
    "改正": _corrected,
    "表式": _definition,
    "写错": _mistyped,
    "错名册": _wrong_roster,
    "名册": _roster,
    "收到": _first_batch,
    "又收到": _second_batch,
}


@dataclass(frozen=True)
class Step:
    """Preparations, then one command with what the document says it prints; ``where``: the folder it is run in."""

    preparations: tuple[str, ...]
    command: str
    printed: str
    where: str


_BLOCK = re.compile(r"(?:<!-- 备好：(?P<prepare>.+?) -->\n+)?```console\n(?P<body>.*?)```", re.DOTALL)


def steps(document: str) -> Iterator[Step]:
    """Every command of a document's console blocks, in order."""
    where = "."
    for block in _BLOCK.finditer(document):
        preparations = tuple((block["prepare"] or "").split())
        for command, printed in _commands(block["body"]):
            if command.startswith("cd "):
                where = posixpath.normpath(posixpath.join(where, command.removeprefix("cd ")))
                continue
            yield Step(preparations, command, printed, where)
            preparations = ()


def _commands(body: str) -> Iterator[tuple[str, str]]:
    """Each command of a block, and what stands below it."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed.strip("\n")


def run(folder: Path, command: str) -> str:
    """What ``xltool …`` prints in ``folder``, on both streams as a terminal shows them."""
    words = shlex.split(command)
    assert words[0] == "xltool", f"only xltool is run: {command}"
    finished = subprocess.run(
        [sys.executable, "-m", "xltool", *words[1:]],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    return finished.stdout.replace("\\", "/").strip("\n")


def run_step(folder: Path, step: Step) -> str:
    """Prepare and run one step; gives what it printed."""
    for name in step.preparations:
        PREPARATIONS[name](folder)
    return run(folder / step.where, step.command)


def agrees(printed: str, said: str) -> bool:
    """Whether a document's ``said`` is what was printed, where ``…`` stands for anything."""
    lines = (".*" if line.strip() == ELLIPSIS else _any_within(line) for line in said.split("\n"))
    return re.fullmatch("\n".join(lines), printed, re.DOTALL) is not None


def _any_within(line: str) -> str:
    return r"[^\n]*".join(re.escape(piece) for piece in line.split(ELLIPSIS))


def renewed(document: str, folder: Path) -> str:
    """``document`` with what its commands print now; what still agrees stays as it is."""
    to_run = steps(document)

    def block(match: re.Match[str]) -> str:
        parts = []
        for command, said in _commands(match["body"]):
            if not command.startswith("cd "):
                printed = run_step(folder, next(to_run))
                said = said if agrees(printed, said) else printed
            parts.append(f"$ {command}\n{said}\n" if said else f"$ {command}\n")
        head = match[0][: match.start("body") - match.start()]
        return head + "\n".join(parts) + "```"

    return _BLOCK.sub(block, document)

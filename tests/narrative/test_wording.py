"""Group S: each check fires where it must, and not in texts as offices naturally write them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fills import all_zero
from xltool.check.filing import examine
from xltool.check.finding import Finding
from xltool.definition import load_form
from xltool.errors import DefinitionError
from xltool.filing import Filing, Unit
from xltool.form import Form, Level
from xltool.narrative.wording import without_covered, wording_findings
from xltool.narrative.wording_private import is_identity_number, passes_luhn
from xltool.narrative.wording_words import FILE, read_wording, wording_of
from xltool.samples import load_sample
from xltool.yamlfile import parse_yaml

OWN = "宁安县水利局"
UNITS = (
    OWN,
    "宁安县教育局",
    "宁安县公安局",
    "宁安县人民政府办公室",
    "宁安县第一中学",
    "宁安县河湾镇人民政府",
    "宁安县司法局",
)
YEAR = 2024
GOOD = {
    "cover.contact": "王芳 13900001111",
    "cover.phone": "0500-6210137",
    "cover.date": "2025年1月15日",
    "s1.disclosure": "全年在县政府网站公开信息120条，河道治理、饮水安全工程的进度按季度公布。",
    "s1.requests": "全年未收到政府信息公开申请。",
    "s1.management": "公文起草时填写公开属性，发布前三级审核，文件失效后及时标注。",
    "s1.platform": "依托县政府门户网站公开，政务新媒体由专人维护。",
    "s1.supervision": "分管负责人每季度听取汇报，年内培训两场，没有责任追究的情形。",
    "s5.problems": "水库安全鉴定的解读偏专业，群众读起来费力；基层水管所供稿不及时。",
    "s5.improvements": "2025年请乡镇水管员先行试读解读稿，改用图示；水管所按月报送，逾期在例会上说明。",
    "s6.other": "本年度未收取信息处理费。",
}
MANAGEMENT, LEAD, IMPROVEMENTS = "s1.management", "s1.lead", "s5.improvements"


def filing(form: Form, part: str = "", text: str = "", unit: Unit | None = None, **more: str) -> Filing:
    """A report with nothing to find, but for ``text`` in ``part``."""
    texts = {**GOOD, **({part: text} if part else {}), **more}
    return Filing(form.id, unit or Unit(OWN, type="部门"), YEAR, all_zero(form), texts=texts)


def findings(
    form: Form,
    part: str,
    text: str,
    unit: Unit | None = None,
    units: Collection[str] = UNITS,
    prior: Filing | None = None,
) -> list[Finding]:
    return list(wording_findings(form, filing(form, part, text, unit), prior, units))


def codes(form: Form, part: str, text: str, unit: Unit | None = None) -> list[str]:
    return [finding.code for finding in findings(form, part, text, unit)]


def test_nothing_is_found_in_a_good_report(form: Form) -> None:
    """As an office writes it."""
    assert findings(form, "", "") == []


FIRES = [
    # part, text, the only code, what is quoted or said
    (MANAGEMENT, "无。", "S04", "无"),
    ("s1.requests", "不涉及", "S04", "不涉及"),
    ("s1.platform", "同上。", "S04", "同上"),
    ("s5.problems", "无。", "S05", "等于没有写"),
    ("s5.problems", "不存在明显问题。", "S05", "等于没有写"),
    (IMPROVEMENTS, "继续努力。", "S05", "只有 5 字"),
    (IMPROVEMENTS, "下一步，我局将继续努力，进一步加强政府信息公开工作，不断提高工作水平。", "S05", "没有具体内容"),
    # S08, S09: the year
    (LEAD, "2023年，我局认真贯彻落实《中华人民共和国政府信息公开条例》，围绕水利工作推进公开。", "S08", "应为 2024 年"),
    (LEAD, "2023年，宁安县水利局认真做好公开，取得一定成效，主动公开信息较2022年增长两成。", "S08", "2023 年"),
    (
        LEAD,
        "2023年，水利局认真贯彻落实《条例》及上级关于政务公开工作的要点，取得一定成效。",
        "S08",
        "2023年，水利局认真",
    ),
    ("s1.disclosure", "（一）主动公开情况。2023年我局共公开信息98条，其中工程类30条。", "S08", "2023年我局共公开"),
    ("s1.requests", "二〇二三年，全年未收到政府信息公开申请。", "S08", "2023"),
    ("s1.requests", "2023年，未收到政府信息公开申请。", "S08", "2023"),
    (LEAD, "本报告所列数据的统计期限为2023年1月1日至2023年12月31日。", "S08", "统计期限"),
    (LEAD, "现将2023年政府信息公开工作年度报告公布如下。", "S08", "2023年政府信息公开工作年度报告"),
    ("s1.disclosure", "公开渠道畅通。2023年我局累计发布信息98条。", "S09", "2023年我局累计"),
    ("s1.disclosure", "截至2023年12月31日，我局网站栏目共有信息98条。", "S08", "截至2023年"),
    ("s1.disclosure", "公开渠道畅通。2022年度发布信息98条。", "S09", "2022年度"),
    (IMPROVEMENTS, "2024年，我局将请乡镇水管员试读解读稿，水管所按月报送，逾期在例会上说明。", "S09", "2024年，我局将"),
    ("s1.disclosure", "（一）主动公开情况 2023年，我局共公开信息98条。", "S08", "2023年，我局共公开"),
    ("s1.requests", "2025年，我局未收到政府信息公开申请。", "S09", "2025年，我局未收到"),
    # S10, S11: another unit
    (LEAD, "宁安县教育局2024年政府信息公开工作年度报告编写说明：数据由各股室提供。", "S10", "宁安县教育局2024年"),
    (LEAD, "对本报告有疑问的，请与宁安县教育局联系。", "S10", "请与宁安县教育局"),
    ("s1.requests", "2024年，宁安县教育局共收到政府信息公开申请0件。", "S10", "宁安县教育局共收到"),
    ("s1.requests", "宁安县卫生健康局未收到政府信息公开申请。", "S10", "宁安县卫生健康局未收到"),
    (MANAGEMENT, "宁安县教育局对历年公开信息开展排查，及时更正错链、断链。", "S11", "宁安县教育局对历年"),
    (MANAGEMENT, "我镇落实发布审核，公文起草时填写公开属性。", "S11", "我镇"),
    ("s1.disclosure", "宁安县教育局网站全年发布信息120条。", "S11", "宁安县教育局网站全年发布"),
    ("s1.platform", "全年更新栏目12个，宁安县教育局网站专栏由专人维护。", "S11", "“宁安县教育局网站专栏由专人维护”"),
    ("s1.platform", "2024年，宁安县公安局官网公开信息12条。", "S11", "宁安县公安局官网"),
    ("s1.platform", "宁安县河湾镇人民政府门户网站专栏由专人维护。", "S11", "宁安县河湾镇人民政府门户网站"),
    ("s1.requests", "宁安县教育局办公室负责受理，联系电话0500-6210137。", "S11", "宁安县教育局办公室负责受理"),
    # S12: hints
    ("s1.supervision", "全年组织业务培训XX次，没有责任追究的情形。", "S12", "培训XX次"),
    ("s1.supervision", "全年组织业务培训××次，没有责任追究的情形。", "S12", "××"),
    ("s1.supervision", "全年组织业务培训____次，没有责任追究的情形。", "S12", "____"),
    (MANAGEMENT, "（文字描述）公文起草时填写公开属性。", "S12", "文字描述"),
    (MANAGEMENT, "（请填写本单位情况）公文起草时填写公开属性。", "S12", "请填写"),
    (MANAGEMENT, "请在此填写信息管理情况：公文起草时填写公开属性。", "S12", "请在此填写"),
    ("s1.disclosure", "该部分以表格形式报告。公开信息10条。", "S12", "以表格形式"),
    ("s1.disclosure", "全年公开信息N条，河道治理的进度按季度公布。", "S12", "N条"),
    ("s1.disclosure", "全年在县政府网站主动公开信息条，其中工程类30条。", "S12", "主动公开信息条"),
    ("s1.disclosure", "全年收到申请  件，公开信息12条。", "S12", "申请 件"),
    (MANAGEMENT, "公开属性的认定、公开前的审查、规范性文件的清理和集中公开、信息的动态更新。", "S12", "公开前的审查"),
    ("s6.other", "收取信息处理费情况在此处报告。", "S12", "在此处报告"),
    # S13, S14: documents
    (LEAD, "按照国办公开办函〔2019〕60号的格式编写本报告。", "S13", "国办公开办函〔2021〕30号"),
    (LEAD, "根据年度报告格式（国办公开办函〔2020〕30号）要求编写。", "S13", "〔2020〕30号"),
    (LEAD, "按照国办公开办函[2021]30号的格式编写本报告。", "S14", "〔2021〕30号"),
    (LEAD, "按照国办公开办函（2021）30号的格式编写本报告。", "S14", "〔2021〕30号"),
    (MANAGEMENT, "修订了《发布办法》（宁水发【2024】12号），公文起草时填写公开属性。", "S14", "宁水发【2024】12号"),
    # S15: personal data
    (
        "s1.requests",
        "申请人的身份证号11010519491231002X已登记，全年未收到别的申请。",
        "S15",
        "身份证号：“110*************2X”",
    ),
    ("s1.requests", "申请人手机13811112222，答复已送达。", "S15", "手机号码：“138******22”"),
    ("s1.requests", "退费至银行卡4111 1111 1111 1111，答复已送达。", "S15", "银行卡号"),
    ("s1.requests", "退费至6222021234567890128，答复已送达。", "S15", "银行卡号"),
    # S16–S19: slips
    (MANAGEMENT, "对过程性性信息逐件研判，公文起草时填写公开属性。", "S16", "性性"),
    (MANAGEMENT, "宁安县水利局局认真落实审核，公文起草时填写公开属性。", "S16", "局局"),
    (MANAGEMENT, "公开的的内容三级审核，公文起草时填写公开属性。", "S16", "的的"),
    (MANAGEMENT, "发布前发布前三级审核，公文起草时填写公开属性。", "S16", "发布前"),
    (MANAGEMENT, "完善政府政府信息审核，规范政府政府督查内容的公开。", "S16", "政府政府督查"),
    (MANAGEMENT, "一、公文起草时填写公开属性。\n三、发布前三级审核。", "S17", "“一、”之后是“三、”"),
    (
        MANAGEMENT,
        "（一）公文起草时填写公开属性。\n（二）发布前三级审核。\n（二）失效标注。",
        "S17",
        "“（二）”之后是“（二）”",
    ),
    (MANAGEMENT, "一、公文起草时填写公开属性。\n（二）发布前三级审核。", "S17", "“一、”之后是“（二）”"),
    (MANAGEMENT, "1.公文起草时填写公开属性。\n2、发布前三级审核。", "S17", "“1.”之后是“2、”"),
    ("s5.problems", "一是水库安全鉴定的解读偏专业；三是基层水管所供稿不及时。", "S17", "“一是”之后是“三是”"),
    (MANAGEMENT, "公文起草时填写公开属性,发布前三级审核;失效后标注。", "S18", "等 2 处"),
    (MANAGEMENT, "公文起草时(含会签)填写公开属性。", "S18", "(含会签)"),
    (MANAGEMENT, "制度见附件，具体见附件1。", "S19", "具体见附件"),
    (MANAGEMENT, "详见附件。", "S19", "详见附件"),
    (MANAGEMENT, "见附件。", "S19", "“见附件”"),
    (MANAGEMENT, "见附件", "S19", "“见附件”"),
    (MANAGEMENT, "具体数据见后附的附表2，其余三级审核。", "S19", "后附的附表"),
    (MANAGEMENT, "制发的文件（见附件一）三级审核。", "S19", "见附件一"),
    ("cover.date", "2025年2月10日", "S22", "已过期限"),
    ("cover.date", "２０２４年１月１５日", "S22", "还没有结束"),
]


@pytest.mark.parametrize(
    ("part", "text", "code", "said"), FIRES, ids=lambda case: case if re.match(r"S\d\d$", case) else None
)
def test_it_fires(form: Form, part: str, text: str, code: str, said: str) -> None:
    """Text → the one finding, with what it is about."""
    found = findings(form, part, text)
    assert [finding.code for finding in found] == [code], [finding.said for finding in found]
    assert said in found[0].said
    assert found[0].key == code if code == "S22" else found[0].key == f"{code}.{part}"


NATURAL = [
    # S04, S05
    ("s1.requests", "无政府信息公开申请。"),
    ("s1.supervision", "无责任追究情形，年内培训两场，考核结果列入年度目标。"),
    ("s1.platform", "不涉及独立网站，依托县政府门户网站公开。"),
    ("s5.problems", "部分水管所不了解答复时限；信息更新有时滞后。"),
    ("s5.problems", "一是政策解读形式单一。二是业务培训以听课为主，练得少。"),
    (IMPROVEMENTS, "下一步，将集中听课改为案例演练，年内到各水管所轮训一遍。"),
    (IMPROVEMENTS, "加强培训，到水管所现场模拟办理；建立供稿月历，逐月通报。"),
    # S08, S09: years that are naturally others
    (LEAD, "2024年，我局认真贯彻落实《中华人民共和国政府信息公开条例》，围绕水利工作推进公开。"),
    ("s1.disclosure", "全年公开信息120条，比2023年增加12条，其中工程类30条。"),
    ("s1.disclosure", "2023年公开信息108条，2024年公开120条，同比增长11.11%。"),
    ("s1.disclosure", "2023年我局公开信息108条。2024年公开120条，更加注重质量。"),
    ("s1.requests", "2023年结转的申请1件已答复，全年未收到新的申请。"),
    ("s1.disclosure", "按时发布《宁安县水利局2023年政府信息公开工作年度报告》，公开2023年度部门决算。"),
    ("s1.disclosure", "2023年度部门决算、2024年度部门预算均按时公开。"),
    (MANAGEMENT, "2019年以来形成的文件全部核对文号，失效的加盖标识。"),
    (MANAGEMENT, "2023年12月印发的《河道采砂管理办法》（宁水发〔2023〕12号）已在专栏公开。"),
    (MANAGEMENT, "《宁安县水利发展规划（2021—2025年）》及年度计划均已公开。"),
    (MANAGEMENT, "2022年制定的发布制度修订后重新公布。"),
    ("s1.supervision", "对2023年政务公开考核反馈的3个问题逐条整改，没有责任追究的情形。"),
    ("s1.supervision", "2023年社会评议反馈的意见全部整改到位，没有责任追究的情形。"),
    (IMPROVEMENTS, "2025年，我局将请乡镇水管员先行试读解读稿，水管所按月报送。"),
    (IMPROVEMENTS, "针对上述问题，2024年下半年起水管所按月报送，逾期在例会上说明。"),
    (LEAD, "统计期限自2024年1月1日起至2024年12月31日止。"),
    (LEAD, "现将2024年政府信息公开工作年度报告公布如下。"),
    ("s1.disclosure", "2023年度法治政府建设情况报告按时公开，全年公开信息120条。"),
    ("s1.platform", "2023年开通的微信公众号由专人维护，运行平稳。"),
    (MANAGEMENT, "2023年形成的防汛文件已全部核对文号，失效的加盖标识。"),
    (IMPROVEMENTS, "2025年，收到申请后由水政股两日内登记，年内将轮训一遍。"),
    ("s1.requests", "2025年1月，我局收到补正材料，已答复。"),
    # S10, S11: others named naturally
    ("s1.disclosure", "宁安县第一中学主动公开节水信息12条，其余由我局公开。"),
    ("s1.disclosure", "宁安县第一中学主动公开节水信息12条。"),
    (MANAGEMENT, "规范性文件报宁安县司法局审核后公布，公文起草时填写公开属性。"),
    (MANAGEMENT, "会同宁安县公安局核对涉河道案件信息，去标识后公开。"),
    ("s1.supervision", "宁安县人民政府办公室每季度通报公开情况，对我局提出的两条意见已整改。"),
    ("s1.supervision", "宁安县司法局对我局规范性文件进行合法性审核，没有责任追究的情形。"),
    ("s1.supervision", "宁安县人民政府办公室组织全县政务公开培训，2人参加。"),
    (MANAGEMENT, "宁安县教育局、宁安县公安局等单位的做法，供我局完善公开属性认定时参考。"),
    ("s1.platform", "宁安县人民政府门户网站设有水利专栏，政务新媒体由专人维护。"),
    ("s1.disclosure", "转载《宁安县人民政府办公室2024年政府信息公开工作年度报告》解读，全年公开信息120条。"),
    ("s1.disclosure", "配合完成宁安县人民政府办公室2024年政府信息公开工作年度报告的数据报送。"),
    ("s1.requests", "宁安县水利局2024年未收到政府信息公开申请。"),
    (MANAGEMENT, "申请人委托他人的，查验“我委托某某代办”的委托书，公文起草时填写公开属性。"),
    # S11: websites and desks that are everybody's, or only spoken of
    ("s1.platform", "宁安县政府门户网站水利专栏由专人维护，宁安县人民政府网站全年发布水利信息120条。"),
    ("s1.platform", "宁安县人民政府办公室网站专栏由专人维护。"),
    ("s1.platform", "通过宁安县教育局网站转载节水信息12条。"),
    ("s1.platform", "宁安县教育局网站与我局专栏互链，宁安县公安局网站统一发布全县防溺水信息。"),
    ("s1.requests", "申请由宁安县人民政府办公室负责受理，宁安县人民政府办公室负责受理后转我局。"),
    # S12: signs that are none of hints
    ("s1.requests", "收到依申请公开件，当日登记；涉及多个部门的申请件，及时会商。"),
    ("s1.requests", "共收到申请 3 件，均已答复；公开信息 12 条，栏目更新及时。"),
    ("s1.platform", "公开信箱slj_xxgk@example.com由专人查看，网址www.example.com/xx_gk/。"),
    ("s1.requests", "引导申请人当面填写申请表，窗口备有填写样例，全年未收到申请。"),
    ("s1.requests", "申请人可在网上填写申请表，请填写真实的联系方式，系统会提示。"),
    ("s1.requests", "涉及王某某、李某的内容作去标识处理后提供。"),
    ("s1.platform", "完成IPv6改造和XXII型终端接入，政务新媒体由专人维护。"),
    (MANAGEMENT, "信息的动态更新由起草人负责，公开前的审查由办公室负责。"),
    # S13, S14
    (LEAD, "按照国办公开办函〔2021〕30号的格式编写本报告，不再使用国办公开办函〔2019〕60号的旧格式。"),
    (MANAGEMENT, "落实国办公开办函〔2019〕61号，规范基层公开目录。"),
    (MANAGEMENT, "修订了《发布办法》（宁水发〔2024〕12号），公文起草时填写公开属性。"),
    ("s1.supervision", "收到（2024）宁0122行初45号行政判决书1份，没有责任追究的情形。"),
    ("s1.disclosure", "发布水利部公告（2024）8号的解读，全年公开信息120条。"),
    # S15: numbers that are nobody's
    ("s1.requests", "受理电话0500-6210137，咨询电话13800001111，全年未收到申请。"),
    ("s1.requests", "联系人王芳（13900001111）负责受理，全年未收到申请。"),
    ("s1.disclosure", "工程编码110105194912310021、统一社会信用代码11320000014000123X已公开。"),
    ("s1.disclosure", "发布招标编号6222021234567890123的结果，全年公开信息120条。"),
    ("s1.disclosure", "网站全年访问量1381234567次，公开信息1200条。"),
    # S16: words that stand twice by nature
    (MANAGEMENT, "县人民政府政府信息公开专栏专人维护，一件一件核对，实实在在做好公开属性认定。"),
    (MANAGEMENT, "为了了解群众需求，参与与公开有关的活动，可以以图解方式发布，做到件件有着落。"),
    (MANAGEMENT, "由本中心中心负责人审签，以及及时更新，层层把关、人人有责，逐条逐条核对。"),
    (MANAGEMENT, "申请目的的说明不作为条件，理由由起草人写明，等等。"),
    # S17: numbering
    (
        MANAGEMENT,
        "一、公文起草时填写公开属性。\n（一）三级审核。\n（二）失效标注。\n二、动态更新。\n（一）每季度核对。",
    ),
    (MANAGEMENT, "（三）政府信息管理情况。公文起草时填写公开属性。"),
    (MANAGEMENT, "1.公文起草时填写公开属性。\n2.发布前三级审核。\n（1）初审。\n（2）复审。"),
    ("s5.problems", "解读偏专业，是主要问题之一是群众反映；一是水管所供稿不及时，二是更新滞后。"),
    (MANAGEMENT, "增长\n1.5倍的信息经三级审核，公文起草时填写公开属性。"),
    # S18: half-width signs that belong there
    (MANAGEMENT, "网址http://www.example.com:8080/a,b，比例为3:2，共1,200条，公文起草时填写公开属性。"),
    (MANAGEMENT, "每日9:00至17:00受理(0500-6210137)，公文起草时填写公开属性。"),
    (MANAGEMENT, "使用WPS, Excel等软件；公文起草时填写公开属性。"),
    # S19
    (MANAGEMENT, "文件公开时同步上传附件，正文与附件一并核对。"),
    (MANAGEMENT, "公开征求意见附件，意见附件一并存档；见附件的编号即可检索。"),
    (MANAGEMENT, "补齐历史文件的附件，附件表格可下载。"),
    (MANAGEMENT, "随文附表一并审核，公文起草时填写公开属性。"),
    # S22
    ("cover.date", "2025.1.31"),
    ("cover.date", "2025-01-02"),
    ("cover.date", "一月十五日"),
]


@pytest.mark.parametrize(("part", "text"), NATURAL)
def test_it_does_not_fire(form: Form, part: str, text: str) -> None:
    """Texts as offices write them: nothing to find."""
    assert [(finding.code, finding.said) for finding in findings(form, part, text)] == []


@pytest.mark.parametrize(
    ("code", "level"),
    [
        *[(code, Level.ERROR) for code in ("S07", "S08", "S10", "S12")],
        *[(code, Level.HINT) for code in ("S16", "S17", "S18")],
    ],
)
def test_levels(form: Form, code: str, level: Level) -> None:
    """What is certain is an error, slips of the pen are hints, the rest is asked about."""
    government = Unit("宁安县人民政府", type="县级政府")
    found = [f for part, text, fires, _ in FIRES if fires == code for f in findings(form, part, text)]
    found += [f for f in findings(form, "s1.supervision", "年内培训两场。", government) if f.code == code]
    assert {finding.level for finding in found} == {level}


# --- what depends on the unit -----------------------------------------------------------------------------

GOVERNMENT = Unit("宁安县人民政府", type="县级政府")
COUNCIL = "开展工作考核和社会评议，结果公布；责任追究情况：本年没有。"


def test_a_government_says_what_the_law_adds(form: Form) -> None:
    """考核、评议、责任追究: all three are said somewhere, or it is an error; departments need not."""
    assert codes(form, "s1.supervision", COUNCIL, GOVERNMENT) == []
    missing = findings(form, "s1.supervision", "年内培训两场，工作考核结果公布。", GOVERNMENT)
    assert [finding.code for finding in missing] == ["S07"]
    assert "社会评议、责任追究" in missing[0].said
    assert codes(form, "s1.supervision", "年内培训两场。") == []


@pytest.mark.parametrize(
    "text",
    [
        "宁安县教育局主动公开招生政策20条，宁安县公安局公开办事指南30条。",
        "宁安县教育局共收到政府信息公开申请5件，占全县的一成。",
        "宁安县河湾镇人民政府对历年公开信息开展排查。",
    ],
)
def test_a_government_tells_of_its_departments(form: Form, text: str) -> None:
    """In the report of a whole county other units' work is natural."""
    said = filing(form, "s1.disclosure", text, GOVERNMENT, **{"s1.supervision": COUNCIL})
    assert wording_findings(form, said, None, UNITS) == ()


def test_without_a_roster_names_are_known_by_their_form(form: Form) -> None:
    """The same county and an ending of units: enough to ask."""
    text = "宁安县财政局对历年公开信息开展排查，及时更正错链。"
    assert [f.code for f in findings(form, MANAGEMENT, text, units=())] == ["S11"]
    assert findings(form, MANAGEMENT, "宁安县水利局对历年公开信息开展排查。", units=()) == []


@pytest.mark.parametrize("name", ["宁安县市场监管局", "宁安县市监局", "宁安县市场监督管理局"])
def test_a_short_form_of_its_own_name_is_no_other_unit(form: Form, name: str) -> None:
    """市场监管局 is how 市场监督管理局 calls itself; an office of the roster stays another."""
    own = Unit("宁安县市场监督管理局", type="部门")
    text = f"2024年，{name}共受理政府信息公开申请0件。"
    assert codes(form, "s1.requests", text, own) == []
    assert codes(form, "s1.requests", text.replace(name, "宁安县教育局"), own) == ["S10"]


@pytest.mark.parametrize(
    "own", [Unit("宁安县水旱灾害防治中心", type="事业单位"), Unit("宁安县人民政府办公室", type="部门"), GOVERNMENT]
)
def test_the_website_of_the_office_above_is_natural(form: Form, own: Unit) -> None:
    """In a station's report, in that of the government and of its office; another office's is not in an office's."""
    text = "宁安县水利局网站专栏由专人维护。"
    said = filing(form, "s1.platform", text, own, **{"s1.supervision": COUNCIL})
    assert wording_findings(form, said, None, UNITS) == ()
    assert codes(form, "s1.platform", text, Unit("宁安县教育局", type="部门")) == ["S11"]


def test_a_former_name_is_another_name(form: Form) -> None:
    """A renamed unit's old name left in is found by last year's filing."""
    before = replace(filing(form), unit=Unit("宁安县水务所", type="部门"), year=YEAR - 1, texts={})
    text = "宁安县水务所对历年公开信息开展排查，及时更正错链。"
    assert [f.code for f in findings(form, MANAGEMENT, text, prior=before)] == ["S11"]
    assert findings(form, MANAGEMENT, text) == []


def test_a_government_has_until_march(form: Form) -> None:
    """Its own report is due on 31 March."""
    late = {"cover.date": "2025年3月20日", "s1.supervision": COUNCIL}
    assert wording_findings(form, filing(form, unit=GOVERNMENT, **late)) == ()


def test_a_department_where_the_fee_is_not_mentioned_is_left_to_the_rule(form: Form) -> None:
    """信息处理费 is asked for once, by the rule about the small table, not a second time by the text."""
    silent = replace(filing(form, "s6.other", "无其他需要报告的事项。"), values={})
    assert wording_findings(form, silent) == ()


def test_a_form_without_the_table_asks_the_text(form: Form) -> None:
    """Where no rule asks for figures, the section has to speak of it."""
    plain = replace(form, checks=())
    silent = replace(filing(form, "s6.other", "无其他需要报告的事项。"), values={})
    assert [f.code for f in wording_findings(plain, silent)] == ["S06"]
    assert wording_findings(plain, filing(form)) == ()


# --- texts in one box -------------------------------------------------------------------------------------


def missing_parts(form: Form, texts: Mapping[str, str]) -> list[str]:
    said = replace(filing(form), texts=texts)
    left = without_covered(form, said, examine(form, said).findings)
    return [finding.key for finding in left if finding.code == "S02"]


ONE_BOX = (
    "（一）主动公开。全年公开信息120条。\n（二）依申请公开。全年未收到申请。\n（三）政府信息管理。三级审核。\n"
    "（四）平台建设。专栏由专人维护。\n（五）监督保障。培训两场。"
)


def test_texts_in_one_box_are_found_by_their_headings(form: Form) -> None:
    """A box left blank is not missing where the text stands in another one of the section."""
    blank = {part: "" for part in GOOD if part.startswith("s1.")}
    assert missing_parts(form, {**GOOD, **blank, "s1.disclosure": ONE_BOX}) == []
    assert missing_parts(form, {**GOOD, **blank, "s1.lead": ONE_BOX}) == []
    without = ONE_BOX.replace("（三）政府信息管理。三级审核。\n", "")
    assert missing_parts(form, {**GOOD, **blank, "s1.lead": without}) == ["S02.s1.management"]


def test_a_box_that_is_blank_stays_missing(form: Form) -> None:
    """Words that merely occur in the texts of other aspects cover nothing."""
    assert missing_parts(form, {**GOOD, "s1.management": "", "s1.platform": ""}) == [
        "S02.s1.management",
        "S02.s1.platform",
    ]


def test_problems_and_improvements_in_one_box(form: Form) -> None:
    """Both in one box are both there."""
    both = "水库安全鉴定的解读偏专业，是主要问题。下一步改进措施：请乡镇水管员先行试读解读稿。"
    assert missing_parts(form, {**GOOD, "s5.problems": both, "s5.improvements": ""}) == []


# --- the sample, the vocabulary ---------------------------------------------------------------------------


def test_the_sample_of_mistakes(form: Form) -> None:
    """Every slip in its texts is found, as mistakes.md says, and nothing else."""
    sample = load_sample("mistakes")
    found = wording_findings(form, sample.filing, sample.prior)
    assert [finding.key for finding in found] == [
        "S05.s5.problems", "S05.s5.improvements", "S08.s1.lead", "S11.s1.management", "S12.s1.management",
        "S12.s1.supervision", "S13.s1.lead", "S14.s1.lead", "S15.s1.requests", "S16.s1.management",
        "S18.s1.management", "S20", "S22",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["suqian-2024", "yanchi-2021"])
def test_samples_of_published_reports(form: Form, name: str) -> None:
    """What was really published gives no false alarm."""
    sample = load_sample(name)
    assert wording_findings(form, sample.filing, sample.prior) == ()


def test_personal_numbers_are_never_quoted_whole(form: Form) -> None:
    """Neither in the sentence nor in the facts."""
    number = "11010519491231002X"
    found = findings(form, "s1.requests", f"申请人身份证号{number}已登记。")
    assert all(number not in str(finding) and number[3:16] not in str(finding) for finding in found)


def test_check_digits() -> None:
    """One digit off is no number."""
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310021")
    assert not is_identity_number("11010519491331002X")
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")


def test_a_form_without_wording_says_nothing() -> None:
    """An office's own form needs no such file."""
    village = load_form(Path(__file__).parents[1] / "forms" / "village-9")
    assert wording_of(village) is None
    said = Filing(village.id, Unit("柳树村"), 2025, texts={"closing.plans": "XX"})
    assert wording_findings(village, said) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("substance: 10", "substance: 十", "“substance”应为整数"),
        ("  latest: 1月31日", "  latest: 1-31", "应写成“1月31日”这样"),
        ("  field: cover.date", "  feld: cover.date", "不认识的键“feld”"),
        ("  - 该?部分以表格形式报告", "  - (该?部分", "不是有效的正则表达式"),
        ("repetition:\n  last_year: 50", "repetition:\n  last_year: 0", "“last_year”应大于 0"),
    ],
)
def test_mistakes_in_the_vocabulary_are_named(form: Form, old: str, new: str, said: str) -> None:
    """File, line and what is wrong."""
    assert form.folder is not None
    text = (form.folder / FILE).read_text("utf-8")
    assert old in text
    with pytest.raises(DefinitionError, match=re.escape(said)) as raised:
        read_wording(parse_yaml(text.replace(old, new), "wording.yaml"))
    assert str(raised.value).startswith("wording.yaml:")

"""What people are told: one line per code that is not a rule of a form, and how a sentence is put together.

place → fact → expectation → what to do. Rules of a form bring their own words (title, action) with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """A kind of finding: its level, its title in the catalogue, and templates filled from the facts."""

    level: str
    title: str
    fact: str
    expected: str
    action: str
    basis: str = "本工具的读表规则"


MESSAGES: dict[str, Message] = {
    "W01": Message("错误", "文件是能打开的、下发的 .xlsx 工作簿", "{sentence}", "", ""),
    "W02": Message("错误", "工作簿的格式版本是所收的版本", "是“{found}”的工作簿", "应为“{expected}”", "请换用本次下发的工作簿。"),
    "W03": Message("错误", "工作簿上的单位、年份与表单编号一致，没有拿别的单位的表改用", "{fact}", "各处应当一致", "请用下发给本单位的工作簿重新填报，不要拿别的单位的表改名使用。"),
    "W04": Message("错误", "年份是本次收集的年份", "是 {found} 年的工作簿", "应为 {expected} 年", "请换用本年度的工作簿。"),
    "W05": Message("错误", "单位是应报的单位", "填报单位是“{found}”", "应为“{expected}”", "请核对交来的文件。"),
    "W06": Message("提示", "工作表、行列没有改动（能按标题认出的照样读取）", "{fact}", "应与下发时一样", "已按标题找到各个数，请核对读得对不对。"),
    "W07": Message("核实", "自动计算的格没有被改写", "公式被改写成了“{quoted}”", "应为自动计算的 {right}", "请恢复公式；已按 {right} 采用，如应为“{quoted}”，请改各分项的数。"),
    "W08": Message("提示", "自动计算的格没有被改写（值相符的）", "公式被改写成了“{quoted}”", "应由表自动计算", "数值相符，已照算，不用处理。"),
    "W09": Message("错误", "锁定的上年数据没有改动", "{fact}", "应与下发时一样", "请恢复；上年数据有误的，请与主管部门联系。"),
    "W10": Message("核实", "锁定的文字没有改动", "写的是“{quoted}”", "应为“{expected}”", "请恢复原来的文字。"),
    "W11": Message("提示", "没有外部链接、宏、多余的工作表和表外的文字", "{fact}", "", "不影响读取，请确认没有要报的内容写在那里。"),
    "W12": Message("提示", "合计格里存的数与重新计算的一致", "存的是 {quoted}", "按各分项重新计算是 {right}", "已采用重新计算的数，不用处理。"),
    "W13": Message("提示", "工作簿的表式定义与现在的一致", "是用另一次修订的表式生成的", "", "已按标题读取；建议重新下发。"),
    "W14": Message("错误", "不与别的单位的数完全相同", "各数与“{other}”交来的完全相同", "应为本单位的数", "请核对是否误用了别的单位的表；确系相同的，请与主管部门联系。"),
    "W15": Message("核实", "退回后重新交的有所改正", "与第 {round} 次退回的内容完全相同", "应已改正", "请改正后再交，或逐条写明原因。"),
    "W16": Message("错误", "隐藏的标识页还在", "隐藏的标识页不见了，上年数据和单位职权读不到", "应与下发时一样", "请在原来下发的工作簿里填写后再交。"),
    "T01": Message("错误", "每格都已填写，或者声明了本表空白格均为 0", "{count} 格没有填：{cells}", "没有发生的应填 0", "请逐格填写；确实都是 0 的，在“本表空白格均为 0”处选“是”。"),
    "T02": Message("错误", "数字格里填的是数字", "填的是“{quoted}”", "应为{expected}", "{action}"),
    "T03": Message("提示", "数字没有夹带全角、空格、单位等", "填的是“{quoted}”（{how}）", "", "已读作 {read}，如不对请改正。"),
    "T04": Message("错误", "数字不为负，小数位数不多于规定", "填的是 {quoted}", "应为{expected}", "请改正。"),
    "T05": Message("核实", "数字不像日期、电话号码或年份", "填的是 {quoted}，像是{looks}", "应为{expected}", "请核对；确实如此的，请写明。"),
    "T06": Message("提示", "数字格里直接填数，不写公式", "填的是公式 ={quoted}", "", "已采用其结果 {read}，如不对请改正。"),
    "T07": Message("错误", "没有错误值", "显示的是错误值“{quoted}”", "应为{expected}", "请重新填写这一格。"),
    "T08": Message("提示", "声明格里只选“是”或留空", "写的是“{quoted}”", "应为“是”或空白", "没有当作声明；要声明的请选“是”。"),
    "T09": Message("核实", "金额与单位类型相称，没有把元填成万元", "填的是 {quoted}，超出{type}一般的 {limit}", "{meant}", "请核对计量单位和位数；确实如此的，请写明。", "主管部门审核经验"),
    "A90": Message("提示", "勾稽不符时：像是两位数字颠倒", "填的是 {quoted}，像是两位数字颠倒", "改为 {read}，“{relation}”就相符", "请看一看这一格。", "主管部门审核经验"),
    "A91": Message("提示", "勾稽不符时：像是多打、少打了一位，或者一个数拆在相邻两格", "填的是 {quoted}，{how}", "这样“{relation}”就相符", "请看一看这一格。", "主管部门审核经验"),
    "A92": Message("提示", "勾稽不符时：像是填错了行列", "填的是 {quoted}，{how}", "这样“{relation}”就相符", "请看一看这几格。", "主管部门审核经验"),
    "S01": Message("核实", "文字没有超过规定字数", "写了 {count} 字", "一般不超过 {limit} 字", "请精简；确需多写的，请写明。"),
    "S02": Message("核实", "应写的各部分文字都写了", "没有写", "应有文字", "请补写：{guidance}"),
    "S03": Message("提示", "封面的联系方式和填报人已填写", "没有填：{cells}", "", "请补填，报告中要用到。"),
    "H01": Message("错误", "应报的单位都已审定并汇总", "“{unit}”没有汇总：{why}", "", "请催报、退回或者审定；确实不用报的，请改名册。", "汇总的要求"),
    "H02": Message("错误", "汇总的单位都在名册上，每个单位只汇总一次", "“{unit}”{fact}", "", "请核对名册和汇总的单位。", "汇总的要求"),
    "H03": Message("错误", "每个汇总数等于各单位之和加调整", "汇总数是 {left}，各单位之和加调整是 {right}", "两者应当相等", "请重新汇总；要改汇总数的，写一条调整并注明理由。", "汇总的要求"),
    "H04": Message("错误", "每条调整都写明理由和调整人", "调整 {amount} 没有写{missing}", "", "请补写。", "汇总的要求"),
    "H05": Message("错误", "汇总的单位各格都已填写", "“{unit}”有 {count} 格没有填：{cells}", "没有当作 0，汇总数不全", "请退回该单位补填。", "汇总的要求"),
    "H06": Message("核实", "汇总的单位可以空着的表也已填写", "“{unit}”有 {count} 格没有填：{cells}", "没有当作 0，汇总数不全", "请问该单位是多少；确实没有的，应填 0。", "汇总的要求"),
    "H07": Message("核实", "各单位承接上年的数之和，等于各单位上年数之和（按名册变动对应）", "各单位“{now}”之和是 {left}，上年“{before}”之和是 {right}，相差 {gap}{units}", "", "请核对这些单位；因新增、合并、撤销、更名造成的，请写明。", "汇总的要求"),
    "H08": Message("核实", "审定之后没有再交新的", "“{unit}”审定之后又交了第 {round} 次，还没有审定", "", "现在汇总的是已审定的第 {accepted} 次；请审定新的一次，或不予采用。", "汇总的要求"),
    "H09": Message("提示", "没有一个单位占汇总数的一半以上", "“{unit}”占汇总数一半以上的有：{cells}", "", "请看一看有没有填错位数或者单位，没有的不用处理。", "汇总的要求"),
    "H10": Message("提示", "同类单位多数有数的表，不全是 0", "“{unit}”的{cells}全是 0，其他{peers}多数不是", "", "请看一看有没有漏报，没有的不用处理。", "汇总的要求"),
    "H11": Message("提示", "各单位都有上年数据可以对照", "{count} 个单位没有上年数据：{cells}", "", "汇总数没有与上年对照；请补上这些单位的上年数据。", "汇总的要求"),
    "P01": Message("提示", "跨年核对需要上年数据", "没有{missing}，{count} 项核对未能进行：{codes}", "", "请用 --prior 指定上年的工作簿或数据，或在下发时带上上年数据。"),
}  # fmt: skip


def sentence(code: str, facts: Mapping[str, str]) -> str:
    """Fact, expectation and what to do of a built-in code, filled in."""
    message = MESSAGES[code]
    said = [part.format_map(facts) for part in (message.fact, message.expected)]
    joined = "，".join(part for part in said if part).rstrip("。")
    return f"{joined}。{message.action.format_map(facts)}"

"""Open findings as a list of corrections: numbered, errors first, what is wrong apart from what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from xltool.check.finding import Finding
from xltool.form import Form, Level
from xltool.messages import MESSAGES

_DEFAULT = {Level.ERROR: "请改正。", Level.VERIFY: "请核对；确实如此的，请写明原因。"}
_PUT_RIGHT = {
    "W07": "退回的工作簿里公式已经恢复。结果不对的，请改各分项的数。",
    "W09": "退回的工作簿里已经恢复，不用再改。上年数据有误的，请与主管部门联系。",
    "W10": "退回的工作簿里文字已经恢复。请核对这一处的数没有填错行列。",
}
"""Where a workbook drawn anew already undoes what was done to the old one, there is something else to do."""


@dataclass(frozen=True)
class Correction:
    """One line: ``number`` counts from 1 through the whole list."""

    number: int
    finding: Finding
    problem: str
    action: str

    @property
    def is_error(self) -> bool:
        return self.finding.level is Level.ERROR


def corrections(form: Form, findings: Iterable[Finding]) -> tuple[Correction, ...]:
    """The open ones among ``findings``; within a level they keep their order."""
    due = sorted((finding for finding in findings if finding.is_open), key=lambda f: f.level is not Level.ERROR)
    return tuple(Correction(number, finding, *_told(form, finding)) for number, finding in enumerate(due, start=1))


def counted(corrections: Iterable[Correction]) -> tuple[int, int]:
    """How many are 错误, how many 核实."""
    errors = [correction.is_error for correction in corrections]
    return errors.count(True), errors.count(False)


def _told(form: Form, finding: Finding) -> tuple[str, str]:
    action = _action(form, finding)
    # Behind what to do may stand where to explain; lists say that in a way of their own.
    problem = finding.said.rpartition(action)[0] if action else finding.said
    return problem or finding.said, _PUT_RIGHT.get(finding.code, action or _DEFAULT[finding.level])


def _action(form: Form, finding: Finding) -> str:
    """What to do, as it stands at the end of the finding's sentence."""
    if finding.code in MESSAGES:
        return MESSAGES[finding.code].action.format_map(defaultdict(str, finding.facts))
    return next((check.action for check in form.checks if check.key == finding.key), "")

"""The sheets that every workbook has besides those of the form's sections."""

from __future__ import annotations

CORRECTIONS = "退回修改清单"
"""The first sheet of a marked copy; nothing is read back from it."""
TO_CONFIRM = "待核对清单"
"""The same of a workbook that was filled from another document."""
COVER = "封面"
CHECKS = "校验"
PRIOR = "上年数据"
IDENTITY = "标识"
LEDGER = "计算"
OWN_SHEETS = (CORRECTIONS, TO_CONFIRM, COVER, CHECKS, PRIOR, IDENTITY, LEDGER)

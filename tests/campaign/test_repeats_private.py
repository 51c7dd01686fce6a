"""Personal numbers are nowhere shown whole: not on the page about repetition, not in what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, HEALTH, book, campaign_in, filing, take_files
from tests.test_cli import Xltool, xltool
from xltool.narrative.wording_private import masked

__all__ = ["xltool"]

IDENTITY, MOBILE, CARD = "11010519491231002X", "13812345678", "6222021234567890123"
TOLD = f"群众代表赵某（身份证号{IDENTITY}，手机138 1234 5678）参加了每月一次的政务公开开放日并当场提出意见三十余条。"


def test_pages_show_no_number_whole(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page, the data and the question asked quote the repeated text with the numbers starred."""
    campaign = campaign_in(tmp_path / "2024", (EDUCATION, HEALTH))
    files = {f"{n}.xlsx": book(filing(unit, text=TOLD)) for n, unit in enumerate((EDUCATION, HEALTH))}
    take_files(campaign, tmp_path / "in", files)
    monkeypatch.chdir(campaign.folder)
    said = xltool("repeats", "--html", "雷同.html", "--json")
    asked = xltool("history", EDUCATION)
    assert "〔S21" in asked.out
    for text in (Path("雷同.html").read_text(encoding="utf-8"), said.out, asked.out):
        assert IDENTITY not in text
        assert "1234 5678" not in text
        assert "110*****" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"号{IDENTITY}。", "号110*************2X。"),
        (f"手机{MOBILE}", "手机138******78"),
        ("手机138 1234 5678", "手机138 **** **78"),
        ("全年收到申请12件，金额1234567890123456元", "全年收到申请12件，金额1234567890123456元"),
    ],
)
def test_a_number_is_starred_in_place(text: str, shown: str) -> None:
    """As long as before; numbers that are nobody's stay."""
    assert masked(text) == shown

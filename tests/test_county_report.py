"""xltool report --county: the government's report is never mistaken for that of a unit, and says what to look at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, HEALTH, OFFICE, YEAR, campaign_in, filing, good, roster_of, take_files
from tests.test_cli import Xltool, xltool
from xltool.campaign.deciding import accept
from xltool.campaign.home import Campaign
from xltool.campaign.lastyear import last_year
from xltool.filing import Unit, to_json

__all__ = ["xltool"]

COUNCIL = "宁安县人民政府"
ASKED = "全年开展政府信息公开工作考核、社会评议各1次，没有需要追究责任的情形。"


@pytest.fixture
def summed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, xltool: Xltool) -> Campaign:  # noqa: ARG001 - chdirs first
    """The office itself and two others, all accepted."""
    units = (OFFICE, EDUCATION, HEALTH)
    made = campaign_in(tmp_path / "2024", units)
    take_files(made, tmp_path / "in", {f"{n}.xlsx": good(unit, n) for n, unit in enumerate(units, start=1)})
    accept(made, units)
    monkeypatch.chdir(made.folder)
    return made


def texts_of(campaign: Campaign, unit: str, **changed: str) -> str:
    """The file with a government's texts, under the name of ``unit``; ``changed``: by part of section one."""
    said = filing(unit)
    texts = {**said.texts, "s1.supervision": ASKED, "cover.date": "2025年3月20日"}
    texts |= {f"s1.{part}": text for part, text in changed.items()}
    data = to_json(replace(said, unit=Unit(unit, None, "县级政府"), texts=texts))
    (campaign.folder / "文字.json").write_text(data, encoding="utf-8")
    return "文字.json"


def test_a_units_own_filing_does_not_sign_the_sum(xltool: Xltool, summed: Campaign) -> None:
    """The office's own workbook given for the texts: refused with the command that makes the right one."""
    said = xltool("report", "--county", "--texts", texts_of(summed, OFFICE))
    assert (said.code, said.out) == (2, "")
    assert f"--texts 的“{OFFICE}”是名册上的一个单位" in said.err
    assert f"xltool blank --unit {COUNCIL} --year {YEAR}" in said.err
    assert list((summed.folder / "报告").iterdir()) == []


def test_the_governments_report_is_beside_that_of_its_office(xltool: Xltool, summed: Campaign) -> None:
    """Both into one folder: two files; next year only the office's is taken for the office's."""
    assert xltool("report", "--all", "-o", "公布").code == 0
    assert xltool("report", "--county", "--texts", texts_of(summed, COUNCIL), "-o", "公布").code == 0
    names = {path.name.partition("2024年")[0] for path in Path("公布").glob("*.docx")}
    assert names == {OFFICE, COUNCIL, EDUCATION, HEALTH}
    for path in Path("公布").glob("*.docx"):
        if not path.name.startswith(f"{COUNCIL}2024"):
            path.unlink()
    found = last_year(Path("公布"), summed.form, YEAR + 1, roster_of((OFFICE, EDUCATION, HEALTH)))
    assert found.filings == {}
    assert any("要确认后才采用" in doubt for doubt in found.doubts)


def test_a_government_on_the_roster_is_told(xltool: Xltool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the roster lists the government as a unit of its own, the report says that the two share a name."""
    made = campaign_in(tmp_path / "2024", (COUNCIL, EDUCATION))
    take_files(made, tmp_path / "in", {"1.xlsx": good(COUNCIL, 1), "2.xlsx": good(EDUCATION, 2)})
    accept(made, (COUNCIL, EDUCATION))
    monkeypatch.chdir(made.folder)
    said = xltool("report", "--county", "--texts", texts_of(made, COUNCIL))
    assert said.code == 0
    assert "与它自己的报告同名，请分开放" in said.out


def test_what_is_to_be_looked_at_is_listed(xltool: Xltool, summed: Campaign) -> None:
    """What is asked about the government's texts: the finding itself, since no other command shows it."""
    told = "办结的申请逐件归档，群众可拨打赵某的手机13812345678查询。"
    said = xltool("report", "--county", "--texts", texts_of(summed, COUNCIL, requests=told))
    assert said.code == 0
    assert "处“核实”没有改正或说明，公布前请核对：" in said.err
    assert "〔S15" in said.err
    assert "xltool check" not in said.out + said.err

"""Opening a campaign's database: what another version, another form or damage made of it is said in a sentence."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaign.making import campaign_in
from xltool.campaign import home
from xltool.campaign.home import Campaign, open_campaign
from xltool.campaign.rows import SCHEMA_VERSION
from xltool.campaign.store import DATABASE
from xltool.errors import CampaignTrouble
from xltool.form import Form


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """The folder of a campaign."""
    made = campaign_in(tmp_path / "2024")
    made.store.close()
    return made.folder


def altered(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / DATABASE)
    with connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("version", ["0", str(SCHEMA_VERSION + 1), "9"])
def test_another_version(closed: Path, version: str) -> None:
    """A database whose rows would be misread is not opened: the two versions are named."""
    altered(closed, f"UPDATE setting SET value = '{version}' WHERE name = 'schema'")
    with pytest.raises(
        CampaignTrouble, match=f"格式是第 {version} 版，这个程序能用的是第 {SCHEMA_VERSION} 版"
    ) as trouble:
        open_campaign(closed)
    assert "请换用建它的那个版本" in trouble.value.sentence


def test_without_a_version(closed: Path) -> None:
    """So is one that does not say."""
    altered(closed, "DELETE FROM setting WHERE name = 'schema'")
    with pytest.raises(CampaignTrouble, match="格式是第 ？ 版"):
        open_campaign(closed)


@pytest.mark.parametrize("name", ["form", "year", "office", "hand_in", "publish"])
def test_a_setting_that_is_missing(closed: Path, name: str) -> None:
    """Which one, and what to do."""
    altered(closed, f"DELETE FROM setting WHERE name = '{name}'")
    with pytest.raises(CampaignTrouble, match=f"缺少“{name}”。请用 xltool campaign backup 的备份恢复"):
        open_campaign(closed)


@pytest.mark.parametrize(("name", "value"), [("year", "明年"), ("hand_in", "1月31日"), ("publish", "")])
def test_a_setting_that_says_nothing(closed: Path, name: str, value: str) -> None:
    """A year or a day that is none."""
    altered(closed, f"UPDATE setting SET value = '{value}' WHERE name = '{name}'")
    with pytest.raises(CampaignTrouble, match="写得不对"):
        open_campaign(closed)


def test_a_form_that_is_not_installed(closed: Path) -> None:
    """Its name is said."""
    altered(closed, "UPDATE setting SET value = 'other-form' WHERE name = 'form'")
    with pytest.raises(CampaignTrouble, match="“other-form”没有安装"):
        open_campaign(closed)


def test_figures_that_are_others(closed: Path, form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form with one figure less than the database has: it is named, before anything is read into wrong places."""
    last = form.inputs[-1]
    fewer = replace(form, figures={id: figure for id, figure in form.figures.items() if id != last.id})
    monkeypatch.setattr(home, "form_by_id", lambda _: fewer)
    with pytest.raises(CampaignTrouble, match=f"指标有改动（{last.id}）") as trouble:
        open_campaign(closed)
    assert "请换回建任务时的表式" in trouble.value.sentence


def test_nothing_is_wrong(closed: Path) -> None:
    """What was made by this version opens."""
    opened: Campaign = open_campaign(closed)
    assert opened.year == 2024

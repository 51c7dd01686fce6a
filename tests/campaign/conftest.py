"""What most tests of a campaign begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign.making import campaign_in
from xltool.campaign import taking
from xltool.campaign.home import Campaign


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    return campaign_in(tmp_path / "2024")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "收件"


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is recorded alone."""
    monkeypatch.setattr(taking, "_TOGETHER", 1)

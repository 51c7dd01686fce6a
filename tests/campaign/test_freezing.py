"""A freeze is one moment: nothing changes while it is worked out, and it bears the time that the log has."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.campaign.making import EDUCATION, FINANCE, campaign_in, good, take_files
from xltool.campaign import deciding
from xltool.campaign.deciding import accept, freeze, reject
from xltool.campaign.home import Campaign, open_campaign
from xltool.filing import Filing, to_json


@pytest.fixture
def accepted(tmp_path: Path) -> Campaign:
    made = campaign_in(tmp_path / "2024", (EDUCATION, FINANCE))
    take_files(made, tmp_path / "in", {"a": good(EDUCATION, 1), "b": good(FINANCE, 2)})
    accept(made, [EDUCATION, FINANCE])
    return made


def test_the_time_of_the_log(accepted: Campaign) -> None:
    """One stamp: what the command says is what the log says."""
    frozen = freeze(accepted)
    assert frozen.at == accepted.store.decisions()[-1].at


def test_nobody_decides_meanwhile(accepted: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's decision, made while figures are read, waits until the freeze stands in the log."""
    others: list[threading.Thread] = []

    def decide() -> None:
        other = open_campaign(accepted.folder)
        reject(other, FINANCE, "另有更正")
        other.store.close()

    def slowly(filing: Filing) -> str:
        if not others:
            others.append(threading.Thread(target=decide))
            others[0].start()
            others[0].join(0.5)
        return to_json(filing)

    monkeypatch.setattr(deciding, "to_json", slowly)
    freeze(accepted)
    others[0].join(10)
    assert [decision.action for decision in accepted.store.decisions()][-2:] == ["定版", "不予采用"]

"""The campaign that a command works on."""

from __future__ import annotations

from pathlib import Path

from xltool.campaign.home import Campaign, find_campaign


def this_campaign() -> Campaign:
    """The campaign the current folder lies in; CampaignTrouble where it lies in none."""
    return find_campaign(Path.cwd())

"""The campaign that a command works on."""

from __future__ import annotations

import os
from pathlib import Path

from xltool.campaign.home import Campaign, find_campaign


def this_campaign() -> Campaign:
    """The campaign the current folder lies in; CampaignTrouble where it lies in none."""
    return find_campaign(Path.cwd())


def shown(path: Path) -> str:
    """``path`` as it is shorter: whole, or from the current folder."""
    try:
        from_here = os.path.relpath(path)
    except ValueError:  # on another drive
        return str(path)
    return min(str(path), from_here, key=len)

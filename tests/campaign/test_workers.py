"""Worker processes: their end is the program's to tell, whenever it comes."""

from __future__ import annotations

import os
from concurrent.futures.process import BrokenProcessPool

import pytest

from xltool.campaign.workers import pool_of, result_of, submitted
from xltool.errors import CampaignTrouble


def test_a_worker_that_died_before_it_gets_more_to_do() -> None:
    """What a worker was killed over is told in a sentence, and so is what nobody is there to do any more."""
    with pool_of(1) as pool:
        first = submitted(pool, os._exit, 1)
        with pytest.raises(BrokenProcessPool):
            first.result()
        with pytest.raises(CampaignTrouble, match="进程意外中断了"):
            result_of(first)
        with pytest.raises(CampaignTrouble, match="进程意外中断了"):
            submitted(pool, os._exit, 1)

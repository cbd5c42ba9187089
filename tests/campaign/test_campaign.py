"""A short campaign, and how it counts."""

import random
from pathlib import Path

import pytest

from tests.campaign.campaign import MOST_LOST, run, summary, tell

KILLS = 6


@pytest.mark.alone
def test_whatever_is_killed_ends_in_one_whole_video_and_a_kill_loses_two_seconds_at_most(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    verdicts = run(KILLS, seed, tmp_path, side_by_side=2)
    tell(verdicts)
    assert [verdict.wrong for verdict in verdicts if verdict.wrong] == []
    found = summary(verdicts, seed)
    assert found["kills"] >= KILLS
    assert found["greatest_loss_frames"] <= MOST_LOST
